"""Single cells as text and as JSON."""

from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from servery.errors import quoted
from servery.inputs import LARGEST_EXACT

#: The code of a cell that is hidden behind another one.
MERGED = "merged-cell"
#: What spreadsheets save a cell as whose formula failed, where the file has texts alone; in
#: English, German, French, Spanish and Italian.
ERROR_TEXTS = frozenset(
    [
        *("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"),
        *("#NV", "#BEZUG!", "#WERT!", "#ZAHL!", "#VALEUR!", "#NOM?", "#NOMBRE!", "#VALORE!"),
        *("#NOME?", "#RIF!", "#¡REF!", "#¡VALOR!", "#¡DIV/0!", "#¡NUM!", "#¿NOMBRE?", "#NOMBRE?"),
    ]
)


@dataclass(frozen=True, slots=True)
class FaultyCell:
    """A cell of a spreadsheet that shows something and has no value.

    Attributes
    ----------
    text
        What it shows, which results pass through.
    code, detail
        Why it does not fit any input.
    """

    text: str
    code: str
    detail: str

    def __str__(self) -> str:
        """Return what it shows."""
        return self.text


def error_cell(text: str) -> FaultyCell:
    """Return a cell whose formula failed, such as ``#N/A``."""
    detail = f"Expected a value, found the spreadsheet error {text}. Correct its formula."
    return FaultyCell(text, "error-cell", detail)


def uncalculated_cell() -> FaultyCell:
    """Return a cell with a formula and no result, as programs other than spreadsheets write it."""
    return FaultyCell(
        "",
        "not-calculated",
        "Expected a value, found a formula that was never calculated. Open the workbook with a "
        "spreadsheet program and save it.",
    )


def valueless_cell(text: str) -> FaultyCell:
    """Return a cell that is marked as a number, a day or a truth, and holds none."""
    return FaultyCell(
        text,
        "no-value",
        f"Expected a value, found a cell that shows {quoted(text)} and holds no value. Enter the "
        "value again.",
    )


def merged_cell(first: str) -> FaultyCell:
    """Return a cell that is hidden behind the one which it is merged with."""
    return FaultyCell(
        "",
        MERGED,
        f"Expected a value, found a cell that is merged with {first}. Unmerge the cells and give "
        "each one its value.",
    )


def number_cell(number: float) -> float:
    """Return a number of a file that has doubles only: an exact whole one as a whole number."""
    is_whole = number.is_integer() and abs(number) <= LARGEST_EXACT
    return int(number) if is_whole else number


def plain_text(value: object) -> str:
    """Return a cell of any type as text."""
    if type(value) is str:
        return value
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (dict, list)):
        return json_bytes(value).decode()
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    if isinstance(value, tuple):
        return "; ".join(map(_listed, value))
    return str(value)


#: Decimals keep their digits; what JSON has no type for, such as moments of pandas, is a text.
json_bytes = msgspec.json.Encoder(enc_hook=plain_text, decimal_format="number").encode


def _listed(value: object) -> str:
    """Return one of several values, in quotes where it could be taken for more than one."""
    text = plain_text(value)
    is_plain = text and text == text.strip() and not {";", '"'} & set(text)
    return text if is_plain else '"{}"'.format(text.replace('"', '""'))


def spelled(cell: float) -> str:
    """Return a number, or true or false, as a spreadsheet shows it."""
    if isinstance(cell, bool):
        return str(cell).lower()
    return repr(cell).removesuffix(".0")

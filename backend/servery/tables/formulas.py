"""Cells that a spreadsheet would take for a formula, and run."""

import re

from servery.inputs.number import DECIMAL_COMMA, NUMBER

#: A formula begins with one of these, of full width too, or with white space before it.
STARTS = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
_ASCII = str.maketrans("\uff1d\uff0b\uff0d\uff20", "=+-@")
_OPERAND = r"""\(*\s*(?:\$?[A-Z]{1,3}\$?\d+|\d[\d.,]*%?|"[^"]*")\s*\)*"""
#: What follows a leading plus, minus or at sign in a formula that computes, calls or refers to
#: something. Words alone do not: "- none", "+49 30 123", "@home".
_RUN = re.compile(
    rf"""
      {_OPERAND}(?:\s*[-+*/^&=<>:]\s*[-+]*{_OPERAND})+\Z   # 2+3, A1*B2
    | [-+]*\$?[A-Z]{{1,3}}\$?\d+\Z                            # A1
    | .*[A-Z_.][\w.]*\(                                     # SUM(…
    | (?:.*[-+*/^&=<>,:(@])?\s*[A-Z_.][\w.]*\s+\(           # SUM (…
    | .*\|.*!                                               # program|'argument'!A0
    | .*['\]\w]!\$?[A-Z]                                    # Sheet1!A1
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


def is_formula(cell: object) -> bool:
    """Return whether a cell is a text that a spreadsheet would run when it opens a CSV file.

    Anything after an equals sign is. After a plus, minus or at sign it is what computes, calls or
    refers to something: other texts, such as ``- none``, are shown as they are or as a wrong name.

    References
    ----------
    OWASP, "CSV Injection".
    """
    if type(cell) is not str or not cell or cell[0] not in STARTS:
        return False
    bare = cell.strip().translate(_ASCII)
    if bare[:1] == "=":
        return bool(bare.strip("= "))
    if bare[:1] not in ("+", "-", "@") or _is_number(bare):
        return False
    return _RUN.match(bare.lstrip("+-@ \t")) is not None


def _is_number(text: str) -> bool:
    return bool(NUMBER.fullmatch(text) or DECIMAL_COMMA.fullmatch(text))


def meant(cell: str) -> str:
    """Undo `neutral`, so that a result can be corrected and read again."""
    return cell[1:] if cell[:1] == "'" and is_formula(cell[1:]) else cell


def unchanged(cell: str) -> str:
    """Return a text as it is: for results that no spreadsheet opens."""
    return cell


def neutral(cell: str) -> str:
    """Return a text that a spreadsheet shows as it is: an apostrophe goes before a formula."""
    return f"'{cell}" if is_formula(cell) else cell

"""What in the first rows of a table can be meant in two ways, and is asked instead of guessed."""

from collections.abc import Collection, Sequence

import msgspec

from servery.batch.parsing.matching import Matching
from servery.errors import AmbiguousTable, Choice, Part, named
from servery.inputs import Refusal
from servery.inputs.boolean import PLAIN_WORDS
from servery.inputs.numerals import settled
from servery.signature import Signature
from servery.signature.parsing import parse_value
from servery.tables.blocks import ColumnBlock, RawColumn, Table, fold
from servery.tables.reading import Reading
from servery.tables.registry import FORMATS

#: The line of a header, where it is the first one.
HEADER_LINE = 1
#: Letters that the name of a column hardly has.
LONGEST_COLUMN = 60


def readings_of(
    name: str,
    signature: Signature,
    matching: Matching,
    reading: Reading,
    sample: ColumnBlock,
    delimiter: str | None,
) -> dict[str, Reading]:
    """Return how the column of each input is read: as was said, and as its first rows are written.

    Raises
    ------
    AmbiguousTable
        Shows a text that can be read in two ways.
    """
    return {
        item.name: number_reading(
            name, ("the input ", named(item.name)), sample.columns[place], reading, delimiter
        )
        for item, place in zip(signature.inputs, matching.places, strict=True)
        if place is not None and item.ambiguous_in == "decimal"
    }


def number_reading(
    name: str,
    column: Sequence[str | Part],
    first: RawColumn,
    reading: Reading,
    delimiter: str | None,
) -> Reading:
    """Return how a column of numbers is read, by the options and by its first cells.

    Parameters
    ----------
    column
        What messages call it, as parts of a sentence.

    Raises
    ------
    AmbiguousTable
        Shows a text that can be read in two ways.
    """
    decimal, thousands = settled(
        [cell.strip() for cell in first.values if type(cell) is str and cell],
        reading.decimal,
        reading.thousands,
        table=name,
        column=column,
        is_point_decimal=delimiter == ",",
    )
    return msgspec.structs.replace(reading, decimal=decimal, thousands=thousands)


def refuse_values_as_header(
    name: str, signature: Signature, table: Table, reading: Reading, given: Collection[str]
) -> None:
    """Ask whether the first row of a text file is a header, if it reads as values of inputs.

    Parameters
    ----------
    given
        Columns that somebody matched to inputs.

    Raises
    ------
    AmbiguousTable
        It does.
    """
    header = [column for column in table.layout.header if column.strip()]
    inputs = set(map(fold, signature.names))
    format_ = FORMATS.get(table.layout.format)  # none of a query
    is_open = format_ is not None and "header" in format_.options and reading.header is None
    if not is_open or any(fold(column) in inputs for column in header):
        return
    values = [column for column in header if _is_value(column, signature, reading)]
    if values and (2 * len(values) >= len(header) or not set(values).isdisjoint(given)):
        raise AmbiguousTable(
            f"The first row of {name} reads as values, such as {values[0]!r}: it may be a row of "
            "the table, which has no header then.",
            Choice("header", ("none", str(HEADER_LINE))),
        )


def _is_value(text: str, signature: Signature, reading: Reading) -> bool:
    """Return whether a text could be a value of some input, and hardly the name of a column."""
    for item in signature.inputs:
        if item.is_free_text:
            if len(text) > LONGEST_COLUMN or text.endswith((".", "?", "!")):
                return True
        elif item.json_type == "boolean":  # many a column is called 'n' or 't'
            if text.strip().lower() in PLAIN_WORDS:
                return True
        elif item.json_type in ("string", "any") and item.known_values():
            if item.knows(text):
                return True
        else:
            try:
                parse_value(item, {item.name: item.from_text(reading)(text)})
            except Refusal:
                continue
            except AmbiguousTable:  # it is a number, though not clear which one
                return True
            return True
    return False

"""Which character divides the cells of a CSV file, by its first rows."""

import io
from collections.abc import Collection, Sequence
from typing import NamedTuple

from servery.errors import AmbiguousTable, Choice
from servery.tables.blocks import fold
from servery.tables.delimited.cutting import csv_reader
from servery.tables.reading import Quote

DELIMITERS = (",", ";", "\t", "|")


class Division(NamedTuple):
    """What the first rows are if some character divides their cells.

    Attributes
    ----------
    named
        How many cells of the header are names of inputs.
    is_even
        Whether all rows have as many cells, and more than one.
    """

    delimiter: str
    named: int
    width: int
    is_even: bool


def delimiter_of(
    name: str,
    sample: str,
    known: Sequence[str],
    quote: Quote | None = None,
    comment: str | None = None,
) -> str:
    """Return the delimiter by which the first rows are all of one width.

    Where that leaves several, it is the one whose header names most of the ``known`` inputs.
    """
    lines = [line for line in io.StringIO(sample, newline="") if line.strip("\r\n")]
    first = lines[: max(1, min(len(lines) - 1, 100))]
    inputs = {fold(each) for each in known}
    found = [_division(first, delimiter, inputs, quote, comment) for delimiter in DELIMITERS]
    most = max(each.named for each in found)
    likely = [
        each for each in found if each.named == most and (each.is_even or (most and each.width > 1))
    ]
    if len(likely) == 1:
        return likely[0].delimiter
    if not likely:  # one column, or rows of many widths
        widest = max(found, key=lambda each: each.width)
        return widest.delimiter if widest.width > 1 and not most else ","
    likely.sort(key=lambda each: -each.width)
    raise AmbiguousTable(
        f"The cells of {name} may be divided by more than one character.",
        Choice("delimiter", tuple(each.delimiter for each in likely)),
    )


def _division(
    lines: Sequence[str],
    delimiter: str,
    inputs: Collection[str],
    quote: Quote | None,
    comment: str | None,
) -> Division:
    rows = [row for row in csv_reader(lines, delimiter, quote, comment=comment) if row]
    header = rows[0]
    is_even = len(header) > 1 and all(len(row) == len(header) for row in rows)
    return Division(delimiter, sum(fold(cell) in inputs for cell in header), len(header), is_even)

"""Where the header of a table is, if other lines stand above it."""

import io
from collections.abc import Collection, Iterator, Sequence

from servery.errors import AmbiguousTable, Choice
from servery.tables.blocks import fold
from servery.tables.delimited.cutting import csv_reader
from servery.tables.delimited.delimiters import DELIMITERS
from servery.tables.titles import header_below, title_question

#: Lines that are looked through for a header.
MOST_LINES = 50
#: What lines begin with that are comments.
COMMENTS = ("#", "%", "//", "--", "!")


def refuse_title(
    name: str, line: int, sample: str, delimiters: Sequence[str], known: Collection[str]
) -> None:
    """Ask about lines above one that has names of inputs, if the first has none.

    Parameters
    ----------
    line
        The number of the first line of the sample.

    Raises
    ------
    AmbiguousTable
        Shows both lines.
    """
    inputs = set(map(fold, known)) - {""}
    lines = sample.split("\n", MOST_LINES)[:MOST_LINES]
    names = [max(_named(each, delimiters or DELIMITERS, inputs)) for each in lines]
    place = header_below(names)
    if place is None:
        return
    above = [each for each in lines[:place] if each.strip(" \t\r")]
    prefix = next((each for each in COMMENTS if above[0].startswith(each)), None)
    if prefix and all(each.startswith(prefix) for each in above):
        raise AmbiguousTable(
            f"{name} has the names of inputs in line {line + place}, below lines that begin with "
            f"{prefix!r}: these may be comments.",
            Choice("comment", (prefix,)),
        )
    raise title_question(name, "line", line + place, line)


def _named(line: str, delimiters: Sequence[str], inputs: Collection[str]) -> Iterator[int]:
    """Yield how many cells of a line are names of inputs, for each way to divide it."""
    for delimiter in delimiters:
        cells: list[str] = next(iter(csv_reader(io.StringIO(line, newline=""), delimiter)), [])
        yield sum(fold(cell) in inputs for cell in cells)

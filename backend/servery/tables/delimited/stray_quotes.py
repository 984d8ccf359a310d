"""Quotation marks that may be a part of the text, where they hold several lines together.

A cell may have line ends. But where its lines read as rows of the table, or where text follows
the mark that ends it, the marks may be stray ones, as in ``5" pipe``, and what was read as one cell
may be many rows. Which of the two it is, is asked.
"""

import csv
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from servery.errors import AmbiguousTable, Choice
from servery.tables.delimited.cutting import csv_reader


def refuse_stray_in_header(name: str, line: int, pieces: Sequence[str], delimiter: str) -> None:
    """Ask about a header whose lines each have as many cells.

    Raises
    ------
    AmbiguousTable
        They have.
    """
    counts = {piece.count(delimiter) for piece in pieces}
    if len(pieces) > 1 and len(counts) == 1 and counts != {0}:
        raise stray(name, line, line + len(pieces) - 1)


def refuse_stray(name: str, line: int, pieces: Sequence[str], delimiter: str, width: int) -> None:
    """Ask about a row that has several lines, if these may be rows.

    Parameters
    ----------
    pieces
        The lines, as they are written.
    width
        How many cells a row of the table has.

    Raises
    ------
    AmbiguousTable
        They may.
    """
    alike = sum(piece.count(delimiter) == width - 1 for piece in pieces)
    if (width > 1 and 2 * alike > len(pieces)) or not _is_well_quoted(pieces, delimiter):
        raise stray(name, line, line + len(pieces) - 1)


def first_stray(
    is_delimiter: NDArray[np.bool_], ends: NDArray[np.intp], starts: NDArray[np.intp], width: int
) -> tuple[int, int] | None:
    """Return the first and the last line of the first row whose lines may be rows.

    Parameters
    ----------
    is_delimiter
        For each byte of a text.
    ends
        Where each line ends; the first one ends before the text begins.
    starts
        Of ``ends``, the places at which a row ends.
    """
    counts = np.add.reduceat(is_delimiter, ends[:-1], dtype=np.intp)
    alike = np.add.reduceat(counts == width - 1, starts[:-1], dtype=np.intp)
    lines = np.diff(starts)
    found = np.flatnonzero((lines > 1) & (2 * alike > lines))
    if not len(found):
        return None
    return int(starts[found[0]]), int(starts[found[0] + 1]) - 1


def stray(name: str, first: int, last: int) -> AmbiguousTable:
    """Return what to raise for lines that are one row, or each a row of its own."""
    return AmbiguousTable(
        f"The quotation marks in lines {first} and {last} of {name} hold these lines together as "
        "one row, but they may be rows of their own: the marks may be a part of the text.",
        Choice("quote", ("none", '"')),
    )


def _is_well_quoted(pieces: Sequence[str], delimiter: str) -> bool:
    """Return whether each cell that begins with a quotation mark ends with one."""
    try:
        list(csv_reader(pieces, delimiter, strict=True))
    except csv.Error:
        return False
    return True

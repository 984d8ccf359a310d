"""Titles above a table: detects that the names of its columns are further down, and asks."""

from collections.abc import Sequence

from servery.errors import AmbiguousTable, Choice


def header_below(named: Sequence[int]) -> int | None:
    """Return where the header is, if it is not the first of these lines; None if it may be.

    Parameters
    ----------
    named
        How many names of inputs each line has.
    """
    best = max(named, default=0)
    return None if not best or named[0] else named.index(best)


def title_question(table: str, line: str, header: int, first: int) -> AmbiguousTable:
    """Return what to ask about lines above those with the names of inputs.

    Parameters
    ----------
    line
        What a line is called: a line of a text, a row of a sheet.
    header, first
        The numbers of both lines.
    """
    return AmbiguousTable(
        f"{table} has the names of inputs in {line} {header} and none in {line} {first}, which may "
        "be a title.",
        Choice("header", (str(header), str(first))),
    )

"""What sheets of Excel say besides their cells, such as merged cells, and reading with it."""

import contextlib
import functools
import heapq
import itertools
from abc import ABC, abstractmethod
from collections.abc import Collection, Generator, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, NamedTuple

from servery.tables.cells import merged_cell
from servery.tables.sheets import SheetRows, hidden_rows_noted

#: More merged cells than any sheet that people made.
MOST_MERGES = 100_000


class Merge(NamedTuple):
    """Cells that are one; rows count from 1, and columns from 0."""

    name: str
    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """Merged cells, in the order of their rows, and the number of hidden rows."""

    merges: Sequence[Merge] = ()
    hidden_rows: int = 0


def refuse_endless(merges: Sequence[Merge]) -> None:
    """Refuse more merged cells than are ever read.

    Raises
    ------
    ValueError
        There are more.
    """
    if len(merges) > MOST_MERGES:
        raise ValueError("merged cells")


def in_order(merges: Iterable[Merge], most_columns: int) -> Sequence[Merge]:
    """Return merged cells in the order of their rows.

    Raises
    ------
    ValueError
        A row has more of them than columns: they overlap.
    """
    ordered = sorted(merges, key=lambda merge: merge.top)
    refuse_endless(ordered)
    _refuse_piles(ordered, most_columns)
    return ordered


def _refuse_piles(merges: Sequence[Merge], most_columns: int) -> None:
    """Refuse merged cells that overlap: each row would be filled once for each of them.

    Raises
    ------
    ValueError
        A row has more than its columns.
    """
    open_: list[tuple[int, int]] = []  # the last row of each, and how many columns it has
    width = 0
    for merge in merges:
        while open_ and open_[0][0] < merge.top:
            width -= heapq.heappop(open_)[1]
        columns = merge.right + 1 - merge.left
        heapq.heappush(open_, (merge.bottom, columns))
        width += columns
        if width > most_columns:
            raise ValueError(merge.name)


def with_merged(
    rows: Iterable[tuple[int, list[Any]]], merges: Sequence[Merge]
) -> Generator[tuple[int, list[Any]]]:
    """Fill the cells that are hidden behind the one which they are merged with."""
    left, open_ = list(reversed(merges)), []
    for line, row in rows:
        while left and left[-1].top <= line:
            open_.append(left.pop())
        open_ = [merge for merge in open_ if merge.bottom >= line]
        for merge in open_:
            hidden = merged_cell(merge.name)
            row += [None] * (merge.right + 1 - len(row))
            for at in range(merge.left + (line == merge.top), merge.right + 1):
                row[at] = hidden if row[at] is None else row[at]
        yield line, row


class ExcelSheet(ABC):
    """A sheet of a workbook of Excel, in whichever format."""

    title: str
    is_hidden: bool

    @abstractmethod
    def cell_rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Go through the rows that have cells."""

    @abstractmethod
    def read_facts(self) -> SheetFacts:
        """Read what the sheet says of itself."""

    @abstractmethod
    def damage_named(self) -> AbstractContextManager[None]:
        """Turn whatever reading raises into an error."""

    @functools.cached_property
    def facts(self) -> SheetFacts:
        """What the sheet says of itself."""
        with self.damage_named():
            return self.read_facts()

    def is_filled(self) -> bool:
        """Return whether it has several cells."""
        with contextlib.closing(self.rows()) as rows:
            cells = (cell for _, row in rows for cell in row if cell is not None)
            return len(list(itertools.islice(cells, 2))) == 2

    def notes(self) -> Sequence[str]:
        """Say how many rows are hidden."""
        return hidden_rows_noted(self.facts.hidden_rows)

    def totals(self) -> Collection[int]:
        """Return the rows that hold the totals of a table, as far as the format says so."""
        return ()

    def rows(self) -> SheetRows:
        """Go through the rows that are not blank."""
        with self.damage_named():
            rows = self.cell_rows()
            filled = ((line, row) for line, row in rows if any(cell is not None for cell in row))
            yield from with_merged(filled, self.facts.merges)

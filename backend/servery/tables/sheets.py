"""Sheets: what all spreadsheet formats have in common, from the choice of a sheet to its table.

A sheet has more than a table: blank rows and columns around it, titles above it, notes beside it.
"""

import itertools
from collections.abc import Collection, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from servery.errors import AmbiguousTable, Choice, TableEmpty, TableMisread, TableUnreadable, quoted
from servery.tables.blocks import (
    SAMPLE_ROWS,
    TITLED,
    CellTraits,
    Chunk,
    ColumnBlock,
    RawColumn,
    TableFault,
    distinct_names,
    fold,
)
from servery.tables.cells import MERGED, FaultyCell
from servery.tables.reading import Reading
from servery.tables.titles import header_below, title_question

#: Rows that are looked through for a header.
MOST_LINES = 50
TRAITS = CellTraits(may_be_escaped=True, are_retyped=True)
#: The rows of a sheet that are not blank: the number that each has, and its cells from column A.
SheetRows = Generator[tuple[int, Sequence[Any]]]


class Workbook(Protocol):
    """The sheets of a file; opened by its format."""

    #: What messages call it.
    name: str

    def sheets(self) -> Sequence["Sheet"]:
        """Return its sheets of cells, in their order."""
        ...

    def close(self) -> None:
        """Close the file."""
        ...


class Sheet(Protocol):
    """A sheet of a workbook."""

    title: str
    is_hidden: bool

    def is_filled(self) -> bool:
        """Return whether it has several cells."""
        ...

    def rows(self) -> SheetRows:
        """Go through the rows that are not blank."""
        ...

    def totals(self) -> Collection[int]:
        """Return the rows that hold the totals of a table, as far as the file says so."""
        ...

    def notes(self) -> Sequence[str]:
        """Return what people would not expect of what is read; see `Table.notes`."""
        ...


@dataclass(frozen=True)
class SheetLayout:
    """Makes columns of rows of cells."""

    header: tuple[str, ...]
    format: str
    delimiter: str | None = None
    traits: CellTraits = TRAITS

    def block(self, chunk: Chunk) -> ColumnBlock:
        """Return rows as columns."""
        lines, rows, faults = chunk.payload
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(self.header)
        return ColumnBlock(
            np.array(lines, dtype=np.int64),
            [RawColumn(list(column)) for column in columns],
            faults=faults,
        )


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: Sequence[Any]
    fault: TableFault | None


class SheetTable:
    """The table of a sheet; ``line`` is the number that its row has in the sheet."""

    encoding: str | None = None
    arrow_types: Sequence[Any] | None = None
    total: int | None = None

    def __init__(
        self, format_: str, book: Workbook, reading: Reading, known: Sequence[str]
    ) -> None:
        self._name, self._book, self._chunk_rows = book.name, book, reading.limits.chunk_rows
        try:
            sheet, self.notes = _chosen(book, reading.sheet)
            self.sheet: str | None = sheet.title
            self._totals = sheet.totals()
            self._rows = sheet.rows()
            self._begin(format_, reading, known)
        except BaseException:
            book.close()
            raise

    def _begin(self, format_: str, reading: Reading, known: Sequence[str]) -> None:
        """Read the header, and the first rows."""
        first = list(itertools.islice(self._below(reading), SAMPLE_ROWS + 1))
        if not first:
            raise TableEmpty(f"{self._name} is empty; expected a table with a header row.")
        if reading.header is None:
            _refuse_title(self._name, first[:MOST_LINES], known)
        top, header = first[0]
        if reading.header != "none":
            del first[0]
        if not first:
            raise TableEmpty(f"{self._name} has a header and no rows.")
        cells = [row for _, row in first]
        if reading.header == "none":
            self._columns = _filled_columns(cells)
            names = [f"column_{number}" for number in range(1, len(self._columns) + 1)]
        else:
            self._columns = _columns(header, cells)
            names = self._names(top, header)
        self.layout = SheetLayout(distinct_names(names, known), format_)
        self._head = [self._fitted(line, cells) for line, cells in first if self._is_row(cells)]

    def _below(self, reading: Reading) -> Iterator[tuple[int, Sequence[Any]]]:
        """Go through the rows from the header on, or from the first one below those to skip."""
        passed_over = reading.passed_over
        return (row for row in self._rows if row[0] > passed_over)

    def _names(self, top: int, header: Sequence[Any]) -> list[str]:
        names = ["" if _is_blank(cell) else str(cell) for cell in _cut(header, self._columns)]
        if len(names) > 2 * sum(map(bool, names)):
            raise TableMisread(
                f"Row {top} of {self._name} names {sum(map(bool, names))} of the {len(names)} "
                f"columns below it.{TITLED}"
            )
        return names

    def sample(self) -> ColumnBlock:
        """Return the first rows."""
        return self.layout.block(_chunk(0, self._head, 0))

    def chunks(self) -> Iterator[Chunk]:
        """Read row by row, and give chunks of them."""
        held, number, done = self._head, 0, 0
        for line, cells in self._rows:
            if not self._is_row(cells):
                continue
            if len(held) >= self._chunk_rows:
                done += len(held)
                yield _chunk(number, held, done)
                held, number = [], number + 1
            held.append(self._fitted(line, cells))
        yield _chunk(number, held, done + len(held))

    def close(self) -> None:
        """Close the workbook."""
        self._rows.close()
        self._book.close()

    def _is_row(self, cells: Sequence[Any]) -> bool:
        """Return whether a row is one of the table: blanks beside it make none."""
        own = cells[self._columns.start : self._columns.stop]
        return any(cell is not None for cell in own) or not all(map(_is_blank, cells))

    def _fitted(self, line: int, cells: Sequence[Any]) -> _Row:
        """Return the cells of the table's columns, and whether there are others."""
        start, end = self._columns.start, self._columns.stop
        outside = [
            at for at, cell in enumerate(cells) if not (start <= at < end or _is_blank(cell))
        ]
        fault = None
        if line in self._totals:
            fault = TableFault(
                "total-row", "Expected a row of values, found the totals of a table."
            )
        elif outside:
            fault = TableFault(
                "outside-table",
                f"Expected cells in columns {column_letters(start)} to {column_letters(end - 1)}, "
                f"found {quoted(str(cells[outside[0]]))} in column {column_letters(outside[0])}.",
            )
        return _Row(line, _cut(cells, self._columns), fault)


def column_letters(at: int) -> str:
    """Return what a spreadsheet calls a column, whose place counts from 0."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def hidden_rows_noted(count: int) -> list[str]:
    """Say how many rows of a sheet are hidden; those without a value are not rows of a table."""
    if count == 1:
        return ["The sheet has a hidden row, which is read if it has values."]
    return [f"The sheet has {count:,} hidden rows; those with values are read."] if count else []


def _chosen(book: Workbook, title: str | None) -> tuple[Sheet, Sequence[str]]:
    """Return the sheet with this title, by default the only one with cells; and what to note."""
    sheets = book.sheets()
    titles = [sheet.title for sheet in sheets]
    if title is not None and title not in titles:
        raise TableUnreadable(
            f"{book.name} has no sheet {quoted(title)}; it has {', '.join(map(repr, titles[:20]))}."
        )
    if not sheets:
        raise TableEmpty(f"{book.name} has no sheet of cells, only charts; take one with a table.")
    if title is not None:
        sheet = sheets[titles.index(title)]
        return sheet, sheet.notes()
    filled = [sheet for sheet in sheets if sheet.is_filled()]
    shown = [sheet for sheet in filled if not sheet.is_hidden] or filled
    if len(shown) > 1:
        raise AmbiguousTable(
            f"{book.name} has {len(shown)} sheets.",
            Choice("sheet", tuple(sheet.title for sheet in shown)),
        )
    sheet = (shown or sheets)[0]
    left_out = [quoted(each.title) for each in filled if each is not sheet]
    noted = [f"Hidden sheets are not read: {', '.join(left_out)}."] if left_out else []
    return sheet, [*noted, *sheet.notes()]


def _refuse_title(
    name: str, rows: Sequence[tuple[int, Sequence[Any]]], known: Sequence[str]
) -> None:
    """Ask about rows above one that has names of inputs, if the first has none."""
    inputs = set(map(fold, known)) - {""}
    named = [sum(fold(str(cell)) in inputs for cell in cells) for _, cells in rows]
    place = header_below(named)
    if place is not None:
        raise title_question(name, "row", rows[place][0], rows[0][0])


def _columns(header: Sequence[Any], rows: Sequence[Sequence[Any]]) -> range:
    """Return the columns of a table: those with a name, and filled ones right beside them.

    A column without a name is one of the table where most rows have a value in it, as in an index;
    else there is only a note.
    """
    named = [at for at, cell in enumerate(header) if not _is_blank(cell)]
    if not named:
        return range(len(header))
    first, last = named[0], named[-1]
    widest = max(map(len, rows))

    def is_filled(at: int) -> bool:
        cells = (row[at] for row in rows if len(row) > at)
        return 2 * sum(isinstance(cell, FaultyCell) or not _is_blank(cell) for cell in cells) > len(
            rows
        )

    while first and is_filled(first - 1):
        first -= 1
    while last + 1 < widest and is_filled(last + 1):
        last += 1
    return range(first, last + 1)


def _filled_columns(rows: Sequence[Sequence[Any]]) -> range:
    """Return the columns of a table without names: from the first that is filled to the last.

    What is merged with a filled cell has no value of its own, as in a title above other columns.
    """
    filled = {at for cells in rows for at, cell in enumerate(cells) if _is_filled(cell)}
    return range(min(filled, default=0), max(filled, default=0) + 1)


def _is_filled(cell: Any) -> bool:  # noqa: ANN401 - a cell
    return cell.code != MERGED if isinstance(cell, FaultyCell) else not _is_blank(cell)


def _cut(cells: Sequence[Any], columns: range) -> tuple[Any, ...]:
    """Return the cells of some columns; a row may end before them."""
    cut = tuple(cells[columns.start : columns.stop])
    return cut + (None,) * (len(columns) - len(cut))


def _is_blank(cell: Any) -> bool:  # noqa: ANN401 - a cell
    return cell is None or (isinstance(cell, (str, FaultyCell)) and not str(cell).strip())


def _chunk(number: int, rows: Sequence[_Row], done: int) -> Chunk:
    faults = {at: row.fault for at, row in enumerate(rows) if row.fault is not None}
    payload = [row.line for row in rows], [row.cells for row in rows], faults
    return Chunk(number, rows[0].line, payload, done)

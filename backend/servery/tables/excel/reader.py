"""Excel workbooks: the rows of one sheet, read as they stream by."""

import contextlib
import itertools
import re
import zipfile
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from servery.errors import (
    AmbiguousTable,
    Choice,
    TableEmpty,
    TableRagged,
    TableTooLarge,
    TableUnreadable,
    quoted,
)
from servery.tables.blocks import (
    SAMPLE_ROWS,
    TITLED,
    CellTraits,
    Chunk,
    ColumnBlock,
    RawColumn,
    checked_header,
)
from servery.tables.reading import Reading

#: What Excel itself can hold: rows of a sheet, of which the header is one, its columns, and the
#: characters of a cell.
SHEET_ROWS, SHEET_COLUMNS, CELL_CHARACTERS = 1_048_576, 16_384, 32_767


TRAITS = CellTraits(may_be_escaped=True, are_retyped=True)


@dataclass(frozen=True)
class ExcelLayout:
    """Makes columns of rows of cells."""

    header: tuple[str, ...]
    format: str = "xlsx"
    delimiter: str | None = None
    traits: CellTraits = TRAITS

    def block(self, chunk: Chunk) -> ColumnBlock:
        """Return rows as columns."""
        lines, rows = chunk.payload
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(self.header)
        return ColumnBlock(
            np.array(lines, dtype=np.int64), [RawColumn(list(column)) for column in columns]
        )


class ExcelTable:
    """A sheet of a workbook; ``line`` is the number that its row has in the sheet."""

    encoding: str | None = None
    arrow_types: Sequence[Any] | None = None

    def __init__(self, name: str, source: Any, reading: Reading) -> None:  # noqa: ANN401 - a file
        import openpyxl

        self._name = name
        self._limits = reading.limits
        self._refuse_bombs(source, reading)
        # By its path, a workbook that is not called one would be refused.
        file = source.open("rb") if isinstance(source, Path) else source
        try:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            self._book, self._source = book, file
            filled = list(filter(_is_filled, book.worksheets))
        except Exception as error:  # it raises whatever its XML makes it raise
            file.close()
            raise TableUnreadable(f"{name} is a damaged Excel workbook.") from error
        try:
            self._begin(book, _chosen_sheet(name, book, filled, reading.sheet))
        except BaseException:
            book.close()
            file.close()
            raise

    def _begin(self, book: Any, sheet: Any) -> None:  # noqa: ANN401 - of openpyxl
        """Read the header of a sheet, and its first rows."""
        name = self._name
        self._refuse_uncalculated(book, sheet)
        sheet.reset_dimensions()
        self.sheet: str | None = str(sheet.title)
        self._rows = self._numbered(sheet)
        self._head: list[tuple[int, tuple[Any, ...]]] = []
        _, header = next(self._rows, (0, ()))
        if not header:
            raise TableEmpty(f"{name} is empty; expected a table with a header row.")
        names = checked_header(name, ["" if cell is None else str(cell) for cell in header])
        self.layout = ExcelLayout(names)
        self._width = len(names)
        self.total: int | None = None
        for _, row in zip(range(SAMPLE_ROWS), self._rows, strict=False):
            self._head.append(self._fitted(*row))
        if not self._head:
            raise TableEmpty(f"{name} has a header and no rows.")

    def sample(self) -> ColumnBlock:
        """Return the first rows."""
        return self.layout.block(Chunk(0, self._head[0][0], _payload(self._head), 0))

    def chunks(self) -> Iterator[Chunk]:
        """Read row by row, and give chunks of them."""
        held, number, done = self._head, 0, 0
        for line, row in self._rows:
            if len(held) >= self._limits.chunk_rows:
                done += len(held)
                yield Chunk(number, held[0][0], _payload(held), done)
                held, number = [], number + 1
            held.append(self._fitted(line, row))
        yield Chunk(number, held[0][0], _payload(held), done + len(held))

    def close(self) -> None:
        """Close the workbook, and the file that it was kept in."""
        self._rows.close()
        self._book.close()
        self._source.close()

    def _numbered(self, sheet: Any) -> Generator[tuple[int, tuple[Any, ...]]]:  # noqa: ANN401
        """Go through the rows that are not blank; blank cells at the end of a row are none."""
        try:
            for line, row in enumerate(sheet.iter_rows(values_only=True), 1):
                end = len(row)
                while end and row[end - 1] is None:
                    end -= 1
                if end:
                    yield line, row[:end]
                if line > SHEET_ROWS:  # no spreadsheet has them; the file says so itself
                    raise ValueError(line)
        except Exception as error:  # it raises whatever its XML makes it raise
            raise TableUnreadable(f"{self._name} is a damaged Excel workbook.") from error

    def _fitted(self, line: int, row: tuple[Any, ...]) -> tuple[int, tuple[Any, ...]]:
        if len(row) > self._width:
            raise TableRagged(
                f"Row {line} of {self._name} has a value in column {len(row)}, and the header "
                f"has {self._width}.{TITLED}"
            )
        return line, row + (None,) * (self._width - len(row))

    def _refuse_uncalculated(self, book: Any, sheet: Any) -> None:  # noqa: ANN401 - of openpyxl
        """Refuse formulas without a value: they would be read as cells that are empty."""
        try:
            with book._archive.open(sheet._worksheet_path) as xml:
                cell = _uncalculated(xml)
        except Exception as error:  # an archive raises whatever its bytes make it raise
            raise TableUnreadable(f"{self._name} is a damaged Excel workbook.") from error
        if cell is not None:
            raise TableUnreadable(
                f"The cell {cell} of {self._name} has a formula whose value was never calculated; "
                "open it with a spreadsheet and save it, or write values in place of formulas."
            )

    def _refuse_bombs(self, source: Any, reading: Reading) -> None:  # noqa: ANN401
        try:
            with zipfile.ZipFile(source) as archive:
                entries = archive.infolist()
        except (OSError, zipfile.BadZipFile, NotImplementedError, ValueError) as error:
            raise TableUnreadable(f"{self._name} is a damaged Excel workbook.") from error
        if not any(each.filename.startswith("xl/") for each in entries):
            raise TableUnreadable(
                f"{self._name} is an archive, not an Excel workbook. Unpack it, and use the table "
                "inside."
            )
        held = sum(each.file_size for each in entries if "sharedStrings" in each.filename)
        other = max((each.file_size for each in entries if "sheet" not in each.filename), default=0)
        total = sum(each.file_size for each in entries)
        limits = reading.limits
        if total > limits.unpacked_bytes or max(held, other) > limits.strings_bytes:
            raise TableTooLarge(
                f"{self._name} unpacks to {total:,} bytes, of which more have to be held at once "
                "than is taken; save it as CSV or Parquet."
            )


def _chosen_sheet(name: str, book: Any, filled: Sequence[Any], title: str | None) -> Any:  # noqa: ANN401 - of openpyxl
    """Return the sheet with this title; by default the only one with cells."""
    titles = [sheet.title for sheet in book.worksheets]
    if title is not None and title not in titles:
        raise TableUnreadable(
            f"{name} has no sheet {quoted(title)}; it has {', '.join(map(repr, titles[:20]))}."
        )
    if not titles:
        raise TableEmpty(f"{name} has no sheet of cells, only charts; take one with a table.")
    if title is None and len(filled) > 1:
        raise AmbiguousTable(
            f"{name} has {len(filled)} sheets.",
            Choice("sheet", tuple(sheet.title for sheet in filled)),
        )
    return book[title] if title else (filled or book.worksheets)[0]


def _is_filled(sheet: Any) -> bool:  # noqa: ANN401 - of openpyxl
    """Return whether a sheet has several cells.

    What it says of its own size may be wrong: one that says to have a single cell is looked at.
    """
    if (sheet.max_row or 1, sheet.max_column or 1) != (1, 1):
        return True
    sheet.reset_dimensions()
    with contextlib.closing(sheet.iter_rows(values_only=True)) as rows:
        cells = (cell for row in rows for cell in row if cell is not None)
        return len(list(itertools.islice(cells, 2))) == 2


#: A formula without a value, where it is not one that came to an empty text.
UNCALCULATED = re.compile(
    rb"<(?:\w+:)?c\s([^>]*)>\s*<((?:\w+:)?f)\b(?:[^>]*/>|[^>]*>[^<]*</\2>)"
    rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
CELL = re.compile(rb"\br=[\"'](\w+)")
IS_TEXT = re.compile(rb"\bt=[\"']str\b")
PIECE = 1 << 20


def _uncalculated(xml: IO[bytes]) -> str | None:
    """Return the name of the first cell of a sheet whose formula has no value."""
    ahead = b""
    while piece := xml.read(PIECE):
        ahead += piece
        for found in UNCALCULATED.finditer(ahead):
            if not IS_TEXT.search(found[1]):
                named = CELL.search(found[1])
                return named[1].decode() if named else "?"
        ahead = ahead[max(ahead.rfind(b"<c "), ahead.rfind(b":c "), 0) :][-PIECE:]
    return None


def _payload(
    rows: Sequence[tuple[int, tuple[Any, ...]]],
) -> tuple[list[int], list[tuple[Any, ...]]]:
    return [line for line, _ in rows], [row for _, row in rows]

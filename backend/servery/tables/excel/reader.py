"""Excel workbooks: their sheets, whose rows stream by."""

import contextlib
import zipfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from servery.errors import TableTooLarge, TableUnreadable
from servery.tables.excel.cells import facts_of, rows_of, total_rows
from servery.tables.excel.facts import ExcelSheet, SheetFacts
from servery.tables.reading import Limits, Reading
from servery.tables.sheets import Sheet

#: What Excel itself can hold: rows of a sheet, of which the header is one, its columns, and the
#: characters of a cell.
SHEET_ROWS, SHEET_COLUMNS, CELL_CHARACTERS = 1_048_576, 16_384, 32_767
#: What a workbook in the strict form of the standard is written in.
STRICT = b"http://purl.oclc.org/ooxml/"


def damaged(name: str) -> TableUnreadable:
    """Return what to raise for a workbook that cannot be read."""
    return TableUnreadable(
        f"{name} is a damaged Excel workbook. Open it with a spreadsheet program and save it again."
    )


class ExcelWorkbook:
    """A workbook, as Excel saves it."""

    def __init__(self, name: str, source: Any, reading: Reading) -> None:  # noqa: ANN401 - a file
        import openpyxl

        self.name = name
        self._refuse_unreadable(source, reading.limits)
        # By its path, a workbook that is not called one would be refused.
        self._file = source.open("rb") if isinstance(source, Path) else source
        try:
            self._book = openpyxl.load_workbook(self._file, read_only=True, data_only=True)
        except Exception as error:  # it raises whatever its XML makes it raise
            self._file.close()
            raise self._damaged() from error

    def sheets(self) -> Sequence[Sheet]:
        """Return its sheets of cells, in their order."""
        return [WorkbookSheet(self, sheet) for sheet in self._book.worksheets]

    def close(self) -> None:
        """Close the workbook, and the file that it was kept in."""
        self._book.close()
        self._file.close()

    @contextlib.contextmanager
    def damage_named(self) -> Iterator[None]:
        """Turn whatever its XML makes the library raise into an error."""
        try:
            yield
        except Exception as error:
            raise self._damaged() from error

    def _damaged(self) -> TableUnreadable:
        return damaged(self.name)

    def _refuse_unreadable(self, source: Any, limits: Limits) -> None:  # noqa: ANN401
        try:
            with zipfile.ZipFile(source) as archive:
                refuse_bomb(self.name, archive, limits)
                main = _start(archive, "xl/workbook.xml")
        except TableUnreadable:
            raise
        except Exception as error:  # an archive raises whatever its bytes make it raise
            raise self._damaged() from error
        if STRICT in main:
            raise TableUnreadable(
                f"{self.name} is a workbook in the format Strict Open XML; save it as 'Excel "
                "Workbook (.xlsx)'."
            )


def refuse_bomb(name: str, archive: zipfile.ZipFile, limits: Limits) -> None:
    """Refuse a workbook that unpacks to more than is taken.

    Raises
    ------
    TableTooLarge
        Says how much it unpacks to.
    """
    entries = archive.infolist()
    held = sum(each.file_size for each in entries if "sharedStrings" in each.filename)
    other = max((each.file_size for each in entries if "sheet" not in each.filename), default=0)
    total = sum(each.file_size for each in entries)
    if total > limits.unpacked_bytes or max(held, other) > limits.strings_bytes:
        raise TableTooLarge(
            f"{name} unpacks to {total:,} bytes, too many to hold in memory; save it as CSV or "
            "Parquet."
        )


class WorkbookSheet(ExcelSheet):
    """A sheet of a workbook."""

    def __init__(self, book: ExcelWorkbook, sheet: Any) -> None:  # noqa: ANN401 - of openpyxl
        self._book, self._sheet = book, sheet
        self.title = str(sheet.title)
        self.is_hidden = sheet.sheet_state != "visible"

    def is_filled(self) -> bool:
        """Return whether it has several cells.

        What it says of its own size may be wrong: one that says to have a single cell is looked at.
        """
        sheet = self._sheet
        return (sheet.max_row or 1, sheet.max_column or 1) != (1, 1) or super().is_filled()

    def totals(self) -> Collection[int]:
        """Return the rows that hold the totals of a table."""
        with self.damage_named():
            return total_rows(self._sheet.parent._archive, self._sheet._worksheet_path)

    def cell_rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Go through the rows that have cells."""
        with self._xml() as xml:
            yield from rows_of(self._sheet, xml, SHEET_ROWS)

    def read_facts(self) -> SheetFacts:
        """Read what the sheet says of itself."""
        with self._xml() as xml:
            return facts_of(xml, SHEET_COLUMNS)

    def damage_named(self) -> AbstractContextManager[None]:
        """Turn whatever its XML makes the library raise into an error."""
        return self._book.damage_named()

    def _xml(self) -> Any:  # noqa: ANN401 - a file
        return self._sheet.parent._archive.open(self._sheet._worksheet_path)


def _start(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return the first bytes of a member of an archive, if it has one of this name."""
    if name not in archive.namelist():
        return b""
    with archive.open(name) as member:
        return member.read(1 << 12)

"""Workbooks of Excel 97 to 2003 (.xls); a whole sheet is held in memory."""

import contextlib
import io
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from servery.errors import TableTooLarge, TableUnreadable
from servery.tables.cells import error_cell, number_cell
from servery.tables.excel.days import day_of
from servery.tables.excel.facts import ExcelSheet, Merge, SheetFacts, in_order
from servery.tables.excel.reader import damaged
from servery.tables.libraries import require_library
from servery.tables.reading import Reading
from servery.tables.sheets import Sheet, column_letters

#: A workbook is held in memory, where it takes several times its size.
MOST_BYTES = 64 * 1024**2
#: Columns of such a sheet.
SHEET_COLUMNS = 256
ENCRYPTED = "encrypted"


class LegacyWorkbook:
    """A workbook, as Excel saved it until 2003."""

    def __init__(self, name: str, source: Any, reading: Reading) -> None:  # noqa: ANN401 - a file
        del reading  # its limits are those of the format
        require_library("xlrd", "excel", f"{name} is a workbook of Excel 97 to 2003, which")
        import xlrd

        self.name = name
        whole = _read(name, source)
        try:
            self._book = xlrd.open_workbook(
                file_contents=whole,
                formatting_info=True,  # without it, merged cells and hidden rows do not show
                on_demand=True,
                ragged_rows=True,
                logfile=io.StringIO(),
            )
        except Exception as error:  # it raises whatever the bytes make it raise
            if ENCRYPTED in str(error):
                raise TableUnreadable(
                    f"{name} is a workbook with a password; open it with a spreadsheet program and "
                    "save it as .xlsx, without a password."
                ) from error
            raise damaged(name) from error

    def sheets(self) -> Sequence[Sheet]:
        """Return its sheets of cells, in their order."""
        return [LegacySheet(self, place) for place in range(self._book.nsheets)]

    def sheet(self, place: int) -> Any:  # noqa: ANN401 - of xlrd
        """Return a sheet, read."""
        return self._book.sheet_by_index(place)

    def facts(self, place: int) -> tuple[str, bool]:
        """Return the title of a sheet, and whether it is hidden."""
        return str(self._book.sheet_names()[place]), bool(self._book._sheet_visibility[place])

    def close(self) -> None:
        """Release what is held."""
        self._book.release_resources()

    @contextlib.contextmanager
    def damage_named(self) -> Iterator[None]:
        """Turn whatever its bytes make the library raise into an error."""
        try:
            yield
        except Exception as error:
            raise damaged(self.name) from error


class LegacySheet(ExcelSheet):
    """A sheet of such a workbook."""

    def __init__(self, book: LegacyWorkbook, place: int) -> None:
        self._book, self._place = book, place
        self.title, self.is_hidden = book.facts(place)

    def cell_rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Go through the rows that have cells."""
        sheet = self._book.sheet(self._place)
        for row in range(sheet.nrows):
            yield row + 1, [_value(sheet.book, cell) for cell in sheet.row(row)]

    def read_facts(self) -> SheetFacts:
        """Read what the sheet says of itself."""
        sheet = self._book.sheet(self._place)
        merges = [
            Merge(f"{column_letters(left)}{top + 1}", top + 1, left, bottom, right - 1)
            for top, bottom, left, right in sheet.merged_cells
        ]
        hidden = [row for row, facts in sheet.rowinfo_map.items() if facts.hidden]
        hidden_rows = sum(row < sheet.nrows and any(sheet.row_types(row)) for row in hidden)
        return SheetFacts(in_order(merges, SHEET_COLUMNS), hidden_rows)

    def damage_named(self) -> AbstractContextManager[None]:
        """Turn whatever its bytes make the library raise into an error."""
        return self._book.damage_named()


def _value(book: Any, cell: Any) -> Any:  # noqa: ANN401 - of xlrd
    """Return the value of a cell as other workbooks have it."""
    import xlrd

    kind, value = cell.ctype, cell.value
    if kind == xlrd.XL_CELL_NUMBER:
        return number_cell(value)
    if kind == xlrd.XL_CELL_DATE:
        return _day(book, cell)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    if kind == xlrd.XL_CELL_ERROR:
        return error_cell(xlrd.error_text_from_code.get(value, "#ERROR!"))
    return value if kind == xlrd.XL_CELL_TEXT else None


def _day(book: Any, cell: Any) -> Any:  # noqa: ANN401 - of xlrd
    from openpyxl.styles.numbers import is_timedelta_format
    from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

    shown = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
    epoch = MAC_EPOCH if book.datemode else WINDOWS_EPOCH
    return day_of(cell.value, epoch, is_duration=is_timedelta_format(shown))


def _read(name: str, source: Any) -> bytes:  # noqa: ANN401 - a file
    with contextlib.closing(source.open("rb") if isinstance(source, Path) else source) as file:
        whole: bytes = file.read(MOST_BYTES + 1)
    if len(whole) > MOST_BYTES:
        raise TableTooLarge(
            f"{name} is larger than {MOST_BYTES:,} bytes, the limit for workbooks of Excel 97 to "
            "2003; save it as .xlsx or CSV."
        )
    return whole

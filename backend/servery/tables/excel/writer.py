"""Excel: results as rows of a workbook, whose cells hold less than those of a table."""

import contextlib
import re
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from datetime import date
from typing import IO, Any

from servery.errors import TableTooLarge
from servery.inputs import LARGEST_EXACT
from servery.tables.cells import plain_text
from servery.tables.excel.reader import CELL_CHARACTERS, SHEET_COLUMNS, SHEET_ROWS
from servery.tables.formulas import is_formula
from servery.tables.results import Rendered, ResultRows, ResultSchema

CONTROLS = dict.fromkeys(set(range(32)) - {9, 10, 13}, "\ufffd")
#: Before it, Excel counts a day too many.
FIRST_DAY = date(1900, 3, 1)
#: The first moment that an archive can hold, and where a workbook says when it was made.
FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)
PROPERTIES = "docProps/core.xml"
MOMENT = re.compile(rb">\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ<")


class ExcelRenderer:
    """Rows as tuples of cells."""

    head = b""

    def __init__(self, schema: ResultSchema, decimal: str = ".") -> None:
        del decimal  # numbers have no mark
        self._schema = schema

    @property
    def header(self) -> list[str]:
        """Names of all columns."""
        return self._schema.header

    def render(self, rows: ResultRows) -> Rendered:
        """Return rows of values that a workbook can hold."""
        own = [list(map(_holdable, cells)) for cells in rows.typed(self._schema)]
        added = [list(map(_holdable, column.cells())) for column in rows.added]
        return Rendered(list(zip(*own, *added, strict=True)))


def _holdable(cell: Any) -> Any:  # noqa: ANN401 - a cell
    """Return a cell as a workbook can hold it: a text where a number or a day would change."""
    if cell is None or cell != cell:
        return None
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, (int, float)) and abs(cell) <= sys.float_info.max:
        return cell if isinstance(cell, float) or abs(cell) <= LARGEST_EXACT else str(cell)
    if isinstance(cell, date) and _is_excel_day(cell):
        return cell
    return held_text(plain_text(cell))


def _is_excel_day(day: date) -> bool:
    is_early = date(day.year, day.month, day.day) < FIRST_DAY
    # A sheet holds milliseconds; what is finer than microseconds is of pandas.
    is_fine = getattr(day, "microsecond", 0) % 1_000 or getattr(day, "nanosecond", 0)
    return not (is_early or is_fine or getattr(day, "tzinfo", None))


def held_text(text: str) -> str:
    """Return a text as a cell of a workbook holds it; what is lost shows."""
    text = text.translate(CONTROLS)
    return text if len(text) <= CELL_CHARACTERS else f"{text[: CELL_CHARACTERS - 1]}…"


class ExcelSink:
    """A workbook of one sheet."""

    def __init__(self, file: IO[bytes], renderer: ExcelRenderer) -> None:
        import openpyxl

        header = renderer.header
        if len(header) > SHEET_COLUMNS:
            raise TableTooLarge(
                f"A sheet of Excel holds {SHEET_COLUMNS:,} columns, and the result has "
                f"{len(header):,}; write it as CSV or Parquet."
            )
        self._file = file
        self._book = openpyxl.Workbook(write_only=True)
        self._sheet = self._book.create_sheet("Predictions")
        self._sheet.append([self._cell(held_text(name)) for name in header])
        self._rows = 1

    def write(self, rendered: Sequence[Sequence[Any]]) -> None:
        """Write rows."""
        self._rows += len(rendered)
        if self._rows > SHEET_ROWS:
            raise TableTooLarge(
                f"A sheet of Excel holds {SHEET_ROWS:,} rows, and the result has more; "
                "write it as CSV or Parquet."
            )
        for row in rendered:
            self._sheet.append([self._cell(value) for value in row])

    def close(self) -> None:
        """Pack the workbook, always to the same bytes."""
        with tempfile.TemporaryFile(prefix="servery-") as packed:
            self._book.save(packed)
            _without_times(packed, self._file)

    def drop(self) -> None:
        """Remove the file in which the library keeps the sheet."""
        with contextlib.suppress(Exception):  # the error that led here is raised
            self._sheet.close()
        with contextlib.suppress(FileNotFoundError):
            self._sheet._writer.cleanup()

    def _cell(self, value: Any) -> Any:  # noqa: ANN401 - a cell
        if not isinstance(value, str):
            return value
        from openpyxl.cell import WriteOnlyCell

        cell = WriteOnlyCell(self._sheet, value)
        cell.data_type = "s"  # a text, whatever it begins with
        if is_formula(value):  # also after somebody has edited the cell
            cell.quotePrefix = True
        return cell


def _without_times(packed: IO[bytes], file: IO[bytes]) -> None:
    """Copy an archive, with one moment for all of its entries and for its own properties."""
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            named = zipfile.ZipInfo(entry.filename, FIRST_MOMENT)
            named.compress_type, named.file_size = zipfile.ZIP_DEFLATED, entry.file_size
            if entry.filename == PROPERTIES:
                new.writestr(named, MOMENT.sub(rb">1980-01-01T00:00:00Z<", old.read(entry)))
                continue
            with old.open(entry) as source, new.open(named, "w") as target:
                shutil.copyfileobj(source, target, 1 << 20)

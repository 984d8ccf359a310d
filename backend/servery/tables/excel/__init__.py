"""Excel: one sheet of a workbook is read, and a workbook of one sheet written.

Binary workbooks, those of Excel 97 to 2003 and spreadsheets of OpenDocument are read, too, and
their results are Excel.
"""

from collections.abc import Callable, Sequence
from typing import Any

from servery.tables.blocks import Table
from servery.tables.excel.binary import WORKBOOK, BinaryWorkbook
from servery.tables.excel.legacy import LegacyWorkbook
from servery.tables.excel.opendocument import CONTENT, OpenDocument, is_open_document
from servery.tables.excel.reader import ExcelWorkbook
from servery.tables.excel.writer import ExcelRenderer, ExcelSink
from servery.tables.foreign import COMPOUND
from servery.tables.formats import TableFormat
from servery.tables.reading import Reading
from servery.tables.sheets import SheetTable, Workbook
from servery.tables.streams import Stream


def _open(stream: Stream, reading: Reading, known: Sequence[str]) -> Table:
    if stream.sample.startswith(COMPOUND):
        opened: Callable[[str, Any, Reading], Workbook] = LegacyWorkbook
    else:
        opened = BinaryWorkbook if WORKBOOK in stream.members() else ExcelWorkbook
    with stream.rewindable() as file:
        if opened is ExcelWorkbook and is_open_document(file):
            opened = OpenDocument
        return SheetTable("xlsx", opened(stream.name, file, reading), reading, known)


EXCEL = TableFormat(
    name="xlsx",
    title="Excel",
    noun="an Excel workbook",
    endings=(".xlsx",),
    read_endings=(".xlsm", ".xlsb", ".xls", ".ods"),
    media_types=(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.ms-excel",
        "application/vnd.ms-excel.sheet.binary.macroenabled.12",
        "application/vnd.oasis.opendocument.spreadsheet",
    ),
    open=_open,
    renderer=ExcelRenderer,
    sink=ExcelSink,
    options=frozenset(["sheet", "header", "skip", "dates", "century", "missing"]),
    magic=b"PK\x03\x04",
    members=("xl/", CONTENT),
    streams=("Workbook", "Book"),
    library="openpyxl",
    extra="excel",
)

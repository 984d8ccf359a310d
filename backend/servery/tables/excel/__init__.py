"""Excel: one sheet of a workbook is read, and a workbook of one sheet written.

Spreadsheets of OpenDocument are read, too, and their results are Excel.
"""

from collections.abc import Sequence

from servery.tables.blocks import Table
from servery.tables.excel.opendocument import CONTENT, OpenDocument, is_open_document
from servery.tables.excel.reader import ExcelWorkbook
from servery.tables.excel.writer import ExcelRenderer, ExcelSink
from servery.tables.formats import TableFormat
from servery.tables.reading import Reading
from servery.tables.sheets import SheetTable
from servery.tables.streams import Stream


def _open(stream: Stream, reading: Reading, known: Sequence[str]) -> Table:
    with stream.rewindable() as file:
        opened = OpenDocument if is_open_document(file) else ExcelWorkbook
        return SheetTable("xlsx", opened(stream.name, file, reading), reading, known)


EXCEL = TableFormat(
    name="xlsx",
    title="Excel",
    noun="an Excel workbook",
    endings=(".xlsx",),
    read_endings=(".xlsm", ".ods"),
    media_types=(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.oasis.opendocument.spreadsheet",
    ),
    open=_open,
    renderer=ExcelRenderer,
    sink=ExcelSink,
    options=frozenset(["sheet", "header", "skip", "dates", "century", "missing"]),
    magic=b"PK\x03\x04",
    members=("xl/", CONTENT),
    library="openpyxl",
    extra="excel",
)

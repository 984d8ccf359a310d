"""Excel: one sheet of a workbook is read, and a workbook of one sheet written."""

from collections.abc import Sequence

from servery.tables.blocks import Table
from servery.tables.excel.reader import ExcelWorkbook
from servery.tables.excel.writer import ExcelRenderer, ExcelSink
from servery.tables.formats import TableFormat
from servery.tables.reading import Reading
from servery.tables.sheets import SheetTable
from servery.tables.streams import Stream


def _open(stream: Stream, reading: Reading, known: Sequence[str]) -> Table:
    del known  # its cells are apart
    with stream.rewindable() as file:
        return SheetTable("xlsx", ExcelWorkbook(stream.name, file, reading), reading)


EXCEL = TableFormat(
    name="xlsx",
    title="Excel",
    noun="an Excel workbook",
    endings=(".xlsx",),
    read_endings=(".xlsm",),
    media_types=("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",),
    open=_open,
    renderer=ExcelRenderer,
    sink=ExcelSink,
    options=frozenset(["sheet", "dates", "century", "missing"]),
    magic=b"PK\x03\x04",
    member="xl/",
    library="openpyxl",
    extra="excel",
)

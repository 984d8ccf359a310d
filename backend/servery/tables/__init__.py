"""Tables: one module for each format, and the one way to read and to write all of them."""

from servery.tables.blocks import Chunk, ColumnBlock, RawColumn, Table
from servery.tables.delimited import CSV, TSV
from servery.tables.excel import EXCEL
from servery.tables.formats import FORMATS, TableFormat, format_of, register
from servery.tables.jsonlines import JSON_LINES
from servery.tables.opening import detect_format, open_table
from servery.tables.parquet import PARQUET
from servery.tables.reading import Limits, Reading

for _format in (CSV, TSV, JSON_LINES, PARQUET, EXCEL):
    register(_format)

__all__ = [
    "FORMATS",
    "Chunk",
    "ColumnBlock",
    "Limits",
    "RawColumn",
    "Reading",
    "Table",
    "TableFormat",
    "detect_format",
    "format_of",
    "open_table",
    "register",
]

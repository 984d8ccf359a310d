"""CSV and TSV: text whose cells are divided by one character, and quoted where they hold it."""

from collections.abc import Callable, Sequence
from functools import partial

from servery.tables.blocks import Table
from servery.tables.delimited.reader import DelimitedTable
from servery.tables.delimited.writer import DelimitedRenderer, extended_rows
from servery.tables.formats import TableFormat
from servery.tables.reading import Reading
from servery.tables.results import ResultSchema, TextSink
from servery.tables.streams import Stream

OPTIONS: frozenset[str] = frozenset(
    [
        *("delimiter", "encoding", "quote", "header", "skip", "comment"),
        *("decimal", "thousands", "dates", "century", "missing"),
    ]
)


def _open(
    name: str, delimiter: str | None, stream: Stream, reading: Reading, known: Sequence[str]
) -> Table:
    stream.decode_as(reading.encoding)
    return DelimitedTable(stream, reading, name, delimiter, known)


def _csv_renderer(schema: ResultSchema, decimal: str) -> DelimitedRenderer:
    """Return a renderer with the delimiter of the table, if that is a CSV file too."""
    layout = schema.layout
    delimiter = layout.delimiter if layout.format != "tsv" else None
    return DelimitedRenderer(schema, delimiter or ",", decimal)


def _tsv_renderer(schema: ResultSchema, decimal: str) -> DelimitedRenderer:
    return DelimitedRenderer(schema, "\t", decimal)


def _format(
    name: str,
    delimiter: str | None,
    endings: tuple[str, ...],
    media_type: str,
    renderer: Callable[[ResultSchema, str], DelimitedRenderer],
) -> TableFormat:
    return TableFormat(
        name=name,
        title=name.upper(),
        noun=f"a {name.upper()} file",
        endings=endings,
        media_types=(media_type,),
        open=partial(_open, name, delimiter),
        renderer=renderer,
        sink=TextSink,
        options=OPTIONS,
        extended_rows=extended_rows,
        is_text=True,
    )


CSV = _format("csv", None, (".csv", ".txt"), "text/csv", _csv_renderer)
TSV = _format("tsv", "\t", (".tsv", ".tab"), "text/tab-separated-values", _tsv_renderer)

"""Scored rows as they are written, and what writes which format.

Rendering is work, so that it is done where the chunk is scored; only `sinks` writes. Text becomes
bytes, Parquet record batches of Arrow, and Excel rows of cells.
"""

from collections.abc import Sequence
from typing import Any, Protocol

from servery.batch.reading import Format
from servery.batch.reading.tables import RawColumn
from servery.batch.scoring import Scored
from servery.batch.writing.delimited import DelimitedRenderer
from servery.batch.writing.excel import ExcelRenderer
from servery.batch.writing.jsonlines import JsonLinesRenderer
from servery.batch.writing.parquet import ParquetRenderer, column_types
from servery.batch.writing.shape import Shape


class Renderer(Protocol):
    """Makes what is written of scored rows."""

    format: Format

    def head(self) -> bytes:
        """Return what comes before the first row, without a line end."""
        ...

    def render(self, scored: Scored) -> Any:  # noqa: ANN401 - each sink takes its own
        """Return rows as the sink of the format takes them."""
        ...


def renderer_of(
    kind: Format,
    shape: Shape,
    answers: Sequence[RawColumn],
    *,
    decimal: str | None = None,
    table_types: Sequence[Any] | None = None,
) -> Renderer:
    """Return what writes a format; `column_types` says what the types are for."""
    if kind == "jsonl":
        return JsonLinesRenderer(shape)
    if kind == "parquet":
        return ParquetRenderer(shape, column_types(shape, table_types, answers))
    if kind == "xlsx":
        return ExcelRenderer(shape)
    delimiter = "\t" if kind == "tsv" else shape.layout.delimiter or ","
    if kind == "csv" and shape.layout.format == "tsv":
        delimiter = ","
    return DelimitedRenderer(shape, kind, delimiter, decimal or ".")

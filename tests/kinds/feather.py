"""A table format of one's own: Feather, the file format of Apache Arrow.

It reads and writes record batches, as Parquet does, and takes what it has in common with Parquet
from `servery.tables.arrow`.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from servery.errors import TableEmpty, TableUnreadable
from servery.tables.arrow import ArrowLayout, ArrowRenderer
from servery.tables.blocks import SAMPLE_ROWS, Chunk, ColumnBlock, Table, checked_header
from servery.tables.formats import TableFormat
from servery.tables.reading import Reading
from servery.tables.streams import Stream


class FeatherTable:
    """A Feather file that is read batch by batch; ``line`` counts its rows from 1."""

    encoding: str | None = None
    sheet: str | None = None
    total: int | None = None

    def __init__(self, name: str, source: Any, chunk_rows: int) -> None:  # noqa: ANN401 - a file
        self._name, self._chunk_rows = name, chunk_rows
        self._source = source.open("rb") if isinstance(source, Path) else source
        try:
            self._file = pa.ipc.open_file(self._source)
        except (OSError, pa.ArrowException) as error:
            self._source.close()
            raise TableUnreadable(f"{name} is a damaged Feather file: {error}.") from error
        schema = self._file.schema
        self.arrow_types: Sequence[Any] = list(schema.types)
        self.layout = ArrowLayout("feather", checked_header(name, schema.names), name)

    def sample(self) -> ColumnBlock:
        """Return the first rows."""
        first = next(self._batches(SAMPLE_ROWS), None)
        if first is None:
            raise TableEmpty(f"{self._name} has columns and no rows.")
        return self.layout.block(Chunk(0, 1, first, 0))

    def chunks(self) -> Iterator[Chunk]:
        """Read batch by batch."""
        done = 0
        for number, batch in enumerate(self._batches(self._chunk_rows)):
            yield Chunk(number, done + 1, batch, done + batch.num_rows)
            done += batch.num_rows

    def close(self) -> None:
        """Close the file."""
        self._source.close()

    def _batches(self, rows: int) -> Iterator[Any]:
        for place in range(self._file.num_record_batches):
            batch = self._file.get_batch(place)
            for start in range(0, batch.num_rows, rows):
                yield batch.slice(start, rows)


class FeatherSink:
    """A Feather file with one record batch for each chunk."""

    def __init__(self, file: IO[bytes], renderer: ArrowRenderer) -> None:
        self._writer = pa.ipc.new_file(file, renderer.schema)

    def write(self, rendered: Any) -> None:  # noqa: ANN401 - a record batch
        """Write rows."""
        self._writer.write_batch(rendered)

    def close(self) -> None:
        """Write the footer."""
        self._writer.close()

    def drop(self) -> None:
        """Leave the file as it is."""


def _open(stream: Stream, reading: Reading, known: Sequence[str]) -> Table:
    del known  # its columns have their names
    with stream.rewindable() as file:
        return FeatherTable(stream.name, file, reading.limits.chunk_rows)


FEATHER = TableFormat(
    name="feather",
    title="Feather",
    noun="a Feather file",
    endings=(".feather", ".arrow"),
    media_types=("application/vnd.apache.arrow.file",),
    open=_open,
    renderer=ArrowRenderer,
    sink=FeatherSink,
    options=frozenset(["missing"]),
    magic=b"ARROW1\x00\x00",
    library="pyarrow",
    extra="parquet",
    unit="rows",
)

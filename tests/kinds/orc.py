"""A table format of one's own: ORC, the file format of Apache Hive.

It reads and writes record batches, as Parquet does, and takes what it has in common with Parquet
from `servery.tables.arrow`.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
from pyarrow import orc

from servery.tables.arrow import ArrowRenderer, ArrowTable, damage_named
from servery.tables.blocks import Table
from servery.tables.formats import TableFormat
from servery.tables.reading import Reading
from servery.tables.streams import Stream


class OrcTable(ArrowTable):
    """An ORC file."""

    def __init__(self, name: str, source: Any, chunk_rows: int) -> None:  # noqa: ANN401 - a file
        self._damaged = f"{name} is a damaged ORC file"
        self._source = source.open("rb") if isinstance(source, Path) else source
        try:
            with damage_named(self._damaged):
                self._file = orc.ORCFile(self._source)
            super().__init__("orc", name, self._file.schema, chunk_rows)
        except BaseException:
            self._source.close()
            raise

    def batches(self, most_rows: int) -> Iterator[Any]:
        """Read the rows."""
        with damage_named(self._damaged):
            for place in range(self._file.nstripes):
                batch = self._file.read_stripe(place)
                for start in range(0, batch.num_rows, most_rows):
                    yield batch.slice(start, most_rows)

    def close(self) -> None:
        """Close the file."""
        self._source.close()


class OrcSink:
    """An ORC file."""

    def __init__(self, file: IO[bytes], renderer: ArrowRenderer) -> None:
        del renderer  # each batch has the types of its columns
        self._writer = orc.ORCWriter(file)

    def write(self, rendered: Any) -> None:  # noqa: ANN401 - a record batch
        """Write rows."""
        self._writer.write(pa.Table.from_batches([rendered]))

    def close(self) -> None:
        """Write the footer."""
        self._writer.close()

    def drop(self) -> None:
        """Leave the file as it is."""


def _open(stream: Stream, reading: Reading, known: Sequence[str]) -> Table:
    del known  # its columns have their names
    with stream.rewindable() as file:
        return OrcTable(stream.name, file, reading.limits.chunk_rows)


ORC = TableFormat(
    name="orc",
    title="ORC",
    noun="an ORC file",
    endings=(".orc",),
    media_types=("application/vnd.apache.orc",),
    open=_open,
    renderer=ArrowRenderer,
    sink=OrcSink,
    options=frozenset(["missing"]),
    magic=b"ORC",
    unit="rows",
)

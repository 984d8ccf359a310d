"""Parquet: batches of rows, of which only one row group is unpacked at a time."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import IO, Any

from servery.errors import TableEmpty, TableTooLarge, TableUnreadable
from servery.tables.arrow import ArrowLayout, ArrowRenderer
from servery.tables.blocks import SAMPLE_ROWS, Chunk, ColumnBlock, Table, checked_header
from servery.tables.formats import TableFormat
from servery.tables.reading import GIB, Limits, Reading
from servery.tables.streams import Stream

#: The most that one row group may unpack to.
GROUP_BYTES = 2 * GIB


class ParquetTable:
    """A Parquet file that is read batch by batch; ``line`` counts its rows from 1.

    Attributes
    ----------
    groups
        Rows and unpacked bytes of each row group.
    """

    encoding: str | None = None
    sheet: str | None = None

    def __init__(
        self,
        name: str,
        source: Any,  # noqa: ANN401 - a file
        limits: Limits,
        only: range | None = None,
    ) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        self._name = name
        self._limits = limits
        try:
            self._file = parquet.ParquetFile(source, pre_buffer=False)
        except (OSError, ValueError, pa.ArrowException) as error:
            raise TableUnreadable(f"{name} is a damaged Parquet file: {error}.") from error
        facts = self._file.metadata
        if not facts.num_rows:
            raise TableEmpty(f"{name} has columns and no rows.")
        groups = [facts.row_group(at) for at in range(facts.num_row_groups)]
        self.groups = [(group.num_rows, group.total_byte_size) for group in groups]
        largest = max(size for _, size in self.groups)
        if largest > GROUP_BYTES:
            raise TableTooLarge(
                f"{name} has a row group of {largest:,} bytes, and {GROUP_BYTES:,} are taken; "
                "write it with smaller row groups."
            )
        self._only = only or range(len(groups))
        self.total: int | None = sum(self.groups[at][0] for at in self._only)
        self.arrow_types: Sequence[Any] | None = list(self._file.schema_arrow.types)
        self.layout = ArrowLayout(
            "parquet", checked_header(name, self._file.schema_arrow.names), name
        )

    def sample(self) -> ColumnBlock:
        """Return the first rows."""
        first = next(self._batches(SAMPLE_ROWS), None)
        if first is None:
            raise self._short(0)
        return self.layout.block(Chunk(0, 1, first, 0))

    def chunks(self) -> Iterator[Chunk]:
        """Read batch by batch."""
        done, before = 0, sum(rows for rows, _ in self.groups[: self._only.start])
        for number, batch in enumerate(self._batches(self._limits.chunk_rows)):
            yield Chunk(number, before + done + 1, batch, done + batch.num_rows)
            done += batch.num_rows
        if done != self.total:
            raise self._short(done)

    def close(self) -> None:
        """Close the file."""
        self._file.close(force=True)

    def _short(self, rows: int) -> TableUnreadable:
        return TableUnreadable(
            f"{self._name} is a damaged Parquet file: it says to have {self.total:,} rows, and "
            f"{rows:,} are there."
        )

    def _batches(self, size: int) -> Iterator[Any]:
        import pyarrow as pa

        try:
            yield from self._file.iter_batches(size, list(self._only), use_threads=False)
        except (OSError, ValueError, pa.ArrowException) as error:
            raise TableUnreadable(f"{self._name} is a damaged Parquet file: {error}.") from error


class ParquetSink:
    """A Parquet file with one row group for each chunk."""

    def __init__(self, file: IO[bytes], renderer: ArrowRenderer) -> None:
        from pyarrow import parquet

        self._writer = parquet.ParquetWriter(file, renderer.schema)

    def write(self, rendered: Any) -> None:  # noqa: ANN401 - a record batch
        """Write rows."""
        if rendered.num_rows:
            self._writer.write_batch(rendered)

    def close(self) -> None:
        """Write the footer."""
        self._writer.close()

    def drop(self) -> None:
        """Close the writer while its file is open: later it would complain on standard error."""
        with contextlib.suppress(Exception):  # the error that led here is raised
            self._writer.close()
        self._writer.is_open = False


def _open(stream: Stream, reading: Reading, known: Sequence[str]) -> Table:
    del known  # its columns have their names
    with stream.rewindable() as file:
        return ParquetTable(stream.name, file, reading.limits)


PARQUET = TableFormat(
    name="parquet",
    title="Parquet",
    noun="a Parquet file",
    endings=(".parquet", ".pq"),
    media_types=("application/vnd.apache.parquet",),
    open=_open,
    renderer=ArrowRenderer,
    sink=ParquetSink,
    options=frozenset(["missing"]),
    magic=b"PAR1",
    library="pyarrow",
    extra="parquet",
    unit="rows",
)

"""Parquet: batches of rows, of which only one row group is unpacked at a time."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import IO, Any

from servery.errors import TableEmpty, TableTooLarge, TableUnreadable
from servery.tables.arrow import ArrowRenderer, ArrowTable, damage_named
from servery.tables.blocks import Table
from servery.tables.formats import TableFormat
from servery.tables.reading import GIB, Limits, Reading
from servery.tables.streams import Stream
from servery.tables.unifying import sink_of

#: The most that one row group may unpack to.
GROUP_BYTES = 2 * GIB


class ParquetTable(ArrowTable):
    """A Parquet file.

    Attributes
    ----------
    groups
        Rows and unpacked bytes of each row group.
    """

    def __init__(
        self,
        name: str,
        source: Any,  # noqa: ANN401 - a file
        limits: Limits,
        only: range | None = None,
    ) -> None:
        from pyarrow import parquet

        self._damaged = f"{name} is a damaged Parquet file"
        with damage_named(self._damaged):
            self._file = parquet.ParquetFile(source, pre_buffer=False)
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
        self.total = sum(self.groups[at][0] for at in self._only)
        self.rows_before = sum(rows for rows, _ in self.groups[: self._only.start])
        super().__init__("parquet", name, self._file.schema_arrow, limits.chunk_rows)

    def batches(self, most_rows: int) -> Iterator[Any]:
        """Read the rows; there are as many as the file says."""
        rows = 0
        with damage_named(self._damaged):
            for batch in self._file.iter_batches(most_rows, list(self._only), use_threads=False):
                yield batch
                rows += batch.num_rows
        if rows != self.total:
            raise TableUnreadable(
                f"{self._damaged}: it says to have {self.total:,} rows, and {rows:,} are there."
            )

    def close(self) -> None:
        """Close the file."""
        self._file.close(force=True)


class ParquetSink:
    """A Parquet file with one row group for each chunk."""

    def __init__(self, file: IO[bytes], schema: Any) -> None:  # noqa: ANN401 - of Arrow
        from pyarrow import parquet

        self._writer = parquet.ParquetWriter(file, schema)

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
    sink=sink_of(ParquetSink),
    options=frozenset(["missing"]),
    magic=b"PAR1",
    unit="rows",
)

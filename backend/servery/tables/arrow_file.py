"""Arrow files, which are also called Feather, and streams: batches of rows, each read by itself."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any, ClassVar

from servery.tables.arrow import ArrowRenderer, ArrowTable, damage_named
from servery.tables.blocks import Table
from servery.tables.formats import TableFormat
from servery.tables.reading import Reading
from servery.tables.streams import Stream
from servery.tables.unifying import sink_of

#: What each message of a stream begins with.
STREAM = b"\xff\xff\xff\xff"


class SavedArrow(ArrowTable):
    """Batches of Arrow that were saved: what its files and its streams have in common."""

    #: What messages call it.
    kind: ClassVar[str]

    def __init__(self, name: str, source: Any, chunk_rows: int) -> None:  # noqa: ANN401 - a file
        self._damaged = f"{name} is a damaged Arrow {self.kind}"
        self._source = source.open("rb") if isinstance(source, Path) else source
        try:
            with damage_named(self._damaged):
                schema = self._schema_read()
            super().__init__("arrow", name, schema, chunk_rows)
        except BaseException:
            self._source.close()
            raise

    def batches(self, most_rows: int) -> Iterator[Any]:
        """Read the rows."""
        with damage_named(self._damaged):
            for batch in self._whole_batches():
                for start in range(0, batch.num_rows, most_rows):
                    yield batch.slice(start, most_rows)

    def close(self) -> None:
        """Close the file."""
        self._source.close()

    def _schema_read(self) -> Any:  # noqa: ANN401 - of Arrow
        raise NotImplementedError

    def _whole_batches(self) -> Iterator[Any]:
        raise NotImplementedError


class ArrowFileTable(SavedArrow):
    """An Arrow file."""

    kind = "file"

    def _schema_read(self) -> Any:  # noqa: ANN401 - of Arrow
        import pyarrow as pa

        self._file = pa.ipc.open_file(self._source)
        return self._file.schema

    def _whole_batches(self) -> Iterator[Any]:
        return map(self._file.get_batch, range(self._file.num_record_batches))


class ArrowStreamTable(SavedArrow):
    """A stream of Arrow that was saved as a file."""

    kind = "stream"

    def _schema_read(self) -> Any:  # noqa: ANN401 - of Arrow
        return self._from_start().schema

    def _whole_batches(self) -> Iterator[Any]:
        return iter(self._from_start())

    def _from_start(self) -> Any:  # noqa: ANN401 - of Arrow
        import pyarrow as pa

        self._source.seek(0)
        return pa.ipc.open_stream(self._source)


class ArrowFileSink:
    """An Arrow file with one record batch for each chunk."""

    def __init__(self, file: IO[bytes], schema: Any) -> None:  # noqa: ANN401 - of Arrow
        import pyarrow as pa

        self._writer = pa.ipc.new_file(file, schema)

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
    kind = ArrowStreamTable if stream.sample.startswith(STREAM) else ArrowFileTable
    with stream.rewindable() as file:
        return kind(stream.name, file, reading.limits.chunk_rows)


ARROW = TableFormat(
    name="arrow",
    title="Arrow",
    noun="an Arrow file",
    endings=(".arrow", ".feather"),
    read_endings=(".arrows",),
    media_types=("application/vnd.apache.arrow.file", "application/vnd.apache.arrow.stream"),
    open=_open,
    renderer=ArrowRenderer,
    sink=sink_of(ArrowFileSink),
    options=frozenset(["missing"]),
    magic=(b"ARROW1", STREAM),
    unit="rows",
)

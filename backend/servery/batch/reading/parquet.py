"""Parquet: batches of rows, of which only one row group is unpacked at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from servery.batch.reading import GIB, Format, Limits, require
from servery.batch.reading.tables import SAMPLE_ROWS, Block, Chunk, RawColumn, checked_header
from servery.errors import TableEmpty, TableTooLarge, TableUnreadable, quoted, shortened

#: The most that one row group may unpack to.
GROUP_BYTES = 2 * GIB


@dataclass(frozen=True)
class ParquetLayout:
    """Makes columns of Arrow record batches."""

    header: tuple[str, ...]
    name: str
    format: Format = "parquet"
    delimiter: str | None = None

    def block(self, chunk: Chunk) -> Block:
        """Return the rows of a record batch as columns."""
        batch = chunk.payload
        lines = np.arange(batch.num_rows, dtype=np.int64) + chunk.first_line
        return Block(lines, list(map(self._column, self.header, batch.columns)), source=batch)

    def _column(self, column: str, array: Any) -> RawColumn:  # noqa: ANN401 - an Arrow array
        try:
            return _column(array)
        except (ValueError, OverflowError, NotImplementedError) as error:
            raise TableUnreadable(
                f"The column {quoted(column)} of {self.name} holds values of the type "
                f"{shortened(str(array.type))} that cannot be read here: {shortened(str(error))}. "
                "Write them as texts, or leave the column out."
            ) from error


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
        require("parquet", f"{name} is a Parquet file, which")
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
        self.layout = ParquetLayout(checked_header(name, self._file.schema_arrow.names), name)

    def sample(self) -> Block:
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


def _column(array: Any) -> RawColumn:  # noqa: ANN401 - an Arrow array
    """Return an array of numbers as such, all else by its distinct values."""
    import pyarrow as pa

    kind = array.type
    if (pa.types.is_integer(kind) and not array.null_count) or pa.types.is_floating(kind):
        numbers = array.cast(pa.float64()) if pa.types.is_floating(kind) else array
        return RawColumn(numbers.to_numpy(zero_copy_only=False))
    if pa.types.is_nested(kind) or pa.types.is_null(kind) or _is_extension(kind):
        return RawColumn(_values(array))
    found = array if pa.types.is_dictionary(kind) else array.dictionary_encode("encode")
    codes = found.indices.cast(pa.int64())  # one more than the values may be beyond their type
    codes = codes.fill_null(len(found.dictionary)) if found.null_count else codes
    values = [*_values(found.dictionary), None]
    return RawColumn(values, codes.to_numpy(zero_copy_only=False).astype(np.intp))


def _is_extension(kind: Any) -> bool:  # noqa: ANN401 - a type of Arrow
    import pyarrow as pa

    return isinstance(kind, pa.BaseExtensionType)


def _values(array: Any) -> list[Any]:  # noqa: ANN401 - an Arrow array
    """Return values as Python has them; as a text what it has not, such as the year 12000."""
    import pyarrow as pa

    if array.type == pa.time64("ns"):  # of which it would leave out the last digits
        array = array.cast(pa.string())
    try:
        values: list[Any] = array.to_pylist()
    except (ValueError, OverflowError):
        return [_value(each) for each in array]
    return values


def _value(scalar: Any) -> Any:  # noqa: ANN401 - of Arrow
    import pyarrow as pa

    try:
        return scalar.as_py()
    except (ValueError, OverflowError):
        return scalar.cast(pa.string()).as_py()

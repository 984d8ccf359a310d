"""Arrow record batches: files of them that are read, their columns, and those of a result.

What formats that hold such batches, as Parquet does, have in common.
"""

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np

from servery.errors import TableEmpty, TableUnreadable, quoted, shortened
from servery.inputs import LARGEST_EXACT
from servery.tables.blocks import (
    SAMPLE_ROWS,
    TYPED,
    CellTraits,
    Chunk,
    ColumnBlock,
    RawColumn,
    distinct_names,
)
from servery.tables.cells import plain_text
from servery.tables.results import Rendered, ResultRows, ResultSchema


@dataclass(frozen=True)
class ArrowLayout:
    """Makes columns of Arrow record batches."""

    format: str
    header: tuple[str, ...]
    name: str
    delimiter: str | None = None
    traits: CellTraits = TYPED

    def block(self, chunk: Chunk) -> ColumnBlock:
        """Return the rows of a record batch as columns."""
        batch = chunk.payload
        lines = np.arange(batch.num_rows, dtype=np.int64) + chunk.first_line
        columns = list(map(self._column, self.header, batch.columns))
        return ColumnBlock(lines, columns, source=batch)

    def _column(self, column: str, array: Any) -> RawColumn:  # noqa: ANN401 - an Arrow array
        try:
            return _column(array)
        except (ValueError, OverflowError, NotImplementedError) as error:
            raise TableUnreadable(
                f"The column {quoted(column)} of {self.name} holds values of the type "
                f"{shortened(str(array.type))} that cannot be read here: {shortened(str(error))}. "
                "Write them as texts, or leave the column out."
            ) from error


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

    if array.type == pa.time64("ns"):  # it would leave out their last digits
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


class ArrowTable(ABC):
    """A file of record batches that is read batch by batch; ``line`` counts its rows from 1.

    Parameters
    ----------
    format_
        The name of its format.
    schema
        Names and types of its columns, as Arrow has them.
    """

    encoding: str | None = None
    sheet: str | None = None
    total: int | None = None
    notes: Sequence[str] = ()
    #: Rows of the file before the first one that is read.
    rows_before = 0

    def __init__(self, format_: str, name: str, schema: Any, chunk_rows: int) -> None:  # noqa: ANN401 - of Arrow
        self._name, self._chunk_rows = name, chunk_rows
        self.arrow_types: Sequence[Any] | None = list(schema.types)
        self.layout = ArrowLayout(format_, distinct_names(schema.names), name)

    @abstractmethod
    def batches(self, most_rows: int) -> Iterator[Any]:
        """Read the record batches from the first one, each of at most so many rows."""

    def sample(self) -> ColumnBlock:
        """Return the first rows."""
        first = next(self.batches(SAMPLE_ROWS), None)
        if first is None:
            raise TableEmpty(f"{self._name} has columns and no rows.")
        return self.layout.block(Chunk(0, 1, first, 0))

    def chunks(self) -> Iterator[Chunk]:
        """Read batch by batch."""
        done = 0
        for number, batch in enumerate(self.batches(self._chunk_rows)):
            yield Chunk(number, self.rows_before + done + 1, batch, done + batch.num_rows)
            done += batch.num_rows


@contextlib.contextmanager
def damage_named(what: str) -> Iterator[None]:
    """Turn what Arrow raises at a damaged file into an error.

    Raises
    ------
    TableUnreadable
        Says ``what``, such as "t.parquet is a damaged Parquet file", and the reason.
    """
    import pyarrow as pa

    try:
        yield
    except (OSError, ValueError, pa.ArrowException) as error:
        raise TableUnreadable(f"{what}: {str(error).rstrip('.')}.") from error


class ArrowRenderer:
    """Rows as Arrow record batches.

    Their schema is known before the first row is read, but for cells with types of their own that
    are of no input: a batch has the types that its own cells have; see `UnifyingSink`.
    """

    head = b""

    def __init__(self, schema: ResultSchema, decimal: str = ".") -> None:
        del decimal  # numbers have no mark
        self._schema = schema
        self._types = _column_types(schema)

    @property
    def schema(self) -> Any:  # noqa: ANN401 - of Arrow
        """Names and types of all columns."""
        import pyarrow as pa

        return pa.schema(list(zip(self._schema.header, self._types, strict=True)))

    @property
    def has_open_types(self) -> bool:
        """Whether types of columns are only known once all rows are rendered."""
        return self._schema.arrow_types is None and not self._schema.layout.traits.are_texts

    def render(self, rows: ResultRows) -> Rendered:
        """Return rows as a record batch."""
        import pyarrow as pa

        arrays: list[Any]
        if rows.block.source is not None:
            arrays = list(rows.block.source.columns)
        elif self._schema.layout.traits.are_texts:
            arrays = list(self._of_texts(rows))
        else:
            arrays = [
                _fitting(cells, self._types[place])
                if place in self._schema.storage
                else _typed(cells)
                for place, cells in enumerate(rows.typed(self._schema))
            ]
        for column in rows.added:
            kind = self._types[len(arrays)]
            if column.numbers is not None:
                arrays.append(pa.array(column.numbers, kind, from_pandas=True))
            else:
                cells = list(column.values)
                values = (
                    _fitting(cells, kind) if pa.types.is_string(kind) else pa.array(cells, kind)
                )
                arrays.append(values.take(pa.array(column.codes)))
        if self.has_open_types:
            return Rendered(pa.RecordBatch.from_arrays(arrays, names=self._schema.header))
        return Rendered(pa.RecordBatch.from_arrays(arrays, schema=self.schema))

    def _of_texts(self, rows: ResultRows) -> Iterator[Any]:
        """Return the table's own columns, where every cell is a text: each distinct one once."""
        import pyarrow as pa

        for place, column in enumerate(rows.block.columns):
            kind = self._types[place]
            if place in self._schema.storage:
                yield pa.array(rows.numbers[place], from_pandas=True).cast(kind)
            else:
                texts = pa.array([text or None for text in column.values], kind)
                yield texts.take(pa.array(column.codes))


def _column_types(schema: ResultSchema) -> list[Any]:
    """Return the Arrow type of each column of a result."""
    import pyarrow as pa

    own: Sequence[Any] = schema.arrow_types or [
        pa.type_for_alias(schema.storage.get(place, "string"))
        for place in range(len(schema.layout.header))
    ]
    added = [
        pa.float64() if column.numbers is not None else pa.array(list(column.values)).type
        for column in schema.added.values()
    ]
    return [*own, *(pa.string() if pa.types.is_null(kind) else kind for kind in added)]


def _fitting(cells: list[Any], kind: Any) -> Any:  # noqa: ANN401 - of Arrow
    """Return cells as an array of a type; what is of no such type is missing in it."""
    import pyarrow as pa

    if pa.types.is_string(kind):
        return pa.array(
            [None if cell is None or cell == "" else plain_text(cell) for cell in cells], kind
        )
    return pa.array([_number(cell, kind) for cell in cells], kind)


def _typed(cells: list[Any]) -> Any:  # noqa: ANN401 - an Arrow array
    """Return cells with types of their own as an array of the type that all have, or of texts."""
    import pyarrow as pa

    present = [None if isinstance(cell, str) and not cell else cell for cell in cells]
    kinds = {type(cell) for cell in present} - {type(None)}
    if not kinds:
        return pa.nulls(len(present))
    numbers = [cell for cell in present if type(cell) is int]
    if kinds == {int} and all(-(2**63) <= cell < 2**63 for cell in numbers):
        return pa.array(present, pa.int64())
    if kinds <= {int, float} and all(abs(cell) <= LARGEST_EXACT for cell in numbers):
        return pa.array(present, pa.float64())
    if kinds in ({bool}, {date}):
        return pa.array(present)
    if kinds == {datetime} and not any(cell.tzinfo for cell in present if cell is not None):
        return pa.array(present, pa.timestamp("us"))
    return _fitting(present, pa.string())


def _number(cell: Any, kind: Any) -> Any:  # noqa: ANN401 - a cell, and a type of Arrow
    """Return a cell that a column of numbers, or of truths, holds exactly; else None."""
    import pyarrow as pa

    if pa.types.is_boolean(kind):
        return cell if type(cell) is bool else None
    if pa.types.is_floating(kind) and type(cell) is float:
        return cell
    return cell if type(cell) is int and abs(cell) <= LARGEST_EXACT else None

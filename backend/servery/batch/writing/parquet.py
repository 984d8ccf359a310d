"""Results as record batches of Arrow, of one schema, and the types of their columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from servery.batch.reading import Format
from servery.batch.reading.tables import RawColumn
from servery.batch.scoring import Scored
from servery.batch.writing.cells import plain_text
from servery.batch.writing.shape import Shape, remark_columns
from servery.inputs import LARGEST_EXACT, Input


@dataclass
class ParquetRenderer:
    """Rows as Arrow record batches of one schema, which is told before the first row is read."""

    shape: Shape
    types: Sequence[Any]
    format: Format = "parquet"

    def head(self) -> bytes:
        """Return nothing."""
        return b""

    @property
    def schema(self) -> Any:  # noqa: ANN401 - of Arrow
        """Names and types of all columns."""
        import pyarrow as pa

        return pa.schema(list(zip(self.shape.header, self.types, strict=True)))

    def render(self, scored: Scored) -> Any:  # noqa: ANN401 - a record batch
        """Return rows as a record batch."""
        import pyarrow as pa

        schema = self.schema
        arrays: list[Any]
        if scored.block.source is not None:
            arrays = list(scored.block.source.columns)
        elif self.shape.layout.format in ("csv", "tsv"):
            arrays = list(self._of_texts(scored))
        else:
            arrays = [
                _fitting(cells, kind)
                for cells, kind in zip(self.shape.typed(scored), self.types, strict=False)
            ]
        for column in (*scored.answers, *remark_columns(scored)):
            kind = self.types[len(arrays)]
            if column.codes is None:
                arrays.append(pa.array(np.asarray(column.values), kind, from_pandas=True))
            else:
                cells = list(column.values)
                values = (
                    _fitting(cells, kind) if pa.types.is_string(kind) else pa.array(cells, kind)
                )
                arrays.append(values.take(pa.array(column.codes)))
        return pa.RecordBatch.from_arrays(arrays, schema=schema)

    def _of_texts(self, scored: Scored) -> Iterator[Any]:
        """Return the table's own columns, where every cell is a text: each distinct one once."""
        import pyarrow as pa

        numbers = self.shape.numbers()
        for place, column in enumerate(scored.block.columns):
            kind = self.types[place]
            if place in numbers:
                values = scored.parsed.columns[numbers[place][0]]
                yield pa.array(values, from_pandas=True).cast(kind)
            else:
                texts = pa.array([text or None for text in column.values], kind)
                yield texts.take(pa.array(column.codes))


def column_types(
    shape: Shape, table_types: Sequence[Any] | None, answers: Sequence[RawColumn]
) -> list[Any]:
    """Return the Arrow type of each column.

    Parameters
    ----------
    table_types
        Of the table's own columns, where it has such; else they are numbers or texts.
    answers
        Answers for some rows, or for none: they are of the types that all have.
    """
    import pyarrow as pa

    if table_types is None:
        numbers = shape.numbers()
        table_types = [
            _arrow_type(numbers[place][1]) if place in numbers else pa.string()
            for place in range(len(shape.layout.header))
        ]
    told = [
        pa.float64() if column.codes is None else pa.array(list(column.values)).type
        for column in answers
    ]
    return [*table_types, *told, pa.string(), pa.string()]


def _arrow_type(item: Input) -> Any:  # noqa: ANN401 - of Arrow
    import pyarrow as pa

    types = {"number": pa.float64(), "integer": pa.int64(), "boolean": pa.bool_()}
    return types[item.json_type]


def _fitting(cells: list[Any], kind: Any) -> Any:  # noqa: ANN401 - of Arrow
    """Return cells as an array of a type; what is of no such type is missing in it."""
    import pyarrow as pa

    if pa.types.is_string(kind):
        return pa.array(
            [None if cell is None or cell == "" else plain_text(cell) for cell in cells], kind
        )
    return pa.array([_number(cell, kind) for cell in cells], kind)


def _number(cell: Any, kind: Any) -> Any:  # noqa: ANN401 - a cell, and a type of Arrow
    """Return a cell that a column of numbers, or of truths, holds exactly; else None."""
    import pyarrow as pa

    if pa.types.is_boolean(kind):
        return cell if type(cell) is bool else None
    if pa.types.is_floating(kind) and type(cell) is float:
        return cell
    return cell if type(cell) is int and abs(cell) <= LARGEST_EXACT else None

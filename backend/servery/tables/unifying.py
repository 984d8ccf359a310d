"""Record batches whose types of columns are only known once all of them are there."""

import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from typing import IO, Any

from servery.inputs import LARGEST_EXACT
from servery.tables.arrow import ArrowRenderer
from servery.tables.cells import plain_text
from servery.tables.results import Sink


class UnifyingSink:
    """Keeps batches in a file until the types of all are known, and then writes them.

    A column has the type of its cells where these have one: whole numbers and others are numbers,
    and anything else together is text.

    Parameters
    ----------
    opened
        Returns what writes batches of an Arrow schema.
    """

    def __init__(self, opened: Callable[[Any], Sink]) -> None:
        self._opened = opened
        self._kept = tempfile.TemporaryFile(prefix="servery-")  # noqa: SIM115 - closed below
        self._types: dict[str, Any] = {}
        self._large: set[str] = set()
        self._sink: Sink | None = None

    def write(self, rendered: Any) -> None:  # noqa: ANN401 - a record batch
        """Keep rows."""
        import pyarrow as pa

        for field, column in zip(rendered.schema, rendered.columns, strict=True):
            if pa.types.is_integer(field.type) and _is_large(column):
                self._large.add(field.name)
            known = self._types.get(field.name, field.type)
            self._types[field.name] = _common(known, field.type, field.name in self._large)
        with pa.ipc.new_stream(self._kept, rendered.schema) as writer:
            writer.write_batch(rendered)

    def close(self) -> None:
        """Write all rows, each column with one type."""
        import pyarrow as pa

        types = [
            (name, pa.string() if pa.types.is_null(kind) else kind)
            for name, kind in self._types.items()
        ]
        schema = pa.schema(types)
        self._sink = self._opened(schema)
        for batch in self._batches():
            columns = [
                _cast(column, kind) for column, (_, kind) in zip(batch.columns, types, strict=True)
            ]
            self._sink.write(pa.RecordBatch.from_arrays(columns, schema=schema))
        self._sink.close()
        self._kept.close()

    def drop(self) -> None:
        """Release what is kept."""
        self._kept.close()
        if self._sink is not None:
            self._sink.drop()

    def _batches(self) -> Iterator[Any]:
        import pyarrow as pa

        size = self._kept.tell()
        self._kept.seek(0)
        while self._kept.tell() < size:
            with pa.ipc.open_stream(self._kept) as reader:
                yield from reader


def sink_of(
    opened: Callable[[IO[bytes], Any], Sink],
) -> Callable[[IO[bytes], ArrowRenderer], Sink]:
    """Return what opens a sink for the batches of a renderer, whether or not their types are known.

    Parameters
    ----------
    opened
        Returns what writes batches of an Arrow schema to a file.
    """

    def sink(file: IO[bytes], renderer: ArrowRenderer) -> Sink:
        if renderer.has_open_types:
            return UnifyingSink(partial(opened, file))
        return opened(file, renderer.schema)

    return sink


def _is_large(column: Any) -> bool:  # noqa: ANN401 - an Arrow array
    """Return whether a number of a column is not held exactly by a double."""
    import pyarrow.compute as pc

    found = pc.min_max(column).as_py()
    ends = [end for end in found.values() if end is not None]
    return any(abs(end) > LARGEST_EXACT for end in ends)


def _common(one: Any, other: Any, is_large: bool) -> Any:  # noqa: ANN401 - types of Arrow
    import pyarrow as pa

    if one == other or pa.types.is_null(other):
        return one
    if pa.types.is_null(one):
        return other
    if {one, other} == {pa.int64(), pa.float64()} and not is_large:
        return pa.float64()
    return pa.string()


def _cast(column: Any, kind: Any) -> Any:  # noqa: ANN401 - an Arrow array, and a type
    import pyarrow as pa

    if column.type == kind:
        return column
    if pa.types.is_string(kind):
        cells = column.to_pylist()
        return pa.array([None if cell is None else plain_text(cell) for cell in cells], kind)
    return column.cast(kind)

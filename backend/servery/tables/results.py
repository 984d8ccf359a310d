"""The rows of a result: what every format writes, and what writes it.

Rendering is work, which is done where a chunk is scored; only a sink writes to the file.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from servery.inputs import Storage
from servery.tables.blocks import ColumnBlock, Layout, RawColumn
from servery.tables.cells import plain_text
from servery.tables.formulas import is_formula

#: What the cells of a parsed column are in Python.
PYTHON: dict[Storage, type] = {"int64": int, "float64": float, "bool": bool}


@dataclass(frozen=True, slots=True)
class ResultSchema:
    """The columns of a result: the table's own, then the added ones.

    Attributes
    ----------
    layout
        Of the table.
    storage
        Of the table's own columns whose texts are parsed as numbers, by their place.
    added
        The added columns by name: without rows, but with the type that their values have.
    arrow_types
        Of the table's own columns, where its format has such.
    is_raw
        Whether cells that a spreadsheet would run are written as they are.
    """

    layout: Layout
    storage: Mapping[int, Storage]
    added: Mapping[str, RawColumn]
    arrow_types: Sequence[Any] | None = None
    is_raw: bool = False

    @property
    def header(self) -> list[str]:
        """Names of all columns."""
        return [*self.layout.header, *self.added]


@dataclass(frozen=True, slots=True)
class ResultRows:
    """Some rows of a result.

    Attributes
    ----------
    block
        The rows as they were read.
    numbers
        Parsed columns by their place in the block, NaN where a cell is missing or does not fit.
    added
        One column for each added one of the schema.
    """

    block: ColumnBlock
    numbers: Mapping[int, NDArray[np.float64]]
    added: Sequence[RawColumn]

    def typed(self, schema: ResultSchema) -> Iterator[list[Any]]:
        """Return the table's own columns, with numbers where texts were read as such.

        An empty cell of a text file is a missing value, and None here.
        """
        are_texts = schema.layout.traits.are_texts
        for place, column in enumerate(self.block.columns):
            cells = [cell or None for cell in column.cells()] if are_texts else column.cells()
            if place not in schema.storage:
                yield cells
                continue
            kind = PYTHON[schema.storage[place]]
            values = [
                None if value != value else kind(value) for value in self.numbers[place].tolist()
            ]
            yield [
                cell if value is None and cell != "" else value
                for cell, value in zip(cells, values, strict=True)
            ]

    def added_formulas(self) -> int:
        """Count the added cells that a spreadsheet would run: a class may be called as one is."""
        count = 0
        for column in self.added:
            if column.codes is not None:
                texts = map(plain_text, column.values)  # a set of classes is one as well
                found = [code for code, text in enumerate(texts) if is_formula(text)]
                count += int(np.isin(column.codes, found).sum()) if found else 0
        return count


class Rendered(NamedTuple):
    """Rows as a sink takes them, and how many formulas in them were made harmless."""

    data: Any
    escaped: int = 0


class Renderer(Protocol):
    """Makes of rows what the sink of the same format writes."""

    @property
    def head(self) -> bytes:
        """What comes before the first row, without a line end."""
        ...

    def render(self, rows: ResultRows) -> Rendered:
        """Return rows as the sink takes them."""
        ...


class Sink(Protocol):
    """Takes what a renderer made, in order."""

    def write(self, rendered: Any) -> None:  # noqa: ANN401 - each takes its own
        """Write rows."""
        ...

    def close(self) -> None:
        """Write what comes after the last row."""
        ...

    def drop(self) -> None:
        """Release what was opened, as the file is not wanted any more."""
        ...


class TextSink:
    """Text, which renderers make of rows that each begin with a line end."""

    def __init__(self, file: Any, renderer: Renderer) -> None:  # noqa: ANN401 - a file
        self._file = file
        self._head = renderer.head
        file.write(self._head)

    def write(self, rendered: bytes) -> None:
        """Write rows."""
        if not self._head:
            rendered = rendered.removeprefix(b"\n")
        self._head = self._head or rendered
        self._file.write(rendered)

    def close(self) -> None:
        """End the last line."""
        self._file.write(b"\n" if self._head else b"")

    def drop(self) -> None:
        """Leave the file as it is."""

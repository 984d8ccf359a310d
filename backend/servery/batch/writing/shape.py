"""The shape of a result: a table's own columns, then the answers, then what is odd about a row."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from servery.batch.parsing import Fault
from servery.batch.parsing.matching import Matching
from servery.batch.reading.tables import Layout, RawColumn
from servery.batch.scoring import Scored
from servery.inputs import Input, InputWarning
from servery.signature import Signature

#: JSON types of inputs whose column is numbers, or true and false.
NUMBERS = frozenset(["number", "integer", "boolean"])


@dataclass
class Shape:
    """What a result looks like: the table's own columns, then the answers'."""

    signature: Signature
    layout: Layout
    matching: Matching
    answers: Sequence[str]

    @property
    def header(self) -> list[str]:
        """Names of all columns."""
        return [*self.layout.header, *self.answers]

    def typed(self, scored: Scored) -> Iterator[list[Any]]:
        """Return the table's own columns, numbers as numbers where their text was read as one.

        An empty cell of a text file is a missing value there, and None here.
        """
        numbers = self.numbers()
        is_text = self.layout.format in ("csv", "tsv")
        for place, column in enumerate(scored.block.columns):
            cells = [cell or None for cell in column.cells()] if is_text else column.cells()
            if place not in numbers:
                yield cells
                continue
            at, item = numbers[place]
            values = _plain(item, scored.parsed.columns[at])
            yield [
                cell if value is None and cell != "" else value
                for cell, value in zip(cells, values, strict=True)
            ]

    def numbers(self) -> dict[int, tuple[int, Input]]:
        """Return the columns that are numbers, or true and false: their inputs."""
        return {
            place: (at, item)
            for at, (item, place) in enumerate(
                zip(self.signature.inputs, self.matching.places, strict=True)
            )
            if place is not None and item.json_type in NUMBERS
        }


def _plain(item: Input, values: Any) -> list[Any]:  # noqa: ANN401 - a column
    return [None if value != value else item.value_type(value) for value in values.tolist()]


def remark_columns(
    scored: Scored, *, plain: Callable[[str], str] = str
) -> tuple[RawColumn, RawColumn]:
    """Return the columns ``warnings`` and ``error``, most of which is empty."""
    size = len(scored.block)
    faults = scored.parsed.faults
    warned = {row: odd for row, odd in scored.parsed.warnings.items() if row not in faults}
    return _remark_column(warned, size, plain), _remark_column(faults, size, plain)


def _remark_column(
    odd: "dict[int, list[InputWarning]] | dict[int, list[Fault]]",
    size: int,
    plain: Callable[[str], str],
) -> RawColumn:
    codes = np.zeros(size, dtype=np.intp)
    texts: dict[str | None, int] = {None: 0}
    for row, each in odd.items():
        codes[row] = texts.setdefault(plain(reasons(each)), len(texts))
    return RawColumn(list(texts), codes)


def reasons(odd: "Sequence[InputWarning] | Sequence[Fault]") -> str:
    """Return what is odd about a row as one text, each thing with its input."""
    return "; ".join(f"{each.input}: {each.detail}" if each.input else each.detail for each in odd)

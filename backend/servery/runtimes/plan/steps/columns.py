"""Columns of the row as features; features changed one by one, side by side, or selected."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servery.inputs import Input
from servery.runtimes.columns import DictionaryEncoded
from servery.runtimes.plan.checks import (
    require,
    require_chains,
    require_flags,
    require_places,
    require_step,
    require_steps,
)
from servery.runtimes.plan.lineage import Lineage
from servery.runtimes.plan.operations import ARITY, OPERATIONS, apply_to_rows, asks_whether_missing
from servery.runtimes.plan.step import Columns, Floats
from servery.runtimes.plan.transform import Columnwise, Places, Projection, Transform
from servery.signature.parsing import MOST_INPUTS

NAN = float("nan")


def _functions(chain: Sequence[Sequence[Any]]) -> list[Any]:
    """Return the operations of a chain as functions of one value."""
    return [OPERATIONS[name].row(*numbers) for name, *numbers in chain]


@dataclass
class RawColumns(Columnwise):
    """Inputs of the row as they are, or each changed by operations on single values, in order.

    Attributes
    ----------
    places
        Of the inputs in the row.
    operations
        For each input, the operations: a name of ``OPERATIONS`` and its numbers.
    numbers
        Whether each input holds numbers, with NaN for what is missing.
    """

    places: list[int]
    operations: list[list[list[Any]]]
    numbers: list[bool]

    def check(self) -> None:
        """Refuse places that no row can have, and arithmetic on texts."""
        require_places(self.places, 0, MOST_INPUTS, "places of inputs")
        require(isinstance(self.numbers, list), "something else than a list of flags")
        require(len(self.numbers) == len(self.places), "a wrong number of flags")
        require_flags(*self.numbers)
        are_texts = [not holds_numbers for holds_numbers in self.numbers]
        require_chains(self.operations, len(self.places), ARITY, are_texts)

    def require_inputs(self, inputs: Sequence[Input]) -> None:
        """Refuse places beyond the inputs, and numbers where there are texts."""
        for place, holds_numbers in zip(self.places, self.numbers, strict=True):
            require(place < len(inputs), "places of inputs out of bounds")
            is_text = inputs[place].may_be_text
            require(not (holds_numbers and is_text), "numbers in place of texts")

    def derive(self) -> None:
        """Make the functions of the operations."""
        functions = map(_functions, self.operations)
        self._inputs = list(zip(self.places, self.numbers, functions, strict=True))

    @property
    def width(self) -> int:
        """One for each input."""
        return len(self.places)

    def are_texts(self) -> NDArray[np.bool_]:
        """Return for each input whether it is a text, and stays one."""
        return np.array(
            [
                not holds_numbers and not asks_whether_missing(chain)
                for holds_numbers, chain in zip(self.numbers, self.operations, strict=True)
            ],
            dtype=np.bool_,
        )

    def sources(self) -> Places | None:
        """Return the places of the inputs."""
        return np.array(self.places, dtype=np.intp)

    def lineage(self) -> list[Lineage | None]:
        """Return each input with its operations."""
        pairs = zip(self.places, self.operations, strict=True)
        return [Lineage(place).then(chain) for place, chain in pairs]

    def row(self, row: Sequence[Any]) -> list[Any]:
        """Return the values of one row."""
        values = []
        for place, is_number, functions in self._inputs:
            value = row[place]
            if is_number:
                value = NAN if value is None else float(value)
            for function in functions:
                value = function(value)
            values.append(value)
        return values

    def feature_columns(self, columns: Columns) -> Sequence[Any]:
        """Return one array of n values for each input."""
        return [
            apply_to_rows(_numeric(columns[place], chain) if is_number else columns[place], chain)
            for place, chain, is_number in zip(
                self.places, self.operations, self.numbers, strict=True
            )
        ]


def _numeric(values: Any, chain: Sequence[Any]) -> Any:  # noqa: ANN401 - an array
    """Return numbers as such; what is dictionary-encoded stays so, if it is only looked up."""
    if values.dtype != object or (isinstance(values, DictionaryEncoded) and not chain):
        return values
    return np.asarray(values, dtype=np.float64)


@dataclass
class Elementwise(Columnwise):
    """Features of another transform, each changed by operations on single values, in order."""

    inner: Transform
    operations: list[list[list[Any]]]

    def check(self) -> None:
        """Refuse arithmetic on texts."""
        require_step(self.inner, Transform, "features")
        require_chains(self.operations, self.inner.width, ARITY, self.inner.are_texts())

    def derive(self) -> None:
        """Make the functions of the operations."""
        self._functions = list(map(_functions, self.operations))

    @property
    def width(self) -> int:
        """One for each feature of ``inner``."""
        return len(self.operations)

    def are_texts(self) -> NDArray[np.bool_]:
        """Return which texts of ``inner`` stay texts."""
        kept = np.array(
            [not asks_whether_missing(chain) for chain in self.operations], dtype=np.bool_
        )
        return self.inner.are_texts() & kept

    def sources(self) -> Places | None:
        """Return the sources of the features of ``inner``."""
        return self.inner.sources()

    def lineage(self) -> list[Lineage | None]:
        """Return the lineage of ``inner``, with the operations of each feature."""
        pairs = zip(self.inner.lineage(), self.operations, strict=True)
        return [before and before.then(chain) for before, chain in pairs]

    def row(self, row: Sequence[Any]) -> list[Any]:
        """Return the features of one row."""
        values = self.inner.row(row)
        for index, functions in enumerate(self._functions):
            for function in functions:
                values[index] = function(values[index])
        return values

    def feature_columns(self, columns: Columns) -> Sequence[Any]:
        """Return one array of n values for each feature."""
        return [
            apply_to_rows(values, chain)
            for values, chain in zip(
                self.inner.feature_columns(columns), self.operations, strict=True
            )
        ]


@dataclass
class Concatenate(Transform):
    """Features of several transforms, side by side."""

    parts: list[Transform]

    def check(self) -> None:
        """Refuse what are not features."""
        require_steps(self.parts, Transform, "features")

    @property
    def width(self) -> int:
        """The sum of the parts."""
        return sum(part.width for part in self.parts)

    def are_texts(self) -> NDArray[np.bool_]:
        """Return those of every part."""
        return np.concatenate([part.are_texts() for part in self.parts])

    def sources(self) -> Places | None:
        """Return those of every part, if all parts have them."""
        parts = [places for part in self.parts if (places := part.sources()) is not None]
        return np.concatenate(parts) if len(parts) == len(self.parts) else None

    def lineage(self) -> list[Lineage | None]:
        """Return that of every part."""
        return [each for part in self.parts for each in part.lineage()]

    def row(self, row: Sequence[Any]) -> list[Any]:
        """Return the features of every part."""
        return [feature for part in self.parts for feature in part.row(row)]

    def rows(self, columns: Columns) -> Floats:
        """Return the features of every part, side by side."""
        return np.hstack([part.rows(columns) for part in self.parts])

    def feature_columns(self, columns: Columns) -> Sequence[Any]:
        """Return the arrays of every part."""
        return [values for part in self.parts for values in part.feature_columns(columns)]

    def projection(self, weights: Floats) -> Projection:
        """Add up the projections of the parts."""
        shares = [part.projection(share) for part, share in self._shares(weights)]

        def projection(row: Sequence[Any]) -> float:
            total = 0.0
            for share in shares:
                total += share(row)
            return total

        return projection

    def project_row(self, row: Sequence[Any], weights: Floats) -> Floats:
        """Add up what each part gives."""
        total: Any = 0.0
        for part, share in self._shares(weights):
            total = total + part.project_row(row, share)
        return np.asarray(total)

    def project_rows(self, columns: Columns, weights: Floats) -> Floats:
        """Add up what each part gives."""
        total: Any = 0.0
        for part, share in self._shares(weights):
            total = total + part.project_rows(columns, share)
        return np.asarray(total)

    def _shares(self, weights: Floats) -> Iterator[tuple[Transform, Floats]]:
        start = 0
        for part in self.parts:
            yield part, weights[start : start + part.width]
            start += part.width


@dataclass
class Select(Columnwise):
    """Some features of another transform."""

    inner: Transform
    kept: list[int]

    def check(self) -> None:
        """Refuse features that there are not."""
        require_step(self.inner, Transform, "features")
        require_places(self.kept, 0, self.inner.width, "features")

    @property
    def width(self) -> int:
        """As many as are kept."""
        return len(self.kept)

    def are_texts(self) -> NDArray[np.bool_]:
        """Return those of what is kept."""
        return self.inner.are_texts()[self.kept]

    def sources(self) -> Places | None:
        """Return those of what is kept."""
        places = self.inner.sources()
        return None if places is None else places[self.kept]

    def lineage(self) -> list[Lineage | None]:
        """Return that of what is kept."""
        inner = self.inner.lineage()
        return [inner[place] for place in self.kept]

    def row(self, row: Sequence[Any]) -> list[Any]:
        """Return the features that are kept."""
        features = self.inner.row(row)
        return [features[place] for place in self.kept]

    def feature_columns(self, columns: Columns) -> Sequence[Any]:
        """Return the arrays that are kept."""
        features = self.inner.feature_columns(columns)
        return [features[place] for place in self.kept]

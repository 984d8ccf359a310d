"""Categories as features: one for each category, or a number for each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from servery.runtimes.columns import DictionaryEncoded
from servery.runtimes.plan.checks import (
    is_scalar,
    may_be_code,
    require,
    require_lists,
    require_places,
    require_step,
)
from servery.runtimes.plan.operations import is_missing
from servery.runtimes.plan.step import Columns, Floats
from servery.runtimes.plan.steps.columns import RawColumns
from servery.runtimes.plan.transform import Columnwise, Places, Projection, Transform, repeated

#: Features of one column that stands for categories.
MOST_WIDTH = 1 << 24


@dataclass
class OneHot(Transform):
    """One feature for each category that is kept; the value decides which one is 1.

    Attributes
    ----------
    categories
        For each column, its categories in the order of the fit; None for what is missing.
    features
        For each column, the feature of each category; -1 for one that was dropped.
    unknown
        For each column, the feature of a value that is none of them; -1 for none.
    widths
        How many features each column has.
    """

    cells: Transform
    categories: list[list[Any]]
    features: list[list[int]]
    unknown: list[int]
    widths: list[int]

    def check(self) -> None:
        """Refuse features out of bounds, and more of them than there are categories."""
        require_step(self.cells, Transform, "features")
        columns = self.cells.width
        require_lists(self.categories, columns, "categories")
        require_lists(self.features, columns, "places of categories")
        require_places(self.widths, 0, MOST_WIDTH, "widths")
        require_places(self.unknown, -1, MOST_WIDTH, "places of unknown categories")
        require(len(self.widths) == len(self.unknown) == columns, "a wrong number of widths")
        for categories, features, unknown, width in zip(
            self.categories, self.features, self.unknown, self.widths, strict=True
        ):
            require(all(map(is_scalar, categories)), "categories that are not plain values")
            require(width <= len(categories) + 1, "more features than categories")
            require_places([*features, unknown], -1, width, "places of categories")

    def derive(self) -> None:
        """Make a table from value to feature for each column."""
        self._tables = [
            dict(zip(map(_key, categories), features, strict=True))
            for categories, features in zip(self.categories, self.features, strict=True)
        ]

    @property
    def width(self) -> int:
        """The sum of all columns."""
        return sum(self.widths)

    def sources(self) -> Places | None:
        """Return the source of the column that each category belongs to."""
        return repeated(self.cells.sources(), self.widths)

    def rows(self, columns: Columns) -> Floats:
        """Return zeros and ones of n rows."""
        codes = self._codes(columns)
        made = np.zeros((len(codes[0]), self.width))
        rows = np.arange(len(codes[0]))
        start = 0
        for code, width in zip(codes, self.widths, strict=True):
            hit = code >= 0
            made[rows[hit], start + code[hit]] = 1.0
            start += width
        return made

    def row(self, row: Sequence[Any]) -> list[Any]:
        """Return zeros and ones of one row."""
        made = [0.0] * self.width
        start = 0
        for value, table, unknown, width in zip(
            self.cells.row(row), self._tables, self.unknown, self.widths, strict=True
        ):
            feature = table.get(_key(value), unknown)
            if feature >= 0:
                made[start + feature] = 1.0
            start += width
        return made

    def _codes(self, columns: Columns) -> list[Any]:
        """Return for each column the feature of each row; -1 for none."""
        return [
            np.array(_look_up(values, table, unknown), dtype=np.int64)
            for values, table, unknown in zip(
                self.cells.feature_columns(columns), self._tables, self.unknown, strict=True
            )
        ]

    def projection(self, weights: Floats) -> Projection:
        """Look up the weight of each value."""
        if not isinstance(self.cells, RawColumns) or any(self.cells.operations):
            return super().projection(weights)
        tables = []
        start = 0
        for place, is_number, table, unknown, width in zip(
            self.cells.places,
            self.cells.numbers,
            self._tables,
            self.unknown,
            self.widths,
            strict=True,
        ):
            share = [*weights[start : start + width].tolist(), 0.0]  # the last is that of -1
            by_value = {key: share[at] for key, at in table.items()}
            tables.append((place, is_number, by_value, share[unknown]))
            start += width

        def projection(row: Sequence[Any]) -> float:
            total = 0.0
            for place, is_number, table, other in tables:
                value = row[place]
                if is_number and value is not None:
                    value = float(value)
                total += table.get(value, other)
            return total

        return projection

    def project_rows(self, columns: Columns, weights: Floats) -> Floats:
        """Look up the weights of each row's features."""
        total = 0.0
        start = 0
        for code, width in zip(self._codes(columns), self.widths, strict=True):
            share = np.vstack([weights[start : start + width], np.zeros((1, weights.shape[1]))])
            total = total + share[code]
            start += width
        return np.asarray(total)


@dataclass
class Ordinal(Columnwise):
    """One feature per column: the number of its category."""

    cells: Transform
    categories: list[list[Any]]
    codes: list[list[float]]
    unknown: list[float]

    def check(self) -> None:
        """Refuse codes that are not numbers."""
        require_step(self.cells, Transform, "features")
        columns = self.cells.width
        require_lists(self.categories, columns, "categories")
        require_lists(self.codes, columns, "codes of categories")
        for categories, codes in zip(self.categories, self.codes, strict=True):
            require(all(map(is_scalar, categories)), "categories that are not plain values")
            require(len(codes) == len(categories), "a wrong number of codes of categories")
            require(all(map(may_be_code, codes)), "codes of categories that are not numbers")
        require(isinstance(self.unknown, list), "something else than codes of what is unknown")
        require(len(self.unknown) == columns, "a wrong number of codes of what is unknown")
        is_fit = all(map(may_be_code, self.unknown))
        require(is_fit, "codes of what is unknown that are not numbers")

    def derive(self) -> None:
        """Make a table from value to number for each column."""
        self._tables = [
            dict(zip(map(_key, categories), map(_number, codes), strict=True))
            for categories, codes in zip(self.categories, self.codes, strict=True)
        ]
        self._unknown = list(map(_number, self.unknown))

    @property
    def width(self) -> int:
        """One for each column."""
        return self.cells.width

    def sources(self) -> Places | None:
        """Return the sources of the columns."""
        return self.cells.sources()

    def row(self, row: Sequence[Any]) -> list[Any]:
        """Return the numbers of one row."""
        return [
            table.get(value if value == value else None, unknown)  # NaN is not equal to itself
            for value, table, unknown in zip(
                self.cells.row(row), self._tables, self._unknown, strict=True
            )
        ]

    def feature_columns(self, columns: Columns) -> Sequence[Any]:
        """Return the numbers of each column of n rows."""
        return [
            np.array(_look_up(values, table, unknown), dtype=np.float64)
            for values, table, unknown in zip(
                self.cells.feature_columns(columns), self._tables, self._unknown, strict=True
            )
        ]


def _look_up(values: Any, table: dict[Any, Any], unknown: Any) -> Any:  # noqa: ANN401 - a list
    if isinstance(values, DictionaryEncoded) and values.codes is not None:
        return np.array(_look_up(values.values, table, unknown))[values.codes]
    if values.dtype == object:  # what is missing is None already
        return [table.get(value, unknown) for value in values.tolist()]
    return [table.get(_key(value), unknown) for value in values.tolist()]


def _key(value: Any) -> Any:  # noqa: ANN401
    """Return a value as a key of a table: None for what is missing."""
    return None if is_missing(value) else value


def _number(code: float | None) -> float:
    """Return a code as a number: NaN where JSON has null."""
    return float("nan") if code is None else code

"""What makes features of a row: the part that every transforming step of a plan plays.

A step says how it makes the features of n rows. Those of one row derive from that; a step states
them as well where a benchmark of ordinary pipelines shows that it matters.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from servery.runtimes.plan.checks import require, require_step
from servery.runtimes.plan.lineage import Lineage
from servery.runtimes.plan.step import Columns, Floats, Step, columns_of

#: From a row to the sum of its features, each times a weight.
Projection: TypeAlias = Callable[[Sequence[Any]], float]
#: Places in a row.
Places: TypeAlias = NDArray[np.intp]


class Transform(Step, is_abstract=True):
    """Makes ``width`` features of a row."""

    @property
    def width(self) -> int:
        """How many features it makes."""
        raise NotImplementedError

    def are_texts(self) -> NDArray[np.bool_]:
        """Return for each feature whether it may be a text."""
        return np.zeros(self.width, dtype=np.bool_)

    def sources(self) -> Places | None:
        """Return the one input that each feature depends on; None if one depends on several."""
        return None

    def lineage(self) -> list[Lineage | None]:
        """Return how each feature comes from one input; None where that cannot be undone."""
        return [None] * self.width

    def rows(self, columns: Columns) -> Floats:
        """Return the features of n rows, shape (n, width)."""
        raise NotImplementedError

    def row(self, row: Sequence[Any]) -> list[Any]:
        """Return the features of one row."""
        return list(self.rows(columns_of(row))[0].tolist())

    def feature_columns(self, columns: Columns) -> Sequence[Any]:
        """Return one array of n values for each feature."""
        return list(self.rows(columns).T)

    def projection(self, weights: Floats) -> Projection:
        """Return a function from a row to the sum of its features times their weights."""
        numbers = weights.tolist()
        features_of = self.row

        def projection(row: Sequence[Any]) -> float:
            total = 0.0
            for feature, weight in zip(features_of(row), numbers, strict=True):
                total += feature * weight
            return total

        return projection

    def project_row(self, row: Sequence[Any], weights: Floats) -> Floats:
        """Return the features of one row times weights of shape (width, k)."""
        return np.asarray(np.array(self.row(row), dtype=np.float64) @ weights)

    def project_rows(self, columns: Columns, weights: Floats) -> Floats:
        """Return the features of n rows times weights of shape (width, k)."""
        return self.rows(columns) @ weights


class Columnwise(Transform, is_abstract=True):
    """Makes each feature by itself: a step states `feature_columns`, and `rows` derives."""

    def feature_columns(self, columns: Columns) -> Sequence[Any]:
        """Return one array of n values for each feature."""
        raise NotImplementedError

    def rows(self, columns: Columns) -> Floats:
        """Return the features of n rows, side by side."""
        return np.column_stack(self.feature_columns(columns))


@dataclass
class FromFeatures(Transform, is_abstract=True):
    """Makes features of the numeric features of another transform: a step states `rows_from`."""

    inner: Transform

    def check(self) -> None:
        """Refuse features that are not numbers."""
        require_numeric(self.inner)

    def rows_from(self, features: Floats) -> Floats:
        """Return the features of n rows from those of ``inner``, shape (n, inner.width)."""
        raise NotImplementedError

    def rows(self, columns: Columns) -> Floats:
        """Return the features of n rows."""
        return self.rows_from(self.inner.rows(columns))

    def row(self, row: Sequence[Any]) -> list[Any]:
        """Return the features of one row."""
        return list(self.rows_from(np.array([self.inner.row(row)]))[0].tolist())


def require_numeric(features: Transform) -> None:
    """Refuse features that arithmetic cannot take."""
    require_step(features, Transform, "features")
    require(not features.are_texts().any(), "arithmetic on texts")


def repeated(places: Places | None, widths: Sequence[int]) -> Places | None:
    """Return the input of each feature, where each place makes as many features as its width."""
    return None if places is None else np.repeat(places, widths)

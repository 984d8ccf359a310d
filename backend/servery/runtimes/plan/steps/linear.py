"""Weighted sums of features."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from servery.runtimes.plan.checks import require, require_floats, require_numbers
from servery.runtimes.plan.coalitions import Given, projected
from servery.runtimes.plan.predictor import FromFigures, Predictor
from servery.runtimes.plan.step import Floats
from servery.runtimes.plan.transform import Transform, require_numeric


@dataclass
class Linear(Predictor):
    """Weighted sums of features: ``weights`` of shape (width, k), ``intercept`` of k."""

    features: Transform
    weights: Any
    intercept: list[float]

    @property
    def count(self) -> int:
        """One for each intercept."""
        return len(self.intercept)

    def check(self) -> None:
        """Refuse weights that do not fit the features."""
        require_numeric(self.features)
        require_numbers(self.intercept, None, "intercepts")
        require(self.intercept, "no intercept")
        require_floats(self.weights, (self.features.width, self.count), "weights")

    def derive(self) -> None:
        """Prepare the projection of a single sum."""
        is_single = len(self.intercept) == 1
        self._projection = self.features.projection(self.weights[:, 0]) if is_single else None

    def row(self, row: Sequence[Any]) -> list[float]:
        """Return the sums of one row."""
        if self._projection is not None:
            return [self.intercept[0] + self._projection(row)]
        sums = self.features.project_row(row, self.weights) + self.intercept
        return list(sums.tolist())

    def rows(self, given: Given) -> Floats:
        """Return the sums of n rows."""
        return np.asarray(projected(self.features, given, self.weights) + self.intercept)


@dataclass
class SignedPair(FromFigures):
    """Of one score, that of the first class and that of the second: its negative and itself."""

    @property
    def count(self) -> int:
        """Two."""
        return 2

    def check(self) -> None:
        """Refuse more scores than one."""
        super().check()
        require(self.inner.count == 1, "a wrong number of scores")

    def rows_from(self, figures: Floats) -> Floats:
        """Return both scores of n rows."""
        return np.hstack([-figures, figures])

    def row_from(self, figures: Sequence[float]) -> list[float]:
        """Return both scores of one row."""
        return [-figures[0], figures[0]]

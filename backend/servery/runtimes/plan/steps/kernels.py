"""Similarities to rows of training, which support vector machines sum up, and votes of pairs."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from servery.runtimes.plan.checks import require, require_floats, require_number, require_places
from servery.runtimes.plan.predictor import FromFigures
from servery.runtimes.plan.step import Columns, Floats
from servery.runtimes.plan.transform import FromFeatures, Projection

SHAPES = frozenset({"linear", "poly", "rbf", "sigmoid"})
#: So many differences of features are held at once.
MOST_HELD = 1 << 18
MOST_DEGREE = 100
MOST_CLASSES = 100


@dataclass
class Kernel(FromFeatures):
    """The similarity of a row to each of ``vectors``, shape (k, width), as libsvm computes it."""

    vectors: Any
    shape: str
    gamma: float = 0.0
    coef0: float = 0.0
    degree: int = 3

    @property
    def width(self) -> int:
        """One for each vector."""
        return len(self.vectors)

    @property
    def work(self) -> int:
        """All features of all vectors."""
        return int(self.vectors.size)

    def check(self) -> None:
        """Refuse vectors that do not fit the features."""
        super().check()
        require_floats(self.vectors, (None, self.inner.width), "vectors")
        require(self.vectors.size, "no vectors")
        require(isinstance(self.shape, str) and self.shape in SHAPES, "an unknown kernel")
        require_number(self.gamma, "a gamma")
        require_number(self.coef0, "a constant of a kernel")
        require_places([self.degree], 0, MOST_DEGREE, "degrees")

    def rows_from(self, features: Floats) -> Floats:
        """Return the similarities of n rows, shape (n, k)."""
        with np.errstate(over="ignore", invalid="ignore"):
            made = self._similarities(features)
        made[~np.isfinite(features).all(axis=1)] = np.nan  # libsvm is given none such
        return made

    def _similarities(self, features: Floats) -> Floats:
        if self.shape == "rbf":
            away = features[:, None, :] - self.vectors
            return np.asarray(np.exp(-self.gamma * np.einsum("nkw,nkw->nk", away, away)))
        products = features @ self.vectors.T
        if self.shape == "linear":
            return np.asarray(products)
        shifted = self.gamma * products + self.coef0
        return np.asarray(shifted**self.degree if self.shape == "poly" else np.tanh(shifted))

    def project_rows(self, columns: Columns, weights: Floats) -> Floats:
        """Return weighted sums for n rows, a few at a time: their similarities are many."""
        features = self.inner.rows(columns)
        few = max(1, MOST_HELD // self.work)
        parts = [
            self.rows_from(features[start : start + few]) @ weights
            for start in range(0, len(features), few)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, weights.shape[1]))

    def project_row(self, row: Sequence[Any], weights: Floats) -> Floats:
        """Return weighted sums for one row."""
        features = np.array([self.inner.row(row)], dtype=np.float64)
        return np.asarray((self.rows_from(features) @ weights)[0])

    def projection(self, weights: Floats) -> Projection:
        """Return a function from a row to one weighted sum."""
        return lambda row: float(self.project_row(row, weights))


@dataclass
class PairVotes(FromFigures):
    """One score for each class from one for each pair of classes: votes, and how clear they are.

    A score rounds to the votes of its class.
    """

    classes: int

    @property
    def count(self) -> int:
        """One for each class."""
        return self.classes

    def check(self) -> None:
        """Refuse another number of pairs than there are."""
        super().check()
        require_places([self.classes], 3, MOST_CLASSES, "classes")
        pairs = self.classes * (self.classes - 1) // 2
        require(self.inner.count == pairs, "a wrong number of pairs")

    def rows_from(self, figures: Floats) -> Floats:
        """Return the scores of n rows; a figure is above zero for the first class of its pair."""
        votes = np.zeros((len(figures), self.classes))
        clear = np.zeros_like(votes)
        for place, (first, second) in enumerate(combinations(range(self.classes), 2)):
            figure = figures[:, place]
            clear[:, first] += figure
            clear[:, second] -= figure
            votes[:, first] += figure >= 0
            votes[:, second] += figure < 0
        return np.asarray(votes + clear / (3 * (np.abs(clear) + 1)))

"""Trees as flat arrays, all walked at once: each step goes one level deeper in every tree."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from servery.runtimes.plan.features import Transform
from servery.runtimes.plan.predictors import Predictor
from servery.runtimes.plan.steps import Columns, Floats

#: Many rows are walked in pieces of so many (row, tree) pairs: it bounds the memory.
PAIRS = 1 << 20


@dataclass
class Trees(Predictor):
    """Leaf values of many trees, added up for each output.

    Attributes
    ----------
    roots
        Node of each tree's root, shape (trees,).
    feature, threshold
        What each node asks; a leaf asks whether feature 0 lies under infinity, and stays.
    left, right
        Where a node leads.
    values
        What a leaf gives, shape (nodes, k); nodes that are no leaves give nought.
    missing_left
        Whether a missing value goes left.
    single
        Whether features are rounded to single precision first.
    strict
        Whether a value must be under the threshold, or may equal it.
    finite
        Whether infinite values are refused, as scikit-learn does.
    depth
        Steps from the highest root to the deepest leaf.
    base
        What the sums start from, k figures.
    nought
        Values of up to this size are taken for nought.
    divide
        What the sums are divided by.
    category_row
        For each node its row in ``goes_left``, -1 where it asks for no category.
    goes_left
        Which categories go left, shape (nodes that ask for them, categories).

    Values are added up in the order of the trees and in their own precision, since that is how
    every library does it, and a tie of two classes hangs on the last bit.
    """

    features: Transform
    roots: Any
    feature: Any
    threshold: Any
    left: Any
    right: Any
    values: Any
    missing_left: Any
    single: bool
    strict: bool
    finite: bool
    depth: int
    base: list[float]
    divide: float = 1.0
    nought: float = 0.0
    category_row: Any = None
    goes_left: Any = None

    def __post_init__(self) -> None:
        """Lay both ways out side by side, so that one look-up finds where a node leads."""
        self._ways = np.stack([self.right, self.left], axis=1).ravel()
        self._base = np.array(self.base, dtype=self.values.dtype)

    def one(self, row: Sequence[Any]) -> list[float]:
        """Return the sums of one row."""
        values, any_missing = self._taken(np.array(self.features.one(row), dtype=np.float64))
        nodes = self.roots
        for _ in range(self.depth):
            asked = values[self.feature[nodes]]
            goes_left = self._goes_left(asked, nodes, any_missing)
            nodes = self._ways[2 * nodes + goes_left]
        leaves = self.values[nodes]
        leaves[0] += self._base
        sums = np.add.accumulate(leaves, axis=0)[-1].astype(np.float64)
        return list((sums / self.divide).tolist())

    def many(self, columns: Columns) -> Floats:
        """Return the sums of n rows."""
        values, any_missing = self._taken(self.features.many(columns).astype(np.float64))
        piece = max(1, PAIRS // len(self.roots))
        parts = [
            self._walk(values[start : start + piece], any_missing)
            for start in range(0, len(values), piece)
        ]
        return np.vstack(parts)

    def _taken(self, values: Floats) -> tuple[Floats, bool]:
        """Return values in the precision of the fit, and whether any is missing."""
        if self.single:
            with np.errstate(over="ignore"):
                values = values.astype(np.float32).astype(np.float64)
        if self.nought:
            values = np.where(np.abs(values) <= self.nought, 0.0, values)
        if np.isfinite(values).all():
            return values, False
        if self.finite and np.isinf(values).any():
            raise ValueError("a value too large for single precision")
        return values, True

    def _walk(self, values: Floats, any_missing: bool) -> Floats:
        nodes = np.broadcast_to(self.roots, (len(values), len(self.roots)))
        rows = np.arange(len(values))[:, None]
        for _ in range(self.depth):
            asked = values[rows, self.feature[nodes]]
            goes_left = self._goes_left(asked, nodes, any_missing)
            nodes = self._ways[2 * nodes + goes_left]
        sums = np.broadcast_to(self._base, (len(values), len(self._base))).copy()
        for tree in nodes.T:
            sums += self.values[tree]
        return np.asarray(sums.astype(np.float64) / self.divide)

    def _goes_left(self, asked: Any, nodes: Any, any_missing: bool) -> Any:  # noqa: ANN401
        threshold = self.threshold[nodes]
        goes_left = asked < threshold if self.strict else asked <= threshold
        if self.category_row is not None:
            goes_left = self._by_category(asked, nodes, goes_left)
        if any_missing:
            goes_left = np.where(np.isnan(asked), self.missing_left[nodes], goes_left)
        return goes_left

    def _by_category(self, asked: Any, nodes: Any, goes_left: Any) -> Any:  # noqa: ANN401
        rows = self.category_row[nodes]
        codes = np.nan_to_num(asked, nan=0.0).astype(np.int64)
        known = (codes >= 0) & (codes < self.goes_left.shape[1])
        listed = self.goes_left[rows, np.where(known, codes, 0)]
        by_category = np.where(known, listed, self.missing_left[nodes])
        return np.where(rows >= 0, by_category, goes_left)

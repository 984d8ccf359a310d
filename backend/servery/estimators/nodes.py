"""Nodes of fitted trees, of any library, as the one table that a plan walks."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from servery.runtimes.plan.steps.trees import Trees, depth_of
from servery.runtimes.plan.transform import Transform


@dataclass
class Nodes:
    """Nodes of many trees, one tree after the other."""

    roots: list[int] = field(default_factory=list)
    feature: list[Any] = field(default_factory=list)
    threshold: list[Any] = field(default_factory=list)
    left: list[Any] = field(default_factory=list)
    right: list[Any] = field(default_factory=list)
    missing_left: list[Any] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    category_row: list[Any] = field(default_factory=list)
    goes_left: list[Any] = field(default_factory=list)
    count: int = 0

    def add(
        self,
        feature: Any,  # noqa: ANN401 - arrays
        threshold: Any,  # noqa: ANN401
        left: Any,  # noqa: ANN401
        right: Any,  # noqa: ANN401
        missing_left: Any,  # noqa: ANN401
        values: Any,  # noqa: ANN401
        category_row: Any = None,  # noqa: ANN401
    ) -> None:
        """Add a tree whose leaves lead to -1, with values of shape (nodes, k)."""
        left, right = np.asarray(left, np.int64), np.asarray(right, np.int64)
        is_leaf = left < 0
        own = np.arange(len(left))
        self.roots.append(self.count)
        self.feature.append(np.where(is_leaf, 0, feature))
        self.threshold.append(np.where(is_leaf, np.inf, threshold))
        self.left.append(np.where(is_leaf, own, left) + self.count)
        self.right.append(np.where(is_leaf, own, right) + self.count)
        self.missing_left.append(np.where(is_leaf, True, missing_left))
        self.values.append(np.where(is_leaf[:, None], values, 0))
        rows = np.full(len(left), -1) if category_row is None else category_row
        self.category_row.append(np.where(is_leaf, -1, rows))
        self.count += len(left)

    def trees(
        self,
        features: Transform,
        base: Any,  # noqa: ANN401 - k figures
        *,
        divide: float = 1.0,
        nought: float = 0.0,
        single: bool = False,
        strict: bool = False,
        finite: bool = False,
        sums_single: bool = False,
    ) -> Trees:
        """Return the step that walks them."""
        left, right = np.concatenate(self.left), np.concatenate(self.right)
        roots = np.array(self.roots)
        has_categories = bool(self.goes_left)
        return Trees(
            features,
            roots=roots,
            feature=np.concatenate(self.feature).astype(np.int64),
            threshold=np.concatenate(self.threshold).astype(np.float64),
            left=left,
            right=right,
            missing_left=np.concatenate(self.missing_left).astype(bool),
            values=np.concatenate(self.values).astype(np.float32 if sums_single else np.float64),
            single=single,
            strict=strict,
            finite=finite,
            depth=depth_of(roots, left, right),
            base=[float(figure) for figure in np.ravel(base)],
            divide=float(divide),
            nought=nought,
            category_row=np.concatenate(self.category_row) if has_categories else None,
            goes_left=np.array(self.goes_left) if has_categories else None,
        )

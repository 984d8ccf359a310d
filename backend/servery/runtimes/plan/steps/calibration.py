"""Probabilities that were fitted to what came true."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from servery.runtimes.plan.checks import (
    require,
    require_floats,
    require_number,
    require_places,
    require_steps,
)
from servery.runtimes.plan.predictor import FromFigures
from servery.runtimes.plan.step import Floats, Step
from servery.runtimes.plan.steps.scores import expit, expit_rows, one_per_class


@dataclass
class CalibrationCurve(Step):
    """What came true at each score: a sigmoid, or a monotone curve between points.

    Attributes
    ----------
    slope, offset
        Of the sigmoid.
    x, y
        Points of the curve, where there is one.
    """

    slope: float = 0.0
    offset: float = 0.0
    x: Any = None
    y: Any = None

    def check(self) -> None:
        """Refuse points that do not ascend."""
        require_number(self.slope, "a slope")
        require_number(self.offset, "an offset")
        if self.x is not None or self.y is not None:
            require_floats(self.x, (None,), "points of a curve")
            require_floats(self.y, (len(self.x),), "points of a curve")
            require(len(self.x) and (np.diff(self.x) >= 0).all(), "points that do not ascend")

    def rows(self, scores: Floats) -> Floats:
        """Return the probabilities at n scores."""
        if self.x is None:
            return expit_rows(-(self.slope * scores + self.offset))
        return np.asarray(np.interp(scores, self.x, self.y))

    def row(self, score: float) -> float:
        """Return the probability at one score."""
        if self.x is None:
            return expit(-(self.slope * score + self.offset))
        return float(np.interp(score, self.x, self.y))


@dataclass
class Calibrated(FromFigures):
    """Probabilities from scores, by curves that were fitted to what came true.

    Attributes
    ----------
    columns
        Which figure of ``inner`` each curve reads. The one curve of two classes gives the second.
    """

    columns: list[int]
    curves: list[CalibrationCurve]

    @property
    def count(self) -> int:
        """One for each curve: a single one stands for two."""
        return max(2, len(self.curves))

    def check(self) -> None:
        """Refuse curves of figures that there are not."""
        super().check()
        require_steps(self.curves, CalibrationCurve, "curves")
        require_places(self.columns, 0, self.inner.count, "scores")
        require(len(self.columns) == len(self.curves), "a wrong number of curves")

    def rows_from(self, figures: Floats) -> Floats:
        """Return the probabilities of n rows."""
        pairs = zip(self.columns, self.curves, strict=True)
        return one_per_class(
            np.column_stack([curve.rows(figures[:, column]) for column, curve in pairs])
        )

    def row_from(self, figures: Sequence[float]) -> list[float]:
        """Return the probabilities of one row."""
        if len(self.curves) > 1:
            return super().row_from(figures)
        share = self.curves[0].row(figures[self.columns[0]])
        return [1.0 - share, share]

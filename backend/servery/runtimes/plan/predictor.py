"""What makes the figures of an answer: the part that every predicting step of a plan plays.

As of transforms, a step says what it makes of n rows, and the figures of one row derive from that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from servery.runtimes.plan.checks import require_step
from servery.runtimes.plan.coalitions import Given
from servery.runtimes.plan.step import Floats, Step, columns_of


class Predictor(Step, is_abstract=True):
    """Gives ``count`` figures for a row: scores, probabilities, or one quantity."""

    @property
    def count(self) -> int:
        """How many figures it gives."""
        raise NotImplementedError

    def rows(self, given: Given) -> Floats:
        """Return the figures of n rows, shape (n, count)."""
        raise NotImplementedError

    def row(self, row: Sequence[Any]) -> list[float]:
        """Return the figures of one row."""
        return list(self.rows(columns_of(row))[0].tolist())


@dataclass
class FromFigures(Predictor, is_abstract=True):
    """Makes figures of the figures of another predictor: a step states `rows_from`."""

    inner: Predictor

    @property
    def count(self) -> int:
        """As many as ``inner`` gives."""
        return self.inner.count

    def check(self) -> None:
        """Refuse what is not a predictor."""
        require_step(self.inner, Predictor, "figures")

    def rows_from(self, figures: Floats) -> Floats:
        """Return the figures of n rows from those of ``inner``, shape (n, inner.count)."""
        raise NotImplementedError

    def row_from(self, figures: Sequence[float]) -> list[float]:
        """Return the figures of one row from those of ``inner``."""
        return list(self.rows_from(np.array([figures]))[0].tolist())

    def rows(self, given: Given) -> Floats:
        """Return the figures of n rows."""
        return self.rows_from(self.inner.rows(given))

    def row(self, row: Sequence[Any]) -> list[float]:
        """Return the figures of one row."""
        return self.row_from(self.inner.row(row))

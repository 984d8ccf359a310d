"""Figures that are always the same, and the mean of several predictors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from servery.runtimes.plan.checks import require, require_numbers, require_steps
from servery.runtimes.plan.coalitions import Given, count
from servery.runtimes.plan.predictor import Predictor
from servery.runtimes.plan.step import Floats


@dataclass
class Constant(Predictor):
    """The same figures for every row."""

    figures: list[float]

    @property
    def count(self) -> int:
        """As many as there are."""
        return len(self.figures)

    def check(self) -> None:
        """Refuse what are not numbers."""
        require_numbers(self.figures, None, "figures")
        require(self.figures, "no figures")

    def rows(self, given: Given) -> Floats:
        """Return the figures n times."""
        return np.tile(np.array(self.figures), (count(given), 1))


@dataclass
class Average(Predictor):
    """The weighted mean of several predictors; ``shares`` add up to one."""

    parts: list[Predictor]
    shares: list[float]

    @property
    def count(self) -> int:
        """As many as each part."""
        return self.parts[0].count

    def check(self) -> None:
        """Refuse parts that give different numbers of figures."""
        require_steps(self.parts, Predictor, "predictors")
        require_numbers(self.shares, len(self.parts), "shares")
        require(len({part.count for part in self.parts}) == 1, "parts that do not fit each other")

    def rows(self, given: Given) -> Floats:
        """Return the mean of n rows."""
        total: Any = 0.0
        for share, part in zip(self.shares, self.parts, strict=True):
            total = total + share * part.rows(given)
        return np.asarray(total)

    def row(self, row: Sequence[Any]) -> list[float]:
        """Return the mean of one row."""
        rows = [part.row(row) for part in self.parts]
        return [
            sum([share * figure for share, figure in zip(self.shares, figures, strict=True)])
            for figures in zip(*rows, strict=True)
        ]

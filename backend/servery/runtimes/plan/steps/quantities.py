"""Quantities from what a model adds up: raised, or scaled back to their unit."""

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from servery.runtimes.plan.checks import require_flags, require_number
from servery.runtimes.plan.predictor import FromFigures
from servery.runtimes.plan.step import Floats

_SINGLE = struct.Struct("<f")


@dataclass
class Exponential(FromFigures):
    """Quantities from their logarithms, less what ``expm1`` takes off.

    ``single`` rounds them as XGBoost does.
    """

    less: float = 0.0
    single: bool = False

    def check(self) -> None:
        """Refuse an offset that is not a number."""
        super().check()
        require_number(self.less, "an offset")
        require_flags(self.single)

    def rows_from(self, figures: Floats) -> Floats:
        """Return the quantities of n rows."""
        with np.errstate(over="ignore"):
            raised = np.expm1(figures) if self.less else np.exp(figures)
            return np.asarray(raised.astype(np.float32) if self.single else raised, np.float64)

    def row_from(self, figures: Sequence[float]) -> list[float]:
        """Return the quantities of one row."""
        try:
            raised = [math.expm1(figure) if self.less else math.exp(figure) for figure in figures]
            return [_SINGLE.unpack(_SINGLE.pack(x))[0] for x in raised] if self.single else raised
        except OverflowError:
            return super().row_from(figures)


@dataclass
class Rescaled(FromFigures):
    """Quantities times a scale, plus a shift."""

    scale: float
    shift: float

    def check(self) -> None:
        """Refuse what are not numbers."""
        super().check()
        require_number(self.scale, "a scale")
        require_number(self.shift, "a shift")

    def rows_from(self, figures: Floats) -> Floats:
        """Return the quantities of n rows."""
        return np.asarray(figures * self.scale + self.shift)

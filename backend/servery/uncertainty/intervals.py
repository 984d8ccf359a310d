"""Prediction intervals for quantities, by split or cross conformal prediction.

The width of an interval is a quantile of the errors on held-out rows. If the errors depend on the
prediction, and there are enough rows to estimate how, the width depends on it too.
"""

import math
from bisect import bisect_right

import msgspec
import numpy as np

from servery.uncertainty.folds import Floats, folds

#: With fewer rows, one width serves all predictions.
ENOUGH_TO_ADAPT = 200
ROWS_OF_A_LEVEL, MOST_LEVELS = 40, 10
#: No spread is smaller than this share of the mean error.
NARROWEST = 0.1
STATED = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


class Level(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The stated and the measured coverage of intervals."""

    stated: float
    measured: float


class Intervals(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The parameters of intervals, and their coverage on held-out rows.

    Attributes
    ----------
    factor
        Half of the width, in spreads.
    predictions, spreads
        The spread at some predictions, in ascending order, interpolated between them. If there
        are none, the spread is 1.
    measured, rows, mean_width
        The coverage on held-out rows, how many there were, and the mean width.
    levels
        The coverage of intervals for other levels.
    """

    coverage: float
    factor: float
    predictions: list[float] = []
    spreads: list[float] = []
    measured: float
    rows: int
    mean_width: float
    levels: list[Level] = []

    def around(self, prediction: float) -> tuple[float, float]:
        """Return both ends of the interval of a prediction."""
        half = self.factor * self._spread(prediction)
        return prediction - half, prediction + half

    def around_many(self, predictions: Floats) -> tuple[Floats, Floats]:
        """Return both ends of the intervals of n predictions."""
        half = self.factor * ErrorSpread(np.array(self.predictions), np.array(self.spreads)).at(
            predictions
        )
        return predictions - half, predictions + half

    def _spread(self, prediction: float) -> float:
        at, spreads = self.predictions, self.spreads
        if not at:
            return 1.0
        place = bisect_right(at, prediction)
        if place == 0 or place == len(at):
            return spreads[min(place, len(at) - 1)]
        share = (prediction - at[place - 1]) / (at[place] - at[place - 1])
        return spreads[place - 1] + share * (spreads[place] - spreads[place - 1])


class ErrorSpread(msgspec.Struct, frozen=True):
    """The typical error at a prediction; see `Intervals`."""

    predictions: Floats
    spreads: Floats

    def at(self, predicted: Floats) -> Floats:
        """Return the spread at n predictions, to the last digit as `Intervals` has it for one."""
        if not len(self.predictions):
            return np.ones_like(predicted)
        # np.interp rounds in another order.
        place = np.searchsorted(self.predictions, predicted, side="right")
        low, high = np.maximum(place - 1, 0), np.minimum(place, len(self.predictions) - 1)
        start, width = self.predictions[low], self.predictions[high] - self.predictions[low]
        is_between = width > 0.0
        share = np.divide(predicted - start, width, out=np.zeros_like(width), where=is_between)
        return self.spreads[low] + share * (self.spreads[high] - self.spreads[low])


ONE_SPREAD = ErrorSpread(np.empty(0), np.empty(0))


def calibrated_intervals(predicted: Floats, actual: Floats, coverage: float) -> Intervals | None:
    """Fit intervals on held-out rows; None if there are too few.

    Parameters
    ----------
    predicted, actual
        Shape (n,): the predictions of a fit that did not see the row, and the true values.

    References
    ----------
    J. Lei et al. (2018), J. of the American Statistical Association 113(523), 1094-1111, for
    split conformal intervals and their adaptive width; V. Vovk (2015), Annals of Mathematics and
    Artificial Intelligence 74, 9-28, for folds; T. Gneiting & A. E. Raftery (2007), J. of the
    American Statistical Association 102(477), 359-378, for the score that chooses between both.
    """
    errors = np.abs(actual - predicted)
    if not math.isfinite(_quantile(errors, coverage)):
        return None
    is_adaptive = len(errors) >= ENOUGH_TO_ADAPT and _score(
        predicted, errors, coverage, is_adaptive=True
    ) < _score(predicted, errors, coverage, is_adaptive=False)
    spread = _spread(predicted, errors) if is_adaptive else ONE_SPREAD
    factor = _factor(predicted, errors, coverage, is_adaptive=is_adaptive)
    held = {
        stated: _held(predicted, errors, stated, is_adaptive=is_adaptive)
        for stated in {*STATED, coverage}
    }
    return Intervals(
        coverage=coverage,
        factor=factor,
        predictions=spread.predictions.tolist(),
        spreads=spread.spreads.tolist(),
        measured=held[coverage],
        rows=len(errors),
        mean_width=float(2.0 * factor * spread.at(predicted).mean()),
        levels=[Level(stated, held[stated]) for stated in STATED if not math.isnan(held[stated])],
    )


def _quantile(scores: Floats, coverage: float) -> float:
    """Return what a new row stays below with this probability; infinite with few rows."""
    rank = math.ceil((len(scores) + 1) * coverage)
    return float(np.sort(scores)[rank - 1]) if rank <= len(scores) else math.inf


def _spread(predicted: Floats, errors: Floats) -> ErrorSpread:
    """Return the mean error of neighbouring predictions."""
    count = min(MOST_LEVELS, len(errors) // ROWS_OF_A_LEVEL)
    parts = np.array_split(np.argsort(predicted, kind="stable"), max(1, count))
    predictions, first = np.unique(
        [float(predicted[part].mean()) for part in parts], return_index=True
    )
    spreads = np.array([float(errors[part].mean()) for part in parts])[first]
    return ErrorSpread(predictions, np.maximum(spreads, NARROWEST * errors.mean() or 1.0))


def _scores(predicted: Floats, errors: Floats, *, is_adaptive: bool) -> Floats:
    """Return the errors in spreads, each by the spread of the other rows."""
    if not is_adaptive:
        return errors
    scores = np.empty_like(errors)
    for others, part in folds(len(errors)):
        scores[part] = errors[part] / _spread(predicted[others], errors[others]).at(predicted[part])
    return scores


def _factor(predicted: Floats, errors: Floats, coverage: float, *, is_adaptive: bool) -> float:
    return _quantile(_scores(predicted, errors, is_adaptive=is_adaptive), coverage)


def _halves(predicted: Floats, errors: Floats, coverage: float, *, is_adaptive: bool) -> Floats:
    """Return half the width at each row, fitted on the other folds."""
    halves = np.empty_like(errors)
    for others, part in folds(len(errors)):
        known, off = predicted[others], errors[others]
        spread = _spread(known, off) if is_adaptive else ONE_SPREAD
        factor = _factor(known, off, coverage, is_adaptive=is_adaptive)
        halves[part] = factor * spread.at(predicted[part])
    return halves


def _held(predicted: Floats, errors: Floats, coverage: float, *, is_adaptive: bool) -> float:
    """Return the coverage on rows that the interval was not fitted on; NaN if it is infinite."""
    halves = _halves(predicted, errors, coverage, is_adaptive=is_adaptive)
    return float((errors <= halves).mean()) if np.isfinite(halves).all() else math.nan


def _score(predicted: Floats, errors: Floats, coverage: float, *, is_adaptive: bool) -> float:
    """Return the mean interval score, which is lowest for narrow intervals that cover."""
    halves = _halves(predicted, errors, coverage, is_adaptive=is_adaptive)
    missed = np.maximum(errors - halves, 0.0)
    return float((2.0 * halves + 2.0 / (1.0 - coverage) * missed).mean())

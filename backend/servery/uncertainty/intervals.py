"""Prediction intervals for quantities, by conformal prediction.

The ends of an interval are quantiles of the errors on held-out rows. What they are made of is
chosen by the interval score: the scale on which errors are measured, whether both sides are as
wide as each other, and whether the width follows the prediction.

With held-out rows this is split conformal prediction. With folds, the errors are those of the fits
on the folds, and the interval is laid around the prediction of the served fit, which saw all rows:
neither the jackknife+ nor CV+, so that its coverage is measured and not guaranteed.
"""

import itertools
import math
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import msgspec
import numpy as np

from servery.uncertainty.folds import Floats, Places, Split, folds

#: With fewer rows, one width serves all predictions, and both sides are as wide as each other.
ENOUGH_TO_ADAPT = 200
ROWS_OF_A_LEVEL, MOST_LEVELS = 40, 10
#: No spread is smaller than this share of the mean error.
NARROWEST = 0.1
STATED = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
#: A simpler shape is kept if its score is no more than this share above the best.
WORSE = 0.01
#: A shape that puts more ends than this share where no outcome can lie is not used.
MOST_IMPOSSIBLE = 0.05

Scale: TypeAlias = Literal["identity", "sqrt", "log"]
#: To each scale, and back: of one figure as of many, to the last digit.
SCALES: Mapping[Scale, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "identity": (np.asarray, np.asarray),
    "sqrt": (np.sqrt, lambda ends: np.square(np.maximum(ends, 0.0))),
    "log": (np.log, np.exp),
}


class Level(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The stated and the measured coverage of intervals."""

    stated: float
    measured: float


class Intervals(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The parameters of intervals, and their coverage on held-out rows.

    Attributes
    ----------
    scale, floor
        The scale on which errors are measured. A prediction below ``floor`` is taken as that: the
        scale has no smaller ones.
    factor, below
        The distance of the upper and of the lower end, in spreads. If ``below`` is None, both are
        the same.
    predictions, spreads
        The spread at some predictions, in ascending order, interpolated between them. If there
        are none, the spread is 1. Both are on the scale.
    measured, rows, mean_width
        The coverage on held-out rows, how many there were, and the mean width.
    levels
        The coverage of intervals for other levels.
    """

    coverage: float
    scale: Scale = "identity"
    floor: float | None = None
    factor: float
    below: float | None = None
    predictions: list[float] = []
    spreads: list[float] = []
    measured: float
    rows: int
    mean_width: float
    levels: list[Level] = []

    def around(self, prediction: float) -> tuple[float, float]:
        """Return both ends of the interval of a prediction."""
        to, back = SCALES[self.scale]
        if self.floor is not None:
            prediction = max(prediction, self.floor)
        middle = prediction if self.scale == "identity" else float(to(prediction))
        spread = self._spread(middle)
        below = self.factor if self.below is None else self.below
        low, high = middle - below * spread, middle + self.factor * spread
        return (low, high) if self.scale == "identity" else (float(back(low)), float(back(high)))

    def around_many(self, predictions: Floats) -> tuple[Floats, Floats]:
        """Return both ends of the intervals of n predictions."""
        to, back = SCALES[self.scale]
        if self.floor is not None:
            predictions = np.maximum(predictions, self.floor)
        middle = to(predictions)
        spread = ErrorSpread(np.array(self.predictions), np.array(self.spreads)).at(middle)
        below = self.factor if self.below is None else self.below
        return back(middle - below * spread), back(middle + self.factor * spread)

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
    """The mean error at a prediction; see `Intervals`."""

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


@dataclass(frozen=True, slots=True)
class Shape:
    """What intervals are made of; the ends of one lie at quantiles of errors on its scale.

    Attributes
    ----------
    is_signed
        Whether both ends have a quantile of their own.
    is_adaptive
        Whether the width follows the prediction.
    """

    scale: Scale = "identity"
    floor: float | None = None
    is_signed: bool = False
    is_adaptive: bool = False

    def scaled(self, predicted: Floats, actual: Floats) -> tuple[Floats, Floats]:
        """Return predictions and signed errors on the scale."""
        to, _ = SCALES[self.scale]
        middle = to(predicted if self.floor is None else np.maximum(predicted, self.floor))
        return middle, to(actual) - middle

    def spread(self, middle: Floats, errors: Floats) -> ErrorSpread:
        """Return the mean error at each prediction, or 1 if the width does not follow it."""
        return _spread(middle, np.abs(errors)) if self.is_adaptive else ONE_SPREAD

    def factors(self, middle: Floats, errors: Floats, coverage: float) -> tuple[float, float]:
        """Return the distance of the lower and of the upper end, in spreads."""
        scores = errors
        if self.is_adaptive:  # each by the spread of the other rows
            scores = np.empty_like(errors)
            for others, part in folds(len(errors)):
                spread = _spread(middle[others], np.abs(errors[others]))
                scores[part] = errors[part] / spread.at(middle[part])
        if not self.is_signed:
            factor = _quantile(np.abs(scores), coverage)
            return factor, factor
        one_side = (1.0 + coverage) / 2.0
        return _quantile(-scores, one_side), _quantile(scores, one_side)

    def ends(
        self, predicted: Floats, actual: Floats, coverage: float, splits: Sequence[Split]
    ) -> tuple[Floats, Floats]:
        """Return the ends at each row, fitted on other rows; NaN where none were."""
        middle, errors = self.scaled(predicted, actual)
        low, high = np.full(len(middle), np.nan), np.full(len(middle), np.nan)
        _, back = SCALES[self.scale]
        for others, part in splits:
            below, above = self.factors(middle[others], errors[others], coverage)
            spread = self.spread(middle[others], errors[others]).at(middle[part])
            low[part] = back(middle[part] - below * spread)
            high[part] = back(middle[part] + above * spread)
        return low, high


def calibrated_intervals(
    predicted: Floats,
    actual: Floats,
    coverage: float,
    *,
    splits: Sequence[Split] | None = None,
) -> Intervals | None:
    """Fit intervals on held-out rows; None if there are too few.

    Parameters
    ----------
    predicted, actual
        Shape (n,): the predictions of a fit that did not see the row, and the true values.
    splits
        On which rows intervals are fitted to measure them on which others; random folds if None.

    References
    ----------
    J. Lei et al. (2018), J. of the American Statistical Association 113(523), 1094-1111, for
    split conformal intervals and their adaptive width; R. F. Barber et al. (2021), Annals of
    Statistics 49(1), 486-507, for what folds do and do not guarantee; T. Gneiting & A. E. Raftery
    (2007), J. of the American Statistical Association 102(477), 359-378, for the score.
    """
    splits = list(folds(len(predicted))) if splits is None else splits
    if not math.isfinite(_quantile(np.abs(actual - predicted), coverage)):
        return None
    shape = _best(list(_shapes(predicted, actual)), predicted, actual, coverage, splits)
    middle, errors = shape.scaled(predicted, actual)
    below, above = shape.factors(middle, errors, coverage)
    spread = shape.spread(middle, errors)
    held = {
        stated: _held(actual, shape.ends(predicted, actual, stated, splits))
        for stated in {*STATED, coverage}
    }
    fitted = Intervals(
        coverage=coverage,
        scale=shape.scale,
        floor=shape.floor,
        factor=above,
        below=below if shape.is_signed else None,
        predictions=spread.predictions.tolist(),
        spreads=spread.spreads.tolist(),
        measured=held[coverage],
        rows=len(np.unique(np.concatenate([part for _, part in splits]))),
        mean_width=0.0,
        levels=[Level(stated, held[stated]) for stated in STATED if not math.isnan(held[stated])],
    )
    low, high = fitted.around_many(predicted)
    return msgspec.structs.replace(fitted, mean_width=float((high - low).mean()))


def held_in_intervals(
    intervals: Intervals,
    predicted: Floats,
    actual: Floats,
    *,
    splits: Sequence[Split] | None = None,
) -> Places:
    """Return whether each row's interval held its outcome: 1 or 0, and -1 if none was measured.

    Each interval has the shape of the given ones and is fitted on other rows.
    """
    shape = Shape(
        intervals.scale,
        intervals.floor,
        is_signed=intervals.below is not None,
        is_adaptive=bool(intervals.predictions),
    )
    splits = list(folds(len(predicted))) if splits is None else splits
    low, high = shape.ends(predicted, actual, intervals.coverage, splits)
    return np.where(np.isnan(low), -1, (low <= actual) & (actual <= high))


def _quantile(scores: Floats, coverage: float) -> float:
    """Return what a new row stays below with this probability; infinite with few rows."""
    rank = math.ceil((len(scores) + 1) * coverage - 1e-9)
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


def _shapes(predicted: Floats, actual: Floats) -> Iterator[Shape]:
    """Go through the shapes that fit the outcomes, the simplest first."""
    scales: list[tuple[Scale, float | None]] = [("identity", None)]
    if actual.min() >= 0.0:
        scales.append(("sqrt", 0.0))
    if actual.min() > 0.0 and predicted.max() > 0.0:
        scales.append(("log", float(predicted[predicted > 0.0].min())))
    both = (False, True) if len(actual) >= ENOUGH_TO_ADAPT else (False,)
    for is_adaptive, is_signed, (scale, floor) in itertools.product(both, both, scales):
        yield Shape(scale, floor, is_signed, is_adaptive)


def _best(
    shapes: Sequence[Shape],
    predicted: Floats,
    actual: Floats,
    coverage: float,
    splits: Sequence[Split],
) -> Shape:
    """Return the first shape whose interval score is about the lowest.

    Where no outcome was negative, an interval should not begin below zero: shapes with many such
    ends are left out.
    """
    ends = [shape.ends(predicted, actual, coverage, splits) for shape in shapes]
    impossible = [np.nanmean(low < 0.0) if actual.min() >= 0.0 else 0.0 for low, _ in ends]
    scores = np.array([_score(actual, each, coverage) for each in ends])
    is_possible = np.array(impossible) <= MOST_IMPOSSIBLE
    scores[~(is_possible & np.isfinite(scores))] = np.inf
    if not np.isfinite(scores).any():
        return shapes[0]
    return shapes[int(np.argmax(scores <= scores.min() * (1.0 + WORSE)))]


def _held(actual: Floats, ends: tuple[Floats, Floats]) -> float:
    """Return the coverage on rows that the interval was not fitted on; NaN if it is infinite."""
    low, high = ends
    is_measured = ~np.isnan(low)
    if not is_measured.any() or not np.isfinite(high[is_measured]).all():
        return math.nan
    return float(((low <= actual) & (actual <= high))[is_measured].mean())


def _score(actual: Floats, ends: tuple[Floats, Floats], coverage: float) -> float:
    """Return the mean interval score, which is lowest for narrow intervals that cover."""
    low, high = ends
    missed = np.maximum(low - actual, 0.0) + np.maximum(actual - high, 0.0)
    return float(np.nanmean(high - low + 2.0 / (1.0 - coverage) * missed))

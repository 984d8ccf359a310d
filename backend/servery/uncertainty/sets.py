"""Prediction sets: the classes that cannot be ruled out, by class-conditional conformal prediction.

The coverage holds within each class, so that it holds for a rare class too. A class with too few
rows is never ruled out, and neither is one with a probability of a tenth or more: a set must not
look more certain than the probabilities beside it.
"""

import math
from collections.abc import Sequence
from itertools import takewhile

import msgspec
import numpy as np
from numpy.typing import NDArray

from servery.uncertainty.folds import Floats, Places, folds


class ClassHeld(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The share of the ``rows`` of a class whose set contained it; the class by its place."""

    place: int
    rows: int
    measured: float


class SizeShare(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The share of rows whose set has this ``size``."""

    size: int
    share: float


class PredictionSets(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The least probability of each class in a set, and the coverage on held-out rows.

    Attributes
    ----------
    thresholds
        One for each class, in signature order.
    rows, by_class, sizes
        Measured with thresholds that were fitted without the row.
    """

    coverage: float
    thresholds: list[float]
    rows: int
    by_class: list[ClassHeld]
    sizes: list[SizeShare]

    def set_for(self, predicted: int, probabilities: Sequence[float]) -> list[int]:
        """Return the positions of the classes in the set, most likely first.

        That of the prediction is always in it.
        """
        places = [
            place
            for place, probability in enumerate(probabilities)
            if probability >= self.thresholds[place] or place == predicted
        ]
        if len(places) > 1:
            places.sort(key=lambda place: -probabilities[place])
        return places

    def sets_for(
        self, predicted: Places, probabilities: Floats
    ) -> tuple[list[tuple[int, ...]], Places]:
        """Return the distinct sets of n rows, as `set_for` has them, and the set of each row.

        Parameters
        ----------
        predicted, probabilities
            Shape (n,) and (n, classes).
        """
        count = len(self.thresholds)
        is_held = probabilities >= np.array(self.thresholds)
        is_held[np.arange(len(predicted)), predicted] = True
        # A set of one class has the number of that class; only larger sets are sorted.
        sets: list[tuple[int, ...]] = [(place,) for place in range(count)]
        which = predicted.copy()
        long = np.flatnonzero(is_held.sum(axis=1) > 1)
        if len(long):
            held = is_held[long]
            surprise = np.where(held, -probabilities[long], np.inf)
            ranked = surprise.argsort(axis=1, kind="stable").astype(np.int32)
            ranked[np.arange(count) >= held.sum(axis=1)[:, None]] = -1
            as_one = ranked.view(f"V{ranked.itemsize * count}").ravel()
            _, first, same = np.unique(as_one, return_index=True, return_inverse=True)
            which[long] = count + same
            sets += [tuple(takewhile(lambda at: at >= 0, row)) for row in ranked[first].tolist()]
        return sets, which


def calibrated_sets(
    probabilities: Floats, predicted: NDArray[np.intp], truth: NDArray[np.intp], coverage: float
) -> PredictionSets:
    """Fit the thresholds on held-out rows.

    Parameters
    ----------
    probabilities
        Shape (n, classes), by a fit that did not see the row.
    predicted, truth
        Places of the predicted and of the true class, shape (n,).

    References
    ----------
    M. Sadinle, J. Lei & L. Wasserman (2019), J. of the American Statistical Association 114(525),
    223-234; V. Vovk (2012), Proc. ACML, PMLR 25, 475-490, for coverage within each class.
    """
    classes = np.arange(probabilities.shape[1])
    held = np.zeros(len(truth), dtype=bool)
    sizes = np.zeros(len(truth), dtype=np.intp)
    for others, part in folds(len(truth)):
        thresholds = _thresholds(probabilities[others], truth[others], coverage)
        in_set = probabilities[part] >= thresholds
        in_set[np.arange(len(part)), predicted[part]] = True
        held[part] = in_set[np.arange(len(part)), truth[part]]
        sizes[part] = in_set.sum(axis=1)
    return PredictionSets(
        coverage=coverage,
        thresholds=_thresholds(probabilities, truth, coverage).tolist(),
        rows=len(truth),
        by_class=[
            ClassHeld(int(place), int(of_class.sum()), float(held[of_class].mean()))
            for place in classes
            if (of_class := truth == place).any()
        ],
        sizes=[SizeShare(int(size), float((sizes == size).mean())) for size in np.unique(sizes)],
    )


def _thresholds(probabilities: Floats, truth: NDArray[np.intp], coverage: float) -> Floats:
    return np.array(
        [
            min(
                _threshold(probabilities[truth == place, place], coverage), round(1.0 - coverage, 9)
            )
            for place in range(probabilities.shape[1])
        ]
    )


def _threshold(of_true: Floats, coverage: float) -> float:
    """Return what a new row of the class stays above with this probability; 0 with few rows."""
    rank = math.floor((len(of_true) + 1) * (1.0 - coverage) + 1e-9)
    return float(np.sort(of_true)[rank - 1]) if rank >= 1 else 0.0

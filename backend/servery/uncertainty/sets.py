"""Prediction sets: the classes that cannot be ruled out, by conformal prediction for each class.

Of the rows of each class, nine in ten had it in their set: of the rare class too, which a promise
over all rows together would let down. A class with too few rows is never ruled out, nor is one
whose probability is a tenth or more: a set must not look surer than the probabilities beside it.
"""

import math
from collections.abc import Sequence
from itertools import takewhile

import msgspec
import numpy as np
from numpy.typing import NDArray

from servery.uncertainty.folds import Floats, Places, folds


class ClassHeld(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of so many ``rows`` of a class, the share whose set held it; the class by its place."""

    place: int
    rows: int
    measured: float


class SizeShare(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The share of rows whose set had so many classes."""

    size: int
    share: float


class PredictionSets(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From which probability on each class is in the set, and how that did on unseen rows.

    Attributes
    ----------
    thresholds
        One for each class, in signature order.
    rows, by_class, sizes
        What was measured, each row with thresholds that were found without it.
    """

    coverage: float
    thresholds: list[float]
    rows: int
    by_class: list[ClassHeld]
    sizes: list[SizeShare]

    def of(self, predicted: int, probabilities: Sequence[float]) -> list[int]:
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

    def of_many(
        self, predicted: Places, probabilities: Floats
    ) -> tuple[list[tuple[int, ...]], Places]:
        """Return the sets of n rows: the distinct ones, as `of` has them, and which each row has.

        Parameters
        ----------
        predicted, probabilities
            Shape (n,) and (n, classes).
        """
        count = len(self.thresholds)
        is_held = probabilities >= np.array(self.thresholds)
        is_held[np.arange(len(predicted)), predicted] = True
        # A set of one class has the place of that class, so that only longer ones are looked at.
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
    """Find the thresholds on rows that the fit did not see.

    Parameters
    ----------
    probabilities
        Shape (n, classes), of fits without the row.
    predicted, truth
        Places of the class that was named, and of the true one, shape (n,).

    References
    ----------
    M. Sadinle, J. Lei & L. Wasserman (2019), J. of the American Statistical Association 114(525),
    223-234; V. Vovk (2012), Proc. ACML, PMLR 25, 475-490, for the promise within each class.
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
    """Return what a further row of the class stays above with this chance; 0 for few rows."""
    rank = math.floor((len(of_true) + 1) * (1.0 - coverage) + 1e-9)
    return float(np.sort(of_true)[rank - 1]) if rank >= 1 else 0.0

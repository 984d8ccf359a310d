"""Prediction sets: the classes that an answer may be, by conformal prediction.

The coverage is of classes or of answers. Of classes: of the rows that *are* of a class, this share
has it in their set, so that it holds for a rare class too. Of answers: of the rows that are
*predicted* as a class, this share has the true class in their set. A class, or an answer, with too
few measured rows gets the largest sets.
"""

import math
from collections.abc import Sequence
from itertools import takewhile
from typing import Literal, TypeAlias

import msgspec
import numpy as np

from servery.uncertainty.folds import Flags, Floats, Places, Split, folds

#: Within what the coverage holds: the rows of each true class, or of each predicted one.
Within: TypeAlias = Literal["classes", "answers"]


class ClassHeld(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The share of ``rows`` whose set contained the true class.

    The rows are those of one true class, or of one predicted class, by its place.
    """

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
    within
        Within what the coverage holds.
    thresholds
        One for each true class, or for each predicted one, in signature order.
    rows, by_class, by_answer, sizes
        Measured with thresholds that were fitted without the row: the coverage within each true
        class and within each predicted one, and how large sets are. Versions that were published
        before it was measured have no ``by_answer``.
    """

    coverage: float
    within: Within = "classes"
    thresholds: list[float]
    rows: int
    by_class: list[ClassHeld]
    by_answer: list[ClassHeld] = []
    sizes: list[SizeShare]

    def set_for(self, predicted: int, probabilities: Sequence[float]) -> list[int]:
        """Return the positions of the classes in the set, most likely first.

        That of the prediction is always in it.
        """
        thresholds = self.thresholds
        if self.within == "answers":
            thresholds = [thresholds[predicted]] * len(probabilities)
        places = [predicted]
        for place, probability in enumerate(probabilities):
            if probability >= thresholds[place] and place != predicted:
                places.append(place)
        if len(places) > 1:
            places.sort(key=lambda place: (-probabilities[place], place))
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
        is_held = _held(np.array(self.thresholds), self.within, predicted, probabilities)
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
    probabilities: Floats,
    predicted: Places,
    truth: Places,
    coverage: float,
    *,
    within: Within = "classes",
    splits: Sequence[Split] | None = None,
) -> PredictionSets:
    """Fit the thresholds on held-out rows.

    Parameters
    ----------
    probabilities
        Shape (n, classes), by a fit that did not see the row.
    predicted, truth
        Places of the predicted and of the true class, shape (n,).
    splits
        On which rows thresholds are fitted to measure them on which others; random folds if None.

    References
    ----------
    M. Sadinle, J. Lei & L. Wasserman (2019), J. of the American Statistical Association 114(525),
    223-234; V. Vovk (2012), Proc. ACML, PMLR 25, 475-490, for coverage within each class.
    """
    sets, is_measured = _cross_fitted(probabilities, predicted, truth, coverage, within, splits)
    rows = np.flatnonzero(is_measured)
    held, sizes = sets[rows, truth[rows]], sets[rows].sum(axis=1)
    return PredictionSets(
        coverage=coverage,
        within=within,
        thresholds=_thresholds(probabilities, predicted, truth, coverage, within).tolist(),
        rows=len(rows),
        by_class=_held_by(truth[rows], held),
        by_answer=_held_by(predicted[rows], held),
        sizes=[SizeShare(int(size), float((sizes == size).mean())) for size in np.unique(sizes)],
    )


def held_in_sets(
    sets: PredictionSets,
    probabilities: Floats,
    predicted: Places,
    truth: Places,
    *,
    splits: Sequence[Split] | None = None,
) -> Places:
    """Return whether each row's set held its class: 1 or 0, and -1 where no set was measured.

    Each set is fitted on other rows; see `calibrated_sets`.
    """
    found, is_measured = _cross_fitted(
        probabilities, predicted, truth, sets.coverage, sets.within, splits
    )
    return np.where(is_measured, found[np.arange(len(truth)), truth], -1)


def _cross_fitted(
    probabilities: Floats,
    predicted: Places,
    truth: Places,
    coverage: float,
    within: Within,
    splits: Sequence[Split] | None,
) -> tuple[Flags, Flags]:
    """Return the set of each row, with thresholds fitted on other rows, and whether it has one."""
    sets = np.zeros(probabilities.shape, dtype=bool)
    is_measured = np.zeros(len(truth), dtype=bool)
    for others, part in folds(len(truth)) if splits is None else splits:
        thresholds = _thresholds(
            probabilities[others], predicted[others], truth[others], coverage, within
        )
        sets[part] = _held(thresholds, within, predicted[part], probabilities[part])
        is_measured[part] = True
    return sets, is_measured


def _held(thresholds: Floats, within: Within, predicted: Places, probabilities: Floats) -> Flags:
    """Return which classes are in the set of each of n rows, shape (n, classes)."""
    least = thresholds[predicted][:, None] if within == "answers" else thresholds
    is_held = np.asarray(probabilities >= least)
    is_held[np.arange(len(predicted)), predicted] = True
    return is_held


def _held_by(places: Places, held: Flags) -> list[ClassHeld]:
    return [
        ClassHeld(int(place), int(rows.sum()), float(held[rows].mean()))
        for place in np.unique(places)
        for rows in [places == place]
    ]


def _thresholds(
    probabilities: Floats, predicted: Places, truth: Places, coverage: float, within: Within
) -> Floats:
    of_true = probabilities[np.arange(len(truth)), truth]
    by = truth if within == "classes" else predicted
    return np.array(
        [_threshold(of_true[by == place], coverage) for place in range(probabilities.shape[1])]
    )


def _threshold(of_true: Floats, coverage: float) -> float:
    """Return what a new row of them stays above with this probability; 0 with few rows."""
    rank = math.floor((len(of_true) + 1) * (1.0 - coverage) + 1e-9)
    return float(np.sort(of_true)[rank - 1]) if rank >= 1 else 0.0

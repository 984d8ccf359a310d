"""Reliability of a predicted class: how often such answers were right on rows with known outcomes.

An answer is compared with the measured answers of the same class and a similar probability. What
it states is a count, so that it needs no assumption about the model's own probabilities.
"""

import math
from bisect import bisect_right
from functools import cached_property

import msgspec
import numpy as np

from servery.uncertainty.folds import Flags, Floats, Places

#: A band of probabilities has at least so many measured answers, and a class at most so many bands.
ROWS_OF_A_BAND, MOST_BANDS = 50, 10
#: The quantile of the normal distribution for an interval of 95%.
Z_95 = 1.96


class Reliability(msgspec.Struct, frozen=True):
    """Of ``rows`` similar answers on unseen rows, so many were ``right``.

    ``share`` is their quotient; ``low`` and ``high`` are the ends of its 95% interval.
    """

    rows: int
    right: int
    share: float
    low: float
    high: float


class Counted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many measured answers there were, and how many of them were right."""

    rows: int
    right: int


class ClassReliability(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The measured answers of one class, by its place.

    Attributes
    ----------
    edges
        Probabilities of the class between which the bands are, ascending, one fewer than ``bands``.
    """

    place: int
    edges: list[float] = []
    bands: list[Counted]

    def __post_init__(self) -> None:
        """Refuse bands that do not lie between the edges."""
        if len(self.bands) != len(self.edges) + 1:
            raise ValueError("expected one band more than edges")


class AnswerReliability(
    msgspec.Struct, frozen=True, kw_only=True, dict=True, forbid_unknown_fields=True
):
    """How often answers of each class were right."""

    classes: list[ClassReliability]

    @cached_property
    def _by_place(self) -> dict[int, tuple[list[float], list[Reliability]]]:
        return {
            each.place: (each.edges, [stated(band.rows, band.right) for band in each.bands])
            for each in self.classes
        }

    def of(self, predicted: int, probability: float | None) -> Reliability | None:
        """Return the reliability of an answer; None if no such answer was measured."""
        known = self._by_place.get(predicted)
        if known is None:
            return None
        edges, bands = known
        return bands[0 if probability is None else bisect_right(edges, probability)]

    @cached_property
    def bands(self) -> list[Reliability]:
        """The bands of all classes, as `bands_of_rows` counts them."""
        return [each for _, known in self._by_place.values() for each in known]

    def bands_of_rows(self, predicted: Places, probabilities: Floats | None) -> Places:
        """Return the band of each of n answers, counted over all classes; -1 for none."""
        bands = np.full(len(predicted), -1, dtype=np.intp)
        start = 0
        for place, (edges, known) in self._by_place.items():
            those = np.flatnonzero(predicted == place)
            bands[those] = start
            if probabilities is not None:
                bands[those] += np.searchsorted(edges, probabilities[those, place], side="right")
            start += len(known)
        return bands


def stated(rows: int, right: int) -> Reliability:
    """Return counts with their share and its interval.

    References
    ----------
    E. B. Wilson (1927), J. of the American Statistical Association 22(158), 209-212.
    """
    share, z2 = right / rows, Z_95**2 / rows
    middle = (share + z2 / 2) / (1 + z2)
    half = Z_95 / (1 + z2) * math.sqrt(share * (1 - share) / rows + z2 / (4 * rows))
    ends = max(0.0, middle - half), min(1.0, middle + half)
    return Reliability(rows, right, *(round(each, 4) for each in (share, *ends)))


def measured_reliability(
    predicted: Places, truth: Places, probabilities: Floats | None
) -> AnswerReliability:
    """Count how often each class was right, within bands of its probability.

    Parameters
    ----------
    predicted, truth
        Places of the predicted and of the true class, shape (n,), by a fit that did not see the
        row.
    probabilities
        Shape (n, classes); None for a model without probabilities, where a class has one band.
    """
    return AnswerReliability(
        classes=[
            _of_class(
                int(place),
                truth[rows] == place,
                None if probabilities is None else probabilities[rows, place],
            )
            for place in np.unique(predicted)
            for rows in [np.flatnonzero(predicted == place)]
        ]
    )


def _of_class(place: int, right: Flags, probability: Floats | None) -> ClassReliability:
    if probability is None:
        return ClassReliability(place=place, bands=[Counted(len(right), int(right.sum()))])
    count = max(1, min(MOST_BANDS, len(right) // ROWS_OF_A_BAND))
    levels = np.linspace(0.0, 1.0, count + 1)[1:-1]
    edges = np.unique(np.quantile(probability, levels, method="lower"))
    edges = edges[edges > probability.min()]  # no band is empty
    band = np.searchsorted(edges, probability, side="right")
    return ClassReliability(
        place=place,
        edges=edges.tolist(),
        bands=[
            Counted(int((band == each).sum()), int(right[band == each].sum()))
            for each in range(len(edges) + 1)
        ],
    )

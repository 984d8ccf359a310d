"""Measured rows that a version keeps, and how far an instance is from them on the model's scale.

Two values of an input are as far apart as the model's answers with them, on average over a few
training rows that take the one and then the other. Two rows are as far apart as their inputs
together, in the unit of the answer: an input that the model does not use separates no rows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from servery.inputs import Input, Scalar, Value
from servery.signature import Row
from servery.uncertainty.folds import Floats, Places

#: Figures are stated of so many nearest rows: a twentieth of those kept, within these ends.
SHARE_NEAR, FEWEST_NEAR, MOST_NEAR = 20, 10, 50
#: With fewer rows, those nearest would be most of them.
FEWEST_ROWS = 40
#: An instance is close to kept rows if its nearest ones are not farther than those of this share.
CLOSE = 0.95
#: So many rows show how far apart rows are.
ENOUGH_ROWS = 300
SEED = 0


class InputScale(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What some values of one input are to the model.

    Attributes
    ----------
    place
        Of the input in the signature.
    values
        In the order of the input, as JSON values; None for a missing one.
    figures
        For each value, the answers to the training rows that take it.
    """

    place: int
    values: list[Scalar | None]
    figures: list[list[float]]

    def __post_init__(self) -> None:
        """Refuse figures that are not a table with one row for each value."""
        widths = {len(each) for each in self.figures}
        if len(self.values) != len(self.figures) or len(widths) != 1:
            raise ValueError("expected figures of the same rows for each value")

    def of(self, item: Input, column: Sequence[Value]) -> Floats:
        """Return the figures of each value of a column, shape (n, rows).

        Numbers between two known ones lie on a straight line; an unknown category is the mean of
        all of them.
        """
        known = [None if value is None else item.parse(value) for value in self.values]
        figures = np.array(self.figures)
        mean = figures.mean(axis=0)
        missing = figures[known.index(None)] if None in known else mean
        present = [place for place, value in enumerate(known) if value is not None]
        positions = [item.position(known[place]) for place in present]
        if not present or None in positions:
            by_value = dict(zip(known, figures, strict=True)) | {None: missing}
            return np.array([by_value.get(value, mean) for value in column])
        found = np.tile(missing, (len(column), 1))
        is_present = [place for place, value in enumerate(column) if value is not None]
        if is_present:
            at = np.array([item.position(column[place]) for place in is_present], np.float64)
            found[is_present] = _between(np.array(positions, np.float64), figures[present], at)
        return found


class KeptRows(msgspec.Struct, frozen=True, kw_only=True, dict=True, forbid_unknown_fields=True):
    """Measured rows, each with its outcome and what a fit predicted that did not see it.

    Attributes
    ----------
    scales
        Of the inputs that have one; text is not compared.
    weight
        What a sum of differences between figures is multiplied by to be in the unit of the answer.
    rows
        Each in signature order.
    held
        Whether the interval or prediction set of each row held its outcome, where one was stated.
    near
        The number of nearest rows that figures are stated of; 0 if there are too few rows.
    close
        How far the farthest of them is at most, for most of the kept rows themselves.
    """

    scales: list[InputScale]
    weight: float
    rows: list[list[Scalar | None]]
    outcomes: list[Scalar]
    predictions: list[Scalar]
    held: list[bool | None]
    near: int
    close: float

    def __post_init__(self) -> None:
        """Refuse columns of different lengths."""
        counts = {len(each) for each in (self.rows, self.outcomes, self.predictions, self.held)}
        if len(counts) != 1 or not 0 <= self.near <= len(self.rows):
            raise ValueError("expected an outcome, a prediction and more for each kept row")


@dataclass(frozen=True, slots=True)
class RowIndex:
    """The figures of kept rows, to find those nearest to another."""

    inputs: Sequence[Input]
    scales: Sequence[InputScale]
    weight: float
    figures: Floats

    def distances(self, row: Row) -> Floats:
        """Return how far each kept row is from another, in the unit of the answer."""
        [own] = row_figures(self.inputs, self.scales, [row])
        return np.asarray(np.abs(self.figures - own).sum(axis=1) * self.weight)


def row_index(
    inputs: Sequence[Input], scales: Sequence[InputScale], weight: float, rows: Sequence[Row]
) -> RowIndex:
    """Return the index of parsed rows."""
    return RowIndex(inputs, scales, weight, row_figures(inputs, scales, rows))


def row_figures(
    inputs: Sequence[Input], scales: Sequence[InputScale], rows: Sequence[Row]
) -> Floats:
    """Return the figures of the inputs of each row, side by side."""
    columns: list[Any] = list(zip(*rows, strict=True))
    return np.hstack([scale.of(inputs[scale.place], columns[scale.place]) for scale in scales])


def nearest(distances: Floats, count: int) -> Places:
    """Return the places of the nearest rows, the nearest first."""
    return np.argsort(distances, kind="stable")[:count]


def near_count(rows: int) -> int:
    """Return the number of nearest rows that figures are stated of."""
    return 0 if rows < FEWEST_ROWS else min(MOST_NEAR, max(FEWEST_NEAR, rows // SHARE_NEAR))


def close_distance(index: RowIndex, rows: Sequence[Row], near: int) -> float:
    """Return how far the ``near``-th other row is at most, for most of the rows."""
    if not near:
        return 0.0
    chosen = np.random.default_rng(SEED).permutation(len(rows))[:ENOUGH_ROWS]
    return float(np.quantile(list(_farthest(index, rows, near, chosen.tolist())), CLOSE))


def _farthest(
    index: RowIndex, rows: Sequence[Row], near: int, places: Sequence[int]
) -> Iterator[float]:
    for place in places:
        others = np.delete(index.distances(rows[place]), place)
        yield float(np.partition(others, near - 1)[near - 1])


def _between(positions: Floats, figures: Floats, at: Floats) -> Floats:
    """Interpolate the figures of ascending positions, level beyond both ends."""
    high = np.clip(np.searchsorted(positions, at, side="right"), 1, max(1, len(positions) - 1))
    high = np.minimum(high, len(positions) - 1)
    low = np.maximum(high - 1, 0)
    width = positions[high] - positions[low]
    share = np.divide(at - positions[low], width, out=np.zeros_like(at), where=width > 0.0)
    share = np.clip(share, 0.0, 1.0)[:, None]
    return np.asarray(figures[low] + share * (figures[high] - figures[low]))

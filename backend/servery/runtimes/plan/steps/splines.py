"""B-splines of features."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from servery.runtimes.plan.checks import require, require_floats
from servery.runtimes.plan.step import Columns, Floats
from servery.runtimes.plan.transform import (
    Places,
    Projection,
    Transform,
    repeated,
    require_numeric,
)


@dataclass
class Splines(Transform):
    """B-splines as the polynomials that they are between their knots.

    Attributes
    ----------
    knots
        For each feature, the ends of the pieces, ascending: m of them.
    origins
        For each feature, where the powers of each of the m + 1 pieces count from.
    pieces
        For each feature, coefficients of shape (m + 1, powers, splines), powers ascending; the
        first and the last piece are for what lies outside of the knots.
    """

    inner: Transform
    knots: list[Any]
    origins: list[Any]
    pieces: list[Any]

    def check(self) -> None:
        """Refuse pieces that do not fit their knots."""
        require_numeric(self.inner)
        count = self.inner.width
        for values, what in (
            (self.knots, "knots"),
            (self.origins, "origins of splines"),
            (self.pieces, "pieces of splines"),
        ):
            require(isinstance(values, list) and len(values) == count, f"a wrong number of {what}")
        for knots, origins, pieces in zip(self.knots, self.origins, self.pieces, strict=True):
            require_floats(knots, (None,), "knots")
            require(len(knots) and (np.diff(knots) >= 0).all(), "knots that do not ascend")
            require_floats(origins, (len(knots) + 1,), "origins of splines")
            require_floats(pieces, (len(knots) + 1, None, None), "pieces of splines")

    @property
    def width(self) -> int:
        """The splines of all features."""
        return sum(int(pieces.shape[2]) for pieces in self.pieces)

    def sources(self) -> Places | None:
        """Return the source of the feature that each spline bends."""
        return repeated(self.inner.sources(), [pieces.shape[2] for pieces in self.pieces])

    def row(self, row: Sequence[Any]) -> list[Any]:
        """Return the splines at the values of one row."""
        made: list[Any] = []
        for value, knots, origins, pieces in zip(
            self.inner.row(row), self.knots, self.origins, self.pieces, strict=True
        ):
            piece = _piece(knots, value)
            powers = (value - origins[piece]) ** np.arange(pieces.shape[1])
            made.extend((powers @ pieces[piece]).tolist())
        return made

    def rows(self, columns: Columns) -> Floats:
        """Return the splines at the values of n rows."""
        return self.project_rows(columns, np.eye(self.width))

    def projection(self, weights: Floats) -> Projection:
        """Fold the weights into one polynomial for each piece."""
        folded = [
            (knots.tolist(), origins.tolist(), (pieces @ share)[:, ::-1].tolist())
            for knots, origins, pieces, share in self._shares(weights)
        ]
        values = self.inner.row

        def projection(row: Sequence[Any]) -> float:
            total = 0.0
            for value, (knots, origins, polynomials) in zip(values(row), folded, strict=True):
                piece = _piece(knots, value)
                away = value - origins[piece]
                share = 0.0
                for coefficient in polynomials[piece]:
                    share = share * away + coefficient
                total += share
            return total

        return projection

    def project_rows(self, columns: Columns, weights: Floats) -> Floats:
        """Evaluate the folded polynomials of n rows."""
        total: Any = 0.0
        for values, (knots, origins, pieces, share) in zip(
            self.inner.feature_columns(columns), self._shares(weights), strict=True
        ):
            folded = pieces @ share
            at = np.searchsorted(knots, values, side="right")
            at[values == knots[-1]] -= 1
            away = (values - origins[at])[:, None]
            total_of_one = np.zeros((len(values), weights.shape[1]))
            for power in range(pieces.shape[1] - 1, -1, -1):
                total_of_one = total_of_one * away + folded[at, power]
            total = total + total_of_one
        return np.asarray(total)

    def _shares(self, weights: Floats) -> Iterator[tuple[Any, Any, Any, Any]]:
        start = 0
        for knots, origins, pieces in zip(self.knots, self.origins, self.pieces, strict=True):
            end = start + pieces.shape[2]
            yield knots, origins, pieces, weights[start:end]
            start = end


def _piece(knots: Sequence[float], value: float) -> int:
    """Return the piece of a value; that of the highest knot is the last one inside."""
    return bisect_right(knots, value) - (value == knots[-1])

"""Splines and polynomials of columns."""

import math
from typing import Any

import numpy as np

from servery.estimators.plans import Unsupported, Upstream
from servery.estimators.registry import AllowedNames, Family, Part, register, table
from servery.estimators.tampering import require_fitted
from servery.estimators.tracking import MIXED, TrackedColumns, unchanged
from servery.runtimes.plan.steps.arithmetic import Powers
from servery.runtimes.plan.steps.splines import Splines
from servery.runtimes.plan.transform import Transform

#: Higher degrees have no use, and evaluating them takes memory for each.
MOST_DEGREE = 100


def _track_knots(part: Part, columns: TrackedColumns) -> TrackedColumns:
    for column, spline in unchanged(columns, part.bsplines_):
        inner = spline.t[spline.k : len(spline.t) - spline.k]
        column.approximate_range = (float(inner[0]), float(inner[-1]))
    return MIXED


def _splines(part: Part, upstream: Upstream) -> Transform:
    if part.extrapolation not in {"constant", "linear", "continue"}:
        raise Unsupported(f"splines with extrapolation {part.extrapolation!r}")
    if getattr(part, "handle_missing", "error") != "error":
        raise Unsupported("splines of missing values")
    if part.degree < 1:
        raise Unsupported("splines of degree 0")
    made = [_pieces(spline, part) for spline in part.bsplines_]
    knots, origins, pieces = ([each[index] for each in made] for index in range(3))
    return Splines(upstream.features, knots, origins, pieces)


def _pieces(spline: Any, part: Part) -> tuple[Any, Any, Any]:  # noqa: ANN401
    """Return a B-spline as polynomials: its knots, where each piece counts from, coefficients."""
    from scipy.interpolate import PPoly

    degree = spline.k
    knots = np.unique(spline.t[degree : len(spline.t) - degree])
    each = [PPoly.from_spline((spline.t, column, degree)) for column in spline.c.T]
    starts = [int(np.searchsorted(spline.t, knot, side="right")) - 1 for knot in knots[:-1]]
    inside = [  # powers ascending
        np.column_stack([polynomial.c[::-1, start] for polynomial in each]) for start in starts
    ]
    below = _outside(inside[0], 0.0, part.extrapolation)
    above = _outside(inside[-1], knots[-1] - knots[-2], part.extrapolation)
    coefficients = np.stack([below, *inside, above])
    if not part.include_bias:
        coefficients = coefficients[:, :, :-1]
    origins = np.concatenate([knots[:1], knots])
    return knots, origins, np.ascontiguousarray(coefficients)


def _outside(piece: Any, away: float, extrapolation: str) -> Any:  # noqa: ANN401
    """Return the polynomials of a piece, expanded about a point of it."""
    powers = len(piece)
    moved = np.zeros_like(piece)
    for power in range(powers):
        for higher in range(power, powers):
            moved[power] += math.comb(higher, power) * away ** (higher - power) * piece[higher]
    kept = {"constant": 1, "linear": 2, "continue": powers}[extrapolation]
    moved[kept:] = 0.0
    return moved


register(Family("sklearn.preprocessing: SplineTransformer", track=_track_knots, transform=_splines))


def _check_spline(part: Part) -> None:
    knots, numbers, degree = part.t, part.c, part.k
    is_fit = type(degree) is int and 0 <= degree < MOST_DEGREE and knots.ndim == 1
    require_fitted(is_fit and len(numbers) == len(knots) - degree - 1 > 0, "a spline")


register(
    Family(
        "scipy.interpolate: BSpline",
        check=_check_spline,
        names=AllowedNames(made=table("scipy.interpolate._bsplines: BSpline")),
    )
)


def _polynomial(part: Part, upstream: Upstream) -> Transform:
    return Powers(upstream.features, part.powers_.astype(float))


register(Family("sklearn.preprocessing: PolynomialFeatures", transform=_polynomial))

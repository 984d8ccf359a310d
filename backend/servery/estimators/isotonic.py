"""Isotonic regression: a curve that never falls, or never rises, along one column."""

from servery.estimators.registry import AllowedNames, Family, Part, register, table
from servery.estimators.tracking import MIXED, TrackedColumns, unchanged


def _track_curve(part: Part, columns: TrackedColumns) -> TrackedColumns:
    for column, low, high in unchanged(columns, [part.X_min_], [part.X_max_]):
        column.low, column.high = float(low), float(high)
    return MIXED


def _one_column(_: Part) -> int:
    return 1


register(
    Family(
        "sklearn.isotonic: IsotonicRegression",
        track=_track_curve,
        width=_one_column,
        names=AllowedNames(made=table("scipy.interpolate._interpolate: interp1d")),
    )
)

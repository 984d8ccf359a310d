"""Scalers: each column shifted and scaled by itself."""

from typing import Any

from servery.estimators.plans import Upstream, with_operations
from servery.estimators.registry import Family, Part, register
from servery.estimators.tracking import TrackedColumns, changed, rounded, unchanged
from servery.runtimes.plan.transform import Transform

#: Most values of a bell curve lie within so many standard deviations of its mean.
WIDE = 2.0


def _track_middles(columns: TrackedColumns, middles: Any, scales: Any) -> TrackedColumns:  # noqa: ANN401
    for column, middle in unchanged(columns, () if middles is None else middles):
        column.typical = rounded(middle)
    if middles is not None and scales is not None:
        for column, middle, scale in unchanged(columns, middles, scales):
            reach = WIDE * scale
            column.approximate_range = (float(middle - reach), float(middle + reach))
    return changed(columns)


def _affine(upstream: Upstream, shift: Any, scale: Any) -> Transform:  # noqa: ANN401
    """Subtract, then divide, as scikit-learn's scalers do."""
    features = upstream.features
    if shift is not None:
        features = with_operations(features, [["subtract", number] for number in shift.tolist()])
    if scale is not None:
        features = with_operations(features, [["divide", number] for number in scale.tolist()])
    return features


def _clipped(features: Transform, low: float, high: float) -> Transform:
    return with_operations(features, [["clip", low, high]] * features.width)


def _track_standard(part: Part, columns: TrackedColumns) -> TrackedColumns:
    return _track_middles(columns, part.mean_, part.scale_)


def _standard(part: Part, upstream: Upstream) -> Transform:
    shift = part.mean_ if part.with_mean else None
    return _affine(upstream, shift, part.scale_ if part.with_std else None)


register(
    Family("sklearn.preprocessing: StandardScaler", track=_track_standard, transform=_standard)
)


def _track_robust(part: Part, columns: TrackedColumns) -> TrackedColumns:
    return _track_middles(columns, part.center_, part.scale_)


def _robust(part: Part, upstream: Upstream) -> Transform:
    shift = part.center_ if part.with_centering else None
    return _affine(upstream, shift, part.scale_ if part.with_scaling else None)


register(Family("sklearn.preprocessing: RobustScaler", track=_track_robust, transform=_robust))


def _track_max_abs(part: Part, columns: TrackedColumns) -> TrackedColumns:
    for column, most in unchanged(columns, part.max_abs_):
        column.approximate_range = (-float(most), float(most))
    return changed(columns)


def _max_abs(part: Part, upstream: Upstream) -> Transform:
    features = _affine(upstream, None, part.scale_)
    return _clipped(features, -1.0, 1.0) if getattr(part, "clip", False) else features


register(Family("sklearn.preprocessing: MaxAbsScaler", track=_track_max_abs, transform=_max_abs))


def _track_min_max(part: Part, columns: TrackedColumns) -> TrackedColumns:
    for column, low, high in unchanged(columns, part.data_min_, part.data_max_):
        column.low, column.high = float(low), float(high)
    return changed(columns)


def _min_max(part: Part, upstream: Upstream) -> Transform:
    features = upstream.features
    features = with_operations(features, [["multiply", number] for number in part.scale_.tolist()])
    features = with_operations(features, [["add", number] for number in part.min_.tolist()])
    low, high = part.feature_range
    return _clipped(features, float(low), float(high)) if part.clip else features


register(Family("sklearn.preprocessing: MinMaxScaler", track=_track_min_max, transform=_min_max))


def _track_quantiles(part: Part, columns: TrackedColumns) -> TrackedColumns:
    for column, quantiles in unchanged(columns, part.quantiles_.T):
        column.approximate_range = (float(quantiles[0]), float(quantiles[-1]))
        column.typical = rounded(quantiles[len(quantiles) // 2])
    return changed(columns)


register(Family("sklearn.preprocessing: QuantileTransformer", track=_track_quantiles))


def _track_one_to_one(_part: Part, columns: TrackedColumns) -> TrackedColumns:
    return changed(columns)


# The base class of every transformer that keeps columns apart, of other libraries as well.
register(Family("sklearn.base: OneToOneFeatureMixin", track=_track_one_to_one))

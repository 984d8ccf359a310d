"""Imputers: what stands in for missing values."""

from typing import Any

import numpy as np

from servery.estimators.plans import Unsupported, Upstream, with_operations
from servery.estimators.registry import AllowedNames, Family, Part, register, table
from servery.estimators.tracking import TrackedColumns, known, rounded, unchanged
from servery.runtimes.plan.steps.columns import Concatenate, Elementwise, Select
from servery.runtimes.plan.transform import Transform


def _track_imputer(part: Part, columns: TrackedColumns) -> TrackedColumns:
    for tracked in known(columns):
        if tracked.is_unchanged:
            tracked.column.mark_missing(_plain(part.missing_values))
        tracked.column.missing_allowed = tracked.column.expects_missing = True
    filled = getattr(part, "initial_imputer_", part)  # an iterative one begins with a simple one
    for column, value in unchanged(columns, getattr(filled, "statistics_", ())):
        if isinstance(value, (int, float, np.number)) and np.isfinite(value):
            column.typical = rounded(value)
    return columns


def _plain(marker: Any) -> object:  # noqa: ANN401 - of NumPy too
    return marker.item() if isinstance(marker, np.generic) else marker


def _simple(part: Part, upstream: Upstream) -> Transform:
    features = upstream.features
    # True and false are numbers to a plan.
    fills = [float(fill) if isinstance(fill, bool) else fill for fill in part.statistics_.tolist()]
    if any(fill is None or fill != fill for fill in fills):
        raise Unsupported("a SimpleImputer of a column without values")
    if not (isinstance(part.missing_values, float) and np.isnan(part.missing_values)):
        raise Unsupported("a SimpleImputer of other missing values")
    filled = with_operations(features, [["fill", fill] for fill in fills])
    if not part.add_indicator:
        return filled
    marked = Select(features, part.indicator_.features_.tolist())
    return Concatenate([filled, Elementwise(marked, [[["missing"]]] * marked.width)])


register(Family("sklearn.impute: SimpleImputer", track=_track_imputer, transform=_simple))
register(Family("sklearn.impute: KNNImputer", track=_track_imputer))
register(
    Family(
        "sklearn.impute: IterativeImputer",
        track=_track_imputer,
        compares_gaps=True,
        names=AllowedNames(made=table("sklearn.impute._iterative: _ImputerTriplet")),
    )
)

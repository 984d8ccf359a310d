"""Transformers that keep some of their columns."""

from servery.estimators.plans import Upstream
from servery.estimators.registry import AllowedNames, Family, Part, register, table
from servery.estimators.tracking import TrackedColumns
from servery.runtimes.plan.steps.columns import Select
from servery.runtimes.plan.transform import Transform


def _no_inner_estimators(_part: Part) -> tuple[Part, ...]:
    """Return none: the estimator of a selector only advises it."""
    return ()


def _track_kept(part: Part, columns: TrackedColumns) -> TrackedColumns:
    return [tracked for tracked, kept in zip(columns, part.get_support(), strict=False) if kept]


def _select(part: Part, upstream: Upstream) -> Transform:
    kept = [int(place) for place in part.get_support(indices=True)]
    return Select(upstream.features, kept)


# The base class of all selectors, which decides by `get_support` alone.
register(
    Family(
        "sklearn.feature_selection: SelectorMixin",
        inner=_no_inner_estimators,
        track=_track_kept,
        transform=_select,
        covers_subclasses=True,
        names=AllowedNames(
            placed=dict.fromkeys(
                table(
                    """
                    sklearn.feature_selection._mutual_info: mutual_info_classif
                    sklearn.feature_selection._mutual_info: mutual_info_regression
                    sklearn.feature_selection._univariate_selection: chi2 f_classif f_oneway
                    sklearn.feature_selection._univariate_selection: f_regression r_regression
                    """
                ),
                frozenset({"score_func"}),
            )
        ),
    )
)

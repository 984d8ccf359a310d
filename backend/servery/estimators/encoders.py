"""Encoders: categories as columns of zeros and ones, as numbers, or as means of the target."""

from typing import Any

import numpy as np

from servery.estimators.plans import Upstream
from servery.estimators.registry import Family, Part, register
from servery.estimators.tampering import require_fitted
from servery.estimators.tracking import MIXED, TrackedColumns, unchanged
from servery.runtimes.plan.steps.categories import OneHot, Ordinal
from servery.runtimes.plan.steps.columns import Select
from servery.runtimes.plan.transform import Transform


def _track_categories(
    part: Part, columns: TrackedColumns, *, refuses_unknown: bool
) -> TrackedColumns:
    for column, values in unchanged(columns, part.categories_):
        given = [value for value in values.tolist() if value is not None and value == value]
        column.categories = tuple(given)
        column.unknown_allowed = column.unknown_allowed and not refuses_unknown
        missing = [value for value in values.tolist() if value is None or value != value]
        column.distinguishes_missing |= len(missing) > 1
        for marker in missing:
            column.mark_missing(marker, is_seen=True)
    return MIXED


def _track_encoder(part: Part, columns: TrackedColumns) -> TrackedColumns:
    return _track_categories(part, columns, refuses_unknown=part.handle_unknown == "error")


def _plain(value: Any) -> Any:  # noqa: ANN401
    """Return a category as a value of a row: what is missing is None."""
    if value is None or value != value:
        return None
    return float(value) if isinstance(value, (bool, int)) else value


def _one_hot(part: Part, upstream: Upstream) -> Transform:
    columns = upstream.features
    infrequent = getattr(part, "_infrequent_indices", None) or [None] * columns.width
    categories, features, unknown, widths = [], [], [], []
    for place, values in enumerate(part.categories_):
        rare = set() if infrequent[place] is None else set(infrequent[place].tolist())
        common = [index for index in range(len(values)) if index not in rare]
        feature = {index: at for at, index in enumerate(common)}
        feature |= dict.fromkeys(rare, len(common))
        count = len(common) + bool(rare)
        dropped = None if part.drop_idx_ is None else part.drop_idx_[place]
        if dropped is not None:
            gone = feature[int(dropped)]
            feature = {
                index: -1 if at == gone else at - (at > gone) for index, at in feature.items()
            }
            count -= 1
        categories.append([_plain(value) for value in values.tolist()])
        features.append([feature[index] for index in range(len(values))])
        rare_feature = feature[min(rare)] if rare else -1
        takes_rare = part.handle_unknown in {"infrequent_if_exist", "warn"}
        unknown.append(rare_feature if takes_rare else -1)
        widths.append(count)
    return OneHot(columns, categories, features, unknown, widths)


def _check_one_hot(part: Part) -> None:
    if hasattr(part, "_n_features_outs"):
        is_fit = part._n_features_outs == part._compute_n_features_outs()
        require_fitted(is_fit, "columns of categories")


register(
    Family(
        "sklearn.preprocessing: OneHotEncoder",
        track=_track_encoder,
        transform=_one_hot,
        check=_check_one_hot,
    )
)


def _ordinal(part: Part, upstream: Upstream) -> Transform:
    columns = upstream.features
    rare = getattr(part, "_default_to_infrequent_mappings", None) or [None] * columns.width
    missing = float(part.encoded_missing_value)
    categories, codes = [], []
    for values, joined in zip(part.categories_, rare, strict=True):
        plain = [_plain(value) for value in values.tolist()]
        numbers = range(len(plain)) if joined is None else joined.tolist()
        categories.append(plain)
        codes.append(
            [
                missing if value is None else float(at)
                for at, value in zip(numbers, plain, strict=False)
            ]
            + [missing] * (len(plain) - len(numbers))
        )
    takes_unknown = part.handle_unknown == "use_encoded_value"
    other = float(part.unknown_value) if takes_unknown else float("nan")
    return Ordinal(columns, categories, codes, [other] * columns.width)


register(Family("sklearn.preprocessing: OrdinalEncoder", track=_track_encoder, transform=_ordinal))


def _track_target_encoder(part: Part, columns: TrackedColumns) -> TrackedColumns:
    return _track_categories(part, columns, refuses_unknown=False)  # they get the overall mean


def _target_means(part: Part, upstream: Upstream) -> Transform:
    features = upstream.features
    per_column = len(part.classes_) if part.target_type_ == "multiclass" else 1
    repeated = [place for place in range(features.width) for _ in range(per_column)]
    categories = [[_plain(value) for value in part.categories_[at].tolist()] for at in repeated]
    means = np.resize(np.ravel(part.target_mean_), len(repeated)).tolist()
    codes = [np.asarray(each, float).tolist() for each in part.encodings_]
    return Ordinal(Select(features, repeated), categories, codes, means)


register(
    Family(
        "sklearn.preprocessing: TargetEncoder",
        track=_track_target_encoder,
        transform=_target_means,
    )
)

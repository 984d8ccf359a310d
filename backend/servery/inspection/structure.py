"""What the fitted parts of an estimator know of the columns that it was fitted on.

Columns are followed from the outside in: through pipelines, column transformers and wrappers,
until something that mixes them. On the way each part leaves what it holds: categories, means,
ranges, that missing values were filled. A column of which nothing is known is a number.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from sklearn.base import OneToOneFeatureMixin
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.feature_extraction.text import (
    CountVectorizer,
    HashingVectorizer,
    TfidfVectorizer,
)
from sklearn.impute import KNNImputer, SimpleImputer
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.preprocessing import (
    KBinsDiscretizer,
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    RobustScaler,
    StandardScaler,
    TargetEncoder,
)
from sklearn.utils import get_tags

from servery.card import readable
from servery.errors import PublishingRefused
from servery.inspection.columns import order, scalar
from servery.manifest import Takes
from servery.signature import (
    Category,
    CategoryInput,
    Input,
    NumberInput,
    NumberSeen,
    Scalar,
    TextInput,
)

TEXT = "text"
VECTORIZERS = (CountVectorizer, HashingVectorizer, TfidfVectorizer)


@dataclass(slots=True)
class Column:
    """What is known so far of one column of the table."""

    name: str
    is_text: bool = False
    categories: tuple[Scalar, ...] | None = None
    unknown_allowed: bool = True
    missing_allowed: bool = False
    typical: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Structure:
    """The inputs that could be read, and how the estimator takes its rows."""

    inputs: tuple[Input, ...]
    takes: Takes


#: The columns as they leave a part, in order; None for one that is a mixture of several.
Columns: TypeAlias = Sequence[Column | None]


def read_structure(estimator: Any) -> Structure:  # noqa: ANN401 - any fitted estimator
    """Read the inputs of a fitted estimator from its own parts.

    Raises
    ------
    PublishingRefused
        It is not fitted, or does not say how many columns it takes.
    """
    if _takes_texts(estimator):
        return Structure((TextInput(name=TEXT, label="Text"),), "texts")
    names, takes = _names(estimator)
    columns = [Column(name) for name in names]
    _walk(estimator, columns)
    return Structure(tuple(_input(column) for column in columns), takes)


def _takes_texts(estimator: Any) -> bool:  # noqa: ANN401
    first = _innermost_first(estimator)
    if isinstance(first, FeatureUnion):
        return all(_takes_texts(part) for _, part in first.transformer_list)
    return isinstance(first, VECTORIZERS)


def _innermost_first(estimator: Any) -> Any:  # noqa: ANN401
    while True:
        if isinstance(estimator, Pipeline):
            estimator = estimator.steps[0][1]
            continue
        inner = _wrapped(estimator)
        if not inner:
            return estimator
        estimator = inner[0]


def _names(estimator: Any) -> tuple[list[str], Takes]:  # noqa: ANN401
    for part in _outside_in(estimator):
        named = getattr(part, "feature_names_in_", None)
        if named is not None:
            return [str(name) for name in named], "frame"
    for part in _outside_in(estimator):
        count = getattr(part, "n_features_in_", None)
        if isinstance(count, (int, np.integer)):
            return [f"x{index}" for index in range(int(count))], "array"
    raise PublishingRefused(
        f"Expected a fitted estimator, found a {type(estimator).__name__} that does not say how "
        "many columns it takes. Fit it before saving it."
    )


def _outside_in(estimator: Any) -> list[Any]:  # noqa: ANN401
    parts = [estimator]
    for part in parts:
        if isinstance(part, Pipeline):
            parts.append(part.steps[0][1])
        parts.extend(_wrapped(part)[:1])
    return parts


def _wrapped(estimator: Any) -> list[Any]:  # noqa: ANN401
    """Return the fitted estimators inside one that hands its columns on as they are."""
    for attribute in ("best_estimator_", "estimator_", "regressor_", "estimators_"):
        inner = getattr(estimator, attribute, None)
        if inner is not None and not _is_tree_ensemble(estimator):
            return [part for part in np.ravel(np.asarray(inner, dtype=object)) if part is not None]
    calibrated = getattr(estimator, "calibrated_classifiers_", None)
    if calibrated:
        return [part.estimator for part in calibrated]
    inner = getattr(estimator, "estimator", None)
    is_frozen = type(estimator).__name__ == "FrozenEstimator"
    return [inner] if is_frozen and inner is not None else []


def _is_tree_ensemble(estimator: Any) -> bool:  # noqa: ANN401
    return hasattr(estimator, "feature_importances_")


def _walk(part: Any, columns: Columns) -> Columns:  # noqa: ANN401
    """Leave in ``columns`` what ``part`` knows of them; return them as they go on."""
    for kinds, read in READERS:
        if isinstance(part, kinds):
            return read(part, columns)
    if isinstance(part, str) or part is None:
        return columns if part == "passthrough" else []
    inner = _wrapped(part)
    for each in inner:
        _walk(each, columns)
    if not inner and not hasattr(part, "transform"):
        _read_missing(part, columns)
    return [None]


def _read_missing(part: Any, columns: Columns) -> None:  # noqa: ANN401
    try:
        allowed = get_tags(part).input_tags.allow_nan
    except (AttributeError, TypeError):  # not of scikit-learn's kind: nothing is known
        return
    for column in columns:
        if column is not None and allowed:
            column.missing_allowed = True


def _pipeline(part: Pipeline, columns: Columns) -> Columns:
    for _, step in part.steps:
        columns = _walk(step, columns)
    return columns


def _column_transformer(part: ColumnTransformer, columns: Columns) -> Columns:
    going_on: list[Column | None] = []
    for name, transformer, _ in part.transformers_:
        places = part._transformer_to_input_indices[name]
        going_on.extend(_walk(transformer, [columns[place] for place in places]))
    return going_on


def _feature_union(part: FeatureUnion, columns: Columns) -> Columns:
    return [column for _, each in part.transformer_list for column in _walk(each, columns)]


def _encoder(part: Any, columns: Columns) -> Columns:  # noqa: ANN401
    strict = getattr(part, "handle_unknown", "error") == "error" and not isinstance(
        part, TargetEncoder
    )
    for column, values in zip(columns, part.categories_, strict=True):
        if column is None:
            continue
        known = [value for value in values.tolist() if value is not None and value == value]
        column.categories = tuple(scalar(value) for value in known)
        column.unknown_allowed = not strict
        column.missing_allowed |= len(known) < len(values)
    return [None]


def _imputer(part: Any, columns: Columns) -> Columns:  # noqa: ANN401
    for column, value in zip(columns, getattr(part, "statistics_", columns), strict=False):
        if column is None:
            continue
        column.missing_allowed = True
        if isinstance(value, (int, float, np.number)) and np.isfinite(value):
            column.typical = float(value)
    return columns


def _centred(attribute: str) -> Callable[[Any, Columns], Columns]:
    def read(part: Any, columns: Columns) -> Columns:  # noqa: ANN401
        middles = getattr(part, attribute, None)
        for column, middle in zip(columns, [] if middles is None else middles, strict=False):
            if column is not None:
                column.typical = float(middle)
        return columns

    return read


def _min_max(part: MinMaxScaler, columns: Columns) -> Columns:
    for column, low, high in zip(columns, part.data_min_, part.data_max_, strict=True):
        if column is not None:
            column.low, column.high = float(low), float(high)
    return columns


def _bins(part: KBinsDiscretizer, columns: Columns) -> Columns:
    for column, edges in zip(columns, part.bin_edges_, strict=True):
        if column is not None:
            column.low, column.high = float(edges[0]), float(edges[-1])
    return [None]


def _unchanged(_part: Any, columns: Columns) -> Columns:  # noqa: ANN401
    return columns


def _vectorizer(_part: Any, columns: Columns) -> Columns:  # noqa: ANN401
    for column in columns:
        if column is not None:
            column.is_text = True
    return [None]


def _hist_gradient_boosting(part: Any, columns: Columns) -> Columns:  # noqa: ANN401
    preprocessor = getattr(part, "_preprocessor", None)
    if preprocessor is not None:
        _column_transformer(preprocessor, columns)
    for column in columns:
        if column is not None:
            column.missing_allowed = True
            column.unknown_allowed = True
    return [None]


Reader: TypeAlias = Callable[[Any, Columns], Columns]

READERS: tuple[tuple[type | tuple[type, ...], Reader], ...] = (
    (Pipeline, _pipeline),
    (ColumnTransformer, _column_transformer),
    (FeatureUnion, _feature_union),
    ((OneHotEncoder, OrdinalEncoder, TargetEncoder), _encoder),
    ((SimpleImputer, KNNImputer), _imputer),
    (StandardScaler, _centred("mean_")),
    (RobustScaler, _centred("center_")),
    (MinMaxScaler, _min_max),
    (KBinsDiscretizer, _bins),
    (VECTORIZERS, _vectorizer),
    (
        (HistGradientBoostingClassifier, HistGradientBoostingRegressor),
        _hist_gradient_boosting,
    ),
    (OneToOneFeatureMixin, _unchanged),  # last: the classes above are of it too
)


def _input(column: Column) -> Input:
    label = readable(column.name)
    if column.is_text:
        return TextInput(name=column.name, label=label, missing_allowed=False)
    if column.categories is not None:
        known = sorted(((value, 0) for value in column.categories), key=order)
        return CategoryInput(
            name=column.name,
            label=label,
            missing_allowed=column.missing_allowed,
            unknown_allowed=column.unknown_allowed,
            categories=tuple(Category(value, str(value)) for value, _ in known),
            typical=known[0][0] if known else None,
        )
    return NumberInput(
        name=column.name,
        label=label,
        missing_allowed=column.missing_allowed,
        typical=column.typical,
        seen=_seen(column),
    )


def _seen(column: Column) -> NumberSeen | None:
    """Return the range that a scaler holds; how values are spread in it is not known."""
    if column.low is None or column.high is None or not column.low < column.high:
        return None
    return NumberSeen(minimum=column.low, maximum=column.high)

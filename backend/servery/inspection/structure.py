"""What the fitted parts of an estimator know of the columns that it was fitted on.

Columns are followed from the outside in: through pipelines, column transformers and wrappers,
until something that mixes them. On the way each part leaves what it holds: categories, means,
ranges, that missing values were filled. A column of which nothing is known is a number.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
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
from sklearn.feature_selection import SelectorMixin
from sklearn.impute import KNNImputer, SimpleImputer
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    KBinsDiscretizer,
    MaxAbsScaler,
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    QuantileTransformer,
    RobustScaler,
    SplineTransformer,
    StandardScaler,
    TargetEncoder,
)
from sklearn.utils import get_tags

from servery.errors import PublishingRefused
from servery.inputs import Scalar
from servery.inspection.boosters import Kind, Known, read_booster
from servery.manifest import Takes

TEXT = "text"
VECTORIZERS = (CountVectorizer, HashingVectorizer, TfidfVectorizer)
#: Most values of a bell curve lie within so many standard deviations of its mean.
WIDE = 2.0


@dataclass(slots=True)
class Column:
    """What is known so far of one column of the table.

    Attributes
    ----------
    used
        Whether any part takes it.
    expects_missing
        Whether a part has a place for what is missing, which somebody meant it to have.
    low, high
        The range of training, where a part holds it.
    rough
        Where most values lie, where no part holds the range.
    """

    name: str
    used: bool = False
    kind: Kind = "number"
    categories: tuple[Scalar, ...] | None = None
    is_categorical: bool = False
    unknown_allowed: bool = True
    missing_allowed: bool = False
    expects_missing: bool = False
    typical: float | None = None
    low: float | None = None
    high: float | None = None
    rough: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    """A column on its way through the parts; ``intact`` until one changes its values."""

    column: Column
    intact: bool = True


@dataclass(frozen=True, slots=True)
class Structure:
    """The columns that could be read, and how the estimator takes its rows."""

    columns: tuple[Column, ...]
    takes: Takes


#: The columns as they leave a part, in order; None for one that is a mixture of several.
Lanes: TypeAlias = Sequence[Lane | None]


def read_structure(estimator: Any) -> Structure:  # noqa: ANN401 - any fitted estimator
    """Read the columns of a fitted estimator from its own parts.

    Raises
    ------
    PublishingRefused
        It is not fitted, or does not say how many columns it takes.
    """
    if _takes_texts(estimator):
        return Structure((Column(TEXT, used=True, kind="text"),), "texts")
    names, takes = _names(estimator)
    columns = tuple(Column(name) for name in names)
    _walk(estimator, [Lane(column) for column in columns])
    return Structure(columns, takes)


def _takes_texts(estimator: Any) -> bool:  # noqa: ANN401
    first = _innermost_first(estimator)
    if isinstance(first, FeatureUnion):
        return all(_takes_texts(part) for _, part in first.transformer_list)
    if isinstance(first, VECTORIZERS):
        _require_content(first)
    return isinstance(first, VECTORIZERS)


def _require_content(vectorizer: Any) -> None:  # noqa: ANN401
    """Refuse a vectorizer that opens what it is sent: whoever asks would read the server's files.

    Raises
    ------
    PublishingRefused
        Names the setting.
    """
    if vectorizer.input != "content":
        raise PublishingRefused(
            f"{type(vectorizer).__name__} has input={vectorizer.input!r}, so it would open files "
            "of the server by the names that it is sent; fit it with input='content'."
        )


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
        named = _own_names(part)
        if named and not _numbered(named):
            return named, "frame"
    for part in _outside_in(estimator):
        # CatBoost forgets the count when it is saved, and keeps the names that it made up.
        count = len(_own_names(part)) or getattr(part, "n_features_in_", None)
        if isinstance(count, (int, np.integer)):
            return [f"x{index}" for index in range(int(count))], "array"
    raise PublishingRefused(
        f"Expected a fitted estimator, found a {type(estimator).__name__} that does not say how "
        "many columns it takes. Fit it before saving it."
    )


def _own_names(part: Any) -> list[str]:  # noqa: ANN401
    for attribute in ("feature_names_in_", "feature_names_"):  # the latter is CatBoost's
        named = getattr(part, attribute, None)
        if isinstance(named, (list, np.ndarray)):
            return [str(name) for name in named]
    return []


def _numbered(names: Sequence[str]) -> bool:
    """Return whether a booster made the names up: 0, 1, 2 or ``Column_0``, ``Column_1``."""
    return all(name.removeprefix("Column_") == str(place) for place, name in enumerate(names))


def _outside_in(estimator: Any) -> list[Any]:  # noqa: ANN401
    parts = [estimator]
    for part in parts:
        if isinstance(part, Pipeline):
            parts.append(part.steps[0][1])
        parts.extend(_wrapped(part)[:1])
    return parts


def _wrapped(estimator: Any) -> list[Any]:  # noqa: ANN401
    """Return the fitted estimators inside one that hands its columns on as they are."""
    if _trees(estimator) or isinstance(estimator, SelectorMixin):
        return []  # an ensemble of trees is one part, and a selector's estimator only advises it
    for attribute in ("best_estimator_", "estimators_", "estimator_", "regressor_"):
        inner = getattr(estimator, attribute, None)
        if inner is not None:
            return [part for part in _flat(inner) if part is not None]
    calibrated = getattr(estimator, "calibrated_classifiers_", None)
    if calibrated:
        return [part.estimator for part in calibrated]
    inner = getattr(estimator, "estimator", None)
    is_frozen = type(estimator).__name__ == "FrozenEstimator"
    return [inner] if is_frozen and inner is not None else []


def _flat(parts: Any) -> Iterator[Any]:  # noqa: ANN401
    """Go through parts in lists and arrays of any depth; a pipeline is one part."""
    if not isinstance(parts, (list, tuple, np.ndarray)):
        yield parts
        return
    for part in parts:
        yield from _flat(part)


def _walk(part: Any, lanes: Lanes) -> Lanes:  # noqa: ANN401
    """Leave in the columns what ``part`` knows of them; return them as they go on."""
    if part == "drop" or part is None:
        return []
    if part == "passthrough":
        return lanes
    inner = _wrapped(part)
    if not inner and not isinstance(part, (Pipeline, ColumnTransformer, FeatureUnion)):
        for lane in _known(lanes):
            lane.column.used = True
    for kinds, read in READERS:
        if isinstance(part, kinds):
            return read(part, lanes)
    for place, each in enumerate(inner):
        _walk(each, _drawn(part, place, lanes))
    if not inner and hasattr(part, "predict"):
        _predictor(part, lanes)
    return [None]


def _drawn(part: Any, place: int, lanes: Lanes) -> Lanes:  # noqa: ANN401
    """Return the columns that the estimator at ``place`` in a bag was given."""
    drawn = getattr(part, "estimators_features_", None)
    return lanes if drawn is None else [lanes[index] for index in drawn[place]]


def _known(lanes: Lanes) -> list[Lane]:
    return [lane for lane in lanes if lane is not None]


def _intact(lanes: Lanes, *facts: Any) -> Iterable[tuple[Any, ...]]:  # noqa: ANN401
    """Go through the columns whose values are still their own, each with its facts."""
    for lane, *of_lane in zip(lanes, *facts, strict=False):
        if lane is not None and lane.intact:
            yield lane.column, *of_lane


def _short(value: Any) -> float:  # noqa: ANN401 - any number
    return float(f"{float(value):.4g}")


def _changed(lanes: Lanes) -> Lanes:
    return [lane and replace(lane, intact=False) for lane in lanes]


def _predictor(part: Any, lanes: Lanes) -> None:  # noqa: ANN401
    if _allows_missing(part):
        for lane in _known(lanes):
            lane.column.missing_allowed = True
    knowledge = read_booster(part)
    for column, known in _intact(lanes, knowledge or ()):
        _learn(column, known)
    if knowledge is None:
        _read_thresholds(part, lanes)
        _read_points(part, lanes)


def _allows_missing(part: Any) -> bool:  # noqa: ANN401
    try:
        return bool(get_tags(part).input_tags.allow_nan)
    except (AttributeError, TypeError):  # not of scikit-learn's kind: nothing is known
        return False


def _learn(column: Column, known: Known) -> None:
    if known.kind is not None:
        column.kind = known.kind
    if known.categories is not None:
        column.categories = known.categories
    column.is_categorical |= known.is_categorical
    column.low = known.low if column.low is None else column.low
    column.high = known.high if column.high is None else column.high


def _read_thresholds(part: Any, lanes: Lanes) -> None:  # noqa: ANN401
    """Read roughly where values lie from where trees split them."""
    trees = [tree for tree in _trees(part) if getattr(tree, "n_features", None) == len(lanes)]
    if not trees:
        return
    features = np.concatenate([tree.feature for tree in trees])
    thresholds = np.concatenate([tree.threshold for tree in trees])
    for column, place in _intact(lanes, range(len(lanes))):
        split_at = thresholds[features == place]
        if len(split_at) and column.rough is None:
            column.rough = (float(split_at.min()), float(split_at.max()))
            if column.typical is None:
                column.typical = _short(np.median(split_at))


def _trees(part: Any) -> list[Any]:  # noqa: ANN401
    estimators = getattr(part, "estimators_", None)
    parts = [part] if estimators is None else _flat(estimators)
    return [each.tree_ for each in parts if hasattr(each, "tree_")]


def _read_points(part: Any, lanes: Lanes) -> None:  # noqa: ANN401
    """Read where values lie from points that a part keeps: rows of its training, or centres."""
    for attribute in ("_fit_X", *CENTRES):
        points = getattr(part, attribute, None)
        if not isinstance(points, np.ndarray) or points.shape[1:] != (len(lanes),):
            continue
        if not np.issubdtype(points.dtype, np.number):
            continue
        for column, values in _intact(lanes, points.T):
            if column.typical is None:
                column.typical = _short(np.median(values))
            if attribute == "_fit_X":
                column.low, column.high = float(values.min()), float(values.max())
            elif column.rough is None:
                column.rough = (float(values.min()), float(values.max()))
        return


#: Means of classes or groups, and the rows that carry a boundary.
CENTRES = ("cluster_centers_", "means_", "theta_", "support_vectors_", "subcluster_centers_")


def _pipeline(part: Pipeline, lanes: Lanes) -> Lanes:
    for _, step in part.steps:
        lanes = lanes if step is None else _walk(step, lanes)
    return lanes


def _column_transformer(part: ColumnTransformer, lanes: Lanes) -> Lanes:
    selectors = {name: columns for name, _, columns in part.transformers}
    going_on: list[Lane | None] = []
    for name, transformer, _ in part.transformers_:
        chosen = [lanes[place] for place in part._transformer_to_input_indices[name]]
        kind = _kind_selected(selectors.get(name))
        for lane in _known(chosen) if kind else ():
            lane.column.kind = kind or lane.column.kind
        going_on.extend(_walk(transformer, chosen))
    return going_on


def _kind_selected(selector: object) -> Kind | None:
    """Return the type that a `make_column_selector` chose its columns by, where it is telling."""
    include = getattr(selector, "dtype_include", None)
    if include is None or getattr(selector, "dtype_exclude", None) is not None:
        return None
    names = {str(getattr(each, "__name__", each)) for each in np.atleast_1d(np.array(include, "O"))}
    for kind, telling in SELECTED.items():
        if names <= telling:
            return kind
    return None


SELECTED: dict[Kind, set[str]] = {
    "boolean": {"bool", "bool_", "boolean"},
    "integer": {"int", "int64", "int32", "integer"},
    "datetime": {"datetime", "datetime64", "datetime64[ns]"},
}


def _feature_union(part: FeatureUnion, lanes: Lanes) -> Lanes:
    return [lane for _, each in part.transformer_list for lane in _walk(each, lanes)]


def _encoder(part: Any, lanes: Lanes) -> Lanes:  # noqa: ANN401
    strict = getattr(part, "handle_unknown", "error") == "error" and not isinstance(
        part, TargetEncoder
    )
    for column, values in _intact(lanes, part.categories_):
        known = [value for value in values.tolist() if value is not None and value == value]
        column.categories = tuple(known)
        column.unknown_allowed = column.unknown_allowed and not strict
        column.expects_missing |= len(known) < len(values)
        column.missing_allowed |= column.expects_missing
    return [None]


def _imputer(part: Any, lanes: Lanes) -> Lanes:  # noqa: ANN401
    for lane in _known(lanes):
        lane.column.missing_allowed = lane.column.expects_missing = True
    for column, value in _intact(lanes, getattr(part, "statistics_", ())):
        if isinstance(value, (int, float, np.number)) and np.isfinite(value):
            column.typical = _short(value)
    return lanes


def _scaler(part: Any, lanes: Lanes) -> Lanes:  # noqa: ANN401
    middles = part.mean_ if isinstance(part, StandardScaler) else part.center_
    for column, middle in _intact(lanes, () if middles is None else middles):
        column.typical = _short(middle)
    if middles is not None and part.scale_ is not None:
        for column, middle, scale in _intact(lanes, middles, part.scale_):
            column.rough = (float(middle - WIDE * scale), float(middle + WIDE * scale))
    return _changed(lanes)


def _max_abs_scaler(part: MaxAbsScaler, lanes: Lanes) -> Lanes:
    for column, most in _intact(lanes, part.max_abs_):
        column.rough = (-float(most), float(most))
    return _changed(lanes)


def _min_max_scaler(part: MinMaxScaler, lanes: Lanes) -> Lanes:
    for column, low, high in _intact(lanes, part.data_min_, part.data_max_):
        column.low, column.high = float(low), float(high)
    return _changed(lanes)


def _bins(part: KBinsDiscretizer, lanes: Lanes) -> Lanes:
    for column, edges in _intact(lanes, part.bin_edges_):
        column.rough = (float(edges[0]), float(edges[-1]))
    return [None]


def _splines(part: SplineTransformer, lanes: Lanes) -> Lanes:
    for column, spline in _intact(lanes, part.bsplines_):
        inner = spline.t[spline.k : len(spline.t) - spline.k]
        column.rough = (float(inner[0]), float(inner[-1]))
    return [None]


def _quantiles(part: QuantileTransformer, lanes: Lanes) -> Lanes:
    for column, quantiles in _intact(lanes, part.quantiles_.T):
        column.rough = (float(quantiles[0]), float(quantiles[-1]))
        column.typical = _short(quantiles[len(quantiles) // 2])
    return _changed(lanes)


def _function(part: FunctionTransformer, lanes: Lanes) -> Lanes:
    if part.func is None:
        return lanes
    return _changed(lanes) if part.feature_names_out == "one-to-one" else [None]


def _selector(part: Any, lanes: Lanes) -> Lanes:  # noqa: ANN401
    return [lane for lane, kept in zip(lanes, part.get_support(), strict=False) if kept]


def _one_to_one(_part: Any, lanes: Lanes) -> Lanes:  # noqa: ANN401
    return _changed(lanes)


def _vectorizer(part: Any, lanes: Lanes) -> Lanes:  # noqa: ANN401
    _require_content(part)
    for lane in _known(lanes):
        lane.column.kind = "text"
    return [None]


def _hist_gradient_boosting(part: Any, lanes: Lanes) -> Lanes:  # noqa: ANN401
    preprocessor = getattr(part, "_preprocessor", None)
    if preprocessor is not None:
        _column_transformer(preprocessor, lanes)
    else:
        for column, cuts in _intact(lanes, part._bin_mapper.bin_thresholds_):
            column.rough = (float(cuts[0]), float(cuts[-1])) if len(cuts) else None
            column.typical = _short(np.median(cuts)) if len(cuts) else None
    for lane in _known(lanes):
        lane.column.missing_allowed = True
        lane.column.unknown_allowed = True
    return [None]


Reader: TypeAlias = Callable[[Any, Lanes], Lanes]

READERS: tuple[tuple[type | tuple[type, ...], Reader], ...] = (
    (Pipeline, _pipeline),
    (ColumnTransformer, _column_transformer),
    (FeatureUnion, _feature_union),
    ((OneHotEncoder, OrdinalEncoder, TargetEncoder), _encoder),
    ((SimpleImputer, KNNImputer), _imputer),
    ((StandardScaler, RobustScaler), _scaler),
    (MaxAbsScaler, _max_abs_scaler),
    (MinMaxScaler, _min_max_scaler),
    (QuantileTransformer, _quantiles),
    (KBinsDiscretizer, _bins),
    (SplineTransformer, _splines),
    (FunctionTransformer, _function),
    (SelectorMixin, _selector),
    (VECTORIZERS, _vectorizer),
    (
        (HistGradientBoostingClassifier, HistGradientBoostingRegressor),
        _hist_gradient_boosting,
    ),
    (OneToOneFeatureMixin, _one_to_one),  # last: the classes above are of it too
)

"""Columns of a table on their way through the fitted parts of an estimator.

Each part leaves in the columns what it knows of them (categories, means, ranges, that missing
values were filled) and says which columns are passed on. The records of `servery.estimators` do so
for their own classes; what holds for any estimator is here.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

import numpy as np

from servery.estimators.registry import Family, Part, families_of
from servery.inputs import Scalar

#: What a column holds; "words" are categories that no part can list.
Kind: TypeAlias = Literal["number", "integer", "boolean", "text", "words", "datetime"]


@dataclass(slots=True)
class Column:
    """What is known so far of one column of the table.

    Attributes
    ----------
    used
        Whether any part takes it.
    expects_missing
        Whether a part has a place for what is missing, which somebody meant it to have.
    missing
        What the parts take for a missing value: None, NaN, ``pandas.NA``, or any value that an
        imputer fills.
    has_missing_marker
        Whether a part has a marker of its own.
    distinguishes_missing
        Whether a part knows None and NaN as two kinds of missing values.
    takes_objects
        Whether the parts take true and false with gaps as objects. XGBoost and LightGBM take them
        as the nullable type of pandas only.
    enters
        The code of somebody's own that takes the values as they are in the table, if any: what
        they are is known to nobody but that code.
    low, high
        The range of training, where a part holds it.
    approximate_range
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
    missing: object = float("nan")
    has_missing_marker: bool = False
    distinguishes_missing: bool = False
    takes_objects: bool = True
    enters: str | None = None
    typical: float | None = None
    low: float | None = None
    high: float | None = None
    approximate_range: tuple[float, float] | None = None

    def mark_missing(self, missing: object, *, is_seen: bool = False) -> None:
        """Record what a part takes for a missing value.

        Parameters
        ----------
        is_seen
            Whether it has seen one in the fit; an imputer only says what it would fill. One that
            was given another value than NaN has it for a reason.
        """
        self.missing_allowed = self.expects_missing = True
        if not self.has_missing_marker or (is_seen and is_nan(self.missing)):
            self.missing, self.has_missing_marker = missing, True


def is_nan(value: object) -> bool:
    """Return whether a value is a float that is not a number."""
    return isinstance(value, float) and value != value


@dataclass(frozen=True, slots=True)
class TrackedColumn:
    """A column on its way through the parts; its values may still be those of the table."""

    column: Column
    is_unchanged: bool = True


#: Libraries whose parts say what they take, or take numbers.
LIBRARIES = frozenset(
    [
        *("builtins", "functools", "operator", "numpy", "pandas", "scipy", "sklearn", "servery"),
        *("xgboost", "lightgbm", "catboost", "imblearn", "category_encoders", "feature_engine"),
        "skrub",
    ]
)
#: The columns as they leave a part, in order; None for one that is a mixture of several.
TrackedColumns: TypeAlias = Sequence[TrackedColumn | None]
#: What leaves a part that mixes columns or makes others of them: how many is not recorded.
MIXED: TrackedColumns = (None,)


def track(part: Part, columns: TrackedColumns) -> TrackedColumns:
    """Record in the columns what a fitted part knows of them, and return those that leave it."""
    columns = as_many(columns, getattr(part, "n_features_in_", None))
    if part is None or (isinstance(part, str) and part == "drop"):
        return []
    if isinstance(part, str) and part == "passthrough":
        return columns
    families = families_of(part)
    within = inner_estimators(part)
    own = None if within else own_code(part)
    for tracked in known(columns) if own is not None else ():
        if tracked.is_unchanged:
            tracked.column.enters = own
    if not within and all(family.takes_all for family in families):
        for tracked in known(columns):
            tracked.column.used = True
    for family in families:
        if family.track is not None:
            return family.track(part, columns)
    if hasattr(part, "estimators_features_"):  # a bag draws columns of a table that it wants whole
        for tracked in known(columns):
            tracked.column.used = True
    for place, estimator in enumerate(within):
        track(estimator, _drawn(part, place, columns))
    if not within and hasattr(part, "predict"):
        _track_predictor(part, columns, families)
    return MIXED


def own_code(part: Part) -> str | None:
    """Return the name of the code of no known library that a part runs, if any."""
    function = getattr(part, "func", None)
    code = type(part) if function is None else function
    module = str(getattr(code, "__module__", None) or "builtins")
    if module.split(".")[0] in LIBRARIES:
        return None
    return f"{module}.{getattr(code, '__qualname__', type(code).__qualname__)}"


def as_many(columns: TrackedColumns, count: object) -> TrackedColumns:
    """Return the columns if there are so many, else so many of which nothing is known."""
    # CatBoost says 0 once it was loaded from a file.
    if not isinstance(count, (int, np.integer)) or count in {0, len(columns)}:
        return columns
    return [None] * int(count)


def inner_estimators(part: Part) -> Sequence[Part]:
    """Return the fitted estimators inside one that hands its columns on as they are."""
    for family in families_of(part):
        if family.inner is not None:
            return family.inner(part)
    if _trees(part):
        return []  # an ensemble of trees is one part
    for attribute in ("best_estimator_", "estimators_", "estimator_", "regressor_"):
        inner = getattr(part, attribute, None)
        if inner is not None:
            return [each for each in _flat(inner) if each is not None]
    return []


def _flat(parts: Any) -> Iterator[Any]:  # noqa: ANN401
    """Go through parts in lists and arrays of any depth; a pipeline is one part."""
    if not isinstance(parts, (list, tuple, np.ndarray)):
        yield parts
        return
    for part in parts:
        yield from _flat(part)


def _drawn(part: Part, place: int, columns: TrackedColumns) -> TrackedColumns:
    """Return the columns that the estimator at ``place`` in a bag was given."""
    drawn = getattr(part, "estimators_features_", None)
    return columns if drawn is None else [columns[index] for index in drawn[place]]


def known(columns: TrackedColumns) -> list[TrackedColumn]:
    """Return the columns that are not mixtures."""
    return [tracked for tracked in columns if tracked is not None]


def unchanged(columns: TrackedColumns, *facts: Any) -> Iterable[tuple[Any, ...]]:  # noqa: ANN401
    """Go through the columns whose values are still their own, each with its facts."""
    for tracked, *facts_of_column in zip(columns, *facts, strict=False):
        if tracked is not None and tracked.is_unchanged:
            yield tracked.column, *facts_of_column


def changed(columns: TrackedColumns) -> TrackedColumns:
    """Return the columns as they leave a part that changes the values of each."""
    return [tracked and replace(tracked, is_unchanged=False) for tracked in columns]


def named(part: Part, columns: TrackedColumns) -> dict[str, TrackedColumn | None]:
    """Return the columns by the names that a part had them by in its fit."""
    return dict(zip(map(str, part.feature_names_in_), columns, strict=False))


def passed_by_name(
    part: Part, columns: TrackedColumns, encoded: Container[str] = ()
) -> TrackedColumns:
    """Return the columns that leave a part which names them: its own, and those that it passes on.

    Parameters
    ----------
    encoded
        Names of columns whose values the part changes.
    """
    passed = {
        name: tracked for name, tracked in named(part, columns).items() if name not in encoded
    }
    return [passed.get(str(name)) for name in part.get_feature_names_out()]


def rounded(value: Any) -> float:  # noqa: ANN401 - any number
    """Return a number to four digits, to be shown as typical."""
    return float(f"{float(value):.4g}")


def allow_missing(part: Part, columns: TrackedColumns) -> None:
    """Record that values may be missing, if a predictor takes missing values."""
    from sklearn.utils import get_tags

    try:
        takes_missing = bool(get_tags(part).input_tags.allow_nan)
    except (AttributeError, TypeError):  # not an estimator of scikit-learn: nothing is known
        return
    for tracked in known(columns) if takes_missing else ():
        tracked.column.missing_allowed = True


def _track_predictor(part: Part, columns: TrackedColumns, families: Iterable[Family]) -> None:
    allow_missing(part, columns)
    _track_thresholds(part, columns)
    for family in families:
        if family.training_rows is not None:
            for column, values in _points(part, family.training_rows, columns):
                column.low, column.high = float(values.min()), float(values.max())
        if family.centers is not None:
            for column, values in _points(part, family.centers, columns):
                if column.approximate_range is None:
                    column.approximate_range = (float(values.min()), float(values.max()))


def _track_thresholds(part: Part, columns: TrackedColumns) -> None:
    """Record roughly where values lie from where trees split them."""
    trees = [tree for tree in _trees(part) if getattr(tree, "n_features", None) == len(columns)]
    if not trees:
        return
    features = np.concatenate([tree.feature for tree in trees])
    thresholds = np.concatenate([tree.threshold for tree in trees])
    for column, place in unchanged(columns, range(len(columns))):
        # A split by what is missing alone has an infinite threshold.
        split_at = thresholds[(features == place) & np.isfinite(thresholds)]
        if len(split_at) and column.approximate_range is None:
            column.approximate_range = (float(split_at.min()), float(split_at.max()))
            if column.typical is None:
                column.typical = rounded(np.median(split_at))


def _trees(part: Part) -> list[Any]:
    estimators = getattr(part, "estimators_", None)
    parts = [part] if estimators is None else _flat(estimators)
    return [each.tree_ for each in parts if hasattr(each, "tree_")]


def _points(
    part: Part, attribute: str, columns: TrackedColumns
) -> Iterator[tuple[Column, np.ndarray[Any, Any]]]:
    """Go through the unchanged columns, each with its values in points that a part keeps."""
    points = getattr(part, attribute, None)
    if not isinstance(points, np.ndarray) or points.shape[1:] != (len(columns),):
        return
    if len(points) == 0:  # a fit that did not converge
        return
    if not np.issubdtype(points.dtype, np.number):
        return
    for column, values in unchanged(columns, points.T):
        if column.typical is None:
            column.typical = rounded(np.median(values))
        yield column, values

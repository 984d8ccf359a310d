"""What the fitted parts of an estimator know of the columns that it was fitted on.

Columns are followed from the outside in: through pipelines, column transformers and wrappers,
until something that mixes them (`servery.estimators.tracking`). A column of which nothing is known
is a number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from servery.errors import PublishingRefused, quoted, twice_named
from servery.estimators.registry import families_of
from servery.estimators.tracking import (
    Column,
    TrackedColumn,
    inner_estimators,
    own_code,
    track,
)
from servery.inspection.outputs import answers
from servery.manifest import Takes

TEXT = "text"


@dataclass(frozen=True, slots=True)
class Structure:
    """The columns that could be read, and how the estimator takes its rows.

    Attributes
    ----------
    unrecorded
        The code that takes the columns and does not record which, if any: they are those of the
        table.
    """

    columns: tuple[Column, ...]
    takes: Takes
    unrecorded: str | None = None


def read_structure(
    estimator: Any,  # noqa: ANN401 - any fitted estimator
    X: pd.DataFrame | None = None,
) -> Structure:
    """Read the columns of a fitted estimator from its own parts.

    Parameters
    ----------
    X
        Rows of the fit: if no part records its columns, they are the columns of this table.

    Raises
    ------
    PublishingRefused
        It is not fitted, or does not record its columns, and there is no table.
    """
    if _takes_texts(estimator):
        return Structure((Column(TEXT, used=True, kind="text"),), "texts")
    names, takes = _recorded_names(estimator)
    unrecorded = None if names else _code_of_columns(estimator)
    if unrecorded is not None and X is not None:
        names, takes = list(X.columns), "frame" if answers(estimator, X.head(1)) else "array"
    if not names:
        raise PublishingRefused(_without_columns(estimator, unrecorded))
    _require_names(names)
    columns = tuple(Column(name) for name in names)
    track(estimator, [TrackedColumn(column) for column in columns])
    return Structure(columns, takes, unrecorded)


def recorded_columns(estimator: Any) -> tuple[Column, ...]:  # noqa: ANN401
    """Return the columns of a fitted estimator; none if only a table says what they are."""
    if not _takes_texts(estimator) and not _recorded_names(estimator)[0]:
        unrecorded = _code_of_columns(estimator)
        if unrecorded is not None:
            return ()
    return read_structure(estimator).columns


def _takes_texts(estimator: Any) -> bool:  # noqa: ANN401
    within = inner_estimators(estimator)
    if within:
        return all(_takes_texts(part) for part in within)
    return any(
        family.takes_texts(estimator)
        for family in families_of(estimator)
        if family.takes_texts is not None
    )


def _recorded_names(estimator: Any) -> tuple[list[str], Takes]:  # noqa: ANN401
    for part in _outside_in(estimator):
        named = _own_names(part)
        if named and not _numbered(named):
            return named, "frame"
    for part in _outside_in(estimator):
        # CatBoost forgets the count when it is saved, and keeps the names that it made up.
        count = len(_own_names(part)) or getattr(part, "n_features_in_", None) or _width(part)
        if isinstance(count, (int, np.integer)):
            return [f"x{index}" for index in range(int(count))], "array"
    return [], "frame"


def _code_of_columns(estimator: Any) -> str | None:  # noqa: ANN401
    """Return the code of somebody's own that takes the columns as they are in the table, if any."""
    return own_code(_outside_in(estimator)[-1])


def _without_columns(estimator: Any, unrecorded: str | None) -> str:  # noqa: ANN401
    if unrecorded is None:
        return (
            f"Expected a fitted estimator, found a {type(estimator).__name__} that does not say "
            "how many columns it takes. Fit it before saving it."
        )
    return (
        "The columns of the model are not known, because your own code takes them and does not "
        f"record them: {unrecorded}. Give `servery serve` or `servery publish` the rows of the "
        "fit: --data train.csv."
    )


def _require_names(names: Sequence[str]) -> None:
    """Refuse columns that no table and no request could distinguish."""
    if "" in names:
        raise PublishingRefused(
            f"Column {names.index('') + 1} of the fit has no name. Rename it and fit again."
        )
    twice = twice_named(names)
    if twice is not None:
        raise PublishingRefused(
            f"Two columns of the fit are called {quoted(twice)}. Rename one and fit again."
        )


def _width(part: Any) -> int | None:  # noqa: ANN401
    widths = (family.width for family in families_of(part))
    return next((width(part) for width in widths if width is not None), None)


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
    """Return an estimator, the first one within it, the first within that, and so on."""
    parts = [estimator]
    for part in parts:
        parts.extend(inner_estimators(part)[:1])
    return parts

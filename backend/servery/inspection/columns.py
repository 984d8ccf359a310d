"""Types, ranges and categories of inputs, read from the training table."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from servery.card import readable
from servery.errors import PublishingRefused, quoted, twice_named
from servery.estimators.tracking import Column
from servery.inputs import (
    LARGEST_EXACT,
    REGISTRY,
    CategoryInput,
    Input,
    Scalar,
    TextInput,
    TrainingColumn,
)
from servery.inputs.category import has_few_values
from servery.inspection.missing import marker_of, present_values


def read_column(
    values: "pd.Series[Any]", column: Column, unseen: "pd.Series[Any] | None" = None
) -> Input:
    """Read one input out of its column of the table, and what the fitted parts know of it.

    Whether missing and unknown values are taken is what training showed; whether the estimator
    can take them is for a probe to say.

    Parameters
    ----------
    unseen
        The column of test rows, which are served too.

    Raises
    ------
    PublishingRefused
        The column is empty, or holds what no input takes.
    """
    present = present_values(values, column)
    if present.empty:
        raise PublishingRefused(
            f"Column {column.name!r} holds no value at all; leave it out of the fit."
        )
    sample = training_column(present, missing=len(values) - len(present))
    tested = None if unseen is None else present_values(unseen, column)
    if tested is not None:
        sample = replace(sample, unseen=training_column(tested, missing=0).values)
    if sample.dtype == "integer" and np.abs(sample.values).max() > LARGEST_EXACT:
        raise PublishingRefused(
            f"Column {column.name!r} holds whole numbers beyond {LARGEST_EXACT:,}, which JSON does "
            "not hold exactly. Leave an identifier out of the fit, or fit it as text."
        )
    is_tested_missing = tested is not None and len(tested) < len(unseen)  # type: ignore[arg-type] # with it
    common = {
        "name": column.name,
        "label": readable(column.name),
        # What training never had to handle is refused, even where the estimator would not raise.
        "missing_allowed": sample.missing > 0 or column.expects_missing or is_tested_missing,
        "missing_marker": marker_of(column),
    }
    if column.kind == "text":
        return TextInput.from_column(sample, **common)
    if column.categories is not None and not _are_truths(sample, column.categories):
        return CategoryInput.from_column(sample, known=column.categories, **common)
    if column.kind == "words" and sample.dtype == "integer" and has_few_values(sample):
        known = sorted(map(int, np.unique(sample.values)))
        return CategoryInput.from_column(sample, known=known, **common)
    for kind in REGISTRY.by_precedence():
        if kind.claims(sample):
            return kind.from_column(sample, **common)
    raise PublishingRefused(
        f"Column {column.name!r} holds values that are neither numbers, texts, dates nor "
        "true and false."
    )


def plainly_named(X: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose columns are named by texts, as inputs are: levels are joined."""
    names = [
        ".".join(map(str, name)) if isinstance(name, tuple) else str(name) for name in X.columns
    ]
    twice = twice_named(names)
    if twice is not None:
        raise PublishingRefused(f"The data has two columns named {quoted(twice)}; rename one.")
    return X.set_axis(names, axis=1)


def training_column(present: "pd.Series[Any]", missing: int) -> TrainingColumn:
    """Return the cells of a column that hold a value, without pandas."""
    present = _of_one_type(present)
    if pd.api.types.is_bool_dtype(present):
        return TrainingColumn("bool", present.to_numpy(dtype=bool), missing)
    if pd.api.types.is_datetime64_any_dtype(present):
        zone = getattr(present.dtype, "tz", None)
        local = present if zone is None else present.dt.tz_localize(None)
        moments = local.to_numpy(dtype="datetime64[us]")
        named = None if zone is None else str(zone)
        return TrainingColumn("datetime64", moments, missing, zone=named)
    if isinstance(present.dtype, pd.CategoricalDtype):
        return TrainingColumn("category", _objects(present), missing)
    if pd.api.types.is_numeric_dtype(present):
        dtype: Literal["integer", "float"] = (
            "integer" if pd.api.types.is_integer_dtype(present) else "float"
        )
        return TrainingColumn(dtype, present.to_numpy(dtype=np.float64), missing)
    return TrainingColumn("object", _objects(present), missing)


def _of_one_type(present: "pd.Series[Any]") -> "pd.Series[Any]":
    """Return objects with the type that all of them have: a gap turns any column into objects."""
    if not pd.api.types.is_object_dtype(present) or present.empty:
        return present
    kind = pd.api.types.infer_dtype(present)
    if kind == "decimal":
        return present.astype(float)
    if kind == "date":
        return pd.to_datetime(present)
    return present.infer_objects()


def _objects(present: "pd.Series[Any]") -> "np.ndarray[Any, Any]":
    return np.asarray(present, dtype=object)


def _are_truths(sample: TrainingColumn, categories: Sequence[Scalar]) -> bool:
    """Return whether categories are true and false, which with gaps may be kept as 1.0 and 0.0."""
    held_as_numbers = sample.dtype == "bool" and all(value in (0, 1) for value in categories)
    return held_as_numbers or is_boolean(categories)


def is_boolean(categories: Sequence[Scalar]) -> bool:
    """Return whether categories are true and false and nothing else."""
    return all(isinstance(value, (bool, np.bool_)) for value in categories)

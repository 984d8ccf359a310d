"""What stands for a missing value in each column: None, NaN, ``pandas.NA``, or a value such as "?".

The fitted parts say it where they can, else the table does. A file has no word of its own for a
missing value, so its empty cells become what the fitted parts expect.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from servery.estimators.tracking import Column, is_nan
from servery.inputs import Scalar
from servery.manifest import MissingObject


def marker_of(column: Column) -> Scalar | None:
    """Return the value that stands for a missing one, if it is one that a caller can send."""
    marker = column.missing
    is_value = isinstance(marker, (str, int, float)) and not is_nan(marker)
    return marker if is_value else None  # type: ignore[return-value] # of these types


def missing_objects(columns: Sequence[Column]) -> dict[str, MissingObject]:
    """Return the columns whose missing values are None or ``pandas.NA``."""
    named = {column.name: _object_of(column) for column in columns}
    return {name: found for name, found in named.items() if found is not None}


def _object_of(column: Column) -> MissingObject | None:
    are_truths = column.kind == "boolean" and not column.takes_objects
    return "na" if are_truths and not column.has_missing_marker else _object_named(column.missing)


def _object_named(marker: object) -> MissingObject | None:
    if marker is None:
        return "none"
    return "na" if marker is pd.NA else None


def present_values(values: "pd.Series[Any]", column: Column) -> "pd.Series[Any]":
    """Return the cells of a column that are not missing."""
    present = values.dropna()
    marker = marker_of(column)
    return present if marker is None else present[~present.isin([marker])]


def told_by_table(column: Column, values: "pd.Series[Any]") -> Column:
    """Return a column with the missing object of the table, if no fitted part has another."""
    if column.has_missing_marker:
        return column
    if not column.takes_objects:
        is_truths = pd.api.types.infer_dtype(values, skipna=True) == "boolean"
        return replace(column, missing=pd.NA) if is_truths else column
    if not pd.api.types.is_object_dtype(values):
        return column
    found = values[values.isna()].tolist()
    kinds = {_object_named(value) for value in found}
    return replace(column, missing=found[0]) if len(kinds) == 1 else column


def with_markers(columns: Sequence[Column], X: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose missing values are those that the fitted parts take for such."""
    marked = [
        column for column in columns if column.has_missing_marker and not is_nan(column.missing)
    ]
    filled = {
        column.name: _filled(X[column.name], column.missing)
        for column in marked
        if X[column.name].isna().any()
    }
    return X.assign(**filled) if filled else X


def _filled(values: "pd.Series[Any]", marker: object) -> "pd.Series[Any]":
    if isinstance(marker, (int, float)) and pd.api.types.is_numeric_dtype(values):
        return values.fillna(marker)
    objects = values.astype(object)
    objects[values.isna()] = marker
    return objects

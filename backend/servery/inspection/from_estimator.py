"""Inputs read from the fitted parts alone, where there is no table."""

from typing import Any

from servery.card import readable
from servery.estimators.tracking import Column
from servery.inputs import (
    BooleanInput,
    CategoryInput,
    DatetimeInput,
    Input,
    IntegerInput,
    NumberInput,
    NumberStats,
    TextInput,
)
from servery.inspection.columns import is_boolean
from servery.inspection.missing import marker_of


def input_of(column: Column) -> Input:
    """Return the input that a column is, as far as its estimator knows."""
    common: dict[str, Any] = {
        "name": column.name,
        "label": readable(column.name),
        "missing_allowed": column.missing_allowed,
        "missing_marker": marker_of(column),
    }
    if column.kind in {"text", "words"}:
        return TextInput(**common)
    if column.categories is not None and not is_boolean(column.categories):
        return CategoryInput.from_values(
            column.categories, unknown_allowed=column.unknown_allowed, **common
        )
    if column.categories is not None or column.kind == "boolean":
        return BooleanInput(**common)
    if column.kind == "datetime":
        return DatetimeInput(**common)
    if column.kind == "integer":
        typical = None if column.typical is None else float(round(column.typical))
        return IntegerInput(**common, **_range(column), typical=typical)
    return NumberInput(
        **common,
        **_range(column),
        typical=column.typical,
        may_be_boolean=may_be_boolean(column),
    )


def may_be_boolean(column: Column) -> bool:
    """Return whether a column of numbers may have held true and false, as far as is known."""
    if column.kind != "number" or column.categories is not None:
        return False
    known = [column.low, column.high, column.typical, *(column.approximate_range or ())]
    # Most of a column of 0 and 1 lies within two standard deviations, which end about there.
    return all(-1.0 <= value <= 2.0 for value in known if value is not None)


def _range(column: Column) -> dict[str, Any]:
    """Return the range that a part holds; how values are spread in it is not known."""
    if column.low is not None and column.high is not None and column.low < column.high:
        return {"training_stats": NumberStats(minimum=column.low, maximum=column.high)}
    approximate = column.approximate_range
    if approximate is not None and approximate[0] < approximate[1]:
        return {"approximate_range": approximate}
    return {}

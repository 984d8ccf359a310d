"""Operations on single values, by name: what plans hold of scalers, imputers and functions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class ValueOperation:
    """What becomes of a value, given the numbers of the operation.

    Attributes
    ----------
    rows
        Applies it to an array of values: ``rows(values, *numbers)``.
    row
        Makes a function of one value: ``row(*numbers)(value)``. It is made once and called for
        every row, with no more than the value.
    numbers
        How many numbers the operation has.
    undo
        Returns a value that leads to a result, where one can be found: ``undo(result, *numbers)``.
    """

    rows: Callable[..., Any]
    row: Callable[..., Callable[[Any], Any]]
    numbers: int = 0
    undo: Callable[..., float] | None = None


def _function(ufunc: np.ufunc) -> ValueOperation:
    return ValueOperation(ufunc, lambda: lambda value: float(ufunc(value)))


def _fill_rows(values: Any, number: Any) -> Any:  # noqa: ANN401 - an array
    if values.dtype == object:
        return np.array([number if value is None else value for value in values], dtype=object)
    return np.where(np.isnan(values), number, values)


def _missing_rows(values: Any) -> Any:  # noqa: ANN401 - an array
    if values.dtype == object:
        return np.array([value is None for value in values], dtype=float)
    return np.isnan(values).astype(float)


def is_missing(value: Any) -> bool:  # noqa: ANN401
    """Return whether a value of a row stands for none: None, or NaN."""
    return value is None or value != value


OPERATIONS: dict[str, ValueOperation] = {
    "fill": ValueOperation(
        _fill_rows,
        lambda number: lambda value: number if is_missing(value) else value,
        numbers=1,
        undo=lambda value, _: value,
    ),
    "subtract": ValueOperation(
        lambda values, number: values - number,
        lambda number: lambda value: value - number,
        numbers=1,
        undo=lambda value, number: value + number,
    ),
    "divide": ValueOperation(
        lambda values, number: values / number,
        lambda number: lambda value: value / number,
        numbers=1,
        undo=lambda value, number: value * number,
    ),
    "multiply": ValueOperation(
        lambda values, number: values * number,
        lambda number: lambda value: value * number,
        numbers=1,
        undo=lambda value, number: value / number if number else value,
    ),
    "add": ValueOperation(
        lambda values, number: values + number,
        lambda number: lambda value: value + number,
        numbers=1,
        undo=lambda value, number: value - number,
    ),
    "clip": ValueOperation(
        np.clip,
        lambda low, high: lambda value: min(max(value, low), high) if value == value else value,
        numbers=2,
        undo=lambda value, _low, _high: value,
    ),
    "missing": ValueOperation(_missing_rows, lambda: lambda value: float(is_missing(value))),
    "log1p": _function(np.log1p),
    "log": _function(np.log),
    "sqrt": _function(np.sqrt),
    "exp": _function(np.exp),
    "expm1": _function(np.expm1),
}
#: How many numbers each operation has.
ARITY = {name: operation.numbers for name, operation in OPERATIONS.items()}


def apply_to_rows(values: Any, chain: Sequence[Sequence[Any]]) -> Any:  # noqa: ANN401 - an array
    """Apply operations to an array of values, in their order."""
    for name, *numbers in chain:
        values = OPERATIONS[name].rows(values, *numbers)
    return values


def asks_whether_missing(chain: Sequence[Sequence[Any]]) -> bool:
    """Return whether all that is left of a value is whether there is one."""
    return any(name == "missing" for name, *_ in chain)

"""What every step asks of its own fields before anything is computed from them.

A plan may come from somebody who is not trusted. Each function here takes one value and returns
where it can do no harm; all others raise `InvalidStep`.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np

#: What a field of a step may hold before it is checked: anything that JSON or NumPy can.
Field: TypeAlias = Any
#: Deeper trees are walked too slowly to be served.
MOST_DEPTH = 4_096
#: The look-up of leaves takes half a kilobyte for each tree.
MOST_TREES = 100_000
#: Operations on one value, one after the other.
MOST_OPERATIONS = 64
LARGEST = np.finfo(np.float64).max


class InvalidStep(ValueError):
    """A step with a field that no compiled model has; the text is a sentence."""


def require(is_so: Field, problem: str) -> None:
    """Refuse a step unless something holds."""
    if not is_so:
        raise InvalidStep(f"It has {problem}.")


def require_step(value: Field, kind: type, what: str) -> None:
    """Refuse a field that is not a step of one kind."""
    require(isinstance(value, kind), f"something else than {what} in a step")


def require_steps(values: Field, kind: type, what: str) -> None:
    """Refuse a field that is not a list of one or more steps of one kind."""
    require(isinstance(values, list) and values, f"no {what} in a step")
    for value in values:
        require_step(value, kind, what)


def require_flags(*values: Field) -> None:
    """Refuse fields that are not true or false."""
    require(all(type(value) is bool for value in values), "a flag that is not true or false")


def require_numbers(values: Field, count: int | None, what: str) -> None:
    """Refuse a field that is not a list of so many finite numbers."""
    require(isinstance(values, list), f"something else than a list of {what}")
    require(count is None or len(values) == count, f"a wrong number of {what}")
    require(all(map(is_finite, values)), f"{what} that are not finite numbers")


def is_finite(value: Field) -> bool:
    """Return whether a value is a finite number that a float can hold."""
    return type(value) in (int, float) and -LARGEST <= value <= LARGEST


def may_be_code(value: Field) -> bool:
    """Return whether a value is a finite number, or NaN, for which JSON has null."""
    return value is None or (type(value) is float and value != value) or is_finite(value)


def require_number(value: Field, what: str) -> None:
    """Refuse a field that is not a finite number."""
    require(is_finite(value), f"{what} that is not a finite number")


def require_places(values: Field, low: int, high: int, what: str) -> None:
    """Refuse a field that is not a list of whole numbers from ``low`` up to under ``high``."""
    require(isinstance(values, list), f"something else than a list of {what}")
    is_fit = all(type(each) is int and low <= each < high for each in values)
    require(is_fit, f"{what} out of bounds")


def require_lists(values: Field, count: int, what: str) -> None:
    """Refuse a field that is not a list of so many lists."""
    require(isinstance(values, list) and len(values) == count, f"a wrong number of {what}")
    require(all(isinstance(each, list) for each in values), f"something else than lists of {what}")


def require_texts(values: Field, what: str) -> None:
    """Refuse a field that is not a list of texts."""
    is_fit = isinstance(values, list) and all(type(each) is str for each in values)
    require(is_fit, f"{what} that are not texts")


def require_floats(
    value: Field, shape: Sequence[int | None], what: str, *, must_be_finite: bool = True
) -> None:
    """Refuse a field that is not an array of numbers of a shape; None in it is any length."""
    _require_array(value, "f", shape, what)
    require(not must_be_finite or np.isfinite(value).all(), f"{what} that are not finite")


def require_indices(
    value: Field, shape: Sequence[int | None], low: int, high: int, what: str
) -> None:
    """Refuse a field that is not an array of whole numbers from ``low`` up to under ``high``."""
    array = _require_array(value, "iu", shape, what)
    require(not array.size or (array.min() >= low and array.max() < high), f"{what} out of bounds")


def require_booleans(value: Field, shape: Sequence[int | None], what: str) -> None:
    """Refuse a field that is not an array of truth values of a shape."""
    _require_array(value, "b", shape, what)


def _require_array(value: Field, kinds: str, shape: Sequence[int | None], what: str) -> Field:
    require(isinstance(value, np.ndarray), f"something else than an array of {what}")
    require(value.dtype.kind in kinds, f"{what} of another type")
    is_fit = value.ndim == len(shape) and all(
        expected in (None, length) for expected, length in zip(shape, value.shape, strict=True)
    )
    require(is_fit, f"a wrong number of {what}")
    return value


def require_chains(
    chains: Field, count: int, arity: dict[str, int], are_texts: Iterable[bool]
) -> None:
    """Refuse a field that is not a list of operations for each column.

    Parameters
    ----------
    arity
        How many numbers each operation takes.
    are_texts
        Whether each column holds texts: nothing is computed from these.
    """
    require_lists(chains, count, "operations")
    for chain, is_text in zip(chains, are_texts, strict=True):
        require(len(chain) <= MOST_OPERATIONS, "too many operations")
        for operation in chain:
            _require_operation(operation, arity, is_text=bool(is_text))
            is_text = is_text and operation[0] != "missing"


def _require_operation(operation: Field, arity: dict[str, int], *, is_text: bool) -> None:
    require(isinstance(operation, list) and operation, "something else than an operation")
    name, *numbers = operation
    require(isinstance(name, str) and len(numbers) == arity.get(name), "an unknown operation")
    if name == "fill" and is_text:
        require(is_scalar(numbers[0]), "an unknown value for what is missing")
        return
    require(not is_text or name == "missing", "arithmetic on texts")
    is_fit = all(map(may_be_code if name == "fill" else is_finite, numbers))
    require(is_fit, "an operation with something else than finite numbers")
    require(name != "divide" or numbers[0] != 0, "a division by zero")


def is_scalar(value: Field) -> bool:
    """Return whether a value can be a category: a text, a number, true, false or missing."""
    return value is None or type(value) in (str, bool) or is_finite(value)

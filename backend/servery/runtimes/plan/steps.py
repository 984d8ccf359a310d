"""Steps of a plan: small dataclasses of numbers, arrays and other steps, kept as JSON and arrays.

A step is what its fields are; `pack` and `unpack` turn a tree of steps into plain JSON beside a
table of arrays, and back. No step holds code, so that opening a plan runs none.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
#: A column of many rows: float64 with NaN for what is missing, or objects with None for it.
Columns: TypeAlias = "list[NDArray[Any]]"
KIND = "step"
ARRAY = "array"


class Step:
    """Root of all steps; each class is known by its name."""

    known: ClassVar[dict[str, type["Step"]]] = {}

    def __init_subclass__(cls, **options: Any) -> None:  # noqa: ANN401
        """Register a step by its class's name."""
        super().__init_subclass__(**options)
        Step.known[cls.__name__] = cls


def pack(value: Any, arrays: dict[str, NDArray[Any]]) -> Any:  # noqa: ANN401 - a step or a field
    """Return the JSON of a step, and put its arrays into the table."""
    if isinstance(value, Step):
        fields = dataclasses.fields(value)  # type: ignore[arg-type] # every step is a dataclass
        packed = {
            field.name: pack(getattr(value, field.name), arrays) for field in fields if field.init
        }
        return {KIND: type(value).__name__, **packed}
    if isinstance(value, np.ndarray):
        name = f"a{len(arrays)}"
        arrays[name] = value
        return {ARRAY: name}
    if isinstance(value, list):
        return [pack(each, arrays) for each in value]
    return value.item() if isinstance(value, np.generic) else value


def unpack(value: Any, arrays: Mapping[str, NDArray[Any]]) -> Any:  # noqa: ANN401
    """Return the step that `pack` made the JSON of."""
    if isinstance(value, list):
        return [unpack(each, arrays) for each in value]
    if not isinstance(value, dict):
        return value
    if ARRAY in value:
        return arrays[value[ARRAY]]
    fields = {name: unpack(each, arrays) for name, each in value.items() if name != KIND}
    return Step.known[value[KIND]](**fields)

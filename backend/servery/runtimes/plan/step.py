"""Steps of a plan: small dataclasses of numbers, arrays and other steps, kept as JSON and arrays.

A step is what its fields are; `pack` and `unpack` turn a tree of steps into plain JSON beside a
table of arrays, and back. No step holds code, so that opening a plan runs none.
"""

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, TypeAlias

import numpy as np
from numpy.typing import NDArray

from servery.inputs import Input
from servery.runtimes.plan.checks import InvalidStep

Floats: TypeAlias = NDArray[np.float64]
#: A column of many rows: float64 with NaN for what is missing, or objects with None for it.
Columns: TypeAlias = "list[NDArray[Any]]"
KIND = "step"
ARRAY = "array"
#: Steps within steps, and lists within lists.
MOST_NESTED = 100
#: Older names of steps, which plans that are already published still use, and the current ones.
FORMER_NAMES = {
    "Above": "Binarize",
    "Both": "SignedPair",
    "Cells": "RawColumns",
    "Chosen": "Select",
    "Curve": "CalibrationCurve",
    "Each": "Elementwise",
    "Joined": "Concatenate",
    "Mapped": "LinearMap",
}


class Step:
    """Root of all steps; each class is known by its name. One that exists is valid."""

    known: ClassVar[dict[str, type["Step"]]] = {}

    def __init_subclass__(cls, *, is_abstract: bool = False) -> None:
        """Register a step by its class's name, unless it only is a base of others."""
        super().__init_subclass__()
        if not is_abstract:
            Step.known[cls.__name__] = cls

    def __post_init__(self) -> None:
        """Check the fields, then derive from them what answering needs."""
        self.check()
        self.derive()

    def check(self) -> None:
        """Refuse fields that no compiled model has, before anything is computed from them.

        Raises
        ------
        InvalidStep
            Says what is wrong.
        """
        raise NotImplementedError

    def derive(self) -> None:
        """Make what is the same for every row."""

    @property
    def work(self) -> int:
        """How many nodes of trees are visited for one row at most, without the steps within."""
        return 0

    def require_inputs(self, inputs: Sequence[Input]) -> None:
        """Refuse a step that reads inputs that there are not, or numbers from texts.

        A step that reads the row itself states it; the steps within are asked by themselves.

        Raises
        ------
        InvalidStep
            Says what does not fit.
        """

    def walk(self) -> "Iterator[Step]":
        """Go through the step and all steps within it."""
        yield self
        for field in dataclasses.fields(self):  # type: ignore[arg-type] # every step is a dataclass
            value = getattr(self, field.name) if field.init else None
            for part in value if isinstance(value, list) else [value]:
                if isinstance(part, Step):
                    yield from part.walk()


def columns_of(row: Sequence[Any]) -> Columns:
    """Return one row as columns; a missing value stays None, since its step knows its type."""
    return [
        np.array([value], dtype=object if value is None or isinstance(value, str) else np.float64)
        for value in row
    ]


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


def unpack(packed: object, arrays: dict[str, NDArray[Any]], depth: int = 0) -> Any:  # noqa: ANN401
    """Return the step that `pack` made the JSON of, and take its arrays out of the table.

    Each array belongs to one step, so that all work is in proportion to the size of the file.
    """
    if depth > MOST_NESTED:
        raise InvalidStep("It is nested too deeply.")
    if isinstance(packed, list):
        return [unpack(each, arrays, depth + 1) for each in packed]
    if not isinstance(packed, dict):
        return packed
    if ARRAY in packed:
        return arrays.pop(packed[ARRAY])
    fields = {name: unpack(each, arrays, depth + 1) for name, each in packed.items()}
    name = fields.pop(KIND)
    return Step.known[FORMER_NAMES.get(name, name)](**fields)

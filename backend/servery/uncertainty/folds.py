"""Folds of rows: what is measured on one fold is fitted on the others."""

from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.intp]
Flags: TypeAlias = NDArray[np.bool_]
#: The places of the rows that something is fitted on, and of those that it is measured on.
Split: TypeAlias = tuple[Places, Places]
FOLDS = 10
SEED = 0


def folds(rows: int, count: int = FOLDS) -> Iterator[Split]:
    """Yield the places of all other rows and those of the fold, for each shuffled fold."""
    order = np.random.default_rng(SEED).permutation(rows)
    parts = [part for part in np.array_split(order, count) if len(part)]
    for number, part in enumerate(parts):
        others: list[Any] = [*parts[:number], *parts[number + 1 :]]
        if others:
            yield np.concatenate(others), part

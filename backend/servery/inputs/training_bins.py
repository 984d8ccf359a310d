"""How training rows were distributed over bins, and in which bin each value of a table is."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Counts: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True)
class TrainingBins:
    """Bins of the values of an input; the last one is that of missing values.

    Attributes
    ----------
    counts
        Training rows in each bin.
    edges
        Of numbers: between them are the bins, one is below and one above all of them.
    values
        Of other inputs: each has its bin; the last but one is that of all others.
    """

    labels: Sequence[str]
    counts: Sequence[int]
    edges: Sequence[float] = ()
    values: Sequence[Any] = ()

    @classmethod
    def of_numbers(
        cls, edges: Sequence[float], counts: Sequence[int], missing: int
    ) -> "TrainingBins":
        """Return the bins of a histogram of training."""
        texts = [f"{edge:,.0f}" if abs(edge) >= 1_000 else f"{edge:.4g}" for edge in edges]
        between = [f"{low} to {high}" for low, high in pairwise(texts)]
        labels = [f"below {texts[0]}", *between, f"above {texts[-1]}", "missing"]
        return cls(labels, [0, *counts, 0, missing], edges)

    @classmethod
    def of_values(
        cls, values: Sequence[Any], labels: Sequence[str], counts: Sequence[int], missing: int
    ) -> "TrainingBins":
        """Return the bins of known values."""
        return cls([*labels, "other values", "missing"], [*counts, 0, missing], (), values)

    def count(self, column: Any, rows: Any) -> Counts:  # noqa: ANN401 - a parsed column
        """Count the values of a column, at some rows or at all of them, where that is None."""
        size = len(self.counts)
        if self.edges:
            numbers = np.asarray(column if rows is None else column[rows], dtype=np.float64)
            places = self._upper.searchsorted(numbers, side="right")
            places[np.isnan(numbers)] = size - 1
            return np.bincount(places, minlength=size)
        found: Any
        values, codes = getattr(column, "values", None), getattr(column, "codes", None)
        if values is not None and codes is not None:
            found = np.bincount(codes if rows is None else codes[rows], minlength=len(values))
        elif column.dtype == np.float64:  # true and false
            values, found = np.unique(column if rows is None else column[rows], return_counts=True)
        else:
            values = column if rows is None else column[rows]
            found = np.ones(len(values))
        bins = np.array([self._bin(value) for value in values.tolist()], dtype=np.intp)
        return np.bincount(bins, weights=found, minlength=size).astype(np.int64)

    @cached_property
    def _upper(self) -> NDArray[np.float64]:
        """The edges; the last one belongs to the bin below it."""
        edges = np.array(self.edges, dtype=np.float64)
        edges[-1] = np.nextafter(edges[-1], np.inf)
        return edges

    @cached_property
    def _places(self) -> dict[Any, int]:
        return {value: place for place, value in enumerate(self.values)}

    def _bin(self, value: Any) -> int:  # noqa: ANN401 - a parsed value
        if value is None or value != value:
            return len(self.counts) - 1
        return self._places.get(value, len(self.counts) - 2)

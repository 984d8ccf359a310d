"""What a batch came to: counts that add up, chunk by chunk, in any order."""

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Quantiles are within one in a hundred of the true ones.
ACCURACY = 0.01
GAMMA = (1 + ACCURACY) / (1 - ACCURACY)
SMALLEST = 1e-9
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass
class Spread:
    """How quantities are spread, in bounded memory.

    References
    ----------
    Masson, Rim & Lee (2019), DDSketch, PVLDB 12(12), 2195-2205: bins whose ends grow by a factor.
    """

    count: int = 0
    total: float = 0.0
    minimum: float = math.inf
    maximum: float = -math.inf
    bins: Counter[tuple[int, int]] = field(default_factory=Counter)

    def add(self, values: NDArray[np.float64]) -> None:
        """Count quantities."""
        if not len(values):
            return
        self.count += len(values)
        self.total += float(values.sum())
        self.minimum = min(self.minimum, float(values.min()))
        self.maximum = max(self.maximum, float(values.max()))
        size = np.abs(values)
        large = size > SMALLEST
        sign = np.where(large, np.sign(values), 0).astype(int)
        with np.errstate(divide="ignore"):
            exponent = np.ceil(np.log(np.where(large, size, 1.0)) / math.log(GAMMA)).astype(int)
        pairs, counts = np.unique(np.column_stack([sign, exponent]), axis=0, return_counts=True)
        for (side, at), found in zip(pairs.tolist(), counts.tolist(), strict=True):
            self.bins[side, at] += found

    def merge(self, other: "Spread") -> None:
        """Count what another has counted."""
        self.count += other.count
        self.total += other.total
        self.minimum = min(self.minimum, other.minimum)
        self.maximum = max(self.maximum, other.maximum)
        self.bins.update(other.bins)

    def histogram(self) -> list[tuple[float, int]]:
        """Return each bin's middle, ascending, and what is in it."""
        middles = [
            (side * 2 * GAMMA**at / (GAMMA + 1), found) for (side, at), found in self.bins.items()
        ]
        return sorted(middles)

    def quantile(self, share: float) -> float | None:
        """Return the value that a share of the quantities is not above."""
        left = share * (self.count - 1)
        for middle, found in self.histogram():
            left -= found
            if left < 0:
                return min(max(middle, self.minimum), self.maximum)
        return self.maximum if self.count else None


@dataclass
class Summary:
    """Counts of rows.

    Attributes
    ----------
    rows, bad_rows, warned_rows
        All rows; those that do not fit; those that fit and have a warning.
    bad
        Faults by input and code.
    warned
        Rows by the code of a warning that they have.
    classes
        For each output that names a class, rows by the class that was named.
    quantities
        For each output that estimates a quantity, its spread.
    neutralised
        Cells that a spreadsheet would have taken for a formula.
    """

    rows: int = 0
    bad_rows: int = 0
    warned_rows: int = 0
    bad: Counter[tuple[str | None, str]] = field(default_factory=Counter)
    warned: Counter[str] = field(default_factory=Counter)
    classes: dict[str, Counter[Any]] = field(default_factory=dict)
    quantities: dict[str, Spread] = field(default_factory=dict)
    neutralised: int = 0

    def merge(self, other: "Summary") -> None:
        """Add what another has counted."""
        self.rows += other.rows
        self.bad_rows += other.bad_rows
        self.warned_rows += other.warned_rows
        self.neutralised += other.neutralised
        self.bad.update(other.bad)
        self.warned.update(other.warned)
        for name, counts in other.classes.items():
            self.classes.setdefault(name, Counter()).update(counts)
        for name, spread in other.quantities.items():
            self.quantities.setdefault(name, Spread()).merge(spread)


def counted(summary: Summary) -> dict[str, Any]:
    """Return how many rows there were, and how many of them were odd and why, most first."""
    return {
        "rows": summary.rows,
        "bad_rows": summary.bad_rows,
        "warned_rows": summary.warned_rows,
        "bad": [
            {"input": name, "code": code, "rows": rows}
            for (name, code), rows in summary.bad.most_common()
        ],
        "warned": [{"code": code, "rows": rows} for code, rows in summary.warned.most_common()],
    }


def as_json(summary: Summary) -> dict[str, Any]:
    """Return what a batch came to, as an object of JSON."""
    quantities = {
        name: {
            "rows": spread.count,
            "mean": spread.total / spread.count,
            "minimum": spread.minimum,
            "maximum": spread.maximum,
            "quantiles": [{"share": share, "value": spread.quantile(share)} for share in QUANTILES],
        }
        for name, spread in summary.quantities.items()
        if spread.count
    }
    classes = {
        name: [{"class": value, "rows": rows} for value, rows in counts.most_common()]
        for name, counts in summary.classes.items()
    }
    return {
        **counted(summary),
        "classes": classes,
        "quantities": quantities,
    }

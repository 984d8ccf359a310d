"""What a batch came to: counts that add up, chunk by chunk, in any order."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import add
from typing import Any, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from servery.batch.parsing import RowFault
from servery.inputs import InputWarning

#: Quantiles are within one in a hundred of the true ones.
ACCURACY = 0.01
GAMMA = (1 + ACCURACY) / (1 - ACCURACY)
SMALLEST = 1e-9
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
#: With fewer rows, none of them is below the first of the quantiles or above the last one.
FEWEST_FOR_QUANTILES = 20
#: Lines that are named for each reason: enough to find them, and few enough to be kept.
MOST_LINES = 10
#: Rows that are kept with all that is wrong with them, and of each row so many things.
MOST_FIRST = 50
MOST_REMARKS = 10
#: The input at fault, None for the row as a whole; and the code of the fault or warning.
Reason: TypeAlias = tuple[str | None, str]


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

    @property
    def mean(self) -> float:
        """The mean of the quantities; there must be one."""
        return self.total / self.count

    def quantile(self, share: float) -> float:
        """Return the value that a share of the quantities is not above, between two of them."""
        place = share * (self.count - 1)
        low, high = self._ranked(math.floor(place)), self._ranked(math.ceil(place))
        return low + (high - low) * (place - math.floor(place))

    def _ranked(self, rank: int) -> float:
        """Return the quantity of some rank, from 0; the first and the last one are exact."""
        if rank <= 0:
            return self.minimum
        left = rank
        for middle, found in self.histogram() if rank < self.count - 1 else ():
            left -= found
            if left < 0:
                return min(max(middle, self.minimum), self.maximum)
        return self.maximum


@dataclass
class Tally:
    """Rows that have one thing in common, and the first of their lines, ascending."""

    rows: int = 0
    lines: list[int] = field(default_factory=list)

    def add(self, rows: int, lines: Iterable[int]) -> None:
        """Count more rows; the first lines of all are the same in whatever order these come."""
        self.rows += rows
        self.lines = sorted([*self.lines, *lines])[:MOST_LINES]


class Remark(msgspec.Struct, frozen=True):
    """Why a row does not fit or has a warning; ``input`` is None if it concerns the whole row."""

    input: str | None
    code: str
    detail: str


class BadRow(msgspec.Struct, frozen=True):
    """A row that does not fit, by its line; ``more`` are the reasons that are not named."""

    line: int
    remarks: list[Remark]
    more: int = 0


def remarks_of(reasons: Sequence[RowFault] | Sequence[InputWarning]) -> list[Remark]:
    """Return the faults or warnings of a row, as values to store."""
    return [Remark(each.input, each.code, each.detail) for each in reasons]


@dataclass
class Summary:
    """Counts of rows.

    Attributes
    ----------
    rows, bad_rows, warned_rows
        All rows; those that do not fit; those that fit and have a warning.
    bad, warned
        Rows by each reason for which they do not fit, or have a warning.
    classes
        For each output that names a class, rows by the class that was named.
    quantities
        For each output that estimates a quantity, its spread.
    first_bad
        The first rows that do not fit, ascending by their lines.
    neutralised
        Cells that a spreadsheet would have taken for a formula.
    inputs
        For each input that training has shown, rows that fit by the bins of its values.
    """

    rows: int = 0
    bad_rows: int = 0
    warned_rows: int = 0
    bad: dict[Reason, Tally] = field(default_factory=dict)
    warned: dict[Reason, Tally] = field(default_factory=dict)
    classes: dict[str, Counter[Any]] = field(default_factory=dict)
    quantities: dict[str, Spread] = field(default_factory=dict)
    first_bad: list[BadRow] = field(default_factory=list)
    neutralised: int = 0
    inputs: dict[str, list[int]] = field(default_factory=dict)

    def merge(self, other: "Summary") -> None:
        """Add what another has counted."""
        self.rows += other.rows
        self.bad_rows += other.bad_rows
        self.warned_rows += other.warned_rows
        self.neutralised += other.neutralised
        rows = sorted([*self.first_bad, *other.first_bad], key=lambda row: row.line)
        self.first_bad = rows[:MOST_FIRST]
        for mine, theirs in ((self.bad, other.bad), (self.warned, other.warned)):
            for reason, tally in theirs.items():
                mine.setdefault(reason, Tally()).add(tally.rows, tally.lines)
        for name, counts in other.classes.items():
            self.classes.setdefault(name, Counter()).update(counts)
        for name, found in other.inputs.items():
            before = self.inputs.get(name, [0] * len(found))
            self.inputs[name] = list(map(add, before, found))
        for name, spread in other.quantities.items():
            self.quantities.setdefault(name, Spread()).merge(spread)


def merged(summaries: Iterable[Summary]) -> Summary:
    """Return one summary with the counts of several."""
    total = Summary()
    for each in summaries:
        total.merge(each)
    return total


def figure(value: float) -> str:
    """Return a number with four significant digits, or as a whole number if it has more."""
    return f"{value:,.0f}" if 1e4 <= abs(value) < 1e15 else f"{value:.4g}"


def commonest(tallies: dict[Reason, Tally]) -> list[tuple[Reason, Tally]]:
    """Return reasons with their rows, most first."""
    return sorted(tallies.items(), key=lambda each: -each[1].rows)


def row_counts(summary: Summary, *, has_lines: bool) -> dict[str, Any]:
    """Return how many rows there were, and how many of them were odd and why, most first.

    Parameters
    ----------
    has_lines
        Whether the first lines of each reason mean something: the rows are of one file.
    """
    return {
        "rows": summary.rows,
        "bad_rows": summary.bad_rows,
        "warned_rows": summary.warned_rows,
        **{
            name: [
                {"input": item, "code": code, "rows": tally.rows}
                | ({"lines": tally.lines} if has_lines else {})
                for (item, code), tally in commonest(tallies)
            ]
            for name, tallies in (("bad", summary.bad), ("warned", summary.warned))
        },
    }


def as_json(summary: Summary, *, has_lines: bool = False) -> dict[str, Any]:
    """Return what a batch came to, as an object of JSON; ``has_lines`` as for `row_counts`."""
    quantities = {
        name: {
            "rows": spread.count,
            "mean": spread.mean,
            "minimum": spread.minimum,
            "maximum": spread.maximum,
            "quantiles": [
                {"share": share, "value": spread.quantile(share)}
                for share in QUANTILES
                if spread.count >= FEWEST_FOR_QUANTILES
            ],
        }
        for name, spread in summary.quantities.items()
        if spread.count
    }
    classes = {
        name: [{"class": value, "rows": rows} for value, rows in counts.most_common()]
        for name, counts in summary.classes.items()
    }
    return {
        **row_counts(summary, has_lines=has_lines),
        "classes": classes,
        "quantities": quantities,
    }

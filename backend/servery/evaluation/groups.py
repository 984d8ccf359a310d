"""Error rates within groups of rows: for each value of an input, and for two inputs together."""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from servery.inputs import Input, Scalar, Value
from servery.manifest.measured import Gap, Group, GroupErrorRow, GroupErrors, GroupRow, Rate
from servery.uncertainty.folds import Flags, Floats
from servery.uncertainty.reliability import Z_95, stated

Codes: TypeAlias = NDArray[np.integer[Any]]
#: Rows by their group, whether they are a hit, and whether they were called one.
Cells: TypeAlias = NDArray[np.int64]
#: Numbers with more different values than this are cut into as many ranges.
MOST_VALUES, RANGES = 8, 4
#: Groups of two inputs together that still fit on a page.
MOST_CELLS = 30
#: Up to so many pairs of groups are counted instead of sorted: the counts take little memory.
MOST_COUNTED = 1_000_000
#: Rows that are counted at once.
BLOCK_ROWS = 65_536
#: A gap is stated between groups with at least so many rows that count for the rate.
ENOUGH_FOR_A_GAP = 30
#: The text of the group of missing values.
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Grouping:
    """Which group each row is in.

    Attributes
    ----------
    codes
        For each row, which of ``values`` its group has; None is the group of missing values.
    texts
        Groups in the words of the card: a page has no value to look a pair up by.
    """

    codes: Codes
    values: Sequence[Scalar | None]
    texts: Sequence[str]

    def with_other(self, other: "Grouping") -> "Grouping":
        """Return the groups of both together, those that have rows."""
        found, codes = self._distinct(other)
        pairs = [divmod(code, len(other.texts)) for code in found.tolist()]
        texts = [f"{self.texts[one]}, {other.texts[two]}" for one, two in pairs]
        return Grouping(codes, texts, texts)

    def _distinct(self, other: "Grouping") -> tuple[Codes, Codes]:
        """Return the distinct pairs of codes, and the index of the pair of each row."""
        count = len(self.texts) * len(other.texts)
        if count > MOST_COUNTED:
            both = self.codes.astype(np.intp) * len(other.texts) + other.codes
            return np.unique(both, return_inverse=True)
        both = self.codes.astype(np.int32) * len(other.texts) + other.codes
        is_there = np.bincount(both, minlength=count) > 0
        places = np.cumsum(is_there, dtype=both.dtype) - 1
        return np.flatnonzero(is_there), places[both]


def grouping(item: Input, column: Sequence[Value]) -> Grouping:
    """Return the group of each row by the value of an input; a missing value is a group too."""
    if item.storage in ("float64", "int64"):
        numbers = [np.nan if value is None else value for value in column]
        return number_grouping(item, np.array(numbers, dtype=np.float64))
    places = {value: place for place, value in enumerate(dict.fromkeys(column))}
    codes = np.array([places[value] for value in column], dtype=np.intp)
    return grouping_of(item, codes, list(places))


def number_grouping(item: Input, numbers: Floats) -> Grouping:
    """Return the group of each number: itself, or the range that it is in."""
    is_known = ~np.isnan(numbers)
    present = numbers[is_known]
    codes = np.zeros(len(numbers), dtype=np.int32)
    distinct = np.unique(present)
    if len(distinct) <= MOST_VALUES:
        codes[is_known] = 1 + distinct.searchsorted(present)
        return grouping_of(item, codes, [None, *map(item.value_type, distinct.tolist())])
    edges = np.unique(np.quantile(present, np.linspace(0.0, 1.0, RANGES + 1)[1:-1]))
    ranges = edges.searchsorted(present, side="right")
    codes[is_known] = 1 + ranges
    names = [
        f"{within.min():g} to {within.max():g}" if len(within) else ""
        for within in (present[ranges == place] for place in range(len(edges) + 1))
    ]
    return Grouping(codes, [None, *names], [UNKNOWN, *names])


def grouping_of(item: Input, codes: Codes, values: Sequence[Value]) -> Grouping:
    """Return groups by values, of which each row has one."""
    plain = [None if value is None else item.to_json(value) for value in values]
    texts = [UNKNOWN if value is None else item.text_of(value) for value in plain]
    return Grouping(codes, plain, texts)


def group_rates(
    groupings: Mapping[str, Grouping], hit: Flags, called: Flags, *, positive: Scalar
) -> list[Group]:
    """Measure the error rates of a binary classifier within groups, the largest group first.

    Parameters
    ----------
    groupings
        By the inputs whose values are compared.
    hit, called
        Which rows are ``positive``, and which were predicted as that.
    """
    groups = [
        Group(input=name, **_rates_of(of, hit, called, positive)) for name, of in groupings.items()
    ]
    for one, other in itertools.combinations(groupings, 2):
        pairs = groupings[one].with_other(groupings[other])
        if len(pairs.values) <= MOST_CELLS:
            rates = _rates_of(pairs, hit, called, positive)
            groups.append(Group(input=f"{one} and {other}", inputs=[one, other], **rates))
    return groups


def accuracy_groups(groupings: Mapping[str, Grouping], right: Flags) -> list[Group]:
    """Measure the share of right answers of any classifier within groups."""
    groups = []
    for name, of in groupings.items():
        rows = [
            GroupRow(
                value=value,
                rows=int(cells.sum()),
                rates=[
                    _rate("accuracy", "Classified correctly", int(cells.sum()), int(cells[1].sum()))
                ],
            )
            for value, cells in _by_size(of, _cells(of, right, right))
        ]
        groups.append(Group(input=name, rows=rows, gaps=_gaps(rows)))
    return groups


def error_groups(groupings: Mapping[str, Grouping], errors: Floats) -> list[GroupErrors]:
    """Measure the errors of a quantity within groups, ``errors`` being predicted less actual."""
    return [
        GroupErrors(
            input=name,
            rows=[_errors_of(value, errors[mask]) for value, mask in rows_by_size(of)],
        )
        for name, of in groupings.items()
    ]


def _errors_of(value: Scalar | None, errors: Floats) -> GroupErrorRow:
    mean = float(errors.mean())
    spread = Z_95 * float(errors.std(ddof=1)) / len(errors) ** 0.5 if len(errors) > 1 else None
    return GroupErrorRow(
        value=value,
        rows=len(errors),
        mae=float(np.abs(errors).mean()),
        bias=mean,
        low=None if spread is None else mean - spread,
        high=None if spread is None else mean + spread,
    )


def rows_by_size(of: Grouping) -> Iterator[tuple[Scalar | None, Flags]]:
    """Return each group that has rows, and which rows, the largest group first."""
    counts = np.bincount(of.codes, minlength=len(of.values))
    for code in np.argsort(-counts, kind="stable").tolist():
        if counts[code]:
            yield of.values[code], of.codes == code


def _rates_of(of: Grouping, hit: Flags, called: Flags, positive: Scalar) -> dict[str, Any]:
    rows = [
        GroupRow(value=value, rows=int(cells.sum()), rates=_rates(cells, positive))
        for value, cells in _by_size(of, _cells(of, hit, called))
    ]
    return {"rows": rows, "gaps": _gaps(rows)}


def _by_size(of: Grouping, cells: Cells) -> Iterator[tuple[Scalar | None, Cells]]:
    """Return each group that has rows, with its cells, the largest group first."""
    rows = cells.sum(axis=(1, 2))
    for code in np.argsort(-rows, kind="stable").tolist():
        if rows[code]:
            yield of.values[code], cells[code]


def _cells(of: Grouping, hit: Flags, called: Flags) -> Cells:
    """Count rows by their group, whether they are a hit, and whether they were called one."""
    count = 4 * len(of.values)
    cells = np.zeros(count, dtype=np.int64)
    for start in range(0, len(of.codes), BLOCK_ROWS):
        part = slice(start, start + BLOCK_ROWS)
        cells += np.bincount(
            4 * of.codes[part].astype(np.intp) + 2 * hit[part] + called[part], minlength=count
        )
    return cells.reshape(-1, 2, 2)


def _rates(cells: Cells, positive: Scalar) -> list[Rate]:
    """Return the rates of one group, from its rows by hit and called."""
    (passed, alarms), (missed, caught) = cells.tolist()
    rows, hits = passed + alarms + missed + caught, missed + caught
    return [
        _rate("base_rate", f"Are {positive}", rows, hits),
        _rate("selection_rate", f"Predicted {positive}", rows, alarms + caught),
        _rate("false_positive_rate", f"Wrongly predicted {positive}", rows - hits, alarms),
        _rate("false_negative_rate", f"Wrongly predicted not {positive}", hits, missed),
    ]


def _rate(name: str, label: str, rows: int, those: int) -> Rate:
    if not rows:
        return Rate(name=name, label=label, value=None, rows=0)
    share = stated(rows, those)
    return Rate(
        name=name, label=label, value=those / rows, rows=rows, low=share.low, high=share.high
    )


def _gaps(rows: Sequence[GroupRow]) -> list[Gap]:
    """Return the largest difference of each rate, between groups with enough rows for it.

    References
    ----------
    The interval: R. G. Newcombe (1998), Statistics in Medicine 17(8), 873-890, method 10.
    """
    gaps = []
    for place, first in enumerate(rows[0].rates if rows else ()):
        known = [
            (row.value, rate.value, rate.low, rate.high)
            for row in rows
            for rate in [row.rates[place]]
            if rate.value is not None
            and rate.low is not None
            and rate.high is not None
            and (rate.rows or 0) >= ENOUGH_FOR_A_GAP
        ]
        if len(known) < 2:
            continue
        most, top, top_low, top_high = max(known, key=lambda each: each[1])
        least, bottom, bottom_low, bottom_high = min(known, key=lambda each: each[1])
        gaps.append(
            Gap(
                name=first.name,
                label=first.label,
                value=top - bottom,
                low=top - bottom - math.hypot(top - top_low, bottom_high - bottom),
                high=top - bottom + math.hypot(top_high - top, bottom - bottom_low),
                most=most,
                least=least,
            )
        )
    return gaps

"""Error rates within groups of rows: for each value of an input, and for two inputs together."""

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from servery.inputs import Input, Scalar, Value
from servery.manifest.measured import Gap, Group, GroupRow, Rate
from servery.uncertainty.folds import Flags
from servery.uncertainty.reliability import stated

#: Numbers with more different values than this are cut into as many ranges.
MOST_VALUES, RANGES = 8, 4
#: Groups of two inputs together that still fit on a page.
MOST_CELLS = 30
#: A gap is stated between groups with at least so many rows that count for the rate.
ENOUGH_FOR_A_GAP = 30


def group_rates(
    inputs: Sequence[Input],
    columns: Mapping[str, Sequence[Value]],
    hit: Flags,
    called: Flags,
    *,
    positive: Scalar,
) -> list[Group]:
    """Measure the error rates of a binary classifier within groups, the largest group first.

    Parameters
    ----------
    inputs
        Those whose values are compared. A missing value is a group too.
    hit, called
        Which rows are ``positive``, and which were predicted as that.
    """
    values = {item.name: _grouped(item, columns[item.name]) for item in inputs}
    texts = {item.name: _texts(item, values[item.name]) for item in inputs}
    groups = [
        Group(input=name, **_rates_of(of, hit, called, positive)) for name, of in values.items()
    ]
    for one, other in itertools.combinations(values, 2):
        pairs = _paired(texts[one], texts[other])
        if len(set(pairs)) <= MOST_CELLS:
            rates = _rates_of(pairs, hit, called, positive)
            groups.append(Group(input=f"{one} and {other}", inputs=[one, other], **rates))
    return groups


def _grouped(item: Input, column: Sequence[Value]) -> list[Scalar | None]:
    """Return the group of each row: its value, or the range of numbers that it is in."""
    present = [value for value in column if value is not None]
    if item.storage not in ("float64", "int64") or len(set(present)) <= MOST_VALUES:
        return [None if value is None else item.to_json(value) for value in column]
    numbers = np.array(present, dtype=np.float64)
    edges = np.unique(np.quantile(numbers, np.linspace(0.0, 1.0, RANGES + 1)[1:-1]))
    codes = edges.searchsorted(numbers, side="right")
    names = {
        code: f"{numbers[codes == code].min():g} to {numbers[codes == code].max():g}"
        for code in np.unique(codes).tolist()
    }
    named = iter([names[code] for code in codes.tolist()])
    return [None if value is None else next(named) for value in column]


def _texts(item: Input, groups: Sequence[Scalar | None]) -> list[str]:
    """Return groups in the words of the card: a page has no value to look a pair up by."""
    return ["unknown" if group is None else item.text_of(group) for group in groups]


def _paired(one: Sequence[str], other: Sequence[str]) -> list[Scalar | None]:
    return [", ".join(pair) for pair in zip(one, other, strict=True)]


def _rates_of(
    values: Sequence[Scalar | None], hit: Flags, called: Flags, positive: Scalar
) -> dict[str, Any]:
    codes, known = pd.factorize(np.array(values, dtype=object), use_na_sentinel=False)
    order = np.argsort(-np.bincount(codes), kind="stable")
    rows = [
        GroupRow(
            value=None if pd.isna(known[code]) else known[code],
            rows=int(mask.sum()),
            rates=_rates(hit[mask], called[mask], positive),
        )
        for code in order.tolist()
        for mask in [codes == code]
    ]
    return {"rows": rows, "gaps": _gaps(rows)}


def _rates(hit: Flags, called: Flags, positive: Scalar) -> list[Rate]:
    return [
        _rate("base_rate", f"Are {positive}", hit),
        _rate("selection_rate", f"Predicted {positive}", called),
        _rate("false_positive_rate", f"Wrongly predicted {positive}", called[~hit]),
        _rate("false_negative_rate", f"Wrongly predicted not {positive}", ~called[hit]),
    ]


def _rate(name: str, label: str, flags: Flags) -> Rate:
    if not len(flags):
        return Rate(name=name, label=label, value=None, rows=0)
    share = stated(len(flags), int(flags.sum()))
    return Rate(
        name=name,
        label=label,
        value=float(flags.mean()),
        rows=len(flags),
        low=share.low,
        high=share.high,
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

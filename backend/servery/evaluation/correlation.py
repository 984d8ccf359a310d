"""Which inputs go together: the association of each pair, whatever their types."""

import itertools
from collections.abc import Sequence

import numpy as np
import pandas as pd

from servery.inputs import NUMERIC, Input, Value
from servery.manifest.measured import Correlated
from servery.signature import Row
from servery.uncertainty.folds import Places

#: Weaker associations are not worth a word.
STRONG = 0.4
MOST_PAIRS, MOST_INPUTS = 20, 60
#: Numbers are cut into so many ranges beside a category.
RANGES = 8


def correlated_inputs(inputs: Sequence[Input], rows: Sequence[Row]) -> list[Correlated]:
    """Return the pairs of inputs with a strong association, the strongest first.

    Between two numbers it is the absolute value of Spearman's rank correlation; otherwise
    Cramér's V with numbers cut at their quantiles, corrected for chance.

    References
    ----------
    W. Bergsma (2013), J. of the Korean Statistical Society 42(3), 323-328.
    """
    if len(inputs) > MOST_INPUTS or len(rows) < 2:
        return []
    places = [place for place, item in enumerate(inputs) if not item.is_free_text]
    columns = {place: _column(inputs[place], [row[place] for row in rows]) for place in places}
    found = [
        Correlated(
            inputs=(inputs[one].name, inputs[other].name),
            association=round(_association(columns[one], columns[other]), 4),
        )
        for one, other in itertools.combinations(places, 2)
    ]
    strong = [each for each in found if each.association >= STRONG]
    return sorted(strong, key=lambda each: -each.association)[:MOST_PAIRS]


def _column(item: Input, values: Sequence[Value]) -> "pd.Series[float] | pd.Series[object]":
    if item.storage in NUMERIC:
        return pd.Series(values, dtype="float64")
    return pd.Series([None if value is None else str(value) for value in values], dtype=object)


def _association(one: "pd.Series[float]", other: "pd.Series[float]") -> float:
    if one.dtype == other.dtype == np.float64:
        known = (one.notna() & other.notna()).to_numpy()
        ranks = [column[known].rank().to_numpy() for column in (one, other)]
        if any(len(set(each.tolist())) < 2 for each in ranks):
            return 0.0
        return abs(float(np.corrcoef(*ranks)[0, 1]))
    return _cramers_v(_codes(one), _codes(other))


def _codes(column: "pd.Series[float]") -> Places:
    """Return a category for each row; a missing value is one of its own."""
    if column.dtype == np.float64 and column.nunique() > RANGES:
        column = pd.qcut(column, RANGES, labels=False, duplicates="drop")
    return np.asarray(pd.factorize(column, use_na_sentinel=False)[0])


def _cramers_v(one: Places, other: Places) -> float:
    rows, columns = int(one.max()) + 1, int(other.max()) + 1
    table = np.bincount(one * columns + other, minlength=rows * columns).reshape(rows, columns)
    total = float(table.sum())
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / total
    squared = float(((table - expected) ** 2 / expected).sum()) / total
    corrected = max(0.0, squared - (rows - 1) * (columns - 1) / (total - 1))
    least = min(rows - (rows - 1) ** 2 / (total - 1), columns - (columns - 1) ** 2 / (total - 1))
    return float(np.sqrt(corrected / (least - 1))) if least > 1 else 0.0

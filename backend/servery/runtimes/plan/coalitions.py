"""Columns of rows that are mixed of few others, and their features without making the rows.

Where each feature hangs on one input alone, the features of a mixed row are features of those that
it is mixed of: hundreds of thousands of rows cost little more than the few.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from servery.runtimes.plan.step import Columns, Floats
from servery.runtimes.plan.transform import Places, Transform

#: A wider table of features is not made: those of a text are many, and nearly all zero.
WIDE = 4096


@dataclass(frozen=True, slots=True)
class ColumnCoalitions:
    """Rows that take each input from one of few donors.

    Attributes
    ----------
    donors
        The columns of the donors.
    source
        Which donor gives each input of each row, shape (n, inputs).
    """

    donors: Columns
    source: Places

    def columns(self) -> Columns:
        """Return the columns of the rows themselves."""
        return [values[at] for values, at in zip(self.donors, self.source.T, strict=True)]


#: What a predictor is given: the columns of rows, or those that they are mixed of.
Given: TypeAlias = "Columns | ColumnCoalitions"


def count(given: Given) -> int:
    """Return how many rows there are."""
    return len(given.source) if isinstance(given, ColumnCoalitions) else len(given[0])


def few_features(transform: Transform, given: Given) -> tuple[Floats, Sequence[Places]]:
    """Return features of few rows, and for each feature which of them gives it to the n rows."""
    if isinstance(given, ColumnCoalitions):
        sources = transform.sources()
        if sources is not None and transform.width <= WIDE:
            return transform.rows(given.donors), list(given.source.T[sources])
        given = given.columns()
    made = transform.rows(given)
    return made, [np.arange(len(made))] * transform.width


def features_of(transform: Transform, given: Given) -> Floats:
    """Return the features of n rows, shape (n, width)."""
    if not isinstance(given, ColumnCoalitions):
        return transform.rows(given)
    made, at = few_features(transform, given)
    return np.column_stack([made[rows, place] for place, rows in enumerate(at)])


def projected(transform: Transform, given: Given, weights: Floats) -> Floats:
    """Return the features of n rows times weights of shape (width, k)."""
    if not isinstance(given, ColumnCoalitions):
        return transform.project_rows(given, weights)
    sources = transform.sources()
    if sources is None or transform.width > WIDE:
        return transform.project_rows(given.columns(), weights)
    made = transform.rows(given.donors)
    total = np.zeros((len(given.source), weights.shape[1]))
    for place in np.unique(sources):
        of_place = sources == place
        share = made[:, of_place] @ weights[of_place]
        total += share[given.source[:, place]]
    return total

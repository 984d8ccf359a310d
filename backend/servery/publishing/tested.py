"""Test rows that the estimator answers; the others are counted by their reasons, and named."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any

import pandas as pd

from servery.errors import InvalidInputs
from servery.evaluation.naming import named_rows
from servery.inspection import Inspected
from servery.publishing.rows import plain_row
from servery.runtimes.columns import ColumnOutcomes, as_columns
from servery.runtimes.sense import answered
from servery.runtimes.sklearn import ask, to_table
from servery.signature import Row

NO_ANSWER = "the model gives no answer"
MOST_REASONS = 3


@dataclass(frozen=True, slots=True)
class TestedRows:
    """The rows of a table that are measured.

    Attributes
    ----------
    places
        Where ``rows`` stand in the table.
    left_out
        The index of the rows that are not measured, each with its reason.
    """

    rows: list[Row]
    places: list[int]
    left_out: "pd.Series[str]"

    @property
    def left_out_in_words(self) -> str:
        """Each reason with its rows, the most frequent first."""
        reasons = self.left_out.value_counts()
        named = [
            f"{count:,} ({named_rows(self.left_out[self.left_out == reason])}): {reason}"
            for reason, count in reasons.head(MOST_REASONS).items()
        ]
        more = int(reasons.iloc[MOST_REASONS:].sum())
        return "; ".join([*named, *([f"{more:,} for other reasons"] if more else [])])


def answered_rows(
    estimator: Any,  # noqa: ANN401
    inspected: Inspected,
    X: pd.DataFrame,
) -> TestedRows:
    """Return the rows of a table that the estimator answers with finite numbers."""
    signature = inspected.signature
    rows: list[Row] = []
    places: list[int] = []
    reasons: dict[int, str] = {}
    for place, record in enumerate(X.to_dict("records")):
        try:
            rows.extend(signature.parse([plain_row(signature, record)]).rows)
        except InvalidInputs as error:
            fault = error.faults[0]
            reasons[place] = f"{fault.input}: {fault.detail.rstrip('.')}"
            continue
        places.append(place)
    fine = _answered(estimator, inspected, rows)
    reasons |= {
        place: NO_ANSWER for place, is_fine in zip(places, fine, strict=True) if not is_fine
    }
    chosen = sorted(reasons)
    left_out = pd.Series([reasons[place] for place in chosen], index=X.index[chosen], dtype=object)
    return TestedRows(list(compress(rows, fine)), list(compress(places, fine)), left_out)


def _answered(
    estimator: Any,  # noqa: ANN401
    inspected: Inspected,
    rows: Sequence[Row],
) -> list[bool]:
    signature, facts = inspected.signature, inspected.facts

    def ask_rows(part: Sequence[Row]) -> ColumnOutcomes:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that a value is odd is what is asked
            table = to_table(signature.inputs, part, facts)
            return as_columns(ask(estimator, table, signature.output))

    is_answered: list[bool] = answered(ask_rows, rows).tolist()
    return is_answered

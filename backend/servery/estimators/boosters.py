"""What boosting libraries record of their columns."""

from collections.abc import Sequence
from dataclasses import dataclass

from servery.estimators.registry import Part
from servery.estimators.tracking import (
    MIXED,
    Kind,
    TrackedColumns,
    allow_missing,
    is_nan,
    unchanged,
)
from servery.inputs import Scalar


@dataclass(frozen=True, slots=True)
class KnownColumn:
    """What a booster knows of one column: its type, its range or its categories.

    ``unknown_allowed`` is false where it takes an unknown category for a known one.
    """

    kind: Kind | None = None
    categories: tuple[Scalar, ...] | None = None
    is_categorical: bool = False
    unknown_allowed: bool = True
    low: float | None = None
    high: float | None = None

    @property
    def may_have_gaps(self) -> bool:
        """Whether the booster takes a missing value in it.

        CatBoost takes texts in a column of texts or categories and nothing else.
        """
        return self.is_categorical or self.kind not in {"text", "words"}


def learn(
    part: Part,
    columns: TrackedColumns,
    facts: Sequence[KnownColumn],
    *,
    takes_objects: bool = False,
) -> TrackedColumns:
    """Record in the columns what a booster knows of each."""
    allow_missing(part, columns)
    for column, _ in unchanged(columns, columns):
        column.takes_objects &= takes_objects
    missing = getattr(part, "missing", None)  # XGBoost's
    has_marker = isinstance(missing, (int, float)) and not is_nan(missing)
    for column, known in unchanged(columns, facts):
        if has_marker and known.kind == "boolean":
            column.missing_allowed = False  # a number beside true and false makes objects of them
        elif has_marker:
            column.mark_missing(missing)
        if known.kind is not None:
            column.kind = known.kind
            column.missing_allowed &= known.may_have_gaps
        if known.categories is not None:
            column.categories = known.categories
        column.is_categorical |= known.is_categorical
        column.unknown_allowed &= known.unknown_allowed
        column.low = known.low if column.low is None else column.low
        column.high = known.high if column.high is None else column.high
    return MIXED

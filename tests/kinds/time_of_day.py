"""A type of input: a time of day, which callers write as HH:MM and a model takes as minutes."""

import re
from collections.abc import Iterator, Sequence
from datetime import time
from typing import Any, Self

from servery.inputs import (
    Input,
    InputWarning,
    Json,
    Refusal,
    Schema,
    TrainingColumn,
    TrainingStats,
    Value,
    found,
    register,
)

TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
LAST = 24 * 60 - 1


class TimeStats(TrainingStats, frozen=True, kw_only=True):
    """The earliest and the latest time of training."""

    minimum: str
    maximum: str


@register
class TimeOfDayInput(Input, frozen=True, kw_only=True, dict=True, tag="time-of-day"):
    """Minutes since midnight."""

    storage = "int64"
    value_type = int
    bins = "quantiles"

    typical: str | None = None
    training_stats: TimeStats | None = None

    def parse(self, raw: object) -> int:
        """Take a time such as 08:30."""
        parts = TIME.fullmatch(raw) if isinstance(raw, str) else None
        if parts is None:
            raise Refusal("not-a-time", f"Expected a time such as 08:30, found {found(raw)}.")
        return 60 * int(parts[1]) + int(parts[2])

    def to_json(self, value: Value) -> Json:
        """Return a time as callers write it."""
        return written(value) if isinstance(value, int) else None

    def warning(self, value: Value, *, hint: bool = True) -> InputWarning | None:  # noqa: ARG002
        """Warn outside the times of training."""
        stats = self.training_stats
        if stats is None or stats.minimum <= str(self.to_json(value)) <= stats.maximum:
            return None
        detail = f"Seen in training: {stats.minimum} to {stats.maximum}."
        return self._warn("outside-training-range", detail)

    def _schema(self) -> Schema:
        return {"type": "string", "pattern": f"^{TIME.pattern}$"}

    def from_cell(self, cell: object) -> object:
        """Return the time of a cell that has one, as in a workbook."""
        return cell.strftime("%H:%M") if isinstance(cell, time) else super().from_cell(cell)

    @classmethod
    def claims(cls, column: TrainingColumn) -> bool:
        """Claim texts that all are times."""
        return column.has_only_texts and all(map(TIME.fullmatch, column.values))

    @classmethod
    def from_column(cls, column: TrainingColumn, **common: Any) -> Self:  # noqa: ANN401
        """Read the earliest, the middle and the latest time."""
        times = sorted(column.values)
        stats = TimeStats(missing=column.missing, minimum=times[0], maximum=times[-1])
        return cls(**common, typical=times[len(times) // 2], training_stats=stats)

    def summary(self) -> str | None:
        """Return the range."""
        stats = self.training_stats
        return None if stats is None else f"{stats.minimum} to {stats.maximum}"

    def sample(self) -> Value:
        """Return the typical time, or noon."""
        return self.parse(self.typical or "12:00")

    def grid(self, present: Value, most: int) -> list[Value]:
        """Return evenly spaced times of the range of training."""
        stats = self.training_stats
        if stats is None:
            return []
        first, last = self.parse(stats.minimum), self.parse(stats.maximum)
        times = {first + (last - first) * number // (most - 1) for number in range(most)}
        return [*sorted(times | ({present} if isinstance(present, int) else set()))]

    def trial_values(
        self,
        rows: Sequence[Value],  # noqa: ARG002
        thresholds: Sequence[float],
    ) -> Iterator[object]:
        """Go through thresholds and every half hour."""
        for minutes in [*map(int, thresholds), *range(0, LAST, 30), LAST]:
            if 0 <= minutes <= LAST:
                yield written(minutes)


def written(minutes: int) -> str:
    """Return minutes since midnight as HH:MM."""
    return f"{minutes // 60:02}:{minutes % 60:02}"

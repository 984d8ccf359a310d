"""Days and moments: the types ``date`` and ``datetime``."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cached_property, lru_cache
from typing import Any, ClassVar, Self, TypeVar
from zoneinfo import ZoneInfo

import numpy as np

from servery.inputs.base import (
    CardWords,
    FromText,
    Input,
    InputWarning,
    Json,
    Notation,
    OpenNotation,
    Refusal,
    Schema,
    TrainingColumn,
    TrainingStats,
    Value,
    found,
    python_value,
    register,
)
from servery.inputs.moment_texts import (
    CENTURIES,
    ORDERS,
    DaysRead,
    Order,
    is_open,
    open_days,
    read_moment,
)

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?")
WITH_OFFSET = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)"
    r" ?(Z|[+-][0-9]{2}:?[0-9]{2})"
)
FIXED_ZONE = re.compile(r"UTC([+-])([0-9]{2}):([0-9]{2})")
MIDNIGHT = re.compile(r"00:00(?::00(?:\.0+)?)?")
SOME_DAY = date(2024, 1, 1)
EPOCH = datetime(1970, 1, 1)
Parsed = TypeVar("Parsed", bound=date)


class MomentStats(TrainingStats, frozen=True, kw_only=True):
    """The first and the last, in ISO 8601."""

    minimum: str
    maximum: str


class MomentWords(CardWords, frozen=True, kw_only=True):
    """What a card may say of a day or a moment; outside the limits a value is refused."""

    minimum: str | None = None
    maximum: str | None = None


class MomentInput(Input, frozen=True, kw_only=True, dict=True):
    """A point in time; ``minimum`` and ``maximum`` are hard limits, in ISO 8601.

    ``spelling`` is how the texts of the fit are written, as ``strftime`` has it, where the
    estimator reads texts itself. A value may be sent so, too.
    """

    #: How a value is written in ISO 8601.
    iso_format: ClassVar[str]
    storage = "datetime64"
    card_words = MomentWords

    minimum: str | None = None
    maximum: str | None = None
    typical: str | None = None
    spelling: str | None = None
    training_stats: MomentStats | None = None

    def warning(self, value: Value, *, hint: bool = True) -> InputWarning | None:  # noqa: ARG002
        """Warn outside the range that training saw."""
        stats = self.training_stats
        moment = value.isoformat() if isinstance(value, date) else ""
        if stats is None or stats.minimum <= moment <= stats.maximum:
            return None
        return self._warn(
            "outside-training-range", f"Seen in training: {stats.minimum} to {stats.maximum}."
        )

    @property
    def is_spelled(self) -> bool:
        """Whether the estimator reads texts itself."""
        return self.spelling is not None

    def spelled(self, value: Value) -> object:
        """Return the text of a moment."""
        if self.spelling is None or not isinstance(value, date):
            return value
        return value.strftime(self.spelling)

    def _in_iso(self, raw: object) -> object:
        """Return a text that is written as those of the fit in ISO 8601; anything else as it is."""
        if self.spelling is None or not isinstance(raw, str):
            return raw
        try:
            moment = datetime.strptime(raw, self.spelling)
        except ValueError:
            return raw
        return self.to_json(self._of_moment(moment))

    def _refuse_outside_limits(self, moment: str) -> None:
        if self.minimum is not None and moment < self.minimum:
            raise Refusal("below-minimum", f"Expected {self.minimum} or later, found {moment}.")
        if self.maximum is not None and moment > self.maximum:
            raise Refusal("above-maximum", f"Expected {self.maximum} or earlier, found {moment}.")

    def to_json(self, value: Value) -> Json:
        """Return a value in ISO 8601."""
        return value.isoformat() if isinstance(value, date) else value

    def from_text(self, notation: Notation) -> FromText:
        """Read days in the order of the notation, with or without a time behind them."""
        order, century = notation.dates, notation.century

        def read(text: str) -> Json:
            bare = text.strip()
            if not bare:
                return None
            if order is None or not is_open(bare):  # else it could be read in another order
                known = self._in_iso(bare)
                if known != bare:
                    return str(known)
            return self._written(bare, order, century) or text

        return read

    def days_read(self, texts: Sequence[str], notation: Notation) -> DaysRead:
        """Return how the days of a column are read: its own texts decide, then what was said."""
        found = open_days(texts)
        is_known = all(self._in_iso(text) != text for text in texts if is_open(text))
        if found is None or (is_known and notation.dates is None):
            return DaysRead(None)
        if len(found.orders) == 1:
            order, is_found = found.orders[0], notation.dates != found.orders[0]
        elif notation.dates is None:
            raise OpenNotation("dates", found.example, found.orders or ORDERS[:2])
        else:
            order, is_found = notation.dates, False
        if found.short_year and notation.century is None:
            raise OpenNotation("century", found.short_year, self._centuries(texts, order))
        return DaysRead(order, found.example if is_found else None)

    def _centuries(self, texts: Sequence[str], order: Order) -> Sequence[str]:
        """Return what two figures of a year may mean; first what is nearest to training."""
        stats = self.training_stats

        def outside(century: str) -> int:
            if stats is None:
                return 0
            read = (read_moment(text, order, century) for text in texts)
            return sum(
                not stats.minimum[:4] <= moment.day[:4] <= stats.maximum[:4]
                for moment in read
                if moment is not None
            )

        return sorted(CENTURIES, key=outside)

    def _written(self, text: str, order: Order | None, century: str | None) -> str | None:
        """Return the JSON of a text; None where it is not a value of the type."""
        moment = read_moment(text, order, century)
        return None if moment is None else self._joined(*moment)

    def _of_cell(self, raw: object) -> object:
        """Return a text of a table in ISO 8601, if its year comes first; it may have a blank."""
        known = self._in_iso(raw)
        if not isinstance(raw, str) or known != raw:
            return known
        return self._written(raw.strip(), None, None) or raw

    def _joined(self, day: str, clock: str | None, offset: str | None) -> str | None:
        """Return a day of the calendar and a time after it as JSON; None where both do not fit."""
        raise NotImplementedError

    def _of_moment(self, moment: datetime) -> Value:
        """Return the value of the type that a moment has."""
        raise NotImplementedError

    @classmethod
    def from_column(cls, column: TrainingColumn, **common: Any) -> Self:  # noqa: ANN401
        """Read the first, the middle and the last moment."""
        ticks = column.values.astype(np.int64)
        first, middle, last = (
            np.datetime64(int(tick), "us").item().strftime(cls.iso_format)
            for tick in (ticks.min(), np.median(ticks), ticks.max())
        )
        stats = MomentStats(missing=column.missing, minimum=first, maximum=last)
        return cls(**common, training_stats=stats, typical=middle)

    def sample(self) -> Value:
        """Return the typical value, or some day."""
        if self.typical is None:
            return self._of_moment(_beginning(SOME_DAY))
        return self.parse(self.typical)

    def grid(self, present: Value, most: int) -> list[Value]:
        """Return evenly spaced days or moments of the range of training."""
        stats = self.training_stats
        if stats is None:
            return []
        first, last = (_beginning(self.parse(end)) for end in (stats.minimum, stats.maximum))
        values = {
            self._of_moment(first + (last - first) * number / (most - 1)) for number in range(most)
        }
        if present is not None:
            values.add(present)
        return sorted(values, key=_beginning)

    def position(self, value: Value) -> float | None:
        """Return the days since the epoch."""
        return None if value is None else (_beginning(value) - EPOCH) / timedelta(days=1)

    def trial_values(
        self,
        rows: Sequence[Value],  # noqa: ARG002
        thresholds: Sequence[float],  # noqa: ARG002
    ) -> Iterator[object]:
        """Go through nothing: no compiled model takes days or moments."""
        yield from ()


@register
class DateInput(MomentInput, frozen=True, kw_only=True, dict=True, tag="date"):
    """A day, written YYYY-MM-DD."""

    iso_format = "%Y-%m-%d"
    value_type = date

    def parse(self, raw: object) -> date:
        """Take a day of the calendar."""
        day = _parsed(self._in_iso(raw), DAY, date.fromisoformat)
        if day is None:
            raise Refusal("not-a-date", f"Expected a date such as 2024-02-29, found {found(raw)}.")
        self._refuse_outside_limits(day.isoformat())
        return day

    def _schema(self) -> Schema:
        return {"type": "string"} if self.is_spelled else {"type": "string", "format": "date"}

    def _joined(self, day: str, clock: str | None, offset: str | None) -> str | None:
        del offset  # midnight in whichever zone
        return None if clock and not MIDNIGHT.fullmatch(clock) else day

    def _of_moment(self, moment: datetime) -> Value:
        return moment.date()

    def from_cell(self, cell: object) -> object:
        """Return a day, also where the table has it as the moment when it begins."""
        raw = python_value(cell)
        if isinstance(raw, datetime) and raw == raw:  # not NaT
            raw = raw.date() if raw.time() == time() else raw
        return super().from_cell(self._of_cell(raw))

    @classmethod
    def claims(cls, column: TrainingColumn) -> bool:
        """Claim moments that all are the beginning of a day, in test rows too."""
        return column.dtype == "datetime64" and column.zone is None and _has_only_days(column)


@register
class DatetimeInput(MomentInput, frozen=True, kw_only=True, dict=True, tag="datetime"):
    """A moment on the clock that the training data used, written YYYY-MM-DDTHH:MM:SS.

    ``zone`` is the time zone of that clock, if the training data had one: its name, or an offset
    such as ``UTC+01:00``. A value is the time on that clock, whose ``fold`` distinguishes the
    two hours when it is set back.
    """

    iso_format = "%Y-%m-%dT%H:%M:%S"
    value_type = datetime

    zone: str | None = None

    @cached_property
    def clock(self) -> tzinfo | None:
        """The time zone of the values; None if the training data had none."""
        return None if self.zone is None else zone_named(self.zone)

    def parse(self, raw: object) -> datetime:
        """Take a day and a time, and convert one with an offset if the clock has a time zone."""
        moment = self._at_offset(raw)
        if moment is None:
            moment = _parsed(self._in_iso(raw), MOMENT, datetime.fromisoformat)
            self._refuse_skipped(moment)
        if moment is None:
            raise Refusal(
                "not-a-datetime",
                f"Expected a date and time such as 2024-02-29T18:30:00, found {found(raw)}.",
            )
        self._refuse_outside_limits(moment.isoformat())
        return moment

    def _at_offset(self, raw: object) -> datetime | None:
        """Return a text with an offset on the clock of the zone; None for anything else."""
        if self.clock is None or not isinstance(raw, str):
            return None
        parts = WITH_OFFSET.fullmatch(raw)
        if parts is None:
            return None
        try:
            moment = datetime.fromisoformat("{}T{}{}".format(*parts.groups()))
            return moment.astimezone(self.clock).replace(tzinfo=None)
        except (ValueError, OverflowError):  # no such day, or beyond the calendar
            return None

    def _refuse_skipped(self, moment: datetime | None) -> None:
        """Refuse a time that the clock skips when it is set forward."""
        if moment is None or self.clock is None:
            return
        try:
            real = moment.replace(tzinfo=self.clock).astimezone(UTC).astimezone(self.clock)
        except OverflowError:  # at an end of the calendar
            return
        if real.replace(tzinfo=None) != moment:
            raise Refusal(
                "not-a-datetime",
                f"{moment.isoformat()} does not exist in the time zone {self.zone}: clocks are set "
                "forward then.",
            )

    def to_json(self, value: Value) -> Json:
        """Return a value in ISO 8601, with its offset only where the clock shows a time twice."""
        if self.clock is not None and isinstance(value, datetime) and value.fold:
            return value.replace(tzinfo=self.clock).isoformat()
        return super().to_json(value)

    def _schema(self) -> Schema:
        if self.zone is not None:
            said = f"Local time in the time zone {self.zone}; a time with an offset is converted."
            return {"type": "string", "description": said}
        pattern = {} if self.is_spelled else {"pattern": f"^{MOMENT.pattern}$"}
        return {"type": "string", **pattern}

    def _joined(self, day: str, clock: str | None, offset: str | None) -> str | None:
        moment = f"{day}T{clock or '00:00:00'}"
        if offset is None or self.clock is not None:
            return moment + (offset or "")
        try:
            return str(self.to_json(_in_utc(datetime.fromisoformat(moment + offset))))
        except (ValueError, OverflowError):  # no such time, or beyond the calendar
            return None

    def remarks(self, cells: Sequence[Any]) -> Sequence[str]:
        """Say how times with an offset are read."""
        if not any(map(_has_offset, cells)):
            return []
        if self.zone is not None:
            return [f"Times with an offset are converted to {self.zone}."]
        return ["Times with an offset are read as UTC, because the model has no time zone."]

    def _of_moment(self, moment: datetime) -> Value:
        return moment

    def from_cell(self, cell: object) -> object:
        """Return a moment, also where the table has a day: its beginning."""
        raw = python_value(cell)
        if isinstance(raw, datetime) and raw == raw and raw.tzinfo and self.zone is None:
            raw = _in_utc(raw)
        is_day = isinstance(raw, date) and not isinstance(raw, datetime)
        moment = _beginning(raw) if is_day else raw  # type: ignore[arg-type] # a day
        return super().from_cell(self._of_cell(moment))

    @classmethod
    def claims(cls, column: TrainingColumn) -> bool:
        """Claim moments with a time of the day."""
        has_time = column.zone is not None or not _has_only_days(column)
        return column.dtype == "datetime64" and has_time

    @classmethod
    def from_column(cls, column: TrainingColumn, **common: Any) -> Self:  # noqa: ANN401
        """Read the range, and the zone of the clock."""
        return super().from_column(column, **common, zone=column.zone)


@lru_cache
def zone_named(name: str) -> tzinfo:
    """Return a time zone by its name, or by an offset such as ``UTC+01:00``.

    Raises
    ------
    ValueError
        There is no such zone.
    """
    if name == "UTC":
        return UTC
    fixed = FIXED_ZONE.fullmatch(name)
    if fixed is None:
        try:
            return ZoneInfo(name)
        except (OSError, KeyError) as error:  # a folder of zones, or none of them
            raise ValueError(name) from error
    sign, hours, minutes = fixed.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if sign == "-" else offset)


def _parsed(raw: object, pattern: re.Pattern[str], parse: Callable[[str], Parsed]) -> Parsed | None:
    """Return what a text in ISO 8601 stands for; None where it is something else."""
    if not isinstance(raw, str) or not pattern.fullmatch(raw):
        return None
    try:
        return parse(raw)
    except ValueError:  # a day that the calendar does not have
        return None


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _has_offset(cell: Any) -> bool:  # noqa: ANN401 - a cell
    """Return whether a cell is a time with an offset."""
    if isinstance(cell, datetime):
        return cell == cell and cell.tzinfo is not None
    moment = read_moment(cell.strip(), ORDERS[0], None) if isinstance(cell, str) else None
    return moment is not None and moment.offset is not None


def _has_only_days(column: TrainingColumn) -> bool:
    known = [column.values, *([] if column.unseen is None else [column.unseen])]
    return all(
        bool((values == values.astype("datetime64[D]")).all())
        for values in known
        if np.issubdtype(values.dtype, np.datetime64)
    )


def _beginning(value: Value) -> datetime:
    """Return the beginning of a day, or a moment as it is."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    raise TypeError(f"expected a day or a moment, found {value!r}")

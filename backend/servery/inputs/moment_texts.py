"""Days and times as tables write them: which order the figures of a column have, and their day."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal, NamedTuple, TypeAlias, get_args

Order: TypeAlias = Literal["year-first", "day-first", "month-first"]
ORDERS: tuple[Order, ...] = ("day-first", "month-first", "year-first")
#: The first of the hundred years that years with two figures may be in; spreadsheets take 1930.
Century: TypeAlias = Literal["1930", "1900", "2000"]
CENTURIES: tuple[Century, ...] = get_args(Century)

CLOCK = (
    r"(?:(?:T| +|, +)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,6}?)0*)?)?"
    r"(?: ?(?P<half>[ap])\.?m\.?)?"
    r"(?: ?(?P<offset>Z|UTC|[+-][0-9]{2}(?::?[0-9]{2})?))?)?"
)
YEAR_FIRST = re.compile(
    r"(?P<year>[0-9]{4})(?:([-/.])(?P<month>[0-9]{1,2})\2(?P<day>[0-9]{1,2})"
    r"|(?P<plain_month>[0-9]{2})(?P<plain_day>[0-9]{2}))" + CLOCK,
    re.IGNORECASE,
)
#: Two figures and a year, or three figures: which of them is the day is open.
OPEN = re.compile(
    r"(?P<one>[0-9]{1,2})([-/.])(?P<two>[0-9]{1,2})\2(?P<three>[0-9]{4}|[0-9]{2})" + CLOCK,
    re.IGNORECASE,
)
#: The century of a year with two figures, where only the days of a month matter.
ANY_CENTURY = 2000


class WrittenMoment(NamedTuple):
    """A day as ``2024-02-29``; the time and the offset behind it, in ISO 8601, if there are any."""

    day: str
    clock: str | None
    offset: str | None


class DaysRead(NamedTuple):
    """How the days of a column are read.

    Attributes
    ----------
    order
        Of their figures; None where the texts leave it open nowhere.
    example
        The text that shows the order, where nobody said it.
    """

    order: Order | None
    example: str | None = None


class OpenDays(NamedTuple):
    """Texts of a column whose order of figures is open.

    Attributes
    ----------
    example
        One of them.
    orders
        The orders in which all of them are days of the calendar.
    short_year
        One of them with a year of two figures, if there is any.
    """

    example: str
    orders: Sequence[Order]
    short_year: str | None


def read_moment(text: str, order: Order | None, century: str | None) -> WrittenMoment | None:
    """Return what a text stands for; None where it is not a day, or in another order.

    Parameters
    ----------
    century
        The first of the hundred years that years with two figures are in.
    """
    found = YEAR_FIRST.fullmatch(text)
    if found is not None:
        month, day = found["month"] or found["plain_month"], found["day"] or found["plain_day"]
        written = _calendar_day(int(found["year"]), int(month), int(day))
    else:
        found = OPEN.fullmatch(text)
        if found is None or order is None:
            return None
        written = _ordered(found, order, century)
    clock = _clock(found)
    return None if written is None or clock == "" else WrittenMoment(written, clock, _offset(found))


def is_open(text: str) -> bool:
    """Return whether the order of the figures is open."""
    return OPEN.fullmatch(text) is not None


def open_days(texts: Iterable[str]) -> OpenDays | None:
    """Return what texts say of the order of their figures; None where it is open in none."""
    found = [each for each in map(OPEN.fullmatch, texts) if each]
    if not found:
        return None
    short = next((each[0] for each in found if len(each["three"]) == 2), None)
    orders = [
        order
        for order in ORDERS
        if all(_ordered(each, order, str(ANY_CENTURY)) is not None for each in found)
    ]
    example = next((each[0] for each in found if _is_telling(each)), found[0][0])
    return OpenDays(example, orders, short)


def _is_telling(found: re.Match[str]) -> bool:
    return max(int(found["one"]), int(found["two"])) > 12


def _ordered(found: re.Match[str], order: Order, century: str | None) -> str | None:
    """Return the day of three figures in an order, if the calendar has it."""
    one, two, three = found["one"], found["two"], found["three"]
    if order == "year-first":
        year, month, day = one, two, three
    elif order == "month-first":
        month, day, year = one, two, three
    else:
        day, month, year = one, two, three
    if len(year) == 2 and century is not None:
        return _calendar_day(_year_of(int(year), int(century)), int(month), int(day))
    return _calendar_day(int(year), int(month), int(day)) if len(year) == 4 else None


def _year_of(figures: int, first: int) -> int:
    """Return the year with these last two figures among the hundred years from the first."""
    return first + (figures - first) % 100


def _calendar_day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _clock(found: re.Match[str]) -> str | None:
    """Return the time after a day; None where there is none, and nothing where it is not a time."""
    if found["hour"] is None:
        return None
    hour, half = int(found["hour"]), (found["half"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return ""
        hour = hour % 12 + (12 if half == "p" else 0)
    seconds = f":{found['second']}" if found["second"] else ""
    fraction = f".{found['fraction']}" if found["fraction"] else ""
    return f"{hour:02}:{found['minute']}{seconds}{fraction}"


def _offset(found: re.Match[str]) -> str | None:
    """Return an offset as ``+01:00``."""
    offset = found["offset"]
    if offset is None or offset.upper() in ("Z", "UTC"):
        return None if offset is None else "+00:00"
    return f"{offset[:3]}:{offset[-2:] if len(offset) > 3 else '00'}"

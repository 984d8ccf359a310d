"""Cells of a text file as JSON values: what an input of each type would be sent as.

Only what can be meant in one way is changed. All else stays the text that it is, and the input
refuses it in its own words.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import TypeAlias

import numpy as np

from servery.batch.reading import Reading
from servery.signature import (
    BooleanInput,
    CategoryInput,
    DateInput,
    DatetimeInput,
    Input,
    NumericInput,
)

Json: TypeAlias = str | int | float | bool | None
#: Returns the JSON value that a cell's text stands for.
FromText: TypeAlias = Callable[[str], Json]

NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
WHOLE = re.compile(r"[+-]?[0-9]{1,400}")
DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
# What text files, databases and spreadsheets write; a boolean input leaves no other meaning.
BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
TIME = r"(?:[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?))?"
YEAR_FIRST = re.compile(r"([0-9]{4})([-/.]?)([0-9]{2})\2([0-9]{2})" + TIME)
YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})" + TIME)
MIDNIGHT = re.compile(r"00:00(?::00(?:\.0+)?)?")


def from_text(item: Input, reading: Reading) -> FromText:
    """Return how the texts of an input's column are read."""
    read = _reader(item, reading)
    missing = frozenset(reading.missing)

    def read_text(text: str) -> Json:
        return None if not text or text in missing else read(text)

    return read_text


def _reader(item: Input, reading: Reading) -> FromText:
    if isinstance(item, NumericInput):
        return partial(number, decimal=reading.decimal or ".")
    if isinstance(item, BooleanInput):
        return _boolean
    if isinstance(item, CategoryInput):
        return partial(_category, item, decimal=reading.decimal or ".")
    if isinstance(item, DateInput):
        return lambda text: _day(text, reading)
    if isinstance(item, DatetimeInput):
        return lambda text: _moment(text, reading)
    return lambda text: text


def number(text: str, *, decimal: str = ".") -> Json:
    """Return the number that a text is; no thousands, no words, no other alphabets' digits."""
    bare = text.strip()
    if not bare:
        return None
    if decimal == ",":
        bare = "." if "." in bare else bare.replace(",", ".")
    if WHOLE.fullmatch(bare):
        return int(bare)
    return float(bare) if NUMBER.fullmatch(bare) else text


def _boolean(text: str) -> Json:
    bare = text.strip().lower()
    return BOOLEANS.get(bare, text) if bare else None


def _category(item: CategoryInput, text: str, *, decimal: str) -> Json:
    """Return the known value that a text is; else one of the type that the values have."""
    bare = text.strip()
    if not bare:
        return text if (str, text) in item.known else None
    spelled: list[Json] = [text, bare, number(bare, decimal=decimal), BOOLEANS.get(bare.lower())]
    for value in spelled:
        if _known(item, value):
            return value
    return next((value for value in spelled if type(value) in item.types), text)


def _known(item: CategoryInput, value: Json) -> bool:
    if isinstance(value, (bool, str)):
        return (type(value), value) in item.known
    return value is not None and ((int, value) in item.known or (float, value) in item.known)


def _day(text: str, reading: Reading) -> Json:
    bare = text.strip()
    if not bare:
        return None
    day, time = _spelled(bare, reading)
    return text if day is None or (time and not MIDNIGHT.fullmatch(time)) else day


def _moment(text: str, reading: Reading) -> Json:
    bare = text.strip()
    if not bare:
        return None
    day, time = _spelled(bare, reading)
    return text if day is None else f"{day}T{time or '00:00:00'}"


def _spelled(text: str, reading: Reading) -> tuple[str | None, str | None]:
    """Return a day as YYYY-MM-DD and the time after it; None where there is none."""
    if reading.dates in (None, "year-first"):
        found = YEAR_FIRST.fullmatch(text)
        if found is None:
            return None, None
        year, _, month, day, time = found.groups()
        return _calendar_day(f"{year}-{month}-{day}"), time
    found = YEAR_LAST.fullmatch(text)
    if found is None:
        return None, None
    first, _, second, year, time = found.groups()
    day, month = (first, second) if reading.dates == "day-first" else (second, first)
    return _calendar_day(f"{year}-{month:0>2}-{day:0>2}"), time


def _calendar_day(day: str) -> str | None:
    """Return a day if the calendar has it: messages quote what is no day as it is written."""
    try:
        date.fromisoformat(day)
    except ValueError:
        return None
    return day


def from_value(item: Input, value: object) -> object:
    """Return a cell that has a type of its own as the JSON value that it would be sent as."""
    if isinstance(value, (np.datetime64, np.timedelta64)):
        exact = value.astype(f"{value.dtype.name.partition('[')[0]}[us]")
        value = exact.item() if exact == value else str(value)
    elif isinstance(value, (np.generic, np.ndarray)):
        value = value.tolist()
    if value is None or value != value:  # NaN, NaT
        return None
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    if isinstance(value, datetime):
        midnight = value.time().isoformat() == "00:00:00" and value.tzinfo is None
        if isinstance(item, DateInput) and midnight:
            return value.date().isoformat()
        return value.isoformat()
    if isinstance(value, date):
        day = value.isoformat()
        return f"{day}T00:00:00" if isinstance(item, DatetimeInput) else day
    return value

"""Days and moments that a table has as texts.

A file has no dates of its own: `2024-02-29` may be a category just as well. The fitted parts know
their categories; any other column of texts that all are spelled as one kind of date is a date. The
estimator is asked whether it takes the texts themselves, which its own code then reads, or moments.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from servery.errors import PublishingRefused, quoted
from servery.estimators.tracking import Column
from servery.inputs.moment import zone_named
from servery.inspection.outputs import answers

DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%m.%d.%Y", "%d-%m-%Y", "%m-%d-%Y")
CLOCKS = ("%H:%M", "%H:%M:%S", "%H:%M:%S.%f")
WITH_ZONE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)? ?(Z|[+-]\d\d:?\d\d)")
DIGITS_FIRST = re.compile(r"\d{1,4}[-/.]\d")


@dataclass(frozen=True, slots=True)
class Dates:
    """The columns of a table that are dates.

    Attributes
    ----------
    X
        The table, as the estimator takes it.
    moments
        Each column of texts as moments, by its name.
    spellings
        How the texts are written that the estimator takes itself, by the name of their column.
    """

    X: pd.DataFrame
    moments: Mapping[str, "pd.Series[Any]"]
    spellings: Mapping[str, str]


NO_DATES = Dates(pd.DataFrame(), {}, {})


def read_dates(estimator: Any, columns: Sequence[Column], X: pd.DataFrame) -> Dates:  # noqa: ANN401
    """Find the columns of texts that are dates, and in which form the estimator takes them.

    Raises
    ------
    PublishingRefused
        A column has a time zone without a name, or texts with one.
    """
    spellings: dict[str, str] = {}
    for column in columns:
        may_be_date = column.categories is None and column.kind in {"number", "datetime"}
        values = X[column.name]
        _refuse_zone(values, may_be_text=may_be_date)
        found = _spelling(values) if may_be_date else None
        if found is not None:
            spellings[column.name] = found
    moments = {name: _moments(X[name], spelling) for name, spelling in spellings.items()}
    dated = X.assign(**moments)
    if not spellings or answers(estimator, X):
        return Dates(X, moments, spellings)
    return Dates(dated, moments, {}) if answers(estimator, dated) else Dates(X, {}, {})


def moments_of(values: "pd.Series[Any]", spelling: str | None) -> "pd.Series[Any]":
    """Return the moments that test rows have in a column of dates; those that can be read."""
    if pd.api.types.is_datetime64_any_dtype(values):
        return values
    read = [_moment(value, spelling) for value in values.dropna()]
    return pd.Series([each for each in read if each is not None], dtype="datetime64[us]")


def _moment(value: object, spelling: str | None) -> datetime | None:
    for each in [spelling] if spelling else _spellings():
        try:
            return datetime.strptime(str(value), each)
        except ValueError:
            continue
    return None


def _spellings() -> Iterator[str]:
    """Go through the ways to write a day, and a day and a time."""
    for day in DAYS:
        yield day
        for clock in CLOCKS:
            yield f"{day} {clock}"
            yield f"{day}T{clock}"


def _spelling(values: "pd.Series[Any]") -> str | None:
    """Return how all texts of a column are written; None where it is in no way, or in two.

    A text without a time among others with one is the beginning of its day.
    """
    texts = pd.unique(values.dropna()).tolist()
    if not texts or not all(isinstance(text, str) and DIGITS_FIRST.match(text) for text in texts):
        return None
    longest = max(texts, key=len)
    found = [
        each
        for each in _spellings()
        if _is_written(longest, each)
        and all(_is_written(text, each) or _is_written(text, _day_of(each)) for text in texts)
    ]
    return found[0] if len(found) == 1 else None


def _day_of(spelling: str) -> str:
    return spelling.partition("T" if "T%H" in spelling else " ")[0]


def _is_written(text: str, spelling: str) -> bool:
    try:
        read = datetime.strptime(text, spelling)
    except ValueError:
        return False
    return read.strftime(spelling) == text


def _moments(values: "pd.Series[Any]", spelling: str) -> "pd.Series[Any]":
    read = pd.to_datetime(values, format=spelling, errors="coerce")
    return read.fillna(pd.to_datetime(values, format=_day_of(spelling), errors="coerce"))


def _refuse_zone(values: "pd.Series[Any]", *, may_be_text: bool) -> None:
    zone = getattr(values.dtype, "tz", None)
    if zone is not None and _is_named(zone):
        return
    is_written = may_be_text and any(
        isinstance(value, str) and WITH_ZONE.fullmatch(value) for value in values.dropna().head(20)
    )
    if zone is None and not is_written:
        return
    name = str(values.name)
    if zone is None:
        raise PublishingRefused(
            f"Column {quoted(name)} has texts with a time zone, which do not say the zone that the "
            "model knows. Give the data as Parquet, where the column has a zone: "
            f"pd.to_datetime(X[{name!r}], utc=True).dt.tz_convert('Europe/Berlin')."
        )
    raise PublishingRefused(
        f"Column {quoted(name)} has a time zone without a name ({zone}). Fit on one with a "
        f"name: X[{name!r}].dt.tz_convert('UTC')."
    )


def _is_named(zone: object) -> bool:
    try:
        zone_named(str(zone))
    except ValueError:
        return False
    return True

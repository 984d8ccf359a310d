"""Curves: how a prediction changes as one input moves across its range, and on average."""

from datetime import date, datetime, time
from typing import cast

import msgspec
import numpy as np

from servery.explaining.figures import Figure, figure_of, told
from servery.runtimes import Mix
from servery.served import ServedModel
from servery.signature import (
    BooleanInput,
    CategoryInput,
    DateInput,
    DatetimeInput,
    Input,
    IntegerInput,
    NumericInput,
    Row,
    Scalar,
    Value,
)

POINTS = 41
#: Of more known values, the most frequent ones are shown.
MOST_CATEGORIES = 60


class Point(msgspec.Struct, frozen=True):
    """The prediction at one value of the input, and its average over the background rows."""

    value: Scalar | None
    prediction: float
    average: float


class Curve(msgspec.Struct, frozen=True):
    """How the figure called ``output`` moves with the input."""

    output: Scalar
    input: str
    points: list[Point]


def curve(model: ServedModel, row: Row, place: int, *, output: object = None) -> Curve:
    """Move one input of an instance across what training saw of it.

    Parameters
    ----------
    place
        Of the input in the signature.

    Returns
    -------
    Curve
        ``prediction`` is the individual conditional expectation, ``average`` the partial
        dependence over the background rows; numbers ascend, and the instance's own is among them.

    References
    ----------
    A. Goldstein et al. (2015), J. Computational and Graphical Statistics 24(1), 44-65;
    J. H. Friedman (2001), Annals of Statistics 29(5), 1189-1232.
    """
    figure = figure_of(model, row, output)
    item = model.signature.inputs[place]
    values = values_of(item, row[place])
    predictions, averages = _moved(figure, row, place, values)
    points = [
        Point(told(value), prediction, average)
        for value, prediction, average in zip(
            values, predictions.tolist(), averages.tolist(), strict=True
        )
    ]
    return Curve(figure.name, item.name, points)


def values_of(item: Input, present: Value, most: int = POINTS) -> list[Value]:
    """Return the values that an input is moved through; none for one without a range.

    Parameters
    ----------
    present
        The value that it has, which is among them unless it is missing.
    """
    if isinstance(item, CategoryInput):
        return _categories(item, present)
    missing = [None] if item.missing_allowed else []
    if isinstance(item, BooleanInput):
        return [False, True, *missing]
    if isinstance(item, NumericInput) and not isinstance(present, (str, date)):
        return _numbers(item, present, most)
    if isinstance(item, (DateInput, DatetimeInput)):
        return _days(item, present, most)
    return []


def _categories(item: CategoryInput, present: Value) -> list[Value]:
    ranked = sorted(item.categories, key=lambda category: -(category.count or 0))
    frequent = {category.value for category in ranked[:MOST_CATEGORIES]}
    values: list[Value] = [each.value for each in item.categories if each.value in frequent]
    if present is not None and present not in values:
        values.append(present)
    return [*values, None] if item.missing_allowed else values


def _numbers(item: NumericInput, present: float | None, most: int) -> list[Value]:
    low, high = _range(item)
    if low is None or high is None:
        return []
    grid = np.linspace(low, high, most)
    whole = isinstance(item, IntegerInput)
    values = {round(value) if whole else float(value) for value in grid.tolist()}
    if present is not None:
        values.add(present)
    return sorted(values)


def _range(item: NumericInput) -> tuple[float | None, float | None]:
    if item.seen is not None:
        return item.seen.minimum, item.seen.maximum
    return item.rough if item.rough is not None else (None, None)


def _days(item: DateInput | DatetimeInput, present: Value, most: int) -> list[Value]:
    if item.seen is None:
        return []
    first, last = _moment(item.parse(item.seen.minimum)), _moment(item.parse(item.seen.maximum))
    moments = {first + (last - first) * number / (most - 1) for number in range(most)}
    days: set[Value] = {_as(item, moment) for moment in moments}
    if present is not None:
        days.add(present)
    return sorted(days, key=_moment)


def _moment(value: Value) -> datetime:
    """Return the beginning of a day, or a time as it is."""
    if isinstance(value, datetime) or not isinstance(value, date):
        return cast("datetime", value)
    return datetime.combine(value, time())


def _as(item: DateInput | DatetimeInput, moment: datetime) -> Value:
    return moment.date() if isinstance(item, DateInput) else moment


def _moved(
    figure: Figure, row: Row, place: int, values: list[Value]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the figure at each value, for the row itself and as the mean of the background."""
    background = figure.model.background
    moved = [(*row[:place], value, *row[place + 1 :]) for value in values]
    donors = [*background, row, *moved]
    others = np.arange(len(background) + 1)
    source = np.empty((len(values), len(others), len(row)), dtype=np.intp)
    source[:] = others[None, :, None]
    source[:, :, place] = len(others) + np.arange(len(values))[:, None]
    figures = figure.of(Mix(donors, source.reshape(-1, len(row)))).reshape(len(values), -1)
    return figures[:, -1], figures[:, :-1].mean(axis=1)

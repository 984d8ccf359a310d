"""Why a model gives no answer to a row that fits it: its values are tried one by one.

The row and one that the model answers in, the inputs to blame out. It costs a few predictions, and
only where an answer is missing.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from servery.errors import (
    Fault,
    InvalidInputs,
    ModelFailed,
    Unanswerable,
)
from servery.inputs import NUMERIC, Input, Value, found
from servery.runtimes.columns import Column, ColumnOutcomes, Columns
from servery.runtimes.sense import answered
from servery.served import ServedModel
from servery.signature import Row
from servery.signature.parsing import token

CODE = "no-answer"
TOGETHER = "The model gives no finite answer to these values together."
#: Rows of one request that are blamed at most, and how many are looked at before that is known.
MOST_BLAMED = 20
ASKED_AT_ONCE = 50
#: Predicts columns, as a runtime does.
Predict: TypeAlias = Callable[[Columns], ColumnOutcomes]


class NoAnswer(NamedTuple):
    """An input whose value leaves a row without an answer; None where it is several together."""

    input: str | None
    detail: str


def refused(
    model: ServedModel, rows: Sequence[Row], pointer: Callable[[int], str]
) -> Unanswerable | ModelFailed:
    """Return the error of rows that a model gives no answer to, with the values to blame."""
    inputs, predict_columns = model.signature.inputs, model.runtime.predict_columns
    ask = _asking(predict_columns, inputs)
    failed = ModelFailed(f"Model {model.name!r} failed on inputs that fit it.")
    try:
        [typical] = model.signature.parse([model.example]).rows
    except InvalidInputs:  # published without an answered row
        return failed
    if not answered(ask, [typical]).all():
        return failed
    faults: list[Fault] = []
    bad: list[int] = []
    for start in range(0, len(rows), ASKED_AT_ONCE):
        part = rows[start : start + ASKED_AT_ONCE]
        bad += (start + np.flatnonzero(~answered(ask, part))).tolist()
        if len(bad) >= MOST_BLAMED:
            break
    for place in bad[:MOST_BLAMED]:
        for blamed in causes(predict_columns, inputs, rows[place], typical):
            there = pointer(place)
            if blamed.input is not None:
                there = f"{there}/{token(blamed.input)}"
            faults.append(Fault(blamed.input, there, CODE, blamed.detail))
    return Unanswerable(faults) if faults else failed


def causes(predict: Predict, inputs: Sequence[Input], row: Row, answer_to: Row) -> list[NoAnswer]:
    """Return the inputs whose values leave a row without an answer.

    Parameters
    ----------
    answer_to
        A row that the model answers; each value of the other one is tried in it.
    """
    places = [
        place
        for place, (value, other) in enumerate(zip(row, answer_to, strict=True))
        if value != other
    ]
    if not places:
        return [NoAnswer(None, TOGETHER)]
    tried = [(*answer_to[:place], row[place], *answer_to[place + 1 :]) for place in places]
    fine = answered(_asking(predict, inputs), tried)
    blamed = [place for place, is_fine in zip(places, fine.tolist(), strict=True) if not is_fine]
    return [_blamed(inputs[place], row[place]) for place in blamed] or [NoAnswer(None, TOGETHER)]


def _blamed(item: Input, value: Value) -> NoAnswer:
    shown = "a missing value" if value is None else found(item.to_json(value))
    odd = None if value is None else item.warning(value)
    detail = f"The model gives no finite answer for {shown}."
    return NoAnswer(item.name, f"{detail} {odd.detail}" if odd else detail)


def _asking(predict: Predict, inputs: Sequence[Input]) -> Callable[[Sequence[Row]], ColumnOutcomes]:
    return lambda rows: predict(columns_of(inputs, rows))


def columns_of(inputs: Sequence[Input], rows: Sequence[Row]) -> list[Column]:
    """Return rows as columns."""
    return [
        _column(item, values) for item, values in zip(inputs, zip(*rows, strict=True), strict=True)
    ]


def _column(item: Input, values: Sequence[object]) -> Column:
    if item.storage in NUMERIC:
        return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    return np.fromiter(values, dtype=object, count=len(values))

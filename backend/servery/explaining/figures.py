"""The number of an answer that is explained: the probability of a class, or the prediction."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from servery.errors import Fault, InvalidInputs, ModelFailed, ServeryError, nearest
from servery.inputs import Scalar, found
from servery.runtimes import Coalitions, Floats, Outcomes
from servery.runtimes.columns import as_columns
from servery.runtimes.sense import finite_rows
from servery.served import ServedModel
from servery.signature import ClassOutput, MultiOutput, Output, Row, SingleOutput
from servery.unanswered import refused

Result = TypeVar("Result")


class UnansweredMixture(Exception):
    """A row made of values from other rows, to which the model gives no answer."""

    def __init__(self, row: Row) -> None:
        super().__init__("a mixed row has no answer")
        self.row = row


@dataclass(frozen=True, slots=True)
class Figure:
    """One number that a model computes for a row.

    Attributes
    ----------
    name
        The class, or the name of the output.
    column
        Its column in `Runtime.figures`.
    """

    model: ServedModel
    name: Scalar
    column: int

    def of(self, coalitions: Coalitions) -> Floats:
        """Return the number for each row of coalitions, shape (n,).

        Raises
        ------
        UnansweredMixture
            One of the rows has no answer.
        """
        figures = _figures_or_none(self.model, coalitions)
        if figures is None:
            raise UnansweredMixture(_unanswered(self.model, coalitions.rows()))
        return figures[:, self.column]


def _figures_or_none(model: ServedModel, coalitions: Coalitions) -> Floats | None:
    """Return the numbers of all rows; None where one of them has no answer."""
    try:
        figures = model.runtime.figures(coalitions)
    except ServeryError:
        raise
    except Exception:  # an estimator may raise anything at all
        return None
    return figures if np.isfinite(figures).all() else None


def _unanswered(model: ServedModel, rows: Sequence[Row]) -> Row:
    """Return one of several rows that has no answer."""
    while len(rows) > 1:
        half = rows[: len(rows) // 2]
        rows = rows[len(half) :] if _figures_or_none(model, unmixed(half)) is not None else half
    return rows[0]


def unmixed(rows: Sequence[Row]) -> Coalitions:
    """Return coalitions that are these rows."""
    return Coalitions(rows, np.tile(np.arange(len(rows))[:, None], len(rows[0])))


def figures_or_nan(model: ServedModel, coalitions: Coalitions, *, until: float) -> Floats:
    """Return the numbers of mixed rows, shape (n, k), and NaN for a row without an answer.

    Rows that the estimator refuses are halved to find those that it answers.

    Parameters
    ----------
    until
        When halving ends, by ``time.monotonic``; rows of a part that is refused then count as
        unanswered.
    """
    try:
        return model.runtime.figures(coalitions)
    except ServeryError:
        raise
    except Exception:  # an estimator may raise anything at all
        count = len(coalitions.source)
        if count == 1 or time.monotonic() > until:
            return np.full((count, width(model.signature.output)), np.nan)
    parts = np.array_split(coalitions.source, 2)
    return np.vstack(
        [figures_or_nan(model, Coalitions(coalitions.donors, part), until=until) for part in parts]
    )


def asked(model: ServedModel, ask: Callable[[], Result]) -> Result:
    """Call a runtime.

    Raises
    ------
    ModelFailed
        The estimator raised.
    """
    try:
        return ask()
    except ServeryError:
        raise
    except Exception as error:  # an estimator may raise anything at all
        raise ModelFailed(
            f"Model {model.name!r} failed on a row made of values from other rows."
        ) from error


def figure_of(model: ServedModel, row: Row, wanted: object = None) -> Figure:
    """Return the number to explain; by default that of the predicted class.

    Parameters
    ----------
    wanted
        A class of the model; for several outputs, the name of one, whose predicted class is used.

    Raises
    ------
    InvalidInputs
        The model has no such output.
    """
    output = model.signature.output
    outcomes = outcomes_of(model, row)
    if not isinstance(output, MultiOutput):
        name, column = _single(output, outcomes, wanted)
        return Figure(model, name, column)
    names = [part.name for part in output.outputs]
    place = _output(names, names[0] if wanted is None else wanted)
    part, of_part = output.outputs[place], (outcomes.parts or ())[place]
    before = sum(width(each) for each in output.outputs[:place])
    return Figure(model, part.name, before + _single(part, of_part, None)[1])


def outcomes_of(model: ServedModel, row: Row) -> Outcomes:
    """Predict the row that is asked about.

    Raises
    ------
    Unanswerable
        The model answers other rows, and not this one.
    """
    try:
        outcomes = model.runtime.predict([row])
    except ServeryError:
        raise
    except Exception as error:  # an estimator may raise anything at all
        raise refused(model, [row], lambda _: "#/inputs") from error
    if not finite_rows(as_columns(outcomes), 1).all():
        raise refused(model, [row], lambda _: "#/inputs")
    return outcomes


def _single(output: SingleOutput, outcomes: Outcomes, wanted: object) -> tuple[Scalar, int]:
    if not isinstance(output, ClassOutput):
        if wanted is not None:
            _output([output.name], wanted)
        return output.name, 0
    values = [outcome.value for outcome in output.classes]
    place = (outcomes.classes or ())[0] if wanted is None else _output(values, wanted)
    return values[place], place


def _output(known: Sequence[Scalar], wanted: object) -> int:
    return place_of(known, wanted, "#/output", "unknown-output")


def width(output: Output) -> int:
    """Return how many numbers `Runtime.figures` has for each row."""
    if isinstance(output, MultiOutput):
        return sum(map(width, output.outputs))
    return len(output.classes) if isinstance(output, ClassOutput) else 1


def place_of(known: Sequence[Scalar], wanted: object, pointer: str, code: str) -> int:
    """Return the position of a value among the known ones.

    Parameters
    ----------
    pointer, code
        The pointer and code of the fault.

    Raises
    ------
    InvalidInputs
        The value is unknown.
    """
    for place, value in enumerate(known):
        if value == wanted and isinstance(value, bool) == isinstance(wanted, bool):
            return place
    shown = ", ".join(repr(value) for value in known[:10])
    close = nearest(wanted, map(str, known)) if isinstance(wanted, str) else ""
    detail = f"Expected one of {shown}, found {found(wanted)}.{close}"
    raise InvalidInputs([Fault(None, pointer, code, detail)])

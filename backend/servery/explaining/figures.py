"""The number of an answer that is explained: the probability of a class, or the prediction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from servery.errors import Fault, InvalidInputs, ModelFailed, ServeryError, nearest
from servery.inputs import Scalar, found
from servery.runtimes import Coalitions, Floats, Outcomes
from servery.runtimes.columns import as_columns
from servery.runtimes.sense import finite_rows
from servery.served import ServedModel
from servery.signature import ClassOutput, MultiOutput, Output, Row, SingleOutput
from servery.unanswered import refused

Result = TypeVar("Result")


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
        ModelFailed
            The estimator raised.
        """
        return asked(self.model, lambda: self.model.runtime.figures(coalitions))[:, self.column]


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
    outcomes = _outcomes(model, row)
    if not isinstance(output, MultiOutput):
        name, column = _single(output, outcomes, wanted)
        return Figure(model, name, column)
    names = [part.name for part in output.outputs]
    place = _output(names, names[0] if wanted is None else wanted)
    part, of_part = output.outputs[place], (outcomes.parts or ())[place]
    before = sum(_width(each) for each in output.outputs[:place])
    return Figure(model, part.name, before + _single(part, of_part, None)[1])


def _outcomes(model: ServedModel, row: Row) -> Outcomes:
    """Predict the row that is explained.

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


def _width(output: Output) -> int:
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

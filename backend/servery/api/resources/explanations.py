"""The routes that say why: what moved a prediction, how it would change, what would turn it."""

import math

import msgspec
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from servery.api import answer, answered_by, current_services
from servery.api.http.bodies import read_question
from servery.errors import Fault, InvalidInputs, nearest
from servery.explaining import (
    Aim,
    Capability,
    Counterfactual,
    counterfactuals,
    curve,
    explain,
    require,
)
from servery.explaining.curves import values_of
from servery.explaining.figures import place_of
from servery.served import ServedModel
from servery.signature import ClassOutput, NumberInput, Row
from servery.signature.inputs import found

bp = Blueprint("explanations", __name__, url_prefix="/api/v1/models")


LARGEST = NumberInput.largest


class Counterfactuals(msgspec.Struct, frozen=True):
    """Changes that would turn the outcome, the smallest first; none where none was found."""

    counterfactuals: list[Counterfactual]


@bp.post("/<name>/explanations")
def create_explanation(name: str) -> ResponseReturnValue:
    """Share a prediction out among the inputs."""
    model = _model(name, "explanations")
    body = read_question("output")
    said = explain(model, _row(model, body), output=body.get("output"), budget_s=_budget_s())
    return answer(answered_by(model, said))


@bp.post("/<name>/curves")
def create_curve(name: str) -> ResponseReturnValue:
    """Move one input across its range."""
    model = _model(name, "curves")
    body = read_question("input", "output")
    row = _row(model, body)
    place = _input(model, row, body.get("input"))
    return answer(answered_by(model, curve(model, row, place, output=body.get("output"))))


@bp.post("/<name>/counterfactuals")
def create_counterfactuals(name: str) -> ResponseReturnValue:
    """Find small changes that would turn the outcome."""
    model = _model(name, "counterfactuals")
    body = read_question("target")
    row = _row(model, body)
    aim = _aim(model, body.get("target"))
    changes = counterfactuals(model, row, aim, budget_s=_budget_s())
    return answer(answered_by(model, Counterfactuals(changes)))


def _model(name: str, capability: Capability) -> ServedModel:
    model = current_services().repository.get(name, request.args.get("version"))
    require(model, capability)
    return model


def _budget_s() -> float:
    return current_services().settings.explain_budget_ms / 1000


def _row(model: ServedModel, body: dict[str, object]) -> Row:
    [row] = model.signature.parse([body["inputs"]], lambda _: "#/inputs").rows
    return row


def _input(model: ServedModel, row: Row, name: object) -> int:
    """Return the place of the input that is moved."""
    names = model.signature.names
    if name not in names:
        close = nearest(name, names) if isinstance(name, str) else ""
        shown = "nothing" if name is None else found(name)
        detail = f"Expected the name of an input, found {shown}.{close}"
        raise InvalidInputs([Fault(None, "#/input", "unknown-input", detail)])
    place = names.index(str(name))
    if not values_of(model.signature.inputs[place], row[place]):
        detail = "Expected an input with a range or categories that training saw."
        raise InvalidInputs([Fault(str(name), "#/input", "no-range", detail)])
    return place


def _aim(model: ServedModel, target: object) -> Aim:
    """Read a class, or a number within two ends."""
    output = model.signature.output
    if isinstance(output, ClassOutput):
        classes = [outcome.value for outcome in output.classes]
        return Aim(place=place_of(classes, target, "#/target", "unknown-class"))
    ends = target if isinstance(target, dict) else {}
    if not ends or not set(ends) <= {"min", "max"} or not all(map(_is_end, ends.values())):
        detail = 'Expected {"min": …, "max": …}: numbers, of which one may be absent or null.'
        raise InvalidInputs([Fault(None, "#/target", "not-a-target", detail)])
    low, high = ends.get("min"), ends.get("max")
    return Aim(low=-math.inf if low is None else low, high=math.inf if high is None else high)


def _is_end(value: object) -> bool:
    """Return whether a value is null or a number that a double holds."""
    if value is None:
        return True
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return -LARGEST <= value <= LARGEST

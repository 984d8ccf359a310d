"""Counterfactuals: the smallest changes of an instance that lead to another outcome."""

import math
from collections.abc import Iterator, Sequence

import msgspec
from flask import Blueprint
from flask.typing import ResponseReturnValue

from servery.api import answer, answered_by
from servery.api.http.bodies import read_members
from servery.api.operations import DescribedModel, Operation
from servery.api.portable import Schema
from servery.api.questions import budget_s, capable_model, output_names, parsed_row, question
from servery.api.registry import MODEL, Resource, register
from servery.errors import Fault, InvalidInputs
from servery.explaining import Aim, Counterfactual, capabilities, counterfactuals
from servery.explaining.figures import place_of
from servery.inputs import LARGEST_DOUBLE
from servery.served import ServedModel
from servery.settings import Settings
from servery.signature import ClassOutput, Output

bp = Blueprint("counterfactuals", __name__, url_prefix="/api/v1/models")

LARGEST = LARGEST_DOUBLE


class CounterfactualsRequest(msgspec.Struct, frozen=True):
    """One instance, and the outcome that is wanted."""

    inputs: object
    target: object = None


class Counterfactuals(msgspec.Struct, frozen=True):
    """Changes that lead to the target, the smallest first; empty where none was found."""

    counterfactuals: list[Counterfactual]


@bp.post("/<name>/counterfactuals")
def create_counterfactuals(name: str) -> ResponseReturnValue:
    """Find small changes that lead to another outcome."""
    model = capable_model(name, "counterfactuals")
    asked = read_members(CounterfactualsRequest)
    row = parsed_row(model, asked.inputs)
    aim = aim_of(model, asked.target)
    changes = counterfactuals(model, row, aim, budget_s=budget_s())
    return answer(answered_by(model, Counterfactuals(changes)))


def aim_of(model: ServedModel, target: object) -> Aim:
    """Read a class, or a range of numbers.

    Raises
    ------
    InvalidInputs
        It is neither.
    """
    output = model.signature.output
    if isinstance(output, ClassOutput):
        classes = [outcome.value for outcome in output.classes]
        return Aim(place=place_of(classes, target, "#/target", "unknown-class"))
    ends = target if isinstance(target, dict) else {}
    if not ends or not set(ends) <= {"min", "max"} or not all(map(_is_end, ends.values())):
        detail = 'Expected {"min": …, "max": …}: numbers, of which one may be absent or null.'
        raise InvalidInputs([Fault(None, "#/target", "not-a-target", detail)])
    low, high = ends.get("min"), ends.get("max")
    if low is None and high is None:
        detail = "Expected min, max or both to be a number; no change is needed to be anywhere."
        raise InvalidInputs([Fault(None, "#/target", "not-a-target", detail)])
    if low is not None and high is not None and low > high:
        detail = f"Expected min to be at most max, found {low:g} and {high:g}."
        raise InvalidInputs([Fault(None, "#/target", "not-a-target", detail)])
    return Aim(low=-math.inf if low is None else low, high=math.inf if high is None else high)


def _is_end(value: object) -> bool:
    """Return whether a value is null or a number that a double holds."""
    if value is None:
        return True
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return -LARGEST <= value <= LARGEST


def describe(models: Sequence[DescribedModel], _settings: Settings) -> Iterator[Operation]:
    """Return an operation for each model that supports it."""
    for model in models:
        if "counterfactuals" in capabilities(model.served):
            yield question(
                model,
                "counterfactuals",
                id_="counterfactuals",
                summary="Small changes that lead to another outcome",
                answer=Counterfactuals,
                required={"target": target_schema(model.served.signature.output)},
            )


def target_schema(output: Output) -> Schema:
    """Return the JSON Schema of a target."""
    if isinstance(output, ClassOutput):
        return {"enum": output_names(output)}
    end = {"type": ["number", "null"], "minimum": -LARGEST, "maximum": LARGEST}
    return {
        "type": "object",
        "properties": {"min": end, "max": end},
        "minProperties": 1,
        "additionalProperties": False,
        "examples": [{"min": 0}],
    }


register(
    Resource(
        "counterfactuals", "explanations", bp, describe, schemas=(Counterfactuals,), lane=MODEL
    )
)

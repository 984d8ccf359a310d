"""Curves: how a prediction changes as one input moves across its range."""

from collections.abc import Iterator, Sequence

import msgspec
from flask import Blueprint
from flask.typing import ResponseReturnValue

from servery.api import answer, answered_by
from servery.api.http.bodies import read_members
from servery.api.operations import DescribedModel, Operation
from servery.api.questions import capable_model, output_member, parsed_row, question
from servery.api.registry import MODEL, Resource, register
from servery.errors import Fault, InvalidInputs, nearest
from servery.explaining import Curve, capabilities, curve
from servery.explaining.curves import POINTS
from servery.inputs import found
from servery.served import ServedModel
from servery.settings import Settings
from servery.signature import Row

bp = Blueprint("curves", __name__, url_prefix="/api/v1/models")


class CurveRequest(msgspec.Struct, frozen=True):
    """One instance, the input that moves, and the class or output that is followed."""

    inputs: object
    input: object = None
    output: object = None


@bp.post("/<name>/curves")
def create_curve(name: str) -> ResponseReturnValue:
    """Move one input across its range."""
    model = capable_model(name, "curves")
    asked = read_members(CurveRequest)
    row = parsed_row(model, asked.inputs)
    place = _place(model, row, asked.input)
    return answer(answered_by(model, curve(model, row, place, output=asked.output)))


def _place(model: ServedModel, row: Row, name: object) -> int:
    """Return the place of the input that moves."""
    names = model.signature.names
    if name not in names:
        close = nearest(name, names) if isinstance(name, str) else ""
        shown = "nothing" if name is None else found(name)
        detail = f"Expected the name of an input, found {shown}.{close}"
        raise InvalidInputs([Fault(None, "#/input", "unknown-input", detail)])
    place = names.index(str(name))
    if not model.signature.inputs[place].grid(row[place], POINTS):
        detail = "This input has no known range or categories. Choose another one."
        raise InvalidInputs([Fault(str(name), "#/input", "no-range", detail)])
    return place


def describe(models: Sequence[DescribedModel], _settings: Settings) -> Iterator[Operation]:
    """Return an operation for each model that supports it."""
    for model in models:
        signature = model.served.signature
        if "curves" in capabilities(model.served):
            movable = [item.name for item in signature.inputs if item.grid(None, POINTS)]
            yield question(
                model,
                "curves",
                id_="curve",
                summary="How a prediction changes as one input moves",
                answer=Curve,
                required={"input": {"enum": movable}},
                optional=output_member(signature.output),
            )


register(Resource("curves", "explanations", bp, describe, schemas=(Curve,), lane=MODEL))

"""Explanations: how much each input, or each word of a text, moved a prediction."""

from collections.abc import Iterator, Sequence

import msgspec
from flask import Blueprint
from flask.typing import ResponseReturnValue

from servery.api import answer, answered_by
from servery.api.http.bodies import read_members
from servery.api.operations import DescribedModel, Operation
from servery.api.questions import budget_s, capable_model, output_member, parsed_row, question
from servery.api.registry import MODEL, Resource, register
from servery.explaining import Explanation, capabilities, explain
from servery.settings import Settings

bp = Blueprint("explanations", __name__, url_prefix="/api/v1/models")


class ExplanationRequest(msgspec.Struct, frozen=True):
    """One instance, and the class or output whose prediction is explained."""

    inputs: object
    output: object = None


@bp.post("/<name>/explanations")
def create_explanation(name: str) -> ResponseReturnValue:
    """Share a prediction out among the inputs."""
    model = capable_model(name, "explanations")
    asked = read_members(ExplanationRequest)
    row = parsed_row(model, asked.inputs)
    explanation = explain(model, row, output=asked.output, budget_s=budget_s())
    return answer(answered_by(model, explanation))


def describe(models: Sequence[DescribedModel], _settings: Settings) -> Iterator[Operation]:
    """Return an operation for each model that supports it."""
    for model in models:
        if "explanations" in capabilities(model.served):
            yield question(
                model,
                "explanations",
                id_="explain",
                summary="How much each input moved a prediction",
                answer=Explanation,
                optional=output_member(model.served.signature.output),
            )


register(Resource("explanations", "explanations", bp, describe, schemas=(Explanation,), lane=MODEL))

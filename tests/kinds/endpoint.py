"""An endpoint: by how much a model's prediction differs between two instances."""

from collections.abc import Iterator, Sequence

import msgspec
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from servery.api import answer, answered_by, current_services
from servery.api.http.bodies import read_members
from servery.api.operations import (
    VERSION,
    DescribedModel,
    Operation,
    answered,
    closed,
    json_body,
    reference,
    response,
)
from servery.api.registry import MODEL, Resource, register
from servery.errors import NotSupported
from servery.predict import QuantityPrediction, predict
from servery.settings import Settings
from servery.signature import RegressionOutput

bp = Blueprint("differences", __name__, url_prefix="/api/v1/models")


class NoQuantity(NotSupported):
    """The model predicts no quantity; the problem is that of `NotSupported`."""


class DifferenceRequest(msgspec.Struct, frozen=True):
    """Two instances."""

    inputs: object
    other: object


class Difference(msgspec.Struct, frozen=True):
    """The prediction for ``other`` less that for ``inputs``."""

    difference: float
    unit: str | None


@bp.post("/<name>/differences")
def create_difference(name: str) -> ResponseReturnValue:
    """Predict both instances and subtract."""
    model = current_services().repository.get(name, request.args.get("version"))
    if not isinstance(model.signature.output, RegressionOutput):
        raise NoQuantity(f"Model {model.name!r} does not predict a quantity. Choose another one.")
    asked = read_members(DifferenceRequest)
    pointers = ("#/inputs", "#/other")
    instances = model.signature.parse([asked.inputs, asked.other], lambda index: pointers[index])
    first, second = predict(model, instances)
    assert isinstance(first, QuantityPrediction)
    assert isinstance(second, QuantityPrediction)
    difference = Difference(second.prediction - first.prediction, first.unit)
    return answer(answered_by(model, difference))


def describe(models: Sequence[DescribedModel], _settings: Settings) -> Iterator[Operation]:
    """Return an operation for each model that predicts a quantity."""
    for model in models:
        if isinstance(model.served.signature.output, RegressionOutput):
            body = f"{model.type_name}DifferenceRequest"
            example = {"inputs": model.served.example, "other": model.served.example}
            yield Operation(
                method="post",
                path=model.path("differences"),
                id=f"difference_{model.id}",
                summary=f"The difference between two predictions: {model.served.title}",
                parameters=[VERSION],
                body=json_body(reference(body), {"None": example}),
                answers={200: response("The difference", reference("DifferenceAnswer"))},
                schemas={
                    body: closed({"inputs": model.inputs, "other": model.inputs}),
                    "DifferenceAnswer": answered(Difference),
                },
                asks_model=True,
            )


register(Resource("differences", "explanations", bp, describe, schemas=(Difference,), lane=MODEL))

"""Predictions: one instance or many, checked against the model's own signature."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from servery.api import FAILED, Answered, answer, answered_by, current_services
from servery.api.http.bodies import read_prediction_request
from servery.api.operations import (
    VERSION,
    DescribedModel,
    Operation,
    answered,
    closed,
    json_body,
    model_parameter,
    reference,
    response,
)
from servery.api.options import asked_model
from servery.api.portable import Schema
from servery.api.registry import MODEL, Resource, register
from servery.predict import (
    ClassPrediction,
    ManyPrediction,
    Prediction,
    QuantityPrediction,
    predict,
)
from servery.served import ServedModel
from servery.settings import Settings
from servery.signature import ClassOutput, MultiOutput, Output, RegressionOutput

bp = Blueprint("predictions", __name__, url_prefix="/api/v1/models")

#: What is predicted of an output.
PREDICTIONS: dict[type, type[Prediction]] = {
    ClassOutput: ClassPrediction,
    RegressionOutput: QuantityPrediction,
    MultiOutput: ManyPrediction,
}


@bp.post("/<name>/predictions")
def create_predictions(name: str) -> ResponseReturnValue:
    """Predict one instance or many; the body is checked against the model's own signature."""
    services = current_services()
    model = asked_model(name)
    if FAILED in request.environ:
        raise request.environ[FAILED]
    asked = read_prediction_request(services.settings.max_instances)
    instances = model.signature.parse(asked.instances, asked.pointer)
    predictions = predict(model, instances, asked.pointer)
    return answer(answered_by(model, predictions[0]) if asked.single else _many(model, predictions))


def _many(model: ServedModel, predictions: Sequence[Prediction]) -> dict[str, object]:
    return {**answered_by(model), "predictions": predictions}


def describe(models: Sequence[DescribedModel], settings: Settings) -> Iterator[Operation]:
    """Return an operation for each model."""
    for model in models:
        name = model.type_name
        yield Operation(
            method="post",
            path=model.path("predictions"),
            id=f"predict_{model.id}",
            summary=f"Predict with {model.served.title}",
            description=model.served.card.summary,
            parameters=[VERSION],
            body=json_body(_one_of(f"{name}Instance", f"{name}Instances"), _examples(model)),
            answers={
                200: response(
                    "One prediction, or one per instance in the order of the request",
                    _one_of(f"{name}Prediction", f"{name}Predictions"),
                )
            },
            schemas=_schemas(model, settings.max_instances),
            asks_model=True,
        )

    yield _generic(models)


class PredictionRequest(msgspec.Struct, frozen=True):
    """One instance of any model; its signature says which inputs it has."""

    inputs: dict[str, Any]


class PredictionsRequest(msgspec.Struct, frozen=True):
    """Many instances of any model."""

    instances: list[dict[str, Any]]


def _generic(models: Sequence[DescribedModel]) -> Operation:
    """Return the operation for a model whose name is known only when a program runs."""
    many = answered(Answered)
    kinds = {f"{kind.__name__}Answer": answered(kind) for kind in PREDICTIONS.values()}
    predictions = {"type": "array", "items": _one_of(*(k.__name__ for k in PREDICTIONS.values()))}
    kinds["PredictionsAnswer"] = {
        **many,
        "properties": many["properties"] | {"predictions": predictions},
        "required": [*many["required"], "predictions"],
    }
    return Operation(
        method="post",
        path="/api/v1/models/{model}/predictions",
        id="predict",
        summary="Predict with any model",
        description="For programs that get the name of the model at run time. The operation of a "
        "model states its inputs.",
        parameters=[model_parameter([each.served.name for each in models]), VERSION],
        body=json_body(
            _one_of(PredictionRequest.__name__, PredictionsRequest.__name__),
            {each.served.title: {"inputs": each.served.example} for each in models[:1]},
        ),
        answers={200: response("One prediction, or one per instance", _one_of(*kinds))},
        schemas=kinds,
        asks_model=True,
    )


def _schemas(model: DescribedModel, max_instances: int) -> dict[str, Schema]:
    name, prediction = model.type_name, prediction_type(model.served.signature.output)
    instances = {"type": "array", "maxItems": max_instances, "items": model.inputs}
    predictions = {"type": "array", "items": reference(prediction.__name__)}
    many = answered(Answered)
    return {
        f"{name}Instance": closed({"inputs": model.inputs}),
        f"{name}Instances": closed({"instances": instances}),
        f"{name}Prediction": answered(prediction),
        f"{name}Predictions": {
            **many,
            "properties": many["properties"] | {"predictions": predictions},
            "required": [*many["required"], "predictions"],
        },
    }


def prediction_type(output: Output) -> type[Prediction]:
    """Return the type of a prediction of an output."""
    return next(found for kind, found in PREDICTIONS.items() if isinstance(output, kind))


def _one_of(*names: str) -> Schema:
    return {"oneOf": [reference(name) for name in names]}


def _examples(model: DescribedModel) -> Mapping[str, object]:
    """Return the card's examples, or else one that is known to be answered."""
    served = model.served
    examples = {example.title: {"inputs": example.inputs} for example in served.examples}
    return examples or {"Typical": {"inputs": served.example}}


register(
    Resource(
        "predictions",
        "predictions",
        bp,
        describe,
        schemas=(
            *PREDICTIONS.values(),
            Answered,
            PredictionRequest,
            PredictionsRequest,
        ),
        lane=MODEL,
    )
)

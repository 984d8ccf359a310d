"""The route that predicts."""

from collections.abc import Sequence

import msgspec
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from servery.api import answer, current_services, request_id
from servery.api.bodies import read_asked
from servery.predict import Prediction, predict
from servery.served import ServedModel

bp = Blueprint("predictions", __name__, url_prefix="/api/v1/models")


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """Who answered, and to which request."""

    model: str
    version: str
    request_id: str


@bp.post("/<name>/predictions")
def create_predictions(name: str) -> ResponseReturnValue:
    """Predict one instance or many; the body is checked against the model's own signature."""
    services = current_services()
    model = services.repository.get(name, request.args.get("version"))
    asked = read_asked(services.settings.max_instances)
    instances = model.signature.parse(asked.instances, asked.pointer)
    predictions = predict(model, instances)
    return answer(_one(model, predictions[0]) if asked.single else _many(model, predictions))


def _one(model: ServedModel, prediction: Prediction) -> dict[str, object]:
    said = msgspec.structs.asdict(prediction)
    return _answered(model) | {k: value for k, value in said.items() if value is not msgspec.UNSET}


def _many(model: ServedModel, predictions: Sequence[Prediction]) -> dict[str, object]:
    return {**_answered(model), "predictions": predictions}


def _answered(model: ServedModel) -> dict[str, object]:
    return {"model": model.name, "version": model.version, "request_id": request_id()}

"""The route that predicts."""

from collections.abc import Sequence

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from servery.api import FAILED, answer, answered_by, current_services
from servery.api.http.bodies import read_prediction_request
from servery.predict import Prediction, predict
from servery.served import ServedModel

bp = Blueprint("predictions", __name__, url_prefix="/api/v1/models")


@bp.post("/<name>/predictions")
def create_predictions(name: str) -> ResponseReturnValue:
    """Predict one instance or many; the body is checked against the model's own signature."""
    if FAILED in request.environ:
        raise request.environ[FAILED]
    services = current_services()
    model = services.repository.get(name, request.args.get("version"))
    asked = read_prediction_request(services.settings.max_instances)
    instances = model.signature.parse(asked.instances, asked.pointer)
    predictions = predict(model, instances)
    return answer(answered_by(model, predictions[0]) if asked.single else _many(model, predictions))


def _many(model: ServedModel, predictions: Sequence[Prediction]) -> dict[str, object]:
    return {**answered_by(model), "predictions": predictions}

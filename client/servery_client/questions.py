"""Flows that ask about instances: predictions, explanations and counterfactuals."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from servery_client.answers import Counterfactual, Explanation, Json, ModelSummary, Prediction
from servery_client.bodies import JSON, encoded
from servery_client.errors import Fault, InvalidInputs
from servery_client.flows import Flow, Request
from servery_client.frames import as_frame, dates_of, instances_of, predicted_frame
from servery_client.retries import Retries, asked, json_of

#: Instances of one request: well below the limit of a server, which is 10,000 unless changed.
AT_ONCE = 2_000


def list_models(retries: Retries) -> Flow[list[ModelSummary]]:
    """Return all models that the server can answer for."""
    reply = yield from asked(Request("GET", "api/v1/models"), retries)
    return [ModelSummary.read(each) for each in json_of(reply)["models"]]


def show_model(model: str, retries: Retries) -> Flow[Json]:
    """Return the card, the signature and the metrics of a model, as JSON."""
    reply = yield from asked(Request("GET", model_path(model)), retries)
    facts: Json = json_of(reply)
    return facts


def predict(model: str, inputs: Any, retries: Retries) -> Flow[Any]:  # noqa: ANN401
    """Return the prediction of one instance, a list of those of many, or a frame of those of one.

    Raises
    ------
    InvalidInputs
        Names the faults of all instances.
    """
    frame = as_frame(inputs)
    if frame is not None:
        days = yield from _days(model, frame, retries)
        instances = instances_of(frame, days)
        if not instances:
            answered = predicted_frame([0], [(yield from _predict_typical(model, retries))])
            return answered.iloc[:0].set_index(frame.index)
        predictions = yield from _predict_many(model, instances, retries)
        return predicted_frame(frame.index, predictions)
    if isinstance(inputs, Mapping):
        answer = yield from _post(model, "predictions", {"inputs": inputs}, retries)
        return Prediction.read(answer)
    if isinstance(inputs, Sequence) and not isinstance(inputs, str | bytes):
        return (yield from _predict_many(model, inputs, retries))
    raise TypeError(
        f"Expected a dict of inputs, a list of such dicts or a frame, "
        f"found {type(inputs).__name__}."
    )


def explain(model: str, inputs: Mapping[str, Any], output: Any, retries: Retries) -> Flow[Any]:  # noqa: ANN401
    """Return how much each input moved a prediction."""
    _require_dict(inputs)
    body = {"inputs": inputs} | ({} if output is None else {"output": output})
    return Explanation.read((yield from _post(model, "explanations", body, retries)))


def counterfactuals(
    model: str,
    inputs: Mapping[str, Any],
    target: Any,  # noqa: ANN401 - a class, or a range
    retries: Retries,
) -> Flow[list[Counterfactual]]:
    """Return small changes that lead to another outcome."""
    _require_dict(inputs)
    body = {"inputs": inputs, "target": target}
    answer = yield from _post(model, "counterfactuals", body, retries)
    return [Counterfactual.read(each) for each in answer["counterfactuals"]]


def require_name(model: object) -> None:
    """Refuse what cannot be the name of a model."""
    if not isinstance(model, str):
        raise TypeError(f"Expected the name of a model, found {type(model).__name__}.")


def _require_dict(inputs: object) -> None:
    if not isinstance(inputs, Mapping):
        raise TypeError(f"Expected a dict of inputs, found {type(inputs).__name__}.")


def model_path(model: str) -> str:
    """Return the path of a model, which may name its version: ``income@1``."""
    return f"api/v1/models/{quote(model, safe='@')}"


def _days(model: str, frame: Any, retries: Retries) -> Flow[frozenset[str]]:  # noqa: ANN401
    """Return the columns of moments that the model takes as days."""
    moments = dates_of(frame)
    if not moments:
        return frozenset()
    facts = yield from show_model(model, retries)
    inputs = facts["signature"]["inputs"]
    return frozenset(each["name"] for each in inputs if each["type"] == "date") & moments


def _predict_many(model: str, instances: Sequence[Any], retries: Retries) -> Flow[list[Prediction]]:
    """Ask in parts. After a fault, the other parts still name theirs."""
    predictions: list[Prediction] = []
    refused: list[tuple[int, InvalidInputs]] = []
    for start in range(0, len(instances), AT_ONCE):
        body = {"instances": instances[start : start + AT_ONCE]}
        try:
            answer = yield from _post(model, "predictions", body, retries)
        except InvalidInputs as error:
            refused.append((start, error))
        else:
            predictions += map(Prediction.read, answer["predictions"])
    if refused:
        raise _joined(refused)
    return predictions


def _predict_typical(model: str, retries: Retries) -> Flow[Prediction]:
    """Predict an instance that is like those of the training."""
    facts = yield from show_model(model, retries)
    signature = facts["signature"]["inputs"]
    typical = {each["name"]: each["typical"] for each in signature}
    inputs = next((each["inputs"] for each in facts["examples"]), typical)
    return Prediction.read((yield from _post(model, "predictions", {"inputs": inputs}, retries)))


def _joined(refused: Sequence[tuple[int, InvalidInputs]]) -> InvalidInputs:
    """Return the faults of all parts as one error, with the rows of the whole."""
    _, first = refused[0]
    return InvalidInputs(
        first.detail,
        faults=[_moved(fault, start) for start, error in refused for fault in error.faults],
        status=first.status,
        code=first.code,
        title=first.title,
        request_id=first.request_id,
    )


def _moved(fault: Fault, start: int) -> Fault:
    if fault.row is None:
        return fault
    row = fault.row + start
    pointer = fault.pointer.replace(f"#/instances/{fault.row}", f"#/instances/{row}", 1)
    return dataclasses.replace(fault, row=row, pointer=pointer)


def _post(model: str, what: str, body: Any, retries: Retries) -> Flow[Json]:  # noqa: ANN401
    path = f"{model_path(model)}/{what}"
    request = Request("POST", path, headers={"Content-Type": JSON}, content=encoded(body))
    answer: Json = json_of((yield from asked(request, retries)))
    return answer

"""The Open Inference Protocol, V2 of KServe, Triton and MLServer: tensors in, tensors out.

One tensor for each input, or one for all of them in their order. Warnings are in ``parameters`` of
the answer.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, NamedTuple

import numpy as np

from servery.api.http.strict_json import strict_json
from servery.api.problems import Refusal
from servery.api.protocols.answers import Answers
from servery.api.protocols.columns import check_names, missing_as_none, parsed_columns
from servery.api.protocols.one_row import InferRequest, read_row
from servery.api.protocols.output_tensors import OutputTensor, outputs_of
from servery.api.protocols.protocol import (
    Protocol,
    Reply,
    Request,
    encode,
    invalid,
    json_object,
    json_reply,
)
from servery.api.protocols.tensors import TEXT, Tensor, Values, datatype_of_values, read_tensors
from servery.errors import NotSupported, UnreadableBody, quoted
from servery.inputs import Input
from servery.predict_many import FEW
from servery.served import ServedModel
from servery.version import __version__

HEADER_LENGTH = "Inference-Header-Content-Length"
BINARY = "application/octet-stream"
#: Where a row stands in a message: a tensor has no rows of its own.
ROWS = "#/rows"
ROW = f"{ROWS}/{{}}".format


def refuse(refusal: Refusal) -> Reply:
    """Answer with an error object; what does not fit is a bad request."""
    status = 400 if refusal.status == 422 else refusal.status
    return json_reply({"error": refusal.sentence}, status=status)


PROTOCOL = Protocol(refuse)
MODEL = r"/v2/models/(?P<name>[^/]+)(?:/versions/(?P<version>[^/]+))?"


@PROTOCOL.get("/v2/?")
def show_server(_request: Request) -> Reply:
    """Describe the server."""
    extensions = ["binary_tensor_data"]
    return json_reply({"name": "servery", "version": __version__, "extensions": extensions})


@PROTOCOL.get("/v2/health/live")
def live(_request: Request) -> Reply:
    """Say that the process answers."""
    return json_reply({"live": True})


@PROTOCOL.get("/v2/health/ready")
def ready(request: Request) -> Reply:
    """Say whether any model can be asked."""
    repository = request.services.repository
    is_ready = bool(repository.open_models() or repository.closed_models())
    return json_reply({"live": True, "ready": is_ready}, status=_status(is_ready=is_ready))


@PROTOCOL.post("/v2/repository/index")
def list_models(request: Request) -> Reply:
    """List the models; with ``{"ready": true}`` only those that can be asked."""
    repository = request.services.repository
    found = [
        {"name": each.name, "version": each.version, "state": "READY", "reason": ""}
        for each in repository.outlines()
    ]
    only_ready = bool(request.body) and request.json().get("ready") is True
    broken = [] if only_ready else repository.failures
    found += [
        {
            "name": each.name,
            "version": each.version or "",
            "state": "UNAVAILABLE",
            "reason": str(each.error),
        }
        for each in broken
    ]
    return json_reply(found)


@PROTOCOL.get(MODEL + "/ready")
def model_ready(request: Request, name: str, version: str | None) -> Reply:
    """Say whether a model can be asked."""
    model = request.model(name, version)
    is_ready = not model.runtime.set_aside
    return json_reply({"name": model.name, "ready": is_ready}, status=_status(is_ready=is_ready))


@PROTOCOL.get(MODEL)
def show_model(request: Request, name: str, version: str | None) -> Reply:
    """Describe the tensors of a model."""
    model = request.model(name, version)
    versions = request.services.repository.versions(model.name)
    return json_reply(
        {
            "name": model.name,
            "versions": [model.version] if version else versions,
            "platform": f"servery_{model.runtime.name}",
            "inputs": [
                {"name": item.name, "datatype": datatype_of(item), "shape": [-1]}
                for item in model.signature.inputs
            ],
            "outputs": [
                {"name": name, "datatype": kind.datatype, "shape": kind.shape}
                for name, kind in outputs_of(model).items()
            ],
        }
    )


@PROTOCOL.post(MODEL + "/infer")
def infer(request: Request, name: str, version: str | None) -> Reply:
    """Predict the rows of tensors."""
    model = request.model(name, version)
    head, rest = _parts(request)
    row = read_row(model, head, rest)
    sent = row.sent if row else _sent(head)
    wanted = _wanted(sent, outputs_of(model))
    answers = (
        Answers.of(model, row.instances, ROW)
        if row
        else _answers(request, model, read_tensors(sent.inputs, memoryview(rest)))
    )
    return _reply(model, sent.id, wanted, answers)


def _status(*, is_ready: bool) -> int:
    return HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE


# What is asked.


def _parts(request: Request) -> tuple[bytes, bytes]:
    """Return the JSON of a request, and the bytes after it."""
    length, body = request.header(HEADER_LENGTH), request.body
    if length is None:
        return body, b""
    if not (length.isascii() and length.isdigit()) or int(length[:20]) > len(body):
        raise UnreadableBody(f"{HEADER_LENGTH} does not fit the body, which has {len(body)} bytes.")
    at = int(length)
    return body[:at], body[at:]


def _sent(head: bytes) -> InferRequest:
    members = json_object(strict_json(head))
    if not isinstance(members.get("id", ""), str | None):
        raise invalid("not-a-text", "Expected a text.", "#/id")
    return InferRequest(
        members.get("inputs"),
        members.get("id"),
        members.get("outputs"),
        members.get("parameters"),
    )


def _answers(request: Request, model: ServedModel, tensors: Sequence[Tensor]) -> Answers:
    columns = _columns(model, tensors)
    n = len(next(iter(columns.values())))
    request.check_count(n)
    signature = model.signature
    if n > FEW:
        return Answers.of(model, parsed_columns(signature, columns, ROWS), ROW)
    if columns.keys() != set(signature.names):
        check_names(signature, list(columns), "#/inputs")
    given = [
        [
            missing_as_none(item, value) if value == "" or value != value else value
            for value in _listed(columns[item.name])
        ]
        for item in signature.inputs
        if item.name in columns
    ]
    names = [name for name in signature.names if name in columns]
    rows = [dict(zip(names, row, strict=True)) for row in zip(*given, strict=True)]
    return request.answers(model, rows, ROW)


def _listed(values: Values) -> list[Any]:
    return values.tolist() if isinstance(values, np.ndarray) else list(values)


def _columns(model: ServedModel, tensors: Sequence[Tensor]) -> dict[str, Values]:
    """Return the values of each input: of its own tensor, or of one tensor for all of them."""
    names = model.signature.names
    first = tensors[0]
    is_matrix = len(first.shape) > 1 and (first.name not in names or first.shape[1] > 1)
    if len(tensors) == 1 and is_matrix:
        if first.shape[1] != len(names):
            detail = f"Expected {len(names)} columns in the order of the inputs"
            raise invalid("wrong-shape", f"{detail}, found {first.shape[1]}.", "#/inputs/0")
        step = len(names)
        values = first.values if isinstance(first.values, np.ndarray) else list(first.values)
        return {name: values[place::step] for place, name in enumerate(names)}
    for place, each in enumerate(tensors):
        if each.shape[1:] not in ([], [1]):
            detail = f"Expected the shape [n] or [n, 1] of {quoted(each.name)}"
            raise invalid(
                "wrong-shape", f"{detail}, found {list(each.shape)}.", f"#/inputs/{place}"
            )
    lengths = {len(each.values) for each in tensors}
    if len(lengths) > 1:
        shown = ", ".join(f"{quoted(each.name)} has {len(each.values)}" for each in tensors[:10])
        raise invalid("lengths-differ", f"Expected as many rows of each, but {shown}.", "#/inputs")
    return {each.name: each.values for each in tensors}


# What is answered.


def datatype_of(item: Input) -> str:
    """Return the datatype of an input's tensor, in which it has every value that it takes."""
    if item.storage == "float64":
        return "FP64"
    if item.storage == "int64":
        return "FP64" if item.missing_allowed else "INT64"
    if item.storage == "bool":
        return "BOOL"
    known = [each for each in item.known_values() if each is not None]
    return datatype_of_values(known) if known and item.json_type == "any" else TEXT


class Wanted(NamedTuple):
    """A tensor that is asked for."""

    name: str
    output: OutputTensor
    is_binary: bool


def _wanted(sent: InferRequest, known: Mapping[str, OutputTensor]) -> list[Wanted]:
    """Return the tensors that are asked for; all of them if none is named."""
    all_binary = _parameters(sent.parameters, "#").get("binary_data_output") is True
    asked = sent.outputs
    if not asked:
        return [Wanted(name, output, all_binary) for name, output in known.items()]
    if not isinstance(asked, list) or not all(isinstance(each, dict) for each in asked):
        raise invalid("not-a-list", "Expected a list of tensors.", "#/outputs")
    return [_wanted_one(each, known, f"#/outputs/{n}", all_binary) for n, each in enumerate(asked)]


def _wanted_one(
    asked: Mapping[str, Any], known: Mapping[str, OutputTensor], pointer: str, all_binary: bool
) -> Wanted:
    name, parameters = asked.get("name"), _parameters(asked.get("parameters"), pointer)
    if not isinstance(name, str) or name not in known:
        shown = quoted(name) if isinstance(name, str) else "none"
        raise invalid(
            "unknown-output", f"Expected one of {', '.join(known)}; found {shown}.", pointer
        )
    if parameters.get("classification"):
        raise NotSupported("Classification strings are not supported. Ask for predict_proba.")
    if "shared_memory_region" in parameters:
        raise NotSupported("Shared memory is not supported.")
    return Wanted(name, known[name], parameters.get("binary_data", all_binary) is True)


def _parameters(given: object, pointer: str) -> Mapping[str, Any]:
    parameters = given or {}
    if not isinstance(parameters, dict):
        raise invalid("not-an-object", "Expected an object.", f"{pointer}/parameters")
    return parameters


def _reply(
    model: ServedModel, request_id: str | None, wanted: Sequence[Wanted], answers: Answers
) -> Reply:
    raw: list[bytes] = []
    answer: dict[str, Any] = {"model_name": model.name, "model_version": model.version}
    if request_id is not None:
        answer["id"] = request_id
    if answers.warned:
        first = encode(answers.first_warnings()).decode()
        answer["parameters"] = {"warnings": answers.warned, "first_warnings": first}
    answer["outputs"] = [_said(each, answers, raw) for each in wanted]
    text = encode(answer)
    if not raw:
        return Reply(text, headers=answers.headers())
    headers = [(HEADER_LENGTH, str(len(text))), *answers.headers()]
    return Reply(b"".join([text, *raw]), media=BINARY, headers=headers)


def _said(wanted: Wanted, answers: Answers, raw: list[bytes]) -> Mapping[str, Any]:
    """Return the JSON of a tensor; if it is asked for in bytes, add them to ``raw``."""
    output, n = wanted.output, len(answers)
    shape = [n if size < 0 else size for size in output.shape]
    tensor: dict[str, Any] = {"name": wanted.name, "shape": shape, "datatype": output.datatype}
    if wanted.is_binary:
        raw.append(output.packed(answers))
        tensor["parameters"] = {"binary_data_size": len(raw[-1])}
    else:
        tensor["data"] = output.plain(answers)
    return tensor

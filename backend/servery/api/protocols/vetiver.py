"""vetiver's API: records in, ``{"predict": […]}`` out."""

import sys

from servery.api.http.strict_json import strict_json
from servery.api.problems import Refusal
from servery.api.protocols.instances import named_rows
from servery.api.protocols.protocol import Protocol, Reply, Request, json_reply


def refuse(refusal: Refusal) -> Reply:
    """Answer as FastAPI does, on which vetiver is built."""
    faults = [
        {"loc": ["body", *each.pointer.split("/")[1:]], "msg": each.detail, "type": each.code}
        for each in refusal.faults
    ]
    return json_reply({"detail": faults or refusal.detail}, status=refusal.status)


PROTOCOL = Protocol(refuse)
MODEL = r"/vetiver/(?P<name>[^/]+)"


@PROTOCOL.get(MODEL + "/ping")
def ping(request: Request, name: str) -> Reply:
    """Say that a model can be asked."""
    request.model(name)
    return json_reply({"ping": "pong"})


@PROTOCOL.get(MODEL + "/metadata")
def metadata(request: Request, name: str) -> Reply:
    """Describe a model."""
    model = request.model(name)
    return json_reply(
        {
            "user": {"title": model.title, "description": model.card.summary},
            "version": model.version,
            "url": None,
            "required_pkgs": [],
            "python_version": list(sys.version_info[:3]),
        }
    )


@PROTOCOL.get(MODEL + "/prototype")
def prototype(request: Request, name: str) -> Reply:
    """Return the JSON Schema of an instance."""
    return json_reply(request.model(name).signature.schema())


@PROTOCOL.post(MODEL + "/predict")
def predict(request: Request, name: str) -> Reply:
    """Predict records; one may come alone."""
    model = request.model(name)
    body = strict_json(request.body)
    rows = named_rows(model, body if isinstance(body, list) else [body], "instances")
    answers = request.answers(model, rows, "#/{}".format)
    return json_reply({"predict": answers.predictions()}, headers=answers.headers())

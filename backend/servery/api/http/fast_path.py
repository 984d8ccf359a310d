"""The fast path of predictions: a request that is valid in every respect is answered in one pass.

Every other request (another content type, an origin, a fault, an unknown model) is passed to the
app with its body, and answered there. This module answers with 200 only.
"""

import io
from typing import TYPE_CHECKING

import msgspec

from servery.api import FAILED, JSON, REQUEST_ID, Services
from servery.api.http.bodies import strict_json
from servery.errors import (
    ModelDied,
    ModelFailed,
    ModelSetAside,
    ModelTimedOut,
    TooBusy,
    Unanswerable,
)
from servery.predict import predict
from servery.served import ServedModel
from servery.signature import Instances
from servery.signature.quick import quotes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

START, END = "/api/v1/models/", "/predictions"
#: Headers that only the app understands.
ELSEWHERE = ("HTTP_ORIGIN", "HTTP_CONTENT_ENCODING", "HTTP_TRANSFER_ENCODING")
ONE, MANY = "inputs", "instances"

#: Errors of a model that was asked.
MODEL_ERRORS = (ModelDied, ModelFailed, ModelSetAside, ModelTimedOut, TooBusy, Unanswerable)

decode = msgspec.json.Decoder().decode
encode = msgspec.json.Encoder().encode


class FastPath:
    """WSGI middleware in front of the app."""

    def __init__(self, app: "WSGIApplication", services: Services) -> None:
        self._app = app
        self._repository = services.repository
        self._max_instances = services.settings.max_instances
        self._max_bytes = services.settings.max_body_bytes

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> "Iterable[bytes]":
        """Answer one request, or pass it to the app."""
        name = self._model_asked(environ)
        if name is None:
            return self._app(environ, start_response)
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        try:
            answer = self._answer(name, body, environ[REQUEST_ID])
        except MODEL_ERRORS as error:  # the app reports it, and does not ask the model again
            environ[FAILED] = error
            answer = None
        if answer is None:
            environ["wsgi.input"] = io.BytesIO(body)
            return self._app(environ, start_response)
        headers = [
            ("Content-Type", JSON),
            ("Content-Length", str(len(answer))),
            ("Cache-Control", "no-store"),
        ]
        start_response("200 OK", headers)
        return [answer]

    def _model_asked(self, environ: "WSGIEnvironment") -> str | None:
        """Return the model of a plain request for predictions; None for any other request."""
        path = environ["PATH_INFO"]
        if not (environ["REQUEST_METHOD"] == "POST" and path.endswith(END)):
            return None
        if environ.get("CONTENT_TYPE") != JSON or environ.get("QUERY_STRING"):
            return None
        length = environ.get("CONTENT_LENGTH") or ""
        is_plain = path.startswith(START) and length.isascii() and length.isdigit()
        if (
            not is_plain
            or int(length) > self._max_bytes
            or any(key in environ for key in ELSEWHERE)
        ):
            return None
        name: str = path[len(START) : -len(END)]
        return name if name.isascii() else _utf8(name)

    def _answer(self, name: str, body: bytes, request_id: str) -> bytes | None:
        """Return the answer to a valid body; None for any other."""
        try:
            # This decoder keeps the last of two members of one name. Counting quotation marks shows
            # that, unless a backslash hides some.
            has_escapes = b"\\" in body
            asked = strict_json(body) if has_escapes else decode(body)
            if type(asked) is not dict or len(asked) != 1:
                return None
            model = self._repository.get(name)
            marks = None if has_escapes else body.count(b'"')
            if ONE in asked:
                return self._one(model, asked[ONE], marks, request_id)
            return self._many(model, asked.get(MANY), marks, request_id)
        except MODEL_ERRORS:
            raise
        except Exception:  # Flask's path meets it again, and reports it
            return None

    def _one(
        self, model: ServedModel, instance: object, marks: int | None, request_id: str
    ) -> bytes | None:
        instances = model.quick.row(instance)
        if instances is None or _is_doubled([instance], marks):
            return None
        [prediction] = predict(model, instances, lambda _: "#/inputs")
        return _head(model, request_id) + encode(prediction)[1:]

    def _many(
        self, model: ServedModel, asked: object, marks: int | None, request_id: str
    ) -> bytes | None:
        if type(asked) is not list or not 0 < len(asked) <= self._max_instances:
            return None
        instances: Instances | None = model.quick.rows(asked)
        if instances is None or _is_doubled(asked, marks):
            return None
        predictions = predict(model, instances)
        return _head(model, request_id) + b'"predictions":' + encode(predictions) + b"}"


def _is_doubled(instances: "list[object]", marks: int | None) -> bool:
    """Return whether a body has more quotation marks than the instances that were read of it."""
    return marks is not None and marks != 2 + quotes(instances)  # type: ignore[arg-type] # read as objects


def _head(model: ServedModel, request_id: str) -> bytes:
    said = {"model": model.name, "version": model.version, "request_id": request_id}
    return encode(said)[:-1] + b","


def _utf8(name: str) -> str | None:
    try:
        return name.encode("latin-1").decode()
    except UnicodeError:
        return None

"""The fast path of predictions: a valid request is answered without Flask.

Every other request (another address, a fault, an unknown model) is passed to the app with its body,
and answered there. This module answers with 200 only.
"""

import io
import re
from typing import TYPE_CHECKING

import msgspec

from servery.api import FAILED, JSON, REQUEST_ID, Services
from servery.api.http.codings import BodyTooLarge, pack_for, unpacked
from servery.api.http.media import is_json
from servery.api.http.strict_json import strict_json
from servery.errors import (
    ModelDied,
    ModelFailed,
    ModelSetAside,
    ModelTimedOut,
    TooBusy,
    Unanswerable,
    UnreadableBody,
    UnsupportedMedia,
)
from servery.predict import predict
from servery.predict_many import encoded_predictions
from servery.served import ServedModel
from servery.signature.reading import MANY, ONE, Body

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

START, END = "/api/v1/models/", "/predictions"
VERSION = re.compile(r"version=([A-Za-z0-9._-]{1,100})")
#: A header that only the app understands.
ELSEWHERE = "HTTP_ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK"

#: Errors of a model that was asked.
MODEL_ERRORS = (ModelDied, ModelFailed, ModelSetAside, ModelTimedOut, TooBusy, Unanswerable)

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
        asked = self._model_asked(environ)
        if asked is None:
            return self._app(environ, start_response)
        try:
            body = self._read(environ)
            answer = self._answer(*asked, self._unpacked(environ, body), environ[REQUEST_ID])
        except MODEL_ERRORS as error:  # the app reports it, and does not ask the model again
            environ[FAILED] = error
            answer = None
        except UnreadableBody as error:
            environ[FAILED] = error
            body, answer = b"", None
        if answer is None:
            environ["wsgi.input"] = io.BytesIO(body)
            return self._app(environ, start_response)
        answer, packing = pack_for(environ, answer)
        headers = [("Content-Type", JSON), ("Cache-Control", "no-store"), *packing]
        start_response("200 OK", headers)
        return [answer]

    def _model_asked(self, environ: "WSGIEnvironment") -> tuple[str, str | None] | None:
        """Return the model and version of a request for predictions; None for any other request."""
        path = environ["PATH_INFO"]
        if not (
            environ["REQUEST_METHOD"] == "POST" and path.endswith(END) and path.startswith(START)
        ):
            return None
        kind = environ.get("CONTENT_TYPE")
        if kind != JSON and not is_json(kind or ""):
            return None
        if ELSEWHERE in environ or not self._is_readable(environ):
            return None
        name: str = path[len(START) : -len(END)]
        known = name if name.isascii() else _utf8(name)
        query = environ.get("QUERY_STRING")
        if not known:
            return None
        if not query:
            return known, None
        version = VERSION.fullmatch(query)
        return None if version is None else (known, version[1])

    def _is_readable(self, environ: "WSGIEnvironment") -> bool:
        """Return whether the body has an end and is not known to be too long."""
        length = environ.get("CONTENT_LENGTH") or ""
        if "HTTP_TRANSFER_ENCODING" in environ:
            return not length and bool(environ.get("wsgi.input_terminated"))
        return length.isascii() and length.isdigit() and int(length) <= self._max_bytes

    def _read(self, environ: "WSGIEnvironment") -> bytes:
        """Return the body; if it is too long, one byte more than allowed."""
        length = environ.get("CONTENT_LENGTH")
        if length:
            return bytes(environ["wsgi.input"].read(int(length)))
        try:
            return bytes(environ["wsgi.input"].read(self._max_bytes + 1))
        except Exception as error:  # each server raises its own errors for a body that ends early
            raise UnreadableBody("The body is incomplete. Send it again.") from error

    def _unpacked(self, environ: "WSGIEnvironment", body: bytes) -> bytes | None:
        """Return the decompressed body; None if it is too long or its coding is not supported."""
        if len(body) > self._max_bytes:
            return None
        coding = environ.get("HTTP_CONTENT_ENCODING")
        if coding is None:
            return body
        try:
            return unpacked(body, coding, self._max_bytes)
        except (BodyTooLarge, UnreadableBody, UnsupportedMedia):
            return None

    def _answer(
        self, name: str, version: str | None, data: bytes | None, request_id: str
    ) -> bytes | None:
        """Return the answer to a valid body; None for any other."""
        if data is None:
            return None
        try:
            model = self._repository.get(name, version)
            body = model.reader.body(data, self._max_instances) or self._body(model, data)
            if body is None:
                return None
            if body.is_single:
                [prediction] = predict(model, body.instances, lambda _: "#/inputs")
                return _head(model, request_id) + encode(prediction)[1:]
            predictions = encoded_predictions(model, body.instances)
            return b'%b"predictions":%b}' % (_head(model, request_id), predictions)
        except MODEL_ERRORS:
            raise
        except Exception:  # Flask's path meets it again, and reports it
            return None

    def _body(self, model: ServedModel, data: bytes) -> Body | None:
        """Read a valid body that could not be decoded as a type."""
        asked = strict_json(data)
        if type(asked) is not dict or len(asked) != 1:
            return None
        if ONE in asked:
            instances = model.reader.row(asked[ONE])
        else:
            given = asked.get(MANY)
            if type(given) is not list or not 0 < len(given) <= self._max_instances:
                return None
            instances = model.reader.rows(given)
        return None if instances is None else Body(instances, is_single=ONE in asked)


def _head(model: ServedModel, request_id: str) -> bytes:
    said = {"model": model.name, "version": model.version, "request_id": request_id}
    return encode(said)[:-1] + b","


def _utf8(name: str) -> str | None:
    try:
        return name.encode("latin-1").decode()
    except UnicodeError:
        return None

"""How the core is asked over HTTP: thin routes over plain functions."""

from dataclasses import dataclass
from typing import cast

import msgspec
from flask import Response, current_app, request

from servery.repository import Repository
from servery.settings import Settings

EXTENSION = "servery"
REQUEST_ID = "servery.request_id"
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Services:
    """What routes need, made once by the app."""

    settings: Settings
    repository: Repository


def current_services() -> Services:
    """Return the services of the app that answers this request."""
    return cast("Services", current_app.extensions[EXTENSION])


def request_id() -> str:
    """Return the id of this request, given by the caller or made."""
    return cast("str", request.environ[REQUEST_ID])


def answer(body: object, *, cache: str = "no-store") -> Response:
    """Return a body of structs and plain values as JSON."""
    response = Response(msgspec.json.encode(body), mimetype=JSON)
    response.headers["Cache-Control"] = cache
    return response

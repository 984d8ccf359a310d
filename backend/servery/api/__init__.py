"""The JSON API: thin routes over plain functions."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import msgspec
from flask import Response, current_app, request

from servery.repository import Repository
from servery.served import ServedModel
from servery.settings import Settings

if TYPE_CHECKING:
    from servery.api.resources.batches.capacity import Batches

EXTENSION = "servery"
REQUEST_ID = "servery.request_id"
#: The error of a model that the fast path asked for this request.
FAILED = "servery.failed"
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Services:
    """What routes need, made once by the app."""

    settings: Settings
    repository: Repository
    batches: "Batches"


def current_services() -> Services:
    """Return the services of the app that answers this request."""
    return cast("Services", current_app.extensions[EXTENSION])


def request_id() -> str:
    """Return the id of this request, given by the caller or made."""
    return cast("str", request.environ[REQUEST_ID])


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """Who answered, and to which request."""

    model: str
    version: str
    request_id: str


def answered_by(model: ServedModel, said: msgspec.Struct | None = None) -> dict[str, object]:
    """Return who answers, and the members of a struct beside it."""
    who = {"model": model.name, "version": model.version, "request_id": request_id()}
    members = {} if said is None else msgspec.structs.asdict(said)
    return who | {name: value for name, value in members.items() if value is not msgspec.UNSET}


def answer(body: object, *, cache: str = "no-store") -> Response:
    """Return a body of structs and plain values as JSON."""
    response = Response(msgspec.json.encode(body), mimetype=JSON)
    response.headers["Cache-Control"] = cache
    return response

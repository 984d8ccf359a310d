"""Routes for operators: alive, and able to answer."""

from collections.abc import Mapping

import msgspec
from flask import Blueprint
from flask.typing import ResponseReturnValue

from servery.api import answer, current_services
from servery.errors import NotReady

bp = Blueprint("health", __name__)


class Alive(msgspec.Struct, frozen=True):
    """The process answers."""

    status: str


class Ready(Alive, frozen=True):
    """``models`` says of each model "ready", or why it cannot be served.

    A version that cannot be served while another one is stands there as ``name@version``.
    """

    models: Mapping[str, str]


@bp.get("/livez")
def livez() -> ResponseReturnValue:
    """Say that the process answers; nothing else is claimed."""
    return answer(Alive(status="alive"))


@bp.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Say whether at least one model can be asked; 503 where none can."""
    repository = current_services().repository
    failures = {failure.label: str(failure.error) for failure in repository.failures}
    models = {model.name: model.runtime.set_aside or "ready" for model in repository}
    if not models:
        raise NotReady(" ".join(f"{name}: {detail}" for name, detail in failures.items()))
    return answer(Ready(status="ready", models=failures | models))

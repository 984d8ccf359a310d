"""Liveness and readiness: whether the process answers, and whether a model does."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec
from flask import Blueprint
from flask.typing import ResponseReturnValue

from servery.api import answer, current_services
from servery.api.http import HEALTH_PATHS
from servery.api.operations import DescribedModel, Operation, reference, response
from servery.api.registry import Resource, register
from servery.errors import NotReady
from servery.settings import Settings

bp = Blueprint("health", __name__)


class Alive(msgspec.Struct, frozen=True):
    """The process answers."""

    status: str


class Ready(Alive, frozen=True):
    """``models`` has "ready" for each model that is served, and the reason for each that is not.

    If there are very many models, it has "closed" for those that are opened only when a request
    needs them. A version that cannot be served while another one is served is called
    ``name@version``.
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
    models = dict.fromkeys(repository.closed_models(), "closed")
    models |= {model.name: model.runtime.set_aside or "ready" for model in repository.open_models()}
    if not models:
        raise NotReady(" ".join(f"{name}: {detail}" for name, detail in failures.items()))
    return answer(Ready(status="ready", models=failures | models))


def describe(_models: Sequence[DescribedModel], _settings: Settings) -> Iterator[Operation]:
    """Return the operations of this resource."""
    for path in sorted(HEALTH_PATHS):
        summary, kind = {"/livez": ("Liveness", Alive), "/readyz": ("Readiness", Ready)}[path]
        yield Operation(
            method="get",
            path=path,
            id=path.strip("/"),
            summary=summary,
            answers={200: response(summary, reference(kind.__name__))},
            is_open_to_all_hosts=True,
        )


register(Resource("health", "operation", bp, describe, schemas=(Alive, Ready)))

"""The OpenAPI document of this very server."""

from collections.abc import Iterator, Sequence

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from servery.api import answer, current_services
from servery.api.openapi import document
from servery.api.operations import DescribedModel, Operation, response
from servery.api.registry import Resource, register
from servery.settings import Settings

bp = Blueprint("openapi", __name__)


@bp.get("/openapi.json")
def openapi() -> ResponseReturnValue:
    """Send the document for the models that this server serves now."""
    return answer(document(current_services(), request.script_root or "/"), cache="no-cache")


def describe(_models: Sequence[DescribedModel], _settings: Settings) -> Iterator[Operation]:
    """Return the operation of this resource."""
    yield Operation(
        method="get",
        path="/openapi.json",
        id="openapi",
        summary="This document",
        answers={200: response("An OpenAPI 3.1 document", {"type": "object"})},
    )


register(Resource("openapi.json", "operation", bp, describe))

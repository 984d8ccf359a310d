"""Pictures that model cards name."""

import hashlib
import io
from collections.abc import Iterator, Sequence

from flask import Blueprint, Response, send_file

from servery.api import current_services
from servery.api.operations import (
    DescribedModel,
    Operation,
    model_parameter,
    path_parameter,
    response,
)
from servery.api.registry import Resource, register
from servery.settings import Settings

bp = Blueprint("pictures", __name__, url_prefix="/api/v1/models")
SVG = "image/svg+xml"


@bp.get("/<name>/pictures/<file>")
def show_picture(name: str, file: str) -> Response:
    """Send a picture that the model's card names."""
    services = current_services()
    data = services.repository.picture(name, file)
    digest = hashlib.sha256(data).hexdigest()
    response = send_file(
        io.BytesIO(data), mimetype=SVG, max_age=3600, conditional=True, etag=digest
    )
    # Opened by itself, a picture runs nothing; its own styles may colour it.
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
    )
    if services.settings.cors_origins:  # a page of another origin shows it by its address
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def describe(models: Sequence[DescribedModel], _settings: Settings) -> Iterator[Operation]:
    """Return the operation of this resource."""
    yield Operation(
        method="get",
        path="/api/v1/models/{model}/pictures/{file}",
        id="show_picture",
        summary="A picture that the card of a model names",
        parameters=[
            model_parameter([each.served.name for each in models]),
            path_parameter("file", "The name of the picture's file.", {"type": "string"}),
        ],
        answers={
            200: response("The picture", {"type": "string"}, SVG),
            304: {"description": "The picture has not changed"},
        },
    )


register(Resource("pictures", "models", bp, describe))

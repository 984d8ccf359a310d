"""The floors: the least that an endpoint costs, as a bare WSGI callable and with Flask."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response

ANSWER = b'{"prediction":1}'
JSON = "application/json"

flask_app = Flask(__name__)


@flask_app.post("/")
def answer() -> Response:
    """Answer without reading what was asked."""
    return Response(ANSWER, mimetype=JSON)


def bare_app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer without reading what was asked."""
    del environ
    start_response("200 OK", [("Content-Type", JSON), ("Content-Length", str(len(ANSWER)))])
    return [ANSWER]

"""What the tests of all protocols send, and how."""

from typing import Any

import requests

from tests.conftest import PATIENCE_S, Server

ADULT = {
    "age": 39,
    "workclass": "State-gov",
    "education": "Bachelors",
    "marital.status": "Never-married",
    "race": "White",
    "sex": "Male",
    "hours.per.week": 40,
}
#: A workclass that nobody had in training, and none at all: the model takes both.
UNKNOWN = {**ADULT, "age": 50, "workclass": "Självständig"}
WITHOUT = {**ADULT, "age": 50, "workclass": None}
#: Values that must never be rounded, wrapped or taken for others.
LOSSY = (39.5, 1e30, 2**53 + 1, -1, "39", True, [39], {"age": 39})


def ask(server: Server, path: str, body: Any = None, **options: Any) -> requests.Response:  # noqa: ANN401
    """Post a body: bytes as they are, anything else as JSON."""
    content = {"data": body} if isinstance(body, bytes | str) else {"json": body}
    return requests.post(server.url + path, **content, timeout=PATIENCE_S, **options)


def ours(server: Server, model: str, *instances: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """Return what our own endpoint answers."""
    answers: list[dict[str, Any]] = server.predict(model, {"instances": instances}).json()[
        "predictions"
    ]
    return answers

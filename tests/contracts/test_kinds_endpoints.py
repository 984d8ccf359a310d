"""An endpoint that is added from outside the package is one of ours in every respect."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.api.problem import assert_problem
from tests.conftest import PATIENCE_S, Server, procfile, running

COLD = {"temperature": 2, "humidity": 60, "windspeed": 10, "year": 2012.5}
WARM = {**COLD, "temperature": 24}


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    command = [
        word.replace("servery.app:create_app", "tests.kinds.serve:create_app")
        for word in procfile()
    ]
    with running(tmp_path_factory.mktemp("extended") / "log", command=command) as server:
        yield server


def ask(server: Server, body: Any, model: str = "bikes", **options: Any) -> requests.Response:  # noqa: ANN401
    address = f"{server.url}/api/v1/models/{model}/differences"
    return requests.post(address, json=body, timeout=PATIENCE_S, **options)


def test_it_answers(extended: Server) -> None:
    cold, warm = (extended.predict("bikes", {"inputs": each}).json() for each in (COLD, WARM))
    answer = ask(extended, {"inputs": COLD, "other": WARM}).json()
    assert answer.pop("difference") == pytest.approx(warm["prediction"] - cold["prediction"])
    assert {*answer} == {"model", "version", "request_id", "unit"}
    assert answer["unit"] == "bikes"


def test_its_faults_are_named_at_once(extended: Server) -> None:
    answer = ask(extended, {"inputs": {**COLD, "humidity": "wet"}, "other": {}})
    faults = assert_problem(answer, 422, "invalid-inputs")["errors"]
    assert {"#/inputs/humidity", "#/other/temperature"} <= {each["pointer"] for each in faults}
    [fault] = assert_problem(ask(extended, {"inputs": COLD}), 422, "invalid-inputs")["errors"]
    assert fault["detail"] == 'Expected "other".'


def test_its_error_has_the_problem_of_the_parent(extended: Server) -> None:
    assert_problem(ask(extended, {}, model="income"), 404, "not-supported")


def test_it_stands_in_the_document_like_ours(extended: Server) -> None:
    document = extended.get("/openapi.json").json()
    OpenAPIV31SpecValidator(document).validate()
    paths = document["paths"]
    post = paths["/api/v1/models/bikes/differences"]["post"]
    ours = paths["/api/v1/models/bikes/curves"]["post"]
    assert post["responses"].keys() == ours["responses"].keys()
    assert post["tags"] == ours["tags"]
    [example] = post["requestBody"]["content"]["application/json"]["examples"].values()
    assert ask(extended, example["value"]).json()["difference"] == 0
    assert "/api/v1/models/income/differences" not in paths


def test_what_every_request_passes_is_passed_by_its_own(extended: Server) -> None:
    body = {"inputs": COLD, "other": WARM}
    foreign = ask(extended, body, headers={"Origin": "https://evil.example"})
    assert_problem(foreign, 403, "cross-site-request")
    answer = ask(extended, body)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Request-ID"] == answer.json()["request_id"]


def test_ours_are_untouched(extended: Server, server: Server) -> None:
    mine, theirs = (each.get("/openapi.json").json() for each in (server, extended))
    added = [path for path in theirs["paths"] if path.endswith("/differences")]
    assert mine["paths"] == {
        path: item for path, item in theirs["paths"].items() if path not in added
    }

"""V1 of KServe and TensorFlow Serving."""

import gzip
import json
import zlib
from typing import Any

import pytest
import requests

from tests.api.protocols.asking import ADULT, LOSSY, UNKNOWN, WITHOUT, ask, ours
from tests.conftest import PATIENCE_S, Server

PREDICT = "/v1/models/income:predict"


def predicted(answers: list[dict[str, Any]]) -> list[Any]:
    return [each["prediction"] for each in answers]


def test_instances_are_answered_as_by_our_own_endpoint(server: Server) -> None:
    rows = [ADULT, UNKNOWN, WITHOUT]
    answer = ask(server, PREDICT, {"instances": rows})
    body = answer.json()
    assert body["predictions"] == predicted(ours(server, "income", *rows))
    [warning] = body["warnings"]
    assert (warning["row"], warning["input"], warning["code"]) == (
        1,
        "workclass",
        "unknown-category",
    )
    assert answer.headers["Servery-Warnings"] == "1"


def test_many_instances_are_answered_in_their_order(server: Server) -> None:
    rows = [{**ADULT, "age": 17 + place % 60, "hours.per.week": place % 90} for place in range(500)]
    answer = ask(server, PREDICT, {"instances": rows}).json()
    assert answer["predictions"] == predicted(ours(server, "income", *rows))


def test_values_may_come_in_the_order_of_the_inputs(server: Server) -> None:
    rows = [[90, 50], {"height": 70, "weight": 40}]
    answer = ask(server, "/v1/models/species:predict", {"instances": rows}).json()
    assert answer["predictions"] == ["Dog", "Cat"]
    text = ask(server, "/v1/models/questions:predict", {"instances": ["How do I learn Python?"]})
    assert len(text.json()["predictions"]) == 1


def test_columns_are_answered_as_outputs(server: Server) -> None:
    columns = {"height": [90, 70], "weight": [50, 40]}
    answer = ask(server, "/v1/models/species:predict", {"inputs": columns}).json()
    assert answer["outputs"] == ["Dog", "Cat"]
    ragged = ask(server, "/v1/models/species:predict", {"inputs": {**columns, "weight": [1]}})
    assert ragged.status_code == 400
    assert "'height'" in ragged.json()["error"] or '"height"' in ragged.json()["error"]


def test_classes_come_with_probabilities(server: Server) -> None:
    [own] = ours(server, "income", ADULT)
    for member in ("instances", "examples"):
        [ranked] = ask(server, "/v1/models/income:classify", {member: [ADULT]}).json()["result"]
        assert ranked == [[each["class"], each["probability"]] for each in own["probabilities"]]
    bikes = {"temperature": 24, "humidity": 50, "windspeed": 10, "year": 2012.5}
    assert ask(server, "/v1/models/bikes:classify", {"instances": [bikes]}).status_code == 404


def test_contributions_add_up(server: Server) -> None:
    body = {"instances": [ADULT, WITHOUT]}
    for each in ask(server, "/v1/models/income:explain", body).json()["explanations"]:
        total = sum(part["contribution"] for part in each["contributions"])
        assert each["base"] + total == pytest.approx(each["prediction"])
    many = ask(server, "/v1/models/income:explain", {"instances": [ADULT] * 101})
    assert many.status_code == 400
    assert "100" in many.json()["error"]


def test_a_quantity_is_regressed(server: Server) -> None:
    row = {"temperature": 24, "humidity": 50, "windspeed": 10, "year": 2012.5}
    [own] = ours(server, "bikes", row)
    answer = ask(server, "/v1/models/bikes:regress", {"examples": [row]}).json()
    assert answer["result"] == [own["prediction"]]


@pytest.mark.parametrize("place", ["", "/versions/1", "/labels/stable"])
def test_versions_and_labels_name_a_model(server: Server, place: str) -> None:
    state = server.get(f"/v1/models/income{place}").json()
    assert state["ready"] is True
    assert state["model_version_status"][0]["state"] == "AVAILABLE"
    answer = ask(server, f"/v1/models/income{place}:predict", {"instances": [ADULT]})
    assert answer.json()["predictions"] == ["<=50K"]


def test_the_base_answers_as_the_client_of_kserve_asks(server: Server) -> None:
    for path in ("/v1", "/v1/"):
        assert server.get(path).json() == {"status": "alive"}
    assert "income" in server.get("/v1/models").json()["models"]
    head = requests.head(f"{server.url}/v1/models", timeout=PATIENCE_S)
    assert (head.status_code, head.text) == (200, "")


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        ("/v1/models/nope:predict", {"instances": []}, 404, "'nope'"),
        ("/v1/models/income/versions/9:predict", {"instances": []}, 404, "9"),
        ("/v1/models/income/labels/gold:predict", {"instances": []}, 404, "gold"),
        ("/v1/nope", {}, 404, "address"),
        (PREDICT, {"instances": [ADULT], "x": 1}, 400, '"instances"'),
        (PREDICT, {}, 400, '"instances" or "inputs"'),
        (PREDICT, {"instances": 1}, 400, "list"),
        (PREDICT, {"instances": [[1, 2]]}, 400, "7 values"),
        (PREDICT, [], 400, "object"),
        (PREDICT, b"{", 400, "JSON"),
        (PREDICT, b'{"instances": [NaN]}', 400, "NaN"),
        (PREDICT, {"instances": [{**ADULT, "salary": 1}]}, 400, "salary"),
        (PREDICT, {"instances": [ADULT] * 10_001}, 400, "10000"),
        (PREDICT, {"instances": [], "signature_name": "other"}, 400, "serving_default"),
    ],
)
def test_refusals_say_what_to_do(
    server: Server, path: str, body: object, status: int, words: str
) -> None:
    answer = ask(server, path, body)
    assert answer.status_code == status
    assert set(answer.json()) == {"error"}
    assert words in answer.json()["error"]


@pytest.mark.parametrize("value", LOSSY)
def test_no_value_is_changed_quietly(server: Server, value: object) -> None:
    answer = ask(server, PREDICT, {"instances": [ADULT, {**ADULT, "age": value}]})
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("instances/1/age: ")


def test_bodies_are_compressed_both_ways(server: Server) -> None:
    body = json.dumps({"instances": [ADULT] * 1_000}).encode()
    plain = ask(server, PREDICT, body)
    for coding, packed in (("gzip", gzip.compress(body)), ("deflate", zlib.compress(body))):
        answer = ask(
            server,
            PREDICT,
            packed,
            headers={"Content-Encoding": coding, "Accept-Encoding": coding},
        )
        assert answer.headers["Content-Encoding"] == coding
        assert answer.json() == plain.json()
    torn = ask(server, PREDICT, zlib.compress(body)[:-9], headers={"Content-Encoding": "deflate"})
    assert torn.status_code == 400
    unknown = ask(server, PREDICT, body, headers={"Content-Encoding": "zstd"})
    assert unknown.status_code == 415


def test_requests_pass_the_same_gate_as_for_our_own_endpoint(server: Server) -> None:
    foreign = ask(server, PREDICT, {"instances": []}, headers={"Host": "evil.example"})
    assert foreign.status_code == 421
    cross = ask(server, PREDICT, {"instances": []}, headers={"Origin": "https://evil.example"})
    assert cross.status_code == 403
    origin = {"Origin": "https://app.example.org"}
    allowed = ask(server, PREDICT, {"instances": []}, headers=origin)
    assert allowed.headers["Access-Control-Allow-Origin"] == origin["Origin"]
    asked = {**origin, "Access-Control-Request-Method": "POST"}
    preflight = requests.options(server.url + PREDICT, headers=asked, timeout=PATIENCE_S)
    assert preflight.status_code == 200
    assert preflight.headers["Access-Control-Allow-Origin"] == origin["Origin"]
    assert allowed.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["income:foo", "income/versions/1:Predict", "none:"])
def test_an_unknown_verb_is_told_which_there_are(server: Server, path: str) -> None:
    answer = ask(server, f"/v1/models/{path}", {"instances": []})
    verb = path.rpartition(":")[2]
    words = ":predict, :classify, :regress, :explain after the model"
    assert answer.status_code == 404
    assert answer.json() == {"error": f"Expected one of {words}, found '{verb}'."}


def test_no_examples_have_no_results(server: Server) -> None:
    for model in ("income", "species", "bikes"):
        for member in ("examples", "instances"):
            verb = "regress" if model == "bikes" else "classify"
            answer = ask(server, f"/v1/models/{model}:{verb}", {member: []})
            assert (answer.status_code, answer.json()) == (200, {"result": []})


def test_a_body_that_is_too_large_is_refused(server: Server) -> None:
    assert ask(server, PREDICT, b" " * (16 * 1024 * 1024 + 1)).status_code == 413
    bomb = gzip.compress(b" " * (16 * 1024 * 1024 + 1))
    answer = ask(server, PREDICT, bomb, headers={"Content-Encoding": "gzip"})
    assert (answer.status_code, set(answer.json())) == (413, {"error"})


def test_other_methods_are_refused_with_those_that_work(server: Server) -> None:
    answer = requests.delete(server.url + PREDICT, timeout=PATIENCE_S)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST, OPTIONS"
    assert set(answer.json()) == {"error"}

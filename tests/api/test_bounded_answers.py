"""What is wrong with a request decides neither how long its answer is nor how long it takes."""

import json
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.api.problem import assert_problem
from tests.api.test_batches import serving
from tests.conftest import PATIENCE_S, Server

MOST_BYTES = 100_000
MANY = 400_000
LONG = "é\U0001f431\n" * 300_000
DEEP = 700


def repr8(value: object) -> str:
    return f"{type(value).__name__} {str(value)[:8]!r}"


def assert_bounded(
    response: requests.Response, status: int = 422, slug: str = "invalid-inputs"
) -> dict[str, Any]:
    problem = assert_problem(response, status, slug)
    assert len(response.content) < MOST_BYTES
    faults = problem.get("errors", [])
    assert len(faults) <= 101
    assert all(len(fault["detail"]) < 2_000 for fault in faults)
    return problem


def assert_counted(problem: dict[str, Any], count: int) -> None:
    *faults, last = problem["errors"]
    assert len(faults) == 100
    assert last["code"] == "more-faults"
    assert last["pointer"] == "#"
    assert f"{count - 100:,} more" in last["detail"]


@pytest.mark.parametrize("prefix", ["k", "h\\u00e9igh", "\\ud83d\\udc31" * 70])
def test_very_many_unknown_members_are_counted(server: Server, prefix: str) -> None:
    count = MANY if len(prefix) < 20 else 10_000
    members = ",".join(f'"{prefix}{number}":1' for number in range(count))
    # Those before them are faults of their own: both inputs are missing.
    inputs = assert_bounded(server.send("species", f'{{"inputs":{{{members}}}}}'))
    assert_counted(inputs, count + 2)
    body = assert_bounded(server.send("species", f"{{{members}}}"))
    assert_counted(body, count)


def test_ten_thousand_wrong_instances_are_counted(server: Server) -> None:
    instance = {"height": "x" * 100, "weight": None, "wieght": 1}
    problem = assert_bounded(server.predict("species", {"instances": [instance] * 10_000}))
    assert_counted(problem, 30_000)
    assert problem["errors"][2]["detail"].endswith("Did you mean 'weight'?")


def test_a_hundred_faults_are_all_listed(server: Server) -> None:
    problem = assert_bounded(server.predict("species", {"instances": [{"height": 1}] * 100}))
    assert len(problem["errors"]) == 100
    assert {fault["code"] for fault in problem["errors"]} == {"missing"}


def test_a_name_given_twice_among_very_many_is_found(server: Server) -> None:
    members = ",".join(f'"k{number}":1' for number in range(MANY))
    response = server.send("species", f'{{"inputs":{{{members},"k{MANY - 1}":1}}}}')
    assert f"k{MANY - 1}" in assert_bounded(response, 400, "unreadable-body")["detail"]


@pytest.mark.parametrize(
    "value",
    [
        *(LONG, [LONG], {LONG: LONG}, [[]] * MANY, list(range(MANY))),
        *(10**4_000, 1e308 * 10, -1.5e300, "\u0000" * 5_000),
    ],
    ids=repr8,
)
@pytest.mark.parametrize("model", ["species", "income", "questions"])
def test_a_long_value_is_cut(server: Server, model: str, value: object) -> None:
    facts = server.get(f"/api/v1/models/{model}").json()
    inputs = dict(facts["examples"][0]["inputs"]) if facts["examples"] else {}
    for name in [each["name"] for each in facts["signature"]["inputs"]]:
        response = server.send(model, json.dumps({"inputs": {**inputs, name: value}}))
        if value != value or value == float("inf"):
            assert_bounded(response, 400, "unreadable-body")
        elif not response.ok:  # a long text may be a text
            assert_bounded(response)


@pytest.mark.parametrize("depth", [*range(880, 1_000, 10), 100_000])
@pytest.mark.parametrize("pair", ["[]", '{"a":}'])
def test_a_deep_value_is_refused_whatever_its_depth(server: Server, pair: str, depth: int) -> None:
    opening, closing = pair[:-1], pair[-1]
    value = opening * depth + "1" + closing * depth
    response = server.send("species", f'{{"inputs":{{"height":{value},"weight":1}}}}')
    assert response.status_code in (400, 422)
    assert len(response.content) < MOST_BYTES


@pytest.mark.parametrize("path", ["explanations", "curves", "counterfactuals"])
@pytest.mark.parametrize("value", [LONG, [LONG] * 2, {"min": LONG}, 10**4_000, "deep"], ids=repr8)
def test_a_question_is_not_repeated(server: Server, path: str, value: object) -> None:
    member = {"explanations": "output", "curves": "input", "counterfactuals": "target"}[path]
    given = "[" * DEEP + "]" * DEEP if value == "deep" else json.dumps(value)
    example = json.dumps(server.get("/api/v1/models/income").json()["examples"][0]["inputs"])
    response = requests.post(
        f"{server.url}/api/v1/models/income/{path}",
        data=f'{{"inputs":{example},"{member}":{given}}}',
        headers={"Content-Type": "application/json"},
        timeout=PATIENCE_S,
    )
    assert_bounded(response)


def test_numbers_of_millions_of_digits_are_refused(server: Server) -> None:
    for number in ("1" * 5_000_000, "0." + "1" * 5_000_000, "1e" + "9" * 1_000_000):
        response = server.send("species", f'{{"inputs":{{"height":{number},"weight":50}}}}')
        assert response.status_code in (200, 400, 422)
        assert len(response.content) < MOST_BYTES


def test_ten_thousand_unknown_categories_are_each_warned_of(server: Server) -> None:
    example = server.get("/api/v1/models/income").json()["examples"][0]["inputs"]
    unknown = [{**example, "workclass": f"Privat {number}"} for number in range(10_000)]
    predictions = server.predict("income", {"instances": unknown}).json()["predictions"]
    for number, each in enumerate(predictions):
        assert f"Privat {number}" in each["warnings"][0]["detail"]
    few = server.predict("income", {"instances": unknown[:10]}).json()["predictions"]
    assert "Did you mean 'Private'?" in few[0]["warnings"][0]["detail"]


LONG_PATH = "a" * 3_500


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        (f"/api/v1/models/{LONG_PATH}", "model-not-found"),
        (f"/api/v1/models/species@{LONG_PATH}", "version-not-found"),
        (f"/api/v1/models/species?version={LONG_PATH}", "version-not-found"),
        (f"/api/v1/models/species/pictures/{LONG_PATH}.svg", "picture-not-found"),
        (f"/api/v1/batches/{LONG_PATH}", "job-not-found"),
        ("/api/v1/batches/%00", "job-not-found"),
        (f"/{LONG_PATH}", "not-found"),
    ],
)
def test_a_long_address_is_not_repeated(server: Server, path: str, slug: str) -> None:
    response = server.get(path)
    assert_problem(response, 404, slug)
    assert len(response.content) < 1_000


def test_long_headers_are_not_repeated(server: Server) -> None:
    long = "x" * 7_000
    for headers in (
        {"Content-Type": f"application/{long}"},
        {"X-Request-ID": long},
        {"Origin": long},
        {"Idempotency-Key": long},
        {"Content-Encoding": long},
    ):
        for path in ("predictions", "batches"):
            response = requests.post(
                f"{server.url}/api/v1/models/species/{path}",
                data=b"height,weight\n",
                headers={"Content-Type": "text/csv", **headers},
                timeout=PATIENCE_S,
            )
            assert response.status_code in (202, 403, 415, 422)
            assert len(response.content) < 5_000
            assert long not in str(response.headers)


def test_a_very_wide_table_is_shown_in_part(tmp_path: Path) -> None:
    columns = [f"column {number}" for number in range(20_000)]
    header, row = ",".join([*columns, "height", "weight"]), ",".join(["1"] * 20_000 + ["90", "50"])
    wide = f"{header}\n" + f"{row}\n" * 8
    long = "height,weight," + "x" * 300_000 + "\n" + ("90,50," + "y" * 200_000 + "\n") * 8
    with serving(tmp_path) as batches:
        batches.start_worker()
        for table, most in ((wide, 1_002), (long, 2)):
            answer = batches.post(table, "species", "?start=false")
            job = batches.looked(answer)
            assert len(job["header"]) == most
            assert job["columns"] == {"height": "height", "weight": "weight"}
            assert all(len(each["cells"]) == most for each in job["preview"]["rows"])
            assert job["preview"]["rows"][0]["prediction"] == "Dog"
            assert len(batches.get(job["id"]).content) < 20 * MOST_BYTES
            assert batches.patch(job["id"], {"start": True}).ok
            assert batches.await_job(job["id"])["status"] == "done"


def test_options_and_columns_of_a_job_are_not_repeated(server: Server) -> None:
    address = f"{server.url}/api/v1/models/species/batches"
    kind = {"Content-Type": "text/csv"}
    query = "&".join(f"{name}=1" for name in ("to", "start", "missing", "a" * 3_000))
    response = requests.post(f"{address}?{query}", b"", headers=kind, timeout=PATIENCE_S)
    assert_bounded(response, 422, "invalid-job-options")
    job = requests.post(
        f"{address}?start=false", b"height,weight\n90,50\n", headers=kind, timeout=PATIENCE_S
    ).json()
    there = f"{server.url}/api/v1/batches/{job['id']}"
    many = {f"k{number}": None for number in range(100_000)}
    for body in (
        many,
        {"reading": many},
        {"reading": {"encoding": LONG}},
        {"reading": {"sheet": LONG}},
        {"reading": {"delimiter": LONG}},
        {"reading": {"missing": [LONG]}},
        {"to": LONG},
        {"to": [LONG]},
        {"start": LONG},
    ):
        assert_bounded(
            requests.patch(there, json=body, timeout=PATIENCE_S), 422, "invalid-job-options"
        )
    for columns in (many, {LONG: "weight"}, {"height": LONG}):
        changed = requests.patch(there, json={"columns": columns}, timeout=PATIENCE_S)
        assert changed.status_code in (200, 422)
        assert len(changed.content) < MOST_BYTES
        assert len(requests.get(there, timeout=PATIENCE_S).content) < MOST_BYTES
    assert requests.delete(there, timeout=PATIENCE_S).status_code == 204

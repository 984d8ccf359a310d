"""The short way of a prediction answers as the long way does, to the byte, or leaves it to it."""

import json
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import PATIENCE_S, Server

ADULT = {
    "age": 39,
    "workclass": "Private",
    "education": "Bachelors",
    "marital.status": "Never-married",
    "race": "White",
    "sex": "Male",
    "hours.per.week": 40,
}
#: Only the app understands a parameter here, so that this one goes the long way.
LONG_WAY = "application/json; charset=utf-8"
SAME_ID = {"X-Request-ID": "same"}


def both(server: Server, model: str, body: bytes) -> tuple[requests.Response, requests.Response]:
    address = f"{server.url}/api/v1/models/{model}/predictions"
    short, long = (
        requests.post(
            address, data=body, headers={"Content-Type": kind, **SAME_ID}, timeout=PATIENCE_S
        )
        for kind in ("application/json", LONG_WAY)
    )
    return short, long


def lasting(answer: requests.Response) -> dict[str, str]:
    """Return the headers, but for those of this moment and those for origins: none was given."""
    passing = ("date", "connection", "access-control-", "vary")
    names = [name for name in answer.headers if not name.lower().startswith(passing)]
    return {name: answer.headers[name] for name in names}


def assert_alike(server: Server, model: str, body: bytes) -> requests.Response:
    short, long = both(server, model, body)
    assert (short.status_code, short.content) == (long.status_code, long.content)
    assert lasting(short) == lasting(long)
    return short


def income(**changed: Any) -> bytes:  # noqa: ANN401
    return json.dumps({"inputs": {**ADULT, **changed}}).encode()


BODIES: dict[str, bytes] = {
    "plain": income(),
    "missing": income(workclass=None),
    "absent": json.dumps({"inputs": {k: v for k, v in ADULT.items() if k != "workclass"}}).encode(),
    "unusual": income(age=140),
    "float for a whole number": income(age=39.0),
    "fraction": income(age=39.5),
    "true for a number": income(age=True),
    "text for a number": income(age="39"),
    "unknown category": income(sex="male"),
    "extra": income(more=1),
    "nothing": b"",
    "empty": b"{}",
    "list": b"[]",
    "inputs are a list": b'{"inputs": []}',
    "no JSON": b'{"inputs": ',
    "both": b'{"inputs": {}, "instances": []}',
    "twice the same name": income()[:-2] + b', "age": 40}}',
    "inputs twice": b'{"inputs": {}, ' + income()[1:],
    "name with an escape": income().replace(b'"age"', b'"\\u0061ge"'),
    "twice by an escape": income()[:-2] + b', "\\u0061ge": 40}}',
    "large number": income(age=10**400),
    "infinite": income().replace(b"39", b"1e999"),
    "not a number": income().replace(b"39", b"NaN"),
    "byte-order mark": b"\xef\xbb\xbf" + income(),
    "Latin-1": income().replace(b"Private", b"Priv\xe4te"),
    "more behind": income() + b" {}",
    "control character": income().replace(b"Private", b"Pri\x01vate"),
    "no instances": b'{"instances": []}',
    "instances are an object": b'{"instances": {}}',
    "an instance is a list": b'{"instances": [[]]}',
    "instances": json.dumps({"instances": [ADULT, {**ADULT, "age": 140}] * 3}).encode(),
    "instances of all kinds": json.dumps(
        {"instances": [ADULT, {**ADULT, "workclass": None}, {**ADULT, "age": 40.0}]}
    ).encode(),
    "a fault far down": json.dumps({"instances": [ADULT] * 50 + [{**ADULT, "age": "x"}]}).encode(),
    "too many": json.dumps({"instances": [ADULT] * 10_001}).encode(),
    "twice in one instance": b'{"instances": [' + income()[11:-2] + b', "age": 40}]}',
}


@pytest.mark.parametrize("name", BODIES)
def test_both_ways_answer_alike(server: Server, name: str) -> None:
    assert_alike(server, "income", BODIES[name])


@pytest.mark.parametrize("model", ["bikes", "petrol", "questions", "species"])
def test_every_model_answers_alike(server: Server, model: str) -> None:
    facts = server.get(f"/api/v1/models/{model}").json()
    for example in facts["examples"]:
        body = json.dumps({"inputs": example["inputs"]}, ensure_ascii=False).encode()
        assert assert_alike(server, model, body).status_code == 200
    bodies = {"instances": [example["inputs"] for example in facts["examples"]] * 5}
    assert assert_alike(server, model, json.dumps(bodies).encode()).status_code == 200


def test_unknown_models_and_odd_names(server: Server) -> None:
    for model in ("nobody", "income@1", "income@9", "%C3%A4", "%FF", "a%2Fb", "inc%6Fme", ""):
        assert_alike(server, model, income())


ODD_NUMBERS = st.sampled_from([0, 1e300, 2**53 + 1, -0.0, 17, 90])
NUMBERS: st.SearchStrategy[Any] = st.integers(-5, 150) | st.floats() | ODD_NUMBERS
OTHERS: st.SearchStrategy[Any] = st.none() | st.booleans() | st.text(max_size=4)
VALUES: st.SearchStrategy[Any] = NUMBERS | OTHERS | st.just([]) | st.just({})
FIELDS = st.fixed_dictionaries(
    {
        name: st.just(value) | VALUES if name in {"age", "workclass"} else st.just(value)
        for name, value in ADULT.items()
    }
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(FIELDS, min_size=1, max_size=4), st.booleans())
def test_hypothesis_finds_no_difference(
    server: Server, instances: list[dict[str, Any]], is_escaped: bool
) -> None:
    one, many = {"inputs": instances[0]}, {"instances": instances}
    for body in (one, many):
        text = json.dumps(body, ensure_ascii=is_escaped)
        assert_alike(server, "income", text.encode("utf-8", "surrogatepass"))


def test_a_chunked_body_is_answered(server: Server) -> None:
    pieces = iter([income()[:20], income()[20:]])
    address = f"{server.url}/api/v1/models/income/predictions"
    answer = requests.post(
        address, data=pieces, headers={"Content-Type": "application/json"}, timeout=PATIENCE_S
    )
    assert answer.status_code == 200

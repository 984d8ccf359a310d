"""The short way of a prediction answers as the long way does, to the byte, or leaves it to it."""

import gzip
import json
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import brotli
import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.problem import assert_problem
from tests.conftest import PATIENCE_S, Server

PACKERS: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "br": brotli.compress}
ADULT = {
    "age": 39,
    "workclass": "Private",
    "education": "Bachelors",
    "marital.status": "Never-married",
    "race": "White",
    "sex": "Male",
    "hours.per.week": 40,
}
#: Only the app understands this header, so a request with it does not take the fast path.
LONG_WAY = {"Access-Control-Request-Private-Network": "true"}
JSON = "application/json"
SAME_ID = {"X-Request-ID": "same"}


def both(
    server: Server, model: str, body: bytes, **headers: str
) -> tuple[requests.Response, requests.Response]:
    address = f"{server.url}/api/v1/models/{model}/predictions"
    short, long = (
        requests.post(
            address,
            data=body,
            headers={"Content-Type": JSON, **SAME_ID, **headers, **further},
            timeout=PATIENCE_S,
        )
        for further in ({}, LONG_WAY)
    )
    return short, long


def lasting(answer: requests.Response) -> dict[str, str]:
    """Return the headers, but for those of this moment and those for origins: none was given."""
    passing = ("date", "connection", "access-control-", "vary")
    names = [name for name in answer.headers if not name.lower().startswith(passing)]
    return {name: answer.headers[name] for name in names}


def assert_alike(server: Server, model: str, body: bytes, **headers: str) -> requests.Response:
    short, long = both(server, model, body, **headers)
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
    "many": json.dumps({"instances": [ADULT, {**ADULT, "age": 20}] * 3}).encode(),
    "one float for a whole number among many": json.dumps(
        {"instances": [*([ADULT] * 20), {**ADULT, "age": 40.0}]}
    ).encode(),
    "absent and odd among many": json.dumps(
        {"instances": [ADULT, {k: v for k, v in ADULT.items() if k != "workclass"}, ADULT]}
    ).encode(),
    "another name for one that is absent": json.dumps(
        {"instances": [ADULT, {**{k: v for k, v in ADULT.items() if k != "workclass"}, "x": 1}]}
    ).encode(),
    "unknown and out of range": json.dumps(
        {"instances": [{**ADULT, "age": 16, "workclass": "Pirvate"}] * 12}
    ).encode(),
    "a nested text": income(sex=["Male"]),
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


@pytest.mark.parametrize("trailer", [b"", b"Digest: x\r\n"])
def test_requests_on_one_connection_end_where_their_chunks_do(
    server: Server, trailer: bytes
) -> None:
    body = income()
    pieces = [body[:7], body[7:300], body[300:]]
    chunks = b"".join(b"%x;note=1\r\n%s\r\n" % (len(each), each) for each in pieces if each)
    head = b"POST /api/v1/models/income/predictions HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    head += b"Content-Type: application/json\r\n"
    request = head + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n" + trailer + b"\r\n"
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), PATIENCE_S) as client:
        client.sendall(2 * request + head + b"Connection: close\r\nContent-Length: 2\r\n\r\n{}")
        answers = b"".join(iter(lambda: client.recv(65_536), b""))
    assert [part.split()[0] for part in answers.split(b"HTTP/1.1 ")[1:]] == [b"200", b"200", b"422"]


HEADERS: dict[str, dict[str, str]] = {
    "page of its own": {"Origin": "same"},
    "page of another origin": {"Origin": "https://app.example.org"},
    "page that is not allowed": {"Origin": "https://evil.example"},
    "charset": {"Content-Type": "application/json; charset=utf-8"},
    "capitals": {"Content-Type": "Application/JSON"},
    "another JSON": {"Content-Type": "application/vnd.example+json;v=1"},
    "no JSON": {"Content-Type": "text/json"},
    "identity": {"Content-Encoding": "identity"},
    "no coding": {"Content-Encoding": "zip"},
    "no gzip": {"Content-Encoding": "gzip"},
    "no br": {"Content-Encoding": "br"},
    "packed answer": {"Accept-Encoding": "br"},
    "no packed answer": {"Accept-Encoding": "br;q=0, gzip;q=0"},
}


@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.parametrize("body", ["plain", "many"])
def test_headers_get_the_same_answer_on_both_paths(server: Server, name: str, body: str) -> None:
    headers = HEADERS[name]
    if headers.get("Origin") == "same":
        headers = {"Origin": server.url}
    short, long = both(server, "income", BODIES[body], **headers)
    assert (short.status_code, short.content) == (long.status_code, long.content)
    if "Origin" in headers:
        for header in ("Access-Control-Allow-Origin", "Access-Control-Expose-Headers"):
            assert short.headers.get(header) == long.headers.get(header)
    assert lasting(short) == lasting(long)


@pytest.mark.parametrize("coding", PACKERS)
def test_a_compressed_body_gets_the_same_answer(server: Server, coding: str) -> None:
    pack = PACKERS[coding]
    for body in (BODIES["plain"], BODIES["many"]):
        answer = assert_alike(server, "income", pack(body), **{"Content-Encoding": coding})
        assert answer.content == assert_alike(server, "income", body).content
    for faulty in (BODIES["fraction"], b"", b"{"):
        assert_alike(server, "income", pack(faulty), **{"Content-Encoding": coding})
    short = assert_alike(server, "income", pack(income())[:-9], **{"Content-Encoding": coding})
    assert_problem(short, 400, "unreadable-body")
    bomb = pack(income() + b" " * 30_000_000)
    assert len(bomb) < 100_000
    refused = assert_alike(server, "income", bomb, **{"Content-Encoding": coding})
    assert_problem(refused, 413, "payload-too-large")


def test_long_answers_are_compressed_for_clients_that_accept_it(server: Server) -> None:
    many = BODIES["many"]
    plain = assert_alike(server, "income", many, **{"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert plain.headers["Vary"] == "Accept-Encoding"
    for accepted, coding in (("gzip, deflate", "gzip"), ("br;q=1.0, gzip;q=0.8", "br")):
        answer = assert_alike(server, "income", many, **{"Accept-Encoding": accepted})
        assert answer.headers["Content-Encoding"] == coding
        assert answer.content == plain.content
    one = assert_alike(server, "income", income(), **{"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in one.headers
    facts = server.get("/api/v1/models/income", headers={"Accept-Encoding": "gzip"})
    assert facts.headers["Content-Encoding"] == "gzip"


def test_versions_in_the_query_are_found(server: Server) -> None:
    address = f"{server.url}/api/v1/models/income/predictions"
    for query, status in (("?version=1", 200), ("?version=99", 404), ("?version=%31", 200)):
        answer = requests.post(
            address + query, data=income(), headers={"Content-Type": JSON}, timeout=PATIENCE_S
        )
        assert answer.status_code == status


def test_a_chunked_body_beyond_the_limit_is_refused(server: Server) -> None:
    address = f"{server.url}/api/v1/models/income/predictions"
    pieces = iter([b" " * 1_000_000] * 20)
    answer = requests.post(address, data=pieces, headers={"Content-Type": JSON}, timeout=PATIENCE_S)
    assert_problem(answer, 413, "payload-too-large")

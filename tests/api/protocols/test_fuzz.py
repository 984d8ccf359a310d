"""Bodies that nobody means to send: every protocol refuses them in its own words, in few bytes.

Valid bodies are damaged at random: torn, with lengths that lie, shapes that overflow, values of
other types, and deep nesting. ``FUZZ_REQUESTS=20000`` sends more of them.
"""

import copy
import gzip
import json
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from servery.api.protocols import PROTOCOLS
from tests.api.protocols.asking import ADULT, UNKNOWN
from tests.api.protocols.test_open_inference import LENGTH, binary, tensors
from tests.conftest import PATIENCE_S, Server, running, web_workers

N = int(os.environ.get("FUZZ_REQUESTS", "400"))
#: The workers hold the model, the libraries and a few bodies of 2 MB.
MOST_GROWTH_BYTES = 150 * 2**20
VALUES = list(ADULT.values())
CSV = "age,workclass,education,marital.status,race,sex,hours.per.week\n" + (
    "39,State-gov,Bachelors,Never-married,White,Male,40\n" * 3
)
ODD: list[Any] = [
    *(None, True, -1, 0, 0.5, 1e308, 2**31, 2**63, 2**64, 10**400, "", "x", "\0", "é", "9" * 5_000),
    *([], {}, [[]], [None], [[[[[[[[[[1]]]]]]]]]], {"": {}}, {"binary_data_size": 2**62}),
    *([-1], [2**62, 2**62], [0, 0], [1, 1, 1], "FP16", "BYTES", "BOOL", {"data": [1]}),
]
JSON_SEEDS: dict[str, Any] = {
    "/v1/models/income:predict": {"instances": [ADULT, VALUES]},
    "/v1/models/income:classify": {"examples": [ADULT], "signature_name": "serving_default"},
    "/v1/models/income:explain": {"instances": [ADULT]},
    "/v2/models/income/infer": {
        "id": "1",
        "inputs": tensors([ADULT, UNKNOWN]),
        "outputs": [{"name": "predict", "parameters": {"binary_data": True}}],
        "parameters": {"binary_data_output": False},
    },
    "/v2/repository/index": {"ready": True},
    "/mlflow/income/invocations": {
        "dataframe_split": {"columns": list(ADULT), "index": [0], "data": [VALUES]}
    },
    "/mlflow/species/invocations": {"inputs": {"height": [90], "weight": [50]}},
    "/hf/questions": {"inputs": ["How do I learn?"], "parameters": {"top_k": 1}},
    "/hf/income": {"table": {name: [str(value)] for name, value in ADULT.items()}},
    "/vetiver/income/predict": [ADULT, UNKNOWN],
    "/bigquery/income": {"requestId": "1", "calls": [VALUES, [ADULT]]},
    "/snowflake/income/details": {"data": [[0, *VALUES]]},
    "/mcp": {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "change_income", "arguments": {**ADULT, "target": ">50K"}},
    },
    "/mcp/": {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/list",
        "params": {"cursor": "0", "_meta": {}},
    },
}


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("fuzzed") / "log"
    with running(log, SERVERY_MAX_BODY_BYTES="2000000", SERVERY_EXPLAIN_BUDGET_MS="50") as server:
        yield server


def test_every_protocol_is_damaged() -> None:
    roots = {path.split("/")[1] for path in JSON_SEEDS} | {"csv"}
    assert all(roots & set(address.roots) for address in PROTOCOLS)


def replaced(body: Any, chance: random.Random) -> Any:  # noqa: ANN401
    """Return a body with one part of it replaced, left out or doubled."""
    body = copy.deepcopy(body)
    holder: Any = None
    key: Any = None
    part = body
    while isinstance(part, dict | list) and part and chance.random() < 0.85:
        holder, key = (
            part,
            chance.choice(list(part) if isinstance(part, dict) else range(len(part))),
        )
        part = part[key]
    if holder is None:
        return chance.choice(ODD)
    if isinstance(holder, list) and chance.random() < 0.3:
        holder += holder[:]
    elif chance.random() < 0.15:
        del holder[key]
    else:
        holder[key] = chance.choice(ODD)
    return body


def damaged(raw: bytes, chance: random.Random) -> bytes:
    """Return bytes of which some are cut, changed, doubled or moved."""
    changed = bytearray(raw)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(changed) + 1)
        end = min(at + chance.randint(1, 16), len(changed))
        kind = chance.randrange(5)
        if kind == 0:
            del changed[at:]
        elif kind == 1:
            changed[at:end] = bytes(chance.randrange(256) for _ in range(end - at))
        elif kind == 2:
            changed[at:at] = changed[at:end] * chance.randint(1, 50)
        elif kind == 3:
            changed[at:end] = chance.choice(
                [b"\xff" * 4, b"\0" * 4, b"99999999999", b"[" * 30, b'"']
            )
        else:
            changed[at:end] = b""
    return bytes(changed)


def ask(session: requests.Session, server: Server, path: str, body: bytes, **headers: str) -> None:
    answer = session.post(server.url + path, data=body, headers=headers, timeout=PATIENCE_S)
    assert answer.status_code < 500, (path, body[:2000], headers, answer.text)
    assert len(answer.content) < 2_000_000
    if answer.status_code not in (200, 202, 413) and "json" in answer.headers["Content-Type"]:
        members = set(answer.json()) - {"jsonrpc", "id"}
        assert members < {"error", "error_code", "message", "errorMessage", "detail"}


def resident(server: Server) -> int:
    pages = [
        int(Path(f"/proc/{each}/statm").read_text().split()[1]) for each in web_workers(server)
    ]
    return sum(pages) * os.sysconf("SC_PAGE_SIZE")


def sent(session: requests.Session, server: Server, chance: random.Random) -> None:
    """Send one damaged body."""
    kind = chance.randrange(4)
    path = chance.choice(list(JSON_SEEDS))
    if kind == 0:
        ask(session, server, path, json.dumps(replaced(JSON_SEEDS[path], chance)).encode())
    elif kind == 1:
        ask(session, server, path, damaged(json.dumps(JSON_SEEDS[path]).encode(), chance))
    elif kind == 2:
        body, headers = binary([ADULT, UNKNOWN] * chance.choice([1, 30]))
        torn = damaged(body, chance)
        length = headers[LENGTH] if chance.random() < 0.7 else str(chance.randint(-2, 2**70))
        if chance.random() < 0.5:  # only the bytes after the JSON are damaged
            at = int(headers[LENGTH])
            torn = body[:at] + damaged(body[at:], chance)
        ask(session, server, "/v2/models/income/infer", torn, **{LENGTH: length})
    else:
        path = chance.choice(["/csv/income", "/mlflow/income/invocations"])
        media = chance.choice(["text/csv", "application/vnd.apache.parquet"])
        ask(session, server, path, damaged(CSV.encode(), chance), **{"Content-Type": media})


def test_no_damaged_body_is_an_error_of_the_server(fuzzed: Server) -> None:
    chance = random.Random(0)  # noqa: S311 - the same bodies each time
    with requests.Session() as session:
        for path, body in JSON_SEEDS.items():
            ask(session, fuzzed, path, json.dumps(body).encode())
        for _ in range(50):
            sent(session, fuzzed, chance)
        before = resident(fuzzed)
        for _ in range(N):
            sent(session, fuzzed, chance)
    assert resident(fuzzed) - before < MOST_GROWTH_BYTES
    assert '"surprise"' not in fuzzed.log.read_text()


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


@pytest.mark.parametrize("path", JSON_SEEDS)
@pytest.mark.parametrize("depth", [10, 900, 100_000])
def test_deep_nesting_is_refused(fuzzed: Server, path: str, depth: int) -> None:
    deep = nested(depth)
    with requests.Session() as session:
        seed = JSON_SEEDS[path]
        ask(session, fuzzed, path, deep)
        for member in seed if isinstance(seed, dict) else []:
            ask(session, fuzzed, path, json.dumps({**seed, member: 0}).encode()[:-2] + deep + b"}")
            inner = b'{"%b": [{"name": "age", "data": %b}]}' % (member.encode(), deep)
            ask(session, fuzzed, path, inner)


def bombs() -> dict[str, Callable[[], tuple[str, bytes, dict[str, str]]]]:
    def unpacked() -> tuple[str, bytes, dict[str, str]]:
        body = gzip.compress(b" " * 50_000_000)
        return "/v2/models/income/infer", body, {"Content-Encoding": "gzip"}

    def shape() -> tuple[str, bytes, dict[str, str]]:
        given = [{"name": "height", "shape": [2**40, 2**40], "datatype": "FP64", "data": [1]}]
        return "/v2/models/species/infer", json.dumps({"inputs": given}).encode(), {}

    def no_bytes() -> tuple[str, bytes, dict[str, str]]:
        size = {"binary_data_size": 0}
        given = [{"name": "X", "shape": [10**9, 0], "datatype": "BYTES", "parameters": size}]
        text = json.dumps({"inputs": given}).encode()
        return "/v2/models/species/infer", text, {LENGTH: str(len(text))}

    def empty_texts() -> tuple[str, bytes, dict[str, str]]:
        size = {"binary_data_size": 1_600_000}
        given = [
            {"name": "question_text", "shape": [400_000], "datatype": "BYTES", "parameters": size}
        ]
        text = json.dumps({"inputs": given}).encode()
        return "/v2/models/questions/infer", text + bytes(1_600_000), {LENGTH: str(len(text))}

    def columns() -> tuple[str, bytes, dict[str, str]]:
        return "/hf/income", json.dumps({"table": {str(n): [] for n in range(99_999)}}).encode(), {}

    def names() -> tuple[str, bytes, dict[str, str]]:
        rows = [{f"{n}-{place}": 0 for place in range(100)} for n in range(1_000)]
        return "/mlflow/income/invocations", json.dumps({"instances": rows}).encode(), {}

    def header() -> tuple[str, bytes, dict[str, str]]:
        return "/csv/income", b"a," * 900_000 + b"\n1,2", {"Content-Type": "text/csv"}

    return {
        each.__name__: each
        for each in (unpacked, shape, no_bytes, empty_texts, columns, names, header)
    }


@pytest.mark.parametrize("bomb", bombs())
def test_a_small_body_takes_little_memory(fuzzed: Server, bomb: str) -> None:
    path, body, headers = bombs()[bomb]()
    with requests.Session() as session:
        ask(session, fuzzed, path, body, **headers)
        before = resident(fuzzed)
        for _ in range(4):
            ask(session, fuzzed, path, body, **headers)
    assert resident(fuzzed) - before < MOST_GROWTH_BYTES

"""The Model Context Protocol, in both of its eras, over HTTP and over standard input and output."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import numpy as np
import pandas as pd
import pytest
import requests
from sklearn.linear_model import LogisticRegression

from servery.api.protocols.mcp.messages import LEGACY, MODERN
from servery.api.protocols.mcp.names import SAFE, aliases, tool_name
from servery.publishing import publish
from servery.version import __version__
from tests.api.protocols.asking import ADULT, UNKNOWN, ask, ours
from tests.conftest import PATIENCE_S, RECORDS, ROOT, Server, running, users_environment
from tests.conftest import servery as command

META = {
    "io.modelcontextprotocol/protocolVersion": MODERN,
    "io.modelcontextprotocol/clientCapabilities": {},
}
SERVER = {"name": "servery", "title": "Servery", "version": __version__}
COMPLETE = {"resultType": "complete", "_meta": {"io.modelcontextprotocol/serverInfo": SERVER}}
DOG = {"height": 90, "weight": 50}
BIKES = {"temperature": 24, "humidity": 50, "windspeed": 10, "year": 2012.5}


def message(method: str, **params: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"jsonrpc": "2.0", "id": 7, "method": method, "params": params}


def modern(server: Server, method: str, **params: Any) -> requests.Response:  # noqa: ANN401
    headers = {"MCP-Protocol-Version": MODERN, "Mcp-Method": method}
    if "name" in params:
        headers["Mcp-Name"] = params["name"]
    return ask(server, "/mcp", message(method, **params, _meta=META), headers=headers)


def called(server: Server, name: str, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401
    answer = modern(server, "tools/call", name=name, arguments=arguments).json()
    assert answer["id"] == 7
    result: dict[str, Any] = answer["result"]
    return result


def text_of(result: dict[str, Any]) -> str:
    [content] = result["content"]
    assert content["type"] == "text"
    return str(content["text"])


def test_a_modern_client_discovers_the_server(server: Server) -> None:
    answer = modern(server, "server/discover")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    body = answer.json()
    assert "warning" in body["result"].pop("instructions")
    assert body == {
        "jsonrpc": "2.0",
        "id": 7,
        "result": {
            "supportedVersions": [MODERN, *LEGACY],
            "capabilities": {"tools": {}},
            "ttlMs": 60000,
            "cacheScope": "private",
            **COMPLETE,
        },
    }


def test_a_legacy_client_shakes_hands(server: Server) -> None:
    for asked, agreed in (("2025-06-18", "2025-06-18"), ("2024-11-05", "2025-11-25")):
        params = {"protocolVersion": asked, "capabilities": {}, "clientInfo": {"name": "a"}}
        body = ask(server, "/mcp", message("initialize", **params)).json()
        assert body["result"].pop("instructions")
        assert body == {
            "jsonrpc": "2.0",
            "id": 7,
            "result": {
                "protocolVersion": agreed,
                "capabilities": {"tools": {}},
                "serverInfo": SERVER,
            },
        }
    note = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    accepted = ask(server, "/mcp", note, headers={"MCP-Protocol-Version": "2025-11-25"})
    assert (accepted.status_code, accepted.content) == (202, b"")
    assert ask(server, "/mcp", message("ping")).json() == {"jsonrpc": "2.0", "id": 7, "result": {}}
    listed = ask(server, "/mcp", message("tools/list")).json()["result"]
    assert list(listed) == ["tools"]


def test_there_is_a_tool_for_each_model_with_the_words_of_its_card(server: Server) -> None:
    listed = modern(server, "tools/list").json()["result"]
    assert listed["ttlMs"] == 60000
    tools = {each["name"]: each for each in listed["tools"]}
    models = [each["name"] for each in server.get("/api/v1/models").json()["models"]]
    assert {f"predict_{name}" for name in models} < set(tools)
    assert "change_species" not in tools
    facts = server.get("/api/v1/models/income").json()
    told = tools["predict_income"]
    for sentence in (facts["summary"], *facts["card"]["not_for"], *facts["card"]["limitations"]):
        assert sentence in told["description"]
    schema = told["inputSchema"]
    assert list(schema["properties"]) == [each["name"] for each in facts["signature"]["inputs"]]
    assert schema["properties"]["age"]["type"] == "integer"
    assert "workclass" not in schema["required"]
    assert tools["change_income"]["inputSchema"]["properties"]["target"]["enum"] == [
        "<=50K",
        ">50K",
    ]
    assert "target" in tools["change_income"]["inputSchema"]["required"]


def test_a_call_answers_as_our_own_endpoint(server: Server) -> None:
    result = called(server, "predict_income", **UNKNOWN)
    [own] = ours(server, "income", UNKNOWN)
    assert result["structuredContent"] == {"model": "income", "version": "1", **own}
    assert own["warnings"]
    assert json.loads(text_of(result)) == result["structuredContent"]
    assert {name: result[name] for name in COMPLETE} == COMPLETE
    assert result["isError"] is False


def test_each_answer_fits_the_schema_of_its_tool(server: Server) -> None:
    tools = {each["name"]: each for each in modern(server, "tools/list").json()["result"]["tools"]}
    asked: dict[str, dict[str, Any]] = {
        "predict_income": ADULT,
        "predict_bikes": BIKES,
        "explain_income": {**ADULT, "output": "<=50K"},
        "explain_bikes": BIKES,
        "change_income": {**ADULT, "target": ">50K"},
        "change_bikes": {**BIKES, "target": {"max": 4000}},
    }
    for name, arguments in asked.items():
        result, schema = called(server, name, **arguments), tools[name]["outputSchema"]
        assert schema["type"] == "object"
        check = jsonschema_rs.validator_for(schema)
        check.validate(result["structuredContent"])
        assert set(result["structuredContent"]) <= set(schema["properties"])
        assert not check.is_valid({"model": "income", "version": "1"})


def test_all_faults_are_the_result_of_a_call(server: Server) -> None:
    result = called(server, "predict_income", **{**ADULT, "age": 39.5, "sxe": "Male"})
    assert result["isError"] is True
    assert "structuredContent" not in result
    first, second = text_of(result).splitlines()
    assert first == "age: Expected a whole number, found 39.5."
    assert second.startswith("sxe: ")
    assert "sex" in second


def test_it_explains_and_says_what_would_change_the_answer(server: Server) -> None:
    why = called(server, "explain_bikes", **BIKES)["structuredContent"]
    total = sum(each["contribution"] for each in why["contributions"])
    assert why["base"] + total == pytest.approx(why["prediction"])
    of_class = called(server, "explain_income", **ADULT, output="<=50K")["structuredContent"]
    assert of_class["output"] == "<=50K"
    changes = called(server, "change_bikes", **BIKES, target={"max": 4000})["structuredContent"]
    assert changes["counterfactuals"][0]["prediction"] <= 4000
    refused = called(server, "change_income", **ADULT, target="rich")
    assert refused["isError"] is True
    assert text_of(refused).startswith("target: ")
    for nowhere in ({"min": 4000, "max": 3000}, {"min": None, "max": None}):
        refused = called(server, "change_bikes", **BIKES, target=nowhere)
        assert refused["isError"] is True
        assert text_of(refused).startswith("target: ")
    assert "output" in text_of(called(server, "predict_bikes", **BIKES, output=3))


@pytest.mark.parametrize("arguments", [None, [], 3])
def test_arguments_that_are_no_object_are_refused(server: Server, arguments: object) -> None:
    answer = modern(server, "tools/call", name="predict_bikes", arguments=arguments)
    assert answer.json()["error"]["code"] == -32602


def test_an_unknown_tool_is_an_error_with_the_nearest_name(server: Server) -> None:
    for name in ("predict_incone", "change_species", ""):
        error = modern(server, "tools/call", name=name, arguments={}).json()["error"]
        assert error["code"] == -32602
    error = modern(server, "tools/call", name="predict_incone", arguments={}).json()["error"]
    assert "predict_income" in error["message"]
    error = modern(server, "tools/list", cursor="x").json()["error"]
    assert error["code"] == -32602


REFUSED: dict[str, tuple[dict[str, str], dict[str, Any], int, int]] = {
    "a version that is not known": (
        {"MCP-Protocol-Version": "1900-01-01", "Mcp-Method": "tools/list"},
        {"_meta": META | {"io.modelcontextprotocol/protocolVersion": "1900-01-01"}},
        400,
        -32022,
    ),
    "a header of a version that is not known": (
        {"MCP-Protocol-Version": "1900-01-01"},
        {},
        400,
        -32022,
    ),
    "no header of the version": ({"Mcp-Method": "tools/list"}, {"_meta": META}, 400, -32020),
    "no header of the method": ({"MCP-Protocol-Version": MODERN}, {"_meta": META}, 400, -32020),
    "a header of another method": (
        {"MCP-Protocol-Version": MODERN, "Mcp-Method": "tools/call"},
        {"_meta": META},
        400,
        -32020,
    ),
    "no revision in the body": (
        {"MCP-Protocol-Version": MODERN, "Mcp-Method": "tools/list"},
        {},
        400,
        -32602,
    ),
    "no capabilities": (
        {"MCP-Protocol-Version": MODERN, "Mcp-Method": "tools/list"},
        {"_meta": {"io.modelcontextprotocol/protocolVersion": MODERN}},
        400,
        -32602,
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_request_that_breaks_the_protocol_is_refused(server: Server, case: str) -> None:
    headers, params, status, code = REFUSED[case]
    answer = ask(server, "/mcp", message("tools/list", **params), headers=headers)
    body = answer.json()
    assert (answer.status_code, body["error"]["code"], body["id"]) == (status, code, 7)
    if code == -32022:
        assert body["error"]["data"] == {
            "supported": [MODERN, *LEGACY],
            "requested": "1900-01-01",
        }


def test_a_name_in_a_header_may_be_encoded(server: Server) -> None:
    params = {"name": "predict_species", "arguments": DOG, "_meta": META}
    headers = {"MCP-Protocol-Version": MODERN, "Mcp-Method": "tools/call"}
    for value, status in (
        ("=?base64?cHJlZGljdF9zcGVjaWVz?=", 200),
        ("=?base64?cHJlZGljdF9pbmNvbWU=?=", 400),
        ("=?base64?%%?=", 400),
        ("predict_income", 400),
    ):
        given = headers | {"Mcp-Name": value}
        answer = ask(server, "/mcp", message("tools/call", **params), headers=given)
        assert answer.status_code == status


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 400, -32700),
        ('{"jsonrpc": "2.0", "id": NaN}', 400, -32700),
        ("[]", 400, -32600),
        ("3", 400, -32600),
        ('{"id": 7, "method": "ping"}', 400, -32600),
        ('{"jsonrpc": "2.0", "id": null, "method": "ping"}', 400, -32600),
        ('{"jsonrpc": "2.0", "id": {}, "method": "ping"}', 400, -32600),
        ('{"jsonrpc": "2.0", "id": 7, "method": 3}', 400, -32600),
        ('{"jsonrpc": "2.0", "id": 7, "method": "ping", "params": []}', 400, -32600),
        ('{"jsonrpc": "2.0", "id": 7, "method": "ping", "params": {"_meta": 1}}', 400, -32602),
        ('{"jsonrpc": "2.0", "id": 7, "method": "prompts/list"}', 200, -32601),
    ],
)
def test_what_is_not_a_request_is_refused(
    server: Server, body: str, status: int, code: int
) -> None:
    answer = ask(server, "/mcp", body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


def test_what_the_revision_no_longer_has_is_not_found(server: Server) -> None:
    answer = modern(server, "ping")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == -32601
    for method in ("GET", "DELETE"):
        response = requests.request(method, f"{server.url}/mcp", timeout=PATIENCE_S)
        assert response.status_code == 405
        assert "POST" in response.headers["Allow"]


def test_a_page_of_another_origin_reaches_no_tool(server: Server) -> None:
    body = message("tools/list")
    page = ask(server, "/mcp", body, headers={"Origin": "https://attacker.example"})
    assert page.status_code == 403
    rebound = ask(server, "/mcp", body, headers={"Host": "attacker.example"})
    assert rebound.status_code == 421
    allowed = {"Origin": "https://app.example.org"}
    assert ask(server, "/mcp", body, headers=allowed).status_code == 200
    asked = allowed | {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "mcp-protocol-version, mcp-method, mcp-name",
    }
    preflight = requests.options(f"{server.url}/mcp", headers=asked, timeout=PATIENCE_S)
    granted = preflight.headers["Access-Control-Allow-Headers"].lower()
    assert {"mcp-protocol-version", "mcp-method", "mcp-name"} <= set(re.split(", *", granted))


NAMES = [
    "hours.per.week",
    "1st Flr SF",
    "1st_Flr_SF",
    "Température (°C)",
    "模型",
    "target",
    "x" * 70,
]


def test_every_name_is_one_that_hosts_take() -> None:
    found = aliases(NAMES, ["output", "target"])
    assert list(found) == NAMES
    assert len(set(found.values())) == len(NAMES)
    assert all(map(SAFE.fullmatch, found.values()))
    assert found["hours.per.week"] == "hours.per.week"
    assert found["1st_Flr_SF"] == "1st_Flr_SF"
    assert found["1st Flr SF"] == "1st_Flr_SF_2"
    assert found["Température (°C)"] == "Temperature_C"
    assert found["target"] == "target_2"
    tools = [tool_name("predict", each) for each in (*NAMES, "y" * 64)]
    assert len(set(tools)) == len(tools)
    assert all(map(SAFE.fullmatch, tools))


@pytest.fixture(scope="module")
def odd_names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Yield a server of a model whose name and inputs no host takes for a name."""
    root = tmp_path_factory.mktemp("models")
    chance = np.random.default_rng(0)
    X = pd.DataFrame({name: chance.uniform(0, 9, 60) for name in NAMES})
    large = (X["target"] > 4).map({True: "large", False: "small"}).rename("size")
    publish(LogisticRegression().fit(X, large), X, large, name="模型 1", root=root)
    with running(root.parent / "log", SERVERY_MODELS=str(root)) as server:
        yield server


def test_a_model_with_odd_names_is_called_by_aliases(odd_names: Server) -> None:
    [predict, *_] = modern(odd_names, "tools/list").json()["result"]["tools"]
    properties = predict["inputSchema"]["properties"]
    assert all(map(SAFE.fullmatch, [predict["name"], *properties]))
    assert properties["Temperature_C"]["title"] == "Température (°C)"
    assert predict["inputSchema"]["required"] == list(properties)
    given = dict.fromkeys(properties, 2.5)
    [own] = ours(odd_names, "模型 1", dict.fromkeys(NAMES, 2.5))
    result = called(odd_names, predict["name"], **given)
    assert result["structuredContent"]["probabilities"] == own["probabilities"]
    by_own_names = called(odd_names, predict["name"], **dict.fromkeys(set(NAMES) - {"target"}, 2.5))
    assert text_of(by_own_names).startswith("target_2: ")
    faulty = called(odd_names, predict["name"], **given | {"Temperature_C": "hot"})
    assert text_of(faulty) == 'Temperature_C: Expected a number, found "hot".'
    twice = called(odd_names, predict["name"], **given | {"Température (°C)": 3})
    assert "twice" in text_of(twice)


@pytest.fixture
def spoken(request: pytest.FixtureRequest) -> Iterator["subprocess.Popen[bytes]"]:
    """Yield a process that speaks MCP on standard input and output."""
    process = subprocess.Popen(
        command("mcp", ROOT / "models"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**users_environment(), **RECORDS, **getattr(request, "param", {})},
    )
    yield process
    process.kill()
    process.communicate()


def say(process: "subprocess.Popen[bytes]", *lines: bytes) -> list[dict[str, Any]]:
    """Send lines and end the input; return the messages that came, of a process that ends."""
    output, _ = process.communicate(b"".join(line + b"\n" for line in lines), timeout=PATIENCE_S)
    assert process.returncode == 0
    return [json.loads(line) for line in output.splitlines()]


def test_the_command_answers_each_line_with_a_line(spoken: "subprocess.Popen[bytes]") -> None:
    params = {"name": "predict_species", "arguments": DOG}
    lines = [
        json.dumps(message("initialize", protocolVersion="2025-11-25")).encode(),
        b'{"jsonrpc": "2.0", "method": "notifications/initialized"}',
        b"",
        b"not json",
        json.dumps(message("tools/call", **params)).encode(),
        json.dumps(message("tools/call", **params, _meta=META)).encode(),
        json.dumps(message("server/discover", _meta=META)).encode(),
    ]
    hello, unreadable, legacy, modern_, discovered = say(spoken, *lines)
    assert hello["result"]["protocolVersion"] == "2025-11-25"
    assert unreadable["error"]["code"] == -32700
    assert legacy["result"]["structuredContent"]["prediction"] == "Dog"
    assert modern_["result"] == legacy["result"] | COMPLETE
    assert discovered["result"]["supportedVersions"][0] == MODERN


@pytest.mark.parametrize("spoken", [{"SERVERY_MAX_BODY_BYTES": "2000"}], indirect=True)
def test_a_line_that_is_too_long_is_refused_and_the_next_one_answered(
    spoken: "subprocess.Popen[bytes]",
) -> None:
    long = json.dumps(message("ping", padding="x" * 9_000)).encode()
    refused, answered = say(spoken, long, json.dumps(message("ping")).encode())
    assert refused["error"]["code"] == -32700
    assert answered == {"jsonrpc": "2.0", "id": 7, "result": {}}


def test_a_folder_without_models_is_named(tmp_path: Path) -> None:
    done = subprocess.run(
        command("mcp", tmp_path), capture_output=True, timeout=PATIENCE_S, check=False
    )
    assert done.returncode == 1
    assert done.stdout == b""

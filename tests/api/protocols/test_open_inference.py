"""The Open Inference Protocol: bodies as tritonclient, kserve and MLServer's codec send them."""

import gzip
import json
import struct
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
import requests

from tests.api.protocols.asking import ADULT, UNKNOWN, WITHOUT, ask, ours
from tests.conftest import PATIENCE_S, Server

INFER = "/v2/models/income/infer"
LENGTH = "Inference-Header-Content-Length"
NUMBERS = {"INT64": "<i8", "INT32": "<i4", "UINT8": "u1", "FP64": "<f8", "FP32": "<f4"}


def packed(datatype: str, values: Sequence[Any]) -> bytes:
    if datatype == "BYTES":
        texts = [("" if value is None else value).encode() for value in values]
        return b"".join(struct.pack("<I", len(text)) + text for text in texts)
    return np.array(values, dtype=NUMBERS[datatype]).tobytes()


def datatypes(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    return {name: "BYTES" if isinstance(v, str) else "INT64" for name, v in rows[0].items()}


def tensors(rows: Sequence[Mapping[str, Any]], **changed: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    return [
        {"name": name, "shape": [len(rows)], "datatype": kind, "data": [row[name] for row in rows]}
        | changed
        for name, kind in datatypes(rows).items()
    ]


def binary(
    rows: Sequence[Mapping[str, Any]],
    **header: Any,  # noqa: ANN401
) -> tuple[bytes, dict[str, str]]:
    """Return a body as tritonclient sends it, and its headers."""
    given, raw = [], []
    for name, kind in datatypes(rows).items():
        raw.append(packed(kind, [row[name] for row in rows]))
        size = {"binary_data_size": len(raw[-1])}
        given.append({"name": name, "shape": [len(rows)], "datatype": kind, "parameters": size})
    text = json.dumps({"inputs": given, **header}).encode()
    return b"".join([text, *raw]), {LENGTH: str(len(text))}


def infer(server: Server, body: Any, path: str = INFER, **options: Any) -> dict[str, Any]:  # noqa: ANN401
    answer = ask(server, path, body, **options)
    assert answer.status_code == 200, answer.text
    return unpacked(answer)


def unpacked(answer: requests.Response) -> dict[str, Any]:
    """Return the answer with the values of each tensor, whichever way they came."""
    length = int(answer.headers.get(LENGTH, len(answer.content)))
    body, rest = json.loads(answer.content[:length]), answer.content[length:]
    values = {}
    for tensor in body["outputs"]:
        size = tensor.get("parameters", {}).get("binary_data_size")
        if size is None:
            values[tensor["name"]] = tensor["data"]
            continue
        raw, rest = rest[:size], rest[size:]
        values[tensor["name"]] = (
            texts(raw) if tensor["datatype"] == "BYTES" else np.frombuffer(raw, "<f8").tolist()
        )
    assert not rest
    return {**body, "values": values}


def texts(raw: bytes) -> list[str]:
    found = []
    while raw:
        end = 4 + struct.unpack_from("<I", raw)[0]
        found.append(raw[4:end].decode())
        raw = raw[end:]
    return found


def assert_alike(answer: dict[str, Any], own: list[dict[str, Any]]) -> None:
    values = answer["values"]
    assert values["predict"] == [each["prediction"] for each in own]
    flat = []
    for each in own:
        by_class = {one["class"]: one["probability"] for one in each["probabilities"]}
        flat += [by_class[class_] for class_ in values["classes"]]
    assert values["predict_proba"] == pytest.approx(flat, rel=1e-12)
    warned = sum(bool(each["warnings"]) for each in own)
    assert answer.get("parameters", {}).get("warnings", 0) == warned


def varied(n: int) -> list[dict[str, Any]]:
    return [
        {
            **(UNKNOWN if place % 7 == 3 else WITHOUT if place % 5 == 1 else ADULT),
            "age": 17 + place % 70,
            "hours.per.week": 1 + place % 98,
        }
        for place in range(n)
    ]


@pytest.mark.parametrize("n", [1, 3, 32, 33, 400])
@pytest.mark.parametrize("out", [True, False])
def test_rows_are_answered_as_by_our_own_endpoint(server: Server, n: int, *, out: bool) -> None:
    rows = varied(n)
    own = ours(server, "income", *rows)
    asked = {"id": "r1", "parameters": {"binary_data_output": out}}
    body, headers = binary(rows, **asked)
    answers = [
        infer(server, body, headers=headers),
        infer(server, {"inputs": tensors(rows), **asked}),
    ]
    for answer in answers:
        assert_alike(answer, own)
        assert (answer["id"], answer["model_name"], answer["model_version"]) == (
            "r1",
            "income",
            "1",
        )
    assert answers[0]["outputs"] == answers[1]["outputs"]


def test_warnings_are_counted_and_the_first_are_told(server: Server) -> None:
    answer = ask(server, INFER, {"inputs": tensors([ADULT, UNKNOWN])})
    assert answer.headers["Servery-Warnings"] == "1"
    told = json.loads(answer.json()["parameters"]["first_warnings"])
    assert [(each["row"], each["code"]) for each in told] == [(1, "unknown-category")]


@pytest.mark.parametrize(
    ("shape", "data"),
    [([2], [90, 70]), ([2, 1], [90, 70]), ([2, 1], [[90], [70]]), ([2, 1], [90.0, 70])],
)
def test_a_column_may_be_flat_or_nested(server: Server, shape: list[int], data: Any) -> None:  # noqa: ANN401
    given = [
        {"name": "height", "shape": shape, "datatype": "FP32", "data": data},
        {"name": "weight", "shape": [2], "datatype": "INT32", "data": [50, 40]},
    ]
    answer = infer(server, {"inputs": given}, "/v2/models/species/infer")
    assert answer["values"]["predict"] == ["Dog", "Cat"]


@pytest.mark.parametrize("data", [[90, 50, 70, 40], [[90, 50], [70, 40]]])
def test_one_tensor_may_hold_all_inputs(server: Server, data: Any) -> None:  # noqa: ANN401
    given = [{"name": "X", "shape": [2, 2], "datatype": "FP64", "data": data}]
    answer = infer(server, {"inputs": given}, "/v2/models/species/infer")
    assert answer["values"]["predict"] == ["Dog", "Cat"]
    raw = packed("FP32", [90, 50, 70, 40])
    size = {"binary_data_size": len(raw)}
    head = [{"name": "X", "shape": [2, 2], "datatype": "FP32", "parameters": size}]
    text = json.dumps({"inputs": head}).encode()
    answer = infer(server, text + raw, "/v2/models/species/infer", headers={LENGTH: str(len(text))})
    assert answer["values"]["predict"] == ["Dog", "Cat"]


def test_only_the_outputs_that_are_named_are_answered(server: Server) -> None:
    outputs = [
        {"name": "predict_proba"},
        {"name": "predict", "parameters": {"binary_data": True}},
    ]
    answer = infer(server, {"inputs": tensors([ADULT]), "outputs": outputs})
    assert [each["name"] for each in answer["outputs"]] == ["predict_proba", "predict"]
    assert answer["values"]["predict"] == ["<=50K"]


def test_an_interval_has_tensors_of_its_own(server: Server) -> None:
    row = {"temperature": 24, "humidity": 50, "windspeed": 10, "year": 2012.5}
    odd = {**row, "temperature": -40}
    own = ours(server, "bikes", row, odd)
    given = [
        {"name": name, "shape": [2], "datatype": "FP64", "data": [row[name], odd[name]]}
        for name in row
    ]
    values = infer(server, {"inputs": given}, "/v2/models/bikes/infer")["values"]
    assert values["predict"] == [each["prediction"] for each in own]
    for end in ("low", "high"):
        expected = [each["interval"] and each["interval"][end] for each in own]
        assert values[f"interval_{end}"] == pytest.approx(expected)


@pytest.mark.parametrize("n", [1, 40])
def test_missing_values_are_null_or_an_empty_text(server: Server, n: int) -> None:
    rows = [WITHOUT] * n
    [own, *_] = ours(server, "income", *rows)
    empty = tensors([{**ADULT, **WITHOUT, "workclass": ""}] * n)
    null = tensors([{**ADULT, "age": 50}] * n)
    null[1]["data"] = [None] * n
    for given in (empty, null):
        answer = infer(server, {"inputs": given})
        assert answer["values"]["predict"] == [own["prediction"]] * n
        assert answer.get("parameters") is None
    for name in ("sex", "education"):
        required = tensors([{**ADULT, name: ""}] * n)
        nothing = [
            {**each, "data": [None] * n} if each["name"] == name else each for each in required
        ]
        refused, same = (ask(server, INFER, {"inputs": each}) for each in (required, nothing))
        assert refused.status_code == 400
        assert refused.json() == same.json()
    absent = [each for each in empty if each["name"] != "workclass"]
    answer = infer(server, {"inputs": absent})
    assert answer["values"]["predict"] == [own["prediction"]] * n
    assert answer["parameters"]["warnings"] == n


@pytest.mark.parametrize("n", [1, 40])
@pytest.mark.parametrize(
    ("datatype", "value", "code"),
    [
        ("FP64", 39.5, "whole number"),
        ("FP64", 1e30, ""),
        ("FP64", float("nan"), "cannot do without"),
        ("INT64", -1, ""),
        ("INT64", 2**53 + 1, ""),
    ],
)
def test_no_number_is_changed_quietly(
    server: Server, n: int, datatype: str, value: float, code: str
) -> None:
    text, rest = {"inputs": tensors([ADULT] * n)}, packed(datatype, [39] * (n - 1) + [value])
    size = {"binary_data_size": len(rest)}
    text["inputs"][0] = {"name": "age", "shape": [n], "datatype": datatype, "parameters": size}
    head = json.dumps(text).encode()
    answer = ask(server, INFER, head + rest, headers={LENGTH: str(len(head))})
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error.startswith(f"rows/{n - 1}/age: ")
    assert code in error


def test_text_of_any_language_goes_both_ways(server: Server) -> None:
    question = "Où est la bibliothèque? 図書館 😀"
    rows = [{"question_text": question}] * 3
    own = ours(server, "questions", *rows)
    body, headers = binary(rows)
    answer = infer(server, body, "/v2/models/questions/infer", headers=headers)
    assert len(answer["values"]["predict"]) == 3
    assert answer.get("parameters", {}).get("warnings", 0) == sum(
        bool(each["warnings"]) for each in own
    )


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_bodies_are_compressed_both_ways(server: Server, coding: str) -> None:
    rows = varied(300)
    body, headers = binary(rows, parameters={"binary_data_output": True})
    sent = gzip.compress(body) if coding == "gzip" else zlib.compress(body)
    packing = {"Content-Encoding": coding, "Accept-Encoding": coding}
    answer = ask(server, INFER, sent, headers={**headers, **packing})
    assert answer.headers["Content-Encoding"] == coding
    assert unpacked(answer) == infer(server, body, headers=headers)


def test_the_metadata_is_true(server: Server) -> None:
    metadata = server.get("/v2/models/income").json()
    assert (metadata["name"], metadata["versions"]) == ("income", ["1"])
    kinds = {each["name"]: each["datatype"] for each in metadata["inputs"]}
    assert kinds == datatypes([ADULT])
    answer = infer(server, {"inputs": tensors([ADULT, UNKNOWN])})
    for said, told in zip(answer["outputs"], metadata["outputs"], strict=True):
        assert (said["name"], said["datatype"]) == (told["name"], told["datatype"])
        pairs = zip(said["shape"], told["shape"], strict=True)
        assert all(known in (-1, found) for found, known in pairs)
    assert server.get("/v2/models/income/versions/1").json()["versions"] == ["1"]


def test_health_and_readiness_are_told(server: Server) -> None:
    assert server.get("/v2/health/live").json() == {"live": True}
    assert server.get("/v2/health/ready").json() == {"live": True, "ready": True}
    for place in ("", "/versions/1"):
        ready = server.get(f"/v2/models/income{place}/ready").json()
        assert ready == {"name": "income", "ready": True}
    assert server.get("/v2/models/nope/ready").status_code == 404
    for path in ("/v2", "/v2/"):
        assert server.get(path).json()["extensions"] == ["binary_tensor_data"]


def test_the_repository_lists_its_models(server: Server) -> None:
    for body in (b"", b"{}", b'{"ready": true}'):
        found = ask(server, "/v2/repository/index", body).json()
        assert {"name": "income", "version": "1", "state": "READY", "reason": ""} in found


def one(name: str = "height", **changed: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"name": name, "shape": [1], "datatype": "FP64", "data": [90], **changed}


WEIGHT = one("weight", data=[50])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([], "list of tensors"),
        ("x", "list of tensors"),
        ([1], "tensor"),
        ([{"shape": [1]}], "name"),
        ([one(datatype="FP128"), WEIGHT], "FP128"),
        ([one(datatype=[]), WEIGHT], "datatype"),
        ([one(shape=[2]), WEIGHT], "[2]"),
        ([one(shape=[-1]), WEIGHT], "-1"),
        ([one(shape=[2**70, 2**70]), WEIGHT], "shape"),
        ([one(shape=[True]), WEIGHT], "shape"),
        ([one(shape=[1, 1, 1]), WEIGHT], "[n]"),
        ([one(shape=None), WEIGHT], "shape"),
        ([one(data=[["x"]]), WEIGHT], "FP64"),
        ([one(data=["90"]), WEIGHT], "FP64"),
        ([one(data=[True]), WEIGHT], "FP64"),
        ([one(data=None), WEIGHT], "data"),
        ([one(data=[[[[[[[[[[90]]]]]]]]]]), WEIGHT], "FP64"),
        ([one(datatype="INT64", data=[90.5]), WEIGHT], "INT64"),
        ([one(datatype="BYTES", data=["90"]), WEIGHT], "rows/0/height"),
        ([one(), one(), WEIGHT], "twice"),
        ([one(), one("weight", shape=[2], data=[1, 2])], "as many rows"),
        ([one(), WEIGHT, one("age")], "age"),
        ([one()], "weight"),
        ([one("X", shape=[1, 3], data=[1, 2, 3])], "2 columns"),
        ([one(parameters={"shared_memory_region": "x"}), WEIGHT], "Shared memory"),
        ([one(parameters={"binary_data_size": 8}, data=None), WEIGHT], "incomplete"),
        ([one(parameters={"binary_data_size": -1}, data=None), WEIGHT], "incomplete"),
        ([one(parameters={"binary_data_size": 2**80}, data=None), WEIGHT], "incomplete"),
        ([one(parameters=[1]), WEIGHT], "object"),
    ],
)
def test_a_wrong_tensor_is_refused_with_the_reason(
    server: Server, given: object, words: str
) -> None:
    answer = ask(server, "/v2/models/species/infer", {"inputs": given})
    assert answer.status_code == 400, answer.text
    assert set(answer.json()) == {"error"}
    assert words in answer.json()["error"]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"\x05\x00\x00\x00abc", "incomplete"),
        (b"\x03\x00\x00", "incomplete"),
        (b"\xff\xff\xff\xffabc", "incomplete"),
        (b"\x01\x00\x00\x00a\x01\x00\x00\x00b", "Expected 1 texts"),
        (b"\x01\x00\x00\x00\xff", "UTF-8"),
    ],
)
def test_a_torn_text_is_refused(server: Server, raw: bytes, words: str) -> None:
    size = {"binary_data_size": len(raw)}
    given = [{"name": "question_text", "shape": [1], "datatype": "BYTES", "parameters": size}]
    text = json.dumps({"inputs": given}).encode()
    path = "/v2/models/questions/infer"
    answer = ask(server, path, text + raw, headers={LENGTH: str(len(text))})
    assert (answer.status_code, set(answer.json())) == (400, {"error"})
    assert words in answer.json()["error"]


@pytest.mark.parametrize("length", ["99999", "-1", "x", "9" * 5_000, "3"])
def test_a_length_that_lies_is_refused(server: Server, length: str) -> None:
    body, _ = binary([ADULT])
    answer = ask(server, INFER, body, headers={LENGTH: length})
    assert (answer.status_code, set(answer.json())) == (400, {"error"})


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        ("/v2/models/nope/infer", {"inputs": [one()]}, 404, "nope"),
        ("/v2/models/income/versions/9/infer", {"inputs": [one()]}, 404, "9"),
        ("/v2/nope", {}, 404, "address"),
        (INFER, b"{", 400, "JSON"),
        (INFER, [], 400, "object"),
        (INFER, {"inputs": tensors([ADULT]), "outputs": [{"name": "x"}]}, 400, "predict_proba"),
        (INFER, {"inputs": tensors([ADULT]), "outputs": [1]}, 400, "list of tensors"),
        (INFER, {"inputs": tensors([ADULT]), "id": 5}, 400, "text"),
        (INFER, {"inputs": tensors([ADULT] * 10_001)}, 400, "10000"),
    ],
)
def test_refusals_have_only_an_error(
    server: Server, path: str, body: object, status: int, words: str
) -> None:
    answer = ask(server, path, body)
    assert (answer.status_code, set(answer.json())) == (status, {"error"})
    assert words in answer.json()["error"]


def test_two_members_of_one_name_are_refused(server: Server) -> None:
    text = json.dumps({"inputs": [one(), WEIGHT]}).replace('"data"', '"data": [1], "data"', 1)
    answer = ask(server, "/v2/models/species/infer", text)
    assert answer.status_code == 400
    assert "twice" in answer.json()["error"]


def test_no_rows_are_answered_with_none(server: Server) -> None:
    empty = [one(shape=[0], data=[]), one("weight", shape=[0], data=[])]
    values = infer(server, {"inputs": empty}, "/v2/models/species/infer")["values"]
    assert (values["predict"], values["predict_proba"]) == ([], [])


def test_what_the_codec_of_mlserver_sends_is_read(server: Server) -> None:
    given = [
        {**each, "shape": [1, 1], "parameters": {"content_type": "str"}}
        for each in tensors([ADULT])
    ]
    body = {"id": None, "parameters": {"content_type": "pd"}, "inputs": given, "outputs": None}
    assert infer(server, body)["values"]["predict"] == ["<=50K"]


def test_other_methods_are_refused(server: Server) -> None:
    answer = requests.get(server.url + INFER, timeout=PATIENCE_S)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST, OPTIONS")

"""One row as tensors is read as the general way reads it, and left to it where anything is odd."""

import json
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servery.api.protocols.one_row import RowAsked, read_row
from servery.errors import InvalidInputs
from servery.repository import Repository
from servery.served import ServedModel
from tests.api.protocols.asking import ADULT
from tests.conftest import ROOT

#: Whatever a client may send, much of which the model does not take.
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([*ADULT.values(), "", "Private", "39"]),
    st.text(st.characters(codec="utf-8"), max_size=5),
)
KINDS = {bool: "BOOL", int: "INT64", float: "FP64"}


@pytest.fixture(scope="module")
def income() -> ServedModel:
    return Repository(ROOT / "models", only="income").get("income")


def tensor(name: str, value: object, **changed: object) -> dict[str, Any]:
    datatype = KINDS.get(type(value), "BYTES")
    return {"name": name, "shape": [1], "datatype": datatype, "data": [value]} | changed


def read(model: ServedModel, row: dict[str, Any], **header: object) -> RowAsked | None:
    tensors = [tensor(name, value) for name, value in row.items()]
    head = json.dumps({"inputs": tensors, **header}, ensure_ascii=False)
    return read_row(model, head.encode(), b"")


def in_bytes(row: dict[str, Any], sizes: dict[str, int] | None = None) -> tuple[bytes, bytes]:
    """Return the JSON and the bytes of a row; ``sizes`` are what the JSON says instead."""
    raw = {
        name: struct.pack("<I", len(value.encode())) + value.encode()
        if isinstance(value, str)
        else struct.pack("<q", value)
        for name, value in row.items()
    }
    told = {name: len(each) for name, each in raw.items()} | (sizes or {})
    tensors = [
        {
            "name": name,
            "shape": [1],
            "datatype": KINDS.get(type(value), "BYTES"),
            "parameters": {"binary_data_size": told[name]},
        }
        for name, value in row.items()
    ]
    return json.dumps({"inputs": tensors}).encode(), b"".join(raw.values())


@given(st.dictionaries(st.sampled_from([*ADULT, "x"]), VALUES, max_size=3))
def test_a_row_is_read_as_any_instance_is(income: ServedModel, changed: dict[str, Any]) -> None:
    row = {**ADULT, **changed}
    asked = read(income, row)
    instance = {name: None if value == "" else value for name, value in row.items()}
    try:
        parsed = income.signature.parse([instance])
    except InvalidInputs:
        assert asked is None
        return
    if asked is not None:
        assert [tuple(each) for each in asked.instances.rows] == parsed.rows
        assert list(map(list, asked.instances.warnings)) == parsed.warnings


def test_the_requests_that_clients_send_are_read(income: ServedModel) -> None:
    for row in (ADULT, {**ADULT, "workclass": ""}, {**ADULT, "workclass": "Självständig"}):
        plain, packed = read(income, row, id="a", outputs=[]), read_row(income, *in_bytes(row))
        assert plain is not None
        assert packed is not None
        assert plain.instances == packed.instances
        assert (plain.sent.id, packed.sent.id) == ("a", None)


def test_what_is_kept_of_a_request_answers_no_other(income: ServedModel) -> None:
    for age in (39, 40):
        asked = read_row(income, *in_bytes({**ADULT, "age": age}))
        assert asked is not None
        assert asked.instances.rows[0][0] == age


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"{",
        b"[]",
        b'{"inputs": []}',
        b'{"inputs": 1}',
        json.dumps({"inputs": [tensor("age", 39)] * 2}).encode(),
        json.dumps({"inputs": [tensor("age", 39)], "id": 5}).encode(),
        json.dumps({"inputs": [tensor("age", 39, shape=[2])]}).encode(),
        json.dumps({"inputs": [tensor("age", 39, datatype="FP128")]}).encode(),
        json.dumps({"inputs": [tensor("age", 39, data=None)]}).encode(),
        json.dumps({"inputs": [tensor("age", 39, data=[39, 40])]}).encode(),
        json.dumps(
            {"inputs": [tensor("age", 39, parameters={"shared_memory_region": 1})]}
        ).encode(),
    ],
)
def test_anything_else_is_left_to_the_general_way(income: ServedModel, head: bytes) -> None:
    assert read_row(income, head, b"") is None


def test_two_members_of_one_name_are_left_to_the_general_way(income: ServedModel) -> None:
    head = json.dumps({"inputs": [tensor(name, value) for name, value in ADULT.items()]})
    assert read_row(income, head.encode(), b"") is not None
    assert read_row(income, head.replace('"data"', '"data": [1], "data"', 1).encode(), b"") is None


@pytest.mark.parametrize(
    "sizes", [{"age": 4}, {"age": -8}, {"age": 2**70}, {"sex": 0}, {"sex": 7}, {"sex": 9}]
)
def test_sizes_that_lie_are_left_to_the_general_way(
    income: ServedModel, sizes: dict[str, int]
) -> None:
    assert read_row(income, *in_bytes(ADULT, sizes)) is None


@given(st.data())
def test_torn_bytes_are_never_read_as_others(income: ServedModel, data: st.DataObject) -> None:
    head, rest = in_bytes(ADULT)
    cut = rest[: data.draw(st.integers(0, len(rest) - 1))]
    assert read_row(income, head, cut) is None
    assert read_row(income, head, rest + b"\0") is None

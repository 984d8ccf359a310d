"""Names for generated clients, and schemas that generators understand."""

import re

import pytest

from servery.api.client_names import client_names, constant_names
from servery.api.portable import portable

MODELS = [
    *("income", "Income", "in come", "in.come", "in_come", "1st Flr SF", "Température (°C)"),
    *("模型", "型模", "model", "Model", "class", "(%)", "[]", "hours.per.week"),
]


def test_any_names_of_models_become_valid_and_different_ones() -> None:
    names = client_names(MODELS, reserved=["ClassPrediction"])
    assert set(names) == set(MODELS)
    types = [name.type for name in names.values()]
    ids = [name.id for name in names.values()]
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", each) for each in types)
    assert all(re.fullmatch(r"[a-z0-9_]+", each) for each in ids)
    assert len({each.lower() for each in types}) == len(MODELS)
    assert len({each.replace("_", "") for each in ids}) == len(MODELS)


def test_plain_names_are_kept() -> None:
    names = client_names(["bike demand", "income", "Température (°C)"])
    assert [name.type for name in names.values()] == ["BikeDemand", "Income", "TemperatureC"]
    assert [name.id for name in names.values()] == ["bike_demand", "income", "temperature_c"]


def test_a_model_keeps_its_name_when_another_one_comes() -> None:
    alone = client_names(["a.b"])["a.b"]
    assert client_names(["a.b", "a_b"])["a.b"] == alone


def test_a_name_never_makes_a_component_that_is_there_already() -> None:
    assert client_names(["class"], reserved=["ClassPrediction"])["class"].type != "Class"


def test_each_value_of_an_enumeration_has_a_constant_of_its_own() -> None:
    names = constant_names(["a", "A", "A 2", "<=50K", ">50K", "", "?", "é"])
    assert names == ["A", "A_2", "A_2_2", "VALUE_50K", "VALUE_50K_2", "VALUE", "VALUE_2", "E"]


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (
            {"type": "array", "prefixItems": [{"type": "number"}] * 2, "items": False},
            {"type": "array", "items": {"type": "number"}},
        ),
        ({"enum": [1, 2]}, {"type": "integer", "enum": [1, 2]}),
        (
            {"description": "x", "enum": ["A", None]},
            {"description": "x", "anyOf": [{"type": "string", "enum": ["A"]}, {"type": "null"}]},
        ),
        (
            {"enum": ["+", "-"]},
            {"type": "string", "enum": ["+", "-"], "x-enum-varnames": ["VALUE", "VALUE_2"]},
        ),
        ({"enum": [True, 1.5]}, {"anyOf": [{"const": True}, {"const": 1.5}]}),
        (
            {"properties": {"enum": {"enum": ["A"]}}},
            {"properties": {"enum": {"type": "string", "enum": ["A"]}}},
        ),
    ],
)
def test_a_schema_is_said_as_generators_understand_it(
    schema: dict[str, object], expected: dict[str, object]
) -> None:
    assert portable(schema) == expected

"""Models with several outputs, whole numbers as classes, and true or false as an input."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression

import servery
from tests.api.protocols.asking import ask, ours
from tests.conftest import Server, running

N = 40
KINDS = {"size": ("FP64", "<f8"), "count": ("INT64", "<i8"), "sold": ("BOOL", "?")}


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("others")
    chance = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "size": chance.normal(size=200),
            "count": chance.integers(0, 9, 200),
            "sold": chance.random(200) > 0.5,
        }
    )
    classes = pd.Series(frame["count"] % 3, name="kind")
    both = pd.DataFrame({"price": frame["size"] * 2 + frame["count"], "weight": frame["size"]})
    forest = RandomForestClassifier(5, random_state=0).fit(frame, classes)
    servery.publish(forest, frame, classes, name="kinds", root=folder)
    linear = LinearRegression().fit(frame, both)
    servery.publish(linear, frame, both, name="both", root=folder)
    with running(folder / "log", SERVERY_MODELS=str(folder)) as server:
        yield server


def rows(n: int) -> list[dict[str, Any]]:
    return [{"size": place / n, "count": place % 9, "sold": place % 2 == 0} for place in range(n)]


def tensors(n: int) -> dict[str, Any]:
    given = rows(n)
    return {
        "inputs": [
            {"name": name, "shape": [n], "datatype": kind, "data": [row[name] for row in given]}
            for name, (kind, _) in KINDS.items()
        ]
    }


def values(answer: Any) -> dict[str, Any]:  # noqa: ANN401
    return {each["name"]: each for each in answer.json()["outputs"]}


@pytest.mark.parametrize("n", [1, N])
def test_whole_numbers_are_classes_of_their_own_datatype(others: Server, n: int) -> None:
    own = ours(others, "kinds", *rows(n))
    found = values(ask(others, "/v2/models/kinds/infer", tensors(n)))
    assert found["predict"]["datatype"] == found["classes"]["datatype"] == "INT64"
    assert found["predict"]["data"] == [each["prediction"] for each in own]
    inputs = others.get("/v2/models/kinds").json()["inputs"]
    assert [each["datatype"] for each in inputs] == ["FP64", "INT64", "BOOL"]


@pytest.mark.parametrize("n", [1, N])
def test_each_of_several_outputs_has_its_tensors(others: Server, n: int) -> None:
    own = ours(others, "both", *rows(n))
    found = values(ask(others, "/v2/models/both/infer", tensors(n)))
    for name in ("price", "weight"):
        assert found[f"{name}.predict"]["data"] == [each["prediction"][name] for each in own]
    answer = ask(others, "/v1/models/both:predict", {"instances": rows(n)}).json()
    assert answer["predictions"] == [each["prediction"] for each in own]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/models/both:classify", {"instances": rows(2)}),
        ("/v1/models/both:regress", {"instances": rows(2)}),
        ("/hf/both", {"inputs": "a"}),
    ],
)
def test_what_needs_one_output_is_refused_for_several(
    others: Server, path: str, body: object
) -> None:
    answer = ask(others, path, body)
    assert 400 <= answer.status_code < 500
    assert answer.json()["error"]


def test_a_number_is_no_truth(others: Server) -> None:
    body = tensors(2)
    body["inputs"][2] |= {"datatype": "INT64", "data": [1, 0]}
    answer = ask(others, "/v2/models/kinds/infer", body)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("rows/0/sold: ")

"""Kept rows: those nearest to an instance on the model's own scale, and how it did on them."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from flask.testing import FlaskClient
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from servery.app import create_app
from servery.errors import PublishingRefused
from servery.inputs import DateInput, NumberInput
from servery.manifest import Manifest, read_manifest
from servery.publishing import publish
from servery.settings import Settings
from servery.uncertainty.kept_rows import InputScale, close_distance, near_count, row_index

ROWS = 400
draw = np.random.default_rng(0)
X = pd.DataFrame(
    {
        "size": draw.uniform(0, 100, ROWS).round(2),
        "kind": draw.choice(["flat", "house"], ROWS),
        "noise": draw.normal(size=ROWS).round(3),
    }
)
X.loc[::20, "kind"] = None
# Houses are hard to predict, flats are not.
spread = np.where(X["kind"] == "house", 40.0, 2.0)
price = (10 * X["size"] + 300 * (X["kind"] == "house") + spread * draw.normal(size=ROWS)).rename(
    "price"
)
is_dear = pd.Series(np.where(price > 600, "dear", "cheap"), name="class")


def line() -> Any:  # noqa: ANN401
    encoder = OneHotEncoder(handle_unknown="ignore")
    columns = make_column_transformer(
        (encoder, ["kind"]), ("passthrough", ["size"]), remainder="passthrough"
    )
    return make_pipeline(columns, LinearRegression())


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("models")
    publish(line().fit(X, price), X, price, name="price", cv=5, keep_rows=300, root=root)
    numbers = X[["size", "noise"]]
    forest = RandomForestClassifier(30, max_depth=4, random_state=0).fit(
        numbers[:200], is_dear[:200]
    )
    publish(
        forest,
        numbers[:200],
        is_dear[:200],
        name="dear",
        X_test=numbers[200:],
        y_test=is_dear[200:],
        keep_rows=5_000,
        root=root,
    )
    publish(LinearRegression().fit(X[["size"]], price), X[["size"]], price, name="bare", root=root)
    return root


@pytest.fixture(scope="module")
def client(root: Path) -> FlaskClient:
    settings = Settings.from_env({"SERVERY_MODELS": str(root), "SERVERY_HOST": "127.0.0.1"})
    return create_app(settings).test_client()


def manifest_of(root: Path, name: str) -> Manifest:
    return read_manifest((root / name / "1" / "model.json").read_bytes())


def ask(client: FlaskClient, name: str, **inputs: Any) -> Any:  # noqa: ANN401
    answer = client.post(f"/api/v1/models/{name}/nearest-rows", json={"inputs": inputs})
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def test_the_nearest_rows_are_those_that_the_model_answers_alike(client: FlaskClient) -> None:
    body = ask(client, "price", size=50, kind="house", noise=3)
    assert list(body) == [
        *("model", "version", "request_id", "rows", "compared", "is_close", "near", "all")
    ]
    distances = [row["distance"] for row in body["rows"]]
    assert len(distances) == 10
    assert distances == sorted(distances)
    for row in body["rows"]:  # "noise" hardly moves an answer
        assert row["inputs"]["kind"] == "house"
        assert row["distance"] == pytest.approx(10 * abs(row["inputs"]["size"] - 50), abs=10)
        assert set(row) == {"inputs", "outcome", "prediction", "distance"}


def test_errors_are_those_of_the_rows_around_an_answer(client: FlaskClient) -> None:
    house = ask(client, "price", size=50, kind="house", noise=0)
    flat = ask(client, "price", size=50, kind="flat", noise=0)
    assert house["near"]["rows"] == flat["near"]["rows"] == 15
    assert house["all"]["rows"] == 300
    assert house["near"]["error"]["low"] > flat["near"]["error"]["high"]
    assert flat["near"]["error"]["value"] < house["all"]["error"]["value"]
    assert flat["near"]["held"]["held"] == 15  # the width does not follow the kind
    assert house["near"]["held"]["share"] < 0.95
    assert house["near"]["reliability"] is None
    assert house["near"]["bias"]["low"] < 0 < house["near"]["bias"]["high"]


def test_a_class_comes_with_how_many_near_rows_were_right(client: FlaskClient) -> None:
    clear, close_call = (ask(client, "dear", size=size, noise=0) for size in (10, 45))
    assert clear["near"]["reliability"]["share"] == 1.0
    assert close_call["near"]["reliability"]["share"] < 1.0
    assert close_call["near"]["error"] is None
    assert close_call["all"]["rows"] == 200  # all that were measured
    right = sum(row["outcome"] == row["prediction"] for row in close_call["rows"])
    assert close_call["near"]["reliability"]["right"] >= right


@pytest.mark.parametrize(
    "inputs",
    [
        {"size": 900, "kind": "flat", "noise": 0},
        {"size": 50, "kind": "castle", "noise": 0},
    ],
)
def test_no_figures_are_stated_of_an_instance_unlike_the_training_rows(
    client: FlaskClient, inputs: dict[str, Any]
) -> None:
    body = ask(client, "price", **inputs)
    assert body["is_close"] is False
    assert body["near"] is None
    assert len(body["rows"]) == 10


def test_missing_values_are_near_to_missing_values(client: FlaskClient) -> None:
    body = ask(client, "price", size=50, kind=None, noise=0)
    assert {row["inputs"]["kind"] for row in body["rows"][:3]} <= {None, "flat"}


def test_the_document_and_the_capabilities_name_what_a_version_keeps(client: FlaskClient) -> None:
    facts = client.get("/api/v1/models/price").get_json()
    assert "nearest-rows" in facts["capabilities"]
    paths = client.get("/openapi.json").get_json()["paths"]
    assert paths["/api/v1/models/price/nearest-rows"]["post"]["operationId"] == "nearest_rows_price"
    assert "/api/v1/models/bare/nearest-rows" not in paths
    refused = client.post("/api/v1/models/bare/nearest-rows", json={"inputs": {}})
    assert refused.status_code == 404
    assert "--keep-rows" in refused.get_json()["detail"]


def test_no_rows_are_kept_unless_they_are_asked_for(root: Path) -> None:
    assert manifest_of(root, "bare").kept is None
    kept = manifest_of(root, "price").kept
    assert kept is not None
    assert len(kept.rows) == 300
    assert {True, False} <= set(kept.held)


def test_the_share_that_was_held_is_that_of_rows_it_was_not_fitted_on(root: Path) -> None:
    manifest = manifest_of(root, "dear")
    assert manifest.kept is not None
    assert manifest.sets is not None
    stated = [held for held in manifest.kept.held if held is not None]
    by_class = manifest.sets.by_class
    measured = sum(each.rows * each.measured for each in by_class) / sum(
        each.rows for each in by_class
    )
    assert sum(stated) / len(stated) == pytest.approx(measured)


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"keep_rows": 10}, "add --test or --cv"),
        ({"keep_rows": 10, "cv": 5, "X": None}, "add --data"),
        ({"keep_rows": 6_000, "cv": 5}, "1 to 5,000 rows"),
        ({"keep_rows": -1, "cv": 5}, "1 to 5,000 rows"),
        ({"keep_rows": 10, "cv": 5, "y": pd.DataFrame({"a": price, "b": price})}, "one outcome"),
    ],
)
def test_rows_that_cannot_be_kept_are_refused(
    tmp_path: Path, given: dict[str, Any], complaint: str
) -> None:
    rows, y = given.pop("X", X), given.pop("y", price)
    model = line().fit(X, y)
    with pytest.raises(PublishingRefused, match=complaint):
        publish(model, rows, y, name="price", root=tmp_path, **given)


def test_days_lie_on_a_line_and_missing_ones_beside_it() -> None:
    day = DateInput(name="day", missing_allowed=True)
    scale = InputScale(
        place=0, values=["2024-01-01", "2024-01-11", None], figures=[[0.0], [10.0], [50.0]]
    )
    column = [day.parse(text) for text in ("2024-01-03", "2024-01-11", "2025-01-01")]
    assert scale.of(day, [*column, None]).ravel().tolist() == [2.0, 10.0, 10.0, 50.0]


def test_most_rows_are_close_to_the_others() -> None:
    number = NumberInput(name="size")
    scale = InputScale(place=0, values=[0.0, 1.0], figures=[[0.0], [1.0]])
    rows = [(value,) for value in np.random.default_rng(0).uniform(size=500).tolist()]
    index = row_index([number], [scale], 1.0, rows)
    near = near_count(len(rows))
    close = close_distance(index, rows, near)
    farthest = [np.sort(index.distances(row))[near] for row in rows]
    assert (np.array(farthest) <= close).mean() == pytest.approx(0.95, abs=0.03)


def test_few_rows_have_no_figures_near_an_answer() -> None:
    assert [near_count(rows) for rows in (39, 40, 300, 5_000)] == [0, 10, 15, 50]


def pages(client: FlaskClient, name: str, **query: object) -> Any:  # noqa: ANN401
    return client.get(f"/api/v1/models/{name}/kept-rows", query_string=query).get_json()


def test_kept_rows_come_in_pages_with_the_figures_they_are_sorted_by(client: FlaskClient) -> None:
    first = pages(client, "price", sort="error", order="descending", limit=50)
    assert (first["total"], first["offset"], len(first["rows"])) == (300, 0, 50)
    second = pages(client, "price", sort="error", order="descending", limit=100, offset=50)
    rows = [*first["rows"], *second["rows"]]
    sizes = [abs(row["error"]) for row in rows]
    assert sizes == sorted(sizes, reverse=True)
    assert len({row["place"] for row in rows}) == 150
    for row in rows[:5]:
        assert row["error"] == pytest.approx(row["prediction"] - row["outcome"])
    outcomes = [row["outcome"] for row in pages(client, "price", sort="outcome")["rows"]]
    assert outcomes == sorted(outcomes)
    doubts = [row["uncertainty"] for row in pages(client, "price", sort="uncertainty")["rows"]]
    assert doubts == sorted(doubts)
    assert doubts[0] > 0
    last = pages(client, "price", offset=295)["rows"]
    assert [row["place"] for row in last] == [295, 296, 297, 298, 299]
    assert pages(client, "price", offset=1000)["rows"] == []


def test_kept_rows_of_a_class_are_sorted_by_how_surely_they_were_wrong(client: FlaskClient) -> None:
    every = pages(client, "dear", sort="error", order="descending", limit=100)
    is_wrong = [row["outcome"] != row["prediction"] for row in every["rows"]]
    assert any(is_wrong)
    assert is_wrong == sorted(is_wrong, reverse=True)
    doubts = [row["uncertainty"] for row in every["rows"]]
    wrong = doubts[: sum(is_wrong)]
    assert wrong == sorted(wrong)
    assert every["rows"][0]["error"] is None
    cheap = pages(client, "dear", outcome="cheap", limit=100)
    assert {row["outcome"] for row in cheap["rows"]} == {"cheap"}
    assert cheap["total"] + pages(client, "dear", outcome="dear")["total"] == every["total"]


def test_each_option_of_kept_rows_that_is_not_valid_is_named(client: FlaskClient) -> None:
    query = {"sort": "size", "order": "up", "outcome": "1", "offset": "-1", "limit": "101"}
    refused = client.get("/api/v1/models/price/kept-rows", query_string=query)
    assert refused.status_code == 422
    codes = [fault["code"] for fault in refused.get_json()["errors"]]
    assert codes == [f"invalid-{option}" for option in query]
    unknown = client.get("/api/v1/models/price/kept-rows?page=2").get_json()
    assert unknown["errors"][0]["code"] == "unknown-option"
    bare = client.get("/api/v1/models/bare/kept-rows")
    assert "--keep-rows" in bare.get_json()["detail"]

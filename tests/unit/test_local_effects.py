"""Curves of correlated inputs: accumulated local effects beside partial dependence."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from flask.testing import FlaskClient
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures

from servery.app import create_app
from servery.publishing import publish
from servery.settings import Settings

draw = np.random.default_rng(0)
first = draw.uniform(size=300)
X = pd.DataFrame(
    {"first": first, "second": first + draw.normal(size=300) / 50, "other": draw.uniform(size=300)}
).round(4)
y = (X["first"] * X["second"]).rename("product")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    root = tmp_path_factory.mktemp("models")
    model = make_pipeline(PolynomialFeatures(2), LinearRegression()).fit(X, y)
    publish(model, X, y, name="product", cv=3, root=root)
    settings = Settings.from_env({"SERVERY_MODELS": str(root), "SERVERY_HOST": "127.0.0.1"})
    return create_app(settings).test_client()


def curve(client: FlaskClient, name: str) -> Any:  # noqa: ANN401
    asked = {"inputs": {"first": 0.5, "second": 0.5, "other": 0.5}, "input": name}
    return client.post("/api/v1/models/product/curves", json=asked).get_json()


def test_a_correlated_input_has_effects_among_rows_that_occur(client: FlaskClient) -> None:
    body = curve(client, "first")
    assert body["correlated"] == ["second"]
    points = {round(point["value"], 2): point for point in body["points"]}
    low, high = (
        points[0.5],
        max(
            (point for point in body["points"] if point["accumulated"] is not None),
            key=lambda point: point["value"],
        ),
    )
    end = high["value"]
    # The derivative by the first is the second, which follows it: the integral of x, not half of x.
    expected = (end**2 - 0.5**2) / 2
    assert high["accumulated"] - low["accumulated"] == pytest.approx(expected, abs=0.02)
    assert high["average"] - low["average"] == pytest.approx((end - 0.5) / 2, abs=0.02)


def test_effects_are_centred_on_the_mean_prediction(client: FlaskClient) -> None:
    points = curve(client, "first")["points"]
    known = [point for point in points if point["accumulated"] is not None]
    values, effects = ([point[name] for point in known] for name in ("value", "accumulated"))
    assert np.interp(X["first"], values, effects).mean() == pytest.approx(y.mean(), abs=0.02)


def test_an_input_of_its_own_has_no_further_average(client: FlaskClient) -> None:
    body = curve(client, "other")
    assert body["correlated"] == []
    assert {point["accumulated"] for point in body["points"]} == {None}


def test_what_lies_beyond_the_background_rows_has_no_effect(client: FlaskClient) -> None:
    asked = {"inputs": {"first": 9.0, "second": 0.5, "other": 0.5}, "input": "first"}
    body = client.post("/api/v1/models/product/curves", json=asked).get_json()
    assert body["points"][-1]["value"] == 9.0
    assert body["points"][-1]["accumulated"] is None

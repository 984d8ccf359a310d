"""A type of input that is added from outside the package is one of ours in every respect."""

import csv
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
import requests
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from servery.inputs import REGISTRY
from tests.api.problem import assert_problem
from tests.conftest import PATIENCE_S, ROOT, Server, output_of, running

MORNING = {"departure": "08:30", "stops": 4}


def trips() -> pd.DataFrame:
    chance = np.random.default_rng(0)
    minutes = chance.integers(6 * 60, 22 * 60, 300)
    stops = chance.integers(1, 12, 300)
    duration = 5 + 3 * stops + minutes / 100 + chance.normal(0, 1, 300)
    return pd.DataFrame({"departure": minutes, "stops": stops, "duration": duration})


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return an environment in which every process of Servery knows the type."""
    place = tmp_path_factory.mktemp("site")
    (place / "sitecustomize.py").write_text("import tests.kinds.time_of_day\n")
    path = [str(place), str(ROOT), os.environ.get("PYTHONPATH", "")]
    return {"PYTHONPATH": os.pathsep.join(filter(None, path))}


@pytest.fixture(scope="module")
def published(environ: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository of a model that was fitted on minutes, with a table of times."""
    place = tmp_path_factory.mktemp("models")
    X = trips()
    y = X.pop("duration")
    joblib.dump(make_pipeline(StandardScaler(), Ridge()).fit(X, y), place / "trips.joblib")
    times = [f"{minutes // 60:02}:{minutes % 60:02}" for minutes in X["departure"]]
    X.assign(departure=times, duration=y).to_csv(place / "trips.csv", index=False)
    words = ("publish", place / "trips.joblib", "--models", place / "models")
    said = output_of(*words, "--data", place / "trips.csv", "--target", "duration", environ=environ)
    assert "time-of-day, 06:" in said
    assert "Served compiled (plan)" in said
    return place / "models"


@pytest.fixture(scope="module")
def extended(
    published: Path, environ: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("server") / "log"
    with running(log, None, None, SERVERY_MODELS=str(published), **environ) as server:
        yield server


def ask(server: Server, resource: str, body: Any) -> requests.Response:  # noqa: ANN401
    address = f"{server.url}/api/v1/models/trips/{resource}"
    return requests.post(address, json=body, timeout=PATIENCE_S)


def predicted(server: Server, **inputs: Any) -> Any:  # noqa: ANN401
    return ask(server, "predictions", {"inputs": {**MORNING, **inputs}}).json()


def test_a_form_learns_its_type_and_its_range(extended: Server) -> None:
    [departure, stops] = extended.get("/api/v1/models/trips").json()["signature"]["inputs"]
    assert (departure["type"], departure["label"]) == ("time-of-day", "Departure")
    assert departure["training_stats"]["minimum"] < departure["typical"] < "22:00"
    assert stops["type"] == "integer"


def test_it_is_predicted_with_as_the_model_was_fitted(extended: Server) -> None:
    fit = np.polyfit(trips()["departure"], trips()["duration"] - 3 * trips()["stops"], 1)[0]
    early, late = predicted(extended), predicted(extended, departure="18:30")
    assert (early["warnings"], late["warnings"]) == ([], [])
    assert late["prediction"] - early["prediction"] == pytest.approx(600 * fit, rel=0.05)
    many = ask(extended, "predictions", {"instances": [MORNING] * 20}).json()["predictions"]
    assert many[0]["prediction"] == pytest.approx(early["prediction"], rel=1e-12)


def test_its_faults_and_warnings_have_its_own_words(extended: Server) -> None:
    answer = ask(extended, "predictions", {"inputs": {**MORNING, "departure": "25:00"}})
    [fault] = assert_problem(answer, 422, "invalid-inputs")["errors"]
    assert (fault["pointer"], fault["code"]) == ("#/inputs/departure", "not-a-time")
    assert fault["detail"] == 'Expected a time such as 08:30, found "25:00".'
    [warning] = predicted(extended, departure="03:00")["warnings"]
    assert (warning["input"], warning["code"]) == ("departure", "outside-training-range")


def test_its_schema_stands_in_the_document(extended: Server) -> None:
    schemas = extended.get("/openapi.json").json()["components"]["schemas"]
    departure = schemas["TripsInputs"]["properties"]["departure"]
    assert (departure["type"], departure["description"]) == ("string", "Departure")
    assert departure["pattern"].startswith("^(")


def test_a_curve_moves_it_across_its_range(extended: Server) -> None:
    body = {"inputs": MORNING, "input": "departure"}
    values = [point["value"] for point in ask(extended, "curves", body).json()["points"]]
    assert values == sorted(values)
    assert len(values) > 20
    assert "08:30" in values
    shares = ask(extended, "explanations", {"inputs": MORNING}).json()["contributions"]
    assert [each["value"] for each in shares] == ["08:30", 4]


def test_a_table_is_scored_with_it(
    published: Path, environ: dict[str, str], extended: Server, tmp_path: Path
) -> None:
    table = tmp_path / "table.csv"
    table.write_text("departure,stops\n08:30,4\n8.30,4\n")
    result = tmp_path / "result.csv"
    output_of("score", "trips", table, "--models", published, "-o", result, environ=environ)
    with result.open(newline="") as file:
        [good, bad] = csv.DictReader(file)
    assert good["departure"] == "08:30"
    assert float(good["prediction"]) == pytest.approx(predicted(extended)["prediction"], rel=1e-9)
    assert bad["error"] == 'departure: Expected a time such as 08:30, found "8.30".'


def test_a_type_that_comes_too_late_is_refused() -> None:
    assert REGISTRY.union  # what the first signature is decoded by
    with pytest.raises(RuntimeError, match="before the first signature is read"):
        import tests.kinds.time_of_day  # noqa: F401

"""Saved files, published by the command, served, and asked over HTTP and as a table."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import joblib
import lightgbm
import numpy as np
import pandas as pd
import pytest
import xgboost
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from tests.conftest import Server, output_here, run_here, running, servery

ROWS = 120
RNG = np.random.default_rng(0)
SIZE = RNG.normal(size=ROWS)
FLAG = pd.array([None if row % 7 == 0 else row % 3 == 0 for row in range(ROWS)], dtype="boolean")
FLAGS = pd.DataFrame({"size": SIZE, "flag": FLAG})
LARGE = ((SIZE > 0) ^ pd.Series(FLAG).fillna(value=False).to_numpy(bool)).astype(int)


def one_hot(column: str) -> Any:  # noqa: ANN401
    columns = make_column_transformer((OneHotEncoder(), [column]), remainder="passthrough")
    return make_pipeline(columns, LogisticRegression())


MODELS: dict[str, tuple[Any, pd.DataFrame]] = {
    "xgboost": (xgboost.XGBClassifier(n_estimators=5, n_jobs=1), FLAGS),
    "lightgbm": (lightgbm.LGBMClassifier(n_estimators=5, n_jobs=1, verbose=-1), FLAGS),
    "one-hot": (one_hot("flag"), FLAGS),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The models, each published with the rows of its fit from a CSV file."""
    made = tmp_path_factory.mktemp("files")
    for name, (model, X) in MODELS.items():
        joblib.dump(model.fit(X, LARGE), made / f"{name}.joblib")
        X.assign(large=LARGE).to_csv(made / f"{name}.csv", index=False)
        told = ("--data", f"{name}.csv", "--target", "large", "--name", name)
        output_here("publish", f"{name}.joblib", "--models", "models", *told, cwd=made)
    return made


@pytest.fixture(scope="module")
def files(folder: Path) -> Iterator[Server]:
    with running(folder / "log", command=servery("serve", folder / "models")) as server:
        yield server


def instances(X: pd.DataFrame) -> list[dict[str, Any]]:
    text = X.to_json(orient="records", double_precision=15)
    return json.loads(text)  # type: ignore[no-any-return]


def positive(answer: dict[str, Any]) -> float:
    [found] = [each["probability"] for each in answer["probabilities"] if each["class"] == 1]
    return float(found)


@pytest.mark.parametrize("name", MODELS)
def test_every_row_of_the_fit_is_answered_as_by_the_estimator(
    files: Server, folder: Path, name: str
) -> None:
    model, X = MODELS[name]
    expected = model.predict_proba(X)[:, 1].tolist()
    rows = instances(X)
    many = files.predict(name, {"instances": rows}).json()["predictions"]
    assert [positive(each) for each in many] == pytest.approx(expected, rel=1e-6)
    for row in (0, 1, 3):
        alone = files.predict(name, {"inputs": rows[row]}).json()
        assert positive(alone) == pytest.approx(expected[row], rel=1e-6)
    told = ("--models", "models", "--output", f"{name}.out.csv")
    output_here("score", name, f"{name}.csv", *told, cwd=folder)
    scored = pd.read_csv(folder / f"{name}.out.csv")
    assert scored["probability_1"].tolist() == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("name", MODELS)
def test_true_and_false_with_gaps_are_an_input_that_may_be_missing(
    files: Server, name: str
) -> None:
    inputs = files.get(f"/api/v1/models/{name}").json()["signature"]["inputs"]
    [flag] = [each for each in inputs if each["name"] == "flag"]
    assert (flag["type"], flag["missing_allowed"]) == ("boolean", True)


def test_intervals_as_categories_are_refused_with_a_remedy_that_works(tmp_path: Path) -> None:
    ages = pd.Series(RNG.integers(18, 90, ROWS))
    X = pd.DataFrame({"age": pd.cut(ages, [0, 30, 50, 100]), "size": SIZE})
    told = ("--data", "rows.csv", "--target", "large", "--models", "models", "--name", "m")

    def publish(X: pd.DataFrame) -> Any:  # noqa: ANN401
        joblib.dump(one_hot("age").fit(X, LARGE), tmp_path / "m.joblib")
        X.assign(large=LARGE).to_csv(tmp_path / "rows.csv", index=False)
        return run_here("publish", "m.joblib", *told, cwd=tmp_path)

    refused = publish(X)
    remedy = 'X["age"] = X["age"].astype(str)'
    assert refused.returncode != 0
    assert remedy in refused.stderr
    exec(remedy, {"X": X})  # noqa: S102 - as the message says
    assert publish(X).returncode == 0

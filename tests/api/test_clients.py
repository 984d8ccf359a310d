"""A client that is generated from the document of a real server predicts as the server does."""

import importlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from servery.publishing import publish
from tests.conftest import PATIENCE_S, ROOT, Server, running

ROWS = 60
_random = np.random.default_rng(0)
X = pd.DataFrame(
    {name: _random.uniform(0, 9, ROWS) for name in ("hours.per.week", "1st Flr SF", "class")}
    | {"Température (°C)": _random.integers(0, 9, ROWS)}
)
LARGE = (X["class"] > 4).map({True: ">50K", False: "<=50K"}).rename("pay")
BOTH = pd.DataFrame({"sum": X.sum(axis=1), "first": X["class"]})
GRADES = pd.DataFrame({"grade": ["A+", "A-", "?", "a+"] * 15})


@pytest.fixture(scope="module")
def any_names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Yield a server of models and inputs whose names no language takes for a name."""
    root = tmp_path_factory.mktemp("models")
    logistic = make_pipeline(StandardScaler(), LogisticRegression())
    publish(logistic.fit(X, LARGE), X, LARGE, name="pay per.hour", root=root)
    publish(LinearRegression().fit(X, BOTH), X, BOTH, name="模型", root=root)
    of_grades = make_pipeline(OneHotEncoder(), LinearRegression()).fit(GRADES, np.arange(ROWS))
    publish(of_grades, GRADES, pd.Series(range(ROWS), name="rank"), name="class", root=root)
    shutil.copytree(ROOT / "models" / "income", root / "income")
    with running(root.parent / "log", SERVERY_MODELS=str(root)) as server:
        yield server


@pytest.fixture(scope="module")
def client(any_names: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("client")
    config = folder / "config.json"
    config.write_text(json.dumps({"post_hooks": []}))
    command = [
        *(str(Path(sys.executable).with_name("openapi-python-client")), "generate"),
        *("--url", f"{any_names.url}/openapi.json", "--meta", "none", "--config", str(config)),
        *("--output-path", str(folder / "generated_client"), "--fail-on-warning"),
    ]
    run = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    sys.path.insert(0, str(folder))
    try:
        yield importlib.import_module("generated_client")
    finally:
        sys.path.remove(str(folder))


def call(client: ModuleType, server: Server, operation: str, body: Any) -> Any:  # noqa: ANN401
    tag, name = operation.split(".")
    module = importlib.import_module(f"{client.__name__}.api.{tag}.{name}")
    return module.sync(client=client.Client(server.url, timeout=PATIENCE_S), body=body)


def types(client: ModuleType) -> ModuleType:
    return importlib.import_module(f"{client.__name__}.models")


def test_a_generated_client_predicts_with_any_names(client: ModuleType, any_names: Server) -> None:
    inputs = {name: float(value) for name, value in X.iloc[0].items()}
    for model, type_name, operation in (
        ("pay per.hour", "PayPerHour", "predict_pay_per_hour"),
        ("模型", None, None),
    ):
        found = any_names.predict(model, {"inputs": inputs}).json()
        if type_name is None:
            [type_name] = [
                each.removesuffix("Inputs")
                for each in dir(types(client))
                if each.startswith("ModelX") and each.endswith("Inputs")
            ]
            operation = f"predict_model_{type_name.removeprefix('Model').lower()}"
        instance = getattr(types(client), f"{type_name}Instance").from_dict({"inputs": inputs})
        answer = call(client, any_names, f"predictions.{operation}", instance)
        assert answer.to_dict()["prediction"] == found["prediction"]

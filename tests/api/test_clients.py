"""A client that is generated from the document of a real server predicts as the server does."""

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from servery.api.client_names import client_names
from servery.api.resources.batches.uploads import media_types
from servery.publishing import publish
from tests.conftest import PATIENCE_S, Server, running

ROWS = 60
_random = np.random.default_rng(0)
X = pd.DataFrame(
    {name: _random.uniform(0, 9, ROWS) for name in ("hours.per.week", "1st Flr SF", "class")}
    | {"Température (°C)": _random.integers(0, 9, ROWS)}
)
LARGE = (X["class"] > 4).map({True: ">50K", False: "<=50K"}).rename("pay")
BOTH = pd.DataFrame({"sum": X.sum(axis=1), "first": X["class"]})
ROW = {name: float(value) for name, value in X.iloc[0].items()}
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
    with running(root.parent / "log", SERVERY_MODELS=str(root)) as server:
        yield server


@pytest.fixture(scope="module")
def client(any_names: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """Yield the package that is generated from the document of that server."""
    folder = tmp_path_factory.mktemp("client")
    config = folder / "config.json"
    # It knows no types of tables and pictures by itself; nothing else needs a setting.
    unknown = [*media_types(), "image/svg+xml"]
    octets = dict.fromkeys(unknown, "application/octet-stream")
    del octets["application/json"]
    config.write_text(json.dumps({"post_hooks": [], "content_type_overrides": octets}))
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


@dataclass(frozen=True)
class Caller:
    """Calls one model by a generated client."""

    client: ModuleType
    server: Server
    model: str

    def instance(self, what: str, body: dict[str, Any]) -> Any:  # noqa: ANN401
        """Return a body as the generated type of that name."""
        types = importlib.import_module(f"{self.client.__name__}.models")
        name = client_names([self.model], reserved=["ClassPrediction"])[self.model].type
        return getattr(types, name + what).from_dict(body)

    def call(self, tag: str, operation: str, body: Any) -> dict[str, Any]:  # noqa: ANN401
        """Return the answer of an operation, as plain JSON."""
        id_ = client_names([self.model], reserved=["ClassPrediction"])[self.model].id
        module = f"{self.client.__name__}.api.{tag}.{operation}_{id_}"
        with self.client.Client(self.server.url, timeout=PATIENCE_S) as client:
            answer = importlib.import_module(module).sync(client=client, body=body)
        found: dict[str, Any] = answer.to_dict()
        return found


BODIES = {"pay per.hour": ROW, "模型": ROW, "class": {"grade": "A-"}}


@pytest.mark.parametrize(("model", "inputs"), BODIES.items(), ids=["separators", "others", "class"])
def test_a_generated_client_predicts_whatever_the_names(
    client: ModuleType, any_names: Server, model: str, inputs: dict[str, Any]
) -> None:
    caller = Caller(client, any_names, model)
    body: dict[str, Any] = {"inputs": inputs}
    found = caller.call("predictions", "predict", caller.instance("Instance", body))
    assert found["prediction"] == any_names.predict(model, body).json()["prediction"]
    body = {"instances": [inputs, inputs]}
    found = caller.call("predictions", "predict", caller.instance("Instances", body))
    assert found["predictions"] == any_names.predict(model, body).json()["predictions"]


def test_it_asks_why_and_what_if(client: ModuleType, any_names: Server) -> None:
    caller = Caller(client, any_names, "pay per.hour")
    body = {"inputs": ROW, "output": ">50K"}
    found = caller.call("explanations", "explain", caller.instance("ExplanationRequest", body))
    assert {each["input"] for each in found["contributions"]} == set(X.columns)
    body = {"inputs": ROW, "input": "Température (°C)"}
    found = caller.call("explanations", "curve", caller.instance("CurveRequest", body))
    assert len(found["points"]) > 2


def test_it_reads_problems(client: ModuleType, any_names: Server) -> None:
    caller = Caller(client, any_names, "class")
    body = {"instances": [{"grade": "?"}] * 10_001}
    found = caller.call("predictions", "predict", caller.instance("Instances", body))
    expected = any_names.predict("class", body).json()
    assert found["type"] == expected["type"] == "urn:servery:problem:invalid-inputs"
    assert found["errors"] == expected["errors"]

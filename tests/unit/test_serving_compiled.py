"""A server of plans: what it loads, and what it does when a plan is not what it was."""

import subprocess
import sys
from pathlib import Path

import msgspec
import numpy as np
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.neighbors import KNeighborsRegressor

from servery.artifact import sha256
from servery.errors import CompiledUnreadable
from servery.manifest import read_manifest, write_manifest
from servery.predict import predict
from servery.publishing import publish
from servery.repository import Repository
from servery.runtimes.onnx import OnnxRuntime
from servery.runtimes.plan import Plan
from servery.runtimes.plan.steps.linear import Linear
from tests.conftest import PATIENCE_S, ROOT

SERVES = """
import sys
from dataclasses import replace
from pathlib import Path
from servery.app import create_app
from servery.settings import Settings

client = create_app(replace(Settings.from_env(), models=Path(sys.argv[1]))).test_client()
for model in client.get("/api/v1/models").json["models"]:
    address = "/api/v1/models/" + model["name"]
    facts = client.get(address).json
    assert facts["runtime"]["name"] == "plan"
    asked = {"inputs": facts["examples"][0]["inputs"]}
    answer = client.post(address + "/predictions", json=asked)
    assert answer.status_code == 200, answer.json
heavy = {"sklearn", "pandas", "scipy", "joblib", "xgboost", "lightgbm", "onnxruntime"}
loaded = {name.split(".")[0] for name in sys.modules} | set(sys.modules)
print(sorted((heavy | {"servery.estimators"}) & loaded))
"""


def test_compiled_models_are_served_without_scikit_learn_and_what_is_known_of_it() -> None:
    command = [sys.executable, "-c", SERVES, str(ROOT / "models")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert done.stdout.strip() == "[]", done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    X = np.arange(20.0).reshape(10, 2)
    return publish(LinearRegression().fit(X, X.sum(axis=1)), X, name="m", root=tmp_path).folder


def replace_plan(folder: Path, data: bytes) -> None:
    """Put another plan there, as if it had been published so."""
    manifest = read_manifest((folder / "model.json").read_bytes())
    (folder / manifest.compiled.file).write_bytes(data)
    plan = msgspec.structs.replace(manifest.compiled, sha256=sha256(data), size_bytes=len(data))
    changed = msgspec.structs.replace(manifest, artifacts=[manifest.estimator, plan])
    (folder / "model.json").write_bytes(write_manifest(changed))


def answer_of(root: Path) -> tuple[str, float, list[str]]:
    served = Repository(root).get("m")
    [answer] = predict(served, served.signature.parse([{"x0": 1.0, "x1": 2.0}]))
    assert isinstance(answer.prediction, float)
    return served.runtime.name, round(answer.prediction, 9), list(served.notes)


def test_a_plan_is_served_with_its_proof(folder: Path) -> None:
    assert answer_of(folder.parent.parent)[:2] == ("plan", 3.0)
    facts = read_manifest((folder / "model.json").read_bytes()).runtime
    assert facts.verification is not None
    assert facts.verification.rows > 3000
    assert facts.verification.largest_difference <= 1e-6
    assert facts.unsupported is None


def test_a_plan_that_changed_its_answers_is_not_served(folder: Path) -> None:
    plan = Plan.load((folder / "plan.npz").read_bytes())
    assert isinstance(plan.predictor, Linear)
    plan.predictor.intercept = [9.0]
    replace_plan(folder, plan.save())
    name, value, notes = answer_of(folder.parent.parent)
    assert (name, value) == ("sklearn", 3.0)
    assert "does not give its recorded answers on this machine" in notes[-1]


def test_a_plan_of_another_servery_is_not_served(folder: Path) -> None:
    replace_plan(folder, b"PK of another time")
    name, value, notes = answer_of(folder.parent.parent)
    assert (name, value) == ("sklearn", 3.0)
    assert notes[-1].endswith("It cannot be read; publish the version again.")


def test_a_plan_with_other_bytes_than_published_is_refused(folder: Path) -> None:
    data = bytearray((folder / "plan.npz").read_bytes())
    data[-30] ^= 1
    (folder / "plan.npz").write_bytes(data)
    [trouble] = Repository(folder.parent.parent).failures
    assert "plan.npz is not the file that was published" in str(trouble.error)


def test_onnx_is_served_where_there_is_no_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    X = np.arange(40.0).reshape(20, 2)
    model = KNeighborsRegressor(2).fit(X, X.sum(axis=1))
    folder = publish(model, X, name="m", root=tmp_path).folder
    assert (folder / "model.onnx").is_file()
    expected = round(float(model.predict([[1.0, 2.0]])[0]), 9)
    assert answer_of(tmp_path)[:2] == ("onnx", expected)
    data = (folder / "model.onnx").read_bytes()
    _replace_compiled(folder, b"no model at all")
    name, value, notes = answer_of(tmp_path)
    assert (name, value) == ("sklearn", expected)
    assert notes[-1].startswith("The compiled form is not served.")
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(CompiledUnreadable, match="onnxruntime is not installed here"):
        OnnxRuntime(data, read_manifest((folder / "model.json").read_bytes()).signature)


def _replace_compiled(folder: Path, data: bytes) -> None:
    """Put other bytes in the place of a compiled form, as if they had been published."""
    manifest = read_manifest((folder / "model.json").read_bytes())
    estimator, compiled = manifest.artifacts
    compiled = msgspec.structs.replace(compiled, sha256=sha256(data), size_bytes=len(data))
    changed = msgspec.structs.replace(manifest, artifacts=[estimator, compiled])
    (folder / compiled.file).write_bytes(data)
    (folder / "model.json").write_bytes(write_manifest(changed))


def test_a_plan_needs_no_estimator_file_to_serve(folder: Path) -> None:
    (folder / "model.joblib").unlink()
    assert answer_of(folder.parent.parent)[0] == "plan"

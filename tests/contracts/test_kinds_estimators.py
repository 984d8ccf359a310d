"""Records of estimator families: what each must be, and one that is added from outside."""

import ast
import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import Pipeline, make_pipeline

from servery.artifact import LoadPolicy
from servery.artifact.allowlist import Trust, Use, use_of
from servery.artifact.opening import open_estimator
from servery.compiling import compile_plan
from servery.errors import ArtifactRejected
from servery.estimators.registry import FAMILIES, Family, public_name, register
from servery.inputs import NumberInput
from servery.inspection import inspect
from servery.manifest import read_manifest
from tests.conftest import PATIENCE_S, ROOT, Server, output_of, running
from tests.kinds.cycles import CyclicalEncoder
from tests.kinds.estimator import Cyclical

RECORDS = ROOT / "backend" / "servery" / "estimators"
LIBRARIES = {
    *("sklearn", "scipy", "pandas", "xgboost", "lightgbm", "catboost", "imblearn"),
    *("category_encoders", "feature_engine"),
}
OURS = {name: family for name, family in FAMILIES.items() if not name.startswith("tests.")}


def classes_of(module: str) -> dict[str, type]:
    """Return the classes that a library has loaded, by their public names."""
    return {
        public_name(thing): thing
        for name, loaded in list(sys.modules.items())
        if name == module or name.startswith(f"{module}.")
        for thing in list(vars(loaded).values())
        if isinstance(thing, type)
    }


@pytest.fixture(scope="module")
def installed() -> dict[str, type]:
    """Return all classes of the libraries that records are about."""
    homes = sorted({name.rpartition(".")[0] for name in OURS})
    experimental = ("sklearn.impute._iterative", "sklearn.experimental.enable_halving_search_cv")
    for module in (*homes, *experimental):
        if find_spec(module.partition(".")[0]) is not None:
            importlib.import_module(module)
    found: dict[str, type] = {}
    for library in (*LIBRARIES, "functools", "servery"):
        found |= classes_of(library)
    return found


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_record_is_of_a_class_that_exists(name: str, installed: dict[str, type]) -> None:
    pytest.importorskip(name.partition(".")[0])
    assert name in installed, "renamed in its library, so that its record would be passed over"


def test_a_class_has_one_record() -> None:
    with pytest.raises(ValueError, match="belongs to a family already"):
        register(Family("sklearn.pipeline: Pipeline"))


@pytest.mark.parametrize("path", sorted(RECORDS.glob("*.py")), ids=lambda path: path.name)
def test_a_record_is_read_without_the_library_of_its_classes(path: Path) -> None:
    for node in ast.parse(path.read_text()).body:
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        assert not LIBRARIES & {name.split(".")[0] for name in names}


def test_the_records_load_no_library_of_estimators() -> None:
    code = "import sys, servery.estimators; print({name.split('.')[0] for name in sys.modules})"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, check=True, timeout=PATIENCE_S)
    assert not LIBRARIES & ast.literal_eval(done.stdout.decode())


def table() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame({"hour": rng.uniform(0, 24, 300), "size": rng.normal(10, 2, 300)})


def fitted() -> Pipeline:
    X = table()
    columns = make_column_transformer((CyclicalEncoder(24.0), ["hour"]), remainder="passthrough")
    y = 3 * np.cos(2 * np.pi * X["hour"] / 24) + X["size"]
    return make_pipeline(columns, LinearRegression()).fit(X, y)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "tides.joblib"
    joblib.dump(fitted(), path)
    return path


def test_a_family_added_from_outside_says_what_its_columns_are() -> None:
    signature = inspect(fitted()).signature
    [hour, size] = signature.inputs
    assert isinstance(hour, NumberInput)
    assert hour.approximate_range == (0.0, 24.0)
    assert size.name == "size"


def test_it_compiles_to_its_own_step() -> None:
    model = fitted()
    plan = compile_plan(model, inspect(model, table()).signature)
    assert any(isinstance(step, Cyclical) for step in plan.walk())


def test_its_listed_names_are_admitted_and_no_others() -> None:
    nothing = Trust()
    assert use_of("tests.kinds.cycles", "CyclicalEncoder", nothing) is Use.MADE
    assert use_of("tests.kinds.cycles", "np", nothing) is Use.REFUSED


def test_its_integrity_is_checked_when_a_file_is_opened(tmp_path: Path) -> None:
    tampered = fitted()
    tampered[0].named_transformers_["cyclicalencoder"].period = -1.0
    joblib.dump(tampered, tmp_path / "tides.joblib")
    data = (tmp_path / "tides.joblib").read_bytes()
    with pytest.raises(ArtifactRejected, match="has a period that no fit makes"):
        open_estimator(data, "tides.joblib", LoadPolicy())


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return an environment in which every process of Servery knows the family."""
    place = tmp_path_factory.mktemp("site")
    # The library too, since a caged process reads no file outside of installed packages.
    code = "import tests.kinds.cycles, tests.kinds.estimator\n"
    (place / "sitecustomize.py").write_text(code)
    path = [str(place), str(ROOT), os.environ.get("PYTHONPATH", "")]
    return {"PYTHONPATH": os.pathsep.join(filter(None, path))}


@pytest.fixture(scope="module")
def published(
    model: Path, environ: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return a repository that `servery publish` wrote from the file."""
    root = tmp_path_factory.mktemp("models")
    data = model.with_name("tides.csv")
    table().to_csv(data, index=False)
    output_of("publish", model, "--models", root, "--data", data, environ=environ)
    return root


def test_a_file_of_it_is_published_with_a_verified_plan(published: Path) -> None:
    facts = read_manifest((published / "tides" / "1" / "model.json").read_bytes()).runtime
    assert facts.name == "plan"
    assert facts.verification is not None
    assert facts.verification.rows > 3000


@pytest.fixture(scope="module")
def server(
    published: Path, environ: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("server") / "log"
    with running(log, None, None, SERVERY_MODELS=str(published), **environ) as started:
        yield started


def test_a_server_answers_by_its_plan(server: Server) -> None:
    assert server.get("/api/v1/models/tides").json()["runtime"]["name"] == "plan"
    asked = {"hour": 6.5, "size": 11.0}
    answer = server.predict("tides", {"inputs": asked}).json()
    expected = fitted().predict(pd.DataFrame([asked]))[0]
    assert answer["prediction"] == pytest.approx(expected, rel=1e-6)


def test_many_rows_are_answered_as_one_by_one(server: Server) -> None:
    rows = table().head(20).to_dict("records")
    many = server.predict("tides", {"instances": rows}).json()["predictions"]
    one_by_one = [server.predict("tides", {"inputs": row}).json() for row in rows]
    assert [each["prediction"] for each in many] == pytest.approx(
        [each["prediction"] for each in one_by_one], rel=1e-9
    )

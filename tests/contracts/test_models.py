"""What must be true of every shipped model."""

import subprocess
import sys
from pathlib import Path

import pytest

from servery.artifact import LoadPolicy, read_artifact
from servery.artifact.opening import open_estimator
from servery.compiling.verification import TOLERANCE, verify
from servery.layout import model_folders
from servery.manifest import read_manifest
from servery.predict import predict
from servery.repository import Repository
from servery.runtimes.plan import Plan, PlanRuntime
from servery.runtimes.sklearn import SklearnRuntime
from servery.served import ServedModel
from tests.conftest import DATA, PATIENCE_S, ROOT
from tests.recorded import assert_gives_recorded_answers

MODELS = [folder.name for folder in model_folders(ROOT / "models")]
BARS = {
    "questions": ("average_precision", 0.635, "at least"),
    "bikes": ("r2", 0.7, "at least"),
    "income": ("roc_auc", 0.885, "at least"),
    "petrol": ("rmse", 75, "at most"),
}
INPUTS = {
    "questions": ["question_text"],
    "bikes": ["temperature", "humidity", "windspeed", "year"],
    "species": ["height", "weight"],
    "income": [
        *("age", "workclass", "education", "marital.status", "race", "sex", "hours.per.week")
    ],
    "petrol": ["petrol_tax", "average_income", "paved_highways", "share_of_drivers"],
}


@pytest.fixture(scope="module")
def repository() -> Repository:
    return Repository(ROOT / "models")


@pytest.fixture(params=MODELS)
def model(request: pytest.FixtureRequest, repository: Repository) -> ServedModel:
    return repository.get(request.param)


def test_there_are_five() -> None:
    assert set(MODELS) == set(INPUTS)


def test_its_inputs_are_named_as_promised(model: ServedModel) -> None:
    assert list(model.signature.names) == INPUTS[model.name]


def test_its_recorded_answers_are_given_again(model: ServedModel) -> None:
    assert len(model.manifest.golden) >= 10
    assert_gives_recorded_answers(model)


def test_many_equal_one_by_one(model: ServedModel) -> None:
    rows = [each.inputs for each in model.manifest.golden]
    many = predict(model, model.signature.parse(rows))
    single = [predict(model, model.signature.parse([row]))[0] for row in rows]
    for one, of_many in zip(single, many, strict=True):
        is_number = isinstance(one.prediction, float)
        expected = pytest.approx(one.prediction, rel=1e-12) if is_number else one.prediction
        assert of_many.prediction == expected


def test_its_examples_are_taken(model: ServedModel) -> None:
    assert len(model.card.examples) >= 3
    model.signature.parse([example.inputs for example in model.examples])


def test_its_pictures_are_there(model: ServedModel) -> None:
    assert model.card.pictures
    for name in model.card.pictures:
        assert "<script" not in (model.folder / "pictures" / name).read_text()


def test_its_card_says_what_it_is_not_for(model: ServedModel) -> None:
    assert model.card.summary
    assert model.card.description
    assert model.card.not_for
    assert model.card.limitations


def test_its_metrics_come_from_unseen_rows_and_reach_the_bar(model: ServedModel) -> None:
    metrics = model.manifest.metrics
    assert metrics is not None
    if model.name in BARS:
        name, bar, side = BARS[model.name]
        [value] = [metric.value for metric in metrics.values if metric.name == name]
        assert value >= bar if side == "at least" else value <= bar


def test_questions_are_calibrated_to_the_share_of_the_sample(repository: Repository) -> None:
    metrics = repository.get("questions").manifest.metrics
    assert metrics is not None
    [brier] = [metric.value for metric in metrics.values if metric.name == "brier_score"]
    assert brier < 0.06 * 0.94


def test_its_plan_is_served_and_answers_as_its_estimator(model: ServedModel) -> None:
    manifest = model.manifest
    folder = ROOT / "models" / model.name / model.version
    assert model.runtime.name == "plan"
    assert manifest.runtime.verification is not None
    estimator = open_estimator(
        read_artifact(folder, manifest.artifacts[0]), manifest.artifacts[0].file, LoadPolicy()
    ).estimator
    plan = Plan.load(read_artifact(folder, manifest.compiled))
    rows = model.signature.parse([each.inputs for each in manifest.golden]).rows
    reference = SklearnRuntime(estimator, model.signature, manifest.runtime)
    verification = verify(
        reference, PlanRuntime(plan, model.signature), model.signature, rows, plan
    )
    assert verification.rows > 3000
    assert verification.largest_difference <= TOLERANCE


def test_the_versions_are_small(repository: Repository) -> None:
    files = [path for path in repository.root.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 12_000_000


@pytest.mark.skipif(not DATA.is_dir(), reason="the training data are not beside this checkout")
@pytest.mark.parametrize("name", MODELS)
def test_its_stored_metrics_match_a_recomputation(name: str, tmp_path: Path) -> None:
    script = ROOT / "models" / name / "train.py"
    command = [sys.executable, str(script), "--data", str(DATA), "--root", str(tmp_path)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert run.returncode == 0, run.stderr
    assert f"{name} version 1, read from the model and" in run.stdout
    stored = read_manifest((ROOT / "models" / name / "1" / "model.json").read_bytes())
    again = read_manifest((tmp_path / name / "1" / "model.json").read_bytes())
    assert stored.metrics is not None
    assert again.metrics is not None
    for before, after in zip(stored.metrics.values, again.metrics.values, strict=True):
        assert after.value == pytest.approx(before.value, abs=0.002, rel=0.01), before.name

"""Files that older scikit-learn releases really saved: served as they answered, or refused.

`tests/fixtures/older` holds them with their answers; `save.py` there says how they were made.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from servery.artifact import LoadPolicy
from servery.artifact.opening import open_estimator
from servery.artifact.releases import is_same_release, measured, ours, release
from servery.artifact.sandbox import SandboxedLoad
from servery.caged.older import corrected_by, planned
from servery.compiling import Unsupported
from servery.errors import ArtifactRejected
from servery.inspection import inspect
from servery.manifest import Verification
from servery.publishing.environments import RELEASES, by_hand
from servery.publishing.files import publish_file
from servery.publishing.older import OlderAnswers
from servery.repository import Repository
from tests.conftest import ROOT

OLDER = ROOT / "tests" / "fixtures" / "older"
FILES = sorted(OLDER.glob("*/*.joblib"))
#: What loads without an error, and answers otherwise or not at all.
REFUSED = {
    "1.0.2": {"tree", "ada", "boosting", "columns", "texts"},
    "1.2.2": {"tree", "ada", "boosting", "columns", "texts"},
    "1.3.2": {"tree", "ada", "boosting", "columns", "texts"},
    "1.5.2": {"ada", "boosting", "columns"},
    "1.7.2": {"columns"},
}


def name_of(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


def recorded(path: Path) -> dict[str, Any]:
    answers: dict[str, Any] = json.loads((path.parent / "answers.json").read_text())[path.stem]
    return answers


@pytest.fixture(scope="module")
def sandbox() -> SandboxedLoad:
    return SandboxedLoad(LoadPolicy())


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_bare_file_answers_as_it_did_or_is_refused_with_its_version(
    path: Path, tmp_path: Path, sandbox: SandboxedLoad
) -> None:
    version = path.parent.name
    if path.stem in REFUSED[version]:
        with pytest.raises(ArtifactRejected) as refused:
            publish_file(path, name="m", root=tmp_path, sandbox=sandbox)
        said = str(refused.value)
        assert said.startswith(f"{path.name} was saved by scikit-learn {version}. ")
        assert said.endswith(f"servery convert {path.name}")
        assert "--trust" not in said
        assert "Give the rows" not in said
        return
    publish_file(path, name="m", root=tmp_path, sandbox=sandbox)
    model = Repository(tmp_path).get("m")
    expected = recorded(path)
    instances = model.signature.parse(expected["instances"])
    outcomes = model.runtime.predict(instances.rows)
    for row, wanted in zip(outcomes.probabilities or (), expected["predict_proba"], strict=True):
        assert list(row) == pytest.approx(wanted, rel=1e-6, abs=1e-9)
    assert any(f"Fitted with scikit-learn {version}" in note for note in model.notes)


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.stem in REFUSED[path.parent.name]], ids=name_of
)
def test_what_is_refused_has_a_plan_that_gives_the_answers_of_its_release(path: Path) -> None:
    policy = replace(LoadPolicy(), converts=True)
    opened = open_estimator(path.read_bytes(), path.name, policy)
    assert opened.unfaithful
    expected = recorded(path)
    inspected = inspect(opened.estimator)
    rows = inspected.signature.parse(expected["instances"]).rows
    answers = OlderAnswers(
        path.parent.name,
        [
            {"predict": [label], "predict_proba": [probabilities]}
            for label, probabilities in zip(
                expected["predict"], expected["predict_proba"], strict=True
            )
        ],
    )
    compiled, golden = planned(
        opened.estimator, corrected_by(inspected, rows, answers), rows, answers
    )
    assert isinstance(compiled.facts.verification, Verification)
    assert compiled.facts.verification.rows == len(rows)
    assert golden[0].probabilities == expected["predict_proba"][0]
    other = [{**said, "predict_proba": [[0.5, 0.5]]} for said in answers.answers if said]
    with pytest.raises(Unsupported, match="other answers"):
        planned(opened.estimator, inspected, rows, OlderAnswers("1.0", other))


def test_the_table_was_measured_with_the_installed_release() -> None:
    table = measured()
    faithful = table.opened_with[release(ours())]
    assert len(faithful) > 150
    assert {release(version) for version in table.saved_with} >= {
        each for releases in faithful.values() for each in releases
    }
    assert "1.3" not in faithful["sklearn.tree.DecisionTreeClassifier"]
    assert "1.4" not in faithful["sklearn.feature_extraction.text.TfidfTransformer"]
    assert "1.5" not in faithful["sklearn.ensemble.AdaBoostClassifier"]


@pytest.mark.parametrize("version", RELEASES)
def test_what_to_run_elsewhere_is_whole(version: str) -> None:
    said = by_hand(f"{version}.0", "old.joblib")
    assert f"'scikit-learn=={version}.0'" in said
    assert said.endswith("servery convert old.joblib --python old/bin/python")
    assert is_same_release(f"{version}.0", version)

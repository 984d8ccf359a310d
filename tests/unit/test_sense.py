"""Answers that make no sense are never given: at publishing, at the start and while serving."""

import inspect
from pathlib import Path

import msgspec
import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import FixedThresholdClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from servery.artifact import LoadPolicy, Trust
from servery.errors import ModelFailed, PublishingRefused
from servery.estimators.parts import labels_follow_probabilities
from servery.manifest import read_manifest, write_manifest
from servery.predict import predict
from servery.publishing import publish
from servery.publishing.options import PublishOptions
from servery.publishing.preparing import Rows, prepare
from servery.publishing.writing import Saved
from servery.repository import Repository
from servery.runtimes.answers import DOUBLE, SINGLE, differing
from servery.runtimes.columns import ColumnOutcomes
from servery.runtimes.sense import senseless
from servery.signature import (
    ClassificationOutput,
    MultiOutput,
    OutcomeClass,
    RegressionOutput,
    Threshold,
)

YES_NO = ClassificationOutput(
    label="y", classes=(OutcomeClass(value=0, label="no"), OutcomeClass(value=1, label="yes"))
)
NUMBER = RegressionOutput(label="y")
RANDOM = np.random.default_rng(0)
X = pd.DataFrame(RANDOM.normal(size=(80, 2)), columns=["a", "b"])
Y = (X.a + X.b > 0).astype(int)


def outcomes(probabilities: list[list[float]], classes: list[int]) -> ColumnOutcomes:
    return ColumnOutcomes(classes=np.array(classes), probabilities=np.array(probabilities))


@pytest.mark.parametrize(
    ("probabilities", "said"),
    [
        ([[0.5, 0.5], [-19.0, 102.0]], "-19"),
        ([[0.2, 0.3]], "add up to 0.5"),
        ([[0.0, 1.5]], "1.5"),
        ([[0.9, 0.1]], "contradict"),
    ],
)
def test_probabilities_that_are_none_are_named(probabilities: list[list[float]], said: str) -> None:
    fault = senseless(YES_NO, outcomes(probabilities, [1] * len(probabilities)))
    assert fault is not None
    assert said in fault


def test_what_computes_in_single_precision_makes_sense() -> None:
    table = np.array([[0.3, 0.7], [0.5, 0.5], [np.nan, 1.0]], dtype=np.float32).tolist()
    assert senseless(YES_NO, outcomes(table, [1, 0, 0])) is None


def test_a_label_follows_the_threshold_where_there_is_one() -> None:
    eager = msgspec.structs.replace(YES_NO, threshold=Threshold(class_=1, value=0.2))
    assert senseless(eager, outcomes([[0.7, 0.3]], [1])) is None
    assert senseless(eager, outcomes([[0.7, 0.3]], [0])) is not None


def test_each_of_several_outputs_is_judged() -> None:
    both = MultiOutput(label="y", outputs=(NUMBER, YES_NO))
    number = ColumnOutcomes(values=np.array([7.0]))
    assert senseless(both, ColumnOutcomes(parts=[number, outcomes([[0.1, 0.9]], [1])])) is None
    assert senseless(both, ColumnOutcomes(parts=[number, outcomes([[0.9, 0.9]], [1])]))


def test_labels_are_held_to_probabilities_only_where_they_follow_them() -> None:
    def follow(estimator: BaseEstimator) -> bool:
        return labels_follow_probabilities(estimator, YES_NO)

    assert follow(make_pipeline(StandardScaler(), LogisticRegression()))
    assert not follow(make_pipeline(StandardScaler(), SVC(probability=True)))
    assert not follow(FixedThresholdClassifier(LogisticRegression(), threshold=0.2))


def test_recorded_probabilities_and_numbers_are_compared_and_not_labels_alone() -> None:
    assert differing(YES_NO, [(1, [0.2, 0.8])], [(1, [0.2000001, 0.7999999])], DOUBLE) == []
    assert differing(YES_NO, [(1, [0.2, 0.8])], [(1, [0.3, 0.7])], DOUBLE) == [0]
    assert differing(NUMBER, [(3.0, None), (4.0, None)], [(3.0, None), (4.1, None)], DOUBLE) == [1]
    assert differing(NUMBER, [(1e-3, None), (9.0, None)], [(2e-3, None), (9.0, None)], SINGLE) == []


def test_another_label_is_the_same_answer_only_between_equal_probabilities() -> None:
    assert differing(YES_NO, [(1, [0.5, 0.5])], [(0, [0.5, 0.5])], DOUBLE) == []
    assert differing(YES_NO, [(1, [0.4, 0.6])], [(0, [0.4, 0.6])], DOUBLE) == [0]


@pytest.mark.parametrize(
    "forest",
    [
        RandomForestRegressor(40, min_samples_leaf=3, n_jobs=-1, random_state=0),
        RandomForestClassifier(40, min_samples_leaf=3, n_jobs=-1, random_state=0),
    ],
)
def test_forests_of_all_cores_are_published_each_time(
    forest: RandomForestRegressor, tmp_path: Path
) -> None:
    fitted = forest.fit(X, Y if isinstance(forest, RandomForestClassifier) else np.log1p(X.a**2))
    for _ in range(3):
        publish(fitted, X, name="m", root=tmp_path)
    assert Repository(tmp_path).get("m").version == "3"


def test_rows_of_single_precision_are_published_and_served(tmp_path: Path) -> None:
    narrow = X.astype("float32") * 1000
    for name, model in (
        ("linear", make_pipeline(StandardScaler(), LogisticRegression())),
        ("forest", make_pipeline(StandardScaler(), RandomForestClassifier(20, random_state=0))),
    ):
        publish(model.fit(narrow, Y), narrow, name=name, root=tmp_path)
        assert Repository(tmp_path).get(name).manifest.golden


class Overconfident(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A classifier whose probabilities are scores, where its first input is large."""

    def fit(self, X: pd.DataFrame, y: pd.Series) -> "Overconfident":
        self.classes_ = np.unique(y)
        self.feature_names_in_ = np.array(X.columns, dtype=object)
        self.n_features_in_ = X.shape[1]
        return self

    def predict(self, X: pd.DataFrame) -> "np.ndarray[tuple[int], np.dtype[np.int_]]":
        return (np.asarray(X)[:, 0] > 0).astype(int)

    def predict_proba(self, X: pd.DataFrame) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
        score = np.asarray(X, dtype=float)[:, 0]
        far = np.where(score > 50, score, 0.0)
        return np.column_stack([(score <= 0) - far, (score > 0) + far])


def test_an_estimator_that_answers_no_probabilities_is_not_published() -> None:
    with pytest.raises(PublishingRefused, match="where 0 to 1 was expected"):
        prepare(
            Overconfident().fit(X, Y),
            Rows(X.assign(a=X.a * 1000)),
            name="m",
            options=PublishOptions(),
            saved=Saved("m.joblib", b""),
        )


def test_a_senseless_answer_is_never_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imports = (
        "import numpy as np",
        "import pandas as pd",
        "from sklearn.base import BaseEstimator, ClassifierMixin",
    )
    source = "\n".join([*imports, inspect.getsource(Overconfident)])
    (tmp_path / "overconfident.py").write_text(source)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    import overconfident  # type: ignore[import-not-found]

    root = tmp_path / "models"
    trust = frozenset({"overconfident"})
    publish(overconfident.Overconfident().fit(X, Y), X, name="m", root=root, trust=trust)
    served = Repository(root, LoadPolicy(trust=Trust(trust))).get("m")
    [answer] = predict(served, served.signature.parse([{"a": 2.0, "b": 0.0}]))
    assert answer.prediction == 1
    with pytest.raises(ModelFailed, match="probabilities such as"):
        predict(served, served.signature.parse([{"a": 102.0, "b": 0.0}]))


def test_a_folder_whose_recorded_answers_make_no_sense_is_refused_at_the_start(
    tmp_path: Path,
) -> None:
    folder = publish(KNeighborsClassifier(5).fit(X, Y), X, name="m", root=tmp_path).folder
    manifest = read_manifest((folder / "model.json").read_bytes())
    golden = [msgspec.structs.replace(each, probabilities=[0.25, 0.75]) for each in manifest.golden]
    changed = msgspec.structs.replace(manifest, golden=golden)
    (folder / "model.json").write_bytes(write_manifest(changed))
    [failure] = Repository(tmp_path).failures
    assert "does not give its recorded answers" in str(failure.error)

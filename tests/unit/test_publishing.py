import contextlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator
from sklearn.cluster import KMeans
from sklearn.compose import make_column_transformer
from sklearn.dummy import DummyRegressor
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfVectorizer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder

import servery
from servery.errors import ArtifactRejected, ManifestUnreadable, ModelNotFound, PublishingRefused
from servery.inputs import BooleanInput, CategoryInput, DateInput, IntegerInput, NumberInput
from servery.inspection import inspect
from servery.layout import version_names
from servery.manifest import read_manifest
from servery.predict import ClassPrediction, predict
from servery.publishing import publish
from servery.repository import Repository

DAY = "2026-01-01"


def table(rows: int = 40) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "1st Flr SF": rng.integers(300, 2000, rows),
            "Température (°C)": rng.normal(15, 5, rows).round(1),
            "a/b": rng.choice(["x", "y"], rows),
        }
    )


def target(X: pd.DataFrame) -> pd.Series:
    return pd.Series(np.where(X["a/b"] == "x", "yes", "no"), name="sold")


def classifier(handle_unknown: str = "ignore") -> object:
    encode = make_column_transformer(
        (OneHotEncoder(handle_unknown=handle_unknown), ["a/b"]), remainder="passthrough"
    )
    return make_pipeline(encode, LogisticRegression(max_iter=5000))


def test_a_published_model_answers_as_its_estimator_does(tmp_path: Path) -> None:
    X = table()
    model = classifier().fit(X, target(X))  # type: ignore[attr-defined]
    folder = publish(model, X, target(X), name="house", root=tmp_path, fitted_on=DAY).folder
    served = Repository(tmp_path).get("house")
    rows = X.to_dict("records")
    answers = predict(served, served.signature.parse(rows))
    assert folder == tmp_path / "house" / "1"
    assert [answer.prediction for answer in answers] == model.predict(X).tolist()
    first = answers[0]
    assert isinstance(first, ClassPrediction)
    assert {p.class_: p.probability for p in first.probabilities or ()} == pytest.approx(
        dict(zip(model.classes_, model.predict_proba(X)[0], strict=True)), rel=1e-12
    )


def test_the_types_of_inputs_are_read_from_the_columns(tmp_path: Path) -> None:
    X = table().assign(
        day=pd.date_range("2024-01-01", periods=40), flag=[True, False] * 20, few=[1.0, None] * 20
    )
    publish(
        DummyRegressor().fit(X, range(40)),
        *(X, pd.Series(range(40), name="n")),
        name="all",
        root=tmp_path,
        fitted_on=DAY,
    )
    inputs = Repository(tmp_path).get("all").signature.inputs
    assert [type(item) for item in inputs] == [
        IntegerInput,
        NumberInput,
        CategoryInput,
        DateInput,
        BooleanInput,
        IntegerInput,
    ]
    assert [item.missing_allowed for item in inputs] == [False] * 5 + [True]


@pytest.mark.parametrize(("handle_unknown", "allowed"), [("ignore", True), ("error", False)])
def test_unknown_categories_pass_only_where_the_estimator_takes_them(
    tmp_path: Path, handle_unknown: str, allowed: bool
) -> None:
    X = table()
    model = classifier(handle_unknown).fit(X, target(X))  # type: ignore[attr-defined]
    publish(model, X, target(X), name="house", root=tmp_path, fitted_on=DAY)
    item = Repository(tmp_path).get("house").signature.inputs[2]
    assert isinstance(item, CategoryInput)
    assert item.unknown_allowed is allowed


def test_each_publishing_is_the_next_version_and_the_newest_is_served(tmp_path: Path) -> None:
    X = table()
    for _ in range(2):
        publish(
            DummyRegressor().fit(X, range(40)),
            *(X, pd.Series(range(40))),
            name="n",
            root=tmp_path,
            fitted_on=DAY,
        )
    assert version_names(tmp_path / "n") == ["1", "2"]
    assert Repository(tmp_path).get("n").version == "2"
    assert Repository(tmp_path).get("n", "1").version == "1"


def test_what_cannot_be_saved_leaves_nothing_behind(tmp_path: Path) -> None:
    X = table()
    first = FunctionTransformer(lambda frame: frame[["1st Flr SF"]])
    model = make_pipeline(first, DummyRegressor())
    with pytest.raises(PublishingRefused, match="cannot be saved"):
        publish(
            model.fit(X, range(40)),
            *(X, pd.Series(range(40))),
            name="n",
            root=tmp_path,
            fitted_on=DAY,
        )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("estimator", "opened"),
    [(DummyRegressor(), "plan.npz"), (KMeans(2), "model.joblib")],
)
def test_an_artifact_that_was_changed_is_not_opened(
    tmp_path: Path, estimator: BaseEstimator, opened: str
) -> None:
    X = table()[["1st Flr SF"]]
    y = pd.Series(range(40))
    fitted = estimator.fit(X, y)
    folder = publish(fitted, X, name="n", root=tmp_path, fitted_on=DAY).folder
    with (folder / opened).open("ab") as artifact:
        artifact.write(b"\0")
    repository = Repository(tmp_path)
    assert [type(trouble.error) for trouble in repository.failures] == [ArtifactRejected]
    with pytest.raises(ArtifactRejected, match="not the file that was published"):
        repository.get("n")


def test_a_broken_manifest_is_named_and_hides_no_other_model(tmp_path: Path) -> None:
    X = table()
    for name in ("a", "b"):
        folder = publish(
            DummyRegressor().fit(X, range(40)),
            *(X, pd.Series(range(40))),
            name=name,
            root=tmp_path,
            fitted_on=DAY,
        ).folder
    (folder / "model.json").write_text('{"format": 1}')
    repository = Repository(tmp_path)
    [trouble] = repository.failures
    assert (trouble.name, type(trouble.error)) == ("b", ManifestUnreadable)
    assert [model.name for model in repository] == ["a"]
    with pytest.raises(ModelNotFound, match="No model is called 'c'"):
        repository.get("c")


def test_arrays_and_texts_are_published_as_a_notebook_has_them(tmp_path: Path) -> None:
    X = np.random.default_rng(0).normal(size=(30, 2))
    model = LogisticRegression().fit(X, X[:, 0] > 0)
    published = servery.publish(model, X, X[:, 0] > 0, name="array", root=tmp_path)
    assert published.manifest.signature.names == ("x0", "x1")
    texts = ["good film", "bad film"] * 15
    model = make_pipeline(CountVectorizer(), LogisticRegression()).fit(texts, [1, 0] * 15)
    published = servery.publish(model, texts, [1, 0] * 15, name="texts", root=str(tmp_path))
    assert published.manifest.signature.names == ("text",)
    repository = Repository(tmp_path)
    assert {model.name for model in repository} == {"array", "texts"}
    assert repository.get("array").card.title == "Array"


def test_dates_of_a_csv_are_dates_where_the_model_takes_no_texts() -> None:
    rows = pd.DataFrame({"day": ["2024-02-29", "2024-03-01"] * 10, "n": range(20)})
    takes_dates = DummyRegressor().fit(rows.assign(day=pd.to_datetime(rows["day"])), rows["n"])
    takes_dates.predict = lambda X: X["day"].dt.month.to_numpy() * 1.0
    [day, _] = inspect(takes_dates, rows).signature.inputs
    assert isinstance(day, DateInput)
    assert (day.training_stats.minimum, day.training_stats.maximum) == ("2024-02-29", "2024-03-01")  # type: ignore[union-attr]
    encode = make_column_transformer((OneHotEncoder(), ["day"]), remainder="passthrough")
    takes_texts = make_pipeline(encode, LinearRegression()).fit(rows, rows["n"])
    [day, _] = inspect(takes_texts, rows).signature.inputs
    assert isinstance(day, CategoryInput)


@pytest.mark.parametrize("kind", [CountVectorizer, TfidfVectorizer, HashingVectorizer])
def test_a_vectorizer_that_opens_files_by_name_is_refused(tmp_path: Path, kind: Any) -> None:  # noqa: ANN401
    (tmp_path / "a.txt").write_text("good film and bad")
    files = [str(tmp_path / "a.txt")] * 10
    model = make_pipeline(kind(input="filename"), LogisticRegression()).fit(files, [0, 1] * 5)
    with pytest.raises(PublishingRefused, match="input='content'"):
        inspect(model)


def test_a_publisher_that_is_killed_leaves_the_old_state(tmp_path: Path) -> None:
    X = table()
    publish(DummyRegressor().fit(X, range(40)), X, name="n", root=tmp_path)
    code = (
        "import pathlib, pandas as pd; from sklearn.dummy import DummyRegressor; "
        "from servery.publishing import publish; X = pd.DataFrame({'a': range(40)}); "
        "model = DummyRegressor().fit(X, range(40)); print('ready', flush=True); "
        f"[publish(model, X, name='n', root=pathlib.Path({str(tmp_path)!r})) for _ in range(99)]"
    )
    for tenths in (1, 3, 5):
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
        with process:
            assert process.stdout is not None
            process.stdout.readline()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(tenths / 10 + 0.03)
            process.kill()
        for version in version_names(tmp_path / "n"):
            read_manifest((tmp_path / "n" / version / "model.json").read_bytes())
        assert Repository(tmp_path).failures == []


def test_names_that_cannot_be_are_refused() -> None:
    for name in ("", ".hidden", "a/b", "a\\b", "a@1", " a", "a ", "x" * 101, "a\nb"):
        with pytest.raises(PublishingRefused, match="Expected a model name"):
            publish(DummyRegressor().fit([[1]], [1]), name=name, root=Path("nowhere"))

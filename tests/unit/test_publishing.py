from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.dummy import DummyRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder

from servery.errors import ArtifactRejected, ManifestUnreadable, ModelNotFound, PublishingRefused
from servery.layout import version_names
from servery.predict import ClassPrediction, predict
from servery.publishing import publish
from servery.repository import Repository
from servery.signature import BooleanInput, CategoryInput, DateInput, IntegerInput, NumberInput

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
    assert {p.class_: p.probability for p in first.probabilities or ()} == dict(
        zip(model.classes_, model.predict_proba(X)[0], strict=True)
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


def test_an_artifact_that_was_changed_is_not_opened(tmp_path: Path) -> None:
    X = table()
    folder = publish(
        DummyRegressor().fit(X, range(40)),
        *(X, pd.Series(range(40))),
        name="n",
        root=tmp_path,
        fitted_on=DAY,
    ).folder
    with (folder / "model.joblib").open("ab") as artifact:
        artifact.write(b"\0")
    repository = Repository(tmp_path)
    assert [type(trouble.error) for trouble in repository.troubles] == [ArtifactRejected]
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
    [trouble] = repository.troubles
    assert (trouble.name, type(trouble.error)) == ("b", ManifestUnreadable)
    assert [model.name for model in repository] == ["a"]
    with pytest.raises(ModelNotFound, match="No model is called 'c'"):
        repository.get("c")

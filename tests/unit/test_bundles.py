"""Fitted parts in a dictionary or a tuple: put together as they were meant, after a yes."""

from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.decomposition import PCA
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.naive_bayes import MultinomialNB
from sklearn.preprocessing import LabelEncoder, MinMaxScaler, StandardScaler

from servery.artifact import LoadPolicy
from servery.artifact.sandbox import SandboxedLoad
from servery.batch.frames import score
from servery.errors import PublishingRefused
from servery.inspection.bundles import predictor_of
from servery.predict import predict
from servery.publishing.files import publish_file
from servery.publishing.options import PublishOptions, Tables
from servery.repository import Repository

RNG = np.random.default_rng(0)
X = pd.DataFrame({"income": RNG.normal(40_000, 9_000, 200), "age": RNG.normal(40, 9, 200)})
RICH = X.income > 40_000
TEXTS = ["good film", "bad film", "very good", "so bad"] * 20
LIKED = [1, 0, 1, 0] * 20
SCALER = StandardScaler().fit(X)
SCALED = SCALER.transform(X)
MODEL = LogisticRegression().fit(SCALED, RICH)


def test_a_scaler_beside_a_model_is_never_dropped(tmp_path: Path) -> None:
    file = tmp_path / "bundle.joblib"
    joblib.dump({"model": MODEL, "scaler": SCALER, "columns": ["income", "age"]}, file)
    sandbox = SandboxedLoad(LoadPolicy())
    with pytest.raises(PublishingRefused, match="--compose") as refused:
        publish_file(file, name="m", root=tmp_path, sandbox=sandbox)
    said = str(refused.value)
    composition = "StandardScaler ('scaler') -> LogisticRegression ('model')"
    assert f"{composition}, on the columns income, age" in said
    assert "joblib.dump(make_pipeline(parts['scaler'], parts['model'])" in said
    with pytest.raises(
        PublishingRefused, match=r"publish the file with them first .*bundle\.joblib"
    ):
        score(file, X)
    options = PublishOptions(compose=True)
    published = publish_file(file, name="m", root=tmp_path, sandbox=sandbox, options=options)
    assert composition in published.manifest.notes[0]
    served = Repository(tmp_path).get("m")
    assert served.signature.names == ("income", "age")
    instances = served.signature.parse(X.head(50).to_dict("records"))
    answers = [answer.prediction for answer in predict(served, instances)]
    assert answers == MODEL.predict(SCALED[:50]).tolist()


def test_the_words_of_an_encoded_target_are_answered(tmp_path: Path) -> None:
    words = np.array(["low", "middle", "top"], dtype=object)[np.digitize(X.age, [36, 44])]
    encoder = LabelEncoder().fit(words)
    model = LogisticRegression(max_iter=500).fit(SCALED, encoder.transform(words))
    file = tmp_path / "bundle.joblib"
    joblib.dump({"model": model, "scaler": SCALER, "encoder": encoder}, file)
    X.assign(band=words).to_csv(tmp_path / "rows.csv", index=False)
    options = PublishOptions(compose=True)
    table = str(tmp_path / "rows.csv")
    published = publish_file(
        file,
        name="m",
        root=tmp_path / "models",
        sandbox=SandboxedLoad(LoadPolicy()),
        options=options,
        tables=Tables(test=table, target=("band",)),
    )
    assert "classes low, middle, top ('encoder')" in published.manifest.notes[0]
    assert published.manifest.runtime.name == "plan"
    served = Repository(tmp_path / "models").get("m")
    instances = served.signature.parse(X.head(50).to_dict("records"))
    answers = [answer.prediction for answer in predict(served, instances)]
    assert answers == encoder.inverse_transform(model.predict(SCALED[:50])).tolist()


def composed(thing: object) -> Any:  # noqa: ANN401
    return predictor_of(thing, compose=True).estimator


def fitted_text() -> tuple[CountVectorizer, TfidfTransformer, MultinomialNB]:
    vectorizer = CountVectorizer()
    weights = TfidfTransformer()
    counts = weights.fit_transform(vectorizer.fit_transform(TEXTS))
    return vectorizer, weights, MultinomialNB().fit(counts, LIKED)


def test_a_tuple_is_applied_in_its_order() -> None:
    vectorizer = TfidfVectorizer()
    model = LogisticRegression().fit(vectorizer.fit_transform(TEXTS), LIKED)
    assert composed((vectorizer, model)).predict(TEXTS).tolist() == LIKED
    assert composed([model, vectorizer]).predict(TEXTS).tolist() == LIKED
    assert composed(fitted_text()).predict(TEXTS).tolist() == LIKED


def test_numbers_of_columns_give_the_order() -> None:
    projection = PCA(1).fit(SCALED)
    model = LinearRegression().fit(projection.transform(SCALED), X.income)
    bundle = {"model": model, "pca": projection, "scaler": SCALER, "version": "3", "score": 0.9}
    expected = model.predict(projection.transform(SCALED))
    assert composed(bundle).predict(X) == pytest.approx(expected)


def test_what_is_missing_is_filled_before_it_is_scaled() -> None:
    gaps = X.mask(RNG.random(X.shape) < 0.1)
    imputer = SimpleImputer().fit(gaps)
    scaler = StandardScaler().fit(imputer.transform(gaps))
    model = LinearRegression().fit(scaler.transform(imputer.transform(gaps)), X.income)
    bundle = {"model": model, "scaler": scaler, "imputer": imputer}
    expected = model.predict(scaler.transform(imputer.transform(gaps)))
    assert composed(bundle).predict(gaps) == pytest.approx(expected)


def test_names_that_a_model_was_fitted_on_reach_it() -> None:
    scaler = StandardScaler().fit(X)
    scaled = pd.DataFrame(scaler.transform(X), columns=X.columns)
    model = LogisticRegression().fit(scaled, RICH)
    assert composed({"clf": model, "sc": scaler}).predict(X).tolist() == RICH.tolist()


def test_a_model_beside_remarks_is_the_model() -> None:
    model = LogisticRegression().fit(X.to_numpy(), RICH)
    bundle = {"model": model, "features": ["income", "age"], "metrics": {"auc": 0.9, "n": [1, 2]}}
    assert composed(bundle).feature_names_in_.tolist() == ["income", "age"]
    assert not hasattr(model, "feature_names_in_")


UNCLEAR = {
    "two models": ({"a": MODEL, "b": LinearRegression().fit(X, X.age)}, "found 2 .parts "),
    "a threshold": ({"model": MODEL, "scaler": SCALER, "threshold": 0.3}, "FixedThreshold"),
    "words of the target": (
        {"model": MODEL, "scaler": SCALER, "encoder": LabelEncoder().fit(["a", "b"])},
        "LabelEncoder of the target",
    ),
    "a scaler of some columns": (
        {"model": MODEL, "scaler": StandardScaler().fit(X[["age"]])},
        "'scaler' takes 1, 'model' takes 2",
    ),
    "two scalers": (
        {"model": MODEL, "one": SCALER, "two": MinMaxScaler().fit(X)},
        "any order",
    ),
    "a table": ({"model": MODEL, "scaler": SCALER, "clip": X.max()}, "'clip' is a Series"),
    "fewer names": (
        {"model": MODEL, "scaler": StandardScaler().fit(X.to_numpy()), "columns": ["age"]},
        "1 names for 2 columns",
    ),
    "two lists": (
        {"model": MODEL, "scaler": SCALER, "columns_in": ["a", "b"], "columns_out": ["c", "d"]},
        "lists of texts",
    ),
}


@pytest.mark.parametrize("name", UNCLEAR)
def test_what_is_unclear_is_not_put_together(name: str) -> None:
    bundle, says = UNCLEAR[name]
    for compose in (False, True):
        with pytest.raises(PublishingRefused, match=says) as refused:
            predictor_of(bundle, compose=compose)
        assert "alone" not in str(refused.value)

"""Odd values through the real doors: a file, the audit, the cage, the server.

An estimator is asked what its fit saw: missing values as what stood for them, unknown categories
only where it treats all of them alike.
"""

import functools
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
from lightgbm import LGBMClassifier
from sklearn.compose import make_column_transformer
from sklearn.ensemble import (
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, OneHotEncoder, OrdinalEncoder
from xgboost import XGBClassifier

from servery import score
from tests.api.problem import assert_problem
from tests.conftest import Server, running, servery

Fit = Callable[[], Any]
ROWS = 240
RNG = np.random.default_rng(5)
NUMBERS = RNG.normal(size=ROWS)
COLOURS = RNG.choice(["red", "blue"], ROWS).astype(object)
COUNTS = RNG.integers(0, 9, ROWS)
IS_MISSING = np.arange(ROWS) % 4 == 0


def marked(marker: Any) -> "pd.Series[Any]":  # noqa: ANN401
    """Return colours of which every fourth is missing; objects, or pandas makes NaN of None."""
    return pd.Series(np.where(IS_MISSING, marker, COLOURS), dtype=object)


def fitted(column: Any, *steps: Any) -> Any:  # noqa: ANN401 - a pipeline
    """Return a model whose answer depends on a number and on whether a colour is missing."""
    X = pd.DataFrame({"a": NUMBERS, "k": column})
    split = make_column_transformer((make_pipeline(*steps), ["k"]), remainder="passthrough")
    return make_pipeline(split, LogisticRegression()).fit(X, (NUMBERS + 2 * IS_MISSING) > 0.5)


def one_hot() -> OneHotEncoder:
    return OneHotEncoder(handle_unknown="ignore", sparse_output=False)


def filled(marker: object) -> SimpleImputer:
    return SimpleImputer(missing_values=marker, strategy="constant", fill_value="none")


def with_numbers(marker: float) -> Any:  # noqa: ANN401 - a pipeline
    values = np.where(IS_MISSING, marker, COUNTS)
    return fitted(values, SimpleImputer(missing_values=marker, add_indicator=True))


#: By name: how the model is fitted, what stands for a missing value, and a value that its fit saw.
MARKED: dict[str, tuple[Fit, object, object]] = {
    "none": (lambda: fitted(marked(None), one_hot()), None, "red"),
    "nan": (lambda: fitted(marked(np.nan), one_hot()), np.nan, "red"),
    "ordinal-none": (
        lambda: fitted(marked(None), OrdinalEncoder(encoded_missing_value=-1)),
        None,
        "red",
    ),
    "left-by-imputer": (lambda: fitted(marked(None), filled(np.nan), one_hot()), None, "red"),
    "na": (lambda: fitted(marked(pd.NA), filled(pd.NA), one_hot()), pd.NA, "red"),
    "question-mark": (lambda: fitted(marked("?"), filled("?"), one_hot()), "?", "red"),
    "empty": (lambda: fitted(marked(""), filled(""), one_hot()), "", "red"),
    "minus-one": (lambda: with_numbers(-1), -1, 3),
    "minus-999": (lambda: with_numbers(-999.0), -999.0, 3),
}

TITLES = RNG.choice(["Mrs", "Mr", "Miss"], ROWS)
UNSEEN = ["Dr", "Mlle", "Rev", "Ms", "zz", "M", "mrs", "Missus", "Émile", "漢字", "~", ""]


def with_titles(model: Any, titles: Any = None) -> Any:  # noqa: ANN401 - fitted
    """Return a model whose answer depends on a title more than on a number."""
    column = pd.Series(TITLES, dtype="category") if titles is None else titles
    X = pd.DataFrame({"a": NUMBERS, "k": column})
    return model.fit(X, (TITLES == "Mrs") + 0.5 * (TITLES == "Miss") + NUMBERS / 9 > 0.6)


def encoded(encoder: Any) -> Any:  # noqa: ANN401 - a pipeline
    split = make_column_transformer((encoder, ["k"]), remainder="passthrough")
    return with_titles(make_pipeline(split, LogisticRegression()), pd.Series(TITLES, dtype=object))


UNKNOWN_AS_NUMBER = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
GAPS = pd.Series(TITLES, dtype="category").mask(IS_MISSING)
#: By name: how the model is fitted, and whether it may be asked about unknown titles.
TITLED: dict[str, tuple[Fit, bool]] = {
    "xgboost": (lambda: with_titles(XGBClassifier(n_estimators=9, enable_categorical=True)), False),
    "xgboost-gaps": (
        lambda: with_titles(XGBClassifier(n_estimators=9, enable_categorical=True), GAPS),
        False,
    ),
    "lightgbm": (lambda: with_titles(LGBMClassifier(n_estimators=9, verbose=-1)), True),
    "histograms": (
        lambda: with_titles(
            HistGradientBoostingClassifier(max_iter=9, categorical_features="from_dtype")
        ),
        True,
    ),
    "one-hot": (lambda: encoded(OneHotEncoder(handle_unknown="ignore")), True),
    "strict": (lambda: encoded(OneHotEncoder()), False),
    "ordinal": (
        lambda: encoded(OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)),
        True,
    ),
}


POSITIVE = pd.DataFrame({"a": np.abs(NUMBERS) + 0.1, "b": RNG.normal(size=ROWS)})


def of_positive(*steps: Any) -> Any:  # noqa: ANN401 - a pipeline
    return make_pipeline(*steps).fit(POSITIVE, np.log(POSITIVE.a) + POSITIVE.b)


SCALER = MinMaxScaler((1, 2))
BOOSTED = GradientBoostingRegressor(n_estimators=3)
#: By name: how the model is fitted, and a value of ``a`` that fits the input and has no answer.
LIMITED: dict[str, tuple[Fit, float]] = {
    "log": (lambda: of_positive(SCALER, FunctionTransformer(np.log), Ridge()), -99.0),
    "neighbors": (
        lambda: of_positive(SCALER, FunctionTransformer(np.log), KNeighborsRegressor()),
        -99.0,
    ),
    "root": (lambda: of_positive(SCALER, FunctionTransformer(np.sqrt), BOOSTED), -99.0),
    "forest": (lambda: of_positive(RandomForestRegressor(n_estimators=3)), 1e39),
    "expression": (lambda: of_positive(FunctionTransformer(np.exp), Ridge()), 1e4),
}


@functools.cache
def model_of(name: str) -> Any:  # noqa: ANN401 - fitted
    """Return a model of the tables, fitted once, and not where tests are only collected."""
    tables: list[Mapping[str, tuple[Any, ...]]] = [MARKED, TITLED, LIMITED]
    [fit] = [table[name][0] for table in tables if name in table]
    return fit()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="module")
def asked(folder: Path) -> Iterator[Server]:
    for name in (*MARKED, *TITLED, *LIMITED):
        joblib.dump(model_of(name), folder / f"{name}.joblib")
    with running(folder / "log", command=servery("serve", folder)) as server:
        yield server


def probabilities(server: Server, model: str, **inputs: object) -> list[float]:
    answer = server.predict(model, {"inputs": inputs})
    assert answer.status_code == 200, answer.text
    by_class = {each["class"]: each["probability"] for each in answer.json()["probabilities"]}
    return [by_class[False], by_class[True]]


@pytest.mark.parametrize("name", MARKED)
def test_null_is_asked_as_what_stood_for_a_missing_value_in_the_fit(
    asked: Server, name: str
) -> None:
    _, marker, known = MARKED[name]
    for sent, taken in ((None, marker), (known, known)):
        kind = "float64" if isinstance(known, int) else object
        row = pd.DataFrame({"a": [0.1], "k": pd.Series([taken], dtype=kind)})
        expected = pytest.approx(model_of(name).predict_proba(row)[0].tolist(), rel=1e-9)
        assert probabilities(asked, name, a=0.1, k=sent) == expected


@pytest.mark.parametrize("name", ["question-mark", "empty", "minus-one", "minus-999"])
def test_the_marker_itself_is_taken_too(asked: Server, name: str) -> None:
    _, marker, _ = MARKED[name]
    as_null = probabilities(asked, name, a=0.1, k=None)
    assert probabilities(asked, name, a=0.1, k=marker) == as_null
    batch = asked.predict(name, {"instances": [{"a": 0.1, "k": each} for each in (None, marker)]})
    assert len({str(each["probabilities"]) for each in batch.json()["predictions"]}) == 1


@pytest.mark.parametrize("name", ["nan", "question-mark", "minus-one"])
def test_a_frame_is_read_as_a_request_is(asked: Server, folder: Path, name: str) -> None:
    known = MARKED[name][2]
    cells = [known, None] if isinstance(known, int) else [known, "", " ", None]
    frame = pd.DataFrame({"a": 0.1, "k": pd.Series(cells, dtype=object)})
    scored = score(folder / f"{name}.joblib", frame)
    one_by_one = [probabilities(asked, name, a=0.1, k=each)[1] for each in cells]
    assert scored["probability_True"].tolist() == pytest.approx(one_by_one)


@pytest.mark.parametrize("name", TITLED)
def test_an_unknown_category_is_refused_or_answered_alike_whatever_it_is(
    asked: Server, name: str
) -> None:
    _, is_allowed = TITLED[name]
    if is_allowed:
        answers = [probabilities(asked, name, a=0.3, k=each) for each in UNSEEN]
        assert answers == [answers[0]] * len(UNSEEN)
        return
    for each in UNSEEN:
        answer = asked.predict(name, {"inputs": {"a": 0.3, "k": each}})
        [fault] = assert_problem(answer, 422, "invalid-inputs")["errors"]
        assert (fault["input"], fault["code"]) == ("k", "unknown-category")
        assert '"Miss", "Mr", "Mrs"' in fault["detail"]


@pytest.mark.parametrize("name", TITLED)
def test_a_known_category_is_answered_as_the_estimator_does(asked: Server, name: str) -> None:
    titles = ["Miss", "Mr", "Mrs"]
    dtype: Any = pd.CategoricalDtype(titles) if name not in ("one-hot", "strict") else object
    for title in titles:
        row = pd.DataFrame({"a": [0.3], "k": pd.Series([title], dtype=dtype)})
        expected = pytest.approx(model_of(name).predict_proba(row)[0].tolist(), rel=1e-6)
        assert probabilities(asked, name, a=0.3, k=title) == expected


@pytest.mark.parametrize("name", LIMITED)
def test_a_value_without_an_answer_is_refused_at_its_input_and_in_its_row(
    asked: Server, name: str
) -> None:
    bad = {"a": LIMITED[name][1], "b": 0.1}
    good = {"a": 1.5, "b": 0.1}
    one = assert_problem(asked.predict(name, {"inputs": bad}), 422, "invalid-inputs")
    [fault] = one["errors"]
    assert (fault["input"], fault["pointer"], fault["code"]) == ("a", "#/inputs/a", "no-answer")
    assert "gives no finite answer for" in fault["detail"]
    many = asked.predict(name, {"instances": [good, bad, good]})
    [fault] = assert_problem(many, 422, "invalid-inputs")["errors"]
    assert fault["pointer"] == "#/instances/1/a"
    assert asked.predict(name, {"inputs": good}).status_code == 200


@pytest.mark.parametrize("name", LIMITED)
def test_a_batch_names_the_value_of_the_row_that_has_no_answer(
    asked: Server, folder: Path, name: str
) -> None:
    frame = pd.DataFrame({"a": [1.5, LIMITED[name][1], 2.5], "b": 0.1})
    for model in (folder / f"{name}.joblib", f"{asked.url}/api/v1/models/{name}"):
        scored = score(model, frame)
        assert scored["error"].isna().tolist() == [True, False, True]
        assert scored["error"][1].startswith("a: The model gives no finite answer for")
        assert scored["prediction"].notna().tolist() == [True, False, True]

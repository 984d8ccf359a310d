"""Signatures read out of fitted estimators alone, and the answers that follow from them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import (
    ColumnTransformer,
    TransformedTargetRegressor,
    make_column_selector,
    make_column_transformer,
)
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import (
    AdaBoostClassifier,
    BaggingClassifier,
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfVectorizer
from sklearn.frozen import FrozenEstimator
from sklearn.impute import SimpleImputer
from sklearn.linear_model import (
    ElasticNet,
    LinearRegression,
    LogisticRegression,
    PoissonRegressor,
    Ridge,
    SGDClassifier,
)
from sklearn.model_selection import FixedThresholdClassifier, GridSearchCV, KFold
from sklearn.multiclass import OneVsRestClassifier
from sklearn.naive_bayes import GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import (
    KBinsDiscretizer,
    MaxAbsScaler,
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    QuantileTransformer,
    RobustScaler,
    SplineTransformer,
    StandardScaler,
    TargetEncoder,
)
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier
from xgboost import XGBClassifier, XGBRegressor

from servery.errors import PublishingRefused
from servery.inspection import inspect
from servery.predict import ClassPrediction, predict
from servery.publishing import publish
from servery.repository import Repository
from servery.signature import CategoryInput, NumberInput, Signature, TextInput

ROWS = 60
NUMBERS = ["size (m²)", "1st Flr SF"]
WORDS = ["a/b", "жанр"]


def table() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    return pd.DataFrame(
        {
            "size (m²)": rng.normal(40, 9, ROWS),
            "a/b": rng.choice(["x", "y", "z"], ROWS).astype(object),
            "1st Flr SF": rng.normal(9, 2, ROWS),
            "жанр": rng.choice(["поп", "рок"], ROWS).astype(object),
        }
    )


def split(number: Any = None, word: Any = None) -> ColumnTransformer:  # noqa: ANN401
    number = StandardScaler() if number is None else number
    word = OneHotEncoder(handle_unknown="ignore") if word is None else word
    return make_column_transformer((number, NUMBERS), (word, WORDS))


def by(*steps: Any) -> Callable[[], Any]:  # noqa: ANN401
    return lambda: make_pipeline(*steps)


# Each maker gives an unfitted estimator; "mixed" takes the whole table, "numbers" its numbers.
CLASSIFIERS: dict[str, tuple[str, Callable[[], Any]]] = {
    "logistic": ("mixed", by(split(), LogisticRegression())),
    "sgd": ("mixed", by(split(), SGDClassifier(loss="log_loss", random_state=0))),
    "linear-svm": ("mixed", by(split(), LinearSVC())),
    "svc": ("numbers", by(StandardScaler(), SVC())),
    "naive-bayes": ("numbers", GaussianNB),
    "lda": ("numbers", LinearDiscriminantAnalysis),
    "neighbours": ("numbers", by(RobustScaler(), KNeighborsClassifier())),
    "tree": ("numbers", lambda: DecisionTreeClassifier(random_state=0)),
    "forest": ("mixed", by(split(), RandomForestClassifier(10, random_state=0))),
    "boosting": ("numbers", lambda: GradientBoostingClassifier(n_estimators=5, random_state=0)),
    "ada": ("numbers", lambda: AdaBoostClassifier(n_estimators=5, random_state=0)),
    "bagging": ("numbers", lambda: BaggingClassifier(n_estimators=3, random_state=0)),
    "hist": ("numbers", lambda: HistGradientBoostingClassifier(max_iter=5)),
    "xgboost": ("numbers", lambda: XGBClassifier(n_estimators=5, n_jobs=1)),
    "ordinal": ("mixed", by(split(word=OrdinalEncoder()), DecisionTreeClassifier(random_state=0))),
    "target-encoder": ("mixed", by(split(word=TargetEncoder(cv=KFold(3))), GaussianNB())),
    "imputers": (
        "mixed",
        by(
            split(
                make_pipeline(SimpleImputer(), MinMaxScaler()),
                make_pipeline(
                    SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore")
                ),
            ),
            LogisticRegression(),
        ),
    ),
    "remainder": (
        "mixed",
        by(
            make_column_transformer((OneHotEncoder(), WORDS), remainder=MinMaxScaler()),
            LogisticRegression(),
        ),
    ),
    "selector": (
        "mixed",
        by(
            make_column_transformer(
                (StandardScaler(), make_column_selector(dtype_include="number")),
                (OneHotEncoder(), make_column_selector(dtype_exclude="number")),
            ),
            LogisticRegression(),
        ),
    ),
    "by-index": (
        "mixed",
        by(
            make_column_transformer((StandardScaler(), [0, 2]), (OneHotEncoder(), [1, 3])),
            LogisticRegression(),
        ),
    ),
    "by-slice-and-mask": (
        "mixed",
        by(
            make_column_transformer(
                ("passthrough", slice(0, 3, 2)), (OneHotEncoder(), [False, True, False, True])
            ),
            LogisticRegression(max_iter=2000),
        ),
    ),
    "nested": (
        "mixed",
        by(split(make_pipeline(StandardScaler(), PolynomialFeatures(2))), LogisticRegression()),
    ),
    "union": (
        "numbers",
        by(
            FeatureUnion([("scaled", StandardScaler()), ("bins", KBinsDiscretizer(3))]),
            LogisticRegression(),
        ),
    ),
    "calibrated": ("mixed", lambda: CalibratedClassifierCV(by(split(), LinearSVC())(), cv=3)),
    "threshold": (
        "mixed",
        lambda: FixedThresholdClassifier(
            by(split(), LogisticRegression())(), threshold=0.3, pos_label="yes"
        ),
    ),
    "grid-search": (
        "mixed",
        lambda: GridSearchCV(
            by(split(), LogisticRegression())(), {"logisticregression__C": [0.1, 1]}, cv=3
        ),
    ),
    "voting": (
        "numbers",
        lambda: VotingClassifier([("a", GaussianNB()), ("b", LogisticRegression())], voting="soft"),
    ),
    "stacking": ("numbers", lambda: StackingClassifier([("a", GaussianNB())], cv=3)),
    "one-vs-rest": ("numbers", lambda: OneVsRestClassifier(LogisticRegression())),
}
REGRESSORS: dict[str, tuple[str, Callable[[], Any]]] = {
    "linear": ("numbers", LinearRegression),
    "ridge": ("mixed", by(split(), Ridge())),
    "elastic-net": ("mixed", by(split(MaxAbsScaler()), ElasticNet())),
    "poisson": ("numbers", by(MinMaxScaler(), PoissonRegressor())),
    "splines": ("numbers", by(SplineTransformer(), Ridge())),
    "quantiles": ("numbers", by(QuantileTransformer(n_quantiles=10), Ridge())),
    "extra-trees": ("numbers", lambda: ExtraTreesRegressor(5, random_state=0)),
    "neighbours": ("numbers", KNeighborsRegressor),
    "mlp": (
        "numbers",
        by(
            StandardScaler(),
            MLPRegressor(hidden_layer_sizes=(4,), random_state=0, solver="lbfgs", max_iter=9000),
        ),
    ),
    "xgboost": ("numbers", lambda: XGBRegressor(n_estimators=5, n_jobs=1)),
    "target-transform": (
        "numbers",
        lambda: TransformedTargetRegressor(Ridge(), func=np.log1p, inverse_func=np.expm1),
    ),
}
TEXTS = {
    "tfidf": by(TfidfVectorizer(), LogisticRegression()),
    "count": by(CountVectorizer(), MultinomialNB()),
    "hashing": by(HashingVectorizer(n_features=64), LogisticRegression()),
    "union": by(
        FeatureUnion([("words", TfidfVectorizer()), ("letters", CountVectorizer(analyzer="char"))]),
        LogisticRegression(),
    ),
}
SENTENCES = ["good film", "bad film", "very good", "so bad", "fine and good", "bad, bad"] * 5


def serve(estimator: Any, root: Path) -> Any:  # noqa: ANN401
    publish(estimator, name="model", root=root)
    return Repository(root).get("model")


def columns_of(shape: str) -> pd.DataFrame:
    return table() if shape == "mixed" else table()[NUMBERS]


def assert_shape(signature: Signature, shape: str) -> None:
    expected: dict[str, type] = dict.fromkeys(NUMBERS, NumberInput)
    if shape == "mixed":
        expected |= dict.fromkeys(WORDS, CategoryInput)
    assert {item.name: type(item) for item in signature.inputs} == expected
    assert list(signature.names) == list(columns_of(shape).columns)


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_a_classifier_is_served_from_its_file_alone(name: str, tmp_path: Path) -> None:
    shape, make = CLASSIFIERS[name]
    X = columns_of(shape)
    y = np.where(X["size (m²)"] + X["1st Flr SF"] > 49, "yes", "no")
    if name == "xgboost":
        y = (y == "yes").astype(int)
    model = make().fit(X, y)
    served = serve(model, tmp_path)
    assert_shape(served.signature, shape)
    answers = predict(served, served.signature.parse(X.to_dict("records")))
    assert [answer.prediction for answer in answers] == model.predict(X).tolist()
    if hasattr(model, "predict_proba"):
        expected = model.predict_proba(X).tolist()
        for answer, row in zip(answers, expected, strict=True):
            assert isinstance(answer, ClassPrediction)
            assert sorted(p.probability for p in answer.probabilities or ()) == sorted(row)


@pytest.mark.parametrize("name", REGRESSORS)
def test_a_regressor_is_served_from_its_file_alone(name: str, tmp_path: Path) -> None:
    shape, make = REGRESSORS[name]
    X = columns_of(shape)
    model = make().fit(X, X["size (m²)"].abs() * 2 + 5)
    served = serve(model, tmp_path)
    assert_shape(served.signature, shape)
    answers = predict(served, served.signature.parse(X.to_dict("records")))
    assert [answer.prediction for answer in answers] == model.predict(X).astype(float).tolist()


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_model_is_served_from_its_file_alone(name: str, tmp_path: Path) -> None:
    y = ["bad" if "bad" in text else "good" for text in SENTENCES]
    model = TEXTS[name]().fit(SENTENCES, y)
    served = serve(model, tmp_path)
    [item] = served.signature.inputs
    assert isinstance(item, TextInput)
    answers = predict(served, served.signature.parse([{"text": text} for text in SENTENCES]))
    assert [answer.prediction for answer in answers] == model.predict(SENTENCES).tolist()


def test_an_estimator_fitted_on_an_array_gets_numbered_names(tmp_path: Path) -> None:
    X = table()[NUMBERS].to_numpy()
    model = make_pipeline(StandardScaler(), Ridge()).fit(X, X[:, 0])
    served = serve(model, tmp_path)
    assert served.signature.names == ("x0", "x1")
    answer = predict(served, served.signature.parse([{"x0": 40.5, "x1": 9}]))[0]
    assert answer.prediction == float(model.predict([[40.5, 9]])[0])


def test_what_the_parts_hold_is_said_and_nothing_else() -> None:
    X = table()
    X.loc[3, "a/b"] = np.nan
    word = OneHotEncoder(handle_unknown="error")
    model = make_pipeline(split(MinMaxScaler(), word), LogisticRegression()).fit(X, [0, 1] * 30)
    size, a_b, floor, genre = inspect(model).signature.inputs
    assert isinstance(size, NumberInput)
    assert size.seen is not None
    assert (size.seen.minimum, size.seen.maximum) == (X["size (m²)"].min(), X["size (m²)"].max())
    assert size.seen.histogram is None
    assert isinstance(a_b, CategoryInput)
    assert [category.value for category in a_b.categories] == ["x", "y", "z"]
    assert [category.count for category in a_b.categories] == [None] * 3
    assert (a_b.missing_allowed, a_b.unknown_allowed) == (True, False)
    assert isinstance(genre, CategoryInput)
    assert (genre.missing_allowed, genre.unknown_allowed) == (False, False)
    assert floor.missing_allowed is False


def test_native_categories_are_categories(tmp_path: Path) -> None:
    X = pd.DataFrame({"kind": pd.Categorical(["x", "y"] * 30), "size": np.arange(60.0)})
    model = HistGradientBoostingClassifier(categorical_features="from_dtype", max_iter=3)
    served = serve(model.fit(X, [0, 1] * 30), tmp_path)
    kind, size = served.signature.inputs
    answers = predict(served, served.signature.parse(X.astype(object).to_dict("records")))
    assert [answer.prediction for answer in answers] == model.predict(X).tolist()
    assert isinstance(kind, CategoryInput)
    assert [category.value for category in kind.categories] == ["x", "y"]
    assert isinstance(size, NumberInput)
    assert size.missing_allowed


def test_a_frozen_estimator_is_looked_into() -> None:
    X = table()
    model = FrozenEstimator(make_pipeline(split(), LogisticRegression()).fit(X, [0, 1] * 30))
    assert_shape(inspect(model).signature, "mixed")


@pytest.mark.parametrize("thing", [LogisticRegression(), make_pipeline(StandardScaler(), Ridge())])
def test_an_unfitted_estimator_is_refused_with_the_remedy(thing: object) -> None:
    with pytest.raises(PublishingRefused, match="Fit it before saving it"):
        inspect(thing)

"""Ordinary ways to write a model, each saved, published from its file and asked again."""

import operator
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator
from sklearn.cluster import AffinityPropagation, Birch, MiniBatchKMeans
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.cross_decomposition import PLSRegression
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import BaggingRegressor, RandomForestRegressor
from sklearn.experimental import enable_iterative_imputer  # noqa: F401
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.impute import IterativeImputer
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.mixture import GaussianMixture
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline, make_pipeline, make_union
from sklearn.preprocessing import (
    FunctionTransformer,
    OneHotEncoder,
    PolynomialFeatures,
    StandardScaler,
)
from sklearn.semi_supervised import SelfTrainingClassifier

from servery.artifact import LoadPolicy, Trust
from servery.artifact.sandbox import SandboxedLoad
from servery.errors import InvalidInputs, PublishingRefused
from servery.inputs import TextInput
from servery.inspection import inspect
from servery.predict import predict
from servery.publishing.files import publish_file
from servery.publishing.golden import record
from servery.publishing.options import Tables
from servery.repository import Repository
from servery.runtimes.sklearn import SklearnRuntime
from servery.served import ServedModel
from servery.signature import ClusteringOutput, RegressionOutput
from tests.unit.own_steps import ByHand, Clip, ClipByPlace, WithoutClasses

ROWS = 100


def rows() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "a": rng.normal(size=ROWS),
            "b": rng.normal(3, 1, size=ROWS),
            "k": rng.choice(["x", "y", "z"], ROWS),
        }
    )


X = rows()
NUMBERS = X[["a", "b"]]
AMOUNT = X.a * 2 + X.b
SANDBOX = SandboxedLoad(LoadPolicy())


def served(model: object, folder: Path) -> ServedModel:
    """Save a model, publish its file and return what serves it."""
    file = folder / "model.joblib"
    joblib.dump(model, file)
    publish_file(file, name="m", root=folder / "models", sandbox=SANDBOX)
    return Repository(folder / "models").get("m")


def answers(model: ServedModel, table: pd.DataFrame) -> list[Any]:
    names = list(model.signature.names)
    instances = [dict(zip(names, row, strict=True)) for row in table[names].to_numpy().tolist()]
    return [each.prediction for each in predict(model, model.signature.parse(instances))]


def polynomials_before_columns() -> Any:  # noqa: ANN401
    features = PolynomialFeatures(2, include_bias=False).set_output(transform="pandas")
    columns = make_column_transformer((StandardScaler(), ["b", "a b"]), remainder="passthrough")
    return make_pipeline(features, columns, Ridge()).fit(NUMBERS, AMOUNT)


def words_before_a_bag() -> Any:  # noqa: ANN401
    columns = make_column_transformer((OneHotEncoder(), ["k"]), remainder="passthrough")
    bag = BaggingRegressor(Ridge(), n_estimators=3, max_features=0.7, random_state=0)
    return make_pipeline(columns, bag).fit(X, AMOUNT)


def one_hot_before_columns() -> Any:  # noqa: ANN401
    encoder = OneHotEncoder(sparse_output=False).set_output(transform="pandas")
    columns = make_column_transformer((StandardScaler(), ["k_x", "k_z"]))
    return make_pipeline(encoder, columns, LogisticRegression()).fit(X[["k"]], AMOUNT > 3)


def a_union_before_columns() -> Any:  # noqa: ANN401
    union = make_union(PolynomialFeatures(2), StandardScaler())
    columns = make_column_transformer((StandardScaler(), [1, 7]), remainder="passthrough")
    return make_pipeline(union, columns, Ridge()).fit(NUMBERS, AMOUNT)


def no_columns_of_a_kind() -> Any:  # noqa: ANN401
    words = make_column_selector(dtype_exclude="number")
    columns = make_column_transformer((StandardScaler(), ["a", "b"]), (OneHotEncoder(), words))
    return make_pipeline(columns, Ridge()).fit(NUMBERS, AMOUNT)


def a_bag_of_few_columns() -> Any:  # noqa: ANN401
    bag = BaggingRegressor(Ridge(), n_estimators=1, max_features=1, random_state=0)
    bag.fit(NUMBERS, AMOUNT)
    return bag


def steps_that_pass_all_on() -> Any:  # noqa: ANN401
    steps = [("first", "passthrough"), ("none", None), ("scale", StandardScaler())]
    return Pipeline([*steps, ("model", Ridge())]).fit(NUMBERS, AMOUNT)


def a_getter() -> Any:  # noqa: ANN401
    getter = FunctionTransformer(operator.itemgetter(["b", "a"]))
    return make_pipeline(getter, StandardScaler(), Ridge()).fit(X, AMOUNT)


def types_and_missing_values() -> Any:  # noqa: ANN401
    columns = make_column_transformer(
        (IterativeImputer(max_iter=2), make_column_selector(dtype_include=np.number)),
        (
            OneHotEncoder(categories=[X.k.unique()]),
            make_column_selector(dtype_include=[pd.StringDtype, object]),
        ),
    )
    return make_pipeline(columns, Ridge()).fit(X.assign(a=X.a.where(X.a < 1)), AMOUNT)


def a_forest_that_splits_by_what_is_missing() -> Any:  # noqa: ANN401
    gaps = NUMBERS.assign(a=NUMBERS.a.where(np.arange(ROWS) % 4 > 0))
    return RandomForestRegressor(3, random_state=0).fit(gaps, np.where(gaps.a.isna(), 9, gaps.b))


def self_training() -> Any:  # noqa: ANN401
    # Its threshold says which rows it learns from, not which class it predicts.
    model = SelfTrainingClassifier(LogisticRegression(), threshold=0.95)
    return make_pipeline(StandardScaler(), model).fit(
        NUMBERS, np.where(np.arange(ROWS) % 5 == 0, -1, AMOUNT > 3)
    )


@pytest.mark.parametrize(
    "make",
    [
        a_bag_of_few_columns,
        steps_that_pass_all_on,
        a_getter,
        a_forest_that_splits_by_what_is_missing,
        self_training,
        types_and_missing_values,
        no_columns_of_a_kind,
        polynomials_before_columns,
        words_before_a_bag,
        one_hot_before_columns,
        a_union_before_columns,
        lambda: PLSRegression(2).fit(NUMBERS, AMOUNT),
    ],
)
def test_a_file_answers_as_its_estimator_does(make: Callable[[], Any], tmp_path: Path) -> None:
    model = make()
    names = getattr(model, "feature_names_in_", NUMBERS.columns)
    expected = model.predict(X[names].head(20)).tolist()
    assert answers(served(model, tmp_path), X.head(20)) == pytest.approx(expected)


class LessItsMean(BaseEstimator):  # type: ignore[misc] # scikit-learn has no types
    """Centers a table by its own mean instead of that of the fit."""

    def fit(self, _: object, __: object = None) -> "LessItsMean":
        self.n_features_in_ = 2
        return self

    def transform(self, table: Any) -> Any:  # noqa: ANN401
        values = np.asarray(table)
        return values - values.mean(axis=0)

    def __sklearn_is_fitted__(self) -> bool:
        return True


@pytest.mark.parametrize(
    "model",
    [
        DummyClassifier(strategy="stratified", random_state=0),
        DummyClassifier(strategy="uniform"),
        make_pipeline(LessItsMean(), LogisticRegression()),
    ],
)
def test_what_answers_by_chance_or_by_other_rows_is_refused(model: Any) -> None:  # noqa: ANN401
    model.fit(NUMBERS, AMOUNT > 3)
    for table in (None, NUMBERS):
        with pytest.raises(PublishingRefused, match="depend on chance or on the other rows"):
            record(model, inspect(model, table))


def test_an_imputer_that_draws_what_is_missing_by_chance_is_refused() -> None:
    drawn = IterativeImputer(sample_posterior=True, max_iter=2, random_state=0)
    model = make_pipeline(drawn, Ridge()).fit(NUMBERS.mask(NUMBERS > 4), AMOUNT)
    with pytest.raises(PublishingRefused, match="depend on chance or on the other rows"):
        record(model, inspect(model))


def test_an_iterative_imputer_takes_what_is_missing() -> None:
    model = make_pipeline(IterativeImputer(max_iter=2), Ridge())
    model.fit(NUMBERS.mask(NUMBERS > 4), AMOUNT)
    inspected = inspect(model)
    assert all(item.missing_allowed for item in inspected.signature.inputs)
    rows = [(None, None), (1.0, None), (None, None), (1.0, 2.0), (None, 2.0)]
    runtime = SklearnRuntime(model, inspected.signature, inspected.facts)
    alone = [value for row in rows for value in runtime.predict([row]).values or ()]
    assert runtime.predict(rows).values == alone
    columns = [np.array(column, dtype=float) for column in zip(*rows, strict=True)]
    assert np.asarray(runtime.predict_columns(columns).values).tolist() == alone


def test_a_category_may_be_as_long_as_a_known_one(tmp_path: Path) -> None:
    table = X[["a"]].assign(k=X.k * 600)
    encoder = OneHotEncoder(handle_unknown="ignore")
    columns = make_column_transformer((encoder, ["k"]), remainder="passthrough")
    model = make_pipeline(columns, Ridge()).fit(table, AMOUNT)
    published = served(model, tmp_path)
    assert answers(published, table) == pytest.approx(model.predict(table).tolist())
    with pytest.raises(InvalidInputs) as refused:
        published.signature.parse([{"a": 1.0, "k": "w" * 601}])
    assert refused.value.faults[0].detail == "Expected at most 600 characters, found 601."


def test_methods_of_texts_take_texts_apart(tmp_path: Path) -> None:
    texts, liked = ["Good film", "bad film"] * 10, [1, 0] * 10
    words = CountVectorizer(tokenizer=str.split, preprocessor=str.casefold, token_pattern=None)
    dense = FunctionTransformer(operator.methodcaller("toarray"))
    model = make_pipeline(words, dense, LogisticRegression()).fit(texts, liked)
    assert answers(served(model, tmp_path), pd.DataFrame({"text": texts})) == liked


def test_a_column_of_texts_stays_one_in_another_container() -> None:
    table = pd.DataFrame({"review": ["Good film", "bad film"] * 10})
    for lays_out in (operator.methodcaller("to_numpy"), np.ravel, operator.itemgetter("review")):
        steps = [FunctionTransformer(lays_out), FunctionTransformer(np.ravel)]
        words = make_pipeline(*steps, CountVectorizer())
        model = make_pipeline(words, LogisticRegression()).fit(table, [1, 0] * 10)
        [review] = inspect(model).signature.inputs
        assert (review.name, type(review)) == ("review", TextInput)


def test_a_curve_along_one_column_takes_one_number(tmp_path: Path) -> None:
    model = IsotonicRegression(out_of_bounds="clip").fit(X[["a"]], AMOUNT)
    published = served(model, tmp_path)
    table = X[["a"]].set_axis(["x0"], axis=1).head(20)
    assert answers(published, table) == pytest.approx(model.predict(X[["a"]].head(20)).tolist())


@pytest.mark.parametrize("step", [Clip(), ClipByPlace()])
def test_the_columns_of_a_step_that_does_not_record_them_are_those_of_the_data(
    step: Any,  # noqa: ANN401
    tmp_path: Path,
) -> None:
    fitted_on = NUMBERS if type(step) is Clip else NUMBERS.to_numpy()
    model = make_pipeline(step, Ridge()).fit(fitted_on, AMOUNT)
    file, data, root = tmp_path / "model.joblib", tmp_path / "rows.csv", tmp_path / "models"
    joblib.dump(model, file)
    NUMBERS.assign(amount=AMOUNT).to_csv(data, index=False)
    policy = LoadPolicy(trust=Trust(frozenset({"tests.unit.own_steps"})))
    sandbox = SandboxedLoad(policy)
    with pytest.raises(PublishingRefused, match=r"does not record them: .*--data train\.csv"):
        publish_file(file, name="m", root=root, sandbox=sandbox)
    tables = Tables(data=str(data), target=("amount",))
    publish_file(file, name="m", root=root, sandbox=sandbox, tables=tables)
    published = Repository(root, policy).get("m")
    assert published.signature.names == ("a", "b")
    assert "all columns of the data" in published.notes[0]
    assert answers(published, X.head(20)) == pytest.approx(model.predict(fitted_on[:20]).tolist())


@pytest.mark.parametrize("model", [ByHand(), WithoutClasses()])
def test_a_predictor_of_unknown_answers_is_refused_with_the_remedy(model: object) -> None:
    with pytest.raises(PublishingRefused, match="Derive its class from RegressorMixin or"):
        inspect(model, NUMBERS)


def test_without_a_fit_the_columns_of_a_step_are_of_no_use() -> None:
    with pytest.raises(PublishingRefused, match=r"does not answer the rows of the data: .* fitted"):
        inspect(make_pipeline(Clip(), Ridge()), NUMBERS)


def in_batches(model: Any) -> Any:  # noqa: ANN401
    """Fit a clusterer on sorted batches: the last one has rows of few groups."""
    table = NUMBERS.sort_values("a")
    for start in range(0, ROWS, 20):
        model.partial_fit(table[start : start + 20])
    return model


def test_the_groups_of_a_fit_in_batches_are_those_of_the_whole_fit(tmp_path: Path) -> None:
    model = in_batches(MiniBatchKMeans(5, random_state=0, n_init=1))
    assert len(set(model.labels_)) < 5
    published = served(model, tmp_path)
    assert isinstance(published.signature.output, ClusteringOutput)
    assert [each.value for each in published.signature.output.classes] == [0, 1, 2, 3, 4]
    assert answers(published, X) == model.predict(NUMBERS).tolist()


@pytest.mark.parametrize(
    ("model", "groups"),
    [
        (GaussianMixture(3, random_state=0).fit(NUMBERS), [0, 1, 2]),
        (in_batches(Birch(n_clusters=3, threshold=0.3)), [0, 1, 2]),
        (make_pipeline(StandardScaler(), Birch(n_clusters=2)).fit(NUMBERS), [0, 1]),
    ],
)
def test_groups_are_read_from_the_fit(model: object, groups: list[int]) -> None:
    output = inspect(model).signature.output
    assert isinstance(output, ClusteringOutput)
    assert [each.value for each in output.classes] == groups


@pytest.mark.filterwarnings("ignore:Affinity propagation did not converge")
def test_a_clusterer_that_did_not_converge_has_the_one_group_that_it_answers() -> None:
    output = inspect(AffinityPropagation(max_iter=1, random_state=0).fit(NUMBERS)).signature.output
    assert isinstance(output, ClusteringOutput)
    assert [each.value for each in output.classes] == [-1]


@pytest.mark.parametrize(
    "model",
    [PLSRegression(1), GridSearchCV(PLSRegression(), {"n_components": [1, 2]}, cv=3)],
)
def test_a_regressor_with_components_predicts_a_quantity(model: Any) -> None:  # noqa: ANN401
    assert isinstance(inspect(model.fit(NUMBERS, AMOUNT)).signature.output, RegressionOutput)

"""Signatures read out of fitted estimators alone."""

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    MinMaxScaler,
    OneHotEncoder,
    RobustScaler,
    StandardScaler,
)

from servery.errors import InvalidInputs, PublishingRefused
from servery.inputs import BooleanInput, CategoryInput, Input, IntegerInput, NumberInput, TextInput
from servery.inspection import inspect
from servery.signature import MultiOutput
from servery.signature.reading import InstanceReader
from servery.tables.reading import Reading
from tests.shapes import NUMBERS, ROWS, SHAPES, TABLES, WORDS, split, table


def inputs_of(estimator: object) -> tuple[Input, ...]:
    return inspect(estimator).signature.inputs


@pytest.mark.parametrize("name", [name for name, shape in SHAPES.items() if shape.table == "mixed"])
def test_numbers_and_words_are_told_apart(name: str) -> None:
    word = TextInput if name == "catboost words" else CategoryInput
    kinds = dict.fromkeys(NUMBERS, NumberInput) | dict.fromkeys(WORDS, word)
    read = {item.name: type(item) for item in inputs_of(SHAPES[name].fitted()[0])}
    assert read == {column: kinds[column] for column in read}
    unused = {"dropped columns": {"size (m²)", "жанр"}}
    assert set(kinds) - set(read) == unused.get(name, set())


def test_an_estimator_fitted_on_an_array_gets_numbered_names() -> None:
    X = table()[NUMBERS].to_numpy()
    inspected = inspect(make_pipeline(StandardScaler(), Ridge()).fit(X, X[:, 0]))
    assert inspected.signature.names == ("x0", "x1")
    assert "without column names" in inspected.notes[1]


def test_what_the_parts_hold_is_said_and_nothing_else() -> None:
    X = table()
    X.loc[3, "a/b"] = np.nan
    word = OneHotEncoder(handle_unknown="error")
    model = make_pipeline(split(MinMaxScaler(), word), LogisticRegression()).fit(X, [0, 1] * 30)
    size, a_b, floor, genre = inputs_of(model)
    assert isinstance(size, NumberInput)
    assert size.training_stats is not None
    assert (size.training_stats.minimum, size.training_stats.maximum) == (
        X["size (m²)"].min(),
        X["size (m²)"].max(),
    )
    assert size.training_stats.histogram is None
    assert isinstance(a_b, CategoryInput)
    assert [category.value for category in a_b.categories] == ["x", "y", "z"]
    assert [category.count for category in a_b.categories] == [None] * 3
    assert (a_b.missing_allowed, a_b.unknown_allowed) == (True, False)
    assert isinstance(genre, CategoryInput)
    assert (genre.missing_allowed, genre.unknown_allowed) == (False, False)
    assert floor.missing_allowed is False


@pytest.mark.parametrize("first", [StandardScaler(), RobustScaler(), FunctionTransformer(np.log1p)])
def test_a_range_in_other_units_is_not_taken_for_the_column_s_own(first: object) -> None:
    X = table()[NUMBERS]
    [size, _] = inputs_of(make_pipeline(first, MinMaxScaler(), Ridge()).fit(X, range(ROWS)))
    assert isinstance(size, NumberInput)
    assert size.training_stats is None
    if size.typical is not None:
        assert X["size (m²)"].min() < size.typical < X["size (m²)"].max()


def test_scalers_and_trees_tell_roughly_where_values_lie() -> None:
    X = table()[NUMBERS]
    for name in ("support vectors", "extra trees", "groups", "histogram boosting", "naive bayes"):
        [size, _] = inputs_of(SHAPES[name].fitted()[0])
        assert isinstance(size, NumberInput)
        assert size.training_stats is None, name
        assert size.approximate_range is not None, name
        assert size.approximate_range[0] < X["size (m²)"].mean() < size.approximate_range[1], name
        assert size.typical is not None, name
        assert size.approximate_range[0] < size.typical < size.approximate_range[1], name


@pytest.mark.parametrize("name", ["lightgbm", "nearest rows", "poisson"])
def test_a_range_that_is_kept_is_the_range_of_training(name: str) -> None:
    model, X = SHAPES[name].fitted()
    [size, _] = inputs_of(model)
    assert isinstance(size, NumberInput)
    assert size.training_stats is not None
    assert size.training_stats.minimum == pytest.approx(X.iloc[:, 0].min())
    assert size.training_stats.maximum == pytest.approx(X.iloc[:, 0].max())


def test_missing_values_pass_only_where_every_part_takes_them() -> None:
    allowed = {
        name: [item.missing_allowed for item in inputs_of(SHAPES[name].fitted()[0])]
        for name in ("imputers", "imputed after scaling", "missing as a category", "forest", "svc")
    }
    assert allowed == {
        "imputers": [True, True, True, True],
        "imputed after scaling": [True, True],
        "missing as a category": [True, False],
        "forest": [True, False, True, False],
        "svc": [False, False],
    }


@pytest.mark.parametrize(
    "name", ["native categories", "lightgbm categories", "histogram regression"]
)
def test_native_categories_are_categories(name: str) -> None:
    size, kind, _, genre = inputs_of(SHAPES[name].fitted()[0])
    assert isinstance(size, NumberInput)
    assert isinstance(kind, CategoryInput)
    assert [category.value for category in kind.categories] == ["x", "y", "z"]
    assert isinstance(genre, CategoryInput)
    assert [category.value for category in genre.categories] == ["поп", "рок"]


def test_flags_are_booleans_and_codes_are_numbers() -> None:
    by_name = {item.name: item for item in inputs_of(SHAPES["number codes and flags"].fitted()[0])}
    assert isinstance(by_name["new"], BooleanInput)
    code = by_name["code"]
    assert isinstance(code, CategoryInput)
    assert [category.value for category in code.categories] == [10, 11, 12]


def test_boosters_tell_whole_numbers_and_flags() -> None:
    X = TABLES["codes"]()
    model = SHAPES["xgboost"].make().fit(X, [0, 1] * 30)
    kinds = {item.name: type(item) for item in inputs_of(model)}
    assert kinds["code"] is IntegerInput
    assert kinds["new"] is BooleanInput


def test_several_outputs_are_each_an_output_of_their_own() -> None:
    output = inspect(SHAPES["two classes of a forest"].fitted()[0]).signature.output
    assert isinstance(output, MultiOutput)
    classes = [
        [outcome.value for outcome in getattr(part, "classes", ())] for part in output.outputs
    ]
    assert classes == [["no", "yes"], ["a", "b"]]


def test_a_frozen_estimator_is_looked_into() -> None:
    X = table()
    model = FrozenEstimator(make_pipeline(split(), LogisticRegression()).fit(X, [0, 1] * 30))
    assert [type(item) for item in inputs_of(model)] == [NumberInput, CategoryInput] * 2


def test_columns_that_no_part_takes_are_not_asked_for_and_that_is_said() -> None:
    inspected = inspect(SHAPES["dropped columns"].fitted()[0])
    assert inspected.signature.names == ("a/b", "1st Flr SF")
    assert "The model does not use 'size (m²)', 'жанр'" in inspected.notes[-1]


def test_categories_from_a_table_keep_the_kind_that_the_model_knows() -> None:
    X = pd.DataFrame({"zip": ["01234", "99999"] * 30, "size": np.arange(60.0)})
    model = HistGradientBoostingClassifier(categorical_features=["zip"], max_iter=2)
    [code, _] = inspect(model.fit(X, [0, 1] * 30), X).signature.inputs
    assert isinstance(code, CategoryInput)
    assert [(category.value, category.count) for category in code.categories] == [
        ("01234", 30),
        ("99999", 30),
    ]


@pytest.mark.parametrize("thing", [LogisticRegression(), make_pipeline(StandardScaler(), Ridge())])
def test_an_unfitted_estimator_is_refused_with_the_remedy(thing: object) -> None:
    with pytest.raises(PublishingRefused, match="Fit it before saving it"):
        inspect(thing)


def test_a_transformer_of_dictionaries_is_refused_with_the_remedy() -> None:
    model = make_pipeline(DictVectorizer(), LogisticRegression())
    with pytest.raises(PublishingRefused, match="takes dictionaries"):
        inspect(model.fit([{"a": 1, "k": "x"}, {"a": 2, "k": "y"}], [0, 1]))


def test_the_note_of_a_model_of_texts_speaks_of_texts_alone() -> None:
    model = make_pipeline(CountVectorizer(), LogisticRegression()).fit(
        ["a good one", "bad"], [0, 1]
    )
    assert inspect(model).notes == ("Published without data: unusual texts may get no warning.",)


def test_true_and_false_are_numbers_to_a_model_that_does_not_record_the_type() -> None:
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"new": rng.random(80) < 0.4, "area": rng.normal(100.0, 10.0, 80)})
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(X, X.new)
    inspected = inspect(model)
    assert "true is 1, false is 0" in inspected.notes[1]
    assert isinstance(inspect(model, X).signature.inputs[0], BooleanInput)
    signature = inspected.signature
    new, area = signature.inputs
    assert signature.parse([{"new": True, "area": 100.0}]).rows == [(1.0, 100.0)]
    body = b'{"inputs": {"new": false, "area": 100.0}}'
    read = InstanceReader(signature).body(body, 1)
    assert read is not None
    assert read.instances.rows == [(0.0, 100.0)]
    assert new.from_text(Reading())("True") is True
    assert new.schema()["type"] == ["number", "boolean"]
    assert area.schema()["type"] == "number"  # its mean is far from 0 and 1
    with pytest.raises(InvalidInputs, match="Fix these inputs: area"):
        signature.parse([{"new": 1, "area": True}])

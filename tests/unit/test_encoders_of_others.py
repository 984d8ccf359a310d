"""Steps of category_encoders and feature-engine: read, opened without trust, and served."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import StandardScaler

from servery.artifact import LoadPolicy
from servery.artifact.opening import open_estimator
from servery.artifact.sandbox import SandboxedLoad
from servery.errors import ArtifactRejected
from servery.estimators.registry import FAMILIES
from servery.inputs import CategoryInput, DatetimeInput, NumberInput, TextInput
from servery.inspection import inspect
from servery.predict import predict
from servery.publishing.files import publish_file
from servery.repository import Repository

ce = pytest.importorskip("category_encoders")
fe = pytest.importorskip("feature_engine")
creation = pytest.importorskip("feature_engine.creation")
dates = pytest.importorskip("feature_engine.datetime")
encoding = pytest.importorskip("feature_engine.encoding")
imputation = pytest.importorskip("feature_engine.imputation")
outliers = pytest.importorskip("feature_engine.outliers")
selection = pytest.importorskip("feature_engine.selection")
transformation = pytest.importorskip("feature_engine.transformation")
wrappers = pytest.importorskip("feature_engine.wrappers")

#: They call functions that pandas is about to change.
pytestmark = pytest.mark.filterwarnings("ignore")
POLICY = LoadPolicy(allow_read=tuple({Path(each.__file__).parents[1] for each in (ce, fe)}))
RNG = np.random.default_rng(0)
TOWNS = ["Bonn", "Jena", "Köln", "Ulm"]
X = pd.DataFrame(
    {
        "town": RNG.choice(TOWNS, 300),
        "age": RNG.integers(18, 80, 300).astype(float),
        "plan": RNG.choice(["a", "b"], 300),
        "size": RNG.gamma(2.0, 3.0, 300) + 0.1,
    }
)
Y = ((X.town == "Ulm") | (X.age > 60)).astype(int)


def opened(model: Any) -> Any:  # noqa: ANN401
    data = io.BytesIO()
    joblib.dump(model, data)
    return open_estimator(data.getvalue(), "model.joblib", POLICY).estimator


def inputs_of(model: Any) -> dict[str, Any]:  # noqa: ANN401
    return {item.name: item for item in inspect(opened(model)).signature.inputs}


def fitted(*steps: Any) -> Any:  # noqa: ANN401
    return make_pipeline(*steps, LogisticRegression()).fit(X, Y)


def test_whole_numbers_stay_whole_as_categories() -> None:
    counted = X[["size"]].assign(rooms=RNG.integers(1, 4, 300))
    model = make_pipeline(ce.OneHotEncoder(cols=["rooms"]), LogisticRegression()).fit(counted, Y)
    rooms = inputs_of(model)["rooms"]
    assert [(type(each.value), each.value) for each in rooms.categories] == [
        (int, 1),
        (int, 2),
        (int, 3),
    ]


def test_columns_that_are_encoded_together_take_any_text() -> None:
    encoder = ce.TargetEncoder(cols=["town"], composite_cols=[("town", "plan")])
    kinds = {name: type(item) for name, item in inputs_of(fitted(encoder)).items()}
    assert kinds == {
        "town": CategoryInput,
        "age": NumberInput,
        "plan": TextInput,
        "size": NumberInput,
    }


def test_steps_of_both_libraries_answer_as_they_do_in_their_pipeline(tmp_path: Path) -> None:
    encoders = [ce.OneHotEncoder(), ce.TargetEncoder(), ce.LeaveOneOutEncoder()]
    steps = make_pipeline(
        imputation.MeanMedianImputer(variables=["age"]),
        imputation.CategoricalImputer(variables=["town", "plan"]),
        encoding.RareLabelEncoder(tol=0.24, n_categories=2, variables=["town"]),
        encoding.OneHotEncoder(variables=["town", "plan"]),
        outliers.Winsorizer(variables=["size"]),
        transformation.YeoJohnsonTransformer(variables=["size"]),
        creation.MathFeatures(variables=["age", "size"], func=["sum", "max"]),
        creation.CyclicalFeatures(variables=["age"]),
        selection.DropConstantFeatures(tol=0.99),
        wrappers.SklearnTransformerWrapper(StandardScaler(), variables=["age", "size"]),
    )
    model = fitted(make_union(*encoders, steps), StandardScaler())
    joblib.dump(model, tmp_path / "model.joblib")
    sandbox, root = SandboxedLoad(POLICY), tmp_path / "models"
    publish_file(tmp_path / "model.joblib", name="m", root=root, sandbox=sandbox)
    served = Repository(root, POLICY).get("m")
    kinds = [type(item) for item in served.signature.inputs]
    assert kinds == [CategoryInput, NumberInput, CategoryInput, NumberInput]
    odd = X.head(20).astype(object)
    odd.loc[0, "town"], odd.loc[1, "town"], odd.loc[2, "plan"] = "Hamm", None, None
    answers = predict(served, served.signature.parse(odd.to_dict("records")))
    found = [dict(_probabilities(answer)) for answer in answers]
    assert found == [
        pytest.approx(dict(zip([0, 1], row, strict=True)))
        for row in model.predict_proba(odd).tolist()
    ]


def _probabilities(answer: Any) -> Iterator[tuple[Any, float]]:  # noqa: ANN401
    yield from ((each.class_, each.probability) for each in answer.probabilities)


def test_every_encoder_on_the_list_is_opened_as_it_was_saved() -> None:
    made = FAMILIES["category_encoders.utils.BaseEncoder"].names.made
    names = sorted(name.rpartition(".")[2] for name in made)
    encoders = make_union(*[getattr(ce, name)(cols=["town", "plan"]) for name in names])
    model = fitted(encoders, StandardScaler())
    found = opened(model).predict_proba(X.head(20))
    assert found.tolist() == model.predict_proba(X.head(20)).tolist()


@pytest.mark.parametrize(
    ("encoder", "unknown_allowed", "missing_allowed"),
    [
        (ce.OrdinalEncoder(["town", "plan"]), True, True),
        (ce.TargetEncoder(cols=["town", "plan"], handle_unknown="error"), False, True),
        (ce.CountEncoder(cols=["town", "plan"], min_group_size=90), True, True),
        (ce.LeaveOneOutEncoder(cols=["town", "plan"], handle_missing="error"), True, False),
        (encoding.OneHotEncoder(variables=["town", "plan"]), True, False),
        (encoding.MeanEncoder(variables=["town", "plan"], unseen="raise"), False, False),
        (
            encoding.CountFrequencyEncoder(
                variables=["town", "plan"], missing_values="ignore", unseen="encode"
            ),
            True,
            True,
        ),
    ],
)
def test_an_encoder_says_what_it_takes(
    encoder: Any,  # noqa: ANN401
    unknown_allowed: bool,
    missing_allowed: bool,
) -> None:
    town = inputs_of(fitted(encoder))["town"]
    assert {each.value for each in town.categories} == set(TOWNS)
    assert (town.unknown_allowed, town.missing_allowed) == (unknown_allowed, missing_allowed)


def test_a_date_is_an_input_of_its_own_kind() -> None:
    dated = X.drop(columns=["town", "plan"]).assign(day=pd.Timestamp("2024-01-01"))
    dated["day"] += pd.to_timedelta(np.arange(len(X)), unit="D")
    model = make_pipeline(
        dates.DatetimeFeatures(variables=["day"], features_to_extract=["month"]),
        LogisticRegression(),
    ).fit(dated, Y)
    kinds = {name: type(item) for name, item in inputs_of(model).items()}
    assert kinds == {"age": NumberInput, "size": NumberInput, "day": DatetimeInput}


def test_a_dropped_column_is_asked_for_as_the_part_that_drops_it_does() -> None:
    model = fitted(
        selection.DropFeatures(["plan"]), encoding.OrdinalEncoder("arbitrary", variables=["town"])
    )
    assert list(inputs_of(model)) == ["town", "age", "plan", "size"]


def test_a_method_of_a_frame_is_not_a_function_of_a_row() -> None:
    model = fitted(
        selection.DropFeatures(["plan", "town"]), creation.MathFeatures(["age", "size"], ["sum"])
    )
    model.steps[1][1].func = ["to_pickle"]
    with pytest.raises(ArtifactRejected, match="a function of a row that no fit makes"):
        inputs_of(model)

"""Files that boosting libraries write themselves: no pickle, read in a cage, asked as a fit is."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import catboost
import joblib
import lightgbm
import numpy as np
import onnx
import pandas as pd
import pytest
import xgboost
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.cluster import KMeans
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from servery.artifact import LoadPolicy
from servery.artifact.opening import open_estimator
from servery.artifact.sandbox import SandboxedLoad
from servery.errors import ArtifactRejected, PublishingRefused, ServeryError
from servery.predict import predict
from servery.publishing.files import publish_file
from servery.publishing.options import PublishOptions, Tables
from servery.repository import Repository
from servery.signature import ClassificationOutput

ROWS = 200
SANDBOX = SandboxedLoad(LoadPolicy())


def rows() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame({"age": rng.normal(40, 9, ROWS), "income": rng.normal(4e4, 9e3, ROWS)})


X = rows()
AMOUNT = X.age * 2 + X.income / 1e4
HALVES = (X.age > 40).astype(int)
THIRDS = np.digitize(X.age, [35, 45])
WORDS = np.array(["young", "middle", "old"], dtype=object)[THIRDS]
KIND = pd.Categorical(WORDS)
CAT: dict[str, Any] = {
    "iterations": 5,
    "verbose": 0,
    "allow_writing_files": False,
    "thread_count": 1,
}


def by_xgboost(folder: Path) -> tuple[Path, Any]:
    model = xgboost.XGBClassifier(n_estimators=5, n_jobs=1).fit(X, THIRDS)
    model.save_model(folder / "model.json")
    return folder / "model.json", model.predict_proba(X)


def by_xgboost_that_stopped_early(folder: Path) -> tuple[Path, Any]:
    noise = np.random.default_rng(1).normal(size=ROWS)
    model = xgboost.XGBRegressor(n_estimators=50, n_jobs=1, early_stopping_rounds=2)
    model.fit(X[:100], noise[:100], eval_set=[(X[100:], noise[100:])], verbose=False)
    assert model.best_iteration + 1 < model.get_booster().num_boosted_rounds()
    model.save_model(folder / "early.ubj")
    return folder / "early.ubj", model.predict(X)


def by_a_booster_that_stopped_early(folder: Path) -> tuple[Path, Any]:
    noise = np.random.default_rng(1).integers(0, 2, ROWS)
    known, unseen = (
        xgboost.DMatrix(X[part], noise[part]) for part in (slice(0, 100), slice(100, ROWS))
    )
    options = {"objective": "binary:logistic", "nthread": 1}
    evaluated: Any = {"evals": [(unseen, "unseen")], "early_stopping_rounds": 2}
    booster = xgboost.train(options, known, 50, **evaluated, verbose_eval=False)
    booster.save_model(folder / "booster.json")
    positive = booster.predict(xgboost.DMatrix(X))
    return folder / "booster.json", np.column_stack([1 - positive, positive])


def by_lightgbm(folder: Path) -> tuple[Path, Any]:
    table = X.assign(kind=KIND)
    model = lightgbm.LGBMRegressor(n_estimators=5, n_jobs=1, verbose=-1).fit(table, AMOUNT)
    model.booster_.save_model(folder / "model.txt")
    return folder / "model.txt", model.predict(table)


def by_lightgbm_on_an_array(folder: Path) -> tuple[Path, Any]:
    model = lightgbm.LGBMClassifier(n_estimators=5, n_jobs=1, verbose=-1)
    model.fit(X.to_numpy(), WORDS)
    model.booster_.save_model(folder / "model.lgb")
    return folder / "model.lgb", np.asarray(model.predict_proba(X.to_numpy()))


def by_catboost(folder: Path) -> tuple[Path, Any]:
    table = X.assign(kind=WORDS)
    model = catboost.CatBoostClassifier(cat_features=["kind"], **CAT).fit(table, WORDS)
    model.save_model(folder / "model.cbm")
    return folder / "model.cbm", model.predict_proba(table)


def by_catboost_of_counts(folder: Path) -> tuple[Path, Any]:
    model = catboost.CatBoostRegressor(loss_function="Poisson", **CAT).fit(X, THIRDS)
    model.save_model(folder / "counts.cbm")
    return folder / "counts.cbm", model.predict(X)


def in_order(answer: Any, classes: Any) -> list[float]:  # noqa: ANN401
    """Return the probabilities of an answer in the order of the classes."""
    found = {each.class_: each.probability for each in answer.probabilities}
    return [found[each.value] for each in classes]


def by_onnx(folder: Path) -> tuple[Path, Any]:
    table = X.assign(kind=WORDS)
    columns = make_column_transformer(
        (StandardScaler(), ["age", "income"]), (OneHotEncoder(), ["kind"])
    )
    model = make_pipeline(columns, LogisticRegression()).fit(table, THIRDS)
    entries = [(name, FloatTensorType([None, 1])) for name in X.columns]
    graph = to_onnx(model, initial_types=[*entries, ("kind", StringTensorType([None, 1]))])
    (folder / "model.onnx").write_bytes(graph.SerializeToString())
    return folder / "model.onnx", model.predict_proba(table)


def by_onnx_without_names(folder: Path) -> tuple[Path, Any]:
    numbers = X.to_numpy(np.float32)
    model = RandomForestClassifier(5, random_state=0).fit(numbers, WORDS)
    graph = to_onnx(model, numbers[:1], options={"zipmap": False})
    (folder / "forest.onnx").write_bytes(graph.SerializeToString())
    return folder / "forest.onnx", model.predict_proba(numbers)


def by_onnx_of_quantities(folder: Path) -> tuple[Path, Any]:
    numbers = X.to_numpy(np.float32)
    model = LinearRegression().fit(numbers, AMOUNT)
    graph = to_onnx(model, numbers[:1])
    graph.graph.input[0].type.tensor_type.shape.dim[0].dim_value = 1  # a row at a time
    (folder / "line.onnx").write_bytes(graph.SerializeToString())
    return folder / "line.onnx", model.predict(numbers)


@pytest.mark.parametrize(
    "make",
    [
        by_onnx,
        by_onnx_without_names,
        by_onnx_of_quantities,
        by_xgboost,
        by_xgboost_that_stopped_early,
        by_a_booster_that_stopped_early,
        by_lightgbm,
        by_lightgbm_on_an_array,
        by_catboost,
        by_catboost_of_counts,
    ],
)
def test_a_native_file_answers_as_its_model_does(
    make: Callable[[Path], tuple[Path, Any]], tmp_path: Path
) -> None:
    path, expected = make(tmp_path)
    publish_file(path, name="m", root=tmp_path / "models", sandbox=SANDBOX)
    served = Repository(tmp_path / "models").get("m")
    names = list(served.signature.names)
    table = X.assign(kind=WORDS).rename(columns=dict(zip(X.columns, names, strict=False)))
    table = table[names].head(20)
    instances = [dict(zip(names, row, strict=True)) for row in table.to_numpy().tolist()]
    answers = predict(served, served.signature.parse(instances))
    if np.ndim(expected) == 1:
        found: Any = [answer.prediction for answer in answers]
    else:
        assert isinstance(served.signature.output, ClassificationOutput)
        found = [in_order(answer, served.signature.output.classes) for answer in answers]
    assert np.allclose(found, expected[:20], rtol=1e-5)


@pytest.mark.parametrize("objective", ["rank:pairwise", "binary:logitraw", "survival:cox"])
def test_what_has_no_class_and_no_quantity_is_refused_by_name(objective: str) -> None:
    groups = {"group": [ROWS]} if objective.startswith("rank") else {}
    booster = xgboost.train({"objective": objective}, xgboost.DMatrix(X, HALVES, **groups), 1)
    with pytest.raises(ArtifactRejected, match=f"an XGBoost model that has .*'{objective}'"):
        open_estimator(bytes(booster.save_raw("ubj")), "model.ubj", LoadPolicy())


def test_labels_without_probabilities_are_not_guessed_from_distances() -> None:
    numbers = X.to_numpy(np.float32)
    graph = to_onnx(KMeans(3, n_init=1, random_state=0).fit(numbers), numbers[:1])
    with pytest.raises(ArtifactRejected, match="labels without probabilities"):
        open_estimator(graph.SerializeToString(), "model.onnx", LoadPolicy())


def test_weights_in_another_file_are_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(np.ones((2, 1), np.float32).tobytes())
    numbers = X.to_numpy(np.float32)
    graph = to_onnx(LinearRegression().fit(numbers, AMOUNT), numbers[:1])
    outside = onnx.helper.make_tensor("outside", onnx.TensorProto.FLOAT, [2, 1], np.zeros(2))
    outside.ClearField("float_data")
    outside.data_location = onnx.TensorProto.EXTERNAL
    outside.external_data.add(key="location", value=str(secret))
    graph.graph.initializer.append(outside)
    graph.graph.node.append(onnx.helper.make_node("Identity", ["outside"], ["leak"]))
    (tmp_path / "model.onnx").write_bytes(graph.SerializeToString())
    with pytest.raises(ServeryError):
        publish_file(tmp_path / "model.onnx", name="m", root=tmp_path / "models", sandbox=SANDBOX)


def test_a_native_file_is_not_fitted_again_by_settings_that_it_lacks(tmp_path: Path) -> None:
    path, _ = by_xgboost(tmp_path)
    X.assign(target=THIRDS).to_csv(tmp_path / "rows.csv", index=False)
    tables = Tables(data=str(tmp_path / "rows.csv"), target=("target",))
    with pytest.raises(PublishingRefused, match="does not hold how its model was fitted"):
        publish_file(
            path,
            name="m",
            root=tmp_path / "models",
            sandbox=SANDBOX,
            tables=tables,
            options=PublishOptions(cv=3),
        )


def test_a_native_file_of_lies_is_refused(tmp_path: Path) -> None:
    path, _ = by_xgboost(tmp_path)
    honest = path.read_text()
    lies = [
        honest.replace('"num_feature":"2"', '"num_feature":"200000"'),
        honest.replace('"num_class":"3"', '"num_class":"2000000000"'),
        honest.replace('"tree_info":[0', '"tree_info":[77'),
        honest.replace('"split_indices":[0', '"split_indices":[70000'),
        honest.replace('"left_children":[1', '"left_children":[99999'),
        honest[: len(honest) // 2],
    ]
    for lie in lies:
        assert lie != honest
        path.write_text(lie)
        with pytest.raises(ServeryError):
            publish_file(path, name="m", root=tmp_path / "models", sandbox=SANDBOX)


def test_a_booster_is_refused_with_the_file_that_its_library_writes(tmp_path: Path) -> None:
    by_gradients = lightgbm.LGBMRegressor(n_estimators=2, n_jobs=1, verbose=-1).fit(X, AMOUNT)
    for booster, ending in (
        (xgboost.train({"nthread": 1}, xgboost.DMatrix(X, AMOUNT), 2), "json"),
        (by_gradients.booster_, "txt"),
    ):
        file = tmp_path / "booster.joblib"
        joblib.dump(booster, file)
        with pytest.raises(PublishingRefused, match=rf'save_model\("model\.{ending}"\)'):
            publish_file(file, name="m", root=tmp_path / "models", sandbox=SANDBOX)
        booster.save_model(tmp_path / f"model.{ending}")
        publish_file(
            tmp_path / f"model.{ending}", name="m", root=tmp_path / "models", sandbox=SANDBOX
        )


def test_catboost_may_be_a_step_of_a_pipeline(tmp_path: Path) -> None:
    model = make_pipeline(StandardScaler(), catboost.CatBoostRegressor(**CAT)).fit(X, AMOUNT)
    joblib.dump(model, tmp_path / "steps.joblib")
    root = tmp_path / "models"
    publish_file(tmp_path / "steps.joblib", name="m", root=root, sandbox=SANDBOX)
    served = Repository(root).get("m")
    found = predict(served, served.signature.parse(X.head(20).to_dict("records")))
    expected = model.predict(X.head(20)).tolist()
    assert [each.prediction for each in found] == pytest.approx(expected, rel=1e-12)


def test_numbers_of_categories_that_catboost_hashes_are_numbers(tmp_path: Path) -> None:
    table = pd.DataFrame({"code": THIRDS, "age": X.age, "plain": ["good film", "bad"] * 100})
    model = catboost.CatBoostRegressor(cat_features=["code"], text_features=["plain"], **CAT)
    model.fit(table, AMOUNT)
    model.save_model(tmp_path / "codes.cbm")
    table.assign(amount=AMOUNT).to_csv(tmp_path / "rows.csv", index=False)
    tables = Tables(data=str(tmp_path / "rows.csv"), target=("amount",))
    root = tmp_path / "models"
    bare = publish_file(tmp_path / "codes.cbm", name="m", root=root, sandbox=SANDBOX)
    missing = [item.missing_allowed for item in bare.manifest.signature.inputs]
    assert missing == [False, True, False]
    publish_file(tmp_path / "codes.cbm", name="m", root=root, sandbox=SANDBOX, tables=tables)
    served = Repository(root).get("m")
    assert served.signature.inputs[0].schema()["examples"] == [0, 1, 2]
    records = [*table.head(20).to_dict("records"), {"code": 7, "age": 40.0, "plain": "good"}]
    found = predict(served, served.signature.parse(records))
    expected = model.predict(pd.DataFrame(records)[["code", "age", "plain"]]).tolist()
    assert [each.prediction for each in found] == pytest.approx(expected, rel=1e-12)
    assert [each.code for each in found[-1].warnings if each.input == "code"] == [
        "unknown-category"
    ]


def test_numbered_classes_of_a_native_file_are_named(tmp_path: Path) -> None:
    file, expected = by_xgboost(tmp_path)
    root, names = tmp_path / "models", ("young", "middle", "old")
    bare = publish_file(file, name="bare", root=root, sandbox=SANDBOX)
    assert "numbers its classes: 0, 1 and 2" in bare.manifest.notes[0]
    assert "--classes NAME,NAME" in bare.manifest.notes[0]
    X.assign(kind=WORDS).to_csv(tmp_path / "rows.csv", index=False)
    tables = Tables(test=str(tmp_path / "rows.csv"), target=("kind",))
    options = PublishOptions(classes=names)
    publish_file(file, name="m", root=root, sandbox=SANDBOX, options=options, tables=tables)
    served = Repository(root).get("m")
    found = predict(served, served.signature.parse(X.head(20).to_dict("records")))
    likeliest = expected[:20].argmax(axis=1).tolist()
    assert [each.prediction for each in found] == [names[place] for place in likeliest]
    for wrong in (names[:2], ("a", "a", "b")):
        with pytest.raises(PublishingRefused, match="Give each class another name"):
            publish_file(
                *(file,),
                name="w",
                root=root,
                sandbox=SANDBOX,
                options=PublishOptions(classes=wrong),
            )

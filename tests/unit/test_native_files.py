"""Files that boosting libraries write themselves: no pickle, read in a cage, asked as a fit is."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import catboost
import lightgbm
import numpy as np
import pandas as pd
import pytest
import xgboost

from servery.artifact import LoadPolicy, open_estimator
from servery.artifact.sandbox import SandboxedLoad
from servery.errors import ArtifactRejected, ServeryError
from servery.predict import predict
from servery.publishing.files import publish_file
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


@pytest.mark.parametrize(
    "make",
    [
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

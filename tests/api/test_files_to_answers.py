"""Saved files, published by the command, served, and asked over HTTP and as a table."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from operator import methodcaller
from pathlib import Path
from typing import Any

import catboost
import joblib
import lightgbm
import numpy as np
import pandas as pd
import pytest
import xgboost
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import CategoricalNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from sklearn.svm import SVC, SVR, NuSVC, NuSVR

from tests.conftest import Server, output_here, run_here, running, servery

ROWS = 120
RNG = np.random.default_rng(0)
SIZE = RNG.normal(size=ROWS)
FLAG = pd.array([None if row % 7 == 0 else row % 3 == 0 for row in range(ROWS)], dtype="boolean")
FLAGS = pd.DataFrame({"size": SIZE, "flag": FLAG})
LARGE = ((SIZE > 0) ^ pd.Series(FLAG).fillna(value=False).to_numpy(bool)).astype(int)


def one_hot(column: str) -> Any:  # noqa: ANN401
    columns = make_column_transformer((OneHotEncoder(), [column]), remainder="passthrough")
    return make_pipeline(columns, LogisticRegression())


@dataclass(frozen=True)
class Saved:
    """A model, the rows of its fit, and how exactly it is answered."""

    model: Any
    X: pd.DataFrame
    y: Any
    rel: float = 1e-12

    @property
    def expected(self) -> list[Any]:
        """What the estimator answers: the probability of 1, or the prediction."""
        has_probabilities = hasattr(self.model, "predict_proba")
        table = self.model.predict_proba(self.X)[:, 1] if has_probabilities else None
        return (self.model.predict(self.X) if table is None else table).tolist()  # type: ignore[no-any-return]


XGBOOST = xgboost.XGBClassifier(n_estimators=5, n_jobs=1)
LIGHTGBM = lightgbm.LGBMClassifier(n_estimators=5, n_jobs=1, verbose=-1)
WITH_GAPS = {
    "xgboost": Saved(XGBOOST, FLAGS, LARGE, 1e-6),  # it computes in single precision
    "lightgbm": Saved(LIGHTGBM, FLAGS, LARGE),
    "one-hot": Saved(one_hot("flag"), FLAGS, LARGE),
}
NUMBERS = pd.DataFrame({"size": SIZE, "floor": RNG.integers(0, 4, ROWS)})
BY_KERNEL = {
    "svr": Saved(make_pipeline(StandardScaler(), SVR()), NUMBERS, SIZE**2),
    "nusvr": Saved(NuSVR(C=9.0), NUMBERS, SIZE**2),
    "svc": Saved(SVC(), NUMBERS, NUMBERS.floor),
    "calibrated": Saved(CalibratedClassifierCV(NuSVC(), cv=2), NUMBERS, LARGE),
    "codes": Saved(CategoricalNB(), NUMBERS[["floor"]], NUMBERS.floor // 2),
}
DIGITS = pd.DataFrame({"code": (NUMBERS.floor + 7).astype(str), "size": SIZE})
CATBOOST = catboost.CatBoostClassifier(
    iterations=5, cat_features=["code"], verbose=0, allow_writing_files=False, thread_count=1
)
LEVELS = pd.DataFrame(
    {
        "size": SIZE,
        "height": pd.cut(SIZE, [-9, -0.5, 0.5, 9], labels=["low", "middle", "high"]),
        "kind": pd.Categorical(np.where(NUMBERS.floor > 1, "x", "y")),
    }
)
OTHERS = {
    "digits": Saved(CATBOOST, DIGITS, LARGE),
    "ordered": Saved(clone(LIGHTGBM), LEVELS, LARGE),
    # A number that means a missing value, beside a column of true and false.
    "marked": Saved(
        clone(XGBOOST).set_params(missing=-1.0), NUMBERS.assign(flag=SIZE > 0), LARGE, 1e-6
    ),
    "pairs": Saved(SVC(decision_function_shape="ovo"), NUMBERS, NUMBERS.floor % 3),
    "converted": Saved(
        make_pipeline(FunctionTransformer(methodcaller("astype", "float64")), LogisticRegression()),
        NUMBERS,
        LARGE,
    ),
}
MODELS = WITH_GAPS | BY_KERNEL | OTHERS


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The models, each published with the rows of its fit from a CSV file."""
    made = tmp_path_factory.mktemp("files")
    for name, saved in MODELS.items():
        joblib.dump(saved.model.fit(saved.X, saved.y), made / f"{name}.joblib")
        saved.X.assign(answer=saved.y).to_csv(made / f"{name}.csv", index=False)
        told = ("--data", f"{name}.csv", "--target", "answer", "--name", name)
        output_here("publish", f"{name}.joblib", "--models", "models", *told, cwd=made)
    return made


@pytest.fixture(scope="module")
def files(folder: Path) -> Iterator[Server]:
    with running(folder / "log", command=servery("serve", folder / "models")) as server:
        yield server


def instances(X: pd.DataFrame) -> list[dict[str, Any]]:
    text = X.to_json(orient="records", double_precision=15)
    return json.loads(text)  # type: ignore[no-any-return]


def figure(answer: dict[str, Any]) -> Any:  # noqa: ANN401
    shares = {each["class"]: each["probability"] for each in answer.get("probabilities") or ()}
    return shares.get(1, answer["prediction"])


@pytest.mark.parametrize("name", MODELS)
def test_every_row_of_the_fit_is_answered_as_by_the_estimator(
    files: Server, folder: Path, name: str
) -> None:
    expected = pytest.approx(MODELS[name].expected, rel=MODELS[name].rel)
    rows = instances(MODELS[name].X)
    many = files.predict(name, {"instances": rows}).json()["predictions"]
    assert [figure(each) for each in many] == expected
    alone = [figure(files.predict(name, {"inputs": row}).json()) for row in rows[:9]]
    assert [*alone, *map(figure, many[9:])] == expected
    told = ("--models", "models", "--output", f"{name}.out.csv")
    output_here("score", name, f"{name}.csv", *told, cwd=folder)
    scored = pd.read_csv(folder / f"{name}.out.csv")
    column = "probability_1" if "probability_1" in scored else "prediction"
    assert scored[column].tolist() == expected


@pytest.mark.parametrize("name", BY_KERNEL)
def test_a_sum_of_similarities_or_shares_is_served_by_its_plan(files: Server, name: str) -> None:
    assert files.get(f"/api/v1/models/{name}").json()["runtime"]["name"] == "plan"


@pytest.mark.parametrize("name", WITH_GAPS)
def test_true_and_false_with_gaps_are_an_input_that_may_be_missing(
    files: Server, name: str
) -> None:
    inputs = files.get(f"/api/v1/models/{name}").json()["signature"]["inputs"]
    [flag] = [each for each in inputs if each["name"] == "flag"]
    assert (flag["type"], flag["missing_allowed"]) == ("boolean", True)


def test_a_text_of_digits_is_one_category_at_every_door(
    files: Server, folder: Path, tmp_path: Path
) -> None:
    model = MODELS["digits"].model
    for code in (7, 8, 99):
        asked = pd.DataFrame({"code": [str(code)], "size": [0.3]})
        expected = pytest.approx(model.predict_proba(asked)[0, 1], rel=1e-12)
        for sent in (code, str(code)):
            answer = files.predict("digits", {"inputs": {"code": sent, "size": 0.3}}).json()
            assert figure(answer) == expected
            line = json.dumps({"code": sent, "size": 0.3})
            (tmp_path / "rows.jsonl").write_text(line)
            (tmp_path / "rows.csv").write_text(f"code,size\n{code},0.3\n")
            pd.DataFrame({"code": [sent], "size": [0.3]}).to_parquet(tmp_path / "rows.parquet")
            for kind in ("jsonl", "csv", "parquet"):
                told = ("--models", folder / "models", "--output", "out.csv")
                output_here("score", "digits", f"rows.{kind}", *told, cwd=tmp_path)
                [scored] = pd.read_csv(tmp_path / "out.csv").probability_1
                assert scored == expected
                (tmp_path / "out.csv").unlink()


def test_scores_of_pairs_are_not_shown_as_those_of_classes(files: Server) -> None:
    assert MODELS["pairs"].model.decision_function(NUMBERS).shape == (ROWS, 3)
    answer = files.predict("pairs", {"inputs": instances(NUMBERS)[0]}).json()
    assert answer["prediction"] == MODELS["pairs"].expected[0]
    assert not {"scores", "probabilities"} & {name for name, value in answer.items() if value}


def test_categories_that_cannot_be_placed_are_refused_with_a_remedy_that_works(
    tmp_path: Path,
) -> None:
    # It has 0 and 1, as the places of three levels of which none is the last.
    X = pd.concat([(NUMBERS.floor % 2).rename("flag"), LEVELS], axis=1)

    def publish() -> Any:  # noqa: ANN401
        joblib.dump(clone(LIGHTGBM).fit(X, LARGE), tmp_path / "m.joblib")
        return run_here("publish", "m.joblib", "--models", "models", "--name", "m", cwd=tmp_path)

    refused = publish()
    remedy = 'X["column"] = X["column"].cat.as_unordered()'
    assert refused.returncode != 0
    assert remedy in refused.stderr
    exec(remedy.replace("column", "height"), {"X": X})  # noqa: S102 - as the message says
    assert publish().returncode == 0


def test_probabilities_that_are_none_are_refused_with_a_remedy_that_works(tmp_path: Path) -> None:
    model = clone(LIGHTGBM).set_params(objective="multiclassova")
    told = ("m.joblib", "--models", "models", "--name", "m")
    joblib.dump(model.fit(NUMBERS, NUMBERS.floor), tmp_path / "m.joblib")
    refused = run_here("publish", *told, cwd=tmp_path)
    assert "add up to" in refused.stderr
    assert "Fit it within CalibratedClassifierCV" in refused.stderr
    calibrated = CalibratedClassifierCV(model, cv=2).fit(NUMBERS, NUMBERS.floor)
    joblib.dump(calibrated, tmp_path / "m.joblib")
    assert run_here("publish", *told, cwd=tmp_path).returncode == 0


@pytest.mark.parametrize("kind", ["interval", "period"])
def test_categories_without_a_value_in_json_are_refused_with_a_remedy_that_works(
    tmp_path: Path, kind: str
) -> None:
    ages = pd.Series(RNG.integers(18, 90, ROWS))
    months = pd.Series(pd.date_range("2024-01-01", periods=ROWS)).dt.to_period("M")
    column = "age" if kind == "interval" else "month"
    of_kind = pd.cut(ages, [0, 30, 50, 100]) if kind == "interval" else months
    X = pd.DataFrame({column: of_kind, "size": SIZE})
    told = ("--data", "rows.csv", "--target", "large", "--models", "models", "--name", "m")

    def publish(X: pd.DataFrame) -> Any:  # noqa: ANN401
        joblib.dump(one_hot(column).fit(X, LARGE), tmp_path / "m.joblib")
        X.assign(large=LARGE).to_csv(tmp_path / "rows.csv", index=False)
        return run_here("publish", "m.joblib", *told, cwd=tmp_path)

    refused = publish(X)
    remedy = f'X["{column}"] = X["{column}"].astype(str)'
    assert refused.returncode != 0
    assert remedy in refused.stderr
    exec(remedy, {"X": X})  # noqa: S102 - as the message says
    assert publish(X).returncode == 0

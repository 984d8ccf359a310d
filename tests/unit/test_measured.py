"""What publishing measures: folds by time and group, metrics with their doubt, groups of rows."""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import (
    average_precision_score,
    balanced_accuracy_score,
    brier_score_loss,
    f1_score,
    log_loss,
    r2_score,
    roc_auc_score,
)
from sklearn.model_selection import GroupKFold, TimeSeriesSplit
from sklearn.neighbors import KNeighborsRegressor

from servery.errors import PublishingRefused
from servery.evaluation.correlation import correlated_inputs
from servery.evaluation.figures import (
    binary_figures,
    class_figures,
    intervals,
    regression_figures,
)
from servery.evaluation.groups import group_rates, grouping
from servery.evaluation.metrics import binary_metrics, multiclass_metrics, regression_metrics
from servery.evaluation.splitting import folds_of
from servery.inputs import Category, CategoryInput, IntegerInput, NumberInput, Value
from servery.predict import predict
from servery.publishing import publish
from servery.repository import Repository
from servery.signature import RegressionOutput

DRAW = np.random.default_rng(0)
OUTPUT = RegressionOutput(label="y", name="y")
DAYS = pd.DataFrame(
    {
        "day": pd.date_range("2024-01-01", periods=120).repeat(2),
        "person": DRAW.integers(0, 12, 240),
        "x": DRAW.normal(size=240),
    }
).sample(frac=1, random_state=0, ignore_index=True)
TARGET = pd.Series(DAYS.x + DRAW.normal(size=240) / 4, name="y")


def test_folds_of_time_predict_later_rows_from_all_earlier_ones() -> None:
    folds = folds_of("time:day", DAYS, TARGET, (), OUTPUT)
    assert folds.method == "time-ordered"
    days = DAYS.day.to_numpy()
    for train, test in folds.splits:
        assert days[train].max() < days[test].min()
        assert days[train[-1]] == days[train].max()
    predicted = np.concatenate([test for _, test in folds.splits])
    assert len(set(predicted.tolist())) == len(predicted) == 200
    by_text = folds_of("time:day", DAYS.assign(day=DAYS.day.astype(str)), TARGET, (), OUTPUT)
    assert [test.tolist() for _, test in by_text.splits] == [
        test.tolist() for _, test in folds.splits
    ]


def test_folds_of_groups_leave_out_whole_groups() -> None:
    for folds in (
        folds_of("group:person", DAYS, TARGET, (), OUTPUT),
        folds_of(GroupKFold(4), DAYS, TARGET, (), OUTPUT, DAYS.person.to_numpy()),
    ):
        assert folds.method == "grouped"
        person = DAYS.person.to_numpy()
        for train, test in folds.splits:
            assert not set(person[train].tolist()) & set(person[test].tolist())


@pytest.mark.parametrize(
    ("cv", "words"),
    [
        ("time:dya", "no column 'dya' for the folds. Did you mean 'day'"),
        ("weekly", "Expected a number of folds, time:COLUMN"),
        ("shuffle:900", "Expected 2 to 240 folds, found 900"),
        (GroupKFold(3), "The folds cannot be made"),
    ],
)
def test_folds_that_cannot_be_made_are_refused_with_the_reason(cv: Any, words: str) -> None:  # noqa: ANN401
    with pytest.raises(PublishingRefused, match=words.replace(".", r"\.")):
        folds_of(cv, DAYS, TARGET, (), OUTPUT)


def test_a_model_is_measured_by_the_folds_that_are_asked_for(tmp_path: Path) -> None:
    X = DAYS[["day", "x"]].assign(day=(DAYS.day - DAYS.day.min()).dt.days)
    model = KNeighborsRegressor().fit(X, TARGET)
    table = X.assign(date=DAYS.day, person=DAYS.person)
    for cv, method, rows in (
        ("time:date", "time-ordered", 200),
        (TimeSeriesSplit(4), "time-ordered", 192),
        ("group:person", "grouped", 240),
        ("shuffle:5", "cross-validated", 240),
        (5, "cross-validated", 240),
    ):
        published = publish(model, table, TARGET, name="m", root=tmp_path, cv=cv)
        metrics = published.manifest.metrics
        assert metrics is not None
        assert (metrics.method, metrics.rows) == (method, rows)
        assert published.manifest.signature.names == ("day", "x")


def test_figures_are_those_of_scikit_learn() -> None:
    probability = np.round(DRAW.uniform(size=500), 2)
    hit = DRAW.uniform(size=500) < probability
    found = binary_figures(hit, probability, probability >= 0.5)
    assert found["roc_auc"] == pytest.approx(roc_auc_score(hit, probability))
    assert found["average_precision"] == pytest.approx(average_precision_score(hit, probability))
    assert found["brier_score"] == pytest.approx(brier_score_loss(hit, probability))
    clipped = np.clip(probability, 1e-15, 1 - 1e-15)
    assert found["log_loss"] == pytest.approx(log_loss(hit, clipped))
    table = DRAW.dirichlet([1.0] * 4, 500)
    true, called = DRAW.integers(0, 4, 500), table.argmax(axis=1)
    several = class_figures(true, called, table[np.arange(len(true)), true], table.shape[1])
    assert several["balanced_accuracy"] == pytest.approx(balanced_accuracy_score(true, called))
    assert several["macro_f1"] == pytest.approx(f1_score(true, called, average="macro"))
    assert several["log_loss"] == pytest.approx(log_loss(true, table))
    truth, predicted = DRAW.normal(size=(2, 100))
    assert regression_figures(truth, predicted, None)["r2"] == pytest.approx(
        r2_score(truth, predicted)
    )


def share_of(right: NDArray[np.bool_], places: NDArray[np.intp]) -> dict[str, float]:
    return {"a": float(right[places].mean())}


def test_a_bootstrap_interval_holds_the_true_share() -> None:
    held = []
    for seed in range(60):
        right = np.random.default_rng(seed).uniform(size=200) < 0.7
        low, high = intervals(partial(share_of, right), 200)["a"]
        held.append(low <= 0.7 <= high)
    assert np.mean(held) > 0.85


def test_rows_that_are_all_right_leave_room_for_a_wrong_one() -> None:
    true = np.arange(45) % 3
    metrics = {each.name: each for each in multiclass_metrics(true, true, None, 3).values}
    assert metrics["accuracy"].low == pytest.approx(0.9213)
    assert metrics["accuracy"].high == 1.0
    assert (metrics["macro_f1"].value, metrics["macro_f1"].low) == (1.0, None)


def test_a_model_that_does_not_beat_its_baseline_is_said_not_to() -> None:
    truth = DRAW.normal(size=200)
    worse = regression_metrics(truth, DRAW.normal(size=200), last=np.roll(truth, 1))
    assert ["mean" in each or "last outcome" in each for each in worse.remarks] == [True, True]
    assert "larger than those of always predicting the mean" in worse.values[0].meaning
    assert regression_metrics(truth, truth + DRAW.normal(size=200) / 9).remarks == []
    hit = DRAW.uniform(size=200) < 0.3
    guess = binary_metrics(hit, DRAW.uniform(size=200), np.zeros(200, dtype=bool), positive="x")
    assert len(guess.remarks) == 2
    assert "precision" not in [each.name for each in guess.values]  # nothing was called
    places = DRAW.integers(0, 3, 300)
    assert multiclass_metrics(places, np.zeros(300, dtype=np.intp), None, 3).remarks
    assert multiclass_metrics(places, places, None, 3).remarks == []


def test_groups_count_missing_values_and_rates_of_nothing_are_not_measured() -> None:
    sex = CategoryInput(name="sex", categories=(Category("f", "Woman"), Category("m", "Man")))
    age = IntegerInput(name="age")
    columns: dict[str, list[Value]] = {
        "sex": [None, *["f", "m"] * 100],
        "age": [30, *np.arange(200).tolist()],
    }
    hit = np.array([True, *[False, True] * 100])
    called = DRAW.uniform(size=201) < np.where(hit, 0.8, 0.2)
    by_sex, by_age, both = group_rates(
        {item.name: grouping(item, columns[item.name]) for item in (sex, age)},
        hit,
        called,
        positive="yes",
    )
    assert {row.value: row.rows for row in by_sex.rows} == {"f": 100, "m": 100, None: 1}
    rates = {row.value: {each.name: each for each in row.rates} for row in by_sex.rows}
    assert rates["f"]["false_negative_rate"].value is None  # no row of them is "yes"
    assert rates["f"]["false_negative_rate"].rows == 0
    share = rates["m"]["false_negative_rate"]
    assert share.low is not None
    assert share.high is not None
    assert share.low < (share.value or 0) < share.high
    assert {row.value for row in by_age.rows} >= {"0 to 48", "149 to 199"}
    assert both.inputs == ["sex", "age"]
    assert {row.value for row in both.rows} >= {"unknown, 0 to 48", "Woman, 149 to 199"}
    gaps = {gap.name: gap for gap in by_sex.gaps}
    assert gaps["selection_rate"].low > 0.3
    assert (gaps["selection_rate"].most, gaps["selection_rate"].least) == ("m", "f")
    assert "false_negative_rate" not in gaps  # one group alone has such rows


def test_what_changes_in_one_direction_only_is_changed_in_that() -> None:
    kinds = tuple(Category(each, each) for each in ("none", "school", "degree"))
    education = CategoryInput(name="education", categories=kinds, changeable="up")
    assert education.may_become("school", "degree")
    assert not education.may_become("degree", "school")
    assert not education.may_become("school", "school")
    hours = NumberInput(name="hours", changeable="down")
    assert (hours.may_become(40.0, 30.0), hours.may_become(30.0, 40.0)) == (True, False)
    assert hours.may_become(None, 40.0)
    assert not NumberInput(name="age").may_become(30.0, 40.0)
    assert NumberInput(name="age", changeable=True).may_become(30.0, 20.0)


def test_correlated_inputs_are_found_whatever_their_types() -> None:
    x = DRAW.normal(size=500)
    rows = [
        (float(a), float(b), "high" if a > 0 else "low", float(c))
        for a, b, c in zip(x, x + DRAW.normal(size=500) / 2, DRAW.normal(size=500), strict=True)
    ]
    kind = CategoryInput(name="k", categories=(Category("high", "high"), Category("low", "low")))
    inputs = [NumberInput(name="a"), NumberInput(name="b"), kind, NumberInput(name="c")]
    found = {each.inputs for each in correlated_inputs(inputs, rows)}
    assert found == {("a", "b"), ("a", "k"), ("b", "k")}


@pytest.mark.parametrize("model", [LinearRegression(), LogisticRegression(), DummyClassifier()])
def test_an_answer_unlike_the_measured_rows_states_no_uncertainty(
    tmp_path: Path,
    model: Any,  # noqa: ANN401
) -> None:
    X = DAYS[["x"]].assign(z=DRAW.normal(size=240))
    y = TARGET if isinstance(model, LinearRegression) else (TARGET > 0).astype(str)
    publish(model.fit(X, y), X, y, name="m", root=tmp_path, cv=5)
    served = Repository(tmp_path).get("m")
    rows = [{"x": 0.1, "z": 0.1}, {"x": 0.1, "z": 99.0}]
    near, far = predict(served, served.signature.parse(rows))
    assert (near.warnings, [each.code for each in far.warnings]) == ([], ["outside-training-range"])
    for member in ("interval", "prediction_set", "reliability"):
        assert getattr(far, member, None) is None
    assert getattr(near, "interval", None) or getattr(near, "reliability", None)

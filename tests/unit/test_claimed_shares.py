"""What answers state on fresh rows of real data sets is what then comes true."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sklearn.base import BaseEstimator, clone
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import cross_val_predict, train_test_split
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsRegressor
from sklearn.tree import DecisionTreeRegressor

from servery.uncertainty import calibrated_intervals, calibrated_sets, measured_reliability

SPLITS = 12
CLASSIFIERS: dict[str, tuple[Callable[..., Any], BaseEstimator]] = {
    "wine": (load_wine, GaussianNB()),
    "breast cancer": (load_breast_cancer, GaussianNB()),
    "digits": (load_digits, GaussianNB()),
    "digits, forest": (load_digits, RandomForestClassifier(20, max_depth=8, random_state=0)),
}


def split(load: Callable[..., Any], seed: int) -> list[Any]:
    X, y = load(return_X_y=True)
    return train_test_split(X, y, test_size=0.4, random_state=seed)  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_such_answers_are_right_as_often_as_stated_and_sets_hold_their_share(name: str) -> None:
    load, model = CLASSIFIERS[name]
    stated, right = [], []
    held: dict[str, list[bool]] = {"classes": [], "answers": []}
    for seed in range(SPLITS):
        X, X_new, y, y_new = split(load, seed)
        seen = cross_val_predict(model, X, y, cv=5, method="predict_proba")
        fresh = clone(model).fit(X, y).predict_proba(X_new)
        called, called_new = seen.argmax(axis=1), fresh.argmax(axis=1)
        reliability = measured_reliability(called, y, seen)
        answers = [
            reliability.of(int(place), float(row[place]))
            for place, row in zip(called_new, fresh, strict=True)
        ]
        stated += [each.share for each in answers if each is not None]
        right += (called_new == y_new)[[each is not None for each in answers]].tolist()
        for within in ("classes", "answers"):
            sets = calibrated_sets(seen, called, y, 0.9, within=within)
            distinct, which = sets.sets_for(called_new, fresh)
            held[within] += [
                true in distinct[place] for true, place in zip(y_new, which, strict=True)
            ]
    # Splits of one table share rows, and both sides were drawn: three errors of two splits.
    rows = len(right) / SPLITS
    share = float(np.mean(right))
    error = 3 * np.sqrt(2 * max(share * (1 - share), 0.01) / rows)
    assert np.mean(stated) == pytest.approx(share, abs=error)
    for within, each in held.items():
        assert np.mean(each) >= 0.9 - 3 * np.sqrt(2 * 0.09 / rows), within


def test_the_sentence_is_right_where_the_coverage_of_a_class_would_mislead() -> None:
    """Of the answers whose set has one class, far fewer are right than nine in ten."""
    draw = np.random.default_rng(0)
    truth = (draw.uniform(size=4000) < 0.05).astype(np.intp)
    score = np.clip(draw.normal(size=4000) + 2.0 * truth, -2, 4)
    rare = (score + 2) / 6
    probabilities = np.column_stack([1 - rare, rare])
    called = probabilities.argmax(axis=1)
    sets = calibrated_sets(probabilities, called, truth, 0.9)
    alone = [
        place
        for place in np.flatnonzero(called == 1).tolist()
        if sets.set_for(1, probabilities[place].tolist()) == [1]
    ]
    share = float(truth[alone].mean())
    reliability = measured_reliability(called, truth, probabilities)
    stated = [reliability.of(1, float(probabilities[place, 1])) for place in alone]
    assert share < 0.8
    assert np.mean([each.share for each in stated if each]) == pytest.approx(share, abs=0.02)


@pytest.mark.parametrize("is_skewed", [False, True])
def test_intervals_hold_their_share_of_fresh_rows_also_of_skewed_outcomes(
    is_skewed: bool,
) -> None:
    held, below_zero = [], []
    for seed in range(SPLITS):
        X, X_new, y, y_new = split(load_diabetes, seed)
        if is_skewed:
            y, y_new = np.expm1(y / 60), np.expm1(y_new / 60)
        seen = cross_val_predict(LinearRegression(), X, y, cv=5)
        fresh = LinearRegression().fit(X, y).predict(X_new)
        intervals = calibrated_intervals(seen, y, 0.9)
        assert intervals is not None
        low, high = intervals.around_many(fresh)
        held.append(((low <= y_new) & (y_new <= high)).mean())
        below_zero.append((low < 0).mean())
    assert np.mean(held) == pytest.approx(0.9, abs=3 * np.sqrt(2 * 0.09 / len(y_new)))
    assert np.mean(below_zero) < 0.06


@pytest.mark.parametrize("model", [DecisionTreeRegressor(random_state=0), KNeighborsRegressor(3)])
def test_intervals_from_folds_hold_their_share_of_unstable_fits_too(model: BaseEstimator) -> None:
    held = []
    for seed in range(SPLITS):
        X, X_new, y, y_new = split(load_diabetes, seed)
        intervals = calibrated_intervals(cross_val_predict(model, X, y, cv=5), y, 0.9)
        assert intervals is not None
        low, high = intervals.around_many(clone(model).fit(X, y).predict(X_new))
        held.append(((low <= y_new) & (y_new <= high)).mean())
    assert np.mean(held) == pytest.approx(0.9, abs=3 * np.sqrt(2 * 0.09 / len(y_new)))


def test_in_the_order_of_time_a_failing_interval_is_measured_as_failing() -> None:
    """Outcomes drift: by earlier rows, intervals do not hold for later ones, and that is stated."""
    draw = np.random.default_rng(0)
    actual, predicted = np.arange(600) / 60 + draw.normal(size=600), draw.normal(size=600)
    blocks = np.array_split(np.arange(600), 6)
    splits = [
        (np.concatenate(blocks[:number]), block) for number, block in enumerate(blocks) if number
    ]
    in_time = calibrated_intervals(predicted, actual, 0.9, splits=splits)
    at_random = calibrated_intervals(predicted, actual, 0.9)
    assert in_time is not None
    assert at_random is not None
    assert in_time.measured < 0.8 < at_random.measured

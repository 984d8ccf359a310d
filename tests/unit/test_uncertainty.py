"""Intervals, prediction sets and unusual instances hold what they state on rows never seen."""

from pathlib import Path

import msgspec
import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from sklearn.linear_model import LinearRegression

from servery.errors import PublishingRefused
from servery.inputs import BooleanInput, Category, CategoryInput, Input, NumberInput, TextInput
from servery.publishing import publish
from servery.signature import Row
from servery.uncertainty import calibrated_intervals, calibrated_sets, fit_chow_liu
from servery.uncertainty.anomaly import ChowLiuTree

Floats = NDArray[np.float64]


def errors_that_grow(seed: int, rows: int) -> tuple[Floats, Floats]:
    draw = np.random.default_rng(seed)
    predicted = draw.uniform(1, 10, rows)
    return predicted, predicted + draw.normal(size=rows) * predicted


@pytest.mark.parametrize("rows", [20, 60, 400])
def test_intervals_hold_nine_in_ten_of_other_rows(rows: int) -> None:
    held = []
    for seed in range(40):
        intervals = calibrated_intervals(*errors_that_grow(seed, rows), 0.9)
        assert intervals is not None
        predicted, actual = errors_that_grow(1000 + seed, 300)
        ends = np.array([intervals.around(each) for each in predicted.tolist()])
        held.append(((ends[:, 0] <= actual) & (actual <= ends[:, 1])).mean())
    assert np.mean(held) == pytest.approx(0.9, abs=0.02) or (rows == 20 and np.mean(held) > 0.9)


def test_intervals_grow_with_the_errors_where_there_are_rows_enough() -> None:
    intervals = calibrated_intervals(*errors_that_grow(0, 1000), 0.9)
    few = calibrated_intervals(*errors_that_grow(0, 60), 0.9)
    assert intervals is not None
    assert few is not None
    widths = [high - low for low, high in map(intervals.around, (2.0, 5.0, 9.0))]
    assert widths[0] < 0.6 * widths[1] < widths[1] < 0.8 * widths[2]
    assert len({round(high - low, 9) for low, high in map(few.around, (2.0, 9.0))}) == 1


def test_one_width_serves_where_errors_do_not_grow() -> None:
    draw = np.random.default_rng(1)
    predicted = draw.uniform(0, 10, 800)
    intervals = calibrated_intervals(predicted, predicted + draw.normal(size=800), 0.9)
    assert intervals is not None
    assert intervals.factor * 2 * (np.mean(intervals.spreads or [1.0])) == pytest.approx(
        2 * 1.645, rel=0.08
    )


def test_the_measured_share_is_that_of_rows_it_did_not_know() -> None:
    measured = []
    for seed in range(30):
        intervals = calibrated_intervals(*errors_that_grow(seed, 200), 0.9)
        assert intervals is not None
        measured.append(intervals.measured)
        assert [level.stated for level in intervals.levels] == [0.5, 0.6, 0.7, 0.8, 0.9, 0.95]
    assert np.mean(measured) == pytest.approx(0.9, abs=0.02)


def test_too_few_rows_give_no_interval() -> None:
    predicted, actual = errors_that_grow(0, 8)
    assert calibrated_intervals(predicted, actual, 0.9) is None


def test_errors_of_nought_give_intervals_of_nought() -> None:
    predicted = np.linspace(0, 1, 300)
    intervals = calibrated_intervals(predicted, predicted, 0.9)
    assert intervals is not None
    assert intervals.around(0.3) == (0.3, 0.3)


def test_intervals_of_many_rows_are_those_of_each_to_the_last_digit() -> None:
    for rows in (60, 1000):  # of one width, and of several
        intervals = calibrated_intervals(*errors_that_grow(0, rows), 0.9)
        assert intervals is not None
        assert bool(intervals.predictions) == (rows == 1000)
        predicted, _ = errors_that_grow(1, 5000)
        predicted = np.concatenate([predicted, intervals.predictions, [-1e9, 1e9]])
        low, high = intervals.around_many(predicted)
        each = [intervals.around(one) for one in predicted.tolist()]
        assert list(zip(low.tolist(), high.tolist(), strict=True)) == each


def rare_class(seed: int, rows: int) -> tuple[Floats, NDArray[np.intp], NDArray[np.intp]]:
    draw = np.random.default_rng(seed)
    truth = (draw.uniform(size=rows) < 0.1).astype(np.intp)
    score = draw.normal(size=rows) + 1.5 * truth
    rare = 1 / (1 + np.exp(2.5 - score))
    probabilities = np.column_stack([1 - rare, rare])
    return probabilities, probabilities.argmax(axis=1), truth


def test_the_rare_class_too_has_nine_in_ten_rows_in_their_set() -> None:
    held: dict[int, list[bool]] = {0: [], 1: []}
    for seed in range(20):
        sets = calibrated_sets(*rare_class(seed, 600), 0.9)
        for row, called, true in zip(*rare_class(1000 + seed, 300), strict=True):
            held[int(true)].append(int(true) in sets.set_for(int(called), row.tolist()))
    # The class that is named is in the set whatever its threshold: of the frequent one, more hold.
    assert np.mean(held[0]) > 0.9
    assert np.mean(held[1]) == pytest.approx(0.91, abs=0.04)


def test_a_class_with_few_rows_is_never_ruled_out() -> None:
    probabilities, called, _ = rare_class(0, 100)
    truth = np.zeros(100, dtype=np.intp)
    truth[:8] = 1
    sets = calibrated_sets(probabilities, called, truth, 0.9)
    assert sets.thresholds[1] == 0.0
    assert sets.set_for(0, [1.0, 0.0]) == [0, 1]


def test_the_class_that_is_named_is_always_in_the_set() -> None:
    sets = calibrated_sets(*rare_class(0, 600), 0.9)
    assert 1 in sets.set_for(1, [0.999, 0.001])


@pytest.mark.parametrize("classes", [2, 3, 12])
def test_the_sets_of_many_rows_are_those_of_each(classes: int) -> None:
    draw = np.random.default_rng(classes)
    # Few distinct figures, so that some are equal and some are the thresholds themselves.
    shares = draw.integers(0, 4, size=(2000, classes)) + (np.arange(classes) == 0)
    probabilities = np.round(shares / shares.sum(axis=1, keepdims=True), 2)
    called = draw.integers(0, classes, size=2000)
    sets = msgspec.structs.replace(
        calibrated_sets(*rare_class(0, 600), 0.9),
        thresholds=[0.25, 0.1, *[0.5] * (classes - 3), 0.05][:classes],
    )
    distinct, which = sets.sets_for(called, probabilities)
    assert [distinct[place] for place in which.tolist()] == [
        tuple(sets.set_for(*one))
        for one in zip(called.tolist(), probabilities.tolist(), strict=True)
    ]
    nothing, none = sets.sets_for(called[:0], probabilities[:0])
    assert (nothing, none.tolist()) == ([(place,) for place in range(classes)], [])


INPUTS: list[Input] = [
    NumberInput(name="age"),
    CategoryInput(name="married", categories=(Category("yes", "yes"), Category("no", "no"))),
    NumberInput(name="noise", missing_allowed=True),
    BooleanInput(name="pensioner"),
]


def people(seed: int, rows: int) -> list[Row]:
    draw = np.random.default_rng(seed)
    made: list[Row] = []
    for _ in range(rows):
        age = float(draw.uniform(15, 90))
        married = "yes" if draw.uniform() < (0.01 if age < 20 else 0.7) else "no"
        noise = None if draw.uniform() < 0.1 else float(draw.normal())
        made.append((age, married, noise, bool(age > 65)))
    return made


@pytest.fixture(scope="module")
def tree() -> ChowLiuTree:
    learned = fit_chow_liu(INPUTS, people(0, 4000))
    assert learned is not None
    return learned


def test_about_one_in_a_hundred_usual_rows_is_flagged(tree: ChowLiuTree) -> None:
    assert len(tree.anomalous(people(1, 10_000))) / 10_000 == pytest.approx(0.01, abs=0.005)


def test_values_that_hardly_occur_together_are_anomalous_though_each_is_common(
    tree: ChowLiuTree,
) -> None:
    assert tree.is_anomalous((17.0, "yes", 0.0, True))
    assert tree.anomaly((17.0, "yes", 0.0, True)).share <= 0.01
    assert tree.anomaly((30.0, "no", 0.0, True)).pair == (0, 3)
    assert not tree.is_anomalous((45.0, "yes", 0.0, False))


def test_many_rows_are_flagged_as_one_by_one(tree: ChowLiuTree) -> None:
    rows = [*people(2, 500), (17.0, "yes", None, True), (40.0, "unheard of", 0.0, False)]
    found = {at: tree.anomaly(row) for at, row in enumerate(rows) if tree.is_anomalous(row)}
    assert tree.anomalous(rows) == list(found)
    assert tree.anomalies(list(zip(*rows, strict=True))) == found


def test_with_ten_rows_only_what_surprises_more_than_all_is_anomalous() -> None:
    rows = people(3, 10)
    learned = fit_chow_liu(INPUTS, rows)
    assert learned is not None
    assert learned.anomalous(rows) == []
    assert learned.anomaly(rows[0]).share >= 0.05


@pytest.mark.parametrize(
    "inputs", [[NumberInput(name="alone")], [TextInput(name="a"), TextInput(name="b")]]
)
def test_nothing_is_held_together_where_there_are_not_two_inputs(inputs: list[Input]) -> None:
    rows: list[Row] = [tuple("x" for _ in inputs)] * 5
    assert fit_chow_liu(inputs, rows) is None


def test_another_share_can_be_asked_for(tmp_path: Path) -> None:
    draw = np.random.default_rng(0)
    X = pd.DataFrame({"a": draw.normal(size=300), "b": draw.normal(size=300)})
    y = X["a"] + draw.normal(size=300)
    for coverage in (0.5, 0.95):
        model = LinearRegression().fit(X, y)
        published = publish(
            model, X, y, name=f"c{coverage}", root=tmp_path, cv=5, coverage=coverage
        )
        intervals = published.manifest.intervals
        assert intervals is not None
        assert intervals.coverage == coverage
        assert intervals.measured == pytest.approx(coverage, abs=0.06)
    with pytest.raises(PublishingRefused, match=r"from 0\.5 to 0\.99, found 1\.5"):
        publish(LinearRegression().fit(X, y), X, y, name="c", root=tmp_path, cv=5, coverage=1.5)

"""Drift of a table against training: found where it is, and rarely where it is not."""

from typing import Any

import numpy as np
import pytest

from servery.batch.drift import FEWEST_ROWS, DriftReport, drift_of, drift_text
from servery.batch.summary import Spread, Summary
from servery.inputs import Category, CategoryInput, CategoryStats, Input, NumberInput, number_stats
from servery.manifest import FORMAT, Artifact, Manifest, RuntimeFacts, Training
from servery.manifest.measured import Evaluation, ResidualPoint, Residuals
from servery.runtimes.columns import DictionaryEncoded
from servery.signature import RegressionOutput, Signature

KINDS = [f"k{at}" for at in range(6)]
SHARES = [0.5, 0.2, 0.15, 0.1, 0.045, 0.005]


def columns_of(draw: np.random.Generator, rows: int, shift: float = 0.0) -> list[Any]:
    numbers = [draw.gamma(2.0, 10.0, rows) + shift, *draw.normal(size=(3, rows))]
    codes = draw.choice(6, rows, p=SHARES)
    return [*numbers, DictionaryEncoded(np.array([*KINDS, None], dtype=object), codes)]


def fitted(draw: np.random.Generator, rows: int) -> Signature:
    *numbers, kinds = columns_of(draw, rows)
    inputs: list[Input] = [
        NumberInput(name=f"n{at}", training_stats=number_stats(column, 0))
        for at, column in enumerate(numbers)
    ]
    counts = np.bincount(kinds.codes, minlength=6).tolist()
    categories = tuple(map(Category, KINDS, KINDS, counts))
    stats = CategoryStats()
    inputs.append(CategoryInput(name="kind", categories=categories, training_stats=stats))
    return Signature(tuple(inputs), RegressionOutput(label="y", name="y"))


def report(signature: Signature, columns: list[Any]) -> DriftReport:
    summary = Summary(rows=len(columns[0]))
    for item, column in zip(signature.inputs, columns, strict=True):
        bins = item.training_bins()
        assert bins is not None
        summary.inputs[item.name] = bins.count(column, None).tolist()
    return drift_of(summary, signature, None)


@pytest.mark.parametrize("rows", [60, 1_000])
def test_a_table_without_drift_is_rarely_said_to_have_one(rows: int) -> None:
    alarms = 0
    for seed in range(60):
        draw = np.random.default_rng(seed)
        alarms += bool(report(fitted(draw, 400), columns_of(draw, rows)).drifted)
    assert alarms <= 7  # of 60, where 3 are expected


def test_a_drift_is_found_and_said_in_a_sentence() -> None:
    draw = np.random.default_rng(0)
    signature = fitted(draw, 2_000)
    found = report(signature, columns_of(draw, 500, shift=10.0))
    [drift] = found.drifted
    assert (drift.input, drift.size) == ("n0", "large")
    assert drift.psi > drift.critical
    assert sum(drift.table) == pytest.approx(1.0)
    assert drift_text(drift, {"n0": "Amount"}).startswith("Amount: a large drift. ")
    assert [each.input for each in found.stable] == ["n1", "n2", "n3", "kind"]
    assert all(sum(each.table) == pytest.approx(1.0) for each in found.stable)


def test_values_that_training_never_had_and_missing_ones_are_drift() -> None:
    draw = np.random.default_rng(1)
    signature = fitted(draw, 2_000)
    columns = columns_of(draw, 300)
    columns[1][:60] = np.nan
    columns[4] = DictionaryEncoded(np.array(["new", *KINDS], dtype=object), draw.choice(7, 300))
    found = {drift.input: drift for drift in report(signature, columns).drifted}
    assert found.keys() == {"n1", "kind"}
    assert found["n1"].table[-1] == 0.2
    assert found["kind"].table[-2] > 0.05


def test_too_few_rows_are_not_compared() -> None:
    draw = np.random.default_rng(2)
    found = report(fitted(draw, 400), columns_of(draw, 20, shift=100.0))
    assert (found.compared, found.drifted, found.fewest_rows) == (0, [], FEWEST_ROWS)


def predictions_report(known: Any, table: Any) -> DriftReport:  # noqa: ANN401 - arrays
    signature = Signature((), RegressionOutput(label="y", name="y"))
    points = [ResidualPoint(predicted=value, actual=value) for value in known.tolist()]
    residuals = Residuals(rows=len(points), points=points)
    manifest = Manifest(
        format=FORMAT,
        name="m",
        version="1",
        signature=signature,
        metrics=None,
        training=Training(rows=None, fitted_on="2026-01-01", libraries={}),
        runtime=RuntimeFacts(),
        artifacts=[Artifact(file="m.skops", sha256="0" * 64, size_bytes=1)],
        golden=[],
        evaluation=Evaluation(residuals=residuals),
    )
    spread = Spread()
    spread.add(table)
    summary = Summary(rows=len(table), quantities={"y": spread})
    return drift_of(summary, signature, manifest)


def test_predictions_in_a_narrow_range_far_from_zero_are_no_drift() -> None:
    draw = np.random.default_rng(3)
    years = predictions_report(draw.normal(2005, 5, 500), draw.normal(2005, 5, 2_000))
    assert (years.compared, years.drifted) == (1, [])
    few = np.linspace(100.0, 109.0, 10)
    same = predictions_report(draw.choice(few, 500), draw.choice(few, 2_000))
    assert (same.compared, same.drifted) == (1, [])
    below = predictions_report(-draw.gamma(2.0, 10.0, 500), -draw.gamma(2.0, 10.0, 2_000))
    assert (below.compared, below.drifted) == (1, [])


def test_predictions_that_have_moved_are_drift() -> None:
    draw = np.random.default_rng(4)
    [drift] = predictions_report(draw.normal(100, 20, 500), draw.normal(130, 20, 500)).drifted
    assert (drift.input, drift.size) == (None, "large")

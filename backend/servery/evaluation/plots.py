"""The data of evaluation plots: true outcomes and predictions in, counts out."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from servery.inputs import Scalar
from servery.manifest.measured import (
    Calibration,
    CalibrationBin,
    Confusion,
    Evaluation,
    ResidualPoint,
    Residuals,
    ThresholdPoint,
    Thresholds,
)
from servery.runtimes import Outcomes
from servery.signature import ClassificationOutput, Output, RegressionOutput

Array: TypeAlias = NDArray[Any]
POINTS = 101
BINS = 10
MOST_RESIDUALS = 500
#: A larger confusion matrix does not fit on a page.
MOST_CLASSES = 30
DIGITS = 5


def evaluate(output: Output, truth: pd.DataFrame, outcomes: Outcomes) -> Evaluation:
    """Compute the data of the plots; empty for outputs without a single true outcome.

    Parameters
    ----------
    truth
        As in `measure`.
    """
    column = truth.iloc[:, 0].to_numpy()
    if isinstance(output, ClassificationOutput):
        return _of_classes(output, column, outcomes)
    if isinstance(output, RegressionOutput):
        values = np.asarray(outcomes.values, dtype=np.float64)
        return Evaluation(residuals=_residuals(column.astype(np.float64), values))
    return Evaluation()


def positive_class(output: ClassificationOutput) -> int:
    """Return the position of the class with the threshold, or of the second class."""
    if output.threshold is None:
        return 1
    return [outcome.value for outcome in output.classes].index(output.threshold.class_)


def true_places(output: ClassificationOutput, truth: Array) -> NDArray[np.intp]:
    """Return the position of each row's true class."""
    place = {str(outcome.value): number for number, outcome in enumerate(output.classes)}
    return np.array([place[str(value)] for value in truth.tolist()], dtype=np.intp)


def _of_classes(output: ClassificationOutput, truth: Array, outcomes: Outcomes) -> Evaluation:
    classes = [outcome.value for outcome in output.classes]
    true, called = true_places(output, truth), np.asarray(outcomes.classes)
    confusion = _confusion(classes, true, called) if len(classes) <= MOST_CLASSES else None
    if outcomes.probabilities is None:
        return Evaluation(confusion=confusion)
    probabilities = np.asarray(outcomes.probabilities)
    if len(classes) != 2:
        named = probabilities[np.arange(len(called)), called]
        return Evaluation(
            confusion=confusion, calibration=_calibration(None, named, called == true)
        )
    place = positive_class(output)
    chosen = output.threshold.value if output.threshold else 0.5
    probability, hit = probabilities[:, place], true == place
    return Evaluation(
        confusion=confusion,
        thresholds=_thresholds(classes[place], chosen, probability, hit),
        calibration=_calibration(classes[place], probability, hit),
    )


def _confusion(classes: Sequence[Scalar], true: Array, called: Array) -> Confusion:
    count = len(classes)
    cells = np.bincount(true * count + called, minlength=count * count)
    return Confusion(classes=list(classes), counts=cells.reshape(count, count).tolist())


def _thresholds(name: Scalar, chosen: float, probability: Array, hit: Array) -> Thresholds:
    """Count hits and false alarms at thresholds that are dense where most rows are."""
    spread = np.quantile(probability, np.linspace(0.0, 1.0, POINTS))
    even = np.linspace(0.0, 1.0, 21)
    points = np.unique(np.round([0.0, chosen, 1.0, *spread, *even], DIGITS))
    return Thresholds(
        class_=name,
        chosen=chosen,
        positives=int(hit.sum()),
        negatives=int((~hit).sum()),
        points=[
            ThresholdPoint(
                threshold=threshold,
                hits=int((hit & (probability >= threshold)).sum()),
                false_alarms=int((~hit & (probability >= threshold)).sum()),
            )
            for threshold in points.tolist()
        ],
    )


def _calibration(name: Scalar | None, probability: Array, hit: Array) -> Calibration:
    """Compare in bins with equal numbers of rows, so that no bin has too few."""
    count = max(1, min(BINS, len(probability) // 5))
    parts = np.array_split(np.argsort(probability, kind="stable"), count)
    return Calibration(
        class_=name,
        bins=[
            CalibrationBin(
                low=round(float(probability[part].min()), DIGITS),
                high=round(float(probability[part].max()), DIGITS),
                predicted=round(float(probability[part].mean()), DIGITS),
                observed=round(float(hit[part].mean()), DIGITS),
                rows=len(part),
            )
            for part in parts
        ],
    )


def _residuals(actual: Array, predicted: Array) -> Residuals:
    places = np.unique(np.linspace(0, len(actual) - 1, MOST_RESIDUALS).astype(int))
    return Residuals(
        rows=len(actual),
        points=[
            ResidualPoint(predicted=_short(predicted[place]), actual=_short(actual[place]))
            for place in places.tolist()
        ],
    )


def _short(value: float) -> float:
    return float(f"{value:.6g}")

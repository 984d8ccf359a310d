"""The data of evaluation plots: true outcomes and predictions in, counts out."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from servery.evaluation.answers import ClassAnswers, positive_class
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

if TYPE_CHECKING:
    import pandas as pd

Array: TypeAlias = NDArray[Any]
POINTS = 101
BINS = 10
MOST_RESIDUALS = 500
#: Rows of thresholds and calibrations.
MOST_PLOTTED = 200_000
#: Nobody reads a larger confusion matrix.
MOST_CLASSES = 60
DIGITS = 5


def evaluate(output: Output, truth: "pd.DataFrame", outcomes: Outcomes) -> Evaluation:
    """Compute the data of the plots; empty for outputs without a single true outcome.

    Parameters
    ----------
    truth
        As in `measure`.
    """
    column = truth.iloc[:, 0].to_numpy()
    if isinstance(output, ClassificationOutput):
        return evaluate_classes(ClassAnswers.of(output, column, outcomes))
    if isinstance(output, RegressionOutput):
        values = np.asarray(outcomes.values, dtype=np.float64)
        return Evaluation(residuals=residuals(column.astype(np.float64), values))
    return Evaluation()


def evaluate_classes(answers: ClassAnswers) -> Evaluation:
    """Compute the data of the plots of a classifier."""
    output = answers.output
    classes = [outcome.value for outcome in output.classes]
    true, called = answers.true, answers.called
    confusion = _confusion(classes, true, called) if len(classes) <= MOST_CLASSES else None
    if answers.probability is None:
        of_called = answers.of_called
        calibration = None if of_called is None else _calibration(None, of_called, called == true)
        return Evaluation(confusion=confusion, calibration=calibration)
    positive = classes[positive_class(output)]
    chosen = output.threshold.value if output.threshold else 0.5
    # Of very many rows, evenly spread ones draw the same plot.
    step = -(-len(true) // MOST_PLOTTED)
    probability, hit = answers.probability[::step], answers.hit[::step]
    order = np.argsort(probability, kind="stable")  # once: sorting takes longest
    probability, hit = probability[order], hit[order]
    return Evaluation(
        confusion=confusion,
        thresholds=_thresholds(positive, chosen, probability, hit),
        calibration=_calibration(positive, probability, hit),
    )


def _confusion(classes: Sequence[Scalar], true: Array, called: Array) -> Confusion:
    count = len(classes)
    cells = np.bincount(true.astype(np.intp) * count + called, minlength=count * count)
    return Confusion(classes=list(classes), counts=cells.reshape(count, count).tolist())


def _thresholds(name: Scalar, chosen: float, probability: Array, hit: Array) -> Thresholds:
    """Count hits and false alarms at thresholds that are dense where most rows are.

    Parameters
    ----------
    probability
        Ascending.
    """
    of_hits, of_others = probability[hit], probability[~hit]
    spread = np.quantile(probability, np.linspace(0.0, 1.0, POINTS))
    even = np.linspace(0.0, 1.0, 21)
    points = np.unique(np.round([0.0, chosen, 1.0, *spread, *even], DIGITS))
    return Thresholds(
        class_=name,
        chosen=chosen,
        positives=len(of_hits),
        negatives=len(of_others),
        points=[
            ThresholdPoint(
                threshold=threshold,
                hits=len(of_hits) - int(of_hits.searchsorted(threshold)),
                false_alarms=len(of_others) - int(of_others.searchsorted(threshold)),
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


def residuals(actual: Array, predicted: Array) -> Residuals:
    """Return some predictions beside what came true, evenly spread over the rows."""
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

"""Permutation importance: how much worse a model gets when one input is shuffled."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.metrics import accuracy_score, r2_score, roc_auc_score

from servery.evaluation.measuring import HeldOutPredictions
from servery.evaluation.plots import positive_class, true_places
from servery.manifest.measured import Importance, InputImportance
from servery.runtimes import Outcomes
from servery.signature import ClassificationOutput, Output, RegressionOutput, Row

REPEATS = 10
MOST_ROWS = 2_000
#: More inputs would take too long.
MOST_INPUTS = 200
SEED = 0


def importance(predictions: HeldOutPredictions) -> Importance | None:
    """Measure how much a metric falls when one input is shuffled between the rows.

    Returns None if there is only one input, or no true outcome to compare with.

    References
    ----------
    L. Breiman (2001), Machine Learning 45(1), 5-32; A. Fisher, C. Rudin & F. Dominici (2019),
    JMLR 20(177).
    """
    inputs, output = predictions.inspected.signature.inputs, predictions.output
    if not 2 <= len(inputs) <= MOST_INPUTS:
        return None
    if not isinstance(output, (ClassificationOutput, RegressionOutput)):
        return None
    predictions = predictions.some(MOST_ROWS)
    outcomes = predictions.outcomes()
    name = _metric_of(output, outcomes)
    whole = _metric(output, predictions.truth, outcomes)
    if not math.isfinite(whole):  # one class alone has no ROC curve
        return None
    draw = np.random.default_rng(SEED)
    found = []
    for place, item in enumerate(inputs):
        tables = [_shuffled(predictions.rows, place, draw) for _ in range(REPEATS)]
        worse = [
            whole - _metric(output, predictions.truth, each)
            for each in predictions.outcomes_of(tables)
        ]
        error = float(np.std(worse, ddof=1) / np.sqrt(REPEATS))
        found.append(
            InputImportance(input=item.name, importance=float(np.mean(worse)), standard_error=error)
        )
    found.sort(key=lambda each: -each.importance)
    return Importance(metric=name, rows=len(predictions.rows), repeats=REPEATS, inputs=found)


def _shuffled(rows: Sequence[Row], place: int, draw: np.random.Generator) -> list[Row]:
    order = draw.permutation(len(rows)).tolist()
    return [
        (*row[:place], rows[other][place], *row[place + 1 :])
        for row, other in zip(rows, order, strict=True)
    ]


def _metric_of(output: Output, outcomes: Outcomes) -> str:
    if isinstance(output, RegressionOutput):
        return "R²"
    return "ROC-AUC" if _has_curve(output, outcomes) else "Accuracy"


def _has_curve(output: Output, outcomes: Outcomes) -> bool:
    is_of_two = isinstance(output, ClassificationOutput) and len(output.classes) == 2
    return is_of_two and outcomes.probabilities is not None


def _metric(
    output: ClassificationOutput | RegressionOutput, truth: pd.DataFrame, outcomes: Outcomes
) -> float:
    column = truth.iloc[:, 0].to_numpy()
    if isinstance(output, RegressionOutput):
        return float(r2_score(column.astype(float), outcomes.values))
    true = true_places(output, column)
    if _has_curve(output, outcomes):
        place = positive_class(output)
        return float(roc_auc_score(true == place, np.asarray(outcomes.probabilities)[:, place]))
    return float(accuracy_score(true, outcomes.classes))

"""Permutation importance: how much worse a model gets when one input is shuffled."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from servery.evaluation.answers import positive_class, true_places
from servery.evaluation.correlation import correlated_inputs
from servery.evaluation.figures import regression_figures, roc_auc
from servery.evaluation.measuring import HeldOutPredictions, Tables
from servery.manifest.measured import Importance, InputImportance
from servery.runtimes.columns import ColumnOutcomes, as_columns
from servery.signature import ClassificationOutput, Output, RegressionOutput
from servery.uncertainty.folds import Places

REPEATS = 10
MOST_ROWS = 2_000
#: More inputs would take too long.
MOST_INPUTS = 200
SEED = 0
#: Parts of the rows that are left out in turn, for the error.
GROUPS = 20


def importance(predictions: HeldOutPredictions) -> Importance | None:
    """Measure how much a metric falls when one input is shuffled between the rows.

    Returns None if there is only one input, no true outcome to compare with, or no answer to
    shuffled rows.

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
    outcomes = as_columns(predictions.outcomes())
    loss = _Loss(output, predictions.truth, outcomes)
    if not math.isfinite(loss.whole):  # one class alone has no ROC curve
        return None
    draw = np.random.default_rng(SEED)
    tables = Tables(predictions, REPEATS)
    found = []
    for place, item in enumerate(inputs):
        orders = [draw.permutation(len(predictions.rows)) for _ in range(REPEATS)]
        shuffled = [as_columns(each) for each in tables.outcomes(place, orders)]
        worse = [loss.of(each) for each in shuffled]
        found.append(
            InputImportance(
                input=item.name,
                importance=float(np.mean(worse)),
                standard_error=math.hypot(
                    float(np.std(worse, ddof=1)) / math.sqrt(REPEATS), loss.error(shuffled)
                ),
            )
        )
    if not all(math.isfinite(each.importance) for each in found):
        return None  # the model gives no answer to some shuffled rows
    found.sort(key=lambda each: -each.importance)
    return Importance(
        metric=loss.metric,
        rows=len(predictions.rows),
        repeats=REPEATS,
        inputs=found,
        correlated=correlated_inputs(inputs, predictions.rows),
    )


class _Loss:
    """How much lower a metric is for other outcomes of the same rows."""

    def __init__(
        self,
        output: ClassificationOutput | RegressionOutput,
        truth: pd.DataFrame,
        outcomes: ColumnOutcomes,
    ) -> None:
        self._output = output
        column = truth.iloc[:, 0].to_numpy()
        self._truth: NDArray[Any] = (
            column.astype(float)
            if isinstance(output, RegressionOutput)
            else true_places(output, column)
        )
        self._has_curve = _has_curve(output, outcomes)
        self._rows = np.arange(len(column))
        self.whole = self._metric(outcomes, self._rows)
        parts = np.array_split(np.random.default_rng(SEED).permutation(self._rows), GROUPS)
        others = [np.setdiff1d(self._rows, part) for part in parts if len(part)]
        #: The rows without each part, and the metric on them.
        self._without = [(rows, self._metric(outcomes, rows)) for rows in others if len(rows)]

    @property
    def metric(self) -> str:
        """The name of the metric."""
        if isinstance(self._output, RegressionOutput):
            return "R²"
        return "ROC-AUC" if self._has_curve else "Accuracy"

    def of(self, others: ColumnOutcomes) -> float:
        """Return how much lower the metric is."""
        return self.whole - self._metric(others, self._rows)

    def error(self, shuffled: Sequence[ColumnOutcomes]) -> float:
        """Return the standard error of the mean loss, as rows differ.

        References
        ----------
        The delete-a-group jackknife: P. S. Kott (2001), J. of Official Statistics 17(4), 521-526.
        """
        means = [
            np.mean([whole - self._metric(each, rows) for each in shuffled])
            for rows, whole in self._without
        ]
        means = [mean for mean in means if np.isfinite(mean)]
        if len(means) < 2:
            return 0.0
        return float(np.sqrt((len(means) - 1) * np.var(means)))

    def _metric(self, outcomes: ColumnOutcomes, rows: Places) -> float:
        truth = self._truth[rows]
        if isinstance(self._output, RegressionOutput):
            values = np.asarray(outcomes.values)[rows]
            return regression_figures(truth, values, None)["r2"]
        if self._has_curve:
            place = positive_class(self._output)
            return roc_auc(truth == place, np.asarray(outcomes.probabilities)[rows, place])
        return float((truth == np.asarray(outcomes.classes)[rows]).mean())


def _has_curve(output: Output, outcomes: ColumnOutcomes) -> bool:
    is_of_two = isinstance(output, ClassificationOutput) and len(output.classes) == 2
    return is_of_two and outcomes.probabilities is not None

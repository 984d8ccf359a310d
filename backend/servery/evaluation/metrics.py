"""Metrics: true outcomes and predictions of held-out rows in, metrics with explanations out."""

from typing import Any, TypeAlias

import msgspec
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import (
    accuracy_score,
    brier_score_loss,
    f1_score,
    mean_absolute_error,
    precision_score,
    r2_score,
    recall_score,
    roc_auc_score,
    root_mean_squared_error,
)

from servery.inputs import Scalar
from servery.manifest.measured import Group, GroupRow, Metric, Rate
from servery.runtimes import Outcomes
from servery.signature import ClassificationOutput, MultiOutput, Output, RegressionOutput

Array: TypeAlias = NDArray[Any]


def measure(output: Output, truth: pd.DataFrame, outcomes: Outcomes) -> list[Metric]:
    """Measure the predictions of a model for rows with known outcomes.

    Parameters
    ----------
    truth
        One column per output, one row for each row of ``outcomes``, none missing.
    """
    if isinstance(output, MultiOutput):
        return [
            msgspec.structs.replace(
                metric, name=f"{part.name}/{metric.name}", label=f"{part.label}: {metric.label}"
            )
            for part, name, of_part in zip(
                output.outputs, truth.columns, outcomes.parts or (), strict=True
            )
            for metric in measure(part, truth[[name]], of_part)
        ]
    column = truth.iloc[:, 0].to_numpy()
    if isinstance(output, ClassificationOutput):
        return _class_metrics(output, column, outcomes)
    if isinstance(output, RegressionOutput):
        predicted = np.asarray(outcomes.values, dtype=float)
        return regression_metrics(column.astype(float), predicted, unit=output.unit or "")
    return []  # clusters and outliers have no true outcome


def _class_metrics(output: ClassificationOutput, truth: Array, outcomes: Outcomes) -> list[Metric]:
    values = np.array([outcome.value for outcome in output.classes], dtype=object)
    predicted = values[np.asarray(outcomes.classes)]
    if len(values) != 2 or outcomes.probabilities is None or len(set(truth)) < 2:
        return multiclass_metrics(truth.astype(str), predicted.astype(str))
    chosen = output.threshold.class_ if output.threshold else values[1]
    place = values.tolist().index(chosen)
    probability = np.asarray(outcomes.probabilities)[:, place]
    return binary_metrics(truth, probability, predicted, positive=chosen)


def binary_metrics(
    truth: Array, probability: Array, predicted: Array, *, positive: Scalar
) -> list[Metric]:
    """Measure a binary classifier.

    Parameters
    ----------
    truth, predicted
        True and predicted class of each row.
    probability
        Probability of ``positive`` for each row, 0 to 1.

    References
    ----------
    The Brier score: G. W. Brier (1950), Monthly Weather Review 78(1), 1-3.
    """
    hit = truth == positive
    called = predicted == positive
    share = float(hit.mean())
    majority = max(share, 1 - share)
    auc = float(roc_auc_score(hit, probability))
    brier = float(brier_score_loss(hit, probability))
    accuracy = float(accuracy_score(hit, called))
    precision = float(precision_score(hit, called, zero_division=0.0))
    recall = float(recall_score(hit, called, zero_division=0.0))
    return [
        _metric(
            "roc_auc",
            "ROC-AUC",
            auc,
            f"In {auc:.0%} of all pairs of a row that is {positive} and one that is not, the first "
            "has the higher probability; chance would give 50%.",
        ),
        _metric(
            "brier_score",
            "Brier score",
            brier,
            "Mean squared difference between probability and outcome; always predicting "
            f"{share:.1%} would score {share * (1 - share):.3f}, and 0 is perfect.",
        ),
        _metric(
            "accuracy",
            "Accuracy",
            accuracy,
            f"{accuracy:.1%} of the rows were classified correctly; always predicting the more "
            f"frequent class gives {majority:.1%}.",
        ),
        _metric(
            "precision",
            f"Precision for {positive}",
            precision,
            f"{precision:.0%} of the rows predicted as {positive} were {positive}.",
        ),
        _metric(
            "recall",
            f"Recall for {positive}",
            recall,
            f"{recall:.0%} of the rows that were {positive} were predicted as {positive}.",
        ),
        _metric(
            "share_called",
            f"Share predicted as {positive}",
            float(called.mean()),
            f"{called.mean():.1%} of the rows were predicted as {positive}; {share:.1%} were.",
        ),
    ]


def multiclass_metrics(truth: Array, predicted: Array) -> list[Metric]:
    """Measure a classifier with any number of classes by its predicted class."""
    accuracy = float(accuracy_score(truth, predicted))
    balanced = float(recall_score(truth, predicted, average="macro", zero_division=0.0))
    f1 = float(f1_score(truth, predicted, average="macro", zero_division=0.0))
    majority = float(pd.Series(truth).value_counts(normalize=True).max())
    return [
        _metric(
            "accuracy",
            "Accuracy",
            accuracy,
            f"{accuracy:.1%} of the rows were classified correctly; always predicting the most "
            f"frequent class gives {majority:.1%}.",
        ),
        _metric(
            "balanced_accuracy",
            "Balanced accuracy",
            balanced,
            f"Mean share of correctly classified rows per class: {balanced:.1%}.",
        ),
        _metric(
            "macro_f1",
            "F1, mean of the classes",
            f1,
            "Harmonic mean of precision and recall, averaged over the classes; 1 is perfect.",
        ),
    ]


def regression_metrics(truth: Array, predicted: Array, *, unit: str = "") -> list[Metric]:
    """Measure a regressor, in the ``unit`` of its target."""
    r2 = float(r2_score(truth, predicted))
    rmse = float(root_mean_squared_error(truth, predicted))
    mae = float(mean_absolute_error(truth, predicted))
    spread = float(np.std(truth))
    return [
        _metric(
            "r2",
            "R²",
            r2,
            _explained(r2),
        ),
        _metric(
            "rmse",
            "Root mean squared error",
            rmse,
            "Root of the mean squared error, in which large errors weigh more; always predicting "
            f"the mean would give {_figure(spread)} {unit}".rstrip()
            + ".",
            unit or None,
        ),
        _metric(
            "mae",
            "Mean absolute error",
            mae,
            f"On average the prediction was off by {_figure(mae)} {unit}".rstrip() + ".",
            unit or None,
        ),
    ]


def _explained(r2: float) -> str:
    if r2 < 0.0:
        return (
            f"The squared errors are {-r2:.0%} larger than those of always predicting the mean of "
            "these rows."
        )
    return (
        f"The squared errors are {r2:.0%} smaller than those of always predicting the mean of "
        "these rows."
    )


def group_rates(groups: pd.Series, truth: Array, predicted: Array, *, positive: str) -> Group:
    """Measure the error rates within each value of one input, the largest group first."""
    counts = groups.value_counts()
    masks = [(value, (groups == value).to_numpy()) for value in counts.index]
    return Group(
        input=str(groups.name),
        rows=[
            GroupRow(
                value=value,
                rows=int(mask.sum()),
                rates=_rates(truth[mask] == positive, predicted[mask] == positive, positive),
            )
            for value, mask in masks
        ],
    )


def _rates(hit: Array, called: Array, positive: str) -> list[Rate]:
    return [
        Rate(name="base_rate", label=f"Are {positive}", value=_share(hit)),
        Rate(name="selection_rate", label=f"Predicted {positive}", value=_share(called)),
        Rate(
            name="false_positive_rate",
            label=f"Wrongly predicted {positive}",
            value=_share(called[~hit]),
        ),
        Rate(
            name="false_negative_rate",
            label=f"Wrongly predicted not {positive}",
            value=_share(~called[hit]),
        ),
    ]


def _figure(value: float) -> str:
    """Return a number with three significant digits, or as a whole number if it has more."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _share(flags: Array) -> float:
    return float(np.mean(flags)) if len(flags) else 0.0


def _metric(name: str, label: str, value: float, meaning: str, unit: str | None = None) -> Metric:
    return Metric(name=name, label=label, value=value, unit=unit, meaning=meaning)

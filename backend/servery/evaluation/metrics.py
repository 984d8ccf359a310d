"""Metrics: true outcomes and predictions of held-out rows in, metrics with explanations out."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from servery.evaluation.answers import ClassAnswers, positive_class
from servery.evaluation.figures import (
    Figures,
    Rows,
    binary_figures,
    class_figures,
    intervals,
    regression_figures,
)
from servery.inputs import Scalar
from servery.manifest.measured import ClassFigures, Metric
from servery.runtimes import Outcomes
from servery.signature import ClassificationOutput, MultiOutput, Output, RegressionOutput
from servery.uncertainty.folds import Floats, Places
from servery.uncertainty.reliability import stated

if TYPE_CHECKING:
    import pandas as pd

Array: TypeAlias = NDArray[Any]
Ends: TypeAlias = Mapping[str, tuple[float, float]]


class Measurement(msgspec.Struct, frozen=True):
    """Metrics, sentences on baselines, and the figures of each class; see `Metrics`."""

    values: list[Metric] = []
    remarks: list[str] = []
    classes: list[ClassFigures] = []


def measure(
    output: Output, truth: "pd.DataFrame", outcomes: Outcomes, last: Floats | None = None
) -> Measurement:
    """Measure the predictions of a model for rows with known outcomes.

    Parameters
    ----------
    truth
        One column per output, one row for each row of ``outcomes``, none missing.
    last
        In the order of time, the last outcome that the fit of each row knew.
    """
    if isinstance(output, MultiOutput):
        return _of_several(output, truth, outcomes)
    column = truth.iloc[:, 0].to_numpy()
    if isinstance(output, ClassificationOutput):
        return measure_classes(ClassAnswers.of(output, column, outcomes))
    if isinstance(output, RegressionOutput):
        predicted = np.asarray(outcomes.values, dtype=float)
        return regression_metrics(
            column.astype(float), predicted, unit=output.unit or "", last=last
        )
    return Measurement()  # clusters and outliers have no true outcome


def _of_several(output: MultiOutput, truth: "pd.DataFrame", outcomes: Outcomes) -> Measurement:
    values, remarks = [], []
    for part, name, of_part in zip(
        output.outputs, truth.columns, outcomes.parts or (), strict=True
    ):
        measured = measure(part, truth[[name]], of_part)
        values += [
            msgspec.structs.replace(
                metric, name=f"{part.name}/{metric.name}", label=f"{part.label}: {metric.label}"
            )
            for metric in measured.values
        ]
        remarks += [f"{part.label}: {remark}" for remark in measured.remarks]
    return Measurement(values, remarks)


def measure_classes(answers: ClassAnswers) -> Measurement:
    """Measure a classifier by its answers for rows with known outcomes."""
    output = answers.output
    if answers.probability is not None and answers.is_binary:
        place = positive_class(output)
        return binary_metrics(
            answers.hit,
            answers.probability,
            answers.called == place,
            positive=output.classes[place].value,
        )
    count = len(output.classes)
    measured = multiclass_metrics(answers.true, answers.called, answers.of_true, count)
    if count <= 2:
        return measured
    return msgspec.structs.replace(measured, classes=class_rates(answers))


def class_rates(answers: ClassAnswers) -> list[ClassFigures]:
    """Return how well each class is recognised."""
    output, true, called = answers.output, answers.true, answers.called
    return [
        ClassFigures(
            class_=outcome.value,
            rows=int(is_of.sum()),
            called=int(is_called.sum()),
            precision=float(is_of[is_called].mean()) if is_called.any() else None,
            recall=float(is_called[is_of].mean()) if is_of.any() else None,
        )
        for place, outcome in enumerate(output.classes)
        for is_of, is_called in [(true == place, called == place)]
    ]


def binary_metrics(
    hit: Array, probability: Array, called: Array, *, positive: Scalar
) -> Measurement:
    """Measure a binary classifier.

    Parameters
    ----------
    hit, called
        Which rows are ``positive``, and which were predicted as that.
    probability
        Probability of ``positive`` for each row, 0 to 1.

    References
    ----------
    The Brier score: G. W. Brier (1950), Monthly Weather Review 78(1), 1-3.
    """

    def of(places: Rows) -> Figures:
        return binary_figures(hit[places], probability[places], called[places])

    found, ends = _with_intervals(of, len(hit))
    share = float(hit.mean())
    majority = max(share, 1 - share)
    guess = float(-(share * np.log(share) + (1 - share) * np.log(1 - share)))
    make = _Maker(found, ends, len(hit))
    values = [
        make(
            "roc_auc",
            "ROC-AUC",
            f"In {found['roc_auc']:.0%} of all pairs of a row that is {positive} and one that is "
            "not, the first has the higher probability; chance would give 50%.",
            baseline=0.5,
        ),
        make(
            "average_precision",
            f"Average precision for {positive}",
            f"Mean precision over all thresholds; chance would give {share:.3f}, and 1 is perfect.",
            baseline=share,
        ),
        make(
            "brier_score",
            "Brier score",
            "Mean squared difference between probability and outcome; always predicting "
            f"{share:.1%} would score {share * (1 - share):.3f}, and 0 is perfect.",
            baseline=share * (1 - share),
        ),
        make(
            "log_loss",
            "Log loss",
            "Mean negative logarithm of the probability of what came true; always predicting "
            f"{share:.1%} would score {guess:.3f}, and 0 is perfect.",
            baseline=guess,
        ),
        make(
            "accuracy",
            "Accuracy",
            f"{found['accuracy']:.1%} of the rows were classified correctly; always predicting the "
            f"more frequent class gives {majority:.1%}.",
            baseline=majority,
        ),
        make(
            "precision",
            f"Precision for {positive}",
            f"{found['precision']:.0%} of the rows predicted as {positive} were {positive}.",
            baseline=share,
        ),
        make(
            "recall",
            f"Recall for {positive}",
            f"{found['recall']:.0%} of the rows that were {positive} were predicted as {positive}.",
        ),
        make(
            "share_called",
            f"Share predicted as {positive}",
            f"{found['share_called']:.1%} of the rows were predicted as {positive}; "
            f"{share:.1%} were.",
        ),
    ]
    return Measurement([each for each in values if each is not None], _class_remarks(ends))


def multiclass_metrics(
    true: Places, called: Places, of_true: Floats | None, count: int
) -> Measurement:
    """Measure a classifier with so many classes, by their places.

    Parameters
    ----------
    of_true
        The probability of the class that came true.
    """

    def of(places: Rows) -> Figures:
        some = None if of_true is None else of_true[places]
        return class_figures(true[places], called[places], some, count)

    found, ends = _with_intervals(of, len(true))
    shares = np.bincount(true) / len(true)
    guess = float(-(shares[shares > 0] * np.log(shares[shares > 0])).sum())
    make = _Maker(found, ends, len(true))
    values = [
        make(
            "accuracy",
            "Accuracy",
            f"{found['accuracy']:.1%} of the rows were classified correctly; always predicting the "
            f"most frequent class gives {shares.max():.1%}.",
            baseline=float(shares.max()),
        ),
        make(
            "balanced_accuracy",
            "Balanced accuracy",
            f"Mean share of correctly classified rows per class: {found['balanced_accuracy']:.1%}.",
            baseline=1.0 / max(1, int((shares > 0).sum())),
        ),
        make(
            "macro_f1",
            "F1, mean of the classes",
            "Harmonic mean of precision and recall, averaged over the classes; 1 is perfect.",
        ),
        make(
            "log_loss",
            "Log loss",
            "Mean negative logarithm of the probability of what came true; always predicting the "
            f"share of each class would score {guess:.3f}, and 0 is perfect.",
            baseline=guess,
        ),
    ]
    return Measurement([each for each in values if each is not None], _class_remarks(ends))


def regression_metrics(
    truth: Floats, predicted: Floats, *, unit: str = "", last: Floats | None = None
) -> Measurement:
    """Measure a regressor, in the ``unit`` of its target."""

    def of(places: Rows) -> Figures:
        some = None if last is None else last[places]
        return regression_figures(truth[places], predicted[places], some)

    found, ends = _with_intervals(of, len(truth))
    spread = float(np.std(truth))
    middle = float(np.abs(truth - np.median(truth)).mean())
    make = _Maker(found, ends, len(truth))
    values = [
        make("r2", "R²", _explained(found["r2"]), baseline=0.0),
        make(
            "rmse",
            "Root mean squared error",
            "Root of the mean squared error, in which large errors weigh more; always predicting "
            f"the mean would give {_figure(spread)} {unit}".rstrip()
            + ".",
            baseline=spread,
            unit=unit or None,
        ),
        make(
            "mae",
            "Mean absolute error",
            f"On average the prediction was off by {_figure(found['mae'])} {unit}".rstrip()
            + f"; always predicting the median would be off by {_figure(middle)}.",
            baseline=middle,
            unit=unit or None,
        ),
    ]
    remarks = []
    if "r2" in ends and ends["r2"][0] <= 0.0:
        remarks.append(
            "These rows do not show that the model is better than always predicting the mean."
        )
    if "gain_on_last" in ends and ends["gain_on_last"][0] <= 0.0:
        remarks.append(
            "These rows do not show that the model is better than repeating the last outcome that "
            "was known."
        )
    return Measurement([each for each in values if each is not None], remarks)


def _with_intervals(of: Callable[[Rows], Figures], rows: int) -> tuple[Figures, Ends]:
    found = of(slice(None))
    return found, intervals(of, rows, whole=found)


class _Maker:
    """Makes the metric of each figure; None if the rows do not determine it."""

    def __init__(self, found: Figures, ends: Ends, rows: int) -> None:
        self._found, self._ends, self._rows = found, ends, rows

    def __call__(
        self,
        name: str,
        label: str,
        meaning: str,
        *,
        baseline: float | None = None,
        unit: str | None = None,
    ) -> Metric | None:
        value = self._found.get(name, np.nan)
        if not np.isfinite(value):
            return None
        low, high = self._interval_of(name, value)
        return Metric(
            name=name,
            label=label,
            value=value,
            low=low,
            high=high,
            baseline=baseline,
            unit=unit,
            meaning=meaning,
        )

    def _interval_of(self, name: str, value: float) -> tuple[float | None, float | None]:
        """Return an interval; resampling gives none for rows that are all right, or all wrong."""
        low, high = self._ends.get(name, (None, None))
        if low != high:
            return low, high
        if name != "accuracy":
            return None, None
        share = stated(self._rows, round(value * self._rows))
        return share.low, share.high


def _class_remarks(ends: Ends) -> list[str]:
    """Return what the rows do not show, where the model is not better than a baseline."""
    remarks = []
    if "roc_auc" in ends and ends["roc_auc"][0] <= 0.5:
        remarks.append("These rows do not show that the probabilities are better than chance.")
    if "gain" in ends and ends["gain"][0] <= 0.0:
        remarks.append(
            "These rows do not show that the model is right more often than always predicting the "
            "most frequent class."
        )
    return remarks


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


def _figure(value: float) -> str:
    """Return a number with three significant digits, or as a whole number if it has more."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"

"""Probabilities fitted once more to what came true on unseen rows, where that makes them better.

The recalibrated estimator is scikit-learn's own, around the one that was given, so that it is
measured, compiled and served like any other.
"""

from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator

from servery.errors import PublishingRefused
from servery.evaluation.answers import true_places
from servery.evaluation.measuring import HeldOutPredictions
from servery.evaluation.recalibration import is_lower, log_losses
from servery.inspection import Inspected, Target
from servery.publishing.held_out import cross_validated_predictions, refitting_rows
from servery.publishing.options import PublishOptions
from servery.runtimes.sklearn import as_taken, to_table
from servery.signature import ClassificationOutput
from servery.uncertainty.folds import Floats, Places, folds

Method: TypeAlias = Literal["sigmoid", "isotonic"]
#: With fewer rows, a monotone curve would follow their noise.
ENOUGH_FOR_CURVES = 1_000


@dataclass(frozen=True, slots=True)
class Recalibrated:
    """What recalibration came to.

    Attributes
    ----------
    estimator
        With its calibration; None if that is not better.
    predictions
        For the measured rows, by a calibration that did not see the row; they say what was gained.
    """

    estimator: Any
    predictions: HeldOutPredictions


def recalibrated(
    estimator: Any,  # noqa: ANN401
    inspected: Inspected,
    predictions: HeldOutPredictions,
    tables: tuple[pd.DataFrame | None, Target],
    options: PublishOptions,
) -> Recalibrated:
    """Recalibrate a classifier, if its log loss on unseen rows is lower then.

    On held-out rows, the calibration is fitted on those and measured on the parts of them that it
    did not see. On folds, the estimator is fitted again with a calibration within each.

    Parameters
    ----------
    predictions
        Of the estimator as it is.
    tables
        The training rows with all of their columns, and their outcomes.

    Raises
    ------
    PublishingRefused
        The model has no probabilities, has a threshold that was chosen for its own, or cannot be
        fitted again.

    References
    ----------
    A. Niculescu-Mizil & R. Caruana (2005), Proc. ICML, 625-632.
    """
    output = predictions.output
    if not isinstance(output, ClassificationOutput) or not output.probabilities:
        raise PublishingRefused("Only the probabilities of a classifier can be recalibrated.")
    if output.threshold is not None:
        raise PublishingRefused(
            "The model has a threshold that was chosen for its own probabilities. Recalibrate it "
            "before choosing the threshold."
        )
    methods: list[Method] = ["sigmoid"]
    if len(predictions.rows) >= ENOUGH_FOR_CURVES:
        methods.append("isotonic")
    before = _losses(predictions)
    candidates = [
        (method, _candidate(estimator, inspected, predictions, tables, options, method))
        for method in methods
    ]
    method, best = min(candidates, key=lambda each: float(_losses(each[1]).mean()))
    after = _losses(best)
    if not is_lower(after, before):
        return Recalibrated(
            None,
            _saying(
                predictions,
                "Recalibration did not lower the log loss on these rows, so it is not used.",
            ),
        )
    best = _saying(
        best,
        f"The probabilities are recalibrated ({method}): the log loss on rows that the calibration "
        f"did not see fell from {before.mean():.4g} to {after.mean():.4g}.",
    )
    if predictions.method == "held-out":
        return Recalibrated(_around(estimator, predictions, method), best)
    fitted = refitting_rows(inspected, tables[1])
    whole = _refitted(estimator, method).fit(
        as_taken(fitted.taken, inspected.facts.takes), fitted.outcomes.iloc[:, 0].to_numpy()
    )
    return Recalibrated(whole, best)


def _candidate(
    estimator: Any,  # noqa: ANN401
    inspected: Inspected,
    predictions: HeldOutPredictions,
    tables: tuple[pd.DataFrame | None, Target],
    options: PublishOptions,
    method: Method,
) -> HeldOutPredictions:
    if predictions.method == "held-out":
        return replace(predictions, parts=_calibrated_parts(estimator, predictions, method))
    X, y = tables
    return cross_validated_predictions(_refitted(estimator, method), inspected, X, y, options)


def _saying(predictions: HeldOutPredictions, sentence: str) -> HeldOutPredictions:
    return replace(predictions, detail=f"{predictions.detail} {sentence}")


def _losses(predictions: HeldOutPredictions) -> Floats:
    """Return the log loss of each row."""
    output, column = predictions.output, predictions.truth.iloc[:, 0].to_numpy()
    if not isinstance(output, ClassificationOutput):
        raise TypeError("expected the predictions of a classifier")
    return log_losses(np.asarray(predictions.outcomes().probabilities), true_places(output, column))


def _refitted(estimator: Any, method: Method) -> Any:  # noqa: ANN401
    """Return an unfitted estimator that fits the given one again, and a calibration on folds."""
    return CalibratedClassifierCV(clone(estimator), method=method, ensemble=False)


def _calibrated_parts(
    estimator: Any,  # noqa: ANN401
    predictions: HeldOutPredictions,
    method: Method,
) -> list[tuple[Any, Places]]:
    """Return calibrations of a fitted estimator, each with the rows that it was not fitted on."""
    return [
        (_around(estimator, predictions, method, others), part)
        for others, part in folds(len(predictions.rows))
    ]


def _around(
    estimator: Any,  # noqa: ANN401
    predictions: HeldOutPredictions,
    method: Method,
    places: Places | None = None,
) -> Any:  # noqa: ANN401
    """Return a fitted estimator with a calibration that is fitted on some measured rows.

    Raises
    ------
    PublishingRefused
        There are too few rows of a class.
    """
    chosen = np.arange(len(predictions.rows)) if places is None else places
    inspected = predictions.inspected
    rows = [predictions.rows[place] for place in chosen.tolist()]
    table = to_table(inspected.signature.inputs, rows, inspected.facts)
    outcomes = predictions.truth.iloc[chosen, 0].to_numpy()
    try:
        return CalibratedClassifierCV(FrozenEstimator(estimator), method=method).fit(
            table, outcomes
        )
    except Exception as error:  # an estimator may raise anything at all
        raise PublishingRefused(f"The model cannot be recalibrated: {error}") from error

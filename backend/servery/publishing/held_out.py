"""Held-out rows, and what is measured on them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import numpy as np
import pandas as pd

from servery.errors import PublishingRefused
from servery.evaluation.answers import positive_class, true_places
from servery.evaluation.groups import group_rates, grouping
from servery.evaluation.importance import importance
from servery.evaluation.measuring import (
    HeldOutPredictions,
    cross_validated,
    held_out,
    is_measured,
)
from servery.evaluation.metrics import measure
from servery.evaluation.plots import evaluate
from servery.evaluation.recalibration import recalibration_offers
from servery.evaluation.splitting import folds_of
from servery.evaluation.truth import Truth, read_truth
from servery.inputs import is_unlike_training
from servery.inspection import Inspected, Target, columns_of
from servery.manifest.measured import Evaluation, Group, Metrics
from servery.publishing.options import PublishOptions
from servery.publishing.rows import fitting
from servery.publishing.tested import answered_rows
from servery.runtimes import Outcomes
from servery.signature import ClassificationOutput, Output, RegressionOutput, Row, Signature
from servery.uncertainty import (
    AnswerReliability,
    ChowLiuTree,
    Intervals,
    PredictionSets,
    calibrated_intervals,
    calibrated_sets,
    held_in_intervals,
    held_in_sets,
    measured_reliability,
)
from servery.uncertainty.folds import Flags, Places, Split


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured on held-out rows; see `Manifest`.

    ``held`` says of each row whether its interval or prediction set held the outcome: 1 or 0, and
    -1 where an answer would state none, or no row is kept.
    """

    metrics: Metrics | None = None
    evaluation: Evaluation | None = None
    intervals: Intervals | None = None
    sets: PredictionSets | None = None
    reliability: AnswerReliability | None = None
    held: Places | None = None


def measured(
    predictions: HeldOutPredictions,
    worded: Signature,
    groups: Sequence[str],
    options: PublishOptions,
    anomaly: ChowLiuTree | None,
) -> Measured:
    """Measure a model by its predictions for held-out rows.

    Parameters
    ----------
    worded
        The signature with the labels of the card, which the texts of metrics use.
    groups
        Inputs by which errors are compared.
    options
        The coverage of intervals and prediction sets, and within what it holds.
    anomaly
        Which rows are anomalous: no coverage is stated for those, so they do not count for it.
    """
    if not is_measured(worded.output) or not predictions.rows:
        return Measured()
    output = worded.output
    outcomes = predictions.outcomes()
    evaluation = evaluate(output, predictions.truth, outcomes)
    figures = measure(output, predictions.truth, outcomes, predictions.last)
    offers = (
        []
        if options.recalibrate
        else recalibration_offers(output, predictions.truth, outcomes, predictions.splits)
    )
    return replace(
        _uncertainty(predictions, worded, outcomes, options, anomaly),
        metrics=Metrics(
            method=predictions.method,
            detail=predictions.detail,
            rows=len(predictions.rows),
            values=figures.values,
            remarks=[*figures.remarks, *offers],
            classes=figures.classes,
            groups=_groups(predictions, output, outcomes, groups),
        ),
        evaluation=msgspec.structs.replace(evaluation, importance=importance(predictions)),
    )


def held_out_predictions(
    estimator: Any,  # noqa: ANN401
    inspected: Inspected,
    X_test: pd.DataFrame | None,
    y_test: Target,
    detail: str | None,
) -> HeldOutPredictions:
    """Return predictions for held-out rows, parsed as the server parses requests.

    Raises
    ------
    PublishingRefused
        The rows do not fit the model, have no outcomes, or are mostly training rows.
    """
    if X_test is None or y_test is None:
        raise PublishingRefused("Test rows need their true outcomes: name the target column.")
    signature = inspected.signature
    lacking = [name for name in signature.names if name not in X_test.columns]
    if lacking:
        raise PublishingRefused(f"The test data has no column {lacking[0]!r}.")
    seen, expected = _shares_seen(inspected.X, X_test[list(signature.names)])
    if seen > max(MOST_SEEN, expected + FAR_MORE):
        raise PublishingRefused(
            f"{seen:.0%} of the test rows are also in the training data, so they say nothing about "
            "new rows. Use rows that the fit did not see."
        )
    truth = _truth(signature.output, y_test, "the test data")
    if not truth.known.any():
        raise PublishingRefused("No row of the test data has an outcome.")
    tested = answered_rows(estimator, inspected, X_test[truth.known])
    if 2 * len(tested.left_out) > len(X_test):
        raise PublishingRefused(
            f"Most of the test data do not fit the model: {tested.left_out_in_words}."
        )
    rows, outcomes = tested.rows, truth.outcomes.iloc[tested.places].reset_index(drop=True)
    detail = detail or (f"Measured on {len(rows):,} held-out rows, given at publishing.")
    detail += _blank_in_words(truth)
    if len(tested.left_out):
        detail += f" Left out of {len(X_test):,} rows: {tested.left_out_in_words}."
    if seen:
        detail += (
            f" {seen:.1%} of them have the same inputs as a training row; {expected:.1%} of the "
            "training rows have the same inputs as another one."
        )
    return held_out(estimator, inspected, rows, outcomes, detail)


def cross_validated_predictions(
    estimator: Any,  # noqa: ANN401
    inspected: Inspected,
    X: pd.DataFrame | None,
    y: Target,
    options: PublishOptions,
) -> HeldOutPredictions:
    """Return predictions for the training rows, each by a fit on other rows.

    Parameters
    ----------
    X
        The rows with all of their columns, also those that the model does not take.

    Raises
    ------
    PublishingRefused
        The rows or their outcomes are missing, or the estimator cannot be refitted.
    """
    if X is None:
        raise PublishingRefused(NO_FOLDS)
    fitted = refitting_rows(inspected, y)
    folds = folds_of(
        options.cv,
        X.iloc[fitted.places].rename(columns=str).reset_index(drop=True),
        fitted.outcomes.iloc[:, 0] if len(fitted.outcomes.columns) == 1 else fitted.outcomes,
        inspected.signature.inputs,
        inspected.signature.output,
        None if options.groups is None else np.asarray(options.groups)[fitted.places],
    )
    predictions = cross_validated(
        estimator, inspected, fitted.taken, fitted.rows, fitted.outcomes, folds
    )
    detail = predictions.detail + _blank_in_words(fitted.truth)
    left_out = int(fitted.truth.known.sum()) - len(fitted.rows)
    if left_out:
        detail += f" Left out: {_counted(left_out)} with values that the model does not accept."
    return replace(predictions, detail=detail)


NO_FOLDS = "Folds need the training rows and their true outcomes."


@dataclass(frozen=True, slots=True)
class RefittingRows:
    """The training rows that an estimator can be fitted on again.

    Attributes
    ----------
    rows, taken
        As a caller would send them, and as the fit takes them.
    places
        Where they stand in the table.
    outcomes, truth
        Their outcomes, and those of the whole table.
    """

    rows: list[Row]
    taken: pd.DataFrame
    places: Places
    outcomes: pd.DataFrame
    truth: Truth


def refitting_rows(inspected: Inspected, y: Target) -> RefittingRows:
    """Return the training rows that have an outcome and fit the model.

    Raises
    ------
    PublishingRefused
        There are no training rows, or no outcomes of them.
    """
    if inspected.X is None or y is None:
        raise PublishingRefused(NO_FOLDS)
    truth = _truth(inspected.signature.output, y, "the data")
    # Unchanged: an estimator may recognise categories by dtype.
    with_outcome = np.flatnonzero(truth.known)
    rows, chosen = fitting(inspected.signature, inspected.X.iloc[with_outcome])
    places = with_outcome[chosen]
    outcomes = truth.outcomes.iloc[chosen].reset_index(drop=True)
    return RefittingRows(rows, inspected.X.iloc[places], places, outcomes, truth)


def without_fold_column(
    X: pd.DataFrame | None,
    cv: Any,  # noqa: ANN401
    estimator: Any,  # noqa: ANN401
) -> pd.DataFrame | None:
    """Return rows without the column that only says how to fold them.

    A model that was fitted on an array takes the columns by their order, so it would be in the way.
    """
    if X is None or not isinstance(cv, str):
        return X
    name = cv.partition(":")[2]
    is_taken = any(column.name == name for column in columns_of(estimator))
    return X if is_taken else X.drop(columns=[name], errors="ignore")


def _truth(output: Output, y: Target, table: str) -> Truth:
    columns = y.to_frame() if isinstance(y, pd.Series) else pd.DataFrame(y)
    if not is_measured(output):  # groups and outliers have no true outcome
        return Truth(columns, np.ones(len(columns), dtype=np.bool_))
    return read_truth(output, columns, table)


def _blank_in_words(truth: Truth) -> str:
    return f" Left out: {_counted(truth.blank)} without an outcome." if truth.blank else ""


def _counted(rows: int) -> str:
    return "1 row" if rows == 1 else f"{rows:,} rows"


def _uncertainty(
    predictions: HeldOutPredictions,
    worded: Signature,
    outcomes: Outcomes,
    options: PublishOptions,
    anomaly: ChowLiuTree | None,
) -> Measured:
    """Measure how uncertain answers are, on the rows that no warning sets apart.

    An answer with such a warning states no coverage, so that the share must hold for the others.
    """
    output = worded.output
    places = np.flatnonzero(_is_like_training(predictions, worded, anomaly))
    splits = _among(predictions.splits, places, len(predictions.rows))
    column = predictions.truth.iloc[:, 0].to_numpy()[places]
    held = np.full(len(predictions.rows), -1)
    if not len(places):
        return Measured()
    if isinstance(output, RegressionOutput):
        predicted = np.asarray(outcomes.values, dtype=np.float64)[places]
        actual = column.astype(np.float64)
        intervals = calibrated_intervals(predicted, actual, options.coverage, splits=splits)
        if intervals is not None and options.keep_rows:
            held[places] = held_in_intervals(intervals, predicted, actual, splits=splits)
        return Measured(intervals=intervals, held=held)
    if not isinstance(output, ClassificationOutput):
        return Measured()
    true, called = true_places(output, column), np.asarray(outcomes.classes)[places]
    if outcomes.probabilities is None:
        return Measured(reliability=measured_reliability(called, true, None), held=held)
    probabilities = np.asarray(outcomes.probabilities)[places]
    sets = calibrated_sets(
        probabilities, called, true, options.coverage, within=options.sets, splits=splits
    )
    if options.keep_rows:
        held[places] = held_in_sets(sets, probabilities, called, true, splits=splits)
    return Measured(
        sets=sets, reliability=measured_reliability(called, true, probabilities), held=held
    )


def _is_like_training(
    predictions: HeldOutPredictions, worded: Signature, anomaly: ChowLiuTree | None
) -> Flags:
    """Return which rows are answered without a warning that they are unlike those of training."""
    is_like = np.array(
        [
            not is_unlike_training(
                [
                    warning
                    for item, value in zip(worded.inputs, row, strict=True)
                    if value is not None
                    and (warning := item.warning(value, hint=False)) is not None
                ]
            )
            for row in predictions.rows
        ],
        dtype=bool,
    )
    if anomaly is not None:
        is_like[anomaly.anomalous(predictions.rows)] = False
    return is_like


def _among(splits: Sequence[Split] | None, places: Places, count: int) -> Sequence[Split] | None:
    """Return the splits of some rows, with places among those."""
    if splits is None:
        return None
    number = np.full(count, -1)
    number[places] = np.arange(len(places))
    among = [tuple(number[part][number[part] >= 0] for part in split) for split in splits]
    return [(others, part) for others, part in among if len(others) and len(part)]


def _groups(
    predictions: HeldOutPredictions, output: Output, outcomes: Outcomes, names: Sequence[str]
) -> list[Group]:
    """Return error rates by the values of some inputs; only for binary classifiers."""
    if not names or not isinstance(output, ClassificationOutput) or len(output.classes) != 2:
        return []
    place = positive_class(output)
    true = true_places(output, predictions.truth.iloc[:, 0].to_numpy())
    signature = predictions.inspected.signature
    columns = dict(zip(signature.names, zip(*predictions.rows, strict=True), strict=True))
    return group_rates(
        {
            item.name: grouping(item, columns[item.name])
            for name in names
            for item in signature.inputs
            if item.name == name
        },
        true == place,
        np.asarray(outcomes.classes) == place,
        positive=output.classes[place].value,
    )


#: With a larger share of training rows, test rows would not be held out ...
MOST_SEEN = 0.5
#: ... unless coarse inputs make training rows equal nearly as often.
FAR_MORE = 0.2


def _shares_seen(X: pd.DataFrame | None, X_test: pd.DataFrame) -> tuple[float, float]:
    """Return the share of test rows found in training, and of duplicate training rows."""
    if X is None or X_test.empty:
        return 0.0, 0.0
    rows = pd.util.hash_pandas_object(X.astype(str), index=False)
    tests = pd.util.hash_pandas_object(X_test.astype(str), index=False)
    return float(tests.isin(set(rows)).mean()), float(rows.duplicated(keep=False).mean())

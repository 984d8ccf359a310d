"""Predicting: a served model and parsed instances in, one prediction per instance out."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import isfinite
from typing import TypeAlias, TypeVar

import msgspec

from servery.errors import ModelFailed, ServeryError
from servery.inputs import InputWarning, Scalar, is_unlike_training
from servery.manifest import Manifest
from servery.runtimes import Outcomes
from servery.runtimes.columns import ColumnOutcomes
from servery.runtimes.sense import SenselessAnswer
from servery.served import ServedModel
from servery.signature import (
    ClassOutput,
    Instances,
    MultiOutput,
    RegressionOutput,
    Row,
    Signature,
    SingleOutput,
)
from servery.unanswered import refused
from servery.uncertainty import (
    Anomaly,
    ChowLiuTree,
    Intervals,
    PredictionSets,
    Reliability,
)


class ClassProbability(msgspec.Struct, frozen=True):
    """The probability of one class, from 0 to 1."""

    class_: Scalar = msgspec.field(name="class")
    label: str
    probability: float


class ClassScore(msgspec.Struct, frozen=True):
    """The decision score of one class; it has no unit, and the highest wins."""

    class_: Scalar = msgspec.field(name="class")
    label: str
    score: float


#: The outcomes of rows from a runtime, in either form.
Answered = TypeVar("Answered", Outcomes, ColumnOutcomes)
Ranked = TypeVar("Ranked", ClassProbability, ClassScore)


class Interval(msgspec.Struct, frozen=True):
    """An interval; of measured rows like this one, the share ``coverage`` was in theirs."""

    low: float
    high: float
    coverage: float


class PredictionSet(msgspec.Struct, frozen=True):
    """The classes that the answer may be; ``coverage`` is that within each class of rows."""

    classes: tuple[Scalar, ...]
    coverage: float


class ClassAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A predicted class; ``probabilities`` are sorted, highest first, or None.

    ``scores`` holds the decision function of a model without probabilities.
    """

    prediction: Scalar
    label: str
    probabilities: tuple[ClassProbability, ...] | None
    scores: tuple[ClassScore, ...] | msgspec.UnsetType = msgspec.UNSET


class QuantityAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A predicted number in ``unit``; ``label`` is that of its band, if the card has bands."""

    prediction: float
    label: str | None
    unit: str | None


class ClassPrediction(ClassAnswer, frozen=True, kw_only=True):
    """The prediction of a classifier for one instance.

    ``prediction_set`` and ``reliability`` are None if none was measured, or if a warning says that
    the instance is unlike those that were measured.
    """

    prediction_set: PredictionSet | None
    reliability: Reliability | None
    warnings: Sequence[InputWarning]


class QuantityPrediction(QuantityAnswer, frozen=True, kw_only=True):
    """The prediction of a regressor for one instance.

    ``interval`` is None if none was measured, or if a warning says that the instance is unlike
    those that were measured.
    """

    interval: Interval | None
    warnings: Sequence[InputWarning]


class OutputAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The answer for one of several outputs: a class, or a number in ``unit``."""

    prediction: Scalar
    label: str | None
    probabilities: tuple[ClassProbability, ...] | msgspec.UnsetType | None = msgspec.UNSET
    scores: tuple[ClassScore, ...] | msgspec.UnsetType = msgspec.UNSET
    unit: str | msgspec.UnsetType | None = msgspec.UNSET


class ManyPrediction(msgspec.Struct, frozen=True, kw_only=True):
    """The prediction of a model with several outputs for one instance.

    ``prediction`` has the value of each output by name, ``outputs`` the complete answer.
    """

    prediction: Mapping[str, Scalar]
    outputs: Mapping[str, OutputAnswer]
    warnings: Sequence[InputWarning]


Prediction: TypeAlias = ClassPrediction | QuantityPrediction | ManyPrediction


def predict(
    model: ServedModel,
    instances: Instances,
    pointer: Callable[[int], str] = "#/instances/{}".format,
) -> list[Prediction]:
    """Predict instances in order.

    Parameters
    ----------
    pointer
        Where instance ``i`` stands in the body; see `Signature.parse`.

    Raises
    ------
    Unanswerable
        The model answers other rows, and raises or gives a number that is not finite for these.
    ModelFailed
        It does so for any row, or answered what makes no sense.
    """
    if not instances.rows:
        return []
    outcomes, warnings = predict_rows(model, instances, pointer)
    return predictions_of(model, outcomes, warnings)


def uncertainties(model: ServedModel, instances: Instances) -> list[float | None]:
    """Return how unsure a model is of each instance; its errors are those of `predict`.

    That is the width of the interval, or one less the probability of the predicted class; None
    where the model states neither.
    """
    return [_uncertainty(each) for each in predict(model, instances)]


def _uncertainty(prediction: Prediction) -> float | None:
    if isinstance(prediction, QuantityPrediction):
        interval = prediction.interval
        return None if interval is None else interval.high - interval.low
    if isinstance(prediction, ClassPrediction) and prediction.probabilities:
        stated = [each for each in prediction.probabilities if each.class_ == prediction.prediction]
        return 1.0 - stated[0].probability
    return None


def predict_rows(
    model: ServedModel, instances: Instances, pointer: Callable[[int], str]
) -> tuple[Outcomes, Sequence[Sequence[InputWarning]]]:
    """Return the outcomes and warnings of one or more rows; its errors are those of `predict`."""
    rows = instances.rows
    outcomes = asked(model, rows, lambda: model.runtime.predict(rows), pointer)
    if not _are_finite(outcomes):
        raise refused(model, rows, pointer)
    anomalies = _anomalies(model, instances)
    return outcomes, warnings_of(model, instances, anomalies, outcomes.known_words)


def _anomalies(model: ServedModel, instances: Instances) -> Mapping[int, Anomaly]:
    tree, rows = model.manifest.anomaly, instances.rows
    if tree is None:
        return {}
    return {
        place: tree.anomaly(rows[place])
        for place in tree.anomalous(rows)
        if not instances.warnings[place]
    }


def asked(
    model: ServedModel,
    rows: Sequence[Row],
    ask: Callable[[], Answered],
    pointer: Callable[[int], str],
) -> Answered:
    """Return the outcomes of rows from a runtime; its errors are those of `predict`."""
    try:
        return ask()
    except ServeryError:
        raise
    except SenselessAnswer as error:
        raise ModelFailed(f"Model {model.name!r} answered {error}.") from error
    except Exception as error:  # an estimator may raise anything at all
        raise refused(model, rows, pointer) from error


def predictions_of(
    model: ServedModel, outcomes: Outcomes, warnings: Sequence[Sequence[InputWarning]]
) -> list[Prediction]:
    """Return the predictions of rows from their outcomes."""
    output = model.signature.output
    if isinstance(output, ClassOutput):
        return _class_predictions(model.manifest, output, outcomes, warnings)
    if isinstance(output, RegressionOutput):
        return _quantity_predictions(model.manifest.intervals, output, outcomes, warnings)
    return _many(output, outcomes, warnings)


def warnings_of(
    model: ServedModel,
    instances: Instances,
    anomalies: Mapping[int, Anomaly],
    known_words: Sequence[float] | None,
) -> Sequence[Sequence[InputWarning]]:
    """Return the warnings of each row, with those for unusual combinations and unknown words.

    Parameters
    ----------
    anomalies
        The rows with an unusual combination of values.
    known_words
        The share of each row's text that the model knows.
    """
    warnings = _with_unusual(model, instances, anomalies)
    if known_words is None:
        return warnings
    enough = enough_known_words(model.manifest.fewest_known_words)
    return [
        warned if share >= enough else [*warned, unknown_words(model.signature, share)]
        for warned, share in zip(warnings, known_words, strict=True)
    ]


def _with_unusual(
    model: ServedModel, instances: Instances, anomalies: Mapping[int, Anomaly]
) -> Sequence[Sequence[InputWarning]]:
    """Return the warnings of each row, with one for unusual combinations."""
    tree = model.manifest.anomaly
    if tree is None or not anomalies:
        return instances.warnings
    warnings = list(instances.warnings)
    for place, found in anomalies.items():
        if not warnings[place]:  # a single value already has a warning
            warnings[place] = [unusual_combination(model.signature, tree, found)]
    return warnings


def enough_known_words(fewest: float) -> float:
    """Return the share of known words that makes a text known: ``fewest``, but more than 0."""
    return max(fewest, sys.float_info.min)


def unknown_words(signature: Signature, share: float) -> InputWarning:
    """Return the warning for a text with fewer known words than the texts of training.

    Parameters
    ----------
    share
        The share of the words that the model knows.
    """
    [name] = [item.name for item in signature.inputs if item.is_free_text]
    known = f"only {share:.0%}" if share > 0.0 else "none"
    detail = f"The model knows {known} of the words of this text, so it cannot judge it."
    return InputWarning(input=name, code="unknown-words", detail=detail)


def unusual_combination(signature: Signature, tree: ChowLiuTree, found: Anomaly) -> InputWarning:
    """Return the warning of a row whose combination of values is rare."""
    share, pair = found
    count = f"about {share:.1%} of" if share * tree.rows >= 1 else "none of"
    detail = f"An unusual combination of values: {count} the training rows are as unusual."
    if pair is not None:
        first, second = (signature.inputs[place].label for place in pair)
        detail += f" The least likely pair: {first} and {second}."
    return InputWarning(input=None, code="unusual-combination", detail=detail)


def _class_predictions(
    manifest: Manifest,
    output: ClassOutput,
    outcomes: Outcomes,
    warnings: Sequence[Sequence[InputWarning]],
) -> list[Prediction]:
    sets = None if outcomes.probabilities is None else manifest.sets
    reliability = manifest.reliability
    predictions: list[Prediction] = []
    for (place, row, scores), warned in zip(_figures(outcomes), warnings, strict=True):
        outcome = output.classes[place]
        is_unlike = bool(warned) and is_unlike_training(warned)
        predictions.append(
            ClassPrediction(
                prediction=outcome.value,
                label=outcome.label,
                probabilities=_ranked(output, row, ClassProbability) if row else None,
                scores=_ranked(output, scores, ClassScore) if scores else msgspec.UNSET,
                prediction_set=None
                if sets is None or is_unlike
                else _prediction_set(sets, output, place, row or ()),
                reliability=None
                if reliability is None or is_unlike
                else reliability.of(place, row[place] if row else None),
                warnings=warned,
            )
        )
    return predictions


def _prediction_set(
    sets: PredictionSets, output: ClassOutput, predicted: int, row: Sequence[float]
) -> PredictionSet:
    classes = output.classes
    values = [classes[place].value for place in sets.set_for(predicted, row)]
    return PredictionSet(tuple(values), sets.coverage)


def _quantity_predictions(
    intervals: Intervals | None,
    output: RegressionOutput,
    outcomes: Outcomes,
    warnings: Sequence[Sequence[InputWarning]],
) -> list[Prediction]:
    return [
        QuantityPrediction(
            prediction=value,
            label=_band(output, value),
            unit=output.unit,
            interval=None
            if intervals is None or (warned and is_unlike_training(warned))
            else _interval(intervals, output, value),
            warnings=warned,
        )
        for value, warned in zip(outcomes.values or (), warnings, strict=True)
    ]


def _interval(intervals: Intervals, output: RegressionOutput, value: float) -> Interval:
    """Return the interval around a value, cut at the limits of the output."""
    low, high = intervals.around(value)
    if output.minimum is not None:
        low, high = max(low, output.minimum), max(high, output.minimum)
    if output.maximum is not None:
        low, high = min(low, output.maximum), min(high, output.maximum)
    return Interval(low, high, intervals.coverage)


def _are_finite(outcomes: Outcomes) -> bool:
    """Return whether every number is finite; a finite sum shows it quickly."""
    for rows in (outcomes.probabilities, outcomes.scores):
        for row in rows or ():
            if not (isfinite(sum(row)) or all(map(isfinite, row))):
                return False
    if outcomes.parts is not None:
        return all(map(_are_finite, outcomes.parts))
    return outcomes.values is None or all(map(isfinite, outcomes.values))


def _many(
    output: MultiOutput, outcomes: Outcomes, warnings: Sequence[Sequence[InputWarning]]
) -> list[Prediction]:
    columns = [
        _answers(part, of_part)
        for part, of_part in zip(output.outputs, outcomes.parts or (), strict=True)
    ]
    names = [part.name for part in output.outputs]
    return [
        ManyPrediction(
            prediction={
                name: answer.prediction for name, answer in zip(names, answers, strict=True)
            },
            outputs={
                name: OutputAnswer(**msgspec.structs.asdict(answer))
                for name, answer in zip(names, answers, strict=True)
            },
            warnings=warned,
        )
        for *answers, warned in zip(*columns, warnings, strict=True)
    ]


def _answers(output: SingleOutput, outcomes: Outcomes) -> Sequence[ClassAnswer | QuantityAnswer]:
    if isinstance(output, ClassOutput):
        return [
            ClassAnswer(
                prediction=output.classes[place].value,
                label=output.classes[place].label,
                probabilities=_ranked(output, row, ClassProbability) if row else None,
                scores=_ranked(output, scores, ClassScore) if scores else msgspec.UNSET,
            )
            for place, row, scores in _figures(outcomes)
        ]
    return [
        QuantityAnswer(prediction=value, label=_band(output, value), unit=output.unit)
        for value in outcomes.values or ()
    ]


def _figures(
    outcomes: Outcomes,
) -> Iterable[tuple[int, Sequence[float] | None, Sequence[float] | None]]:
    """Return the place of the class, the probabilities and the scores of each row."""
    chosen = outcomes.classes or ()
    nothing = (None,) * len(chosen)
    return zip(chosen, outcomes.probabilities or nothing, outcomes.scores or nothing, strict=True)


def _ranked(
    output: ClassOutput, row: Sequence[float], kind: Callable[[Scalar, str, float], Ranked]
) -> tuple[Ranked, ...]:
    if len(row) == 2:  # the common case, not worth sorting
        one, other = output.classes
        first = kind(one.value, one.label, row[0])
        second = kind(other.value, other.label, row[1])
        return (first, second) if row[0] >= row[1] else (second, first)
    ranked = [
        kind(outcome.value, outcome.label, figure)
        for outcome, figure in zip(output.classes, row, strict=True)
    ]
    order = sorted(range(len(row)), key=row.__getitem__, reverse=True)
    return tuple([ranked[place] for place in order])


def _band(output: RegressionOutput, value: float) -> str | None:
    band = output.band(value)
    return band.label if band else None

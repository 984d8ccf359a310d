"""Predicting: a served model and parsed instances in, one prediction per instance out."""

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias, TypeVar

import msgspec

from servery.errors import ModelFailed, ServeryError
from servery.inputs import InputWarning, Scalar, is_unlike_training
from servery.runtimes import Outcomes
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
    AnswerReliability,
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
    try:
        outcomes = model.runtime.predict(instances.rows)
    except ServeryError:
        raise
    except SenselessAnswer as error:
        raise ModelFailed(f"Model {model.name!r} answered {error}.") from error
    except Exception as error:  # an estimator may raise anything at all
        raise refused(model, instances.rows, pointer) from error
    if not all(map(math.isfinite, _numbers(outcomes))):
        raise refused(model, instances.rows, pointer)
    output = model.signature.output
    warnings = _warnings(model, instances, outcomes)
    if isinstance(output, MultiOutput):
        return _many(output, outcomes, warnings)
    if isinstance(output, ClassOutput):
        sets = _sets(model.manifest.sets, output, outcomes)
        reliable = _reliabilities(model.manifest.reliability, outcomes)
        return [
            ClassPrediction(
                prediction=value,
                label=label,
                probabilities=sure,
                scores=scores,
                prediction_set=None if warned and is_unlike_training(warned) else in_set,
                reliability=None if warned and is_unlike_training(warned) else measured,
                warnings=warned,
            )
            for (value, label, sure, scores), in_set, measured, warned in zip(
                _told(output, outcomes), sets, reliable, warnings, strict=True
            )
        ]
    intervals = model.manifest.intervals
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


def _warnings(
    model: ServedModel, instances: Instances, outcomes: Outcomes
) -> Sequence[Sequence[InputWarning]]:
    """Return the warnings of each row, with those for unusual combinations and unknown words."""
    warnings = _with_unusual(model, instances)
    if outcomes.known_words is None:
        return warnings
    fewest = model.manifest.fewest_known_words
    return [
        [*warned, *unknown_words(model.signature, share, fewest)]
        for warned, share in zip(warnings, outcomes.known_words, strict=True)
    ]


def _with_unusual(model: ServedModel, instances: Instances) -> Sequence[Sequence[InputWarning]]:
    """Return the warnings of each row, with one for unusual combinations."""
    tree = model.manifest.anomaly
    if tree is None:
        return instances.warnings
    warnings = instances.warnings
    for place in tree.anomalous(instances.rows):
        if not instances.warnings[place]:  # a single value already has a warning
            if warnings is instances.warnings:
                warnings = list(warnings)
            warned = unusual_combination(model.signature, tree, instances.rows[place])
            warnings[place] = [warned]  # type: ignore[index] # a list by now
    return warnings


def unknown_words(signature: Signature, share: float, fewest: float) -> Iterator[InputWarning]:
    """Yield the warning of a text of which the model knows fewer words than of those of training.

    Parameters
    ----------
    share, fewest
        The share of the words that the model knows, and the share from which on it is enough.
    """
    if share > 0.0 and fewest <= share:
        return
    [name] = [item.name for item in signature.inputs if item.is_free_text]
    known = f"only {share:.0%}" if share > 0.0 else "none"
    detail = f"The model knows {known} of the words of this text, so it cannot judge it."
    yield InputWarning(input=name, code="unknown-words", detail=detail)


def unusual_combination(signature: Signature, tree: ChowLiuTree, row: Row) -> InputWarning:
    """Return the warning of a row whose combination of values is rare."""
    share = tree.share(row)
    count = f"about {share:.1%} of" if share * tree.rows >= 1 else "none of"
    detail = f"An unusual combination of values: {count} the training rows are as unusual."
    pair = tree.least_expected(row)
    if pair is not None:
        first, second = (signature.inputs[place].label for place in pair)
        detail += f" The least likely pair: {first} and {second}."
    return InputWarning(input=None, code="unusual-combination", detail=detail)


def _sets(
    sets: PredictionSets | None, output: ClassOutput, outcomes: Outcomes
) -> Iterator[PredictionSet | None]:
    """Yield the prediction set of each row, most likely class first."""
    if sets is None or outcomes.probabilities is None:
        yield from itertools.repeat(None, len(outcomes.classes or ()))
        return
    values = [outcome.value for outcome in output.classes]
    for predicted, row in zip(outcomes.classes or (), outcomes.probabilities, strict=True):
        places = sets.set_for(predicted, row)
        yield PredictionSet(tuple([values[place] for place in places]), sets.coverage)


def _reliabilities(
    reliability: AnswerReliability | None, outcomes: Outcomes
) -> Iterator[Reliability | None]:
    """Yield how often answers like that of each row were right."""
    classes = outcomes.classes or ()
    if reliability is None:
        yield from itertools.repeat(None, len(classes))
        return
    if outcomes.probabilities is None:
        yield from (reliability.of(place, None) for place in classes)
        return
    for place, row in zip(classes, outcomes.probabilities, strict=True):
        yield reliability.of(place, row[place])


def _interval(intervals: Intervals, output: RegressionOutput, value: float) -> Interval:
    """Return the interval around a value, cut at the limits of the output."""
    low, high = intervals.around(value)
    if output.minimum is not None:
        low, high = max(low, output.minimum), max(high, output.minimum)
    if output.maximum is not None:
        low, high = min(low, output.maximum), min(high, output.maximum)
    return Interval(low, high, intervals.coverage)


def _numbers(outcomes: Outcomes) -> Iterator[float]:
    yield from outcomes.values or ()
    for rows in (outcomes.probabilities, outcomes.scores):
        for row in rows or ():
            yield from row
    for part in outcomes.parts or ():
        yield from _numbers(part)


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
            ClassAnswer(prediction=value, label=label, probabilities=sure, scores=scores)
            for value, label, sure, scores in _told(output, outcomes)
        ]
    return [
        QuantityAnswer(prediction=value, label=_band(output, value), unit=output.unit)
        for value in outcomes.values or ()
    ]


def _told(
    output: ClassOutput, outcomes: Outcomes
) -> Iterator[
    tuple[
        Scalar,
        str,
        tuple[ClassProbability, ...] | None,
        tuple[ClassScore, ...] | msgspec.UnsetType,
    ]
]:
    """Yield the class, label, probabilities and scores of each row."""
    classes = [(outcome.value, outcome.label) for outcome in output.classes]
    chosen = outcomes.classes or ()
    nothing = (None,) * len(chosen)
    for index, row, scores in zip(
        chosen, outcomes.probabilities or nothing, outcomes.scores or nothing, strict=True
    ):
        value, label = classes[index]
        sure = None if row is None else _ranked(classes, row, ClassProbability)
        scored = msgspec.UNSET if scores is None else _ranked(classes, scores, ClassScore)
        yield value, label, sure, scored


def _ranked(
    classes: Sequence[tuple[Scalar, str]],
    row: Sequence[float],
    kind: Callable[[Scalar, str, float], Ranked],
) -> tuple[Ranked, ...]:
    if len(row) == 2:  # the common case, not worth sorting
        (value, label), (other, its_label) = classes
        first, second = kind(value, label, row[0]), kind(other, its_label, row[1])
        return (first, second) if row[0] >= row[1] else (second, first)
    ranked = sorted(zip(classes, row, strict=True), key=lambda pair: -pair[1])
    return tuple(kind(*outcome, figure) for outcome, figure in ranked)


def _band(output: RegressionOutput, value: float) -> str | None:
    band = output.band(value)
    return band.label if band else None

"""Predicting: a served model and parsed instances in, one prediction per instance out."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias, TypeVar

import msgspec

from servery.errors import ModelFailed
from servery.runtimes import Outcomes
from servery.served import ServedModel
from servery.signature import (
    ClassOutput,
    InputWarning,
    Instances,
    MultiOutput,
    RegressionOutput,
    Scalar,
    SingleOutput,
)


class ClassProbability(msgspec.Struct, frozen=True):
    """The probability of one class, 0 to 1."""

    class_: Scalar = msgspec.field(name="class")
    label: str
    probability: float


class ClassScore(msgspec.Struct, frozen=True):
    """The decision score of one class, in no unit: the highest wins."""

    class_: Scalar = msgspec.field(name="class")
    label: str
    score: float


Ranked = TypeVar("Ranked", ClassProbability, ClassScore)


class ClassAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A class; ``probabilities`` run from the highest down, None where the model has none.

    Where it has none, ``scores`` stand in their place if its decision function gives any.
    """

    prediction: Scalar
    label: str
    probabilities: tuple[ClassProbability, ...] | None
    scores: tuple[ClassScore, ...] | msgspec.UnsetType = msgspec.UNSET


class QuantityAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A quantity in ``unit``; ``label`` is the word of its band, where the card has bands."""

    prediction: float
    label: str | None
    unit: str | None


class ClassPrediction(ClassAnswer, frozen=True, kw_only=True):
    """What a model that names a class says of one instance."""

    warnings: Sequence[InputWarning]


class QuantityPrediction(QuantityAnswer, frozen=True, kw_only=True):
    """What a model that estimates a quantity says of one instance."""

    warnings: Sequence[InputWarning]


class OutputAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a model with several outputs says of one of them: a class, or a quantity in ``unit``."""

    prediction: Scalar
    label: str | None
    probabilities: tuple[ClassProbability, ...] | msgspec.UnsetType | None = msgspec.UNSET
    scores: tuple[ClassScore, ...] | msgspec.UnsetType = msgspec.UNSET
    unit: str | msgspec.UnsetType | None = msgspec.UNSET


class ManyPrediction(msgspec.Struct, frozen=True, kw_only=True):
    """What a model with several outputs says of one instance.

    ``prediction`` has the bare value of each output by its name, ``outputs`` the whole of each.
    """

    prediction: Mapping[str, Scalar]
    outputs: Mapping[str, OutputAnswer]
    warnings: Sequence[InputWarning]


Prediction: TypeAlias = ClassPrediction | QuantityPrediction | ManyPrediction


def predict(model: ServedModel, instances: Instances) -> list[Prediction]:
    """Predict instances, in their order.

    Raises
    ------
    ModelFailed
        The estimator raised, or answered with something that is no finite number.
    """
    if not instances.rows:
        return []
    try:
        outcomes = model.runtime.predict(instances.rows)
    except Exception as error:  # an estimator may raise anything at all
        raise ModelFailed(f"Model {model.name!r} failed on inputs that fit it.") from error
    if not all(map(math.isfinite, _numbers(outcomes))):
        raise ModelFailed(f"Model {model.name!r} gave an answer that is no finite number.")
    output = model.signature.output
    if isinstance(output, MultiOutput):
        return _many(output, outcomes, instances)
    return [
        _predicted(answer, warnings)
        for answer, warnings in zip(_answers(output, outcomes), instances.warnings, strict=True)
    ]


def _numbers(outcomes: Outcomes) -> Iterator[float]:
    yield from outcomes.values or ()
    for rows in (outcomes.probabilities, outcomes.scores):
        for row in rows or ():
            yield from row
    for part in outcomes.parts or ():
        yield from _numbers(part)


def _many(output: MultiOutput, outcomes: Outcomes, instances: Instances) -> list[Prediction]:
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
            warnings=warnings,
        )
        for *answers, warnings in zip(*columns, instances.warnings, strict=True)
    ]


def _answers(output: SingleOutput, outcomes: Outcomes) -> Sequence[ClassAnswer | QuantityAnswer]:
    if isinstance(output, ClassOutput):
        return _classes(output, outcomes)
    return [_quantity(output, value) for value in outcomes.values or ()]


def _classes(output: ClassOutput, outcomes: Outcomes) -> list[ClassAnswer]:
    chosen = outcomes.classes or ()
    nothing = (None,) * len(chosen)
    return [
        ClassAnswer(
            prediction=output.classes[index].value,
            label=output.classes[index].label,
            probabilities=None if row is None else _ranked(output, row, ClassProbability),
            scores=msgspec.UNSET if scores is None else _ranked(output, scores, ClassScore),
        )
        for index, row, scores in zip(
            chosen, outcomes.probabilities or nothing, outcomes.scores or nothing, strict=True
        )
    ]


def _ranked(
    output: ClassOutput, row: Sequence[float], kind: Callable[[Scalar, str, float], Ranked]
) -> tuple[Ranked, ...]:
    ranked = sorted(zip(output.classes, row, strict=True), key=lambda pair: -pair[1])
    return tuple(kind(outcome.value, outcome.label, figure) for outcome, figure in ranked)


def _quantity(output: RegressionOutput, value: float) -> QuantityAnswer:
    band = output.band(value)
    return QuantityAnswer(prediction=value, label=band.label if band else None, unit=output.unit)


def _predicted(
    answer: ClassAnswer | QuantityAnswer, warnings: Sequence[InputWarning]
) -> Prediction:
    whole = ClassPrediction if isinstance(answer, ClassAnswer) else QuantityPrediction
    return whole(**msgspec.structs.asdict(answer), warnings=warnings)

"""Predicting: a served model and parsed instances in, one prediction per instance out."""

import math
from collections.abc import Sequence

import msgspec

from servery.errors import ModelFailed
from servery.runtimes import Outcomes
from servery.served import ServedModel
from servery.signature import (
    ClassificationOutput,
    InputWarning,
    Instances,
    RegressionOutput,
    Scalar,
)


class ClassProbability(msgspec.Struct, frozen=True):
    """The probability of one class, 0 to 1."""

    class_: Scalar = msgspec.field(name="class")
    label: str
    probability: float


class ClassPrediction(msgspec.Struct, frozen=True, kw_only=True):
    """A class; ``probabilities`` run from the highest down, None where the model has none."""

    prediction: Scalar
    label: str
    probabilities: tuple[ClassProbability, ...] | None
    warnings: Sequence[InputWarning]


class QuantityPrediction(msgspec.Struct, frozen=True, kw_only=True):
    """A quantity in ``unit``; ``label`` is the word of its band, where the card has bands."""

    prediction: float
    label: str | None
    unit: str | None
    warnings: Sequence[InputWarning]


Prediction = ClassPrediction | QuantityPrediction


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
    _require_finite(model, outcomes)
    output = model.signature.output
    if isinstance(output, ClassificationOutput):
        return _class_predictions(output, outcomes, instances)
    return _quantity_predictions(output, outcomes, instances)


def _require_finite(model: ServedModel, outcomes: Outcomes) -> None:
    numbers = [*(outcomes.values or ()), *(p for row in outcomes.probabilities or () for p in row)]
    if not all(map(math.isfinite, numbers)):
        raise ModelFailed(f"Model {model.name!r} gave an answer that is no finite number.")


def _class_predictions(
    output: ClassificationOutput, outcomes: Outcomes, instances: Instances
) -> list[Prediction]:
    chosen = outcomes.classes or ()
    probabilities = outcomes.probabilities or (None,) * len(chosen)
    return [
        ClassPrediction(
            prediction=output.classes[index].value,
            label=output.classes[index].label,
            probabilities=None if row is None else _ranked(output, row),
            warnings=warnings,
        )
        for index, row, warnings in zip(chosen, probabilities, instances.warnings, strict=True)
    ]


def _ranked(output: ClassificationOutput, row: Sequence[float]) -> tuple[ClassProbability, ...]:
    ranked = sorted(zip(output.classes, row, strict=True), key=lambda pair: -pair[1])
    return tuple(
        ClassProbability(class_=outcome.value, label=outcome.label, probability=probability)
        for outcome, probability in ranked
    )


def _quantity_predictions(
    output: RegressionOutput, outcomes: Outcomes, instances: Instances
) -> list[Prediction]:
    predictions: list[Prediction] = []
    for value, warnings in zip(outcomes.values or (), instances.warnings, strict=True):
        band = output.band(value)
        predictions.append(
            QuantityPrediction(
                prediction=value,
                label=band.label if band else None,
                unit=output.unit,
                warnings=warnings,
            )
        )
    return predictions

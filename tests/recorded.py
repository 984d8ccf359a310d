"""Recorded answers of a model folder, against those that it gives."""

import pytest

from servery.predict import ClassPrediction, predict
from servery.served import ServedModel


def assert_gives_recorded_answers(model: ServedModel) -> None:
    """Predict the recorded instances of a model again."""
    golden = model.manifest.golden
    instances = model.signature.parse([each.inputs for each in golden])
    for answer, expected in zip(predict(model, instances), golden, strict=True):
        if not isinstance(answer, ClassPrediction):
            assert answer.prediction == pytest.approx(expected.prediction, rel=1e-9)
        else:
            assert answer.prediction == expected.prediction
            by_class = {each.class_: each.probability for each in answer.probabilities or ()}
            classes = [each.value for each in getattr(model.signature.output, "classes", ())]
            assert [by_class[value] for value in classes] == pytest.approx(
                expected.probabilities, rel=1e-9
            )

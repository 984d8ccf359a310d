"""Classifiers with a threshold of their own on a probability."""

from servery.estimators.plans import (
    PlannedPredictor,
    Source,
    Unsupported,
    Upstream,
    compile_predictor,
)
from servery.estimators.registry import Family, Part, register


def _probabilities(part: Part, upstream: Upstream, source: Source) -> PlannedPredictor:
    if part.response_method == "decision_function":
        raise Unsupported("a threshold on the decision function")
    # The threshold itself belongs to the output of the signature.
    return compile_predictor(getattr(part, "estimator_", part.estimator), upstream, source)


register(
    Family(
        (
            "sklearn.model_selection.FixedThresholdClassifier",
            "sklearn.model_selection.TunedThresholdClassifierCV",
        ),
        predictor=_probabilities,
    )
)

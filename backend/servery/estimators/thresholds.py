"""Classifiers with a threshold of their own on a probability."""

from servery.estimators.plans import PlannedPredictor, Unsupported, Upstream
from servery.estimators.registry import Family, Part, register


def _probabilities(part: Part, upstream: Upstream) -> PlannedPredictor:
    if part.response_method == "decision_function":
        raise Unsupported("a threshold on the decision function")
    # The threshold itself belongs to the output of the signature.
    return upstream.predicted(getattr(part, "estimator_", part.estimator))


register(
    Family(
        "sklearn.model_selection: FixedThresholdClassifier TunedThresholdClassifierCV",
        predictor=_probabilities,
        labels="thresholded",
    )
)

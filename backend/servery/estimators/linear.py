"""Linear models: weighted sums of features, and what becomes of them."""

from typing import Any

import numpy as np

from servery.estimators.plans import (
    PlannedPredictor,
    Source,
    Unsupported,
    Upstream,
    as_features,
)
from servery.estimators.registry import AllowedNames, Family, Part, register
from servery.runtimes.plan.steps.linear import Linear, SignedPair
from servery.runtimes.plan.steps.quantities import Exponential
from servery.runtimes.plan.steps.scores import Clipped, OneByOne, Sigmoid, Softmax


def sums(part: Part, upstream: Upstream, source: Source) -> Linear:
    """Return the weighted sums of a linear model, one for each row of its coefficients."""
    features = as_features(upstream, source)
    weights = np.atleast_2d(np.asarray(_dense(part.coef_), dtype=float)).T
    intercept = np.broadcast_to(np.ravel(np.asarray(part.intercept_, float)), weights.shape[1])
    return Linear(features, np.ascontiguousarray(weights), intercept.tolist())


def _dense(array: Any) -> Any:  # noqa: ANN401 - an array, or a sparse one
    return array.toarray() if hasattr(array, "toarray") else array


def quantity(part: Part, upstream: Upstream, source: Source) -> PlannedPredictor:
    """Compile a regressor that answers its weighted sum."""
    return sums(part, upstream, source), "value"


def scores(part: Part, upstream: Upstream, source: Source) -> PlannedPredictor:
    """Compile a classifier that answers one score for each class."""
    linear = sums(part, upstream, source)
    return (SignedPair(linear) if len(part.classes_) == 2 else linear), "scores"


register(
    Family(
        tuple(
            f"sklearn.linear_model.{name}"
            for name in (
                *("ARDRegression", "BayesianRidge", "ElasticNet", "ElasticNetCV"),
                *("HuberRegressor", "Lars", "LarsCV", "Lasso", "LassoCV", "LassoLars"),
                *("LassoLarsCV", "LassoLarsIC", "LinearRegression", "OrthogonalMatchingPursuit"),
                *("OrthogonalMatchingPursuitCV", "PassiveAggressiveRegressor"),
                *("QuantileRegressor", "Ridge", "RidgeCV", "SGDRegressor", "TheilSenRegressor"),
            )
        ),
        predictor=quantity,
    )
)
register(
    Family(
        tuple(
            f"sklearn.linear_model.{name}"
            for name in (
                *("PassiveAggressiveClassifier", "Perceptron"),
                *("RidgeClassifier", "RidgeClassifierCV"),
            )
        ),
        predictor=scores,
    )
)


def _generalized(part: Part, upstream: Upstream, source: Source) -> PlannedPredictor:
    link = type(part._base_loss.link).__name__
    if link == "IdentityLink":
        return quantity(part, upstream, source)
    if link != "LogLink":
        raise Unsupported(f"the link {link}")
    return Exponential(sums(part, upstream, source)), "value"


register(
    Family(
        (
            "sklearn.linear_model.GammaRegressor",
            "sklearn.linear_model.PoissonRegressor",
            "sklearn.linear_model.TweedieRegressor",
        ),
        predictor=_generalized,
    )
)


def logistic(part: Part, upstream: Upstream, source: Source) -> PlannedPredictor:
    """Compile a classifier whose scores are logits."""
    linear = sums(part, upstream, source)
    is_pair = len(part.classes_) == 2
    return (Sigmoid(linear) if is_pair else Softmax(linear)), "probabilities"


register(
    Family(
        (
            "sklearn.linear_model.LogisticRegression",
            "sklearn.linear_model.LogisticRegressionCV",
        ),
        predictor=logistic,
    )
)


def _stochastic(part: Part, upstream: Upstream, source: Source) -> PlannedPredictor:
    if part.loss == "log_loss":
        linear = sums(part, upstream, source)
        is_pair = len(part.classes_) == 2
        return (Sigmoid(linear) if is_pair else OneByOne(linear)), "probabilities"
    if part.loss == "modified_huber":
        return Clipped(sums(part, upstream, source)), "probabilities"
    return scores(part, upstream, source)


register(
    Family(
        ("sklearn.linear_model.SGDClassifier",),
        predictor=_stochastic,
        names=AllowedNames(
            called=(
                (
                    "sklearn.linear_model._sgd_fast",
                    (
                        "sklearn.linear_model._sgd_fast.LossFunction",
                        "sklearn._loss._loss.CyLossFunction",
                    ),
                ),
            )
        ),
    )
)

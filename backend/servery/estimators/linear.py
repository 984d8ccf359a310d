"""Linear models: weighted sums of features, and what becomes of them."""

from typing import Any

import numpy as np

from servery.estimators.plans import PlannedPredictor, Unsupported, Upstream
from servery.estimators.registry import AllowedNames, Family, Part, register
from servery.runtimes.plan.steps.linear import Linear, SignedPair
from servery.runtimes.plan.steps.quantities import Exponential
from servery.runtimes.plan.steps.scores import Clipped, OneByOne, Sigmoid, Softmax


def sums(part: Part, upstream: Upstream) -> Linear:
    """Return the weighted sums of a linear model, one for each row of its coefficients."""
    features = upstream.features
    weights = np.atleast_2d(np.asarray(_dense(part.coef_), dtype=float)).T
    intercept = np.broadcast_to(np.ravel(np.asarray(part.intercept_, float)), weights.shape[1])
    return Linear(features, np.ascontiguousarray(weights), intercept.tolist())


def _dense(array: Any) -> Any:  # noqa: ANN401 - an array, or a sparse one
    return array.toarray() if hasattr(array, "toarray") else array


def quantity(part: Part, upstream: Upstream) -> PlannedPredictor:
    """Compile a regressor that answers its weighted sum."""
    return sums(part, upstream), "value"


def scores(part: Part, upstream: Upstream) -> PlannedPredictor:
    """Compile a classifier that answers one score for each class."""
    linear = sums(part, upstream)
    return (SignedPair(linear) if len(part.classes_) == 2 else linear), "scores"


register(
    Family(
        """
        sklearn.linear_model: ARDRegression BayesianRidge ElasticNet ElasticNetCV HuberRegressor
        sklearn.linear_model: Lars LarsCV Lasso LassoCV LassoLars LassoLarsCV LassoLarsIC
        sklearn.linear_model: LinearRegression OrthogonalMatchingPursuit
        sklearn.linear_model: OrthogonalMatchingPursuitCV PassiveAggressiveRegressor
        sklearn.linear_model: QuantileRegressor Ridge RidgeCV SGDRegressor TheilSenRegressor
        """,
        predictor=quantity,
    )
)
register(
    Family(
        """
        sklearn.linear_model: PassiveAggressiveClassifier Perceptron
        sklearn.linear_model: RidgeClassifier RidgeClassifierCV
        """,
        predictor=scores,
    )
)


def _generalized(part: Part, upstream: Upstream) -> PlannedPredictor:
    link = type(part._base_loss.link).__name__
    if link == "IdentityLink":
        return quantity(part, upstream)
    if link != "LogLink":
        raise Unsupported(f"the link {link}")
    return Exponential(sums(part, upstream)), "value"


register(
    Family(
        "sklearn.linear_model: GammaRegressor PoissonRegressor TweedieRegressor",
        predictor=_generalized,
    )
)


def logistic(part: Part, upstream: Upstream) -> PlannedPredictor:
    """Compile a classifier whose scores are logits."""
    linear = sums(part, upstream)
    is_pair = len(part.classes_) == 2
    return (Sigmoid(linear) if is_pair else Softmax(linear)), "probabilities"


register(
    Family(
        "sklearn.linear_model: LogisticRegression LogisticRegressionCV",
        predictor=logistic,
    )
)


def _stochastic(part: Part, upstream: Upstream) -> PlannedPredictor:
    if part.loss == "log_loss":
        linear = sums(part, upstream)
        is_pair = len(part.classes_) == 2
        return (Sigmoid(linear) if is_pair else OneByOne(linear)), "probabilities"
    if part.loss == "modified_huber":
        return Clipped(sums(part, upstream)), "probabilities"
    return scores(part, upstream)


register(
    Family(
        "sklearn.linear_model: SGDClassifier",
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

"""AdaBoost over trees: each leaf adds what its tree says of every class."""

import numpy as np
from numpy.typing import NDArray

from servery.estimators.nodes import Nodes
from servery.estimators.plans import PlannedPredictor, Unsupported, Upstream
from servery.estimators.registry import Family, Part, public_name, register
from servery.estimators.trees import add_fitted
from servery.runtimes.plan.steps.scores import Sigmoid, Softmax

TREES = frozenset({"sklearn.tree.DecisionTreeClassifier", "sklearn.tree.ExtraTreeClassifier"})


def _boosted(part: Part, upstream: Upstream) -> PlannedPredictor:
    if not all(public_name(type(member)) in TREES for member in part.estimators_):
        raise Unsupported("AdaBoost of other estimators than trees")
    count = len(part.classes_)
    if count < 2 or any(len(member.classes_) != count for member in part.estimators_):
        raise Unsupported("AdaBoost whose members saw fewer classes")
    # Files of scikit-learn before 1.6 name an algorithm; since then there is only SAMME.
    is_real = vars(part).get("algorithm") == "SAMME.R"
    nodes = Nodes()
    for member, weight in zip(part.estimators_, part.estimator_weights_, strict=False):
        shares = member.tree_.value[:, 0, :]
        votes = _real_votes(shares) if is_real else weight * _votes(shares)
        add_fitted(nodes, member, votes[:, 1:] - votes[:, :1] if count == 2 else votes)
    # Two classes have one score, the difference; the softmax of more divides by their number.
    total = float(part.estimator_weights_.sum()) * (1 if count == 2 else count - 1)
    base = [0.0] * (1 if count == 2 else count)
    trees = nodes.trees(upstream.features, base, divide=total, single=True, finite=True)
    return (Sigmoid(trees) if count == 2 else Softmax(trees)), "probabilities"


def _votes(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the votes of SAMME: 1 for the class of a leaf, and together -1 for the others."""
    count = shares.shape[1]
    votes = np.full(shares.shape, -1 / (count - 1))
    votes[np.arange(len(shares)), shares.argmax(axis=1)] = 1.0
    return votes


def _real_votes(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the votes of SAMME.R: by how much the logarithm of each class exceeds the mean.

    References
    ----------
    Zhu, Zou, Rosset & Hastie (2009), Statistics and Its Interface 2(3), 349-360, algorithm 4.
    """
    logarithms = np.log(np.maximum(shares, np.finfo(np.float64).eps))
    centred = logarithms - logarithms.mean(axis=1, keepdims=True)
    return np.asarray((shares.shape[1] - 1) * centred)


register(Family("sklearn.ensemble: AdaBoostClassifier", predictor=_boosted))

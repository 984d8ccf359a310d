"""Trees of scikit-learn, alone, in forests and boosted one after the other."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from servery.estimators.nodes import Nodes
from servery.estimators.plans import PlannedPredictor, Unsupported, Upstream
from servery.estimators.registry import AllowedNames, Family, Part, public_name, register, table
from servery.estimators.tampering import require_fitted
from servery.runtimes.plan.steps.scores import Sigmoid, Softmax


def _check_nodes(part: Part) -> None:
    count = part.node_count
    require_fitted(count >= 1, "an empty tree")
    node = np.arange(count)
    inner = part.children_left != -1
    for child in (part.children_left[inner], part.children_right[inner]):
        # A child always comes after its parent, so that every way down ends.
        require_fitted(((child > node[inner]) & (child < count)).all(), "a tree")
    feature = part.feature[inner]
    require_fitted(((feature >= 0) & (feature < part.n_features)).all(), "a tree")


# The compiled nodes of a tree.
register(Family("sklearn.tree: Tree", check=_check_nodes))


def add_fitted(nodes: Nodes, tree: Any, values: Any) -> None:  # noqa: ANN401 - one of scikit-learn
    """Add the nodes of a fitted tree, with values of shape (nodes, k)."""
    state = tree.tree_
    missing_left = state.__getstate__()["nodes"]["missing_go_to_left"].astype(bool)
    nodes.add(
        state.feature,
        state.threshold,
        state.children_left,
        state.children_right,
        missing_left,
        values,
    )


def _mean_of_trees(
    part: Any,  # noqa: ANN401
    members: Sequence[Any],
    upstream: Upstream,
) -> PlannedPredictor:
    is_classifier = hasattr(part, "classes_")
    if part.n_outputs_ != 1:
        raise Unsupported("trees of several outputs")
    nodes = Nodes()
    for member in members:
        add_fitted(nodes, member, member.tree_.value[:, 0, :])
    width = len(part.classes_) if is_classifier else 1
    features = upstream.features
    trees = nodes.trees(features, [0.0] * width, divide=len(members), single=True, finite=True)
    return trees, "probabilities" if is_classifier else "value"


def _tree(part: Part, upstream: Upstream) -> PlannedPredictor:
    return _mean_of_trees(part, [part], upstream)


def _forest(part: Part, upstream: Upstream) -> PlannedPredictor:
    return _mean_of_trees(part, part.estimators_, upstream)


def _is_tree(nodes: object) -> bool:
    """Return whether nodes are of scikit-learn's own compiled class, and not of one derived."""
    from sklearn.tree._tree import Tree

    return type(nodes) is Tree


def _check_tree(part: Part) -> None:
    if hasattr(part, "tree_"):
        require_fitted(_is_tree(part.tree_), "a tree")
        require_fitted(part.tree_.n_features == part.n_features_in_, "a tree")


# The base class of single trees.
register(Family("sklearn.tree: BaseDecisionTree", check=_check_tree))
register(
    Family(
        """
        sklearn.tree: DecisionTreeClassifier DecisionTreeRegressor
        sklearn.tree: ExtraTreeClassifier ExtraTreeRegressor
        """,
        predictor=_tree,
    )
)


def _check_ensemble(part: Part) -> None:
    if hasattr(part, "estimators_"):
        _check_members(part, [part.n_features_in_] * len(part.estimators_))


def _check_members(part: Part, widths: Sequence[int]) -> None:
    from sklearn.tree import BaseDecisionTree

    require_fitted(type(part.estimators_) in {list, np.ndarray}, "an ensemble of trees")
    for trees, n_features in zip(part.estimators_, widths, strict=True):
        for tree in np.ravel(np.asarray(trees, dtype=object)):
            require_fitted(isinstance(tree, BaseDecisionTree), "an ensemble of trees")
            require_fitted(_is_tree(tree.tree_), "an ensemble of trees")
            require_fitted(tree.tree_.n_features == n_features, "an ensemble of trees")


# The base class of random forests.
register(Family("sklearn.ensemble: BaseForest", check=_check_ensemble))
register(
    Family(
        """
        sklearn.ensemble: RandomForestClassifier RandomForestRegressor
        sklearn.ensemble: ExtraTreesClassifier ExtraTreesRegressor
        """,
        predictor=_forest,
    )
)


def _check_isolation_forest(part: Part) -> None:
    if hasattr(part, "estimators_"):
        _check_members(part, [len(each) for each in part.estimators_features_])


register(Family("sklearn.ensemble: IsolationForest", check=_check_isolation_forest))


def _gradient_boosting(part: Part, upstream: Upstream) -> PlannedPredictor:
    starts_plain = public_name(type(part.init_)) in {
        "sklearn.dummy.DummyClassifier",
        "sklearn.dummy.DummyRegressor",
    }
    if not (starts_plain or part.init_ == "zero"):
        raise Unsupported("gradient boosting that starts from an estimator")
    width = part.estimators_.shape[1]
    nodes = Nodes()
    for stage in part.estimators_:
        for column, member in enumerate(stage):
            values = np.zeros((member.tree_.node_count, width))
            values[:, column] = part.learning_rate * member.tree_.value[:, 0, 0]
            add_fitted(nodes, member, values)
    base = part._raw_predict_init(np.zeros((1, part.n_features_in_)))
    trees = nodes.trees(upstream.features, base, single=True, finite=True)
    if not hasattr(part, "classes_"):
        return trees, "value"
    if part.loss == "exponential":
        return Sigmoid(trees, tie=1, steepness=2.0), "probabilities"
    return (Sigmoid(trees, tie=1) if width == 1 else Softmax(trees)), "probabilities"


def _check_gradient_boosting(part: Part) -> None:
    _check_ensemble(part)
    if hasattr(part, "estimators_"):
        shape = np.shape(part.estimators_)
        classes = len(getattr(part, "classes_", ()))
        wanted = classes if classes > 2 else 1
        per_iteration = getattr(part, "n_trees_per_iteration_", wanted)
        is_fit = len(shape) == 2 and shape[1] == per_iteration == wanted
        require_fitted(is_fit, "an ensemble of trees")
        known = getattr(getattr(part, "init_", None), "classes_", part.__dict__.get("classes_"))
        require_fitted(known is None or len(known) == classes, "an ensemble of trees")


# The base class of gradient boosting by exact splits.
register(
    Family(
        "sklearn.ensemble: BaseGradientBoosting",
        check=_check_gradient_boosting,
        names=AllowedNames(
            made=table(
                "sklearn.ensemble._gb_losses: BinomialDeviance ExponentialLoss LeastSquaresError"
            )
        ),
    )
)
register(
    Family(
        "sklearn.ensemble: GradientBoostingClassifier GradientBoostingRegressor",
        predictor=_gradient_boosting,
    )
)

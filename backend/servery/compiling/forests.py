"""Trees of every library as one table of nodes."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sklearn.dummy import DummyClassifier, DummyRegressor

from servery.compiling.declined import Declined
from servery.compiling.transforms import Entering, Source, as_features, compile_transform
from servery.runtimes.plan.features import Transform
from servery.runtimes.plan.predictors import (
    Exponential,
    FromScores,
    Predictor,
    Sigmoid,
    Softmax,
)
from servery.runtimes.plan.trees import Trees

#: Codes that a tree may ask for: those of scikit-learn's bins.
CODES = 256
#: LightGBM takes smaller values for nought (``kZeroThreshold``).
NOUGHT = float(np.float32(1e-35))


@dataclass
class Nodes:
    """Nodes of many trees, one tree after the other."""

    roots: list[int] = field(default_factory=list)
    feature: list[Any] = field(default_factory=list)
    threshold: list[Any] = field(default_factory=list)
    left: list[Any] = field(default_factory=list)
    right: list[Any] = field(default_factory=list)
    missing_left: list[Any] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    category_row: list[Any] = field(default_factory=list)
    goes_left: list[Any] = field(default_factory=list)
    count: int = 0

    def add(
        self,
        feature: Any,  # noqa: ANN401 - arrays
        threshold: Any,  # noqa: ANN401
        left: Any,  # noqa: ANN401
        right: Any,  # noqa: ANN401
        missing_left: Any,  # noqa: ANN401
        values: Any,  # noqa: ANN401
        category_row: Any = None,  # noqa: ANN401
    ) -> None:
        """Add a tree whose leaves lead to -1, with values of shape (nodes, k)."""
        left, right = np.asarray(left, np.int64), np.asarray(right, np.int64)
        is_leaf = left < 0
        own = np.arange(len(left))
        self.roots.append(self.count)
        self.feature.append(np.where(is_leaf, 0, feature))
        self.threshold.append(np.where(is_leaf, np.inf, threshold))
        self.left.append(np.where(is_leaf, own, left) + self.count)
        self.right.append(np.where(is_leaf, own, right) + self.count)
        self.missing_left.append(np.where(is_leaf, True, missing_left))
        self.values.append(np.where(is_leaf[:, None], values, 0))
        rows = np.full(len(left), -1) if category_row is None else category_row
        self.category_row.append(np.where(is_leaf, -1, rows))
        self.count += len(left)

    def trees(
        self,
        features: Transform,
        base: Any,  # noqa: ANN401 - k figures
        *,
        divide: float = 1.0,
        nought: float = 0.0,
        single: bool = False,
        strict: bool = False,
        finite: bool = False,
        sums_single: bool = False,
    ) -> Trees:
        """Return the step that walks them."""
        left, right = np.concatenate(self.left), np.concatenate(self.right)
        roots = np.array(self.roots)
        has_categories = bool(self.goes_left)
        return Trees(
            features,
            roots=roots,
            feature=np.concatenate(self.feature).astype(np.int64),
            threshold=np.concatenate(self.threshold).astype(np.float64),
            left=left,
            right=right,
            missing_left=np.concatenate(self.missing_left).astype(bool),
            values=np.concatenate(self.values).astype(np.float32 if sums_single else np.float64),
            single=single,
            strict=strict,
            finite=finite,
            depth=_depth(roots, left, right),
            base=[float(figure) for figure in np.ravel(base)],
            divide=float(divide),
            nought=nought,
            category_row=np.concatenate(self.category_row) if has_categories else None,
            goes_left=np.array(self.goes_left) if has_categories else None,
        )


def _depth(roots: Any, left: Any, right: Any) -> int:  # noqa: ANN401 - arrays
    level, depth = roots, 0
    while True:
        inner = level[left[level] != level]
        if not len(inner):
            return depth
        level, depth = np.concatenate([left[inner], right[inner]]), depth + 1


def _add_fitted(nodes: Nodes, tree: Any, values: Any) -> None:  # noqa: ANN401 - one of scikit-learn
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
    entering: Entering,
    source: Source,
) -> tuple[Predictor, Any]:
    is_classifier = hasattr(part, "classes_")
    if part.n_outputs_ != 1:
        raise Declined("trees of several outputs")
    nodes = Nodes()
    for member in members:
        _add_fitted(nodes, member, member.tree_.value[:, 0, :])
    width = len(part.classes_) if is_classifier else 1
    features = as_features(entering, source)
    trees = nodes.trees(features, [0.0] * width, divide=len(members), single=True, finite=True)
    return trees, "probabilities" if is_classifier else "value"


def _tree(part: Any, entering: Entering, source: Source) -> tuple[Predictor, Any]:  # noqa: ANN401
    return _mean_of_trees(part, [part], entering, source)


def _forest(part: Any, entering: Entering, source: Source) -> tuple[Predictor, Any]:  # noqa: ANN401
    return _mean_of_trees(part, part.estimators_, entering, source)


def _gradient_boosting(part: Any, entering: Entering, source: Source) -> tuple[Predictor, Any]:  # noqa: ANN401
    if not (isinstance(part.init_, (DummyClassifier, DummyRegressor)) or part.init_ == "zero"):
        raise Declined("gradient boosting that starts from an estimator")
    width = part.estimators_.shape[1]
    nodes = Nodes()
    for stage in part.estimators_:
        for column, member in enumerate(stage):
            values = np.zeros((member.tree_.node_count, width))
            values[:, column] = part.learning_rate * member.tree_.value[:, 0, 0]
            _add_fitted(nodes, member, values)
    base = part._raw_predict_init(np.zeros((1, part.n_features_in_)))
    trees = nodes.trees(as_features(entering, source), base, single=True, finite=True)
    if not hasattr(part, "classes_"):
        return trees, "value"
    if part.loss == "exponential":
        return Sigmoid(trees, tie=1, steepness=2.0), "probabilities"
    return (Sigmoid(trees, tie=1) if width == 1 else Softmax(trees)), "probabilities"


def _histogram_boosting(part: Any, entering: Entering, source: Source) -> tuple[Predictor, Any]:  # noqa: ANN401
    if part._preprocessor is not None:
        features = compile_transform(part._preprocessor, entering, source)
    else:
        features = as_features(entering, source)
    known, place_of = part._bin_mapper.make_known_categories_bitsets()
    width = part.n_trees_per_iteration_
    nodes = Nodes()
    for stage in part._predictors:
        for column, member in enumerate(stage):
            _add_histogram_tree(nodes, member, (column, width), known, place_of)
    trees = nodes.trees(features, part._baseline_prediction)
    if hasattr(part, "classes_"):
        return (Sigmoid(trees) if width == 1 else Softmax(trees)), "probabilities"
    link = type(part._loss.link).__name__
    if link == "LogLink":
        return Exponential(trees), "value"
    if link != "IdentityLink":
        raise Declined(f"the link {link}")
    return trees, "value"


def _add_histogram_tree(
    nodes: Nodes,
    member: Any,  # noqa: ANN401
    output: tuple[int, int],
    known: Any,  # noqa: ANN401
    place_of: Any,  # noqa: ANN401
) -> None:
    column, width = output
    table = member.nodes
    is_leaf = table["is_leaf"].astype(bool)
    missing_left = table["missing_go_to_left"].astype(bool)
    rows = np.full(len(table), -1)
    for index in np.flatnonzero(~is_leaf & table["is_categorical"].astype(bool)):
        chosen = _bits(member.raw_left_cat_bitsets[table["bitset_idx"][index]])
        seen = _bits(known[place_of[table["feature_idx"][index]]])
        rows[index] = len(nodes.goes_left)
        nodes.goes_left.append(chosen | (~seen & missing_left[index]))
    values = np.zeros((len(table), width))
    values[:, column] = table["value"]
    nodes.add(
        table["feature_idx"],
        table["num_threshold"],
        np.where(is_leaf, -1, table["left"].astype(np.int64)),
        np.where(is_leaf, -1, table["right"].astype(np.int64)),
        missing_left,
        values,
        rows,
    )


def _bits(words: Any) -> Any:  # noqa: ANN401 - eight words of 32 bits
    return np.unpackbits(np.asarray(words, dtype="<u4").view(np.uint8), bitorder="little").astype(
        bool
    )


def _xgboost(part: Any, entering: Entering, source: Source) -> tuple[Predictor, Any]:  # noqa: ANN401
    learner = json.loads(part.get_booster().save_raw("json"))["learner"]
    if learner["gradient_booster"]["name"] != "gbtree":
        raise Declined(f"the booster {learner['gradient_booster']['name']}")
    if "c" in learner.get("feature_types", ()):
        raise Declined("categories of XGBoost")
    if not np.isnan(part.missing):
        raise Declined("another missing value than NaN")
    model = learner["gradient_booster"]["model"]
    facts = learner["learner_model_param"]
    width = max(1, int(facts["num_class"]))
    per_round = width * int(model["gbtree_model_param"].get("num_parallel_tree", "1"))
    stop = len(model["trees"])
    if getattr(part, "early_stopping_rounds", None):
        stop = min(stop, (part.best_iteration + 1) * per_round)
    nodes = Nodes()
    pairs = zip(model["trees"][:stop], model["tree_info"][:stop], strict=True)
    for tree, column in pairs:
        _add_xgboost_tree(nodes, tree, column, width)
    base = np.array(json.loads(facts["base_score"].replace("E", "e")), dtype=np.float32).ravel()
    name = learner["objective"]["name"]
    if name not in XGBOOST:
        raise Declined(f"the objective {name!r}")
    to_margin, finish, gives = XGBOOST[name]
    margin = np.broadcast_to(to_margin(base), width)
    trees = nodes.trees(
        as_features(entering, source), margin, single=True, strict=True, sums_single=True
    )
    return finish(trees), gives


def _add_xgboost_tree(nodes: Nodes, tree: dict[str, Any], column: int, width: int) -> None:
    if any(tree["split_type"]):
        raise Declined("categories of XGBoost")
    conditions = np.array(tree["split_conditions"], dtype=np.float32)
    values = np.zeros((len(conditions), width))
    values[:, column] = conditions
    nodes.add(
        np.array(tree["split_indices"]),
        conditions.astype(np.float64),
        tree["left_children"],
        tree["right_children"],
        np.array(tree["default_left"], dtype=bool),
        values,
    )


def _logit(probability: Any) -> Any:  # noqa: ANN401
    return -np.log(np.float32(1.0) / probability - np.float32(1.0))


def _same(figures: Any) -> Any:  # noqa: ANN401
    return figures


def _quantity(trees: Predictor) -> Predictor:
    return Exponential(trees, single=True)


def _probabilities(finish: type[FromScores]) -> Callable[[Predictor], Predictor]:
    return lambda trees: finish(trees, by_scores=False, single=True)


#: By objective: the margin of the base score, what is made of the sums, and what that gives.
XGBOOST: dict[str, tuple[Callable[[Any], Any], Callable[[Predictor], Predictor], str]] = {
    "reg:squarederror": (_same, _same, "value"),
    "reg:absoluteerror": (_same, _same, "value"),
    "reg:pseudohubererror": (_same, _same, "value"),
    "reg:quantileerror": (_same, _same, "value"),
    "reg:gamma": (np.log, _quantity, "value"),
    "reg:tweedie": (np.log, _quantity, "value"),
    "count:poisson": (np.log, _quantity, "value"),
    "binary:logistic": (_logit, _probabilities(Sigmoid), "probabilities"),
    "multi:softprob": (_same, _probabilities(Softmax), "probabilities"),
}


def _lightgbm(part: Any, entering: Entering, source: Source) -> tuple[Predictor, Any]:  # noqa: ANN401
    stop = part.best_iteration_ or None
    model = part.booster_.dump_model(num_iteration=stop)
    if model["pandas_categorical"]:
        raise Declined("categories of LightGBM")
    width = model["num_tree_per_iteration"]
    nodes = Nodes()
    for index, tree in enumerate(model["tree_info"]):
        _add_lightgbm_tree(nodes, tree["tree_structure"], index % width, width)
    divide = len(model["tree_info"]) / width if model["average_output"] else 1.0
    trees = nodes.trees(as_features(entering, source), [0.0] * width, divide=divide, nought=NOUGHT)
    name, *options = model["objective"].split()
    if name in {"regression", "regression_l1", "huber", "fair", "quantile", "mape"}:
        if "sqrt" in options:
            raise Declined("the option reg_sqrt of LightGBM")
        return trees, "value"
    if name in {"poisson", "gamma", "tweedie"}:
        return Exponential(trees), "value"
    if name == "binary":
        steepness = _option(options, "sigmoid")
        return Sigmoid(trees, by_scores=False, steepness=steepness), "probabilities"
    if name == "multiclass":
        return Softmax(trees, by_scores=False), "probabilities"
    raise Declined(f"the objective {name!r}")


def _option(options: Sequence[str], name: str) -> float:
    found = dict(option.split(":", 1) for option in options if ":" in option)
    return float(found.get(name, 1.0))


def _add_lightgbm_tree(nodes: Nodes, root: dict[str, Any], column: int, width: int) -> None:
    rows = list(_flat(root))
    values = np.zeros((len(rows), width))
    values[:, column] = [row[5] for row in rows]
    feature, threshold, left, right, missing_left, _ = zip(*rows, strict=True)
    nodes.add(
        np.array(feature),
        np.array(threshold, float),
        left,
        right,
        np.array(missing_left, dtype=bool),
        values,
    )


def _flat(root: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Go through the nodes of a tree: feature, threshold, left, right, missing left, value."""
    order = [root]
    places = {id(root): 0}
    for node in order:
        for side in ("left_child", "right_child"):
            if side in node:
                places[id(node[side])] = len(order)
                order.append(node[side])
    for node in order:
        if "leaf_value" in node:
            yield 0, 0.0, -1, -1, True, node["leaf_value"]
            continue
        if node["decision_type"] != "<=" or node["missing_type"] == "Zero":
            raise Declined("categories or noughts as missing values of LightGBM")
        # Where training saw none missing, LightGBM takes a missing value for nought.
        as_nought = node["missing_type"] == "None"
        left = node["threshold"] >= 0.0 if as_nought else node["default_left"]
        children = places[id(node["left_child"])], places[id(node["right_child"])]
        yield node["split_feature"], node["threshold"], *children, left, 0.0


#: By the library and the name of the class.
FORESTS: dict[str, Callable[[Any, Entering, Source], tuple[Predictor, Any]]] = {
    **{
        f"sklearn.{name}{kind}": compile_one
        for name, compile_one in (
            ("DecisionTree", _tree),
            ("ExtraTree", _tree),
            ("RandomForest", _forest),
            ("ExtraTrees", _forest),
            ("GradientBoosting", _gradient_boosting),
            ("HistGradientBoosting", _histogram_boosting),
        )
        for kind in ("Classifier", "Regressor")
    },
    **{f"xgboost.{name}": _xgboost for name in ("XGBClassifier", "XGBRegressor")},
    **{f"xgboost.{name}": _xgboost for name in ("XGBRFClassifier", "XGBRFRegressor")},
    **{f"lightgbm.{name}": _lightgbm for name in ("LGBMClassifier", "LGBMRegressor")},
}

"""XGBoost, read from the JSON of its model."""

import json
import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from servery.estimators.boosters import KnownColumn, learn
from servery.estimators.native_files import NativeFileRefused, NativeFormat, register_format
from servery.estimators.nodes import Nodes
from servery.estimators.plans import PlannedPredictor, Unsupported, Upstream
from servery.estimators.registry import AllowedNames, Family, Part, register, table
from servery.estimators.tampering import require_fitted
from servery.estimators.tracking import Kind, TrackedColumns
from servery.runtimes.plan import Gives
from servery.runtimes.plan.predictor import Predictor
from servery.runtimes.plan.steps.quantities import Exponential
from servery.runtimes.plan.steps.scores import FromScores, Sigmoid, Softmax


def _known_columns(part: Part) -> list[KnownColumn]:
    booster = part.get_booster()
    types = booster.feature_types or [""] * booster.num_features()
    encoded: Sequence[dict[str, Any]] = [{}] * len(types)
    if "c" in types:
        learner = json.loads(booster.save_raw("json"))["learner"]
        encoded = learner["gradient_booster"]["model"]["cats"]["enc"] or encoded
    return [
        _category(categories) if kind == "c" else KnownColumn(kind=KINDS.get(kind))
        for kind, categories in zip(types, encoded, strict=True)
    ]


# "q" (quantitative) and "float" say no more than number.
KINDS: dict[str, Kind] = {"int": "integer", "i": "boolean"}


def _category(encoded: dict[str, Any]) -> KnownColumn:
    """Read categories: numbers as they are, texts as one buffer of bytes and where to cut it.

    XGBoost 3 answers an unknown text as the known one beside it in the alphabet.
    """
    values = encoded.get("values") or []
    cuts = encoded.get("offsets")
    # XGBoost 3 counts characters where it should count bytes: outside ASCII the cuts are wrong.
    if not values or (cuts is not None and min(values) < 0):
        return KnownColumn(kind="words", is_categorical=True, unknown_allowed=False)
    if cuts is not None:
        values = [bytes(values[start:end]).decode() for start, end in pairwise(cuts)]
    return KnownColumn(categories=tuple(values), is_categorical=True, unknown_allowed=False)


def _track(part: Part, columns: TrackedColumns) -> TrackedColumns:
    return learn(part, columns, _known_columns(part))


def _check_trees(part: Part) -> None:
    """Refuse trees whose nodes lead elsewhere: XGBoost follows them without a look."""
    if part.__dict__.get("_Booster") is None:
        return
    learner = json.loads(part.get_booster().save_raw("json"))["learner"]
    booster = learner["gradient_booster"]
    model = booster.get("gbtree", booster).get("model", {})
    facts = learner["learner_model_param"]
    width = max(1, int(facts["num_class"]), int(facts.get("num_target", 1)))
    require_fitted(all(0 <= column < width for column in model.get("tree_info", ())), "a tree")
    for tree in model.get("trees", ()):
        left, right = (np.array(tree[name], dtype=np.int64) for name in CHILDREN)
        features = np.array(tree["split_indices"], dtype=np.int64)
        require_fitted(len(left) == len(right) == len(features) > 0, "a tree")
        require_fitted(((left >= -1) & (left < len(left))).all(), "a tree")
        require_fitted(((right >= -1) & (right < len(left))).all(), "a tree")
        require_fitted(((left < 0) | (features < int(facts["num_feature"]))).all(), "a tree")


CHILDREN = ("left_children", "right_children")


# The base class of all that XGBoost offers to scikit-learn.
register(
    Family(
        "xgboost.sklearn: XGBModel",
        track=_track,
        check=_check_trees,
        names=AllowedNames(
            made=table(
                """
                xgboost.callback: EarlyStopping
                xgboost.core: Booster
                """
            ),
            derived=(("xgboost.sklearn", ("sklearn.base.BaseEstimator",)),),
        ),
    )
)


def _predictor(part: Part, upstream: Upstream) -> PlannedPredictor:
    learner = json.loads(part.get_booster().save_raw("json"))["learner"]
    if learner["gradient_booster"]["name"] != "gbtree":
        raise Unsupported(f"the booster {learner['gradient_booster']['name']}")
    if "c" in learner.get("feature_types", ()):
        raise Unsupported("categories of XGBoost")
    if not np.isnan(part.missing):
        raise Unsupported("another missing value than NaN")
    model = learner["gradient_booster"]["model"]
    facts = learner["learner_model_param"]
    width = max(1, int(facts["num_class"]))
    per_round = width * int(model["gbtree_model_param"].get("num_parallel_tree", "1"))
    stop = len(model["trees"])
    best = part.get_booster().attr("best_iteration")
    if best is not None:  # its fit stopped early, and it answers by the best round
        stop = min(stop, (int(best) + 1) * per_round)
    nodes = Nodes()
    pairs = zip(model["trees"][:stop], model["tree_info"][:stop], strict=True)
    for tree, column in pairs:
        _add_tree(nodes, tree, column, width)
    base = np.array(json.loads(facts["base_score"].replace("E", "e")), dtype=np.float32).ravel()
    name = learner["objective"]["name"]
    if name not in OBJECTIVES:
        raise Unsupported(f"the objective {name!r}")
    to_margin, finish, gives = OBJECTIVES[name]
    margin = np.broadcast_to(to_margin(base), width)
    trees = nodes.trees(upstream.features, margin, single=True, strict=True, sums_single=True)
    return finish(trees), gives


def _add_tree(nodes: Nodes, tree: dict[str, Any], column: int, width: int) -> None:
    if any(tree["split_type"]):
        raise Unsupported("categories of XGBoost")
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
OBJECTIVES: dict[str, tuple[Callable[[Any], Any], Callable[[Predictor], Predictor], Gives]] = {
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


register(
    Family(
        "xgboost.sklearn: XGBClassifier XGBRegressor XGBRFClassifier XGBRFRegressor",
        predictor=_predictor,
    )
)


def _read(data: bytes) -> Part:
    """Return the estimator for a file that ``save_model`` of XGBoost wrote.

    Raises
    ------
    NativeFileRefused
        It answers neither with a class nor with a quantity.
    """
    import xgboost

    booster = xgboost.Booster()
    booster.load_model(bytearray(data))
    learner = json.loads(booster.save_config())["learner"]
    objective = learner["objective"]["name"]
    if objective in CLASSIFIES:
        model = xgboost.XGBClassifier(n_jobs=1)
    elif objective.startswith(QUANTITIES) and int(learner["learner_model_param"]["num_class"]) == 0:
        model = xgboost.XGBRegressor(n_jobs=1)
    else:
        raise NativeFileRefused(f"has the objective {objective!r}, which Servery does not serve")
    model.load_model(bytearray(data))
    if booster.attr("scikit_learn") is None:
        # A booster by itself answers with all rounds, an estimator only with those up to the best.
        model.get_booster().set_attr(best_iteration=None)
    return model


CLASSIFIES = frozenset({"binary:logistic", "multi:softprob", "multi:softmax"})
QUANTITIES = ("reg:", "count:poisson")
#: A model in JSON, and in UBJSON, where the length of a key has one of these types.
JSON_HEAD = re.compile(rb'\s*\{\s*"(learner|version)"\s*:\s*[\[{]')
UBJSON_HEAD = re.compile(rb"\{[iUIlL]\x00{0,7}[\x07]learner\{", re.DOTALL)


def _recognises_json(head: bytes) -> bool:
    return JSON_HEAD.match(head) is not None and b'"learner"' in head


def _recognises_ubjson(head: bytes) -> bool:
    return UBJSON_HEAD.match(head) is not None


for _name, _ending, _recognises in (
    ("xgboost json", ".json", _recognises_json),
    ("xgboost ubjson", ".ubj", _recognises_ubjson),
):
    register_format(
        _name,
        NativeFormat(
            "an XGBoost model",
            "xgboost",
            "xgboost-cpu",
            _ending,
            _recognises,
            _read,
            numbers_classes=True,
        ),
    )

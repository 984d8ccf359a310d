"""LightGBM, read from the dump of its model."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from servery.errors import PublishingRefused
from servery.estimators.boosters import KnownColumn, learn
from servery.estimators.native_files import NativeFileRefused, NativeFormat, register_format
from servery.estimators.nodes import Nodes
from servery.estimators.plans import PlannedPredictor, Unsupported, Upstream
from servery.estimators.registry import AllowedNames, Family, Part, register, table
from servery.estimators.tracking import TrackedColumns
from servery.inputs import Scalar
from servery.runtimes.plan.steps.quantities import Exponential
from servery.runtimes.plan.steps.scores import Sigmoid, Softmax

#: LightGBM takes smaller values for zero (``kZeroThreshold``).
ZERO = float(np.float32(1e-35))
#: What it records of a column that never varied in the fit.
NEVER_VARIES = "none"


def _known_columns(part: Part) -> list[KnownColumn]:
    text = part.booster_.model_to_string(num_iteration=1)
    infos = text.split("feature_infos=", 1)[1].split("\n", 1)[0].split(" ")
    tables = list(part.booster_.pandas_categorical or [])
    if not tables:
        return [_category(None) if _is_nominal(info) else _number(info) for info in infos]
    placed = _placed(infos, tables)
    if placed is None:
        raise PublishingRefused(
            "The LightGBM model does not record which of its columns are categories, because some "
            'are ordered or never vary. Make them unordered, X["column"] = '
            'X["column"].cat.as_unordered(), leave out those that never vary, and fit it again.'
        )
    return [
        _number(info) if place is None else _category(tables[place])
        for info, place in zip(infos, placed, strict=True)
    ]


def _is_nominal(info: str) -> bool:
    """Return whether a column holds categories without an order, which are listed by number."""
    return not info.startswith("[") and info != NEVER_VARIES


def _placed(infos: Sequence[str], tables: Sequence[list[Scalar]]) -> list[int | None] | None:
    """Return which table of categories each column has, if that can only be so in one way.

    The tables are in the order of their columns. Each belongs to a nominal column, or to one of
    numbers that are its places: to LightGBM, ordered categories are numbers.
    """
    last = len(tables)
    ways = [[0] * (last + 1) for _ in range(len(infos))] + [[0] * last + [1]]
    for at in reversed(range(len(infos))):
        for given in range(last + 1):
            without = 0 if _is_nominal(infos[at]) else ways[at + 1][given]
            is_fit = given < last and _may_be_of(infos[at], len(tables[given]))
            ways[at][given] = without + (ways[at + 1][given + 1] if is_fit else 0)
    if ways[0][0] != 1:
        return None
    placed: list[int | None] = []
    given = 0
    for at, info in enumerate(infos):
        is_without = not _is_nominal(info) and ways[at + 1][given] == 1
        placed.append(None if is_without else given)
        given += not is_without
    return placed


def _may_be_of(info: str, count: int) -> bool:
    """Return whether a column may hold the places of so many categories, if not of all."""
    if info == NEVER_VARIES or _is_nominal(info):
        return True
    low, high = _ends(info)
    return low >= 0 and high < count and low.is_integer() and high.is_integer()


def _ends(info: str) -> tuple[float, float]:
    low, high = (float(end) for end in info.strip("[]").split(":"))
    return low, high


def _category(table: list[Scalar] | None) -> KnownColumn:
    return KnownColumn(
        categories=None if table is None else tuple(table), is_categorical=bool(table)
    )


def _number(info: str) -> KnownColumn:
    if info == NEVER_VARIES:
        return KnownColumn()
    low, high = _ends(info)
    return KnownColumn(low=low, high=high)


def _track(part: Part, columns: TrackedColumns) -> TrackedColumns:
    return learn(part, columns, _known_columns(part))


# The base class of all that LightGBM offers to scikit-learn.
register(
    Family(
        "lightgbm.sklearn: LGBMModel",
        track=_track,
        names=AllowedNames(
            made=table("lightgbm.basic: Booster"),
            derived=(("lightgbm.sklearn", ("lightgbm.sklearn.LGBMModel",)),),
        ),
    )
)


#: Objectives of quantities: those whose sums are the answer, and those whose exponential is.
PLAIN_QUANTITIES = frozenset({"regression", "regression_l1", "huber", "fair", "quantile", "mape"})
EXPONENTIAL_QUANTITIES = frozenset({"poisson", "gamma", "tweedie"})


def _predictor(part: Part, upstream: Upstream) -> PlannedPredictor:
    stop = part.best_iteration_ or None
    model = part.booster_.dump_model(num_iteration=stop)
    if model["pandas_categorical"]:
        raise Unsupported("categories of LightGBM")
    width = model["num_tree_per_iteration"]
    nodes = Nodes()
    for index, tree in enumerate(model["tree_info"]):
        _add_tree(nodes, tree["tree_structure"], index % width, width)
    divide = len(model["tree_info"]) / width if model["average_output"] else 1.0
    trees = nodes.trees(upstream.features, [0.0] * width, divide=divide, nought=ZERO)
    name, *options = model["objective"].split()
    if name in PLAIN_QUANTITIES:
        if "sqrt" in options:
            raise Unsupported("the option reg_sqrt of LightGBM")
        return trees, "value"
    if name in EXPONENTIAL_QUANTITIES:
        return Exponential(trees), "value"
    if name == "binary":
        steepness = _option(options, "sigmoid")
        return Sigmoid(trees, by_scores=False, steepness=steepness), "probabilities"
    if name == "multiclass":
        return Softmax(trees, by_scores=False), "probabilities"
    raise Unsupported(f"the objective {name!r}")


def _option(options: Sequence[str], name: str) -> float:
    found = dict(option.split(":", 1) for option in options if ":" in option)
    return float(found.get(name, 1.0))


def _add_tree(nodes: Nodes, root: dict[str, Any], column: int, width: int) -> None:
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
            raise Unsupported("categories or zeros as missing values of LightGBM")
        # Where training saw none missing, LightGBM takes a missing value for zero.
        as_zero = node["missing_type"] == "None"
        left = node["threshold"] >= 0.0 if as_zero else node["default_left"]
        children = places[id(node["left_child"])], places[id(node["right_child"])]
        yield node["split_feature"], node["threshold"], *children, left, 0.0


register(
    Family(
        "lightgbm.sklearn: LGBMClassifier LGBMRegressor",
        predictor=_predictor,
    )
)


def _read(data: bytes) -> Part:
    """Return the estimator for a file that ``save_model`` of LightGBM wrote.

    Raises
    ------
    NativeFileRefused
        It answers neither with a class nor with a quantity.
    """
    import lightgbm
    from sklearn.preprocessing import LabelEncoder

    booster = lightgbm.Booster(model_str=data.decode())
    objective = (booster.dump_model(num_iteration=1).get("objective") or "none").split()[0]
    if objective in CLASSIFIES:
        model = lightgbm.LGBMClassifier(n_jobs=1)
        # The file holds no names of classes: they are numbered.
        model._le = LabelEncoder().fit(range(max(2, booster.num_model_per_iteration())))
        model._classes = model._le.classes_
        model._n_classes = len(model._classes)
    elif objective in PLAIN_QUANTITIES | EXPONENTIAL_QUANTITIES | {"cross_entropy"}:
        model = lightgbm.LGBMRegressor(n_jobs=1)
    else:
        raise NativeFileRefused(f"has the objective {objective!r}, which Servery does not serve")
    model._Booster = booster
    model._objective = objective
    model._best_iteration = booster.best_iteration
    model._n_features = model._n_features_in = booster.num_feature()
    model._fitted_with_feature_names = True  # or with names that it made up, which show it
    model.fitted_ = True
    return model


CLASSIFIES = frozenset({"binary", "multiclass", "multiclassova"})


def _recognises(head: bytes) -> bool:
    return head.startswith((b"tree\nversion=", b"tree\r\nversion="))


register_format(
    "lightgbm",
    NativeFormat(
        "a LightGBM model",
        "lightgbm",
        "lightgbm",
        ".txt",
        _recognises,
        _read,
        numbers_classes=True,
    ),
)

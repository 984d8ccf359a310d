"""Files of trusted names only, put together so that they would write a file or break memory.

No list of names can refuse these: every class in them is honest.
"""

import functools
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.cluster import KMeans
from sklearn.ensemble import (
    GradientBoostingRegressor,
    HistGradientBoostingRegressor,
    RandomForestRegressor,
    StackingClassifier,
)
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, make_scorer
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    OneHotEncoder,
    SplineTransformer,
    StandardScaler,
)
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeRegressor
from sklearn.tree._tree import Tree
from sklearn.utils import Bunch

from tests.unit.hostile import Call, Make, Stated

RECONSTRUCT = np.zeros(1).__reduce__()[0]
X = np.arange(40.0).reshape(20, 2)
Y = X[:, 0]


def writing_method(canary: Path) -> bytes:
    """A vectorizer that, when it predicts, has a scorer call the `tofile` of an array."""
    stack = StackingClassifier([("a", LogisticRegression())])
    stack.estimators_ = [np.frombuffer(b"import os\n", dtype="S10").copy()]
    stack.stack_method_ = ["tofile"]
    stack.final_estimator_ = LogisticRegression()
    stack.classes_ = np.array([0, 1])
    stack.passthrough = False
    scorer = make_scorer(accuracy_score)
    scorer._response_method = "transform"
    model = make_pipeline(CountVectorizer(), LogisticRegression())
    model.fit(["good film", "bad film"] * 5, [1, 0] * 5)
    model[0].decode = functools.partial(str, str(canary).encode(), "utf8")
    model[0].analyzer = functools.partial(scorer, stack, y_true=np.array([0]))
    return pickle.dumps(model)


def chosen_method(_: Path) -> bytes:
    stack = StackingClassifier([("a", LogisticRegression()), ("b", LogisticRegression())])
    stack.fit(X, Y > 20)
    stack.stack_method_ = ["tofile", "predict"]
    return pickle.dumps(stack)


def hidden_method(_: Path) -> bytes:
    model = LogisticRegression().fit(X, Y > 20)
    model.predict = functools.partial(str, b"words", "utf8")
    return pickle.dumps(model)


def method_of_an_object(canary: Path) -> bytes:
    model = make_pipeline(FunctionTransformer(), LogisticRegression()).fit(X, Y > 20)
    model[0].func = np.array([str(canary)]).tofile
    return pickle.dumps(model)


def tree(change: Callable[[dict[str, Any]], None]) -> Make:
    def make(_: Path) -> bytes:
        model = DecisionTreeRegressor().fit(X, Y)
        state = model.tree_.__getstate__()
        change(state)
        model.tree_ = Stated(Tree, (2, np.array([1]), 1), state)
        return pickle.dumps(model)

    return make


def node(field: str, value: int, place: slice = slice(0, 1)) -> Make:
    def change(state: dict[str, Any]) -> None:
        state["nodes"][field][place] = value

    return tree(change)


def loop(state: dict[str, Any]) -> None:
    state["nodes"]["left_child"][:] = 0
    state["nodes"]["right_child"][:] = 0


def wider_tree(_: Path) -> bytes:
    model = RandomForestRegressor(n_estimators=2).fit(X, Y)
    model.estimators_[1] = DecisionTreeRegressor().fit(np.hstack([X, X, X]), Y)
    return pickle.dumps(model)


def boosted(field: str, value: int) -> Make:
    def make(_: Path) -> bytes:
        model = HistGradientBoostingRegressor(max_iter=2, min_samples_leaf=2).fit(X, Y)
        model._predictors[0][0].nodes[field] = value
        return pickle.dumps(model)

    return make


def neighbours(_: Path) -> bytes:
    from sklearn.neighbors._kd_tree import newObj

    model = KNeighborsRegressor(algorithm="kd_tree", leaf_size=2).fit(X, Y)
    kind = type(model._tree)
    state = tuple(
        np.full_like(part, 2**40)
        if isinstance(part, np.ndarray) and part.dtype == np.intp and part.ndim == 1
        else part
        for part in model._tree.__getstate__()
    )
    model._tree = Stated(newObj, (kind,), state)
    return pickle.dumps(model)


def support(_: Path) -> bytes:
    model = SVC().fit(X, Y > 20)
    model._n_support = np.array([2**20, 2**20], dtype=np.int32)
    return pickle.dumps(model)


def centres(_: Path) -> bytes:
    model = KMeans(2).fit(X)
    model.cluster_centers_ = model.cluster_centers_[:, :1].copy()
    return pickle.dumps(model)


def array_type(spelt: str, state: tuple[Any, ...], size: int) -> Make:
    def make(_: Path) -> bytes:
        kind = Stated(np.dtype, (spelt, False, True), state)
        array = (1, (1,), kind, False, b"x" * size)
        bare = (np.ndarray, (0,), b"b")
        return pickle.dumps(Stated(RECONSTRUCT, bare, array))

    return make


def fields(kind: str, offset: int, size: int) -> Make:
    parts = {"a": (np.dtype(kind), offset)}
    return array_type("V8", (3, "|", None, ("a",), parts, size, 1, 0), 8)


def tower_of_new_tuples(_: Path) -> bytes:
    data = b"\x80\x04cbuiltins\ntuple\nq\x010)"
    for _level in range(60):
        data += b"q\x00h\x00\x86q\x000h\x01h\x00\x85\x81"
    return data + b"q\x000}h\x00Ns."


def changed(model: Any, change: Callable[[Any], object]) -> Make:  # noqa: ANN401
    """A fitted model of which something is changed before it is saved."""

    def make(_: Path) -> bytes:
        change(model)
        return pickle.dumps(model)

    return make


def masked_trees(_: Path) -> bytes:
    """Trees that a mask covers, which compiled code reads all the same."""
    model = GradientBoostingRegressor(n_estimators=2).fit(X, Y)
    mask = np.ones(model.estimators_.shape, dtype=bool)
    model.estimators_ = Stated(*np.ma.MaskedArray(model.estimators_, mask=mask).__reduce__())
    return pickle.dumps(model)


def itself(_: Path) -> bytes:
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(X, Y > 20)
    model.steps[0] = ("again", model)
    return pickle.dumps(model)


def wide_trees(_: Path) -> bytes:
    model = GradientBoostingRegressor(n_estimators=1).fit(X, Y)
    model.estimators_ = np.repeat(model.estimators_, 9, axis=1)
    model.n_trees_per_iteration_ = 9
    return pickle.dumps(model)


def narrow_distance(_: Path) -> bytes:
    model = KNeighborsRegressor(
        algorithm="ball_tree", metric="mahalanobis", metric_params={"VI": np.eye(2)}
    ).fit(X, Y)
    rebuilt, made_of, state = model._tree.__reduce__()
    distance = state[-2].__reduce__()
    narrow = Stated(*distance[:2], (2.0, np.zeros(1), np.eye(1)))
    model._tree = Stated(rebuilt, made_of, (*state[:-2], narrow, state[-1]))
    return pickle.dumps(model)


BUNCH = Bunch(transform=np.log, fit=1)
WORDS = CountVectorizer().fit(["good film", "bad film"])
STEPS = make_pipeline(StandardScaler(), LogisticRegression()).fit(X, Y > 20)
SPLINES = SplineTransformer().fit(X)
CODES = OneHotEncoder().fit(np.round(X / 10))
GROUPS = KMeans(2, n_init=1).fit(X)
SCORER = make_scorer(accuracy_score)


REWIRED: dict[str, Make] = {
    "trees behind a mask": masked_trees,
    "a pipeline in itself": itself,
    "more trees than outputs": wide_trees,
    "a distance of fewer columns": narrow_distance,
    "a dictionary as a step": changed(STEPS, lambda model: model.steps.insert(0, ("a", BUNCH))),
    "a word beyond the vocabulary": changed(
        WORDS, lambda model: model.vocabulary_.update(good=10**9)
    ),
    "a column fewer than categories": changed(
        CODES, lambda model: setattr(model, "_n_features_outs", [1, 1])
    ),
    "a spline of fewer numbers than knots": changed(
        SPLINES, lambda model: setattr(model.bsplines_[0], "_t", np.linspace(0, 1, 10**5))
    ),
    "a million threads": changed(GROUPS, lambda model: setattr(model, "_n_threads", 10**6)),
    "a function that leaves numbers out": lambda _: pickle.dumps(
        FunctionTransformer(np.sqrt, kw_args={"where": False})
    ),
    "a scorer in the place of a function": lambda _: pickle.dumps(FunctionTransformer(SCORER)),
    "a scorer that writes an array": writing_method,
    "a step that calls a method of choice": chosen_method,
    "a method behind an attribute": hidden_method,
    "the method of an array as a function": method_of_an_object,
    "a tree with a child beyond its end": node("left_child", 2**40),
    "a tree with a child before its start": node("left_child", -5),
    "a tree that goes in circles": tree(loop),
    "a tree on a column that is not there": node("feature", 10**9),
    "a tree of fewer nodes than none": tree(lambda state: state.update(node_count=-1)),
    "a forest with a wider tree": wider_tree,
    "a boosted tree with a child beyond its end": boosted("left", 2**31),
    "a boosted tree that goes in circles": boosted("left", 0),
    "a boosted tree on a column that is not there": boosted("feature_idx", 2**30),
    "neighbours beyond the rows": neighbours,
    "more support vectors than there are": support,
    "centres of another width": centres,
    "a field beyond its element": fields("f8", 10**9, 8),
    "a field before its element": fields("f8", -(10**6), 8),
    "bytes as an object": fields("O", 0, 8),
    "an element of gigantic size": fields("f8", 0, 2**40),
    "a tower of tuples of tuples": tower_of_new_tuples,
    "a call inside of a trusted object": lambda canary: pickle.dumps(
        Stated(LogisticRegression, (), {"coef_": Call(np.fromfile, str(canary))})
    ),
}

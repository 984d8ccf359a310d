"""Whether a loaded estimator is put together as scikit-learn puts it together.

The list of names keeps strange code out; this keeps honest parts from being wired into something
else. A step can be told by its state to call any method of another by name, a method can be hidden
behind an attribute, and compiled code trusts the indices that it is given. None of that shows in
the names of a file, and all of it would happen long after the file was opened.
"""

import gc
import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from scipy.sparse import issparse
from sklearn.base import BaseEstimator
from sklearn.cluster import BisectingKMeans, KMeans, MiniBatchKMeans
from sklearn.ensemble import IsolationForest
from sklearn.ensemble._forest import BaseForest
from sklearn.ensemble._gb import BaseGradientBoosting
from sklearn.ensemble._hist_gradient_boosting.gradient_boosting import BaseHistGradientBoosting
from sklearn.neighbors import BallTree, KDTree
from sklearn.svm._base import BaseLibSVM
from sklearn.tree import BaseDecisionTree
from sklearn.tree._tree import Tree


class Unsound(Exception):
    """An estimator that was not put together by fitting; the text is the end of a sentence."""


#: What is looked at no further: it holds nothing of the file, or is shared with everybody.
ATOMS = (
    *(type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType, np.ufunc, np.dtype),
    *(str, bytes, bytearray, int, float, complex, np.generic, type(None)),
)
METHOD_TYPES = (types.MethodType, types.MethodWrapperType, types.BuiltinFunctionType)
#: Libraries whose classes never hide a method behind an attribute; what is trusted beyond may.
LIBRARIES = frozenset({"sklearn", "xgboost", "lightgbm", "catboost"})
#: Methods by which steps call each other.
VERBS = frozenset(
    {
        *("fit", "fit_predict", "fit_transform", "get_params", "inverse_transform", "score"),
        *("decision_function", "predict", "predict_log_proba", "predict_proba", "transform"),
        *("score_samples", "set_params"),
    }
)
#: Attributes that name the method of another step, and the names that they have.
METHOD_ATTRIBUTES = (
    *("chain_method", "chain_method_", "response_method", "_response_method"),
    *("stack_method", "stack_method_"),
)
METHODS = frozenset(
    {"auto", "predict", "predict_proba", "predict_log_proba", "decision_function", None, "drop"}
)


def require_sound(estimator: object) -> None:
    """Look at every part of an estimator.

    Raises
    ------
    Unsound
        Says what no fit would have made.
    """
    for part in _parts(estimator):
        _require_plain_methods(part)
        for kind, check in CHECKS:
            if isinstance(part, kind):
                check(part)
        if issparse(part):
            _sparse(part)


def require_sound_dtype(dtype: "np.dtype[Any]", itemsize_before: int) -> None:
    """Refuse a dtype whose state does not fit its size, or that takes bytes for objects.

    numpy believes such a state, and would read and write outside of the array, or follow bytes of
    the file as if they were addresses of objects.

    Parameters
    ----------
    itemsize_before
        The size of an element before the dtype got its state: arrays of it may exist already.
    """
    if dtype.itemsize != itemsize_before or not _is_consistent(dtype):
        raise Unsound("holds an array type that contradicts itself")


def _is_consistent(dtype: "np.dtype[Any]") -> bool:
    if dtype.fields is None and dtype.subdtype is None:
        usual = np.dtype(dtype.str)
        return dtype.hasobject == usual.hasobject and (dtype.alignment, dtype.flags) == (
            usual.alignment,
            usual.flags,
        )
    if dtype.subdtype is not None:
        base, shape = dtype.subdtype
        fits = all(size >= 0 for size in shape) and (
            base.itemsize * int(np.prod(shape, dtype=object)) == dtype.itemsize
        )
        return fits and not base.hasobject and _is_consistent(base)
    return not dtype.hasobject and all(
        0 <= place[1] <= dtype.itemsize - place[0].itemsize
        and not place[0].hasobject
        and _is_consistent(place[0])
        for place in (dtype.fields or {}).values()
    )


def _parts(root: object) -> Iterator[object]:
    seen: dict[int, object] = {}
    left = [root]
    while left:
        part = left.pop()
        _require_free(part)
        if isinstance(part, ATOMS) or id(part) in seen:
            continue
        seen[id(part)] = part
        yield part
        # An array does not tell the garbage collector what it holds.
        is_objects = isinstance(part, np.ndarray) and part.dtype == object
        left += part.ravel().tolist() if is_objects else gc.get_referents(part)  # type: ignore[attr-defined]


def _require_free(part: object) -> None:
    """Refuse a method that is bound to an object: it is that object's, whatever name it has."""
    owner = getattr(part, "__self__", None) if isinstance(part, METHOD_TYPES) else None
    if owner is not None and not isinstance(owner, types.ModuleType):
        raise Unsound(f"holds the method {getattr(part, '__name__', '')} of an object")


def _require_plain_methods(part: object) -> None:
    own = getattr(part, "__dict__", None)
    if not isinstance(own, dict) or type(part).__module__.split(".")[0] not in LIBRARIES:
        return
    kind = type(part)
    for name in own:
        is_hidden = isinstance(name, str) and callable(getattr(kind, name, None))
        if is_hidden or (isinstance(part, BaseEstimator) and name in VERBS):
            raise Unsound(f"has a {kind.__name__} whose method {name} was replaced")
    for name in METHOD_ATTRIBUTES:
        named = own.get(name)
        for method in named if isinstance(named, (list, tuple)) else [named]:
            if isinstance(method, BaseEstimator) or method not in METHODS:
                raise Unsound(f"has a {kind.__name__} that calls a method {method!r}")
    if own.get("input") == "filename":
        raise Unsound(f"has a {kind.__name__} that opens the files that its inputs name")


def _require(is_so: object, what: str) -> None:
    if not is_so:
        raise Unsound(f"has {what} that no fit makes")


def _tree(tree: Any) -> None:  # noqa: ANN401 - compiled
    count = tree.node_count
    _require(count >= 1, "an empty tree")
    node = np.arange(count)
    inner = tree.children_left != -1
    for child in (tree.children_left[inner], tree.children_right[inner]):
        # A child always comes after its parent, so that every way down ends.
        _require(((child > node[inner]) & (child < count)).all(), "a tree")
    feature = tree.feature[inner]
    _require(((feature >= 0) & (feature < tree.n_features)).all(), "a tree")


def _decision_tree(model: Any) -> None:  # noqa: ANN401
    if hasattr(model, "tree_"):
        _require(type(model.tree_) is Tree, "a tree")
        _require(model.tree_.n_features == model.n_features_in_, "a tree")


def _tree_ensemble(model: Any) -> None:  # noqa: ANN401
    if not hasattr(model, "estimators_"):
        return
    columns = [model.n_features_in_] * len(model.estimators_)
    if isinstance(model, IsolationForest):
        columns = [len(each) for each in model.estimators_features_]
    for trees, n_features in zip(model.estimators_, columns, strict=True):
        for tree in np.ravel(np.asarray(trees, dtype=object)):
            _require(isinstance(tree, BaseDecisionTree), "an ensemble of trees")
            _require(type(tree.tree_) is Tree, "an ensemble of trees")
            _require(tree.tree_.n_features == n_features, "an ensemble of trees")


def _gradient_boosting(model: Any) -> None:  # noqa: ANN401
    _tree_ensemble(model)
    if hasattr(model, "estimators_"):
        shape = np.shape(model.estimators_)
        per_iteration = getattr(model, "n_trees_per_iteration_", shape[-1])
        _require(len(shape) == 2 and shape[1] == per_iteration, "an ensemble of trees")


def _histogram_boosting(model: Any) -> None:  # noqa: ANN401
    for predictor in (each for stage in getattr(model, "_predictors", ()) for each in stage):
        nodes, sets = predictor.nodes, predictor.raw_left_cat_bitsets
        inner = nodes["is_leaf"] == 0
        place = np.arange(len(nodes))[inner]
        of_words = inner & (nodes["is_categorical"] != 0)
        is_sound = (
            len(nodes) > 0
            and all(
                ((nodes[side][inner] > place) & (nodes[side][inner] < len(nodes))).all()
                for side in ("left", "right")
            )
            and ((nodes["feature_idx"] >= 0) & (nodes["feature_idx"] < model.n_features_in_)).all()
            and (sets.ndim, sets.shape[1:]) == (2, (8,))
            and (nodes["bitset_idx"][of_words] < len(sets)).all()
        )
        _require(is_sound, "a tree")
    if hasattr(model, "_bin_mapper"):
        _require(len(model._bin_mapper.is_categorical_) == model.n_features_in_, "a bin mapper")


def _nearest_tree(tree: Any) -> None:  # noqa: ANN401
    data, index, nodes, bounds, _, levels, count, *_ = tree.__getstate__()
    rows, columns = data.shape
    start, end, place = nodes["idx_start"], nodes["idx_end"], np.arange(len(nodes))
    inner = nodes["is_leaf"] == 0
    is_sound = (
        len(nodes) == count == 2**levels - 1
        and index.shape == (rows,)
        and ((index >= 0) & (index < rows)).all()
        and ((start >= 0) & (start <= end) & (end <= rows)).all()
        and (2 * place[inner] + 2 < count).all()
        and bounds.shape[1:] == (count, columns)
        and len(bounds) == (2 if isinstance(tree, _KD_TREES) else 1)
    )
    _require(is_sound, "a tree of neighbours")


def _support_vectors(model: Any) -> None:  # noqa: ANN401
    if not hasattr(model, "support_vectors_"):
        return
    counts, rows = model._n_support, len(model.support_)
    is_several = model._impl in {"c_svc", "nu_svc"}
    classes = len(counts) if is_several else 2
    is_precomputed = model.kernel == "precomputed"
    is_sound = (
        (counts >= 0).all()
        and (int(counts.sum()) if is_several else int(counts[0])) == rows
        and model._dual_coef_.shape == (classes - 1, rows)
        and model._intercept_.shape == (classes * (classes - 1) // 2,)
        and model._probA.size in {0, 1, classes * (classes - 1) // 2}
        and model._probB.size == model._probA.size
        and len(model.shape_fit_) == 2
        and (is_precomputed or model.shape_fit_[1] == model.n_features_in_)
        and (is_precomputed or model.support_vectors_.shape == (rows, model.n_features_in_))
        and ((model.support_ >= 0) & (model.support_ < model.shape_fit_[0])).all()
    )
    _require(is_sound, "support vectors")


def _centres(model: Any) -> None:  # noqa: ANN401
    if hasattr(model, "cluster_centers_"):
        centres = model.cluster_centers_
        _require(centres.shape == (model.n_clusters, model.n_features_in_), "centres of groups")


def _sparse(matrix: Any) -> None:  # noqa: ANN401
    try:
        if matrix.format in {"csr", "csc", "bsr"}:
            matrix.check_format(full_check=True)
        elif matrix.format == "coo":
            matrix._check()
    except Exception as error:  # scipy raises whatever the state makes it stumble over
        raise Unsound("has a sparse table that no fit makes") from error


def _kinds_of(room: types.ModuleType, name: str) -> tuple[type, ...]:
    """Return a compiled class and its twins for other precisions, where they exist."""
    return tuple(
        kind
        for end in ("", "32", "64")
        if isinstance(kind := getattr(room, name + end, None), type)
    )


def _nearest_trees() -> tuple[tuple[type, ...], tuple[type, ...]]:
    from sklearn.neighbors import _ball_tree, _kd_tree

    return _kinds_of(_kd_tree, "KDTree"), _kinds_of(_ball_tree, "BallTree")


_KD_TREES, _BALL_TREES = _nearest_trees()
CHECKS: tuple[tuple[Any, Callable[[Any], None]], ...] = (
    (Tree, _tree),
    (BaseDecisionTree, _decision_tree),
    ((BaseForest, IsolationForest), _tree_ensemble),
    (BaseGradientBoosting, _gradient_boosting),
    (BaseHistGradientBoosting, _histogram_boosting),
    ((KDTree, BallTree, *_KD_TREES, *_BALL_TREES), _nearest_tree),
    (BaseLibSVM, _support_vectors),
    ((KMeans, MiniBatchKMeans, BisectingKMeans), _centres),
)

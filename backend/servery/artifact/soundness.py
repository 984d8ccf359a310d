"""Whether a loaded estimator is put together as scikit-learn puts it together.

The list of names keeps strange code out; this keeps honest parts from being wired into something
else. A step can be told by its state to call any method of another by name, a method can be hidden
behind an attribute, and compiled code trusts the indices that it is given. None of that shows in
the names of a file, and all of it would happen long after the file was opened.
"""

import functools
import gc
import types
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from scipy.interpolate import BSpline
from scipy.sparse import issparse
from sklearn.base import BaseEstimator
from sklearn.cluster import BisectingKMeans, KMeans, MiniBatchKMeans
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import IsolationForest
from sklearn.ensemble._forest import BaseForest
from sklearn.ensemble._gb import BaseGradientBoosting
from sklearn.ensemble._hist_gradient_boosting.gradient_boosting import BaseHistGradientBoosting
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.neighbors import BallTree, KDTree
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder
from sklearn.svm._base import BaseLibSVM
from sklearn.tree import BaseDecisionTree
from sklearn.tree._tree import Tree

from servery.artifact.calls import LEAKING
from servery.artifact.names import Unfinished


class Unsound(Exception):
    """An estimator that was not put together by fitting; the text is the end of a sentence."""


#: What is looked at no further: it holds nothing of the file, or is shared with everybody.
ATOMS = (
    *(type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType, np.ufunc, np.dtype),
    *(str, bytes, bytearray, int, float, complex, np.generic, type(None)),
)
#: The most frequent of these.
PLAIN = frozenset({str, bytes, int, float, bool, type(None)})
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
        if isinstance(part, Unfinished):
            raise Unsound(f"holds {part}")
        _require_plain_methods(part)
        for kind, check in CHECKS:
            if isinstance(part, kind):
                check(part)
        if issparse(part):
            _sparse(part)


def _parts(root: object) -> Iterator[object]:
    """Go through every part once, and refuse what is nested deeper than any pickler writes."""
    seen: dict[int, object] = {id(root): root}
    heights: dict[int, int] = {}
    yield root
    path = [_Visit(root, iter(_held_by(root)))]
    while path:
        visit = path[-1]
        part = next(visit.left, visit)
        if part is visit:  # its own parts are done
            path.pop()
            heights[id(visit.part)] = visit.height
            if path:
                path[-1].rise(visit.height)
        elif id(part) in seen:
            if id(part) not in heights and isinstance(part, BaseEstimator):
                raise Unsound("holds an estimator inside of itself")
            visit.rise(heights.get(id(part), 0))
        elif not _is_atom(part):
            seen[id(part)] = part
            yield part
            path.append(_Visit(part, iter(_held_by(part))))
        if len(path) > DEEPEST or visit.height > DEEPEST:
            raise Unsound("nests its parts deeper than any fit does")


#: pickle itself writes no deeper.
DEEPEST = 1000


class _Visit:
    """A part whose own parts are being looked at."""

    __slots__ = ("height", "left", "part")

    def __init__(self, part: object, left: Iterator[object]) -> None:
        self.part = part
        self.left = left
        self.height = 1

    def rise(self, height: int) -> None:
        """Take note of how high a part is that this one holds."""
        self.height = max(self.height, height + 1)


def _is_atom(part: object) -> bool:
    if type(part) in PLAIN:
        return True
    _require_free(part)
    return isinstance(part, ATOMS)


def _held_by(part: object) -> Iterable[object]:
    if isinstance(part, np.ndarray):
        return _items_of(part)
    return gc.get_referents(part)


def _items_of(array: Any) -> Iterable[object]:  # noqa: ANN401
    """Return what an array holds, which it hides from the garbage collector."""
    if not array.dtype.hasobject:
        return ()
    if array.dtype != object:
        raise Unsound("has an array of records that hold objects")
    # Of the array itself: one with a mask gives None for what is masked.
    return array.view(np.ndarray).ravel().tolist()  # type: ignore[no-any-return]


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

    _require_functions(part, own)
    for name in ("_n_threads", "n_jobs"):
        threads = own.get(name)
        if isinstance(threads, (int, np.integer)) and not -MOST_THREADS <= threads <= MOST_THREADS:
            raise Unsound(f"has a {kind.__name__} that asks for {threads:,} threads")


#: OpenMP ends the process where it cannot start as many as it is asked for.
MOST_THREADS = 1024
#: Attributes whose value an estimator calls when it predicts.
CALLED_LATER = frozenset(
    {
        *("func", "inverse_func", "metric", "preprocessor", "tokenizer", "analyzer", "decode"),
        *("strip_accents", "importance_getter", "refit", "optimizer", "loss_func"),
    }
)
#: What may stand there: what the list of names lets stay in an estimator is of these types.
FUNCTIONS = (
    *(types.FunctionType, types.BuiltinFunctionType, np.ufunc, functools.partial, type(np.mean)),
    type,
)


def _require_functions(part: object, own: dict[str, Any]) -> None:
    """Refuse an object of another kind in the place of a function: calling it does more."""
    for name in CALLED_LATER & own.keys() if isinstance(part, BaseEstimator) else ():
        value = own[name]
        is_ours = type(value).__module__.split(".")[0] in {*LIBRARIES, "builtins", "numpy", "scipy"}
        if callable(value) and is_ours and not isinstance(value, FUNCTIONS):
            raise Unsound(f"has a {type(part).__name__} that would call a {type(value).__name__}")


def _function_transformer(model: Any) -> None:  # noqa: ANN401
    for name in ("kw_args", "inv_kw_args"):
        keywords = model.__dict__.get(name)
        _require(keywords is None or type(keywords) is dict, "arguments of a function")
        _require(not LEAKING.intersection(keywords or ()), "arguments of a function")


def _partial(part: Any) -> None:  # noqa: ANN401
    _require(isinstance(part.func, FUNCTIONS) and not isinstance(part.func, type), "a partial")


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
    _require(type(model.estimators_) in {list, np.ndarray}, "an ensemble of trees")
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
        classes = len(getattr(model, "classes_", ()))
        wanted = classes if classes > 2 else 1
        per_iteration = getattr(model, "n_trees_per_iteration_", wanted)
        _require(len(shape) == 2 and shape[1] == per_iteration == wanted, "an ensemble of trees")
        known = getattr(getattr(model, "init_", None), "classes_", model.__dict__.get("classes_"))
        _require(known is None or len(known) == classes, "an ensemble of trees")


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
    _distance(tree.__getstate__()[-2], columns)


def _distance(distance: Any, columns: int) -> None:  # noqa: ANN401
    """Look at the buffers of a distance, which are as long as a row."""
    _, vector, matrix = distance.__getstate__()
    name = type(distance).__name__
    if name.startswith("Mahalanobis"):
        _require(matrix.shape == (columns, columns), "a distance of rows")
    elif name.startswith("SEuclidean"):
        _require(len(vector) == columns, "a distance of rows")


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
    if model._sparse:
        # Compiled code takes the numbers as they lie, not as their places say.
        dual, vectors = model._dual_coef_, model.support_vectors_
        is_sparse = issparse(dual) and issparse(vectors)
        _require(is_sparse and dual.nnz == np.prod(dual.shape), "support vectors")


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
        elif matrix.format == "dia":
            is_sound = len(matrix.offsets) == len(matrix.data) and matrix.data.ndim == 2
            _require(is_sound, "a sparse table")
    except Exception as error:  # scipy raises whatever the state makes it stumble over
        raise Unsound("has a sparse table that no fit makes") from error


def _vocabulary(model: Any) -> None:  # noqa: ANN401
    words = getattr(model, "vocabulary_", {})
    places = words.values()
    _require(all(isinstance(place, (int, np.integer)) for place in places), "a vocabulary")
    _require(all(0 <= place < len(words) for place in places), "a vocabulary")


def _one_hot(model: Any) -> None:  # noqa: ANN401
    if hasattr(model, "_n_features_outs"):
        _require(
            model._n_features_outs == model._compute_n_features_outs(), "columns of categories"
        )


def _spline(spline: Any) -> None:  # noqa: ANN401
    knots, numbers, degree = spline.t, spline.c, spline.k
    is_sound = type(degree) is int and 0 <= degree < 100 and knots.ndim == 1
    _require(is_sound and len(numbers) == len(knots) - degree - 1 > 0, "a spline")


def _steps(model: Any) -> None:  # noqa: ANN401
    for steps in (model.__dict__.get(name) for name in STEPS):
        _require(steps is None or type(steps) is list, "a list of steps")
        for step in steps or ():
            _require(type(step) is tuple and len(step) >= 2, "a list of steps")
            _require(_is_step(step[1]), f"a step that is a {type(step[1]).__name__}")


STEPS = ("steps", "transformer_list", "transformers", "transformers_")


def _is_step(step: object) -> bool:
    """Return whether a step is an estimator, a word for none, or an object of trusted code."""
    if step is None or isinstance(step, (str, BaseEstimator)):
        return True
    library = type(step).__module__.split(".")[0]
    return library not in {*LIBRARIES, "builtins", "collections", "functools", "numpy", "pandas"}


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
    (CountVectorizer, _vocabulary),
    (OneHotEncoder, _one_hot),
    (BSpline, _spline),
    ((Pipeline, FeatureUnion, ColumnTransformer), _steps),
    (FunctionTransformer, _function_transformer),
    (functools.partial, _partial),
)

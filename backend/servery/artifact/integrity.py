"""Whether a loaded estimator is put together as scikit-learn puts it together.

The list of names keeps strange code out; this keeps honest parts from being wired into something
else. The state of a step can make it call any method of another by name, a method can be hidden
behind an attribute, and compiled code trusts the indices that it is given. None of that shows in
the names of a file, and all of it would happen long after the file was opened.
"""

import gc
import types
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from scipy.sparse import issparse
from sklearn.base import BaseEstimator

from servery.artifact.names import Unfinished
from servery.estimators.functions import FUNCTIONS
from servery.estimators.parts import LIBRARIES
from servery.estimators.registry import families_of
from servery.estimators.tampering import TamperedEstimator, require_fitted

#: What is looked at no further: it holds nothing of the file, or is shared with everybody.
ATOMS = (
    *(type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType, np.ufunc, np.dtype),
    *(str, bytes, bytearray, int, float, complex, np.generic, type(None)),
)
#: The most frequent of these.
PLAIN = frozenset({str, bytes, int, float, bool, type(None)})
METHOD_TYPES = (types.MethodType, types.MethodWrapperType, types.BuiltinFunctionType)
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


def require_untampered(estimator: object) -> None:
    """Look at every part of an estimator.

    Raises
    ------
    TamperedEstimator
        Says what no fit would have made.
    """
    for part in _parts(estimator):
        if isinstance(part, Unfinished):
            raise TamperedEstimator(f"holds {part}")
        _require_plain_methods(part)
        for family in families_of(part):
            if family.check is not None:
                family.check(part)
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
                raise TamperedEstimator("holds an estimator inside of itself")
            visit.rise(heights.get(id(part), 0))
        elif not _is_atom(part):
            seen[id(part)] = part
            yield part
            path.append(_Visit(part, iter(_held_by(part))))
        if len(path) > DEEPEST or visit.height > DEEPEST:
            raise TamperedEstimator("nests its parts deeper than any fit does")


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
        raise TamperedEstimator("has an array of records that hold objects")
    # Of the array itself: one with a mask gives None for what is masked.
    return array.view(np.ndarray).ravel().tolist()  # type: ignore[no-any-return]


def _require_free(part: object) -> None:
    """Refuse a method that is bound to an object: it is that object's, whatever name it has."""
    owner = getattr(part, "__self__", None) if isinstance(part, METHOD_TYPES) else None
    if owner is not None and not isinstance(owner, types.ModuleType):
        raise TamperedEstimator(f"holds the method {getattr(part, '__name__', '')} of an object")


def _require_plain_methods(part: object) -> None:
    own = getattr(part, "__dict__", None)
    if not isinstance(own, dict) or type(part).__module__.split(".")[0] not in LIBRARIES:
        return
    kind = type(part)
    for name in own:
        is_hidden = isinstance(name, str) and callable(getattr(kind, name, None))
        if is_hidden or (isinstance(part, BaseEstimator) and name in VERBS):
            raise TamperedEstimator(f"has a {kind.__name__} whose method {name} was replaced")
    for name in METHOD_ATTRIBUTES:
        named = own.get(name)
        for method in named if isinstance(named, (list, tuple)) else [named]:
            if isinstance(method, BaseEstimator) or method not in METHODS:
                raise TamperedEstimator(f"has a {kind.__name__} that calls a method {method!r}")
    if own.get("input") == "filename":
        raise TamperedEstimator(f"has a {kind.__name__} that opens the files that its inputs name")

    _require_functions(part, own)
    for name in ("_n_threads", "n_jobs"):
        threads = own.get(name)
        if isinstance(threads, (int, np.integer)) and not -MOST_THREADS <= threads <= MOST_THREADS:
            raise TamperedEstimator(f"has a {kind.__name__} that asks for {threads:,} threads")


#: OpenMP ends the process where it cannot start as many as it is asked for.
MOST_THREADS = 1024
#: Attributes whose value an estimator calls when it predicts.
CALLED_LATER = frozenset(
    {
        *("func", "inverse_func", "metric", "preprocessor", "tokenizer", "analyzer", "decode"),
        *("strip_accents", "importance_getter", "refit", "optimizer", "loss_func"),
    }
)


def _require_functions(part: object, own: dict[str, Any]) -> None:
    """Refuse an object of another kind in the place of a function: calling it does more."""
    for name in CALLED_LATER & own.keys() if isinstance(part, BaseEstimator) else ():
        value = own[name]
        is_ours = type(value).__module__.split(".")[0] in {*LIBRARIES, "builtins", "numpy", "scipy"}
        if callable(value) and is_ours and not isinstance(value, (*FUNCTIONS, type)):
            raise TamperedEstimator(
                f"has a {type(part).__name__} that would call a {type(value).__name__}"
            )


def _sparse(matrix: Any) -> None:  # noqa: ANN401
    try:
        if matrix.format in {"csr", "csc", "bsr"}:
            matrix.check_format(full_check=True)
        elif matrix.format == "coo":
            matrix._check()
        elif matrix.format == "dia":
            is_fit = len(matrix.offsets) == len(matrix.data) and matrix.data.ndim == 2
            require_fitted(is_fit, "a sparse table")
    except Exception as error:  # scipy raises whatever the state makes it stumble over
        raise TamperedEstimator("has a sparse table that no fit makes") from error

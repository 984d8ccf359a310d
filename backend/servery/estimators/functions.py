"""Functions as transformers: those of NumPy that a plan knows by name."""

import functools
import operator
import types
from typing import Any

import numpy as np

from servery.estimators.plans import Unsupported, Upstream, with_operations
from servery.estimators.registry import AllowedNames, Family, Part, register
from servery.estimators.tampering import require_fitted
from servery.estimators.tracking import MIXED, TrackedColumns, changed, known
from servery.runtimes.plan.transform import Transform

#: Types of functions; an object of any other type may do more when it is called.
FUNCTIONS = (
    *(types.FunctionType, types.BuiltinFunctionType, np.ufunc, functools.partial),
    *(types.MethodDescriptorType, type(np.mean)),
)
#: Arguments by which NumPy hands out memory that it did not fill, or fills that of others.
LEAKING = frozenset({"out", "where"})
#: Functions that a plan applies, by what it calls them.
OPERATIONS: dict[Any, str] = {
    np.log1p: "log1p",
    np.log: "log",
    np.sqrt: "sqrt",
    np.exp: "exp",
    np.expm1: "expm1",
}


def _track_function(part: Part, columns: TrackedColumns) -> TrackedColumns:
    if type(part.func) is operator.itemgetter:
        columns = _gotten(part.func, columns)
    for tracked in known(columns):
        tracked.column.used = True
    if part.func is None or type(part.func) is operator.itemgetter:
        return columns
    if _only_lays_out(part.func, len(columns)):
        return columns
    return changed(columns) if part.feature_names_out == "one-to-one" else MIXED


def _only_lays_out(func: Any, width: int) -> bool:  # noqa: ANN401
    """Return whether a function gives the values that it gets, in another container."""
    if type(func) is operator.methodcaller:
        func = func.__reduce__()[1][0]
    if type(func) is operator.attrgetter:
        func = func.__reduce__()[1][0]
    return func in CONTAINERS or (width == 1 and func in OF_ONE_COLUMN)


#: Functions, methods and attributes that keep rows and columns.
CONTAINERS = frozenset({np.asarray, "copy", "to_numpy", "toarray", "todense", "values"})
#: Those that make a list of one column. What squeezes makes no list of one row.
OF_ONE_COLUMN = frozenset({np.ravel, "flatten", "ravel"})


def _gotten(getter: "operator.itemgetter[Any]", columns: TrackedColumns) -> TrackedColumns:
    """Return the columns that a getter picks by name; all of them where it picks otherwise."""
    picks: Any = getter.__reduce__()[1]
    names = picks[0] if len(picks) == 1 and isinstance(picks[0], list) else list(picks)
    by_name = {tracked.column.name: tracked for tracked in known(columns) if tracked.is_unchanged}
    picked = [by_name.get(name) for name in names]
    return columns if None in picked else picked


def _function(part: Part, upstream: Upstream) -> Transform:
    from sklearn.utils import check_array

    features = upstream.features
    if part.func is None or getattr(part.func, "func", None) is check_array:
        return features
    name = OPERATIONS.get(part.func)
    if name is None or part.kw_args:
        raise Unsupported(f"the function {getattr(part.func, '__name__', part.func)!r}")
    return with_operations(features, [[name]] * features.width)


def _check_arguments(part: Part) -> None:
    for name in ("kw_args", "inv_kw_args"):
        keywords = part.__dict__.get(name)
        require_fitted(keywords is None or type(keywords) is dict, "arguments of a function")
        require_fitted(not LEAKING.intersection(keywords or ()), "arguments of a function")


register(
    Family(
        "sklearn.preprocessing: FunctionTransformer",
        takes_all=False,
        track=_track_function,
        transform=_function,
        check=_check_arguments,
        # The argument of a partial, which only `artifact.calls` makes.
        names=AllowedNames(placed={"sklearn.utils.validation.check_array": frozenset()}),
    )
)


def _check_partial(part: Part) -> None:
    require_fitted(isinstance(part.func, FUNCTIONS), "a partial")


register(Family("functools: partial", check=_check_partial))

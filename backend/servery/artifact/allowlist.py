"""Which names a model file may import: exact names, and classes of estimators by what they are.

A file names what it is made of; this list belongs to the server. It knows three uses of a name. A
class may be ``MADE``: created bare and given its state. A function or type may be ``KEPT``: stay in
the estimator, which may call it when it predicts. ``CALLED`` is what the file may call while it is
read, with plain numbers; calls with other arguments have a function of ours each, in `calls`.

What any estimator may contain is listed here. What only some contain, their records list
(`servery.estimators`).
"""

import importlib
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntFlag
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from servery.estimators.registry import AllowedNames


class Use(IntFlag):
    """What a file may do with a name."""

    REFUSED = 0
    MADE = 1
    KEPT = 2
    CALLED = 4


@dataclass(frozen=True, slots=True)
class Trust:
    """What the server's settings trust beyond the list: modules with all in them, or one name."""

    names: frozenset[str] = frozenset()

    def admits(self, module: str, name: str) -> bool:
        """Return whether a setting names this, its module, or a package around it."""
        parts = module.split(".")
        around = {".".join(parts[:length]) for length in range(1, len(parts) + 1)}
        return bool(self.names & (around | {f"{module}.{name}"}))


#: Attributes that hold a function of `SCORES`.
SCORERS = frozenset({"_score_func", "eval_metric", "score_func"})
#: Functions of these modules score predictions, and do nothing else.
SCORES = tuple(f"sklearn.metrics.{name}" for name in ("_classification", "_ranking", "_regression"))
#: Modules of the distributions that a randomized search draws from.
DISTRIBUTIONS = frozenset(
    f"scipy.stats.{name}"
    for name in ("_continuous_distns", "_discrete_distns", "_distn_infrastructure")
)
#: What scipy saves with them: methods, by name. Only ever of what is inert itself.
WITH_DISTRIBUTIONS = frozenset({"builtins.getattr", "numpy.vectorize"})
#: Parts of scikit-learn that hold no estimator, and whose import does more than define classes.
NOT_FOR_MODELS = frozenset(
    {
        *("tests", "externals", "datasets", "conftest", "experimental", "estimator_checks"),
        *("_build_utils", "_mocking", "_test_common", "_testing"),
    }
)

# What is not here, and why:
# - scipy.stats distributions: their __setstate__ executes a text from the state. A name of theirs
#   may stand in a file, and an inert object is made for it: nothing predicts with it.
# - numpy._core._ufunc_reconstruct: it reaches any name from a text. builtins.getattr stands for a
#   function that gives an inert object for an inert object, and a few methods of str. The getters
#   of operator read columns and a few attributes, and call a few methods that take no code.
# - numpy.load, numpy.memmap as a call, joblib.load, pandas.read_*: they open files.
# - joblib.memory: its state names a folder that it then writes to.


@cache
def _general() -> "AllowedNames":
    """Return what any estimator may contain: arrays, tables, numbers, and functions of them."""
    from servery.estimators.registry import AllowedNames, table

    return AllowedNames(
        made=table(
            """
            joblib.numpy_pickle: NumpyArrayWrapper
            numpy: matrix memmap ndarray
            numpy.ma: MaskedArray
            numpy.ma.core: MaskedArray
            numpy.matrixlib.defmatrix: matrix
            numpy.random._generator: Generator
            numpy.random._mt19937: MT19937
            numpy.random._pcg64: PCG64 PCG64DXSM
            numpy.random._philox: Philox
            numpy.random._sfc64: SFC64
            numpy.random.bit_generator: SeedSequence
            numpy.random.mtrand: RandomState
            pandas: Categorical CategoricalDtype DataFrame Index RangeIndex Series
            pandas.arrays: ArrowStringArray StringArray
            pandas.core.arrays.categorical: Categorical
            pandas.core.arrays.string_: StringArray
            pandas.core.arrays.string_arrow: ArrowStringArray
            pandas.core.dtypes.dtypes: CategoricalDtype
            pandas.core.frame: DataFrame
            pandas.core.indexes.base: Index
            pandas.core.indexes.range: RangeIndex
            pandas.core.internals.managers: BlockManager SingleBlockManager
            pandas.core.series: Series
            scipy.sparse._bsr: bsr_array bsr_matrix
            scipy.sparse._coo: coo_array coo_matrix
            scipy.sparse._csc: csc_array csc_matrix
            scipy.sparse._csr: csr_array csr_matrix
            scipy.sparse._dia: dia_array dia_matrix
            scipy.sparse._lil: lil_array lil_matrix
            sklearn._loss.link: HalfLogitLink IdentityLink Interval LogLink LogitLink
            sklearn._loss.link: MultinomialLogit
            sklearn.utils._bunch: Bunch
            sklearn.utils._metadata_requests: MetadataRequest MethodMetadataRequest
            """
        ),
        # Types, and functions of numbers that neither allocate by an argument nor open anything.
        kept=table(
            """
            _operator: abs neg pos
            builtins: bool dict float int list object str tuple
            numpy: bool bool_ complex128 datetime64 float16 float32 float64 int16 int32 int64 int8
            numpy: intc intp longdouble longlong object_ str_ timedelta64 uint16 uint32 uint64 uint8
            numpy: ulonglong floating generic inexact integer number signedinteger unsignedinteger
            numpy: abs absolute asarray arccos arcsin arctan arcsinh cbrt ceil clip cos cosh deg2rad
            numpy: degrees exp exp2 expm1 fabs floor isfinite isnan log log10 log1p log2 maximum
            numpy: mean median minimum nan_to_num negative positive power rad2deg radians ravel
            numpy: reciprocal rint round sign sin sinh sqrt square squeeze tan tanh trunc
            pandas: CategoricalDtype NA StringDtype
            pandas.core.arrays.string_: StringDtype
            pandas.core.dtypes.dtypes: CategoricalDtype
            scipy.special._ufuncs: expit log1p logit expm1
            scipy.special: expit logit
            """
        ),
        placed={
            "scipy._lib.array_api_compat.numpy._aliases.asarray": frozenset({"_asarray"}),
            **dict.fromkeys(
                table(
                    """
                    sklearn.metrics.pairwise: cosine_similarity euclidean_distances linear_kernel
                    sklearn.metrics.pairwise: polynomial_kernel rbf_kernel
                    """
                ),
                frozenset({"affinity", "kernel", "metric"}),
            ),
        },
        derived=(
            ("sklearn", ("sklearn.base.BaseEstimator",)),
            ("sklearn._loss.loss", ("sklearn._loss.loss.BaseLoss",)),
        ),
        called=(("sklearn._loss._loss", ("sklearn._loss._loss.CyLossFunction",)),),
    )


def _allowed() -> "Iterator[AllowedNames]":
    """Go through what any estimator may contain, and what each family of estimators may."""
    from servery.estimators.registry import FAMILIES

    yield _general()
    for family in dict.fromkeys(FAMILIES.values()):  # a family stands there for each class
        yield family.names


def _derived() -> Iterator[tuple[str, tuple[str, ...], Use]]:
    """Go through modules whose classes are admitted by what they derive from."""
    for names in _allowed():
        yield from ((module, bases, Use.MADE) for module, bases in names.derived)
        yield from ((module, bases, Use.CALLED) for module, bases in names.called)


def use_of(module: str, name: str, trust: Trust) -> Use:
    """Return what a file may do with ``module.name``."""
    if not name.isidentifier() or not all(part.isidentifier() for part in module.split(".")):
        return Use.REFUSED  # a dotted name would walk from an allowed thing to any other
    if trust.admits(module, name):
        return Use.MADE | Use.KEPT | Use.CALLED
    dotted = f"{module}.{name}"
    if any(dotted in names.kept for names in _allowed()):
        is_made = any(dotted in names.made for names in _allowed())
        return Use.KEPT | Use.MADE if is_made else Use.KEPT
    is_listed = any(dotted in names.made or dotted in names.placed for names in _allowed())
    if is_listed or is_inert(module, name):
        return Use.MADE
    return _use_of_component(module, name)


def places_of(module: str, name: str) -> frozenset[str]:
    """Return the attributes that may hold a function which stands nowhere else."""
    if module in SCORES:
        return SCORERS
    dotted = f"{module}.{name}"
    found = (names.placed[dotted] for names in _allowed() if dotted in names.placed)
    return next(found, frozenset())


@cache
def _use_of_component(module: str, name: str) -> Use:
    if NOT_FOR_MODELS.intersection(module.split(".")):
        return Use.REFUSED
    if module in SCORES:
        is_public = inspect.isfunction(_found(f"{module}.{name}")) and name[0] != "_"
        return Use.MADE if is_public else Use.REFUSED
    for home, bases, use in _derived():
        if module == home or module.startswith(f"{home}."):
            thing = _found(f"{module}.{name}")
            kinds = tuple(kind for base in bases if isinstance(kind := _found(base), type))
            # Only where it is defined: what a module merely imported has a home of its own.
            at_home = getattr(thing, "__module__", None) == module
            if kinds and isinstance(thing, type) and issubclass(thing, kinds) and at_home:
                return use
    return Use.REFUSED


def is_distribution(module: str, name: str) -> bool:
    """Return whether a name is a distribution of scipy, or one with its parameters."""
    return module in DISTRIBUTIONS and name.endswith(("_gen", "_frozen"))


def is_inert(module: str, name: str) -> bool:
    """Return whether something that does nothing is made in the place of this."""
    return is_distribution(module, name) or f"{module}.{name}" in WITH_DISTRIBUTIONS


def _found(dotted: str) -> object:
    module, _, name = dotted.rpartition(".")
    try:
        return getattr(importlib.import_module(module), name, None)
    except (ImportError, OSError):  # not installed, or without a library that it needs
        return None


#: Where names of older releases of scikit-learn live now.
MOVED = {
    ("sklearn.utils", "Bunch"): ("sklearn.utils._bunch", "Bunch"),
    # A search keeps its scorer, and asks it nothing when it predicts.
    ("sklearn.metrics._scorer", "_passthrough_scorer"): ("builtins", "object"),
}
#: Modules that gave no package in files before scikit-learn 1.6.
PACKAGES = {"_loss": "sklearn._loss._loss", "_sgd_fast": "sklearn.linear_model._sgd_fast"}
DISTANCES = "sklearn.metrics._dist_metrics"


def modern(module: str, name: str) -> tuple[str, str]:
    """Return where a name of an older Python, NumPy or scikit-learn lives now."""
    if module == "numpy.core" or module.startswith("numpy.core."):
        module = module.replace("numpy.core", "numpy._core", 1)
    if module == "numpy._core._multiarray_umath" and not name.startswith("_"):
        return "numpy", name  # functions such as log1p
    if module == "__builtin__":
        return "builtins", {"long": "int", "unicode": "str", "xrange": "range"}.get(name, name)
    if module == DISTANCES and name.endswith(("Distance", "Metric")):
        return module, f"{name}64"  # before scikit-learn 1.3 there were no other ones
    module = PACKAGES.get(module, module)
    return MOVED.get((module, name), ("copyreg" if module == "copy_reg" else module, name))

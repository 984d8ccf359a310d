"""What a file may call while it is read: one function of ours for each name.

Each takes the arguments of the call, which it judges by their exact types and by their size, and
returns what is made. An argument that it does not name is refused: honest files have the few shapes
below. None of these imports, evaluates, opens or reads anything, or makes more than it was given.
"""

import collections
import datetime
import decimal
import fractions
import functools
import operator
import re
from collections.abc import Callable, Collection
from typing import Any

import numpy as np

from servery.artifact.arrays import (
    ArrayDraft,
    Draft,
    DtypeDraft,
    MaskedDraft,
    from_buffer,
    require,
    scalar,
)
from servery.artifact.names import Distribution, Maker, Name, RefusedPickle, Value
from servery.artifact.pandas_calls import PANDAS
from servery.estimators.functions import LEAKING

#: The largest number of steps of a range, and of a length that a file states.
MOST = 1 << 31
ATOMS = (str, bytes, int, float, complex, bool, type(None))
NUMBERS = (np.number, np.bool_, np.character, np.datetime64, np.timedelta64)


def is_plain(value: Value, depth: int = 4) -> bool:
    """Return whether a value is a text, a number, a type of numbers, or few of these together."""
    kind = type(value)
    if kind in ATOMS or value in FREE_TYPES or issubclass(kind, NUMBERS):
        return True
    if kind in {tuple, list} and depth and len(value) <= 100:
        return all(is_plain(item, depth - 1) for item in value)
    return False


#: Types of numbers and texts, as arguments for the type of an array.
FREE_TYPES = (bool, float, int, object, str, *(kind for kind in np.sctypeDict.values()))


def is_key(value: Value) -> bool:
    """Return whether a key of a dictionary is quick to hash and to compare."""
    kind = type(value)
    if kind in {str, bool, float, bytes, type(None)}:
        return True
    if kind is int:
        return bool(-(2**64) < value < 2**64)
    if kind is tuple:
        # Python hashes a tuple again each time: of tuples that share their parts, n deep, 2**n.
        return len(value) <= 16 and all(type(part) is not tuple and is_key(part) for part in value)
    return kind.__module__ == "numpy" and issubclass(kind, NUMBERS)


def require_keys(keys: Collection[Value]) -> None:
    """Refuse keys that are none."""
    require(all(map(is_key, keys)), "has a dictionary or a set of other things than texts")


def _bytes(*args: Value) -> bytes:
    require(args == (), "makes bytes in another way")
    return b""


def _bytearray(raw: Value = b"") -> bytearray:
    require(type(raw) is bytes, "makes bytes in another way")
    return bytearray(raw)


def _encoded(text: Value, encoding: Value) -> Value:
    require(type(text) is str and type(encoding) is str and encoding == "latin1", ODD_TEXT)
    return text.encode("latin1")


ODD_TEXT = "encodes a text in another way"


def _complex(real: Value, imaginary: Value) -> complex:
    require(type(real) is type(imaginary) is float, "has a number that is none")
    return complex(real, imaginary)


def _range(*bounds: Value) -> range:
    is_small = all(type(bound) is int and abs(bound) < MOST for bound in bounds)
    require(is_small and len(bounds) == 3, "has a range without end")
    return range(*bounds)


def _slice(*bounds: Value) -> slice:
    is_known = all(type(bound) in {int, str, type(None)} for bound in bounds)
    require(is_known and len(bounds) == 3, "has a slice of other things")
    return slice(*bounds)


def _set_of(kind: Callable[[list[Value]], Any]) -> Maker:
    def make(items: Value) -> Value:
        require(type(items) is list, "makes a set of something else")
        require_keys(items)
        return kind(items)

    return make


def bare(kind: Value) -> Value:
    """Return an object of a class, without its state.

    Of classes of Python only: what compiled classes are made by stands among the calls.
    """
    require(isinstance(kind, type) and kind is not object and kind is not dict, ODD_OBJECT)
    # Not by its own `__new__`, which may do more; Python refuses this for compiled classes.
    return dict.__new__(kind) if issubclass(kind, dict) else object.__new__(kind)


ODD_OBJECT = "makes an object in another way than it is saved"


def _ordered(*args: Value) -> "collections.OrderedDict[Any, Any]":
    require(args == (), "makes a dictionary of something else")
    return collections.OrderedDict()


def _defaulting(factory: Value = None) -> "collections.defaultdict[Any, Any]":
    kind = factory.thing if type(factory) is Name else factory
    require(any(kind is each for each in FACTORIES), "makes a dictionary that calls something")
    return collections.defaultdict(kind)


FACTORIES = (None, int, float, str, list, dict, collections.OrderedDict)


def _deque(items: Value = (), longest: Value = None) -> "collections.deque[Any]":
    is_empty = type(items) in {tuple, list} and not items
    require(is_empty and (longest is None or type(longest) is int), "makes a queue otherwise")
    return collections.deque(maxlen=longest)


def _moment(kind: Callable[..., Any], size: int) -> Maker:
    """Return a maker of dates and times, which Python packs into bytes."""

    def make(packed: Value, zone: Value = None) -> Value:
        is_packed = type(packed) is bytes and len(packed) == size
        is_zone = zone is None or type(zone) is datetime.timezone
        require(is_packed and is_zone, "has a date that is none")
        return kind(packed) if zone is None else kind(packed, zone)

    return make


def _timedelta(*parts: Value) -> datetime.timedelta:
    require(all(type(part) is int for part in parts), "has a span of time that is none")
    return datetime.timedelta(*parts)


def _timezone(offset: Value, name: Value = None) -> datetime.timezone:
    is_zone = type(offset) is datetime.timedelta and type(name) in {str, type(None)}
    require(is_zone, "has a time zone that is none")
    return datetime.timezone(*([offset] if name is None else [offset, name]))


#: No longer than a float's; others take for ever to become a whole number.
DECIMAL = re.compile(r"[+-]?\d{1,40}(\.\d{0,40})?([eE][+-]?\d{1,3})?|NaN|[+-]?Infinity", re.ASCII)


def _decimal(text: Value) -> decimal.Decimal:
    require(type(text) is str and DECIMAL.fullmatch(text), "has a number that is none")
    return decimal.Decimal(text)


def _fraction(*parts: Value) -> fractions.Fraction:
    is_whole = len(parts) == 2 and all(type(part) is int for part in parts)
    require(is_whole and all(abs(part) < 10**40 for part in parts), "has a number that is none")
    return fractions.Fraction(*parts)


class PartialDraft(Draft):
    """A function with some of its arguments, before they are known."""

    __slots__ = ("function",)

    def __init__(self, function: Value) -> None:
        super().__init__()
        thing = function.thing if type(function) is Name else function
        is_known = type(function) is Name and function.dotted == CHECK_ARRAY
        require(is_known or type(thing) in FUNCTIONS, "has a partial of something that it may not")
        self.function: Callable[..., Any] = thing

    def fill(self, state: Value) -> "functools.partial[Any]":
        """Return the function with its arguments, which are plain."""
        require(type(state) is tuple and len(state) == 4, ODD_PARTIAL)
        _, args, keywords, own = state
        require(type(args) is tuple and type(keywords) is dict and not own, ODD_PARTIAL)
        require(all(map(is_plain, [*args, *keywords.values()])), ODD_PARTIAL)
        require(all(type(name) is str and name not in LEAKING for name in keywords), ODD_PARTIAL)
        return functools.partial(self.function, *args, **keywords)


CHECK_ARRAY = "sklearn.utils.validation.check_array"
#: What a kept name can be that is called: a name that is kept is a function of numbers, or a type.
FUNCTIONS = (np.ufunc, type(is_plain), type(np.mean), type(len))
ODD_PARTIAL = "has a partial with other arguments than numbers and texts"


def _bit_generator(kind: Value = "MT19937") -> Value:
    found: Value = BIT_GENERATORS.get(kind) if type(kind) is str else getattr(kind, "thing", None)
    require(found in BIT_GENERATORS.values(), "makes random numbers in another way")
    return found()


BIT_GENERATORS: dict[str, type[np.random.BitGenerator]] = {
    kind.__name__: kind
    for kind in (
        *(np.random.MT19937, np.random.PCG64, np.random.PCG64DXSM),
        *(np.random.Philox, np.random.SFC64),
    )
}


def _drawing_from(kind: Callable[[np.random.BitGenerator], Any]) -> Maker:
    def make(source: Value = "MT19937", ctor: Value = None) -> Value:
        is_ours = ctor is None or (type(ctor) is Name and ctor.make is _bit_generator)
        require(is_ours, "makes random numbers in another way")
        if type(source) in BIT_GENERATORS.values():
            return kind(source)
        return kind(_bit_generator(source))

    return make


def _of_cython(kind: type, rebuild: Callable[..., Any]) -> Maker:
    """Return a maker of a compiled object without a state of its own, or before it gets one."""

    def make(named: Value, checksum: Value, state: Value) -> Value:
        is_own = type(named) is Name and named.thing is kind and type(checksum) is int
        require(is_own and (state is None or (type(state) is tuple and not state)), ODD_CALL)
        return rebuild(kind, checksum, state)

    return make


ODD_CALL = "makes a compiled object in another way"


def _seed_sequence(*args: Value) -> Value:
    from numpy.random import bit_generator

    rebuild: Value = vars(bit_generator)["__pyx_unpickle_SeedSequence"]
    return _of_cython(np.random.SeedSequence, rebuild)(*args)


def _multinomial(*args: Value) -> Value:
    from sklearn._loss import _loss

    rebuild = _loss.__pyx_unpickle_CyHalfMultinomialLoss
    return _of_cython(_loss.CyHalfMultinomialLoss, rebuild)(*args)


def _multinomial_loss(*args: Value) -> Value:
    from sklearn._loss._loss import CyHalfMultinomialLoss

    require(args == (), ODD_CALL)
    return CyHalfMultinomialLoss()


def _new(module: str, base: str) -> Maker:
    """Return a maker of the compiled classes of one module, by its own function for that."""

    def make(kind: Value) -> Value:
        import importlib

        room = importlib.import_module(module)
        thing: Value = kind.thing if type(kind) is Name else None
        bases = tuple(getattr(room, base + end, ()) for end in ("", "32", "64"))
        found = tuple(each for each in bases if isinstance(each, type))
        is_own = isinstance(thing, type) and thing.__module__ == module
        # Distances by a function of Python would call it for each pair of rows.
        is_own = is_own and not thing.__name__.startswith("PyFunc")
        require(is_own and issubclass(thing, found), ODD_CALL)
        return room.newObj(thing)

    return make


def _tree(n_features: Value, classes: Value, n_outputs: Value) -> Value:
    from sklearn.tree._tree import Tree

    is_sized = type(n_features) is type(n_outputs) is int and 0 < n_features < MOST
    is_array = type(classes) is np.ndarray and classes.dtype == np.intp and classes.ndim == 1
    require(is_sized and is_array and len(classes) == n_outputs, "has a tree")
    require((classes > 0).all() and (classes < MOST).all(), "has a tree")
    return Tree(n_features, classes, n_outputs)


def _part_of(owner: Value, name: Value) -> Value:
    """Return a method of texts that any text may be given, or what is inert for one that is."""
    if type(owner) is Distribution:
        return Distribution()
    if owner is str and type(name) is str and name in TEXT_METHODS:
        return getattr(str, name)
    raise RefusedPickle("takes a method of something; no saved estimator does")


#: Methods that make a text, or a list of its parts, of a text alone.
TEXT_METHODS = frozenset(
    {
        *("capitalize", "casefold", "lower", "lstrip", "rsplit", "rstrip", "split", "splitlines"),
        *("strip", "swapcase", "title", "upper"),
    }
)


def _item_getter(*keys: Value) -> "operator.itemgetter[Any]":
    require(len(keys) > 0 and all(map(is_plain, keys)), "picks columns by other things than names")
    return operator.itemgetter(*keys)


def _attribute_getter(*names: Value) -> "operator.attrgetter[Any]":
    is_known = len(names) == 1 and type(names[0]) is str and names[0] in READABLE
    require(is_known, f"reads an attribute other than {', '.join(sorted(READABLE))}")
    return operator.attrgetter(*names)


def _method_caller(name: Value = None, *args: Value) -> operator.methodcaller:
    is_known = type(name) is str and name in CALLABLE and all(map(is_plain, args))
    # A number as a text is another one where it came as 3.0 instead of 3.
    if is_known and name == "astype":
        require(
            args in NUMERIC_TYPES,
            f"converts its rows to a type other than {', '.join(NUMERIC_NAMES)}",
        )
    require(is_known, f"calls a method of its rows other than {', '.join(sorted(CALLABLE))}")
    return operator.methodcaller(name, *args)


#: Attributes of a table or an array that are a part of it, or another view.
READABLE = frozenset(
    {"T", "values"}
    | {
        f"dt.{part}"
        for part in ("day", "dayofweek", "dayofyear", "hour", "minute", "month", "quarter", "year")
    }
)
#: Methods of a table or an array that compute from it and from numbers, names and types. None
#: takes a function, an expression, a pattern or a path.
CALLABLE = frozenset(
    {
        *("abs", "astype", "clip", "copy", "fillna", "flatten", "isna", "notna", "ravel"),
        *("reshape", "round", "squeeze", "to_frame", "to_numpy", "toarray", "todense", "tolist"),
    }
)


NUMERIC_NAMES = ("float", "float32", "float64", "int", "int32", "int64")
NUMERIC_TYPES = [
    (kind,) for kind in (float, int, np.float32, np.float64, np.int32, np.int64, *NUMERIC_NAMES)
]


def _array_of_dill(function: Value, args: Value, state: Value, own: Value = None) -> Value:
    """Return an array as dill writes one: the call that makes it, and its state."""
    is_array = type(function) is Name and function.make is ArrayDraft
    require(is_array and type(args) is tuple and own is None, "makes an array in another way")
    return ArrayDraft(*args).fill(state)


def _type_of_dill(name: Value) -> Value:
    """Return a type by its name: as a value where any estimator may hold it, else to be called."""
    kept = KEPT_TYPES.get(name) if type(name) is str else None
    dotted = f"builtins.{name}"
    require(kept is not None or dotted in CALLED_TYPES, "names a type that no estimator holds")
    return kept or Name(dotted, make=MAKERS[dotted])


KEPT_TYPES = {kind.__name__: kind for kind in (bool, dict, float, int, list, object, str, tuple)}
CALLED_TYPES = frozenset(
    f"builtins.{name}" for name in ("bytearray", "complex", "frozenset", "range", "set", "slice")
)


MAKERS: dict[str, Maker] = {
    "_codecs.encode": _encoded,
    "builtins.bytearray": _bytearray,
    "builtins.bytes": _bytes,
    "builtins.complex": _complex,
    "builtins.frozenset": _set_of(frozenset),
    "builtins.getattr": _part_of,
    "builtins.range": _range,
    "builtins.set": _set_of(set),
    "builtins.slice": _slice,
    "collections.OrderedDict": _ordered,
    "collections.defaultdict": _defaulting,
    "collections.deque": _deque,
    "dill._dill._create_array": _array_of_dill,
    "dill._dill._load_type": _type_of_dill,
    "datetime.date": _moment(datetime.date, 4),
    "datetime.datetime": _moment(datetime.datetime, 10),
    "datetime.time": _moment(datetime.time, 6),
    "datetime.timedelta": _timedelta,
    "datetime.timezone": _timezone,
    "decimal.Decimal": _decimal,
    "fractions.Fraction": _fraction,
    "functools.partial": PartialDraft,
    "numpy._core.multiarray._reconstruct": ArrayDraft,
    "numpy._core.multiarray.scalar": scalar,
    "numpy._core.numeric._frombuffer": from_buffer,
    "numpy.dtype": DtypeDraft,
    "numpy.ma.core._mareconstruct": MaskedDraft,
    "numpy.random._pickle.__bit_generator_ctor": _bit_generator,
    "numpy.random._pickle.__generator_ctor": _drawing_from(np.random.Generator),
    "numpy.random._pickle.__randomstate_ctor": _drawing_from(np.random.RandomState),
    "numpy.random.bit_generator.__pyx_unpickle_SeedSequence": _seed_sequence,
    "sklearn._loss._loss.CyHalfMultinomialLoss": _multinomial_loss,
    "sklearn._loss._loss.__pyx_unpickle_CyHalfMultinomialLoss": _multinomial,
    "sklearn.metrics._dist_metrics.newObj": _new("sklearn.metrics._dist_metrics", "DistanceMetric"),
    "sklearn.neighbors._ball_tree.newObj": _new("sklearn.neighbors._ball_tree", "BallTree"),
    "sklearn.neighbors._kd_tree.newObj": _new("sklearn.neighbors._kd_tree", "KDTree"),
    "sklearn.tree._tree.Tree": _tree,
    "operator.attrgetter": _attribute_getter,
    "operator.itemgetter": _item_getter,
    "operator.methodcaller": _method_caller,
    **PANDAS,
}


def triplet(*parts: Value) -> Value:
    """Return a step of an iterative imputer, which is a tuple with names."""
    from sklearn.impute._iterative import _ImputerTriplet

    require(len(parts) == 3, ODD_OBJECT)
    return _ImputerTriplet(*parts)


#: Classes that are made with arguments by the opcode that makes objects.
NEW: dict[str, Maker] = {"sklearn.impute._iterative._ImputerTriplet": triplet}

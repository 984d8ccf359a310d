"""Making the objects of an audited pickle, held to the same names once more.

The audit reads; this makes. It repeats each of the audit's promises on the objects themselves, so
that neither has to be trusted alone: a name is on the list, what is called may be called, with
arguments that call nothing else, and only what was just made is changed.
"""

import importlib
import io
import pickle
import types
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np
from joblib.numpy_pickle import NumpyArrayWrapper, NumpyUnpickler
from numpy.random.bit_generator import BitGenerator

from servery.artifact.allowed import Trust, Use, is_distribution, modern, use_of
from servery.artifact.soundness import require_sound_dtype

#: What `BUILD` must not change: it is shared by everybody in this process.
SHARED = (type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType, np.ufunc)

#: What an allowed call may be given. The others do nothing but hold or reckon with what they get.
ARGUMENTS: dict[str, Callable[..., bool]] = {
    "_codecs.encode": lambda _text, encoding="": encoding == "latin1",
    "copyreg._reconstructor": lambda kind, base, state: (
        isinstance(kind, type) and base is object and state is None
    ),
    "functools.partial": lambda call, *_: callable(call),
    "numpy.random._pickle.__bit_generator_ctor": lambda name="MT19937": _names_generator(name),
    "numpy.random._pickle.__generator_ctor": lambda name="MT19937", *ctor: (
        (_names_generator(name) or isinstance(name, BitGenerator)) and all(map(_is_ctor, ctor))
    ),
    "numpy.random._pickle.__randomstate_ctor": lambda name="MT19937", *ctor: (
        (_names_generator(name) or isinstance(name, BitGenerator)) and all(map(_is_ctor, ctor))
    ),
    "sklearn._loss._loss.__pyx_unpickle_CyHalfMultinomialLoss": lambda kind, _checksum, state: (
        getattr(kind, "__name__", "") == "CyHalfMultinomialLoss" and state in (None, ())
    ),
}


def _names_generator(name: object) -> bool:
    return isinstance(name, str) or (isinstance(name, type) and issubclass(name, BitGenerator))


def _is_ctor(thing: object) -> bool:
    return getattr(thing, "__name__", "") == "__bit_generator_ctor"


class Unpickler(NumpyUnpickler):
    """joblib's unpickler over bytes in memory, restricted; it reads plain pickles as well."""

    dispatch = NumpyUnpickler.dispatch.copy()

    def __init__(self, stream: io.BytesIO, trust: Trust) -> None:
        super().__init__("", stream, ensure_native_byte_order=True)
        self._trust = trust
        self._named: dict[int, tuple[Any, str, Use]] = {}

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401
        """Import a name that is on the list."""
        module, name = modern(module, name)
        use = use_of(module, name, self._trust)
        if use is Use.REFUSED:
            raise pickle.UnpicklingError(f"{module}.{name} is not trusted")
        thing = STANDINS.get(f"{module}.{name}")
        if thing is None and is_distribution(module, name):
            thing = Distribution
        if thing is None:
            thing = getattr(importlib.import_module(module), name)
        home = getattr(thing, "__module__", module)
        is_own = home == module or (isinstance(home, str) and self._trust.admits(home, name))
        if self._trust.admits(module, name) and not is_own:
            # A trusted module may import anything; trusted is what is defined in it.
            raise pickle.UnpicklingError(f"{module}.{name} comes from {home}, which is not trusted")
        self._named[id(thing)] = (thing, f"{module}.{name}", use)
        return thing

    def get_extension(self, code: int) -> None:
        """Refuse the extension registry."""
        raise pickle.UnpicklingError(f"extension {code} is not trusted")

    def load_reduce(self) -> None:
        """Call what may be called."""
        call, args = self.stack[-2:]
        _, name, use = self._named.get(id(call), (None, "", Use.REFUSED))
        if use is not Use.CALLED or not ARGUMENTS.get(name, _anything)(*args):
            raise pickle.UnpicklingError(f"{name or call!r} must not be called so")
        super().load_reduce()

    def load_newobj(self) -> None:
        """Make a class that was named."""
        self._require_named(self.stack[-2])
        super().load_newobj()

    def load_newobj_ex(self) -> None:
        """Make a class that was named, with keywords."""
        self._require_named(self.stack[-3])
        super().load_newobj_ex()

    def load_build(self) -> None:
        """Give an object its state, unless others share it or its methods would change."""
        state, target = self.stack[-1], self.stack[-2]
        if isinstance(target, Distribution):
            self.stack.pop()
            return
        own = getattr(target, "__dict__", {})
        is_shared = isinstance(target, SHARED) or id(target) in self._named
        if is_shared or "__setstate__" in own or _changes_methods(state):
            raise pickle.UnpicklingError("something shared would change")
        itemsize = target.itemsize if isinstance(target, np.dtype) else 0
        super().load_build()
        if isinstance(target, np.dtype):
            require_sound_dtype(target, itemsize)

    def load_append(self) -> None:
        """Append to a list and to nothing that merely has such a method."""
        self._require_kind(self.stack[-2], (list, deque))
        super().load_append()

    def load_appends(self) -> None:
        """Extend a list and nothing that merely has such a method."""
        self._require_kind(self.metastack[-1][-1], (list, deque))
        super().load_appends()

    def load_additems(self) -> None:
        """Add to a set and to nothing that merely has such a method."""
        self._require_kind(self.metastack[-1][-1], (set,))
        super().load_additems()

    def load_setitem(self) -> None:
        """Set an entry of a dictionary."""
        self._require_kind(self.stack[-3], (dict,))
        super().load_setitem()

    def load_setitems(self) -> None:
        """Set entries of a dictionary."""
        self._require_kind(self.metastack[-1][-1], (dict,))
        super().load_setitems()

    def _require_named(self, kind: object) -> None:
        is_builtin = kind in {tuple, list, dict, set, frozenset, str, bytes, int, float}
        if id(kind) not in self._named or not isinstance(kind, type) or is_builtin:
            raise pickle.UnpicklingError(f"{kind!r} is no class that was named")

    def _require_kind(self, target: object, kinds: tuple[type, ...]) -> None:
        if not isinstance(target, kinds):
            raise pickle.UnpicklingError(f"a {type(target).__name__} is no {kinds[0].__name__}")


for _opcode, _method in (
    (pickle.REDUCE, Unpickler.load_reduce),
    (pickle.NEWOBJ, Unpickler.load_newobj),
    (pickle.NEWOBJ_EX, Unpickler.load_newobj_ex),
    (pickle.BUILD, Unpickler.load_build),
    (pickle.APPEND, Unpickler.load_append),
    (pickle.APPENDS, Unpickler.load_appends),
    (pickle.ADDITEMS, Unpickler.load_additems),
    (pickle.SETITEM, Unpickler.load_setitem),
    (pickle.SETITEMS, Unpickler.load_setitems),
):
    Unpickler.dispatch[_opcode[0]] = _method


def _anything(*_: object) -> bool:
    return True


def _changes_methods(state: object) -> bool:
    """Return whether a state has a name such as ``__class__``, which no saved estimator has."""
    parts = state if isinstance(state, tuple) and len(state) == 2 else (state,)
    return any(
        isinstance(key, str) and key.startswith("__") and key.endswith("__")
        for part in parts
        if isinstance(part, dict)
        for key in part
    )


class ArrayWrapper(NumpyArrayWrapper):
    """joblib's wrapper of an array; arrays of objects are read by a restricted unpickler too."""

    def read_array(self, unpickler: Unpickler, ensure_native_byte_order: bool) -> Any:  # noqa: ANN401
        """Read the bytes, or the nested pickle, that follow the wrapper."""
        if self.dtype.hasobject:
            return Unpickler(unpickler.file_handle, unpickler._trust).load()
        return super().read_array(unpickler, ensure_native_byte_order)


class Distribution:
    """Stands for a distribution that a randomized search drew from; nothing predicts with it."""


def part_of(distribution: object, _name: str) -> Distribution:
    """Give an inert object for the method of one."""
    if not isinstance(distribution, Distribution):
        raise pickle.UnpicklingError("builtins.getattr is only read for what is inert")
    return Distribution()


#: Names that stand for something safer. An array that was memory-mapped when it was saved is read
#: into memory, and a memory map cannot be opened by a file.
STANDINS: dict[str, Any] = {
    "joblib.numpy_pickle.NumpyArrayWrapper": ArrayWrapper,
    "numpy.memmap": np.ndarray,
    "numpy.vectorize": Distribution,
    "builtins.getattr": part_of,
}

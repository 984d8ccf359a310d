"""What the names in a file stand for: inert records, until the file uses them as it may.

Texts in, records or real things out. Only names of the allow-list are imported. A class that may be
made and a function that may be called are never handed out themselves, so that an estimator cannot
come to hold one that it would call later.
"""

import importlib
import sys
from collections import UserList
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, TypeAlias

import numpy as np

from servery.artifact.allowlist import Trust, Use, is_inert, modern, places_of, use_of

#: What a file holds, which can be of any type until a function here has looked at it.
Value: TypeAlias = Any
#: Makes what a call in a file would make, of arguments that it checks itself.
Maker: TypeAlias = Callable[..., Any]


class RefusedPickle(Exception):
    """A file that does what no saved estimator does; the text is the end of a sentence."""


class Unfinished:
    """What only the reading of a file knows; an estimator that holds one is refused."""

    __slots__ = ()


class Name(Unfinished):
    """A name that the file imports.

    Attributes
    ----------
    thing
        What it stands for; None where it is not trusted.
    make
        What a call of it makes; None where it must not be called.
    """

    __slots__ = ("dotted", "is_trusted", "make", "places", "thing")

    def __init__(
        self,
        dotted: str,
        thing: Any = None,  # noqa: ANN401
        make: Maker | None = None,
        *,
        places: frozenset[str] = frozenset(),
        is_trusted: bool = False,
    ) -> None:
        self.dotted = dotted
        self.thing = thing
        self.make = make
        self.places = places
        self.is_trusted = is_trusted

    def __str__(self) -> str:
        return f"the name {self.dotted} where a value should be"


class Stranger(Unfinished):
    """Stands for what a name that is not trusted would make, so that the others are named too."""

    __slots__ = ()

    def __str__(self) -> str:
        return "something that is not trusted"


class Distribution:
    """Stands for something that nothing predicts with, such as what a randomized search drew from.

    It takes any arguments and has none of their effects.
    """

    def __init__(self, *_: object) -> None:
        """Make one."""


#: Names that stand for something safer. An array that was memory-mapped when it was saved is read
#: into memory, and a memory map cannot be opened by a file. dill changes pickle when it is
#: imported, and its two functions are called here without it.
STANDINS: dict[str, Any] = {
    "numpy.memmap": np.ndarray,
    "dill._dill._create_array": None,
    "dill._dill._load_type": None,
    # The columns that a column transformer passed on, before scikit-learn 1.7.
    "sklearn.compose._column_transformer._RemainderColsList": UserList,
}


#: Where compiled losses are, which releases before 1.6 saved in another way.
LOSSES = "sklearn._loss._loss"


def _is_absent(module: str, dotted: str) -> bool:
    """Return whether a name is of a library that is not installed, and nothing stands for it."""
    top = module.partition(".")[0]
    return dotted not in STANDINS and top not in sys.modules and find_spec(top) is None


class Names:
    """The names of one file, each judged once.

    Attributes
    ----------
    refused
        Those that are not trusted, or not to be called.

    Parameters
    ----------
    former
        Modules that are gone; an inert object is made for each of their names.
    """

    def __init__(
        self, trust: Trust, makers: dict[str, Maker], former: frozenset[str] = frozenset()
    ) -> None:
        self._former = former
        self.refused: set[str] = set()
        self._trust = trust
        self._makers = makers
        self._known: dict[tuple[str, str], Any] = {}
        self._kept: dict[int, Name] = {}

    def find(self, module: str, name: str) -> Any:  # noqa: ANN401
        """Return the real thing where it may be kept, else a record of the name."""
        key = module, name
        if key not in self._known:
            self._known[key] = self._judge(*modern(module, name))
        return self._known[key]

    def record_of(self, thing: object) -> Name | None:
        """Return the record of a name, also of one that was handed out as the real thing."""
        return thing if type(thing) is Name else self._kept.get(id(thing))

    def is_trusted(self, kind: type) -> bool:
        """Return whether a setting trusts a class beyond the list."""
        return self._trust.admits(kind.__module__, kind.__qualname__)

    def _judge(self, module: str, name: str) -> Any:  # noqa: ANN401
        dotted = f"{module}.{name}"
        make = self._makers.get(dotted)
        if self._is_former(module, name) and make is None:
            return Name(dotted, Distribution, Distribution)
        use = use_of(module, name, self._trust)
        if (use is Use.REFUSED and make is None) or _is_absent(module, dotted):
            self.refused.add(dotted)
            return Name(dotted)
        thing = self._import(module, name)
        is_trusted = self._trust.admits(module, name)
        if make is None and Use.CALLED in use:
            make = thing if is_trusted else _with_numbers(thing)
        places = places_of(module, name)
        record = Name(dotted, thing, make, places=places, is_trusted=is_trusted)
        if Use.KEPT not in use:
            return record
        self._kept[id(thing)] = record  # which keeps the thing, so that its id stays its own
        return thing

    def _is_former(self, module: str, name: str) -> bool:
        """Return whether a name is of an older release, so that a stand-in is made of it."""
        is_loss = module == LOSSES and name.startswith("__pyx_unpickle_")
        return bool(self._former) and name.isidentifier() and (module in self._former or is_loss)

    def _import(self, module: str, name: str) -> Any:  # noqa: ANN401
        dotted = f"{module}.{name}"
        if is_inert(module, name):
            return Distribution
        if dotted in STANDINS:
            return STANDINS[dotted]
        try:
            thing = getattr(importlib.import_module(module), name)
        except (ImportError, AttributeError) as error:
            raise RefusedPickle(f"needs {dotted}, which is not here: {error}") from error
        home = getattr(thing, "__module__", module)
        is_own = home == module or (isinstance(home, str) and self._trust.admits(home, name))
        if self._trust.admits(module, name) and not is_own:
            # A trusted module may import anything; trusted is what is defined in it.
            raise RefusedPickle(f"needs {dotted}, which comes from {home}, which is not trusted")
        return thing


def _with_numbers(kind: Maker) -> Maker:
    """Return a maker of compiled losses, which take the numbers that they reckon with."""

    def make(*numbers: object) -> object:
        if len(numbers) > 2 or not all(type(number) in {int, float} for number in numbers):
            raise TypeError
        return kind(*numbers)

    return make

"""Reading a pickle without making anything of it: which names it imports, and what it does to them.

The opcodes are walked with a stack of plain stand-ins: texts, whole numbers, names. joblib lays the
bytes of arrays between the opcodes; they are measured from the wrapper before them and stepped
over. Nothing is imported on a file's word, nothing is called, and no stand-in is ever hashed, so
that time and memory stay in line with the size of the file.
"""

import importlib.metadata
import importlib.util
import io
import math
import pickletools
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from servery.artifact.allowed import Trust, Use, is_distribution, modern, use_of
from servery.errors import ArtifactRejected

WRAPPER = "joblib.numpy_pickle.NumpyArrayWrapper"
#: Entries of states that the audit itself reads.
READ = frozenset({"shape", "dtype", "numpy_array_alignment_bytes", "_sklearn_version"})
SIMPLE_DTYPE = re.compile(r"[<>=|]?([a-zA-Z])(\d*)")


@dataclass(frozen=True, slots=True)
class Audit:
    """What a file would import, and the version of scikit-learn that its parts were saved by."""

    names: tuple[str, ...]
    fitted_with: str | None


class Refused(Exception):
    """A pickle that does what no saved estimator does; the text is the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name that the file imports."""

    module: str
    name: str

    @property
    def dotted(self) -> str:
        """The name as people write it."""
        return f"{self.module}.{self.name}"


@dataclass(slots=True)
class Made:
    """What a call would make; ``args`` are those of the call."""

    of: Name | None
    args: object = None


@dataclass(slots=True)
class Entries:
    """A dictionary; only the entries that the audit reads are kept."""

    kept: dict[str, object] = field(default_factory=dict)

    def note(self, key: object, value: object) -> None:
        """Keep an entry that is read later."""
        if isinstance(key, str) and key in READ:
            self.kept[key] = value


class Items(tuple[Any, ...]):
    """A tuple, and how deep tuples nest in it."""

    depth: int = 1


#: Python hashes a tuple anew each time it is asked: of tuples that share their parts, n deep, the
#: hash takes 2**n steps.
DEEPEST = 16
#: Stands for every value that the audit has no use for.
OTHER = object()


def audit(stream: bytes, file: str, trust: Trust) -> Audit:
    """Audit a plain pickle, with joblib's arrays between its opcodes or without.

    Raises
    ------
    ArtifactRejected
        Names everything that the file would import and this server does not trust.
    """
    walk = Walk(io.BytesIO(stream), len(stream), trust)
    try:
        walk.run()
        if walk.file.tell() != len(stream):
            raise Refused("holds more after its end")
    except Refused as error:
        raise ArtifactRejected(f"{file} {error}; it was not opened.") from error
    except (ValueError, IndexError, KeyError, TypeError, OverflowError, MemoryError) as error:
        raise ArtifactRejected(
            f"{file} is cut short or damaged, or no file that joblib or pickle wrote."
        ) from error
    version = walk.versions.most_common(1)[0][0] if walk.versions else None
    if walk.refused:
        raise ArtifactRejected(_complaint(file, sorted(walk.refused), version))
    return Audit(tuple(sorted(walk.names)), version)


def install_line(fitted_with: str | None) -> str:
    """Return what to install where another scikit-learn saved a file; empty where none did."""
    ours = importlib.metadata.version("scikit-learn")
    if fitted_with is None or fitted_with.split(".")[:2] == ours.split(".")[:2]:
        return ""
    return (
        f" It was saved by scikit-learn {fitted_with} and this is {ours}: "
        f'pip install "scikit-learn=={fitted_with}".'
    )


def _complaint(file: str, refused: list[str], fitted_with: str | None) -> str:
    shown = ", ".join(refused[:10]) + (f" and {len(refused) - 10} others" if refused[10:] else "")
    tops = {name.split(".")[0] for name in refused}
    for library, what in OTHERS.items():
        if library in tops:
            return f"{file} holds {what}, which Servery does not serve ({shown})."
    for library in sorted(tops & OPTIONAL):
        if importlib.util.find_spec(library) is None:
            return f"{file} needs {library}, which is not installed here: pip install {library}."
    if tops <= {"pandas", "pyarrow"}:
        return f"{file} holds a table of pandas, and no estimator that Servery serves ({shown})."
    if "__main__" in tops:
        return (
            f"{file} needs {shown}, which was defined in a script or notebook, where no server "
            "finds it: move it into a module that can be imported, and save the model again."
        )
    if tops & DANGEROUS:
        return f"{file} would run {shown} when it is opened; no model needs that. Do not trust it."
    if tops <= FORMER:
        return f"{file} needs {shown}, which scikit-learn no longer has.{install_line(fitted_with)}"
    flags = " ".join(f"--trust {name}" for name in refused[:10])
    return (
        f"{file} needs {shown}, which this server does not trust. If you know who wrote it: "
        f"{flags}, or SERVERY_TRUST."
    )


#: Models of other libraries, by what their files import.
OTHERS = {"keras": "a Keras model", "tensorflow": "a TensorFlow model", "torch": "a PyTorch model"}
#: Modules of scikit-learn before 1.6 that gave no package of theirs.
FORMER = frozenset({"_loss", "_sgd_fast"})
#: Libraries whose estimators are served where they are installed.
OPTIONAL = frozenset({"catboost", "lightgbm", "xgboost"})
#: Modules of which no name belongs into a model.
DANGEROUS = frozenset(
    {
        *("_io", "_imp", "_posixsubprocess", "asyncio", "bdb", "builtins", "code", "codeop"),
        *("commands", "cProfile", "ctypes", "distutils", "doctest", "gc", "importlib", "inspect"),
        *("io", "linecache", "marshal", "multiprocessing", "nt", "operator", "os", "pathlib"),
        *("pdb", "pickle", "pip", "pkgutil", "platform", "posix", "profile", "pty", "pydoc"),
        *("runpy", "setuptools", "shelve", "shutil", "signal", "site", "socket", "ssl"),
        *("subprocess", "sys", "tempfile", "threading", "timeit", "trace", "types", "urllib"),
        *("venv", "webbrowser", "zipimport"),
    }
)

Handler: TypeAlias = Callable[["Walk", Any], None]


class Walk:
    """One pass over the opcodes of a pickle; nested ones have a walk of their own."""

    def __init__(self, file: io.BytesIO, size: int, trust: Trust, *, nested: bool = False) -> None:
        self.file = file
        self.size = size
        self.trust = trust
        self.nested = nested
        self.names: set[str] = set()
        self.refused: set[str] = set()
        self.versions: Counter[str] = Counter()
        self.stack: list[Any] = []
        self.marks: list[list[Any]] = []
        self.memo: dict[int, Any] = {}

    def run(self) -> None:
        """Walk to the end of the pickle and leave the file right behind it."""
        for opcode, argument, _ in pickletools.genops(self.file):
            handler = HANDLERS.get(opcode.name)
            if handler is None:
                raise Refused(f"uses the opcode {opcode.name}, which no saved estimator needs")
            handler(self, argument)

    def pop(self) -> Any:  # noqa: ANN401 - a stand-in
        """Take one stand-in off the stack."""
        return self.stack.pop()

    def push(self, value: Any) -> None:  # noqa: ANN401
        """Lay one stand-in onto the stack."""
        self.stack.append(value)

    def pop_mark(self) -> list[Any]:
        """Take everything off the stack down to the last mark."""
        items = self.stack
        self.stack = self.marks.pop()
        return items

    def import_name(self, module: object, name: object) -> None:
        """Note a name; one that is not on the list goes to the complaint."""
        if not isinstance(module, str) or not isinstance(name, str):
            raise Refused("hides the names that it imports")
        found = Name(*modern(module, name))
        self.names.add(found.dotted)
        if use_of(found.module, found.name, self.trust) is Use.REFUSED:
            self.refused.add(found.dotted)
        self.push(found)

    def call(self, callee: object, args: object) -> None:
        """Note a call; only names that may be called are."""
        if not isinstance(callee, Name):
            raise Refused("calls something that it made itself")
        if use_of(callee.module, callee.name, self.trust) is Use.NAMED:
            self.refused.add(callee.dotted)
        if callee.dotted == "builtins.getattr" and not self._is_of_distribution(args):
            self.refused.add(callee.dotted)
        self.push(Made(callee, args))

    def _is_of_distribution(self, args: object) -> bool:
        whose = (
            args[0].of if isinstance(args, tuple) and args and isinstance(args[0], Made) else None
        )
        return whose is not None and is_distribution(whose.module, whose.name)

    def make(self, kind: object) -> None:
        """Note that a class is made bare."""
        if not isinstance(kind, Name):
            raise Refused("makes an object of something that is no class")
        if kind.module == "builtins" and kind.name != "object":
            # Never written so; tuples of tuples could be nested beyond notice.
            raise Refused(f"makes a {kind.name} in a way that no saved estimator does")
        self.push(Made(kind))

    def build(self, state: object) -> None:
        """Note that an object gets its state; behind an array's wrapper, its bytes follow."""
        target = self.stack[-1]
        if not isinstance(target, Made) or target.of is None:
            raise Refused("changes something that it did not make")
        entries = state.kept if isinstance(state, Entries) else {}
        version = entries.get("_sklearn_version")
        if isinstance(version, str):
            self.versions[version] += 1
        if target.of.dotted == WRAPPER:
            self._step_over_array(entries)
            self.stack[-1] = OTHER

    def _step_over_array(self, entries: dict[str, object]) -> None:
        if self.nested:
            raise Refused("hides an array inside another")
        dtype = _dtype(entries.get("dtype"))
        if dtype == "O":
            self._walk_nested()
            return
        if entries.get("numpy_array_alignment_bytes") is not None:
            padding = self.file.read(1)
            self.file.seek(padding[0], io.SEEK_CUR)
        end = self.file.tell() + _count(entries.get("shape")) * int(dtype)
        if end > self.size:
            raise Refused("is cut short: an array is longer than what is left of the file")
        self.file.seek(end)

    def _walk_nested(self) -> None:
        inner = Walk(self.file, self.size, self.trust, nested=True)
        inner.run()
        self.names |= inner.names
        self.refused |= inner.refused
        self.versions += inner.versions


def _count(shape: object) -> int:
    if not isinstance(shape, tuple) or not all(type(size) is int and size >= 0 for size in shape):
        raise Refused("has an array of no shape")
    return math.prod(shape)


def _dtype(dtype: object) -> str:
    """Return the size of one element in bytes, as digits; "O" for one of Python objects."""
    args = dtype.args if isinstance(dtype, Made) and dtype.of == Name("numpy", "dtype") else None
    text = args[0] if isinstance(args, tuple) and args else None
    simple = SIMPLE_DTYPE.fullmatch(text) if isinstance(text, str) else None
    if simple is None:
        raise Refused("has an array of no type")
    letter, digits = simple.groups()
    if letter == "O":
        return "O"
    size = int(digits or 1) * (4 if letter == "U" else 1)
    return str(size)


def _constant(walk: Walk, argument: Any) -> None:  # noqa: ANN401
    walk.push(argument if isinstance(argument, (str, int)) else OTHER)


def _put(walk: Walk, place: Any) -> None:  # noqa: ANN401
    walk.memo[int(place)] = walk.stack[-1]


def _memoize(walk: Walk, _: Any) -> None:  # noqa: ANN401
    walk.memo[len(walk.memo)] = walk.stack[-1]


def _get(walk: Walk, place: Any) -> None:  # noqa: ANN401
    walk.push(walk.memo[int(place)])


def _mark(walk: Walk, _: Any) -> None:  # noqa: ANN401
    walk.marks.append(walk.stack)
    walk.stack = []


def _pop(walk: Walk, _: Any) -> None:  # noqa: ANN401
    if walk.stack:
        walk.pop()
    else:
        walk.pop_mark()


def _pop_mark(walk: Walk, _: Any) -> None:  # noqa: ANN401
    walk.pop_mark()


def _tuple(length: int) -> Handler:
    def handle(walk: Walk, _: Any) -> None:  # noqa: ANN401
        items = [walk.pop() for _ in range(length)]
        walk.push(_items(items[::-1]))

    return handle


def _items(items: list[Any]) -> Items:
    made = Items(items)
    made.depth = 1 + max((item.depth for item in items if isinstance(item, Items)), default=0)
    if made.depth > DEEPEST:
        raise Refused("nests tuples deeper than any saved estimator does")
    return made


def _collected(make: Callable[[list[Any]], Any]) -> Handler:
    def handle(walk: Walk, _: Any) -> None:  # noqa: ANN401
        walk.push(make(walk.pop_mark()))

    return handle


def _entries(items: list[Any]) -> Entries:
    made = Entries()
    for key, value in zip(items[::2], items[1::2], strict=True):
        made.note(key, value)
    return made


def _set_item(walk: Walk, _: Any) -> None:  # noqa: ANN401
    value, key = walk.pop(), walk.pop()
    if isinstance(walk.stack[-1], Entries):
        walk.stack[-1].note(key, value)


def _set_items(walk: Walk, _: Any) -> None:  # noqa: ANN401
    items = walk.pop_mark()
    if isinstance(walk.stack[-1], Entries):
        walk.stack[-1].kept.update(_entries(items).kept)


def _drop_items(walk: Walk, _: Any) -> None:  # noqa: ANN401
    walk.pop_mark()
    _ = walk.stack[-1]


def _drop(walk: Walk, _: Any) -> None:  # noqa: ANN401
    walk.pop()
    _ = walk.stack[-1]


def _global(walk: Walk, argument: Any) -> None:  # noqa: ANN401
    walk.import_name(*str(argument).split(" ", 1))


def _stack_global(walk: Walk, _: Any) -> None:  # noqa: ANN401
    name, module = walk.pop(), walk.pop()
    walk.import_name(module, name)


def _reduce(walk: Walk, _: Any) -> None:  # noqa: ANN401
    args = walk.pop()
    walk.call(walk.pop(), args)


def _new(walk: Walk, _: Any) -> None:  # noqa: ANN401
    walk.pop()
    walk.make(walk.pop())


def _new_ex(walk: Walk, _: Any) -> None:  # noqa: ANN401
    walk.pop()
    walk.pop()
    walk.make(walk.pop())


def _build(walk: Walk, _: Any) -> None:  # noqa: ANN401
    walk.build(walk.pop())


def _nothing(_walk: Walk, _: Any) -> None:  # noqa: ANN401
    return


def _push(value: Callable[[], Any]) -> Handler:
    return lambda walk, _: walk.push(value())


#: Persistent ids, the extension registry, out-of-band buffers and the classes of Python 2 have no
#: handler: no saved estimator needs them.
HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(
        [
            *("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT"),
            *("BINFLOAT", "STRING", "BINSTRING", "SHORT_BINSTRING", "UNICODE"),
            *("SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8", "BINBYTES", "SHORT_BINBYTES"),
            *("BINBYTES8", "BYTEARRAY8"),
        ],
        _constant,
    ),
    **dict.fromkeys(["PROTO", "FRAME", "STOP"], _nothing),
    **dict.fromkeys(["NONE", "NEWTRUE", "NEWFALSE"], _push(lambda: None)),
    **dict.fromkeys(["EMPTY_LIST", "EMPTY_SET"], _push(lambda: OTHER)),
    "EMPTY_DICT": _push(Entries),
    "EMPTY_TUPLE": _push(tuple),
    "MARK": _mark,
    "POP": _pop,
    "POP_MARK": _pop_mark,
    "DUP": lambda walk, _: walk.push(walk.stack[-1]),
    **dict.fromkeys(["PUT", "BINPUT", "LONG_BINPUT"], _put),
    "MEMOIZE": _memoize,
    **dict.fromkeys(["GET", "BINGET", "LONG_BINGET"], _get),
    "TUPLE": _collected(_items),
    "TUPLE1": _tuple(1),
    "TUPLE2": _tuple(2),
    "TUPLE3": _tuple(3),
    **dict.fromkeys(["LIST", "FROZENSET"], _collected(lambda _: OTHER)),
    "DICT": _collected(_entries),
    "APPEND": _drop,
    **dict.fromkeys(["APPENDS", "ADDITEMS"], _drop_items),
    "SETITEM": _set_item,
    "SETITEMS": _set_items,
    "GLOBAL": _global,
    "STACK_GLOBAL": _stack_global,
    "REDUCE": _reduce,
    "NEWOBJ": _new,
    "NEWOBJ_EX": _new_ex,
    "BUILD": _build,
}

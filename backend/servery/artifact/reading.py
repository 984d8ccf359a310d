"""The one reader of pickles: it reads the bytes of a file once and builds what it has judged.

An interpreter of the opcodes that savers of estimators write, with joblib's arrays between them.
Any other opcode is refused by its name. Every name, call, state and use of the memo is judged at
the moment it is used, by its exact type; there is no second pass that could see something else.
"""

import pickle
import re
import struct
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from sklearn.utils import Bunch

from servery.artifact.allowlist import Trust
from servery.artifact.arrays import Draft, Wrapper, filled, require
from servery.artifact.calls import MAKERS, NEW, bare, is_key, require_keys
from servery.artifact.names import Distribution, Name, Names, RefusedPickle, Stranger, Value
from servery.artifact.states import give, give_trusted, is_unfilled, takes_state

#: How a part says which version of scikit-learn saved it: a name and a text, memoized or not.
VERSION = re.compile(rb"_sklearn_version[^0-9]{1,12}?([0-9]+\.[0-9]+[0-9A-Za-z.]{0,12})")
WRAPPER = "joblib.numpy_pickle.NumpyArrayWrapper"
#: Bytes that calls may make for each byte of the file, and some more. An array is a text of twice
#: its size in a file of protocol 2, which is then made bytes, and then the array.
SWELLING = 8
SPARE_BYTES = 1 << 20
#: What reading beyond the end, or taking one thing for another, raises.
DAMAGE = (IndexError, KeyError, TypeError, ValueError, OverflowError, struct.error)
#: An item waits for its neighbours, and those for theirs: honest files are this deep at most.
MOST_WAITING = 1 << 16


@dataclass(frozen=True, slots=True)
class Read:
    """What a file held.

    Attributes
    ----------
    fitted_with
        The version of scikit-learn that saved most parts; None where it does not say.
    versions
        The version that saved each part, by the part's id.
    """

    estimator: Any
    fitted_with: str | None
    versions: Mapping[int, str]


class NotTrusted(Exception):
    """A file that needs names which are not on the list."""

    def __init__(self, names: set[str]) -> None:
        super().__init__(", ".join(sorted(names)))
        self.names = sorted(names)


class Reader:
    """One pass over a pickle; the pickle of an array of objects within has a reader of its own.

    Attributes
    ----------
    at
        Where the next opcode lies.
    end
        Where the frame ends that is being read, else the file.
    """

    def __init__(self, stream: bytes, trust: Trust, former: frozenset[str] = frozenset()) -> None:
        self.stream = stream
        self.names = Names(trust, MAKERS, former)
        self.versions: dict[int, str] = {}
        self.left_bytes = SWELLING * len(stream) + SPARE_BYTES
        self.is_nested = False
        self.start(0)

    def start(self, at: int) -> None:
        """Begin a pickle at a place."""
        self.at = at
        self.end = len(self.stream)
        self.is_framed = False
        self.stack: list[Value] = []
        self.marks: list[list[Value]] = []
        self.memo: dict[int, Value] = {}
        #: Objects that may still get a state, by their id.
        self.fresh: dict[int, Value] = {}

    @property
    def fitted_with(self) -> str | None:
        """The version of scikit-learn that most parts name, also those that were not built."""
        if self.versions:
            return Counter(self.versions.values()).most_common(1)[0][0]
        named = VERSION.search(self.stream)
        return None if named is None else str(named[1], "ascii")

    def read(self) -> Read:
        """Read a file from its first byte to its last.

        Raises
        ------
        RefusedPickle
            It does what no saved estimator does; the text is the end of a sentence.
        NotTrusted
            Names everything that it needs and this server does not trust.
        """
        damage: Exception | None = None
        try:
            estimator = self.run()
            require(self.at == len(self.stream), "holds more after its end")
        except RefusedPickle as error:
            damage = error
        except DAMAGE as error:
            damage = RefusedPickle(
                "is cut short or damaged, or no file that joblib or pickle wrote"
            )
            damage.__cause__ = error
        if self.names.refused:
            # A `Stranger` is never a valid argument; its own fault is the one to report.
            raise NotTrusted(self.names.refused) from damage
        if damage is not None:
            raise damage
        return Read(estimator, self.fitted_with, self.versions)

    def run(self) -> Value:
        """Return what the pickle makes, and stand right behind it."""
        require(self.take(1) == b"\x80" and self.take(1)[0] in {2, 3, 4, 5}, "begins as no pickle")
        while True:
            if self.is_framed and self.at == self.end:
                self.is_framed, self.end = False, len(self.stream)
            opcode = self.stream[self.at]
            self.at += 1
            if opcode == STOP:
                return self._result()
            handle = HANDLERS[opcode]
            if handle is None:
                raise RefusedPickle(
                    f"uses the opcode {_name_of(opcode)}, which no saved estimator needs"
                )
            handle(self)

    def _result(self) -> Value:
        is_whole = len(self.stack) == 1 and not self.marks
        require(is_whole and not (self.is_framed and self.at != self.end), "ends in the middle")
        require(
            not any(isinstance(each, Draft) or is_unfilled(each) for each in self.fresh.values()),
            "leaves something unfilled",
        )
        result = self.stack.pop()
        if isinstance(result, Name):
            found = result.dotted.rpartition(".")[2]
            raise RefusedPickle(f"holds no fitted estimator: found the class {found} itself")
        return result

    def take(self, size: int) -> bytes:
        """Return the next bytes, which lie within the frame and the file."""
        start, self.at = self.at, self.at + size
        require(self.at <= self.end, "is cut short, or a part of it is longer than its frame")
        return self.stream[start : self.at]

    def pop_mark(self) -> list[Value]:
        """Take everything off the stack down to the last mark."""
        items = self.stack
        self.stack = self.marks.pop()
        return items

    def spend(self, made: Value) -> None:
        """Refuse a file whose calls make much more than it holds."""
        kind = type(made)
        if kind is np.ndarray:
            self.left_bytes -= made.nbytes
        elif kind in {bytes, bytearray, set, frozenset}:
            self.left_bytes -= len(made)
        require(self.left_bytes >= 0, "swells to many times its size")

    def read_array(self, wrapper: Wrapper) -> Value:
        """Return the array that lies behind joblib's record of it, outside of any frame."""
        require(not self.is_nested, "hides an array inside another")
        require(not self.is_framed or self.at == self.end, "hides an array inside a frame")
        self.is_framed, self.end = False, len(self.stream)
        if wrapper.dtype.hasobject:
            return self._read_nested(wrapper)
        if wrapper.alignment is not None:
            self.take(self.take(1)[0])
        size = wrapper.size_bytes
        require(size <= self.end - self.at, "has an array longer than what is left of the file")
        start, self.at = self.at, self.at + size
        raw = memoryview(self.stream)[start : self.at]
        self.left_bytes -= size
        return filled(raw, wrapper.dtype, wrapper.shape, wrapper.order)

    def _read_nested(self, wrapper: Wrapper) -> Value:
        outer = self.stack, self.marks, self.memo, self.fresh
        self.start(self.at)
        self.is_nested = True
        array = self.run()
        self.stack, self.marks, self.memo, self.fresh = outer
        self.is_nested = self.is_framed = False
        self.end = len(self.stream)
        is_own = type(array) in {np.ndarray, np.matrix} and array.dtype == wrapper.dtype
        require(is_own and array.shape == wrapper.shape, "has an array that is another")
        return array


Handler: TypeAlias = Callable[[Reader], None]
HANDLERS: list[Handler | None] = [None] * 256
STOP = pickle.STOP[0]


def _name_of(opcode: int) -> str:
    names = [name for name in pickle.__all__ if getattr(pickle, name) == bytes([opcode])]
    return names[0] if names else f"0x{opcode:02x}"


def _handles(*codes: bytes) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        for code in codes:
            HANDLERS[code[0]] = handler
        return handler

    return register


@_handles(pickle.FRAME)
def _frame(reader: Reader) -> None:
    require(not reader.is_framed, "has a frame inside a frame")
    size = int.from_bytes(reader.take(8), "little")
    require(size <= len(reader.stream) - reader.at, "has a frame longer than itself")
    reader.is_framed, reader.end = True, reader.at + size


def _pushes(code: bytes, make: Callable[[], Any]) -> None:
    def handle(reader: Reader) -> None:
        reader.stack.append(make())

    HANDLERS[code[0]] = handle


_pushes(pickle.NONE, lambda: None)
_pushes(pickle.NEWTRUE, lambda: True)
_pushes(pickle.NEWFALSE, lambda: False)
_pushes(pickle.EMPTY_TUPLE, tuple)
_pushes(pickle.EMPTY_LIST, list)
_pushes(pickle.EMPTY_DICT, dict)
_pushes(pickle.EMPTY_SET, set)


def _reads(code: bytes, layout: str) -> None:
    unpack, size = struct.Struct(layout).unpack, struct.calcsize(layout)

    def handle(reader: Reader) -> None:
        reader.stack.append(unpack(reader.take(size))[0])

    HANDLERS[code[0]] = handle


_reads(pickle.BININT, "<i")
_reads(pickle.BININT1, "<B")
_reads(pickle.BININT2, "<H")
_reads(pickle.BINFLOAT, ">d")


def _text(raw: bytes) -> str:
    return str(raw, "utf-8", "surrogatepass")


def _reads_sized(code: bytes, width: int, make: Callable[[bytes], Any]) -> None:
    def handle(reader: Reader) -> None:
        size = int.from_bytes(reader.take(width), "little")
        reader.stack.append(make(reader.take(size)))

    HANDLERS[code[0]] = handle


_reads_sized(pickle.SHORT_BINUNICODE, 1, _text)
_reads_sized(pickle.BINUNICODE, 4, _text)
_reads_sized(pickle.BINUNICODE8, 8, _text)
_reads_sized(pickle.SHORT_BINBYTES, 1, bytes)
_reads_sized(pickle.BINBYTES, 4, bytes)
_reads_sized(pickle.BINBYTES8, 8, bytes)
_reads_sized(pickle.BYTEARRAY8, 8, bytearray)
_reads_sized(pickle.LONG1, 1, lambda raw: int.from_bytes(raw, "little", signed=True))


@_handles(pickle.MARK)
def _mark(reader: Reader) -> None:
    require(len(reader.marks) < MOST_WAITING, "nests deeper than any saved estimator does")
    reader.marks.append(reader.stack)
    reader.stack = []


@_handles(pickle.MEMOIZE)
def _memoize(reader: Reader) -> None:
    _put(reader, len(reader.memo))


def _put(reader: Reader, place: int) -> None:
    require(place not in reader.memo, "puts something else in a place of its memo")
    reader.memo[place] = reader.stack[-1]


def _get(reader: Reader, place: int) -> None:
    value = reader.memo[place]
    if isinstance(value, Draft):
        value = value.made
        require(value is not None, "uses an array before it is filled")
    reader.stack.append(value)


def _of_memo(code: bytes, width: int, do: Callable[[Reader, int], None]) -> None:
    def handle(reader: Reader) -> None:
        do(reader, int.from_bytes(reader.take(width), "little"))

    HANDLERS[code[0]] = handle


_of_memo(pickle.BINPUT, 1, _put)
_of_memo(pickle.LONG_BINPUT, 4, _put)
_of_memo(pickle.BINGET, 1, _get)
_of_memo(pickle.LONG_BINGET, 4, _get)


def _tuple_of(code: bytes, length: int) -> None:
    def handle(reader: Reader) -> None:
        stack = reader.stack
        require(len(stack) >= length, "is damaged")
        stack[-length:] = [tuple(stack[-length:])]

    HANDLERS[code[0]] = handle


_tuple_of(pickle.TUPLE1, 1)
_tuple_of(pickle.TUPLE2, 2)
_tuple_of(pickle.TUPLE3, 3)


@_handles(pickle.TUPLE)
def _tuple(reader: Reader) -> None:
    items = reader.pop_mark()
    reader.stack.append(tuple(items))


@_handles(pickle.FROZENSET)
def _frozenset(reader: Reader) -> None:
    items = reader.pop_mark()
    require_keys(items)
    reader.stack.append(frozenset(items))


def _extends(reader: Reader, items: list[Value]) -> None:
    target = reader.stack[-1]
    kind = type(target)
    if (
        kind is list
        or kind is deque
        or (isinstance(target, list) and reader.names.is_trusted(kind))
    ):
        target.extend(items)
    elif kind is not Stranger:
        raise RefusedPickle(f"appends to a {kind.__name__}")


@_handles(pickle.APPEND)
def _append(reader: Reader) -> None:
    item = reader.stack.pop()
    _extends(reader, [item])


@_handles(pickle.APPENDS)
def _appends(reader: Reader) -> None:
    items = reader.pop_mark()
    _extends(reader, items)


@_handles(pickle.ADDITEMS)
def _additems(reader: Reader) -> None:
    items = reader.pop_mark()
    require(type(reader.stack[-1]) is set, "adds to something that is not a set")
    require_keys(items)
    reader.stack[-1].update(items)


#: Dictionaries that a file may set entries of.
DICTIONARIES = frozenset({dict, OrderedDict, defaultdict, Bunch})

#: Those with other keys than the names of attributes.
KEYED = frozenset({dict, OrderedDict, defaultdict})


def _sets(reader: Reader, items: list[Value]) -> None:
    target = reader.stack[-1]
    kind = type(target)
    if kind is Stranger:
        return
    is_own = isinstance(target, dict) and reader.names.is_trusted(kind)
    if kind not in DICTIONARIES and not is_own:
        raise RefusedPickle(f"sets entries of a {kind.__name__}")
    for key, value in zip(items[::2], items[1::2], strict=True):
        if type(key) is not str and not (kind in KEYED and is_key(key)):
            raise RefusedPickle("has a dictionary of other things than texts")
        target[key] = value


@_handles(pickle.SETITEM)
def _setitem(reader: Reader) -> None:
    value, key = reader.stack.pop(), reader.stack.pop()
    _sets(reader, [key, value])


@_handles(pickle.SETITEMS)
def _setitems(reader: Reader) -> None:
    items = reader.pop_mark()
    _sets(reader, items)


@_handles(pickle.GLOBAL)
def _global(reader: Reader) -> None:
    texts = []
    for _ in range(2):
        stop = reader.stream.index(b"\n", reader.at, min(reader.end, reader.at + 512))
        texts.append(str(reader.take(stop - reader.at), "utf-8"))
        reader.take(1)
    reader.stack.append(reader.names.find(*texts))


@_handles(pickle.STACK_GLOBAL)
def _stack_global(reader: Reader) -> None:
    name, module = reader.stack.pop(), reader.stack.pop()
    require(type(name) is type(module) is str, "hides the names that it imports")
    reader.stack.append(reader.names.find(module, name))


@_handles(pickle.REDUCE)
def _reduce(reader: Reader) -> None:
    args, callee = reader.stack.pop(), reader.stack.pop()
    record = reader.names.record_of(callee)
    require(type(args) is tuple, "is damaged")
    require(record is not None or type(callee) is Stranger, "calls something that it made itself")
    if record is not None and record.make is None:
        reader.names.refused.add(record.dotted)
    if record is None or record.make is None:
        reader.stack.append(Stranger())
        return
    made = record.make(*(_things(args) if record.is_trusted else args))
    reader.spend(made)
    if record.is_trusted or takes_state(made):
        reader.fresh[id(made)] = made
    reader.stack.append(made)


def _things(args: tuple[Value, ...]) -> tuple[Value, ...]:
    """Return arguments for what is trusted, which may be given any name."""
    return tuple(each.thing if type(each) is Name else each for each in args)


@_handles(pickle.NEWOBJ)
def _new(reader: Reader) -> None:
    args, kind = reader.stack.pop(), reader.stack.pop()
    record = reader.names.record_of(kind)
    require(
        record is not None or type(kind) is Stranger,
        "makes an object of something that is not a class",
    )
    require(type(args) is tuple, "is damaged")
    made = Stranger() if record is None or record.thing is None else _made(record, args)
    reader.fresh[id(made)] = made
    reader.stack.append(made)


def _made(record: Name, args: tuple[Value, ...]) -> object:
    kind = record.thing
    if kind is Distribution:
        return Distribution()
    if record.dotted == WRAPPER:
        return Wrapper()
    if record.is_trusted:
        return kind.__new__(kind, *_things(args))
    if record.dotted in NEW:
        return NEW[record.dotted](*args)
    require(not args, f"makes a {record.dotted} in another way than it is saved")
    return bare(kind)


@_handles(pickle.BUILD)
def _build(reader: Reader) -> None:
    state, target = reader.stack.pop(), reader.stack.pop()
    require(reader.fresh.pop(id(target), None) is target, "changes something that it did not make")
    kind = type(target)
    if kind is Stranger:
        made: Value = target
    elif kind is Wrapper:
        target.read(state)
        made = target.made = reader.read_array(target)
    elif isinstance(target, Draft):
        made = target.made = target.fill(state)
        reader.spend(made)
    else:
        _note_version(reader, target, state)
        is_trusted = reader.names.is_trusted(kind)
        made = give_trusted(target, state) if is_trusted else give(target, state)
    reader.stack.append(made)


def _note_version(reader: Reader, target: Value, state: Value) -> None:
    version = state.get("_sklearn_version") if type(state) is dict else None
    if type(version) is str:
        reader.versions[id(target)] = version

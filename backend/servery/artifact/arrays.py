"""Types of arrays, and arrays, of what a file says of them; numpy itself never reads its state.

Plain values in, finished dtypes and arrays out. A pickle makes an array in two steps: an empty one
first, its contents later. Between the two there is a draft, which an estimator cannot hold.
"""

import math
import re
import sys
from typing import Any, Literal, TypeAlias

import numpy as np

from servery.artifact.names import Name, RefusedPickle, Unfinished, Value

Array: TypeAlias = np.ndarray[Any, Any]
Dtype: TypeAlias = np.dtype[Any]

PLAIN = re.compile(r"[biufcSUMm][1-9][0-9]{0,8}|O8?")
RECORDS = re.compile(r"V([1-9][0-9]{0,3})")
UNITS = frozenset(
    {"Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as", "generic"}
)
#: numpy's own bound.
MOST_DIMENSIONS = 64
#: The machine's own byte order, as numpy spells it.
NATIVE = "<" if sys.byteorder == "little" else ">"
#: A flag of numpy: fields lie where a compiler of C would place them.
IS_ALIGNED = 0x80


class Draft(Unfinished):
    """Something that gets its state in a second step, and is replaced by what is then made."""

    __slots__ = ("made",)

    def __init__(self) -> None:
        self.made: Any = None

    def fill(self, state: Value) -> Value:
        """Return what the state makes of it."""
        raise NotImplementedError

    def __str__(self) -> str:
        return "an array, or the type of one, that was never filled"


def require(is_so: Value, what: str) -> None:
    """Refuse a file unless something holds."""
    if not is_so:
        raise RefusedPickle(what)


class DtypeDraft(Draft):
    """An array type before its byte order and its fields are known."""

    __slots__ = ("spelt",)

    def __init__(self, spelt: Value, align: Value = False, copy: Value = True) -> None:
        super().__init__()
        flags = all(type(flag) in {bool, int} for flag in (align, copy))
        text = spelt if type(spelt) is str else ""
        is_known = PLAIN.fullmatch(text) or RECORDS.fullmatch(text)
        require(flags and is_known, "has an array type that no saved estimator has")
        self.spelt = text

    def fill(self, state: Value) -> Dtype:
        """Return the type, built from its spelling, its byte order and its fields."""
        require(
            type(state) is tuple and 8 <= len(state) <= 9 and state[0] in {3, 4}, ODD_DTYPE_STATE
        )
        _, order, subarray, names, fields, *rest = state
        require(type(order) is str and order in "<>|=" and subarray is None, ODD_DTYPE_STATE)
        records = RECORDS.fullmatch(self.spelt)
        if records is not None:
            return _records(int(records[1]), names, fields, rest)
        require(names is None and fields is None, ODD_DTYPE_STATE)
        dtype = np.dtype(self.spelt + _unit(self.spelt, rest))
        dtype = dtype.newbyteorder("=" if order == NATIVE else order)
        # What the state says of sizes is that of the type, or is not said at all.
        require(rest[:2] in ([-1, -1], [dtype.itemsize, dtype.alignment]), ODD_DTYPE_STATE)
        return dtype


ODD_DTYPE_STATE = "holds an array type that contradicts itself"


def _unit(spelt: str, rest: list[Any]) -> str:
    """Return the unit of dates and spans of time, which numpy saves at the end of the state."""
    if spelt[0] not in "Mm":
        return ""
    require(len(rest) == 4 and type(rest[3]) is tuple and len(rest[3]) == 2, ODD_DTYPE_STATE)
    unit = rest[3][1]
    require(type(unit) is tuple and len(unit) == 4, ODD_DTYPE_STATE)
    text, count, denominator, event = unit
    name = str(text, "utf-8") if type(text) is bytes else text
    is_plain = type(name) is str and name in UNITS and type(count) is int and 0 < count < 10**6
    require(is_plain and (denominator, event) == (1, 1), ODD_DTYPE_STATE)
    return "" if name == "generic" else f"[{count}{name}]"


def _records(size: int, names: Value, fields: Value, rest: list[Any]) -> Dtype:
    """Return the type of records of plain numbers, each within the record."""
    require(type(names) is tuple and type(fields) is dict, ODD_DTYPE_STATE)
    require(len(names) == len(fields) <= 64, ODD_DTYPE_STATE)
    formats, offsets = [], []
    for name in names:
        place: Value = fields.get(name) if type(name) is str else None
        require(type(place) is tuple and len(place) == 2, ODD_DTYPE_STATE)
        kind, offset = place
        require(isinstance(kind, np.dtype) and kind.kind in "biufc", ODD_DTYPE_STATE)
        require(type(offset) is int and 0 <= offset <= size - kind.itemsize, ODD_DTYPE_STATE)
        formats.append(kind)
        offsets.append(offset)
    itemsize, alignment, flags, *_ = rest
    require(type(itemsize) is int and itemsize == size and type(flags) is int, ODD_DTYPE_STATE)
    spelt: Value = {"names": list(names), "formats": formats, "offsets": offsets, "itemsize": size}
    dtype: Dtype = np.dtype(spelt, align=bool(flags & IS_ALIGNED))
    require(dtype.itemsize == size and dtype.alignment == alignment, ODD_DTYPE_STATE)
    return dtype


def dtype_of(value: Value) -> Dtype:
    """Return a finished array type."""
    if not isinstance(value, np.dtype):
        raise RefusedPickle("has an array of no type")
    return value


def count_of(shape: Value) -> int:
    """Return how many elements an array of a shape has."""
    is_shape = type(shape) is tuple and len(shape) <= MOST_DIMENSIONS
    require(is_shape and all(type(size) is int and size >= 0 for size in shape), ODD_SHAPE)
    # Where one side is 0 the others can be as long as they like, and numpy multiplies them.
    count = math.prod(size or 1 for size in shape)
    require(count < 2**47, ODD_SHAPE)
    return 0 if 0 in shape else count


ODD_SHAPE = "has an array of no shape"


def filled(raw: bytes | bytearray | memoryview, dtype: Dtype, shape: Value, order: str) -> Array:
    """Return an array of its own memory, in the machine's byte order."""
    count = count_of(shape)
    require(not dtype.hasobject and dtype.itemsize, "takes bytes for objects")
    require(count * dtype.itemsize == len(raw), "has an array that is not as long as its shape")
    array = np.frombuffer(raw, dtype=dtype).copy() if count else np.empty(0, dtype=dtype)
    return shaped(native(array), shape, order)


def shaped(array: Array, shape: Value, order: Value) -> Array:
    """Return an array in a shape that was looked at."""
    result: Array = array.reshape(shape, order=order)
    return result


def native(array: Array) -> Array:
    """Return an array in the machine's byte order."""
    if array.dtype.isnative:
        return array
    return array.byteswap().view(array.dtype.newbyteorder("="))


def of_objects(items: Value, shape: Value, order: Literal["C", "F"]) -> Array:
    """Return an array of objects; numpy does not look at what they are."""
    require(type(items) is list and len(items) == count_of(shape), ODD_SHAPE)
    array = np.empty(len(items), dtype=object)
    for place, item in enumerate(items):
        if type(item) is np.ndarray and item.dtype.hasobject:
            # Nested arrays are freed recursively: deep ones would crash the process.
            nested = any(
                isinstance(each, np.ndarray) and each.dtype.hasobject for each in item.flat
            )
            require(not nested, "nests arrays deeper than any saved estimator does")
        array[place] = item
    # numpy writes objects row by row, however they lie.
    return np.asarray(shaped(array, shape, "C"), order=order)


class ArrayDraft(Draft):
    """An array before its contents are known."""

    __slots__ = ("kind",)

    def __init__(self, kind: Value, shape: Value, letter: Value) -> None:
        super().__init__()
        found = kind.thing if type(kind) is Name else None
        is_empty = shape == (0,) and type(shape) is tuple and letter in (b"b", "b")
        require(found in (np.ndarray, np.matrix) and is_empty, "makes an array in another way")
        self.kind = found

    def fill(self, state: Value) -> Array:
        """Return the array that the state describes."""
        require(type(state) is tuple and len(state) == 5, ODD_ARRAY_STATE)
        array = _of_state(state)
        if self.kind is np.ndarray:
            return array
        require(array.ndim == 2, ODD_SHAPE)
        return array.view(np.matrix)


ODD_ARRAY_STATE = "has an array whose contents are not written as numpy writes them"


def _of_state(state: tuple[Any, ...]) -> Array:
    version, shape, dtype, is_fortran, data = state
    require(type(version) is int and version == 1 and type(is_fortran) is bool, ODD_ARRAY_STATE)
    order: Literal["C", "F"] = "F" if is_fortran else "C"
    if dtype_of(dtype).hasobject:
        return of_objects(data, shape, order)
    require(type(data) in {bytes, bytearray}, ODD_ARRAY_STATE)
    return filled(data, dtype, shape, order)


class MaskedDraft(Draft):
    """An array with a mask, before both are known."""

    __slots__ = ()

    def __init__(self, kind: Value, base: Value, shape: Value, letter: Value) -> None:
        super().__init__()
        found = [each.thing if type(each) is Name else None for each in (kind, base)]
        is_empty = shape == (0,) and type(shape) is tuple and letter in (b"b", "b")
        require(found == [np.ma.MaskedArray, np.ndarray] and is_empty, "makes an array otherwise")

    def fill(self, state: Value) -> Value:
        """Return the array that the state describes, with its mask."""
        require(type(state) is tuple and len(state) == 7, ODD_ARRAY_STATE)
        *plain, mask, fill_value = state
        data = _of_state(tuple(plain))
        require(type(mask) in {bytes, bytearray} and data.dtype.kind in "biufcOSU", ODD_ARRAY_STATE)
        covered = filled(mask, np.dtype(bool), plain[1], "F" if plain[3] else "C")
        array: Value = np.ma.MaskedArray(data, mask=covered)
        array._fill_value = _fill_value(fill_value, data.dtype)
        return array


def _fill_value(value: Value, dtype: Dtype) -> Value:
    if value is None:
        return None
    is_one = type(value) is np.ndarray and value.shape == ()
    require(is_one and value.dtype == dtype, ODD_ARRAY_STATE)
    return value


class Wrapper(Draft):
    """joblib's record of an array whose bytes, or whose own pickle, follow in the file."""

    __slots__ = ("alignment", "dtype", "order", "shape")

    def read(self, state: Value) -> None:
        """Take the record's fields; what follows in the file is the reader's."""
        require(type(state) is dict and KNOWN >= state.keys() >= NEEDED, "has an array of no type")
        fields: dict[str, Any] = state
        kind = fields["subclass"]
        require(type(kind) is Name and kind.thing in (np.ndarray, np.matrix), ODD_ARRAY_STATE)
        self.dtype = dtype_of(fields["dtype"])
        self.shape = fields["shape"]
        self.order = fields["order"]
        require(type(self.order) is str and self.order in {"C", "F"}, ODD_ARRAY_STATE)
        count_of(self.shape)
        self.alignment = fields.get("numpy_array_alignment_bytes")
        is_aligned = self.alignment is None or (
            type(self.alignment) is int and self.alignment == 16
        )
        require(is_aligned, ODD_ARRAY_STATE)

    @property
    def size_bytes(self) -> int:
        """How many bytes follow."""
        return count_of(self.shape) * self.dtype.itemsize


NEEDED = frozenset({"dtype", "shape", "order", "subclass"})
KNOWN = NEEDED | {"allow_mmap", "numpy_array_alignment_bytes"}


def from_buffer(raw: Value, dtype: Value, shape: Value, order: Value, axes: Value = None) -> Array:
    """Return an array over the bytes that the file holds for it."""
    kind = dtype_of(dtype)
    require(type(raw) in {bytes, bytearray}, "takes an array's memory from something else")
    require(type(order) is str and order in {"C", "F", "K"}, ODD_SHAPE)
    require((order == "K") == (axes is not None), ODD_SHAPE)
    count = count_of(shape)
    require(not kind.hasobject and kind.itemsize, "takes bytes for objects")
    require(count * kind.itemsize == len(raw), "has an array that is not as long as its shape")
    array = native(np.frombuffer(raw, dtype=kind) if count else np.empty(0, dtype=kind))
    if axes is None:
        return shaped(array, shape, order)
    is_plain = type(axes) is tuple and all(type(axis) is int for axis in axes)
    require(is_plain and sorted(axes) == list(range(len(shape))), ODD_SHAPE)
    return array.reshape(shape).transpose(axes)


def scalar(dtype: Value, raw: Value) -> Value:
    """Return one number, text or date of numpy."""
    kind = dtype_of(dtype)
    require(type(raw) is bytes and kind.kind in "biufcSUMm", "has a number that is none")
    require(len(raw) == kind.itemsize > 0, "has a number that is none")
    return np.frombuffer(raw, dtype=kind)[0]

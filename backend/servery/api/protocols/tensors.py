"""Tensors of the Open Inference Protocol: JSON or bytes to columns of values, arrays to either.

In the binary extension, the bytes of all tensors follow the JSON, in its order. A text is its
length in four bytes, little-endian, and its UTF-8.
"""

import math
import struct
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from servery.api.protocols.columns import EncodedTexts
from servery.api.protocols.protocol import invalid
from servery.errors import InvalidInputs, quoted, shortened

#: The datatypes of numbers in bytes.
NUMBERS = {
    "BOOL": "?",
    **{f"UINT{8 * size}": f"<u{size}" for size in (1, 2, 4, 8)},
    **{f"INT{8 * size}": f"<i{size}" for size in (1, 2, 4, 8)},
    **{f"FP{8 * size}": f"<f{size}" for size in (2, 4, 8)},
}
#: The same as `struct` calls them.
CODES = {"BOOL": "?", "FP16": "e", "FP32": "f", "FP64": "d"} | {
    f"{sign}{8 * size}": code
    for sign, codes in (("INT", "bhiq"), ("UINT", "BHIQ"))
    for size, code in zip((1, 2, 4, 8), codes, strict=True)
}
TEXT = "BYTES"
#: What JSON may have for a datatype.
JSON_TYPES: Mapping[str, frozenset[type]] = {
    TEXT: frozenset([str]),
    "BOOL": frozenset([bool]),
    **{name: frozenset([int]) for name in NUMBERS if "INT" in name},
    **{name: frozenset([int, float]) for name in NUMBERS if name.startswith("FP")},
}
#: With null, which is a missing value of any datatype.
JSON_TYPES = {name: kinds | {type(None)} for name, kinds in JSON_TYPES.items()}
LENGTH = struct.Struct("<I")
#: Fewer texts are read sooner in a loop.
MANY_TEXTS = 64
#: Texts that are compared as a few words; longer ones are rarely alike.
LONGEST_SHORT = 64
#: Masks of the first 0 to 8 bytes of a word, and what spreads the bits of a hash.
FIRST_BYTES = np.array([(1 << 8 * size) - 1 for size in range(9)], dtype=np.uint64)
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
#: An array, `EncodedTexts`, or a list.
Values = Any


class Tensor(NamedTuple):
    """A tensor of n values, flat: an array, `EncodedTexts`, or a list as JSON has it."""

    name: str
    shape: Sequence[int]
    values: Values


class Where(NamedTuple):
    """Which tensor of a request is wrong."""

    place: int
    name: str | None = None


def wrong(tensor: Where, code: str, detail: str) -> InvalidInputs:
    """Return the error of a tensor."""
    name = "" if tensor.name is None else f" ({quoted(tensor.name)})"
    return invalid(code, detail, f"#/inputs/{tensor.place}{name}")


def read_tensors(given: object, rest: memoryview) -> list[Tensor]:
    """Return the tensors of a request.

    Parameters
    ----------
    rest
        The bytes after the JSON.

    Raises
    ------
    InvalidInputs
        One of them is not what it says, or bytes are missing or left over.
    """
    if not isinstance(given, list) or not given:
        raise invalid("no-tensors", "Expected a list of tensors.", "#/inputs")
    tensors: list[Tensor] = []
    for place, each in enumerate(given):
        tensor, size = _tensor(each, rest, place)
        tensors.append(tensor)
        rest = rest[size:] if size else rest
    if rest:
        raise invalid("bytes-left", f"{len(rest)} bytes follow the last tensor. Leave them out.")
    twice = {each.name for each in tensors}
    if len(twice) < len(tensors):
        raise invalid("tensor-twice", "Expected each tensor once, found a name twice.", "#/inputs")
    return tensors


def _tensor(given: object, rest: memoryview, place: int) -> tuple[Tensor, int]:
    """Return one tensor, and how many of the bytes are its own."""
    if not isinstance(given, dict):
        raise wrong(Where(place), "not-an-object", "Expected a tensor.")
    name, datatype = given.get("name"), given.get("datatype")
    if not isinstance(name, str):
        raise wrong(Where(place), "missing-member", 'Expected "name", a text.')
    pointer = Where(place, name)
    if not isinstance(datatype, str) or datatype not in JSON_TYPES:
        expected = ", ".join(JSON_TYPES)
        found = shortened(str(datatype))
        detail = f"Expected a datatype of {expected}; found {found}."
        raise wrong(pointer, "unknown-datatype", detail)
    shape = _shape(given.get("shape"), pointer)
    count = shape[0] * shape[1] if len(shape) > 1 else shape[0]
    parameters = given.get("parameters") or {}
    if not isinstance(parameters, dict):
        raise wrong(pointer, "not-an-object", "Expected an object.")
    if "shared_memory_region" in parameters:
        raise wrong(pointer, "shared-memory", "Shared memory is not supported. Send the data.")
    size = parameters.get("binary_data_size")
    if size is None:
        return Tensor(
            name, shape, _from_json(given.get("data"), datatype, shape, count, pointer)
        ), 0
    if type(size) is not int or not 0 <= size <= len(rest):
        found = f"binary_data_size is {shortened(str(size))}, but {len(rest)} bytes are left"
        raise wrong(pointer, "torn-tensor", f"The tensor is incomplete: {found}.")
    if given.get("data") is not None:
        raise wrong(pointer, "ambiguous-data", "Expected data or bytes, found both.")
    if datatype == TEXT:
        return Tensor(name, shape, _texts(bytes(rest[:size]), count, pointer)), size
    kind = np.dtype(NUMBERS[datatype])
    if size != count * kind.itemsize:
        found = f"{count} values of {kind.itemsize} bytes, found {size} bytes"
        raise wrong(pointer, "torn-tensor", f"Expected {found}.")
    return Tensor(name, shape, _widened(np.frombuffer(rest[:size], dtype=kind))), size


def _widened(numbers: Any) -> Any:  # noqa: ANN401 - an array
    """Return floats as doubles, which have each of their values."""
    return numbers.astype(np.float64) if numbers.dtype.kind == "f" else numbers


def _shape(given: object, pointer: Where) -> list[int]:
    if type(given) is list and len(given) == 1 and type(given[0]) is int and given[0] >= 0:
        return given
    fits = isinstance(given, list) and len(given) in (1, 2)
    if not fits or not all(type(size) is int and size >= 0 for size in given):  # type: ignore[attr-defined] # a list
        found = shortened(str(given))
        raise wrong(pointer, "wrong-shape", f"Expected the shape [n] or [n, 1], found {found}.")
    return given  # type: ignore[return-value] # of whole numbers


def _from_json(
    given: object, datatype: str, shape: Sequence[int], count: int, pointer: Where
) -> Sequence[Any]:
    """Return values that may be nested as the shape says, or flat."""
    if not isinstance(given, list):
        raise wrong(pointer, "missing-data", 'Expected "data", a list, or bytes.')
    if len(given) == count == 1 and type(given[0]) in JSON_TYPES[datatype]:
        return given  # by far the most requests have one row
    values: list[Any] = given
    kinds = set(map(type, values))
    if kinds == {list} and len(shape) > 1:
        if [len(each) for each in values] != [shape[1]] * shape[0]:
            raise _wrong_count(shape, "lists of other lengths", pointer)
        values = list(chain.from_iterable(values))
        kinds = set(map(type, values))
    if len(values) != count:
        raise _wrong_count(shape, f"{len(values)} values", pointer)
    odd = kinds - JSON_TYPES[datatype]
    if odd:
        found = next(value for value in values if type(value) in odd)
        shown = quoted(found) if isinstance(found, str) else shortened(str(found))
        raise wrong(pointer, "not-of-datatype", f"Expected values of {datatype}, found {shown}.")
    return values


def _wrong_count(shape: Sequence[int], found: str, pointer: Where) -> InvalidInputs:
    return wrong(pointer, "wrong-shape", f"Expected data of shape {list(shape)}, found {found}.")


def _texts(raw: bytes, count: int, pointer: Where) -> EncodedTexts:
    """Read the texts of a tensor; each distinct one is decoded once."""
    if count >= MANY_TEXTS and (found := _short_texts(raw, count)) is not None:
        return found
    code: dict[bytes, int] = {}
    codes: list[int] = []
    add, known, length = codes.append, code.setdefault, LENGTH.unpack_from
    start, size = 0, len(raw)
    try:
        while start < size:
            end = start + 4 + length(raw, start)[0]
            add(known(raw[start + 4 : end], len(code)))
            start = end
        texts = [each.decode() for each in code]
    except struct.error:
        start = size + 1
    except UnicodeDecodeError:
        raise wrong(pointer, "not-utf-8", "Expected texts in UTF-8.") from None
    if start != size:
        raise wrong(pointer, "torn-tensor", "The last text is incomplete.")
    if len(codes) != count:
        raise wrong(pointer, "wrong-shape", f"Expected {count} texts, found {len(codes)}.")
    return EncodedTexts(texts, np.array(codes, dtype=np.intp))


def _short_texts(raw: bytes, count: int) -> EncodedTexts | None:
    """Read texts of 1 to 64 bytes without a loop; None if there are others, or if one is wrong.

    In a length below 256, three of four bytes are zero. Texts have none, so that all zeros show
    where the lengths are. Each has to end where the next one begins.
    """
    octets = np.frombuffer(raw, dtype=np.uint8)
    zeros = np.flatnonzero(octets == 0)
    if len(zeros) != 3 * count or zeros[0] != 1:
        return None
    heads = zeros[::3] - 1
    lengths = octets[heads].astype(np.intp)
    starts = heads + 4
    ends = starts + lengths
    are_whole = (zeros[2::3] - zeros[::3] == 2).all() and (ends[:-1] == heads[1:]).all()
    if not are_whole or ends[-1] != len(raw) or lengths.max() > LONGEST_SHORT:
        return None
    codes, first = _distinct(raw, starts, lengths)
    try:
        texts = [raw[starts[row] : ends[row]].decode() for row in first]
    except UnicodeDecodeError:
        return None
    return EncodedTexts(texts, codes) if codes is not None else None


def _distinct(
    raw: bytes, starts: NDArray[np.intp], lengths: NDArray[np.intp]
) -> tuple[NDArray[np.intp] | None, list[int]]:
    """Return which of the distinct texts each one is, and one row of each of them.

    Texts are compared as words of eight bytes, by a hash of them, which is checked: None if two
    texts have the same one.
    """
    at_each_byte = np.ndarray(len(raw) + 1, "<u8", raw + bytes(8), strides=(1,))
    words = [lengths.astype(np.uint64)]
    for begin in range(0, int(lengths.max()), 8):
        held = np.clip(lengths - begin, 0, 8)
        words.append(at_each_byte[np.minimum(starts + begin, len(raw))] & FIRST_BYTES[held])
    hashed = np.zeros(len(starts), dtype=np.uint64)
    for word in words:
        hashed = (hashed ^ word) * MULTIPLIER
        hashed ^= hashed >> np.uint64(29)
    _, first, codes = np.unique(hashed, return_index=True, return_inverse=True)
    is_sure = all((word == word[first][codes]).all() for word in words)
    return (codes if is_sure else None), first.tolist()


def packed(datatype: str, values: Sequence[Any]) -> bytes:
    """Return the bytes of a tensor; that of None is NaN."""
    if datatype == TEXT:
        raw = [value.encode() for value in values]
        return b"".join([LENGTH.pack(len(each)) + each for each in raw])
    numbers = [math.nan if value is None else value for value in values]
    return struct.pack(f"<{len(numbers)}{CODES[datatype]}", *numbers)


def datatype_of_values(values: Sequence[Any]) -> str:
    """Return the datatype that has each of these values."""
    kinds = set(map(type, values))
    if kinds == {bool}:
        return "BOOL"
    if kinds == {int}:
        return "INT64"
    return "FP64" if kinds <= {int, float} else TEXT

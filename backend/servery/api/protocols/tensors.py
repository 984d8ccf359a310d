"""Tensors of the Open Inference Protocol: JSON or bytes to columns of values, arrays to either.

In the binary extension, the bytes of all tensors follow the JSON, in its order. A text is its
length in four bytes, little-endian, and its UTF-8.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

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
TEXT = "BYTES"
#: What JSON may have for a datatype; null is a missing value of any.
JSON_TYPES: Mapping[str, frozenset[type]] = {
    TEXT: frozenset([str]),
    "BOOL": frozenset([bool]),
    **{name: frozenset([int]) for name in NUMBERS if "INT" in name},
    **{name: frozenset([int, float]) for name in NUMBERS if name.startswith("FP")},
}
LENGTH = struct.Struct("<I")
#: An array, `EncodedTexts`, or a list.
Values = Any


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor of n values, flat: an array, `EncodedTexts`, or a list as JSON has it."""

    name: str
    shape: Sequence[int]
    values: Values

    def __len__(self) -> int:
        """How many values there are."""
        return len(self.values)


def read_tensors(header: Mapping[str, Any], rest: memoryview) -> list[Tensor]:
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
    given = header.get("inputs")
    if not isinstance(given, list) or not given:
        raise invalid("no-tensors", "Expected a list of tensors.", "#/inputs")
    tensors: list[Tensor] = []
    for place, each in enumerate(given):
        tensor, size = _tensor(each, rest, f"#/inputs/{place}")
        tensors.append(tensor)
        rest = rest[size:]
    if rest:
        raise invalid("bytes-left", f"{len(rest)} bytes follow the last tensor. Leave them out.")
    twice = {each.name for each in tensors}
    if len(twice) < len(tensors):
        raise invalid("tensor-twice", "Expected each tensor once, found a name twice.", "#/inputs")
    return tensors


def _tensor(given: object, rest: memoryview, pointer: str) -> tuple[Tensor, int]:
    """Return one tensor, and how many of the bytes are its own."""
    if not isinstance(given, dict):
        raise invalid("not-an-object", "Expected a tensor.", pointer)
    name, datatype = given.get("name"), given.get("datatype")
    if not isinstance(name, str):
        raise invalid("missing-member", 'Expected "name", a text.', pointer)
    pointer = f"{pointer} ({quoted(name)})"
    if not isinstance(datatype, str) or datatype not in JSON_TYPES:
        expected = ", ".join(JSON_TYPES)
        found = shortened(str(datatype))
        raise invalid(
            "unknown-datatype", f"Expected a datatype of {expected}; found {found}.", pointer
        )
    shape = _shape(given.get("shape"), pointer)
    count = shape[0] * shape[1] if len(shape) > 1 else shape[0]
    parameters = given.get("parameters") or {}
    if not isinstance(parameters, dict):
        raise invalid("not-an-object", "Expected an object.", f"{pointer}/parameters")
    if "shared_memory_region" in parameters:
        raise invalid("shared-memory", "Shared memory is not supported. Send the data.", pointer)
    size = parameters.get("binary_data_size")
    if size is None:
        return Tensor(
            name, shape, _from_json(given.get("data"), datatype, shape, count, pointer)
        ), 0
    if type(size) is not int or not 0 <= size <= len(rest):
        found = f"binary_data_size is {shortened(str(size))}, but {len(rest)} bytes are left"
        raise invalid("torn-tensor", f"The tensor is incomplete: {found}.", pointer)
    if given.get("data") is not None:
        raise invalid("ambiguous-data", "Expected data or bytes, found both.", pointer)
    if datatype == TEXT:
        return Tensor(name, shape, _texts(bytes(rest[:size]), count, pointer)), size
    kind = np.dtype(NUMBERS[datatype])
    if size != count * kind.itemsize:
        found = f"{count} values of {kind.itemsize} bytes, found {size} bytes"
        raise invalid("torn-tensor", f"Expected {found}.", pointer)
    return Tensor(name, shape, _widened(np.frombuffer(rest[:size], dtype=kind))), size


def _widened(numbers: Any) -> Any:  # noqa: ANN401 - an array
    """Return floats as doubles, which have each of their values."""
    return numbers.astype(np.float64) if numbers.dtype.kind == "f" else numbers


def _shape(given: object, pointer: str) -> list[int]:
    fits = isinstance(given, list) and len(given) in (1, 2)
    if not fits or not all(type(size) is int and size >= 0 for size in given):  # type: ignore[attr-defined] # a list
        found = shortened(str(given))
        raise invalid("wrong-shape", f"Expected the shape [n] or [n, 1], found {found}.", pointer)
    return given  # type: ignore[return-value] # of whole numbers


def _from_json(
    given: object, datatype: str, shape: Sequence[int], count: int, pointer: str
) -> Sequence[Any]:
    """Return values that may be nested as the shape says, or flat."""
    if not isinstance(given, list):
        raise invalid("missing-data", 'Expected "data", a list, or bytes.', pointer)
    values: list[Any] = given
    kinds = set(map(type, values))
    if kinds == {list} and len(shape) > 1:
        if [len(each) for each in values] != [shape[1]] * shape[0]:
            raise _wrong_count(shape, "lists of other lengths", pointer)
        values = list(chain.from_iterable(values))
        kinds = set(map(type, values))
    if len(values) != count:
        raise _wrong_count(shape, f"{len(values)} values", pointer)
    odd = kinds - JSON_TYPES[datatype] - {type(None)}
    if odd:
        found = next(value for value in values if type(value) in odd)
        shown = quoted(found) if isinstance(found, str) else shortened(str(found))
        raise invalid("not-of-datatype", f"Expected values of {datatype}, found {shown}.", pointer)
    return values


def _wrong_count(shape: Sequence[int], found: str, pointer: str) -> InvalidInputs:
    return invalid("wrong-shape", f"Expected data of shape {list(shape)}, found {found}.", pointer)


def _texts(raw: bytes, count: int, pointer: str) -> EncodedTexts:
    """Read the texts of a tensor; each distinct one is decoded once."""
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
        raise invalid("not-utf-8", "Expected texts in UTF-8.", pointer) from None
    if start != size:
        raise invalid("torn-tensor", "The last text is incomplete.", pointer)
    if len(codes) != count:
        raise invalid("wrong-shape", f"Expected {count} texts, found {len(codes)}.", pointer)
    return EncodedTexts(texts, np.array(codes, dtype=np.intp))


def packed_texts(values: Sequence[str], codes: Any) -> bytes:  # noqa: ANN401 - an array
    """Return texts, of which row ``i`` has ``values[codes[i]]``, as the bytes of a tensor."""
    raw = [LENGTH.pack(len(text)) + text for text in (value.encode() for value in values)]
    return b"".join([raw[code] for code in codes.tolist()])

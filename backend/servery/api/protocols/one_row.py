"""One row as tensors, as most requests have it: a body in, a parsed row out, decoded by types.

It reads what the general way reads, with the same result. For anything else, a fault included, it
returns None; then the general way reads the body again, and names the fault.
"""

import struct
from functools import lru_cache
from typing import Annotated, Any, NamedTuple

import msgspec

from servery.api.protocols.columns import missing_as_none
from servery.api.protocols.tensors import CODES, JSON_TYPES, LENGTH, TEXT
from servery.served import ServedModel
from servery.signature import Instances

SHAPES = ([1], [1, 1])
NUMBERS = {datatype: struct.Struct(f"<{code}") for datatype, code in CODES.items()}


class TensorParameters(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What a request adds to a tensor; its type of content changes nothing."""

    binary_data_size: Annotated[int, msgspec.Meta(ge=0)] | None = None
    content_type: Any = None


class SentTensor(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A tensor of a request."""

    name: str
    shape: list[int]
    datatype: str
    parameters: TensorParameters | None = None
    data: list[Any] | None = None


class InferRequest(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The JSON of a request; what it asks for is checked later."""

    inputs: Any
    id: str | None = None
    outputs: Any = None
    parameters: Any = None


class _TensorRequest(InferRequest):
    inputs: list[SentTensor]


class RowAsked(NamedTuple):
    """A valid request for one row, and the row."""

    sent: InferRequest
    instances: Instances


#: Heads that are kept decoded, and the length of the longest.
MOST_KEPT, LONGEST_KEPT = 256, 2048
decode = msgspec.json.Decoder(_TensorRequest).decode
encode = msgspec.json.Encoder().encode


def read_row(model: ServedModel, head: bytes, rest: bytes) -> RowAsked | None:
    """Read a valid request for one row, with a tensor for each input; None for any other.

    Parameters
    ----------
    head, rest
        The JSON, and the bytes of tensors after it.
    """
    # With bytes, the JSON has no values but their sizes, so that it is often the same.
    sent = _sent_before(head) if rest and len(head) <= LONGEST_KEPT else _sent(head)
    if sent is None:
        return None
    try:
        values = _values(sent.inputs, rest)
        for name, value in values.items():
            if value == "" or value != value:
                values[name] = _missing(model, name, value)
    except (LookupError, ValueError, struct.error):
        return None
    instances = model.reader.row(values) if values else None
    return None if instances is None else RowAsked(sent, instances)


def _sent(head: bytes) -> InferRequest | None:
    """Return the JSON of a request; None if it is not as it should be."""
    if b"\\" in head:  # it may hide that a name occurs twice
        return None
    try:
        sent = decode(head)
        quotation_marks = encode(sent).count(b'"')
    except (msgspec.MsgspecError, OverflowError, RecursionError, UnicodeDecodeError):
        return None
    return sent if head.count(b'"') == quotation_marks else None


_sent_before = lru_cache(MOST_KEPT)(_sent)


def _values(tensors: list[SentTensor], rest: bytes) -> dict[str, Any]:
    """Return the value of each tensor by its name.

    Raises
    ------
    LookupError, ValueError, struct.error
        One of them is not as it should be, or bytes are left over.
    """
    values: dict[str, Any] = {}
    at = 0
    for tensor in tensors:
        size = None if tensor.parameters is None else tensor.parameters.binary_data_size
        if tensor.shape not in SHAPES:
            raise ValueError
        if size is None:
            [value] = tensor.data or []
            if type(value) not in JSON_TYPES[tensor.datatype]:
                raise ValueError
            values[tensor.name] = value
        else:
            values[tensor.name] = _unpacked(tensor, rest, at, at + size)
            at += size
    if at != len(rest) or len(values) != len(tensors):
        raise ValueError
    return values


def _unpacked(tensor: SentTensor, rest: bytes, start: int, end: int) -> Any:  # noqa: ANN401 - a value
    is_text = tensor.datatype == TEXT
    kind = LENGTH if is_text else NUMBERS[tensor.datatype]
    [value] = kind.unpack_from(rest, start)
    start += kind.size + (value if is_text else 0)
    if start != end or tensor.data is not None:
        raise ValueError
    return rest[end - value : end].decode() if is_text else value


def _missing(model: ServedModel, name: str, value: object) -> object:
    [item] = [each for each in model.signature.inputs if each.name == name]
    return missing_as_none(item, value)

"""How rows reach a model process and how its outcomes come back: numbers and texts, nothing else.

What both sides write is checked by the other: an offset leads into the block, a figure has the
shape that the signature promises. The web process never follows anything that a model says.
"""

from collections.abc import Sequence
from dataclasses import replace
from types import GenericAlias
from typing import Any, Literal, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from servery.runtimes.columns import Column, ColumnOutcomes
from servery.signature import ClassOutput, MultiOutput, Output, Signature, SingleOutput

#: Arrays begin at multiples of so many bytes. The first of these stretches is for `begin`.
ALIGNMENT_BYTES = 64
PROCESS_BYTES = 4
ITEM_BYTES = 8
Memory: TypeAlias = Any  # mmap.mmap, whose slices are bytes


class ColumnSpan(msgspec.Struct, frozen=True, array_like=True):
    """A part of the block: an array of float64 with n elements, or one column in msgpack."""

    kind: Literal["floats", "values"]
    offset: int
    size_bytes: int


class Ask(msgspec.Struct, frozen=True):
    """A request: n rows as one column for each input.

    Attributes
    ----------
    as_rows
        Whether they came as rows, which an estimator may be given another way than columns.
    deadline_s
        The process ends itself somewhat after that time; who asks ends it sooner.
    """

    as_rows: bool
    rows: int
    columns: tuple[ColumnSpan, ...]
    deadline_s: float


class Figures(msgspec.Struct, frozen=True, array_like=True):
    """An array in the block: float64, or int64 for classes."""

    offset: int
    shape: tuple[int, ...]


class OutputFigures(msgspec.Struct, frozen=True):
    """The outcomes of one output; the fields are those of `ColumnOutcomes`."""

    values: Figures | None = None
    classes: Figures | None = None
    probabilities: Figures | None = None
    scores: Figures | None = None


class Reply(msgspec.Struct, frozen=True, tag=True):
    """The outcomes, one part for each output."""

    parts: tuple[OutputFigures, ...]
    known_words: Figures | None = None


class Raised(msgspec.Struct, frozen=True, tag=True):
    """The estimator raised an exception; ``kind`` is its class."""

    kind: str


class Senseless(msgspec.Struct, frozen=True, tag=True):
    """The estimator answered what makes no sense; ``fault`` is the end of a sentence."""

    fault: str


Said: TypeAlias = Reply | Raised | Senseless

_encode = msgspec.msgpack.Encoder().encode


def begin(memory: Memory, process: int) -> None:
    """Note in a block which process has taken the request; 0 before one has.

    A message would say the same, but would wake who waits for the answer.
    """
    memory[:PROCESS_BYTES] = process.to_bytes(PROCESS_BYTES, "little")


def begun_by(memory: Memory) -> int:
    """Return the process that has taken the request; 0 where none has."""
    return int.from_bytes(memory[:PROCESS_BYTES], "little")


class Writer:
    """Lays columns or figures into a block, one behind the other."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._end = ALIGNMENT_BYTES

    def put(self, data: bytes) -> int:
        """Return the offset at which the bytes were laid.

        Raises
        ------
        ValueError
            The block is too small.
        """
        offset = -(-self._end // ALIGNMENT_BYTES) * ALIGNMENT_BYTES
        self._end = offset + len(data)
        self._memory[offset : self._end] = data
        return offset

    def figures(self, figures: NDArray[Any] | None, kind: type) -> Figures | None:
        """Lay an array."""
        if figures is None:
            return None
        array: NDArray[Any] = np.ascontiguousarray(figures, dtype=kind)
        return Figures(self.put(array.tobytes()), array.shape)


def encoded_column(column: Column | Sequence[object]) -> tuple[Literal["floats", "values"], bytes]:
    """Return a column as bytes: as it lies in memory, or in msgpack."""
    if isinstance(column, np.ndarray) and column.dtype == np.float64:
        return "floats", column.tobytes()
    return "values", _encode(column.tolist() if isinstance(column, np.ndarray) else column)


class ColumnReader:
    """Reads what `encoded_column` made, by the types of the inputs."""

    def __init__(self, signature: Signature) -> None:
        self._decoders = [
            msgspec.msgpack.Decoder(GenericAlias(list, (item.value_type | None,)))
            for item in signature.inputs
        ]

    def columns(self, ask: Ask, memory: Memory) -> list[Any]:
        """Return a list of values, or an array of float64, for each input."""
        found: list[Any] = []
        for decoder, span in zip(self._decoders, ask.columns, strict=True):
            data = memory[span.offset : span.offset + span.size_bytes]
            is_array = span.kind == "floats"
            found.append(np.frombuffer(data) if is_array else decoder.decode(data))
        return found


def outputs_of(output: Output) -> Sequence[SingleOutput]:
    """Return the outputs of a model, mostly one."""
    return output.outputs if isinstance(output, MultiOutput) else (output,)


def room_for(output: Output, rows: int) -> int:
    """Return how many bytes the outcomes of n rows take at most."""
    figures = sum(
        1 + 2 * len(part.classes) if isinstance(part, ClassOutput) else 1
        for part in outputs_of(output)
    )
    figures += 1  # how much of a text is known
    arrays = 2 + 4 * len(outputs_of(output))
    return rows * figures * ITEM_BYTES + arrays * ALIGNMENT_BYTES


def read_outcomes(output: Output, rows: int, reply: Reply, memory: Memory) -> ColumnOutcomes:
    """Return copies of what lies in the block, once it is known to be what was promised.

    Raises
    ------
    ValueError
        A figure is missing, lies outside, has another shape, or names a class that there is not.
    """
    parts = [
        _part(one, rows, said, memory)
        for one, said in zip(outputs_of(output), reply.parts, strict=True)
    ]
    whole = ColumnOutcomes(parts=parts) if isinstance(output, MultiOutput) else parts[0]
    if reply.known_words is None:
        return whole
    known_words = _array(reply.known_words, (rows,), np.float64, memory)
    return replace(whole, known_words=known_words)


def _part(output: SingleOutput, rows: int, said: OutputFigures, memory: Memory) -> ColumnOutcomes:
    if not isinstance(output, ClassOutput):
        return ColumnOutcomes(values=_array(said.values, (rows,), np.float64, memory))
    table = (rows, len(output.classes))
    classes = _array(said.classes, (rows,), np.int64, memory)
    if classes.size and not 0 <= classes.min() <= classes.max() < len(output.classes):
        raise ValueError("a class that there is not")
    given = said.probabilities is not None, said.scores is not None
    if given != (output.probabilities, output.scores):
        raise ValueError("other figures than those of the signature")
    return ColumnOutcomes(
        classes=classes.astype(np.intp, copy=False),
        probabilities=_array(said.probabilities, table, np.float64, memory)
        if output.probabilities
        else None,
        scores=_array(said.scores, table, np.float64, memory) if output.scores else None,
    )


def _array(
    said: Figures | None, shape: tuple[int, ...], kind: type, memory: Memory
) -> NDArray[Any]:
    if said is None or said.shape != shape:
        raise ValueError("a figure of another shape")
    size = ITEM_BYTES * int(np.prod(shape, dtype=np.int64))
    if said.offset < 0 or said.offset % ITEM_BYTES or said.offset + size > len(memory):
        raise ValueError("a figure outside of its block")
    data = memory[said.offset : said.offset + size]
    return np.frombuffer(data, dtype=kind).reshape(shape).copy()

"""Answers of a model process are checked before they are used; requests arrive unchanged."""

import mmap
from datetime import date, datetime
from typing import Any

import msgspec
import numpy as np
import pytest

from servery.cage.messages import Block, Closed, close, pair, receive, send
from servery.inputs import (
    BooleanInput,
    CategoryInput,
    DateInput,
    DatetimeInput,
    IntegerInput,
    NumberInput,
    TextInput,
)
from servery.runtimes.wire import (
    Ask,
    ColumnReader,
    ColumnSpan,
    Figures,
    OutputFigures,
    Raised,
    Reply,
    Said,
    Writer,
    encoded_column,
    read_outcomes,
    room_for,
)
from servery.signature import ClassificationOutput, OutcomeClass, RegressionOutput, Signature

CLASSES = ClassificationOutput(
    label="Class", classes=(OutcomeClass(value="a", label="A"), OutcomeClass(value="b", label="B"))
)
NUMBER = RegressionOutput(label="Number")


def memory(size_bytes: int = 4096) -> mmap.mmap:
    return Block.of_size(size_bytes).map()


def test_every_value_of_every_type_arrives_unchanged() -> None:
    signature = Signature(
        inputs=(
            NumberInput(name="number", label=""),
            IntegerInput(name="integer", label=""),
            BooleanInput(name="boolean", label=""),
            CategoryInput(name="category", label="", categories=()),
            TextInput(name="text", label=""),
            DateInput(name="date", label=""),
            DatetimeInput(name="datetime", label=""),
        ),
        output=NUMBER,
    )
    rows: list[tuple[Any, ...]] = [
        (1.5, 2**53, True, "ä\0", "🙂" * 1000, date(2024, 2, 29), datetime(1, 1, 1, 0, 0, 0, 1)),
        (-0.0, -1, False, 7, "", date(9999, 12, 31), datetime(2024, 2, 29, 23, 59)),
        (1e-308, 0, True, 2.5, "\ud7ff", date(1, 1, 1), datetime(2024, 1, 1)),
        (None,) * 7,
    ]
    shared = memory(1 << 16)
    writer = Writer(shared)
    encoded = [encoded_column(column) for column in zip(*rows, strict=True)]
    spans = tuple(ColumnSpan(kind, writer.put(data), len(data)) for kind, data in encoded)
    found = ColumnReader(signature).columns(Ask(True, len(rows), spans, 1.0), shared)
    assert list(zip(*found, strict=True)) == rows
    assert [[type(value) for value in column] for column in found] == [
        [type(value) for value in column] for column in zip(*rows, strict=True)
    ]


def test_what_a_column_holds_fits_into_the_room_for_it() -> None:
    for output in (CLASSES, NUMBER):
        size = room_for(output, 1000)
        writer = Writer(memory(size))
        for _ in range(2 if output is CLASSES else 1):
            writer.figures(np.zeros((1000, 2) if output is CLASSES else 1000), np.float64)


WELL = OutputFigures(classes=Figures(0, (2,)), probabilities=Figures(64, (2, 2)))


def test_outcomes_are_copies() -> None:
    shared = memory()
    shared[64:96] = np.array([[0.25, 0.75], [1.0, 0.0]]).tobytes()
    outcomes = read_outcomes(CLASSES, 2, Reply((WELL,)), shared)
    shared[0:4096] = b"\xff" * 4096
    assert outcomes.classes is not None
    assert outcomes.probabilities is not None
    assert outcomes.classes.tolist() == [0, 0]
    assert outcomes.probabilities.tolist() == [[0.25, 0.75], [1.0, 0.0]]


@pytest.mark.parametrize(
    "part",
    [
        OutputFigures(),
        OutputFigures(classes=Figures(0, (2,))),
        OutputFigures(classes=Figures(0, (3,)), probabilities=Figures(64, (2, 2))),
        OutputFigures(classes=Figures(0, (2,)), probabilities=Figures(64, (2, 3))),
        OutputFigures(classes=Figures(0, (2,)), probabilities=Figures(64, (4,))),
        OutputFigures(classes=Figures(0, (2,)), probabilities=Figures(4096, (2, 2))),
        OutputFigures(classes=Figures(0, (2,)), probabilities=Figures(4088, (2, 2))),
        OutputFigures(classes=Figures(-8, (2,)), probabilities=Figures(64, (2, 2))),
        OutputFigures(classes=Figures(4, (2,)), probabilities=Figures(64, (2, 2))),
        OutputFigures(classes=Figures(2**62, (2,)), probabilities=Figures(64, (2, 2))),
        OutputFigures(classes=Figures(128, (2,)), probabilities=Figures(64, (2, 2))),
        OutputFigures(
            classes=Figures(0, (2,)),
            probabilities=Figures(64, (2, 2)),
            scores=Figures(64, (2, 2)),
        ),
        OutputFigures(values=Figures(0, (2,))),
    ],
    ids=lambda part: str(part)[:60],
)
def test_figures_that_were_not_promised_are_refused(part: OutputFigures) -> None:
    shared = memory()
    shared[128:144] = np.array([0, 2]).tobytes()  # there are two classes
    with pytest.raises(ValueError, match=r"figure|class"):
        read_outcomes(CLASSES, 2, Reply((part,)), shared)


def test_more_outputs_than_there_are_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        read_outcomes(CLASSES, 2, Reply((WELL, WELL)), memory())


def test_a_block_cannot_shrink_under_who_reads_it() -> None:
    import os

    block = Block.of_size(4096)
    for size in (0, 8192):
        with pytest.raises(PermissionError):
            os.ftruncate(block.descriptor, size)
    block.close()


def test_what_is_no_message_is_refused_and_its_descriptors_are_closed() -> None:
    import os
    import socket

    decoder: msgspec.msgpack.Decoder[Said] = msgspec.msgpack.Decoder(Said)
    for data in (b"\xc1", b"\x93\x01\x02\x03", msgspec.msgpack.encode({"type": "Exec", "x": 1})):
        ours, theirs = pair()
        read, write = os.pipe()
        socket.send_fds(theirs, [data], [write])
        os.close(write)
        with pytest.raises(msgspec.DecodeError):
            receive(ours, decoder)
        assert os.read(read, 1) == b""  # nobody holds the other end any more
        os.close(read)
        ours.close()
        theirs.close()


def test_the_end_of_the_other_side_is_seen() -> None:
    ours, theirs = pair()
    send(theirs, Raised("A"))
    theirs.close()
    decoder: msgspec.msgpack.Decoder[Said] = msgspec.msgpack.Decoder(Said)
    said, descriptors = receive(ours, decoder)
    close(descriptors)
    assert said == Raised("A")
    with pytest.raises(Closed):
        receive(ours, decoder)
    with pytest.raises(Closed):
        send(ours, Raised("B"))
    ours.close()

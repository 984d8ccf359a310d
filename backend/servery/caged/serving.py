"""Serving a model from a caged process: requests in, outcomes out, one after the other."""

import os
import signal
import socket
from collections.abc import Sequence
from mmap import mmap
from typing import Any, NoReturn

import msgspec
import numpy as np
import sklearn.ensemble
import sklearn.pipeline  # noqa: F401 - what most models are made of: every fork has it

from servery.artifact import open_estimator, require_published
from servery.artifact.specs import Loaded, ServeSpec
from servery.cage.messages import Block, Closed, receive, send
from servery.cage.tasks import Result
from servery.errors import ArtifactRejected, CompiledUnreadable
from servery.garbage import collect_rarely
from servery.runtimes import Runtime
from servery.runtimes.columns import ColumnOutcomes, as_columns
from servery.runtimes.sklearn import SklearnRuntime
from servery.runtimes.wire import (
    Ask,
    ColumnReader,
    OutputFigures,
    Raised,
    Reply,
    Writer,
    begin,
)
from servery.signature import Signature

#: The process ends itself so long after the deadline of a request, if nobody ended it before.
GRACE_S = 2


def serve(spec: bytes, data: bytes) -> Result:
    """Open a model and answer for it."""
    asked = msgspec.json.decode(spec, type=ServeSpec)
    try:
        runtime, fitted_with = _opened(asked, data)
    except (ArtifactRejected, CompiledUnreadable) as error:
        if isinstance(error.__cause__, MemoryError):
            raise error.__cause__ from error
        return Result(msgspec.json.encode(Loaded(complaint=str(error)[:4000])))
    loaded = msgspec.json.encode(Loaded(fitted_with))

    def answer(requests: socket.socket) -> NoReturn:
        _answer_all(runtime, asked.signature, requests)

    return Result(loaded, answer)


def _opened(spec: ServeSpec, data: bytes) -> tuple[Runtime, str | None]:
    require_published(data, spec.artifact)
    if spec.facts.name == "onnx":
        from servery.runtimes.onnx import OnnxRuntime

        return OnnxRuntime(data, spec.signature), None
    opened = open_estimator(data, spec.load.file, spec.load.policy())
    runtime = SklearnRuntime(opened.estimator, spec.signature, spec.facts)
    return runtime, opened.fitted_with


def _answer_all(runtime: Runtime, signature: Signature, requests: socket.socket) -> NoReturn:
    collect_rarely()
    reader = ColumnReader(signature)
    decoder = msgspec.msgpack.Decoder(Ask)
    while True:
        ask, descriptors = receive(requests, decoder)
        reply, block = socket.socket(fileno=descriptors[0]), Block(descriptors[1])
        signal.alarm(int(ask.deadline_s) + GRACE_S)
        said = _answered(runtime, reader, ask, block)
        signal.alarm(0)
        _send_if_wanted(reply, said)
        reply.close()
        block.close()


def _send_if_wanted(reply: socket.socket, said: Reply | Raised) -> None:
    try:
        send(reply, said)
    except Closed:
        return


def _answered(runtime: Runtime, reader: ColumnReader, ask: Ask, block: Block) -> Reply | Raised:
    with block.map() as memory:
        begin(memory, os.getpid())
        try:
            columns = reader.columns(ask, memory)
            outcomes = _outcomes(runtime, columns, as_rows=ask.as_rows)
            return _written(outcomes, memory)
        except Exception as error:  # an estimator may raise anything at all
            return Raised(type(error).__name__[:200])


def _outcomes(runtime: Runtime, columns: Sequence[Any], *, as_rows: bool) -> ColumnOutcomes:
    if as_rows:
        return as_columns(runtime.predict(list(zip(*columns, strict=True))))
    return runtime.predict_columns(columns)


def _written(outcomes: ColumnOutcomes, memory: mmap) -> Reply:
    writer = Writer(memory)
    parts = [_part(part, writer) for part in outcomes.parts or (outcomes,)]
    return Reply(tuple(parts))


def _part(outcomes: ColumnOutcomes, writer: Writer) -> OutputFigures:
    return OutputFigures(
        values=writer.figures(outcomes.values, np.float64),
        classes=writer.figures(outcomes.classes, np.int64),
        probabilities=writer.figures(outcomes.probabilities, np.float64),
        scores=writer.figures(outcomes.scores, np.float64),
    )

"""Serving a model from a caged process: requests in, outcomes out, one after the other."""

import os
import signal
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from mmap import mmap
from typing import Any, NoReturn

import msgspec
import numpy as np
import sklearn.ensemble
import sklearn.pipeline  # noqa: F401 - what most models are made of: every fork has it

from servery.artifact import require_published
from servery.artifact.opening import open_estimator
from servery.artifact.specs import Loaded, ServeSpec
from servery.cage.messages import Block, Closed, receive, send
from servery.cage.tasks import Result
from servery.errors import ArtifactRejected, CompiledUnreadable
from servery.estimators.parts import labels_follow_probabilities
from servery.garbage import collect_rarely
from servery.runtimes import Runtime
from servery.runtimes.columns import ColumnOutcomes, as_columns
from servery.runtimes.sense import senseless
from servery.runtimes.sklearn import SklearnRuntime
from servery.runtimes.wire import (
    Ask,
    ColumnReader,
    OutputFigures,
    Raised,
    Reply,
    Said,
    Senseless,
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
        model = _opened(asked, data)
    except (ArtifactRejected, CompiledUnreadable) as error:
        if isinstance(error.__cause__, MemoryError):
            raise error.__cause__ from error
        return Result(msgspec.json.encode(Loaded(complaint=str(error)[:4000])))
    loaded = msgspec.json.encode(model.loaded)

    def answer(requests: socket.socket) -> NoReturn:
        _answer_all(model, requests)

    return Result(loaded, answer)


@dataclass(frozen=True, slots=True)
class _Model:
    """What answers in this process.

    Attributes
    ----------
    labels_follow
        See `senseless`.
    """

    runtime: Runtime
    signature: Signature
    loaded: Loaded
    labels_follow: bool = False


def _opened(spec: ServeSpec, data: bytes) -> _Model:
    require_published(data, spec.artifact)
    if spec.facts.name == "onnx":
        from servery.runtimes.onnx import OnnxRuntime

        return _Model(OnnxRuntime(data, spec.signature), spec.signature, Loaded())
    opened = open_estimator(data, spec.load.file, spec.load.policy())
    runtime = SklearnRuntime(opened.estimator, spec.signature, spec.facts)
    labels_follow = labels_follow_probabilities(opened.estimator, spec.signature.output)
    loaded = Loaded(opened.fitted_with, unfaithful=opened.unfaithful)
    return _Model(runtime, spec.signature, loaded, labels_follow)


def _answer_all(model: _Model, requests: socket.socket) -> NoReturn:
    collect_rarely()
    reader = ColumnReader(model.signature)
    decoder = msgspec.msgpack.Decoder(Ask)
    while True:
        ask, descriptors = receive(requests, decoder)
        reply, block = socket.socket(fileno=descriptors[0]), Block(descriptors[1])
        signal.alarm(int(ask.deadline_s) + GRACE_S)
        said = _answered(model, reader, ask, block)
        signal.alarm(0)
        _send_if_wanted(reply, said)
        reply.close()
        block.close()


def _send_if_wanted(reply: socket.socket, said: Said) -> None:
    try:
        send(reply, said)
    except Closed:
        return


def _answered(model: _Model, reader: ColumnReader, ask: Ask, block: Block) -> Said:
    with block.map() as memory:
        begin(memory, os.getpid())
        try:
            columns = reader.columns(ask, memory)
            outcomes = _outcomes(model.runtime, columns, as_rows=ask.as_rows)
            output, labels_follow = model.signature.output, model.labels_follow
            fault = senseless(output, outcomes, labels_follow=labels_follow)
            if fault is not None:
                return Senseless(fault)
            return _written(outcomes, memory)
        except Exception as error:  # an estimator may raise anything at all
            return Raised(type(error).__name__[:200])


def _outcomes(runtime: Runtime, columns: Sequence[Any], *, as_rows: bool) -> ColumnOutcomes:
    if as_rows:
        return as_columns(runtime.predict(list(zip(*columns, strict=True))))
    return runtime.predict_columns([_as_array(column) for column in columns])


def _as_array(column: Any) -> Any:  # noqa: ANN401 - an array of floats, or a list of values
    if isinstance(column, np.ndarray):
        return column
    return np.fromiter(column, dtype=object, count=len(column))


def _written(outcomes: ColumnOutcomes, memory: mmap) -> Reply:
    writer = Writer(memory)
    parts = [_part(part, writer) for part in outcomes.parts or (outcomes,)]
    return Reply(tuple(parts), writer.figures(outcomes.known_words, np.float64))


def _part(outcomes: ColumnOutcomes, writer: Writer) -> OutputFigures:
    return OutputFigures(
        values=writer.figures(outcomes.values, np.float64),
        classes=writer.figures(outcomes.classes, np.int64),
        probabilities=writer.figures(outcomes.probabilities, np.float64),
        scores=writer.figures(outcomes.scores, np.float64),
    )

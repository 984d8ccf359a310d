"""Serving a model from a caged process: requests in, outcomes out.

Requests are answered one after the other. If asking for their rows together gives the same answers
sooner, all that wait are answered together; nobody waits for others to come.
"""

import contextlib
import os
import signal
import socket
from collections.abc import Iterator, Sequence
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
#: Requests that are answered together at most, and the rows of each of them.
MOST_GATHERED, MOST_ROWS_GATHERED = 16, 8


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
        collect_rarely()
        _answer_all(model, requests)

    return Result(loaded, answer)


@dataclass(frozen=True, slots=True)
class _Model:
    """What answers in this process.

    Attributes
    ----------
    gathers
        See `RuntimeFacts`.
    labels_follow
        See `senseless`.
    """

    runtime: Runtime
    signature: Signature
    loaded: Loaded
    gathers: bool
    labels_follow: bool = False

    def fault_of(self, outcomes: ColumnOutcomes) -> str | None:
        """Return what is wrong with answers, as the end of a sentence."""
        return senseless(self.signature.output, outcomes, labels_follow=self.labels_follow)


def _opened(spec: ServeSpec, data: bytes) -> _Model:
    require_published(data, spec.artifact)
    if spec.facts.name == "onnx":
        from servery.runtimes.onnx import OnnxRuntime

        runtime: Runtime = OnnxRuntime(data, spec.signature)
        return _Model(runtime, spec.signature, Loaded(), spec.facts.gathers)
    opened = open_estimator(data, spec.load.file, spec.load.policy())
    runtime = SklearnRuntime(opened.estimator, spec.signature, spec.facts)
    labels_follow = labels_follow_probabilities(opened.estimator, spec.signature.output)
    loaded = Loaded(opened.fitted_with, unfaithful=opened.unfaithful)
    return _Model(runtime, spec.signature, loaded, spec.facts.gathers, labels_follow)


def _answer_all(model: _Model, requests: socket.socket) -> NoReturn:
    reader = ColumnReader(model.signature)
    decoder = msgspec.msgpack.Decoder(Ask)
    while True:
        asked = [_Asked.taken(*receive(requests, decoder))]
        with contextlib.suppress(BlockingIOError):  # nobody else waits
            while model.gathers and len(asked) < MOST_GATHERED:
                asked.append(_Asked.taken(*receive(requests, decoder, socket.MSG_DONTWAIT)))
        deadline_s = int(max(each.ask.deadline_s for each in asked)) + GRACE_S
        signal.alarm(deadline_s)
        for each, said in zip(asked, _answers(model, reader, asked), strict=True):
            _send_if_wanted(each.reply, said)
            each.close()
            signal.alarm(deadline_s)
        signal.alarm(0)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request, the socket for its answer, and the memory that both share."""

    ask: Ask
    reply: socket.socket
    block: Block
    memory: mmap

    @classmethod
    def taken(cls, ask: Ask, descriptors: Sequence[int]) -> "_Asked":
        block = Block(descriptors[1])
        memory = block.map()
        begin(memory, os.getpid())
        return cls(ask, socket.socket(fileno=descriptors[0]), block, memory)

    @property
    def is_small(self) -> bool:
        return self.ask.as_rows and self.ask.rows <= MOST_ROWS_GATHERED

    def close(self) -> None:
        self.memory.close()
        self.reply.close()
        self.block.close()


def _answers(model: _Model, reader: ColumnReader, asked: Sequence[_Asked]) -> Iterator[Said]:
    """Answer requests in their order, small ones by one call of the runtime."""
    small = [each for each in asked if each.is_small]
    said = iter(_answered_together(model, reader, small) if len(small) > 1 else ())
    for each in asked:
        together = next(said, None) if each.is_small else None
        yield together or _answered(model, reader, each)


def _answered_together(
    model: _Model, reader: ColumnReader, asked: Sequence[_Asked]
) -> Sequence[Said]:
    """Return an answer to each request; none where one of them has a fault: each is asked alone."""
    try:
        rows = [
            row
            for each in asked
            for row in zip(*reader.columns(each.ask, each.memory), strict=True)
        ]
        outcomes = as_columns(model.runtime.predict(rows))
        if model.fault_of(outcomes) is not None:
            return ()
        parts = outcomes.split([each.ask.rows for each in asked])
        return [_written(part, each.memory) for part, each in zip(parts, asked, strict=True)]
    except Exception:  # an estimator may raise anything at all
        return ()


def _send_if_wanted(reply: socket.socket, said: Said) -> None:
    try:
        send(reply, said)
    except Closed:
        return


def _answered(model: _Model, reader: ColumnReader, asked: _Asked) -> Said:
    try:
        columns = reader.columns(asked.ask, asked.memory)
        outcomes = _outcomes(model.runtime, columns, as_rows=asked.ask.as_rows)
        fault = model.fault_of(outcomes)
        return _written(outcomes, asked.memory) if fault is None else Senseless(fault)
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

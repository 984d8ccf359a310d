"""A model that is computed by a caged process: the side that asks.

It behaves like the runtime that the process has. What a request costs if the model hangs or dies
is an error for that request, and nothing for any other model.
"""

import contextlib
import os
import socket
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from mmap import mmap

import msgspec

from servery.cage.client import Cages, Lease
from servery.cage.messages import Block, Closed, pair, receive, send
from servery.cage.status import CageState
from servery.errors import ModelDied, ModelSetAside, ModelTimedOut, TooBusy
from servery.runtimes import Coalitions, Floats, Outcomes, figures_of
from servery.runtimes.columns import Column, ColumnOutcomes, Columns
from servery.runtimes.sense import SenselessAnswer
from servery.runtimes.wire import (
    ALIGNMENT_BYTES,
    Ask,
    ColumnSpan,
    Raised,
    Reply,
    Said,
    Senseless,
    Writer,
    begin,
    begun_by,
    encoded_column,
    read_outcomes,
    room_for,
)
from servery.signature import Output, Row, Signature

#: Requests that one web process has under way with one model; more are turned away.
MOST_AT_ONCE = 16
#: Rows in one request to a process, so that a deadline means the same for tables of any length.
MOST_ROWS = 10_000
#: A request that waits so long for a free process asks for one more.
WAITS_S = 0.01
#: One web process asks so often at most.
ASKS_MORE_S = 1.0
#: How often a request that waits longer looks what has become of it.
LOOKS_S = 0.25
#: While a model's process is started again, a request waits for so long.
RESTART_S = 2.0
SMALLEST_BLOCK_BYTES = 1 << 16
_decoder: "msgspec.msgpack.Decoder[Said]" = msgspec.msgpack.Decoder(Said)
_runtimes: "weakref.WeakSet[CagedRuntime]" = weakref.WeakSet()


class EstimatorRaised(Exception):
    """The estimator raised an exception; the text is its class."""


@dataclass(slots=True)
class Shared:
    """A block and its memory in this process."""

    block: Block
    memory: mmap

    @classmethod
    def of_size(cls, size_bytes: int) -> "Shared":
        """Make one."""
        block = Block.of_size(size_bytes)
        return cls(block, block.map())

    def close(self) -> None:
        """Close both."""
        self.memory.close()
        self.block.close()


class CagedRuntime:
    """Asks the processes of a lease.

    Parameters
    ----------
    name
        The runtime that the process has: ``sklearn`` or ``onnx``.
    open_lease
        Opens the model; called again if the keeper is gone.
    timeout_s
        How long a process may take over one request.
    """

    is_caged = True

    def __init__(
        self,
        name: str,
        signature: Signature,
        cages: Cages,
        open_lease: Callable[[], Lease],
        timeout_s: float,
    ) -> None:
        self.name = name
        self._output: Output = signature.output
        self._cages = cages
        self._open_lease = open_lease
        self._timeout_s = timeout_s
        self._lease = open_lease()
        self._opening = threading.Lock()
        self._turns = threading.BoundedSemaphore(MOST_AT_ONCE)
        self._free: deque[Shared] = deque()
        self._asks_more_at = 0.0
        _runtimes.add(self)

    @property
    def opened(self) -> bytes:
        """What the process said when it had opened the model."""
        return self._lease.result

    @property
    def set_aside(self) -> str | None:
        """Why the model is asked no more; None while it is."""
        return _set_aside(self._lease)

    def predict(self, rows: Sequence[Row]) -> Outcomes:
        """Predict parsed rows."""
        columns = list(zip(*rows, strict=True))
        return _as_rows(self._predict(columns, len(rows), as_rows=True))

    def figures(self, coalitions: Coalitions) -> Floats:
        """Predict the rows of coalitions."""
        return figures_of(self._output, self.predict(coalitions.rows()))

    def predict_columns(self, columns: Columns) -> ColumnOutcomes:
        """Predict many parsed rows, given as columns."""
        rows = len(columns[0])
        return self._predict(columns, rows, as_rows=False)

    def _predict(
        self, columns: Sequence[Column | Sequence[object]], rows: int, *, as_rows: bool
    ) -> ColumnOutcomes:
        if rows <= MOST_ROWS:
            return self._ask(columns, rows, as_rows=as_rows)
        pieces = []
        for start in range(0, rows, MOST_ROWS):
            piece = [column[start : start + MOST_ROWS] for column in columns]
            pieces.append(self._ask(piece, min(MOST_ROWS, rows - start), as_rows=as_rows))
        return ColumnOutcomes.joined(pieces)

    def _ask(
        self, columns: Sequence[Column | Sequence[object]], rows: int, *, as_rows: bool
    ) -> ColumnOutcomes:
        """Send one request and wait for its answer.

        Raises
        ------
        TooBusy, ModelDied, ModelTimedOut, ModelSetAside, EstimatorRaised, SenselessAnswer
            What became of it.
        """
        if not self._turns.acquire(blocking=False):
            raise TooBusy("Too many requests wait for this model; try again in a moment.")
        try:
            encoded = [encoded_column(column) for column in columns]
            needed = ALIGNMENT_BYTES + sum(len(data) + ALIGNMENT_BYTES for _, data in encoded)
            shared = self._take_block(max(needed, room_for(self._output, rows)))
            try:
                writer = Writer(shared.memory)
                spans = tuple(
                    [ColumnSpan(kind, writer.put(data), len(data)) for kind, data in encoded]
                )
                reply = self._exchange(Ask(as_rows, rows, spans, self._timeout_s), shared)
                outcomes = read_outcomes(self._output, rows, reply, shared.memory)
            except BaseException:
                shared.close()  # a process that was given up may still write to it
                raise
            self._free.append(shared)
            return outcomes
        finally:
            self._turns.release()

    def leave_blocks(self) -> None:
        """Close the blocks that wait for the next request."""
        while self._free:
            self._free.pop().close()

    def _take_block(self, size_bytes: int) -> Shared:
        with contextlib.suppress(IndexError):
            shared = self._free.pop()
            if len(shared.memory) >= size_bytes:
                return shared
            shared.close()
        return Shared.of_size(max(SMALLEST_BLOCK_BYTES, 1 << (size_bytes - 1).bit_length()))

    def _exchange(self, ask: Ask, shared: Shared) -> Reply:
        lease = self._lease
        if reason := _set_aside(lease):
            raise ModelSetAside(reason)
        begin(shared.memory, 0)
        ours, theirs = pair()
        with ours:
            with theirs:
                lease = self._send(lease, ask, [theirs.fileno(), shared.block.descriptor])
            said = self._reply(lease, ours, shared.memory)
        if isinstance(said, Raised):
            raise EstimatorRaised(said.kind)
        if isinstance(said, Senseless):
            raise SenselessAnswer(said.fault)
        return said

    def _send(self, lease: Lease, ask: Ask, descriptors: Sequence[int]) -> Lease:
        """Send a request to whichever process is free, and return the lease that took it."""
        try:
            send(lease.entrance, ask, descriptors, socket.MSG_DONTWAIT)
        except BlockingIOError as error:
            raise TooBusy("Too many requests wait for this model; try again soon.") from error
        except Closed:  # the keeper is gone, and every process with it
            lease = self._opened_again(lease)
            send(lease.entrance, ask, descriptors)
        return lease

    def _opened_again(self, gone: Lease) -> Lease:
        with self._opening:
            if self._lease is gone:
                self._lease = self._open_lease()
            return self._lease

    def _reply(self, lease: Lease, ours: socket.socket, memory: mmap) -> Said:
        """Wait for the answer: first for a process to take the request, then for what it says."""
        ours.settimeout(WAITS_S)
        deadline = time.monotonic() + self._timeout_s
        process = 0
        while True:
            try:
                return receive(ours, _decoder)[0]
            except TimeoutError as error:
                now = time.monotonic()
                if not process and (process := begun_by(memory)):
                    deadline = now + self._timeout_s
                if not process:
                    deadline = self._wait_on(lease, deadline, now)
                if now >= deadline:
                    raise self._overdue(lease, process) from error
                ours.settimeout(max(0.001, min(deadline - now, LOOKS_S)))
            except (Closed, msgspec.DecodeError) as error:
                raise self._death(lease) from error

    def _wait_on(self, lease: Lease, deadline: float, now: float) -> float:
        """Ask for one more process, and return until when to wait for one."""
        if now >= self._asks_more_at:  # the keeper would only say each time that there are enough
            self._asks_more_at = now + ASKS_MORE_S
            self._cages.more(lease.key)
        is_restarting = lease.page.state is CageState.RESTARTING
        return min(deadline, now + RESTART_S) if is_restarting else deadline

    def _overdue(self, lease: Lease, process: int) -> Exception:
        """Return what became of a request whose time is over; end the process that has it."""
        if process:
            self._cages.overdue(lease.key, process, self._timeout_s)
            return ModelTimedOut(f"The model took longer than {self._timeout_s:g} s to answer.")
        if lease.page.state is CageState.RESTARTING:
            return self._death(lease)
        return TooBusy("No process of this model became free in time; try again soon.")

    def _death(self, lease: Lease) -> ModelDied | ModelSetAside:
        if reason := _set_aside(lease):
            return ModelSetAside(reason)
        return ModelDied("The process of this model died; it is being started again.")


def _leave_blocks() -> None:
    for runtime in _runtimes:
        runtime.leave_blocks()


# Two processes that wrote to one block would read each other's answers.
os.register_at_fork(after_in_child=_leave_blocks)


def _set_aside(lease: Lease) -> str | None:
    page = lease.page
    return (
        f"The model was set aside: it {page.sentence}."
        if page.state is CageState.SET_ASIDE
        else None
    )


def _as_rows(outcomes: ColumnOutcomes) -> Outcomes:
    known_words = None if outcomes.known_words is None else outcomes.known_words.tolist()
    if outcomes.parts is not None:
        parts = [_as_rows(part) for part in outcomes.parts]
        return Outcomes(parts=parts, known_words=known_words)
    return Outcomes(
        values=None if outcomes.values is None else outcomes.values.tolist(),
        classes=None if outcomes.classes is None else outcomes.classes.tolist(),
        probabilities=None if outcomes.probabilities is None else outcomes.probabilities.tolist(),
        scores=None if outcomes.scores is None else outcomes.scores.tolist(),
        known_words=known_words,
    )

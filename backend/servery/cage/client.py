"""How a process asks for caged processes: one keeper, started when it is first needed.

Processes that are forked later share the keeper with the one that started it.
"""

import atexit
import contextlib
import os
import socket
import sys
import threading
import time
import weakref
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

from servery.cage import ENVIRON
from servery.cage.inherited import environ_of_python
from servery.cage.keeper import death_sentence
from servery.cage.messages import Block, Closed, close, pair, receive, send
from servery.cage.requests import (
    STARTING_S,
    Answer,
    CageLimits,
    Done,
    Failed,
    More,
    Overdue,
    Request,
    Run,
    Serve,
)
from servery.cage.status import StatusPage

#: A keeper that nobody asks any more ends its processes and itself in far less.
ENDING_S = 1.0
_decoder = msgspec.msgpack.Decoder(Answer)


class CageFailed(Exception):
    """A caged process did not do its task; the text is the end of a sentence."""

    def __init__(self, failed: Failed) -> None:
        self.failed = failed
        super().__init__(death_sentence(failed))


@dataclass(slots=True, weakref_slot=True)
class Lease:
    """A model that caged processes serve for as long as any process holds this.

    Attributes
    ----------
    result
        What the task handed back when the model was opened.
    entrance
        Takes requests; whichever of the model's processes is free reads the next one.
    """

    key: str
    result: bytes
    page: StatusPage
    entrance: socket.socket


class Cages:
    """The keeper of this process, and of those that are forked from it.

    Parameters
    ----------
    modules
        A folder of the user's own modules, which trusted code is imported from.
    threads
        Threads of one calculation.
    """

    def __init__(self, modules: Path | None = None, threads: int = 1) -> None:
        self._modules = modules
        self._threads = threads
        self._starting = threading.Lock()
        self._control: socket.socket | None = None
        self._keeper = 0

    def start(self) -> None:
        """Start the keeper now, so that processes forked later share it."""
        self._connected()

    def run(self, task: str, spec: bytes, data: int | bytes, limits: CageLimits) -> bytes:
        """Have a task done by a caged process, and return its result.

        Parameters
        ----------
        data
            The untrusted bytes, or an open descriptor of them.

        Raises
        ------
        CageFailed
            The process crashed, took too long, or tried what it may not do.
        """
        request = Run(task, limits, len(spec))
        answer, descriptors, lease = self._ask(request, spec, data, limits.timeout_s)
        lease.close()
        return _result(answer, descriptors[0])

    def serve(
        self,
        key: str,
        task: str,
        spec: bytes,
        data: int | bytes,
        limits: CageLimits,
        most_processes: int,
    ) -> Lease:
        """Have a task done by a process that then answers requests.

        Raises
        ------
        CageFailed
            It did not come to that.
        """
        request = Serve(key, task, limits, len(spec), most_processes)
        answer, descriptors, socket_ = self._ask(request, spec, data, limits.timeout_s)
        page, entrance = Block(descriptors[1]), socket.socket(fileno=descriptors[2])
        lease = Lease(key, _result(answer, descriptors[0]), StatusPage(page), entrance)
        weakref.finalize(lease, _let_go, socket_, entrance, page)
        return lease

    def more(self, key: str) -> None:
        """Say that a request had to wait."""
        self._send_control(More(key))

    def overdue(self, key: str, process: int, timeout_s: float) -> None:
        """Say that a process has taken longer over a request than it may."""
        self._send_control(Overdue(key, process, timeout_s))

    def close(self) -> None:
        """End the keeper, unless other processes share it; it starts again when it is needed."""
        with self._starting:
            if self._control is not None:
                self._control.close()
                self._control = None
                self._await_end()

    def _await_end(self) -> None:
        """Wait for a keeper to end; one that other processes share keeps running."""
        deadline = time.monotonic() + ENDING_S
        with contextlib.suppress(ChildProcessError):  # started by the process before a fork
            while not any(os.waitpid(self._keeper, os.WNOHANG)) and time.monotonic() < deadline:
                time.sleep(0.005)

    def _send_control(self, request: Request) -> None:
        with contextlib.suppress(Closed, BlockingIOError):
            if self._control is not None:
                send(self._control, request, flags=socket.MSG_DONTWAIT)

    def _ask(
        self, request: Run | Serve, spec: bytes, data: int | bytes, timeout_s: float
    ) -> tuple[Done, list[int], socket.socket]:
        """Ask the keeper, one that was just started if the one before is gone."""
        try:
            answer, descriptors, lease = self._ask_once(request, spec, data, timeout_s)
        except Closed:
            self.close()
            try:
                answer, descriptors, lease = self._ask_once(request, spec, data, timeout_s)
            except Closed as error:
                raise CageFailed(Failed("exit")) from error
        if isinstance(answer, Failed):
            close(descriptors)
            lease.close()
            raise CageFailed(answer)
        return answer, descriptors, lease

    def _ask_once(
        self, request: Run | Serve, spec: bytes, data: int | bytes, timeout_s: float
    ) -> tuple[Answer, list[int], socket.socket]:
        control = self._connected()
        lease, its_lease = pair()
        blocks = [Block.holding(spec)]
        if isinstance(data, bytes):
            blocks.append(Block.holding(data))
        descriptors = [block.descriptor for block in blocks]
        if not isinstance(data, bytes):
            descriptors.append(data)
        try:
            with its_lease:
                send(control, request, [its_lease.fileno(), *descriptors])
            # The keeper ends a task that takes too long; this only bounds a keeper that hangs.
            lease.settimeout(STARTING_S + 2 * timeout_s)
            answer, received = receive(lease, _decoder)
        except TimeoutError:
            lease.close()
            return Failed("time", f"{timeout_s:g}"), [], lease
        except Closed:
            lease.close()
            raise
        finally:
            for block in blocks:
                block.close()
        return answer, received, lease

    def _connected(self) -> socket.socket:
        with self._starting:
            if self._control is None:
                self._control, theirs = pair()
                atexit.register(self._control.close)
                with theirs:
                    self._start_keeper(theirs.fileno())
            return self._control

    def _start_keeper(self, descriptor: int) -> None:
        environ = environ_of_python(self._modules)
        threads = str(self._threads)
        environ |= {**ENVIRON, "OMP_NUM_THREADS": threads}
        environ |= {"OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
        os.set_inheritable(descriptor, True)
        # It ends when nobody holds the other side of its socket; nobody waits for it before.
        self._keeper = os.posix_spawn(
            sys.executable,
            [sys.executable, "-P", "-m", "servery.servers.cage_keeper", str(descriptor)],
            environ,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1)
            ],
        )


@cache
def cages(modules: Path | None = None, threads: int = 1) -> Cages:
    """Return the cages of this process; all that ask for the same share one keeper."""
    return Cages(modules, threads)


def _result(answer: Done, descriptor: int) -> bytes:
    block = Block(descriptor)
    try:
        return block.read(answer.result_bytes)
    except ValueError as error:
        raise CageFailed(Failed("exit")) from error
    finally:
        block.close()


def _let_go(lease: socket.socket, entrance: socket.socket, page: Block) -> None:
    lease.close()
    entrance.close()
    page.close()

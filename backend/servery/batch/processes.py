"""Work done by several processes, its results in the order of what was given.

The processes are forks, so that an opened model is theirs at once. What goes to and fro lies in
memory that they share with this one: a pipe would have to carry each chunk in thousands of pieces.
"""

import mmap
import multiprocessing
import os
import pickle
import signal
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

from servery.errors import ModelFailed

Given = TypeVar("Given")
Made = TypeVar("Made")

#: Of the memory that is shared with each process, in each direction; more goes through its pipe.
SHARED_BYTES = 16 * 1024**2
#: Results that wait for an earlier one, for each process.
AHEAD = 2


def can_fork() -> bool:
    """Return whether this system forks processes."""
    return "fork" in multiprocessing.get_all_start_methods()


class Letterbox:
    """One direction of what two processes tell each other.

    Pickles are written to and read from the memory itself, so that what is large in them, the bytes
    of a chunk, is copied once in each process.
    """

    def __init__(self) -> None:
        self._shared = mmap.mmap(-1, SHARED_BYTES)

    def send(self, connection: Connection, value: object) -> None:
        """Send a value, which the other side has to receive before the next one."""
        self._shared.seek(0)
        try:
            pickle.dump(value, self._shared, protocol=pickle.HIGHEST_PROTOCOL)
        except ValueError:  # it is larger than the memory
            connection.send(pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL))
        else:
            connection.send(None)

    def receive(self, connection: Connection) -> Any:  # noqa: ANN401 - what was sent
        """Return what was sent.

        Raises
        ------
        EOFError
            The other process is gone.
        """
        data = connection.recv()
        if data is not None:
            return pickle.loads(data)  # noqa: S301 - our own
        return pickle.load(Read(memoryview(self._shared)))  # noqa: S301


class Read:
    """Reads memory as a file, what is asked for into where it is wanted."""

    def __init__(self, memory: memoryview) -> None:
        self._memory = memory
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        start, self._at = self._at, len(self._memory) if size < 0 else self._at + size
        return bytes(self._memory[start : self._at])

    def readinto(self, buffer: "bytearray | memoryview") -> int:
        """Read as much as a buffer holds."""
        start, self._at = self._at, self._at + len(buffer)
        buffer[:] = self._memory[start : self._at]
        return len(buffer)

    def readline(self) -> bytes:
        """Refuse: pickles of this protocol have no lines."""
        raise NotImplementedError


class Worker(Generic[Given, Made]):
    """A process that does one thing after another."""

    def __init__(self, work: Callable[[Given], Made]) -> None:
        context = multiprocessing.get_context("fork")
        self._there, self._back = Letterbox(), Letterbox()
        self.connection, other = context.Pipe()
        self._process = context.Process(target=self._serve, args=(work, other), daemon=True)
        self._process.start()
        other.close()

    def give(self, number: int, given: Given) -> None:
        """Give it something to do; it must be idle."""
        self._there.send(self.connection, (number, given))

    def take(self) -> tuple[int, Made]:
        """Return what it made, or raise what it raised."""
        try:
            number, made, error = self._back.receive(self.connection)
        except (EOFError, ConnectionError):
            self._process.join(timeout=5)
            raise ModelFailed(
                "A process that scored rows was ended from outside "
                f"(exit code {self._process.exitcode}); perhaps memory ran out."
            ) from None
        if error is not None:
            raise error
        return number, made

    def stop(self) -> None:
        """End it, whatever it is at."""
        self.connection.close()
        self._process.kill()
        self._process.join()

    def _serve(self, work: Callable[[Given], Made], connection: Connection) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process says when to stop
        self.connection.close()
        while True:
            try:
                number, given = self._there.receive(connection)
            except (EOFError, ConnectionError):
                os._exit(0)
            answer: tuple[int, Any, Exception | None]
            try:
                answer = (number, work(given), None)
            except Exception as error:  # it is raised again where it can be told
                answer = (number, None, sendable(error))
            self._back.send(connection, answer)


def sendable(error: Exception) -> Exception:
    """Return an error that survives being sent to another process."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    except Exception:  # whatever keeps it from being rebuilt
        return ModelFailed(f"{type(error).__name__}: {error}")
    return error


def ordered(
    work: Callable[[Given], Made], given: Iterable[Given], processes: int
) -> Iterator[Made]:
    """Do work on each thing given by several processes; results come in the order of the things."""
    workers: list[Worker[Given, Made]] = [Worker(work) for _ in range(processes)]
    idle = list(workers)
    busy: dict[Connection, Worker[Given, Made]] = {}
    early: dict[int, Made] = {}
    due = 0
    things = enumerate(given)
    thing = next(things, None)
    try:
        while thing is not None or busy or early:
            if thing is not None and idle and len(early) < AHEAD * processes:
                worker = idle.pop()
                worker.give(*thing)
                busy[worker.connection] = worker
                thing = next(things, None)
                continue
            if due in early:  # after all have something to do: whoever takes it has to write it
                yield early.pop(due)
                due += 1
                continue
            ready = wait(list(busy))
            for connection in [each for each in busy if each in ready]:
                worker = busy.pop(connection)
                number, made = worker.take()
                early[number] = made
                idle.append(worker)
    finally:
        for worker in workers:
            worker.stop()

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

from servery.errors import ModelFailed, TableTooLarge

Given = TypeVar("Given")
Made = TypeVar("Made")

#: The most that is told at once. Of the memory that is set aside for it, only what is used counts.
SHARED_BYTES = 256 * 1024**2
#: Things that a process has to do at a time: the next one is there when it is done with one.
AT_ONCE = 2
#: Results that wait for an earlier one, for each process.
AHEAD = 2


def can_fork() -> bool:
    """Return whether this system forks processes."""
    return "fork" in multiprocessing.get_all_start_methods()


class Letterbox:
    """One direction of what two processes tell each other, at most `AT_ONCE` ahead of the reader.

    Pickles are written to and read from the memory itself, so that what is large in them, the bytes
    of a chunk, is copied once in each process.
    """

    def __init__(self) -> None:
        self._slots = [mmap.mmap(-1, SHARED_BYTES) for _ in range(AT_ONCE)]
        self._told = 0

    def send(self, connection: Connection, value: object) -> None:
        """Send a value.

        Raises
        ------
        TableTooLarge
            It is larger than the memory.
        """
        slot = self._slots[self._told % AT_ONCE]
        slot.seek(0)
        try:
            pickle.dump(value, slot, protocol=pickle.HIGHEST_PROTOCOL)
        except ValueError as error:  # how that memory says that it is full
            raise TableTooLarge(
                f"Some rows are larger than {SHARED_BYTES:,} bytes together, which several "
                "processes cannot tell each other; take a single one."
            ) from error
        self._told += 1
        connection.send_bytes(b"there")

    def receive(self, connection: Connection) -> Any:  # noqa: ANN401 - what was sent
        """Return what was sent.

        Raises
        ------
        EOFError
            The other process is gone.
        """
        connection.recv_bytes()
        slot = self._slots[self._told % AT_ONCE]
        self._told += 1
        return pickle.load(Read(memoryview(slot)))  # noqa: S301 - our own


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
        self.has_to_do = 0

    def give(self, number: int, given: Given) -> None:
        """Give it something to do; it must have less than `AT_ONCE` things."""
        self.has_to_do += 1
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
        self.has_to_do -= 1
        return number, made

    def stop(self) -> None:
        """End it, whatever it is at."""
        self.connection.close()
        self._process.kill()
        self._process.join()

    def _serve(self, work: Callable[[Given], Made], connection: Connection) -> None:
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):  # the first process says when to stop
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), signal.SIG_IGN)
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
            try:
                self._answer(connection, answer)
            except ConnectionError:
                os._exit(0)

    def _answer(self, connection: Connection, answer: tuple[int, Any, Exception | None]) -> None:
        try:
            self._back.send(connection, answer)
        except TableTooLarge as error:
            self._back.send(connection, (answer[0], None, error))


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
    called = {worker.connection: worker for worker in workers}
    early: dict[int, Made] = {}
    due = 0
    things = enumerate(given)
    thing = next(things, None)
    try:
        while True:
            worker = min(workers, key=lambda each: each.has_to_do)
            is_free = worker.has_to_do < AT_ONCE and len(early) < AHEAD * processes
            if thing is not None and is_free:
                worker.give(*thing)
                thing = next(things, None)
                continue
            if due in early:  # after all have something to do: whoever takes it has to write it
                yield early.pop(due)
                due += 1
                continue
            busy = [worker.connection for worker in workers if worker.has_to_do]
            if not busy:
                return
            for connection in wait(busy):
                number, made = called[connection].take()  # type: ignore[index] # one of them
                early[number] = made
    finally:
        for worker in workers:
            worker.stop()

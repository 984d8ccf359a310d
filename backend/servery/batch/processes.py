"""Work done by several processes, its results in the order of what was given.

This process is one of them: it reads, writes, and works where the others have enough to do. They
are forks, so that an opened model is theirs at once. What goes to and fro lies in memory that they
share with this one: a pipe would have to carry each chunk in thousands of pieces.
"""

import mmap
import multiprocessing
import os
import pickle
import signal
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

from servery.errors import ModelFailed, TableTooLarge

Given = TypeVar("Given")
Made = TypeVar("Made")

#: The largest message. Of the memory reserved for it, only what is used counts.
SHARED_BYTES = 256 * 1024**2
#: Things that a process has at a time: what it does, what it does next, and what is done and waits
#: for an earlier one.
AT_ONCE = 3
#: Things that a process does or does next; at the end, the others wait until it has done these.
AHEAD = 2
#: Where buffers begin in that memory, as Arrow likes to have them.
ALIGNMENT = 64


def can_fork() -> bool:
    """Return whether this system forks processes."""
    return "fork" in multiprocessing.get_all_start_methods()


class SharedChannel:
    """One direction of a channel between two processes, at most `AT_ONCE` ahead of the reader.

    Values are pickled into the memory itself, and their buffers (PEP 574), such as the cells of a
    result, are read where they lie: who receives one has it until `AT_ONCE` more were sent.
    """

    def __init__(self) -> None:
        self._slots = [mmap.mmap(-1, SHARED_BYTES) for _ in range(AT_ONCE)]
        self._handed_over = 0

    def send(self, connection: Connection, value: object) -> None:
        """Send a value.

        Raises
        ------
        TableTooLarge
            It is larger than the memory.
        """
        slot = self._slots[self._handed_over % AT_ONCE]
        slot.seek(0)
        buffers: list[pickle.PickleBuffer] = []
        try:
            pickle.dump(value, slot, protocol=5, buffer_callback=buffers.append)
            spans = [(0, slot.tell())]
            for buffer in buffers:
                start = -(-slot.tell() // ALIGNMENT) * ALIGNMENT
                slot.seek(start)
                slot.write(buffer.raw())
                spans.append((start, slot.tell()))
        except ValueError as error:  # how that memory says that it is full
            raise TableTooLarge(
                f"Some rows together exceed {SHARED_BYTES:,} bytes, the most that several "
                "processes can exchange. Use a single process."
            ) from error
        self._handed_over += 1
        connection.send(spans)

    def receive(self, connection: Connection) -> Any:  # noqa: ANN401 - what was sent
        """Return what was sent.

        Raises
        ------
        EOFError
            The other process is gone.
        """
        spans = connection.recv()
        memory = memoryview(self._slots[self._handed_over % AT_ONCE])
        self._handed_over += 1
        pickled, *buffers = (memory[start:end] for start, end in spans)
        return pickle.loads(pickled, buffers=buffers)  # noqa: S301 - our own


@dataclass(frozen=True, slots=True)
class Failed:
    """In the place of what should have been made: why it was not."""

    error: Exception


def attempted(work: Callable[[Given], Made], given: Given) -> Made | Failed:
    """Do work, and return what it made or what it raised."""
    try:
        return work(given)
    except Exception as error:  # it is raised again where it is due
        return Failed(error)


class Worker(Generic[Given, Made]):
    """A process that does one thing after another.

    Attributes
    ----------
    pending
        How many things it was given and has not answered.
    """

    def __init__(self, work: Callable[[Given], Made]) -> None:
        context = multiprocessing.get_context("fork")
        self._there, self._back = SharedChannel(), SharedChannel()
        self.connection, other = context.Pipe()
        self._process = context.Process(target=self._serve, args=(work, other), daemon=True)
        self._process.start()
        other.close()
        self.pending = 0

    def give(self, number: int, given: Given) -> None:
        """Give it something to do; it must have less than `AT_ONCE` things."""
        self.pending += 1
        self._there.send(self.connection, (number, given))

    def take(self) -> tuple[int, Made | Failed]:
        """Return what it made.

        Raises
        ------
        ModelFailed
            It is gone.
        """
        try:
            number, made = self._back.receive(self.connection)
        except (EOFError, ConnectionError):
            self._process.join(timeout=5)
            raise ModelFailed(
                f"A scoring process was killed (exit code {self._process.exitcode}). It may have "
                "run out of memory."
            ) from None
        self.pending -= 1
        return number, made

    def end(self) -> None:
        """End it, whatever it is at."""
        self.connection.close()
        self._process.kill()

    def join(self) -> None:
        """Wait until it is gone."""
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
            made = attempted(work, given)
            if isinstance(made, Failed):
                made = Failed(sendable(made.error))
            try:
                self._answer(connection, (number, made))
            except ConnectionError:
                os._exit(0)

    def _answer(self, connection: Connection, answer: tuple[int, Made | Failed]) -> None:
        try:
            self._back.send(connection, answer)
        except TableTooLarge as error:
            self._back.send(connection, (answer[0], Failed(error)))


def sendable(error: Exception) -> Exception:
    """Return an error that survives being sent to another process."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    except Exception:  # whatever keeps it from being rebuilt
        return ModelFailed(f"{type(error).__name__}: {error}")
    return error


class Things(Generic[Given]):
    """The given items, numbered; an error ends them, and is raised when all others are done."""

    def __init__(self, given: Iterable[Given]) -> None:
        self._numbered = enumerate(given)
        self.error: Exception | None = None
        self.next: tuple[int, Given] | None = None
        self.move()

    def move(self) -> None:
        """Take the next one."""
        try:
            self.next = next(self._numbered, None)
        except Exception as error:  # of whatever gives
            self.next, self.error = None, error


def ordered(
    work: Callable[[Given], Made], given: Iterable[Given], processes: int
) -> Iterator[Made]:
    """Do work on each thing given by several processes; results come in the order of the things.

    The buffers of a result are there until the next one is asked for. An error is that which one
    process would have reported.
    """
    workers: list[Worker[Given, Made]] = []
    try:
        workers.extend(Worker(work) for _ in range(processes - 1))
        yield from _ordered(work, Things(given), workers)
    finally:
        for worker in workers:
            worker.end()
        for worker in workers:  # while one is waited for, the others end too
            worker.join()


def _ordered(
    work: Callable[[Given], Made], things: Things[Given], workers: list[Worker[Given, Made]]
) -> Iterator[Made]:
    called = {worker.connection: worker for worker in workers}
    done: dict[int, tuple[Worker[Given, Made] | None, Made | Failed]] = {}
    # What each has, up to what is made and not taken yet; this process is None.
    in_hand: Counter[Worker[Given, Made] | None] = Counter()
    due = 0
    while True:
        free = [each for each in workers if each.pending < AHEAD and in_hand[each] < AT_ONCE]
        if things.next and free:
            idlest = min(free, key=lambda each: each.pending)
            idlest.give(*things.next)
            in_hand[idlest] += 1
            things.move()
            continue
        if due in done:  # after all have something to do: the process that takes it has to write it
            worker, made = done.pop(due)
            if isinstance(made, Failed):
                raise made.error
            yield made
            in_hand[worker] -= 1
            due += 1
            continue
        busy = [worker.connection for worker in workers if worker.pending]
        is_free = things.next is not None and in_hand[None] < AT_ONCE
        ready = wait(busy, timeout=0 if is_free else None) if busy else []
        for connection in ready:
            worker = called[connection]  # type: ignore[index] # one of them
            number, made = worker.take()
            done[number] = worker, made
        if not ready and things.next:
            number, thing = things.next
            done[number] = None, attempted(work, thing)
            in_hand[None] += 1
            things.move()
        elif not busy:
            break
    if things.error:
        raise things.error

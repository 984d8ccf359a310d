"""The threads of one lane, started when they are needed, gone when they are not."""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from servery.servers.web_worker.backlog import Backlog

#: A thread that had nothing to do for so long ends.
IDLE_S = 10.0

T = TypeVar("T")


class Pool(Generic[T]):
    """Calls a function for each thing that is submitted, on one of its threads.

    Parameters
    ----------
    most_threads
        More are never started.
    burst
        So many may wait for a thread in any case, and more as long as they get one in time; None
        refuses at once what finds no thread, as where each thread is kept for many seconds.
    """

    def __init__(
        self, name: str, call: Callable[[T], None], most_threads: int, burst: int | None
    ) -> None:
        self._name = name
        self._call = call
        self._most = most_threads
        self._queues = burst is not None
        self._wanted = threading.Condition()
        self._waiting: deque[T] = deque()
        self._backlog = Backlog(most_threads, burst or 0)
        self._threads = 0
        self._idle = 0

    def submit(self, each: T) -> bool:
        """Have one thing done; return False if it would have to wait for too long."""
        with self._wanted:
            free = self._most - self._threads + self._idle - len(self._waiting)
            if free <= 0 and not self._may_wait():
                return False
            if free <= 0:
                self._backlog.entered(time.monotonic())
            self._waiting.append(each)
            if len(self._waiting) > self._idle and self._threads < self._most:
                self._threads += 1
                self._idle += 1
                threading.Thread(target=self._work, name=f"lane {self._name}", daemon=True).start()
            else:
                self._wanted.notify()
        return True

    def _may_wait(self) -> bool:
        return self._queues and not self._backlog.is_too_long(time.monotonic(), len(self._waiting))

    def _work(self) -> None:
        while True:
            with self._wanted:
                if not self._await_one():
                    self._idle -= 1
                    self._threads -= 1
                    return
                each = self._waiting.popleft()
                self._idle -= 1
                begun = time.monotonic()
                self._backlog.left(begun, len(self._waiting))
            self._call(each)
            del each  # not held while this waits for the next
            with self._wanted:
                self._idle += 1
                self._backlog.answered(time.monotonic() - begun)

    def _await_one(self) -> bool:
        """Return whether something has come before this thread was idle for too long."""
        while not self._waiting:
            if not self._wanted.wait(IDLE_S) and not self._waiting:
                return False
        return True

"""Keeps the supervisor of job workers running beside a server, and restarts it if it dies.

It imports as little as it can, because a process that waits for a server must stay small.
"""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping

from servery.jobs.supervising import FIRST_PAUSE_S, LONGEST_PAUSE_S, SOON_S, STOPPING


class KeptSupervisor:
    """Runs a supervisor that ends with this process, and restarts it if it dies.

    One that was asked to end is not started again: a signal to stop may reach every process at
    once, and the server still answers what it was asked.

    Parameters
    ----------
    command
        Returns the words that start a supervisor, from the descriptor where it reports its end.
    environ
        Its environment.
    """

    def __init__(self, command: Callable[[int], list[str]], environ: Mapping[str, str]) -> None:
        # An exit code would not do: gunicorn reaps every child of its process.
        self._ended = os.eventfd(0, os.EFD_NONBLOCK)
        os.set_inheritable(self._ended, True)
        self._words, self._environ = command(self._ended), environ
        self._lock = threading.Lock()
        self._is_ending = threading.Event()
        self._process: int | None = self._start()
        self._thread = threading.Thread(target=self._keep, name="supervisor", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """End the supervisor with its worker, and wait until both have ended."""
        with self._lock:
            self._is_ending.set()
            if self._process is not None:
                os.kill(self._process, signal.SIGTERM)
        self._thread.join()

    def _start(self) -> int:
        return os.posix_spawn(self._words[0], self._words, self._environ, setsigmask=STOPPING)

    def _keep(self) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())  # the main thread's
        pause_s = FIRST_PAUSE_S
        while (process := self._process) is not None:
            started = time.monotonic()
            with contextlib.suppress(ChildProcessError):  # gunicorn was faster
                os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)
            with self._lock:
                self._process = None
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(process, 0)
            if self._was_asked_to_end():
                return
            if time.monotonic() > started + SOON_S:
                pause_s = FIRST_PAUSE_S
            from servery.logs import log_alone  # what nobody needs while all is well

            log_alone(
                "servery.jobs",
                f"the supervisor of job workers died; it is started again in {pause_s:.1f} s",
            )
            self._is_ending.wait(pause_s)
            pause_s = min(pause_s * 3, LONGEST_PAUSE_S)
            with self._lock:
                self._process = None if self._is_ending.is_set() else self._start()

    def _was_asked_to_end(self) -> bool:
        with contextlib.suppress(BlockingIOError):
            os.eventfd_read(self._ended)
            return True
        return False

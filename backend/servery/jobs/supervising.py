"""Starts the job worker when there is work, starts it again where it dies, and ends it.

`servery serve` has this process beside the server, and `servery worker` becomes it. It is there all
the time and the worker only now and then, so it imports as little as it can: of Servery, only what
imports the standard library alone.
"""

import contextlib
import os
import signal
import sys
import time
from types import FrameType

from servery.jobs.pending import Watch
from servery.jobs.presence import register_worker

COMMAND = [sys.executable, "-m", "servery.servers.job_worker"]
#: Blocked until there are handlers.
STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)
#: Between two looks at the records, the worker and the parent.
LOOK_S = 0.2
#: A worker that fails so soon is started again only after a pause.
SOON_S = 5.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.3, 30.0
#: No worker sleeps longer: it also removes what uploads left that were never finished.
LONGEST_SLEEP_S = 6 * 3600.0
GRACE_S = 30.0


def command(
    jobs: str,
    repository: str,
    records: str | None,
    parent: int | None = None,
    ended: int | None = None,
) -> list[str]:
    """Return the words that start a supervisor.

    Parameters
    ----------
    jobs
        The folder of the jobs.
    repository
        The model repository that they are for.
    records
        The file of SQLite that is watched; without one, a worker runs all the time.
    parent
        The process that this is started by and ends with, if any.
    ended
        The descriptor of an event that it sets when it ends because it was asked to.
    """
    words = [jobs, repository, records or "", str(parent or ""), str(ended or "")]
    return [sys.executable, "-m", "servery.jobs.supervising", *words]


class Supervisor:
    """Runs one worker at a time, until a signal comes or the parent is gone."""

    def __init__(self, watch: Watch, *, can_sleep: bool, parent: int | None) -> None:
        self._watch, self._can_sleep, self._parent = watch, can_sleep, parent
        self._is_stopped = False
        self._ran_at = time.monotonic()
        self._pause_s = FIRST_PAUSE_S
        for number in STOPPING:
            signal.signal(number, self._stop)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)

    def run(self) -> None:
        """Start a worker whenever there is work, until a signal to stop or the parent is gone."""
        while self._is_wanted():
            if self._watch.has_work() or time.monotonic() > self._ran_at + LONGEST_SLEEP_S:
                self._run_worker()
            else:
                time.sleep(LOOK_S)

    def _run_worker(self) -> None:
        """Run a worker until it ends, and pause after one that failed."""
        started = time.monotonic()
        words = [*COMMAND, "--until-idle"] if self._can_sleep else COMMAND
        process = os.posix_spawn(words[0], words, os.environ)
        while (code := _exit_code(process)) is None:
            if not self._is_wanted():
                _end(process)
                return
            time.sleep(LOOK_S)
        self._ran_at = time.monotonic()
        if code == 0 or self._ran_at > started + SOON_S:
            self._pause_s = FIRST_PAUSE_S
        if code != 0:
            self._rest(self._pause_s)
            self._pause_s = min(self._pause_s * 3, LONGEST_PAUSE_S)

    def _rest(self, pause_s: float) -> None:
        until = time.monotonic() + pause_s
        while self._is_wanted() and time.monotonic() < until:
            time.sleep(LOOK_S)

    def _is_wanted(self) -> bool:
        return not self._is_stopped and self._parent in (None, os.getppid())

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._is_stopped = True


def _exit_code(process: int) -> int | None:
    """Return how a child ended; None while it runs."""
    ended, status = os.waitpid(process, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


def _end(process: int) -> None:
    """End a worker after its present chunk, or at once if that takes too long."""
    os.kill(process, signal.SIGTERM)
    until = time.monotonic() + GRACE_S
    while _exit_code(process) is None:
        if time.monotonic() > until:
            os.kill(process, signal.SIGKILL)  # what it has not written down is done again
            os.waitpid(process, 0)
            return
        time.sleep(LOOK_S)


def main() -> None:
    """Supervise, as `command` says."""
    jobs, repository, records, parent, ended = sys.argv[1:]
    if ended:
        os.set_inheritable(int(ended), False)
    watch = Watch(records or None, repository)
    supervisor = Supervisor(watch, can_sleep=bool(records), parent=int(parent) if parent else None)
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):  # the server and the worker report it
            stack.enter_context(register_worker(jobs))
        supervisor.run()
    if ended:
        os.eventfd_write(int(ended), 1)


if __name__ == "__main__":
    main()

"""Keeps one worker running: starts it again where it dies, ends it with whoever asked for it."""

import os
import signal
import subprocess
import sys
import threading
import time
from types import FrameType

#: What starts `supervise` in a process of its own, beside the one that starts it.
BESIDE = [sys.executable, "-m", "servery.jobs.supervising"]
COMMAND = [sys.executable, "-m", "servery.jobworker"]
LOOK_S = 0.2
#: A worker that dies so soon is started again only after a pause.
SOON_S = 5.0
LONGEST_PAUSE_S = 30.0
GRACE_S = 30.0


def supervise(beside: int | None = None) -> int:
    """Run a worker until a signal says otherwise, and return an exit code.

    Parameters
    ----------
    beside
        The process that this one serves, its parent; the worker ends with it.
    """
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, stop)

    def is_wanted() -> bool:
        return not stopping.is_set() and beside in (None, os.getppid())

    pause_s = 0.1
    while is_wanted():
        started = time.monotonic()
        process = subprocess.Popen(COMMAND)  # noqa: S603 - every word stands above
        while is_wanted() and process.poll() is None:
            stopping.wait(LOOK_S)
        if not is_wanted():
            return _ended(process)
        died_soon = time.monotonic() - started < SOON_S
        pause_s = min(pause_s * 3, LONGEST_PAUSE_S) if died_soon else 0.1
        stopping.wait(pause_s)
    return 0


def _ended(process: "subprocess.Popen[bytes]") -> int:
    process.terminate()
    try:
        process.wait(timeout=GRACE_S)
    except subprocess.TimeoutExpired:
        process.kill()  # what it has not written down is done again
        process.wait()
    return 0


if __name__ == "__main__":
    sys.exit(supervise(beside=os.getppid()))

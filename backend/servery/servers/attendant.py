"""The process that waits for the server of published files, and then cleans up.

`servery serve FILE` becomes this process once the server starts, so that nothing of what publishing
loaded stays in memory. It imports as little as it can.
"""

import os
import signal
import sys
import threading
import time
from functools import partial
from operator import eq
from types import FrameType

from servery.jobs.pending import records_file
from servery.jobs.restarting import KeptSupervisor
from servery.jobs.supervising import command

#: Between two looks at the published files.
LOOK_S = 1.0
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP)


def main() -> None:
    """Wait for the server, pass signals on to it, and exit with its code.

    The arguments are the server, a child of this process, the published files, and the folders of
    its models and of its jobs, which are removed when it has ended.
    """
    server = int(sys.argv[1])
    *files, models, jobs = sys.argv[2:]

    def pass_on(number: int, _frame: FrameType | None) -> None:
        os.kill(server, number)

    for number in SIGNALS:
        signal.signal(number, pass_on)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])  # blocked until there were handlers
    words = partial(command, jobs, models, records_file(None, jobs), os.getpid())
    supervisor = KeptSupervisor(words, os.environ)
    threading.Thread(target=_report_changes, args=[files], daemon=True).start()
    code = _exit_code(server)
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    supervisor.end()  # nobody writes to the folders any more
    import shutil

    for folder in (models, jobs):
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(code)


def _report_changes(files: list[str]) -> None:
    """Log each change of a published file, once it is complete: it is served as it was."""
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())  # the main thread's
    seen = list(map(_mark, files))
    reported = list(seen)
    while True:
        time.sleep(LOOK_S)
        before, seen = seen, list(map(_mark, files))
        is_settled = map(eq, seen, before)
        for place, (file, new, settled) in enumerate(zip(files, seen, is_settled, strict=True)):
            if settled and new != reported[place]:
                reported[place] = new
                _report_change(file, is_gone=new is None)


def _report_change(file: str, *, is_gone: bool) -> None:
    from servery.logs import log_alone  # which nobody needs as long as nothing changes

    change = "was removed" if is_gone else "changed"
    todo = "" if is_gone else " Restart the server to serve the new one."
    name = file.rpartition("/")[2]
    log_alone("servery.serve", f"{name} {change}; it is served as it was at the start.{todo}")


def _mark(path: str) -> tuple[int, int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - without pathlib
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _exit_code(process: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


if __name__ == "__main__":
    main()

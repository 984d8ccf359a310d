"""The process that waits for the server of published files, and then cleans up.

`servery serve FILE` becomes this process once the server starts, so that nothing of what publishing
loaded stays in memory. It imports as little as it can.
"""

import os
import signal
import sys
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP)


def main() -> None:
    """Wait for the server, pass signals on to it, and exit with its code.

    The arguments are two children of this process, the server and what starts job workers, and the
    folders to remove when both have ended.
    """
    server, supervisor = map(int, sys.argv[1:3])

    def pass_on(number: int, _frame: FrameType | None) -> None:
        os.kill(server, number)

    for number in SIGNALS:
        signal.signal(number, pass_on)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])  # blocked until there were handlers
    code = _exit_code(server)
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    os.kill(supervisor, signal.SIGTERM)
    _exit_code(supervisor)  # nobody writes to the folders any more
    import shutil

    for folder in sys.argv[3:]:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(code)


def _exit_code(process: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


if __name__ == "__main__":
    main()

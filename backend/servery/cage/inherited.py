"""What a forked process got from its parent, and loses before it sees a stranger's file."""

import contextlib
import ctypes
import os
import sys
from collections.abc import Collection
from pathlib import Path

from servery.cage.kernel import libc


def close_descriptors(keep: Collection[int]) -> None:
    """Close all descriptors but ``keep``; standard streams that are closed lead nowhere instead.

    A library that writes to standard error would otherwise write into what has its number.
    """
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in {0, 1, 2}.difference(keep):
        os.dup2(nowhere, stream)
    for descriptor in _descriptors():
        if descriptor > 2 and descriptor not in keep:
            with contextlib.suppress(OSError):  # that which listed them
                os.close(descriptor)


def _descriptors() -> list[int]:
    return [int(path.name) for path in Path("/dev/fd").iterdir()]


def forget_environment() -> None:
    """Empty the environment: as Python has it, as C has it, and as the kernel put it there."""
    os.environ.clear()
    initial = sys.modules[os.name].environ  # `os.environ` was copied from it
    initial.clear()
    if sys.platform == "linux":
        libc().clearenv()
        _blank_initial_environment()


def _blank_initial_environment() -> None:
    # Behind the name, which may hold spaces: fields 3 to 52, of which 50 and 51 are its bounds.
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    start, end = int(fields[47]), int(fields[48])
    if start < end:  # zeros where we may not know
        ctypes.memset(start, 0, end - start)


def leave_session() -> None:
    """Leave the parent's terminal, folder and file mode."""
    with contextlib.suppress(PermissionError):  # leads a session already
        os.setsid()
    os.umask(0o077)
    os.chdir("/")


def count_threads() -> int:
    """Return how many threads this process has; 1 where that is not said."""
    try:
        return len(list(Path("/proc/self/task").iterdir()))
    except OSError:
        return 1

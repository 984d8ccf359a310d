"""What a forked process got from its parent, and loses before it sees a stranger's file."""

import contextlib
import ctypes
import os
import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from types import MappingProxyType

from servery.cage.kernel import libc

OPEN_DESCRIPTORS = "/proc/self/fd" if sys.platform == "linux" else "/dev/fd"


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
    return [int(path.name) for path in Path(OPEN_DESCRIPTORS).iterdir()]


#: The whole environment of a caged process, beside OMP_NUM_THREADS. A process that forks caged ones
#: needs it too, since libraries read some of it when they are imported.
ENVIRON: Mapping[str, str] = MappingProxyType(
    {
        # joblib makes semaphores in /dev/shm where it is imported and for each pool of threads, and
        # runs programs to count cores. Without them it calls one after the other.
        "JOBLIB_MULTIPROCESSING": "0",
        # ONNX Runtime opens a database and a connection to report what it is used for.
        "ORT_DISABLE_TELEMETRY": "1",
    }
)


def replace_environment(environ: Mapping[str, str]) -> None:
    """Forget the environment as Python has it, as C has it, and as the kernel put it there."""
    os.environ.clear()
    if sys.platform == "linux":
        libc().clearenv()
        _blank_initial_environment()
    os.environ.update(environ)


def _blank_initial_environment() -> None:
    # Behind the name, which may hold spaces: fields 3 to 52, of which 50 and 51 are its bounds.
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    start, end = int(fields[47]), int(fields[48])
    if start < end:  # zeros where we may not know
        ctypes.memset(start, 0, end - start)


def ask_no_name_service() -> None:
    """Have users be looked up in files alone, which are out of reach, and not through a socket.

    glibc asks its name service cache first where a library wants the home folder; that would be
    an attempt.
    """
    configure = getattr(libc(), "__nss_configure_lookup", None)
    if configure is not None:
        configure(b"passwd", b"files")
        configure(b"group", b"files")


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

"""What a forked process inherits and drops before it reads an untrusted file."""

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
    """Close all descriptors but ``keep``, and point the standard streams at /dev/null.

    Otherwise a library that writes to standard error could write to a file that reuses its number.
    """
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in {0, 1, 2}.difference(keep):
        os.dup2(nowhere, stream)
    for descriptor in _descriptors():
        if descriptor > 2 and descriptor not in keep:
            with contextlib.suppress(OSError):  # the one that listed them
                os.close(descriptor)


def _descriptors() -> list[int]:
    return [int(path.name) for path in Path(OPEN_DESCRIPTORS).iterdir()]


#: The environment of a caged process, with OMP_NUM_THREADS. The process that forks it must start
#: with these variables too, because libraries read them when they are imported.
ENVIRON: Mapping[str, str] = MappingProxyType(
    {
        # joblib creates semaphores in /dev/shm at import and for each pool of threads, and runs a
        # program to count cores. With 0 it runs its tasks one after another.
        "JOBLIB_MULTIPROCESSING": "0",
        # ONNX Runtime writes a database of telemetry and sends it over the network.
        "ORT_DISABLE_TELEMETRY": "1",
    }
)


#: What a Python of ours gets of our environment: where to find libraries, and nothing secret.
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONPATH", "VIRTUAL_ENV")
PACKAGE = Path(__file__).resolve().parents[2]


def environ_of_python(modules: Path | None = None) -> dict[str, str]:
    """Return the environment in which a new Python finds `servery` and a folder of modules."""
    environ = {name: os.environ[name] for name in INHERITED if name in os.environ}
    path = [str(PACKAGE), environ.get("PYTHONPATH", ""), str(modules or "")]
    return environ | {"PYTHONPATH": os.pathsep.join(filter(None, path))}


def replace_environment(environ: Mapping[str, str]) -> None:
    """Replace the environment, including the copy that the kernel put on the stack."""
    os.environ.clear()
    if sys.platform == "linux":
        libc().clearenv()
        _blank_initial_environment()
    os.environ.update(environ)


def _blank_initial_environment() -> None:
    # proc(5): fields 50 and 51 are its bounds. Field 2, the name, may hold spaces.
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    start, end = int(fields[47]), int(fields[48])
    if start < end:  # both 0 without permission
        ctypes.memset(start, 0, end - start)


def ask_no_name_service() -> None:
    """Look users up in files only.

    To find the home folder, glibc first connects to a name service cache: that would be an attempt.
    The files cannot be read either, but that is only an error.
    """
    configure = getattr(libc(), "__nss_configure_lookup", None)
    if configure is not None:
        configure(b"passwd", b"files")
        configure(b"group", b"files")


def leave_session() -> None:
    """Leave the parent's session, working directory and file mode mask."""
    with contextlib.suppress(PermissionError):  # it already leads a session
        os.setsid()
    os.umask(0o077)
    os.chdir("/")


def count_threads() -> int:
    """Return how many threads this process has; 1 where /proc is missing."""
    try:
        return len(list(Path("/proc/self/task").iterdir()))
    except OSError:
        return 1

"""Which job workers are alive: each holds a lock on a file of its own while it runs.

The kernel releases the lock when the process ends, however it ends. A supervisor whose worker
sleeps registers too: it starts one as soon as there is work. It must stay small, so this module
imports the standard library alone, and neither pathlib nor typing.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator

WORKERS = ".workers"


@contextlib.contextmanager
def register_worker(jobs: str) -> Iterator[str]:
    """Register this process as a job worker for the jobs in a folder, under a new name.

    Raises
    ------
    OSError
        Nothing can be written there.
    """
    folder = os.path.join(os.path.abspath(jobs), WORKERS)
    _make_private_folder(folder)
    name = os.urandom(8).hex()
    path = os.path.join(folder, name)
    # The file gets its name once it is locked: without a lock the worker would be taken for dead.
    unnamed = os.path.join(folder, f".{name}")
    descriptor = os.open(unnamed, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        with contextlib.suppress(OSError):  # a file system without locks: leases are enough
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.rename(unnamed, path)
        yield name
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
        os.close(descriptor)


def _make_private_folder(path: str) -> None:
    """Make a folder for this user alone, and those above it that are missing."""
    if os.path.isdir(path):
        return
    _make_private_folder(os.path.dirname(path))
    with contextlib.suppress(FileExistsError):
        os.mkdir(path, 0o700)


def is_dead(jobs: str, name: str) -> bool:
    """Return whether a worker has ended for certain."""
    path = os.path.join(jobs, WORKERS, name)
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    return True


def has_worker(jobs: str) -> bool:
    """Return whether any worker is alive, or will be when there is work."""
    try:
        names = os.listdir(os.path.join(jobs, WORKERS))
    except OSError:
        return False
    return any(not is_dead(jobs, name) for name in names if name[0] != ".")

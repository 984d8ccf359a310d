"""Folders and files that only the user of this process can read, whatever its umask."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
#: The mode bits of the group and of others.
OTHERS = 0o077


def make_private_folder(path: Path) -> None:
    """Create a folder and its missing parents."""
    if path.is_dir():
        return
    make_private_folder(path.parent)
    with suppress(FileExistsError):
        path.mkdir(PRIVATE_FOLDER)
        path.chmod(PRIVATE_FOLDER)  # the umask removed bits


def make_writable_folder(path: Path) -> None:
    """Create a folder, and a file in it that goes at once.

    Raises
    ------
    OSError
        This process cannot.
    """
    make_private_folder(path)
    tempfile.TemporaryFile(dir=path).close()


def make_private_file(path: Path) -> None:
    """Create an empty file; an existing one is made private if it belongs to this user."""
    os.close(open_private(path, os.O_WRONLY | os.O_CREAT))
    if is_open_to_others(path):
        path.chmod(PRIVATE_FILE)


def write_private(path: Path) -> BinaryIO:
    """Open a file for writing, empty."""
    return os.fdopen(open_private(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), "wb")


def open_private(path: Path, flags: int) -> int:
    """Return the descriptor of a file, which is private if it is new."""
    return os.open(path, flags | os.O_CLOEXEC, PRIVATE_FILE)


def is_open_to_others(path: Path) -> bool:
    """Return whether others have access that this user could revoke."""
    found = path.stat()
    return found.st_uid == os.geteuid() and bool(found.st_mode & OTHERS)

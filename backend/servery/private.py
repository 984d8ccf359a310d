"""Folders and files that nobody but the user of this process can read, whatever its umask."""

import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
#: Bits of a mode that are others' and the group's.
OTHERS = 0o077


def make_private_folder(path: Path) -> None:
    """Make a folder, and those above it that are missing."""
    if path.is_dir():
        return
    make_private_folder(path.parent)
    with suppress(FileExistsError):
        path.mkdir(PRIVATE_FOLDER)
        path.chmod(PRIVATE_FOLDER)  # a umask takes bits away


def make_private_file(path: Path) -> None:
    """Make an empty file; one that is there is made private, where it is this user's."""
    os.close(open_private(path, os.O_WRONLY | os.O_CREAT))
    if is_open_to_others(path):
        path.chmod(PRIVATE_FILE)


def write_private(path: Path) -> BinaryIO:
    """Open a file for writing, empty."""
    return os.fdopen(open_private(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), "wb")


def open_private(path: Path, flags: int) -> int:
    """Return the descriptor of a file, which is private where it is new."""
    return os.open(path, flags | os.O_CLOEXEC, PRIVATE_FILE)


def is_open_to_others(path: Path) -> bool:
    """Return whether others may do something there that this user could forbid."""
    found = path.stat()
    return found.st_uid == os.geteuid() and bool(found.st_mode & OTHERS)

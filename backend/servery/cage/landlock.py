"""Landlock: a process denies itself all files but those named, which it may only read.

Every right that the running kernel can restrict is denied: files and folders, TCP ports (since
Linux 6.7), and signals and abstract sockets to other processes (since 6.12). See landlock(7).
"""

import contextlib
import ctypes
import errno
import os
import stat
import struct
from collections.abc import Iterable
from pathlib import Path

from servery.cage.kernel import call

CREATE_VERSION = 1
PATH_BENEATH = 1
EXECUTE = 1 << 0
READ_FILE = 1 << 2
READ_DIR = 1 << 3

#: The number of file rights in each version of the interface; they are bits from 0.
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
BIND_AND_CONNECT_TCP = 0b11
ABSTRACT_SOCKETS_AND_SIGNALS = 0b11


def abi() -> int:
    """Return the version of Landlock's interface; 0 where there is none."""
    try:
        return call("landlock_create_ruleset", None, 0, CREATE_VERSION)
    except OSError:
        return 0


def restrict(readable: Iterable[Path], executable: Iterable[Path] = ()) -> None:
    """Let this thread read ``readable`` and what lies below, and no other file, irrevocably.

    ``executable`` names files that it may run; the restriction stays. Skips paths that do not exist
    or cannot be reached. Needs ``no_new_privs``.

    Raises
    ------
    OSError
        This kernel has no Landlock.
    """
    ruleset = _create()
    try:
        for path, further in [
            *((path, 0) for path in readable),
            *((path, EXECUTE) for path in executable),
        ]:
            with contextlib.suppress(FileNotFoundError, NotADirectoryError, PermissionError):
                _allow(ruleset, path, further)
        call("landlock_restrict_self", ruleset, 0)
    finally:
        os.close(ruleset)


def _create() -> int:
    version = abi()
    files = (1 << FILE_RIGHTS[min(max(version, 1), 5)]) - 1
    network = BIND_AND_CONNECT_TCP if version >= 4 else 0
    scoped = ABSTRACT_SOCKETS_AND_SIGNALS if version >= 6 else 0
    # Each version of the struct adds a field to the one before.
    fields = (files, network, scoped)[: 1 + (version >= 4) + (version >= 6)]
    try:
        return _create_of(fields)
    except OSError as error:
        # Some kernels of RHEL 9 report version 6 but lack one of the scopes.
        if error.errno != errno.EINVAL or not scoped:
            raise
        return _create_of(fields[:2])


def _create_of(fields: tuple[int, ...]) -> int:
    attributes = struct.pack(f"={len(fields)}Q", *fields)
    buffer = ctypes.create_string_buffer(attributes, len(attributes))
    return call("landlock_create_ruleset", buffer, len(attributes), 0)


def _allow(ruleset: int, path: Path, further: int) -> None:
    opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        is_folder = stat.S_ISDIR(os.fstat(opened).st_mode)
        rights = READ_FILE | READ_DIR if is_folder else READ_FILE
        attributes = struct.pack("=Qi", rights | further, opened)
        buffer = ctypes.create_string_buffer(attributes, len(attributes))
        call("landlock_add_rule", ruleset, PATH_BENEATH, buffer, 0)
    finally:
        os.close(opened)

"""The C library through ctypes: system calls by number, and prctl; errors are OSErrors."""

import ctypes
import errno
import os
from functools import cache

from servery.cage.calls import machine


@cache
def libc() -> ctypes.CDLL:
    """Return the C library of this process."""
    return ctypes.CDLL(None, use_errno=True)


def call(name: str, *arguments: int | ctypes.Array[ctypes.c_char] | None) -> int:
    """Make a system call.

    Raises
    ------
    OSError
        With the errno of the call; ENOSYS where this machine has no such call.
    """
    here = machine()
    if here is None or name not in here.number:
        raise OSError(errno.ENOSYS, f"{name} is not available here")
    # ctypes passes a plain int as 32 bits and leaves the rest of the register undefined.
    words = [ctypes.c_long(word) if isinstance(word, int) else word for word in arguments]
    return _checked(name, libc().syscall(ctypes.c_long(here.number[name]), *words))


def prctl(option: int, *arguments: int) -> int:
    """Call prctl with zeros as unused arguments, which several options require."""
    four = (*arguments, 0, 0, 0, 0)[:4]
    return _checked("prctl", libc().prctl(option, *map(ctypes.c_ulong, four)))


def _checked(name: str, result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result

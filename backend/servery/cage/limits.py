"""Resource limits of a caged process, and the privileges that it drops.

Soft and hard limits are the same: without privileges, nothing inside can raise them.
"""

import contextlib
import ctypes
import resource
import signal
import struct
import sys
from pathlib import Path

from servery.cage.kernel import call, prctl

# Options of prctl.
SET_PDEATHSIG, SET_DUMPABLE, CAPBSET_DROP, SET_NO_NEW_PRIVS, CAP_AMBIENT = 1, 4, 24, 38, 47
AMBIENT_CLEAR_ALL = 4
CAPABILITY_VERSION = 0x2008_0522

#: Most open descriptors.
DESCRIPTORS = 256
#: Most tasks of this user in all; does not apply to root. High, since other processes count too.
TASKS = 4096


def limit(memory_bytes: int, cpu_s: int | None) -> None:
    """Limit this process; ``memory_bytes`` is address space beyond what is mapped now.

    After ``cpu_s`` CPU seconds it receives SIGXCPU, and one second later SIGKILL.
    """
    _lower(resource.RLIMIT_AS, _address_space_bytes() + memory_bytes)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_NOFILE, DESCRIPTORS)
    _lower(resource.RLIMIT_NPROC, TASKS)
    _lower(resource.RLIMIT_MEMLOCK, 0)
    if sys.platform == "linux":
        _lower(resource.RLIMIT_MSGQUEUE, 0)
    if cpu_s is not None:
        _lower(resource.RLIMIT_CPU, cpu_s, cpu_s + 1)


def _lower(which: int, soft: int, hard: int | None = None) -> None:
    """Set a limit unless the present one is lower."""
    _, highest = resource.getrlimit(which)
    hard = soft if hard is None else hard
    if highest != resource.RLIM_INFINITY:
        soft, hard = min(soft, highest), min(hard, highest)
    resource.setrlimit(which, (soft, hard))


def _address_space_bytes() -> int:
    """Return what is mapped: the libraries and arrays of a warm parent, which are shared."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return 0
    return pages * resource.getpagesize()


def give_up_privileges() -> None:
    """Drop all capabilities for good, and end with the parent. Linux only.

    Afterwards only root can inspect the process, and it writes no core. The kernel kills it when
    the thread that forked it ends.
    """
    with contextlib.suppress(OSError):  # Linux before 4.3
        prctl(CAP_AMBIENT, AMBIENT_CLEAR_ALL)
    # EINVAL after the last capability of this kernel, EPERM without privileges.
    with contextlib.suppress(OSError):
        for capability in range(64):
            prctl(CAPBSET_DROP, capability)
    head = struct.pack("=Ii", CAPABILITY_VERSION, 0)
    call("capset", ctypes.create_string_buffer(head, len(head)), ctypes.create_string_buffer(24))
    forbid_new_privileges()
    # A change of credentials may reset these two, so they come last.
    prctl(SET_DUMPABLE, 0)
    prctl(SET_PDEATHSIG, signal.SIGKILL)


def forbid_new_privileges() -> None:
    """Set ``no_new_privs``, which seccomp and Landlock require of users without privileges."""
    prctl(SET_NO_NEW_PRIVS, 1)

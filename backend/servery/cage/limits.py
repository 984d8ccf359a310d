"""What a caged process may use, and the privileges that it gives up; Linux and elsewhere.

Limits are hard ones: without privileges nothing inside can raise them again.
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

#: New descriptors get the lowest free number: this is how many can be open beside few inherited.
DESCRIPTORS = 256
#: Binds other users than root, together with all else that they run; nothing honest reaches it.
TASKS = 4096


def limit(memory_bytes: int, cpu_s: int | None) -> None:
    """Limit this process: to ``memory_bytes`` of addresses beyond those it has, and so on.

    At ``cpu_s`` seconds of computing it gets SIGXCPU, and a second later it is killed.
    """
    address_space = _address_space_bytes() + memory_bytes
    _lower(resource.RLIMIT_AS, address_space)
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
    """Set a limit, or keep the one that is lower already."""
    _, highest = resource.getrlimit(which)
    hard = soft if hard is None else hard
    if highest != resource.RLIM_INFINITY:
        soft, hard = min(soft, highest), min(hard, highest)
    resource.setrlimit(which, (soft, hard))


def _address_space_bytes() -> int:
    """Return what is mapped already: a warm parent's libraries and arrays, which are shared."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return 0
    return pages * resource.getpagesize()


def give_up_privileges() -> None:
    """Drop all capabilities and what could restore them, and end with the parent.

    Linux only. Afterwards only root can look into the process, and it leaves no core. The parent is
    the thread that forked: the process is killed when that thread ends.
    """
    with contextlib.suppress(OSError):  # Linux before 4.3
        prctl(CAP_AMBIENT, AMBIENT_CLEAR_ALL)
    # EINVAL behind the last one that the kernel knows, EPERM where we have none to drop.
    with contextlib.suppress(OSError):
        for capability in range(64):
            prctl(CAPBSET_DROP, capability)
    head = struct.pack("=Ii", CAPABILITY_VERSION, 0)
    call("capset", ctypes.create_string_buffer(head, len(head)), ctypes.create_string_buffer(24))
    forbid_new_privileges()
    # A change of credentials may reset these two, so that they come last.
    prctl(SET_DUMPABLE, 0)
    prctl(SET_PDEATHSIG, signal.SIGKILL)


def forbid_new_privileges() -> None:
    """Set ``no_new_privs``, without which a user may neither filter calls nor use Landlock."""
    prctl(SET_NO_NEW_PRIVS, 1)

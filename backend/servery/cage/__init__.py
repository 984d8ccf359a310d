"""A cage for processes that read what a stranger wrote: they can compute, and nothing else.

`enter` is called in a forked child; what its parent holds is an `Attempts`, which names what the
child tried. It rests on three parts of Linux, each of which also holds where another is missing:

- limits bound memory, computing time and descriptors, and privileges are given up;
- Landlock leaves it nothing but reading `packages` and what the policy names. A read outside is
  answered EACCES, which code inside may swallow: it got nothing;
- seccomp allows the system calls that computing takes. Any other is an attempt: the process stands
  still at it until its parent has read what it was and kills it, so that nothing inside can swallow
  it. Where the parent cannot be told, the kernel kills.

What a container around it forbids by itself it answers as it likes: such a call fails, unnamed.
"""

import os
import socket
import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from servery.cage import landlock, seccomp
from servery.cage.attempts import Attempt, Attempts
from servery.cage.inherited import (
    ENVIRON,
    ask_no_name_service,
    close_descriptors,
    count_threads,
    leave_session,
    replace_environment,
)
from servery.cage.limits import give_up_privileges, limit
from servery.cage.probing import Report, probe, require_complete
from servery.cage.readable import packages, pin_own_maps

__all__ = [
    "ENVIRON",
    "Attempt",
    "Attempts",
    "Policy",
    "Report",
    "enter",
    "packages",
    "probe",
    "require_complete",
]


@dataclass(frozen=True, slots=True)
class Policy:
    """What a caged process may do beyond computing.

    Attributes
    ----------
    memory_bytes
        Addresses that it may map beyond those that it has when it enters (RLIMIT_AS).
    cpu_s
        Seconds of computing, over all threads; None for a process that serves.
    read
        Files and folders that it may read beside `packages`; they have to exist.
    threads
        Most threads at a time; one more is an attempt. Counted by `Attempts`: without a supervisor
        only RLIMIT_NPROC and RLIMIT_AS bind them.
    compute_threads
        Threads of one calculation (OMP_NUM_THREADS), for libraries that are loaded inside.
    """

    memory_bytes: int
    cpu_s: int | None = None
    read: tuple[Path, ...] = ()
    threads: int = max(64, 4 * (os.cpu_count() or 1))
    compute_threads: int = 1


def enter(policy: Policy, notify: socket.socket | None = None, keep: Collection[int] = ()) -> None:
    """Cage this process, for good.

    Call it in a forked child that has one thread, before it reads a byte of a stranger, and have
    called `probe` in its parent: what that found is done here, and must succeed.

    Parameters
    ----------
    policy
        What it may do.
    notify
        One end of a pair of Unix sockets, whose other end awaits `Attempts.receive`; it is closed
        here. Without it, or where naming is not to be had, an attempt kills the process.
    keep
        Descriptors that stay open; all others are closed. A socket has to be one of a connected
        pair of streams or packets: it is all that is left to speak through.

    Raises
    ------
    RuntimeError
        More than one thread runs, of which others would stay outside.
    OSError
        A part of the cage that is there could not be had.
    """
    if count_threads() != 1:
        raise RuntimeError("a process has to have one thread when it enters the cage")
    report = probe()
    readable = [*packages(), *(path.resolve(strict=True) for path in policy.read)]
    # A module that is first imported inside is not to be written back as bytecode.
    sys.dont_write_bytecode = True
    replace_environment({**ENVIRON, "OMP_NUM_THREADS": str(policy.compute_threads)})
    ask_no_name_service()
    close_descriptors({*keep, *([notify.fileno()] if notify else [])})
    leave_session()
    limit(policy.memory_bytes, policy.cpu_s)
    if sys.platform == "linux":
        give_up_privileges()
    if report.landlock:
        landlock.restrict([*readable, pin_own_maps()])
    listener = None
    if report.seccomp:
        listener = seccomp.install(is_watched=notify is not None and report.naming)
    if notify:
        _hand_over(listener, notify)


def _hand_over(listener: int | None, notify: socket.socket) -> None:
    with notify:
        socket.send_fds(notify, [b"-"], [] if listener is None else [listener])
    # Whoever holds it could answer an attempt.
    if listener is not None:
        os.close(listener)

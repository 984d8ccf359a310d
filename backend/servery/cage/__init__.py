"""A cage for processes that open untrusted files: they can compute, and nothing else.

A forked child calls `enter`; its parent holds an `Attempts`, which names what the child tried. Each
of the three parts works on its own:

- Limits bound memory, CPU time and descriptors, and all privileges are dropped.
- Landlock allows reading `packages` and what the policy names. A read outside fails with EACCES.
  Code inside can ignore that error: it got nothing.
- seccomp allows the system calls that computing needs. Any other call is an attempt: it stops the
  process until the parent has read its name and kills the process, so no code inside can catch it.
  Where the kernel cannot notify the parent, it kills the process itself.

The filter of a container answers first: a call that it forbids fails with its error, unnamed.
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
from servery.cage.readable import packages, pin_own_figures

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
    """What a caged process may use.

    Attributes
    ----------
    memory_bytes
        Address space beyond what is mapped when the process enters (RLIMIT_AS).
    cpu_s
        CPU seconds over all threads (RLIMIT_CPU); None for a process that serves.
    read
        Files and folders that it may read beside `packages`; they must exist.
    threads
        Most threads at a time; one more is an attempt. `Attempts` counts them: without it, only
        RLIMIT_NPROC and RLIMIT_AS limit threads.
    compute_threads
        Threads of one calculation (OMP_NUM_THREADS), for libraries that are loaded inside.
    """

    memory_bytes: int
    cpu_s: int | None = None
    read: tuple[Path, ...] = ()
    threads: int = max(64, 4 * (os.cpu_count() or 1))
    compute_threads: int = 1


def enter(policy: Policy, notify: socket.socket | None = None, keep: Collection[int] = ()) -> None:
    """Cage this process irrevocably.

    Call it in a forked child with one thread, before it reads untrusted bytes. Call `probe`
    in the parent first: every part that it found is used here and must succeed.

    Parameters
    ----------
    policy
        What it may do.
    notify
        One end of a Unix socket pair; the parent calls `Attempts.receive` with the other. It is
        closed here. Without it, or where attempts cannot be named, an attempt kills the process.
    keep
        Descriptors that stay open; all others are closed. A socket must be one end of a connected
        pair of streams or packets. What a kept descriptor can write, a hostile child can too.

    Raises
    ------
    RuntimeError
        More than one thread runs; the others would stay outside.
    OSError
        A part of the cage could not be set up.
    """
    if count_threads() != 1:
        raise RuntimeError("a process must have exactly one thread when it enters the cage")
    report = probe()
    readable = [*packages(), *(path.resolve(strict=True) for path in policy.read)]
    # Importing a module inside would otherwise write its bytecode: an attempt.
    sys.dont_write_bytecode = True
    replace_environment({**ENVIRON, "OMP_NUM_THREADS": str(policy.compute_threads)})
    ask_no_name_service()
    close_descriptors({*keep, *([notify.fileno()] if notify else [])})
    leave_session()
    limit(policy.memory_bytes, policy.cpu_s)
    if sys.platform == "linux":
        give_up_privileges()
    if report.landlock:
        landlock.restrict([*readable, *pin_own_figures()])
    listener = None
    if report.seccomp:
        listener = seccomp.install(is_watched=notify is not None and report.naming)
    if notify:
        _hand_over(listener, notify)


def _hand_over(listener: int | None, notify: socket.socket) -> None:
    with notify:
        socket.send_fds(notify, [b"-"], [] if listener is None else [listener])
    # A process that holds its own listener could answer its attempts.
    if listener is not None:
        os.close(listener)

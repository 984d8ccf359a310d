"""Which parts of the cage this machine supports; each is tried in a child process."""

import mmap
import os
import resource
import select
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NoReturn

from servery.cage import landlock, seccomp
from servery.cage.attempts import Attempts
from servery.cage.limits import forbid_new_privileges, limit
from servery.errors import BadSettings

WORKS, FAILS = 0, 1
#: Far longer than an attempt takes, even on a busy machine.
PATIENCE_S = 30


@dataclass(frozen=True, slots=True)
class Report:
    """Which parts of the cage this machine supports.

    Attributes
    ----------
    seccomp
        Forbidden system calls end the process.
    naming
        The parent learns their names first.
    landlock
        The version of Landlock's interface; 0 where there is none.
    limits
        Memory is bounded.
    """

    seccomp: bool
    naming: bool
    landlock: int
    limits: bool

    @property
    def is_complete(self) -> bool:
        """Return whether nothing is missing."""
        return self.seccomp and self.naming and self.landlock > 0 and self.limits

    @property
    def line(self) -> str:
        """Return one line such as ``cage: seccomp yes, naming yes, Landlock no, limits yes``."""
        parts = {
            "seccomp": self.seccomp,
            "naming": self.naming,
            "Landlock": self.landlock,
            "limits": self.limits,
        }
        said = (f"{name} {'yes' if has else 'no'}" for name, has in parts.items())
        return f"cage: {', '.join(said)}"


@cache
def probe() -> Report:
    """Try each part, once per process; forked processes inherit the result."""
    return Report(
        seccomp=_end_of(_attempt_unwatched) == -signal.SIGSYS,
        naming=_is_named(),
        landlock=landlock.abi() if _end_of(_read_outside) == WORKS else 0,
        limits=_end_of(_swell) == WORKS,
    )


def require_complete() -> None:
    """Check that no part of the cage is missing.

    Raises
    ------
    BadSettings
        Names the missing parts.
    """
    report = probe()
    if not report.is_complete:
        raise BadSettings(
            f"SERVERY_CAGE is 'require', but this machine lacks a part of it ({report.line}). "
            "Use a kernel and a container that have all parts, or set SERVERY_CAGE=auto."
        )


def _attempt_unwatched() -> NoReturn:
    forbid_new_privileges()
    seccomp.install(is_watched=False)
    _attempt()


def _attempt() -> NoReturn:
    """Make a harmless call that the filter forbids."""
    os.umask(0o077)
    os._exit(FAILS)


def _read_outside() -> NoReturn:
    forbid_new_privileges()
    landlock.restrict(())
    try:
        list(Path("/").iterdir())
    except PermissionError:
        os._exit(WORKS)
    os._exit(FAILS)


def _swell() -> NoReturn:
    limit(1 << 24, 1)
    try:
        mmap.mmap(-1, 1 << 25)
    except OSError:
        os._exit(WORKS)
    os._exit(FAILS)


def _is_named() -> bool:
    ours, theirs = socket.socketpair()

    def attempt_watched() -> NoReturn:
        forbid_new_privileges()
        listener = seccomp.install(is_watched=True)
        socket.send_fds(theirs, [b"-"], [] if listener is None else [listener])
        _attempt()

    pid = _fork(attempt_watched)
    theirs.close()
    with ours:
        try:
            attempts = Attempts.receive(ours, threads=1)
        except EOFError:
            attempts = None
        is_named = attempts is not None and _next_name(attempts) == "umask"
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        if attempts is not None:
            attempts.close()
    return is_named


def _next_name(attempts: Attempts) -> str | None:
    poll = select.poll()
    poll.register(attempts, select.POLLIN)
    poll.poll(PATIENCE_S * 1000)
    try:
        attempt = attempts.read()
    except (OSError, EOFError):
        return None
    return attempt.name if attempt else None


def _end_of(act: Callable[[], NoReturn]) -> int:
    """Return the exit code of a child that does this, or minus the signal that killed it."""
    _, status = os.waitpid(_fork(act), 0)
    return os.waitstatus_to_exitcode(status)


def _fork(act: Callable[[], NoReturn]) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        act()
    finally:
        os._exit(FAILS)

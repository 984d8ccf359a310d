"""What a keeper is asked, and what it answers."""

from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from servery.cage import Policy

#: How long a warm parent may take to load the libraries, on a machine that is busy.
STARTING_S = 120.0


class CageLimits(msgspec.Struct, frozen=True):
    """What a caged process may use.

    Attributes
    ----------
    read
        Paths that it may read beside the interpreter and its packages.
    threads
        Of one calculation.
    """

    timeout_s: float
    memory_bytes: int
    read: tuple[str, ...] = ()
    threads: int = 1

    def policy(self, *, is_serving: bool) -> Policy:
        """Return the policy of the cage; a process that serves has no limit on computing time."""
        return Policy(
            read=tuple(map(Path, self.read)),
            memory_bytes=self.memory_bytes,
            cpu_s=None if is_serving else max(1, round(self.timeout_s)),
            compute_threads=self.threads,
        )


class Run(msgspec.Struct, frozen=True, tag=True):
    """Do one task and end. Comes with: a socket for the answer, the spec, the data."""

    task: str
    limits: CageLimits
    spec_bytes: int


class Serve(msgspec.Struct, frozen=True, tag=True):
    """Do one task, then answer requests; all that ask for the same ``key`` share the processes.

    Comes with the same as `Run`. ``most_processes`` answer at once where there is enough to do.
    They run until nobody holds the socket for the answer any more.
    """

    key: str
    task: str
    limits: CageLimits
    spec_bytes: int
    most_processes: int


class More(msgspec.Struct, frozen=True, tag=True):
    """A request had to wait: let one more process serve ``key``."""

    key: str


class Overdue(msgspec.Struct, frozen=True, tag=True):
    """A process has taken longer over a request than it may; the time is for the message."""

    key: str
    process: int
    timeout_s: float


Request: TypeAlias = Run | Serve | More | Overdue


class Done(msgspec.Struct, frozen=True, tag=True):
    """The task is done.

    Comes with the block that holds its result of ``result_bytes``; for `Serve`, then with the
    status page and the socket that takes requests.
    """

    result_bytes: int


class Failed(msgspec.Struct, frozen=True, tag=True):
    """The process ended before its task was done.

    Attributes
    ----------
    how
        ``attempt``: it tried what the cage forbids, ``what`` names it. ``signal``: it crashed by
        the signal ``what``. ``time`` and ``memory``: it used up what it had. ``exit``: it ended by
        itself. ``set-aside``: it has failed before, ``what`` says how.
    """

    how: Literal["attempt", "signal", "time", "memory", "exit", "set-aside"]
    what: str = ""


Answer: TypeAlias = Done | Failed

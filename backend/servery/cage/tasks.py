"""What a keeper keeps: tasks, the jobs that were asked for, and the processes that do them."""

import os
import socket
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn

from servery.cage import Attempts, Policy
from servery.cage.messages import Block
from servery.cage.requests import CageLimits, Failed
from servery.cage.status import CageState, StatusPage


@dataclass(frozen=True, slots=True)
class Result:
    """What a task hands back.

    Attributes
    ----------
    serve
        Answers the requests of a socket until it is killed; None where the task ends here.
    """

    data: bytes
    serve: Callable[[socket.socket], NoReturn] | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """Something that a caged process does.

    Attributes
    ----------
    preload
        Imports in the keeper what the task needs, so that no fork has to.
    run
        Takes the spec and the untrusted bytes.
    """

    preload: Callable[[], None]
    run: Callable[[bytes, bytes], Result]


@dataclass(slots=True)
class Job:
    """A task that was asked for, with what it is given: the spec and the data.

    Attributes
    ----------
    leases
        Sockets for answers; when nobody holds the other side of any, the job is not wanted.
    waiting
        Those that were not answered yet.
    """

    task: str
    limits: CageLimits
    spec: bytes
    data: int
    result: Block
    served: "Served | None" = None
    leases: list[socket.socket] = field(default_factory=list)
    waiting: list[socket.socket] = field(default_factory=list)

    def close(self) -> None:
        """Close what belongs to it."""
        for lease in self.leases:
            lease.close()
        self.leases.clear()
        self.waiting.clear()
        os.close(self.data)
        self.result.close()
        if self.served is not None:
            self.served.close()


@dataclass(slots=True)
class Served:
    """A model that caged processes answer for."""

    key: str
    most_processes: int
    requests: socket.socket
    entrance: socket.socket
    page: StatusPage
    result_bytes: int | None = None
    deaths: deque[float] = field(default_factory=deque)
    start_at: float | None = None

    @property
    def is_set_aside(self) -> bool:
        """Whether no process is started for it any more, for as long as anybody holds a lease."""
        return self.page.state is CageState.SET_ASIDE

    def close(self) -> None:
        """Close the sockets and the page."""
        self.requests.close()
        self.entrance.close()
        self.page.block.close()


@dataclass(slots=True)
class Child:
    """A caged process."""

    process: int
    job: Job
    policy: Policy
    status: socket.socket | None
    notices: socket.socket | None
    deadline: float
    attempts: Attempts | None = None
    is_ready: bool = False
    failed: Failed | None = None

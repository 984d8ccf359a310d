"""The life of a batch job, as a table of transitions: no time, no database, no files.

    waiting --start--> queued --advance--> running --finish--> done
       ^                  |                   |
       +---- question ----+----- restart -----+     waiting, queued, running --fail--> failed

A job may be deleted in any state. A client that watches a job sees it as ``cancelled`` then; no job
in the database has that state.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Status: TypeAlias = Literal["waiting", "queued", "running", "done", "failed", "cancelled"]
Event: TypeAlias = Literal[
    "change",  # a caller says how the table is read, or which column holds which input
    "start",  # a caller says so, and that the job is to be scored
    "take",  # a job worker begins to work on it
    "inspect",  # the job worker found out how the table is written
    "question",  # the job worker did, and needs an answer
    "advance",  # one more chunk is scored and safe on the disk
    "finish",  # every chunk is
    "fail",
    "restart",  # a later row needs an answer: the job waits for it, and begins again
    "postpone",  # the job cannot continue now, because the disk is full
    "release",  # the job worker ends
]
#: Who causes an event: a caller, a job worker that takes a free job, or the one that holds it.
Actor: TypeAlias = Literal["caller", "taker", "holder"]
#: When a job expires after an event: as before; some time from now; some time from now, or earlier
#: if that was already decided; never.
Expiry: TypeAlias = Literal["as before", "later", "later at most", "never"]

#: After these, nothing happens to a job any more.
ENDED: frozenset[Status] = frozenset(["done", "failed", "cancelled"])


class ImpossibleEvent(Exception):
    """The event cannot happen to a job in its state."""


@dataclass(frozen=True, slots=True)
class Transition:
    """What an event does to a job in one of the states ``sources``.

    Attributes
    ----------
    target
        The state after it; None if the state stays the same.
    is_held
        Whether a job worker holds the job after it.
    """

    event: Event
    actor: Actor
    sources: tuple[Status, ...]
    target: Status | None
    is_held: bool
    expiry: Expiry

    def expires(self, before: float | None, now: float, expiry_s: float) -> float | None:
        """Return when the job expires after it, in seconds since 1970; None for never."""
        match self.expiry:
            case "as before":
                return before
            case "later":
                return now + expiry_s
            case "later at most":
                return before or now + expiry_s
            case "never":
                return None


FREE, HELD = False, True
ACTIVE: tuple[Status, ...] = ("queued", "running")
OPEN: tuple[Status, ...] = ("waiting", *ACTIVE)

#: An event that is not listed for a state cannot happen in it.
TRANSITIONS = (
    Transition("change", "caller", ("waiting",), None, FREE, "later"),
    Transition("start", "caller", ("waiting",), "queued", FREE, "never"),
    Transition("take", "taker", OPEN, None, HELD, "as before"),
    Transition("inspect", "holder", ("waiting",), None, FREE, "later"),
    Transition("inspect", "holder", ACTIVE, None, HELD, "as before"),
    Transition("question", "holder", OPEN, "waiting", FREE, "later"),
    Transition("advance", "holder", ACTIVE, "running", HELD, "never"),
    Transition("finish", "holder", ACTIVE, "done", FREE, "later"),
    Transition("fail", "holder", OPEN, "failed", FREE, "later"),
    Transition("restart", "holder", OPEN, "waiting", FREE, "later"),
    Transition("postpone", "holder", ("waiting",), None, FREE, "later at most"),
    Transition("postpone", "holder", ACTIVE, "queued", FREE, "later at most"),
    Transition("release", "holder", OPEN, None, FREE, "as before"),
)
_BY_EVENT = {(each.event, source): each for each in TRANSITIONS for source in each.sources}


def transition(event: Event, status: Status) -> Transition:
    """Return what an event does to a job in a state.

    Raises
    ------
    ImpossibleEvent
        It cannot happen in that state.
    """
    try:
        return _BY_EVENT[event, status]
    except KeyError:
        raise ImpossibleEvent(f"A job that is {status} cannot {event}.") from None


def needs_work(status: Status, *, is_inspected: bool) -> bool:
    """Return whether a job worker has something to do for a job that has not expired."""
    return status in ACTIVE or (status == "waiting" and not is_inspected)

"""What an app and its server agree on, so that one slow thing cannot hold up all others.

The app may say which *lane* a request belongs to; the server gives each lane threads of its own and
names the lane in ``environ[LANE]``. A server that knows nothing of this (granian, Flask's test
client) sets neither key, and the app answers as plain WSGI does.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

#: Everything else: the threads of ``SERVERY_THREADS``.
COMMON = ""
#: Takes well under a millisecond and waits for nothing: the server needs no thread for it.
QUICK = "quick"
#: Liveness and readiness, which answer whatever all other threads do.
HEALTH = "health"
#: Batch jobs: uploads, which are read while they arrive, and answers that wait for a job.
BATCHES = "batches"

#: Attribute of the app that names the lane of a request by its head: a `LaneOf`.
LANE_OF = "lane_of"
LaneOf = Callable[["WSGIEnvironment"], str]

#: Key of the lane's name in the environ.
LANE = "servery.lane"
#: Key of a function that takes an `EventSource` and sends its pieces after the app has returned, as
#: the body of that answer; it returns False if too many are open.
STREAM = "servery.stream"


class EventSource(Protocol):
    """Where the body of an event stream comes from."""

    def next_piece(self) -> bytes | None:
        """Return what is new since the last call, perhaps nothing; None when it is over."""

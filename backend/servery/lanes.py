"""The protocol of app and web worker that keeps slow requests from blocking others.

The app assigns each request to a *lane*. The worker gives each lane its own threads and names the
lane in ``environ[LANE]``. Other servers (granian, Flask's test client) set neither key, and the app
answers as plain WSGI does.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

#: All other requests: the threads of ``SERVERY_THREADS``.
COMMON = ""
#: Takes well under a millisecond and never waits, so it needs no thread.
QUICK = "quick"
#: Liveness and readiness, which must answer even if all other threads are busy.
HEALTH = "health"
#: Batch jobs: uploads, which are read as they arrive, and answers that wait for a job.
BATCHES = "batches"

#: Attribute of the app that maps the head of a request to its lane: a `LaneOf`.
LANE_OF = "lane_of"
LaneOf = Callable[["WSGIEnvironment"], str]

#: Key of the lane's name in the environ.
LANE = "servery.lane"
#: Key of a function that takes an `EventSource` and sends its pieces as the body of the answer,
#: after the app has returned; it returns False if too many streams are open.
STREAM = "servery.stream"


class EventSource(Protocol):
    """The source of the body of an event stream."""

    def next_piece(self) -> bytes | None:
        """Return what is new since the last call, possibly empty; None at the end."""

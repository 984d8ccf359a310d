"""A job as server-sent events: whenever it has changed, until it ends or some time has passed."""

import time
from collections.abc import Callable, Iterable, Iterator

import msgspec
from flask import Response, request

from servery.api import Services
from servery.api.resources.batches.facts import facts
from servery.errors import JobNotFound, TooBusy
from servery.jobs.records import Job
from servery.jobs.states import ENDED
from servery.lanes import STREAM, EventSource

EVENT_STREAM = "text/event-stream"
STREAM_S = 25.0
#: Between two looks at a job: at most four events a second.
EVENT_S = 0.25
#: The connection of a client that has gone is noticed when something is sent to it.
SIGN_OF_LIFE_S = 1.0
NO_STREAM = "Too many streams are open. Ask for the job itself every second instead."


def event_stream(services: Services, job: Job) -> Response:
    """Return the events of a job.

    Raises
    ------
    TooBusy
        Too many streams are open.
    """
    events = JobEvents(services, job)
    response = Response(_left_to_server(events) or _own_stream(services, events))
    response.mimetype = EVENT_STREAM
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _left_to_server(events: EventSource) -> Iterable[bytes] | None:
    """Have the server send events after the app has returned; None where it cannot do that."""
    leave = request.environ.get(STREAM)
    if leave is None:
        return None
    if not leave(events):
        raise TooBusy(NO_STREAM)
    return [b""]


def _own_stream(services: Services, events: EventSource) -> Iterable[bytes]:
    """Return the events for a server that gives each stream a thread: only a few at once."""
    streams = services.batches.streams
    if not streams.acquire(blocking=False):
        raise TooBusy(NO_STREAM)
    return Streamed(events, streams.release)


class JobEvents:
    """The source of a job's events."""

    def __init__(self, services: Services, job: Job) -> None:
        self._services = services
        self._job = job
        self._until = time.monotonic() + STREAM_S
        self._sent = b""
        self._sent_at = 0.0
        self._is_over = False

    def next_piece(self) -> bytes | None:
        """Return an event if the job has changed; None after its end."""
        if self._is_over:
            return None
        begin = b"" if self._sent else b"retry: 1000\n\n"
        if self._sent:
            self._look_again()
        now = time.monotonic()
        self._is_over = self._job.status in ENDED or now >= self._until
        data = msgspec.json.encode(facts(self._services, self._job))
        if data != self._sent:
            self._sent, self._sent_at = data, now
            return begin + b"event: job\ndata: " + data + b"\n\n"
        if now >= self._sent_at + SIGN_OF_LIFE_S:
            self._sent_at = now
            return b":\n\n"
        return b""

    def _look_again(self) -> None:
        try:
            self._job = self._services.batches.jobs.get(self._job.id, time.time())
        except JobNotFound:
            self._job = msgspec.structs.replace(self._job, status="cancelled")


class Streamed:
    """The pieces of an event stream, a few times a second.

    Parameters
    ----------
    close
        Called when the stream ends.
    """

    def __init__(self, events: EventSource, close: Callable[[], None]) -> None:
        self._events = events
        self.close = close

    def __iter__(self) -> Iterator[bytes]:
        while (piece := self._events.next_piece()) is not None:
            yield piece
            time.sleep(EVENT_S)

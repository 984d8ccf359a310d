"""The routes of batch jobs: a table is taken, looked after while it is scored, and given back."""

import hashlib
import io
import os
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import msgspec
from flask import Blueprint, Response, request, send_file, url_for
from flask.typing import ResponseReturnValue

from servery import errors
from servery.api import Services, answer, current_services, request_id
from servery.api.http.bodies import read_json
from servery.api.resources.batches.facts import facts
from servery.api.resources.batches.job_options import (
    FIELDS,
    asked_reading,
    changed,
    format_of,
    key_of,
    options_of,
    truth_of,
)
from servery.api.resources.batches.uploads import NO_ROOM, Upload, receive
from servery.batch import Format
from servery.errors import NoRoom, TooBusy, WrongJobState, room_for
from servery.jobs.database import Jobs, require_usable
from servery.jobs.files import Files
from servery.jobs.records import ENDED, Asked, Job, JobOptions
from servery.lanes import LANE, STREAM, EventSource
from servery.settings import Settings

bp = Blueprint("batches", __name__, url_prefix="/api/v1")

MEDIA: dict[Format, str] = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "jsonl": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
#: How long an answer waits for the first look at a table.
LOOK_S = 2.0
MOST_WAIT_S = 25.0
STREAM_S = 25.0
#: Between two looks at a job that somebody waits for; at most four events a second.
SOON_S, EVENT_S = 0.03, 0.25
#: A client that is gone is noticed when something is sent to it.
SIGN_OF_LIFE_S = 1.0
NO_STREAM = "Too many streams are open; ask for the job itself every second instead."
WAIT = re.compile(r"(?:^|[,;\s])wait=(\d{1,5})(?:$|[,;\s])")


@dataclass(frozen=True, slots=True)
class Batches:
    """What the routes need: the records, the files, and doors that let only so many through.

    An upload, a download or a stream keeps a thread busy for as long as its client likes; the
    doors leave some threads to everybody else. A server with lanes does so itself.

    Attributes
    ----------
    transfers
        Of uploads and downloads.
    streams
        Of events, and of answers that wait for the end of a job.
    looks
        Of answers that wait for the first look at a table.
    """

    jobs: Jobs
    files: Files
    transfers: threading.BoundedSemaphore
    streams: threading.BoundedSemaphore
    looks: threading.BoundedSemaphore

    @classmethod
    def from_settings(cls, settings: Settings) -> "Batches":
        """Return what the settings say; nothing is opened yet.

        Raises
        ------
        BadSettings
            No job could ever be kept.
        """
        require_usable(settings.database)
        return cls(
            Jobs(settings.database, settings.jobs, settings.job_expiry_s),
            Files(settings.jobs),
            threading.BoundedSemaphore(max(1, settings.threads // 2)),
            threading.BoundedSemaphore(max(1, settings.threads // 4)),
            threading.BoundedSemaphore(max(1, settings.threads // 4)),
        )


@bp.post("/models/<name>/batches")
def create_batch(name: str) -> ResponseReturnValue:
    """Take a table; it is scored by the worker."""
    services = current_services()
    batches = services.batches
    asked = options_of(request.args.items(multi=True))
    model = services.repository.get(name, asked.get("version"))
    format_of(asked.get("to"))  # refused before the table is sent, where that is known
    key = key_of()
    named = None if key is None else (str(services.settings.models.resolve()), model.name, key)
    with room_for(NO_ROOM), batches.files.holding(named):
        id_ = batches.files.create()
        try:
            with _through(batches.transfers, "uploads"):
                upload = receive(request, batches.files, id_, services.settings.max_upload_bytes)
            job = batches.jobs.add(_asked(services, name, id_, key, upload), time.time())
        except BaseException:
            batches.files.remove(id_)
            raise
    if job.id != id_:
        batches.files.remove(id_)
    return _accepted(services, job)


@bp.get("/batches/<id_>")
def show_batch(id_: str) -> ResponseReturnValue:
    """Show a job."""
    services = current_services()
    return answer(facts(services, services.batches.jobs.get(id_, time.time())))


@bp.patch("/batches/<id_>")
def change_batch(id_: str) -> ResponseReturnValue:
    """Say what a job that waits has to be told, and perhaps start it."""
    services = current_services()
    job = services.batches.jobs.get(id_, time.time())
    order, is_started = changed(job, read_json())
    job = services.batches.jobs.change(id_, order, is_started=is_started, now=time.time())
    job = _awaited(services, job, LOOK_S, lambda each: each.is_looked_at)
    return answer(facts(services, job))


@bp.delete("/batches/<id_>")
def delete_batch(id_: str) -> ResponseReturnValue:
    """Cancel a job, and forget it and its files."""
    batches = current_services().batches
    batches.jobs.get(id_, time.time())
    try:
        batches.jobs.forget(id_)
    except NoRoom:  # not even to forget it: its files make some
        batches.files.remove(id_)
        batches.jobs.forget(id_)
    batches.files.remove(id_)
    return Response(status=HTTPStatus.NO_CONTENT)


@bp.get("/batches/<id_>/result")
def show_result(id_: str) -> ResponseReturnValue:
    """Send the scored table."""
    batches = current_services().batches
    job = _done(batches.jobs.get(id_, time.time()))
    name = f"{_stem(job.name)}-scored.{job.to}"
    return _sent(batches, batches.files.result(id_), MEDIA[job.to], name)


@bp.get("/batches/<id_>/errors")
def show_errors(id_: str) -> ResponseReturnValue:
    """Send the rows that do not fit, with their lines and the reasons."""
    batches = current_services().batches
    job = _done(batches.jobs.get(id_, time.time()))
    name = f"{_stem(job.name)}-errors.csv"
    return _sent(batches, batches.files.errors(id_), MEDIA["csv"], name)


@bp.get("/batches/<id_>/events")
def stream_events(id_: str) -> ResponseReturnValue:
    """Send the job whenever it has changed, until it is over or some time has passed."""
    services = current_services()
    job = services.batches.jobs.get(id_, time.time())
    events = JobEvents(services, job)
    response = Response(_left_to_server(events) or _events(services, events))
    response.mimetype = "text/event-stream"
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


def _asked(services: Services, name: str, id_: str, key: str | None, upload: Upload) -> Asked:
    options_of(upload.fields, FIELDS)  # the name of a file is that of its part
    said = [*request.args.items(multi=True), *upload.fields]
    given = options_of(said)
    model = services.repository.get(name, given.get("version"))
    settings = services.settings
    order = JobOptions(
        options=asked_reading(said),
        to=format_of(given.get("to")),
        chunk_bytes=settings.job_chunk_bytes,
        unpacked_bytes=settings.max_upload_bytes,
    )
    is_started = truth_of(given.get("start", "true"))
    options = [order.options, order.to, is_started, given.get("version")]
    upload.digest.update(msgspec.json.encode(options))
    return Asked(
        id=id_,
        root=str(settings.models.resolve()),
        model=model.name,
        version=model.version,
        request_id=request_id(),
        key=key,
        digest=upload.digest.hexdigest(),
        name=upload.name,
        format=None,
        size_bytes=upload.size_bytes,
        order=order,
        is_started=is_started,
    )


def _accepted(services: Services, job: Job) -> Response:
    """Answer with a job; a client that prefers to wait gets it done, if that does not take long."""
    preferred = WAIT.search(request.headers.get("Prefer", ""))
    wait_s = min(float(preferred[1]), MOST_WAIT_S) if preferred else LOOK_S

    def is_settled(each: Job) -> bool:
        return each.status in ENDED or _is_stuck(each, is_awaited=bool(preferred))

    until = time.monotonic() + wait_s
    job = _awaited(services, job, wait_s, is_settled)
    response = answer(facts(services, job))
    response.headers["Location"] = url_for("batches.show_batch", id_=job.id)
    if preferred and (is_settled(job) or time.monotonic() >= until):
        response.headers["Preference-Applied"] = f"wait={wait_s:.0f}"
    if not (preferred and job.status in ENDED):
        response.status_code = HTTPStatus.ACCEPTED
        response.headers["Retry-After"] = "1"
    return response


def _is_stuck(job: Job, *, is_awaited: bool) -> bool:
    """Return whether waiting on is of no use.

    Parameters
    ----------
    is_awaited
        Whether its end is waited for; else the first look at its table is all.
    """
    return job.is_looked_at and (job.status == "waiting" or not is_awaited)


def _awaited(services: Services, job: Job, wait_s: float, is_it: Callable[[Job], bool]) -> Job:
    """Return a job as soon as it is as wished, or as it is when the time is over."""
    batches = services.batches
    door = batches.looks if wait_s <= LOOK_S else batches.streams
    if not batches.files.has_worker() or not door.acquire(blocking=False):
        return job
    try:
        until = time.monotonic() + wait_s
        while not is_it(job) and time.monotonic() < until:
            time.sleep(SOON_S)
            job = batches.jobs.get(job.id, time.time())
    finally:
        door.release()
    return job


class JobEvents:
    """A job, told whenever it has changed, until it is over or some time has passed."""

    def __init__(self, services: Services, job: Job) -> None:
        self._services = services
        self._job = job
        self._until = time.monotonic() + STREAM_S
        self._told = b""
        self._told_at = 0.0
        self._is_over = False

    def next_piece(self) -> bytes | None:
        """Return an event if the job has changed; None after its end."""
        if self._is_over:
            return None
        begin = b"" if self._told else b"retry: 1000\n\n"
        if self._told:
            self._look_again()
        now = time.monotonic()
        self._is_over = self._job.status in ENDED or now >= self._until
        data = msgspec.json.encode(facts(self._services, self._job))
        if data != self._told:
            self._told, self._told_at = data, now
            return begin + b"event: job\ndata: " + data + b"\n\n"
        if now >= self._told_at + SIGN_OF_LIFE_S:
            self._told_at = now
            return b":\n\n"
        return b""

    def _look_again(self) -> None:
        try:
            self._job = self._services.batches.jobs.get(self._job.id, time.time())
        except errors.JobNotFound:
            self._job = msgspec.structs.replace(self._job, status="cancelled")


def _events(services: Services, events: EventSource) -> Iterable[bytes]:
    """Return events as a server sends them that gives each stream a thread: only a few."""
    door = services.batches.streams
    if not door.acquire(blocking=False):
        raise TooBusy(NO_STREAM)
    return Streamed(events, door.release)


class Streamed:
    """The pieces of an event stream, a few times a second; closing it leaves room for another."""

    def __init__(self, events: EventSource, close: Callable[[], None]) -> None:
        self._events = events
        self.close = close

    def __iter__(self) -> Iterator[bytes]:
        while (piece := self._events.next_piece()) is not None:
            yield piece
            time.sleep(EVENT_S)


def _entered(door: threading.BoundedSemaphore, what: str) -> Callable[[], None]:
    """Pass a door, unless the server has a lane for this; return what leaves it again."""
    if LANE in request.environ:
        return _nothing
    if not door.acquire(blocking=False):
        raise TooBusy(f"Too many {what} are under way; try again in a moment.")
    return door.release


def _nothing() -> None:
    """Leave no door."""


@contextmanager
def _through(door: threading.BoundedSemaphore, what: str) -> Iterator[None]:
    leave = _entered(door, what)
    try:
        yield
    finally:
        leave()


class Held(io.FileIO):
    """A file that lets go of something when it is closed, as its sending ends with."""

    def __init__(self, path: Path, release: Callable[[], None]) -> None:
        super().__init__(path, "rb")
        self._release: Callable[[], None] | None = release

    def close(self) -> None:
        """Close it; once more does no harm."""
        super().close()
        release, self._release = self._release, None
        if release is not None:
            release()


def _sent(batches: Batches, path: Path, media: str, name: str) -> Response:
    """Send a file to be kept, never to be shown; a part of it where a Range is asked for."""
    leave = _entered(batches.transfers, "downloads")
    try:
        file = Held(path, leave)
    except FileNotFoundError as error:
        leave()
        raise errors.JobNotFound("The files of this batch job are gone.") from error
    try:
        size = os.fstat(file.fileno()).st_size  # its name may be gone by now
        response = send_file(file, media, as_attachment=True, download_name=name, etag=False)
        response.set_etag(hashlib.sha256("/".join(path.parts[-2:]).encode()).hexdigest())
        response.content_length = size
        response.headers["Cache-Control"] = "private, no-cache"
        asked = request.range
        environ = dict(request.environ)
        if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
            # What is not understood is passed over (RFC 9110, 14.2).
            environ.pop("HTTP_RANGE", None)
        response.make_conditional(environ, accept_ranges=True, complete_length=size)
        if request.method == "HEAD":
            file.close()
    except BaseException:
        file.close()
        raise
    return response


def _done(job: Job) -> Job:
    if job.status != "done":
        raise WrongJobState(f"There is a result when a job is done; this one is {job.status}.")
    return job


def _stem(name: str) -> str:
    return name.removesuffix(".gz").rpartition(".")[0] or name

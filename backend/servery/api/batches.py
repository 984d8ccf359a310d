"""The routes of batch jobs: a table is taken, looked after while it is scored, and given back."""

import io
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, get_args

import msgspec
from flask import Blueprint, Response, request, send_file, url_for
from flask.typing import ResponseReturnValue

from servery import errors
from servery.api import Services, answer, current_services, request_id
from servery.api.bodies import read_json
from servery.api.problems import PROBLEMS
from servery.api.uploads import Upload, receive
from servery.batch import Format
from servery.errors import Fault, InvalidOrder, ModelNotFound, NotNow, TooBusy, VersionNotFound
from servery.jobs import Asked, Files, Job, Jobs, Order, Problem, Status
from servery.jobs.counts import shown
from servery.jobs.records import ENDED, PreviewRow, Told
from servery.settings import Settings

bp = Blueprint("batches", __name__, url_prefix="/api/v1")

FORMATS: tuple[Format, ...] = get_args(Format)
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
KEY = re.compile(r"[\x21-\x7e]{1,255}")
WAIT = re.compile(r"(?:^|[,;\s])wait=(\d{1,5})(?:$|[,;\s])")


@dataclass(frozen=True, slots=True)
class Batches:
    """What the routes need: the records, the files, and doors that let only so many through.

    An upload, a download or a stream keeps a thread busy for as long as its client likes; the
    doors leave some threads to everybody else.
    """

    jobs: Jobs
    files: Files
    transfers: threading.BoundedSemaphore
    streams: threading.BoundedSemaphore

    @classmethod
    def from_settings(cls, settings: Settings) -> "Batches":
        """Return what the settings say; nothing is opened yet."""
        return cls(
            Jobs(settings.database, settings.jobs, settings.job_expiry_s),
            Files(settings.jobs),
            threading.BoundedSemaphore(max(1, settings.threads // 2)),
            threading.BoundedSemaphore(max(1, settings.threads // 4)),
        )


class FileFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The table as it came."""

    name: str
    format: Format | None
    size_bytes: int


class ProgressFacts(msgspec.Struct, frozen=True, kw_only=True):
    """How far a job is; null for what nobody knows yet."""

    rows_done: int
    rows_total: int | None
    bytes_done: int
    rows_per_s: float
    seconds_left: float | None


class ProblemFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Why a job waits or failed; ``option`` and its likely ``values`` where one has to be said."""

    title: str
    detail: str
    code: str
    option: str | None
    values: list[str]


class JobFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A batch job."""

    id: str
    model: str
    version: str
    request_id: str
    status: Status
    created: str
    expires: str | None
    file: FileFacts
    to: Format
    reading: Told
    header: list[str]
    columns: dict[str, str | None]
    extra: list[str]
    preview: dict[str, list[PreviewRow]] | None
    progress: ProgressFacts
    summary: dict[str, Any] | None
    problem: ProblemFacts | None


@bp.post("/models/<name>/batches")
def create_batch(name: str) -> ResponseReturnValue:
    """Take a table; it is scored by the worker."""
    services = current_services()
    batches = services.batches
    services.repository.get(name, request.args.get("version"))
    key = _key()
    id_ = batches.files.create()
    try:
        with _through(batches.transfers, "uploads"):
            path = batches.files.upload(id_)
            upload = receive(request, path, services.settings.max_upload_bytes)
        asked = _asked(services, name, id_, key, upload)
        job = batches.jobs.add(asked, time.time())
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
    order, is_started = _changed(job, read_json())
    job = services.batches.jobs.change(id_, order, is_started=is_started, now=time.time())
    job = _awaited(services, job, LOOK_S, lambda each: each.is_looked_at)
    return answer(facts(services, job))


@bp.delete("/batches/<id_>")
def delete_batch(id_: str) -> ResponseReturnValue:
    """Cancel a job, and forget it and its files."""
    batches = current_services().batches
    batches.jobs.get(id_, time.time())
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
    door = services.batches.streams
    if not door.acquire(blocking=False):
        raise TooBusy("Too many streams are open; ask for the job itself every second instead.")
    response = Response(_events(services, job), mimetype="text/event-stream")
    response.call_on_close(door.release)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def facts(services: Services, job: Job) -> JobFacts:
    """Return the public facts of a job."""
    found = job.found
    return JobFacts(
        id=job.id,
        model=job.model,
        version=job.version,
        request_id=job.request_id,
        status=job.status,
        created=_moment(job.created),
        expires=None if job.expires is None else _moment(job.expires),
        file=FileFacts(name=job.name, format=job.format, size_bytes=job.size_bytes),
        to=job.to,
        reading=job.order.told if found is None else found.told,
        header=[] if found is None else found.header,
        columns={} if found is None else found.columns,
        extra=[] if found is None else found.extra,
        preview=None if found is None or not job.is_looked_at else {"rows": found.preview},
        progress=_progress(job),
        summary=_summary(services, job),
        problem=None if job.problem is None else _problem(job.problem),
    )


def _progress(job: Job) -> ProgressFacts:
    is_done = job.status == "done"
    is_rows = job.format == "parquet"  # whose unit is rows, where text has bytes
    share = 1.0 if is_done else job.done / job.total if job.total else 0.0
    left = job.spent_s * (1 - share) / share if share and job.status == "running" else None
    return ProgressFacts(
        rows_done=job.rows_done,
        rows_total=job.rows_done if is_done else job.total if is_rows else None,
        bytes_done=round(share * job.size_bytes),
        rows_per_s=job.rows_done / job.spent_s if job.spent_s else 0.0,
        seconds_left=left,
    )


def _summary(services: Services, job: Job) -> dict[str, Any] | None:
    if job.counts is None:
        return None
    try:
        model = services.repository.get(job.model, job.version)
    except (ModelNotFound, VersionNotFound, errors.ModelUnusable):
        return None
    return shown(job.counts, model.signature.output)


def _problem(problem: Problem) -> ProblemFacts:
    kind = getattr(errors, problem.kind, errors.ServeryError)
    _, code, title = PROBLEMS[kind]
    return ProblemFacts(
        title=title,
        detail=problem.detail,
        code=code,
        option=problem.option,
        values=problem.values,
    )


def _asked(services: Services, name: str, id_: str, key: str | None, upload: Upload) -> Asked:
    given = {**upload.fields, **request.args.to_dict()}
    model = services.repository.get(name, given.get("version"))
    settings = services.settings
    order = Order(
        told=_told({each: given[each] for each in Told.__struct_fields__ if each in given}),
        to=_format(given.get("to")),
        chunk_bytes=settings.job_chunk_bytes,
        unpacked_bytes=settings.max_upload_bytes,
    )
    is_started = _truth(given.get("start", "true"))
    upload.digest.update(msgspec.json.encode([order.told, order.to, is_started, model.version]))
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
    job = _awaited(
        services, job, wait_s, lambda each: each.status in ENDED or _is_stuck(each, preferred)
    )
    response = answer(facts(services, job))
    response.headers["Location"] = url_for("batches.show_batch", id_=job.id)
    if preferred:
        response.headers["Preference-Applied"] = f"wait={preferred[1]}"
    if not (preferred and job.status in ENDED):
        response.status_code = HTTPStatus.ACCEPTED
        response.headers["Retry-After"] = "1"
    return response


def _is_stuck(job: Job, preferred: object) -> bool:
    """Return whether waiting on is of no use: a job waits itself, or its look was all."""
    return job.is_looked_at and (job.status == "waiting" or not preferred)


def _awaited(services: Services, job: Job, wait_s: float, is_it: Callable[[Job], bool]) -> Job:
    """Return a job as soon as it is as wished, or as it is when the time is over."""
    door = services.batches.streams
    if not door.acquire(blocking=False):
        return job
    try:
        until = time.monotonic() + wait_s
        while not is_it(job) and time.monotonic() < until:
            time.sleep(SOON_S)
            job = services.batches.jobs.get(job.id, time.time())
    finally:
        door.release()
    return job


def _events(services: Services, job: Job) -> Iterator[bytes]:
    yield b"retry: 1000\n\n"
    until = time.monotonic() + STREAM_S
    told = b""
    while True:
        data = msgspec.json.encode(facts(services, job))
        if data != told:
            told = data
            yield b"event: job\ndata: " + data + b"\n\n"
        if job.status in ENDED or time.monotonic() >= until:
            return
        time.sleep(EVENT_S)
        try:
            job = services.batches.jobs.get(job.id, time.time())
        except errors.JobNotFound:
            job = msgspec.structs.replace(job, status="cancelled")


@contextmanager
def _through(door: threading.BoundedSemaphore, what: str) -> Iterator[None]:
    if not door.acquire(blocking=False):
        raise TooBusy(f"Too many {what} are under way; try again in a moment.")
    try:
        yield
    finally:
        door.release()


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
    door = batches.transfers
    if not door.acquire(blocking=False):
        raise TooBusy("Too many downloads are under way; try again in a moment.")
    try:
        file = Held(path, door.release)
    except FileNotFoundError as error:
        door.release()
        raise errors.JobNotFound("The files of this batch job are gone.") from error
    try:
        size = path.stat().st_size
        response = send_file(file, media, as_attachment=True, download_name=name, etag=False)
        response.content_length = size
        response.headers["Cache-Control"] = "private, no-cache"
        response.make_conditional(request.environ, accept_ranges=True, complete_length=size)
        if request.method == "HEAD":
            file.close()
    except BaseException:
        file.close()
        raise
    return response


def _done(job: Job) -> Job:
    if job.status != "done":
        raise NotNow(f"There is a result when a job is done; this one is {job.status}.")
    return job


def _changed(job: Job, body: dict[str, Any]) -> tuple[Order, bool]:
    """Return the order that a PATCH makes of a job's, and whether it starts."""
    known = ("columns", "reading", "to", "start")
    faults = [
        Fault(None, "#", "unknown-member", f"Expected one of {known}, found {name!r}.")
        for name in body
        if name not in known
    ]
    columns, reading, start = body.get("columns"), body.get("reading"), body.get("start", False)
    if columns is not None and not (
        isinstance(columns, dict) and all(isinstance(each, str | None) for each in columns.values())
    ):
        detail = "Expected an object of columns by input, null for none."
        faults.append(Fault(None, "#/columns", "not-an-object", detail))
    if not isinstance(start, bool):
        faults.append(Fault(None, "#/start", "not-a-boolean", "Expected true or false."))
    if faults:
        raise InvalidOrder(faults)
    order = job.order
    if isinstance(columns, dict):
        given = {name: column or "" for name, column in columns.items()}
        order = msgspec.structs.replace(order, columns=given)
    if reading is not None:
        told = _told(reading)
        merged = {
            name: getattr(told if name in reading else order.told, name)
            for name in Told.__struct_fields__
        }
        order = msgspec.structs.replace(order, told=Told(**merged))
    if body.get("to") is not None:
        order = msgspec.structs.replace(order, to=_format(body["to"]))
    return order, bool(start)


def _told(given: object) -> Told:
    """Read how a table is written."""
    try:
        told = msgspec.convert(given, Told)
        if isinstance(given, dict) and (strange := set(given) - set(Told.__struct_fields__)):
            raise msgspec.ValidationError(f"unknown: {', '.join(sorted(strange))}")
        if told.encoding is not None:
            "".encode(told.encoding)
        if told.delimiter is not None and (
            len(told.delimiter.encode()) != 1 or told.delimiter in '"\r\n'
        ):
            raise ValueError("a delimiter is one ASCII character")
    except (ValueError, LookupError) as error:
        detail = (
            "Expected delimiter, encoding, decimal (. or ,), dates (year-first, day-first or "
            f"month-first) or sheet; found {str(error)[:200]}."
        )
        raise InvalidOrder([Fault(None, "#/reading", "not-a-reading", detail)]) from error
    return told


def _format(text: object) -> Format | None:
    if text in (None, ""):
        return None
    if text not in FORMATS:
        detail = f"Expected one of {', '.join(FORMATS)}, found {str(text)[:40]!r}."
        raise InvalidOrder([Fault(None, "#/to", "unknown-format", detail)])
    return next(each for each in FORMATS if each == text)


def _truth(text: str) -> bool:
    if text not in ("true", "false"):
        detail = f"Expected true or false, found {text[:40]!r}."
        raise InvalidOrder([Fault(None, "#/start", "not-a-boolean", detail)])
    return text == "true"


def _key() -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not KEY.fullmatch(key):
        detail = "Expected an Idempotency-Key of 1 to 255 plain characters without spaces."
        raise InvalidOrder([Fault(None, "#", "not-a-key", detail)])
    return key


def _stem(name: str) -> str:
    return name.removesuffix(".gz").rpartition(".")[0] or name


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")

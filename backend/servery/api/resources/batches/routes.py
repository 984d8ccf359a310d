"""The routes of batch jobs: upload a table, follow and change the job, download what it wrote."""

import re
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Literal

import msgspec
from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue

from servery.api import Services, answer, current_services, request_id
from servery.api.http.bodies import read_json
from servery.api.resources.batches.capacity import one_of
from servery.api.resources.batches.downloads import download
from servery.api.resources.batches.events import event_stream
from servery.api.resources.batches.facts import facts
from servery.api.resources.batches.job_options import (
    FIELDS,
    asked_options,
    asked_reading,
    changed,
    format_of,
    key_of,
    options_of,
    truth_of,
)
from servery.api.resources.batches.uploads import NO_ROOM, Upload, receive
from servery.batch.options import BatchOptions, chosen
from servery.errors import NoRoom, WrongJobState, room_for
from servery.jobs.records import Asked, Job, JobOptions
from servery.jobs.states import ENDED
from servery.tables.packing import bare_name
from servery.tables.registry import FORMATS

bp = Blueprint("batches", __name__, url_prefix="/api/v1")

#: How long an answer waits for the first look at a table.
LOOK_S = 2.0
MOST_WAIT_S = 25.0
#: Between two looks at a job that a client waits for.
SOON_S = 0.03
WAIT = re.compile(r"(?:^|[,;\s])wait=(\d{1,5})(?:$|[,;\s])")


@bp.post("/models/<name>/batches")
def create_batch(name: str) -> ResponseReturnValue:
    """Accept a table, which the job worker scores."""
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
            with one_of(batches.transfers, "uploads"):
                upload = receive(request, batches.files, id_, services.settings.max_upload_bytes)
            job = batches.jobs.add(_new_job(services, name, id_, key, upload), time.time())
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
    """Change the options of a waiting job, and start it if requested."""
    services = current_services()
    job = services.batches.jobs.get(id_, time.time())
    options, is_started = changed(job, read_json())
    job = services.batches.jobs.change(id_, options, is_started=is_started, now=time.time())
    job = _awaited(services, job, LOOK_S, lambda each: each.is_inspected)
    return answer(facts(services, job))


@bp.delete("/batches/<id_>")
def delete_batch(id_: str) -> ResponseReturnValue:
    """Cancel a job, and delete it and its files."""
    batches = current_services().batches
    batches.jobs.get(id_, time.time())
    try:
        batches.jobs.delete(id_)
    except NoRoom:  # deleting its files makes room
        batches.files.remove(id_)
        batches.jobs.delete(id_)
    batches.files.remove(id_)
    return Response(status=HTTPStatus.NO_CONTENT)


@bp.get("/batches/<id_>/result")
def show_result(id_: str) -> ResponseReturnValue:
    """Send the scored table."""
    batches = current_services().batches
    job = _done(batches.jobs.get(id_, time.time()))
    name = f"{_stem(job.name)}-scored.{job.to}"
    return download(batches, batches.files.result(id_), FORMATS[job.to].media_type, name)


@bp.get("/batches/<id_>/errors")
def show_errors(id_: str) -> ResponseReturnValue:
    """Send the rows that do not fit, with their lines and the reasons."""
    batches = current_services().batches
    job = _done(batches.jobs.get(id_, time.time()))
    name = f"{_stem(job.name)}-errors.csv"
    return download(batches, batches.files.errors(id_), FORMATS["csv"].media_type, name)


@bp.get("/batches/<id_>/evaluation")
def show_job_evaluation(id_: str) -> ResponseReturnValue:
    """Send how well the model did on the table."""
    return _evaluation(id_, "json")


@bp.get("/batches/<id_>/evaluation.html")
def show_evaluation_html(id_: str) -> ResponseReturnValue:
    """Send how well the model did on the table, as a page."""
    return _evaluation(id_, "html")


@bp.get("/batches/<id_>/events")
def stream_events(id_: str) -> ResponseReturnValue:
    """Send the job whenever it has changed, until it ends or some time has passed."""
    services = current_services()
    return event_stream(services, services.batches.jobs.get(id_, time.time()))


def _new_job(services: Services, name: str, id_: str, key: str | None, upload: Upload) -> Asked:
    options_of(upload.fields, FIELDS)  # the name of a file is that of its part
    said = [*request.args.items(multi=True), *upload.fields]
    given = options_of(said)
    model = services.repository.get(name, given.get("version"))
    settings = services.settings
    job_options = JobOptions(
        options=asked_reading(said),
        to=format_of(given.get("to")),
        **asked_options(said),
        chunk_bytes=settings.job_chunk_bytes,
        unpacked_bytes=settings.max_upload_bytes,
    )
    is_started = truth_of(given.get("start", "true"))
    options: list[object] = [job_options.options, job_options.to, is_started, given.get("version")]
    default = chosen(BatchOptions()).items()  # which leaves the digest as without the option
    options += [each for each in chosen(job_options).items() if each not in default]
    upload.digest.update(msgspec.json.encode(options))
    return Asked(
        id=id_,
        repository=str(settings.models.resolve()),
        model=model.name,
        version=model.version,
        request_id=request_id(),
        key=key,
        digest=upload.digest.hexdigest(),
        name=upload.name,
        format=None,
        size_bytes=upload.size_bytes,
        job_options=job_options,
        is_started=is_started,
    )


def _accepted(services: Services, job: Job) -> Response:
    """Answer with a job, after waiting for its end as long as the client prefers."""
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
    """Return whether a longer wait is useless.

    Parameters
    ----------
    is_awaited
        Whether the client waits for the end of the job, not only for the first look at its table.
    """
    return job.is_inspected and (job.status == "waiting" or not is_awaited)


def _awaited(services: Services, job: Job, wait_s: float, is_it: Callable[[Job], bool]) -> Job:
    """Return a job once it meets a condition, or as it is after some time."""
    batches = services.batches
    limit = batches.looks if wait_s <= LOOK_S else batches.streams
    if not batches.files.has_worker() or not limit.acquire(blocking=False):
        return job
    try:
        until = time.monotonic() + wait_s
        while not is_it(job) and time.monotonic() < until:
            time.sleep(SOON_S)
            job = batches.jobs.get(job.id, time.time())
    finally:
        limit.release()
    return job


def _done(job: Job) -> Job:
    if job.status != "done":
        raise WrongJobState(f"A job has a result when it is done. This job is {job.status}.")
    return job


def _evaluation(id_: str, kind: Literal["json", "html"]) -> Response:
    batches = current_services().batches
    job = _done(batches.jobs.get(id_, time.time()))
    if not job.job_options.target:
        raise WrongJobState(
            "This job has no evaluation. Name the column with the outcomes as target, and score "
            "again."
        )
    media = {"json": "application/json", "html": "text/html"}[kind]
    name = f"{_stem(job.name)}-evaluation.{kind}"
    return download(batches, batches.files.evaluation(id_, kind), media, name)


def _stem(name: str) -> str:
    return bare_name(name).rpartition(".")[0] or name

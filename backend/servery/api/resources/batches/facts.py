"""A batch job as answers show it."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from servery import errors
from servery.api import Services
from servery.api.problems import problem_type
from servery.batch.decisions import UsedThreshold, decided_output, used_threshold
from servery.batch.drift import DriftReport
from servery.batch.options import BatchOptions, chosen
from servery.batch.summary import BadRow
from servery.errors import ModelNotFound, ModelUnusable, Part, VersionNotFound, worded
from servery.jobs.counts import PACE, shown
from servery.jobs.records import Job, PreviewRow, Problem
from servery.jobs.states import Status
from servery.tables.reading import ReadingOptions
from servery.tables.registry import FORMATS


class FileFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The table as it was uploaded."""

    name: str
    format: str | None
    size_bytes: int


class ProgressFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The progress of a job; null for what is not known yet."""

    rows_done: int
    rows_total: int | None
    bytes_done: int
    rows_per_s: float
    seconds_left: float | None


class ReasonFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Rows with the same fault or warning, and the first of their lines in the file."""

    input: str | None
    code: str
    rows: int
    lines: list[int]


class SummaryFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The results of a job so far; with several outputs, ``predictions`` has each by its name.

    ``threshold`` is that of the job, if it differs from the card. ``drift`` compares the
    inputs with those of training, once the job is done.
    """

    rows: int
    bad_rows: int
    warned_rows: int
    bad: list[ReasonFacts]
    warned: list[ReasonFacts]
    first_bad: list[BadRow]
    predictions: dict[str, Any]
    neutralised: int
    threshold: UsedThreshold | None = None
    drift: DriftReport | None = None


class ProblemFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Why a job waits or failed; ``option`` is the option to set, ``values`` its likely values.

    ``parts`` has the detail in pieces, with the inputs that it names.
    """

    title: str
    detail: str
    parts: tuple[Part, ...]
    code: str
    option: str | None
    values: list[str]


class JobFacts(BatchOptions, frozen=True, kw_only=True):
    """A batch job, with its options.

    ``is_temporary`` jobs are deleted when the server stops, if they have not expired before that.
    """

    id: str
    model: str
    version: str
    request_id: str
    status: Status
    created: str
    expires: str | None
    is_temporary: bool
    file: FileFacts
    to: str
    reading: ReadingOptions
    header: list[str]
    columns: dict[str, str | None]
    extra: list[str]
    notes: list[str]
    preview: dict[str, list[PreviewRow]] | None
    progress: ProgressFacts
    summary: SummaryFacts | None
    problem: ProblemFacts | None


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
        is_temporary=services.batches.files.is_temporary(),
        file=FileFacts(name=job.name, format=job.format, size_bytes=job.size_bytes),
        to=job.to,
        **chosen(job.job_options),
        reading=job.job_options.options if found is None else found.options,
        header=[] if found is None else found.header,
        columns={} if found is None else found.columns,
        extra=[] if found is None else found.extra,
        notes=[] if found is None else found.notes,
        preview={"rows": found.preview} if found and found.header and job.is_inspected else None,
        progress=_progress(job),
        summary=_summary(services, job),
        problem=None if job.problem is None else _problem(job.problem),
    )


def _progress(job: Job) -> ProgressFacts:
    is_done = job.status == "done"
    is_rows = job.format is not None and FORMATS[job.format].unit == "rows"
    share = 1.0 if is_done else job.offset / job.size if job.size else 0.0
    pace = (job.counts or {}).get(PACE)
    left = None
    if job.status == "running" and job.size and pace:
        left = max(0.0, job.size - job.offset) / pace
    return ProgressFacts(
        rows_done=job.rows_done,
        rows_total=job.rows_done if is_done else job.size if is_rows else None,
        bytes_done=round(share * job.size_bytes),
        rows_per_s=job.rows_done / job.spent_s if job.spent_s else 0.0,
        seconds_left=left,
    )


def _summary(services: Services, job: Job) -> SummaryFacts | None:
    if job.counts is None:
        return None
    try:
        model = services.repository.get(job.model, job.version)
    except (ModelNotFound, VersionNotFound, ModelUnusable):
        return None
    summary = msgspec.convert(shown(job.counts, model.signature.output), SummaryFacts)
    output = decided_output(model.signature.output, job.job_options)
    return msgspec.structs.replace(
        summary, threshold=used_threshold(output), drift=_drift(services, job)
    )


def _drift(services: Services, job: Job) -> DriftReport | None:
    """Return what the job worker found when it was done; earlier versions did not look."""
    if job.status != "done":
        return None
    try:
        return msgspec.json.decode(
            services.batches.files.drift(job.id).read_bytes(), type=DriftReport
        )
    except OSError:
        return None


def _problem(problem: Problem) -> ProblemFacts:
    kind = problem_type(getattr(errors, problem.kind, errors.ServeryError))
    return ProblemFacts(
        title=kind.title,
        detail=problem.detail,
        parts=problem.parts or worded(problem.detail),
        code=kind.slug,
        option=problem.option,
        values=problem.values,
    )


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")

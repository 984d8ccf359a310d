"""What is known of a batch job, as values: what was asked, what was found, how far it is."""

from typing import Any

import msgspec

from servery.batch.options import BatchOptions
from servery.batch.summary import Remark
from servery.errors import Part
from servery.inputs import Scalar
from servery.jobs.states import Status
from servery.tables.reading import Limits, Reading, ReadingOptions

#: Bytes of text for one row, by which chunks of rows are measured as chunks of text are.
ROW_BYTES = 200


class JobOptions(BatchOptions, frozen=True, kw_only=True):
    """What is to be done with a table, with the options of a batch.

    Attributes
    ----------
    columns
        Columns by the name of their input, as far as given; an empty one means that there is none.
    is_reread
        Whether the reading options changed after ``columns`` were given, which may then belong to
        an old header.
    to
        The format of the result; None for that of the table.
    chunk_bytes, unpacked_bytes
        Limits at the creation of the job: all of its chunks must be cut in the same way.
    """

    columns: dict[str, str] = msgspec.field(default_factory=dict)
    is_reread: bool = False
    options: ReadingOptions = ReadingOptions()
    to: str | None = None
    chunk_bytes: int
    unpacked_bytes: int

    def reading(self) -> Reading:
        """Return how the table is to be read."""
        rows = max(100, min(Limits().chunk_rows, self.chunk_bytes // ROW_BYTES))
        limits = Limits(
            chunk_bytes=self.chunk_bytes, chunk_rows=rows, unpacked_bytes=self.unpacked_bytes
        )
        return Reading(**msgspec.structs.asdict(self.options), limits=limits)


class PreviewRow(msgspec.Struct, frozen=True, kw_only=True):
    """One of the first rows: its cells as text, and the answer of the model, if any.

    ``remarks`` splits ``error``, or else ``warnings``, into its parts. ``reliability`` and
    ``reliability_rows`` are the share of similar answers that were right, and how many those were.
    """

    line: int
    cells: list[str]
    prediction: Scalar | dict[str, Scalar | None] | None = None
    label: str | None = None
    probability: float | None = None
    interval: tuple[float, float] | None = None
    prediction_set: tuple[Scalar, ...] | None = None
    reliability: float | None = None
    reliability_rows: int | None = None
    warnings: str | None = None
    error: str | None = None
    remarks: list[Remark] = []


class Detected(msgspec.Struct, frozen=True, kw_only=True):
    """What a look at a table has found; ``columns`` has None for inputs without a column."""

    format: str
    options: ReadingOptions = msgspec.field(name="told")
    header: list[str]
    columns: dict[str, str | None]
    extra: list[str]
    preview: list[PreviewRow]
    notes: list[str] = []


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Why a job waits or has failed; ``kind`` is the name of the error.

    Where something has to be said, ``option`` names it, and ``values`` are the likely ones;
    ``parts`` are those of the ``detail``; there are none where it names no input.
    """

    kind: str
    detail: str
    option: str | None = None
    values: list[str] = []
    parts: tuple[Part, ...] = ()


class JobIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a job from its beginning on.

    Attributes
    ----------
    repository
        The model repository that ``model`` and ``version`` are of.
    key, digest
        The caller's Idempotency-Key, if any, and the digest of what came with it.
    """

    id: str
    repository: str
    model: str
    version: str
    request_id: str
    key: str | None
    digest: str
    name: str
    format: str | None
    size_bytes: int
    job_options: JobOptions


class Asked(JobIdentity, frozen=True, kw_only=True):
    """A new job; one that is not started waits for options."""

    is_started: bool


class Job(JobIdentity, frozen=True, kw_only=True):
    """A job as it stands in the database.

    Attributes
    ----------
    created, expires
        Seconds since 1970.
    is_inspected
        Whether ``found`` or ``problem`` answers the present ``job_options``.
    chunks_done, offset, size
        How much of the table is read and written, in chunks and in the table's own unit, and how
        much of that unit there is.
    result_bytes, errors_bytes
        How much of its files is whole.
    counts
        What `servery.jobs.counts` makes of the summary so far.
    spent_s
        Time between the start and now in which somebody worked on it.
    attempts
        Job workers that took it since it last made progress.
    worker, lease
        The job worker that works on it, and until when no other may.
    """

    status: Status
    created: float
    expires: float | None
    is_inspected: bool
    found: Detected | None
    problem: Problem | None
    chunks_done: int
    offset: int
    size: int | None
    result_bytes: int
    errors_bytes: int
    rows_done: int
    counts: dict[str, Any] | None
    spent_s: float
    attempts: int
    worker: str | None
    lease: float

    @property
    def to(self) -> str:
        """The format of the result."""
        return self.job_options.to or self.format or "csv"


class Inspection(msgspec.Struct, frozen=True, kw_only=True):
    """What a job worker found out about a table, before it is scored.

    Attributes
    ----------
    job_options
        Without what was said about columns that the table does not have.
    problem
        What has to be answered first, if anything.
    """

    job_options: JobOptions
    format: str
    found: Detected | None
    problem: Problem | None


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a job is after one more chunk."""

    chunks_done: int
    offset: int
    size: int | None
    result_bytes: int
    errors_bytes: int
    rows_done: int
    counts: dict[str, Any]
    spent_s: float

"""The flow of a batch job: a table is uploaded, scored on the server and downloaded."""

import contextlib
import math
import tempfile
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from servery_client.answers import Json
from servery_client.bodies import JSON, encoded
from servery_client.errors import ClientError, JobFailed
from servery_client.flows import Call, Flow, Pause, Request
from servery_client.questions import model_path
from servery_client.retries import Retries, asked, json_of

#: Between two looks at a job: it begins with the first, and doubles.
SOON_S, LATE_S = 0.1, 2.0
MOVING = frozenset(["queued", "running"])
#: The formats of results, and the endings of their files.
FORMATS: Mapping[str, Sequence[str]] = {
    "csv": (".csv", ".txt"),
    "tsv": (".tsv", ".tab"),
    "jsonl": (".jsonl", ".ndjson"),
    "parquet": (".parquet", ".pq"),
    "arrow": (".arrow", ".feather"),
    "xlsx": (".xlsx",),
    "sqlite": (".sqlite", ".sqlite3", ".db"),
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is; None for what is not known yet."""

    status: str
    rows_done: int
    rows_total: int | None
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class Scored:
    """A scored table.

    Attributes
    ----------
    path
        The file of the result.
    rows, bad_rows, warned_rows
        How many rows there are, how many do not fit, and how many have a warning.
    summary
        All counts, and the drift, as in the answer of the server.
    evaluation
        How well the model did; None without a ``target``.
    """

    path: Path
    rows: int
    bad_rows: int
    warned_rows: int
    summary: Json = field(repr=False)
    evaluation: Json | None = field(repr=False)


def score(
    model: str,
    table: str | Path,
    into: str | Path,
    columns: Mapping[str, str | None] | None,
    progress: Callable[[Progress], object] | None,
    timeout_s: float | None,
    options: Mapping[str, Any],
    retries: Retries,
) -> Flow[Scored]:
    """Score a table on the server; the job is deleted there at the end, and after any error.

    Raises
    ------
    ClientError
        The result cannot be written to that place; nothing was sent.
    JobFailed
        The table cannot be scored as it is, or not in time; names the option to set, if that helps.
    InvalidInputs
        Options that are not valid.
    """
    table, into = Path(table), Path(into)
    params = {name.rstrip("_"): _worded(value) for name, value in options.items()}
    _refuse_place(into, table)
    if "to" not in params:
        params |= _format_of(into)
    if columns is not None:
        params["start"] = "false"
    upload = Request(
        "POST",
        f"{model_path(model)}/batches",
        params={"name": table.name, **params},
        headers={
            "Content-Type": "application/octet-stream",
            "Content-Length": str(table.stat().st_size),
            "Idempotency-Key": f'"{uuid.uuid4()}"',  # a second try cannot make a second job
            "Prefer": "wait=0",  # an interruption waits for this answer, to learn the id
        },
        content=table,
    )
    reply = yield from asked(upload, retries)
    job = json_of(reply)
    path = f"api/v1/batches/{quote(job['id'])}"
    pauses = _Pauses(timeout_s)
    try:
        if reply.interruption is not None:
            raise reply.interruption
        if columns is not None:
            job = yield from _started(path, columns, pauses, retries)
        job = yield from _ended(path, job, progress, pauses, retries)
        if job["status"] != "done":
            raise JobFailed(job["problem"] or {})
        evaluation = None
        if job["target"]:
            evaluation = json_of((yield from asked(Request("GET", f"{path}/evaluation"), retries)))
        yield from _downloaded(f"{path}/result", into, retries)
    finally:
        with contextlib.suppress(ClientError):  # it expires there anyway
            yield from asked(Request("DELETE", path, is_cleanup=True), Retries(tries=1))
    summary = job["summary"] or {}
    return Scored(
        path=into,
        rows=summary.get("rows", 0),
        bad_rows=summary.get("bad_rows", 0),
        warned_rows=summary.get("warned_rows", 0),
        summary=summary,
        evaluation=evaluation,
    )


def _refuse_place(into: Path, table: Path) -> None:
    """Refuse a place where the result cannot be written, before the table is sent."""
    if into.is_dir() or (into.exists() and into.samefile(table)):
        raise ClientError(f"{into} is not a place for the result. Name another file.")
    if not into.parent.is_dir():
        raise ClientError(f"There is no folder {into.parent} for the result. Create it first.")


def _format_of(into: Path) -> Mapping[str, str]:
    """Return the option of the format that the end of a name stands for.

    Raises
    ------
    ClientError
        It stands for none. A name without an ending leaves the format to the server.
    """
    ending = into.suffix.lower()
    if not ending:
        return {}
    found = next((name for name, endings in FORMATS.items() if ending in endings), None)
    if found is None:
        *first, last = (endings[0] for endings in FORMATS.values())
        raise ClientError(
            f"Unknown format: {into.name}. Use a name that ends in {', '.join(first)} or {last}, "
            "or name the format with to."
        )
    return {"to": found}


def _worded(value: Any) -> Any:  # noqa: ANN401
    """Return the value of an option as the query has it."""
    if isinstance(value, bool):
        return str(value).lower()
    is_several = isinstance(value, Sequence) and not isinstance(value, str)
    return list(value) if is_several else str(value)


class _Pauses:
    """The pauses between looks at a job, as long as there is time for it to end."""

    def __init__(self, timeout_s: float | None) -> None:
        self._timeout_s = timeout_s
        self._until = math.inf if timeout_s is None else time.monotonic() + timeout_s
        self._next_s = SOON_S

    def after(self, job: Json) -> Pause:
        """Return the pause after a look at a job.

        Raises
        ------
        JobFailed
            There is no time left.
        """
        left_s = self._until - time.monotonic()
        if left_s <= 0:
            detail = f"The job is still {job['status']} after {self._timeout_s:g} s. "
            is_queued = job["status"] == "queued"
            detail += (
                "Check that a job worker runs, or that it is not busy with other jobs."
                if is_queued
                else "Set a longer timeout_s."
            )
            raise JobFailed({"code": "timeout", "detail": detail})
        pause_s, self._next_s = self._next_s, min(2 * self._next_s, LATE_S)
        return Pause(min(pause_s, left_s))


def _started(
    path: str, columns: Mapping[str, str | None], pauses: _Pauses, retries: Retries
) -> Flow[Json]:
    """Choose the columns of inputs; those of the others are the ones that the server matched."""
    job = yield from _settled(path, pauses, retries)
    body = encoded({"columns": {**job["columns"], **columns}, "start": True})
    change = Request("PATCH", path, headers={"Content-Type": JSON}, content=body)
    started: Json = json_of((yield from asked(change, retries)))
    return started


def _settled(path: str, pauses: _Pauses, retries: Retries) -> Flow[Json]:
    """Return a job that does not start by itself once the server has looked at its table."""
    while True:
        job: Json = json_of((yield from asked(Request("GET", path), retries)))
        if job["header"] or job["problem"] or job["status"] not in {*MOVING, "waiting"}:
            return job
        yield pauses.after(job)


def _ended(
    path: str,
    job: Json,
    progress: Callable[[Progress], object] | None,
    pauses: _Pauses,
    retries: Retries,
) -> Flow[Json]:
    """Return a job once it moves no more."""
    while True:
        if progress is not None:
            done = job["progress"]
            figures = (done[name] for name in ("rows_done", "rows_total", "seconds_left"))
            yield Call(progress, Progress(job["status"], *figures))
        if job["status"] not in MOVING:
            return job
        yield pauses.after(job)
        job = json_of((yield from asked(Request("GET", path), retries)))


def _downloaded(path: str, into: Path, retries: Retries) -> Flow[None]:
    """Download a result; the file appears when it is complete."""
    with tempfile.TemporaryDirectory(dir=into.parent, prefix=".servery-") as folder:
        part = Path(folder) / into.name
        yield from asked(Request("GET", path, into=part), retries)
        part.replace(into)

"""The store of batch jobs: every statement that reads or changes a job.

`states` says what may happen to a job; a change is one statement whose condition says what it
relies on, so that no two workers and no two requests can both believe that they made it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from servery.errors import IdempotencyKeyReused, JobNotFound, WrongJobState
from servery.jobs.database import Database
from servery.jobs.pending import NEEDS_WORK
from servery.jobs.records import Asked, Detected, Inspection, Job, JobOptions, Problem, Progress
from servery.jobs.schema import jobs_table
from servery.jobs.states import Event, ImpossibleEvent, Transition, transition

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Table

#: Fields that are kept as JSON.
JSON_OF: dict[str, Any] = {
    "job_options": JobOptions,
    "found": Detected | None,
    "problem": Problem | None,
    "counts": dict[str, Any] | None,
}
FREED: Mapping[str, Any] = {"worker": None, "lease": 0.0}
NOTHING_DONE: Mapping[str, Any] = {
    "counts": None,
    "chunks_done": 0,
    "offset": 0,
    "result_bytes": 0,
    "errors_bytes": 0,
    "rows_done": 0,
    "spent_s": 0.0,
}


class JobStore:
    """The jobs of one database; nothing is opened before it is needed.

    Parameters
    ----------
    url
        Of the database; None for a file of SQLite in ``folder``.
    expiry_s
        How long a job stays that nothing more will happen to.
    """

    def __init__(self, url: str | None, folder: Path, expiry_s: float) -> None:
        self._database = Database(url, folder)
        self._expiry_s = expiry_s

    def add(self, asked: Asked, now: float) -> Job:
        """Keep a new job; with a known Idempotency-Key, return the job that it has already.

        Raises
        ------
        IdempotencyKeyReused
            The key came with another upload.
        """
        from sqlalchemy import insert
        from sqlalchemy.exc import IntegrityError

        values = msgspec.structs.asdict(asked)
        is_started = values.pop("is_started")
        values |= {
            "status": "queued" if is_started else "waiting",
            "created": now,
            "turn": now,
            "expires": None if is_started else now + self._expiry_s,
        }
        adding = insert(self._table).values(_written(values))
        self._free_key(asked, now)
        try:
            self._change(adding)
        except IntegrityError:
            known = self._known(asked)
            if known is None:
                raise
            return known
        return self.get(asked.id, now)

    def get(self, id_: str, now: float) -> Job:
        """Return a job.

        Raises
        ------
        JobNotFound
            There is none of that id, or it has expired.
        """
        is_plain = id_.isascii() and id_.isprintable()  # a database may not take others
        found = self._one(self._table.c.id == id_) if is_plain else None
        if found is None or (found.expires is not None and found.expires <= now):
            raise JobNotFound("No batch job has this id, or its time is over.")
        return found

    def change(self, id_: str, job_options: JobOptions, *, is_started: bool, now: float) -> Job:
        """Take other options for a job that waits; a worker inspects its table again.

        Raises
        ------
        JobNotFound, WrongJobState
            There is none, or it does not wait.
        """
        job = self.get(id_, now)
        values = {"job_options": job_options, "is_inspected": False, "problem": None, "attempts": 0}
        with suppress(ImpossibleEvent):
            if self._move("start" if is_started else "change", job, now, values):
                return self.get(id_, now)
            job = self.get(id_, now)  # somebody else was first
        raise WrongJobState(f"Only a job that waits can be changed; this one is {job.status}.")

    def delete(self, id_: str) -> None:
        """Delete a job; a job worker that has it notices at its next chunk.

        Raises
        ------
        JobNotFound
            There is none.
        """
        from sqlalchemy import delete

        if not self._change(delete(self._table).where(self._table.c.id == id_)):
            raise JobNotFound("No batch job has this id, or its time is over.")

    def delete_expired(self, now: float) -> list[str]:
        """Delete the jobs that have expired, and return their ids."""
        from sqlalchemy import delete, select

        table = self._table
        with self._database.reading() as connection:
            over = select(table.c.id).where(table.c.expires <= now)
            ids = [str(row[0]) for row in connection.execute(over)]
        return [
            each
            for each in ids
            if self._change(delete(table).where(table.c.id == each, table.c.expires <= now))
        ]

    def list_all(self, repository: str, now: float) -> list[Job]:
        """Return the jobs of a model repository that have not expired, the newest first."""
        from sqlalchemy import or_, select

        table = self._table
        kept = or_(table.c.expires.is_(None), table.c.expires > now)
        asked = select(table).where(table.c.repository == repository, kept)
        with self._database.reading() as connection:
            found = connection.execute(asked.order_by(table.c.created.desc()))
            return [_read(row) for row in found.mappings()]

    def ids(self) -> set[str]:
        """Return the ids of all jobs."""
        from sqlalchemy import select

        with self._database.reading() as connection:
            return {str(row[0]) for row in connection.execute(select(self._table.c.id))}

    def take(
        self,
        repository: str,
        worker: str,
        *,
        most: int,
        now: float,
        lease_s: float,
        is_dead: Callable[[str], bool],
        busy_with: Collection[str] = (),
    ) -> list[Job]:
        """Take jobs that need a job worker and have none, those first that waited longest.

        Parameters
        ----------
        is_dead
            Whether a job worker has ended for certain; its jobs are free before their lease ends.
        busy_with
            Jobs that the worker has open. Others that are its own in the database are taken again:
            the database could not be changed when the worker released them.
        """
        taken: list[Job] = []
        for job in self._needing_work(repository, now):
            if len(taken) >= most:
                break
            is_free = job.lease <= now or job.worker == worker
            if job.id in busy_with or not (is_free or (job.worker and is_dead(job.worker))):
                continue
            if self._claim(job, worker, now, now + lease_s):
                with suppress(JobNotFound):  # it was deleted a moment ago
                    taken.append(self.get(job.id, now))
        return taken

    def has_work(self, repository: str, now: float) -> bool:
        """Return whether any job needs a job worker, even one that another worker has."""
        return bool(self._needing_work(repository, now))

    def renew(self, worker: str, until: float) -> None:
        """Keep the jobs that a job worker has."""
        self._update({"lease": until}, self._table.c.worker == worker)

    def release(self, job: Job, now: float) -> None:
        """Leave a job to any job worker; the attempt does not count."""
        self._move("release", job, now, {"attempts": 0, "turn": now})

    def postpone(self, job: Job, problem: Problem, now: float, until: float) -> None:
        """Leave a job to any job worker, but not before some time, and say why.

        It expires as one that waits for an answer does: the room may never come.
        """
        values = {"attempts": 0, "turn": now, "problem": problem, "lease": until}
        self._move("postpone", job, now, values)

    def record_inspection(self, job: Job, inspection: Inspection, now: float) -> bool:
        """Keep what a worker found out; return False if the job is no longer this worker's."""
        event: Event = "inspect" if inspection.problem is None else "question"
        values = {**msgspec.structs.asdict(inspection), "is_inspected": True, "attempts": 0}
        return self._move(event, job, now, values)

    def advance(self, job: Job, progress: Progress, now: float) -> bool:
        """Record one more chunk; return False if the job is no longer this worker's."""
        values = {**msgspec.structs.asdict(progress), "attempts": 0, "problem": None}
        same = self._table.c.chunks_done == progress.chunks_done - 1
        return self._move("advance", job, now, values, same)

    def finish(self, job: Job, now: float) -> bool:
        """Record that a job is done; return False if it is no longer this worker's."""
        return self._move("finish", job, now, {"problem": None, "is_inspected": True})

    def fail(self, job: Job, problem: Problem, now: float) -> bool:
        """Record that a job failed; return False if it is no longer this worker's."""
        return self._move("fail", job, now, {"problem": problem, "is_inspected": True})

    def restart(self, job: Job, problem: Problem, now: float) -> bool:
        """Have a job wait for an answer, with nothing done."""
        values = {**NOTHING_DONE, "problem": problem, "is_inspected": True}
        return self._move("restart", job, now, values)

    def begin_again(self, job: Job, now: float) -> bool:
        """Release a job until a worker takes it again, with nothing done."""
        return self._move("release", job, now, NOTHING_DONE)

    def is_held(self, job: Job) -> bool:
        """Return whether a job still is the job worker's that had it."""
        return self._one(*self._held(job)) is not None

    def exists(self, id_: str) -> bool:
        """Return whether there is a job of that id, expired or not."""
        return self._one(self._table.c.id == id_) is not None

    def close(self) -> None:
        """Close all connections, as before a fork."""
        self._database.close()

    def _move(
        self,
        event: Event,
        job: Job,
        now: float,
        values: Mapping[str, Any],
        *where: "ColumnElement[bool]",
    ) -> bool:
        """Record an event of the table of `states`; return False if its condition did not hold."""
        step = transition(event, job.status)
        table = self._table
        moved = {**({} if step.is_held else FREED), **values}
        if step.target is not None:
            moved["status"] = step.target
        if step.expiry != "as before":
            moved["expires"] = step.expires(job.expires, now, self._expiry_s)
        return self._update(
            moved, *self._guard(step, job), table.c.status.in_(step.sources), *where
        )

    def _guard(self, step: Transition, job: Job) -> "Sequence[ColumnElement[bool]]":
        """Return the condition under which an actor may cause an event."""
        table = self._table
        match step.actor:
            case "caller":
                return (table.c.id == job.id,)
            case "holder":
                return self._held(job)
            case "taker":  # unless another took or renewed it in the meantime
                return (
                    table.c.id == job.id,
                    table.c.worker.is_(None) if job.worker is None else self._held(job)[1],
                    table.c.lease == job.lease,
                )

    def _held(self, job: Job) -> "Sequence[ColumnElement[bool]]":
        return (self._table.c.id == job.id, self._table.c.worker == job.worker)

    def _claim(self, job: Job, worker: str, now: float, until: float) -> bool:
        values = {"worker": worker, "lease": until, "attempts": job.attempts + 1}
        return self._move("take", job, now, values)

    def _needing_work(self, repository: str, now: float) -> list[Job]:
        """Return the jobs that need inspection or scoring, including those with a worker."""
        from sqlalchemy import select, text

        needing = select(self._table).where(text(NEEDS_WORK)).order_by(self._table.c.turn)
        with self._database.reading() as connection:
            found = connection.execute(needing, {"repository": repository, "now": now})
            return [_read(row) for row in found.mappings()]

    def _with_key(self, asked: Asked) -> "Sequence[ColumnElement[bool]]":
        table = self._table
        return (
            table.c.key == asked.key,
            table.c.repository == asked.repository,
            table.c.model == asked.model,
        )

    def _free_key(self, asked: Asked, now: float) -> None:
        """Take the key from a job that has expired and is still there."""
        if asked.key is not None:
            self._update({"key": None}, *self._with_key(asked), self._table.c.expires <= now)

    def _known(self, asked: Asked) -> Job | None:
        known = self._one(*self._with_key(asked))
        if known is not None and known.digest != asked.digest:
            raise IdempotencyKeyReused(
                "Expected one Idempotency-Key for one upload, found it with another one; "
                "use a new key."
            )
        return known

    def _one(self, *where: "ColumnElement[bool]") -> Job | None:
        from sqlalchemy import select

        with self._database.reading() as connection:
            row = connection.execute(select(self._table).where(*where)).mappings().first()
        return None if row is None else _read(row)

    def _update(self, values: Mapping[str, Any], *where: "ColumnElement[bool]") -> bool:
        from sqlalchemy import update

        return self._change(update(self._table).where(*where).values(_written(values)))

    def _change(self, statement: Any) -> bool:  # noqa: ANN401 - one that changes rows
        with self._database.changing() as connection:
            return bool(connection.execute(statement).rowcount)

    @cached_property
    def _table(self) -> "Table":
        return jobs_table()


def _written(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: msgspec.json.encode(value).decode()
        if name in JSON_OF and value is not None
        else value
        for name, value in values.items()
    }


def _read(row: Mapping[Any, Any]) -> Job:
    fields = {name: row[name] for name in Job.__struct_fields__}
    return Job(
        **{
            name: msgspec.json.decode(value, type=JSON_OF[name])
            if name in JSON_OF and value is not None
            else value
            for name, value in fields.items()
        }
    )

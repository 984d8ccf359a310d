"""The job worker: takes jobs, inspects their tables, and scores a chunk of each in turn.

It may be killed at any moment. The database and the files hold everything that another worker needs
to continue.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import msgspec

from servery.artifact import LoadPolicy
from servery.batch.deciding import decided
from servery.batch.drift import drift_of
from servery.batch.evaluating.measured import evaluated
from servery.batch.pipeline import Batch, ChunkScorer, ScoredChunk, refuse_broken
from servery.errors import (
    AmbiguousTable,
    DatabaseUnavailable,
    ModelFailed,
    NoRoom,
    ServeryError,
    TableUnreadable,
    VersionNotFound,
    room_for,
)
from servery.jobs.counts import PACE, recent_pace, restored, stored
from servery.jobs.database import require_usable
from servery.jobs.detection import (
    chunk_scorer,
    detect,
    detect_misread,
    drop_absent_columns,
    opened,
    problem_of,
)
from servery.jobs.files import NO_ROOM, Files, now_s
from servery.jobs.presence import is_dead, register_worker
from servery.jobs.records import Inspection, Job, Problem, Progress
from servery.jobs.results import LARGER, Results, has_other_columns
from servery.jobs.states import Status
from servery.jobs.store import JobStore
from servery.jobs.webhook import Webhook
from servery.repository import Repository
from servery.served import ServedModel
from servery.settings import Settings
from servery.tables.blocks import Chunk
from servery.tables.opening import detect_format
from servery.text import keep_dictionary_in

log = logging.getLogger("servery.jobs")

#: Nobody else takes a job for so long after its worker was last heard of.
LEASE_S = 15.0
#: Jobs that one worker has open at once; more wait for one of them to end.
MOST_AT_ONCE = 16
#: A job that ended so many workers at one place is given up.
MOST_ATTEMPTS = 5
IDLE_S = 0.05
#: Between two tries while a disk is full or the database is unavailable.
PAUSE_S = 5.0
TIDY_S = 60.0


@dataclass
class ActiveJob:
    """A job that is being scored, and all that is open for it."""

    job: Job
    model: ServedModel
    batch: Batch
    work: ChunkScorer
    results: Results
    chunks: Iterator[tuple[int, Chunk]]
    since_s: float

    def close(self) -> None:
        """Close what is open for it."""
        self.results.close()
        with contextlib.suppress(Exception):
            self.batch.close()


class JobWorker:
    """Works on the jobs of one model repository until `stop` is called.

    Raises
    ------
    BadSettings
        No job could ever be kept.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        keep_dictionary_in(settings.cache)
        self._repository = str(settings.models.resolve())
        self._jobs = JobStore(settings.database, settings.jobs, settings.job_expiry_s)
        self._files = Files(settings.jobs)
        require_usable(settings.database)
        self._files.require_writable()
        self._models: dict[str, Repository] = {}
        self._active: dict[str, ActiveJob] = {}
        self._webhook = (
            Webhook(settings.webhook, settings.webhook_secret)
            if settings.webhook and settings.webhook_secret
            else None
        )
        self._stop = threading.Event()
        self._tidied = 0.0
        self._name = ""

    def stop(self) -> None:
        """Stop after the present chunk."""
        self._stop.set()

    def run(
        self, is_wanted: Callable[[], bool] = lambda: True, *, until_idle: bool = False
    ) -> None:
        """Work until `stop` is called, or nobody wants this any more.

        Parameters
        ----------
        until_idle
            Whether to end once there was no work for the time that the settings say.
        """
        with register_worker(str(self._files.root)) as self._name:
            threading.Thread(target=self._renew, name="servery-lease", daemon=True).start()
            busy_at = time.monotonic()
            while not self._stop.is_set() and is_wanted():
                try:
                    self._tidy()
                    if self._take() or self._active:
                        busy_at = time.monotonic()
                    elif until_idle and self._is_idle_since(busy_at):
                        break
                except (NoRoom, DatabaseUnavailable) as error:
                    log.warning("the jobs cannot be taken: %s", error)
                    self._stop.wait(PAUSE_S)
                    continue
                except Exception:  # a fault with one job must not end the worker
                    log.exception("the jobs cannot be taken")
                    self._stop.wait(1.0)
                    continue
                for active in list(self._active.values()):
                    if self._stop.is_set():
                        break
                    self._guarded(active.job, partial(self._step, active))
                if not self._active:
                    self._stop.wait(IDLE_S)
            self._stop.set()
            for active in list(self._active.values()):
                self._drop(active.job.id)
                with contextlib.suppress(NoRoom, DatabaseUnavailable):  # its lease will be over
                    self._jobs.release(active.job, now_s())
        self._jobs.close()
        if self._webhook is not None:
            self._webhook.close()

    def _renew(self) -> None:
        while not self._stop.wait(LEASE_S / 3):
            with contextlib.suppress(Exception):  # one that is lost is noticed where it matters
                self._jobs.renew(self._name, now_s() + LEASE_S)

    def _tidy(self) -> None:
        """Remove what is over, now and then."""
        if time.monotonic() < self._tidied + min(TIDY_S, self._settings.job_expiry_s):
            return
        self._tidied = time.monotonic()
        for id_ in self._jobs.delete_expired(now_s()):
            self._files.remove(id_)
        self._files.remove_strays(self._jobs.ids(), now_s())

    def _is_idle_since(self, busy_at: float) -> bool:
        """Return whether this can end: nothing came for long enough, and nothing is left to do."""
        is_long = time.monotonic() > busy_at + self._settings.worker_idle_s
        return is_long and not self._jobs.has_work(self._repository, now_s())

    def _take(self) -> bool:
        """Take new jobs, inspect those that were not inspected, and begin with the others.

        Returns whether there was any.
        """
        taken = self._jobs.take(
            self._repository,
            self._name,
            most=MOST_AT_ONCE - len(self._active),
            now=now_s(),
            lease_s=LEASE_S,
            is_dead=partial(is_dead, str(self._files.root)),
            busy_with=self._active,
        )
        for job in taken:
            self._guarded(job, partial(self._begin, job))
        return bool(taken)

    def _guarded(self, job: Job, act: Callable[[], None]) -> None:
        """Do something for a job; what goes wrong is a matter of this job alone."""
        try:
            self._tried(job, act)
        except (NoRoom, DatabaseUnavailable) as error:
            log.warning("a job is left for now: %s", error)
            self._drop(job.id)
            with contextlib.suppress(NoRoom, DatabaseUnavailable):  # it is taken again all the same
                self._leave(job, error)

    def _leave(self, job: Job, error: ServeryError) -> None:
        """Release a job until a worker takes it again."""
        if isinstance(error, NoRoom):
            now = now_s()
            self._jobs.postpone(job, problem_of(error), now, now + PAUSE_S)
        else:
            self._jobs.release(job, now_s())

    def _tried(self, job: Job, act: Callable[[], None]) -> None:
        problem: Problem | None = None
        try:
            with room_for(NO_ROOM):
                act()
        except (NoRoom, DatabaseUnavailable):
            raise
        except FileNotFoundError:  # it was deleted in the meantime
            self._lost(job)
            if self._jobs.is_held(job):
                problem = Problem(kind=ServeryError.__name__, detail="Files of the job are gone.")
        except AmbiguousTable as error:  # something far down in the table
            self._drop(job.id)
            self._jobs.restart(job, problem_of(error), now_s())
        except ServeryError as error:
            problem = problem_of(error)
        except MemoryError:
            problem = Problem(kind=ModelFailed.__name__, detail="There was not enough memory.")
        except Exception:  # a model or a table library may raise anything
            log.exception("a job failed")
            problem = Problem(kind=ServeryError.__name__, detail="Something failed at this server.")
        if problem is not None:
            self._drop(job.id)
            if self._stop.is_set():  # what ends this worker may be the cause: the next one tries
                self._jobs.release(job, now_s())
            elif self._jobs.fail(job, problem, now_s()):
                self._notify(job, "failed")

    def _notify(self, job: Job, status: Status) -> None:
        """Send that a job has ended, where the operator asked for that."""
        if self._webhook is not None:
            self._webhook.send(job, status)

    def _begin(self, job: Job) -> None:
        if job.attempts > MOST_ATTEMPTS:
            raise ModelFailed(
                f"The job failed: {MOST_ATTEMPTS} workers crashed at or soon after row "
                f"{job.rows_done + 1:,}. They may have run out of memory."
            )
        if job.problem is not None and job.problem.kind == NoRoom.__name__:
            self._files.require_room(2 * job.job_options.chunk_bytes, NO_ROOM)
        model = self._model(job.model, job.version)
        upload = self._files.upload(job.id)
        batch: Batch | None = None
        if not job.is_inspected:
            job, batch = self._inspect(job, model, upload)
        if job.status in ("queued", "running") and job.worker == self._name:
            model = decided(model, job.job_options)
            batch = batch or opened(model, upload, job.name, job.job_options)
            active = self._activate(job, model, batch)
            if has_other_columns(self._files, job, active.work):
                active.close()
                self._jobs.begin_again(job, now_s())
            else:
                self._active[job.id] = active
        elif batch is not None:
            batch.close()

    def _activate(self, job: Job, model: ServedModel, batch: Batch) -> ActiveJob:
        """Open all that scoring a job needs; none of it stays open where something fails."""
        with contextlib.ExitStack() as stack:
            stack.callback(batch.close)
            work = chunk_scorer(model, batch, job.job_options, job.to)
            sizes = (job.result_bytes, job.errors_bytes)
            most = LARGER * self._settings.max_upload_bytes
            results = Results(self._files, job.id, batch, work, sizes, most)
            stack.pop_all()
        chunks = enumerate(batch.table.chunks())
        return ActiveJob(job, model, batch, work, results, chunks, time.monotonic())

    def _inspect(self, job: Job, model: ServedModel, upload: Path) -> tuple[Job, Batch | None]:
        """Detect how a table is written; return the job as it is then, and the table if open."""
        batch: Batch | None = None
        former = [] if job.found is None else job.found.header
        job_options = drop_absent_columns(model, upload, job.name, job.job_options, former)
        try:
            found, problem, batch = detect(model, upload, job.name, job_options)
        except TableUnreadable as error:
            if job.status != "waiting":  # nobody is there to be asked
                raise
            found, problem = detect_misread(upload, job.name, job_options, error), problem_of(error)
        # The format is known before the sheet or the encoding is.
        form = found.format if found else detect_format(upload, job_options.reading(), job.name)
        inspection = Inspection(job_options=job_options, format=form, found=found, problem=problem)
        with contextlib.ExitStack() as stack:
            if batch is not None:
                stack.callback(batch.close)
            self._jobs.record_inspection(job, inspection, now_s())
            inspected = self._jobs.get(job.id, now_s())
            if inspected.job_options == job_options:  # else somebody changed it in the meantime
                stack.pop_all()
                return inspected, batch
        return inspected, None

    def _step(self, active: ActiveJob) -> None:
        """Score one chunk of a job, or finish it."""
        job = active.job
        number, chunk = next(active.chunks, (job.chunks_done, None))
        if number < job.chunks_done:  # another worker did it
            return
        if chunk is None:
            self._finish(active)
            return
        part = active.work(chunk)
        active.results.write(number, part, job.rows_done)
        progress = _progress(active, number, part)
        if not self._jobs.advance(job, progress, now_s()):
            self._lost(job)
            return
        active.job = msgspec.structs.replace(
            job, status="running", **msgspec.structs.asdict(progress)
        )

    def _finish(self, active: ActiveJob) -> None:
        job = active.job
        summary = restored(job.counts)
        refuse_broken(job.name, summary, active.batch.table.layout.format)

        def is_wanted() -> bool:
            return not self._stop.is_set() and self._jobs.is_held(job)

        active.results.finish(job.chunks_done, is_wanted)
        drift = drift_of(summary, active.model.signature, active.model.manifest)
        model, targets = evaluated(active.model), job.job_options.target
        active.results.evaluate(job.rows_done, model, targets, drift)
        self._files.write_whole(self._files.drift(job.id), msgspec.json.encode(drift))
        self._drop(job.id)
        if self._jobs.finish(job, now_s()):
            self._notify(job, "done")
            self._files.remove_parts(job.id)
        else:
            self._lost(job)

    def _lost(self, job: Job) -> None:
        """Drop a job that was deleted or taken by another worker."""
        self._drop(job.id)
        if not self._jobs.exists(job.id):
            self._files.remove(job.id)

    def _drop(self, id_: str) -> None:
        active = self._active.pop(id_, None)
        if active is not None:
            active.close()

    def _model(self, name: str, version: str) -> ServedModel:
        """Return the very version that a job was made for."""
        if name not in self._models:
            policy = LoadPolicy.from_settings(self._settings)
            self._models[name] = Repository(self._settings.models, policy, only=name)
        try:
            return self._models[name].get(name, version)
        except VersionNotFound:
            self._models[name].refresh()
            return self._models[name].get(name, version)


def _progress(active: ActiveJob, number: int, part: ScoredChunk) -> Progress:
    job = active.job
    summary = restored(job.counts)
    summary.merge(part.summary)
    before, active.since_s = active.since_s, time.monotonic()
    spent_s = active.since_s - before
    pace = recent_pace((job.counts or {}).get(PACE), part.done - job.offset, spent_s)
    return Progress(
        chunks_done=number + 1,
        offset=part.done,
        size=active.batch.table.total,
        result_bytes=active.results.result_bytes,
        errors_bytes=active.results.errors_bytes,
        rows_done=summary.rows,
        counts={**stored(summary), PACE: pace},
        spent_s=job.spent_s + spent_s,
    )

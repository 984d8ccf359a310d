"""What a worker of a cluster does: opens a model once, and scores one section after another."""

import asyncio
import contextlib
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from distributed import Worker, WorkerPlugin, get_worker

from servery.artifact import LoadPolicy
from servery.batch.cluster.folder import ERRORS, part_name, records_name, taking_place
from servery.batch.cluster.sections import Section
from servery.batch.deciding import decided
from servery.batch.evaluating.records import Records
from servery.batch.explained import RowExplainer
from servery.batch.options import CommandOptions
from servery.batch.parsing.matching import Matching
from servery.batch.pipeline import Batch, ChunkScorer, ScoredChunk, batch_of_matching, run
from servery.batch.processes import sendable
from servery.batch.returned import returned_of
from servery.batch.summary import Summary
from servery.errors import ArtifactRejected, ServeryError, TableEmpty
from servery.guarded import FileMissing, FileRefused, read_file
from servery.layout import CARD, ENVELOPE, MANIFEST, MOST_BYTES
from servery.repository import Repository
from servery.served import ServedModel
from servery.settings import Settings
from servery.tables.delimited.error_rows import ErrorRows
from servery.version import __version__

#: How often a worker looks whether its last section has stopped.
LOOK_S = 0.02


@dataclass(frozen=True, slots=True)
class Job:
    """What all sections have in common.

    Attributes
    ----------
    key
        Under which each worker keeps the model.
    folder
        Where parts go.
    options
        What the caller chose about the result.
    """

    key: str
    folder: str
    matching: Matching
    version: str
    options: CommandOptions


def score_section(number: int, section: Section, job: Job) -> tuple[int, Summary | ServeryError]:
    """Score a section on a worker, and write its part."""
    try:
        if job.version != __version__:
            raise ServeryError(
                f"A worker has servery {__version__}; expected {job.version}, as it is here."
            )
        opener = cast("Opener", get_worker().plugins[job.key])
        with opener.lent() as lent, section.table() as table:
            model = decided(lent, job.options)
            batch = batch_of_matching(
                model,
                table,
                section.reading,
                job.matching,
                section.source.name,
                section.readings,
            )
            explainer = RowExplainer(model) if job.options.explain else None
            work = batch.chunk_scorer(
                "parquet", returned_of(job.options), section.outcomes, explainer
            )
            return number, write_part(number, batch, work, section, job.folder, opener.go_on)
    except ServeryError as error:
        sent = sendable(error)
        return number, sent if isinstance(sent, ServeryError) else ServeryError(str(error))


def write_part(
    number: int,
    batch: Batch,
    work: ChunkScorer,
    section: Section,
    folder: str,
    progress: Callable[[ScoredChunk, Summary], object],
) -> Summary:
    """Write the part of one section, its rows that do not fit, and its records, if any."""
    name = part_name(number)
    with (
        taking_place(folder, name) as part,
        taking_place(folder, f"{ERRORS}/part-{number:05}.csv") as bad,
        _records_of(number, section, folder) as keep_records,
        work.sink(part.file) as sink,
    ):
        errors = ErrorRows(bad.file, batch.table.layout.header)
        summary = Summary()
        with contextlib.suppress(TableEmpty):  # of a part: the others have rows
            summary = run(
                batch,
                work,
                sink,
                errors=errors,
                progress=progress,
                keep_records=keep_records,
            )
        errors.close()
        bad.is_kept = bool(summary.bad_rows)
    return summary


@contextlib.contextmanager
def _records_of(
    number: int, section: Section, folder: str
) -> Iterator[Callable[[Records], object] | None]:
    """Write what the evaluation of the rows of a section needs; nothing if there is none."""
    if section.outcomes is None:
        yield None
        return
    with taking_place(folder, records_name(number)) as written:
        yield lambda records: written.file.write(records.tobytes())


class Opener(WorkerPlugin):
    """Has the files of a model on each worker, and opens them once, as safely as a server does."""

    def __init__(
        self, key: str, files: Mapping[str, bytes], model: ServedModel, trust: Sequence[str]
    ) -> None:
        self.name = key
        self._files = files
        self._called = (model.name, model.version)
        self._trust = tuple(trust)

    def setup(self, worker: Worker) -> None:
        """Take note of what is the worker's own; opening may take long, and waits for a section."""
        self._space = worker.local_directory
        self._opening = threading.Lock()
        self._model: ServedModel | None = None
        self._lending = threading.Lock()
        self._lent = 0
        self._is_over = False

    async def teardown(self, worker: Worker) -> None:
        """Wait until no section is at it any more, so that nothing is written after this."""
        del worker
        with self._lending:
            self._is_over = True
        while self._lent:
            await asyncio.sleep(LOOK_S)

    @contextlib.contextmanager
    def lent(self) -> Iterator[ServedModel]:
        """Have the model for one section; the first that asks opens it.

        Raises
        ------
        ModelUnusable
            It cannot be used on this worker.
        ServeryError
            The result is not wanted any more.
        """
        with self._lending:
            self.go_on()
            self._lent += 1
        try:
            with self._opening:
                if self._model is None:
                    with tempfile.TemporaryDirectory(prefix="model-", dir=self._space) as folder:
                        self._model = self._opened(Path(folder))
            yield self._model
        finally:
            with self._lending:
                self._lent -= 1

    def go_on(self, *_: object) -> None:
        """Do nothing, unless the result is not wanted any more.

        Raises
        ------
        ServeryError
            It is not: another section had an error, or somebody stopped all.
        """
        if self._is_over:
            raise ServeryError("The result is not wanted any more.")

    def _opened(self, root: Path) -> ServedModel:
        name, version = self._called
        for file, data in self._files.items():
            path = root / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        settings = Settings.from_env()
        own = replace(settings, trust=(*settings.trust, *self._trust))
        return Repository(root, LoadPolicy.from_settings(own), only=name).get(name, version)


def files_of(model: ServedModel) -> dict[str, bytes]:
    """Return the files of one version of a model, by their names in its folder.

    Raises
    ------
    ArtifactRejected
        One of them may not be read any more.
    """
    sizes = {
        CARD: MOST_BYTES[CARD],
        f"{model.version}/{MANIFEST}": MOST_BYTES[MANIFEST],
        f"{model.version}/{ENVELOPE}": MOST_BYTES[ENVELOPE],
        **{f"{model.version}/{each.file}": each.size_bytes for each in model.manifest.artifacts},
    }
    files = {}
    for path, most_bytes in sizes.items():
        names = [model.folder.name, *path.split("/")]
        try:
            files[path] = read_file(model.folder.parent, names, most_bytes)
        except FileMissing:  # not every version has each of them
            continue
        except FileRefused as error:
            raise ArtifactRejected(str(error)) from error
    return files

"""Tables scored by the workers of a Dask cluster, into a folder of Parquet files.

Files are cut into sections, and each section is scored by the very pipeline that scores a file
here. What a worker makes takes its name when it is whole, and is the same however often it is
made: a worker that is lost costs the sections that it was at. This module is imported only where a
cluster is asked for.
"""

import asyncio
import contextlib
import glob
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, cast
from uuid import uuid4

import msgspec
from distributed import Client, KilledWorker, Worker, WorkerPlugin, as_completed, get_worker

from servery.artifact import Opening
from servery.batch.matching import Matching
from servery.batch.pipeline import Batch, Part, matched, prepared, run
from servery.batch.processes import sendable
from servery.batch.reading import MIB, Reading, require
from servery.batch.sections import (
    Scan,
    Section,
    Source,
    reached,
    scan,
    sections_of,
    size_of,
    sources_of,
)
from servery.batch.sinks import ErrorRows, sink_of
from servery.batch.summary import Summary, as_json
from servery.batch.tables import Table
from servery.errors import ColumnsUnmatched, ModelFailed, ServeryError, TableEmpty
from servery.layout import CARD
from servery.repository import Repository
from servery.served import ServedModel
from servery.settings import Settings
from servery.version import __version__

#: Parts that tables are cut into, and how large one may be: of text, or of unpacked row groups.
PARTS, LEAST_BYTES, MOST_BYTES = 256, 8 * MIB, 64 * MIB
#: How long a scheduler may take to answer, and to have a first worker.
CONNECT_S, FIRST_WORKER_S = 20, 60
#: How often a section is tried again after an error that is none of its own, such as of storage.
TRIES_AGAIN = 2
#: How often a worker looks whether its last section has stopped.
LOOK_S = 0.02
#: Readers of a folder of Parquet files pass over what begins so.
TEMPORARY, ERRORS, SUMMARY = "_temporary", "_errors", "_summary.json"

Progress = Callable[[int, int, int], object]


def score(
    address: str,
    model: ServedModel,
    tables: Sequence[str],
    output: str,
    *,
    reading: Reading | None = None,
    columns: Mapping[str, str] | None = None,
    trust: Sequence[str] = (),
    part_bytes: int | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Score tables of the same columns by a cluster.

    Parameters
    ----------
    address
        Of the scheduler, such as ``tcp://scheduler:8786``.
    tables, output
        Paths or addresses of files, and of a new folder; all workers have to see them.
    trust
        What model files may import beyond the list of each worker.
    part_bytes
        Of a table that make one part of the result; else that is told by the size of all.
    progress
        Called with the parts that are done, all parts, and rows.

    Raises
    ------
    ServeryError
        A table, the model or the cluster is at fault; the folder is empty again then.
    """
    require("parquet", "A result of the format parquet")
    reading = reading or Reading()
    sources = sources_of(tables)
    part_bytes = part_bytes or min(MOST_BYTES, max(LEAST_BYTES, size_of(sources) // PARTS))
    with _connected(address) as client, _folder(output) as folder, _told_apart(folder.url):
        key = f"servery-{uuid4().hex}"
        sections, matching = _planned(client, model, sources, reading, columns, part_bytes)
        client.register_plugin(Opener(key, files_of(model), model, trust))
        try:
            job = Job(key, folder.url, matching, __version__)
            summary = _gathered(client, job, sections, progress)
        finally:
            client.unregister_worker_plugin(key)
        if not summary.rows:
            raise TableEmpty(f"{sources[0].name} has a header and no rows.")
        folder.finish(len(sections), summary)
    return summary


@contextlib.contextmanager
def _connected(address: str) -> Iterator[Client]:
    try:
        client = Client(address, timeout=CONNECT_S, set_as_default=False, name="servery")
    except (OSError, ValueError) as error:
        raise ServeryError(f"There is no Dask scheduler at {address}.") from error
    with client:
        try:
            client.wait_for_workers(1, timeout=FIRST_WORKER_S)
        except TimeoutError as error:
            raise ServeryError(f"The Dask cluster at {address} has no worker.") from error
        yield client


@contextlib.contextmanager
def _told_apart(url: str) -> Iterator[None]:
    """Say in our own words what a cluster's error means."""
    try:
        yield
    except KilledWorker as error:
        raise ModelFailed(
            "Several workers were lost at the same section, one after another; perhaps their "
            "memory ran out."
        ) from error
    except ImportError as error:
        raise ServeryError(
            f"The workers need what is installed here, servery {__version__} with the extra "
            f"cluster; one of them says: {error}."
        ) from error
    except OSError as error:
        raise ServeryError(
            f"A worker could not read a table or write to {url}: {error}. All workers have to see "
            "both under the same name."
        ) from error


@dataclass(frozen=True, slots=True)
class Folder:
    """Where the parts of a result go."""

    url: str

    def finish(self, parts: int, summary: Summary) -> None:
        """Write the summary, which says that the result is whole.

        Raises
        ------
        ServeryError
            A part is not there.
        """
        files, path = reached(self.url)
        there = {each.rsplit("/", 1)[-1] for each in files.ls(path, detail=False, refresh=True)}
        lacking = [name for name in map(part_name, range(parts)) if name not in there]
        if lacking:
            raise ServeryError(
                f"{lacking[0]} was written by a worker and is not in {self.url}; all workers have "
                "to see the same folder."
            )
        with contextlib.suppress(FileNotFoundError):
            files.rm(f"{path}/{TEMPORARY}", recursive=True)
        with files.open(f"{path}/{SUMMARY}", "wb") as file:
            told = {"parts": parts, **as_json(summary)}
            file.write(msgspec.json.format(msgspec.json.encode(told), indent=2) + b"\n")

    def empty(self) -> None:
        """Remove all that was written.

        What is not whole goes first: from a worker that nobody can reach, nothing takes its name
        any more after that.
        """
        files, path = reached(self.url)
        with contextlib.suppress(OSError):
            files.rm(f"{path}/{TEMPORARY}", recursive=True)
        for each in files.ls(path, detail=False, refresh=True):
            with contextlib.suppress(OSError):
                files.rm(each, recursive=True)


@contextlib.contextmanager
def _folder(output: str) -> Iterator[Folder]:
    """Claim a folder that holds nothing; after an error it holds nothing again."""
    files, path = reached(output)
    try:
        if files.exists(path) and (not files.isdir(path) or files.ls(path, detail=False)):
            raise ServeryError(f"{output} is there already; expected a new or an empty folder.")
        files.makedirs(f"{path}/{TEMPORARY}", exist_ok=True)
        files.makedirs(f"{path}/{ERRORS}", exist_ok=True)
    except OSError as error:
        raise ServeryError(f"{output} cannot be written: {error}.") from error
    folder = Folder(files.unstrip_protocol(path))
    try:
        yield folder
    except BaseException:
        folder.empty()
        raise


def _planned(
    client: Client,
    model: ServedModel,
    sources: Sequence[Source],
    reading: Reading,
    columns: Mapping[str, str] | None,
    part_bytes: int,
) -> tuple[list[Section], Matching]:
    """Cut all tables into sections; they have to be alike."""

    def scanning(
        source: Source, blocks: Sequence[tuple[int, int]], delimiter: str
    ) -> Sequence[Scan]:
        starts, ends = zip(*blocks, strict=True)
        scans = client.map(
            lambda start, end: scan(source, start, end, delimiter),
            starts,
            ends,
            pure=False,
            retries=TRIES_AGAIN,
        )
        found: list[Scan] = client.gather(scans)
        return found

    known = [*model.signature.names, *(columns or {}).values()]
    sections: list[Section] = []
    first: tuple[Any, Batch] | None = None
    for source in sources:
        with source.table(reading, known) as table:
            batch = prepared(model, table, reading, columns, source.name)
            look = (tuple(table.layout.header), _kinds(table))
            first = first or (look, batch)
            if look != first[0]:
                raise ColumnsUnmatched(
                    f"{source.name} has other columns than {sources[0].name}; the parts of one "
                    "result are alike."
                )
            sections += sections_of(source, table, reading, part_bytes, scanning)
    if first is None:
        raise ValueError("no tables")
    return sections, first[1].matching


def _kinds(table: Table) -> Any:  # noqa: ANN401 - types of Arrow, of a table that has such
    return getattr(table, "kinds", None) or table.layout.format


def _gathered(
    client: Client, job: "Job", sections: Sequence[Section], progress: Progress | None
) -> Summary:
    """Have all parts made; return what all came to, the same in whatever order they end."""
    parts = client.map(
        score_section,
        range(len(sections)),
        sections,
        job=job,
        pure=False,
        retries=TRIES_AGAIN,
    )
    told: dict[int, Summary] = {}
    rows = 0
    try:
        for part, (number, came_to) in as_completed(parts, loop=client.loop, with_results=True):
            if isinstance(came_to, ServeryError):
                raise came_to
            told[number] = came_to
            rows += came_to.rows
            part.release()  # it is not made again when its worker is lost
            if progress is not None:
                progress(len(told), len(sections), rows)
    finally:
        client.cancel(parts, force=True)
    summary = Summary()
    for number in range(len(sections)):
        summary.merge(told[number])
    return summary


@dataclass(frozen=True, slots=True)
class Job:
    """What all sections have in common.

    Attributes
    ----------
    key
        Under which each worker has the model.
    folder
        Where parts go.
    """

    key: str
    folder: str
    matching: Matching
    version: str


def score_section(number: int, section: Section, job: Job) -> tuple[int, Summary | ServeryError]:
    """Score a section on a worker, and write its part."""
    try:
        if job.version != __version__:
            raise ServeryError(
                f"A worker has servery {__version__}; expected {job.version}, as it is here."
            )
        opener = cast("Opener", get_worker().plugins[job.key])
        with opener.lent() as model, section.table() as table:
            batch = matched(model, table, section.reading, job.matching)
            return number, write_part(number, batch, section, job.folder, opener.go_on)
    except ServeryError as error:
        sent = sendable(error)
        return number, sent if isinstance(sent, ServeryError) else ServeryError(str(error))


def part_name(number: int) -> str:
    """Return what a part is called; the order of names is that of the rows."""
    return f"part-{number:05}.parquet"


def write_part(
    number: int,
    batch: Batch,
    section: Section,
    folder: str,
    progress: Callable[[Part, Summary], object],
) -> Summary:
    """Write the part of one section, and its rows that do not fit, if any."""
    work = batch.work("parquet")
    name = part_name(number)
    with (
        _taking_place(folder, name) as part,
        _taking_place(folder, f"{ERRORS}/part-{number:05}.csv") as bad,
        sink_of(work.renderer, part.file, batch.shape.header) as sink,
    ):
        errors = ErrorRows(bad.file, batch.table.layout.header)
        summary = Summary()
        try:
            summary = run(batch, work, sink, errors=errors, progress=progress)
        except TableEmpty:
            if section.end is None:
                raise
        errors.close()
        bad.is_kept = bool(summary.bad_rows)
    return summary


@dataclass
class Written:
    """A file under a name for the time being."""

    file: IO[bytes]
    is_kept: bool = True


@contextlib.contextmanager
def _taking_place(folder: str, name: str) -> Iterator[Written]:
    """Write a file that takes its name when it is whole, in place of one that is the same."""
    files, path = reached(folder)
    temporary = f"{path}/{TEMPORARY}/{uuid4().hex}"
    try:
        with files.open(temporary, "wb") as file:
            written = Written(file)
            yield written
        if written.is_kept:
            files.mv(temporary, f"{path}/{name}")
    finally:
        with contextlib.suppress(OSError):
            if files.exists(temporary):
                files.rm(temporary)


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
        return Repository(root, Opening.from_settings(own), only=name).get(name, version)


def files_of(model: ServedModel) -> dict[str, bytes]:
    """Return the files of one version of a model, by their names in its folder."""
    folder = model.pictures.parent
    paths = [folder / CARD, *(folder / glob.escape(model.version)).rglob("*")]
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in paths if path.is_file()
    }

"""Tables scored by the workers of a Dask cluster, into a folder of Parquet files.

Files are cut into sections, and each section is scored by the very pipeline that scores a file
here. What a worker makes takes its name when it is whole, and is the same however often it is
made: a worker that is lost costs the sections that it was at. This module is imported only where a
cluster is asked for.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePosixPath
from typing import Protocol
from uuid import uuid4

from distributed import Client, KilledWorker, as_completed
from distributed.comm.addressing import resolve_address

from servery.batch.cluster.folder import Folder, claimed
from servery.batch.cluster.sections import Scan, Section, scan, sections_of
from servery.batch.cluster.workers import Job, Opener, files_of, score_section
from servery.batch.deciding import decided
from servery.batch.evaluating.records import OutcomeReader
from servery.batch.explained import RowExplainer
from servery.batch.options import CommandOptions
from servery.batch.pipeline import Batch, ChunkScorer, batch_of_table, refuse_broken
from servery.batch.returned import Returned, returned_of
from servery.batch.storage import Source, size_of, sources_of
from servery.batch.summary import Summary, merged
from servery.errors import ColumnsUnmatched, ModelFailed, ServeryError, TableEmpty
from servery.served import ServedModel
from servery.tables.blocks import RawColumn, Table
from servery.tables.databases.rows import stored_cells
from servery.tables.databases.storing import DatabaseSink, StoredTable
from servery.tables.keyed import keys_of, with_keys
from servery.tables.reading import MIB, Reading
from servery.version import __version__

#: Parts that tables are cut into, and how large one may be: of text, or of unpacked row groups.
PARTS, LEAST_BYTES, MOST_BYTES = 256, 8 * MIB, 64 * MIB
#: How long a scheduler may take to answer, and to have a first worker.
CONNECT_S, FIRST_WORKER_S = 20, 60
#: How often a section is tried again after an error that is none of its own, such as of storage.
TRIES_AGAIN = 2

#: The caller chose nothing.
AS_ON_CARD = CommandOptions()

Progress = Callable[[int, int, int], object]


class Comparison(Protocol):
    """Takes the outcomes of the rows, and evaluates the predictions."""

    def reader_of(self, batch: Batch) -> OutcomeReader:
        """Return what reads the outcomes of one table."""
        ...

    def keep_bytes(self, records: bytes) -> object:
        """Keep the records of more rows."""
        ...


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the result contains, checked against each table before anything is scored."""

    returned: Returned
    explainer: RowExplainer | None
    comparison: Comparison | None

    def outcomes_of(self, batch: Batch) -> OutcomeReader | None:
        """Return what reads the outcomes of a table.

        Raises
        ------
        TableUnreadable
            The table lacks a column of outcomes or a column to keep.
        """
        outcomes = None if self.comparison is None else self.comparison.reader_of(batch)
        self.work_of(batch, outcomes)
        return outcomes

    def work_of(self, batch: Batch, outcomes: OutcomeReader | None = None) -> ChunkScorer:
        """Return what scores a table as the workers do.

        Raises
        ------
        TableUnreadable
            The table lacks a column to keep.
        """
        return batch.chunk_scorer("parquet", self.returned, outcomes, self.explainer)


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
    options: CommandOptions = AS_ON_CARD,
    comparison: Comparison | None = None,
    into: StoredTable | None = None,
) -> dict[str, Summary]:
    """Score tables with the same columns on a cluster.

    Parameters
    ----------
    address
        Of the scheduler, such as ``tcp://scheduler:8786``.
    tables, output
        Paths or addresses of files, and of a new folder; all workers must be able to access them.
    trust
        What model files may import beyond the list of each worker.
    part_bytes
        Rows of a table per part of the result; by default derived from the total size.
    progress
        Called with the parts that are done, all parts, and rows.
    options
        What the caller chose about the result.
    comparison
        Compares the predictions with true outcomes.
    into
        The table of a database that this process stores all rows of the folder in, at the end.

    Returns
    -------
    dict
        The counts of each table, by its address.

    Raises
    ------
    ServeryError
        A table, the model or the cluster is at fault; the folder is empty again then. Or the
        table cannot be written; the folder is whole then.
    """
    reading = reading or Reading()
    model = decided(model, options)
    sources = sources_of(tables)
    part_bytes = part_bytes or min(MOST_BYTES, max(LEAST_BYTES, size_of(sources) // PARTS))
    with (
        contextlib.ExitStack() as storing,
        _connected(address) as client,
        claimed(output) as folder,
        _errors_explained(folder.url),
    ):
        key = f"servery-{uuid4().hex}"
        explainer = RowExplainer(model) if options.explain else None
        wanted = _Wanted(returned_of(options), explainer, comparison)
        sections, first = _cut(client, model, sources, reading, columns, part_bytes, wanted)
        schema = wanted.returned.schema_of(wanted.work_of(first).schema)
        table = None
        if into is not None:
            table = storing.enter_context(_stored(into, schema.header, output))
        client.register_plugin(Opener(key, files_of(model), model, trust))
        try:
            job = Job(key, folder.url, first.matching, __version__, options)
            summaries = _score_sections(client, job, sections, progress)
        finally:
            client.unregister_worker_plugin(key)
        summary = merged(summaries)
        if not summary.rows:
            raise TableEmpty(f"{sources[0].name} has a header and no rows.")
        refuse_broken(sources[0].name, summary)
        if comparison is not None:
            for data in folder.records(len(sections)):
                comparison.keep_bytes(data)
        folder.finish(len(sections), summary)
        if table is not None:
            for block in folder.blocks(len(sections)):
                own = len(schema.layout.header)
                added = map(_with_sets, block.columns[own:])
                table.write(list(map(stored_cells, [*block.columns[:own], *added])))
    return {
        source.url: merged(
            summary
            for section, summary in zip(sections, summaries, strict=True)
            if section.source == source
        )
        for source in sources
    }


@contextlib.contextmanager
def _stored(into: StoredTable, header: Sequence[str], output: str) -> Iterator[DatabaseSink]:
    """Store rows in a table of a database at the end: all of them, or none."""
    sink = DatabaseSink(into, header)
    try:
        yield sink
    except BaseException:
        sink.drop()
        raise
    try:
        sink.close()
    except ServeryError as error:
        raise ServeryError(f"{error} The folder {output} has all of it.") from error


def _with_sets(column: RawColumn) -> RawColumn:
    """Return a column with prediction sets as scoring makes them; in Parquet they are lists."""
    if column.numbers is not None:
        return column
    return replace(
        column, values=[tuple(cell) if type(cell) is list else cell for cell in column.values]
    )


def is_done(tables: Sequence[str], output: str) -> bool:
    """Return whether a folder has a complete result that is newer than all tables.

    Raises
    ------
    ServeryError
        The storage does not say when files were written.
    """
    try:
        return Folder(output).is_newer(sources_of(tables))
    except OSError as error:
        raise ServeryError(f"{output} cannot be compared with the tables: {error}.") from error


@contextlib.contextmanager
def _connected(address: str) -> Iterator[Client]:
    try:
        resolve_address(address)  # a client of a wrong one would wait at its end
        client = Client(address, timeout=CONNECT_S, set_as_default=False, name="servery")
    except (OSError, ValueError) as error:
        raise ServeryError(f"There is no Dask scheduler at {address}.") from error
    with client:
        try:
            client.wait_for_workers(1, timeout=FIRST_WORKER_S)
        except OSError as error:  # also one of time
            raise ServeryError(f"The Dask cluster at {address} has no worker, or ended.") from error
        yield client


@contextlib.contextmanager
def _errors_explained(url: str) -> Iterator[None]:
    """Say in our own words what a cluster's error means."""
    try:
        yield
    except KilledWorker as error:
        raise ModelFailed(
            "Several workers were lost at the same section, one after another. They may have run "
            "out of memory."
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


def _cut(
    client: Client,
    model: ServedModel,
    sources: Sequence[Source],
    reading: Reading,
    columns: Mapping[str, str] | None,
    part_bytes: int,
    wanted: "_Wanted",
) -> tuple[list[Section], Batch]:
    """Cut all tables into sections, and return the first of them; they have to be alike."""
    known = [*model.signature.names, *(columns or {}).values()]
    sections: list[Section] = []
    first: Batch | None = None
    empty: TableEmpty | None = None
    folders = keys_of([PurePosixPath(source.url) for source in sources])
    for source, keys in zip(sources, folders, strict=True):
        with contextlib.ExitStack() as stack:
            try:
                table = stack.enter_context(source.table(reading, known))
                keyed = with_keys(table, keys)
                batch = batch_of_table(model, keyed, reading, columns, source.name)
            except TableEmpty as error:  # of a part: the others have rows
                empty = empty or error
                continue
            first = first or batch
            if not _are_alike(keyed, first.table):
                raise ColumnsUnmatched(
                    f"{source.name} has other columns than {sources[0].name}; the parts of one "
                    "result are alike."
                )
            outcomes = wanted.outcomes_of(batch)
            cut = sections_of(source, table, reading, part_bytes, partial(_scans, client))
            sections += [
                replace(each, readings=batch.scorer.readings, outcomes=outcomes, keys=keys)
                for each in cut
            ]
    if empty is not None and first is None:
        raise empty
    if first is None:
        raise ValueError("no tables")
    return sections, first


def _scans(
    client: Client, source: Source, blocks: Sequence[tuple[int, int]], delimiter: str
) -> Sequence[Scan]:
    """Have the workers look for quotation marks and line ends in the blocks of a file."""
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


def _are_alike(one: Table, other: Table) -> bool:
    """Return whether two tables have the same columns, of the same types where they have such."""
    return (
        tuple(one.layout.header) == tuple(other.layout.header)
        and one.layout.format == other.layout.format
        and one.arrow_types == other.arrow_types
    )


def _score_sections(
    client: Client, job: Job, sections: Sequence[Section], progress: Progress | None
) -> list[Summary]:
    """Have the workers write all parts; return the summary of each."""
    parts = client.map(
        score_section,
        range(len(sections)),
        sections,
        job=job,
        pure=False,
        retries=TRIES_AGAIN,
    )
    summaries: dict[int, Summary] = {}
    rows = 0
    try:
        for part, (number, outcome) in as_completed(parts, loop=client.loop, with_results=True):
            if isinstance(outcome, ServeryError):
                raise outcome
            summaries[number] = outcome
            rows += outcome.rows
            part.release()  # it is not made again when its worker is lost
            if progress is not None:
                progress(len(summaries), len(sections), rows)
    finally:
        client.cancel(parts, force=True)
    return [summaries[number] for number in range(len(sections))]

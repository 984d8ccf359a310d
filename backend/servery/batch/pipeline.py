"""The pipeline: a table is read, parsed, scored and written chunk by chunk, in order.

`open_batch` answers everything that can be known before the first row is scored. A `ChunkScorer`
turns one chunk into one part of the result, the same wherever and whenever it runs, so that parts
can be made in other processes, kept, and made again. `run` is the plainest way to have all of it
done.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any, BinaryIO, Protocol, TypeAlias

import numpy as np

from servery.batch.evaluating.records import OutcomeReader, Records
from servery.batch.explained import RowExplainer
from servery.batch.parsing.ambiguity import readings_of, refuse_values_as_header
from servery.batch.parsing.days import remarks, with_days
from servery.batch.parsing.matching import Matching, match
from servery.batch.remarks import reasons, remark_columns
from servery.batch.returned import EVERYTHING, Returned
from servery.batch.scoring import ManyAtOnce, Scored, Scorer
from servery.batch.scoring.answers import answer_columns, answer_names
from servery.batch.scoring.uncertainty import NOTHING, MeasuredUncertainty, Uncertainty
from servery.batch.summary import Summary
from servery.errors import ColumnsUnmatched, Part, TableRagged, TableTooLarge
from servery.inputs import NUMERIC, Input, Storage
from servery.served import ServedModel
from servery.signature import Signature
from servery.tables.blocks import BROKEN, Chunk, ColumnBlock, Layout, RawColumn, Table
from servery.tables.cells import plain_text
from servery.tables.delimited.error_rows import ErrorRows
from servery.tables.formulas import neutral
from servery.tables.keyed import Value, with_keys
from servery.tables.opening import open_table
from servery.tables.reading import Reading
from servery.tables.registry import FORMATS
from servery.tables.results import Renderer, ResultRows, ResultSchema, Sink
from servery.tables.writing import sink_of


class OtherModel(Protocol):
    """What is needed of a model that is not served from here, such as one on a server."""

    @property
    def name(self) -> str:
        """What messages call it."""
        ...

    @property
    def signature(self) -> Signature:
        """Its inputs and output."""
        ...

    @property
    def runtime(self) -> ManyAtOnce:
        """What predicts."""
        ...

    @property
    def uncertainty(self) -> Uncertainty | None:
        """The uncertainty that its answers report, if any."""
        ...


Model: TypeAlias = ServedModel | OtherModel


@dataclass(frozen=True, slots=True)
class ScoredChunk:
    """One chunk of the result.

    Attributes
    ----------
    rendered
        What the sink of the result's format takes.
    errors
        Rows that do not fit: the line, the cells, the reasons.
    done
        How much of the table is read after it.
    records
        What the evaluation of the rows needs; None where there is none.
    """

    number: int
    rendered: Any
    errors: Sequence[Sequence[str]]
    summary: Summary
    done: int
    records: Records | None = None


@dataclass(frozen=True, slots=True)
class ChunkScorer:
    """Scores a chunk and renders it in a format.

    The same chunk gives the same result wherever and whenever that is done.
    """

    scorer: Scorer
    schema: ResultSchema
    format: str
    renderer: Renderer
    returned: Returned = EVERYTHING
    outcomes: OutcomeReader | None = None
    explainer: RowExplainer | None = None

    def __call__(self, chunk: Chunk) -> ScoredChunk:
        """Score and render a chunk."""
        scored = self.scorer.score(chunk)
        rendered = self.render(scored)
        records = None if self.outcomes is None else self.outcomes.records(scored)
        errors = _error_rows(scored)
        return ScoredChunk(chunk.number, rendered, errors, scored.summary, chunk.done, records)

    def render(self, scored: Scored) -> Any:  # noqa: ANN401 - each sink takes its own
        """Return scored rows as the sink takes them, and count what was made harmless in them."""
        rows = result_rows(scored, self.scorer.matching, self.schema)
        if self.explainer is not None:
            rows = self.explainer.rows_of(rows, scored)
        data, escaped = self.renderer.render(self.returned.rows_of(rows, self.schema.layout))
        scored.summary.neutralised += escaped
        return data

    def has_columns_of(self, other: "ChunkScorer") -> bool:
        """Return whether rows of both may be in one file."""
        types = (list(work.schema.arrow_types or ()) for work in (self, other))
        return (
            self.renderer.head == other.renderer.head
            and self.schema.header == other.schema.header
            and next(types) == next(types)
        )

    def sink(self, file: IO[bytes]) -> AbstractContextManager[Sink]:
        """Open what writes to a file what is rendered here."""
        return sink_of(self.format, self.renderer, file)


@dataclass(frozen=True, slots=True)
class Batch:
    """A table and the model that scores it; everything fits so far.

    Attributes
    ----------
    resources
        What is closed with the table.
    """

    table: Table
    schema: ResultSchema
    scorer: Scorer
    reading: Reading
    called: str
    notes_on_values: Sequence[str] = ()
    resources: ExitStack = field(default_factory=ExitStack)

    @property
    def matching(self) -> Matching:
        """Which column holds which input."""
        return self.scorer.matching

    @property
    def notes(self) -> Sequence[str]:
        """Sentences on what people would not expect of how the table is read."""
        return [*self.table.notes, *self.notes_on_values]

    def chunk_scorer(
        self,
        kind: str,
        returned: Returned = EVERYTHING,
        outcomes: OutcomeReader | None = None,
        explainer: RowExplainer | None = None,
    ) -> ChunkScorer:
        """Return what makes a result of some format, chunk by chunk.

        Raises
        ------
        TableUnreadable
            The table does not have a column that is to be kept.
        """
        format_ = FORMATS[kind]
        format_.require(f"A result of the format {kind}")
        schema = self.schema if explainer is None else explainer.schema_of(self.schema)
        renderer = format_.renderer(returned.schema_of(schema), self._decimal)
        return ChunkScorer(self.scorer, schema, kind, renderer, returned, outcomes, explainer)

    def outcome_reader(self, targets: Sequence[str], groups: Sequence[str] = ()) -> OutcomeReader:
        """Return what keeps the outcomes in some columns beside the answers.

        Raises
        ------
        TableUnreadable
            The columns are missing, hold no outcomes or ambiguous ones, or the model has no
            outcomes.
        """
        return OutcomeReader(
            self.scorer.signature,
            targets,
            groups,
            self.table,
            self.called,
            self.reading,
            self.scorer.uncertainty,
        )

    @property
    def _decimal(self) -> str:
        """The decimal mark of the result: that of the table, where all of it has the same."""
        found = {each.decimal for each in self.scorer.readings.values() if each.decimal}
        return self.reading.decimal or ("," if found == {","} else ".")

    def close(self) -> None:
        """Close the table."""
        with self.resources:
            self.table.close()

    def preview(self, most_rows: int = 20) -> Scored:
        """Score only the first rows; reading then starts from the beginning."""
        return self.scorer.score_block(self.table.sample().first(most_rows))


def result_rows(scored: Scored, matching: Matching, schema: ResultSchema) -> ResultRows:
    """Return scored rows as rows of a result."""
    numbers = {
        place: scored.parsed.columns[at]
        for at, place in enumerate(matching.places)
        if place is not None and place in schema.storage
    }
    return ResultRows(scored.block, numbers, [*scored.answers, *remark_columns(scored)])


def uncertainty_of(model: Model) -> Uncertainty:
    """Return the uncertainty that a model's answers report, from its server or its manifest."""
    if not isinstance(model, ServedModel):
        return model.uncertainty or NOTHING
    manifest = model.manifest
    return MeasuredUncertainty(
        intervals=manifest.intervals,
        prediction_sets=manifest.sets,
        answers=manifest.reliability,
        anomaly=manifest.anomaly,
        fewest_known_words=manifest.fewest_known_words,
    )


def open_batch(
    model: Model,
    source: Path | BinaryIO,
    reading: Reading | None = None,
    columns: Mapping[str, str] | None = None,
    name: str | None = None,
    keys: Mapping[str, Value] | None = None,
    most_columns: int | None = None,
    *,
    assumes_missing: bool = False,
) -> Batch:
    """Open a table, find its columns, and ask about what is ambiguous.

    Parameters
    ----------
    columns
        Columns by the name of their input, if names do not match; see `match`.
    name
        What messages call a stream.
    keys
        Columns that the folders of the file hold; see `with_keys`.
    most_columns
        A wider table is refused before its columns are looked at, which takes time for each.
    assumes_missing
        Whether an input that the model can do without needs no column; see `match`.

    Raises
    ------
    TableUnreadable
        Or a subclass, which says what to decide or fix.
    """
    reading = reading or Reading()
    signature = model.signature
    known = [*signature.names, *(columns or {}).values()]
    table = open_table(source, reading, known, name)
    called = name or (source.name if isinstance(source, Path) else "The table")
    try:
        columns_found = len(table.layout.header)
        if most_columns is not None and columns_found > most_columns:
            raise TableTooLarge(
                f"{called} has {columns_found:,} columns; at most {most_columns:,} are read here."
            )
        refuse_values_as_header(called, signature, table, reading, (columns or {}).values())
        keyed = with_keys(table, keys or {})
        return batch_of_table(
            model, keyed, reading, columns, called, assumes_missing=assumes_missing
        )
    except BaseException:
        table.close()
        raise


def batch_of_table(
    model: Model,
    table: Table,
    reading: Reading,
    columns: Mapping[str, str] | None,
    called: str,
    *,
    assumes_missing: bool = False,
) -> Batch:
    """Find the columns of an open table, and ask about what is doubtful; as `open_batch` does.

    Raises
    ------
    TableUnreadable
        As `open_batch` says; the table stays open.
    """
    matching = _matched(
        model.signature, table.layout.header, columns, reading, assumes_missing=assumes_missing
    )
    sample = table.sample()
    _refuse_broken_sample(called, table.layout.format, sample)
    readings: Mapping[str, Reading] = {}
    if table.layout.traits.may_be_spelled:
        delimiter = table.layout.delimiter
        readings = readings_of(called, model.signature, matching, reading, sample, delimiter)
    matching, notes = with_days(called, model.signature, matching, reading, sample)
    notes += remarks(model.signature, matching, sample)
    batch = batch_of_matching(model, table, reading, matching, called, readings)
    return replace(batch, notes_on_values=notes)


def _matched(
    signature: Signature,
    header: Sequence[str],
    columns: Mapping[str, str] | None,
    reading: Reading,
    *,
    assumes_missing: bool,
) -> Matching:
    try:
        return match(signature, header, columns, assumes_missing=assumes_missing)
    except ColumnsUnmatched as error:
        if reading.header != "none":
            raise
        called = f" Without a header, the columns are called {header[0]} to {header[-1]}."
        raise ColumnsUnmatched(f"{error}{called}", (*error.parts, Part(called))) from error


def batch_of_matching(
    model: Model,
    table: Table,
    reading: Reading,
    matching: Matching,
    called: str,
    readings: Mapping[str, Reading],
) -> Batch:
    """Return the batch of an open table whose columns are found already.

    Parameters
    ----------
    readings
        How single columns are read, by their input; the others are read as the table is.
    """
    layout, signature, uncertainty = table.layout, model.signature, uncertainty_of(model)
    scorer = Scorer(
        model.name, signature, model.runtime, layout, matching, reading, uncertainty, readings
    )
    schema = ResultSchema(
        layout,
        _storage(signature.inputs, matching),
        _added(signature, uncertainty, layout),
        table.arrow_types,
    )
    return Batch(table, schema, scorer, reading, called)


def _storage(inputs: Sequence[Input], matching: Matching) -> dict[int, Storage]:
    """Return how the columns are stored that are numbers, or true and false."""
    return {
        place: item.storage
        for item, place in zip(inputs, matching.places, strict=True)
        if place is not None and item.storage in NUMERIC
    }


def _added(signature: Signature, uncertainty: Uncertainty, layout: Layout) -> dict[str, RawColumn]:
    """Return the columns that are added to those of the table, without rows."""
    nothing = RawColumn([None], np.zeros(0, dtype=np.intp))
    columns = [*answer_columns(signature.output, uncertainty, [], 0, []), nothing, nothing]
    return dict(
        zip(answer_names(signature.output, uncertainty, layout.header), columns, strict=True)
    )


def run(
    batch: Batch,
    work: ChunkScorer,
    sink: Sink,
    *,
    processes: int = 1,
    errors: ErrorRows | None = None,
    progress: Callable[[ScoredChunk, Summary], object] | None = None,
    keep_records: Callable[[Records], object] | None = None,
) -> Summary:
    """Score a whole table.

    Parameters
    ----------
    processes
        How many score chunks, with this one; see `ordered`.
    progress
        Called after each part with it and the counts so far.
    keep_records
        Called with the records of each part, if it has any.
    """
    summary = Summary()
    if processes > 1:  # what a first row loads is loaded before there are forks that would each
        work.render(batch.preview(1))
    for part in parts(work, batch.table.chunks(), processes):
        sink.write(part.rendered)
        if errors is not None and part.errors:
            errors.write(part.errors)
        summary.merge(part.summary)
        if keep_records is not None and part.records is not None:
            keep_records(part.records)
        if progress is not None:
            progress(part, summary)
    return summary


def refuse_broken(name: str, summary: Summary, kind: str = "csv") -> None:
    """Refuse a table of which most rows cannot be read; ``kind`` is its format.

    Raises
    ------
    TableRagged
        Says which one is the first, and what is wrong with it.
    """
    broken = summary.bad.get((None, BROKEN))
    if broken is None or 2 * broken.rows <= summary.rows:
        return
    found = ((row.line, each) for row in summary.first_bad for each in row.remarks)
    shown = next(
        (f" Line {line}: {each.detail}" for line, each in found if each.code == BROKEN), ""
    )
    raise _mostly_broken(name, kind, broken.rows, summary.rows, shown)


def _mostly_broken(name: str, kind: str, broken: int, rows: int, shown: str) -> TableRagged:
    how, advice = FORMATS[kind].broken
    return TableRagged(f"{broken:,} of {rows:,} rows of {name} {how}.{shown} {advice}")


def _refuse_broken_sample(name: str, kind: str, sample: ColumnBlock) -> None:
    """Refuse a table of whose first rows none can be read.

    Raises
    ------
    TableRagged
        None can.
    """
    broken = [fault for fault in sample.faults.values() if fault.code == BROKEN]
    if broken and len(broken) == len(sample):
        shown = f" Line {int(sample.lines[0])}: {sample.faults[0].detail}"
        raise _mostly_broken(name, kind, len(broken), len(sample), shown)


def parts(work: ChunkScorer, chunks: Iterable[Chunk], processes: int = 1) -> Iterator[ScoredChunk]:
    """Make the part of each chunk, in order, never far ahead of who takes them."""
    if processes > 1:
        # Imported here: no server asks for it, and multiprocessing takes 2 MiB.
        from servery.batch.processes import can_fork, ordered

        if can_fork():
            return ordered(work, chunks, processes)
    return map(work, chunks)


def _error_rows(scored: Scored) -> list[list[str]]:
    block = scored.block
    rows = sorted(scored.parsed.faults)
    columns = [
        [column.values[row if column.codes is None else int(column.codes[row])] for row in rows]
        for column in block.columns
    ]
    return [
        [
            str(int(block.lines[row])),
            *(neutral(plain_text(cells[at])) for cells in columns),
            neutral(reasons(scored.parsed.faults[row])),
        ]
        for at, row in enumerate(rows)
    ]

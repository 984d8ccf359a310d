"""Inspects a table before it is scored: how it is written, its columns, its first rows.

Whatever needs a decision becomes a `Problem` of the job, next to everything that was found.
"""

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from servery.batch.deciding import decided
from servery.batch.evaluating.measured import evaluated
from servery.batch.parsing.matching import known_places
from servery.batch.pipeline import Batch, ChunkScorer, open_batch, uncertainty_of
from servery.batch.remarks import remark_columns
from servery.batch.returned import returned_of
from servery.batch.scoring import Scored
from servery.batch.scoring.answers import answer_names
from servery.batch.summary import remarks_of
from servery.errors import (
    AmbiguousTable,
    ColumnsUnmatched,
    InvalidJobOptions,
    ServeryError,
    TableMisread,
    TableUnreadable,
)
from servery.jobs.records import Detected, JobOptions, PreviewRow, Problem
from servery.served import ServedModel
from servery.signature import MultiOutput
from servery.tables.blocks import ColumnBlock, Table, fold
from servery.tables.cells import plain_text
from servery.tables.opening import detect_format, open_table
from servery.tables.reading import OF_HEADER, ReadingOptions
from servery.tables.registry import FORMATS

PREVIEW_ROWS = 20
#: Letters of a cell in the preview; a cell may have millions.
PREVIEW_CHARACTERS = 500
#: Columns that are shown beside those of inputs, and the letters of their names and of a row of the
#: preview: a table may have a million columns, and a job is shown again and again.
MOST_COLUMNS = 1_000
HEADER_CHARACTERS = 100_000
ROW_CHARACTERS = 50_000
LEAST_CHARACTERS = 20


def opened(model: ServedModel, upload: Path, name: str, job_options: JobOptions) -> Batch:
    """Open the table of a job for scoring; see `servery.batch.open_batch`."""
    return open_batch(model, upload, job_options.reading(), job_options.columns, name)


def chunk_scorer(
    model: ServedModel, batch: Batch, job_options: JobOptions, kind: str
) -> ChunkScorer:
    """Return what scores the chunks of a job as its options say.

    Raises
    ------
    TableUnreadable
        The options name columns that are not there or not outcomes.
    """
    outcomes = None
    if job_options.target:
        outcomes = batch.outcome_reader(job_options.target, evaluated(model).groups)
    return batch.chunk_scorer(kind, returned_of(job_options), outcomes)


def _decided(model: ServedModel, job_options: JobOptions) -> tuple[ServedModel, Problem | None]:
    """Return a model with what was chosen for it, or why that does not fit."""
    try:
        return decided(model, job_options), None
    except InvalidJobOptions as error:
        return model, problem_of(error)


def _option_problem(model: ServedModel, batch: Batch, job_options: JobOptions) -> Problem | None:
    """Return why the options do not fit the table, if they name columns of it."""
    kind = job_options.to or batch.table.layout.format
    if not job_options.target and job_options.keep is None:
        batch.chunk_scorer(kind)
        return None
    try:
        chunk_scorer(model, batch, job_options, kind)
    except TableUnreadable as error:
        return problem_of(error)
    return None


def drop_absent_columns(
    model: ServedModel, upload: Path, name: str, job_options: JobOptions, former: Sequence[str]
) -> JobOptions:
    """Return the options without the columns that the table, read again, does not have.

    An input that was said to have no column has one where its name is new in the header.

    Parameters
    ----------
    former
        The header as it was read before.
    """
    if not job_options.is_reread:
        return job_options
    known = [*model.signature.names, *job_options.columns.values()]
    try:
        table = open_table(upload, job_options.reading(), known, name)
    except TableUnreadable:  # which opening it will show
        return job_options
    with contextlib.closing(table):
        header = table.layout.header
    new = {fold(column) for column in set(header) - set(former)}
    columns = {
        item: column
        for item, column in job_options.columns.items()
        if (column in header if column else fold(item) not in new)
    }
    return msgspec.structs.replace(job_options, columns=columns, is_reread=False)


def detect(
    model: ServedModel, upload: Path, name: str, job_options: JobOptions
) -> tuple[Detected | None, Problem | None, Batch | None]:
    """Return what was detected of a table, what stands in the way of scoring it, and the batch.

    A threshold or class that does not fit the model does so, like a missing column.

    The batch stays open where the table can be scored and was not read beyond its first rows.

    Raises
    ------
    TableUnreadable
        No options can make it readable.
    """
    model, unfit = _decided(model, job_options)
    try:
        with contextlib.ExitStack() as stack:
            batch = opened(model, upload, name, job_options)
            stack.callback(batch.close)
            problem = unfit or _option_problem(model, batch, job_options)
            first, is_sample = _first_rows(batch.table)
            scored = batch.scorer.score_block(first)
            places = batch.matching.places
            shown = _shown(batch.table.layout.header, places)
            rows = _scored_rows(model, scored, shown)
            detected = _detected(model, batch.table, job_options, places, shown, rows, batch.notes)
            if problem is not None or not is_sample:
                return detected, problem, None
            stack.pop_all()
            return detected, None, batch
    except (AmbiguousTable, ColumnsUnmatched) as error:
        return _unscored(model, upload, name, job_options), problem_of(error), None


def detect_misread(
    upload: Path, name: str, job_options: JobOptions, error: TableUnreadable
) -> Detected:
    """Return what is known of a table that makes no sense as it is read; another reading may.

    Raises
    ------
    TableUnreadable
        The very ``error``: it cannot be read in another way.
    """
    reading, options = job_options.reading(), job_options.options
    kind = detect_format(upload, reading, name)
    # The given options may be the cause of the problem.
    of_format = FORMATS[kind].options
    is_given = any(getattr(options, each) for each in OF_HEADER if each in of_format)
    may_misread = "delimiter" in of_format and isinstance(error, TableMisread)
    if not (is_given or may_misread):
        raise error
    with contextlib.suppress(TableUnreadable):
        table = open_table(upload, reading, (), name)
        options = _options(table, job_options)
        table.close()
    return Detected(format=kind, options=options, header=[], columns={}, extra=[], preview=[])


def _first_rows(table: Table) -> tuple[ColumnBlock, bool]:
    """Return the first rows, and whether they are the sample; else it was read until there is one.

    Raises
    ------
    TableEmpty
        There is none, and no option would help.
    """
    sample = table.sample()
    if len(sample):
        return sample.first(PREVIEW_ROWS), True
    blocks = map(table.layout.block, table.chunks())
    return next(filter(len, blocks), sample).first(PREVIEW_ROWS), False


def problem_of(error: ServeryError) -> Problem:
    """Return what to say of an error."""
    kind = type(error).__name__
    if isinstance(error, AmbiguousTable):
        choice = error.choice
        return Problem(
            kind=kind,
            detail=error.detail,
            option=choice.option,
            values=list(choice.values),
            parts=error.parts,
        )
    if isinstance(error, ColumnsUnmatched):
        return Problem(kind=kind, detail=error.detail, parts=error.parts)
    return Problem(kind=kind, detail=str(error))


def _unscored(
    model: ServedModel, upload: Path, name: str, job_options: JobOptions
) -> Detected | None:
    """Return what is known of a table without scoring it; None if it cannot be opened."""
    known = [*model.signature.names, *job_options.columns.values()]
    try:
        table = open_table(upload, job_options.reading(), known, name)
    except TableUnreadable:
        return None
    with contextlib.closing(table):
        given = {
            name: column
            for name, column in job_options.columns.items()
            if name in model.signature.names
        }
        places = known_places(model.signature, table.layout.header, given)
        shown = _shown(table.layout.header, places)
        first, _ = _first_rows(table)
        rows = [
            PreviewRow(line=line, cells=cells)
            for line, cells in zip(first.lines.tolist(), _cells(first, shown), strict=True)
        ]
        return _detected(model, table, job_options, places, shown, rows, table.notes)


def _shown(header: Sequence[str], places: Sequence[int | None]) -> list[int]:
    """Return the columns that are shown: those of inputs, and of the others the first."""
    shown = {place for place in places if place is not None}
    left = HEADER_CHARACTERS
    for place, column in enumerate(header[:MOST_COLUMNS]):
        left -= len(column)
        if left < 0:
            break
        shown.add(place)
    return sorted(shown)


def _detected(
    model: ServedModel,
    table: Table,
    job_options: JobOptions,
    places: Sequence[int | None],
    shown: Sequence[int],
    rows: list[PreviewRow],
    notes: Sequence[str],
) -> Detected:
    layout = table.layout
    header = layout.header
    return Detected(
        format=layout.format,
        options=_options(table, job_options),
        header=[header[place] for place in shown],
        columns={
            name: None if place is None else header[place]
            for name, place in zip(model.signature.names, places, strict=True)
        },
        extra=[header[place] for place in shown if place not in places],
        preview=rows,
        notes=list(notes),
    )


def _options(table: Table, job_options: JobOptions) -> ReadingOptions:
    """Return the options as they were said, with what was found of them."""
    return msgspec.structs.replace(
        job_options.options,
        delimiter=table.layout.delimiter,
        encoding=table.encoding,
        sheet=table.sheet,
    )


def _scored_rows(model: ServedModel, scored: Scored, shown: Sequence[int]) -> list[PreviewRow]:
    output = model.signature.output
    names = answer_names(output, uncertainty_of(model), [])
    columns = [column.cells() for column in (*scored.answers, *remark_columns(scored))]
    answers = [
        dict(zip(names, map(_plain, row), strict=True)) for row in zip(*columns, strict=True)
    ]
    lines, cells = scored.block.lines.tolist(), _cells(scored.block, shown)
    parsed = scored.parsed
    reasons = [
        parsed.faults.get(row) or parsed.warnings.get(row) or [] for row in range(len(lines))
    ]
    probabilities = _of_predicted(scored)
    parts = [part.name for part in output.outputs] if isinstance(output, MultiOutput) else None
    return [
        PreviewRow(
            line=line,
            cells=cells_of_row,
            prediction=answer.get("prediction")
            if parts is None
            else {name: answer.get(f"prediction_{name}") for name in parts},
            label=answer.get("label"),
            probability=probabilities.get(row),
            interval=(answer["interval_low"], answer["interval_high"])
            if answer.get("interval_low") is not None
            else None,
            prediction_set=answer.get("prediction_set"),
            reliability=answer.get("reliability"),
            reliability_rows=answer.get("reliability_rows"),
            warnings=answer["warnings"],
            error=answer["error"],
            remarks=remarks_of(each),
        )
        for row, (line, cells_of_row, answer, each) in enumerate(
            zip(lines, cells, answers, reasons, strict=True)
        )
    ]


def _of_predicted(scored: Scored) -> dict[int, float]:
    """Return the probability of the predicted class, by the row."""
    found: dict[int, float] = {}
    for rows, outcomes in scored.pieces:
        if outcomes.classes is None or outcomes.probabilities is None:
            continue
        of_class = outcomes.probabilities[np.arange(len(rows)), outcomes.classes]
        found.update(zip(rows.tolist(), of_class.tolist(), strict=True))
    return found


def _cells(block: ColumnBlock, shown: Sequence[int]) -> list[list[str]]:
    columns = [block.columns[place].cells()[:PREVIEW_ROWS] for place in shown]
    share = ROW_CHARACTERS // max(1, len(shown))
    most = min(PREVIEW_CHARACTERS, max(LEAST_CHARACTERS, share))
    return [[_short(plain_text(cell), most) for cell in row] for row in zip(*columns, strict=True)]


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _plain(value: Any) -> Any:  # noqa: ANN401 - an answer
    if isinstance(value, np.generic):
        value = value.item()
    return None if value is None or value != value else value

"""What `servery score` does: tables by their names in, results under their names out."""

import contextlib
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from types import FrameType
from typing import IO, Any

import click

from servery.batch.command import memory
from servery.batch.command.evaluating import (
    Evaluating,
    evaluating,
    evaluation_report,
    require_ending,
    write_evaluation,
)
from servery.batch.command.naming import (
    PIPE,
    Address,
    Source,
    address_of,
    refuse_errors,
    sources_of,
    targets_of,
)
from servery.batch.command.reporting import drift_report, report
from servery.batch.command.result_files import (
    JoinedResult,
    Place,
    ResultFile,
    ResultTable,
    opened_result,
    standard_stream,
)
from servery.batch.deciding import decided
from servery.batch.decisions import threshold_text, used_threshold
from servery.batch.drift import DriftReport, drift_of_model
from servery.batch.explained import RowExplainer
from servery.batch.finding import found
from servery.batch.options import CommandOptions
from servery.batch.pipeline import (
    Batch,
    Model,
    ScoredChunk,
    batch_of_table,
    open_batch,
    refuse_broken,
    run,
)
from servery.batch.returned import returned_of
from servery.batch.summary import Summary, as_json, merged
from servery.errors import InvalidJobOptions, ServeryError, TableEmpty
from servery.served import ServedModel
from servery.settings import Settings
from servery.tables.cells import json_bytes
from servery.tables.databases.queries import Query, open_query
from servery.tables.databases.storing import StoredTable
from servery.tables.delimited.error_rows import ErrorRows
from servery.tables.keyed import Value, keys_of
from servery.tables.libraries import is_installed
from servery.tables.opening import PLAIN
from servery.tables.reading import Reading
from servery.tables.registry import FORMATS, format_of


@dataclass(frozen=True, slots=True)
class ScoringOptions:
    """The arguments and options of the command."""

    model: str
    tables: tuple[str, ...]
    output: str
    models: Path
    reading: Reading
    columns: tuple[str, ...]
    write_as: str | None
    errors: Path | None
    chosen: CommandOptions
    evaluation: Path | None = None
    is_json: bool = False
    skips_done: bool = False
    into: StoredTable | None = None


def score_tables(
    options: ScoringOptions, settings: Settings, *, processes: int, is_quiet: bool
) -> Summary:
    """Score every table; say on standard error what came of each, and return what came of all.

    Raises
    ------
    ServeryError
        A table or the model is at fault; results that are whole by then stay.
    """
    place = _place(options)
    sources = list(sources_of(options.tables))
    targets = _targets(options, sources, place)
    refuse_errors(options.errors, sources, targets)
    require_ending(options.evaluation, options.chosen.target)
    _require_files(options, targets, has_place=place is not None)
    total, empty, of_tables = Summary(), list[TableEmpty](), list[dict[str, Any]]()
    with (
        contextlib.ExitStack() as stack,
        _model(options, settings) as model,
        _errors(options.errors, of_several=len(sources) > 1) as file,
        evaluating(model, options.chosen.target) as evaluation,
    ):
        memory.tune_malloc()
        joined = _joined(place, targets)
        if joined is not None:
            stack.enter_context(joined)
        for source, target, keys in zip(sources, targets, _keys(sources), strict=True):
            name = "standard input" if source is None else source.name
            result = str(place or target)
            of_table = {"table": str(source or PIPE), "result": result, "skipped": False}
            if options.skips_done and is_done(source, target):
                of_tables.append(of_table | {"skipped": True})
                if not is_quiet:
                    click.echo(f"{name}: skipped, {target} already exists", err=True)
                continue
            try:
                summary = _score_table(
                    options,
                    model,
                    source,
                    keys,
                    joined or ResultFile(target),
                    file,
                    evaluation,
                    processes=processes,
                    is_quiet=is_quiet,
                )
            except TableEmpty as error:
                if len(sources) == 1:
                    raise
                empty.append(error)
                of_tables.append(of_table | {"skipped": True})
                click.echo(f"Skipped: {error}", err=True)
                continue
            total.merge(summary)
            if is_quiet and not options.is_json:  # drift takes a while, and is not shown
                continue
            drift = drift_of_model(summary, model)
            if not is_quiet:
                _report_table(model, name, summary, drift)
            of_tables.append(of_table | as_json(summary, has_lines=True) | {"drift": drift})
        if len(empty) == len(sources):
            raise empty[0]
        stack.close()  # so that a write error comes before the report
        _report_all(options, model, of_tables, total, evaluation, is_quiet=is_quiet)
    return total


def _place(options: ScoringOptions) -> Place | None:
    """Return where all results go, if that is neither a local file nor standard output."""
    if options.into is not None:
        if options.output != PIPE or options.write_as is not None:
            raise click.UsageError("Use --into, or -o and --to, but not both.")
        return ResultTable(options.into)
    address = address_of(options.output)
    if address is None:
        return None
    if address.is_web:
        raise click.UsageError(f"Results cannot be written to {address}; name a file.")
    if options.write_as is None and format_of(address.name) is None:
        raise click.UsageError(
            f"{address} needs a file extension, such as .csv or .parquet: all results go to one "
            "file there."
        )
    from servery.batch.command.remote import ResultAddress  # which needs a library

    return ResultAddress(address)


def _targets(
    options: ScoringOptions, sources: list[Source], place: Place | None
) -> list[Path | None]:
    """Return the file of each result; None for those that go elsewhere."""
    if place is None:
        return targets_of(options.output, options.write_as, options.tables, sources)
    return [None] * len(sources)


def _joined(place: Place | None, targets: Sequence[Path | None]) -> JoinedResult | None:
    """Return the place of several results, if there is one for all of them."""
    if place is not None:
        return JoinedResult(place)
    if len(targets) > 1 and len(set(targets)) == 1:
        return JoinedResult(ResultFile(targets[0]))
    return None


def _report_table(
    model: Model, name: str, summary: Summary, drift: DriftReport, *, has_lines: bool = True
) -> None:
    """Report the result of a table."""
    click.echo(f"{name}: {report(summary, has_lines=has_lines)}", err=True)
    threshold = used_threshold(model.signature.output)
    if threshold is not None:
        click.echo(f"  {threshold_text(threshold)}", err=True)
    if drift.drifted:
        click.echo(drift_report(drift, model.signature), err=True)


def _report_all(
    options: ScoringOptions,
    model: Model,
    of_tables: Sequence[Mapping[str, Any]],
    total: Summary,
    evaluation: Evaluating | None,
    *,
    is_quiet: bool,
) -> None:
    """Report the result of all tables together, as far as the options ask for it."""
    result = None if evaluation is None else evaluation.result()
    if result is not None and not is_quiet:
        click.echo(evaluation_report(result), err=True)
    if result is not None and options.evaluation is not None:
        write_evaluation(result, options.evaluation, model, total)
    if options.is_json:
        whole = {
            "model": model.name,
            "version": getattr(model, "version", None),
            "threshold": used_threshold(model.signature.output),
            "tables": of_tables,
            "total": as_json(total),
            "evaluation": result,
        }
        click.echo(json_bytes(whole))


@contextlib.contextmanager
def _model(options: ScoringOptions, settings: Settings) -> Iterator[Model]:
    """Open the model, with the threshold and the class that were chosen."""
    with found(options.model, options.models, settings) as model:
        yield _decided(model, options)


def _decided(model: Model, options: ScoringOptions) -> Model:
    try:
        return decided(model, options.chosen)
    except InvalidJobOptions as error:
        raise click.UsageError(str(error)) from error


def _keys(sources: Sequence[Source]) -> list[dict[str, Value]]:
    """Return the columns that the folders of each file add."""
    places = (source.path if isinstance(source, Address) else source for source in sources)
    return keys_of([place if isinstance(place, PurePath) else PurePath() for place in places])


def _explainer(options: ScoringOptions, model: Model) -> RowExplainer | None:
    if not options.chosen.explain:
        return None
    if not isinstance(model, ServedModel):
        raise click.UsageError("--explain needs the model here: a name or a file.")
    return RowExplainer(model)


def _require_files(
    options: ScoringOptions, targets: Sequence[Path | None], *, has_place: bool
) -> None:
    """Refuse options that need results in files."""
    if None in targets and (options.skips_done or (options.is_json and not has_place)):
        name = "--json" if options.is_json else "--skip-done"
        raise click.UsageError(f"{name} needs the result in a file: name one with -o.")
    if options.skips_done and len(set(targets)) < len(targets):
        raise click.UsageError("--skip-done needs a result for each table: name a folder with -o.")


def is_done(source: Source, target: Path | None) -> bool:
    """Return whether there is a result that is newer than its table; it is whole if it is there."""
    if not isinstance(source, Path) or target is None or not target.exists():
        return False
    return target.stat().st_mtime >= source.stat().st_mtime


def score_by_cluster(options: ScoringOptions, settings: Settings, *, is_quiet: bool) -> Summary:
    """Have every table scored by the cluster of the settings, into one folder.

    Raises
    ------
    ServeryError
        A table, the model or the cluster is at fault.
    """
    if options.into is not None and options.output == PIPE:
        raise click.UsageError(
            "With a cluster, --into also needs -o FOLDER: the workers write the rows there, and "
            "this machine stores them at the end."
        )
    if PIPE in (*options.tables, options.output):
        raise click.UsageError("A cluster reads files and writes a folder: -o FOLDER.")
    if (options.write_as or format_of(options.output)) not in (None, "parquet"):
        raise click.UsageError("A cluster writes a folder of Parquet files.")
    if options.into is not None and options.skips_done:
        raise click.UsageError("--skip-done cannot be used with --into.")
    if options.errors is not None:
        raise click.UsageError("A cluster writes rows that do not fit to _errors in the folder.")
    require_ending(options.evaluation, options.chosen.target)
    if not is_installed("distributed"):
        raise ServeryError("A cluster needs more libraries: pip install 'servery[cluster]'.")
    from servery.batch import cluster

    with found(options.model, options.models, settings) as model:
        if not isinstance(model, ServedModel):
            raise click.UsageError("A cluster cannot use a model on a server.")
        chosen = _decided(model, options)
        if options.skips_done and cluster.is_done(options.tables, options.output):
            return _skip_all(options, chosen, is_quiet=is_quiet)
        with evaluating(chosen, options.chosen.target) as evaluation:
            summaries = cluster.score(
                settings.cluster or "",
                model,
                options.tables,
                options.output,
                reading=options.reading,
                columns=columns_of(options.columns, model.signature.names),
                trust=settings.trust,
                progress=_show_parts if _has_terminal() and not is_quiet else None,
                options=options.chosen,
                comparison=evaluation,
                into=options.into,
            )
            for table, summary in summaries.items():
                if not summary.rows:
                    click.echo(f"Skipped: {table} has no rows.", err=True)
            total = merged(summaries.values())
            if not is_quiet:
                drift = drift_of_model(total, chosen)
                is_one = len(summaries) == 1
                _report_table(chosen, options.output, total, drift, has_lines=is_one)
            of_tables = [
                {"table": table, "result": options.output, "skipped": False}
                | as_json(summary, has_lines=True)
                | {"drift": drift_of_model(summary, chosen)}
                for table, summary in (summaries if options.is_json else {}).items()
            ]
            _report_all(options, chosen, of_tables, total, evaluation, is_quiet=is_quiet)
    return total


def _skip_all(options: ScoringOptions, model: Model, *, is_quiet: bool) -> Summary:
    """Report that the folder of a cluster exists already and is newer than all tables."""
    if not is_quiet:
        click.echo(f"Skipped: {options.output} already exists", err=True)
    of_all = {"result": options.output, "skipped": True}
    of_tables = [{"table": table} | of_all for table in options.tables]
    _report_all(
        replace(options, evaluation=None), model, of_tables, Summary(), None, is_quiet=is_quiet
    )
    return Summary()


def _show_parts(done: int, total: int, rows: int) -> None:
    end = "\n" if done == total else ""
    click.echo(f"\rScoring: {done:,} of {total:,} parts, {rows:,} rows{end}", err=True, nl=False)


@contextlib.contextmanager
def leaving_nothing() -> Iterator[None]:
    """Have a signal that would end the process on the spot clean up first, as Ctrl-C does."""

    def leave(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    there = [signal.Signals[name] for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    ours = [number for number in there if signal.getsignal(number) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, leave)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def _score_table(
    options: ScoringOptions,
    model: Model,
    source: Source,
    keys: Mapping[str, Value],
    target: ResultFile | JoinedResult,
    errors: "Errors",
    evaluation: Evaluating | None,
    *,
    processes: int,
    is_quiet: bool,
) -> Summary:
    columns = columns_of(options.columns, model.signature.names)
    batch = _batch_of(model, source, options.reading, columns, keys)
    kind = options.write_as or target.format or _text_format(batch)
    with (
        contextlib.closing(batch),
        _progress_bar(batch, is_quiet=is_quiet) as progress,
    ):
        for note in () if is_quiet else batch.notes:
            click.echo(f"{batch.called}: {note}", err=True)
        outcomes = None if evaluation is None else evaluation.reader_of(batch)
        work = batch.chunk_scorer(
            kind, returned_of(options.chosen), outcomes, _explainer(options, model)
        )
        with target.sink(work, batch.called) as sink:
            summary = run(
                batch,
                work,
                sink,
                processes=processes,
                errors=errors.of(batch, batch.called if source is None else str(source)),
                progress=progress,
                keep_records=None if evaluation is None else evaluation.keep,
            )
            refuse_broken(batch.called, summary, batch.table.layout.format)
            return summary


def _batch_of(
    model: Model,
    source: Source,
    reading: Reading,
    columns: Mapping[str, str],
    keys: Mapping[str, Value],
) -> Batch:
    if isinstance(source, Query):
        table = open_query(source, reading.limits)
        try:
            return batch_of_table(model, table, reading, columns, source.name)
        except BaseException:
            table.close()
            raise
    if isinstance(source, Address):
        return _batch_elsewhere(model, source, reading, columns, keys)
    if source is None:
        given = standard_stream("input", sys.stdin)
        return open_batch(model, given, reading, columns, "standard input")
    return open_batch(model, source, reading, columns, keys=keys)


def _batch_elsewhere(
    model: Model,
    address: Address,
    reading: Reading,
    columns: Mapping[str, str],
    keys: Mapping[str, Value],
) -> Batch:
    from servery.batch.command.remote import opened  # which needs a library

    with contextlib.ExitStack() as stack:
        file = stack.enter_context(opened(address))
        batch = open_batch(model, file, reading, columns, address.name, keys)
        return replace(batch, resources=stack.pop_all())


def columns_of(texts: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """Return the column of each input, from texts INPUT=COLUMN; a name may contain = too.

    Raises
    ------
    click.UsageError
        A text is not such a pair, or repeats an input.
    """
    columns: dict[str, str] = {}
    for text in texts:
        if "=" not in text:
            raise click.UsageError(f"--column takes INPUT=COLUMN, found {text!r}.")
        known = [name for name in names if text.startswith(f"{name}=")]
        name = max(known, key=len, default=text.partition("=")[0])
        if name in columns:
            raise click.UsageError(f"--column names the column of {name!r} twice.")
        columns[name] = text[len(name) + 1 :]
    return columns


def _has_terminal() -> bool:
    """Return whether somebody sees standard error, which may be closed."""
    return bool(sys.stderr and sys.stderr.isatty())


def _text_format(batch: Batch) -> str:
    """Return the format of a result without an extension: that of the table, if it is text."""
    kind = batch.table.layout.format
    return kind if kind in FORMATS and FORMATS[kind].is_text else PLAIN


class Errors:
    """Where rows that do not fit go, if anywhere: one table for those of all tables."""

    def __init__(
        self, file: IO[bytes] | None, path: Path | None, *, of_several: bool = False
    ) -> None:
        self._of_several = of_several
        self._file = file
        self._path = path
        self._header: tuple[str, ...] | None = None
        self.rows: ErrorRows | None = None

    def of(self, batch: Batch, table: str) -> ErrorRows | None:
        """Return what takes the rows of one table."""
        header = tuple(batch.table.layout.header)
        if self._file is None or self._path is None:
            return None
        if self.rows is None:
            delimiter = "\t" if format_of(self._path.name) == "tsv" else ","
            self.rows = ErrorRows(self._file, header, delimiter, of_several=self._of_several)
            self._header = header
        if header != self._header:
            raise click.UsageError("Tables of different columns cannot share one --errors file.")
        self.rows.table = table
        return self.rows


@contextlib.contextmanager
def _errors(path: Path | None, *, of_several: bool) -> Iterator[Errors]:
    if path is None:
        yield Errors(None, None)
        return
    with opened_result(path) as file:
        errors = Errors(file, path, of_several=of_several)
        try:
            yield errors
        finally:
            if errors.rows is not None:
                errors.rows.close()


@contextlib.contextmanager
def _progress_bar(
    batch: Batch, *, is_quiet: bool
) -> Iterator[Callable[[ScoredChunk, Summary], object]]:
    """Show on a terminal how far it is; elsewhere nothing."""
    total = batch.table.total
    if is_quiet or not _has_terminal():
        yield lambda _part, _summary: None
        return
    if not total:  # a pipe: nobody knows how much is to come
        yield lambda _part, summary: click.echo(f"\r{summary.rows:,} rows", err=True, nl=False)
        click.echo(err=True)
        return
    done = 0
    with click.progressbar(length=total, file=sys.stderr, label="Scoring") as bar:

        def progress(part: ScoredChunk, summary: Summary) -> None:
            nonlocal done
            bar.label = f"Scoring {summary.rows:,} rows"
            bar.update(part.done - done)
            done = part.done

        yield progress

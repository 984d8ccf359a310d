"""The evaluation of `servery score --target`: its records, its words and its file."""

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

import click
import msgspec

from servery.batch.command.reporting import plural
from servery.batch.drift import drift_of_model, input_labels
from servery.batch.evaluating.measured import (
    Evaluated,
    OutputEvaluation,
    RangeCoverage,
    RecordFile,
    TableEvaluation,
    TableMetric,
    evaluate_records,
    evaluated,
)
from servery.batch.evaluating.page import evaluation_page
from servery.batch.evaluating.records import OutcomeReader, RecordLayout, Records
from servery.batch.pipeline import Batch, Model
from servery.batch.summary import Summary, figure
from servery.garbage import return_memory
from servery.tables.files import appearing

#: What a file of an evaluation may be, by its ending.
ENDINGS = (".json", ".html")
#: Figures that are reported; the file has all.
MOST_FIGURES = 8


class Evaluating:
    """Collects the records of all tables, and evaluates them at the end.

    Parameters
    ----------
    file
        Takes the records.
    """

    def __init__(self, model: Evaluated, targets: Sequence[str], file: IO[bytes]) -> None:
        self._model, self._targets = model, targets
        self._layout = RecordLayout.of(model.signature, model.groups)
        self._records = RecordFile(file, self._layout)

    def reader_of(self, batch: Batch) -> OutcomeReader:
        """Return what reads the outcomes of one table."""
        return batch.outcome_reader(self._targets, self._model.groups)

    def keep(self, records: Records) -> None:
        """Keep the records of more rows."""
        self._records.append(records)

    def keep_bytes(self, records: bytes) -> None:
        """Keep the records of more rows, as a worker wrote them."""
        self._records.append_bytes(records)

    def result(self) -> TableEvaluation:
        """Evaluate all rows."""
        return_memory()
        return evaluate_records(self._records, self._layout, self._model, self._targets)


@contextlib.contextmanager
def evaluating(model: Model, targets: Sequence[str]) -> Iterator[Evaluating | None]:
    """Open what evaluates; None where no column of outcomes is named."""
    if not targets:
        yield None
        return
    with tempfile.TemporaryFile(prefix="servery-") as file:
        yield Evaluating(evaluated(model), targets, file)


def require_ending(path: Path | None, targets: Sequence[str]) -> None:
    """Refuse `--evaluation` without `--target`, or with an ending that is not a format."""
    if path is None:
        return
    if not targets:
        raise click.UsageError("--evaluation needs --target: the column with the true outcomes.")
    if path.suffix not in ENDINGS:
        raise click.UsageError(f"--evaluation takes a name that ends in {' or '.join(ENDINGS)}.")


def write_evaluation(
    evaluation: TableEvaluation, path: Path, model: Model, summary: Summary
) -> None:
    """Write an evaluation as JSON, or with the drift as a page, by the ending of the name."""
    with appearing(path) as file:
        if path.suffix == ".json":
            file.write(msgspec.json.format(msgspec.json.encode(evaluation)) + b"\n")
        else:
            drift = drift_of_model(summary, model)
            file.write(evaluation_page(evaluation, drift, input_labels(model.signature)).encode())


def evaluation_report(evaluation: TableEvaluation) -> str:
    """Say how well the model did, in a few lines."""
    return "\n".join(line for output in evaluation.outputs for line in _lines(output))


def _lines(output: OutputEvaluation) -> Iterator[str]:
    yield f"Compared with {output.target}: {plural(output.rows, 'row')}{_left_out(output)}"
    for metric in output.metrics[:MOST_FIGURES]:
        yield f"  {metric.label}: {_beside(metric)}"
    if output.coverage is not None:
        yield f"  {_covered(output.coverage)}"
    yield from (f"  {remark}" for remark in output.remarks)


def _left_out(output: OutputEvaluation) -> str:
    reasons = (
        (output.blank, "without an outcome"),
        (output.unknown, "with an outcome that the model does not know"),
        (output.unanswered, "without a prediction"),
    )
    counts = [f"{rows:,} {why}" for rows, why in reasons if rows]
    return f"; left out: {', '.join(counts)}" if counts else ""


def _beside(metric: TableMetric) -> str:
    text = figure(metric.value)
    if metric.low is not None and metric.high is not None:
        text += f" (95% interval {figure(metric.low)} to {figure(metric.high)})"
    return text if metric.card is None else f"{text}; on the card {figure(metric.card.value)}"


def _covered(coverage: RangeCoverage) -> str:
    what = "intervals" if coverage.kind == "interval" else "prediction sets"
    return (
        f"{coverage.stated:.0%} {what} held {coverage.measured:.1%} of the outcomes "
        f"({coverage.low:.1%} to {coverage.high:.1%})"
    )

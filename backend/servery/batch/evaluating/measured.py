"""The figures of the card for a scored table, made of its records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import IO, TYPE_CHECKING, Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from servery.batch.decisions import DecidedOutput, UsedThreshold, threshold_text, used_threshold
from servery.batch.evaluating.records import BLANK, Measurable, RecordLayout, Records
from servery.evaluation.answers import ClassAnswers, positive_class
from servery.evaluation.groups import (
    Grouping,
    accuracy_groups,
    error_groups,
    group_rates,
    grouping_of,
    number_grouping,
)
from servery.evaluation.metrics import Measurement, measure_classes, regression_metrics
from servery.evaluation.plots import evaluate_classes, residuals
from servery.inputs import NUMERIC, Input
from servery.manifest import Manifest
from servery.manifest.measured import (
    ClassFigures,
    Evaluation,
    Facts,
    Group,
    GroupErrors,
    Metric,
)
from servery.served import ServedModel
from servery.signature import ClassificationOutput, MultiOutput, RegressionOutput, Signature
from servery.uncertainty.folds import Floats
from servery.uncertainty.reliability import stated

if TYPE_CHECKING:
    from servery.batch.pipeline import OtherModel

#: Records that are read at once.
BLOCK_ROWS = 200_000
#: The group of values that training did not know.
OTHER_VALUES = "other values"


class TableMetric(Metric, frozen=True, kw_only=True):
    """A figure of the table, and the same one on the card, from rows unseen in training."""

    card: Metric | None = None


class RangeCoverage(Facts, frozen=True, kw_only=True):
    """How many outcomes were in the interval or the prediction set of their row.

    Attributes
    ----------
    stated, card
        The share that the model states, and the one that was measured at publishing.
    measured, low, high
        The share in the table, and its 95% interval.
    rows
        Rows that have an interval or a set: those with a warning that they are unlike training
        have none.
    mean_size
        The mean width of the intervals, or the mean number of classes in a set.
    """

    kind: str
    stated: float
    card: float | None
    measured: float
    low: float
    high: float
    rows: int
    mean_size: float


class OutputEvaluation(Facts, frozen=True, kw_only=True):
    """How well one output of the model did on a table.

    Attributes
    ----------
    target
        The column of the outcomes.
    rows
        Rows with an outcome and an answer, which the figures are of.
    blank, unknown, unanswered
        Rows that are left out: without an outcome, with one that the model does not know, and with
        an outcome but no answer.
    threshold
        What the caller chose; the figures of the card are for the threshold of the card.
    plots
        What plots are drawn from.
    groups, group_errors
        Rates, or errors of a quantity, by the inputs that the card compares.
    """

    name: str
    label: str
    task: str
    target: str
    unit: str | None = None
    rows: int
    blank: int
    unknown: int
    unanswered: int
    threshold: UsedThreshold | None = None
    metrics: Sequence[TableMetric] = ()
    remarks: Sequence[str] = ()
    classes: Sequence[ClassFigures] = ()
    plots: Evaluation = Evaluation()
    coverage: RangeCoverage | None = None
    groups: Sequence[Group] = ()
    group_errors: Sequence[GroupErrors] = ()


class TableEvaluation(Facts, frozen=True, kw_only=True):
    """How well a model did on a table: for each output, in the order of the model.

    ``card_rows`` are the rows that the figures of the card are of; ``card_detail`` says which.
    """

    model: str
    version: str | None
    card_rows: int | None
    card_detail: str | None
    outputs: list[OutputEvaluation]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The model that a table was scored by; without a manifest, it is on another server."""

    name: str
    version: str | None
    signature: Signature
    manifest: Manifest | None
    groups: tuple[str, ...] = ()


def evaluated(model: "ServedModel | OtherModel") -> Evaluated:
    """Return what an evaluation needs of a model."""
    if not isinstance(model, ServedModel):
        return Evaluated(model.name, None, model.signature, None)
    return Evaluated(
        model.name, model.version, model.signature, model.manifest, tuple(model.card.groups)
    )


class RecordFile:
    """Records in a file. Only some fields are read at a time: all may not fit in memory."""

    def __init__(self, file: IO[bytes], layout: RecordLayout) -> None:
        self._file = file
        self._layout, self._type = layout, layout.dtype

    def append(self, records: Records) -> None:
        """Write the records of more rows."""
        self.append_bytes(records.tobytes())

    def append_bytes(self, records: bytes) -> None:
        """Write the bytes of records."""
        self._file.write(records)

    def fields(self, names: Sequence[str]) -> dict[str, NDArray[Any]]:
        """Return some fields of all records, by name, in the smallest types that hold them."""
        size = self._type.itemsize
        self._file.flush()
        rows = self._file.seek(0, 2) // size
        self._file.seek(0)
        found = {name: np.empty(rows, dtype=self._layout.smallest(name)) for name in names}
        for start in range(0, rows, BLOCK_ROWS):
            data = self._file.read(min(BLOCK_ROWS, rows - start) * size)
            block = np.frombuffer(data, dtype=self._type)
            for name, column in found.items():
                column[start : start + len(block)] = block[name]
        return found


def evaluate_records(
    records: RecordFile, layout: RecordLayout, model: Evaluated, targets: Sequence[str]
) -> TableEvaluation:
    """Measure the answers of all rows that have an outcome."""
    metrics = model.manifest.metrics if model.manifest else None
    card = {metric.name: metric for metric in metrics.values} if metrics else {}
    is_one = not isinstance(model.signature.output, MultiOutput)
    outputs = []
    for place, (part, target) in enumerate(zip(layout.parts, targets, strict=True)):
        of_part = {
            name.removeprefix("" if is_one else f"{part.name}/"): metric
            for name, metric in card.items()
        }
        outputs.append(_measured(records, layout, model, place, part, target, of_part))
    return TableEvaluation(
        model=model.name,
        version=model.version,
        card_rows=metrics.rows if metrics else None,
        card_detail=metrics.detail if metrics else None,
        outputs=outputs,
    )


def _measured(
    records: RecordFile,
    layout: RecordLayout,
    model: Evaluated,
    place: int,
    part: Measurable,
    target: str,
    card: Mapping[str, Metric],
) -> OutputEvaluation:
    columns = records.fields(layout.fields_of(place))
    true, called = columns[f"true_{place}"], columns[f"called_{place}"]
    is_class = isinstance(part, ClassificationOutput)
    has_outcome = true >= 0 if is_class else np.isfinite(true)
    is_blank = true == BLANK if is_class else np.isnan(true)
    is_answered = called >= 0 if is_class else ~np.isnan(called)
    is_used = has_outcome & is_answered
    base = OutputEvaluation(
        name=part.name,
        label=part.label,
        task=part.task,
        target=target,
        unit=part.unit if isinstance(part, RegressionOutput) else None,
        rows=int(is_used.sum()),
        blank=int(is_blank.sum()),
        unknown=int((~has_outcome & ~is_blank).sum()),
        unanswered=int((has_outcome & ~is_answered).sum()),
        threshold=used_threshold(part),
    )
    if not base.rows:
        return base
    if base.rows < len(is_used):
        columns = {name: column[is_used] for name, column in columns.items()}
    coverage = _coverage(columns.pop("held"), columns.pop("size"), model.manifest, part)
    groupings = {
        item.name: _grouping(item, columns.pop(f"group_{at}"))
        for at, item in enumerate(layout.groups)
    }
    own = {name.removesuffix(f"_{place}"): column for name, column in columns.items()}
    true, called = own["true"], own["called"]
    if isinstance(part, ClassificationOutput):
        answers = _class_answers(part, own)
        figures, plots = measure_classes(answers), evaluate_classes(answers)
        groups, errors = _class_groups(answers, groupings), []
    else:
        figures = regression_metrics(true, called, unit=part.unit or "")
        plots = Evaluation(residuals=residuals(true, called))
        groups, errors = [], error_groups(groupings, called - true)
    return msgspec.structs.replace(
        base,
        metrics=_beside(figures, card, part),
        remarks=[*_threshold_remarks(base.threshold), *figures.remarks],
        classes=figures.classes,
        plots=plots,
        coverage=coverage,
        groups=groups,
        group_errors=errors,
    )


def _threshold_remarks(used: UsedThreshold | None) -> list[str]:
    return [] if used is None else [threshold_text(used)]


def _beside(
    figures: Measurement, card: Mapping[str, Metric], part: Measurable
) -> list[TableMetric]:
    is_other_class = isinstance(part, DecidedOutput) and part.is_other_class

    def of_card(metric: Metric) -> Metric | None:
        found = card.get(metric.name)
        # The label says which class a figure is of.
        is_other = found is not None and is_other_class and found.label != metric.label
        return None if is_other else found

    return [
        TableMetric(**msgspec.structs.asdict(metric), card=of_card(metric))
        for metric in figures.values
    ]


def _class_answers(part: ClassificationOutput, columns: Mapping[str, NDArray[Any]]) -> ClassAnswers:
    probability = columns.get("positive")
    answers = ClassAnswers(
        part,
        columns["true"],
        columns["called"],
        probability,
        columns.get("of_true"),
        columns.get("of_called"),
    )
    if probability is None or answers.is_binary:
        return answers
    positive = positive_class(part)

    def of(classes: NDArray[Any]) -> Floats:
        return np.where(classes == positive, probability, 1.0 - probability)

    return replace(answers, of_true=of(answers.true), of_called=of(answers.called))


def _class_groups(answers: ClassAnswers, groupings: Mapping[str, Grouping]) -> list[Group]:
    if len(answers.output.classes) != 2:
        return accuracy_groups(groupings, answers.true == answers.called)
    place = positive_class(answers.output)
    return group_rates(
        groupings,
        answers.hit,
        answers.called == place,
        positive=answers.output.classes[place].value,
    )


def _grouping(item: Input, found: NDArray[Any]) -> Grouping:
    if item.storage in NUMERIC:
        return number_grouping(item, found)
    return grouping_of(item, found, [None, *item.known_values(), OTHER_VALUES])


def _coverage(
    held: NDArray[Any], size: NDArray[Any], manifest: Manifest | None, part: Measurable
) -> RangeCoverage | None:
    has_range = held >= 0
    rows, inside = int(has_range.sum()), int(held[has_range].sum())
    known = manifest and (
        manifest.intervals if isinstance(part, RegressionOutput) else manifest.sets
    )
    if not rows or not known:
        return None
    share = stated(rows, inside)
    return RangeCoverage(
        kind="interval" if isinstance(part, RegressionOutput) else "set",
        stated=known.coverage,
        card=getattr(known, "measured", None),
        measured=share.share,
        low=share.low,
        high=share.high,
        rows=rows,
        mean_size=float(size[has_range].mean(dtype=np.float64)),
    )

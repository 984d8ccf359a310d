"""The figures of the card for a scored table, made of its records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from servery.inputs import NUMERIC, Input, Value
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
from servery.uncertainty.folds import Flags, Floats
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
    """Records in a file, which are read field by field: they may be more than memory holds."""

    def __init__(self, file: IO[bytes], layout: RecordLayout) -> None:
        self._file = file
        self._type = layout.dtype

    def append(self, records: Records) -> None:
        """Write the records of more rows."""
        self.append_bytes(records.tobytes())

    def append_bytes(self, records: bytes) -> None:
        """Write the bytes of records."""
        self._file.write(records)

    def field(self, name: str) -> NDArray[Any]:
        """Return one field of all records."""
        size = self._type.itemsize
        self._file.flush()
        end = self._file.seek(0, 2)
        self._file.seek(0)
        found = np.empty(end // size, dtype=self._type[name])
        for start in range(0, len(found), BLOCK_ROWS):
            data = self._file.read(min(BLOCK_ROWS, len(found) - start) * size)
            block = np.frombuffer(data, dtype=self._type)
            found[start : start + len(block)] = block[name]
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
    true, called = records.field(f"true_{place}"), records.field(f"called_{place}")
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
    groupings = {
        item.name: _grouping(item, records.field(f"group_{at}")[is_used])
        for at, item in enumerate(layout.groups)
    }
    true, called = true[is_used], called[is_used]
    if isinstance(part, ClassificationOutput):
        answers = _class_answers(records, place, part, is_used, true, called)
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
        coverage=_coverage(records, model.manifest, part, is_used),
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


def _class_answers(
    records: RecordFile,
    place: int,
    part: ClassificationOutput,
    is_used: Flags,
    true: NDArray[Any],
    called: NDArray[Any],
) -> ClassAnswers:
    true, called = true.astype(np.intp), called.astype(np.intp)
    if not part.probabilities:
        return ClassAnswers(part, true, called)
    if len(part.classes) != 2:
        of_true = records.field(f"of_true_{place}")[is_used]
        return ClassAnswers(
            part, true, called, None, of_true, records.field(f"of_called_{place}")[is_used]
        )
    probability = records.field(f"positive_{place}")[is_used]
    positive = positive_class(part)

    def of(classes: NDArray[np.intp]) -> Floats:
        return np.where(classes == positive, probability, 1.0 - probability)

    return ClassAnswers(part, true, called, probability, of(true), of(called))


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


def _grouping(item: Input, numbers: Floats) -> Grouping:
    if item.storage in NUMERIC:
        return number_grouping(item, numbers)
    values: list[Value] = [None, *item.known_values(), OTHER_VALUES]
    codes = np.where(np.isnan(numbers), 0.0, 1.0 + numbers).astype(np.intp)
    return grouping_of(item, codes, values)


def _coverage(
    records: RecordFile, manifest: Manifest | None, part: Measurable, is_used: Flags
) -> RangeCoverage | None:
    held = records.field("held")
    has_range = is_used & (held >= 0)
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
        mean_size=float(records.field("size")[has_range].mean(dtype=np.float64)),
    )

"""Evaluation: what was measured of a model on held-out rows, as plots need it."""

from collections.abc import Iterator, Sequence

import msgspec
from flask import Blueprint
from flask.typing import ResponseReturnValue

from servery.api import answer
from servery.api.operations import (
    VERSION,
    DescribedModel,
    Operation,
    model_parameter,
    reference,
    response,
)
from servery.api.questions import capable_model
from servery.api.registry import Resource, register
from servery.explaining import capabilities
from servery.inputs import Scalar
from servery.manifest.measured import (
    Calibration,
    Confusion,
    Importance,
    Residuals,
    Thresholds,
)
from servery.served import ServedModel
from servery.settings import Settings
from servery.signature import ClassOutput, OutcomeClass, Output, RegressionOutput
from servery.uncertainty import Intervals, PredictionSets
from servery.uncertainty.intervals import Level
from servery.uncertainty.sets import ClassHeld, SizeShare, Within

#: Predictions at which the width of intervals is shown.
BAND_POINTS = 41

bp = Blueprint("evaluation", __name__, url_prefix="/api/v1/models")


class ResidualFacts(Residuals, frozen=True, kw_only=True):
    """Residuals in the ``unit`` of the quantity."""

    unit: str | None


class Around(msgspec.Struct, frozen=True):
    """A prediction and both ends of its interval."""

    predicted: float
    low: float
    high: float


class CoverageFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Intervals on held-out rows; ``adaptive`` where their width changes.

    ``band`` has the interval at some predictions, in ascending order.
    """

    unit: str | None
    stated: float
    measured: float
    rows: int
    mean_width: float
    adaptive: bool
    levels: Sequence[Level]
    band: Sequence[Around]


class ClassCoverage(msgspec.Struct, frozen=True, kw_only=True):
    """Of so many ``rows`` of a class, the share whose prediction set had the true class."""

    class_: Scalar = msgspec.field(name="class")
    rows: int
    measured: float


class SetFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Prediction sets on held-out rows.

    The stated coverage holds ``within`` the rows of each true class (``by_class``), or within the
    answers of each predicted one (``by_answer``).
    """

    stated: float
    within: Within
    rows: int
    by_class: Sequence[ClassCoverage]
    by_answer: Sequence[ClassCoverage]
    sizes: Sequence[SizeShare]


class EvaluationFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What plots of a model are drawn from; null for what does not apply."""

    model: str
    version: str
    rows: int
    method: str
    confusion: Confusion | None
    thresholds: Thresholds | None
    calibration: Calibration | None
    residuals: ResidualFacts | None
    coverage: CoverageFacts | None
    sets: SetFacts | None
    importance: Importance | None


@bp.get("/<name>/evaluation")
def show_evaluation(name: str) -> ResponseReturnValue:
    """Show what was measured on held-out rows, for plots."""
    model = capable_model(name, "evaluation")
    return answer(evaluation_facts(model), cache="no-cache")


def evaluation_facts(model: ServedModel) -> EvaluationFacts:
    """Return what was measured of a model on held-out rows."""
    manifest, output = model.manifest, model.signature.output
    found, metrics = manifest.evaluation, manifest.metrics
    if found is None or metrics is None:
        raise ValueError("a model without an evaluation")
    unit = output.unit if isinstance(output, RegressionOutput) else None
    return EvaluationFacts(
        model=model.name,
        version=model.version,
        rows=metrics.rows,
        method=metrics.method,
        confusion=found.confusion,
        thresholds=found.thresholds,
        calibration=found.calibration,
        residuals=_residuals(found.residuals, unit),
        coverage=_coverage(manifest.intervals, output, unit),
        sets=_sets(manifest.sets, output),
        importance=found.importance,
    )


def _residuals(residuals: Residuals | None, unit: str | None) -> ResidualFacts | None:
    if residuals is None:
        return None
    return ResidualFacts(unit=unit, **msgspec.structs.asdict(residuals))


def _coverage(
    intervals: Intervals | None, output: Output, unit: str | None
) -> CoverageFacts | None:
    if intervals is None:
        return None
    is_adaptive = bool(intervals.predictions) or intervals.scale != "identity"
    return CoverageFacts(
        unit=unit,
        stated=intervals.coverage,
        measured=intervals.measured,
        rows=intervals.rows,
        mean_width=intervals.mean_width,
        adaptive=is_adaptive,
        levels=intervals.levels,
        band=_band(intervals, output),
    )


def _band(intervals: Intervals, output: Output) -> list[Around]:
    """Return the intervals at predictions from the lowest to the highest outcome of training."""
    stats = output.training_stats if isinstance(output, RegressionOutput) else None
    if stats is None:
        return []
    step = (stats.maximum - stats.minimum) / (BAND_POINTS - 1)
    places = [stats.minimum + step * number for number in range(BAND_POINTS)]
    return [Around(place, *intervals.around(place)) for place in places]


def _sets(sets: PredictionSets | None, output: Output) -> SetFacts | None:
    if sets is None:
        return None
    classes = output.classes if isinstance(output, ClassOutput) else ()
    return SetFacts(
        stated=sets.coverage,
        within=sets.within,
        rows=sets.rows,
        by_class=_by_class(sets.by_class, classes),
        by_answer=_by_class(sets.by_answer, classes),
        sizes=sets.sizes,
    )


def _by_class(held: Sequence[ClassHeld], classes: Sequence[OutcomeClass]) -> list[ClassCoverage]:
    return [
        ClassCoverage(class_=classes[each.place].value, rows=each.rows, measured=each.measured)
        for each in held
    ]


def describe(models: Sequence[DescribedModel], _settings: Settings) -> Iterator[Operation]:
    """Return the operation of this resource."""
    measured = [each.served.name for each in models if "evaluation" in capabilities(each.served)]
    yield Operation(
        method="get",
        path="/api/v1/models/{model}/evaluation",
        id="show_evaluation",
        summary="What was measured of a model on held-out rows",
        parameters=[model_parameter(measured), VERSION],
        answers={200: response("For plots", reference(EvaluationFacts.__name__))},
    )


register(Resource("evaluation", "models", bp, describe, schemas=(EvaluationFacts,)))

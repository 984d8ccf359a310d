"""Routes about models: what there is, what each takes, its pictures."""

import hashlib
import io
from collections.abc import Sequence
from typing import Literal

import msgspec
from flask import Blueprint, Response, request, send_file, url_for
from flask.typing import ResponseReturnValue

from servery.api import answer, current_services
from servery.card import DataWords, Example
from servery.explaining import Capability, capabilities, require
from servery.manifest import RuntimeFacts, Training
from servery.manifest.measured import (
    Calibration,
    Confusion,
    Importance,
    Metrics,
    Residuals,
    Thresholds,
)
from servery.served import ServedModel
from servery.signature import (
    ClassOutput,
    MultiOutput,
    Output,
    RegressionOutput,
    Scalar,
    Signature,
)
from servery.sureness import Intervals, PredictionSets
from servery.sureness.intervals import Level
from servery.sureness.sets import SizeShare

bp = Blueprint("models", __name__, url_prefix="/api/v1/models")


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """A model as the gallery shows it."""

    name: str
    title: str
    summary: str
    task: str
    version: str
    picture: str | None


class Broken(msgspec.Struct, frozen=True, kw_only=True):
    """What cannot be served, and why: a model, or one version of a model that is served."""

    name: str
    version: str | None
    detail: str


class ModelList(msgspec.Struct, frozen=True, kw_only=True):
    """Every model of the repository."""

    models: Sequence[Summary]
    broken: Sequence[Broken]


class CardFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The words of the card that are not about single inputs or outcomes."""

    description: str
    intended_use: Sequence[str]
    not_for: Sequence[str]
    limitations: Sequence[str]
    data: DataWords | None


class SurenessFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The share of true outcomes that an answer's ``interval`` or ``prediction_set`` holds.

    None where answers have none.
    """

    interval: float | None
    prediction_set: float | None


class ModelFacts(Summary, frozen=True, kw_only=True):
    """Everything that a form, a client or a reader needs to know of a model."""

    versions: Sequence[str]
    card: CardFacts
    signature: Signature
    sureness: SurenessFacts
    metrics: Metrics | None
    examples: Sequence[Example]
    training: Training
    runtime: RuntimeFacts
    notes: Sequence[str]
    capabilities: Sequence[Capability | Literal["batches"]]


class ResidualFacts(Residuals, frozen=True, kw_only=True):
    """Residuals in the ``unit`` of the quantity."""

    unit: str | None


class CoverageFacts(msgspec.Struct, frozen=True, kw_only=True):
    """How intervals did on unseen rows; ``adaptive`` where their width changes."""

    unit: str | None
    stated: float
    measured: float
    rows: int
    mean_width: float
    adaptive: bool
    levels: Sequence[Level]


class ClassCoverage(msgspec.Struct, frozen=True, kw_only=True):
    """Of so many ``rows`` of a class, the share whose prediction set held it."""

    class_: Scalar = msgspec.field(name="class")
    rows: int
    measured: float


class SetFacts(msgspec.Struct, frozen=True, kw_only=True):
    """How prediction sets did on unseen rows."""

    stated: float
    rows: int
    by_class: Sequence[ClassCoverage]
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


@bp.get("")
def list_models() -> ResponseReturnValue:
    """List every model that can be served, and those that cannot."""
    repository = current_services().repository
    return answer(
        ModelList(
            models=[_summary(model) for model in repository],
            broken=[
                Broken(name=failure.name, version=failure.version, detail=str(failure.error))
                for failure in repository.failures
            ],
        )
    )


@bp.get("/<name>")
def show_model(name: str) -> ResponseReturnValue:
    """Show one model: its card, signature, metrics and examples."""
    repository = current_services().repository
    model = repository.get(name, request.args.get("version"))
    return answer(model_facts(model, repository.versions(model.name)), cache="no-cache")


@bp.get("/<name>/evaluation")
def show_evaluation(name: str) -> ResponseReturnValue:
    """Show what was measured on rows that the fit did not see, for plots."""
    model = current_services().repository.get(name, request.args.get("version"))
    require(model, "evaluation")
    return answer(evaluation_facts(model), cache="no-cache")


@bp.get("/<name>/pictures/<file>")
def show_picture(name: str, file: str) -> Response:
    """Send a picture that the model's card names."""
    services = current_services()
    data = services.repository.picture(name, file)
    digest = hashlib.sha256(data).hexdigest()
    response = send_file(
        io.BytesIO(data), mimetype="image/svg+xml", max_age=3600, conditional=True, etag=digest
    )
    # Opened by itself, a picture runs nothing; its own styles may colour it.
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
    )
    if services.settings.cors_origins:  # a page of another origin shows it by its address
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def evaluation_facts(model: ServedModel) -> EvaluationFacts:
    """Return the public facts of how a model did on unseen rows."""
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
        coverage=_coverage(manifest.intervals, unit),
        sets=_sets(manifest.sets, output),
        importance=found.importance,
    )


def _residuals(residuals: Residuals | None, unit: str | None) -> ResidualFacts | None:
    if residuals is None:
        return None
    return ResidualFacts(unit=unit, **msgspec.structs.asdict(residuals))


def _coverage(intervals: Intervals | None, unit: str | None) -> CoverageFacts | None:
    if intervals is None:
        return None
    return CoverageFacts(
        unit=unit,
        stated=intervals.coverage,
        measured=intervals.measured,
        rows=intervals.rows,
        mean_width=intervals.mean_width,
        adaptive=bool(intervals.predictions),
        levels=intervals.levels,
    )


def _sets(sets: PredictionSets | None, output: Output) -> SetFacts | None:
    if sets is None:
        return None
    classes = output.classes if isinstance(output, ClassOutput) else ()
    return SetFacts(
        stated=sets.coverage,
        rows=sets.rows,
        by_class=[
            ClassCoverage(class_=classes[held.place].value, rows=held.rows, measured=held.measured)
            for held in sets.by_class
        ],
        sizes=sets.sizes,
    )


def model_facts(model: ServedModel, versions: Sequence[str]) -> ModelFacts:
    """Return the public facts of a model."""
    card = model.card
    signature = model.signature
    return ModelFacts(
        **msgspec.structs.asdict(_summary(model)),
        versions=versions,
        card=CardFacts(
            description=card.description,
            intended_use=card.intended_use,
            not_for=card.not_for,
            limitations=card.limitations,
            data=card.data,
        ),
        signature=msgspec.structs.replace(
            signature, output=_with_addresses(model, signature.output)
        ),
        sureness=_sureness(model),
        metrics=model.manifest.metrics,
        examples=model.examples,
        training=model.manifest.training,
        runtime=msgspec.structs.replace(model.manifest.runtime, name=model.runtime.name),
        notes=model.notes,
        capabilities=[*capabilities(model), "batches"],
    )


def _sureness(model: ServedModel) -> SurenessFacts:
    intervals, sets = model.manifest.intervals, model.manifest.sets
    return SurenessFacts(
        interval=None if intervals is None else intervals.coverage,
        prediction_set=None if sets is None else sets.coverage,
    )


def _summary(model: ServedModel) -> Summary:
    return Summary(
        name=model.name,
        title=model.title,
        summary=model.card.summary,
        task=model.signature.output.task,
        version=model.version,
        picture=_address(model, model.card.picture),
    )


def _with_addresses(model: ServedModel, output: Output) -> Output:
    """Return the output with addresses where the card has file names."""
    if isinstance(output, MultiOutput):
        return output
    field = "classes" if isinstance(output, ClassOutput) else "bands"
    outcomes = tuple(
        msgspec.structs.replace(outcome, picture=_address(model, outcome.picture))
        for outcome in getattr(output, field)
    )
    return msgspec.structs.replace(output, **{field: outcomes})


def _address(model: ServedModel, file: str | None) -> str | None:
    return file and url_for("models.show_picture", name=model.name, file=file)

"""Models: which there are, and the card, signature, metrics and examples of each."""

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec
from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from servery.api import answer, current_services
from servery.api.operations import (
    VERSION,
    DescribedModel,
    Operation,
    model_parameter,
    reference,
    response,
)
from servery.api.options import asked_model
from servery.api.registry import Resource, register
from servery.card import DataWords, Example
from servery.explaining import Capability, capabilities
from servery.manifest import RuntimeFacts, Training
from servery.manifest.measured import Metrics
from servery.served import Outline, ServedModel
from servery.settings import Settings
from servery.signature import ClassOutput, MultiOutput, Output, Signature

bp = Blueprint("models", __name__, url_prefix="/api/v1/models")


class MainMetric(msgspec.Struct, frozen=True, kw_only=True):
    """The first metric of a model."""

    label: str
    value: float
    unit: str | None


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """A model as a list shows it."""

    name: str
    title: str
    summary: str
    task: str
    version: str
    picture: str | None
    metric: MainMetric | None
    spread: list[int]


class Broken(msgspec.Struct, frozen=True, kw_only=True):
    """A model, or one version of a model, that cannot be served, and the reason."""

    name: str
    version: str | None
    detail: str


class ModelList(msgspec.Struct, frozen=True, kw_only=True):
    """Every model of the repository."""

    models: Sequence[Summary]
    broken: Sequence[Broken]


class CardFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The texts of the card that are not about single inputs or outcomes."""

    description: str
    intended_use: Sequence[str]
    not_for: Sequence[str]
    limitations: Sequence[str]
    data: DataWords | None


class UncertaintyFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What answers state: the share of true outcomes that ``interval`` or ``prediction_set`` holds.

    None where answers have none. ``reliability`` is whether classes have one.
    """

    interval: float | None
    prediction_set: float | None
    reliability: bool


class ModelFacts(Summary, frozen=True, kw_only=True):
    """All facts about a model, for forms, clients and readers."""

    versions: Sequence[str]
    card: CardFacts
    signature: Signature
    uncertainty: UncertaintyFacts
    metrics: Metrics | None
    examples: Sequence[Example]
    training: Training
    runtime: RuntimeFacts
    notes: Sequence[str]
    capabilities: Sequence[Capability | Literal["batches"]]


@bp.get("")
def list_models() -> ResponseReturnValue:
    """List every model that can be served, and those that cannot."""
    repository = current_services().repository
    return answer(
        ModelList(
            models=[_summary(outline) for outline in repository.outlines()],
            broken=[
                Broken(name=failure.name, version=failure.version, detail=str(failure.error))
                for failure in repository.failures
            ],
        )
    )


@bp.get("/<name>")
def show_model(name: str) -> ResponseReturnValue:
    """Show one model: its card, signature, metrics and examples."""
    model = asked_model(name)
    versions = current_services().repository.versions(model.name)
    return answer(model_facts(model, versions), cache="no-cache")


def model_facts(model: ServedModel, versions: Sequence[str]) -> ModelFacts:
    """Return the public facts of a model."""
    card = model.card
    signature = model.signature
    return ModelFacts(
        **msgspec.structs.asdict(_summary(model.outline)),
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
        uncertainty=_uncertainty(model),
        metrics=model.manifest.metrics,
        examples=model.examples,
        training=model.manifest.training,
        runtime=msgspec.structs.replace(model.manifest.runtime, name=model.runtime.name),
        notes=model.notes,
        capabilities=[*capabilities(model), "batches"],
    )


def _uncertainty(model: ServedModel) -> UncertaintyFacts:
    intervals, sets = model.manifest.intervals, model.manifest.sets
    return UncertaintyFacts(
        interval=None if intervals is None else intervals.coverage,
        prediction_set=None if sets is None else sets.coverage,
        reliability=model.manifest.reliability is not None,
    )


def _summary(outline: Outline) -> Summary:
    metric = outline.metric
    return Summary(
        name=outline.name,
        title=outline.title,
        summary=outline.summary,
        task=outline.task,
        version=outline.version,
        picture=_address(outline.name, outline.picture),
        metric=None
        if metric is None
        else MainMetric(label=metric.label, value=metric.value, unit=metric.unit),
        spread=list(outline.spread),
    )


def _with_addresses(model: ServedModel, output: Output) -> Output:
    """Return the output with addresses where the card has file names."""
    if isinstance(output, MultiOutput):
        return output
    field = "classes" if isinstance(output, ClassOutput) else "bands"
    outcomes = tuple(
        msgspec.structs.replace(outcome, picture=_address(model.name, outcome.picture))
        for outcome in getattr(output, field)
    )
    return msgspec.structs.replace(output, **{field: outcomes})


def _address(name: str, file: str | None) -> str | None:
    return file and url_for("pictures.show_picture", name=name, file=file)


def describe(models: Sequence[DescribedModel], _settings: Settings) -> Iterator[Operation]:
    """Return the operations of this resource."""
    yield Operation(
        method="get",
        path="/api/v1/models",
        id="list_models",
        summary="All models",
        answers={200: response("All models", reference(ModelList.__name__))},
    )
    yield Operation(
        method="get",
        path="/api/v1/models/{model}",
        id="show_model",
        summary="One model",
        parameters=[model_parameter([each.served.name for each in models]), VERSION],
        answers={200: response("One model", reference(ModelFacts.__name__))},
    )


register(Resource("models", "models", bp, describe, schemas=(ModelList, ModelFacts)))

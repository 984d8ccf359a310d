"""What explanations, curves and counterfactuals share: a question about one instance of a model."""

from collections.abc import Collection, Mapping

import msgspec

from servery.api import current_services
from servery.api.operations import (
    VERSION,
    DescribedModel,
    Operation,
    answered,
    closed,
    json_body,
    reference,
    response,
)
from servery.api.options import asked_model
from servery.api.portable import Schema
from servery.explaining import Capability, require
from servery.inputs import Scalar
from servery.served import ServedModel
from servery.signature import ClassOutput, MultiOutput, Output, Row


def capable_model(name: str, capability: Capability, also: Collection[str] = ()) -> ServedModel:
    """Return the model that this request names; see `asked_model` for ``also``.

    Raises
    ------
    InvalidInputs, ModelNotFound, VersionNotFound, ModelUnusable, NotSupported
        The query has an unknown option, or the model is not there or does not support this.
    """
    model = asked_model(name, also)
    require(model, capability)
    return model


def parsed_row(model: ServedModel, inputs: object) -> Row:
    """Return the one instance of a question, parsed."""
    [row] = model.signature.parse([inputs], lambda _: "#/inputs").rows
    return row


def budget_s() -> float:
    """Return how long the answer to a question may take."""
    return current_services().settings.explain_budget_ms / 1000


def question(
    model: DescribedModel,
    capability: Capability,
    *,
    id_: str,
    summary: str,
    answer: type[msgspec.Struct],
    required: Mapping[str, Schema] | None = None,
    optional: Mapping[str, Schema] | None = None,
) -> Operation:
    """Return the operation that asks one model about one instance.

    Parameters
    ----------
    id_
        What the operation's id begins with.
    answer
        What is answered, beside who answers.
    required, optional
        Members of the body beside ``inputs``.
    """
    required, optional = required or {}, optional or {}
    body, answers = f"{model.type_name}{answer.__name__}Request", f"{answer.__name__}Answer"
    example = {name: _first(schema) for name, schema in required.items()}
    return Operation(
        method="post",
        path=model.path(capability),
        id=f"{id_}_{model.id}",
        summary=f"{summary}: {model.served.title}",
        parameters=[VERSION],
        body=json_body(reference(body), {"One": {"inputs": model.served.example, **example}}),
        answers={200: response(summary, reference(answers))},
        schemas={
            body: closed({"inputs": model.inputs, **required, **optional}, optional),
            answers: answered(answer),
        },
        asks_model=True,
    )


def output_member(output: Output) -> dict[str, Schema]:
    """Return the member that picks a class, or one of several outputs."""
    return {"output": {"enum": [*output_names(output), None]}}


def output_names(output: Output) -> list[Scalar]:
    """Return what can be asked about: outputs of several, classes, or the one quantity."""
    if isinstance(output, MultiOutput):
        return [part.name for part in output.outputs]
    if isinstance(output, ClassOutput):
        return [outcome.value for outcome in output.classes]
    return [output.name]


def _first(schema: Schema) -> object:
    return [*schema.get("enum", ()), *schema.get("examples", ())][0]

"""What a version of a model supports besides predictions."""

from typing import Literal, TypeAlias

from servery.errors import NotSupported
from servery.explaining.contributions import is_of_text
from servery.explaining.curves import POINTS
from servery.served import ServedModel
from servery.signature import ClusteringOutput, MultiOutput, OutlierOutput

Capability: TypeAlias = Literal[
    "explanations", "curves", "counterfactuals", "nearest-rows", "evaluation"
]


def capabilities(model: ServedModel) -> list[Capability]:
    """Return what a version supports besides predictions."""
    inputs, output = model.signature.inputs, model.signature.output
    found: list[Capability] = []
    if model.background or is_of_text(model):
        found.append("explanations")
    if model.background and any(item.grid(None, POINTS) for item in inputs):
        found.append("curves")
    has_target = not isinstance(output, (MultiOutput, ClusteringOutput, OutlierOutput))
    if model.background and has_target and any(item.changeable for item in inputs):
        found.append("counterfactuals")
    if model.manifest.kept is not None:
        found.append("nearest-rows")
    if model.manifest.evaluation is not None:
        found.append("evaluation")
    return found


REASONS: dict[Capability, str] = {
    "explanations": "it has no background rows; publish it with its data.",
    "curves": "it has no background rows or ranges; publish it with its data.",
    "counterfactuals": "its card marks no input as changeable, or it has no background rows.",
    "nearest-rows": "it keeps no rows; publish it with --keep-rows.",
    "evaluation": "it was not measured; publish it with --test or --cv.",
}


def require(model: ServedModel, capability: Capability) -> None:
    """Refuse what a version does not support.

    Raises
    ------
    NotSupported
        The text says why, and what to do.
    """
    if capability not in capabilities(model):
        raise NotSupported(
            f"Model {model.name!r} does not support {capability}: {REASONS[capability]}"
        )

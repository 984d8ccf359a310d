"""What can be told of a model beside its predictions."""

from typing import Literal, TypeAlias

from servery.errors import NotOffered
from servery.explaining.contributions import is_of_text
from servery.explaining.curves import values_of
from servery.served import ServedModel
from servery.signature import ClusteringOutput, MultiOutput, OutlierOutput

Offer: TypeAlias = Literal["explanations", "curves", "counterfactuals", "evaluation"]


def offers(model: ServedModel) -> list[Offer]:
    """Return what a version can be asked beside predictions."""
    inputs, output = model.signature.inputs, model.signature.output
    found: list[Offer] = []
    if model.background or is_of_text(model):
        found.append("explanations")
    if model.background and any(values_of(item, None) for item in inputs):
        found.append("curves")
    has_target = not isinstance(output, (MultiOutput, ClusteringOutput, OutlierOutput))
    if model.background and has_target and any(item.changeable for item in inputs):
        found.append("counterfactuals")
    if model.manifest.evaluation is not None:
        found.append("evaluation")
    return found


REASONS: dict[Offer, str] = {
    "explanations": "it holds no background rows to compare with; publish it with its data.",
    "curves": "it holds no background rows or ranges; publish it with its data.",
    "counterfactuals": "its card marks no input as changeable.",
    "evaluation": "nothing was measured; publish it with --test or --cv.",
}


def require(model: ServedModel, offer: Offer) -> None:
    """Refuse what a version cannot be asked.

    Raises
    ------
    NotOffered
        Says why, and what to do.
    """
    if offer not in offers(model):
        raise NotOffered(f"Model {model.name!r} offers no {offer}: {REASONS[offer]}")

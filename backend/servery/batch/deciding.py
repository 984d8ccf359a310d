"""A model that predicts and reports what the caller of a batch chose."""

from dataclasses import dataclass, replace
from typing import overload

import msgspec

from servery.batch.decisions import decided_output
from servery.batch.options import Decision
from servery.batch.pipeline import Model
from servery.batch.scoring import ManyAtOnce
from servery.batch.scoring.uncertainty import Uncertainty
from servery.served import ServedModel
from servery.signature import Signature


@dataclass(frozen=True, slots=True)
class DecidedModel:
    """A model on another server, with the output that the caller chose."""

    name: str
    signature: Signature
    runtime: ManyAtOnce
    uncertainty: Uncertainty | None


@overload
def decided(model: ServedModel, decision: Decision) -> ServedModel: ...
@overload
def decided(model: Model, decision: Decision) -> Model: ...
def decided(model: Model, decision: Decision) -> Model:
    """Return a model that predicts and reports as the caller chose.

    Raises
    ------
    InvalidJobOptions
        The choice does not fit the model.
    """
    if decision.is_as_on_card:
        return model
    output = decided_output(model.signature.output, decision)
    signature = msgspec.structs.replace(model.signature, output=output)
    if isinstance(model, ServedModel):
        return replace(model, signature=signature)
    return DecidedModel(model.name, signature, model.runtime, model.uncertainty)

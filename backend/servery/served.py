"""The waist: one version of a model, ready to answer.

The repository makes a `ServedModel`; predicting takes one; neither side knows the other.
"""

from dataclasses import dataclass
from pathlib import Path

from servery.card import Card
from servery.manifest import Manifest
from servery.runtimes import Runtime
from servery.signature import Signature


@dataclass(frozen=True, slots=True)
class ServedModel:
    """Signature, card and runtime of one version.

    Attributes
    ----------
    signature
        The manifest's signature with the card's words laid over it.
    pictures
        The folder that holds the pictures which the card names.
    """

    name: str
    version: str
    card: Card
    manifest: Manifest
    signature: Signature
    runtime: Runtime
    pictures: Path

    @property
    def title(self) -> str:
        """What people call the model."""
        return self.card.title or self.name

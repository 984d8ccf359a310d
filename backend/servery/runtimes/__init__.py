"""What computes: one small file per runtime, behind one protocol.

Parsed rows in, outcomes out. A runtime knows nothing of names, labels, files or requests.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from servery.signature import Row


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What a runtime says of n rows.

    Attributes
    ----------
    values
        Predicted quantities, n of them; None for a classifier.
    classes
        Index of the predicted class of each row, in signature order; None for a regressor.
    probabilities
        n rows of one probability per class, in signature order; None where there are none.
    scores
        n rows of one decision score per class, in signature order; None where there are none.
    parts
        One `Outcomes` for each output of a model with several; the rest is None then.
    """

    values: Sequence[float] | None = None
    classes: Sequence[int] | None = None
    probabilities: Sequence[Sequence[float]] | None = None
    scores: Sequence[Sequence[float]] | None = None
    parts: "Sequence[Outcomes] | None" = None


class Runtime(Protocol):
    """Something that predicts."""

    @property
    def name(self) -> str:
        """A word for the runtime, as ``model.json`` has it."""
        ...

    def predict(self, rows: Sequence[Row]) -> Outcomes:
        """Predict parsed rows, in signature order of the inputs and of the answer."""
        ...

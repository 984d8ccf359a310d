"""What computes: one small file per runtime, behind one protocol.

Parsed rows in, outcomes out. A runtime knows nothing of names, labels, files or requests.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from servery.runtimes.columns import ColumnOutcomes, Columns
from servery.signature import ClassOutput, MultiOutput, Output, Row

Floats: TypeAlias = NDArray[np.float64]


class Outcomes(msgspec.Struct, frozen=True):
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
    known_words
        The share of each row's text that the model knows; None for a model without a text.
    """

    values: Sequence[float] | None = None
    classes: Sequence[int] | None = None
    probabilities: Sequence[Sequence[float]] | None = None
    scores: Sequence[Sequence[float]] | None = None
    parts: "Sequence[Outcomes] | None" = None
    known_words: Sequence[float] | None = None


def merged(pieces: Sequence[Outcomes], order: Sequence[int]) -> Outcomes:
    """Return the outcomes of several pieces as one, with the rows of all of them in some order."""

    def of_field(name: str) -> "list[Any] | None":
        if getattr(pieces[0], name) is None:
            return None
        rows = [row for piece in pieces for row in getattr(piece, name)]
        return [rows[place] for place in order]

    if pieces[0].parts is not None:
        parts = zip(*(piece.parts or () for piece in pieces), strict=True)
        return Outcomes(parts=[merged(part, order) for part in parts])
    return Outcomes(
        values=of_field("values"),
        classes=of_field("classes"),
        probabilities=of_field("probabilities"),
        scores=of_field("scores"),
    )


@dataclass(frozen=True, slots=True)
class Coalitions:
    """Rows that take each input from one of a few others: what explanations ask of a model.

    Attributes
    ----------
    donors
        The few rows.
    source
        Which donor gives each input of each row, shape (n, inputs).
    """

    donors: Sequence[Row]
    source: NDArray[np.intp]

    def rows(self) -> list[Row]:
        """Return the n rows themselves."""
        columns = list(zip(*self.donors, strict=True))
        taken = [
            [column[at] for at in places]
            for column, places in zip(columns, self.source.T.tolist(), strict=True)
        ]
        return list(zip(*taken, strict=True))


class Runtime(Protocol):
    """Something that predicts."""

    @property
    def name(self) -> str:
        """A word for the runtime, as ``model.json`` has it."""
        ...

    @property
    def is_caged(self) -> bool:
        """Whether another process computes, so that a caller may have to wait for it."""
        ...

    @property
    def set_aside(self) -> str | None:
        """Why the model is asked no more; None while it is."""
        ...

    def predict(self, rows: Sequence[Row]) -> Outcomes:
        """Predict parsed rows, in signature order of the inputs and of the answer."""
        ...

    def figures(self, coalitions: Coalitions) -> Floats:
        """Return what is foretold of n mixed rows as numbers, shape (n, k); see `figures_of`."""
        ...

    def predict_columns(self, columns: Columns) -> ColumnOutcomes:
        """Predict many parsed rows, given as one column for each input."""
        ...


def figures_of(output: Output, outcomes: Outcomes) -> Floats:
    """Return outcomes as numbers: the quantity, or one number for each class.

    That is its probability, else its score, else 1 for the class that was named and 0 for others.
    Those of several outputs stand side by side.
    """
    if isinstance(output, MultiOutput):
        pairs = zip(output.outputs, outcomes.parts or (), strict=True)
        return np.hstack([figures_of(part, of_part) for part, of_part in pairs])
    if not isinstance(output, ClassOutput):
        return np.array(outcomes.values, dtype=np.float64)[:, None]
    rows = outcomes.probabilities or outcomes.scores
    if rows is not None:
        return np.array(rows, dtype=np.float64)
    return np.asarray(np.eye(len(output.classes))[np.array(outcomes.classes)])

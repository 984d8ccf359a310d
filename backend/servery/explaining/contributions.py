"""Contributions: how much each input, or each word of a text, moved a prediction."""

from dataclasses import dataclass
from functools import cached_property

import msgspec
import numpy as np
from numpy.typing import NDArray

from servery.explaining.figures import Figure, figure_of
from servery.explaining.shapley import Shares, shapley
from servery.explaining.spans import Span, spans_of, text_without
from servery.inputs import Scalar
from servery.runtimes import Coalitions, Floats
from servery.served import ServedModel
from servery.signature import Row

#: A wide model is held against so many fewer background rows that a pass asks no more than this.
MOST_ROWS_OF_A_PASS = 20_000


class Contribution(msgspec.Struct, frozen=True, kw_only=True):
    """How much one input moved the prediction, in the unit of the output.

    ``start`` and ``end`` tell where a word stands in a text, in code points.
    """

    input: str
    value: Scalar | None
    contribution: float
    standard_error: float
    start: int | msgspec.UnsetType = msgspec.UNSET
    end: int | msgspec.UnsetType = msgspec.UNSET


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """What moved a prediction from ``base``: it and the contributions add up to ``prediction``.

    ``output`` is the class whose probability is explained, or the name of the quantity.
    """

    method: str
    output: Scalar
    base: float
    prediction: float
    contributions: list[Contribution]


def explain(
    model: ServedModel, row: Row, *, output: object = None, budget_s: float = 1.0
) -> Explanation:
    """Share a prediction out among the inputs, against the model's background rows.

    Parameters
    ----------
    row
        The parsed instance.
    output
        The class whose probability is explained; the one that is predicted where none is given.
    budget_s
        See `shapley`.

    Returns
    -------
    Explanation
        For a model of one text, of its words against the text without them.

    Raises
    ------
    InvalidInputs, ModelFailed
        The model has no such output; the estimator raised.
    """
    figure = figure_of(model, row, output)
    text = row[0]
    if is_of_text(model) and isinstance(text, str):
        game = Words(figure, text, spans_of(text))
        shares = shapley(game, budget_s)
        return _told(figure, shares, _of_words(model, game, shares))
    shares = shapley(Inputs(figure, row), budget_s)
    return _told(figure, shares, _of_inputs(model, row, shares))


def is_of_text(model: ServedModel) -> bool:
    """Return whether a text is all that a model takes."""
    inputs = model.signature.inputs
    return len(inputs) == 1 and inputs[0].is_free_text


@dataclass(frozen=True)
class Inputs:
    """The inputs of a row as players; what they are absent from is a background row."""

    figure: Figure
    row: Row

    @property
    def players(self) -> int:
        """One for each input."""
        return len(self.row)

    @cached_property
    def donors(self) -> list[Row]:
        """The background rows, and behind them the row itself."""
        most = max(10, MOST_ROWS_OF_A_PASS // (2 * len(self.row)))
        return [*self.figure.model.background[:most], self.row]

    @property
    def backgrounds(self) -> int:
        """How many background rows there are."""
        return len(self.donors) - 1

    def worth(self, present: NDArray[np.bool_], against: NDArray[np.intp]) -> Floats:
        """Return the figure with the row's values where they are present."""
        source = np.where(present, len(self.donors) - 1, against[:, None])
        return self.figure.of(Coalitions(self.donors, source))


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text as players; those that are absent are taken out of it."""

    figure: Figure
    text: str
    spans: list[Span]

    @property
    def players(self) -> int:
        """One for each span."""
        return len(self.spans)

    @property
    def backgrounds(self) -> int:
        """The text itself is all that there is."""
        return 1

    def worth(self, present: NDArray[np.bool_], against: NDArray[np.intp]) -> Floats:
        """Return the figure of the text without the absent words."""
        donors = [(text_without(self.text, self.spans, kept),) for kept in present.tolist()]
        return self.figure.of(Coalitions(donors, np.arange(len(against))[:, None]))


def _told(figure: Figure, shares: Shares, contributions: list[Contribution]) -> Explanation:
    return Explanation(
        method="exact" if shares.is_exact else "sampled",
        output=figure.name,
        base=shares.base,
        prediction=shares.whole,
        contributions=contributions,
    )


def _of_inputs(model: ServedModel, row: Row, shares: Shares) -> list[Contribution]:
    return [
        Contribution(
            input=item.name,
            value=item.to_json(value),
            contribution=share,
            standard_error=error,
        )
        for item, value, share, error in zip(
            model.signature.inputs,
            row,
            shares.values.tolist(),
            shares.standard_errors.tolist(),
            strict=True,
        )
    ]


def _of_words(model: ServedModel, game: Words, shares: Shares) -> list[Contribution]:
    return [
        Contribution(
            input=model.signature.names[0],
            value=game.text[span.start : span.end],
            contribution=share,
            standard_error=error,
            start=span.start,
            end=span.end,
        )
        for span, share, error in zip(
            game.spans, shares.values.tolist(), shares.standard_errors.tolist(), strict=True
        )
    ]

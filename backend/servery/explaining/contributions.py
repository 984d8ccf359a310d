"""Contributions: the Shapley value of each input, or of each word of a text."""

from dataclasses import dataclass
from functools import cached_property

import msgspec
import numpy as np
from numpy.typing import NDArray

from servery.errors import Fault, Unanswerable
from servery.explaining.figures import Figure, UnansweredMixture, figure_of
from servery.explaining.shapley import ShapleyValues, shapley
from servery.explaining.spans import Span, spans_of, text_without
from servery.inputs import Scalar
from servery.manifest.measured import Correlated
from servery.runtimes import Coalitions, Floats
from servery.served import ServedModel
from servery.signature import Row
from servery.signature.parsing import token
from servery.unanswered import CODE, causes

#: Wide models use fewer background rows, so that one pass evaluates at most this many rows.
MOST_ROWS_OF_A_PASS = 20_000


class Contribution(msgspec.Struct, frozen=True, kw_only=True):
    """The contribution of one input to the prediction, in the unit of the output.

    ``start`` and ``end`` are the position of a word in a text, in code points.
    """

    input: str
    value: Scalar | None
    contribution: float
    standard_error: float
    start: int | msgspec.UnsetType = msgspec.UNSET
    end: int | msgspec.UnsetType = msgspec.UNSET


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Contributions to a prediction; ``base`` plus their sum equals ``prediction``.

    ``output`` is the class whose probability is explained, or the name of the numeric output.
    ``correlated`` names inputs that can stand in for each other, if that was measured: what one of
    them contributes, the other may have caused.
    """

    method: str
    output: Scalar
    base: float
    prediction: float
    contributions: list[Contribution]
    correlated: list[Correlated]


def explain(
    model: ServedModel, row: Row, *, output: object = None, budget_s: float = 1.0
) -> Explanation:
    """Attribute a prediction to the inputs, relative to the model's background rows.

    Parameters
    ----------
    row
        The parsed instance.
    output
        The class whose probability is explained; by default the predicted one.
    budget_s
        See `shapley`.

    Returns
    -------
    Explanation
        For a model of one text, the contributions are those of its words.

    Raises
    ------
    InvalidInputs, ModelFailed
        The model has no such output; the estimator raised.
    Unanswerable
        The model gives no answer to the row, or to a mixture of it and a background row.
    """
    figure = figure_of(model, row, output)
    try:
        return _explained(figure, row, budget_s)
    except UnansweredMixture as error:
        raise _refused(model, row, error.row) from error


def _explained(figure: Figure, row: Row, budget_s: float) -> Explanation:
    model, text = figure.model, row[0]
    if is_of_text(model) and isinstance(text, str):
        game = WordGame(figure, text, spans_of(text))
        shares = shapley(game, budget_s)
        return _explanation(figure, shares, _of_words(model, game, shares))
    shares = shapley(InputGame(figure, row), budget_s)
    return _explanation(figure, shares, _of_inputs(model, row, shares))


def _refused(model: ServedModel, row: Row, mixed: Row) -> Unanswerable:
    """Return the error of a mixture without an answer, with the inputs to blame."""
    blamed = causes(model.runtime.predict_columns, model.signature.inputs, mixed, answer_to=row)
    return Unanswerable(
        [
            Fault(
                each.input,
                "#/inputs" if each.input is None else f"#/inputs/{token(each.input)}",
                CODE,
                f"An explanation mixes these values with those of background rows. {each.detail}",
            )
            for each in blamed
        ]
    )


def is_of_text(model: ServedModel) -> bool:
    """Return whether a text is the only input."""
    inputs = model.signature.inputs
    return len(inputs) == 1 and inputs[0].is_free_text


@dataclass(frozen=True)
class InputGame:
    """A game whose players are inputs; absent inputs take the values of a background row."""

    figure: Figure
    row: Row

    @property
    def players(self) -> int:
        """The number of inputs."""
        return len(self.row)

    @cached_property
    def donors(self) -> list[Row]:
        """The background rows, followed by the row itself."""
        most = max(10, MOST_ROWS_OF_A_PASS // (2 * len(self.row)))
        return [*self.figure.model.background[:most], self.row]

    @property
    def backgrounds(self) -> int:
        """The number of background rows."""
        return len(self.donors) - 1

    def worth(self, present: NDArray[np.bool_], against: NDArray[np.intp]) -> Floats:
        """Return the figure of each coalition: present inputs keep the row's values."""
        source = np.where(present, len(self.donors) - 1, against[:, None])
        return self.figure.of(Coalitions(self.donors, source))


@dataclass(frozen=True, slots=True)
class WordGame:
    """A game whose players are words; absent words are removed from the text."""

    figure: Figure
    text: str
    spans: list[Span]

    @property
    def players(self) -> int:
        """The number of spans."""
        return len(self.spans)

    @property
    def backgrounds(self) -> int:
        """One: the text itself."""
        return 1

    def worth(self, present: NDArray[np.bool_], against: NDArray[np.intp]) -> Floats:
        """Return the figure of the text without the absent words."""
        donors = [(text_without(self.text, self.spans, kept),) for kept in present.tolist()]
        return self.figure.of(Coalitions(donors, np.arange(len(against))[:, None]))


def _explanation(
    figure: Figure, shares: ShapleyValues, contributions: list[Contribution]
) -> Explanation:
    return Explanation(
        method="exact" if shares.is_exact else "sampled",
        output=figure.name,
        base=shares.base,
        prediction=shares.whole,
        contributions=contributions,
        correlated=_correlated(figure.model),
    )


def _correlated(model: ServedModel) -> list[Correlated]:
    evaluation = model.manifest.evaluation
    if evaluation is None or evaluation.importance is None:
        return []
    return evaluation.importance.correlated


def _of_inputs(model: ServedModel, row: Row, shares: ShapleyValues) -> list[Contribution]:
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


def _of_words(model: ServedModel, game: WordGame, shares: ShapleyValues) -> list[Contribution]:
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

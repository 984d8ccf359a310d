"""Measured rows that a version keeps, and the scale on which they are near or far."""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from servery.errors import PublishingRefused
from servery.evaluation.measuring import HeldOutPredictions, is_measured
from servery.inputs import Input, Scalar, Value
from servery.inspection import Inspected
from servery.manifest import MOST_KEPT
from servery.publishing.options import PublishOptions
from servery.publishing.rows import plain_instance
from servery.runtimes import figures_of
from servery.runtimes.sklearn import ask, to_table
from servery.signature import ClassOutput, MultiOutput, Row
from servery.uncertainty import KeptRows
from servery.uncertainty.folds import Floats, Places
from servery.uncertainty.kept_rows import InputScale, close_distance, near_count, row_index

#: Values of a quantity that are asked for.
POINTS = 16
#: Training rows that take each value, and the figures that all inputs have together at most.
MOST_DONORS, FEWEST_DONORS, MOST_FIGURES = 20, 3, 2_000
SEED = 0


def require_keepable(options: PublishOptions, X: Any, *, has_test: bool) -> None:  # noqa: ANN401
    """Refuse rows to be kept that could not be compared or were not measured.

    Raises
    ------
    PublishingRefused
        Says what is lacking.
    """
    if not options.keep_rows:
        return
    if not 0 < options.keep_rows <= MOST_KEPT:
        raise PublishingRefused(
            f"Expected to keep 1 to {MOST_KEPT:,} rows, found {options.keep_rows:,}."
        )
    if options.cv is None and not has_test:
        raise PublishingRefused("Rows are kept with the model's errors: add --test or --cv.")
    if X is None:
        raise PublishingRefused(
            "Rows are kept with their distances, which the training data give: add --data."
        )


def kept_rows(
    estimator: Any,  # noqa: ANN401
    predictions: HeldOutPredictions,
    held: Places | None,
    fitting: Sequence[Row],
    count: int,
) -> KeptRows:
    """Choose measured rows at random, and find what the values of each input are to the model.

    Parameters
    ----------
    held
        Whether the interval or set of each measured row held its outcome; see `Measured`.
    fitting
        Training rows, some of which take the values.
    count
        How many rows are kept at most.

    Raises
    ------
    PublishingRefused
        The rows of this model have no outcome of their own or cannot be compared.
    """
    output = predictions.output
    if not is_measured(output) or isinstance(output, MultiOutput):
        raise PublishingRefused("Rows can be kept only for a model with one outcome for each row.")
    scales, weight = _scales(estimator, predictions.inspected, fitting)
    order = np.random.default_rng(SEED).permutation(len(predictions.rows))
    chosen = np.sort(order[:count]).tolist()
    rows = [predictions.rows[place] for place in chosen]
    signature = predictions.inspected.signature
    near = near_count(len(rows))
    index = row_index(signature.inputs, scales, weight, rows)
    outcomes = predictions.truth.iloc[:, 0].tolist()
    predicted = _predicted(predictions)
    was_held = np.full(len(predictions.rows), -1) if held is None else held
    return KeptRows(
        scales=scales,
        weight=weight,
        rows=[list(plain_instance(signature, row).values()) for row in rows],
        outcomes=[outcomes[place] for place in chosen],
        predictions=[predicted[place] for place in chosen],
        held=[HELD[int(was_held[place])] for place in chosen],
        near=near,
        close=close_distance(index, rows, near),
    )


HELD = {1: True, 0: False, -1: None}


def _predicted(predictions: HeldOutPredictions) -> list[Scalar]:
    output, outcomes = predictions.output, predictions.outcomes()
    if isinstance(output, ClassOutput):
        return [output.classes[place].value for place in outcomes.classes or ()]
    return [float(f"{value:.6g}") for value in outcomes.values or ()]


def _scales(
    estimator: Any,  # noqa: ANN401
    inspected: Inspected,
    fitting: Sequence[Row],
) -> tuple[list[InputScale], float]:
    """Return the scale of each input that has one, and the weight of a difference."""
    inputs, output = inspected.signature.inputs, inspected.signature.output
    # The probabilities of two classes say the same.
    width = len(output.classes) if isinstance(output, ClassOutput) else 1
    columns = slice(1, 2) if width == 2 else slice(None)
    width = 1 if width == 2 else width
    most = MOST_FIGURES // (width * len(inputs))
    if most < FEWEST_DONORS or not fitting:
        raise PublishingRefused(
            "Rows of this model cannot be compared: it has too many inputs and classes."
        )
    order = np.random.default_rng(SEED).permutation(len(fitting))
    donors = [fitting[place] for place in order[: min(most, MOST_DONORS)].tolist()]

    def figures(rows: Sequence[Row]) -> Floats:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that a value is odd is what is asked
            table = to_table(inputs, rows, inspected.facts)
            return figures_of(output, ask(estimator, table, output))[:, columns]

    scales = []
    for place, item in enumerate(inputs):
        values = item.grid(None, POINTS)
        rows = [(*row[:place], value, *row[place + 1 :]) for value in values for row in donors]
        try:
            found = figures(rows).reshape(len(values), -1) if rows else np.empty((0, 0))
        except Exception:  # noqa: S112 - an estimator may refuse what no row has together
            continue
        scales += _scale(place, item, values, found)
    if not scales:
        raise PublishingRefused(
            "Rows of this model cannot be compared: no input has a known range or categories."
        )
    return scales, 1.0 / (len(donors) * (2 if width > 1 else 1))


def _scale(place: int, item: Input, values: Sequence[Value], figures: Floats) -> list[InputScale]:
    """Return the scale of an input, of those values that are answered; none if there are none."""
    answered = np.flatnonzero(np.isfinite(figures).all(axis=1)).tolist()
    if not answered:
        return []
    return [
        InputScale(
            place=place,
            values=[item.to_json(values[at]) for at in answered],
            figures=[[float(f"{each:.5g}") for each in figures[at]] for at in answered],
        )
    ]

"""Curves: how a prediction changes as one input moves across its range, and on average."""

import msgspec
import numpy as np

from servery.errors import Fault, Unanswerable
from servery.explaining.figures import Figure, UnansweredMixture, figure_of
from servery.inputs import Input, Scalar, Value, found
from servery.runtimes import Coalitions
from servery.served import ServedModel
from servery.signature import Row
from servery.unanswered import CODE

POINTS = 41


class Point(msgspec.Struct, frozen=True):
    """The prediction at one value of the input, and its average over the background rows."""

    value: Scalar | None
    prediction: float
    average: float


class Curve(msgspec.Struct, frozen=True):
    """How the figure called ``output`` moves with the input."""

    output: Scalar
    input: str
    points: list[Point]


def curve(model: ServedModel, row: Row, place: int, *, output: object = None) -> Curve:
    """Move one input of an instance across what training saw of it.

    Parameters
    ----------
    place
        Of the input in the signature.

    Returns
    -------
    Curve
        ``prediction`` is the individual conditional expectation, ``average`` the partial
        dependence over the background rows; numbers ascend, and the instance's own is among them.

    Raises
    ------
    Unanswerable
        The model gives no answer to one of the values together with the other inputs.

    References
    ----------
    A. Goldstein et al. (2015), J. Computational and Graphical Statistics 24(1), 44-65;
    J. H. Friedman (2001), Annals of Statistics 29(5), 1189-1232.
    """
    figure = figure_of(model, row, output)
    item = model.signature.inputs[place]
    values = item.grid(row[place], POINTS)
    try:
        predictions, averages = _moved(figure, row, place, values)
    except UnansweredMixture as error:
        raise _refused(item, place, row, error.row) from error
    points = [
        Point(item.to_json(value), prediction, average)
        for value, prediction, average in zip(
            values, predictions.tolist(), averages.tolist(), strict=True
        )
    ]
    return Curve(figure.name, item.name, points)


def _moved(
    figure: Figure, row: Row, place: int, values: list[Value]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the figure at each value, for the row itself and as the mean of the background."""
    background = figure.model.background
    moved = [(*row[:place], value, *row[place + 1 :]) for value in values]
    donors = [*background, row, *moved]
    others = np.arange(len(background) + 1)
    source = np.empty((len(values), len(others), len(row)), dtype=np.intp)
    source[:] = others[None, :, None]
    source[:, :, place] = len(others) + np.arange(len(values))[:, None]
    figures = figure.of(Coalitions(donors, source.reshape(-1, len(row)))).reshape(len(values), -1)
    return figures[:, -1], figures[:, :-1].mean(axis=1)


def _refused(item: Input, place: int, row: Row, mixed: Row) -> Unanswerable:
    shown = "missing" if mixed[place] is None else found(item.to_json(mixed[place]))
    is_own = mixed == (*row[:place], mixed[place], *row[place + 1 :])
    others = "the other inputs are as here" if is_own else "others are those of a background row"
    detail = (
        f"The model gives no finite answer where this input is {shown} and {others}. "
        "Choose another input."
    )
    return Unanswerable([Fault(item.name, "#/input", CODE, detail)])

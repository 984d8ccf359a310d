"""Curves: how a prediction changes as one input moves across its range, and on average."""

import msgspec
import numpy as np

from servery.errors import Fault, Unanswerable
from servery.explaining.figures import Figure, UnansweredMixture, figure_of
from servery.inputs import Input, Scalar, Value, found
from servery.runtimes import Coalitions, Floats
from servery.served import ServedModel
from servery.signature import Row
from servery.unanswered import CODE
from servery.uncertainty.folds import Places

POINTS = 41
#: Parts of the range within which background rows are moved, and the rows of each.
MOST_PARTS, ROWS_OF_A_PART = 12, 8
#: With fewer ends of parts there is a single effect, and no curve.
FEWEST_EDGES = 3


class Point(msgspec.Struct, frozen=True):
    """The prediction at one value of the input, and its average over the background rows.

    ``accumulated`` is the accumulated local effect up to the value; None for an input that is not
    correlated with another, whose values do not lie on a line, or beyond the background rows.
    """

    value: Scalar | None
    prediction: float
    average: float
    accumulated: float | None = None


class Curve(msgspec.Struct, frozen=True):
    """How the figure called ``output`` moves with the input.

    ``correlated`` names the inputs that are correlated with it: ``average`` then stands on rows
    that hardly occur.
    """

    output: Scalar
    input: str
    points: list[Point]
    correlated: list[str]


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
        Where the input is correlated with others, ``accumulated`` moves each background row only
        to the ends of its own part of the range, and is centred on their mean prediction.

    Raises
    ------
    Unanswerable
        The model gives no answer to one of the values together with the other inputs.

    References
    ----------
    A. Goldstein et al. (2015), J. Computational and Graphical Statistics 24(1), 44-65;
    J. H. Friedman (2001), Annals of Statistics 29(5), 1189-1232; D. W. Apley & J. Zhu (2020),
    J. of the Royal Statistical Society B 82(4), 1059-1086, for accumulated local effects.
    """
    figure = figure_of(model, row, output)
    item = model.signature.inputs[place]
    values = item.grid(row[place], POINTS)
    try:
        predictions, averages = _moved(figure, row, place, values)
    except UnansweredMixture as error:
        raise _refused(item, place, row, error.row) from error
    correlated = _correlated_with(model, item.name)
    accumulated = _accumulated(figure, place, values) if correlated else [None] * len(values)
    points = [
        Point(item.to_json(value), prediction, average, local)
        for value, prediction, average, local in zip(
            values, predictions.tolist(), averages.tolist(), accumulated, strict=True
        )
    ]
    return Curve(figure.name, item.name, points, correlated)


def _correlated_with(model: ServedModel, name: str) -> list[str]:
    """Return the inputs that were measured to be correlated with one."""
    evaluation = model.manifest.evaluation
    if evaluation is None or evaluation.importance is None:
        return []
    pairs = [each.inputs for each in evaluation.importance.correlated]
    return [other for pair in pairs if name in pair for other in pair if other != name]


def _accumulated(figure: Figure, place: int, values: list[Value]) -> list[float | None]:
    """Return the accumulated local effect at each value, None beyond the background rows."""
    item = figure.model.manifest.signature.inputs[place]
    placed = [
        (position, row)
        for row in figure.model.background
        if (position := item.position(row[place])) is not None
    ]
    edges = _edges(placed)
    wanted = [item.position(value) for value in values]
    if len(edges) < FEWEST_EDGES:
        return [None] * len(values)
    at = np.array([position for position, _ in edges])
    own = np.array([position for position, _ in placed])
    part = np.clip(np.searchsorted(at, own, side="left"), 1, len(at) - 1)
    try:
        here, low, high = _local_figures(figure, place, [row for _, row in placed], part, edges)
    except UnansweredMixture:
        return [None] * len(values)
    rows = np.bincount(part, minlength=len(at))
    effects = np.bincount(part, weights=high - low, minlength=len(at)) / np.maximum(rows, 1)
    curve = np.cumsum(effects)
    curve += here.mean() - np.interp(own, at, curve).mean()
    return [
        float(np.interp(position, at, curve))
        if position is not None and at[0] <= position <= at[-1]
        else None
        for position in wanted
    ]


def _edges(placed: list[tuple[float, Row]]) -> list[tuple[float, Row]]:
    """Return ascending positions, each with a row there, between which about as many rows lie."""
    ranked = sorted(placed, key=lambda each: each[0])
    parts = min(MOST_PARTS, len(ranked) // ROWS_OF_A_PART)
    chosen = np.linspace(0, len(ranked) - 1, parts + 1).round().astype(int).tolist()
    return list(dict(ranked[at] for at in chosen).items()) if parts else []


def _local_figures(
    figure: Figure, place: int, rows: list[Row], part: Places, edges: list[tuple[float, Row]]
) -> tuple[Floats, Floats, Floats]:
    """Return the figure of each row as it is, and moved to both ends of its part of the range."""
    donors = [*rows, *(row for _, row in edges)]
    source = np.empty((3, len(rows), len(rows[0])), dtype=np.intp)
    source[:] = np.arange(len(rows))[None, :, None]
    source[1, :, place] = len(rows) + part - 1
    source[2, :, place] = len(rows) + part
    figures = figure.of(Coalitions(donors, source.reshape(-1, len(rows[0])))).reshape(3, -1)
    return figures[0], figures[1], figures[2]


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

"""The kept rows nearest to an instance, what became of them, and how well the model did there."""

import math
from collections.abc import Sequence
from operator import eq

import msgspec
import numpy as np

from servery.errors import InvalidInputs, ManifestUnreadable, NotSupported
from servery.inputs import Scalar, is_unlike_training
from servery.served import ServedModel
from servery.signature import ClassOutput, Instances
from servery.uncertainty import KeptRows, Reliability
from servery.uncertainty.folds import Floats, Places
from servery.uncertainty.kept_rows import RowIndex, nearest, row_index
from servery.uncertainty.reliability import Z_95, stated

#: Rows that are shown.
SHOWN = 10
#: Where a manifest keeps the index of its rows, once one was asked for.
INDEX = "index"


class NearRow(msgspec.Struct, frozen=True, kw_only=True):
    """A measured row: its outcome, and what a fit predicted that did not see it.

    ``distance`` is by how much the inputs that differ move the answer, each on average, added up.
    """

    inputs: dict[str, Scalar | None]
    outcome: Scalar
    prediction: Scalar
    distance: float


class MeanError(msgspec.Struct, frozen=True):
    """A mean in the unit of the answer; ``low`` and ``high`` end its 95% interval."""

    value: float
    low: float
    high: float


class HeldShare(msgspec.Struct, frozen=True):
    """Of ``rows`` rows, the outcome of ``held`` was in the interval or prediction set of the row.

    ``share`` is their quotient; ``low`` and ``high`` are the ends of its 95% interval.
    """

    rows: int
    held: int
    share: float
    low: float
    high: float


class RowFigures(msgspec.Struct, frozen=True, kw_only=True):
    """How well the model did on some measured rows.

    Attributes
    ----------
    reliability
        How many were right; None for a number.
    error, bias
        The mean distance of prediction and outcome, and the mean of prediction less outcome; None
        for a class.
    held
        How often intervals or prediction sets held the outcome; None if none of the rows has one.
    """

    rows: int
    reliability: Reliability | None
    error: MeanError | None
    bias: MeanError | None
    held: HeldShare | None


class NearestRows(msgspec.Struct, frozen=True, kw_only=True):
    """The kept rows nearest to an instance, the nearest first.

    Attributes
    ----------
    compared
        The inputs that count for the distance.
    is_close
        Whether rows are as near as they are to most kept rows. They are not if the instance is
        unlike the training rows.
    near
        Figures of the nearest rows; None if they are not close, or too few rows are kept.
    all
        Figures of all kept rows.
    """

    rows: list[NearRow]
    compared: list[str]
    is_close: bool
    near: RowFigures | None
    all: RowFigures


def nearest_rows(model: ServedModel, instances: Instances) -> NearestRows:
    """Find the kept rows of a model nearest to an instance, by the model's own scale.

    Parameters
    ----------
    instances
        One parsed instance, with its warnings.

    Raises
    ------
    NotSupported
        The version keeps no rows.
    ManifestUnreadable
        A kept row does not fit the signature.
    """
    kept = model.manifest.kept
    if kept is None:
        raise NotSupported(f"Model {model.name!r} keeps no rows.")
    [row], [warned] = instances.rows, instances.warnings
    tree = model.manifest.anomaly
    is_unlike = is_unlike_training(warned) or (tree is not None and tree.is_anomalous(row))
    distances = _index(model, kept).distances(row)
    order = nearest(distances, max(SHOWN, kept.near))
    near = order[: kept.near]
    is_close = not is_unlike and (not len(near) or bool(distances[near[-1]] <= kept.close))
    names = model.signature.names
    return NearestRows(
        rows=[
            NearRow(
                inputs=dict(zip(names, kept.rows[place], strict=True)),
                outcome=kept.outcomes[place],
                prediction=kept.predictions[place],
                distance=float(distances[place]),
            )
            for place in order[:SHOWN].tolist()
        ],
        compared=[names[scale.place] for scale in kept.scales],
        is_close=is_close,
        near=_figures(model, kept, near) if is_close and len(near) else None,
        all=_figures(model, kept, np.arange(len(kept.rows))),
    )


def _index(model: ServedModel, kept: KeptRows) -> RowIndex:
    """Return the index of the kept rows, made at the first question.

    Raises
    ------
    ManifestUnreadable
        A kept row does not fit the signature.
    """
    if INDEX not in kept.__dict__:
        signature = model.manifest.signature  # with the limits of training, not those of the card
        try:
            rows = signature.parse(
                [dict(zip(signature.names, row, strict=True)) for row in kept.rows]
            ).rows
            index = row_index(signature.inputs, kept.scales, kept.weight, rows)
        except (InvalidInputs, ValueError) as error:
            raise ManifestUnreadable(f"model.json: kept rows do not fit: {error}") from error
        kept.__dict__[INDEX] = index
    found: RowIndex = kept.__dict__[INDEX]
    return found


def _figures(model: ServedModel, kept: KeptRows, places: Places) -> RowFigures:
    chosen = places.tolist()
    outcomes = [kept.outcomes[place] for place in chosen]
    predictions = [kept.predictions[place] for place in chosen]
    held = [each for place in chosen if (each := kept.held[place]) is not None]
    right, error, bias = None, None, None
    if isinstance(model.signature.output, ClassOutput):
        right = stated(len(chosen), sum(map(eq, predictions, outcomes)))
    else:
        off = np.array(predictions, dtype=np.float64) - np.array(outcomes, dtype=np.float64)
        error, bias = _mean(np.abs(off)), _mean(off)
    return RowFigures(rows=len(chosen), reliability=right, error=error, bias=bias, held=_held(held))


def _held(held: Sequence[bool]) -> HeldShare | None:
    if not held:
        return None
    share = stated(len(held), sum(held))
    return HeldShare(share.rows, share.right, share.share, share.low, share.high)


def _mean(values: Floats) -> MeanError:
    mean = float(values.mean())
    half = Z_95 * float(values.std(ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else 0.0
    return MeanError(mean, mean - half, mean + half)

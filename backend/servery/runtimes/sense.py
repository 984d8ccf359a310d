"""Whether answers make sense: finite numbers, probabilities, and labels that follow them.

Outcomes in, the first fault out. It costs a few operations on arrays, so that every answer of a
model process is checked.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servery.errors import ServeryError
from servery.runtimes.columns import ColumnOutcomes
from servery.signature import ClassOutput, MultiOutput, Output, Row, SingleOutput

#: Probabilities may differ by this much from what they must be: some models compute in float32.
PROBABILITY_TOLERANCE = 1e-4


class SenselessAnswer(Exception):
    """A model answered what no model means; the text is that of `senseless`."""


def senseless(
    output: Output, outcomes: ColumnOutcomes, *, labels_follow: bool = True
) -> str | None:
    """Return what is wrong with answers, as the end of a sentence; None where they make sense.

    Rows with a number that is not finite are passed over; see `finite_rows`.

    Parameters
    ----------
    labels_follow
        Whether the predicted class is the most probable one, or follows the output's threshold.
    """
    if isinstance(output, MultiOutput):
        parts = zip(output.outputs, outcomes.parts or (), strict=True)
        found = (_senseless(part, of_part, labels_follow) for part, of_part in parts)
        return next(filter(None, found), None)
    return _senseless(output, outcomes, labels_follow)


def _senseless(output: SingleOutput, outcomes: ColumnOutcomes, labels_follow: bool) -> str | None:
    table, classes = outcomes.probabilities, outcomes.classes
    if not isinstance(output, ClassOutput) or table is None or classes is None or not table.size:
        return None
    totals = table.sum(axis=1)
    is_finite = np.isfinite(totals)
    if not is_finite.all():
        table, classes, totals = table[is_finite], classes[is_finite], totals[is_finite]
        if not table.size:
            return None
    lowest, highest = table.min(), table.max(axis=1)
    if lowest < -PROBABILITY_TOLERANCE or highest.max() > 1 + PROBABILITY_TOLERANCE:
        odd = lowest if lowest < -PROBABILITY_TOLERANCE else highest.max()
        return f"probabilities such as {odd:.4g}, where 0 to 1 was expected"
    furthest = totals[np.abs(totals - 1).argmax()]
    if abs(furthest - 1) > PROBABILITY_TOLERANCE:
        return f"probabilities that add up to {furthest:.4g}, where 1 was expected"
    if labels_follow and not _agree(output, table, highest, classes):
        return "a class that its own probabilities contradict"
    return None


def _agree(
    output: ClassOutput, table: NDArray[Any], highest: NDArray[Any], classes: NDArray[np.intp]
) -> bool:
    """Return whether each class is the most probable one, or what the threshold makes of it."""
    if output.threshold is None:
        predicted = table[np.arange(len(table)), classes]
        return bool((predicted >= highest - PROBABILITY_TOLERANCE).all())
    values = [outcome.value for outcome in output.classes]
    positive = values.index(output.threshold.class_)
    above = table[:, positive] - output.threshold.value
    is_clear = np.abs(above) > PROBABILITY_TOLERANCE
    return bool(((classes == positive) == (above > 0))[is_clear].all())


def finite_rows(outcomes: ColumnOutcomes, rows: int) -> NDArray[np.bool_]:
    """Return which of so many rows have an answer of finite numbers."""
    is_finite = np.ones(rows, dtype=np.bool_)
    for part in outcomes.parts or (outcomes,):
        for figures in (part.values, part.probabilities, part.scores):
            if figures is not None:
                is_finite &= np.isfinite(figures.reshape(rows, -1)).all(axis=1)
    return is_finite


def answered(
    ask: Callable[[Sequence[Row]], ColumnOutcomes], rows: Sequence[Row]
) -> NDArray[np.bool_]:
    """Return which rows get an answer of finite numbers; rows that are refused are halved.

    Raises
    ------
    ServeryError
        The model cannot be asked.
    """
    if not rows:
        return np.zeros(0, dtype=np.bool_)
    try:
        return finite_rows(ask(rows), len(rows))
    except ServeryError:
        raise
    except Exception:  # an estimator may raise anything at all
        if len(rows) == 1:
            return np.zeros(1, dtype=np.bool_)
    middle = len(rows) // 2
    return np.concatenate([answered(ask, part) for part in (rows[:middle], rows[middle:])])

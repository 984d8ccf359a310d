"""Whether probabilities would be better if they were fitted once more to what came true."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from servery.evaluation.answers import true_places
from servery.evaluation.figures import LEAST_PROBABILITY
from servery.runtimes import Outcomes
from servery.signature import ClassificationOutput, Output
from servery.uncertainty.folds import Floats, Places, Split, folds

#: The log loss is lower if it is so by more than so many standard errors.
STANDARD_ERRORS = 2.0
#: A gain of less than this share is not worth another part.
LEAST_GAIN = 0.005
#: A class with fewer rows cannot be fitted and measured.
FEWEST_OF_A_CLASS = 10


def recalibration_offers(
    output: Output, truth: pd.DataFrame, outcomes: Outcomes, splits: Sequence[Split] | None
) -> list[str]:
    """Return a sentence on what recalibration would gain on unseen rows; none if it is too little.

    Parameters
    ----------
    splits
        On which rows it is fitted to measure it on which others; random folds if None.
    """
    if not isinstance(output, ClassificationOutput) or output.threshold is not None:
        return []
    if outcomes.probabilities is None or len(output.classes) < 2:
        return []
    probabilities = np.asarray(outcomes.probabilities)
    true = true_places(output, truth.iloc[:, 0].to_numpy())
    if np.bincount(true, minlength=len(output.classes)).min() < FEWEST_OF_A_CLASS:
        return []
    better = np.full(probabilities.shape, np.nan)
    for others, part in folds(len(true)) if splits is None else splits:
        if len(np.unique(true[others])) < len(output.classes):
            return []
        better[part] = _mapped(probabilities[others], true[others], probabilities[part])
    rows = np.flatnonzero(~np.isnan(better[:, 0]))
    before = log_losses(probabilities[rows], true[rows])
    after = log_losses(better[rows], true[rows])
    if not is_lower(after, before):
        return []
    return [
        f"Recalibrated probabilities would have a lower log loss on these rows: {after.mean():.4g} "
        f"instead of {before.mean():.4g}. Publish with --recalibrate."
    ]


def log_losses(probabilities: Floats, true: Places) -> Floats:
    """Return the log loss of each row, shape (n,)."""
    of_true = probabilities[np.arange(len(true)), true]
    return np.asarray(-np.log(np.clip(of_true, LEAST_PROBABILITY, 1.0)))


def is_lower(after: Floats, before: Floats) -> bool:
    """Return whether the log losses of the same rows fell by more than chance and enough."""
    gain = before - after
    error = float(gain.std(ddof=1)) / np.sqrt(len(gain)) if len(gain) > 1 else np.inf
    least = max(STANDARD_ERRORS * error, LEAST_GAIN * float(before.mean()))
    return bool(gain.mean() > least)


def _mapped(fitted_on: Floats, true: Places, probabilities: Floats) -> Floats:
    """Return probabilities after a sigmoid for each class, on the scale of log odds."""
    columns = []
    for place in [1] if fitted_on.shape[1] == 2 else range(fitted_on.shape[1]):
        curve = LogisticRegression(C=1e6).fit(_log_odds(fitted_on[:, [place]]), true == place)
        columns.append(curve.predict_proba(_log_odds(probabilities[:, [place]]))[:, 1])
    if len(columns) == 1:
        return np.column_stack([1.0 - columns[0], columns[0]])
    found = np.column_stack(columns)
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def _log_odds(probabilities: Floats) -> Floats:
    clipped = np.clip(probabilities, LEAST_PROBABILITY, 1.0 - LEAST_PROBABILITY)
    return np.asarray(np.log(clipped / (1.0 - clipped)))

"""Figures of predictions against outcomes, as plain functions of arrays, and their intervals.

Each returns all figures of one kind of output at once, quickly enough to be computed for hundreds
of resampled tables.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np

from servery.uncertainty.folds import Flags, Floats, Places

Figures: TypeAlias = Mapping[str, float]
SEED = 0
#: Resampled tables, and rows in all of them together; a large table needs fewer.
RESAMPLES, FEWEST_RESAMPLES, MOST_ROWS = 400, 100, 4_000_000
#: A logarithm of zero has no number; no probability is taken as nearer to 0 or 1.
LEAST_PROBABILITY = 1e-15


def intervals(
    figures: Callable[[Places], Figures], rows: int, coverage: float = 0.95
) -> Mapping[str, tuple[float, float]]:
    """Return the interval of each figure by the bootstrap: percentiles over resampled rows.

    Parameters
    ----------
    figures
        Computes the figures of the rows at some places, with repetitions.

    References
    ----------
    B. Efron & R. J. Tibshirani (1993), An Introduction to the Bootstrap, chapter 13.
    """
    count = int(np.clip(MOST_ROWS // max(rows, 1), FEWEST_RESAMPLES, RESAMPLES))
    draw = np.random.default_rng(SEED)
    drawn = [figures(draw.integers(0, rows, rows)) for _ in range(count)]
    ends = [(1.0 - coverage) / 2.0, (1.0 + coverage) / 2.0]
    found = {}
    for name in drawn[0]:
        values = np.array([each[name] for each in drawn])
        values = values[np.isfinite(values)]  # a resampled table may lack a class
        if len(values) >= count / 2:
            low, high = np.quantile(values, ends)
            found[name] = float(low), float(high)
    return found


def binary_figures(hit: Flags, probability: Floats, called: Flags) -> Figures:
    """Return figures of a binary classifier; NaN for what the rows do not determine."""
    share = float(hit.mean())
    accuracy = float((hit == called).mean())
    positives, named = int(hit.sum()), int(called.sum())
    caught = int((hit & called).sum())
    clipped = np.clip(probability, LEAST_PROBABILITY, 1.0 - LEAST_PROBABILITY)
    return {
        "roc_auc": roc_auc(hit, probability),
        "average_precision": average_precision(hit, probability),
        "brier_score": float(((probability - hit) ** 2).mean()),
        "log_loss": float(-np.log(np.where(hit, clipped, 1.0 - clipped)).mean()),
        "accuracy": accuracy,
        "precision": caught / named if named else np.nan,
        "recall": caught / positives if positives else np.nan,
        "share_called": float(called.mean()),
        "gain": accuracy - max(share, 1.0 - share),
    }


def roc_auc(hit: Flags, probability: Floats) -> float:
    """Return the share of pairs of both classes in the right order; equal ones count half."""
    positive, negative = probability[hit], np.sort(probability[~hit])
    if not len(positive) or not len(negative):
        return np.nan
    below = negative.searchsorted(positive, "left") + negative.searchsorted(positive, "right")
    return float(below.sum() / (2.0 * len(positive) * len(negative)))


def average_precision(hit: Flags, probability: Floats) -> float:
    """Return the mean precision over the recalls that a threshold can reach."""
    if not hit.any():
        return np.nan
    order = np.argsort(-probability, kind="stable")
    caught = np.cumsum(hit[order])
    last = np.flatnonzero(np.append(np.diff(probability[order]) != 0.0, True))  # of equal ones
    precision, recall = caught[last] / (last + 1.0), caught[last] / caught[-1]
    return float((np.diff(recall, prepend=0.0) * precision).sum())


def class_figures(true: Places, called: Places, probabilities: Floats | None) -> Figures:
    """Return figures of a classifier with any number of classes, by their places."""
    count = int(max(true.max(), called.max())) + 1
    if probabilities is not None:
        count = probabilities.shape[1]
    cells = np.bincount(true * count + called, minlength=count * count).reshape(count, count)
    right, of_class, named = np.diag(cells), cells.sum(axis=1), cells.sum(axis=0)
    present = of_class > 0
    both = of_class + named
    accuracy = float(right.sum() / len(true))
    found = {
        "accuracy": accuracy,
        "balanced_accuracy": float((right[present] / of_class[present]).mean()),
        "macro_f1": float((2.0 * right[both > 0] / both[both > 0]).mean()),
        "gain": accuracy - float(of_class.max() / len(true)),
    }
    if probabilities is not None:
        of_true = np.clip(probabilities[np.arange(len(true)), true], LEAST_PROBABILITY, 1.0)
        found["log_loss"] = float(-np.log(of_true).mean())
    return found


def regression_figures(truth: Floats, predicted: Floats, last: Floats | None) -> Figures:
    """Return figures of a regressor; ``last`` is the last outcome that each fit knew."""
    errors = predicted - truth
    squared, spread = float((errors**2).mean()), float(((truth - truth.mean()) ** 2).mean())
    found = {
        "r2": 1.0 - squared / spread if spread else np.nan,
        "rmse": squared**0.5,
        "mae": float(np.abs(errors).mean()),
    }
    if last is not None:
        found["gain_on_last"] = float(np.abs(last - truth).mean()) - found["mae"]
    return found

"""Figures of predictions against outcomes, as plain functions of arrays, and their intervals.

Each returns all figures of one kind of output at once, quickly enough to be computed for hundreds
of resampled tables.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np

from servery.uncertainty.folds import Flags, Floats, Places

Figures: TypeAlias = Mapping[str, float]
#: Some rows with repetitions, or all of them.
Rows: TypeAlias = Places | slice
SEED = 0
#: Resampled tables, and rows in all of them together; a large table needs fewer.
RESAMPLES, FEWEST_RESAMPLES, MOST_ROWS = 400, 100, 4_000_000
#: Of a larger table, so many rows are resampled.
MOST_RESAMPLED, SUBSAMPLE, SUBSAMPLE_RESAMPLES = 20_000, 5_000, 200
#: A logarithm of zero has no number; no probability is taken as nearer to 0 or 1.
LEAST_PROBABILITY = 1e-15


def intervals(
    figures: Callable[[Rows], Figures],
    rows: int,
    coverage: float = 0.95,
    whole: Figures | None = None,
    *,
    resamples: int | None = None,
) -> Mapping[str, tuple[float, float]]:
    """Return the interval of each figure by the bootstrap: percentiles over resampled rows.

    Of a large table some rows are resampled, and the distances from the figure of all of them
    shrink as those of all rows would: with the root of their number.

    Parameters
    ----------
    figures
        Computes the figures of the rows at some places, with repetitions.
    whole
        The figures of all rows, where they are known already.
    resamples
        How many tables are drawn; by default as many as the number of rows allows.

    References
    ----------
    B. Efron & R. J. Tibshirani (1993), An Introduction to the Bootstrap, chapter 13; P. J. Bickel,
    F. Götze & W. R. van Zwet (1997), Statistica Sinica 7, 1-31.
    """
    draw = np.random.default_rng(SEED)
    if rows > MOST_RESAMPLED:
        whole = whole or figures(slice(None))
        some = np.sort(draw.choice(rows, SUBSAMPLE, replace=False))
        of_some = figures(some)
        near = intervals(
            lambda places: figures(some[places]),
            SUBSAMPLE,
            coverage,
            resamples=SUBSAMPLE_RESAMPLES,
        )
        shrink = (SUBSAMPLE / rows) ** 0.5
        return {
            name: (
                whole[name] + shrink * (low - of_some[name]),
                whole[name] + shrink * (high - of_some[name]),
            )
            for name, (low, high) in near.items()
        }
    count = resamples or int(np.clip(MOST_ROWS // max(rows, 1), FEWEST_RESAMPLES, RESAMPLES))
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
    auc, mean_precision = ranking_figures(hit, probability)
    return {
        "roc_auc": auc,
        "average_precision": mean_precision,
        "brier_score": _brier_score(hit, probability),
        "log_loss": _log_loss(hit, probability),
        "accuracy": accuracy,
        "precision": caught / named if named else np.nan,
        "recall": caught / positives if positives else np.nan,
        "share_called": float(called.mean()),
        "gain": accuracy - max(share, 1.0 - share),
    }


def _brier_score(hit: Flags, probability: Floats) -> float:
    apart = probability - hit
    apart *= apart  # in place: there may be very many
    return float(apart.mean())


def _log_loss(hit: Flags, probability: Floats) -> float:
    of_true = np.clip(probability, LEAST_PROBABILITY, 1.0 - LEAST_PROBABILITY)
    np.subtract(1.0, of_true, out=of_true, where=~hit)
    return float(-np.log(of_true, out=of_true).mean())


def roc_auc(hit: Flags, probability: Floats) -> float:
    """Return the share of pairs of both classes in the right order; equal ones count half."""
    return ranking_figures(hit, probability)[0]


def ranking_figures(hit: Flags, probability: Floats) -> tuple[float, float]:
    """Return the area under the ROC curve, and the mean precision over the recalls.

    The recalls are those that a threshold can reach.
    """
    if not hit.any():
        return np.nan, np.nan
    # Sorting both kinds of rows by themselves takes a third of the time of ordering all of them.
    values, counts = np.unique(probability[hit], return_counts=True)
    negative = np.sort(probability[~hit])
    below, up_to = negative.searchsorted(values, "left"), negative.searchsorted(values, "right")
    caught = np.cumsum(counts[::-1])[::-1]  # rows of the class from each value on
    alarms = len(negative) - below
    positives = int(caught[0])
    mean_precision = float((counts / positives * (caught / (caught + alarms))).sum())
    if not len(negative):
        return np.nan, mean_precision
    pairs = int((counts * (below + up_to)).sum())  # twice those in order
    return pairs / (2.0 * positives * len(negative)), mean_precision


def class_figures(true: Places, called: Places, of_true: Floats | None, count: int) -> Figures:
    """Return figures of a classifier with so many classes, by their places.

    Parameters
    ----------
    of_true
        The probability of the class that came true.
    """
    places = true.astype(np.intp) * count + called
    cells = np.bincount(places, minlength=count * count).reshape(count, count)
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
    if of_true is not None:
        found["log_loss"] = float(-np.log(np.clip(of_true, LEAST_PROBABILITY, 1.0)).mean())
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

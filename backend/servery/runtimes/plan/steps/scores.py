"""Probabilities from scores."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from servery.runtimes.plan.checks import require, require_flags, require_number, require_places
from servery.runtimes.plan.predictor import FromFigures
from servery.runtimes.plan.step import Floats


@dataclass
class FromScores(FromFigures, is_abstract=True):
    """Probabilities from the scores of another predictor.

    Attributes
    ----------
    by_scores
        Whether the estimator decides the class by the scores, and not by the probabilities, which
        are all the same far out.
    tie
        Which of two classes a score of zero means.
    single
        Whether it computes in single precision, as XGBoost does.
    """

    by_scores: bool = True
    tie: int = 0
    single: bool = False

    def check(self) -> None:
        """Refuse what are not scores."""
        super().check()
        require_flags(self.by_scores, self.single)
        require_places([self.tie], 0, 2, "classes")

    def class_of(self, scores: Sequence[float]) -> int:
        """Return the class that the scores of one row mean."""
        if len(scores) == 1:
            return int(scores[0] >= 0) if self.tie else int(scores[0] > 0)
        return scores.index(max(scores))

    def classes_of(self, scores: Floats) -> Any:  # noqa: ANN401 - an array
        """Return the classes that the scores of n rows mean."""
        if scores.shape[1] == 1:
            return (scores[:, 0] >= 0 if self.tie else scores[:, 0] > 0).astype(np.intp)
        return scores.argmax(axis=1)


@dataclass
class Sigmoid(FromScores):
    """Probabilities of two classes from the one score of the second, times ``steepness``."""

    steepness: float = 1.0

    @property
    def count(self) -> int:
        """Two."""
        return 2

    def check(self) -> None:
        """Refuse more scores than one."""
        super().check()
        require(self.inner.count == 1, "a wrong number of scores")
        require_number(self.steepness, "a steepness")

    def rows_from(self, figures: Floats) -> Floats:
        """Return both probabilities of n rows."""
        if self.single:
            return _single_sigmoid(figures[:, 0])
        probability = expit_rows(self.steepness * figures)
        return np.hstack([1.0 - probability, probability])

    def row_from(self, figures: Sequence[float]) -> list[float]:
        """Return both probabilities of one row."""
        if self.single:
            return super().row_from(figures)
        probability = expit(self.steepness * figures[0])
        return [1.0 - probability, probability]


def _single_sigmoid(scores: Floats) -> Floats:
    one = np.float32(1.0)
    # XGBoost keeps the exponent under what overflows.
    raised = np.exp(np.minimum(-scores, 88.7)).astype(np.float32)
    probability = one / (raised + one + np.float32(1e-16))
    return np.column_stack([one - probability, probability]).astype(np.float64)


@dataclass
class OneByOne(FromScores):
    """Probabilities of many classes, each from its own score, scaled to a sum of one."""

    def rows_from(self, figures: Floats) -> Floats:
        """Return the probabilities of n rows."""
        return scaled_to_one(expit_rows(figures))


@dataclass
class Clipped(FromScores):
    """Probabilities that grow with a score between -1 and 1, as of the modified Huber loss."""

    @property
    def count(self) -> int:
        """One for each class: one score stands for two."""
        return max(2, self.inner.count)

    def rows_from(self, figures: Floats) -> Floats:
        """Return the probabilities of n rows."""
        return one_per_class((np.clip(figures, -1.0, 1.0) + 1.0) / 2.0)


@dataclass
class Softmax(FromScores):
    """Probabilities of many classes from their scores together.

    ``by_logs`` takes the logarithm of the sum off the scores, as naive Bayes does: of scores so
    large that it makes no difference, every probability is one.
    """

    by_logs: bool = False

    def check(self) -> None:
        """Refuse what are not scores."""
        super().check()
        require_flags(self.by_logs)

    def rows_from(self, figures: Floats) -> Floats:
        """Return the probabilities of n rows."""
        highest = figures.max(axis=1, keepdims=True)
        below = figures - highest
        if self.single:
            return _single_softmax(below.astype(np.float32).astype(np.float64))
        shares = np.exp(below)
        total = shares.sum(axis=1, keepdims=True)
        if self.by_logs:
            return np.asarray(np.exp(figures - (highest + np.log(total))))
        return np.asarray(shares / total)

    def row_from(self, figures: Sequence[float]) -> list[float]:
        """Return the probabilities of one row."""
        if self.single:
            return super().row_from(figures)
        highest = max(figures)
        shares = [math.exp(score - highest) for score in figures]
        total = sum(shares)
        if self.by_logs:
            whole = highest + math.log(total)
            return [math.exp(score - whole) for score in figures]
        return [share / total for share in shares]


def _single_softmax(below: Floats) -> Floats:
    """Return shares by how far scores are below the highest, in the precision of each figure."""
    singles = np.exp(below).astype(np.float32)
    total = singles.astype(np.float64).sum(axis=1, keepdims=True).astype(np.float32)
    return np.asarray((singles / total).astype(np.float64))


def one_per_class(shares: Floats) -> Floats:
    """Return a probability for each class: one share is that of the second of two classes."""
    is_pair = shares.shape[1] == 1
    return np.hstack([1.0 - shares, shares]) if is_pair else scaled_to_one(shares)


def scaled_to_one(shares: Floats) -> Floats:
    """Scale shares to a sum of one in each row; where all are zero, they are even."""
    total = shares.sum(axis=1, keepdims=True)
    even = np.full_like(shares, 1.0 / shares.shape[1])
    return np.asarray(np.divide(shares, total, out=even, where=total != 0))


def expit(score: float) -> float:
    """Return the logistic function without overflow, as scipy has it."""
    if score >= 0:
        return 1.0 / (1.0 + math.exp(-score))
    small = math.exp(score)
    return small / (1.0 + small)


def expit_rows(scores: Floats) -> Floats:
    """Return the logistic function of an array."""
    small = np.exp(-np.abs(scores))
    return np.asarray(np.where(scores >= 0, 1.0 / (1.0 + small), small / (1.0 + small)))

"""From features to scores, and from scores to what is answered."""

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from servery.runtimes.plan.checks import (
    require,
    require_flags,
    require_floats,
    require_number,
    require_numbers,
    require_places,
    require_step,
    require_steps,
)
from servery.runtimes.plan.features import Transform, require_numeric
from servery.runtimes.plan.mixed import Given, count, features_of, projected
from servery.runtimes.plan.steps import Floats, Step

_SINGLE = struct.Struct("<f")


class Predictor(Step):
    """Gives k figures for a row: scores, probabilities, or one quantity."""

    @property
    def count(self) -> int:
        """How many figures it gives."""
        raise NotImplementedError

    def one(self, row: Sequence[Any]) -> list[float]:
        """Return the k figures of one row."""
        raise NotImplementedError

    def many(self, given: Given) -> Floats:
        """Return the figures of n rows, of shape (n, k)."""
        raise NotImplementedError


@dataclass
class Constant(Predictor):
    """The same figures for every row."""

    figures: list[float]

    @property
    def count(self) -> int:
        """As many as there are."""
        return len(self.figures)

    def check(self) -> None:
        """Refuse what are not numbers."""
        require_numbers(self.figures, None, "figures")
        require(self.figures, "no figures")

    def one(self, row: Sequence[Any]) -> list[float]:  # noqa: ARG002 - whatever it is
        """Return the figures."""
        return list(self.figures)

    def many(self, given: Given) -> Floats:
        """Return the figures n times."""
        return np.tile(np.array(self.figures), (count(given), 1))


@dataclass
class Linear(Predictor):
    """Weighted sums of features: ``weights`` of shape (width, k), ``intercept`` of k."""

    features: Transform
    weights: Any
    intercept: list[float]

    @property
    def count(self) -> int:
        """One for each intercept."""
        return len(self.intercept)

    def check(self) -> None:
        """Refuse weights that do not fit the features."""
        require_numeric(self.features)
        require_numbers(self.intercept, None, "intercepts")
        require(self.intercept, "no intercept")
        require_floats(self.weights, (self.features.width, self.count), "weights")

    def derive(self) -> None:
        """Prepare the one sum, where there is one."""
        self._share = (
            self.features.project(self.weights[:, 0]) if len(self.intercept) == 1 else None
        )

    def one(self, row: Sequence[Any]) -> list[float]:
        """Return the sums of one row."""
        if self._share is not None:
            return [self.intercept[0] + self._share(row)]
        sums = self.features.project_all(row, self.weights) + self.intercept
        return list(sums.tolist())

    def many(self, given: Given) -> Floats:
        """Return the sums of n rows."""
        return np.asarray(projected(self.features, given, self.weights) + self.intercept)


@dataclass
class Gaussian(Predictor):
    """Log-likelihoods under independent normal distributions, one set for each class."""

    features: Transform
    log_prior: list[float]
    mean: Any
    variance: Any

    @property
    def count(self) -> int:
        """One for each class."""
        return len(self.log_prior)

    def check(self) -> None:
        """Refuse distributions that do not fit the features."""
        require_numeric(self.features)
        require_numbers(self.log_prior, None, "logarithms of shares")
        require(self.log_prior, "no classes")
        shape = (self.count, self.features.width)
        require_floats(self.mean, shape, "means")
        require_floats(self.variance, shape, "variances")
        require((self.variance > 0).all(), "variances that are not positive")

    def derive(self) -> None:
        """Prepare plain lists for one row."""
        normaliser = -0.5 * np.sum(np.log(2.0 * np.pi * self.variance), axis=1)
        self._classes = [
            (prior, start, list(zip(mean, variance, strict=True)))
            for prior, start, mean, variance in zip(
                self.log_prior,
                normaliser.tolist(),
                self.mean.tolist(),
                self.variance.tolist(),
                strict=True,
            )
        ]
        self._normaliser = normaliser

    def one(self, row: Sequence[Any]) -> list[float]:
        """Return the log-likelihood of each class for one row."""
        values = self.features.one(row)
        scores = []
        for prior, start, moments in self._classes:
            total = 0.0
            for value, (mean, variance) in zip(values, moments, strict=True):
                total += (value - mean) * (value - mean) / variance
            scores.append(prior + (start - 0.5 * total))
        return scores

    def many(self, given: Given) -> Floats:
        """Return the log-likelihood of each class for n rows."""
        values = features_of(self.features, given)
        away = ((values[:, None, :] - self.mean) ** 2 / self.variance).sum(axis=2)
        return np.asarray(np.array(self.log_prior) + (self._normaliser - 0.5 * away))


@dataclass
class Both(Predictor):
    """Of one score, that of the first class and that of the second: it and its opposite."""

    inner: Predictor

    @property
    def count(self) -> int:
        """Two."""
        return 2

    def check(self) -> None:
        """Refuse more scores than one."""
        require_step(self.inner, Predictor, "scores")
        require(self.inner.count == 1, "a wrong number of scores")

    def one(self, row: Sequence[Any]) -> list[float]:
        """Return both scores."""
        [score] = self.inner.one(row)
        return [-score, score]

    def many(self, given: Given) -> Floats:
        """Return both scores of n rows."""
        scores = self.inner.many(given)
        return np.hstack([-scores, scores])


@dataclass
class FromScores(Predictor):
    """Probabilities from the scores of another predictor.

    Attributes
    ----------
    by_scores
        Whether the estimator tells the class from the scores, and not from the probabilities,
        which far out are all the same.
    tie
        Which of two classes a score of nought means.
    single
        Whether it is reckoned in single precision, as XGBoost does.
    """

    inner: Predictor
    by_scores: bool = True
    tie: int = 0
    single: bool = False

    @property
    def count(self) -> int:
        """As many as before."""
        return self.inner.count

    def check(self) -> None:
        """Refuse what are not scores."""
        require_step(self.inner, Predictor, "scores")
        require_flags(self.by_scores, self.single)
        require_places([self.tie], 0, 2, "classes")

    def of(self, scores: Sequence[float]) -> list[float]:
        """Return the probabilities of one row's scores."""
        return list(self.of_many(np.array([scores]))[0].tolist())

    def of_many(self, scores: Floats) -> Floats:
        """Return the probabilities of the scores of n rows."""
        raise NotImplementedError

    def one(self, row: Sequence[Any]) -> list[float]:
        """Return the probabilities of one row."""
        return self.of(self.inner.one(row))

    def many(self, given: Given) -> Floats:
        """Return the probabilities of n rows."""
        return self.of_many(self.inner.many(given))

    def told(self, scores: Sequence[float]) -> int:
        """Return the class that scores mean."""
        if len(scores) == 1:
            return int(scores[0] >= 0) if self.tie else int(scores[0] > 0)
        return scores.index(max(scores))


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

    def of(self, scores: Sequence[float]) -> list[float]:
        """Return both probabilities."""
        if self.single:
            return super().of(scores)
        probability = expit(self.steepness * scores[0])
        return [1.0 - probability, probability]

    def of_many(self, scores: Floats) -> Floats:
        """Return both probabilities of n rows."""
        if self.single:
            return _single_sigmoid(scores[:, 0])
        probability = expit_many(self.steepness * scores)
        return np.hstack([1.0 - probability, probability])


def _single_sigmoid(scores: Floats) -> Floats:
    one = np.float32(1.0)
    # XGBoost keeps the exponent under what overflows.
    raised = np.exp(np.minimum(-scores, 88.7)).astype(np.float32)
    probability = one / (raised + one + np.float32(1e-16))
    return np.column_stack([one - probability, probability]).astype(np.float64)


@dataclass
class OneByOne(FromScores):
    """Probabilities of many classes, each from its own score, scaled to a sum of one."""

    def of_many(self, scores: Floats) -> Floats:
        """Return the probabilities of n rows."""
        return _of_one(expit_many(scores))


@dataclass
class Clipped(FromScores):
    """Probabilities that grow with a score between -1 and 1, as of the modified Huber loss."""

    @property
    def count(self) -> int:
        """One for each class: one score stands for two."""
        return max(2, self.inner.count)

    def of_many(self, scores: Floats) -> Floats:
        """Return the probabilities of n rows."""
        shares = (np.clip(scores, -1.0, 1.0) + 1.0) / 2.0
        return np.hstack([1.0 - shares, shares]) if shares.shape[1] == 1 else _of_one(shares)


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

    def of(self, scores: Sequence[float]) -> list[float]:
        """Return the probabilities of one row."""
        if self.single:
            return super().of(scores)
        highest = max(scores)
        shares = [math.exp(score - highest) for score in scores]
        total = sum(shares)
        if self.by_logs:
            whole = highest + math.log(total)
            return [math.exp(score - whole) for score in scores]
        return [share / total for share in shares]

    def of_many(self, scores: Floats) -> Floats:
        """Return the probabilities of n rows."""
        highest = scores.max(axis=1, keepdims=True)
        shares = np.exp(scores - highest)
        if self.by_logs:
            return np.asarray(
                np.exp(scores - (highest + np.log(shares.sum(axis=1, keepdims=True))))
            )
        if not self.single:
            return np.asarray(shares / shares.sum(axis=1, keepdims=True))
        singles = shares.astype(np.float32)
        total = singles.astype(np.float64).sum(axis=1, keepdims=True).astype(np.float32)
        return np.asarray((singles / total).astype(np.float64))


@dataclass
class Exponential(Predictor):
    """Quantities from their logarithms, less what ``expm1`` takes off.

    ``single`` rounds them as XGBoost does.
    """

    inner: Predictor
    less: float = 0.0
    single: bool = False

    @property
    def count(self) -> int:
        """As many as before."""
        return self.inner.count

    def check(self) -> None:
        """Refuse what are not numbers."""
        require_step(self.inner, Predictor, "figures")
        require_number(self.less, "an offset")
        require_flags(self.single)

    def one(self, row: Sequence[Any]) -> list[float]:
        """Return the quantity of one row."""
        values = self.inner.one(row)
        try:
            raised = [math.expm1(value) if self.less else math.exp(value) for value in values]
            return [_SINGLE.unpack(_SINGLE.pack(x))[0] for x in raised] if self.single else raised
        except OverflowError:
            return list(self._raised(np.array(values)).tolist())

    def many(self, given: Given) -> Floats:
        """Return the quantities of n rows."""
        return self._raised(self.inner.many(given))

    def _raised(self, values: Floats) -> Floats:
        with np.errstate(over="ignore"):
            raised = np.expm1(values) if self.less else np.exp(values)
            return np.asarray(raised.astype(np.float32) if self.single else raised, np.float64)


@dataclass
class Rescaled(Predictor):
    """Quantities times a scale, plus a shift."""

    inner: Predictor
    scale: float
    shift: float

    @property
    def count(self) -> int:
        """As many as before."""
        return self.inner.count

    def check(self) -> None:
        """Refuse what are not numbers."""
        require_step(self.inner, Predictor, "figures")
        require_number(self.scale, "a scale")
        require_number(self.shift, "a shift")

    def one(self, row: Sequence[Any]) -> list[float]:
        """Return the quantity of one row."""
        return [value * self.scale + self.shift for value in self.inner.one(row)]

    def many(self, given: Given) -> Floats:
        """Return the quantities of n rows."""
        return np.asarray(self.inner.many(given) * self.scale + self.shift)


@dataclass
class Average(Predictor):
    """The weighted mean of several predictors; ``shares`` add up to one."""

    parts: list[Predictor]
    shares: list[float]

    @property
    def count(self) -> int:
        """As many as each part."""
        return self.parts[0].count

    def check(self) -> None:
        """Refuse parts that give different numbers of figures."""
        require_steps(self.parts, Predictor, "predictors")
        require_numbers(self.shares, len(self.parts), "shares")
        require(len({part.count for part in self.parts}) == 1, "parts that do not fit each other")

    def one(self, row: Sequence[Any]) -> list[float]:
        """Return the mean of one row."""
        rows = [part.one(row) for part in self.parts]
        return [
            sum([share * figure for share, figure in zip(self.shares, figures, strict=True)])
            for figures in zip(*rows, strict=True)
        ]

    def many(self, given: Given) -> Floats:
        """Return the mean of n rows."""
        total: Any = 0.0
        for share, part in zip(self.shares, self.parts, strict=True):
            total = total + share * part.many(given)
        return np.asarray(total)


@dataclass
class Curve(Step):
    """What came true at each score: a sigmoid, or a monotone curve between points.

    Attributes
    ----------
    slope, offset
        Of the sigmoid.
    x, y
        Points of the curve, where there is one.
    """

    slope: float = 0.0
    offset: float = 0.0
    x: Any = None
    y: Any = None

    def check(self) -> None:
        """Refuse points that do not ascend."""
        require_number(self.slope, "a slope")
        require_number(self.offset, "an offset")
        if self.x is not None or self.y is not None:
            require_floats(self.x, (None,), "points of a curve")
            require_floats(self.y, (len(self.x),), "points of a curve")
            require(len(self.x) and (np.diff(self.x) >= 0).all(), "points that do not ascend")

    def one(self, score: float) -> float:
        """Return the probability at a score."""
        if self.x is None:
            return expit(-(self.slope * score + self.offset))
        return float(np.interp(score, self.x, self.y))

    def many(self, scores: Floats) -> Floats:
        """Return the probabilities at n scores."""
        if self.x is None:
            return expit_many(-(self.slope * scores + self.offset))
        return np.asarray(np.interp(scores, self.x, self.y))


@dataclass
class Calibrated(Predictor):
    """Probabilities from scores, by curves that were fitted to what came true.

    Attributes
    ----------
    columns
        Which figure of ``inner`` each curve reads. The one curve of two classes gives the second.
    """

    inner: Predictor
    columns: list[int]
    curves: list[Curve]

    @property
    def count(self) -> int:
        """One for each curve: a single one stands for two."""
        return max(2, len(self.curves))

    def check(self) -> None:
        """Refuse curves of figures that there are not."""
        require_step(self.inner, Predictor, "scores")
        require_steps(self.curves, Curve, "curves")
        require_places(self.columns, 0, self.inner.count, "scores")
        require(len(self.columns) == len(self.curves), "a wrong number of curves")

    def one(self, row: Sequence[Any]) -> list[float]:
        """Return the probabilities of one row."""
        scores = self.inner.one(row)
        pairs = zip(self.columns, self.curves, strict=True)
        shares = [curve.one(scores[column]) for column, curve in pairs]
        if len(shares) == 1:
            return [1.0 - shares[0], shares[0]]
        return list(_of_one(np.array([shares]))[0].tolist())

    def many(self, given: Given) -> Floats:
        """Return the probabilities of n rows."""
        scores = self.inner.many(given)
        pairs = zip(self.columns, self.curves, strict=True)
        shares = np.column_stack([curve.many(scores[:, column]) for column, curve in pairs])
        return np.hstack([1.0 - shares, shares]) if shares.shape[1] == 1 else _of_one(shares)


def _of_one(shares: Floats) -> Floats:
    """Scale shares to a sum of one in each row; where all are nought, they are even."""
    total = shares.sum(axis=1, keepdims=True)
    even = np.full_like(shares, 1.0 / shares.shape[1])
    return np.asarray(np.divide(shares, total, out=even, where=total != 0))


def expit(score: float) -> float:
    """Return the logistic function without overflow, as scipy has it."""
    if score >= 0:
        return 1.0 / (1.0 + math.exp(-score))
    small = math.exp(score)
    return small / (1.0 + small)


def expit_many(scores: Floats) -> Floats:
    """Return the logistic function of an array."""
    small = np.exp(-np.abs(scores))
    return np.asarray(np.where(scores >= 0, 1.0 / (1.0 + small), small / (1.0 + small)))

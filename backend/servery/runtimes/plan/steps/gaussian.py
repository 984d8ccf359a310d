"""Classes as independent normal distributions of features."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from servery.runtimes.plan.checks import require, require_floats, require_numbers
from servery.runtimes.plan.coalitions import Given, features_of
from servery.runtimes.plan.predictor import Predictor
from servery.runtimes.plan.step import Floats
from servery.runtimes.plan.transform import Transform, require_numeric


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

    def row(self, row: Sequence[Any]) -> list[float]:
        """Return the log-likelihood of each class for one row."""
        values = self.features.row(row)
        scores = []
        for prior, start, moments in self._classes:
            total = 0.0
            for value, (mean, variance) in zip(values, moments, strict=True):
                total += (value - mean) * (value - mean) / variance
            scores.append(prior + (start - 0.5 * total))
        return scores

    def rows(self, given: Given) -> Floats:
        """Return the log-likelihood of each class for n rows."""
        values = features_of(self.features, given)
        away = ((values[:, None, :] - self.mean) ** 2 / self.variance).sum(axis=2)
        return np.asarray(np.array(self.log_prior) + (self._normaliser - 0.5 * away))

"""Classes as independent frequencies of codes."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from servery.runtimes.plan.checks import require, require_floats, require_numbers
from servery.runtimes.plan.coalitions import Given, count, few_features
from servery.runtimes.plan.predictor import Predictor
from servery.runtimes.plan.step import Floats
from servery.runtimes.plan.transform import Transform, require_numeric


@dataclass
class Frequencies(Predictor):
    """Log-likelihoods of codes, whole numbers from 0.

    Attributes
    ----------
    log_shares
        For each feature, the logarithm of the share of each code in each class, shape (codes,
        classes). A code beyond has no answer.
    """

    features: Transform
    log_prior: list[float]
    log_shares: list[Any]

    @property
    def count(self) -> int:
        """One for each class."""
        return len(self.log_prior)

    def check(self) -> None:
        """Refuse shares that do not fit the features."""
        require_numeric(self.features)
        require_numbers(self.log_prior, None, "logarithms of shares")
        require(self.log_prior, "no classes")
        is_fit = isinstance(self.log_shares, list) and len(self.log_shares) == self.features.width
        require(is_fit, "a wrong number of shares")
        for shares in self.log_shares:
            require_floats(shares, (None, self.count), "shares")
            require(len(shares), "no codes")

    def rows(self, given: Given) -> Floats:
        """Return the log-likelihoods of n rows."""
        made, at = few_features(self.features, given)
        total = np.zeros((count(given), self.count))
        for place, shares in enumerate(self.log_shares):
            code = np.trunc(made[:, place])  # 1.9 is 1 to scikit-learn
            is_known = (code >= 0) & (code < len(shares))
            found = shares[np.where(is_known, code, 0).astype(np.intp)]
            found[~is_known] = np.nan
            total += found[at[place]]
        return np.asarray(total + self.log_prior)

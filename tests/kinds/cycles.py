"""A library of one transformer, such as a company has: hours and months as points on a circle."""

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin


class CyclicalEncoder(TransformerMixin, BaseEstimator):  # type: ignore[misc] # untyped
    """Replace each column by its sine and cosine, so that hour 23 is next to hour 0."""

    def __init__(self, period: float = 24.0) -> None:
        self.period = period

    def fit(self, X: Any, y: Any = None) -> "CyclicalEncoder":  # noqa: ANN401, ARG002
        """Remember the columns."""
        self.n_features_in_ = np.shape(X)[1]
        return self

    def transform(self, X: Any) -> Any:  # noqa: ANN401
        """Return all sines, then all cosines."""
        angles = np.asarray(X, dtype=float) * (2 * np.pi / self.period)
        return np.hstack([np.sin(angles), np.cos(angles)])

"""Features that are computed from all features before them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from servery.runtimes.plan.checks import require, require_floats, require_number
from servery.runtimes.plan.step import Floats
from servery.runtimes.plan.transform import FromFeatures, Places

#: Of one feature in a product.
MOST_POWER = 1_000


@dataclass
class LinearMap(FromFeatures):
    """A linear map of another transform's features: ``(features - shift) @ matrix``."""

    shift: Any
    matrix: Any

    def check(self) -> None:
        """Refuse a matrix of another shape."""
        super().check()
        require_floats(self.matrix, (self.inner.width, None), "weights")
        if isinstance(self.shift, np.ndarray):
            require_floats(self.shift, (self.inner.width,), "shifts")
        else:
            require_number(self.shift, "a shift")

    @property
    def width(self) -> int:
        """The columns of the matrix."""
        return int(self.matrix.shape[1])

    def rows_from(self, features: Floats) -> Floats:
        """Return the mapped features of n rows."""
        return np.asarray((features - self.shift) @ self.matrix)


@dataclass
class Binarize(FromFeatures):
    """1 for each feature of another transform that is above a threshold, else 0."""

    threshold: float

    def check(self) -> None:
        """Refuse a threshold that is not a number."""
        super().check()
        require_number(self.threshold, "a threshold")

    @property
    def width(self) -> int:
        """One for each feature of ``inner``."""
        return self.inner.width

    def sources(self) -> Places | None:
        """Return the sources of the features of ``inner``."""
        return self.inner.sources()

    def rows_from(self, features: Floats) -> Floats:
        """Return zeros and ones of n rows."""
        return np.asarray((features > self.threshold).astype(float))


@dataclass
class Powers(FromFeatures):
    """Products of powers of another transform's features."""

    powers: Any

    def check(self) -> None:
        """Refuse powers that are negative or very large."""
        super().check()
        require_floats(self.powers, (None, self.inner.width), "powers")
        require(((self.powers >= 0) & (self.powers <= MOST_POWER)).all(), "powers out of bounds")

    @property
    def width(self) -> int:
        """One for each row of powers."""
        return len(self.powers)

    def rows_from(self, features: Floats) -> Floats:
        """Return the products of n rows."""
        made = np.ones((len(features), self.width))
        for place in range(features.shape[1]):
            made *= features[:, [place]] ** self.powers[:, place]
        return made

    def row(self, row: Sequence[Any]) -> list[Any]:
        """Return the products of one row."""
        return list(np.prod(np.array(self.inner.row(row)) ** self.powers, axis=1).tolist())

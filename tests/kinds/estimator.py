"""An estimator family: what Servery needs to know of a `CyclicalEncoder`, and its plan step."""

from dataclasses import dataclass

import numpy as np

from servery.estimators.plans import Upstream
from servery.estimators.registry import AllowedNames, Family, Part, register, table
from servery.estimators.tampering import require_fitted
from servery.estimators.tracking import TrackedColumns, unchanged
from servery.runtimes.plan.checks import require, require_number
from servery.runtimes.plan.step import Floats
from servery.runtimes.plan.transform import FromFeatures, Transform


@dataclass
class Cyclical(FromFeatures):
    """The plan step: the sine and cosine of each feature, ``period`` being a full turn."""

    period: float

    def check(self) -> None:
        """Refuse a period that is not positive."""
        super().check()
        require_number(self.period, "a period")
        require(self.period > 0, "a period that is not positive")

    @property
    def width(self) -> int:
        """Two for each feature."""
        return 2 * self.inner.width

    def rows_from(self, features: Floats) -> Floats:
        """Return all sines, then all cosines, of n rows."""
        angles = features * (2 * np.pi / self.period)
        return np.hstack([np.sin(angles), np.cos(angles)])


def _track(part: Part, columns: TrackedColumns) -> TrackedColumns:
    for column, *_ in unchanged(columns):
        column.approximate_range = (0.0, float(part.period))
    return [None] * (2 * len(columns))


def _compile(part: Part, upstream: Upstream) -> Transform:
    return Cyclical(upstream.features, float(part.period))


def _check(part: Part) -> None:
    require_fitted(isinstance(part.period, (int, float)) and part.period > 0, "a period")


register(
    Family(
        "tests.kinds.cycles: CyclicalEncoder",
        track=_track,
        transform=_compile,
        check=_check,
        names=AllowedNames(made=table("tests.kinds.cycles: CyclicalEncoder")),
    )
)

"""From fitted parts to the steps of a plan: what the records compile to, and how they are asked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from servery.estimators.registry import Part, computes_as
from servery.runtimes.plan import Gives
from servery.runtimes.plan.predictor import Predictor
from servery.runtimes.plan.steps.columns import Elementwise, RawColumns
from servery.runtimes.plan.transform import Transform


class Unsupported(Exception):
    """A part, or a setting of it, that no step of a plan does; the text is its name."""


#: A predictor, and what its figures are.
PlannedPredictor: TypeAlias = "tuple[Predictor, Gives]"


@dataclass(frozen=True, slots=True)
class Upstream:
    """What goes into a part: inputs of the row as they are, or features made of them.

    Attributes
    ----------
    names, numbers
        The names of all inputs of the row, and whether each is a number.
    taken
        The places of the inputs, or the features.
    """

    names: tuple[str, ...]
    numbers: tuple[bool, ...]
    taken: list[int] | Transform

    @property
    def features(self) -> Transform:
        """All that goes in, as features."""
        if isinstance(self.taken, Transform):
            return self.taken
        numbers = [self.numbers[place] for place in self.taken]
        return RawColumns([*self.taken], [[] for _ in numbers], numbers)

    def after(self, part: Part) -> "Upstream":
        """Return what goes into the part behind a fitted transformer."""
        return self if _is_passed(part) else replace(self, taken=self.transformed(part))

    def transformed(self, part: Part) -> Transform:
        """Compile a fitted transformer of this.

        Raises
        ------
        Unsupported
            No step does what it does.
        """
        if _is_passed(part):
            return self.features
        for family in computes_as(part):
            if family.transform is not None:
                return family.transform(part, self)
        raise Unsupported(type(part).__name__)

    def predicted(self, part: Part) -> PlannedPredictor:
        """Compile a fitted predictor on this.

        Raises
        ------
        Unsupported
            No step does what it does.
        """
        for family in computes_as(part):
            if family.predictor is not None:
                return family.predictor(part, self)
        raise Unsupported(type(part).__name__)


def _is_passed(part: Part) -> bool:
    return part is None or (isinstance(part, str) and part == "passthrough")


def with_operations(features: Transform, operations: Sequence[list[Any]]) -> Transform:
    """Return features with one more operation for each."""
    if not isinstance(features, (RawColumns, Elementwise)):
        return Elementwise(features, [[operation] for operation in operations])
    chains = [
        [*chain, operation]
        for chain, operation in zip(features.operations, operations, strict=True)
    ]
    return replace(features, operations=chains)

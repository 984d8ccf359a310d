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


@dataclass(frozen=True, slots=True)
class Source:
    """The inputs of a row: their names, and whether each is a number."""

    names: tuple[str, ...]
    numbers: tuple[bool, ...]

    def columns(self, places: Sequence[int]) -> RawColumns:
        """Return inputs as they are."""
        return RawColumns(
            [*places], [[] for _ in places], [self.numbers[place] for place in places]
        )


#: What goes into a part: inputs of the row by their places, or features.
Upstream: TypeAlias = "list[int] | Transform"
#: A predictor, and what its figures are.
PlannedPredictor: TypeAlias = "tuple[Predictor, Gives]"


def compile_transform(part: Part, upstream: Upstream, source: Source) -> Transform:
    """Compile a fitted transformer.

    Raises
    ------
    Unsupported
        No step does what it does.
    """
    if part is None or (isinstance(part, str) and part == "passthrough"):
        return as_features(upstream, source)
    for family in computes_as(part):
        if family.transform is not None:
            return family.transform(part, upstream, source)
    raise Unsupported(type(part).__name__)


def compile_predictor(part: Part, upstream: Upstream, source: Source) -> PlannedPredictor:
    """Compile a fitted predictor on what enters it.

    Raises
    ------
    Unsupported
        No step does what it does.
    """
    for family in computes_as(part):
        if family.predictor is not None:
            return family.predictor(part, upstream, source)
    raise Unsupported(type(part).__name__)


def as_features(upstream: Upstream, source: Source) -> Transform:
    """Return what goes into a part as features."""
    return source.columns(upstream) if isinstance(upstream, list) else upstream


def with_operations(features: Transform, operations: Sequence[list[Any]]) -> Transform:
    """Return features with one more operation for each."""
    if not isinstance(features, (RawColumns, Elementwise)):
        return Elementwise(features, [[operation] for operation in operations])
    chains = [
        [*chain, operation]
        for chain, operation in zip(features.operations, operations, strict=True)
    ]
    return replace(features, operations=chains)

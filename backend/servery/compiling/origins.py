"""Which column of a row a feature comes from, where it comes from one alone."""

from dataclasses import dataclass
from typing import Any

from servery.runtimes.plan.features import Cells, Chosen, Each, Joined, Transform


@dataclass(frozen=True, slots=True)
class Origin:
    """A column of the row, and the operations that lead from it to a feature."""

    place: int
    chain: tuple[tuple[Any, ...], ...] = ()

    def back(self, value: float) -> float | None:
        """Return the value of the column that becomes a value of the feature, if one does."""
        for name, *numbers in reversed(self.chain):
            if name not in BACK:
                return None
            value = BACK[name](value, *numbers)
        return value


BACK: dict[str, Any] = {
    "fill": lambda value, _: value,
    "subtract": lambda value, number: value + number,
    "divide": lambda value, number: value * number,
    "multiply": lambda value, number: value / number if number else value,
    "add": lambda value, number: value - number,
    "clip": lambda value, _low, _high: value,
}


def origins(features: Transform) -> list[Origin | None]:
    """Return the origin of each feature of a transform; None where it has not one alone."""
    if isinstance(features, Cells):
        pairs = zip(features.places, features.operations, strict=True)
        return [Origin(place, tuple(map(tuple, chain))) for place, chain in pairs]
    if isinstance(features, Each):
        pairs_of_each = zip(origins(features.inner), features.operations, strict=True)
        return [
            origin and Origin(origin.place, (*origin.chain, *map(tuple, chain)))
            for origin, chain in pairs_of_each
        ]
    if isinstance(features, Joined):
        return [origin for part in features.parts for origin in origins(part)]
    if isinstance(features, Chosen):
        inner = origins(features.inner)
        return [inner[place] for place in features.kept]
    return [None] * features.width

"""How a feature comes from one input of the row, and back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from servery.runtimes.plan.operations import OPERATIONS


@dataclass(frozen=True, slots=True)
class Lineage:
    """An input of the row, and the operations that lead from it to a feature."""

    place: int
    chain: tuple[Sequence[Any], ...] = ()

    def then(self, chain: Sequence[Sequence[Any]]) -> "Lineage":
        """Return the lineage of what further operations make of the feature."""
        return replace(self, chain=(*self.chain, *chain))

    def input_of(self, value: float) -> float | None:
        """Return the value of the input that becomes a value of the feature, if one does."""
        for name, *numbers in reversed(self.chain):
            undo = OPERATIONS[name].undo
            if undo is None:
                return None
            value = undo(value, *numbers)
        return value

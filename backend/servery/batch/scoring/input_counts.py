"""How the inputs of scored rows are distributed, by the bins of training."""

from collections.abc import Sequence
from typing import Any

from servery.inputs import Input


class InputCounter:
    """Counts the values of all inputs of a signature by the bins of training."""

    def __init__(self, inputs: Sequence[Input]) -> None:
        self._bins = [(place, item.name, item.training_bins()) for place, item in enumerate(inputs)]

    def count(self, columns: Sequence[Any], rows: Any) -> dict[str, list[int]]:  # noqa: ANN401
        """Count the values of some rows; None for all of them."""
        return {
            name: bins.count(columns[place], rows).tolist()
            for place, name, bins in self._bins
            if bins is not None
        }

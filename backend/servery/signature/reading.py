"""A fast path for valid instances: checks that are made once for each signature.

It accepts a part of what `Signature.parse` accepts, with the same result. For everything else it
returns None, and the caller asks `Signature.parse`, which names every fault.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from servery.inputs import Input, InputWarning
from servery.signature.parsing import MOST_HINTED, Instances, Signature

NO_WARNINGS: tuple[InputWarning, ...] = ()


class Quick:
    """Reads instances of one signature, as objects that were decoded from JSON."""

    def __init__(self, signature: Signature) -> None:
        self._signature = signature
        self._inputs = signature.inputs
        self._checks = [(item.name, _passes_none(item), item.is_plain) for item in signature.inputs]

    def row(self, instance: object) -> Instances | None:
        """Read one instance without a fault and without a warning."""
        if type(instance) is not dict or len(instance) != len(self._checks):
            return None
        row = []
        for name, missing_allowed, check in self._checks:
            try:
                value = instance[name]
            except KeyError:
                return None
            if not (check(value) or (missing_allowed and value is None)):
                return None
            row.append(value)
        return Instances([tuple(row)], [NO_WARNINGS])

    def rows(self, instances: Sequence[Any]) -> Instances | None:
        """Read instances without a fault, column by column."""
        if set(map(type, instances)) != {dict} or set(map(len, instances)) != {len(self._inputs)}:
            return None
        warnings: dict[int, list[InputWarning]] = {}
        columns = []
        for item in self._inputs:
            name = item.name
            try:
                column = [instance[name] for instance in instances]
            except KeyError:
                return None
            given = column
            if _passes_none(item):
                given = [value for value in column if value is not None]
            odd = item.odd_values(given) if given else set()
            if odd is None:
                return None
            if any(self._signature.means_missing(item, value) for value in odd):
                return None
            if odd:
                hint = len(instances) <= MOST_HINTED
                by_value = {value: item.warning(value, hint=hint) for value in odd}
                for place, value in enumerate(column):
                    warning = by_value.get(value)
                    if warning is not None:
                        warnings.setdefault(place, []).append(warning)
            columns.append(column)
        of_each: list[Sequence[InputWarning]] = [NO_WARNINGS] * len(instances)
        for place, found in warnings.items():
            of_each[place] = found
        return Instances(list(zip(*columns, strict=True)), of_each)


def _passes_none(item: Input) -> bool:
    """Return whether a missing value is None to the model, too."""
    return item.missing_allowed and item.value_of_missing is None


def quotes(instances: Sequence[Mapping[str, object]]) -> int:
    """Return how many quotation marks instances are written with, where no text needs an escape.

    A reader that keeps the last of two members of one name has dropped some; so they are told.
    """
    count = 0
    for each in instances:
        count += len(each)
        for value in each.values():
            if type(value) is str:
                count += 1
    return 2 * count

"""Reading what is plainly right, in microseconds: checks made once for each signature.

It takes a part of what `Signature.parse` takes, and gives the same for it; for everything else it
says nothing, and `Signature.parse` is asked, which names every fault.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from servery.signature.inputs import (
    BooleanInput,
    CategoryInput,
    Input,
    InputWarning,
    IntegerInput,
    NumericInput,
    Refusal,
    TextInput,
)
from servery.signature.parsing import MOST_HINTED, Instances, Signature

#: Returns whether a value is plainly right and needs no warning.
Check: TypeAlias = Callable[[Any], bool]
#: Whole numbers up to this are the same as doubles.
EXACT = 2**53
NO_WARNINGS: tuple[InputWarning, ...] = ()


class Quick:
    """Reads instances of one signature, as objects that were decoded from JSON."""

    def __init__(self, signature: Signature) -> None:
        self._inputs = signature.inputs
        self._checks = [
            (item.name, item.missing_allowed, _check(item)) for item in signature.inputs
        ]
        self._columns = [(item, item.missing_allowed, _unusual(item)) for item in signature.inputs]

    def one(self, instance: object) -> Instances | None:
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

    def many(self, instances: Sequence[Any]) -> Instances | None:
        """Read instances without a fault, column by column."""
        if set(map(type, instances)) != {dict} or set(map(len, instances)) != {len(self._inputs)}:
            return None
        warnings: dict[int, list[InputWarning]] = {}
        columns = []
        for item, may_miss, unusual in self._columns:
            name = item.name
            try:
                column = [instance[name] for instance in instances]
            except KeyError:
                return None
            given = [value for value in column if value is not None] if may_miss else column
            odd = unusual(given) if given else set()
            if odd is None:
                return None
            if odd:
                hint = len(instances) <= MOST_HINTED
                told = {value: item.warning(value, hint=hint) for value in odd}
                for place, value in enumerate(column):
                    warning = told.get(value)
                    if warning is not None:
                        warnings.setdefault(place, []).append(warning)
            columns.append(column)
        of_each: list[Sequence[InputWarning]] = [NO_WARNINGS] * len(instances)
        for place, found in warnings.items():
            of_each[place] = found
        return Instances(list(zip(*columns, strict=True)), of_each)


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


def _check(item: Input) -> Check:
    """Return the check of one value: of its exact type, within all limits, and nothing odd."""
    if isinstance(item, NumericInput):
        low, high = _limits(item)
        if isinstance(item, IntegerInput):
            return lambda value: type(value) is int and low <= value <= high
        # A float may be any; a whole number must be one that a double holds.
        return lambda value: (
            (type(value) is float or (type(value) is int and -EXACT <= value <= EXACT))
            and low <= value <= high
        )
    if isinstance(item, BooleanInput):
        return lambda value: value is True or value is False
    if isinstance(item, CategoryInput):
        # By type and value: to Python, True is 1.
        known, types = frozenset(item.known), item.types
        return lambda value: type(value) in types and (type(value), value) in known
    return lambda value: _is_quiet(item, value)


def _is_quiet(item: Input, value: Any) -> bool:  # noqa: ANN401
    if not isinstance(item, TextInput) or type(value) is not str or not value.strip():
        return False
    return len(value) <= item.max_length and item.warning(value) is None


def _limits(item: NumericInput) -> tuple[float, float]:
    """Return the narrower of the hard limits and of what training saw."""
    low, high = _hard_limits(item)
    if item.seen is None:
        return low, high
    return max(low, item.seen.minimum), min(high, item.seen.maximum)


def _hard_limits(item: NumericInput) -> tuple[float, float]:
    largest = float(EXACT if isinstance(item, IntegerInput) else item.largest)
    low = -largest if item.minimum is None else item.minimum
    return low, largest if item.maximum is None else item.maximum


#: Returns the values of a column that may need a warning; None where one may be at fault.
Unusual: TypeAlias = Callable[[list[Any]], set[Any] | None]


def _unusual(item: Input) -> Unusual:
    if isinstance(item, NumericInput):
        return lambda column: _unusual_numbers(item, column)
    if isinstance(item, CategoryInput):
        return lambda column: _unusual_categories(item, column)
    check = _check(item)
    return lambda column: set() if all(map(check, column)) else None


def _unusual_numbers(item: NumericInput, column: list[Any]) -> set[Any] | None:
    kinds = set(map(type, column))
    if not kinds <= ({int} if isinstance(item, IntegerInput) else {int, float}):
        return None
    lowest, highest = min(column), max(column)
    if int in kinds and not -EXACT <= lowest <= highest <= EXACT:
        return None
    low, high = _hard_limits(item)
    if not low <= lowest <= highest <= high:
        return None
    low, high = _limits(item)
    if low <= lowest and highest <= high:
        return set()
    return {value for value in column if not low <= value <= high}


def _unusual_categories(item: CategoryInput, column: list[Any]) -> set[Any] | None:
    if not set(map(type, column)) <= item.types or len(item.types) != 1:
        return None
    if int in item.types and not -EXACT <= min(column) <= max(column) <= EXACT:
        return None  # of larger ones, any number have the same hash
    unknown = set(column).difference(value for _, value in item.known)
    try:
        for value in unknown:
            item.parse(value)
    except Refusal:
        return None
    return unknown

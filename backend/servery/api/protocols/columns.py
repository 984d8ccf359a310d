"""Columns of values to instances: what `Signature.parse` does with rows, each distinct value once.

Clients that send a tensor for each input send thousands of rows, and no object for any of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from servery.errors import Fault, Faults, nearest, quoted
from servery.inputs import LARGEST_EXACT, NUMERIC, Input, InputWarning, Refusal, Value
from servery.runtimes.columns import Column, DictionaryEncoded
from servery.signature import Instances, Row, Signature
from servery.signature.parsing import assumed_missing, token
from servery.signature.reading import NO_WARNINGS

#: With more distinct values, warnings do not name the nearest known one, which takes time to find.
MOST_HINTED = 1_000

#: The values of a column as a client sent them: an array of numbers, or any values.
Sent = Any


def missing_as_none(item: Input, value: object) -> object:
    """Return a value of a tensor as JSON has it: tensors have no null, only NaN and empty texts."""
    if value != value:
        return None
    is_empty = value == "" and not item.is_free_text
    return None if is_empty and not item.knows("") else value


def check_names(signature: Signature, names: Sequence[str], pointer: str) -> None:
    """Refuse columns that are not inputs, and the lack of those that must be there."""
    faults = Faults()
    given = set(names)
    for item in signature.inputs:
        if item.name not in given and not item.missing_allowed:
            detail = "Expected values; the model cannot do without this input."
            faults.add(
                partial(Fault, item.name, f"{pointer}/{token(item.name)}", "missing", detail)
            )
    for name in names:
        if name not in signature.names:
            faults.add(partial(_unknown, signature, name, pointer))
    faults.raise_any()


def _unknown(signature: Signature, name: str, pointer: str) -> Fault:
    detail = f"The model has no input {quoted(name)}.{nearest(name, signature.names)}"
    return Fault(quoted(name), pointer, "unknown-input", detail)


def parsed_columns(signature: Signature, sent: Mapping[str, Sent], pointer: str) -> Instances:
    """Return n rows that were sent as one column of n values for each input.

    Raises
    ------
    InvalidInputs
        Names the first values that do not fit; row ``i`` is at ``{pointer}/{i}``.
    """
    check_names(signature, list(sent), pointer)
    n = len(next(iter(sent.values())))
    columns: list[Any] = []
    odd: dict[int, list[tuple[Input, Refusal | InputWarning]]] = {}
    for item in signature.inputs:
        values = sent.get(item.name)
        column, verdicts = _absent(item, n) if values is None else _parsed(signature, item, values)
        columns.append(column)
        for row, verdict in verdicts:
            odd.setdefault(row, []).append((item, verdict))
    faults = Faults()
    warnings: list[Sequence[InputWarning]] = [NO_WARNINGS] * n
    for row in sorted(odd):
        for item, verdict in odd[row]:
            if isinstance(verdict, Refusal):
                faults.add(partial(_fault, item, f"{pointer}/{row}", verdict))
        warnings[row] = [each for _, each in odd[row] if isinstance(each, InputWarning)]
    faults.raise_any()
    return Instances(ColumnRows(signature.inputs, columns), warnings, columns)


def _fault(item: Input, pointer: str, refusal: Refusal) -> Fault:
    return Fault(item.name, f"{pointer}/{token(item.name)}", refusal.code, refusal.detail)


def _absent(item: Input, n: int) -> tuple[Any, Iterator[tuple[int, InputWarning]]]:
    warning = assumed_missing(item)
    return _laid_out(item, [item.value_of_missing], np.zeros(n, dtype=np.intp)), (
        (row, warning) for row in range(n)
    )


def _parsed(
    signature: Signature, item: Input, sent: Sent
) -> tuple[Any, Iterator[tuple[int, Refusal | InputWarning]]]:
    """Return the values of a column, and what is odd about some rows."""
    sent = _as_array(sent)
    found = item.plain_numbers(sent, may_be_text=False, missing=())
    if found is not None and found[1].all():
        return found[0], iter(())
    values, codes = _distinct(sent)
    parsed: list[Value] = []
    odd: dict[int, Refusal | InputWarning] = {}
    hint = len(values) <= MOST_HINTED
    for place, value in enumerate(values):
        raw = missing_as_none(item, value)
        try:
            parsed_value, warning = signature.value_of(item, {item.name: raw}, hint=hint)
        except Refusal as refusal:
            parsed.append(item.value_of_missing)
            odd[place] = refusal
            continue
        parsed.append(parsed_value)
        if warning is not None:
            odd[place] = warning
    column = _laid_out(item, parsed, codes)
    if not odd:
        return column, iter(())
    rows = np.flatnonzero(np.isin(codes, list(odd))).tolist()
    return column, ((row, odd[code]) for row, code in zip(rows, codes[rows].tolist(), strict=True))


def _as_array(sent: Sent) -> Sent:
    """Return a list of numbers as an array, where that changes none of them."""
    kinds = set(map(type, sent)) if isinstance(sent, list) else set()
    if kinds == {float}:
        return np.array(sent)
    if kinds == {int} and max(map(abs, sent)) < LARGEST_EXACT:
        return np.array(sent, dtype=np.int64)
    return sent


def _distinct(sent: Sent) -> tuple[Sequence[object], NDArray[np.intp]]:
    """Return the distinct values, as JSON would have them, and which of them each row has."""
    if isinstance(sent, EncodedTexts):
        return sent.values, sent.codes
    values = sent.tolist() if isinstance(sent, np.ndarray) else sent
    kinds = set(map(type, values)) - {type(None)}
    # 1, 1.0 and True are equal, and not the same; lists cannot be keys.
    if not (len(kinds) <= 1 and kinds <= {str, int, float, bool}):
        return values, np.arange(len(values))
    if kinds == {float}:
        values = [None if value != value else value for value in values]
    code: dict[Any, int] = {}
    codes = [code.setdefault(value, len(code)) for value in values]
    return list(code), np.array(codes, dtype=np.intp)


def _laid_out(item: Input, values: Sequence[Value], codes: Any) -> Any:  # noqa: ANN401
    """Return a column as `Instances.columns` has it."""
    if item.storage == "bool":  # a number in a column, and itself in a row
        return [values[code] for code in codes.tolist()]
    if item.storage in NUMERIC:
        return np.array(values, dtype=np.float64)[codes]
    held = np.empty(len(values), dtype=object)
    held[:] = values
    return DictionaryEncoded(held, codes)


class EncodedTexts(Sequence[str]):
    """A column of texts with few distinct values, of which each row has one by its code."""

    def __init__(self, values: Sequence[str], codes: NDArray[np.intp]) -> None:
        self.values, self.codes = values, codes

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.codes)

    def __iter__(self) -> Iterator[str]:
        """Return the text of each row."""
        return map(self.values.__getitem__, self.codes.tolist())

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        """Return the text of a row, or of some."""
        codes = self.codes[place].tolist()
        return [self.values[c] for c in codes] if isinstance(codes, list) else self.values[codes]


class ColumnRows(Sequence[Row]):
    """Parsed columns as rows, each of which is made when it is asked for."""

    def __init__(self, inputs: Sequence[Input], columns: Sequence[Column]) -> None:
        self._inputs, self._columns = inputs, columns

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self._columns[0])

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        """Return a row, or some."""
        if isinstance(place, slice):
            return [self[each] for each in range(len(self))[place]]
        values = (column[place] for column in self._columns)
        return tuple(map(_value, self._inputs, values))


def _value(item: Input, value: Any) -> Value:  # noqa: ANN401 - an element of a column
    if item.storage not in NUMERIC or item.storage == "bool":
        held: Value = value
        return held
    return None if value != value else item.value_type(value)

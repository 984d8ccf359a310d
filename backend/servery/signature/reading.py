"""Reads valid instances of one signature, by what is prepared once for it.

`InstanceReader` takes what `Signature.parse` takes, with the same result. Where there is a fault it
returns None, and the caller asks `Signature.parse`, which names every fault.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import astuple

from servery.inputs import Input, InputWarning, Refusal
from servery.signature.parsing import MOST_HINTED, Instances, Signature

NO_WARNINGS: tuple[InputWarning, ...] = ()
ONE, MANY = "inputs", "instances"
#: JSON types of inputs whose values may be texts.
TEXTUAL = frozenset(["string", "any"])
#: msgspec looks the fields of a struct up one after the other.
MOST_FIELDS = 64
NOT_IN_A_FIELD = frozenset('"\\') | {chr(code) for code in range(0x20)}


@dataclass(frozen=True, slots=True)
class Body:
    """The instances of a body; ``is_single`` where they came as ``{"inputs": …}``."""

    instances: Instances
    is_single: bool


class InstanceReader:
    """Reads bodies and instances of one signature."""

    def __init__(self, signature: Signature) -> None:
        self._signature = signature
        self._inputs = signature.inputs
        self._checks = [(item.name, item, _plain_check(item)) for item in signature.inputs]

    def plain_body(self, data: bytes, most: int) -> Body | None:
        """Read a body in which every input of each instance is given, once, and plainly right.

        That is known while the JSON is decoded, without a look at each value. None for every other
        body, faulty or not.

        Parameters
        ----------
        most
            How many instances a body may have.
        """
        decoder = self._decoder
        if decoder is None or b"\\" in data:
            return None
        try:
            body = decoder.decode(data)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return None
        if body.instances is UNSET:
            return None if body.inputs is UNSET else self._plain_row(astuple(body.inputs), data)
        if body.inputs is not UNSET or not 0 < len(body.instances) <= most:
            return None
        return self._plain_rows(list(map(astuple, body.instances)), data)

    def _plain_row(self, row: tuple[Any, ...], data: bytes) -> Body | None:
        for place, check in self._unchecked:
            if not check(row[place]):
                return None
        texts = 1 + len(row) + list(map(type, row)).count(str)
        if data.count(b'"') != 2 * texts:  # a name stands twice, and its last value was kept
            return None
        return Body(Instances([row], [NO_WARNINGS]), is_single=True)

    def _plain_rows(self, rows: list[tuple[Any, ...]], data: bytes) -> Body | None:
        columns = list(zip(*rows, strict=True))
        for place, check in self._unchecked:
            if not all(map(check, columns[place])):
                return None
        values = sum(list(map(type, columns[place])).count(str) for place in self._texts)
        texts = 1 + len(rows) * len(self._inputs) + values
        if data.count(b'"') != 2 * texts:
            return None
        return Body(Instances(rows, [NO_WARNINGS] * len(rows)), is_single=False)

    @cached_property
    def _decoder(self) -> "msgspec.json.Decoder[Any] | None":
        """What decodes plain bodies; None where a name cannot be a field, or there are too many."""
        names = self._signature.names
        if len(names) > MOST_FIELDS or any(NOT_IN_A_FIELD.intersection(name) for name in names):
            return None
        fields = [f"input_{place}" for place in range(len(names))]
        instance = msgspec.defstruct(
            "PlainInstance",
            [(field, _type_of(item)) for field, item in zip(fields, self._inputs, strict=True)],
            rename=dict(zip(fields, names, strict=True)),
            forbid_unknown_fields=True,
            gc=False,
        )
        body = msgspec.defstruct(
            "PlainBody",
            [(ONE, instance | UnsetType, UNSET), (MANY, list[instance] | UnsetType, UNSET)],  # type: ignore[valid-type] # a type that is made here
            forbid_unknown_fields=True,
        )
        return msgspec.json.Decoder(body)

    @cached_property
    def _unchecked(self) -> list[tuple[int, Any]]:
        """The places of inputs whose values a type cannot check, and what does."""
        return [
            (place, check)
            for place, (_, item, check) in enumerate(self._checks)
            if _plain_type(item) is None
        ]

    @cached_property
    def _texts(self) -> list[int]:
        """The places of inputs whose values may be texts."""
        return [place for place, item in enumerate(self._inputs) if item.json_type in TEXTUAL]

    def row(self, instance: object) -> Instances | None:
        """Read one instance, as an object that was decoded from JSON."""
        if type(instance) is not dict:
            return None
        row = []
        warnings: Sequence[InputWarning] = NO_WARNINGS
        given = 0
        try:
            for name, item, check in self._checks:
                if name in instance:
                    given += 1
                    value = instance[name]
                    if check(value):
                        row.append(value)
                        continue
                value, warning = self._signature.value_of(item, instance)
                row.append(value)
                if warning is not None:
                    warnings = [*warnings, warning]
        except Refusal:
            return None
        return None if given != len(instance) else Instances([tuple(row)], [warnings])

    def rows(self, instances: Sequence[Any]) -> Instances | None:
        """Read instances, column by column."""
        if set(map(type, instances)) != {dict}:
            return None
        warnings: dict[int, list[InputWarning]] = {}
        given = 0
        columns: list[Sequence[Any]] = []
        for name, item, check in self._checks:
            column = [instance.get(name, UNSET) for instance in instances]
            given += len(column) - column.count(UNSET)
            if not _are_plain(item, column):
                odd = [place for place, value in enumerate(column) if not check(value)]
                try:
                    self._read(item, instances, odd, column, warnings)
                except Refusal:
                    return None
            columns.append(column)
        if given != sum(map(len, instances)):
            return None
        of_each: list[Sequence[InputWarning]] = [NO_WARNINGS] * len(instances)
        for place, found in warnings.items():
            of_each[place] = found
        return Instances(list(zip(*columns, strict=True)), of_each)

    def _read(
        self,
        item: Input,
        instances: Sequence[Any],
        odd: Sequence[int],
        column: list[Any],
        warnings: dict[int, list[InputWarning]],
    ) -> None:
        """Parse those values of a column that are not plain, and add what they are warned of."""
        hint = len(instances) <= MOST_HINTED
        for place in odd:
            column[place], warning = self._signature.value_of(item, instances[place], hint=hint)
            if warning is not None:
                warnings.setdefault(place, []).append(warning)


def _plain_type(item: Input) -> Any:  # noqa: ANN401 - a type
    """Return the type that only plain values are decoded as; None where there is none."""
    return None if item.missing_marker is not None else item.plain_type


def _type_of(item: Input) -> Any:  # noqa: ANN401 - a type
    plain = _plain_type(item)
    if plain is None:
        return Any
    return plain | None if _passes_none(item) else plain


def _plain_check(item: Input) -> Any:  # noqa: ANN401 - a function
    """Return whether a value is plain: its own parsed value, without a warning."""
    is_plain, marker = item.is_plain, item.missing_marker
    if marker is not None:
        return lambda value: value != marker and is_plain(value)
    if _passes_none(item):
        return lambda value: value is None or is_plain(value)
    return is_plain


def _are_plain(item: Input, column: list[Any]) -> bool:
    if item.missing_marker is not None:
        return False
    if _passes_none(item):
        column = [value for value in column if value is not None]
    return not column or item.are_plain(column)


def _passes_none(item: Input) -> bool:
    """Return whether a missing value is None to the model, too."""
    return item.missing_allowed and item.value_of_missing is None

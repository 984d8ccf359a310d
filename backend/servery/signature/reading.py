"""Reads valid instances of one signature, with decoders that are built once for it.

`InstanceReader` takes what `Signature.parse` takes, with the same result. Where there is a fault it
returns None, and the caller asks `Signature.parse`, which names every fault.
"""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import astuple

from servery.inputs import Input, InputWarning, Refusal, Value
from servery.inputs.base import Check
from servery.signature.parsing import MOST_HINTED, Instances, Row, Signature

NO_WARNINGS: tuple[InputWarning, ...] = ()
ONE, MANY = "inputs", "instances"
#: JSON types of inputs whose values may be texts.
TEXTUAL = frozenset(["string", "any"])
#: msgspec searches the fields of a struct one by one, which is slow for many.
MOST_FIELDS = 64
#: How msgspec names the field that has a wrong value or is missing, so that one odd value costs
#: little. If the wording differs, every value is checked instead.
VALUE = re.compile(r".* - at `\$\.(?:inputs|instances\[\d+\])\.(.+)`", re.DOTALL)
MISSING = re.compile(r"Object missing required field `(.+)` - at `", re.DOTALL)
NOT_IN_A_FIELD = frozenset('"\\') | {chr(code) for code in range(0x20)}


#: Places of inputs that a decoder takes any value of.
Loose: TypeAlias = frozenset[int]


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
        self._checks = [(item, _plain_check(item)) for item in signature.inputs]
        self._decoders: dict[Loose, msgspec.json.Decoder[Any]] = {}

    def body(self, data: bytes, most: int) -> Body | None:
        """Read a valid body with types that are built for it.

        None for an invalid body, and for one with a backslash: escapes hide how many strings there
        are, and that number shows whether a name occurs twice. Use `row` and `rows` for those.

        Parameters
        ----------
        most
            How many instances a body may have.
        """
        if not self._has_fields or b"\\" in data:
            return None
        loose: Loose = frozenset()
        while True:
            try:
                body = self._decoder(loose).decode(data)
                break
            except msgspec.ValidationError as error:
                if loose == self._all:
                    return None
                loose = self._looser(loose, str(error))
            except (msgspec.DecodeError, UnicodeDecodeError):
                return None
        if (body.inputs is UNSET) is (body.instances is UNSET):
            return None
        if body.inputs is not UNSET:
            return self._read_one(astuple(body.inputs), data, loose)
        if not 0 < len(body.instances) <= most:
            return None
        return self._read_many(list(map(astuple, body.instances)), data, loose)

    def _read_one(self, row: Row, data: bytes, loose: Loose) -> Body | None:
        names = len(row) - row.count(UNSET) if loose else len(row)
        if data.count(b'"') != 2 * (1 + names + list(map(type, row)).count(str)):
            return None
        if not loose and self._is_valid(row):
            return Body(Instances([row], [NO_WARNINGS]), is_single=True)
        instances = self._row(row)
        return None if instances is None else Body(instances, is_single=True)

    def _is_valid(self, row: Row) -> bool:
        for place, check in self._unchecked:  # noqa: SIM110 - `all` of a generator is slower
            if not check(row[place]):
                return False
        return True

    def _read_many(self, rows: Sequence[Row], data: bytes, loose: Loose) -> Body | None:
        columns = list(zip(*rows, strict=True))
        names = len(rows) * len(columns) - sum(columns[place].count(UNSET) for place in loose)
        textual = [*loose, *(place for place in self._textual if place not in loose)]
        texts = sum(list(map(type, columns[place])).count(str) for place in textual)
        if data.count(b'"') != 2 * (1 + names + texts):
            return None
        places = {*loose, *(place for place, _ in self._unchecked)}
        odd = {place for place in places if not _are_plain(self._inputs[place], columns[place])}
        if odd:
            instances = self._rows(columns, odd)
            return None if instances is None else Body(instances, is_single=False)
        return Body(Instances(rows, [NO_WARNINGS] * len(rows), columns), is_single=False)

    def row(self, instance: object) -> Instances | None:
        """Read one instance, as an object that was decoded from JSON."""
        if type(instance) is not dict:
            return None
        row = [instance.get(item.name, UNSET) for item in self._inputs]
        return self._row(row) if len(row) - row.count(UNSET) == len(instance) else None

    def rows(self, instances: Sequence[Any]) -> Instances | None:
        """Read instances, as objects that were decoded from JSON."""
        if set(map(type, instances)) != {dict}:
            return None
        columns = [
            [instance.get(item.name, UNSET) for instance in instances] for item in self._inputs
        ]
        missing = sum(column.count(UNSET) for column in columns)
        if len(instances) * len(columns) - missing != sum(map(len, instances)):
            return None
        odd = {
            place
            for place, (item, column) in enumerate(zip(self._inputs, columns, strict=True))
            if not _are_plain(item, column)
        }
        return self._rows(columns, odd)

    def _row(self, given: Sequence[Any]) -> Instances | None:
        """Parse the values of one instance, each of which may be `UNSET`."""
        row = []
        warnings: list[InputWarning] = []
        try:
            for (item, check), raw in zip(self._checks, given, strict=True):
                if check(raw):
                    row.append(raw)
                    continue
                value, warning = self._value_of(item, raw)
                row.append(value)
                if warning is not None:
                    warnings.append(warning)
        except Refusal:
            return None
        return Instances([tuple(row)], [warnings or NO_WARNINGS])

    def _rows(self, given: Sequence[Sequence[Any]], odd: AbstractSet[int]) -> Instances | None:
        """Parse columns of values; those at the places ``odd`` have values that are not plain."""
        count = len(given[0])
        warnings: list[Sequence[InputWarning]] = [NO_WARNINGS] * count
        columns = list(given)
        try:
            for place in sorted(odd):
                item, check = self._checks[place]
                values = columns[place] = list(given[place])
                for row in [row for row, raw in enumerate(given[place]) if not check(raw)]:
                    values[row], warning = self._value_of(
                        item, values[row], hint=count <= MOST_HINTED
                    )
                    if warning is not None:
                        warnings[row] = [*warnings[row], warning]
        except Refusal:
            return None
        return Instances(list(zip(*columns, strict=True)), warnings, columns)

    def _value_of(
        self,
        item: Input,
        raw: object,
        *,
        hint: bool = True,
    ) -> tuple[Value, InputWarning | None]:
        instance = {} if raw is UNSET else {item.name: raw}
        return self._signature.value_of(item, instance, hint=hint)

    @cached_property
    def _has_fields(self) -> bool:
        """Whether the inputs can be fields of a type, given their names and their number."""
        names = self._signature.names
        return len(names) <= MOST_FIELDS and not any(map(NOT_IN_A_FIELD.intersection, names))

    def _decoder(self, loose: Loose) -> "msgspec.json.Decoder[Any]":
        """Return what decodes a body by the types of plain values.

        Parameters
        ----------
        loose
            The places of inputs that may have any value, or none.
        """
        if loose not in self._decoders:
            called = [f"input_{place}" for place in range(len(self._inputs))]
            fields = [
                (name, Any, UNSET) if place in loose else (name, _type_of(item))
                for place, (name, item) in enumerate(zip(called, self._inputs, strict=True))
            ]
            instance: Any = msgspec.defstruct(
                "DecodedInstance",
                fields,
                rename=dict(zip(called, self._signature.names, strict=True)),
                forbid_unknown_fields=True,
                kw_only=True,
                gc=False,
            )
            body = msgspec.defstruct(
                "DecodedBody",
                [(ONE, instance | UnsetType, UNSET), (MANY, list[instance] | UnsetType, UNSET)],
                forbid_unknown_fields=True,
            )
            self._decoders[loose] = msgspec.json.Decoder(body)
        return self._decoders[loose]

    def _looser(self, loose: Loose, complaint: str) -> Loose:
        """Return the inputs that may have any value next: the one in the error, then all."""
        named = VALUE.search(complaint) or MISSING.match(complaint)
        name = named and named[1]
        if loose or name not in self._signature.names:
            return self._all
        return frozenset([self._signature.names.index(name)])

    @cached_property
    def _all(self) -> Loose:
        return frozenset(range(len(self._inputs)))

    @cached_property
    def _unchecked(self) -> list[tuple[int, Check]]:
        """The places of inputs whose values a type cannot check, and what does."""
        return [
            (place, check)
            for place, (item, check) in enumerate(self._checks)
            if _plain_type(item) is None
        ]

    @cached_property
    def _textual(self) -> Sequence[int]:
        """The places of inputs whose values may be texts, of those that are not refused."""
        return [place for place, item in enumerate(self._inputs) if item.json_type in TEXTUAL]


def _plain_type(item: Input) -> Any:  # noqa: ANN401 - a type
    """Return the type that only plain values are decoded as; None where there is none."""
    return None if item.missing_marker is not None else item.plain_type


def _type_of(item: Input) -> Any:  # noqa: ANN401 - a type
    plain = _plain_type(item)
    if plain is None:
        return Any
    return plain | None if _passes_none(item) else plain


def _plain_check(item: Input) -> Check:
    """Return whether a value is plain: its own parsed value, without a warning."""
    is_plain, marker = item.is_plain, item.missing_marker
    if marker is not None:
        return lambda value: value != marker and is_plain(value)
    if _passes_none(item):
        return lambda value: value is None or is_plain(value)
    return is_plain


def _are_plain(item: Input, column: Sequence[Any]) -> bool:
    if item.missing_marker is not None:
        return False
    if _passes_none(item):
        column = [value for value in column if value is not None]
    return not column or item.are_plain(column)


def _passes_none(item: Input) -> bool:
    """Return whether a missing value is None to the model, too."""
    return item.missing_allowed and item.value_of_missing is None

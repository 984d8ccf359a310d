"""A signature, and how JSON becomes instances by it: strict, lossless, all faults at once."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias
from urllib.parse import quote

import msgspec

from servery.errors import Fault, InvalidInputs, nearest
from servery.signature.inputs import Input, InputWarning, Refusal, Schema, Value
from servery.signature.outputs import Output

Row: TypeAlias = tuple[Value, ...]

# More faults than anyone mends in one go would only swell the answer.
MOST_FAULTS = 1_000
#: A form, an OpenAPI document and every explanation grow with the inputs.
MOST_INPUTS = 10_000


@dataclass(frozen=True, slots=True)
class Instances:
    """Parsed rows, each in signature order, and the warnings of each row."""

    rows: Sequence[Row]
    warnings: Sequence[Sequence[InputWarning]]


class Signature(msgspec.Struct, frozen=True, dict=True, forbid_unknown_fields=True):
    """The typed inputs and the output of a model. One that exists is valid."""

    inputs: tuple[Input, ...]
    output: Output

    def __post_init__(self) -> None:
        """Refuse two inputs of one name, and more than a request could ever fill."""
        if len(self.inputs) > MOST_INPUTS:
            raise ValueError(f"expected at most {MOST_INPUTS:,} inputs, found {len(self.inputs):,}")
        twice = sorted(name for name, count in Counter(self.names).items() if count > 1)
        if twice:
            raise ValueError(f"two inputs are called {twice[0]!r}")

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the inputs, in the order of the columns."""
        return tuple(item.name for item in self.inputs)

    def parse(
        self, instances: Sequence[object], pointer: Callable[[int], str] = "#/instances/{}".format
    ) -> Instances:
        """Turn JSON objects, one per instance, into rows.

        Parameters
        ----------
        instances
            One JSON object per instance, from input name to value.
        pointer
            Where instance ``i`` stands in the body, as a JSON Pointer in URI-fragment form.

        Raises
        ------
        InvalidInputs
            Names every fault of every instance (the first thousand of them).
        """
        faults: list[Fault] = []
        parsed = [
            self._parse_row(instance, pointer(index), faults)
            for index, instance in enumerate(instances)
        ]
        if faults:
            raise InvalidInputs(faults[:MOST_FAULTS])
        return Instances(
            rows=[tuple(row) for row, _ in parsed], warnings=[warnings for _, warnings in parsed]
        )

    def schema(self) -> Schema:
        """Return the JSON Schema of one instance."""
        return {
            "type": "object",
            "properties": {item.name: item.schema() for item in self.inputs},
            "required": [item.name for item in self.inputs if not item.missing_allowed],
            "additionalProperties": False,
        }

    def _parse_row(
        self, instance: object, pointer: str, faults: list[Fault]
    ) -> tuple[list[Value], list[InputWarning]]:
        if not isinstance(instance, Mapping):
            faults.append(
                Fault(
                    None, pointer, "not-an-object", "Expected an object from input names to values."
                )
            )
            return [], []
        values: list[Value] = []
        warnings: list[InputWarning] = []
        for item in self.inputs:
            try:
                value, warning = parse_value(item, instance)
            except Refusal as refusal:
                faults.append(
                    Fault(item.name, f"{pointer}/{token(item.name)}", refusal.code, refusal.detail)
                )
                continue
            values.append(value)
            if warning is not None:
                warnings.append(warning)
        if len(instance) > len(self.inputs) or not self._known.issuperset(instance):
            faults.extend(self._unknown(instance, pointer))
        return values, warnings

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.names)

    def _unknown(self, instance: Mapping[str, object], pointer: str) -> list[Fault]:
        return [
            Fault(
                name,
                f"{pointer}/{token(name)}",
                "unknown-input",
                f"The model has no input {name!r}.{nearest(name, self.names)}",
            )
            for name in instance
            if name not in self._known
        ]


def token(name: str) -> str:
    """Return a name as one reference token of a JSON Pointer in a URI fragment (RFC 6901)."""
    return quote(name.replace("~", "~0").replace("/", "~1"), safe="!$&'()*+,;=:@?")


def parse_value(item: Input, instance: Mapping[str, object]) -> tuple[Value, InputWarning | None]:
    """Return the value that an instance has for an input, and what is odd about it.

    Raises
    ------
    Refusal
        The input does not take it, or cannot do without one.
    """
    raw = instance.get(item.name)
    if raw is not None:
        value = item.parse(raw)
        return value, item.warning(value)
    if not item.missing_allowed:
        raise Refusal("missing", "Expected a value; the model cannot do without this one.")
    if item.name in instance:
        return None, None
    return None, InputWarning(
        input=item.name,
        code="assumed-missing",
        detail="Not given, so taken as missing; send null to say so.",
    )

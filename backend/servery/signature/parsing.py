"""A signature, and how JSON becomes instances by it: strict, lossless, all faults at once."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, ForwardRef, TypeAlias
from urllib.parse import quote

import msgspec

from servery.errors import LONGEST_QUOTED, Fault, Faults, nearest, quoted, shortened, twice_named
from servery.inputs import (
    REGISTRY,  # noqa: F401 - AnyInput names it
    Input,
    InputWarning,
    Refusal,
    Schema,
    Value,
)
from servery.signature.outputs import Output

Row: TypeAlias = tuple[Value, ...]
if TYPE_CHECKING:
    AnyInput: TypeAlias = Input
else:  # msgspec resolves this when the first signature is decoded: each input names its type
    AnyInput = ForwardRef("REGISTRY.union")

#: Letters of a pointer to an input that the model does not have; a longer one names its instance.
LONGEST_POINTER = 240
#: Instances of one request whose warnings name the nearest known value; finding it takes time.
MOST_HINTED = 10
#: A form, an OpenAPI document and every explanation grow with the inputs.
MOST_INPUTS = 10_000


class Instances(msgspec.Struct, frozen=True):
    """Parsed rows, each in signature order, and the warnings of each row.

    Attributes
    ----------
    given
        The same values as one column for each input, where they were read so.
    """

    rows: Sequence[Row]
    warnings: Sequence[Sequence[InputWarning]]
    given: Sequence[Sequence[Value]] | None = None

    @property
    def columns(self) -> Sequence[Sequence[Value]]:
        """One column for each input; there must be a row."""
        return self.given or list(zip(*self.rows, strict=True))


class Signature(msgspec.Struct, frozen=True, dict=True, forbid_unknown_fields=True):
    """The typed inputs and the output of a model. One that exists is valid.

    Attributes
    ----------
    missing_texts
        Texts that meant a missing value in the tables that the model was published with.
    """

    inputs: tuple[AnyInput, ...]
    output: Output
    missing_texts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse two inputs of one name, and more than a request could ever fill."""
        if len(self.inputs) > MOST_INPUTS:
            raise ValueError(f"expected at most {MOST_INPUTS:,} inputs, found {len(self.inputs):,}")
        twice = twice_named(self.names)
        if twice is not None:
            raise ValueError(f"two inputs are called {quoted(twice)}")

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
            Names the first faults, and how many there are.
        """
        faults = Faults()
        hint = len(instances) <= MOST_HINTED
        parsed = [
            self._parse_row(instance, pointer(index), faults, hint=hint)
            for index, instance in enumerate(instances)
        ]
        faults.raise_any()
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
        self, instance: object, pointer: str, faults: Faults, *, hint: bool
    ) -> tuple[list[Value], list[InputWarning]]:
        if not isinstance(instance, Mapping):
            detail = "Expected an object from input names to values."
            faults.add(partial(Fault, None, pointer, "not-an-object", detail))
            return [], []
        values: list[Value] = []
        warnings: list[InputWarning] = []
        for item in self.inputs:
            try:
                value, warning = self.value_of(item, instance, hint=hint)
            except Refusal as refusal:
                faults.add(partial(_refused, item.name, pointer, refusal))
                continue
            values.append(value)
            if warning is not None:
                warnings.append(warning)
        if len(instance) > len(self.inputs) or not self._known.issuperset(instance):
            for name in instance:
                if name not in self._known:
                    faults.add(partial(self._unknown, name, pointer))
        return values, warnings

    def value_of(
        self, item: Input, instance: Mapping[str, object], *, hint: bool = True
    ) -> tuple[Value, InputWarning | None]:
        """Return what `parse_value` does, or a missing value for a text that means one."""
        if self.missing_texts and self._means_missing(item, instance.get(item.name)):
            return item.value_of_missing, None
        return parse_value(item, instance, hint=hint)

    def _means_missing(self, item: Input, raw: object) -> bool:
        """Return whether a text for a category is what training took for a missing value.

        In a fit that was not a category; passed on, it would be an unknown one.
        """
        return (
            type(raw) is str
            and item.json_type == "any"
            and item.missing_allowed
            and raw.strip() in self.missing_texts
            and not item.knows(raw)
        )

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.names)

    def _unknown(self, name: str, pointer: str) -> Fault:
        there = f"{pointer}/{token(shortened(name))}"
        is_short = len(name) <= LONGEST_QUOTED and len(there) <= LONGEST_POINTER
        return Fault(
            shortened(name),
            there if is_short else pointer,
            "unknown-input",
            f"The model has no input {quoted(name)}.{nearest(name, self.names)}",
        )


def _refused(name: str, pointer: str, refusal: Refusal) -> Fault:
    return Fault(name, f"{pointer}/{token(name)}", refusal.code, refusal.detail)


def token(name: str) -> str:
    """Return a name as one reference token of a JSON Pointer in a URI fragment (RFC 6901)."""
    return quote(name.replace("~", "~0").replace("/", "~1"), safe="!$&'()*+,;=:@?")


def parse_value(
    item: Input, instance: Mapping[str, object], *, hint: bool = True
) -> tuple[Value, InputWarning | None]:
    """Return the value that an instance has for an input, and what is odd about it.

    Parameters
    ----------
    hint
        Whether a warning names the nearest known value, which takes time to find.

    Raises
    ------
    Refusal
        The input does not take it, or cannot do without one.
    """
    raw = instance.get(item.name)
    if raw is not None and not (item.missing_allowed and item.means_missing(raw)):
        value = item.parse(raw)
        return value, item.warning(value, hint=hint)
    if not item.missing_allowed:
        raise Refusal("missing", "Expected a value; the model cannot do without this one.")
    if item.name in instance:
        return item.value_of_missing, None
    return item.value_of_missing, assumed_missing(item)


def assumed_missing(item: Input) -> InputWarning:
    """Return the warning of an input that is not given, and that the model can do without."""
    return InputWarning(
        input=item.name,
        code="assumed-missing",
        detail="Not given, so taken as missing; send null to say so.",
    )

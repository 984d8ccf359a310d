"""What inputs of every type have in common, and the registry of types.

A type of input is one class in one module. It takes a JSON value exactly or refuses it, and answers
every question that other rooms have about its values. Other rooms ask a method, or keep a table
keyed by a trait (`Input.storage`, `Input.json_type`, …); none asks which class an input is.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from functools import cached_property, reduce
from operator import or_
from typing import Annotated, Any, ClassVar, Literal, Protocol, Self, TypeAlias, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from servery.errors import LONGEST_QUOTED, nearest, shortened
from servery.inputs.moment_texts import Century, DaysRead, Order
from servery.inputs.numerals import Decimal as DecimalMark
from servery.inputs.numerals import Thousands
from servery.inputs.training_bins import TrainingBins

Scalar: TypeAlias = str | int | float | bool
Value: TypeAlias = Scalar | date | datetime | None
Json: TypeAlias = Scalar | None
Schema: TypeAlias = dict[str, object]
#: Returns the JSON value that the text of a cell stands for.
FromText: TypeAlias = Callable[[str], Json]
#: Returns whether a value is valid beyond doubt and needs no warning.
Check: TypeAlias = Callable[[Any], bool]
#: What the values of a column are to NumPy and to an estimator.
Storage: TypeAlias = Literal["float64", "int64", "bool", "datetime64", "object"]
#: Whether a person could change a value; nobody un-learns a degree.
Changeable: TypeAlias = bool | Literal["up", "down"]
JsonType: TypeAlias = Literal["number", "integer", "boolean", "string", "any"]

#: Storages whose columns are arrays of float64, with NaN for a missing value.
NUMERIC: frozenset[Storage] = frozenset(["float64", "int64", "bool"])
#: Beyond this, neighbouring whole numbers share one float64 (IEEE 754, 53 bits of significand).
LARGEST_EXACT = 2**53
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
LONGEST_NAME = 1_000
#: What changing an input costs in a counterfactual, where its values have no distance: as much as
#: passing over this share of the training rows.
COST_OF_ANOTHER = 0.5
ENCODER = json.JSONEncoder(ensure_ascii=False, default=str)


class Refusal(Exception):
    """One value that an input does not take: a stable ``code`` and a sentence.

    Parameters
    ----------
    near
        A text and those that may have been meant. The nearest is only searched where ``detail`` is
        read: of very many refusals in one request, most are only counted.
    """

    def __init__(
        self, code: str, detail: str, *, near: tuple[str, Sequence[str]] | None = None
    ) -> None:
        self.code = code
        self.without_hint = detail
        self._near = near
        super().__init__(detail)

    @property
    def detail(self) -> str:
        """The sentence, and the known value that is nearest to the refused one."""
        return self.without_hint + (nearest(*self._near) if self._near else "")


class OpenNotation(Exception):
    """A text that can be read in two ways, the option that decides, and its likely values."""

    def __init__(self, option: str, example: str, values: Sequence[str]) -> None:
        self.option, self.example, self.values = option, example, values
        super().__init__(example)


class InputWarning(msgspec.Struct, frozen=True):
    """Something odd about an accepted value, shown beside the answer.

    ``input`` is None where the warning is about the values together.
    """

    input: str | None
    code: str
    detail: str

    @property
    def is_unlike_training(self) -> bool:
        """Whether the instance is not one as the measured ones were: no coverage holds for it."""
        return self.code != "assumed-missing"


def is_unlike_training(warnings: "Sequence[InputWarning]") -> bool:
    """Return whether any of the warnings says so; see `InputWarning.is_unlike_training`."""
    return any(warning.is_unlike_training for warning in warnings)


class TrainingStats(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What training showed of an input: ``missing`` counts the rows without a value."""

    missing: int = 0


class CardWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a card may say of an input of any type."""

    label: str | None = None
    help: str | None = None
    group: Annotated[str, msgspec.Meta(min_length=1, max_length=60)] | None = None
    changeable: Changeable | None = None


@dataclass(frozen=True, slots=True)
class TrainingColumn:
    """The cells of one column of a training table that hold a value.

    Attributes
    ----------
    dtype
        What the table says of the column.
    values
        Shape (n,): bool, float64 for numbers, datetime64[us] for moments, else objects.
    missing
        How many cells of the column hold no value.
    unseen
        The values of the same column in test rows. They say nothing of training, but are served.
    zone
        The time zone on whose clock moments are, if the table has one.
    """

    dtype: Literal["bool", "integer", "float", "datetime64", "category", "object"]
    values: NDArray[Any]
    missing: int
    unseen: NDArray[Any] | None = None
    zone: str | None = None

    @property
    def distinct(self) -> int:
        """How many different values there are."""
        return len(set(self.values.tolist()))

    @property
    def has_only_texts(self) -> bool:
        """Whether every value is a text."""
        return self.dtype == "object" and all(isinstance(value, str) for value in self.values)


class ValueProbe(Protocol):
    """Asks an estimator about values of one input, in rows that it answers otherwise."""

    def takes(self, *values: Value) -> bool:
        """Return whether the estimator answers each of these values."""
        ...

    def takes_unknown(self, *values: Value) -> bool:
        """Return whether these categories, which its fit never saw, may be passed on."""
        ...


class Notation(Protocol):
    """How numbers and days are written in a file of texts; None where nobody said."""

    @property
    def decimal(self) -> DecimalMark | None:
        """The decimal mark."""
        ...

    @property
    def thousands(self) -> Thousands | None:
        """What divides thousands."""
        ...

    @property
    def dates(self) -> Order | None:
        """What a day that is written with digits alone begins with."""
        ...

    @property
    def century(self) -> Century | None:
        """The first of the hundred years that years with two digits are in."""
        ...


class Input(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    dict=True,
    tag_field="type",
    forbid_unknown_fields=True,
):
    """An input of a model; each type is a subclass with a ``tag``, added by `register`.

    Attributes
    ----------
    name
        Any text; it is the name of the column that the estimator was fitted on.
    label, help
        What people read; the card's words, else made from the name.
    group
        The section of a long form that the card puts the input in.
    missing_allowed
        Whether the model was fitted with missing values here.
    missing_marker
        The value that stood for a missing one in the fit, such as ``"?"`` or -1; None where that
        was not a value at all.
    changeable
        Whether the card says that a person could change it, or only in one direction of the order
        of its values: only such inputs are changed in counterfactuals.
    storage
        What the parsed values are to NumPy and to an estimator.
    value_type
        The Python type of the parsed values.
    json_type
        The JSON type of the values that callers send, "any" where inputs of the type differ.
    bins
        How the anomaly tree divides the values: at their quantiles, or one bin for each of
        `known_values`; None where the tree leaves the input out.
    ambiguous_in
        The part of a file's notation without which texts could be read in two ways.
    is_free_text
        Whether the values are running text: hardly one occurs twice, and words can be left out.
    card_words
        What a card may say of an input of the type.
    card_hints
        Lines that a new card has as comments.
    """

    storage: ClassVar[Storage] = "object"
    value_type: ClassVar[Any]
    json_type: ClassVar[JsonType] = "string"
    bins: ClassVar[Literal["quantiles", "values"] | None] = None
    ambiguous_in: ClassVar[Literal["decimal"] | None] = None
    is_free_text: ClassVar[bool] = False
    card_words: ClassVar[type[CardWords]] = CardWords
    card_hints: ClassVar[tuple[str, ...]] = ('help = "One sentence."', "changeable = true")

    name: str
    label: str = ""
    help: str | None = None
    group: str | None = None
    missing_allowed: bool = False
    missing_marker: Scalar | None = None
    changeable: Changeable = False

    def __post_init__(self) -> None:
        """Refuse an input without a name, or with one that no page could show."""
        if not self.name:
            raise ValueError("an input needs a name")
        if len(self.name) > LONGEST_NAME:
            raise ValueError(f"expected names of at most {LONGEST_NAME:,} characters")

    @property
    def type_name(self) -> str:
        """The name of the type, as ``model.json`` and the API have it."""
        return str(self.__struct_config__.tag)

    @property
    def is_spelled(self) -> bool:
        """Whether the estimator takes the values as texts, which `spelled` returns."""
        return False

    @property
    def clock(self) -> tzinfo | None:
        """The time zone on whose clock the values are, if there is one."""
        return None

    def spelled(self, value: Value) -> object:
        """Return a parsed value as the estimator takes it."""
        return value

    @property
    def may_be_text(self) -> bool:
        """Whether a parsed value may be a text to an estimator."""
        return self.storage == "object"

    # A value from JSON.

    def parse(self, raw: object) -> Value:
        """Return the exact value of ``raw``, a value from JSON, or raise `Refusal`."""
        raise NotImplementedError

    def means_missing(self, raw: object) -> bool:
        """Return whether a value from JSON is the one that stands for a missing value."""
        marker = self.missing_marker
        return (
            marker is not None
            and raw == marker
            and isinstance(raw, bool) is (isinstance(marker, bool))
        )

    @property
    def value_of_missing(self) -> Value:
        """The parsed value of a missing one."""
        return None

    def warning(
        self,
        value: Value,  # noqa: ARG002 - most types have no warning
        *,
        hint: bool = True,  # noqa: ARG002
    ) -> InputWarning | None:
        """Return what is odd about a parsed value that is not missing.

        Parameters
        ----------
        hint
            Whether it names the nearest known value, which takes time to find.
        """
        return None

    def to_json(self, value: Value) -> Json:
        """Return a parsed value as the JSON value that a caller would send."""
        return value  # type: ignore[return-value] # types whose values are not JSON override this

    def text_of(self, value: Scalar) -> str:
        """Return what people read for a value as JSON has it."""
        return str(value)

    def schema(self) -> Schema:
        """Return the JSON Schema of what `parse` accepts."""
        words = ". ".join(word.rstrip(".") for word in (self.label, self.help or "") if word)
        described = {"description": words} if words else {}
        return {**described, **_nullable(self._schema(), self.missing_allowed)}

    def _schema(self) -> Schema:
        raise NotImplementedError

    def _warn(self, code: str, detail: str) -> InputWarning:
        return InputWarning(input=self.name, code=code, detail=detail)

    # Fast paths: each decides a part of what `parse` and `warning` do, and leaves the rest to them.

    @cached_property
    def is_plain(self) -> Check:
        """Whether a JSON value is its own parsed value and needs no warning; False if in doubt."""
        return lambda _value: False

    def are_plain(self, column: Sequence[Any]) -> bool:
        """Return whether all JSON values of a column are plain; False if in doubt."""
        return all(map(self.is_plain, column))

    @property
    def plain_type(self) -> Any:  # noqa: ANN401 - a type
        """The msgspec type that accepts exactly the plain values and leaves them unchanged.

        None if there is no such type.
        """
        return None

    def plain_numbers(
        self,
        cells: Any,  # noqa: ANN401, ARG002 - a column of a table
        *,
        may_be_text: bool,  # noqa: ARG002
        missing: Collection[float],  # noqa: ARG002
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]] | None:
        """Return the cells of a column as numbers, and which are valid beyond doubt.

        Parameters
        ----------
        may_be_text
            Whether a text may stand for a number, with a point as its decimal mark.
        missing
            Numbers that stand for a missing value.

        Returns
        -------
        tuple or None
            Two arrays of shape (n,); None where every cell has to be parsed by itself.
        """
        return None

    # A cell of a table.

    def from_text(self, notation: Notation) -> FromText:  # noqa: ARG002 - of no use to most types
        """Return how the texts of a column are read.

        Only what can be meant in one way is changed. Any other text is returned as it is, and
        `parse` refuses it in its own words.
        """
        return lambda text: text

    def days_read(self, texts: Sequence[str], notation: Notation) -> DaysRead:  # noqa: ARG002
        """Return how the texts of a column are read, where they are days.

        Raises
        ------
        OpenNotation
            They can be read in two ways.
        """
        return DaysRead(None)

    def remarks(self, cells: Sequence[Any]) -> Sequence[str]:  # noqa: ARG002 - most have none
        """Return sentences on how cells of a table are read that people would not expect."""
        return ()

    def from_cell(self, cell: object) -> object:
        """Return a cell that has a type of its own as the JSON value that a caller would send."""
        cell = python_value(cell)
        if cell is None or cell != cell:  # NaN, NaT
            return None
        if isinstance(cell, Decimal):
            return int(cell) if cell == cell.to_integral_value() else float(cell)
        if isinstance(cell, bytes):
            return cell.decode("utf-8", "backslashreplace")
        return cell.isoformat() if isinstance(cell, date) else cell

    def knows(self, text: str) -> bool:  # noqa: ARG002
        """Return whether a text is one of the known values, character by character."""
        return False

    # What training showed.

    @classmethod
    def claims(cls, column: TrainingColumn) -> bool:  # noqa: ARG003
        """Return whether a column of a training table holds inputs of this type."""
        return False

    @classmethod
    def from_column(cls, column: TrainingColumn, **common: Any) -> Self:  # noqa: ANN401
        """Return the input that a column is; ``common`` has its name, label and missingness."""
        raise NotImplementedError

    def probed(self, probe: ValueProbe) -> Self:
        """Return the input as its estimator takes it."""
        allowed = self.missing_allowed and probe.takes(None)
        return msgspec.structs.replace(self, missing_allowed=allowed)

    def training_bins(self) -> TrainingBins | None:
        """Return how training rows were distributed; None where that is not known."""
        return None

    # Words.

    def described(self, words: Mapping[str, object]) -> Self:
        """Return the input with a card's words laid over it.

        Raises
        ------
        ValueError
            Names the word that does not fit.
        """
        for word in words:
            if word not in self.card_words.__struct_fields__:
                raise ValueError(
                    f"{word!r} means nothing for {self.name!r}, which is a {self.type_name}"
                )
        checked = msgspec.convert(words, self.card_words)
        given = {
            word: value
            for word in checked.__struct_fields__
            if (value := getattr(checked, word)) is not None
        }
        return msgspec.structs.replace(self, **self._changes(given))

    def _changes(self, words: dict[str, Any]) -> dict[str, Any]:
        """Return the members that a card's words change."""
        return words

    def summary(self) -> str | None:
        """Return the range or the values, in a few words for a terminal."""
        return None

    # Values to ask a model with.

    def sample(self) -> Value:
        """Return a typical value, or any value where none is known."""
        raise NotImplementedError

    def known_values(self) -> Sequence[Scalar]:
        """Return all values that training knew, where they can be counted."""
        return ()

    def without_unknown(self) -> Self:
        """Return an input that refuses values that training did not know, where it can."""
        return self

    def grid(self, present: Value, most: int) -> list[Value]:  # noqa: ARG002
        """Return about ``most`` values across what training showed, in their order.

        Parameters
        ----------
        present
            A value that is among them unless it is missing.
        """
        return []

    def alternatives(self, present: Value, most: int) -> list[Value]:
        """Return the values of a `grid` that a counterfactual may set: not missing, not present."""
        return [
            value for value in self.grid(present, most) if value is not None and value != present
        ]

    def may_become(self, present: Value, value: Value) -> bool:
        """Return whether a person could change one value to another, by the card's words."""
        if isinstance(self.changeable, bool) or present is None or value is None:
            return bool(self.changeable)
        before, after = self.rank(present), self.rank(value)
        return bool(after > before if self.changeable == "up" else after < before)

    def rank(self, value: Value) -> Any:  # noqa: ANN401 - what can be compared
        """Return the place of a value in the order of the input's values."""
        return value

    def position(self, value: Value) -> float | None:  # noqa: ARG002
        """Return where a value lies on a line; None for all if they are not in a line."""
        return None

    def between(self, present: Value, value: Value, count: int) -> list[Value]:  # noqa: ARG002
        """Return about ``count`` values that lie between two, where there are such."""
        return []

    def cost(self, present: Value, value: Value) -> float:  # noqa: ARG002
        """Return how large a change is, as the share of the training rows that it passes over."""
        return COST_OF_ANOTHER

    def trial_values(self, rows: Sequence[Value], thresholds: Sequence[float]) -> Iterator[object]:
        """Yield JSON values that could reveal a difference between a plan and its estimator.

        Parameters
        ----------
        rows
            Values of real rows.
        thresholds
            Numbers at which the model behaves differently.
        """
        raise NotImplementedError


class Registry:
    """The types of inputs by name, until the first signature is read."""

    def __init__(self) -> None:
        self._types: dict[str, type[Input]] = {}

    def add(self, kind: "type[Kind]") -> "type[Kind]":
        """Add a type; use it as a decorator.

        Raises
        ------
        RuntimeError
            Signatures are read by the types that there were before.
        """
        if "union" in self.__dict__:
            raise RuntimeError("Register input types before the first signature is read.")
        self._types[str(kind.__struct_config__.tag)] = kind
        return kind

    def by_precedence(self) -> Iterator[type[Input]]:
        """Go through the types, the last one first: it may claim what a general type takes too."""
        return reversed(self._types.values())

    @cached_property
    def union(self) -> Any:  # noqa: ANN401 - a type
        """The union of all types, by which signatures are decoded."""
        return reduce(or_, self._types.values())


Kind = TypeVar("Kind", bound=Input)
REGISTRY = Registry()
register = REGISTRY.add


def whole(raw: object) -> int | None:
    """Return ``raw`` as an int where it is a whole JSON number held exactly, else None."""
    if isinstance(raw, bool) or not isinstance(raw, (int, float)):
        return None
    if not -LARGEST_EXACT <= raw <= LARGEST_EXACT or raw != int(raw):
        return None
    return int(raw)


def tidy(number: float) -> float:
    """Return a number as an int where it is whole."""
    exact = whole(number)
    return number if exact is None else exact


def plain(number: float) -> str:
    """Write a number as people do: ``39`` for 39.0, every digit otherwise."""
    return str(tidy(number))


def found(raw: object) -> str:
    """Quote a JSON value for a message, cut where it is long; what is cut off is not written."""
    if isinstance(raw, str):
        raw = raw[: LONGEST_QUOTED + 1]
    text = ""
    for piece in ENCODER.iterencode(raw):  # as far as it is shown, however large or deep it is
        text += piece
        if len(text) > LONGEST_QUOTED:
            break
    return shortened(text)


def python_value(cell: object) -> object:
    """Return a scalar of NumPy as Python has it; moments as exactly as Python can."""
    if isinstance(cell, (np.datetime64, np.timedelta64)):
        exact = cell.astype(f"{cell.dtype.name.partition('[')[0]}[us]")
        return exact.item() if exact == cell else str(cell)
    return cell.tolist() if isinstance(cell, (np.generic, np.ndarray)) else cell


def _nullable(schema: Schema, nullable: bool) -> Schema:
    if not nullable:
        return schema
    if "enum" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return {**schema, "type": [*kinds, "null"]}

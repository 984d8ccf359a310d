"""The types of inputs: each takes a JSON value exactly or refuses it, and says when it is odd.

A class here is one type of input. ``parse`` turns a JSON value into the value that a runtime
takes, ``warning`` says what training never saw, and ``schema`` is the same promise as JSON Schema.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import ClassVar, TypeAlias

import msgspec

from servery.errors import LONGEST_QUOTED, nearest, shortened
from servery.patterns import most_characters
from servery.signature.seen import BooleanSeen, CategorySeen, DateSeen, NumberSeen, TextSeen

Scalar: TypeAlias = str | int | float | bool
Value: TypeAlias = Scalar | date | datetime | None
Schema: TypeAlias = dict[str, object]

# Beyond this, neighbouring whole numbers share one float64 (IEEE 754, 53 bits of significand).
LARGEST_EXACT = 2**53


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
        """The sentence, and which known value is nearest to the one refused."""
        return self.without_hint + (nearest(*self._near) if self._near else "")


class InputWarning(msgspec.Struct, frozen=True):
    """Something odd about an accepted value: the answer stands, and this stands beside it.

    ``input`` is None where it is about the values together.
    """

    input: str | None
    code: str
    detail: str


class Expectation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A regular expression that texts usually match, and the warning where one does not."""

    pattern: str
    warning: str


class Category(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One known value of a category, what people read for it, and its training rows."""

    value: Scalar
    label: str
    count: int | None = None


class InputBase(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    dict=True,
    tag_field="type",
    forbid_unknown_fields=True,
):
    """What inputs of every type have.

    Attributes
    ----------
    name
        Any text; it is the name of the column that the estimator was fitted on.
    label, help
        What people read; the card's words, else made from the name.
    missing_allowed
        Whether the model was fitted with missing values here.
    changeable
        Whether the card says that it could be otherwise: only such inputs are changed to show
        what would turn an outcome.
    """

    name: str
    label: str = ""
    help: str | None = None
    missing_allowed: bool = False
    changeable: bool = False

    def __post_init__(self) -> None:
        """Refuse an input without a name, or with one that no page could show."""
        if not self.name:
            raise ValueError("an input needs a name")
        if len(self.name) > LONGEST_NAME:
            raise ValueError(f"expected names of at most {LONGEST_NAME:,} characters")

    def schema(self) -> Schema:
        """Return the JSON Schema of what `parse` accepts."""
        words = ". ".join(word.rstrip(".") for word in (self.label, self.help or "") if word)
        described = {"description": words} if words else {}
        return {**described, **_nullable(self._schema(), self.missing_allowed)}

    def parse(self, raw: object) -> Value:
        """Return the exact value of ``raw``, a value from JSON, or raise `Refusal`."""
        raise NotImplementedError

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

    def _schema(self) -> Schema:
        raise NotImplementedError

    def _warn(self, code: str, detail: str) -> InputWarning:
        return InputWarning(input=self.name, code=code, detail=detail)


class NumericInput(InputBase, frozen=True, kw_only=True, dict=True):
    """A quantity; ``minimum`` and ``maximum`` are hard limits, ``step`` what one tick moves.

    ``rough`` is where most values lie as far as fitted parts tell, where training itself is not
    known: enough to draw a slider, too little to warn.
    """

    json_type: ClassVar[str]
    largest: ClassVar[float]

    unit: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    typical: float | None = None
    rough: tuple[float, float] | None = None
    seen: NumberSeen | None = None

    def warning(self, value: Value, *, hint: bool = True) -> InputWarning | None:  # noqa: ARG002
        """Warn outside the range that training saw."""
        if self.seen is None or not isinstance(value, (int, float)):
            return None
        if self.seen.minimum <= value <= self.seen.maximum:
            return None
        low, high = plain(self.seen.minimum), plain(self.seen.maximum)
        return self._warn("outside-training-range", f"Seen in training: {low} to {high}.")

    def _refuse_outside_limits(self, number: float) -> None:
        if self.minimum is not None and number < self.minimum:
            raise Refusal(
                "below-minimum",
                f"Expected {self._quantity(self.minimum)} or more, found {plain(number)}.",
            )
        if self.maximum is not None and number > self.maximum:
            raise Refusal(
                "above-maximum",
                f"Expected {self._quantity(self.maximum)} or less, found {plain(number)}.",
            )

    def _quantity(self, number: float) -> str:
        return f"{plain(number)} {self.unit}" if self.unit else plain(number)

    def _schema(self) -> Schema:
        low = -self.largest if self.minimum is None else self.minimum
        high = self.largest if self.maximum is None else self.maximum
        return {"type": self.json_type, "minimum": _tidy(low), "maximum": _tidy(high)}


class NumberInput(NumericInput, frozen=True, kw_only=True, dict=True, tag="number"):
    """Any finite float64."""

    json_type: ClassVar[str] = "number"
    largest: ClassVar[float] = 1.7976931348623157e308

    def parse(self, raw: object) -> float:
        """Take a JSON number that a float64 holds exactly as it was read."""
        if isinstance(raw, bool) or not isinstance(raw, (int, float)):
            raise Refusal("not-a-number", f"Expected a number, found {found(raw)}.")
        try:
            number = float(raw)
        except OverflowError:
            number = float("inf")
        if number in (float("inf"), float("-inf")):
            raise Refusal("not-a-number", f"Expected a number, found {found(raw)}: too large.")
        if number != raw:
            raise Refusal(
                "not-a-number",
                f"Expected a number that a double holds exactly, found {found(raw)}.",
            )
        self._refuse_outside_limits(number)
        return number


class IntegerInput(NumericInput, frozen=True, kw_only=True, dict=True, tag="integer"):
    """A whole number that every JSON reader holds exactly."""

    json_type: ClassVar[str] = "integer"
    largest: ClassVar[float] = LARGEST_EXACT

    def parse(self, raw: object) -> int:
        """Take a JSON number without a fraction: ``39`` and ``39.0``, not ``39.5`` or ``"39"``."""
        number = whole(raw)
        if number is None:
            raise Refusal("not-an-integer", f"Expected a whole number, found {found(raw)}.")
        self._refuse_outside_limits(number)
        return number


class BooleanInput(InputBase, frozen=True, kw_only=True, dict=True, tag="boolean"):
    """True or false, and nothing that merely looks like it."""

    typical: bool | None = None
    seen: BooleanSeen | None = None

    def parse(self, raw: object) -> bool:
        """Take ``true`` and ``false``, not 1, 0 or ``"true"``."""
        if not isinstance(raw, bool):
            raise Refusal("not-a-boolean", f"Expected true or false, found {found(raw)}.")
        return raw

    def _schema(self) -> Schema:
        return {"type": "boolean"}


class CategoryInput(InputBase, frozen=True, kw_only=True, dict=True, tag="category"):
    """One of the values that training knew; others only where the model can take them."""

    categories: tuple[Category, ...]
    unknown_allowed: bool = False
    typical: Scalar | None = None
    seen: CategorySeen | None = None

    def __post_init__(self) -> None:
        """Refuse more categories than a list can show."""
        super().__post_init__()
        if len(self.categories) > MOST_CATEGORIES:
            raise ValueError(
                f"expected at most {MOST_CATEGORIES:,} categories, found {len(self.categories):,}"
            )

    @cached_property
    def known(self) -> Mapping[tuple[type, Scalar], Scalar]:
        """Each value by its type and itself: to Python ``True == 1``, to a form they differ."""
        return {
            (type(category.value), category.value): category.value for category in self.categories
        }

    @cached_property
    def types(self) -> frozenset[type]:
        """The types of the known values; a value of another type is no category at all."""
        return frozenset(type(category.value) for category in self.categories)

    def parse(self, raw: object) -> Scalar:
        """Take a known value; an unknown one of the same type where the model can."""
        value = self._typed(raw)
        if (type(value), value) in self.known or self.unknown_allowed:
            return value
        raise Refusal(
            "unknown-category",
            f"Expected {self._choices}, found {found(raw)}.",
            near=(value, self._texts) if isinstance(value, str) else None,
        )

    def warning(self, value: Value, *, hint: bool = True) -> InputWarning | None:
        """Warn of a value that training never saw."""
        if not isinstance(value, (str, int, float)) or (type(value), value) in self.known:
            return None
        near = nearest(value, self._texts) if hint and isinstance(value, str) else ""
        return self._warn("unknown-category", f"{found(value)} was never seen in training.{near}")

    def _typed(self, raw: object) -> Scalar:
        # To JSON 2 and 2.0 are one number: a page can only send the former.
        if isinstance(raw, float) and float not in self.types and whole(raw) is not None:
            raw = int(raw)
        elif type(raw) is int and int not in self.types and float in self.types:
            raw = float(raw) if whole(raw) is not None else raw
        if type(raw) in self.types and isinstance(raw, (str, int, float)):
            return _short(raw)
        raise Refusal("not-a-category", f"Expected {self._choices}, found {found(raw)}.")

    @cached_property
    def _choices(self) -> str:
        shown = [found(category.value) for category in self.categories[:20]]
        more = len(self.categories) - len(shown)
        return "one of " + ", ".join(shown) + (f" and {more} others" if more else "")

    @cached_property
    def _texts(self) -> tuple[str, ...]:
        return tuple(each.value for each in self.categories if isinstance(each.value, str))

    def _schema(self) -> Schema:
        values = [category.value for category in self.categories]
        if not self.unknown_allowed:
            return {"enum": values}
        types = sorted({JSON_TYPES[kind] for kind in self.types})
        limit = {"maxLength": LONGEST_CATEGORY} if str in self.types else {}
        return {"type": types[0] if len(types) == 1 else types, **limit, "examples": values}


class TextInput(InputBase, frozen=True, kw_only=True, dict=True, tag="text"):
    """Words; ``max_length`` in characters is a hard limit."""

    max_length: int = 10_000
    placeholder: str | None = None
    typical: str | None = None
    expects: Expectation | None = None
    seen: TextSeen | None = None

    def __post_init__(self) -> None:
        """Refuse a pattern that is not a regular expression, or may take too long."""
        super().__post_init__()
        if self.expects is not None:
            try:
                self._looked_at  # noqa: B018 - found once, and an error here
                re.compile(self.expects.pattern)
            except (ValueError, re.error) as error:
                raise ValueError(f"`expects.pattern` {error}") from error

    @cached_property
    def expected(self) -> re.Pattern[str] | None:
        """The compiled pattern of ``expects``."""
        return re.compile(self.expects.pattern, re.IGNORECASE) if self.expects else None

    @cached_property
    def _looked_at(self) -> int | None:
        return most_characters(self.expects.pattern) if self.expects else None

    def parse(self, raw: object) -> str:
        """Take a text that is not blank, unchanged."""
        if not isinstance(raw, str):
            raise Refusal("not-text", f"Expected text, found {found(raw)}.")
        if len(raw) > self.max_length:
            raise Refusal(
                "too-long",
                f"Expected at most {self.max_length} characters, found {len(raw)}.",
            )
        if not raw.strip():
            raise Refusal("blank", "Expected some text, found none.")
        return raw

    def warning(self, value: Value, *, hint: bool = True) -> InputWarning | None:  # noqa: ARG002
        """Warn of a text that is not of the kind that the model was fitted on."""
        if self.expects is None or self.expected is None or not isinstance(value, str):
            return None
        if self.expected.search(value[: self._looked_at]):
            return None
        return self._warn("unexpected-text", self.expects.warning)

    def _schema(self) -> Schema:
        # The blank characters of Python's str.strip, spelled out: `\S` differs between engines.
        return {
            "type": "string",
            "minLength": 1,
            "maxLength": self.max_length,
            "pattern": NOT_BLANK,
        }


class DateInput(InputBase, frozen=True, kw_only=True, dict=True, tag="date"):
    """A day, written YYYY-MM-DD; ``minimum`` and ``maximum`` are hard limits."""

    minimum: str | None = None
    maximum: str | None = None
    typical: str | None = None
    seen: DateSeen | None = None

    def parse(self, raw: object) -> date:
        """Take a day of the calendar."""
        if isinstance(raw, str) and DAY.fullmatch(raw):
            try:
                day = date.fromisoformat(raw)
            except ValueError:
                pass
            else:
                _refuse_outside_days(self.minimum, self.maximum, raw)
                return day
        raise Refusal("not-a-date", f"Expected a date such as 2024-02-29, found {found(raw)}.")

    def warning(self, value: Value, *, hint: bool = True) -> InputWarning | None:  # noqa: ARG002
        """Warn outside the days that training saw."""
        return _days_warning(self, self.seen, value.isoformat() if isinstance(value, date) else "")

    def _schema(self) -> Schema:
        return {"type": "string", "format": "date"}


class DatetimeInput(InputBase, frozen=True, kw_only=True, dict=True, tag="datetime"):
    """A moment on the clock that the training data used, written YYYY-MM-DDTHH:MM:SS."""

    minimum: str | None = None
    maximum: str | None = None
    typical: str | None = None
    seen: DateSeen | None = None

    def parse(self, raw: object) -> datetime:
        """Take a day and a time without an offset, as the training data had them."""
        if isinstance(raw, str) and MOMENT.fullmatch(raw):
            try:
                moment = datetime.fromisoformat(raw)
            except ValueError:
                pass
            else:
                _refuse_outside_days(self.minimum, self.maximum, moment.isoformat())
                return moment
        raise Refusal(
            "not-a-datetime",
            f"Expected a date and time such as 2024-02-29T18:30:00, found {found(raw)}.",
        )

    def warning(self, value: Value, *, hint: bool = True) -> InputWarning | None:  # noqa: ARG002
        """Warn outside the moments that training saw."""
        moment = value.isoformat() if isinstance(value, datetime) else ""
        return _days_warning(self, self.seen, moment)

    def _schema(self) -> Schema:
        return {"type": "string", "pattern": f"^{MOMENT.pattern}$"}


Input: TypeAlias = (
    NumberInput
    | IntegerInput
    | BooleanInput
    | CategoryInput
    | TextInput
    | DateInput
    | DatetimeInput
)

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?")
NOT_BLANK = r"[^\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
JSON_TYPES: dict[type, str] = {str: "string", int: "integer", float: "number", bool: "boolean"}
LONGEST_CATEGORY = 500
LONGEST_NAME = 1_000
MOST_CATEGORIES = 100_000
ENCODER = json.JSONEncoder(ensure_ascii=False, default=str)


def whole(raw: object) -> int | None:
    """Return ``raw`` as an int where it is a whole JSON number held exactly, else None."""
    if isinstance(raw, bool) or not isinstance(raw, (int, float)):
        return None
    if not -LARGEST_EXACT <= raw <= LARGEST_EXACT or raw != int(raw):
        return None
    return int(raw)


def plain(number: float) -> str:
    """Write a number as people do: ``39`` for 39.0, every digit otherwise."""
    return str(_tidy(number))


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


def _tidy(number: float) -> float:
    exact = whole(number)
    return number if exact is None else exact


def _nullable(schema: Schema, nullable: bool) -> Schema:
    if not nullable:
        return schema
    if "enum" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return {**schema, "type": [*kinds, "null"]}


def _short(value: Scalar) -> Scalar:
    if isinstance(value, str) and len(value) > LONGEST_CATEGORY:
        raise Refusal(
            "too-long",
            f"Expected at most {LONGEST_CATEGORY} characters, found {len(value)}.",
        )
    return value


def _refuse_outside_days(minimum: str | None, maximum: str | None, day: str) -> None:
    if minimum is not None and day < minimum:
        raise Refusal("below-minimum", f"Expected {minimum} or later, found {day}.")
    if maximum is not None and day > maximum:
        raise Refusal("above-maximum", f"Expected {maximum} or earlier, found {day}.")


def _days_warning(source: InputBase, seen: DateSeen | None, day: str) -> InputWarning | None:
    if seen is None or seen.minimum <= day <= seen.maximum:
        return None
    return InputWarning(
        input=source.name,
        code="outside-training-range",
        detail=f"Seen in training: {seen.minimum} to {seen.maximum}.",
    )

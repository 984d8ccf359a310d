"""Quantities: the types ``number`` and ``integer``."""

import math
import random
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property
from typing import Annotated, Any, ClassVar, Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from servery.errors import named
from servery.inputs.base import (
    LARGEST_EXACT,
    QUANTILES,
    CardWords,
    Check,
    FromText,
    Input,
    InputWarning,
    Json,
    Notation,
    Refusal,
    Schema,
    TrainingColumn,
    TrainingStats,
    Value,
    found,
    plain,
    register,
    tidy,
    whole,
)
from servery.inputs.boolean import PLAIN_WORDS
from servery.inputs.numerals import possible, reading
from servery.inputs.training_bins import TrainingBins

LARGEST_DOUBLE = 1.7976931348623157e308
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
WHOLE = re.compile(r"[+-]?[0-9]{1,400}")
DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
NUMERALS = b"0123456789.+-eE\n"
#: With fewer training rows, that all values are whole may be chance.
ENOUGH_ROWS = 20
LEAST_BINS = 6
MOST_BINS = 24


class Histogram(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``counts`` of training rows between neighbouring ``edges``, of which there is one more."""

    edges: list[float]
    counts: list[int]


class NumberStats(TrainingStats, frozen=True, kw_only=True):
    """Range, the quantiles of `QUANTILES` and a histogram, in the unit of the input.

    The last two are empty where only the range is known.
    """

    minimum: float
    maximum: float
    quantiles: list[float] = msgspec.field(default_factory=list)
    histogram: Histogram | None = None


class NumberWords(CardWords, frozen=True, kw_only=True):
    """What a card may say of a quantity; outside the limits a value is refused."""

    unit: str | None = None
    step: float | None = None
    minimum: float | None = None
    maximum: float | None = None


class NumericInput(Input, frozen=True, kw_only=True, dict=True):
    """A quantity; ``minimum`` and ``maximum`` are hard limits, ``step`` what one tick moves.

    ``approximate_range`` is where most values lie according to the fitted parts, where the range of
    training is not known: enough to draw a slider, not enough to warn.
    """

    #: The Python types of JSON values that are plain numbers of the type.
    json_types: ClassVar[frozenset[type]]
    largest: ClassVar[float]
    bins = "quantiles"
    ambiguous_in = "decimal"
    card_words = NumberWords
    card_hints = (*Input.card_hints, 'unit = "…"')

    unit: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    typical: float | None = None
    approximate_range: tuple[float, float] | None = None
    training_stats: NumberStats | None = None

    def warning(self, value: Value, *, hint: bool = True) -> InputWarning | None:  # noqa: ARG002
        """Warn outside the range that training saw."""
        stats = self.training_stats
        if stats is None or not isinstance(value, (int, float)):
            return None
        if stats.minimum <= value <= stats.maximum:
            return None
        low, high = plain(stats.minimum), plain(stats.maximum)
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
        low, high = self._limits
        return {"type": self.json_type, "minimum": tidy(low), "maximum": tidy(high)}

    @cached_property
    def _limits(self) -> tuple[float, float]:
        """The lowest and the highest value that is taken."""
        low = -float(self.largest) if self.minimum is None else self.minimum
        return low, float(self.largest) if self.maximum is None else self.maximum

    @cached_property
    def _plain_limits(self) -> tuple[float, float]:
        """The narrower of the limits and the range of training."""
        low, high = self._limits
        stats = self.training_stats
        return (low, high) if stats is None else (max(low, stats.minimum), min(high, stats.maximum))

    def are_plain(self, column: Sequence[Any]) -> bool:
        """Return whether all values are numbers of the type within the range of training."""
        types = set(map(type, column))
        if not types <= self.json_types:
            return False
        lowest, highest = min(column), max(column)
        if int in types and not -LARGEST_EXACT <= lowest <= highest <= LARGEST_EXACT:
            return False
        low, high = self._plain_limits
        return bool(low <= lowest and highest <= high)

    def plain_numbers(
        self,
        cells: Any,  # noqa: ANN401
        *,
        may_be_text: bool,
        missing: Collection[float],
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]] | None:
        """Read a column of numbers, or of texts that are all numbers, at once."""
        if isinstance(cells, np.ndarray) and cells.dtype.kind in "iuf":
            numbers = cells.astype(np.float64)
        elif may_be_text and isinstance(cells, list) and set(map(type, cells)) <= {str}:
            numbers = _numbers_of_texts(cells)
        else:
            return None
        if missing:
            numbers[np.isin(numbers, [*missing])] = np.nan
        return numbers, self._are_plain(numbers)

    def _are_plain(self, numbers: NDArray[np.float64]) -> NDArray[np.bool_]:
        low, high = self._plain_limits
        # 2**53 itself is left out: the next whole number above is the same double.
        return (numbers >= low) & (numbers <= high) & (np.abs(numbers) < LARGEST_EXACT)

    def from_text(self, notation: Notation) -> FromText:
        """Read texts as numbers that are written in one of the ways which the notation leaves."""
        ways = possible(notation.decimal, notation.thousands)
        column = ("the input ", named(self.name))

        def read(text: str) -> Json:
            number = reading(text.strip(), ways, "A row", column)
            return (None if not text.strip() else text) if number is None else number

        return read

    def summary(self) -> str | None:
        """Return the range."""
        if self.training_stats is not None:
            return f"{self.training_stats.minimum:g} to {self.training_stats.maximum:g}"
        if self.approximate_range is not None:
            low, high = self.approximate_range
            return f"roughly {low:.3g} to {high:.3g}"
        return None

    def sample(self) -> Value:
        """Return the typical value, or 0."""
        return 0 if self.typical is None else self.parse(self.typical)

    @property
    def _range(self) -> tuple[float, float] | None:
        stats = self.training_stats
        return self.approximate_range if stats is None else (stats.minimum, stats.maximum)

    def _rounded(self, value: float) -> float:
        """Return a value of the type that is near."""
        return float(value)

    def grid(self, present: Value, most: int) -> list[Value]:
        """Return evenly spaced values across the range."""
        if self._range is None:
            return []
        values = {self._rounded(value) for value in np.linspace(*self._range, most).tolist()}
        if isinstance(present, (int, float)):
            values.add(present)
        return [*sorted(values)]

    def alternatives(self, present: Value, most: int) -> list[Value]:
        """Return round values across the range that may be sent."""
        low, high = self._limits
        values = {self.round_value(value) for value in self.grid(present, most)}  # type: ignore[arg-type] # numbers
        return [value for value in sorted(values) if value != present and low <= value <= high]

    def position(self, value: Value) -> float | None:
        """Return the number itself."""
        return float(value) if isinstance(value, (int, float)) else None

    def between(self, present: Value, value: Value, count: int) -> list[Value]:
        """Return round values between two, neither of them included."""
        if not isinstance(present, (int, float)) or not isinstance(value, (int, float)):
            return []
        low, high = sorted((present, value))
        inner = np.linspace(present, value, count + 2)[1:-1].tolist()
        values = {self.round_value(each) for each in inner} - {present, value}
        return [each for each in values if low <= each <= high]

    def round_value(self, value: float) -> float:
        """Return a value as a person would say it: in steps, or to a hundredth of the range."""
        low, high = self._range or (0.0, 1.0)
        step = self.step or 10.0 ** math.floor(math.log10((high - low) or 1.0)) / 100
        digits = max(0, -math.floor(math.log10(step)) + 1)
        return round(round(value / step) * step, digits)

    def cost(self, present: Value, value: Value) -> float:
        """Return the mean of the share of the range and of the training rows passed over."""
        if not isinstance(present, (int, float)) or not isinstance(value, (int, float)):
            return super().cost(present, value)
        low, high = self._range or (0.0, 1.0)
        by_width = abs(value - present) / ((high - low) or 1.0)
        return 0.5 * by_width + 0.5 * abs(self._rank(value) - self._rank(present))

    def training_bins(self) -> TrainingBins | None:
        """Return the bins of the histogram."""
        stats = self.training_stats
        if stats is None or stats.histogram is None:
            return None
        return TrainingBins.of_numbers(stats.histogram.edges, stats.histogram.counts, stats.missing)

    def _rank(self, value: float) -> float:
        """Return the share of training rows below a value, judging by the histogram."""
        histogram = self.training_stats.histogram if self.training_stats else None
        if histogram is None:
            low, high = self.approximate_range or (0.0, 1.0)
            return (value - low) / ((high - low) or 1.0)
        counts = np.cumsum([0, *histogram.counts])
        return float(np.interp(value, histogram.edges, counts / counts[-1]))

    def trial_values(
        self,
        rows: Sequence[Value],  # noqa: ARG002
        thresholds: Sequence[float],
    ) -> Iterator[object]:
        """Go through range ends, thresholds and their neighbours, and values far outside."""
        stats = self.training_stats
        ends = [*(self.approximate_range or ()), self.minimum, self.maximum, self.typical]
        if stats:
            ends += [stats.minimum, stats.maximum, *stats.quantiles]
        known = [float(end) for end in ends if end is not None]
        low, high = min(known, default=-1.0), max(known, default=1.0)
        reach = (high - low) or 1.0
        beyond = [low - reach, high + reach, low - 1e3 * reach, high + 1e3 * reach]
        for value in [*known, *thresholds, *beyond, 0.0, -1.0, 1.0, 0.5, 1e-9, 1e39]:
            for near in (value, math.nextafter(value, -math.inf), math.nextafter(value, math.inf)):
                yield from self._neighbours(near)
        chance = random.Random(1)  # noqa: S311 - the same values each time
        for _ in range(50):
            yield from self._neighbours(chance.uniform(low, high))

    def _neighbours(self, value: float) -> Iterator[float]:
        """Go through the values of the type that a number may be rounded to."""
        yield value
        with np.errstate(over="ignore"):
            yield float(np.float32(value))


@register
class NumberInput(NumericInput, frozen=True, kw_only=True, dict=True, tag="number"):
    """Any finite float64.

    ``may_be_boolean`` is for a column whose type no fitted part records: true and false are 1 and 0
    to an estimator that takes numbers.
    """

    may_be_boolean: bool = False

    storage = "float64"
    value_type = float
    json_type = "number"
    json_types = frozenset([int, float])
    largest = LARGEST_DOUBLE

    def parse(self, raw: object) -> float:
        """Take a JSON number that a float64 holds exactly as it was read."""
        if isinstance(raw, bool) and self.may_be_boolean:
            raw = float(raw)
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

    def _schema(self) -> Schema:
        schema = super()._schema()
        return {**schema, "type": ["number", "boolean"]} if self.may_be_boolean else schema

    def from_text(self, notation: Notation) -> FromText:
        """Read texts as numbers, and ``true`` and ``false`` if the column may be boolean."""
        number = super().from_text(notation)
        if not self.may_be_boolean:
            return number

        def read(text: str) -> Json:
            word = text.strip().lower()
            return word == "true" if word in PLAIN_WORDS else number(text)

        return read

    @cached_property
    def is_plain(self) -> Check:
        """Whether a value is a float, or a whole number that a double holds, within the range."""
        low, high = self._plain_limits
        return lambda value: (
            (
                type(value) is float
                or (type(value) is int and -LARGEST_EXACT <= value <= LARGEST_EXACT)
            )
            and low <= value <= high
        )

    @property
    def plain_type(self) -> Any:  # noqa: ANN401 - a type
        """A float within the range, if every whole number of the range is exact as a float."""
        low, high = self._plain_limits
        if not -LARGEST_EXACT < low <= high < LARGEST_EXACT:
            return None
        return Annotated[float, msgspec.Meta(ge=low, le=high)]

    @classmethod
    def claims(cls, column: TrainingColumn) -> bool:
        """Claim numbers that are not all whole, and whole ones that were measured as floats."""
        return column.dtype in ("integer", "float") and not _holds_integers(column)

    @classmethod
    def from_column(cls, column: TrainingColumn, **common: Any) -> Self:  # noqa: ANN401
        """Read range, quantiles and histogram."""
        values = column.values
        # Whole in every row: the form steps so, and takes a fraction all the same.
        is_whole = len(values) >= ENOUGH_ROWS and bool((values == values.round()).all())
        return cls(
            **common,
            training_stats=number_stats(values, column.missing),
            step=1.0 if is_whole else None,
            typical=float(f"{np.median(values):.4g}"),
        )


@register
class IntegerInput(NumericInput, frozen=True, kw_only=True, dict=True, tag="integer"):
    """A whole number that every JSON reader holds exactly."""

    storage = "int64"
    value_type = int
    json_type = "integer"
    json_types = frozenset([int])
    largest = LARGEST_EXACT

    def parse(self, raw: object) -> int:
        """Take a JSON number without a fraction: ``39`` and ``39.0``, not ``39.5`` or ``"39"``."""
        number = whole(raw)
        if number is None:
            # Every double of this size is whole, but JSON readers would round a larger integer.
            is_large = type(raw) in {int, float} and abs(raw) > LARGEST_EXACT  # type: ignore[arg-type]
            within = f" from -{LARGEST_EXACT} to {LARGEST_EXACT}" if is_large else ""
            raise Refusal("not-an-integer", f"Expected a whole number{within}, found {found(raw)}.")
        self._refuse_outside_limits(number)
        return number

    @cached_property
    def is_plain(self) -> Check:
        """Whether a value is an int within the range."""
        low, high = self._plain_limits
        return lambda value: type(value) is int and low <= value <= high

    @property
    def plain_type(self) -> Any:  # noqa: ANN401 - a type
        """A whole number within the range."""
        low, high = self._plain_limits
        return Annotated[int, msgspec.Meta(ge=math.ceil(low), le=math.floor(high))]

    def _are_plain(self, numbers: NDArray[np.float64]) -> NDArray[np.bool_]:
        return np.asarray(super()._are_plain(numbers) & (numbers == np.floor(numbers)))

    @classmethod
    def claims(cls, column: TrainingColumn) -> bool:
        """Claim whole numbers."""
        return column.dtype in ("integer", "float") and _holds_integers(column)

    @classmethod
    def from_column(cls, column: TrainingColumn, **common: Any) -> Self:  # noqa: ANN401
        """Read range, quantiles and histogram."""
        return cls(
            **common,
            training_stats=number_stats(column.values, column.missing),
            typical=round(float(np.median(column.values))),
        )

    def _rounded(self, value: float) -> float:
        return round(value)

    round_value = _rounded

    def _neighbours(self, value: float) -> Iterator[float]:
        yield from (math.floor(value), math.ceil(value))


def number_of(text: str, *, decimal: str = ".") -> Json:
    """Return the number that a text is; no thousands, no words, no other alphabets' digits."""
    bare = text.strip()
    if not bare:
        return None
    if decimal == ",":
        bare = "." if "." in bare else bare.replace(",", ".")
    if WHOLE.fullmatch(bare):
        return int(bare)
    return float(bare) if NUMBER.fullmatch(bare) else text


def number_stats(values: NDArray[np.float64], missing: int) -> NumberStats:
    """Summarise numbers: range, quantiles (linear interpolation) and a histogram."""
    return NumberStats(
        missing=missing,
        minimum=float(values.min()),
        maximum=float(values.max()),
        quantiles=[float(q) for q in np.quantile(values, QUANTILES)],
        histogram=_histogram(values),
    )


def _numbers_of_texts(cells: list[str]) -> NDArray[np.float64]:
    """Return texts as numbers, NaN for every text that is none."""
    joined = "\n".join(cells)
    if joined.isascii() and not joined.encode().translate(None, NUMERALS):
        try:
            return np.array([float(cell) if cell else np.nan for cell in cells])
        except ValueError:  # such as 1-2
            pass
    is_number: Callable[[str], object] = NUMBER.fullmatch
    return np.array([float(cell) if is_number(cell) else np.nan for cell in cells])


def _holds_integers(column: TrainingColumn) -> bool:
    # A table turns whole numbers into floats where one is missing; other floats were measured,
    # and that all of them happen to be whole says little.
    if column.dtype == "integer":
        return True
    return column.missing > 0 and all(map(_are_whole, (column.values, column.unseen)))


def _are_whole(values: NDArray[Any] | None) -> bool:
    if values is None or not np.issubdtype(values.dtype, np.number):
        return True
    is_exact = np.abs(values) <= LARGEST_EXACT
    return bool((is_exact & (values == values.round())).all())


def _histogram(values: NDArray[np.float64]) -> Histogram:
    is_whole = bool(np.all(values == np.round(values)))
    span = values.max() - values.min()
    if span == 0:
        edges = np.array([values[0] - 0.5, values[0] + 0.5])
    elif is_whole and span < MOST_BINS:
        edges = np.arange(values.min() - 0.5, values.max() + 1)
    else:
        bins = min(MOST_BINS, max(LEAST_BINS, round(len(values) ** 0.5)))
        edges = np.linspace(values.min(), values.max(), bins + 1)
    counts, _ = np.histogram(values, bins=edges)
    return Histogram(edges=[float(f"{edge:.6g}") for edge in edges], counts=counts.tolist())

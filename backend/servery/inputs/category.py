"""One of several known values: the type ``category``."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from itertools import pairwise
from typing import Any, ClassVar, Literal, Self

import msgspec
import numpy as np

from servery.errors import PublishingRefused, nearest
from servery.inputs.base import (
    COST_OF_ANOTHER,
    LARGEST_EXACT,
    CardWords,
    Check,
    FromText,
    Input,
    InputWarning,
    Json,
    Notation,
    Refusal,
    Scalar,
    Schema,
    TrainingColumn,
    TrainingStats,
    Value,
    ValueProbe,
    found,
    register,
    whole,
)
from servery.inputs.boolean import BOOLEANS
from servery.inputs.number import number_of
from servery.inputs.training_bins import TrainingBins

JSON_TYPES: dict[type, str] = {str: "string", int: "integer", float: "number", bool: "boolean"}
LONGEST_CATEGORY = 500
#: Whole numbers that pandas and JSON hold exactly, as they are written.
WHOLE, LONGEST_WHOLE = re.compile(r"0|-?[1-9][0-9]*", re.ASCII), 15
MOST_CATEGORIES = 100_000
#: A text column with more different values than this share of its rows holds texts.
MOST_DISTINCT_SHARE = 0.5
MOST_DISTINCT = 500
#: A type with more values would take long to build.
MOST_OF_A_TYPE = 1_000
#: Unknown texts whose nearest known value is cached.
MOST_HINTS = 200
#: Of more known values, the most frequent ones make a grid.
MOST_OF_A_GRID = 60
#: What a rare value costs in a counterfactual beside a frequent one.
COST_OF_RARITY = 0.25
NEVER_SEEN = "\N{WHITE SQUARE} never seen"


class Category(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One known value, what people read for it, and its training rows."""

    value: Scalar
    label: str
    count: int | None = None


class CategoryStats(TrainingStats, frozen=True, kw_only=True):
    """Only what was missing: the counts stand beside each category."""


class CategoryWords(CardWords, frozen=True, kw_only=True):
    """What a card may say of a category: the ``labels`` of values, and their ``order``."""

    labels: dict[str, str] | None = None
    order: list[Scalar] | None = None


@register
class CategoryInput(Input, frozen=True, kw_only=True, dict=True, tag="category"):
    """One of the values that training knew; others only where the model can take them."""

    value_type: ClassVar[Any] = Scalar
    json_type = "any"
    bins = "values"
    card_words = CategoryWords

    categories: tuple[Category, ...]
    unknown_allowed: bool = False
    typical: Scalar | None = None
    training_stats: CategoryStats | None = None

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
        """The types of the known values; a value of another type is refused."""
        return frozenset(type(category.value) for category in self.categories)

    @property
    def may_be_text(self) -> bool:
        """Whether one of the known values is a text."""
        return str in self.types

    def text_of(self, value: Scalar) -> str:
        """Return the label of a category."""
        found = (category.label for category in self.categories if category.value == value)
        return next(found, str(value))

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
        near = self._hint(value) if hint and isinstance(value, str) else ""
        return self._warn("unknown-category", f"{found(value)} was never seen in training.{near}")

    def _typed(self, raw: object) -> Scalar:
        raw = self._alike(raw)
        # To JSON 2 and 2.0 are one number: a page can only send the former.
        if isinstance(raw, float) and float not in self.types and whole(raw) is not None:
            raw = int(raw)
        elif type(raw) is int and int not in self.types and float in self.types:
            raw = float(raw) if whole(raw) is not None else raw
        if type(raw) in self.types and isinstance(raw, (str, int, float)):
            self._refuse_too_long(raw)
            return raw
        raise Refusal("not-a-category", f"Expected {self._choices}, found {found(raw)}.")

    def _alike(self, raw: object) -> object:
        """Return a whole number as a text, or such a text as a number, if all known ones are.

        Only where unknown categories are taken, as by CatBoost, to which 7 and "7" are one. A table
        of text holds the same cell for both.
        """
        if not self._are_whole:
            return raw
        if isinstance(raw, str):
            is_spelled = str not in self.types and WHOLE.fullmatch(raw) is not None
            number = whole(int(raw)) if is_spelled and len(raw) <= LONGEST_WHOLE else None
            return raw if number is None else number
        number = whole(raw) if str in self.types else None
        return raw if number is None else str(number)

    @cached_property
    def _are_whole(self) -> bool:
        """Whether unknown values are taken, and all known ones are whole numbers or spell them."""
        spelled = all(WHOLE.fullmatch(str(category.value)) for category in self.categories)
        return self.unknown_allowed and spelled and (self.types == {int} or self.types == {str})

    def _refuse_too_long(self, value: Scalar) -> None:
        if isinstance(value, str) and len(value) > self._longest:
            raise Refusal(
                "too-long", f"Expected at most {self._longest} characters, found {len(value)}."
            )

    @cached_property
    def _longest(self) -> int:
        """Most characters of a value: those of the longest known one, if it has more than most."""
        return max([LONGEST_CATEGORY, *map(len, self._texts)])

    @cached_property
    def _choices(self) -> str:
        shown = [found(category.value) for category in self.categories[:20]]
        more = len(self.categories) - len(shown)
        return "one of " + ", ".join(shown) + (f" and {more} others" if more else "")

    @cached_property
    def _hint(self) -> Callable[[str], str]:
        """Returns the known value nearest to a text; cached, as it is slow and texts repeat."""
        texts = self._texts
        return lru_cache(MOST_HINTS)(lambda value: nearest(value, texts))

    @cached_property
    def _texts(self) -> tuple[str, ...]:
        return tuple(each.value for each in self.categories if isinstance(each.value, str))

    def _schema(self) -> Schema:
        values = [category.value for category in self.categories]
        if not self.unknown_allowed:
            marker = self.missing_marker
            return {"enum": values if marker is None or marker in values else [*values, marker]}
        types = sorted({JSON_TYPES[kind] for kind in self.types})
        limit = {"maxLength": self._longest} if str in self.types else {}
        return {"type": types[0] if len(types) == 1 else types, **limit, "examples": values}

    @cached_property
    def is_plain(self) -> Check:
        """Whether a value is known, of its exact type: to Python, True is 1."""
        known, types = frozenset(self.known), self.types
        return lambda value: type(value) in types and (type(value), value) in known

    def are_plain(self, column: Sequence[Any]) -> bool:
        """Return whether all values are known and of the one known type."""
        if not set(map(type, column)) <= self.types or len(self.types) != 1:
            return False
        if int in self.types and not -LARGEST_EXACT <= min(column) <= max(column) <= LARGEST_EXACT:
            return False  # many larger numbers may share one hash, which makes sets slow
        return not set(column).difference(value for _, value in self.known)

    @property
    def plain_type(self) -> Any:  # noqa: ANN401 - a type
        """One of the known values, if all are texts and there are not very many."""
        if self.types != {str} or len(self.categories) > MOST_OF_A_TYPE:
            return None
        return Literal[tuple(self.known_values())]

    def from_text(self, notation: Notation) -> FromText:
        """Read a text as the known value that it stands for; else as one of the known types."""
        return partial(self._of_text, decimal=notation.decimal or ".")

    def _of_text(self, text: str, *, decimal: str) -> Json:
        bare = text.strip()
        if not bare:
            return text if self.knows(text) else None
        readings: list[Json] = [
            *(text, bare),
            number_of(bare, decimal=decimal),
            BOOLEANS.get(bare.lower()),
        ]
        for value in readings:
            if self._is_known(value):
                return value
        return next((value for value in readings if self._is_of_known_type(value)), text)

    def _is_of_known_type(self, value: Json) -> bool:
        """Return whether some known value is of a type; to JSON, numbers are of one type."""
        kinds = {int, float} if type(value) in (int, float) else {type(value)}
        return not kinds.isdisjoint(self.types)

    def _is_known(self, value: Json) -> bool:
        if isinstance(value, (bool, str)):
            return (type(value), value) in self.known
        return value is not None and ((int, value) in self.known or (float, value) in self.known)

    def knows(self, text: str) -> bool:
        """Return whether a text is one of the known values."""
        return (str, text) in self.known

    @classmethod
    def claims(cls, column: TrainingColumn) -> bool:
        """Claim categorical columns, and texts of which many rows share few."""
        return column.dtype == "category" or (column.has_only_texts and has_few_values(column))

    @classmethod
    def from_column(
        cls,
        column: TrainingColumn,
        known: Sequence[Scalar] | None = None,
        **common: Any,  # noqa: ANN401
    ) -> Self:
        """Count the values: those of the column, or those that the estimator knows."""
        counts = Counter(column.values.tolist())
        if known is not None:
            counts = Counter({value: counts[value] for value in known})
        ranked = sorted(((scalar(value), count) for value, count in counts.items()), key=order)
        return cls(
            **common,
            categories=tuple(Category(value, str(value), count) for value, count in ranked),
            typical=max(ranked, key=lambda pair: pair[1])[0],
            training_stats=CategoryStats(missing=column.missing),
        )

    @classmethod
    def from_values(cls, values: Sequence[object], **common: Any) -> Self:  # noqa: ANN401
        """Return an input of these values, of which no more is known."""
        known = sorted(((scalar(value), 0) for value in values), key=order)
        return cls(
            **common,
            categories=tuple(Category(value, str(value)) for value, _ in known),
            typical=known[0][0] if known else None,
        )

    def probed(self, probe: ValueProbe) -> Self:
        """Ask for a missing value and for several that training never saw."""
        unknown_allowed = bool(self.categories) and probe.takes_unknown(*self._unseen())
        return msgspec.structs.replace(super().probed(probe), unknown_allowed=unknown_allowed)

    def _unseen(self) -> list[Scalar]:
        """Return unknown values of the known types: odd ones, near ones and ones in between."""
        texts = sorted(self._texts)
        numbers = sorted(each.value for each in self.categories if not isinstance(each.value, str))
        near = [texts[0][:-1], texts[0] + "a", texts[-1] * 2, texts[-1].swapcase()] if texts else []
        odd = [NEVER_SEEN, "0", "~", "Never seen"] if texts else []
        beyond = [numbers[0] - 1, numbers[-1] + 1] if numbers else []
        middle = [(low + high) / 2 for low, high in pairwise(numbers)][:1]
        inner = [type(numbers[0])(each) for each in middle]
        tried: list[Scalar] = [*near, *odd, *beyond, *inner]
        return [value for value in tried if (type(value), value) not in self.known]

    def _changes(self, words: dict[str, Any]) -> dict[str, Any]:
        by_text = {str(category.value): category for category in self.categories}
        labels, order = words.pop("labels", {}), list(map(str, words.pop("order", [])))
        for member, names in (("labels", labels), ("order", order)):
            _require_known(member, names, by_text)
        ranked = order + [text for text in by_text if text not in order]
        described = tuple(
            msgspec.structs.replace(
                by_text[text], label=labels.get(text, by_text[text].label or text)
            )
            for text in ranked
        )
        return {**words, "categories": described}

    def summary(self) -> str | None:
        """Return the first values."""
        shown = ", ".join(str(category.value) for category in self.categories[:5])
        more = len(self.categories) - 5
        return shown + (f" and {more} others" if more > 0 else "")

    def sample(self) -> Value:
        """Return the most frequent value, or 0."""
        return 0 if self.typical is None else self.parse(self.typical)

    def known_values(self) -> Sequence[Scalar]:
        """Return the values of the categories."""
        return [category.value for category in self.categories]

    def training_bins(self) -> TrainingBins | None:
        """Return the rows of each category, where they were counted."""
        counts = [category.count for category in self.categories]
        if self.training_stats is None or not all(count is not None for count in counts):
            return None
        labels = [category.label for category in self.categories]
        known = [count or 0 for count in counts]
        return TrainingBins.of_values(
            self.known_values(), labels, known, self.training_stats.missing
        )

    def without_unknown(self) -> Self:
        """Return an input that refuses unknown categories."""
        return msgspec.structs.replace(self, unknown_allowed=False)

    def rank(self, value: Value) -> int:
        """Return the place in the order of the card; an unknown value comes first."""
        known = self.known_values()
        return known.index(value) if value in known else -1

    def grid(self, present: Value, most: int) -> list[Value]:  # noqa: ARG002
        """Return the most frequent values in their order, and a missing one if that is allowed."""
        ranked = sorted(self.categories, key=lambda category: -(category.count or 0))
        frequent = {category.value for category in ranked[:MOST_OF_A_GRID]}
        values: list[Value] = [value for value in self.known_values() if value in frequent]
        if present is not None and present not in values:
            values.append(present)
        return [*values, None] if self.missing_allowed else values

    def cost(self, present: Value, value: Value) -> float:  # noqa: ARG002
        """Return the same for every change, and more for a rare value."""
        counts = {each.value: each.count or 0 for each in self.categories}
        share = counts.get(value, 0) / max(1, sum(counts.values()))  # type: ignore[arg-type] # a scalar
        return COST_OF_ANOTHER + (1.0 - share) * COST_OF_RARITY

    def trial_values(
        self,
        rows: Sequence[Value],  # noqa: ARG002
        thresholds: Sequence[float],  # noqa: ARG002
    ) -> Iterator[object]:
        """Go through all known values, and unknown ones if those are allowed."""
        yield from self.known_values()
        if self.unknown_allowed:
            yield from ("never seen", "", 10**6)


def has_few_values(column: TrainingColumn) -> bool:
    """Return whether so many rows share so few texts that these are categories."""
    most = min(MOST_DISTINCT, max(2, MOST_DISTINCT_SHARE * len(column.values)))
    return column.distinct <= most


def order(pair: tuple[Scalar, int]) -> tuple[str, float, str]:
    """Sort numbers before texts, each among their own."""
    value = pair[0]
    return ("", value, "") if not isinstance(value, str) else ("text", 0.0, value)


def scalar(value: object) -> Scalar:
    """Return a category as the JSON value that names it."""
    bare = value.item() if isinstance(value, np.generic) else value
    if not isinstance(bare, (str, int, float, bool)):
        raise PublishingRefused(
            f"Expected a text or a number as a category, found {bare!r}. Fit the model on the "
            'texts of such values: X["column"] = X["column"].astype(str).'
        )
    return bare


def _require_known(member: str, names: Sequence[str], known: Mapping[str, Category]) -> None:
    for name in names:
        if name not in known:
            hint = nearest(name, known)
            raise ValueError(f"{member} names {name!r}, which the model does not have.{hint}")

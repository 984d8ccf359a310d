"""Running text: the type ``text``."""

import random
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from servery.inputs.base import (
    QUANTILES,
    CardWords,
    Check,
    Input,
    InputWarning,
    Refusal,
    Schema,
    TrainingColumn,
    TrainingStats,
    Value,
    ValueProbe,
    found,
    register,
)
from servery.inputs.category import has_few_values
from servery.patterns import most_characters

NOT_BLANK = r"[^\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
#: Longer texts are refused unless training or test rows had them.
LONGEST = 10_000
ODD_TEXTS = (
    "",
    " ",
    "a",
    "A b",
    "é ß ﬁ 漢字 مرحبا 🙂",
    "don't stop-it, U.S.A. 3.14!",
    "\n\t x\u00a0y",
    "word " * 2000,
    "".join(f"{number} " for number in range(500)),
)


class Expectation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A regular expression that texts usually match, and the warning where one does not."""

    pattern: str
    warning: str


class Lengths(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Lengths of texts, in characters; ``quantiles`` are those of `QUANTILES`."""

    minimum: int
    maximum: int
    quantiles: list[float]


class TextStats(TrainingStats, frozen=True, kw_only=True):
    """How long the texts of training were."""

    lengths: Lengths


class TextWords(CardWords, frozen=True, kw_only=True):
    """What a card may say of a text; a longer one than ``max_length`` is refused."""

    max_length: int | None = None
    placeholder: str | None = None
    expects: Expectation | None = None


@register
class TextInput(Input, frozen=True, kw_only=True, dict=True, tag="text"):
    """Words; ``max_length`` in characters is a hard limit."""

    value_type = str
    is_free_text = True
    card_words = TextWords

    max_length: int = LONGEST
    placeholder: str | None = None
    typical: str | None = None
    expects: Expectation | None = None
    training_stats: TextStats | None = None

    def __post_init__(self) -> None:
        """Refuse a pattern that is not a regular expression, or may take too long."""
        super().__post_init__()
        if self.expects is not None:
            try:
                self._most_searched, self.expected  # noqa: B018 - found once, and an error here
            except (ValueError, re.error) as error:
                raise ValueError(f"`expects.pattern` {error}") from error

    @cached_property
    def expected(self) -> re.Pattern[str] | None:
        """The compiled pattern of ``expects``."""
        return re.compile(self.expects.pattern, re.IGNORECASE) if self.expects else None

    @cached_property
    def _most_searched(self) -> int | None:
        """The most characters of a text that the pattern searches in good time."""
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
        if not raw.strip() and self.missing_marker != "":
            raise Refusal("blank", "Expected some text, found none.")
        return raw

    @property
    def value_of_missing(self) -> Value:
        """A blank text, where that is what the model takes: no part of it has to fill it."""
        return self.missing_marker

    def warning(self, value: Value, *, hint: bool = True) -> InputWarning | None:  # noqa: ARG002
        """Warn of a text that is not of the kind that the model was fitted on."""
        if self.expects is None or self.expected is None or not isinstance(value, str):
            return None
        if self.expected.search(value[: self._most_searched]):
            return None
        return self._warn("unexpected-text", self.expects.warning)

    def _schema(self) -> Schema:
        if self.missing_marker == "":
            return {"type": "string", "maxLength": self.max_length}
        # The blank characters of Python's str.strip, spelled out: `\S` differs between engines.
        return {
            "type": "string",
            "minLength": 1,
            "maxLength": self.max_length,
            "pattern": NOT_BLANK,
        }

    @cached_property
    def is_plain(self) -> Check:
        """Whether a value is a text that is neither blank nor too long nor unexpected."""
        return lambda value: (
            type(value) is str
            and len(value) <= self.max_length
            and bool(value.strip())
            and self.warning(value) is None
        )

    @classmethod
    def claims(cls, column: TrainingColumn) -> bool:
        """Claim texts of which hardly any two are the same."""
        return column.has_only_texts and not has_few_values(column)

    @classmethod
    def from_column(cls, column: TrainingColumn, **common: Any) -> Self:  # noqa: ANN401
        """Measure the lengths."""
        lengths = np.array([len(str(value)) for value in column.values], dtype=np.float64)
        quantiles = [float(q) for q in np.quantile(lengths, QUANTILES)]
        of_texts = Lengths(
            minimum=int(lengths.min()), maximum=int(lengths.max()), quantiles=quantiles
        )
        longest = max([LONGEST, of_texts.maximum, *_lengths(column.unseen)])
        if of_texts.minimum == 0 or 0 in _lengths(column.unseen):
            common["missing_allowed"] = True  # if the model takes a blank text; see `probed`
        stats = TextStats(missing=column.missing, lengths=of_texts)
        return cls(**common, max_length=longest, training_stats=stats)

    def probed(self, probe: ValueProbe) -> Self:
        """Take a blank text for a missing one, where the model takes that alone."""
        item = super().probed(probe)
        if item.missing_allowed or not self.missing_allowed or not probe.takes(""):
            return item
        return msgspec.structs.replace(item, missing_allowed=True, missing_marker="")

    def sample(self) -> Value:
        """Return the typical text, or a short one."""
        return "text" if self.typical is None else self.parse(self.typical)

    def trial_values(
        self,
        rows: Sequence[Value],
        thresholds: Sequence[float],  # noqa: ARG002
    ) -> Iterator[object]:
        """Go through odd texts, and through texts of the words of real ones."""
        yield from ODD_TEXTS
        words = [word for text in rows[:200] for word in str(text).split()]
        chance = random.Random(2)  # noqa: S311 - the same texts each time
        for count in (1, 2, 5, 20, 80) * 40:
            if words:
                text = " ".join(chance.choices(words, k=count))
                yield chance.choice((text, text.upper(), text + "?", text.title(), f"  {text}\n"))


def _lengths(values: NDArray[Any] | None) -> list[int]:
    return [] if values is None else [len(value) for value in values if isinstance(value, str)]

"""True and false: the type ``boolean``."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, Self

from servery.inputs.base import (
    Check,
    FromText,
    Input,
    Json,
    Notation,
    Refusal,
    Scalar,
    Schema,
    TrainingColumn,
    TrainingStats,
    Value,
    found,
    register,
)
from servery.inputs.training_bins import TrainingBins

#: What text files, databases and spreadsheets write; a boolean input leaves no other meaning.
WORDS: dict[bool, tuple[str, ...]] = {
    True: (
        *("true", "t", "yes", "y", "on", "1", "1.0"),
        *("wahr", "ja", "j", "vrai", "oui", "verdadero", "sí", "si", "s"),
        *("vero", "sì", "verdadeiro", "sim", "waar", "prawda", "tak", "да", "истина", "是", "真"),
    ),
    False: (
        *("false", "f", "no", "n", "off", "0", "0.0", "-0.0"),
        *("falsch", "nein", "faux", "non", "falso", "não", "nao"),
        *("onwaar", "nee", "fałsz", "nie", "нет", "ложь", "否", "假"),
    ),
}
BOOLEANS = {word: value for value, words in WORDS.items() for word in words}
#: Words that need no remark.
PLAIN_WORDS = frozenset(["true", "false"])


class BooleanStats(TrainingStats, frozen=True, kw_only=True):
    """How many training rows were true, and how many false."""

    true: int
    false: int


@register
class BooleanInput(Input, frozen=True, kw_only=True, dict=True, tag="boolean"):
    """True or false, and nothing that only looks like it."""

    storage = "bool"
    value_type = bool
    json_type = "boolean"
    bins = "values"

    typical: bool | None = None
    training_stats: BooleanStats | None = None

    def parse(self, raw: object) -> bool:
        """Take ``true`` and ``false``, not 1, 0 or ``"true"``."""
        if not isinstance(raw, bool):
            raise Refusal("not-a-boolean", f"Expected true or false, found {found(raw)}.")
        return raw

    def _schema(self) -> Schema:
        return {"type": "boolean"}

    @cached_property
    def is_plain(self) -> Check:
        """Whether a value is true or false."""
        return lambda value: value is True or value is False

    @property
    def plain_type(self) -> Any:  # noqa: ANN401 - a type
        """True or false."""
        return bool

    def from_text(self, notation: Notation) -> FromText:  # noqa: ARG002
        """Read the words for true and false."""
        return _boolean_of

    def remarks(self, cells: Sequence[Any]) -> Sequence[str]:
        """Say which words are read as true, and which as false."""
        read = {str(cell).strip(): _boolean_of(str(cell)) for cell in cells if _is_word(cell)}
        if all(word.lower() in PLAIN_WORDS for word in read):
            return []
        sides = [
            f"{' and '.join(map(repr, words))} as {str(side).lower()}"
            for side in (True, False)
            if (words := sorted(word for word, value in read.items() if value is side))
        ]
        return [f"{', '.join(sides)}."] if sides else []

    @classmethod
    def claims(cls, column: TrainingColumn) -> bool:
        """Claim columns of booleans."""
        return column.dtype == "bool"

    @classmethod
    def from_column(cls, column: TrainingColumn, **common: Any) -> Self:  # noqa: ANN401
        """Count both."""
        true = int(column.values.sum())
        stats = BooleanStats(missing=column.missing, true=true, false=len(column.values) - true)
        return cls(**common, training_stats=stats, typical=stats.true > stats.false)

    def sample(self) -> Value:
        """Return the more frequent one, or false."""
        return bool(self.typical)

    def training_bins(self) -> TrainingBins | None:
        """Return the rows of both values."""
        stats = self.training_stats
        if stats is None:
            return None
        counts = [stats.false, stats.true]
        return TrainingBins.of_values((False, True), ("false", "true"), counts, stats.missing)

    def known_values(self) -> Sequence[Scalar]:
        """Return both."""
        return (False, True)

    def grid(self, present: Value, most: int) -> list[Value]:  # noqa: ARG002
        """Return both, and a missing value where the model takes it."""
        return [False, True, *([None] if self.missing_allowed else [])]

    def trial_values(
        self,
        rows: Sequence[Value],  # noqa: ARG002
        thresholds: Sequence[float],  # noqa: ARG002
    ) -> Iterator[object]:
        """Go through both."""
        yield from (False, True)


def _is_word(cell: object) -> bool:
    """Return whether a cell of a table is a text or a number, which may stand for true or false."""
    return isinstance(cell, (str, int, float)) and not isinstance(cell, bool)


def _boolean_of(text: str) -> Json:
    bare = text.strip().lower()
    return BOOLEANS.get(bare, text) if bare else None

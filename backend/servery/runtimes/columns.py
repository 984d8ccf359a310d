"""Many rows as columns: what batches hand to a runtime, and what they get back."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

#: A column of n rows: float64 with NaN for what is missing (numbers, true and false), or objects
#: with None for it (categories, texts, days and moments).
Column: TypeAlias = NDArray[Any]
Columns: TypeAlias = Sequence[Column]


class DictionaryEncoded(np.ndarray[Any, Any]):
    """A column of objects that knows its few distinct ``values``, and the ``codes`` of its rows.

    What looks values up does so once for each of ``values``. To all else it is the plain column; a
    part of it, or what is computed from it, has forgotten both.
    """

    values: "NDArray[Any] | None"
    codes: "NDArray[np.intp] | None"

    def __new__(cls, values: NDArray[Any], codes: NDArray[np.intp]) -> "DictionaryEncoded":
        """Lay the values out as a column."""
        column = values[codes].view(cls)
        column.values, column.codes = values, codes
        return column

    def __array_finalize__(self, _source: object) -> None:
        """Forget what only holds of the whole."""
        self.values = self.codes = None


@dataclass(frozen=True, slots=True)
class ColumnOutcomes:
    """What a runtime says of n rows, as arrays; the fields are those of `Outcomes`.

    Attributes
    ----------
    values
        Shape (n,).
    classes
        Shape (n,), indices in signature order.
    probabilities, scores
        Shape (n, classes).
    parts
        One for each output of a model with several.
    known_words
        Shape (n,).
    """

    values: NDArray[np.float64] | None = None
    classes: NDArray[np.intp] | None = None
    probabilities: NDArray[np.float64] | None = None
    scores: NDArray[np.float64] | None = None
    parts: "Sequence[ColumnOutcomes] | None" = None
    known_words: NDArray[np.float64] | None = None

    @classmethod
    def joined(cls, pieces: "Sequence[ColumnOutcomes]") -> "ColumnOutcomes":
        """Return the outcomes of several pieces of a table, one after the other."""
        first = pieces[0]
        known_words = _joined([piece.known_words for piece in pieces])
        if first.parts is not None:
            columns = zip(*[piece.parts or () for piece in pieces], strict=True)
            return cls(parts=[cls.joined(column) for column in columns], known_words=known_words)
        return cls(
            values=_joined([piece.values for piece in pieces]),
            classes=_joined([piece.classes for piece in pieces]),
            probabilities=_joined([piece.probabilities for piece in pieces]),
            scores=_joined([piece.scores for piece in pieces]),
            known_words=known_words,
        )

    def split(self, counts: "Sequence[int]") -> "list[ColumnOutcomes]":
        """Return the outcomes of the first rows, of the next ones, and so on: `joined` undone."""
        ends = list(accumulate(counts))
        return [
            self._part(slice(end - count, end)) for count, end in zip(counts, ends, strict=True)
        ]

    def _part(self, rows: slice) -> "ColumnOutcomes":
        def of(figures: Any) -> Any:  # noqa: ANN401 - an array, or nothing
            return None if figures is None else figures[rows]

        return ColumnOutcomes(
            values=of(self.values),
            classes=of(self.classes),
            probabilities=of(self.probabilities),
            scores=of(self.scores),
            parts=None if self.parts is None else [part._part(rows) for part in self.parts],
            known_words=of(self.known_words),
        )


def _joined(arrays: Sequence[Any]) -> Any:  # noqa: ANN401 - arrays, or nothing of each
    return None if arrays[0] is None else np.concatenate(arrays)


def as_columns(outcomes: Any) -> ColumnOutcomes:  # noqa: ANN401 - `Outcomes`, which imports this
    """Return outcomes of rows as arrays."""
    known_words = _array(outcomes.known_words, np.float64)
    if outcomes.parts is not None:
        parts = [as_columns(part) for part in outcomes.parts]
        return ColumnOutcomes(parts=parts, known_words=known_words)
    return ColumnOutcomes(
        values=_array(outcomes.values, np.float64),
        classes=_array(outcomes.classes, np.intp),
        probabilities=_array(outcomes.probabilities, np.float64),
        scores=_array(outcomes.scores, np.float64),
        known_words=known_words,
    )


def _array(figures: Any, kind: type) -> Any:  # noqa: ANN401
    return None if figures is None else np.asarray(figures, dtype=kind)

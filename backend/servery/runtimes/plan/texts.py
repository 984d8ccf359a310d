"""From a text to weighted words: count and TF-IDF vectorizers as tables."""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from servery.runtimes.plan.features import One, Transform
from servery.runtimes.plan.steps import Columns, Floats
from servery.text import lemmas, normalize

#: Functions that a vectorizer may name.
PREPARATIONS: dict[str, Callable[[str], Any]] = {
    "lower": str.lower,
    "keep": str,
    "servery.text.normalize": normalize,
    "servery.text.lemmas": lemmas,
}


@dataclass
class Words(Transform):
    """Counts or weights of the words, or letters, of one text.

    Attributes
    ----------
    place
        Of the text in the row; -1 where the row is the text.
    prepare, tokenize
        A name of ``PREPARATIONS``; a regular expression, or such a name.
    analyzer
        ``word``, ``char`` or ``char_wb``, as scikit-learn has them.
    vocabulary
        The terms, in the order of their features.
    idf, sublinear, norm, binary
        As `TfidfTransformer` has them; no ``idf`` leaves the counts.
    """

    place: int
    prepare: str
    tokenize: str
    analyzer: str
    shortest: int
    longest: int
    stop_words: list[str]
    vocabulary: list[str]
    idf: Any = None
    sublinear: bool = False
    norm: str | None = None
    binary: bool = False
    _table: dict[str, int] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Make the table of the vocabulary and the function that cuts a text."""
        self._table = {term: feature for feature, term in enumerate(self.vocabulary)}
        self._prepared = PREPARATIONS[self.prepare]
        self._stop_words = frozenset(self.stop_words)
        self._idf = None if self.idf is None else self.idf.tolist()
        known = PREPARATIONS.get(self.tokenize)
        self._cut = known or re.compile(self.tokenize).findall

    @property
    def width(self) -> int:
        """The size of the vocabulary."""
        return len(self.vocabulary)

    def weights_of(self, text: str) -> dict[int, float]:
        """Return the features of a text that are not nought."""
        counts: dict[int, float] = {}
        table = self._table
        for term in self._terms(self._prepared(text)):
            feature = table.get(term)
            if feature is not None:
                counts[feature] = counts.get(feature, 0.0) + 1.0
        return self._weighted(counts)

    def _terms(self, text: str) -> Iterator[str]:
        if self.analyzer == "word":
            words = self._cut(text)
            if self._stop_words:
                words = [word for word in words if word not in self._stop_words]
            return _grams(words, self.shortest, self.longest)
        squeezed = re.sub(r"\s\s+", " ", text)
        if self.analyzer == "char":
            return _letters(squeezed, self.shortest, self.longest)
        return _letters_in_words(squeezed, self.shortest, self.longest)

    def _weighted(self, counts: dict[int, float]) -> dict[int, float]:
        if self.binary:
            counts = dict.fromkeys(counts, 1.0)
        if self.sublinear:
            counts = {feature: math.log(count) + 1.0 for feature, count in counts.items()}
        if self._idf is not None:
            idf = self._idf
            counts = {feature: count * idf[feature] for feature, count in counts.items()}
        if self.norm == "l2":
            length = math.sqrt(sum([weight * weight for weight in counts.values()]))
        elif self.norm == "l1":
            length = sum(map(abs, counts.values()))
        else:
            return counts
        return (
            {feature: weight / length for feature, weight in counts.items()} if length else counts
        )

    def _text(self, row: Sequence[Any]) -> str:
        return str(row[self.place])

    def one(self, row: Sequence[Any]) -> list[Any]:
        """Return the weights of every term."""
        made = [0.0] * self.width
        for feature, weight in self.weights_of(self._text(row)).items():
            made[feature] = weight
        return made

    def many(self, columns: Columns) -> Floats:
        """Return the weights of every term of n texts."""
        texts = columns[self.place].tolist()
        made = np.zeros((len(texts), self.width))
        for index, text in enumerate(texts):
            for feature, weight in self.weights_of(text).items():
                made[index, feature] = weight
        return made

    def project(self, weights: Floats) -> One:
        """Add up the terms that are there."""
        table = weights.tolist()

        def one(row: Sequence[Any]) -> float:
            total = 0.0
            for feature, weight in self.weights_of(self._text(row)).items():
                total += weight * table[feature]
            return total

        return one

    def project_all(self, row: Sequence[Any], weights: Floats) -> Floats:
        """Add up the terms that are there."""
        return self._sum(self.weights_of(self._text(row)), weights)

    def _sum(self, found: dict[int, float], weights: Floats) -> Floats:
        if not found:
            return np.zeros(weights.shape[1])
        return np.asarray(np.array(list(found.values())) @ weights[list(found)])

    def project_many(self, columns: Columns, weights: Floats) -> Floats:
        """Add up the terms that are there, text by text."""
        texts = columns[self.place].tolist()
        return np.array([self._sum(self.weights_of(text), weights) for text in texts])


def _grams(words: Sequence[str], shortest: int, longest: int) -> Iterator[str]:
    for length in range(shortest, longest + 1):
        if length == 1:
            yield from words
            continue
        for start in range(len(words) - length + 1):
            yield " ".join(words[start : start + length])


def _letters(text: str, shortest: int, longest: int) -> Iterator[str]:
    for length in range(shortest, min(longest, len(text)) + 1):
        for start in range(len(text) - length + 1):
            yield text[start : start + length]


def _letters_in_words(text: str, shortest: int, longest: int) -> Iterator[str]:
    for word in text.split():
        padded = f" {word} "
        for length in range(shortest, longest + 1):
            yield padded[:length]
            offset = 0
            while offset + length < len(padded):
                offset += 1
                yield padded[offset : offset + length]
            if offset == 0:  # a word shorter than the length counts once
                break

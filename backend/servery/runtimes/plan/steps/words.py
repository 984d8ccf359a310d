"""From a text to weighted words: count and TF-IDF vectorizers as tables."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, repeat
from typing import Any, NamedTuple

import numpy as np

from servery.inputs import Input
from servery.patterns import is_linear
from servery.runtimes.plan.checks import (
    require,
    require_flags,
    require_floats,
    require_places,
    require_texts,
)
from servery.runtimes.plan.step import Columns, Floats
from servery.runtimes.plan.transform import Places, Projection, Transform
from servery.signature.parsing import MOST_INPUTS
from servery.text import lemmas, normalize, plain_words


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text)
    return "".join([letter for letter in apart if not unicodedata.combining(letter)])


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")


#: Functions that a vectorizer may name.
PREPARATIONS: dict[str, Callable[[str], str]] = {
    "lower": str.lower,
    "keep": str,
    "lower, unicode": lambda text: _without_accents(text.lower()),
    "keep, unicode": _without_accents,
    "lower, ascii": lambda text: _ascii(text.lower()),
    "keep, ascii": _ascii,
    "servery.text.normalize": normalize,
    "servery.text.plain_words": plain_words,
}
#: Functions that a vectorizer may name for cutting a text into words.
TOKENIZERS: dict[str, Callable[[str], list[str]]] = {"servery.text.lemmas": lemmas}
ANALYZERS = ("word", "char", "char_wb")
#: Words or letters of the longest term: a text has terms of each length at each place.
MOST_GRAM = 20
LONGEST_SHOWN = 60
#: So many shares of texts are kept at most: those of the rows that a batch asks at once.
MOST_KEPT = 32_768
#: Words whose letters are added up once, and the length of the longest of them.
MOST_WORDS, LONGEST_WORD = 10_000, 40
#: Stands for a term that is not in the vocabulary.
UNKNOWN = -1


class SparseFeatures(NamedTuple):
    """The features of n texts that are not zero: one entry each, in the order of the texts."""

    texts: Places
    features: Places
    weights: Floats


@dataclass
class Words(Transform):
    """Counts or weights of the words, or letters, of one text.

    Attributes
    ----------
    place
        Of the text in the row; -1 where the row is the text.
    prepare, tokenize
        A name of ``PREPARATIONS``; a regular expression, or a name of ``TOKENIZERS``.
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
    #: Whether somebody is going to ask which share of a text's words is known.
    _keeps_shares: bool = field(init=False, repr=False, default=False)
    #: What was found of texts that were just cut, until it is asked, or is not going to be.
    _shares: dict[str, float] = field(init=False, repr=False, default_factory=dict)

    def check(self) -> None:
        """Refuse what would take more than linear time for some text."""
        require_places([self.place], -1, MOST_INPUTS, "places of inputs")
        require(self.prepare in PREPARATIONS, "an unknown preparation of texts")
        require(isinstance(self.tokenize, str), "something else than a pattern of words")
        if self.tokenize not in TOKENIZERS:
            pattern = self.tokenize[:LONGEST_SHOWN]
            require(is_linear(self.tokenize), f"a token pattern that may be slow: {pattern!r}")
        require(self.analyzer in ANALYZERS, "an unknown analyzer")
        require_places([self.shortest, self.longest], 1, MOST_GRAM + 1, "lengths of terms")
        require(self.shortest <= self.longest, "lengths of terms that do not ascend")
        require_texts(self.stop_words, "stop words")
        require_texts(self.vocabulary, "terms")
        if self.idf is not None:
            require_floats(self.idf, (self.width,), "weights of terms")
        require(self.norm in (None, "l1", "l2"), "an unknown norm")
        require_flags(self.sublinear, self.binary)

    def require_inputs(self, inputs: Sequence[Input]) -> None:
        """Refuse a place beyond the inputs, and the row as a text where it is more than one."""
        require(self.place < len(inputs), "places of inputs out of bounds")
        require(self.place >= 0 or len(inputs) == 1, "a text out of several inputs")

    def derive(self) -> None:
        """Make the table of the vocabulary and the function that cuts a text."""
        self._table = {term: feature for feature, term in enumerate(self.vocabulary)}
        self._prepared = PREPARATIONS[self.prepare]
        self._stop_words = frozenset(self.stop_words)
        self._idf = None if self.idf is None else self.idf.tolist()
        self._cut = TOKENIZERS.get(self.tokenize) or re.compile(self.tokenize).findall

    @property
    def width(self) -> int:
        """The size of the vocabulary."""
        return len(self.vocabulary)

    def sources(self) -> Places | None:
        """As of the text, for every term; none where the row itself is the text."""
        return None if self.place < 0 else np.full(self.width, self.place, dtype=np.intp)

    def weights_of(self, text: str) -> dict[int, float]:
        """Return the features of a text that are not zero."""
        counts = self._counts(text)
        weights = {feature: self._weight(feature, count) for feature, count in counts.items()}
        length = self._length(weights.values())
        if not length:
            return weights
        return {feature: weight / length for feature, weight in weights.items()}

    def known_share(self, row: Sequence[Any]) -> float:
        """Return the share of a text's words that are in the vocabulary; 0 if it has none.

        Where the terms are letters, or only pairs of words, it is the share of the terms.
        """
        text = self._text(row)
        share = self._shares.pop(text, None)
        return self._share_of(self._cut_up(self._prepared(text))[0]) if share is None else share

    def keep_shares(self) -> None:
        """Find with each text that is cut which share of its words is known."""
        self._keeps_shares = True

    def forget_shares(self) -> None:
        """Forget what was found of texts that were cut, where nobody is going to ask."""
        self._shares.clear()

    def _counts(self, text: str) -> dict[int, int]:
        return Counter(self._known_terms(text))

    def _known_terms(self, text: str) -> list[int]:
        """Return the feature of each term of a text that is in the vocabulary."""
        words, terms = self._cut_up(self._prepared(text))
        found = list(map(self._table.get, terms))
        if self._keeps_shares:  # the words are the first of the terms
            unknown = found[: len(words)].count(None)
            self._keep_share(text, (len(words) - unknown) / len(words) if words else 0.0)
        return [feature for feature in found if feature is not None]

    def _keep_share(self, text: str, share: float) -> None:
        if len(self._shares) >= MOST_KEPT:
            self._shares.clear()
        self._shares[text] = share

    def _sparse(self, texts: Sequence[str]) -> SparseFeatures:
        """Return the features of n texts, where each text is cut once and the rest is arrays."""
        cut = [self._cut_up(self._prepared(text)) for text in texts]
        if self._keeps_shares:
            for text, (words, _) in zip(texts, cut, strict=True):
                self._keep_share(text, self._share_of(words))
        lengths = [len(terms) for _, terms in cut]
        terms = chain.from_iterable(terms for _, terms in cut)
        found = np.fromiter(map(self._table.get, terms, repeat(UNKNOWN)), np.intp, sum(lengths))
        numbers = np.repeat(np.arange(len(texts)), lengths)
        is_known = found != UNKNOWN
        # The same term of the same text has the same key; sorted, equal keys are neighbours.
        keys = np.sort(numbers[is_known] * self.width + found[is_known])
        starts = np.flatnonzero(np.diff(keys, prepend=-1))
        counts = np.diff(starts, append=len(keys))
        numbers, features = np.divmod(keys[starts], max(self.width, 1))
        weights = self._weights_of_counts(counts)
        if self.idf is not None:
            weights = weights * self.idf[features]
        return SparseFeatures(numbers, features, self._normed(numbers, weights, len(texts)))

    def _weights_of_counts(self, counts: Places) -> Floats:
        """Return what a term weighs that is there so often, before ``idf``."""
        if self.binary:
            return np.ones(len(counts))
        if not self.sublinear:
            return counts.astype(np.float64)
        # By `math.log`, as for one text: that of NumPy may round otherwise.
        logs = [0.0, *(math.log(count) + 1.0 for count in range(1, counts.max(initial=0) + 1))]
        return np.array(logs)[counts]

    def _normed(self, numbers: Places, weights: Floats, texts: int) -> Floats:
        """Divide the weights of each text by their length."""
        if self.norm is None:
            return weights
        sizes = weights * weights if self.norm == "l2" else np.abs(weights)
        lengths = np.bincount(numbers, sizes, texts)
        if self.norm == "l2":
            lengths = np.sqrt(lengths)
        return weights / np.where(lengths == 0.0, 1.0, lengths)[numbers]

    def _share_of(self, words: Sequence[str]) -> float:
        return sum(map(self._table.__contains__, words)) / len(words) if words else 0.0

    def _weight(self, feature: int, count: int) -> float:
        times = self._times(count)
        return times if self._idf is None else times * self._idf[feature]

    def _times(self, count: int) -> float:
        """Return how much more a term weighs that is there so often than one that is there once."""
        if self.binary or count == 1:
            return 1.0
        return math.log(count) + 1.0 if self.sublinear else float(count)

    def _length(self, weights: Iterable[float]) -> float:
        """Return what all weights are divided by; 0 where they stay."""
        if self.norm == "l2":
            return math.sqrt(sum([weight * weight for weight in weights]))
        return sum(map(abs, weights)) if self.norm == "l1" else 0.0

    def _cut_up(self, text: str) -> tuple[list[str], list[str]]:
        """Return the words of a text, or what stands for them, and its terms."""
        if self.analyzer == "word":
            words = self._cut(text)
            if self._stop_words:
                words = [word for word in words if word not in self._stop_words]
            if (self.shortest, self.longest) == (1, 1):
                return words, words
            terms = _grams(words, self.shortest, self.longest)
            return (words if self.shortest == 1 else terms), terms
        squeezed = re.sub(r"\s\s+", " ", text)
        cut = _letters if self.analyzer == "char" else _letters_in_words
        terms = list(cut(squeezed, self.shortest, self.longest))
        return terms, terms

    def _text(self, row: Sequence[Any]) -> str:
        return str(row[self.place])

    def rows(self, columns: Columns) -> Floats:
        """Return the weights of every term of n texts."""
        texts = list(map(str, columns[self.place]))
        made = np.zeros((len(texts), self.width))
        numbers, features, found = self._sparse(texts)
        made[numbers, features] = found
        return made

    @property
    def _is_sum_of_words(self) -> bool:
        """Whether what a text adds up to is the sum of what each of its words does."""
        is_linear = not (self.binary or self.sublinear or self.norm)
        return self.analyzer == "char_wb" and is_linear

    def projection(self, weights: Floats) -> Projection:
        """Add up the terms that are there."""
        if self._is_sum_of_words:
            added_up = self._by_words(weights.tolist())
            return lambda row: added_up(self._text(row))
        of_single: list[float] = self._idf or [1.0] * self.width
        products: list[float] = (weights * of_single).tolist()

        def projection(row: Sequence[Any]) -> float:
            terms = self._known_terms(self._text(row))
            if len(set(terms)) == len(terms):
                total = sum([products[feature] for feature in terms])
                return total / (self._length([of_single[feature] for feature in terms]) or 1.0)
            total = 0.0
            found = []
            for feature, count in Counter(terms).items():
                times = self._times(count)
                found.append(times * of_single[feature])
                total += times * products[feature]
            return total / (self._length(found) or 1.0)

        return projection

    def _by_words(self, table: Sequence[float]) -> Callable[[str], float]:
        """Return what adds up a text, each word once: most texts are made of the same few."""

        def added(word: str) -> float:
            places = map(self._table.get, _letters_in_words(word, self.shortest, self.longest))
            return sum(
                self._weight(place, 1) * table[place] for place in places if place is not None
            )

        kept = lru_cache(MOST_WORDS)(added)

        def added_up(text: str) -> float:
            total = 0.0
            for word in self._prepared(text).split():
                total += kept(word) if len(word) <= LONGEST_WORD else added(word)
            return total

        return added_up

    def project_row(self, row: Sequence[Any], weights: Floats) -> Floats:
        """Add up the terms that are there."""
        return self._sum(self.weights_of(self._text(row)), weights)

    def _sum(self, found: dict[int, float], weights: Floats) -> Floats:
        if not found:
            return np.zeros(weights.shape[1])
        return np.asarray(np.array(list(found.values())) @ weights[list(found)])

    def project_rows(self, columns: Columns, weights: Floats) -> Floats:
        """Add up the terms that are there, text by text."""
        texts = list(map(str, columns[self.place]))
        if self._is_sum_of_words:
            by_output = [self._by_words(each) for each in weights.T.tolist()]
            return np.array([[each(text) for each in by_output] for text in texts])
        numbers, features, found = self._sparse(texts)
        sums = [
            np.bincount(numbers, found * each[features], len(texts))
            for each in np.ascontiguousarray(weights.T)
        ]
        return np.column_stack(sums)


def _grams(words: list[str], shortest: int, longest: int) -> list[str]:
    terms = list(words) if shortest == 1 else []
    for length in range(max(shortest, 2), longest + 1):
        terms += map(" ".join, zip(*(words[start:] for start in range(length)), strict=False))
    return terms


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

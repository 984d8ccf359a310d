"""Splits a text into words, or a long text into runs of words."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

WORD = re.compile(r"\w+(?:['\u2019-]\w+)*")
#: A text with more words is split into this many runs.
MOST_SPANS = 30


class Span(NamedTuple):
    """The position of a word or a run of words in a text, in code points."""

    start: int
    end: int


def spans_of(text: str) -> list[Span]:
    """Return the words of a text in order, or runs of equal length if there are many."""
    words = [Span(*match.span()) for match in WORD.finditer(text)]
    if len(words) <= MOST_SPANS:
        return words
    runs = np.array_split(np.arange(len(words)), MOST_SPANS)
    return [Span(words[run[0]].start, words[run[-1]].end) for run in runs]


def text_without(text: str, spans: Sequence[Span], kept: Sequence[bool]) -> str:
    """Return a text without the spans that are not kept; text between spans stays."""
    parts = []
    at = 0
    for span, is_kept in zip(spans, kept, strict=True):
        parts.append(text[at : span.end if is_kept else span.start])
        at = span.end
    return "".join([*parts, text[at:]])

"""Text preparation for models of English text: a text in, its lemmas or plain words out.

Fitted vectorizers refer to these functions by name, so they must stay importable and return the
same as long as a published version uses them.
"""

import re
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path

APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'"})  # noqa: RUF001 - as typed
NUMBER = re.compile(r"[0-9#]+(?:[.,:][0-9#]+)*")
WORD = re.compile(r"[^\W\d_]+")
SHORT_FORMS = {
    "can't": "can not",
    "cannot": "can not",
    "won't": "will not",
    "shan't": "shall not",
    "let's": "let us",
}
SHORT_ENDINGS = {
    "n't": " not",
    "'re": " are",
    "'ve": " have",
    "'ll": " will",
    "'m": " am",
    "'d": " would",
    "'s": " ",
}
SHORT = re.compile(
    r"\b(?:" + "|".join(map(re.escape, SHORT_FORMS)) + r")\b"
    r"|(?<=\w)(?:" + "|".join(map(re.escape, SHORT_ENDINGS)) + r")\b"
)

_folders: list[Path | None] = [None]


def keep_dictionary_in(folder: Path) -> None:
    """Read the dictionary from a folder where it is kept decoded, from now on."""
    _folders[:] = [folder]
    _lemmatizer.cache_clear()


def normalize(text: str) -> str:
    """Normalize a text: lower case, contractions expanded, numbers replaced by "num".

    Typed text and text that was cleaned before (lower case, no punctuation, digits as ``#``) give
    the same result, so that a model cannot learn which of the two it reads.
    """
    return _normalized(text)


@lru_cache(maxsize=16)  # words and letters of one text are asked for one after the other
def _normalized(text: str) -> str:
    plain = text.lower()
    if not plain.isascii() or "`" in plain:
        plain = plain.translate(APOSTROPHES)
    if "'" in plain or "cannot" in plain:  # all contractions contain one of these
        plain = SHORT.sub(_written_out, plain)
    return NUMBER.sub(" num ", plain)


def plain_words(text: str) -> str:
    """Return the words of a text, normalized, with one space between them.

    It is what letters are counted in: without punctuation, which cleaned text lacks.
    """
    return " ".join(WORD.findall(normalize(text)))


def lemmas(text: str) -> list[str]:
    """Return the lemma of each word of a normalized text, in order."""
    return [_lemma(word) for word in WORD.findall(text)]


@lru_cache(maxsize=50_000)
def _lemma(word: str) -> str:
    return _lemmatizer()(word).lower()


@cache
def _lemmatizer() -> Callable[[str], str]:
    from servery.lemmas import lemmatizer  # slow to import, and only needed for texts

    return lemmatizer(*_folders)


def _written_out(match: re.Match[str]) -> str:
    short = match.group()
    return SHORT_FORMS.get(short) or SHORT_ENDINGS[short]

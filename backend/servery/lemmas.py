"""Lemmas of English words, from the data of simplemma.

Decoding that data takes a fifth of a second and 19 MiB. So it is kept decoded in a file, as sorted
arrays that are mapped into memory: only the pages that are looked at are read, and all processes
share them.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path

import numpy as np
from simplemma import Lemmatizer
from simplemma.strategies import DefaultStrategy
from simplemma.strategies.dictionaries import DefaultDictionaryFactory

LANGUAGE = "en"
#: Longer words are looked up in the data itself; 10 of 181,612 are so long.
MOST_BYTES = 32
TEMPORARY = ".making"
#: No file, or one that is damaged.
NOT_KEPT = (OSError, EOFError, ValueError)


def lemmatizer(folder: Path | None) -> Callable[[str], str]:
    """Return what gives the lemma of a word.

    Parameters
    ----------
    folder
        Where the decoded data is kept; None to decode it here.

    References
    ----------
    Barbaresi, simplemma, doi:10.5281/zenodo.4673264.
    """
    strategy = DefaultStrategy()
    if folder is not None:
        with contextlib.suppress(*NOT_KEPT):
            strategy = DefaultStrategy(dictionary_factory=SortedDictionary(_mapped(folder)))
    # Each word is asked for once: who calls this has a cache of its own.
    return partial(Lemmatizer(1, lemmatization_strategy=strategy).lemmatize, lang=LANGUAGE)


def _mapped(folder: Path) -> np.ndarray:
    """Return the entries in the file of a folder, which is made if need be.

    Raises
    ------
    OSError, EOFError, ValueError
        There is no such file, and none can be made.
    """
    path = folder / f"lemmas-{LANGUAGE}-{version('simplemma')}.npy"
    with contextlib.suppress(*NOT_KEPT):
        return _checked(np.load(path, mmap_mode="r", allow_pickle=False))
    # In a process of its own, whose end returns the memory that decoding takes.
    command = [sys.executable, "-m", __name__, str(path)]
    subprocess.run(command, check=False)  # noqa: S603 - this very module
    return _checked(np.load(path, mmap_mode="r", allow_pickle=False))


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(TEMPORARY, path.name, path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            np.save(file, _sorted_entries())
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _checked(entries: np.ndarray) -> np.ndarray:
    if entries.dtype.kind != "S" or entries.ndim != 2 or len(entries) != 2:
        raise ValueError("The file does not hold words and their lemmas.")
    return entries


@cache
def _decoded() -> Mapping[str, str]:
    return DefaultDictionaryFactory().get_dictionary(LANGUAGE)


def _sorted_entries() -> np.ndarray:
    """Return two rows: the words in order, and their lemmas."""
    entries = sorted((word.encode(), lemma.encode()) for word, lemma in _decoded().items())
    short = [each for each in entries if len(each[0]) <= MOST_BYTES]
    return np.array(list(zip(*short, strict=True)))


class SortedDictionary(Mapping[str, str]):
    """A dictionary as an array of two rows of bytes: the words in order, and their lemmas."""

    def __init__(self, entries: np.ndarray) -> None:
        # Plain arrays: a lookup in the class of mapped ones takes three times as long.
        self._words, self._lemmas = np.asarray(entries)

    def get_dictionary(self, lang: str) -> "SortedDictionary":  # noqa: ARG002 - simplemma's own name
        """Return itself: simplemma asks a factory for the dictionary of a language."""
        return self

    def __getitem__(self, word: str) -> str:
        key = word.encode()
        if len(key) > MOST_BYTES:
            return _decoded()[word]
        at = self._words.searchsorted(key)
        if at == len(self._words) or self._words[at] != key:
            raise KeyError(word)
        return bytes(self._lemmas[at]).decode()

    def __len__(self) -> int:
        return len(self._words)

    def __iter__(self) -> Iterator[str]:
        return (word.decode() for word in self._words)


if __name__ == "__main__":
    with contextlib.suppress(OSError):  # simplemma's own data serve where nothing can be written
        _make(Path(sys.argv[1]))

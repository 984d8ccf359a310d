from pathlib import Path

import pytest
import simplemma
from simplemma.strategies.dictionaries import DefaultDictionaryFactory

from servery.lemmas import lemmatizer

WORDS = [*DefaultDictionaryFactory().get_dictionary("en")][::20]
OTHERS = [
    "catz",
    "na\N{LATIN SMALL LETTER I WITH DIAERESIS}vely",
    "unrunnable",
    "x" * 40,
    "\N{CJK UNIFIED IDEOGRAPH-732B}",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def test_kept_words_have_the_lemmas_of_simplemma(folder: Path) -> None:
    lemma = lemmatizer(folder)
    longest = [word for word in DefaultDictionaryFactory().get_dictionary("en") if len(word) > 30]
    words = [*WORDS, *OTHERS, *longest]
    assert [lemma(word) for word in words] == [simplemma.lemmatize(word, "en") for word in words]
    [kept] = folder.iterdir()
    made_at = kept.stat().st_mtime_ns
    lemmatizer(folder)
    assert kept.stat().st_mtime_ns == made_at


@pytest.mark.parametrize("content", [b"", b"words", "cut"])
def test_a_damaged_file_is_made_again(folder: Path, content: bytes | str) -> None:
    lemmatizer(folder)
    [kept] = folder.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(content if isinstance(content, bytes) else whole[: len(whole) // 2])
    assert lemmatizer(folder)("children") == "child"
    assert kept.read_bytes() == whole


def test_lemmas_need_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert lemmatizer(None)("children") == "child"
    assert lemmatizer(tmp_path / "file")("children") == "child"

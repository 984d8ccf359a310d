import pytest
from hypothesis import given
from hypothesis import strategies as st

from servery.text import lemmas, normalize, plain_words


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Why can't dogs talk?", "why can not dog talk"),
        ("They\N{RIGHT SINGLE QUOTATION MARK}re running, aren't they?", "they be run be not they"),
        ("Is 1,200.50 more than ##?", "be num more than num"),
        ("", ""),
        ("🤔🤔", ""),
    ],
)
def test_words_become_lemmas(raw: str, expected: str) -> None:
    assert lemmas(normalize(raw)) == expected.split()


def test_raw_and_cleaned_text_come_out_alike() -> None:
    raw, cleaned = "Why can't I win $500?", "why cannot i win ###"
    assert lemmas(normalize(raw)) == lemmas(normalize(cleaned))
    assert plain_words(raw) == plain_words(cleaned) == "why can not i win num"


@given(st.text())
def test_any_text_can_be_prepared(text: str) -> None:
    assert all(word and word == word.lower() for word in lemmas(normalize(text)))

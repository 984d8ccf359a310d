"""Regular expressions that texts are expected to match: which are searched for, and how far."""

import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servery.card import described, read_card
from servery.errors import CardUnreadable
from servery.inputs import TextInput
from servery.patterns import LOOKED_AT, MOST_STEPS, most_characters
from servery.signature import RegressionOutput, Signature
from tests.conftest import ROOT


def shipped() -> str:
    card = tomllib.loads((ROOT / "models" / "questions" / "card.toml").read_text())
    return str(card["inputs"]["question_text"]["expects"]["pattern"])


@pytest.mark.parametrize(
    "pattern",
    [shipped(), r"\?$", r"^\d{5}$", r"[A-Z]{2}\d+", r"^(yes|no)\b", r"(?i)dear\s+", "a|b"],
)
def test_ordinary_patterns_are_searched_for_in_the_whole_text(pattern: str) -> None:
    assert most_characters(pattern) is None


@pytest.mark.parametrize("pattern", [r"^[\w.]+@[\w.]+$", r"\w+ \w+", r"(?m)^a*b", "(a+)b"])
def test_others_are_searched_for_in_the_beginning(pattern: str) -> None:
    assert most_characters(pattern) == LOOKED_AT


@pytest.mark.parametrize(
    "pattern",
    [
        *("(a+)+$", "(a|a)*b", "(a*)*", "(a|b|ab)*c", "a*a*a*b", "(a?){30}b", "((a+){2}){2}b"),
        *("(?=a)b", r"(a)\1", "(?>a+)b", "(", "[", "a{99999999999}", "(" * 5000, "(x(a|a)*)?b"),
    ],
)
def test_slow_ones_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        most_characters(pattern)


def test_a_card_with_a_slow_pattern_is_refused() -> None:
    signature = Signature((TextInput(name="t"),), RegressionOutput(label="y"))
    card = read_card("[inputs.t.expects]\npattern = '(a+)+$'\nwarning = 'Odd.'")
    with pytest.raises(CardUnreadable, match="repeats a group without end"):
        described(signature, card)


PARTS = st.recursive(
    st.sampled_from(["a", "b", r"\w", "[ab]", ".", "^", "$", r"\b"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "*?", "{1,3}"])).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}|{pair[1]})"),
    ),
    max_leaves=8,
)


@given(PARTS)
def test_what_is_accepted_is_searched_for_in_a_bounded_number_of_steps(pattern: str) -> None:
    try:
        most = most_characters(pattern)
    except ValueError:
        return
    # One that took exponential time would not end within the patience of the whole run.
    for text in ("a" * MOST_STEPS, "ab" * LOOKED_AT, "a" * LOOKED_AT + "!"):
        re.search(pattern, text[: LOOKED_AT if most is None else most])

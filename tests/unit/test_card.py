import pytest

from servery.card import described, read_card, readable
from servery.errors import CardUnreadable
from servery.inputs import Category, CategoryInput, IntegerInput
from servery.signature import ClassificationOutput, OutcomeClass, RegressionOutput, Signature

INPUTS = (
    IntegerInput(name="hours.per.week"),
    CategoryInput(name="size", categories=(Category("L", "L"), Category("S", "S"))),
)
SIZES = Signature(inputs=INPUTS, output=RegressionOutput(label="Price", name="price"))
KINDS = Signature(
    inputs=INPUTS,
    output=ClassificationOutput(label="Kind", classes=(OutcomeClass(value="a", label="a"),)),
)


def test_words_are_laid_over_the_signature() -> None:
    card = read_card(
        '[inputs."hours.per.week"]\nlabel = "Hours"\nunit = "h"\nmaximum = 168\n'
        '[inputs.size]\norder = ["S", "L"]\nlabels = {S = "Small"}\n'
    )
    hours, size = described(SIZES, card).inputs
    assert (hours.label, getattr(hours, "unit", None), getattr(hours, "maximum", None)) == (
        "Hours",
        "h",
        168,
    )
    assert isinstance(size, CategoryInput)
    assert [(c.value, c.label) for c in size.categories] == [("S", "Small"), ("L", "L")]


def test_an_input_is_in_the_group_that_the_card_names() -> None:
    hours, size = described(SIZES, read_card("[inputs.size]\ngroup = 'Shape'")).inputs
    assert (hours.group, size.group) == (None, "Shape")


def test_a_name_becomes_a_label_where_the_card_has_none() -> None:
    assert [item.label for item in described(SIZES, read_card("")).inputs] == [
        "Hours per week",
        "Size",
    ]
    assert readable("Température (°C)") == "Température (°C)"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("title = ", "card.toml: "),
        ("titel = 'x'", "unknown field `titel`"),
        ("[inputs.hour]\nlabel = 'x'", "inputs names 'hour', which the model does not have"),
        ("[inputs.size]\nstep = 1", "'step' means nothing for 'size', which is a category"),
        ("[inputs.size]\nlabels = {M = 'm'}", "inputs.size: labels names 'M'"),
        ("[inputs.'hours.per.week']\nmaximum = 'x'", "inputs.hours.per.week"),
        ("[outcomes.a]\nlabel = 'x'", r"\[outcomes\] is for classes"),
        ("[inputs.size]\ngroup = ''", "inputs.size: "),
        ("picture = '../secret.svg'", "expected the name of an SVG file"),
        ("[[output.bands]]\nlabel = 'x'\nbelow = 3", "expected bands that ascend"),
    ],
)
def test_a_wrong_card_says_what_is_wrong(text: str, complaint: str) -> None:
    with pytest.raises(CardUnreadable, match=complaint):
        described(SIZES, read_card(text))


def test_an_unknown_class_is_refused_with_the_nearest() -> None:
    with pytest.raises(CardUnreadable, match="Did you mean 'a'"):
        described(KINDS, read_card("[outcomes.A]\nlabel = 'x'"))

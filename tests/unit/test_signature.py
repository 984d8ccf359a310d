import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servery.errors import Fault, InvalidInputs
from servery.inputs import (
    BooleanInput,
    Category,
    CategoryInput,
    DateInput,
    DatetimeInput,
    Expectation,
    Histogram,
    Input,
    IntegerInput,
    NumberInput,
    NumberStats,
    Refusal,
    TextInput,
)
from servery.signature import RegressionOutput, Signature

SEEN = NumberStats(
    minimum=17,
    maximum=90,
    quantiles=[20.0, 28.0, 37.0, 48.0, 63.0],
    histogram=Histogram(edges=[17.0, 50.0, 90.0], counts=[3, 1]),
)
AGE = IntegerInput(name="age", minimum=0, maximum=120, training_stats=SEEN)
TREES = (Category("oak", "Oak"), Category("elm", "Elm"))
PLANT = CategoryInput(name="plant/kind", categories=TREES)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


def signature(*inputs: Input) -> Signature:
    return Signature(inputs=inputs, output=RegressionOutput(label="Size", name="size"))


def parsed(item: Input, raw: object) -> Any:  # noqa: ANN401
    return signature(item).parse([{item.name: raw}]).rows[0][0]


def faults(*inputs: Input, instance: object) -> list[Fault]:
    with pytest.raises(InvalidInputs) as refused:
        signature(*inputs).parse([instance])
    return list(refused.value.faults)


def code(item: Input, raw: object) -> str:
    return faults(item, instance={item.name: raw})[0].code


@given(ANY_JSON)
def test_an_accepted_integer_is_exactly_what_came_in(raw: object) -> None:
    try:
        value = parsed(IntegerInput(name="n"), raw)
    except InvalidInputs:
        assert not (type(raw) is int and abs(raw) <= 2**53)
    else:
        assert type(value) is int
        assert not isinstance(raw, bool)
        assert value == raw


@given(ANY_JSON)
def test_an_accepted_number_is_exactly_what_came_in(raw: object) -> None:
    try:
        value = parsed(NumberInput(name="n"), raw)
    except InvalidInputs:
        assert not (type(raw) is float and math.isfinite(raw))
    else:
        assert type(value) is float
        assert math.isfinite(value)
        assert not isinstance(raw, bool)
        assert value == raw


@given(ANY_JSON)
def test_text_goes_through_unchanged_or_not_at_all(raw: object) -> None:
    try:
        value = parsed(TextInput(name="t"), raw)
    except InvalidInputs:
        assert not isinstance(raw, str) or not raw.strip()
    else:
        assert value is raw


@given(ANY_JSON)
def test_a_strict_category_is_one_of_the_known(raw: object) -> None:
    try:
        assert parsed(PLANT, raw) in {"oak", "elm"}
    except InvalidInputs:
        assert raw not in ("oak", "elm")


@pytest.mark.parametrize("raw", [39.5, "39", True, 1e30, float("nan"), [39], {}])
def test_what_is_no_whole_number_is_refused(raw: object) -> None:
    assert code(AGE, raw) == "not-an-integer"


def test_a_whole_float_is_an_integer() -> None:
    assert parsed(AGE, 39.0) == 39


@pytest.mark.parametrize("raw", ["3", True, float("inf"), 10**400, 2**53 + 1])
def test_what_a_double_does_not_hold_is_no_number(raw: object) -> None:
    assert code(NumberInput(name="n"), raw) == "not-a-number"


@pytest.mark.parametrize("raw", [1, 0, "true", "yes", 1.0])
def test_only_true_and_false_are_boolean(raw: object) -> None:
    assert code(BooleanInput(name="b"), raw) == "not-a-boolean"


@pytest.mark.parametrize("raw", ["2023-02-29", "2024-1-1", "20240101", "2024-01-01T00:00:00", 1])
def test_only_days_of_the_calendar_are_dates(raw: object) -> None:
    assert code(DateInput(name="d"), raw) == "not-a-date"


@pytest.mark.parametrize("raw", ["2024-01-01", "2024-01-01T25:00:00", "2024-01-01T10:00:00Z"])
def test_only_moments_without_an_offset_are_datetimes(raw: object) -> None:
    assert code(DatetimeInput(name="d"), raw) == "not-a-datetime"


def test_true_is_not_the_category_one() -> None:
    level = CategoryInput(name="level", categories=(Category(1, "One"), Category(2, "Two")))
    assert parsed(level, 1) == 1
    assert parsed(level, 2.0) == 2
    assert code(level, True) == "not-a-category"
    assert code(level, "1") == "not-a-category"


def test_digits_are_the_category_that_they_spell_where_unknown_ones_are_taken() -> None:
    numbers, texts = (
        CategoryInput(
            name="code", categories=(Category(7, "7"), Category(8, "8")), unknown_allowed=True
        ),
        CategoryInput(
            name="code", categories=(Category("7", "7"), Category("8", "8")), unknown_allowed=True
        ),
    )
    assert [parsed(numbers, raw) for raw in (7, "7", 7.0, "9", "-1")] == [7, 7, 7, 9, -1]
    assert [parsed(texts, raw) for raw in (7, "7", 7.0, 9, "x")] == ["7", "7", "7", "9", "x"]
    for raw in ("07", " 7", "7.0", "x", True, "9" * 16):
        assert code(numbers, raw) == "not-a-category"
    zip_codes = CategoryInput(
        name="zip", categories=(Category("07", "07"), Category("8", "8")), unknown_allowed=True
    )
    assert code(zip_codes, 7) == "not-a-category"


def test_a_whole_number_is_the_float_category_that_equals_it() -> None:
    size = CategoryInput(name="size", categories=(Category(1.5, "M"), Category(2.0, "L")))
    assert parsed(size, 2) == 2.0
    assert code(size, 3) == "unknown-category"
    assert code(size, True) == "not-a-category"


def test_hard_limits_refuse_and_name_the_limit() -> None:
    [fault] = faults(AGE, instance={"age": 121})
    assert (fault.code, fault.detail) == ("above-maximum", "Expected 120 or less, found 121.")
    assert code(AGE, -1) == "below-minimum"


def test_a_long_text_says_how_long_it_may_be() -> None:
    [fault] = faults(TextInput(name="t", max_length=3), instance={"t": "four"})
    assert (fault.code, fault.detail) == ("too-long", "Expected at most 3 characters, found 4.")


def test_an_unknown_category_is_refused_with_the_known_ones_and_the_nearest() -> None:
    [fault] = faults(PLANT, instance={"plant/kind": "elmo"})
    assert fault.code == "unknown-category"
    assert fault.detail == 'Expected one of "oak", "elm", found "elmo". Did you mean \'elm\'?'


def test_an_unknown_category_passes_with_a_warning_where_the_model_takes_it() -> None:
    item = CategoryInput(name="kind", categories=PLANT.categories, unknown_allowed=True)
    instances = signature(item).parse([{"kind": "ash"}])
    assert instances.rows == [("ash",)]
    assert [warning.code for warning in instances.warnings[0]] == ["unknown-category"]


def test_outside_the_training_range_is_warned_of_in_words() -> None:
    [warnings] = signature(AGE).parse([{"age": 91}]).warnings
    assert [(w.code, w.detail) for w in warnings] == [
        ("outside-training-range", "Seen in training: 17 to 90.")
    ]
    assert signature(AGE).parse([{"age": 90}]).warnings == [[]]


def test_a_text_of_another_kind_is_warned_of() -> None:
    item = TextInput(name="t", expects=Expectation(r"\?", "No question."))
    assert [w.code for w in signature(item).parse([{"t": "Hello."}]).warnings[0]] == [
        "unexpected-text"
    ]
    assert signature(item).parse([{"t": "Hello?"}]).warnings == [[]]


def test_a_missing_input_is_named_by_its_pointer() -> None:
    [fault] = faults(PLANT, instance={})
    assert (fault.input, fault.pointer, fault.code) == (
        "plant/kind",
        "#/instances/0/plant~1kind",
        "missing",
    )


def test_null_passes_only_where_missing_is_allowed() -> None:
    assert code(AGE, None) == "missing"
    item = IntegerInput(name="age", missing_allowed=True)
    assert signature(item).parse([{"age": None}]).warnings == [[]]


def test_what_is_left_out_is_said_to_be_taken_as_missing() -> None:
    item = IntegerInput(name="age", missing_allowed=True)
    instances = signature(item).parse([{}])
    assert instances.rows == [(None,)]
    assert [warning.code for warning in instances.warnings[0]] == ["assumed-missing"]


def test_an_unknown_name_is_refused_with_the_nearest_known_one() -> None:
    assert [f.detail for f in faults(AGE, instance={"age": 3, "Agee": 1})] == [
        "The model has no input 'Agee'. Did you mean 'age'?"
    ]


def test_all_faults_of_all_instances_are_reported_at_once() -> None:
    with pytest.raises(InvalidInputs) as refused:
        signature(AGE, PLANT).parse([{"age": "x"}, 3, {"age": 1, "plant/kind": "fir", "z": 1}])
    assert [(f.pointer, f.code) for f in refused.value.faults] == [
        ("#/instances/0/age", "not-an-integer"),
        ("#/instances/0/plant~1kind", "missing"),
        ("#/instances/1", "not-an-object"),
        ("#/instances/2/plant~1kind", "unknown-category"),
        ("#/instances/2/z", "unknown-input"),
    ]


def test_two_inputs_of_one_name_are_no_signature() -> None:
    with pytest.raises(ValueError, match="two inputs are called 'age'"):
        signature(AGE, AGE)


@given(st.text(min_size=1, max_size=30))
def test_any_name_at_all_works(name: str) -> None:
    item = IntegerInput(name=name)
    assert signature(item).parse([json.loads(json.dumps({name: 3}))]).rows == [(3,)]
    assert " " not in faults(item, instance={name: "x"})[0].pointer


def test_a_whole_number_that_is_too_large_is_called_so() -> None:
    with pytest.raises(Refusal, match=r"to 9007199254740992, found 9{20}\."):
        IntegerInput(name="n", typical=1).parse(int("9" * 20))

"""A column of cells is told what a single instance is told, in the same words."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from servery.batch.parsing import ParsedBlock, Parser
from servery.batch.parsing.matching import Matching
from servery.batch.parsing.texts import from_text
from servery.errors import InvalidInputs
from servery.inputs import (
    BooleanInput,
    Category,
    CategoryInput,
    DateInput,
    DatetimeInput,
    Expectation,
    Input,
    IntegerInput,
    MomentStats,
    NumberInput,
    NumberStats,
    TextInput,
)
from servery.inputs.moment_texts import Order
from servery.signature import RegressionOutput, Signature
from servery.tables.blocks import CellTraits, ColumnBlock, RawColumn, dictionary_encoded
from servery.tables.reading import Reading

SEEN = NumberStats(minimum=0, maximum=100)
DAYS = MomentStats(minimum="2020-01-01", maximum="2024-12-31")
INPUTS: list[Input] = [
    NumberInput(name="n"),
    NumberInput(
        name="n", minimum=-5, maximum=1000, unit="km", training_stats=SEEN, missing_allowed=True
    ),
    IntegerInput(name="n"),
    IntegerInput(name="n", minimum=0, training_stats=SEEN, missing_allowed=True),
    BooleanInput(name="n"),
    BooleanInput(name="n", missing_allowed=True),
    CategoryInput(name="n", categories=(Category("red", "Red"), Category("Blue", "Blue"))),
    CategoryInput(name="n", categories=(Category(1, "1"), Category(2, "2")), missing_allowed=True),
    CategoryInput(name="n", categories=(Category(0.5, "½"),), unknown_allowed=True),
    CategoryInput(name="n", categories=(Category(True, "yes"), Category(False, "no"))),
    CategoryInput(name="n", categories=(Category("a", "A"),), unknown_allowed=True),
    TextInput(name="n", max_length=20, expects=Expectation(r"\?$", "Not a question.")),
    TextInput(name="n", missing_allowed=True),
    DateInput(name="n", minimum="2000-01-01", training_stats=DAYS),
    DatetimeInput(name="n", training_stats=DAYS, missing_allowed=True),
]
TEXTS = st.one_of(
    st.text(max_size=30),
    st.integers(-(2**70), 2**70).map(str),
    st.integers(-10, 200).map(str),
    st.floats(allow_nan=True).map(repr),
    st.floats(-10, 200).map(str),
    st.dates().map(str),
    st.datetimes().map(str),
    st.datetimes().map(lambda moment: moment.isoformat()),
    st.sampled_from(
        [
            *("", " ", "true", "FALSE", "yes", "no", "1", "0", "red", " red ", "blue", "Blue"),
            *("2.0", "1e3", "1e400", "+5", "-5", ".5", "5.", "1_0", "٣", "nan", "inf", "0x10"),
            *("1,5", "1-2", "9007199254740992", "9007199254740993", "-9007199254740993", "007"),
            *("2024-02-30", "2024/02/29", "20240229", "29.02.2024", "2024-02-29 00:00:00"),
            "2024-02-29T18:30",
        ]
    ),
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**60), 2**60),
    st.integers(-10, 200),
    st.floats(),
    st.text(max_size=5),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=1),
)


def signature_of(item: Input) -> Signature:
    return Signature((item,), RegressionOutput(label="y"))


def parsed(item: Input, column: RawColumn, rows: int, *, has_texts: bool) -> ParsedBlock:
    traits = CellTraits(are_texts=has_texts, may_be_spelled=has_texts)
    parser = Parser(signature_of(item), Matching((0,), ()), Reading(), traits)
    return parser.parse(ColumnBlock(np.arange(rows), [column]))


def agree(item: Input, raw: list[Any], result: ParsedBlock) -> None:
    [column] = result.columns
    for row, value in enumerate(raw):
        try:
            instances = signature_of(item).parse([{item.name: value}])
        except InvalidInputs as error:
            told = [(fault.input, fault.code, fault.detail) for fault in error.faults]
            assert [tuple(fault) for fault in result.faults[row]] == told
            continue
        assert row not in result.faults
        [[expected]], [warnings] = instances.rows, instances.warnings
        assert list(result.warnings.get(row, [])) == list(warnings)
        given = column[row]
        if expected is None:
            assert given is None or given != given
        else:
            assert given == expected
            if column.dtype == object:
                assert type(given) is type(expected)


@pytest.mark.parametrize("item", INPUTS, ids=lambda item: type(item).__name__)
@given(cells=st.lists(TEXTS, min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_texts_are_told_what_instances_are_told(item: Input, cells: list[str]) -> None:
    read = from_text(item, Reading())
    raw = [read(cell) for cell in cells]
    agree(item, raw, parsed(item, dictionary_encoded(cells), len(cells), has_texts=True))
    agree(item, raw, parsed(item, RawColumn(cells), len(cells), has_texts=True))


@pytest.mark.parametrize("item", INPUTS, ids=lambda item: type(item).__name__)
@given(cells=st.lists(VALUES, min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_values_are_told_what_instances_are_told(item: Input, cells: list[Any]) -> None:
    raw = [item.from_cell(cell) for cell in cells]
    agree(item, raw, parsed(item, RawColumn(cells), len(cells), has_texts=False))


@pytest.mark.parametrize("item", INPUTS, ids=lambda item: type(item).__name__)
def test_what_is_equal_and_not_the_same_is_told_apart(item: Input) -> None:
    cells = [0.0, -0.0, 0, False, 1, 1.0, True, [0], [False], None]
    raw = [item.from_cell(cell) for cell in cells]
    agree(item, raw, parsed(item, RawColumn(cells), len(cells), has_texts=False))


@pytest.mark.parametrize("item", INPUTS[:4], ids=lambda item: type(item).__name__)
@given(
    cells=st.one_of(
        st.lists(st.integers(-(2**62), 2**62), min_size=1).map(np.array),
        st.lists(st.floats(), min_size=1).map(np.array),
    )
)
@settings(max_examples=60, deadline=None)
def test_arrays_are_told_what_instances_are_told(item: Input, cells: NDArray[Any]) -> None:
    raw = [item.from_cell(cell) for cell in cells]
    agree(item, raw, parsed(item, RawColumn(cells), len(cells), has_texts=False))


@pytest.mark.parametrize(
    ("text", "value"),
    [("39", 39), (" 39 ", 39), ("+39", 39), ("39.0", 39.0), (".5", 0.5), ("1e3", 1000.0)],
)
def test_numbers_are_read_from_text(text: str, value: float) -> None:
    assert from_text(NumberInput(name="n"), Reading())(text) == value


@pytest.mark.parametrize("text", ["1_000", "12 00", "٣", "NaN", "inf", "0x1F", "1.2.3"])
def test_what_is_no_plain_number_stays_a_text(text: str) -> None:
    assert from_text(NumberInput(name="n"), Reading())(text) == text


def test_a_decimal_comma_is_one_where_it_was_told() -> None:
    read = from_text(NumberInput(name="n"), Reading(decimal=","))
    assert [read(text) for text in ("1,5", "7", "1.5")] == [1.5, 7, "1.5"]


@pytest.mark.parametrize(
    ("dates", "texts"),
    [
        (None, ["2024-02-29", "2024/02/29", "2024.02.29", "20240229", "2024-02-29 00:00:00"]),
        ("day-first", ["29.02.2024", "29/02/2024", "29-2-2024"]),
        ("month-first", ["02/29/2024", "2/29/2024"]),
    ],
)
def test_days_are_read_in_the_order_that_was_given(dates: Order | None, texts: list[str]) -> None:
    read = from_text(DateInput(name="d"), Reading(dates=dates))
    assert {read(text) for text in texts} == {"2024-02-29"}


def test_what_is_no_day_is_quoted_as_it_is_written() -> None:
    read = from_text(DateInput(name="day"), Reading(dates="day-first"))
    assert (read("29/2/2024"), read("31/2/2024")) == ("2024-02-29", "31/2/2024")


def test_a_text_that_means_missing_is_told() -> None:
    read = from_text(CategoryInput(name="c", categories=(Category("a", "A"),)), Reading())
    assert read("?") == "?"
    told = Reading(missing=("?",))
    assert from_text(CategoryInput(name="c", categories=(Category("a", "A"),)), told)("?") is None


def test_an_unknown_number_is_read_as_a_category_of_either_type_of_number() -> None:
    for known, text, value in [(2.0, "9", 9.0), (2, "9.0", 9), (2.0, "9.5", 9.5)]:
        item = CategoryInput.from_values(
            [known - 1, known], name="k", label="K", unknown_allowed=True
        )
        assert item.parse(from_text(item, Reading())(text)) == value

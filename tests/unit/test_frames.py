"""How rows are laid out for an estimator: the types of columns that a fit on a table has."""

import itertools
from datetime import date

import numpy as np
import pandas as pd

from servery.inputs import (
    BooleanInput,
    Category,
    CategoryInput,
    DateInput,
    Input,
    IntegerInput,
    NumberInput,
    Value,
)
from servery.manifest import RuntimeFacts
from servery.runtimes.sklearn import FEW, to_frame


def test_numbers_alone_become_columns_of_float64() -> None:
    inputs = [NumberInput(name="a b"), NumberInput(name="Température (°C)", missing_allowed=True)]
    frame = to_frame(inputs, [(1.5, None), (2.5, -0.0)])
    expected = pd.DataFrame({"a b": [1.5, 2.5], "Température (°C)": [np.nan, -0.0]})
    pd.testing.assert_frame_equal(frame, expected)
    assert np.signbit(frame.iloc[1, 1])


def test_each_column_has_the_type_that_a_table_would_have() -> None:
    inputs: list[Input] = [
        NumberInput(name="number"),
        IntegerInput(name="integer"),
        IntegerInput(name="integer with gaps", missing_allowed=True),
        BooleanInput(name="boolean"),
        BooleanInput(name="boolean with gaps", missing_allowed=True),
        CategoryInput(name="word", categories=(Category("x", "x"), Category("y", "y"))),
        CategoryInput(name="kind", categories=(Category("y", "y"), Category("x", "x"))),
        DateInput(name="day", missing_allowed=True),
    ]
    rows = [
        (1.0, 2, None, True, None, "x", "y", date(2024, 2, 29)),
        (2.0, 3, 4, False, True, "y", "x", None),
    ]
    frame = to_frame(inputs, rows, RuntimeFacts(categorical=["kind"]))
    assert [str(kind) for kind in frame.dtypes[:-2]] == [
        *("float64", "int64", "float64", "bool", "object", "object")
    ]
    assert list(frame["kind"].cat.categories) == ["x", "y"]
    assert str(frame["day"].dtype).startswith("datetime64")
    assert frame["integer with gaps"].isna().tolist() == [True, False]


def test_a_table_without_rows_has_its_columns() -> None:
    assert list(to_frame([NumberInput(name="a"), NumberInput(name="b")], []).columns) == ["a", "b"]


def test_a_frame_of_few_rows_is_built_like_one_of_many() -> None:
    kinds = (Category("y", "y"), Category("x", "x"))
    one_of_each: list[tuple[Input, tuple[Value, Value]]] = [
        (NumberInput(name="number"), (1.5, 2.0)),
        (NumberInput(name="number with gaps", missing_allowed=True), (None, 2.0)),
        (NumberInput(name="marked", missing_allowed=True, missing_marker=-1), (None, 3.0)),
        (IntegerInput(name="integer"), (2, 3)),
        (IntegerInput(name="integer with gaps", missing_allowed=True), (None, 4)),
        (BooleanInput(name="boolean"), (True, False)),
        (BooleanInput(name="boolean with gaps", missing_allowed=True), (None, True)),
        (CategoryInput(name="word", categories=kinds, missing_allowed=True), ("x", None)),
        (CategoryInput(name="kind", categories=kinds), ("y", "x")),
        (DateInput(name="day", missing_allowed=True), (date(2024, 2, 29), None)),
    ]
    facts = RuntimeFacts(categorical=["kind"], missing_objects={"word": "none"})
    for count in (1, 2, 9, len(one_of_each)):
        for chosen in itertools.combinations(one_of_each, count):
            inputs = [item for item, _ in chosen]
            rows = list(zip(*[values for _, values in chosen], strict=True))
            many = to_frame(inputs, rows * FEW, facts)
            pd.testing.assert_frame_equal(to_frame(inputs, rows, facts), many.iloc[:2])

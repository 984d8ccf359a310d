"""How rows are laid out for an estimator: the types of columns that a fit on a table has."""

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
)
from servery.manifest import RuntimeFacts
from servery.runtimes.sklearn import to_frame


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

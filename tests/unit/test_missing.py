"""One meaning of a missing value: by value, and as it was for training."""

import csv
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from servery.batch.frames import score
from servery.inputs import Category, CategoryInput, DateInput, NumberInput
from servery.signature import Signature
from servery.signature.reading import InstanceReader
from servery.tables.frames import read_frame
from servery.tables.reading import Reading
from tests.unit.batches import OUTPUT, Model, model_of, scored

TOLD = Reading(missing=("-999", "?", "1900-01-01"))


def model() -> Model:
    return model_of(
        NumberInput(name="key"),
        NumberInput(name="n", missing_allowed=True),
        CategoryInput(
            name="c", categories=(Category("x", "x"),), missing_allowed=True, unknown_allowed=True
        ),
        CategoryInput(name="i", categories=(Category(1, "1"),), missing_allowed=True),
        DateInput(name="d", missing_allowed=True),
    )


class Remembers:
    """Keeps the columns that it was asked with."""

    def __init__(self) -> None:
        self.columns: list[list[object]] = []

    def predict_columns(self, columns: object) -> object:
        self.columns = [
            [column[at] for at in range(len(column))]
            for column in columns  # type: ignore[attr-defined]
        ]
        return model_of().runtime.predict_columns(columns)


@pytest.mark.parametrize(
    "row",
    [
        ["-999", "?", "-999", "1900-01-01"],
        ["-999.0", " ?", "-999.0", "1900/1/1"],
        [" -999", "? ", " -999", " 1900-01-01 "],
        ["-9.99e2", "\t?", "-9.99e2", "19000101"],
        ["-999.00", "", "", ""],
        [" ", " ", " ", " "],
    ],
)
def test_what_means_missing_does_so_by_value(row: list[str]) -> None:
    sink = io.StringIO(newline="")
    csv.writer(sink).writerows(
        [("key", "n", "c", "i", "d"), ["1", *row], ["2", "5", "x", "1", "2024-01-01"]]
    )
    asked = model()
    asked.runtime = Remembers()
    _, summary = scored(sink.getvalue(), TOLD, model=asked)
    assert (summary.bad_rows, summary.warned_rows) == (0, 0)
    _, numbers, texts, whole, days = asked.runtime.columns
    assert np.isnan(numbers[0])
    assert numbers[1] == 5
    assert [texts[0], whole[0], days[0]] == [None, None, None]
    assert [texts[1], whole[1]] == ["x", 1]


def test_numbers_of_a_column_may_have_other_spellings_and_stay_fast() -> None:
    text = "key,n,c,i,d\n" + "".join(f"{n},{n}.50,x,1,\n" for n in range(12)) + "1,-999.000,x,1,\n"
    _, summary = scored(text, TOLD, model=model())
    assert (summary.rows, summary.bad_rows, summary.warned_rows) == (13, 0, 0)


def test_an_empty_text_of_a_frame_is_what_it_is_over_http() -> None:
    frame = pd.DataFrame({"key": [1], "n": [""], "c": ["x"], "i": [1], "d": [None]})
    found = score(model(), frame)
    assert found["error"][0] == 'n: Expected a number, found "".'


def test_all_that_means_missing_to_training_is_recorded(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("n,c\n1,x\n-999.0,NA\n3,?\n", encoding="utf-8")
    frame = read_frame(path, Reading(missing=("-999", " ?")))
    assert frame["n"].isna().tolist() == [False, True, False]
    assert frame["c"].isna().tolist() == [False, True, True]
    assert {"-999", "?", "NA", "NULL", "\\N", "NaN", "N/A"} <= set(frame.attrs["missing_texts"])


def test_a_text_that_meant_missing_to_training_does_so_in_a_request() -> None:
    town = CategoryInput(
        name="c",
        categories=(Category("x", "x"), Category("NA", "Namibia")),
        missing_allowed=True,
        unknown_allowed=True,
    )
    signature = Signature((town,), OUTPUT, missing_texts=("?", "NA", "None"))
    given = [{"c": text} for text in ("?", " ?", "None", "NA", "x", "new")]
    parsed = signature.parse(given, lambda at: f"#/{at}")
    read = InstanceReader(signature).rows(given)
    assert read is not None
    assert (read.rows, list(map(list, read.warnings))) == (parsed.rows, parsed.warnings)
    assert [row[0] for row in parsed.rows] == [None, None, None, "NA", "x", "new"]
    assert [len(each) for each in parsed.warnings] == [0, 0, 0, 0, 0, 1]

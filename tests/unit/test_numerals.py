"""Numbers as texts: one reading is taken, two are asked about."""

import csv
import io
from collections.abc import Sequence

import pandas as pd
import pytest

from servery.batch.frames import score
from servery.errors import AmbiguousTable
from servery.inputs import IntegerInput, NumberInput
from servery.tables.reading import Limits, Reading
from tests.unit.batches import Model, model_of, scored


def numbers() -> Model:
    return model_of(NumberInput(name="n"), NumberInput(name="other", missing_allowed=True))


def table(texts: Sequence[str], delimiter: str = ";") -> str:
    sink = io.StringIO(newline="")
    csv.writer(sink, delimiter=delimiter).writerows(
        [("n", "other"), *((text, "") for text in texts)]
    )
    return sink.getvalue()


def read(text: str, reading: Reading | None = None) -> list[float | None]:
    result, _ = scored(text, reading, model=numbers(), kind="tsv")
    rows = csv.DictReader(io.StringIO(result.decode()), delimiter="\t")
    values = (row["prediction"].replace(",", ".") for row in rows)
    return [float(value) / 2 if value else None for value in values]


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["1,5", "2"], [1.5, 2]),
        (["0,125", "0,500"], [0.125, 0.5]),
        (["1.234,50", "512,5"], [1234.5, 512.5]),
        (["1,234.50", "512.5"], [1234.5, 512.5]),
        (["1.234", "512.5"], [1.234, 512.5]),
        (["1.234", "0.500"], [1.234, 0.5]),
        (["1 234,5", "1 234"], [1234.5, 1234]),
        (["1\N{NO-BREAK SPACE}234", "7"], [1234, 7]),
        (["1'234.5", "1\N{RIGHT SINGLE QUOTATION MARK}234"], [1234.5, 1234]),
        (["1,234,567", "2"], [1234567, 2]),
        (["1.234.567", "2.000"], [1234567, 2000]),
        (["-1.234.567", "1e3"], [-1234567, 1000]),
        (["12,34,567.5", "1,23,456"], [1234567.5, 123456]),
        (["1 234", "1'234", "5"], [1234, 1234, 5]),
        (["1,234.5", "1 234.5", "0.5"], [1234.5, 1234.5, 0.5]),
        (["12 34", "5"], [None, 5]),
        (["1,2,3", "5"], [None, 5]),
    ],
)
def test_one_reading_is_taken(texts: list[str], values: list[float | None]) -> None:
    for delimiter in ";\t|,":
        assert read(table(texts, delimiter)) == values


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
@pytest.mark.parametrize("texts", [["1.234"], ["12.345", "7"], ["-1.880", "1.800"]])
def test_a_point_that_may_divide_thousands_is_asked_about(delimiter: str, texts: list[str]) -> None:
    text = table(texts, delimiter)
    with pytest.raises(AmbiguousTable) as caught:
        read(text)
    assert caught.value.choice.option == "thousands"
    assert caught.value.choice.values == (".", "none")
    assert read(text, Reading(thousands="none"))[0] == float(texts[0])
    assert read(text, Reading(decimal="."))[0] == float(texts[0])
    assert read(text, Reading(thousands="."))[0] == float(texts[0].replace(".", ""))
    assert read(text, Reading(decimal=","))[0] == float(texts[0].replace(".", ""))


def test_a_comma_that_may_divide_thousands_is_asked_about() -> None:
    for delimiter in ",;":
        with pytest.raises(AmbiguousTable, match="--thousands ',' or --thousands 'none'"):
            read(table(["1,234", "7"], delimiter))
        assert read(table(["1,234"], delimiter), Reading(thousands=",")) == [1234]
        assert read(table(["1,234"], delimiter), Reading(thousands="none")) == [1.234]


def test_a_point_between_commas_is_the_decimal_mark() -> None:
    assert read(table(["1.234", "5.678"], ",")) == [1.234, 5.678]


def test_marks_that_contradict_each_other_are_asked_about() -> None:
    with pytest.raises(AmbiguousTable, match="--decimal"):
        read(table(["1,5", "2.5"]))
    assert read(table(["1,5", "2.5"]), Reading(decimal=".")) == [None, 2.5]


def test_each_column_is_read_as_it_is_written() -> None:
    text = "n;other\n5.125;0.25\n12.345;0.75\n"
    assert read(text, Reading(thousands=".")) == [5125, 12345]
    _, summary = scored(text, Reading(thousands="."), model=numbers())
    assert summary.bad_rows == 0


def test_the_order_of_rows_does_not_matter() -> None:
    texts = [str(number) for number in range(3_000)]
    for reading in (Reading(), Reading(limits=Limits(chunk_bytes=2_000))):
        for rows in ([*texts, "1.234"], ["1.234", *texts]):
            with pytest.raises(AmbiguousTable, match="--thousands"):
                read(table(rows), reading)
        for rows in ([*texts, "1 234"], ["1 234", *texts]):
            assert 1234 in read(table(rows), reading)


def test_whole_numbers_have_the_same_rule() -> None:
    model = model_of(IntegerInput(name="n"))
    with pytest.raises(AmbiguousTable, match="--thousands"):
        scored("n;x\n1.234;a\n", model=model)
    result, _ = scored("n;x\n1.234;a\n", Reading(thousands="."), model=model)
    assert b";2468;" in result


def test_texts_of_a_frame_are_numbers_of_python() -> None:
    frame = pd.DataFrame({"n": ["1.234", "1,234"], "other": [None, None]})
    found = score(numbers(), frame)
    assert found["prediction"].tolist()[0] == 2.468
    assert "1,234" in found["error"][1]


def test_numbers_that_share_no_decimal_mark_are_asked_about() -> None:
    text = table(["1.234.567", "512.5"])
    with pytest.raises(AmbiguousTable, match=r"'1.234.567' and '512.5' .*--decimal '.' or --de"):
        read(text)
    assert read(text, Reading(decimal=".")) == [None, 512.5]
    assert read(text, Reading(decimal=",")) == [1234567, None]

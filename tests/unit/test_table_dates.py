"""Dates and truths in tables: each column as it is written, and asked where that is open."""

import datetime
import io
import json
from typing import Any

import pandas as pd
import pytest

from servery.batch.pipeline import open_batch
from servery.errors import AmbiguousTable
from servery.inputs import (
    BooleanInput,
    DateInput,
    DatetimeInput,
    Input,
    IntegerInput,
    MomentStats,
    Value,
)
from servery.inputs.moment_texts import Order, read_moment
from servery.tables.reading import Reading
from tests.unit.batches import model_of, scored

DAY, AT = DateInput(name="day"), DatetimeInput(name="at")


def values(
    source: bytes | str, item: Input, reading: Reading | None = None
) -> tuple[list[Value], list[str], list[str]]:
    """Return the values of an input in each row, the errors of the rows, and the notes."""
    model = model_of(IntegerInput(name="n"), item)
    data = source.encode() if isinstance(source, str) else source
    batch = open_batch(model, io.BytesIO(data), reading, name="t")
    [chunk] = batch.table.chunks()
    result = batch.scorer.score(chunk)
    batch.close()
    errors = [
        "; ".join(fault.detail for fault in result.parsed.faults.get(row, ()))
        for row in range(len(result.block))
    ]
    column: Any = result.parsed.columns[1]
    if hasattr(column, "codes"):
        column = column.values[column.codes]
    return list(column), errors, list(batch.notes)


def table(name: str, *cells: str) -> str:
    return f"n;{name}\n" + "".join(f"{n};{cell}\n" for n, cell in enumerate(cells))


def moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("2024-2-9", None, ("2024-02-09", None, None)),
        ("20240209 10:15", None, ("2024-02-09", "10:15", None)),
        ("2/29/2024 0:00", "month-first", ("2024-02-29", "00:00", None)),
        ("2/29/2024 12:05 AM", "month-first", ("2024-02-29", "00:05", None)),
        ("29.2.2024, 12:05:09 p.m.", "day-first", ("2024-02-29", "12:05:09", None)),
        ("29.2.2024 1:05pm", "day-first", ("2024-02-29", "13:05", None)),
        ("2024-02-29T10:15:00.5000000Z", None, ("2024-02-29", "10:15:00.5", "+00:00")),
        ("2024-02-29 10:15:00+0130", None, ("2024-02-29", "10:15:00", "+01:30")),
        ("2024-02-29 10:15 -05", None, ("2024-02-29", "10:15", "-05:00")),
        ("24-02-29", "year-first", ("2024-02-29", None, None)),
        ("2/29/29", "month-first", None),
        ("2/29/28", "month-first", ("2028-02-29", None, None)),
        ("2/28/30", "month-first", ("1930-02-28", None, None)),
        ("2/29/2024 13:05 PM", "month-first", None),
        ("2/29/2024", None, None),
        ("2/29/024", "month-first", None),
        ("29/2-2024", "day-first", None),
        ("2/29/2024", "day-first", None),
    ],
)
def test_texts_are_days_in_the_order_of_their_figures(
    text: str, order: Order | None, expected: tuple[str, str | None, str | None] | None
) -> None:
    assert read_moment(text, order, "1930") == expected


def test_each_column_is_read_in_the_order_that_its_own_days_show() -> None:
    read, errors, notes = values(table("day", "02/03/2020", "2020-02-04", "02/29/2020"), DAY)
    assert [str(day) for day in read] == ["2020-02-03", "2020-02-04", "2020-02-29"]
    assert not any(errors)
    assert notes == ["Dates of 'day' are read month-first, as '02/29/2020' shows."]
    text = "n;day;at\n1;29.02.2020;2/29/2020 10:15 PM\n2;1.2.2020;3/4/2020 1:00 AM\n"
    model = model_of(IntegerInput(name="n"), DAY, AT)
    for told in (None, "day-first", "month-first"):
        _, summary = scored(text, Reading(dates=told), model=model)
        assert summary.bad_rows == 0


def test_an_order_that_is_open_is_asked_and_then_kept() -> None:
    text = table("day", "02/03/2020", "04/05/2020")
    with pytest.raises(AmbiguousTable, match="either the day or the month comes first") as caught:
        values(text, DAY)
    assert caught.value.choice.values == ("day-first", "month-first")
    assert str(values(text, DAY, Reading(dates="month-first"))[0][0]) == "2020-02-03"
    assert str(values(text, DAY, Reading(dates="day-first"))[0][0]) == "2020-03-02"


def test_a_column_of_two_orders_is_asked_and_never_read_as_both() -> None:
    text = table("day", "13/02/2020", "02/13/2020", "01/02/2020")
    with pytest.raises(AmbiguousTable, match="'13/02/2020'"):
        values(text, DAY)
    read, errors, _ = values(text, DAY, Reading(dates="day-first"))
    assert [str(day) for day in read] == ["2020-02-13", "None", "2020-02-01"]
    assert "02/13/2020" in errors[1]


def test_a_day_in_another_order_further_down_is_a_fault_of_its_row() -> None:
    days = [f"{n % 12 + 1}/{n % 28 + 1}/2020" for n in range(3_000)]
    _, errors, _ = values(table("day", *days, "13/02/2020"), DAY)
    assert [n for n, error in enumerate(errors) if "Expected a date" in error] == [3_000]


def test_the_century_of_two_digits_is_asked_and_training_comes_first() -> None:
    born = DateInput(
        name="day", training_stats=MomentStats(minimum="2003-01-01", maximum="2019-12-31")
    )
    text = table("day", "2/29/04", "12/1/09")
    with pytest.raises(AmbiguousTable, match="its year has two digits") as caught:
        values(text, born)
    assert caught.value.choice.option == "century"
    assert caught.value.choice.values[0] == "1930"
    assert str(values(text, born, Reading(century="1900"))[0][0]) == "1904-02-29"
    assert str(values(text, born, Reading(century="2000"))[0][1]) == "2009-12-01"


def test_what_the_estimator_reads_itself_is_no_question() -> None:
    us = DateInput(name="day", spelling="%m/%d/%Y")
    read, _, notes = values(table("day", "02/03/2020", "2020-02-04"), us)
    assert [str(day) for day in read] == ["2020-02-03", "2020-02-04"]
    assert notes == []
    read, errors, _ = values(table("day", "02/03/2020", "13/03/2020"), us)  # not as in the fit
    assert [str(day) for day in read] == ["2020-03-02", "2020-03-13"]
    assert not any(errors)
    iso = DateInput(name="day", spelling="%Y-%m-%d")
    with pytest.raises(AmbiguousTable):
        values(table("day", "02/03/2020"), iso)
    assert str(values(table("day", "02/29/2020"), iso)[0][0]) == "2020-02-29"


def test_times_with_an_offset_are_converted_and_that_is_said() -> None:
    cells = ("2022-03-04T10:15:00Z", "2022-03-04 10:15+02:00", "2022-03-04 10:15")
    read, errors, notes = values(table("at", *cells), AT)
    assert read == [moment(f"2022-03-04T{clock}") for clock in ("10:15", "08:15", "10:15")]
    assert not any(errors)
    said = "'at': Times with an offset are read as UTC, because the model has no time zone."
    assert notes == [said]
    berlin = DatetimeInput(name="at", zone="Europe/Berlin")
    read, _, notes = values(table("at", *cells), berlin)
    assert read == [moment(f"2022-03-04T{clock}") for clock in ("11:15", "09:15", "10:15")]
    assert notes == ["'at': Times with an offset are converted to Europe/Berlin."]
    lines = "".join(json.dumps({"n": 1, "at": cell}) + "\n" for cell in cells)
    assert values(lines, AT) == values(table("at", *cells), AT)


def test_moments_of_parquet_with_a_time_zone_are_converted() -> None:
    at = pd.to_datetime(["2022-03-04T10:15:00Z", None]).tz_convert("Europe/Berlin")
    file = io.BytesIO()
    pd.DataFrame({"n": [1, 2], "at": at}).to_parquet(file)
    read, errors, notes = values(file.getvalue(), AT)
    assert read[0] == moment("2022-03-04T10:15:00")
    assert errors[1].startswith("Expected a value")
    assert "read as UTC" in notes[0]


@pytest.mark.parametrize(
    ("true", "false"),
    [("Y", "N"), ("t", "f"), ("1.0", "0.0"), ("Ja", "Nein"), ("oui", "non"), ("SÍ", "no")],
)
def test_words_for_true_and_false_are_one_table_and_said(true: str, false: str) -> None:
    read, errors, notes = values(table("is", true, false), BooleanInput(name="is"))
    assert (read, errors) == ([1, 0], ["", ""])
    assert notes == [f"'is': {true!r} as true, {false!r} as false."]


def test_plain_truths_need_no_remark_and_other_words_do_not_fit() -> None:
    read, errors, notes = values(table("is", "True", "FALSE", "maybe"), BooleanInput(name="is"))
    assert read[:2] == [1, 0]
    assert 'found "maybe"' in errors[2]
    assert notes in ([], ["'is': 'True' as true, 'FALSE' as false."])


def test_numbers_of_parquet_are_truths_and_those_of_json_are_not() -> None:
    file = io.BytesIO()
    pd.DataFrame({"n": [1, 2, 3], "is": [1.0, 0.0, 2.0]}).to_parquet(file)
    read, errors, _ = values(file.getvalue(), BooleanInput(name="is"))
    assert read[:2] == [1, 0]
    assert "found 2.0" in errors[2]
    _, [error], _ = values('{"n": 1, "is": 1}\n', BooleanInput(name="is"), Reading(format="jsonl"))
    assert error == "Expected true or false, found 1."

"""Where the names of columns are is asked, if the first line has none."""

import csv
import io

import pytest

from servery.errors import AmbiguousTable, ColumnsUnmatched
from servery.inputs import TextInput
from servery.tables.reading import Limits, Quote, Reading
from tests.unit.batches import model_of, scored

HEADER = "age,body.mass (kg),town,note"
ROWS = "34,70,Bonn,a\n35,70,Bonn,b\n"
BY_PLACE = {
    "age": "column_1",
    "body.mass (kg)": "column_2",
    "town": "column_3",
    "note": "column_4",
}


def predictions(result: bytes, delimiter: str = ",") -> list[str]:
    rows = csv.DictReader(io.StringIO(result.decode()), delimiter=delimiter)
    return [row["prediction"] for row in rows]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("above", "line"),
    [
        ("Sales report 2024\n\n", 3),
        ("Sales report 2024,,,\n,,,\n", 3),
        ("Report\nof the year\n\nby region\n", 5),
        ("\n\nTitle\n", 4),
        ("Page 1,of 2\n", 2),
    ],
)
def test_a_title_above_the_header_is_asked_about(above: str, line: int, mark: str) -> None:
    text = f"{above}{HEADER}\n{ROWS}".replace(",", mark)
    with pytest.raises(AmbiguousTable) as caught:
        scored(text)
    assert caught.value.choice.option == "header"
    assert caught.value.choice.values[0] == str(line)
    for reading in (Reading(header=str(line)), Reading(skip=str(line - 1))):
        result, summary = scored(text, reading)
        assert (predictions(result, mark), summary.bad_rows) == (["68", "70"], 0)
    with pytest.raises(ColumnsUnmatched):
        scored(text, Reading(header=caught.value.choice.values[1]))


@pytest.mark.parametrize("blank", ["   \n", "\t\r\n \n", "\n  \n\n"])
def test_blank_lines_above_the_header_do_not_matter(blank: str) -> None:
    result, summary = scored(f"{blank}{HEADER}\n{ROWS}")
    assert (predictions(result), summary.bad_rows) == (["68", "70"], 0)


@pytest.mark.parametrize(
    "title", ["My\x85title", "My\u2028title", "My\ftitle", "\vTitle", "My\x1ctitle", "\xa0"]
)
def test_lines_end_at_line_feeds_alone(title: str) -> None:
    text = f"{title}\n{HEADER}\n{ROWS}"
    with pytest.raises(AmbiguousTable) as caught:
        scored(text)
    assert caught.value.choice.values == ("2", "1")
    result, summary = scored(text, Reading(header="2"))
    assert (predictions(result), summary.bad_rows) == (["68", "70"], 0)
    with pytest.raises(AmbiguousTable):
        scored(f"{title}\n{HEADER}\n1\r2\n{ROWS}")


@pytest.mark.parametrize("mark", ["#", "%", "//"])
def test_comments_above_the_header_are_asked_about(mark: str) -> None:
    above = f'{mark} exported\n{mark} rows: 2, or "two\n'
    text = f"{above}{HEADER}\n34,70,Bonn,a\n{mark} x\n35,70,Bonn,b\n"
    with pytest.raises(AmbiguousTable, match=f"--comment '{mark}'"):
        scored(text)
    result, summary = scored(text, Reading(comment=mark))
    assert (predictions(result), summary.bad_rows) == (["68", "70"], 0)
    result, summary = scored(text, Reading(header="3"))
    assert (predictions(result), summary.bad_rows) == (["68", "", "70"], 1)


@pytest.mark.parametrize("delimiter", [",", "\t"])
@pytest.mark.parametrize("mark", ["#", "//"])
@pytest.mark.parametrize("quote", [None, '"'])
@pytest.mark.parametrize("comment", [',"note', ',"', ' 5" or 6"', '"', ',"a",""'])
def test_a_comment_is_one_line_whatever_marks_it_has(
    comment: str, quote: Quote | None, mark: str, delimiter: str
) -> None:
    row = "34,70,Bonn,a\n"
    rows = f'{row}{mark}{comment}\n{row}34,70,"Bonn","c"\n34,70,Bonn,"d\n{mark} e"\n'
    text = f"{HEADER}\n{rows * 3}{mark}{comment}\n".replace(",", delimiter)
    reading = Reading(comment=mark, quote=quote, limits=Limits(chunk_bytes=60))
    result, summary = scored(text, reading)
    assert (summary.rows, summary.bad_rows) == (12, 0)
    assert predictions(result, delimiter) == ["68"] * 12
    assert result.decode().count(f"{mark} e") == 3


@pytest.mark.parametrize(
    "rows", [ROWS, "34,,Bonn,\n35,,Bonn,\n", "id7,34,70,Bonn,a\nid8,35,70,Bonn,b\n"]
)
def test_a_table_without_a_header_is_asked_about(rows: str) -> None:
    first = rows.partition(",")[0]
    for columns in (None, {"age": first, "note": "Bonn"}):
        with pytest.raises(AmbiguousTable) as caught:
            scored(rows, columns=columns)
        assert caught.value.choice.values == ("none", "1")
    with pytest.raises(ColumnsUnmatched, match="called column_1 to column_"):
        scored(rows, Reading(header="none"))
    shift = 1 if first.startswith("id") else 0
    places = {name: f"column_{int(column[-1]) + shift}" for name, column in BY_PLACE.items()}
    result, summary = scored(rows, Reading(header="none"), columns=places)
    assert (predictions(result), summary.rows) == (["68", "70"], 2)


def test_sentences_are_no_names_of_columns() -> None:
    model = model_of(TextInput(name="question"))
    with pytest.raises(AmbiguousTable, match="--header 'none'"):
        scored("Why is the sky blue?\nHow so?\n", model=model)
    _, summary = scored(
        "Why is the sky blue?\nHow so?\n",
        Reading(header="none"),
        model=model,
        columns={"question": "column_1"},
    )
    assert summary.rows == 2


def test_other_names_of_columns_are_no_values() -> None:
    columns = {"age": "Alter", "body.mass (kg)": "Masse", "town": "Ort", "note": "Notiz"}
    text = "Alter,Masse,Ort,Notiz,2019\n34,70,Bonn,a,1\n35,70,Bonn,b,2\n"
    result, _ = scored(text, columns=columns)
    assert predictions(result) == ["68", "70"]

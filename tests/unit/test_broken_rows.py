"""One bad row costs one row, and no row is lost without a word."""

import csv
import gzip
import io
import json
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from servery.batch.frames import score
from servery.batch.pipeline import refuse_broken
from servery.errors import AmbiguousTable, ColumnsUnmatched, TableRagged, TableUnreadable
from servery.tables.reading import Limits, Reading
from tests.unit.batches import model_of, scored

HEADER = "age,body.mass (kg),town,note"
GOOD = "34,70,Bonn,a\n"


def rows_of(result: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(result.decode(), newline="")))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("34,70,Bonn", "Expected 4 cells, found 3."),
        ("34;70,Bonn,a", "Expected 4 cells, found 3."),
        ("34,70,Bonn,a,b", "Expected 4 cells, found 5; left out: 'b'."),
        ("34,70,Bonn, Germany,a,", "Expected 4 cells, found 6; left out: 'a,'."),
        ("34,70,Bonn,\0a", "Expected text, found a zero byte."),
        ("\n(2 rows affected)", "Expected 4 cells, found 1."),
        ("Source: ERP, confidential", "Expected 4 cells, found 2."),
        ("-- end of report --", "Expected 4 cells, found 1."),
    ],
)
def test_a_bad_row_comes_back_with_its_reason(row: str, reason: str) -> None:
    result, summary = scored(f"{HEADER}\n{GOOD}{row}\n{GOOD}35,70,Bonn,b\n")
    found = rows_of(result)
    assert [each["prediction"] for each in found] == ["68", "", "68", "70"]
    assert found[1]["error"] == reason
    assert all(None not in each for each in found)
    line = 4 if row.startswith("\n") else 3
    assert summary.bad[(None, "broken-row")].lines == [line]
    same, _ = scored(result, kind="jsonl")
    assert len(same.splitlines()) == 4


@pytest.mark.parametrize(
    "text",
    [
        f"{HEADER},\n34,70,Bonn,a,\n",
        f"{HEADER}\n34,70,Bonn,a,\n",
        f"{HEADER}\n34,70,Bonn,a, ,,\n",
        f"{HEADER},,,\n34,70,Bonn,a\n",
        f"{HEADER},,,\n34,70,Bonn,a,,,\n",
        f",,{HEADER}\n0,0,34,70,Bonn,a\n",
        f"id,{HEADER},id,id\n1,34,70,Bonn,a,2,3\n",
        f"x,x,id_2,id,id,{HEADER}\n1,2,3,4,5,34,70,Bonn,a\n",
    ],
)
def test_columns_that_are_no_inputs_do_not_matter(text: str) -> None:
    for kind in ("csv", "jsonl"):
        result, summary = scored(text, kind=kind)
        assert (summary.rows, summary.bad_rows) == (1, 0)
    result, _ = scored(text)
    [row] = rows_of(result)
    assert row["prediction"] == "68"
    names = next(csv.reader(io.StringIO(result.decode())))
    assert len(set(names)) == len(names)


def test_a_last_row_without_a_line_end_counts_among_few() -> None:
    for name, text in (
        ("t.csv", f"{HEADER}\n34,70\n{GOOD.strip()}"),
        ("t.jsonl", "torn\n" + OBJECT[:-2] + ', "note": "n"}'),
    ):
        _, summary = scored(text, name=name)
        assert (summary.rows, summary.bad_rows) == (2, 1)


def test_zero_bytes_at_the_end_of_a_file_cost_one_row() -> None:
    _, summary = scored(f"{HEADER}\n{GOOD}{GOOD}" + 500 * "\0")
    assert (summary.rows, summary.bad_rows) == (3, 1)


def test_nan_in_an_array_of_json_costs_one_row() -> None:
    row = OBJECT[:-2] + ', "note": "é, ] \\" }"}'
    bad = row.replace("70", "NaN")
    for document in (f"[{row},\n {bad}, {row}]", f'{{"instances": [{bad}, {row},{row} ] }}\n'):
        _, summary = scored(document, name="t.json")
        assert (summary.rows, summary.bad_rows) == (3, 1)
    for document in (f"[{row}, {bad}", f"[{row} {bad}]", f'{{"instances": [{bad}], "x": 1}}'):
        with pytest.raises(TableUnreadable, match=r"t\.json is not JSON"):
            scored(document, name="t.json")


@pytest.mark.parametrize("orient", ["columns", "index", "split", "table"])
def test_a_json_document_that_is_no_list_of_rows_says_what_to_write(orient: str) -> None:
    frame = pd.DataFrame([json.loads(OBJECT)] * 2)
    with pytest.raises(TableUnreadable, match=r"orient='records', lines=True"):
        scored(frame.to_json(orient=orient), name="t.json")
    result, _ = scored(
        frame.to_json(orient="records", lines=True), name="t.txt", columns={"note": ""}
    )
    assert [row["prediction"] for row in rows_of(result)] == ["68", "68"]


def test_a_repeated_name_of_an_input_is_not_guessed() -> None:
    with pytest.raises(ColumnsUnmatched, match=r"'age' may be the column 'age_1' or 'age_2'.*--c"):
        scored("age,body.mass (kg),town,note,age\n34,70,Bonn,a,35\n")
    result, _ = scored(
        "age,body.mass (kg),town,note,age\n34,70,Bonn,a,35\n", columns={"age": "age_2"}
    )
    assert rows_of(result)[0]["prediction"] == "70"


def test_repeated_names_of_a_frame_do_not_matter_unless_of_an_input() -> None:
    frame = pd.DataFrame(
        [[34, 70.0, "Bonn", "a", 1, 2]], columns=[*HEADER.split(","), "extra", "extra"]
    )
    found = score(model_of(), frame)
    assert found["prediction"].tolist() == [68.0]
    assert list(found.columns)[4:6] == ["extra", "extra"]
    with pytest.raises(ColumnsUnmatched, match="'age'"):
        score(model_of(), frame.set_axis([*HEADER.split(","), "age", "x"], axis=1))


def test_a_repeated_name_in_parquet_is_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    columns = [[34], [70.0], ["Bonn"], ["a"], [35]]
    pq.write_table(pa.table(columns, names=[*HEADER.split(","), "age"]), path)
    with pytest.raises(ColumnsUnmatched, match="'age'"):
        scored(path, name="t.parquet")


def test_a_table_of_mostly_broken_rows_is_refused_by_what_it_looks_like() -> None:
    _, summary = scored(f"{HEADER}\n{GOOD}" + "a b c\n" * 3)
    with pytest.raises(TableRagged, match=r"3 of 4 rows of t\.csv .* Line 3: Expected 4 cells"):
        refuse_broken("t.csv", summary)


STRAY = [
    ('"5 inch', '"12 inch'),
    ('"5 inch', "a"),
    ('"a', 'b"'),
    ('"', '"'),
    ('"a', '"b"'),
    ('"a', 'say "b"'),
]


@pytest.mark.parametrize(("first", "second"), STRAY)
def test_a_stray_quotation_mark_is_asked_about(first: str, second: str) -> None:
    lines = ["note,age,body.mass (kg),town", *(f"n,{n % 12},70,Bonn" for n in range(3_000))]
    lines[5] = f"{first},5,70,Bonn"
    lines[2_500] = f"{second},6,70,Bonn"
    text = "\n".join(lines) + "\n"
    for reading in (Reading(), Reading(limits=Limits(chunk_bytes=4_000))):
        with pytest.raises(AmbiguousTable) as caught:
            scored(text, reading)
        assert caught.value.choice.option == "quote"
        assert "6" in str(caught.value)
    result, summary = scored(text, Reading(quote="none"))
    assert (summary.rows, summary.bad_rows) == (3_000, 0)
    found = rows_of(result)
    assert (found[4]["note"], found[2_499]["note"]) == (first, second)


def test_a_broken_row_of_several_lines_may_be_several_rows() -> None:
    text = f'{HEADER}\n{GOOD}34,"70\n"\n35,70,Bonn,b\n'
    with pytest.raises(AmbiguousTable, match="lines 3 and 4"):
        scored(text)
    for reading, rows in ((Reading(quote="none"), 4), (Reading(quote='"'), 3)):
        _, summary = scored(text, reading)
        assert summary.rows == rows


def test_cells_of_several_lines_are_no_doubt() -> None:
    note = '"Dear Sir,\nthank you for your order, and the others.\n\nBest, ""Bob"""'
    result, summary = scored(f"{HEADER}\n34,70,Bonn,{note}\n" * 1 + f"35,70,Bonn,{note}\n")
    assert (summary.rows, summary.bad_rows) == (2, 0)
    assert rows_of(result)[0]["note"].startswith("Dear Sir,\nthank")


OBJECT = '{"age": 34, "body.mass (kg)": 70, "town": "Bonn"}\n'


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"age": 34, "town', "truncated"),
        ('{"age": 35, "body.mass (kg)": NaN, "town": "Bonn"}', "has no NaN"),
        ('{"age": 35, "x": -Infinity, "town": "Bonn"}', "has no -Infinity"),
        ('{"age": NaN, "note": "\\ud800"}', "has no NaN"),
        ('{"age": NaN, "\\udc00": 1}', "has no NaN"),
        ("[1, 2]", "Expected one JSON object, found '[1, 2]'"),
        ("(2 rows)", "Expected one JSON object"),
        ('{"age": 1, "age": 2}', "'age' twice"),
        ("[" * 100_000, "Expected one JSON object"),
        ('{"age": 1, "\\u0061ge": 2}', "'age' twice"),
        ('{"age": 1, "note": {"a": 1, "a": 2}}', "'a' twice"),
        ('{"age": ' + "[" * 9_000 + "]" * 9_000 + "}", "recursion"),
    ],
)
def test_a_bad_line_of_json_costs_one_row(line: str, reason: str) -> None:
    first = OBJECT[:-2] + ', "note": "n"}\n'
    text = first + OBJECT + line + "\n" + OBJECT
    for kind in ("csv", "jsonl"):
        result, summary = scored(text, name="t.jsonl", kind=kind)
        assert (summary.rows, summary.bad_rows) == (4, 1)
        assert summary.bad[(None, "broken-row")].lines == [3]
    objects = [json.loads(each) for each in result.splitlines()]
    assert [each["prediction"] for each in objects] == [68.0, 68.0, None, 68.0]
    assert reason in objects[2]["error"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "line", ["[]", "[1, 2]", " [[3]]", "[" + OBJECT.strip() + "]", '{"instances": [1]}']
)
def test_a_first_line_that_is_an_array_costs_one_row(line: str, encoding: str) -> None:
    text = f"\n{line}\n{OBJECT}{OBJECT}"
    _, summary = scored(text.encode(encoding), name="t.json", columns={"note": ""})
    assert (summary.rows, summary.bad_rows) == (3, 1)
    assert summary.first_bad[0].line == 2
    with pytest.raises(TableUnreadable, match=r"t\.json is not JSON"):
        scored("[" + OBJECT.strip() + ",\n" + OBJECT, name="t.json")


def test_a_member_may_come_late(tmp_path: Path) -> None:
    late = OBJECT[:-2] + ', "note": "n", "x": 1}\n'
    path = tmp_path / "t.jsonl"
    packed = tmp_path / "t.jsonl.gz"
    for text in (OBJECT * 3_000 + late, late + OBJECT * 3_000):
        path.write_text(text, encoding="utf-8")
        packed.write_bytes(gzip.compress(text.encode()))
        for source in (text, path, packed):
            result, summary = scored(source, name="t.jsonl")
            assert (summary.rows, summary.bad_rows) == (3_001, 0)
            assert result.startswith(b"age,body.mass (kg),town,note,x,prediction")
            assert b",n,1," in result

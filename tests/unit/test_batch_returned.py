"""Which columns a result has, and how its cells are written."""

import io
import json

import openpyxl
import pyarrow as pa
import pytest
from pyarrow import parquet

from servery.batch.returned import Returned, kept_columns
from servery.errors import TableUnreadable
from servery.inputs import IntegerInput
from tests.unit.batches import model_of, scored

MODEL = model_of(IntegerInput(name="age"))
CSV = 'id,age,name\n01,3,"Köln, old"\n02,x,=A1\n'
JSONL = '{"id": "01", "age": 3, "price": 1.10, "name": "a"}\n{"age": "x", "id": "02"}\n'


def result(table: str | bytes, *keep: str, kind: str = "csv", is_raw: bool = False) -> bytes:
    name = "t.jsonl" if table[:1] == "{" else "t.csv"
    returned = Returned(keep, is_raw=is_raw)
    return scored(table, model=MODEL, kind=kind, name=name, returned=returned)[0]


def test_kept_columns_come_in_the_order_asked_for() -> None:
    lines = result(CSV, "name", "id").decode().splitlines()
    assert lines[:2] == ["name,id,prediction,warnings,error", '"Köln, old",01,6,,']
    assert lines[2].startswith("'=A1,02,,,")


def test_without_columns_of_the_table_the_answers_come_alone() -> None:
    lines = result(CSV).decode().splitlines()
    assert lines[:2] == ["prediction,warnings,error", "6,,"]
    assert len(lines) == 3
    assert result(JSONL, kind="jsonl").startswith(b'{"prediction":6.0,"warnings":null')


def test_kept_columns_of_other_formats_keep_their_types() -> None:
    lines = result(JSONL, "id", "price", kind="jsonl").splitlines()
    assert lines[0].startswith(b'{"id":"01","price":1.10,"prediction":6.0')
    assert lines[1].startswith(b'{"id":"02","price":null,"prediction":null')
    sheet = openpyxl.load_workbook(io.BytesIO(result(CSV, "age", kind="xlsx"))).worksheets[0]
    assert [row[:2] for row in sheet.iter_rows(values_only=True)] == [
        *(("age", "prediction"), (3, 6), ("x", None)),
    ]
    file = io.BytesIO()
    parquet.write_table(pa.table({"day": pa.array([1], pa.date32()), "age": [3]}), file)
    table = parquet.read_table(io.BytesIO(result(file.getvalue(), "day", kind="parquet")))
    assert table.schema.field("day").type == pa.date32()
    assert table.column_names[:2] == ["day", "prediction"]


def test_kept_members_of_json_are_written_as_they_were() -> None:
    members = r'"n": 1e3, "id": 12345678901234567890, "é\"": "\u00e9", "x": {"a": [1.0, {}]}'
    table = '{"age": 3, ' + members + '}\n{"age": NaN, "n": 1.50}\n{"age": 3, "age": 4}\nno\n'
    lines = result(table, "x", 'é"', "id", "n", kind="jsonl").decode().splitlines()
    kept = (
        r'{"x":{"a": [1.0, {}]},"é\"":"\u00e9","id":12345678901234567890,"n":1e3,"prediction":6.0'
    )
    assert lines[0].startswith(kept)
    assert lines[1].startswith(r'{"x":null,"é\"":null,"id":null,"n":1.5,"prediction":null')
    assert [json.loads(line)["x"] for line in lines[1:]] == [None] * 3


def test_a_column_to_keep_that_is_not_there_is_named() -> None:
    with pytest.raises(TableUnreadable, match=r"no column 'nam' to keep\. Did you mean 'name'"):
        result(CSV, "nam")


def test_raw_results_have_no_apostrophes() -> None:
    returned = Returned(is_raw=True)
    table, summary = scored(CSV, model=MODEL, returned=returned)
    assert "02,x,=A1," in table.decode()
    assert summary.neutralised == 0


def test_columns_to_keep_are_said_as_a_row_of_csv() -> None:
    assert kept_columns(["id, name", '"a, b"', "id"]) == ("id", "name", "a, b")
    assert kept_columns(['"a\nb"']) == ("a\nb",)
    for text in ("a\nb", "a\rb"):
        with pytest.raises(TableUnreadable, match="to keep in one line"):
            kept_columns([text])

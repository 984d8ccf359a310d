"""Tables as they come: what is in them comes back as it was, beside its prediction."""

import contextlib
import csv
import datetime
import decimal
import gzip
import io
import json
import os
import pickle
import random
import re
import signal
import tempfile
import zipfile
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyarrow as pa
import pytest
from openpyxl.chart import BarChart, Reference
from pyarrow import parquet

from servery.batch.command import columns_of
from servery.batch.pipeline import open_batch
from servery.batch.summary import BadRow, Remark, Tally
from servery.errors import (
    AmbiguousTable,
    Choice,
    ColumnsUnmatched,
    ModelFailed,
    TableEmpty,
    TableMisread,
    TableRagged,
    TableTooLarge,
    TableUnreadable,
)
from servery.inputs import (
    BooleanInput,
    Category,
    CategoryInput,
    DateInput,
    Input,
    IntegerInput,
    NumberInput,
    TextInput,
)
from servery.inputs.moment_texts import Order
from servery.runtimes.columns import ColumnOutcomes, Columns
from servery.signature import ClassificationOutput, OutcomeClass, Signature
from servery.tables.opening import open_table
from servery.tables.packing import PACKINGS, OneWay, Packing
from servery.tables.reading import Limits, Reading
from tests.unit.batches import Model, TwiceTheFirst, model_of, rows_of, scored

HEADER = "age,body.mass (kg),town,note"
OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SMALL = Reading(limits=Limits(chunk_bytes=64))


def predictions(result: bytes, delimiter: str = ",") -> list[str]:
    return [row["prediction"] for row in rows_of(result, delimiter)]


def test_rows_come_back_as_they_were_with_their_prediction() -> None:
    text = f'{HEADER}\n34,70.5,"Bonn",\n41,,Köln,"a ""word"", and more"\n'
    result, summary = scored(text)
    first, *rest = result.decode().splitlines()
    assert first == f"{HEADER},prediction,warnings,error"
    assert rest == [
        '34,70.5,"Bonn",,68,,',
        '41,,Köln,"a ""word"", and more",82,,',
    ]
    assert (summary.rows, summary.bad_rows) == (2, 0)


def test_rows_that_do_not_fit_are_kept_with_every_reason() -> None:
    result, summary = scored(f"{HEADER}\n34,70,Bonn,\nx,1,Rome,\n35,70,Bonn,\n")
    first, bad, last = rows_of(result)
    assert (first["prediction"], bad["prediction"], last["prediction"]) == ("68", "", "70")
    assert bad["error"] == (
        'age: Expected a whole number, found "x".; '
        'town: Expected one of "Bonn", "Köln", found "Rome".'
    )
    assert summary.bad == {
        ("age", "not-an-integer"): Tally(1, [3]),
        ("town", "unknown-category"): Tally(1, [3]),
    }


def test_a_warning_stands_beside_its_prediction() -> None:
    result, summary = scored(f"{HEADER}\n95,70,Bonn,\n")
    assert rows_of(result)[0]["warnings"] == "age: Seen in training: 0 to 90."
    assert (summary.warned_rows, summary.bad) == (1, {})
    assert summary.warned == {("age", "outside-training-range"): Tally(1, [2])}


@pytest.mark.parametrize("chunk_bytes", [64, 1_000_000])
def test_each_reason_names_its_first_lines_of_the_file(chunk_bytes: int) -> None:
    rows = [f'{age},70,Bonn,"two\nlines"\n\n' for age in ["x", 95, 34] * 12]
    reading = Reading(limits=Limits(chunk_bytes=chunk_bytes))
    _, summary = scored(f"{HEADER}\n{''.join(rows)}x,70,Rome,\n", reading)
    assert (summary.rows, summary.bad_rows, summary.warned_rows) == (37, 13, 12)
    assert summary.bad == {
        ("age", "not-an-integer"): Tally(13, list(range(2, 92, 9))),
        ("town", "unknown-category"): Tally(1, [110]),
    }
    assert summary.warned == {
        ("age", "outside-training-range"): Tally(12, list(range(5, 95, 9))),
    }


@pytest.mark.parametrize("chunk_bytes", [64, 1_000_000])
def test_the_first_rows_that_do_not_fit_are_kept_with_their_reasons(chunk_bytes: int) -> None:
    rows = [f"{age},70,Bonn,\n" for age in ["x", 34] * 60]
    _, summary = scored(
        f"{HEADER}\n{''.join(rows)}", Reading(limits=Limits(chunk_bytes=chunk_bytes))
    )
    assert summary.bad_rows == 60
    assert [row.line for row in summary.first_bad] == list(range(2, 102, 2))
    remark = Remark("age", "not-an-integer", 'Expected a whole number, found "x".')
    assert all(row == BadRow(row.line, [remark]) for row in summary.first_bad)


def test_of_a_row_with_very_many_faults_ten_are_kept() -> None:
    model = model_of(*(IntegerInput(name=f"column {at}") for at in range(25)))
    header = ",".join(model.signature.names)
    _, summary = scored(f"{header}\n{','.join('x' * 25)}\n", model=model)
    [row] = summary.first_bad
    assert [remark.input for remark in row.remarks] == list(model.signature.names[:10])
    assert row.more == 15


def test_a_row_that_the_model_fails_on_hurts_no_other() -> None:
    text = HEADER + "\n" + "".join(f"{age},70,Bonn,\n" for age in (12, 13, 14, 15))
    rows = rows_of(scored(text)[0])
    assert [row["prediction"] for row in rows] == ["24", "", "28", "30"]
    assert rows[1]["error"] == "age: The model gives no finite answer for 13."


def test_a_model_that_fails_on_everything_is_told_at_once() -> None:
    with pytest.raises(ModelFailed):
        scored(HEADER + "\n" + "13,70,Bonn,\n" * 500)


PLAIN = f"{HEADER}\n34,70.5,Bonn,ä\n41,71.5,Köln,b\n"


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode(),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
        lambda text: text.encode("utf-32"),
        lambda text: b"\x00\x00\xfe\xff" + text.encode("utf-32-be"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.rstrip("\n").encode(),
        lambda text: gzip.compress(text.encode()),
        lambda text: b"\n\n\r\n" + text.encode() + b"\n\n",
        lambda text: text.replace(",", ";").encode(),
        lambda text: text.replace(",", "\t").encode(),
        lambda text: text.replace(",", "|").encode("utf-16"),
        lambda text: b"sep=;\r\n" + text.replace(",", ";").encode(),
        lambda text: ('"sep=|"\n\n' + text.replace(",", "|")).encode("utf-16"),
    ],
)
def test_what_a_file_is_written_with_is_found_out(encode: Callable[[str], bytes]) -> None:
    result, _ = scored(encode(PLAIN))
    delimiter = next(each for each in ",;\t|" if each in result.decode())
    rows = rows_of(result, delimiter)
    assert [row["prediction"] for row in rows] == ["68", "82"]
    assert [row["note"] for row in rows] == ["ä", "b"]


def test_latin_1_is_told_and_not_guessed() -> None:
    for said in (Reading(), Reading(encoding="utf-8")):
        with pytest.raises(AmbiguousTable, match="line 2 has the byte 0xE4, which is ä") as doubt:
            scored(PLAIN.encode("latin-1"), said)
        assert doubt.value.choice == Choice("encoding", ("cp1252", "latin-1"))
    with pytest.raises(AmbiguousTable, match=r"the byte 0x81\. Such files"):
        scored(PLAIN.encode("latin-1").replace(b"\xe4", b"\x81"))
    result, _ = scored(PLAIN.encode("latin-1"), Reading(encoding="latin-1"))
    assert [row["note"] for row in rows_of(result)] == ["ä", "b"]


def test_half_of_a_surrogate_pair_is_no_text() -> None:
    with pytest.raises(TableMisread, match="is not utf-7 all through"):
        scored(f"{HEADER}\n34,70,Bonn,+2AA-\n", Reading(encoding="utf-7"))


def test_an_odd_byte_far_down_is_named_by_its_line() -> None:
    text = (f"{HEADER}\n" + "34,70,Bonn,\n" * 40_000).encode() + b"35,70,Bonn,\xe4\n"
    with pytest.raises(AmbiguousTable, match="line 40002 has the byte 0xE4"):
        scored(text)


def test_decimal_commas_are_read_where_they_can_be_nothing_else() -> None:
    text = PLAIN.replace(",", ";").replace("70.5", "70,5").replace("71.5", "71,5")
    for reading in (Reading(), Reading(decimal=",")):
        result, summary = scored(text, reading)
        assert (predictions(result, ";"), summary.bad_rows) == (["68", "82"], 0)
    _, summary = scored(text, Reading(decimal="."))
    assert summary.bad_rows == 2


def test_predictions_have_the_decimal_mark_of_the_table() -> None:
    model = model_of(NumberInput(name="x"))
    result, _ = scored("x;y\n1,25;a\n", Reading(decimal=","), model=model)
    assert result.decode().splitlines()[1] == "1,25;a;2,5;;"


@pytest.mark.parametrize(
    ("day", "dates"),
    [
        ("2024-02-29", None),
        ("2024/02/29", None),
        ("20240229", None),
        ("01.02.2024", "day-first"),
        ("2/1/2024", "month-first"),
    ],
)
def test_days_in_five_spellings(day: str, dates: Order | None) -> None:
    model = model_of(DateInput(name="day"))
    if dates is not None:
        with pytest.raises(AmbiguousTable) as caught:
            scored(f"day,x\n{day},1\n", model=model)
        assert caught.value.choice.option == "dates"
    _, summary = scored(f"day,x\n{day},1\n", Reading(dates=dates), model=model)
    assert (summary.rows, summary.bad_rows) == (1, 0)


def test_line_ends_within_quotes_are_part_of_their_cell() -> None:
    text = (
        f'{HEADER}\n34,70,Bonn,"one\ntwo"\n35,70,Bonn,"\ra\r\n"\nx,70,Bonn,"a\n\nb"\n36,70,Bonn,c\n'
    )
    for reading in (Reading(), SMALL):
        batch = open_batch(model_of(), io.BytesIO(text.encode()), reading)
        lines = [batch.table.layout.block(chunk).lines.tolist() for chunk in batch.table.chunks()]
        assert [line for each in lines for line in each] == [2, 4, 6, 9]
        result, _ = scored(text, reading)
        rows = rows_of(result)
        assert [row["prediction"] for row in rows] == ["68", "70", "", "72"]
        assert rows[0]["note"] == "one\ntwo"


def test_a_line_that_says_the_delimiter_is_a_line_of_the_file() -> None:
    text = "SEP=;\nage;note\n1;a,b\nx;c\n"
    model = model_of(IntegerInput(name="age"))
    result, summary = scored(text, model=model)
    assert [row["note"] for row in rows_of(result, ";")] == ["a,b", "c"]
    assert summary.bad == {("age", "not-an-integer"): Tally(1, [4])}
    with pytest.raises(TableEmpty):
        scored("sep=;\n", model=model)


def test_line_numbers_are_those_of_the_file() -> None:
    text = f"\n{HEADER}\n34,70,Bonn,\n\n\n" + "x,70,Bonn,\n" * 3
    batch = open_batch(model_of(), io.BytesIO(text.encode()), SMALL)
    work = batch.chunk_scorer("csv")
    errors = [row for chunk in batch.table.chunks() for row in work(chunk).errors]
    assert [row[0] for row in errors] == ["6", "7", "8"]


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize(
    "cell",
    ['5" pipe', '"a"b', ' "x"', '"x" ', '"a ""b"" c"', '""', '"\n"', '","', 'a"b"', "'"],
)
def test_both_readers_cut_and_read_alike(
    cell: str, exact: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = HEADER + "\n" + "".join(f"{age},70,Bonn,{cell}\n" for age in range(12)) * 3
    expected = list(csv.DictReader(io.StringIO(text, newline="")))
    batch = open_batch(model_of(), io.BytesIO(text.encode()), SMALL)
    layout = batch.table.layout
    if exact:
        monkeypatch.setattr("servery.tables.delimited.splitting._split_quickly", lambda *_: None)
    found = [
        cells
        for chunk in batch.table.chunks()
        for cells in zip(*(c.cells() for c in layout.block(chunk).columns), strict=True)
    ]
    assert found == [tuple(row.values()) for row in expected]


def test_a_million_empty_lines_are_no_rows() -> None:
    text = f"{HEADER}\n34,70,Bonn,\n" + "\n" * 1_000_000 + "35,70,Bonn,\n"
    result, summary = scored(text)
    assert (predictions(result), summary.rows) == (["68", "70"], 2)


def test_nothing_but_empty_lines_is_an_empty_table() -> None:
    with pytest.raises(TableEmpty):
        scored("\n" * 1_000_000)


def test_a_cell_of_ten_megabytes_is_one_cell() -> None:
    long = "word " * 2_000_000
    result, summary = scored(f'{HEADER}\n34,70,Bonn,"{long}"\n35,70,Bonn,b\n')
    assert (len(rows_of_long(result)), summary.bad_rows) == (2, 0)
    assert long in result.decode()


def rows_of_long(result: bytes) -> list[dict[str, str]]:
    csv.field_size_limit(1 << 30)
    return rows_of(result)


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("", TableEmpty, "is empty"),
        ("\n  \n", TableEmpty, "is empty"),
        (f"{HEADER}\n", TableEmpty, "a header and no rows"),
        (HEADER, TableEmpty, "a header and no rows"),
        (f"{HEADER}\n\n\n", TableEmpty, "a header and no rows"),
        ("age,age,town\n1,2,3\n", ColumnsUnmatched, "input 'age'"),
        (f"{HEADER}\n1,2,Bonn\n", TableRagged, "1 of 1 rows .*Line 2: Expected 4 cells, found 3"),
        ("a\0b\x01\x02,c\n", TableUnreadable, "is not text"),
        (PLAIN.replace("\n", "\r"), TableUnreadable, "CR line endings"),
        (f'{HEADER}\n1,2,Bonn,"' + "x\n" * 9_000_000, AmbiguousTable, "in line 2 of"),
        ('[{"age": 1}, 2', TableUnreadable, "is not JSON"),
    ],
)
def test_what_is_no_table_is_one_clear_error(
    text: str, error: type[TableUnreadable], words: str
) -> None:
    name = "people" if text.startswith("[") else "people.csv"
    with pytest.raises(error, match=words):
        scored(text, name=name)


@pytest.mark.parametrize("name", ["people.csv", "people.pdf", "people.jsonl", "people"])
@pytest.mark.parametrize(
    ("start", "what", "remedy"),
    [
        (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "a PDF document", "was made from"),
        (OFFICE + bytes(504), "a Microsoft Office file", "as .xlsx"),
        (OFFICE + "WordDocument\0".encode("utf-16-le"), "a Word document", "was made from"),
        (OFFICE + "EncryptedPackage\0".encode("utf-16-le"), "a password", "without a password"),
        (b"<html><table><tr><th>age</th></tr></table></html>", "an HTML page", "as .xlsx or CSV"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "an XML document", "as .xlsx or CSV"),
        (b"ORC\n\x06\x12\x04\x08\x03", "an ORC file", "as Parquet"),
        (b"$FL2@(#) SPSS DATA FILE", "an SPSS file", "read_spss"),
        (b"<stata_dta><header>", "a Stata file", "as CSV"),
        (b"RDX3\nX\n\x00\x00", "an R file", r"write.csv"),
        (pickle.dumps({"a": [1]}), "a pickle, such as a model file", "servery serve"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "a 7z archive", "unpack it"),
        (b"Rar!\x1a\x07\x01\x00", "a RAR archive", "unpack it"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "a PNG picture", "was made from"),
    ],
)
def test_what_is_known_to_be_no_table_is_called_what_it_is(
    start: bytes, what: str, remedy: str, name: str
) -> None:
    for data in (start, gzip.compress(start)):
        for reading in (
            Reading(),
            Reading(format="csv"),
            Reading(delimiter=";", encoding="cp1252"),
        ):
            with pytest.raises(TableUnreadable, match=what) as raised:
                scored(data, reading, name=name)
            assert remedy in str(raised.value)
            assert name in str(raised.value)


def test_damaged_and_swollen_archives_are_refused() -> None:
    packed = gzip.compress(PLAIN.encode() + b"34,70,Bonn,c\n" * 100_000)
    with pytest.raises(TableUnreadable, match="damaged"):
        scored(packed[:200])
    with pytest.raises(TableTooLarge, match="unpacks to more than 100,000 bytes"):
        scored(packed, Reading(limits=Limits(unpacked_bytes=100_000)))


def test_a_quotation_mark_that_never_ends_swallows_no_rows() -> None:
    rows = "34,70,Bonn,\n" * 5
    for spoilt in ('34,70,Bonn,"never\n', '34,70,Bonn,a "b"\n34,70,Bonn,"never "" ends\n'):
        with pytest.raises(TableUnreadable, match=rf"line {spoilt.count(chr(10)) + 6} .*unclosed"):
            scored(f"{HEADER}\n{rows}{spoilt}{rows}")
    _, summary = scored(f'{HEADER}\n{rows}34,70,Bonn,"ends"')
    assert summary.rows == 6


@pytest.mark.parametrize(
    ("reading", "words"),
    [
        (Reading(encoding="klingon"), "no encoding 'klingon'"),
        (Reading(encoding="hex"), "no encoding 'hex'"),
        (Reading(encoding="utf-16"), "byte-order mark is not there"),
        (Reading(delimiter=",,"), "cannot divide"),
        (Reading(delimiter='"'), "cannot divide"),
        (Reading(delimiter="é"), "cannot divide"),
        (Reading(delimiter="\n"), "cannot divide"),
    ],
)
def test_a_reading_that_there_is_not_is_told(reading: Reading, words: str) -> None:
    with pytest.raises(TableUnreadable, match=words):
        scored(f"{HEADER}\n34,70,Bonn,\n".encode("utf-16-le"), reading)


def archive_of(**members: bytes | str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


@pytest.mark.parametrize(
    ("member", "what", "remedy"),
    [
        ("word/document.xml", "a Word document", "was made from"),
        ("arr_0.npy", "NumPy arrays", "as CSV"),
        ("schema.json", "a model file of skops", "servery serve"),
    ],
)
def test_an_archive_that_is_no_table_is_called_what_it_is(
    member: str, what: str, remedy: str
) -> None:
    with pytest.raises(TableUnreadable, match=what) as raised:
        scored(archive_of(**{member: "x"}), name="people.xlsx")
    assert remedy in str(raised.value)


def test_an_archive_of_one_table_is_that_table(tmp_path: Path) -> None:
    people = f"{HEADER}\n34,70,Bonn,\n"
    book = workbook([HEADER.split(","), [34, 70, "Bonn", None]])
    members: dict[str, bytes | str] = {"d/people.csv": people, "p.xlsx": book, "p.gz": gz(people)}
    for name, content in members.items():
        data = archive_of(**{"__MACOSX/._people.csv": "x", name: content})
        (tmp_path / "people.zip").write_bytes(data)
        for source in (data, tmp_path / "people.zip"):
            assert predictions(scored(source, name="people.zip")[0]) == ["68"]
    table = open_table(tmp_path / "people.zip")
    table.close()
    assert getattr(table, "is_packed", True)  # a cluster must not cut it
    with pytest.raises(TableUnreadable, match="archive of 2 files"):
        scored(archive_of(**{"a.csv": people, "b.csv": people}), name="people.zip")
    swollen = archive_of(**{"p.csv": people + "34,70,Bonn,\n" * 100_000})
    with pytest.raises(TableTooLarge, match="unpacks to more than 100,000 bytes"):
        scored(swollen, Reading(limits=Limits(unpacked_bytes=100_000)))


def gz(text: str) -> bytes:
    return gzip.compress(text.encode())


@pytest.mark.parametrize("packing", PACKINGS, ids=lambda packing: packing.title)
def test_every_way_to_pack_a_table_is_unpacked(packing: Packing) -> None:
    rows = f"{HEADER}\n" + "34,70,Bonn,\n" * 20_000
    file = io.BytesIO()
    with contextlib.closing(OneWay(packing.packed(file))) as packed:
        packed.write(rows.encode())
    data = file.getvalue()
    assert scored(data)[1].rows == 20_000
    with pytest.raises(TableUnreadable, match="damaged"):
        scored(data[: len(data) * 2 // 3])
    with pytest.raises(TableTooLarge, match="unpacks to more than 100,000 bytes"):
        scored(data, Reading(limits=Limits(unpacked_bytes=100_000)))


def test_arrow_files_are_read_and_written_and_damaged_ones_named(tmp_path: Path) -> None:
    table = pa.table({"age": [34, 35], "note": ["a", None], "extra": [[1], []]})
    path = tmp_path / "people.arrow"
    with pa.ipc.new_file(path, table.schema) as writer:
        writer.write_table(table)
    model = model_of(IntegerInput(name="age"))
    result, _ = scored(path, model=model, kind="arrow", name="people.arrow")
    out = pa.ipc.open_file(result).read_all()
    assert out.select(table.column_names).equals(table)
    assert out["prediction"].to_pylist() == [68.0, 70.0]
    stream = io.BytesIO()
    with pa.ipc.new_stream(stream, table.schema) as writer:
        writer.write_table(table)
        writer.write_table(table)
    result, _ = scored(stream.getvalue(), model=model, kind="jsonl", name="people.arrow")
    assert [json.loads(line)["prediction"] for line in result.splitlines()] == [68, 70] * 2
    with pytest.raises(TableUnreadable, match="is a damaged Arrow stream: "):
        scored(stream.getvalue()[:-200], model=model, name="people.arrow")
    data = path.read_bytes()
    at = data.index(b"\xff" * 4, data.index(b"\xff" * 4) + 4)  # the batch, after the schema
    for spoilt in (data[: len(data) // 2], data[:at] + b"\0" * 64 + data[at + 64 :]):
        with pytest.raises(TableUnreadable, match="is a damaged Arrow file: "):
            scored(spoilt, model=model, name="people.arrow")


def lines_of(*rows: dict[str, Any]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.mark.parametrize("kind", ["parquet", "arrow"])
def test_columns_that_are_no_inputs_keep_their_types(kind: str) -> None:
    model, small = model_of(IntegerInput(name="age")), Reading(limits=Limits(chunk_bytes=200))
    first = {
        "n": 1,
        "x": 1.5,
        "is": True,
        "s": "a",
        "mixed": 1,
        "grows": 1,
        "big": 2**60,
        "no": None,
    }
    last = {**first, "n": 2, "mixed": "b", "grows": 0.5, "big": 0.5}
    rows = [{"age": n, **first} for n in range(40, 80)]
    data = lines_of(*rows, {"age": 81, **last})
    result, summary = scored(data, small, model=model, kind=kind, name="t.jsonl")
    source = io.BytesIO(result)
    out = parquet.read_table(source) if kind == "parquet" else pa.ipc.open_file(source).read_all()
    types = {name: str(out.schema.field(name).type) for name in first}
    assert types == {
        "n": "int64",
        "x": "double",
        "is": "bool",
        "s": "string",
        "no": "string",
        "mixed": "string",
        "grows": "double",
        "big": "string",
    }
    assert out.num_rows == summary.rows == 41
    assert out.slice(40).select(["n", "mixed", "grows", "big"]).to_pylist() == [
        {"n": 2, "mixed": "b", "grows": 0.5, "big": "0.5"}
    ]
    assert out["big"][0].as_py() == str(2**60)


def test_days_of_a_workbook_are_days_in_parquet() -> None:
    day = datetime.datetime(2024, 2, 29, 10, 15)
    book = workbook([["age", "at", "count", "note"], [34, day, 7, "a"], [35, None, 8, None]])
    result, _ = scored(book, model=model_of(IntegerInput(name="age")), kind="parquet")
    out = parquet.read_table(io.BytesIO(result)).select(["at", "count", "note"])
    assert out.to_pylist() == [
        {"at": day, "count": 7, "note": "a"},
        {"at": None, "count": 8, "note": None},
    ]


def test_a_json_document_is_a_table_of_its_rows() -> None:
    rows = [{"age": 34, "town": "Bonn", "note": "a\n[b"}, {"age": 35, "town": "Köln"}]
    columns = {"body.mass (kg)": ""}
    for document in (rows, {"instances": rows}):
        for indent, encoding in product((None, 2), ("utf-8", "utf-8-sig", "utf-16", "utf-32")):
            text = json.dumps(document, indent=indent, ensure_ascii=False).encode(encoding)
            name = "t" if indent else "t.json"
            result, summary = scored(text, columns=columns, kind="jsonl", name=name)
            first, second = map(json.loads, result.decode().splitlines())
            assert (first["note"], first["prediction"], second["prediction"]) == ("a\n[b", 68, 70)
            assert (summary.rows, summary.bad_rows) == (2, 0)
    with pytest.raises(TableEmpty):
        scored("[]", name="t.json")
    for deep in ("[" * 200_000, '{"instances": [' + '{"a":' * 200_000):
        with pytest.raises(TableUnreadable, match=r"t\.json is not JSON"):
            scored(deep, name="t.json")
    for others in ('"instances": []', '"instances": [{"age": 3}]'):
        with pytest.raises(TableUnreadable, match="'instances' twice"):
            scored('{"instances": [{"age": 1}, {"age": 2}], ' + others + "}", name="t.json")
    with pytest.raises(TableUnreadable, match="unknown field `rows`"):
        scored('{"instances": [{"age": 1}], "rows": []}', name="t.json")


def test_columns_are_matched_without_case_and_punctuation() -> None:
    result, _ = scored("Note;TOWN;Body Mass KG;extra = 1;AGE\n;Bonn;70;+1;34\n")
    header, row = result.decode().splitlines()
    assert header == "Note;TOWN;Body Mass KG;extra = 1;AGE;prediction;warnings;error"
    assert row == ";Bonn;70;+1;34;68;;"


def test_a_letter_with_a_mark_is_one_however_it_is_written() -> None:
    model = model_of(NumberInput(name="größe"))
    assert predictions(scored("gro\u0308ße\n3\n", model=model)[0]) == ["6"]


def test_an_option_can_be_pasted_into_a_shell() -> None:
    with pytest.raises(ColumnsUnmatched, match="--column 'body mass=…', or --column 'body mass='"):
        scored("a\n3\n", model=model_of(NumberInput(name="body mass", missing_allowed=True)))


def test_names_with_dots_spaces_and_symbols_are_names() -> None:
    names = ["a.b c", "€ %", "日本", '"quoted"', "x,y", " lead"]
    model = model_of(*(IntegerInput(name=name) for name in [*names[:5], "lead"]))
    file = io.StringIO()
    csv.writer(file).writerows([names[::-1], range(6)])
    result, summary = scored(file.getvalue(), model=model)
    assert (predictions(result), summary.bad_rows) == (["10"], 0)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("agee,body.mass (kg),town,note", r"no column for the input 'age'. Did you mean 'agee'\?"),
        ("Age,AGE,body.mass (kg),town,note", "may be the column 'Age' or 'AGE'"),
        (
            "age,town,note",
            r"'body.mass \(kg\)'.*or --column 'body.mass \(kg\)=' where there is none",
        ),
    ],
)
def test_a_column_that_is_not_sure_is_asked_for(header: str, words: str) -> None:
    with pytest.raises(ColumnsUnmatched, match=words):
        scored(f"{header}\n" + ",".join("1" * (header.count(",") + 1)) + "\n")


def test_of_very_many_inputs_without_a_column_the_first_are_told_and_the_rest_counted() -> None:
    model = model_of(*(NumberInput(name=f"sensor {at:03d}") for at in range(300)))
    header = [f"probe {at:03d}" for at in range(300)]
    with pytest.raises(ColumnsUnmatched) as unmatched:
        scored(as_csv([header, ["1"] * 300]), model=model)
    named = [part.input for part in unmatched.value.parts if part.input is not None]
    assert named == list(model.signature.names[:10])
    assert unmatched.value.detail.endswith(" And 290 more like these.")


def test_a_column_that_another_input_has_is_not_proposed() -> None:
    model = model_of(NumberInput(name="height"), NumberInput(name="weight"))
    with pytest.raises(ColumnsUnmatched, match=r"no column for the input 'height'\. Say"):
        scored("Size,Weight\n3,4\n", model=model)
    with pytest.raises(ColumnsUnmatched, match=r"no column 'Heigh'\.$"):
        scored("Size,WEIGHT\n3,4\n", model=model, columns={"height": "Heigh"})
    with pytest.raises(ColumnsUnmatched, match=r"no column 'Siz'. Did you mean 'Size'\?"):
        scored("Size,WEIGHT\n3,4\n", model=model, columns={"height": "Siz"})


@pytest.mark.parametrize("name", ["driver's age", 'the "real" one', "a 'b' \"c\"", "v1.2", "Größe"])
def test_what_is_said_of_an_input_tells_its_name_apart(name: str) -> None:
    model = model_of(NumberInput(name=name))
    with pytest.raises(ColumnsUnmatched) as unmatched:
        scored("a\n3\n", model=model)
    with pytest.raises(AmbiguousTable) as doubtful:
        scored(as_csv([[name], ["1,234"]]), model=model)
    for error in (unmatched.value, doubtful.value, pickle.loads(pickle.dumps(doubtful.value))):  # noqa: S301 - our own
        assert [part.input for part in error.parts if part.input is not None] == [name]
        assert "".join(part.text for part in error.parts) == error.detail
        assert repr(name) in str(error)


def as_csv(rows: list[list[str]]) -> str:
    file = io.StringIO(newline="")
    csv.writer(file).writerows(rows)
    return file.getvalue()


def test_a_column_may_be_told_and_one_may_be_told_to_be_absent() -> None:
    text = "years,town,note,age\n34,Bonn,,x\n"
    told = {"age": "years", "body.mass (kg)": ""}
    assert predictions(scored(text, columns=told)[0]) == ["68"]
    with pytest.raises(ColumnsUnmatched, match=r"no column 'yeers'. Did you mean 'years'\?"):
        scored(text, columns={**told, "age": "yeers"})
    with pytest.raises(ColumnsUnmatched, match="cannot do without the input 'age'"):
        scored(text, columns={**told, "age": ""})
    with pytest.raises(ColumnsUnmatched, match=r"no input 'agee'"):
        scored(text, columns={**told, "agee": "years"})


def test_the_name_of_an_input_may_have_an_equals_sign() -> None:
    names = ["sex", "sex=male", "age"]
    told = columns_of(["sex=male=M", "sex=S=1", "age=", "no=x=y"], names)
    assert told == {"sex=male": "M", "sex": "S=1", "age": "", "no": "x=y"}


def test_formulas_are_made_harmless_and_counted() -> None:
    cells = ["=1+1", "+1", "-5.5", '"\t=x"', "a=b", '"=cmd|"" /C"" calc"', "-2+3", "@SUM(A1)"]
    text = "age,x\n" + "".join(f"{place},{cell}\n" for place, cell in enumerate(cells))
    model = model_of(IntegerInput(name="age"))
    result, summary = scored(text, model=model)
    told = [row["x"] for row in rows_of(result)]
    assert told == [
        *("'=1+1", "+1", "-5.5", "'\t=x", "a=b", '\'=cmd|" /C" calc', "'-2+3", "'@SUM(A1)"),
    ]
    assert summary.neutralised == 5


def test_cells_that_no_spreadsheet_runs_keep_their_bytes() -> None:
    cells = [
        "-",
        "@x",
        "+49 30 123",
        "- none",
        '"-5 °C"',
        "-1.234;5",
        "===",
        '"\tx"',
        "+1 (555) 12",
    ]
    text = "age,x\n" + "".join(f"{place},{cell}\n" for place, cell in enumerate(cells))
    result, summary = scored(text, model=model_of(IntegerInput(name="age")))
    lines = result.decode().splitlines()[1:]
    assert [line.split(",")[1] for line in lines] == cells
    assert summary.neutralised == 0


def test_beside_a_formula_the_other_cells_of_a_row_keep_their_bytes() -> None:
    text = 'age,x,"a ""b"""\n1,=A1,"plain"\n"2","=B1,C1", z \n'
    result, _ = scored(text, model=model_of(IntegerInput(name="age")))
    assert result.decode().splitlines()[1:] == [
        '1,\'=A1,"plain",2,,',
        '"2","\'=B1,C1", z ,4,,',
    ]


def test_a_workbook_keeps_texts_that_look_like_formulas() -> None:
    result, summary = scored(
        "age,=x\n1,=A1\n", model=model_of(IntegerInput(name="age")), kind="xlsx"
    )
    assert cells_of(result)[0][:2] == ("age", "=x")
    assert cells_of(result)[1][:2] == (1, "=A1")
    assert summary.neutralised == 0
    sheet = openpyxl.load_workbook(io.BytesIO(result)).worksheets[0]
    assert (sheet["B2"].data_type, sheet["B2"].quotePrefix) == ("s", True)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_was_made_harmless_is_read_again_as_what_it_was(kind: str) -> None:
    towns = CategoryInput(
        name="=town", categories=tuple(Category(each, each) for each in ("=Bonn", "'=Rome"))
    )
    model = model_of(NumberInput(name="n"), towns)
    result = scored('n,=town\n1,=Bonn\n2,\'=Rome\n"\t3",=Bonn\n', model=model, kind=kind)[0]
    again = rows_of(scored(result, model=model)[0])
    assert [row["servery_prediction"] for row in again] == ["2", "4", "6"]


def test_a_result_column_never_takes_the_name_of_another() -> None:
    result, _ = scored("age,prediction,error\n1,a,b\n", model=model_of(IntegerInput(name="age")))
    assert result.decode().splitlines() == [
        "age,prediction,error,servery_prediction,warnings,servery_error",
        "1,a,b,2,,",
    ]


def test_a_result_that_is_scored_again_and_again_has_columns_of_their_own() -> None:
    result = f"{HEADER}\n34,70,Bonn,\n".encode()
    for _ in range(3):
        result, _ = scored(result)
    header = result.decode().splitlines()[0].split(",")
    assert len(set(header)) == len(header)
    assert "servery_servery_prediction" in header


def test_json_lines_keep_their_types_and_their_text() -> None:
    lines = '{"age": 34, "body.mass (kg)": null, "town": "Bonn", "note": "x", "k": [1]}\n'
    lines += '{"age": "34", "body.mass (kg)": 1, "town": "Bonn", "note": "x"}\n'
    result, summary = scored(lines, kind="jsonl", name="people.jsonl")
    first, second = map(json.loads, result.decode().splitlines())
    assert result.decode().startswith('{"age": 34, "body.mass (kg)": null')
    assert (first["prediction"], first["k"], first["error"]) == (68.0, [1], None)
    assert second["prediction"] is None
    assert summary.bad == {("age", "not-an-integer"): Tally(1, [2])}


@pytest.mark.parametrize("group", [2, 1000])
def test_parquet_in_and_out(tmp_path: Path, group: int) -> None:
    table = pa.table(
        {
            "age": pa.array([34, None, 36, 37], pa.int64()),
            "body.mass (kg)": pa.array([70.5, None, float("nan"), 3.0]),
            "town": pa.array(["Bonn", "Köln", "Bonn", "Rome"]).dictionary_encode(),
            "note": pa.array([None, "b", "=c", "d"]),
            "extra": pa.array([[1], [2], None, []]),
        }
    )
    path = tmp_path / "people.parquet"
    parquet.write_table(table, path, row_group_size=group)
    reading = Reading(limits=Limits(chunk_rows=3))
    result, summary = scored(path, reading, kind="parquet", name="people.parquet")
    out = parquet.read_table(io.BytesIO(result))
    assert (
        out.select(["age", "town", "note"]).to_pylist()
        == table.select(["age", "town", "note"]).to_pylist()
    )
    assert out["prediction"].to_pylist() == [68.0, None, 72.0, None]
    assert out["extra"].to_pylist() == table["extra"].to_pylist()
    assert summary.bad == {
        ("age", "missing"): Tally(1, [2]),
        ("town", "unknown-category"): Tally(1, [4]),
    }
    text, _ = scored(path, reading, name="people.parquet")
    assert [row["note"] for row in rows_of(text)] == ["", "b", "'=c", "d"]


def test_columns_of_odd_types_are_read_to_the_last_digit() -> None:
    codes = pa.array([*range(128), None], pa.int8())
    table = pa.table(
        {
            "age": [1] * 129,
            "code": pa.DictionaryArray.from_arrays(codes, pa.array(map(str, range(128)))),
            "day": pa.array([3_700_000] * 129, pa.date32()),
            "time": pa.array([1] * 129, pa.time64("ns")),
            "id": pa.array([b"0" * 16] * 129, pa.uuid()),
        }
    )
    model = model_of(IntegerInput(name="age"))
    [*_, before, last] = rows_of(scored(parquet_of(table), model=model)[0])
    assert (before["code"], last["code"]) == ("127", "")
    assert (last["day"], last["time"]) == ("12100-04-04", "00:00:00.000000001")
    assert last["id"] == "30303030-3030-3030-3030-303030303030"


def test_a_column_that_cannot_be_read_is_named() -> None:
    table = pa.table({"age": [1], "at": pa.array([1], pa.timestamp("s", "Mars/Base"))})
    with pytest.raises(TableUnreadable, match=r"'at' of t\.parquet .* leave the column out"):
        scored(parquet_of(table), model=model_of(IntegerInput(name="age")), name="t.parquet")


def parquet_of(table: pa.Table) -> bytes:
    file = io.BytesIO()
    parquet.write_table(table, file)
    return file.getvalue()


def test_numbers_of_a_text_file_are_numbers_in_parquet() -> None:
    result, _ = scored(f"{HEADER}\n34,70.5,Bonn,7\nx,,Bonn,\n", kind="parquet")
    out = parquet.read_table(io.BytesIO(result)).to_pylist()
    assert [row["age"] for row in out] == [34, None]
    assert out[0]["note"] == "7"
    assert 'found "x"' in out[1]["error"]


def workbook(rows: list[list[Any]], **others: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    for name, cells in {"people": rows, **others}.items():
        sheet = book.create_sheet(name)
        for row in cells:
            sheet.append(row)
    del book["Sheet"]
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_excel_in_and_out() -> None:
    rows: list[list[Any]] = [
        HEADER.split(","),
        [34, 70.5, "Bonn", None],
        [],
        ["35", None, "Köln", "'=x"],
        ["x"],
    ]
    result, summary = scored(workbook(rows), kind="xlsx", name="people.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(result)).active
    assert sheet is not None
    told = list(sheet.iter_rows(values_only=True))
    assert [row[4] for row in told] == ["prediction", 68, 70, None]
    assert summary.bad_rows == 1
    text, _ = scored(workbook(rows), name="people.xlsx")
    assert predictions(text) == ["68", "70", ""]


def cells_of(result: bytes) -> list[tuple[Any, ...]]:
    sheet = openpyxl.load_workbook(io.BytesIO(result)).active
    assert sheet is not None
    return list(sheet.iter_rows(values_only=True))


def test_a_formula_that_came_to_a_value_or_to_an_empty_text_is_read() -> None:
    cell = b'<c r="B2"><f>A2*2</f><v /></c>'
    for value, mass in (
        (b'<c r="B2"><f>A2*2</f><v>68</v></c>', 68),
        (b'<c r="B2" t="str"><f>""</f><v></v></c>', None),
    ):
        old, new = io.BytesIO(workbook([HEADER.split(","), [34, "=A2*2", "Bonn"]])), io.BytesIO()
        with zipfile.ZipFile(old) as was, zipfile.ZipFile(new, "w") as archive:
            for name in was.namelist():
                data = was.read(name)
                assert cell in data or "sheet1" not in name
                archive.writestr(name, data.replace(cell, value))
        [row] = cells_of(scored(new.getvalue(), kind="xlsx")[0])[1:]
        assert row[1] == mass


def test_a_file_with_an_odd_byte_is_read_or_damaged() -> None:
    book = workbook([["age", "note"], *([n, f"x{n}"] for n in range(30))])
    table = parquet_of(pa.table({"age": [1, 2], "note": ["a", "b"]}))
    chance, model = random.Random(7), model_of(IntegerInput(name="age"))  # noqa: S311 - the same each time
    for whole in (book, table):
        for _ in range(400):
            data = bytearray(whole)
            for _ in range(3):
                data[chance.randrange(4, len(data))] = chance.randrange(256)
            with contextlib.suppress(TableUnreadable, ColumnsUnmatched):
                scored(bytes(data), model=model)


def test_a_text_of_parquet_that_is_no_utf_8_is_told() -> None:
    offsets, data = pa.array([0, 1], pa.int32()).buffers()[1], pa.py_buffer(b"\xe4")
    note = pa.StringArray.from_buffers(1, offsets, data)
    table = parquet_of(pa.table({"age": [1], "note": note}))
    with pytest.raises(TableUnreadable, match=r"'note' of t\.parquet .* 0xe4"):
        scored(table, model=model_of(IntegerInput(name="age")), name="t.parquet")


def test_a_sheet_that_says_to_have_endless_rows_is_damaged() -> None:
    def edit(data: bytes) -> bytes:
        return data.replace(b'<row r="3"', b'<row r="3000000000"')

    book = rewritten(workbook([["age"], [34], [35]]), edit)
    with pytest.raises(TableUnreadable, match="damaged"):
        scored(book, model=model_of(IntegerInput(name="age")))


def test_a_number_of_a_sheet_is_a_text_where_a_text_is_meant() -> None:
    digits = CategoryInput(name="c", categories=(Category("1", "1"), Category("2", "2")))
    model = model_of(
        IntegerInput(name="n"), digits, BooleanInput(name="b"), TextInput(name="t", max_length=9)
    )
    sheet = workbook([["n", "c", "b", "t"], [7, 1, 0, 5], [8, 2.0, 1, True], [9, 3, 2, ""]])
    first, second, last = rows_of(scored(sheet, model=model)[0])
    assert (first["prediction"], second["prediction"], last["prediction"]) == ("14", "16", "")
    assert 'c: Expected one of "1", "2", found 3.' in last["error"]
    assert "b: Expected true or false, found 2." in last["error"]


def test_what_a_sheet_cannot_hold_shows_there() -> None:
    table = pa.table(
        {
            "age": [34],
            "long": ["x" * 40_000],
            "a\x01b": ["c\x02d"],
            "inf": [float("inf")],
            "big": [2**53 + 1],
            "old": [datetime.date(1850, 1, 1)],
            "fine": pa.array([1], pa.timestamp("ns")),
            "micro": pa.array([1_001], pa.timestamp("us")),
            "milli": pa.array([1_700_000_000_001], pa.timestamp("ms")),
        }
    )
    header, row = cells_of(
        scored(parquet_of(table), model=model_of(IntegerInput(name="age")), kind="xlsx")[0]
    )
    assert header[2] == "a\ufffdb"
    assert row[1] == "x" * 32_766 + "…"
    assert row[2:9] == (
        "c\ufffdd",
        "inf",
        "9007199254740993",
        "1850-01-01",
        "1970-01-01T00:00:00.000000001",
        "1970-01-01T00:00:00.001001",
        datetime.datetime(2023, 11, 14, 22, 13, 20, 1_000),
    )


def test_values_that_json_has_no_type_for_are_texts_in_it() -> None:
    moments = pa.array([1], pa.timestamp("ns", "UTC"))
    table = pa.table(
        {
            "age": [34],
            "at": moments,
            "all": pa.array([moments.to_pylist()], pa.list_(moments.type)),
            "price": [decimal.Decimal("1.10")],
            "inf": [float("-inf")],
            "raw": [b"caf\xc3\xa9 \xff"],
        }
    )
    model = model_of(IntegerInput(name="age"))
    text = scored(parquet_of(table), model=model, kind="jsonl")[0].decode()
    assert '"price":1.10,' in text
    told = json.loads(text)
    at = "1970-01-01T00:00:00.000000001+00:00"
    assert (told["at"], told["all"]) == (at, [at])
    assert (told["inf"], told["raw"]) == ("-inf", "café \\xff")
    [row] = rows_of(scored(parquet_of(table), model=model)[0])
    assert (json.loads(row["all"]), row["raw"]) == ([at], "café \\xff")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_classes_that_look_like_formulas_are_harmless(kind: str) -> None:
    class Named:
        def predict_columns(self, columns: Columns) -> ColumnOutcomes:
            return ColumnOutcomes(classes=(columns[0] > 1).astype(int))

    classes = (OutcomeClass(value="=a+1", label="=a+1"), OutcomeClass(value="b", label="b"))
    output = ClassificationOutput(label="Class", name="y", classes=classes, probabilities=False)
    model = Model(Signature((IntegerInput(name="n"),), output), Named())
    result, summary = scored("n\n1\n2\n1\n", model=model, kind=kind)
    found = [row["prediction"] for row in rows_of(result)] if kind == "csv" else None
    named, escaped = ("'=a+1", 2) if kind == "csv" else ("=a+1", 0)
    assert (found or [row[1] for row in cells_of(result)[1:]]) == [named, "b", named]
    assert summary.neutralised == escaped


@pytest.mark.parametrize("item", [NumberInput(name="n"), IntegerInput(name="n")])
def test_cells_that_are_no_numbers_are_missing_among_those_of_parquet(item: Input) -> None:
    cells = [1, True, datetime.date(2024, 1, 1), "#N/A", "7", [1], {"a": 1}, 2**60 + 1]
    sheet = workbook([["n"], *([cell] for cell in cells[:5])])
    lines = "".join(json.dumps({"n": cell}, default=str) + "\n" for cell in cells)
    for source, count, last in ((sheet, 5, 7), (lines.encode(), 8, None)):
        table = pa.BufferReader(scored(source, model=model_of(item), kind="parquet", name="t")[0])
        told = parquet.read_table(table).to_pydict()
        assert told["n"] == [1, None, None, None, last, None, None, None][:count]
        assert [error is None for error in told["error"]] == [n is not None for n in told["n"]]


def test_a_nought_that_does_not_fit_is_no_missing_value() -> None:
    model = model_of(IntegerInput(name="n"), BooleanInput(name="b"))
    lines = b'{"n": false, "b": 0}\n{"n": 2, "b": true}\n{"n": null, "b": 0.0}\n'
    result, _ = scored(lines, model=model, kind="xlsx", name="t.jsonl")
    assert [row[:2] for row in cells_of(result)[1:]] == [(False, 0), (2, True), (None, 0)]
    table = pa.table({"n": [False, None], "b": [0, 1]})
    result, _ = scored(parquet_of(table), model=model, kind="jsonl")
    told = [json.loads(line) for line in result.splitlines()]
    assert [(row["n"], row["b"]) for row in told] == [(False, 0), (None, 1)]


def test_a_file_that_becomes_shorter_while_it_is_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(f"{HEADER}\n" + "34,70,Bonn,\n" * 100_000, encoding="utf-8")
    batch = open_batch(model_of(), path)
    with contextlib.closing(batch):
        os.truncate(path, 600_000 + len(HEADER) + 1)  # where a row ends
        with pytest.raises(TableUnreadable, match="became shorter while it was read: 600,0"):
            list(batch.table.chunks())


def test_a_sheet_of_more_columns_than_excel_knows_is_refused() -> None:
    names = ["age", *(f"c{at}" for at in range(16_380))]
    row = ",".join("1" for _ in names)
    model = model_of(IntegerInput(name="age"))
    result, _ = scored(",".join(names) + f"\n{row}\n", model=model, kind="xlsx")
    assert len(cells_of(result)[0]) == 16_384
    with pytest.raises(TableTooLarge, match=r"16,384 columns, .* 16,385; write it as CSV"):
        scored(",".join([*names, "d"]) + f"\n{row},1\n", model=model, kind="xlsx")


@pytest.mark.parametrize("kind", ["jsonl", "parquet", "xlsx"])
def test_an_empty_cell_is_a_missing_value_when_a_result_is_scored_again(kind: str) -> None:
    towns = (Category("Bonn", "Bonn"),)
    model = model_of(
        IntegerInput(name="age"), CategoryInput(name="town", categories=towns, unknown_allowed=True)
    )
    first, _ = scored("age,town,note\n1,,\n2,Bonn,x\n", model=model, kind=kind)
    last, _ = scored(first, model=model, name=f"t.{kind}")
    assert [row["servery_prediction"] for row in rows_of(last)] == ["", "4"]
    assert rows_of(last)[0]["servery_error"].startswith("town: Expected a value")


def test_a_workbook_of_two_sheets_is_asked_about() -> None:
    book = workbook([["a"], [1]], other=[HEADER.split(","), [34, 1, "Bonn", ""]])
    with pytest.raises(AmbiguousTable, match="--sheet 'people' or --sheet 'other'"):
        scored(book, name="people.xlsx")
    assert predictions(scored(book, Reading(sheet="other"), name="b.xlsx")[0]) == ["68"]


MISSING = Reading(missing=("-999", "NA", "1900-01-01"))


def test_an_error_leaves_no_half_of_a_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(AmbiguousTable):
        scored(f"{HEADER}\n" + "34,70,Bonn,\n" * 1_200 + '1,"x\n', kind="xlsx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet", "xlsx"])
def test_what_means_missing_does_so_in_every_format(kind: str) -> None:
    model = model_of(
        NumberInput(name="a", missing_allowed=True),
        NumberInput(name="b", missing_allowed=True),
        CategoryInput(name="c", categories=(Category("x", "x"),), missing_allowed=True),
        DateInput(name="d", missing_allowed=True),
    )
    first, day = datetime.date(1900, 1, 1), datetime.date(2024, 1, 2)
    table = pa.table({"a": [7, -999], "b": [1.5, -999], "c": ["NA", "x"], "d": [first, day]})
    rows = table.to_pylist()
    lines = "".join(json.dumps(row, default=str) + "\n" for row in rows)
    sources: dict[str, bytes] = {
        "csv": b"a,b,c,d\n7,1.5,NA,1900-01-01\n-999,-999,x,2024-01-02\n",
        "jsonl": lines.encode(),
        "parquet": parquet_of(table),
        "xlsx": workbook([list("abcd"), *(list(row.values()) for row in rows)]),
    }
    batch = open_batch(model, io.BytesIO(sources[kind]), MISSING, None, f"t.{kind}")
    with contextlib.closing(batch):
        a, b, c, d = batch.preview().parsed.columns
    assert np.array_equal([a, b], [[7, np.nan], [1.5, np.nan]], equal_nan=True)
    assert (c.tolist(), d.tolist()) == ([None, "x"], [None, day])


def rewritten(book: bytes, edit: Callable[[bytes], bytes]) -> bytes:
    """Change what the sheets of a workbook are written as."""
    old, new = io.BytesIO(book), io.BytesIO()
    with zipfile.ZipFile(old) as was, zipfile.ZipFile(new, "w") as archive:
        for name in was.namelist():
            data = was.read(name)
            archive.writestr(name, edit(data) if "worksheets/" in name else data)
    return new.getvalue()


@pytest.mark.parametrize("said", [b'<dimension ref="A1"/>', b""])
def test_a_sheet_is_taken_for_what_is_in_it_and_not_for_what_it_says(said: bytes) -> None:
    def edit(data: bytes) -> bytes:
        return re.sub(rb"<dimension [^>]*>", said, data)

    people: list[list[Any]] = [HEADER.split(","), [34, 1, "Bonn", ""]]
    with pytest.raises(AmbiguousTable, match="--sheet 'people' or --sheet 'other'"):
        scored(rewritten(workbook(people, other=people), edit), name="people.xlsx")
    one = rewritten(workbook(people, empty=[], title=[["People"]]), edit)
    assert predictions(scored(one, name="people.xlsx")[0]) == ["68"]


def test_a_workbook_of_charts_alone_is_told() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook([["age"], [1]])))
    chart = BarChart()
    chart.add_data(Reference(book["people"], min_col=1, min_row=1, max_row=2))
    book.create_chartsheet("chart").add_chart(chart)
    del book["people"]
    file = io.BytesIO()
    book.save(file)
    with pytest.raises(TableEmpty, match="only charts"):
        scored(file.getvalue(), name="people.xlsx")


@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl", "parquet", "xlsx"])
def test_processes_write_what_one_writes(kind: str) -> None:
    text = HEADER + "\r\n" + "".join(f'{n % 80},{n}.5,Köln,"n\n{n}"\r\n' for n in range(3_000))
    text += "x,,Bonn,\r\n" + "7,70,Bonn,\r\n" * 2_000
    reading = Reading(limits=Limits(chunk_bytes=3_000))
    alone, summary = scored(text, reading, kind=kind)
    together, same = scored(text, reading, kind=kind, processes=3)
    assert alone == together
    assert summary == same


@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl", "parquet", "xlsx"])
@pytest.mark.parametrize("given", ["jsonl", "parquet", "xlsx"])
def test_processes_read_what_one_reads(given: str, kind: str) -> None:
    text = HEADER + "\n" + "".join(f"{n % 80},{n}.5,Köln,n{n}\n" for n in range(50)) + "x,,Bonn,\n"
    table, _ = scored(text, kind=given)
    reading = Reading(limits=Limits(chunk_bytes=500, chunk_rows=9))
    alone, summary = scored(table, reading, kind=kind, name=f"t.{given}")
    together, same = scored(table, reading, kind=kind, name=f"t.{given}", processes=3)
    assert alone == together
    assert summary == same
    assert summary.rows == 51


def test_order_is_kept_whoever_does_the_work() -> None:
    text = HEADER + "\n" + "".join(f"{age % 80},70,Bonn,n{age}\n" for age in range(5_000))
    text = text.replace("13,70", "x,70").replace(",n77", ',"=n\n77"')
    reading = Reading(limits=Limits(chunk_bytes=2_000), quote='"')
    alone, summary = scored(text, reading)
    together, same = scored(text, reading, processes=3)
    at_once, _ = scored(text, Reading(quote='"'))
    assert alone == together == at_once
    assert summary == same
    assert [row["age"] for row in rows_of(alone)][:3] == ["0", "1", "2"]


def test_an_error_in_another_process_is_told_here() -> None:
    text = HEADER + "\n" + "34,70,Bonn,\n" * 5_000 + '1,"2\n'
    with pytest.raises(AmbiguousTable, match="line 5002"):
        scored(text, Reading(limits=Limits(chunk_bytes=2_000)), processes=2)


def test_the_first_error_is_told_whoever_meets_it() -> None:
    good, bad = "34,70,Bonn,\n" * 30_000, "13,70,Bonn,\n" * 600  # the model fails on 13
    reading = Reading(limits=Limits(chunk_bytes=20_000))
    for text in (good + bad + good + "1,2\n" + good, good + bad + good * 2 + '1,"x\n' + good):
        for processes in (1, 2, 3):
            with pytest.raises(ModelFailed, match="more than 100 rows"):
                scored(HEADER + "\n" + text, reading, processes=processes)


class EndsElsewhere(TwiceTheFirst):
    """Ends every process but the one that made it."""

    def __init__(self) -> None:
        super().__init__()
        self.home = os.getpid()

    def predict_columns(self, columns: Columns) -> ColumnOutcomes:
        if os.getpid() != self.home:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().predict_columns(columns)


def test_a_process_that_is_gone_is_missed() -> None:
    model = Model(model_of().signature, EndsElsewhere())
    text = HEADER + "\n" + "34,70,Bonn,\n" * 5_000
    with pytest.raises(ModelFailed, match=r"was killed \(exit code -9\)"):
        scored(text, Reading(limits=Limits(chunk_bytes=2_000)), model=model, processes=2)


@pytest.mark.parametrize("most", [1_000, 3_000])  # a chunk, or only what becomes of it, is larger
def test_what_processes_cannot_tell_each_other_is_said(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("servery.batch.processes.SHARED_BYTES", most)
    text = HEADER + "\n" + "34,70,Bonn,\n" * 5_000
    with pytest.raises(TableTooLarge, match="Use a single process"):
        scored(text, Reading(limits=Limits(chunk_bytes=2_000)), processes=2)


def test_a_chunk_always_becomes_the_same_part() -> None:
    text = HEADER + "\n" + "".join(f"{age % 80},70,Bonn,n\n" for age in range(500))
    batch = open_batch(model_of(), io.BytesIO(text.encode()), SMALL)
    work = batch.chunk_scorer("csv")
    chunks = list(batch.table.chunks())
    forwards = [work(chunk).rendered for chunk in chunks]
    backwards = [work(chunk).rendered for chunk in reversed(chunks)]
    assert forwards == backwards[::-1]


def test_a_preview_is_of_the_first_rows() -> None:
    text = HEADER + "\n" + "".join(f"{age},70,Bonn,\n" for age in range(60))
    batch = open_batch(model_of(), io.BytesIO(text.encode()))
    preview = batch.preview(5)
    assert [float(value) for value in preview.answers[0].values] == [0, 2, 4, 6, 8]
    assert sum(len(batch.table.layout.block(chunk)) for chunk in batch.table.chunks()) == 60


def test_a_text_model_of_one_column_is_read(tmp_path: Path) -> None:
    path = tmp_path / "q.txt"
    path.write_text("question\nWhat, and why?\n", encoding="utf-8")
    with pytest.raises(TableRagged, match="Line 2"):
        scored(path, model=model_of(TextInput(name="question")), name="q.txt")
    path.write_text('question\n"What, and why?"\nHow?\n', encoding="utf-8")
    _, summary = scored(path, model=model_of(TextInput(name="question")), name="q.txt")
    assert (summary.rows, summary.bad_rows) == (2, 0)


def test_the_csv_module_gives_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    text = HEADER + "\n" + "".join(f"{age % 80},70,Bonn,n{age}\n" for age in range(500))
    text += '7,7,Rome,"=x"\n95,70,Bonn,"a\n""b"""\n'
    quick, summary = scored(text, SMALL)
    monkeypatch.setattr("servery.tables.delimited.splitting._split_quickly", lambda *_: None)
    assert scored(text, SMALL) == (quick, summary)

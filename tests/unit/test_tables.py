"""Tables as frames: separators, encodings, marks, decimals, texts that look like numbers."""

import bz2
import gzip
import json
import lzma
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from servery.errors import AmbiguousTable, TableEmpty, TableRagged, TableUnreadable
from servery.tables.formats import TableFormat
from servery.tables.frames import read_frame
from servery.tables.reading import Reading
from servery.tables.registry import FORMATS, format_of, register

ROWS = pd.DataFrame({"size (m²)": [1.5, 2.0], "a/b": ["x, y", "ж"], "жанр": ["поп", "рок"]})


def written(folder: Path, data: bytes, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_separators_and_encodings_are_told_apart(
    tmp_path: Path, separator: str, encoding: str
) -> None:
    data = ROWS.to_csv(index=False, sep=separator).encode(encoding)
    pd.testing.assert_frame_equal(read_frame(written(tmp_path, data)), ROWS)


def test_an_older_encoding_is_asked_for_and_then_recognised(tmp_path: Path) -> None:
    text = "Straße,Größe,Fläche\n" + "Äußere Brückenstraße,übermäßig,1.5\n" * 40
    path = written(tmp_path, text.encode("cp1252"))
    with pytest.raises(AmbiguousTable, match="--encoding 'cp1252' or --encoding 'latin-1'"):
        read_frame(path)
    table = read_frame(path, Reading(encoding="cp1252"))
    assert list(table.columns) == ["Straße", "Größe", "Fläche"]
    assert table.iloc[0, 0] == "Äußere Brückenstraße"


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    rows = ROWS.assign(day=pd.to_datetime(["2024-01-01", "2024-01-02"]))
    rows.to_parquet(tmp_path / "table.parquet")
    pd.testing.assert_frame_equal(read_frame(tmp_path / "table.parquet"), rows)


def test_decimal_commas_are_numbers_where_they_can_be_nothing_else(tmp_path: Path) -> None:
    table = read_frame(written(tmp_path, b"size;price\n1,5;200,25\n2,75;3\n"))
    assert table["size"].tolist() == [1.5, 2.75]
    assert table["price"].tolist() == [200.25, 3.0]
    for text, option in (
        (b"a;b\n1,234;x\n5,678;y\n", "thousands"),
        (b"a;b\n1.234;x\n5.678;y\n", "thousands"),
        (b"a;b\n1,5;x\n2.5;y\n", "decimal"),
    ):
        path = written(tmp_path, text)
        with pytest.raises(AmbiguousTable, match=f"for the column .*--{option}"):
            read_frame(path)
    assert read_frame(path, Reading(decimal=","))["a"].tolist() == ["1,5", "2.5"]


def test_texts_of_the_model_stay_texts(tmp_path: Path) -> None:
    path = written(tmp_path, b"zip,answer,size,note\n01234,None,1,NA\n00099,NA,, x\n5, yes ,2,\n")
    table = read_frame(path, None, {"zip": {"01234"}, "answer": {"None", "yes"}, "note": ()})
    assert table["zip"].tolist() == ["01234", "00099", "5"]
    assert table["answer"].tolist()[::2] == ["None", "yes"]
    assert table["note"].tolist()[:2] == ["NA", " x"]
    assert table.isna().to_numpy().sum(axis=0).tolist() == [0, 1, 1, 1]


def test_a_column_has_the_type_of_all_of_its_cells(tmp_path: Path) -> None:
    header = "whole,gaps,number,truth,truths,text,none,huge\n"
    rows = "1,1,1,true,True,a,,99999999999999999999\n 2 ,NA,2.5,FALSE,,1,NULL,1\n"
    table = read_frame(written(tmp_path, (header + rows).encode()))
    kinds = {name: str(dtype) for name, dtype in table.dtypes.items()}
    assert kinds == {
        "whole": "int64",
        "gaps": "float64",
        "number": "float64",
        "truth": "bool",
        "truths": "object",
        "text": "str",
        "none": "float64",
        "huge": "float64",
    }
    assert table["whole"].tolist() == [1, 2]
    assert table["text"].tolist() == ["a", "1"]
    assert {"NA", "NULL", "NaN"} < set(table.attrs["missing_texts"])


def test_what_means_missing_is_said_for_every_format(tmp_path: Path) -> None:
    told = Reading(missing=("-999", "?"))
    rows = pd.DataFrame({"a": [1, -999], "b": ["?", "x"]})
    rows.to_csv(tmp_path / "t.csv", index=False)
    rows.to_parquet(tmp_path / "t.parquet")
    rows.to_excel(tmp_path / "t.xlsx", index=False)
    rows.to_json(tmp_path / "t.jsonl", orient="records", lines=True)
    for name in ("t.csv", "t.parquet", "t.xlsx", "t.jsonl"):
        table = read_frame(tmp_path / name, told)
        assert table.isna().to_numpy().tolist() == [[False, True], [True, False]], name
        assert table["a"][0] == 1
        assert set(table.attrs["missing_texts"]) >= set(told.missing)


def test_a_file_of_any_format_gives_the_same_frame(tmp_path: Path) -> None:
    text = ROWS.to_csv(index=False)
    written(tmp_path, gzip.compress(text.encode(), mtime=0), "t.csv.gz")
    written(tmp_path, b"sep=;\n" + ROWS.to_csv(index=False, sep=";").encode(), "said.csv")
    lines = [json.dumps(row, ensure_ascii=False) for row in ROWS.to_dict("records")]
    written(tmp_path, "\n".join(lines).encode(), "t.jsonl")
    ROWS.to_excel(tmp_path / "t.xlsx", index=False)
    for name in ("t.csv.gz", "said.csv", "t.jsonl", "t.xlsx"):
        pd.testing.assert_frame_equal(read_frame(tmp_path / name), ROWS)


def test_a_sheet_is_chosen_and_numbers_in_columns_of_texts_are_texts(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("other").append(["zip", "size"])
    for row in (["01234", "1.5"], [94105, 2]):
        book["other"].append(row)
    book["Sheet"].append(["a", "b"])
    book.save(tmp_path / "t.xlsx")
    with pytest.raises(AmbiguousTable, match="--sheet"):
        read_frame(tmp_path / "t.xlsx")
    table = read_frame(tmp_path / "t.xlsx", Reading(sheet="other"), {"zip": {"01234"}})
    assert table.to_dict("list") == {"zip": ["01234", "94105"], "size": [1.5, 2.0]}


@pytest.mark.parametrize(
    ("data", "kind", "says"),
    [
        (b"", TableEmpty, "is empty"),
        (b"a,b\n", TableEmpty, "a header and no rows"),
        (b"a,b\n1,2\n1,2,3\n", TableRagged, "Line 3 of table.csv: Expected 2 cells, found 3"),
        (b"a,b\n1,2,3\n", TableRagged, "Line 2 of table.csv: Expected 2 cells, found 3"),
        (b"PAR1 and no more", TableUnreadable, "a damaged Parquet file"),
        (
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            TableUnreadable,
            "a PNG picture, which is not read here",
        ),
        (b"a,b\n1,\0\n", TableUnreadable, "Line 2 .*a zero byte"),
        (b"FEA1" + bytes(60), TableUnreadable, "a Feather file of version 1"),
        (b"PK\x05\x06" + bytes(18), TableUnreadable, "an empty archive"),
        (b"version https://git-lfs.github.com/spec/v1\n", TableUnreadable, "git lfs pull"),
    ],
)
def test_what_is_no_table_is_named(
    tmp_path: Path, data: bytes, kind: type[TableUnreadable], says: str
) -> None:
    with pytest.raises(kind, match=says):
        read_frame(written(tmp_path, data))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(TableUnreadable, match=r"gone\.csv cannot be read"):
        read_frame(tmp_path / "gone.csv")


def test_every_format_is_found_by_its_endings_and_stands_for_itself() -> None:
    for each in FORMATS.values():
        assert isinstance(each, TableFormat)
        assert each.endings[0] == f".{each.name}"
        for ending in (*each.endings, *each.read_endings):
            assert format_of(f"Some.Name{ending.upper()}.gz") == each.name
        with pytest.raises(ValueError, match="already registered"):
            register(each)


@pytest.mark.parametrize("packed", [bz2.compress, lzma.compress, gzip.compress])
def test_a_packed_file_is_read_to_its_end_or_refused(
    tmp_path: Path, packed: Callable[[bytes], bytes]
) -> None:
    first, second = packed(b"a,b\n" + b"1,2\n" * 90_000), packed(b"3,4\n")
    padding = b"" if packed is bz2.compress else b"\0" * 20_000
    for data in (first + second, first + packed(b"") + second, first + padding + second + padding):
        assert len(read_frame(written(tmp_path, data))) == 90_001
    for data in (
        first + b"xx" + second,
        first + b"x",
        first + second[:1],
        first[:-9],
        first + second[:-9],
        first + second[:20] + first,
    ):
        with pytest.raises(TableUnreadable, match="is damaged"):
            read_frame(written(tmp_path, data))

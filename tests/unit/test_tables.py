"""Tables as they come: separators, encodings, marks, decimals, texts that look like numbers."""

import gzip
from pathlib import Path

import pandas as pd
import pytest

from servery.errors import TableUnreadable
from servery.tables.frames import read_table

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
    pd.testing.assert_frame_equal(read_table(written(tmp_path, data)), ROWS)


def test_an_older_encoding_is_recognised(tmp_path: Path) -> None:
    text = "Straße,Größe,Fläche\n" + "Äußere Brückenstraße,übermäßig,1.5\n" * 40
    table = read_table(written(tmp_path, text.encode("cp1252")))
    assert list(table.columns) == ["Straße", "Größe", "Fläche"]
    assert table.iloc[0, 0] == "Äußere Brückenstraße"


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    rows = ROWS.assign(day=pd.to_datetime(["2024-01-01", "2024-01-02"]))
    rows.to_parquet(tmp_path / "table.parquet")
    pd.testing.assert_frame_equal(read_table(tmp_path / "table.parquet"), rows)


def test_decimal_commas_are_numbers(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, b"size;price\n1,5;200,25\n2,75;3\n"))
    assert table["size"].tolist() == [1.5, 2.75]


def test_texts_of_the_model_stay_texts(tmp_path: Path) -> None:
    path = written(tmp_path, b"zip,answer,size\n01234,None,1\n00099,NA,\n")
    table = read_table(path, {"zip": {"01234"}, "answer": {"None", "yes"}})
    assert table["zip"].tolist() == ["01234", "00099"]
    assert table["answer"].tolist()[0] == "None"
    assert pd.isna(table["answer"][1])
    assert pd.isna(table["size"][1])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b"a,b\n", "a header and no rows"),
        (b"a,a\n1,2\n", "two columns that are called 'a'"),
        (b"a,b\n1,2\n1,2,3\n", "no table that can be read"),
        (b"a,b\n1,2,3\n", "no table that can be read"),
        (b"PAR1 and no more", "a Parquet file that cannot be read"),
        (gzip.compress(b"a,b\n1,2\n", mtime=0), "no text"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "no text"),
    ],
)
def test_what_is_no_table_is_named(tmp_path: Path, data: bytes, says: str) -> None:
    with pytest.raises(TableUnreadable, match=says):
        read_table(written(tmp_path, data))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(TableUnreadable, match=r"gone\.csv cannot be read"):
        read_table(tmp_path / "gone.csv")

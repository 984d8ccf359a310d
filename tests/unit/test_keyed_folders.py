"""Folders that hold values of columns, such as ``year=2024/month=05/part.csv``."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from pyarrow import parquet

from servery import score as score_frame
from servery.cli import main
from tests.conftest import ROOT

PETS = pd.DataFrame({"height": [90.2, 76.4], "weight": [47.4, 35.4], "note": ["plain", 'a "b", c']})
WRITERS: dict[str, Callable[[pd.DataFrame, Path], object]] = {
    ".csv": lambda frame, path: frame.to_csv(path, index=False),
    ".jsonl": lambda frame, path: frame.to_json(path, orient="records", lines=True),
    ".parquet": lambda frame, path: frame.to_parquet(path, index=False),
    ".xlsx": lambda frame, path: frame.to_excel(path, index=False),
}
FOLDERS = (
    "year=2024/month=05/city=K%C3%B6ln",
    "year=2023/month=11/city=__HIVE_DEFAULT_PARTITION__",
)


def score(*words: str | Path) -> Result:
    given = ["score", "species", *map(str, words), "--models", str(ROOT / "models"), "--quiet"]
    return CliRunner().invoke(main, given, catch_exceptions=False)


def folders(root: Path, ending: str, frame: pd.DataFrame = PETS) -> Path:
    for folder in FOLDERS:
        (root / "pets" / folder).mkdir(parents=True)
        WRITERS[ending](frame, root / "pets" / folder / f"part-0{ending}")
    return root / "pets"


@pytest.mark.parametrize("ending", WRITERS)
def test_values_of_folders_are_columns_of_the_result(tmp_path: Path, ending: str) -> None:
    root = folders(tmp_path, ending)
    done = score(root, "-o", tmp_path / "all.csv")
    assert done.exit_code == 0, done.output
    with (tmp_path / "all.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [*rows[0]][:7] == ["height", "weight", "note", "year", "month", "city", "prediction"]
    assert [(row["year"], row["month"], row["city"]) for row in rows] == [
        *[("2023", "11", "")] * 2,
        *[("2024", "05", "Köln")] * 2,
    ]
    assert [row["note"] for row in rows[:2]] == ["plain", 'a "b", c']
    assert [row["prediction"] for row in rows] == ["Dog", "Cat"] * 2
    for result in ("all.parquet", "all.jsonl"):
        done = score(str(root / "**" / f"*{ending}"), "-o", tmp_path / result)
        assert done.exit_code == 0, done.output
    table = parquet.read_table(tmp_path / "all.parquet")
    years = table.column("year").to_pylist()
    assert years == ([2023, 2023, 2024, 2024] if ending != ".csv" else ["2023"] * 2 + ["2024"] * 2)
    assert table.column("city").to_pylist() == [None, None, "Köln", "Köln"]
    lines = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text().splitlines()]
    assert [line["month"] for line in lines] == ["11", "11", "05", "05"]


@pytest.mark.parametrize("ending", WRITERS)
def test_a_value_of_a_folder_may_be_that_of_an_input(tmp_path: Path, ending: str) -> None:
    folder = tmp_path / "weight=47"
    folder.mkdir()
    WRITERS[ending](PETS.drop(columns="weight"), folder / f"pets{ending}")
    done = score(folder / f"pets{ending}", "-o", tmp_path / "out.csv", "--keep", "weight")
    assert done.exit_code == 0, done.output
    lines = (tmp_path / "out.csv").read_text().splitlines()
    assert [line.split(",")[:2] for line in lines[1:]] == [["47", "Dog"], ["47", "Cat"]]
    assert score_frame("species", folder / f"pets{ending}", models=ROOT / "models")["weight"][
        0
    ] in (*(47, "47"),)


def test_a_column_of_the_table_is_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "note=other"
    folder.mkdir()
    WRITERS[".csv"](PETS, folder / "pets.csv")
    (tmp_path / "no key").mkdir()
    (tmp_path / "no key" / "x.csv").write_text("not read")
    done = score(tmp_path, "-o", tmp_path / "new/")
    assert done.exit_code == 0, done.output
    with (tmp_path / "new" / "pets.csv").open() as file:
        assert [row["note"] for row in csv.DictReader(file)] == ["plain", 'a "b", c']


def test_bytes_of_rows_stay_as_they_are(tmp_path: Path) -> None:
    folder = tmp_path / "at=a,b"
    folder.mkdir()
    (folder / "p.csv").write_text('height,weight,note\n90.20,47.40,"x"\n"76",35,=1+1\n')
    assert score(folder / "p.csv", "-o", tmp_path / "o.csv").exit_code == 0
    lines = (tmp_path / "o.csv").read_text().splitlines()
    assert lines[1].startswith('90.20,47.40,"x","a,b",Dog')
    assert lines[2].startswith('"76",35,\'=1+1,"a,b",Cat')
    (folder / "p.jsonl").write_text(
        '{"height": 90.20, "weight": 47}\n{"height": 1, "weight": NaN}\n'
    )
    assert score(folder / "p.jsonl", "-o", tmp_path / "o.jsonl").exit_code == 0
    lines = (tmp_path / "o.jsonl").read_text().splitlines()
    assert lines[0].startswith('{"height": 90.20, "weight": 47,"at":"a,b","prediction":"Dog"')
    assert json.loads(lines[1])["at"] == "a,b"

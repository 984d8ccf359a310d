"""Tables in parts: folders of them, files of one name, empty ones, and one file for all."""

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from servery.cli import main
from tests.conftest import ROOT

HEADER = "height,weight\n"


@pytest.fixture
def parts(tmp_path: Path) -> Path:
    tables = {
        "2024/t.csv": f"{HEADER}90,47\n",
        "2025/t.csv": f"{HEADER}76,35\n80,40\n",
        "2024/header.csv": HEADER,
        "2025/zero.csv": "",
    }
    for name, text in tables.items():
        path = tmp_path / "parts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "parts"


def score(*words: str | Path) -> Result:
    given = ["score", "species", *map(str, words), "--models", str(ROOT / "models")]
    return CliRunner().invoke(main, given, catch_exceptions=False)


def test_parts_of_one_name_keep_their_folders_and_empty_ones_are_skipped(
    parts: Path, tmp_path: Path
) -> None:
    done = score(parts / "**" / "*.csv", "-o", tmp_path / "out")
    assert done.exit_code == 0, done.output
    found = {str(path.relative_to(tmp_path / "out")) for path in tmp_path.glob("out/**/*.csv")}
    assert found == {"2024/t.csv", "2025/t.csv"}
    assert "Skipped: header.csv has a header and no rows." in done.output
    assert "Skipped: zero.csv is empty" in done.output


@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx", "csv.xz"])
def test_parts_are_joined_into_one_file(parts: Path, tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"all.{ending}"
    done = score(parts / "**" / "*.csv", "-o", target)
    assert done.exit_code == 0, done.output
    read = {"parquet": pd.read_parquet, "xlsx": pd.read_excel}.get(ending)
    frame = read(target) if read else pd.read_csv(target)
    assert frame["height"].tolist() == [90, 76, 80]
    assert frame["prediction"].tolist()[:2] == ["Dog", "Cat"]


def test_parts_of_other_columns_are_not_joined_and_empty_ones_are_no_result(
    parts: Path, tmp_path: Path
) -> None:
    (parts / "wide.csv").write_text("height,weight,note\n90,47,a\n")
    target = tmp_path / "all.csv"
    done = score(parts / "2024" / "t.csv", parts / "wide.csv", "-o", target)
    assert (done.exit_code, "wide.csv differs in its columns" in done.output) == (2, True)
    assert not target.exists()
    done = score(parts / "2024" / "header.csv", parts / "2025" / "zero.csv", "-o", target)
    assert (done.exit_code, target.exists()) == (1, False)

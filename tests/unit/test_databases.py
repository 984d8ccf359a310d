"""Queries of databases as tables of the command."""

import csv
import sqlite3
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from servery.cli import main
from tests.conftest import ROOT
from tests.databases import postgres


@pytest.fixture
def pets(tmp_path: Path) -> str:
    with sqlite3.connect(tmp_path / "pets.db") as database:
        database.execute("create table pets (name text, height real, weight real, born text)")
        database.executemany(
            "insert into pets values (?, ?, ?, ?)",
            [("Rex", 90.2, 47.4, "a::b"), ("Tom", 76.4, 35.4, None)] * 1_500 + [("X", None, 1, "")],
        )
    return f"sqlite:///{tmp_path}/pets.db"


def score(*words: str | Path) -> Result:
    given = ["score", "species", *map(str, words), "--models", str(ROOT / "models")]
    return CliRunner().invoke(main, given, catch_exceptions=False)


def query(address: str, words: str) -> str:
    return "::".join([address, " ".join(["select * from pets", words])])


def test_the_rows_of_a_query_are_scored(pets: str, tmp_path: Path) -> None:
    done = score(query(pets, "where born <> 'x::y' or 1"), "-o", tmp_path / "out.csv")
    assert done.exit_code == 0, done.output
    with (tmp_path / "out.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 3_001
    assert [row["prediction"] for row in rows[:2]] == ["Dog", "Cat"]
    assert rows[-1]["error"].startswith("height: Expected a value")
    assert rows[0]["born"] == "a::b"
    assert "pets.db: 3,000 of 3,001 rows scored" in done.output
    done = score(query(pets, "limit 2"), "-o", tmp_path / "out.parquet")
    assert pd.read_parquet(tmp_path / "out.parquet")["name"].tolist() == ["Rex", "Tom"]
    assert score(query(pets, "limit 2"), "-o", f"{tmp_path}/new/").exit_code == 0
    assert (tmp_path / "new" / "scored.csv").exists()


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        (
            "select * from cats",
            "The query of pets.db failed: no such table: cats. Correct the query.",
        ),
        ("select * from pets where 0", "The query of pets.db found no rows."),
        ("delete from pets", "attempt to write a readonly database"),
        ("", "pets.db"),
    ],
)
def test_a_query_that_gives_no_rows_says_why(pets: str, sql: str, words: str) -> None:
    done = score(f"{pets}::{sql}")
    assert done.exit_code == 1, done.output
    assert words in done.output


def test_an_address_without_a_query_or_a_database_is_refused(pets: str, tmp_path: Path) -> None:
    done = score(pets)
    assert (done.exit_code, "ADDRESS::SELECT" in done.output) == (2, True)
    done = score(f"sqlite:///{tmp_path}/none.db::select 1")
    assert (done.exit_code, "There is no database" in done.output) == (1, True)
    assert not (tmp_path / "none.db").exists()
    for other in ("mysql", "mysql+pymysql", "oracle", "mssql+pyodbc", "duckdb"):
        done = score(f"{other}://me:secret@127.0.0.1:1/pets::select 1")
        assert (done.exit_code, "secret" in done.output) == (1, False)
        assert f"Databases of {other} are not read here" in done.output


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_every_address_of_postgresql_is_one(scheme: str) -> None:
    done = score(f"{scheme}://me:secret@127.0.0.1:1/pets::select 1")
    assert (done.exit_code, "secret" in done.output) == (1, False)
    assert done.output.splitlines() == [
        "Error: The database pets cannot be opened: Connection refused. Check its address, and "
        "that it accepts connections from here."
    ]


@pytest.mark.parametrize("name", ["x#1.db", "100%41.db", "a?b.db", "a?mode=rwc", "ä b.db"])
def test_the_database_that_is_named_is_read_alone(tmp_path: Path, name: str) -> None:
    for file, height in ((name, 90), ("x", 1), ("100A.db", 1), ("a", 1)):
        with sqlite3.connect(tmp_path / file) as database:
            database.execute("create table pets (name text, height real, weight real)")
            database.execute("insert into pets values ('Rex', ?, 47.4)", [height])
    address = f"sqlite:///{tmp_path}/{name}"
    done = score(query(address, "where name like '%e%'"), "-o", tmp_path / "out.csv")
    assert done.exit_code == 0, done.output
    assert "Rex,90" in (tmp_path / "out.csv").read_text()
    done = score("::".join([address, "insert into pets values ('Tom', 1, 1) returning *"]))
    assert (done.exit_code, "readonly database" in done.output) == (1, True)


def test_the_file_of_a_database_says_how_it_is_queried(pets: str) -> None:
    done = score(pets.removeprefix("sqlite:///"))
    assert done.exit_code == 1
    assert "query it on the command line: servery score MODEL 'sqlite:///" in done.output


def test_a_percent_sign_in_a_query_of_postgresql_is_one() -> None:
    rows = "(values ('Rex', 9 % 5 + 86.2, 47.4), ('Tom', 1, 1)) as pets (name, height, weight)"
    with postgres() as database:
        done = score(
            "::".join([database.uri, " ".join(["select * from", rows, "where name like 'R%'"])])
        )
        failed, refused = (
            score("::".join([database.uri, sql]))
            for sql in ("select hight from pg_class", "create table x (a int)")
        )
    assert done.exit_code == 0, done.output
    assert "postgres: 1 row scored" in done.output
    for each, reason in (
        (failed, 'column "hight" does not exist'),
        (refused, 'syntax error at or near "create"'),
    ):
        assert (each.exit_code, each.output.splitlines()) == (
            1,
            [f"Error: The query of postgres failed: {reason}. Correct the query."],
        )

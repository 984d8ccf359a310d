"""Queries of databases as tables of the command."""

import contextlib
import csv
import gzip
import sqlite3
from pathlib import Path

import joblib
import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from sklearn.tree import DecisionTreeClassifier
from sqlalchemy import create_engine

from servery.cli import main
from servery.errors import TableUnreadable
from servery.tables.databases.addresses import url_of
from servery.tables.opening import open_table
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
        ("select * from pets where 0", "The query of pets.db has no rows."),
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
        assert f"Databases of {other} are not supported" in done.output


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


def test_a_percent_sign_in_a_query_of_postgresql_is_one() -> None:
    rows = "(values ('Rex', 9 % 5 + 86.2, 47.4), ('Tom', 1, 1)) as pets (name, height, weight)"
    with postgres() as database:
        done = score(
            "::".join([database.uri, " ".join(["select * from", rows, "where name like 'R%'"])])
        )
        table = f"{database.uri}::public.scored"
        source = "::".join(
            [database.uri, " ".join(["select *, now() as at, 1.50 as fee from", rows])]
        )
        stored = [
            score(source, "--into", table, *words)
            for words in ((), (), ("--if-exists", "append"), ("--if-exists", "replace"))
        ]
        with create_engine(url_of(database.uri)).connect() as connection:
            found = connection.exec_driver_sql("select * from scored").mappings().all()
        failed, refused = (
            score("::".join([database.uri, sql]))
            for sql in ("select hight from pg_class", "create table x (a int)")
        )
    assert done.exit_code == 0, done.output
    assert "postgres: 1 row scored" in done.output
    assert [each.exit_code for each in stored] == [0, 1, 0, 0]
    assert "There is a table public.scored in postgres already" in stored[1].output
    assert [row["prediction"] for row in found] == ["Dog", "Dog"]
    assert found[0]["at"].tzinfo is not None
    assert str(found[0]["fee"]) == "1.50"
    for each, reason in (
        (failed, 'column "hight" does not exist'),
        (refused, 'syntax error at or near "create"'),
    ):
        assert (each.exit_code, each.output.splitlines()) == (
            1,
            [f"Error: The query of postgres failed: {reason}. Correct the query."],
        )


def test_a_database_in_sql_ascii_is_read_as_utf8(tmp_path: Path) -> None:
    rows = "from (values ('Zoë', 90.2, 47.4)) as pets (name, height, weight)"
    with postgres() as database:
        url = url_of(database.uri)
        with create_engine(url, isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql(
                "create database plain encoding 'SQL_ASCII' locale 'C' template template0"
            )
        plain = url.set(database="plain").render_as_string(hide_password=False)
        done, torn = (
            score("::".join([plain, sql]), "-o", tmp_path / "out.csv")
            for sql in (f"select * {rows}", f"select name || E'\\xff' as name {rows}")
        )
        written = (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert done.exit_code == 0, done.output
    assert "Zoë,90.2,47.4,Dog" in written
    assert (torn.exit_code, 'for encoding "UTF8": 0xff' in torn.output) == (1, True)


def rows_in(path: Path, table: str) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(path)) as database:
        return database.execute(f"select * from [{table}]").fetchall()  # noqa: S608


def test_a_result_is_stored_as_a_table_of_a_database(pets: str, tmp_path: Path) -> None:
    file, address = tmp_path / "pets.db", f"{pets}::all scored"
    assert score(query(pets, ""), "--into", address).exit_code == 0
    found = rows_in(file, "all scored")
    assert [row[:5] for row in found[:2]] == [
        ("Rex", 90.2, 47.4, "a::b", "Dog"),
        ("Tom", 76.4, 35.4, None, "Cat"),
    ]
    assert len(found) == 3_001
    assert found[-1][:5] == ("X", None, 1.0, "", None)
    assert str(found[-1][-1]).startswith("height: Expected a value")

    done = score(query(pets, "limit 2"), "--into", address)
    assert (done.exit_code, "--if-exists append" in done.output) == (1, True)
    assert score(query(pets, "limit 2"), "--into", address, "--if-exists", "append").exit_code == 0
    assert len(rows_in(file, "all scored")) == 3_003
    done = score(query(pets, "limit 2"), "--into", address, "--if-exists", "replace", "--json")
    assert len(rows_in(file, "all scored")) == 2
    assert '"result":"all scored in pets.db"' in done.output
    done = score(query(pets, ""), "--into", f"{pets}::pets", "--if-exists", "append")
    assert (done.exit_code, "has no column 'prediction'" in done.output) == (1, True)


def test_several_tables_are_stored_in_one(tmp_path: Path) -> None:
    for number in (1, 2):
        text = f"Name,name,height,weight\na,{number},90,=46\nb,\0,80,38\n"
        (tmp_path / f"{number}.csv").write_text(text)
    new = f"sqlite:///{tmp_path}/new.db::t"
    done = score(tmp_path / "1.csv", tmp_path / "2.csv", "--into", new)
    assert done.exit_code == 0, done.output
    found = rows_in(tmp_path / "new.db", "t")
    assert [row[:4] for row in found] == [
        *(("a", "1", 90, None), ("b", "\ufffd", 80, 38)),
        *(("a", "2", 90, None), ("b", "\ufffd", 80, 38)),
    ]
    (tmp_path / "2.csv").write_text("height,weight\n90,46\n")
    done = score(tmp_path / "1.csv", tmp_path / "2.csv", "--into", f"sqlite:///{tmp_path}/x.db::t")
    assert (done.exit_code, "tables of their own" in done.output) == (2, True)
    assert not (tmp_path / "x.db").exists()


def test_a_place_that_cannot_take_a_result_is_refused_before_rows_are_scored(
    pets: str, tmp_path: Path
) -> None:
    rows = query(pets, "limit 2")
    for words, reason in (
        (["--into", f"sqlite:///{tmp_path}/no/x.db::t"], "There is no folder"),
        (["--into", f"sqlite:///{tmp_path}/x.db"], "sqlite:///people.db::scored"),
        (["--into", "scored"], "sqlite:///people.db::scored"),
        (["--into", "mysql://me:secret@127.0.0.1/x::t"], "Databases of mysql"),
        (["--into", f"{pets}::t", "-o", "x.csv"], "Use --into, or -o and --to, but not both."),
        (["--into", f"{pets}::t", "--skip-done"], "needs the result in a file"),
    ):
        done = score(rows, *words)
        assert done.exit_code in (1, 2), done.output
        assert reason in done.output
        assert "secret" not in done.output


def test_an_sqlite_file_is_a_table(pets: str, tmp_path: Path) -> None:
    file, result = Path(pets.removeprefix("sqlite:///")), tmp_path / "scored.sqlite"
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.execute("create view tame as select * from pets")
        database.execute("create table [no rows] (a)")
        database.commit()
    packed = tmp_path / "pets.sqlite.gz"
    packed.write_bytes(gzip.compress(file.read_bytes()))
    for source in (file, packed):
        done = score(source, "-o", result)
        assert done.exit_code == 0, done.output
        found = rows_in(result, "predictions")
        assert (len(found), found[1][:5]) == (3_001, ("Tom", 76.4, 35.4, None, "Cat"))
    done = score(result, "--only", "-o", tmp_path / "out.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0]
    assert sheet.cell(3, 1).value == "Cat"

    with contextlib.closing(sqlite3.connect(file)) as database:
        database.execute("create table [my \"cats\"] as select * from pets where name = 'Tom'")
        database.execute("pragma journal_mode = wal")
        database.commit()
    done = score(file)
    assert (done.exit_code, "--sheet 'pets' or --sheet 'my \"cats\"'" in done.output) == (1, True)
    done = score(file, "--sheet", 'my "cats"')
    assert (done.exit_code, "1,500 rows scored" in done.output) == (0, True)
    assert "log beside the database" in done.output
    assert "has no table 'tame'" in score(file, "--sheet", "tame").output


def test_a_file_that_changes_while_it_is_read_is_refused(pets: str) -> None:
    file = Path(pets.removeprefix("sqlite:///"))
    table = open_table(file)
    with contextlib.closing(table), contextlib.closing(sqlite3.connect(file)) as database:
        database.execute("insert into pets select * from pets")
        database.commit()
        with pytest.raises(TableUnreadable, match=r"Score it again|damaged|malformed"):
            list(table.chunks())


def test_a_model_is_published_with_data_of_an_sqlite_file(pets: str, tmp_path: Path) -> None:
    file = Path(pets.removeprefix("sqlite:///"))
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.execute("delete from pets where height is null")
        database.execute("alter table pets drop column born")
        database.commit()
    fitted = DecisionTreeClassifier().fit([[90.2, 47.4], [76.4, 35.4]], ["Rex", "Tom"])
    joblib.dump(fitted, tmp_path / "pet.joblib")
    words = ["publish", tmp_path / "pet.joblib", "--name", "pet", "--data", file]
    words += ["--target", "name", "--models", tmp_path / "models"]
    done = CliRunner().invoke(main, list(map(str, words)))
    assert done.exit_code == 0, done.output


def test_a_damaged_sqlite_file_is_refused(pets: str, tmp_path: Path) -> None:
    whole = Path(pets.removeprefix("sqlite:///")).read_bytes()
    file = tmp_path / "x.db"
    for data, reason in (
        (whole[:100], "x.db is a damaged SQLite database"),
        (whole[:4096] + b"\xff" * 4096 + whole[8192:], "damaged SQLite database"),
        (b"name,height\nRex,90\n", "named like an SQLite database but is not one"),
    ):
        file.write_bytes(data)
        done = score(file)
        assert (done.exit_code, reason in done.output) == (1, True), done.output


def test_computed_values_of_an_sqlite_file_are_not_read(tmp_path: Path) -> None:
    file = tmp_path / "x.db"
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.execute(
            "create table pets (height real, weight real, "
            "stored as (height * 2) stored, huge as (zeroblob(900000000)))"
        )
        database.executemany("insert into pets values (?, ?)", [(90, 47)] * 3_000)
        database.commit()
    done = score(file, "-o", tmp_path / "out.csv")
    assert done.exit_code == 0, done.output
    lines = (tmp_path / "out.csv").read_text().splitlines()
    assert len(lines) == 3_001
    assert lines[1].startswith("90.0,47.0,180.0,Dog")
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.execute("create table notes as select zeroblob(20000000) as note")
        database.commit()
    done = score(file, "--sheet", "notes")
    assert (done.exit_code, "too big" in done.output) == (1, True)

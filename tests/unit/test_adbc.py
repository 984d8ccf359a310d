"""Queries of PostgreSQL give the same values by ADBC as by psycopg."""

import contextlib
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import psycopg
import pytest
from click.testing import CliRunner, Result

from servery.cli import main
from servery.errors import TableEmpty, TableUnreadable
from servery.tables.blocks import RawColumn, Table
from servery.tables.databases.queries import open_query, query_of
from servery.tables.reading import Limits
from tests.conftest import PATIENCE_S, ROOT, eventually, servery
from tests.databases import postgres

pytest.importorskip("adbc_driver_postgresql")
from servery.tables.databases.adbc import READERS, AdbcTable

PETS = """
    create type mood as enum ('glad', 'sad');
    create domain share as numeric check (value between 0 and 1);
    create role "me & x" login superuser;
    create table pets as
    select g as id, 20 + g % 70 as height, (10 + g * 7919 % 400 / 10.0)::float8 as weight
    from generate_series(1, 3000) as g;
"""
#: Expressions over the rows of pets, by the type that PostgreSQL calls them.
COLUMNS = {
    "bool": "id % 3 = 0",
    "int2": "(id % 9)::int2",
    "int4": "id",
    "int8": "id + 9007199254740993",
    "float8": "id / 7.0::float8",
    "numeric": "case id when 7 then 'NaN' when 8 then 'inf' else round(id / 7.0 ^ 9, id % 9) end",
    "text": "case id when 9 then '' else 'é' || id % 50 end",
    "varchar": "'=1+2'::varchar(9)",
    "bpchar": "'a'::char(3)",
    "name": "'a'::name",
    "date": "'0001-01-01'::date + id",
    "timestamp": "'1850-01-01'::timestamp + id * interval '31 days 1.000001 seconds'",
    "timestamptz": "'1850-01-01'::timestamptz + id * interval '31 days 1.000001 seconds'",
    "json": """('{"a": [1.50, "' || id || '", null]}')::json""",
    "jsonb": "to_jsonb(id)",
    "uuid": "md5(id::text)::uuid",
    "bytea": "decode(md5(id::text), 'hex')",
}
#: Types that are left to psycopg.
OTHERS = {
    "float4": "(id / 7.0)::float4",
    "array": "array[[id, 2], [3, 4]]",
    "texts": "array['a', null]",
    "money": "id::money",
    "time": "'12:30'::time",
    "timetz": "'12:30+02'::timetz",
    "interval": "id * interval '1 hour'",
    "inet": "'10.0.0.1'::inet",
    "enum": "'glad'::mood",
    "point": "point(id, 1)",
    "range": "int4range(id, id + 1)",
    "bit": "b'101'",
    "oid": "id::oid",
}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with postgres() as database:
        with psycopg.connect(database.uri, autocommit=True) as connection:
            connection.execute(PETS)
            connection.execute(
                "create database latin template template0 encoding 'LATIN1' lc_collate 'C' "
                "lc_ctype 'C'"
            )
        yield database.uri


def by_psycopg(address: str) -> str:
    return address.replace("postgresql:", "postgresql+psycopg:")


def opened(address: str, sql: str, limits: Limits | None = None) -> Table:
    query = query_of(f"{address}::{sql}")
    assert query is not None
    return open_query(query, limits or Limits())


def cells(table: Table) -> list[str]:
    with contextlib.closing(table):
        blocks = [table.layout.block(chunk) for chunk in table.chunks()]
    columns = zip(*(map(RawColumn.cells, block.columns) for block in blocks), strict=True)
    return [repr(cell) for parts in columns for cells in parts for cell in cells]


def score(*words: str | Path) -> Result:
    given = ["score", "species", *map(str, words), "--models", str(ROOT / "models")]
    return CliRunner().invoke(main, given, catch_exceptions=False)


@pytest.mark.parametrize("kind", [*COLUMNS, *OTHERS])
def test_a_column_has_the_same_values_as_by_psycopg(address: str, kind: str) -> None:
    x = {**COLUMNS, **OTHERS}[kind]
    some, none = (f"case when {which} then {x} end" for which in ("id % 4 > 0", "id < 0"))
    sql = f"select {x} as x, {some} as y, {none} as z from pets order by id"  # noqa: S608
    place = f"{address}&options=-c%20timezone%3DAmerica/St_Johns"
    table = opened(place, sql)
    assert isinstance(table, AdbcTable) == (kind in COLUMNS)
    other = opened(by_psycopg(place), sql)
    assert not isinstance(other, AdbcTable)
    assert cells(table) == cells(other)


def test_every_type_that_is_read_is_compared() -> None:
    assert COLUMNS.keys() == READERS.keys()


def test_results_of_every_format_are_the_same_as_by_psycopg(address: str, tmp_path: Path) -> None:
    columns = ", ".join(
        f"case when id % 5 > 0 then {expression} end as {kind}_"
        for kind, expression in COLUMNS.items()
    )
    sql = f"select *, {columns} from pets order by id"  # noqa: S608
    for ending in ("csv", "jsonl", "xlsx", "parquet", "sqlite"):
        for name, place in (("adbc", address), ("psycopg", by_psycopg(address))):
            done = score(f"{place}::{sql}", "-o", tmp_path / f"{name}.{ending}", "--quiet")
            assert done.exit_code == 0, done.output
        one, other = (tmp_path / f"{name}.{ending}" for name in ("adbc", "psycopg"))
        if ending == "parquet":  # whose row groups are the chunks
            pd.testing.assert_frame_equal(pd.read_parquet(one), pd.read_parquet(other))
        elif ending != "xlsx":  # which has the time of its making
            assert one.read_bytes() == other.read_bytes()
        else:
            pd.testing.assert_frame_equal(pd.read_excel(one), pd.read_excel(other))
    several = tmp_path / "several.csv"
    done = score(f"{address}::{sql}", "-o", several, "--quiet", "--processes", "2")
    assert done.exit_code == 0, done.output
    assert several.read_bytes() == (tmp_path / "psycopg.csv").read_bytes()
    done = score(f"{address}::{sql}", "--into", f"{address}::by_adbc", "--quiet")
    assert done.exit_code == 0, done.output
    done = score(f"{by_psycopg(address)}::{sql}", "--into", f"{address}::by_psycopg", "--quiet")
    assert done.exit_code == 0, done.output
    same = "select count(*) from (select * from by_adbc except all select * from by_psycopg) as x"
    assert cells(opened(address, same)) == ["0"]


def test_a_query_cannot_change_the_database(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            "create or replace function emptied() returns int language sql as "
            "'delete from pets returning 1'"
        )
    for sql in (
        "select emptied() as x",
        "with gone as (delete from pets returning *) select * from gone",
        "delete from pets returning *",
    ):
        with pytest.raises(TableUnreadable):
            opened(address, sql)
    assert cells(opened(address, "select count(*) from pets")) == ["3000"]


@pytest.mark.parametrize(
    ("sql", "error", "words"),
    [
        ("select * from cats", TableUnreadable, 'failed: relation "cats" does not exist.'),
        ("select * from pets where false", TableEmpty, "has no rows."),
        ("select 1 / 0", TableUnreadable, "failed: division by zero."),
        ("commit", TableUnreadable, "failed: "),
    ],
)
def test_a_query_that_gives_no_rows_says_why(
    address: str, sql: str, error: type[TableUnreadable], words: str
) -> None:
    for place in (address, by_psycopg(address)):
        with pytest.raises(error) as refused:
            opened(place, sql)
        assert words in str(refused.value)


def test_an_error_within_the_rows_says_how_many_were_read(address: str) -> None:
    table = opened(
        address,
        "select 1 / (2900 - id) as x, repeat('x', 500) from pets",
        Limits(chunk_bytes=2_000),
    )
    assert isinstance(table, AdbcTable)
    with pytest.raises(TableUnreadable, match=r"failed after [\d,]+ rows: division by zero\. "):
        cells(table)
    table = opened(address, "select 'infinity'::date as born")
    with pytest.raises(TableUnreadable, match="'born' has a day outside the years 1 to 9999"):
        cells(table)


def test_texts_of_a_database_in_another_encoding_are_the_same(address: str) -> None:
    table = opened(address.replace("/postgres?", "/latin?"), "select 'Zoë' as name")
    assert isinstance(table, AdbcTable)
    assert cells(table) == ["'Zoë'"]


def test_a_time_zone_that_has_no_name_is_left_to_psycopg(address: str) -> None:
    place = f"{address}&options=-c%20timezone%3D-3"
    table = opened(place, "select '2024-05-01 12:00+00'::timestamptz as at")
    assert not isinstance(table, AdbcTable)
    table.close()


def test_a_name_with_spaces_connects(address: str) -> None:
    place = address.replace("postgres:@", "me%20%26%20x:p%40s%20s@")
    table = opened(place, "select current_user")
    assert isinstance(table, AdbcTable)
    assert cells(table) == ["'me & x'"]


def test_a_table_is_closed_before_its_end(address: str) -> None:
    table = opened(address, "select a.id from pets as a, pets as b")
    assert len(table.sample()) == 1_000
    table.close()
    with psycopg.connect(address) as connection:
        waiting = connection.execute(
            "select count(*) from pg_stat_activity where query like 'COPY%' and state = 'active'"
        )
        assert waiting.fetchone() in ((0,), (1,))  # the server notices when it next sends


def test_ctrl_c_ends_a_query_that_takes_long(address: str, tmp_path: Path) -> None:
    place = "::".join([address, "select 90 as height, 40 as weight from pg_sleep(3600)"])
    command = [*servery("score"), "species", place, "--models", str(ROOT / "models")]
    sleeping = (
        "select count(*) from pg_stat_activity where query like 'COPY%pg_sleep%' "
        "and state = 'active'"
    )
    with psycopg.connect(address, autocommit=True) as connection:

        def sleeps() -> bool:
            return connection.execute(sleeping).fetchone() == (1,)

        with (tmp_path / "said").open("w") as said:
            process = subprocess.Popen(command, stdout=said, stderr=said)
        try:
            eventually(sleeps)
            process.send_signal(signal.SIGINT)
            assert process.wait(PATIENCE_S) == 130
        finally:
            process.kill()
        assert eventually(lambda: not sleeps())
    assert (tmp_path / "said").read_text() == "Aborted!\n"

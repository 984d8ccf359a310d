"""Databases of earlier versions are brought up to date, and their jobs go on.

``schemas/`` holds what an earlier version wrote: its tables, a job in each state, and the files of
a job that it had half scored.
"""

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, inspect

from servery.errors import BadSettings
from servery.jobs.counts import PACE
from servery.jobs.files import Files
from servery.jobs.pending import FILE, is_pending
from servery.jobs.schema import MIGRATIONS, VERSION_TABLE, jobs_table
from servery.jobs.store import JobStore
from servery.jobs.working import JobWorker
from servery.settings import Settings
from tests.conftest import ROOT

SCHEMAS = Path(__file__).with_name("schemas")
NOW = 1_790_000_000.0
#: The table of the jobs that are scored.
TABLE = "height,weight\n" + "".join(f"{77 + i % 13},{36 + i % 12}\n" for i in range(120))
TABLE += "25,x\n40,\n"


def engine_of(settings: Settings) -> Engine:
    return create_engine(settings.database or f"sqlite:///{settings.jobs / FILE}")


def drop(connection: Connection) -> None:
    for table in ("servery_jobs", VERSION_TABLE):
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")


@pytest.fixture
def settings(url: str | None, tmp_path: Path) -> Iterator[Settings]:
    """The settings of a server whose database an earlier version made."""
    settings = Settings(models=ROOT / "models", jobs=tmp_path, database=url)
    dialect = "sqlite" if url is None else "postgresql"
    script = (SCHEMAS / f"1.{dialect}.sql").read_text()
    script = script.replace("{repository}", str(settings.models.resolve()))
    engine = engine_of(settings)
    with engine.begin() as connection:
        drop(connection)
    if url is None:
        with closing(sqlite3.connect(tmp_path / FILE)) as database:
            database.executescript(script)
    else:
        with engine.begin() as connection:
            connection.exec_driver_sql(script.replace("%", "%%"))
    yield settings
    with engine.begin() as connection:
        drop(connection)  # which the next test makes anew
    engine.dispose()


def store(settings: Settings) -> closing[JobStore]:
    return closing(JobStore(settings.database, settings.jobs, 1e9))


def ids(settings: Settings) -> set[str]:
    with store(settings) as jobs:
        return jobs.ids()


def columns(settings: Settings) -> set[str]:
    engine = engine_of(settings)
    found = {column["name"] for column in inspect(engine).get_columns("servery_jobs")}
    engine.dispose()
    return found


def test_every_job_of_an_earlier_version_is_there(settings: Settings) -> None:
    with store(settings) as jobs:
        found = {id_: jobs.get(id_, NOW) for id_ in jobs.ids()}
    assert {id_: job.status for id_, job in found.items()} == {
        "ambiguous": "waiting",
        "answered": "waiting",
        "done": "done",
        "failed": "failed",
        "half": "running",
        "queued": "queued",
        "unmatched": "waiting",
        "untouched": "waiting",
    }
    done, half, answered = found["done"], found["half"], found["answered"]
    assert (done.key, done.rows_done, done.is_inspected) == ("a key", 122, True)
    assert done.offset == done.size == done.size_bytes
    assert (half.chunks_done, half.worker) == (2, "0123456789abcdef")
    assert 0 < half.offset <= (half.size or 0)
    assert (answered.job_options.columns, answered.job_options.options.decimal) == (
        {"height": "height"},
        ",",
    )
    kinds = {id_: job.problem.kind for id_, job in found.items() if job.problem is not None}
    assert kinds == {
        "ambiguous": "AmbiguousTable",
        "failed": "TableEmpty",
        "unmatched": "ColumnsUnmatched",
    }
    assert found["failed"].problem is not None
    assert found["failed"].problem.detail == "failed.csv has a header and no rows."
    assert not found["untouched"].is_inspected


def test_the_jobs_of_an_earlier_version_go_on(settings: Settings) -> None:
    files = Files(settings.jobs)
    for id_ in ("half", "queued", "untouched"):
        files.upload(id_).parent.mkdir()
        files.upload(id_).write_text(TABLE, encoding="utf-8")
    shutil.copy(SCHEMAS / "1.half-result.csv", files.result("half"))
    shutil.copy(SCHEMAS / "1.half-errors.csv", files.errors("half"))
    until = {"half", "queued"}
    with store(settings) as jobs:
        JobWorker(settings).run(
            lambda: not all(jobs.get(id_, NOW).status == "done" for id_ in until)
        )
        found = {id_: jobs.get(id_, NOW) for id_ in jobs.ids()}
    assert files.result("half").read_bytes() == files.result("queued").read_bytes()
    assert len(files.result("half").read_bytes().splitlines()) == 123
    assert files.errors("half").read_bytes() == files.errors("queued").read_bytes()
    half, queued = ({**(found[name].counts or {}), PACE: None} for name in ("half", "queued"))
    assert half == queued
    assert found["untouched"].status == "waiting"


def test_the_tables_are_those_that_the_store_reads(settings: Settings) -> None:
    ids(settings)
    assert columns(settings) == {column.name for column in jobs_table().columns}


def test_a_new_database_and_a_migrated_one_have_the_same_columns(
    settings: Settings, tmp_path: Path
) -> None:
    ids(settings)
    new = Settings(jobs=tmp_path / "new")
    ids(new)
    assert columns(settings) == columns(new)


def test_several_processes_may_migrate_at_the_same_moment(settings: Settings) -> None:
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(len(ids(settings)))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [8] * 4


def test_tables_of_a_newer_version_are_left_alone(settings: Settings) -> None:
    ids(settings)
    engine = engine_of(settings)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version = 99")  # noqa: S608
    engine.dispose()
    with pytest.raises(BadSettings, match=f"knows {len(MIGRATIONS)}. Update Servery"):
        ids(settings)


def test_a_migration_that_fails_changes_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(connection: Connection) -> None:
        connection.exec_driver_sql("ALTER TABLE servery_jobs RENAME COLUMN name TO title")
        raise BadSettings("half way")

    before = columns(settings)
    monkeypatch.setattr("servery.jobs.schema.MIGRATIONS", (*MIGRATIONS, fail))
    with pytest.raises(BadSettings, match="half way"):
        ids(settings)
    assert columns(settings) == before


def test_records_before_their_migration_may_hold_work(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE)) as database:
        database.executescript((SCHEMAS / "1.sqlite.sql").read_text())
    assert is_pending(str(tmp_path / FILE), "/models", NOW)

"""What waits for work costs little and misses nothing."""

import subprocess
import sys
import time
from pathlib import Path

from servery.jobs.pending import Watch, is_pending, records_file
from servery.jobs.store import JobStore
from tests.conftest import PATIENCE_S
from tests.unit.test_jobs import EXPIRY_S, asked, inspection

LOADED = """
import sys
before = set(sys.modules)
import servery.jobs.supervising
print(*sorted(set(sys.modules) - before))
"""


def test_the_process_that_waits_loads_next_to_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=True,
    )
    names = done.stdout.split()
    ours = {name for name in names if name.startswith("servery")}
    waiting = {"servery.jobs.supervising", "servery.jobs.pending", "servery.jobs.presence"}
    assert ours == {"servery", "servery.version", "servery.jobs", *waiting}
    assert {name.split(".")[0] for name in names} <= {*sys.stdlib_module_names, "servery"}
    assert not {"pathlib", "sqlite3", "subprocess", "threading", "typing"} & set(names)


def test_a_job_is_work_until_it_is_over(tmp_path: Path) -> None:
    jobs = JobStore(None, tmp_path, EXPIRY_S)
    file = str(records_file(None, str(tmp_path)))
    assert not is_pending(file, "/models", 1.0)
    assert not Path(file).exists()  # asking makes no records
    job = jobs.add(asked("a"), now=1.0)
    assert is_pending(file, "/models", 1.0)
    assert not is_pending(file, "/other", 1.0)
    [job] = jobs.take("/models", "w", most=1, now=1.0, lease_s=10.0, is_dead=lambda _name: False)
    assert is_pending(file, "/models", 1.0)  # its worker may die
    assert jobs.finish(job, 2.0)
    assert not is_pending(file, "/models", 3.0)
    assert is_pending(file, "/other", 3.0 + EXPIRY_S)  # any worker removes what is expired
    jobs.close()


def test_a_table_to_inspect_is_work_and_one_that_waits_for_an_answer_is_not(
    tmp_path: Path,
) -> None:
    jobs = JobStore(None, tmp_path, EXPIRY_S)
    file = str(records_file(None, str(tmp_path)))
    jobs.add(asked("a", is_started=False), now=1.0)
    assert is_pending(file, "/models", 1.0)
    [job] = jobs.take("/models", "w", most=1, now=1.0, lease_s=10.0, is_dead=lambda _name: False)
    jobs.record_inspection(job, inspection(), 1.0)
    assert not is_pending(file, "/models", 1.0)
    jobs.close()


def test_a_watch_reads_the_records_again_once_they_were_written(tmp_path: Path) -> None:
    jobs = JobStore(None, tmp_path, EXPIRY_S)
    watch = Watch(records_file(None, str(tmp_path)), "/models")
    assert not watch.has_work()
    jobs.add(asked("a"), now=time.time())
    assert watch.has_work()
    assert watch.has_work()  # as long as nobody did it
    jobs.delete("a")
    assert not watch.has_work()
    jobs.close()


def test_records_in_a_folder_of_any_name_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "50% #1 ä?x=1"
    jobs = JobStore(None, folder, EXPIRY_S)
    jobs.add(asked("a", repository="/other"), now=1.0)
    file = str(records_file(None, str(folder)))
    assert is_pending(file, "/other", 1.0)
    assert not is_pending(file, "/models", 1.0)
    jobs.close()


def test_records_that_cannot_be_read_may_hold_work(tmp_path: Path) -> None:
    (tmp_path / "jobs.sqlite").write_text("no database", encoding="utf-8")
    assert is_pending(str(tmp_path / "jobs.sqlite"), "/models", 1.0)


def test_only_a_plain_file_of_sqlite_is_watched(tmp_path: Path) -> None:
    assert records_file(None, str(tmp_path)) == str(tmp_path.resolve() / "jobs.sqlite")
    assert records_file("sqlite:////data/jobs.db", "/jobs") == "/data/jobs.db"
    assert records_file("sqlite:////data/jobs.db?timeout=9", "/jobs") is None
    assert records_file("postgresql+psycopg://ada@db/jobs", "/jobs") is None

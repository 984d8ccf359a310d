"""The job worker beside a server: there when there is work, and only then."""

import contextlib
import os
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import databases
from tests.api.problem import assert_problem
from tests.api.test_batches import (
    MODELS,
    PEOPLE,
    SMALL,
    Batches,
    descendants,
    done,
    is_begun,
    people,
    scored,
)
from tests.conftest import RECORDS, eventually, running, servery

WORKER, SUPERVISOR = "servery.servers.job_worker", "servery.jobs.supervising"


@contextlib.contextmanager
def serving(folder: Path, **environ: str) -> Iterator[Batches]:
    """Start `servery serve`, whose job worker goes to sleep after a second."""
    jobs = folder / "jobs"
    given = {**RECORDS, "SERVERY_JOBS": str(jobs), "SERVERY_WORKER_IDLE_S": "1", **environ}
    with running(folder / "log", None, servery("serve", MODELS), **given) as server:
        batches = Batches(server, jobs, given)
        eventually(lambda: processes(batches, SUPERVISOR))
        yield batches


def processes(batches: Batches, name: str) -> list[int]:
    return descendants(batches.server.process.pid, name)


def is_asleep(batches: Batches) -> bool:
    return not processes(batches, WORKER)


def status(batches: Batches, id_: str) -> str:
    """Return the status of a job by the records, as no server is there to be asked."""
    with contextlib.closing(sqlite3.connect(batches.folder / "jobs.sqlite")) as records:
        query = "SELECT status FROM servery_jobs WHERE id = ?"
        [(found,)] = records.execute(query, (id_,))
    return str(found)


def test_each_job_wakes_the_worker_which_sleeps_again_after_it(tmp_path: Path) -> None:
    with serving(tmp_path) as batches:
        assert is_asleep(batches)
        for _ in range(3):  # the next one comes in the moment in which it has gone to sleep
            job = done(batches, batches.post(PEOPLE, Prefer="wait=20"))
            assert job["summary"]["rows"] == 4
            eventually(lambda: is_asleep(batches))
        assert len(processes(batches, SUPERVISOR)) == 1


def test_a_table_that_waits_for_an_answer_is_inspected_by_a_worker_that_slept(
    tmp_path: Path,
) -> None:
    with serving(tmp_path) as batches:
        job = batches.looked(batches.post(PEOPLE, query="?start=false"))
        assert (job["status"], job["columns"]["height"]) == ("waiting", "Height")
        eventually(lambda: is_asleep(batches))
        batches.patch(job["id"], {"start": True})
        assert batches.await_job(job["id"])["status"] == "done"


def test_a_job_of_a_killed_server_is_resumed_at_the_next_start(tmp_path: Path) -> None:
    table = people(60_000)
    with serving(tmp_path, **SMALL) as batches:
        id_ = batches.post(table, model="income").json()["id"]
        eventually(lambda: is_begun(batches, id_))
        for each in (*processes(batches, SUPERVISOR), *processes(batches, WORKER)):
            os.kill(each, signal.SIGKILL)
        batches.server.process.kill()
        batches.server.process.wait()
        assert status(batches, id_) == "running"
    with serving(tmp_path, **SMALL) as batches:
        job = batches.await_job(id_)
        assert (job["status"], job["summary"]["rows"]) == ("done", 60_000)
        assert batches.get(id_, "/result").content == scored("income", table, tmp_path)


def test_a_job_that_expires_while_the_worker_sleeps_goes_with_its_files(tmp_path: Path) -> None:
    with serving(tmp_path, SERVERY_JOB_EXPIRY_S="4") as batches:
        id_ = done(batches, batches.post(PEOPLE))["id"]
        eventually(lambda: is_asleep(batches))
        eventually(lambda: not (batches.folder / id_).exists())
        assert_problem(batches.get(id_), 404, "job-not-found")


def test_a_supervisor_that_is_told_to_end_takes_its_worker_along(tmp_path: Path) -> None:
    with serving(tmp_path, **SMALL) as batches:
        id_ = batches.post(people(60_000), model="income").json()["id"]
        eventually(lambda: is_begun(batches, id_))
        [worker] = processes(batches, WORKER)
        [supervisor] = processes(batches, SUPERVISOR)
        os.kill(supervisor, signal.SIGTERM)
        eventually(lambda: not Path(f"/proc/{worker}").exists())
        assert batches.job(id_)["status"] in ("running", "queued")  # for the next one


def test_a_killed_supervisor_is_started_again_and_its_job_goes_on(tmp_path: Path) -> None:
    table = people(60_000)
    with serving(tmp_path, **SMALL) as batches:
        id_ = batches.post(table, model="income").json()["id"]
        eventually(lambda: is_begun(batches, id_))
        [killed] = processes(batches, SUPERVISOR)
        os.kill(killed, signal.SIGKILL)
        job = batches.await_job(id_)
        assert (job["status"], job["summary"]["rows"]) == ("done", 60_000)
        assert batches.get(id_, "/result").content == scored("income", table, tmp_path)
        [restarted] = processes(batches, SUPERVISOR)
        assert restarted != killed
        assert "the supervisor of job workers died" in batches.server.log.read_text()


@pytest.fixture
def postgres() -> Iterator[databases.Postgres]:
    with databases.postgres() as started:
        yield started


def test_a_worker_stays_awake_where_jobs_may_come_from_other_machines(
    tmp_path: Path, postgres: databases.Postgres
) -> None:
    with serving(tmp_path, DATABASE_URL=postgres.uri) as batches:
        [worker] = eventually(lambda: processes(batches, WORKER))
        assert b"--until-idle" not in Path(f"/proc/{worker}/cmdline").read_bytes()
        assert done(batches, batches.post(PEOPLE))["summary"]["rows"] == 4

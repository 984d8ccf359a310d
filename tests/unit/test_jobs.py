"""The records of batch jobs, in SQLite and in a real PostgreSQL; one worker in this process."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from sqlalchemy import text

from servery.batch.summary import BadRow, Remark, Spread, Summary, Tally
from servery.errors import IdempotencyKeyReused, JobNotFound, ModelFailed, WrongJobState
from servery.jobs.counts import recent_pace, restored, stored
from servery.jobs.files import Files, Placed
from servery.jobs.presence import has_worker, is_dead, register_worker
from servery.jobs.records import (
    Asked,
    Inspection,
    Job,
    JobOptions,
    Problem,
    Progress,
)
from servery.jobs.store import JobStore
from servery.jobs.working import JobWorker
from servery.settings import Settings
from servery.tables.reading import READING_OPTIONS, ReadingOptions
from tests.conftest import ROOT

OPTIONS = JobOptions(chunk_bytes=1_000, unpacked_bytes=1_000_000)
EXPIRY_S = 100.0


@pytest.fixture
def jobs(url: str | None, tmp_path: Path) -> Iterator[JobStore]:
    opened = JobStore(url, tmp_path, EXPIRY_S)
    for each in opened.ids():
        opened.delete(each)
    yield opened
    opened.close()


def asked(id_: str, **more: Any) -> Asked:  # noqa: ANN401
    given = {
        "repository": "/models",
        "model": "income",
        "version": "1",
        "request_id": "r",
        "key": None,
        "digest": "d",
        "name": "people.csv",
        "format": None,
        "size_bytes": 10,
        "job_options": OPTIONS,
        "is_started": True,
    }
    return Asked(id=id_, **(given | more))


def inspection(problem: Problem | None = None) -> Inspection:
    return Inspection(job_options=OPTIONS, format="csv", found=None, problem=problem)


def taken(jobs: JobStore, worker: str, now: float, *gone: str) -> list[Job]:
    return jobs.take(
        "/models", worker, most=9, now=now, lease_s=10.0, is_dead=lambda each: each in gone
    )


def progress(chunks: int) -> Progress:
    return Progress(
        chunks_done=chunks,
        offset=chunks,
        size=9,
        result_bytes=chunks,
        errors_bytes=0,
        rows_done=chunks,
        counts={},
        spent_s=1.0,
    )


def test_jobs_of_a_repository_are_listed_the_newest_first(jobs: JobStore) -> None:
    jobs.add(asked("a"), now=1.0)
    jobs.add(asked("b", is_started=False), now=2.0)
    jobs.add(asked("c", repository="/others"), now=3.0)
    assert [job.id for job in jobs.list_all("/models", now=3.0)] == ["b", "a"]
    assert [job.id for job in jobs.list_all("/models", now=2.0 + EXPIRY_S)] == ["a"]


def test_the_pace_follows_the_recent_past() -> None:
    pace = None
    for done in [1_000] * 100 + [100] * 30:
        pace = recent_pace(pace, done, 1.0)
    assert pace is not None
    assert 100 < pace < 160


def test_a_job_is_taken_by_one_worker_until_its_lease_is_over(jobs: JobStore) -> None:
    jobs.add(asked("a"), now=0.0)
    [job] = taken(jobs, "first", 1.0)
    assert taken(jobs, "second", 2.0) == []
    jobs.renew("first", 30.0)
    assert taken(jobs, "second", 20.0) == []
    [stolen] = taken(jobs, "second", 31.0)
    assert stolen.attempts == 2
    assert not jobs.advance(job, progress(1), 2.0)
    assert jobs.advance(stolen, progress(1), 2.0)
    assert not jobs.finish(job, 40.0)


def test_options_are_kept_under_their_own_names(jobs: JobStore) -> None:
    job_options = msgspec.structs.replace(
        OPTIONS, options=ReadingOptions(decimal=",", sheet="people")
    )
    assert jobs.add(asked("a", job_options=job_options), now=0.0).job_options == job_options
    with jobs._database.changing() as connection:
        written = json.loads(
            connection.execute(text("SELECT job_options FROM servery_jobs")).scalar_one()
        )
    assert (written["options"]["decimal"], written["options"]["sheet"]) == (",", "people")


def test_all_that_is_said_of_reading_a_job_is_how_it_is_read() -> None:
    options = ReadingOptions(delimiter=";", decimal=",", missing=("NA", "-999"), sheet="people")
    reading = msgspec.structs.replace(OPTIONS, options=options).reading()
    assert {name: getattr(reading, name) for name in READING_OPTIONS} == msgspec.structs.asdict(
        options
    )


def test_a_worker_that_is_gone_for_certain_is_not_waited_for(jobs: JobStore) -> None:
    jobs.add(asked("a"), now=0.0)
    taken(jobs, "first", 1.0)
    [job] = taken(jobs, "second", 1.5, "first")
    assert job.worker == "second"


def test_no_chunk_is_written_down_twice(jobs: JobStore) -> None:
    jobs.add(asked("a"), now=0.0)
    [job] = taken(jobs, "first", 1.0)
    assert jobs.advance(job, progress(1), 2.0)
    assert not jobs.advance(job, progress(1), 2.0)
    assert jobs.advance(job, progress(2), 2.0)


def test_many_workers_at_once_share_jobs_without_overlap(jobs: JobStore) -> None:
    for number in range(20):
        jobs.add(asked(f"job-{number}"), now=float(number))
    found: dict[str, list[str]] = {}

    def take(worker: str) -> None:
        found[worker] = [job.id for job in taken(jobs, worker, 100.0)]

    threads = [threading.Thread(target=take, args=(f"w{each}",)) for each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    all_ = [each for ids in found.values() for each in ids]
    assert len(all_) == len(set(all_))
    assert taken(jobs, "w0", 100.0) != [] or len(all_) == 20


def test_a_job_that_is_deleted_while_it_is_taken_hinders_no_other(jobs: JobStore) -> None:
    stop = threading.Event()

    def come_and_go() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            jobs.add(asked(f"short-{number}"), now=0.0)
            jobs.delete(f"short-{number}")

    passing = threading.Thread(target=come_and_go)
    passing.start()
    try:
        for number in range(100):
            jobs.add(asked(f"job-{number}"), now=1.0)
            assert f"job-{number}" in [job.id for job in taken(jobs, f"w{number}", 100.0)]
    finally:
        stop.set()
        passing.join()


def test_a_key_makes_a_repeated_upload_one_job_and_refuses_another_one(jobs: JobStore) -> None:
    first = jobs.add(asked("a", key="k"), now=0.0)
    assert jobs.add(asked("b", key="k"), now=1.0).id == first.id
    assert jobs.add(asked("c", key="k", model="bikes"), now=1.0).id == "c"
    with pytest.raises(IdempotencyKeyReused):
        jobs.add(asked("d", key="k", digest="other"), now=1.0)


def test_the_key_of_a_job_whose_time_is_over_is_free(jobs: JobStore) -> None:
    jobs.add(asked("a", key="k", is_started=False), now=0.0)
    assert jobs.add(asked("b", key="k", digest="other"), now=EXPIRY_S + 1).id == "b"
    assert jobs.delete_expired(EXPIRY_S + 1) == ["a"]


def test_only_a_job_that_waits_is_changed(jobs: JobStore) -> None:
    jobs.add(asked("a", is_started=False), now=0.0)
    [job] = taken(jobs, "first", 1.0)
    question = Problem(kind="AmbiguousTable", detail="?")
    assert jobs.record_inspection(job, inspection(question), 2.0)
    assert taken(jobs, "second", 3.0) == []
    changed = jobs.change("a", OPTIONS, is_started=True, now=4.0)
    assert (changed.status, changed.is_inspected, changed.problem) == ("queued", False, None)
    with pytest.raises(WrongJobState):
        jobs.change("a", OPTIONS, is_started=True, now=5.0)
    with pytest.raises(JobNotFound):
        jobs.change("b", OPTIONS, is_started=True, now=5.0)


def test_what_is_over_goes(jobs: JobStore) -> None:
    jobs.add(asked("a"), now=0.0)
    [job] = taken(jobs, "first", 1.0)
    assert jobs.finish(job, 2.0)
    assert jobs.get("a", 101.0).status == "done"
    with pytest.raises(JobNotFound):
        jobs.get("a", 102.5)
    assert jobs.delete_expired(101.0) == []
    assert jobs.delete_expired(103.0) == ["a"]
    with pytest.raises(JobNotFound):
        jobs.delete("a")


def test_counts_survive_being_kept() -> None:
    spread = Spread()
    spread.add(np.array([-3.5, 0.0, 1e-12, 7.25]))
    summary = Summary(rows=9, bad_rows=2, warned_rows=1, neutralised=3)
    summary.bad = {("age", "missing"): Tally(1, [7]), (None, "model-failed"): Tally(1, [9])}
    summary.warned = {("age", "outside-training-range"): Tally(1, [4])}
    summary.quantities["y"] = spread
    summary.classes["z"] = Counter({1: 2, "a": 4})
    assert restored(stored(summary)) == summary
    assert restored(None) == Summary()


OLD_COUNTS: dict[str, Any] = {
    "rows": 5,
    "bad_rows": 2,
    "warned_rows": 1,
    "neutralised": 0,
    "bad": [["height", "not-a-number", 2], [None, "model-failed", 1]],
    "warned": [["outside-training-range", 1]],
    "classes": {"species": [["Dog", 2], ["Cat", 1]]},
    "quantities": {},
}


def test_counts_of_an_older_version_are_read_and_go_on(jobs: JobStore) -> None:
    jobs.add(asked("old"), now=0.0)
    with jobs._database.changing() as connection:
        statement = text("UPDATE servery_jobs SET counts = :counts, status = 'running'")
        connection.execute(statement, {"counts": json.dumps(OLD_COUNTS)})
    summary = restored(jobs.get("old", 1.0).counts)
    assert summary.bad == {("height", "not-a-number"): Tally(2), (None, "model-failed"): Tally(1)}
    assert summary.warned == {(None, "outside-training-range"): Tally(1)}
    assert summary.classes == {"species": Counter({"Dog": 2, "Cat": 1})}
    more = Summary(
        rows=1,
        bad_rows=1,
        bad={("height", "not-a-number"): Tally(1, [9])},
        first_bad=[BadRow(9, [Remark("height", "not-a-number", "Expected a number.")], 2)],
    )
    summary.merge(more)
    assert restored(stored(summary)) == summary
    assert summary.bad["height", "not-a-number"] == Tally(3, [9])
    assert summary.first_bad == more.first_bad


def test_a_place_in_a_file_is_written_the_same_twice(tmp_path: Path) -> None:
    file = Placed(tmp_path / "result")
    end = file.write(b"first", 0)
    file.write(b"second, of which half was lost", end)
    assert file.write(b"second", end) == 11
    file.end(11)
    file.close()
    assert (tmp_path / "result").read_bytes() == b"firstsecond"


def test_a_worker_that_lives_is_not_taken_for_gone(tmp_path: Path) -> None:
    folder = str(tmp_path)
    with register_worker(folder) as name:
        assert not is_dead(folder, name)
        assert has_worker(folder)
    assert is_dead(folder, name)
    assert is_dead(folder, "never-there")
    assert not has_worker(folder)


def test_a_table_is_scored_and_its_strays_go(url: str | None, tmp_path: Path) -> None:
    settings = Settings(models=ROOT / "models", jobs=tmp_path, database=url)
    jobs, files = JobStore(url, tmp_path, EXPIRY_S), Files(tmp_path)
    id_ = files.create()
    files.upload(id_).write_text("height,weight\n90,40\n25,x\n", encoding="utf-8")
    root = str(settings.models.resolve())
    jobs.add(asked(id_, repository=root, model="species"), now=1e9)
    worker = JobWorker(settings)
    worker.run(lambda: jobs.get(id_, 1e9).status not in ("done", "failed"))
    job = jobs.get(id_, 1e9)
    assert (job.status, job.problem, job.rows_done) == ("done", None, 2)
    assert job.found is not None
    assert [row.line for row in job.found.preview] == [2, 3]
    lines = files.result(id_).read_text().splitlines()
    assert lines[0].startswith("height,weight,prediction")
    assert lines[1].startswith("90,40,Dog")
    assert files.errors(id_).read_text().splitlines()[1].startswith("3,25,x,")
    assert not files.upload(id_).exists()
    jobs.delete(id_)
    jobs.close()


@pytest.mark.parametrize("error", [ModelFailed("killed"), FileNotFoundError("upload")], ids=str)
def test_a_job_that_fails_while_its_worker_stops_is_left_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    settings = Settings(models=ROOT / "models", jobs=tmp_path)
    jobs = JobStore(None, tmp_path, EXPIRY_S)
    root = str(settings.models.resolve())
    jobs.add(asked("a", repository=root, model="species"), now=1e9)
    worker = JobWorker(settings)

    def stop_and_fail(_job: Job) -> None:
        worker.stop()
        raise error

    monkeypatch.setattr(worker, "_begin", stop_and_fail)
    worker.run()
    job = jobs.get("a", 1e9)
    assert (job.status, job.problem, job.worker, job.attempts) == ("queued", None, None, 0)
    jobs.close()

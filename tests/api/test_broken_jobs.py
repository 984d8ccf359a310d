"""Batch jobs that somebody or something disturbs: nothing is lost, nothing hangs, nothing leaks."""

import contextlib
import gzip
import json
import re
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
import requests

from tests import databases
from tests.api.problem import assert_problem
from tests.api.test_batches import (
    CSV,
    MODELS,
    PEOPLE,
    SMALL,
    Batches,
    held_midway,
    people,
    scored,
    serving,
)
from tests.conftest import PATIENCE_S, eventually
from tests.databases import Postgres

LONG = 30 * "الأشخاص "


@pytest.fixture(scope="module")
def batches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Batches]:
    with serving(tmp_path_factory.mktemp("broken"), **SMALL) as batches:
        batches.start_worker()
        yield batches


@pytest.fixture(scope="module")
def done(batches: Batches) -> str:
    id_ = batches.post(PEOPLE, query="?name=people.csv").json()["id"]
    assert batches.await_job(id_)["status"] == "done"
    return str(id_)


def folders(batches: Batches) -> set[str]:
    return {path.name for path in batches.folder.iterdir() if path.is_dir() and path.name[0] != "."}


@pytest.mark.usefixtures("done")
def test_an_upload_that_breaks_off_leaves_nothing(batches: Batches) -> None:
    address = urlsplit(batches.server.url)
    before = folders(batches)
    with socket.create_connection((address.hostname, address.port)) as client:
        head = "POST /api/v1/models/species/batches HTTP/1.1\r\nHost: localhost\r\n"
        client.sendall(
            f"{head}Content-Type: {CSV}\r\nContent-Length: 100000\r\n\r\n".encode()
            + b"height,weight\n"
        )
        eventually(lambda: folders(batches) > before)
    eventually(lambda: folders(batches) == before)


@pytest.mark.parametrize(
    ("path", "kind", "slug"),
    [("batches", CSV, "incomplete-upload"), ("predictions", "application/json", "unreadable-body")],
)
def test_chunks_that_are_none_are_the_fault_of_who_sends_them(
    path: str, kind: str, slug: str, batches: Batches
) -> None:
    address = urlsplit(batches.server.url)
    head = f"POST /api/v1/models/species/{path} HTTP/1.1\r\nHost: localhost\r\n"
    with socket.create_connection((address.hostname, address.port)) as client:
        head += f"Content-Type: {kind}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        client.sendall(f"{head}zz\r\nab\r\n".encode())
        told = client.makefile().read()
    assert told.startswith("HTTP/1.1 400 ")
    assert slug in told


def test_a_job_that_is_deleted_ends_its_stream(batches: Batches) -> None:
    table = people(30_000)
    [worker] = batches.workers
    with (
        held_midway(batches, worker, lambda: batches.post(table, model="income")) as id_,
        batches.get(id_, "/events", stream=True) as stream,
    ):
        lines = stream.iter_lines()
        told = next(line for line in lines if line.startswith(b"data:"))
        assert json.loads(told.removeprefix(b"data: "))["status"] == "running"
        assert batches.delete(id_).status_code == 204
        *_, last = (line for line in lines if line.startswith(b"data:"))
    assert json.loads(last.removeprefix(b"data: "))["status"] == "cancelled"
    eventually(lambda: id_ not in folders(batches))


@pytest.mark.parametrize(
    ("given", "name", "result"),
    [
        ("päntér 1.csv", "päntér 1.csv", "päntér 1-scored.csv"),
        ("a.b c.csv", "a.b c.csv", "a.b c-scored.csv"),
        ("../../etc/pass wd.csv", "pass wd.csv", "pass wd-scored.csv"),
        ("C:\\x\\人.csv", "人.csv", "人-scored.csv"),
        ("...", "table.csv", "table-scored.csv"),
        ("a\u202egnp.csv", "a_gnp.csv", "a_gnp-scored.csv"),
        ('x"\r\nX-Evil: 1;.csv', "x_X-Evil_ 1;.csv", "x_X-Evil_ 1;-scored.csv"),
        (LONG + ".csv", LONG[:195] + "….csv", LONG[:195] + "…-scored.csv"),
        (LONG + "1.csv.gz", LONG[:191] + "….csv.gz", LONG[:191] + "…-scored.csv"),
        (300 * "a", 199 * "a" + "….csv", 199 * "a" + "…-scored.csv"),
        ("%0d%0a%2f.csv", "%0d%0a%2f.csv", "%0d%0a%2f-scored.csv"),
    ],
)
def test_a_name_is_plain_and_comes_back_in_the_name_of_the_result(
    batches: Batches, given: str, name: str, result: str
) -> None:
    id_ = batches.post(PEOPLE, query=f"?name={quote(given, safe='')}").json()["id"]
    job = batches.await_job(id_)
    assert (job["status"], job["file"]["name"]) == ("done", name)
    headers = batches.get(id_, "/result").headers
    told = headers["Content-Disposition"]
    assert told.startswith("attachment; filename")
    assert "X-Evil" not in headers
    ascii_ = [f"attachment; filename={result}", f'attachment; filename="{result}"']
    assert told in ascii_ or told.endswith(f"; filename*=UTF-8''{quote(result, safe='')}")


def test_a_name_in_a_form_that_is_no_utf_8_is_said(batches: Batches) -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="\xe4.csv"\r\n\r\n1\r\n--x--'
    )
    form = "multipart/form-data; boundary=x"
    problem = assert_problem(batches.post(body, Content_Type=form), 400, "incomplete-upload")
    assert "UTF-8" in problem["detail"]


def test_parts_of_a_result_are_as_http_has_them(batches: Batches, done: str) -> None:
    def part(**headers: str) -> requests.Response:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return batches.get(done, "/result", headers=given)

    whole = part()
    tag, size = whole.headers["ETag"], len(whole.content)
    assert whole.headers["Accept-Ranges"] == "bytes"
    for asked, content in (
        ("bytes=0-0", whole.content[:1]),
        ("bytes=-5", whole.content[-5:]),
        ("bytes=7-", whole.content[7:]),
    ):
        for headers in ({}, {"If_Range": tag}):
            got = part(Range=asked, **headers)
            assert (got.status_code, got.content) == (206, content)
    for asked in ("lines=1-2", "bytes=5-2", "bytes=x", "bytes=0-1,3-4"):
        got = part(Range=asked)
        assert (got.status_code, got.content) == (200, whole.content)
    assert part(Range="bytes=0-0", If_Range='"other"').content == whole.content
    assert part(If_None_Match=tag).status_code == 304
    beyond = part(Range=f"bytes={size}-")
    assert_problem(beyond, 416, "range-not-satisfiable")
    assert beyond.headers["Content-Range"] == f"bytes */{size}"
    head = requests.head(f"{batches.server.url}/api/v1/batches/{done}/result", timeout=PATIENCE_S)
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(size))
    assert head.headers["ETag"] == tag


def test_no_download_leaves_its_door_closed(batches: Batches, done: str) -> None:
    address = f"{batches.server.url}/api/v1/batches/{done}/result"
    tag = requests.head(address, timeout=PATIENCE_S).headers["ETag"]
    for _ in range(10):
        for method, headers in (
            ("HEAD", {}),
            ("GET", {"Range": "bytes=99999-"}),
            ("GET", {"If-None-Match": tag}),
            ("GET", {"Accept": "text/html"}),
        ):
            answer = requests.request(method, address, headers=headers, timeout=PATIENCE_S)
            assert answer.status_code in (200, 304, 416), answer.text
            assert "html" not in answer.headers.get("Content-Type", "")


def test_a_gzip_that_lies_is_one_clear_problem(batches: Batches) -> None:
    packed = gzip.compress((PEOPLE * 2_000).encode(), mtime=0)
    wrong_sum, wrong_size, torn = bytearray(packed), bytearray(packed), bytearray(packed)
    wrong_sum[-6] ^= 255
    wrong_size[-1] ^= 255
    torn[len(torn) // 2] ^= 85
    for lie in (wrong_sum, wrong_size, torn, packed + b"more"):
        refused = batches.post(bytes(lie), Content_Encoding="gzip")
        assert_problem(refused, 400, "incomplete-upload")
        job = batches.await_job(batches.post(bytes(lie), query="?name=a.csv.gz").json()["id"])
        assert (job["status"], job["problem"]["code"]) == ("failed", "unreadable-table")
        assert "is damaged" in job["problem"]["detail"]


def test_a_download_goes_on_when_its_job_goes(batches: Batches) -> None:
    id_ = batches.post(people(30_000), model="income").json()["id"]
    assert batches.await_job(id_)["status"] == "done"
    expected = batches.get(id_, "/result").content
    with batches.get(id_, "/result", stream=True) as stream:
        got = stream.raw.read(1_000)
        assert batches.delete(id_).status_code == 204
        eventually(lambda: id_ not in folders(batches))
        got += stream.raw.read()
    assert got == expected
    assert_problem(batches.get(id_, "/result"), 404, "job-not-found")


def test_a_server_whose_records_are_deleted_begins_new_ones(tmp_path: Path) -> None:
    with serving(tmp_path, **SMALL) as batches:
        worker = batches.start_worker()
        lost = batches.post(people(30_000), model="income").json()["id"]
        eventually(lambda: batches.job(lost)["progress"]["rows_done"] > 0)
        for path in batches.folder.glob("jobs.sqlite*"):
            path.unlink(missing_ok=True)
        assert_problem(batches.get(lost), 404, "job-not-found")
        id_ = batches.post(PEOPLE).json()["id"]
        assert batches.await_job(id_)["status"] == "done"
        assert batches.delete(id_).status_code == 204
        assert worker.poll() is None


#: The table and a row of it as the first version wrote them.
OLD_TABLE = """
CREATE TABLE servery_jobs (
    id VARCHAR(64) NOT NULL PRIMARY KEY, root TEXT NOT NULL, model TEXT NOT NULL,
    version TEXT NOT NULL, request_id TEXT NOT NULL, "key" VARCHAR(255),
    digest VARCHAR(64) NOT NULL, name TEXT NOT NULL, format VARCHAR(16),
    size_bytes BIGINT DEFAULT '0' NOT NULL, status VARCHAR(16) NOT NULL, created DOUBLE NOT NULL,
    expires DOUBLE, "order" TEXT NOT NULL, is_looked_at BOOLEAN NOT NULL, found TEXT, problem TEXT,
    chunks_done BIGINT DEFAULT '0' NOT NULL, done BIGINT DEFAULT '0' NOT NULL, total BIGINT,
    result_bytes BIGINT DEFAULT '0' NOT NULL, errors_bytes BIGINT DEFAULT '0' NOT NULL,
    rows_done BIGINT DEFAULT '0' NOT NULL, counts TEXT, spent_s DOUBLE NOT NULL,
    attempts INTEGER NOT NULL, worker VARCHAR(64), lease DOUBLE NOT NULL, turn DOUBLE NOT NULL,
    UNIQUE (root, model, "key")
)
"""
OLD_ROW = {
    "id": "an-old-job",
    "root": str(MODELS),
    "model": "species",
    "version": "1",
    "request_id": "r",
    "digest": "d",
    "name": "old.csv",
    "format": "csv",
    "size_bytes": 60,
    "status": "done",
    "created": 1e9,
    "expires": 1e11,
    "order": '{"columns":{},"told":{},"to":null,"chunk_bytes":1000,"unpacked_bytes":1000000}',
    "is_looked_at": 1,
    "found": json.dumps(
        {
            "format": "csv",
            "told": {"delimiter": ",", "encoding": "utf-8"},
            "header": ["height", "weight"],
            "columns": {"height": "height", "weight": "weight"},
            "extra": [],
            "preview": [{"line": 2, "cells": ["90", "40"], "prediction": "Dog"}],
        }
    ),
    "chunks_done": 1,
    "done": 60,
    "total": 60,
    "rows_done": 5,
    "counts": json.dumps(
        {
            "rows": 5,
            "bad_rows": 2,
            "warned_rows": 1,
            "neutralised": 0,
            "bad": [["height", "not-a-number", 2]],
            "warned": [["outside-training-range", 1]],
            "classes": {"species": [["Dog", 2], ["Cat", 1]]},
            "quantities": {},
        }
    ),
    "spent_s": 1.0,
    "attempts": 0,
    "lease": 0.0,
    "turn": 1e9,
}


def write_old_job(folder: Path) -> str:
    """Write the records of the first version with one job that is done, and return its id."""
    folder.mkdir()
    names = ", ".join(f'"{name}"' for name in OLD_ROW)
    marks = ", ".join(f":{name}" for name in OLD_ROW)
    with contextlib.closing(sqlite3.connect(folder / "jobs.sqlite")) as database:
        database.execute(OLD_TABLE)
        inserting = f"INSERT INTO servery_jobs ({names}) VALUES ({marks})"  # noqa: S608 - our own
        database.execute(inserting, OLD_ROW)
        database.commit()
    return str(OLD_ROW["id"])


def test_jobs_that_an_older_version_wrote_are_shown(tmp_path: Path) -> None:
    old = write_old_job(tmp_path / "jobs")
    with serving(tmp_path) as batches:
        response = batches.get(old)
        assert response.status_code == 200
        job = response.json()
        assert (job["status"], job["header"], job["progress"]["rows_done"]) == (
            "done",
            ["height", "weight"],
            5,
        )
        assert (job["reading"]["encoding"], job["reading"]["missing"]) == ("utf-8", [])
        summary = job["summary"]
        bad = {"input": "height", "code": "not-a-number", "rows": 2, "lines": []}
        assert summary["bad"] == [bad]
        assert summary["first_bad"] == []
        [warned] = summary["warned"]
        assert warned == {**bad, "input": None, "code": "outside-training-range", "rows": 1}
        classes = {each["class"]: each["rows"] for each in summary["predictions"]["classes"]}
        assert classes == {"Dog": 2, "Cat": 1}
        with batches.get(old, "/events", stream=True) as stream:
            assert any(line.startswith(b"data:") for line in stream.iter_lines())
        batches.start_worker()
        new = batches.post(PEOPLE).json()["id"]
        assert batches.await_job(new)["status"] == "done"


def test_a_worker_killed_after_the_last_chunk_costs_nothing(tmp_path: Path) -> None:
    table = people(6_000)
    with serving(tmp_path, **SMALL) as batches:
        status = "done"
        while status == "done":  # until one is killed while it is put together
            id_ = batches.post(table, model="income", query="?to=xlsx").json()["id"]
            worker = batches.start_worker()
            while (job := batches.job(id_))["progress"]["rows_done"] < 6_000:
                assert job["status"] in ("queued", "running"), job
            worker.kill()
            worker.wait()
            status = batches.job(id_)["status"]
        assert status == "running"
        batches.start_worker()
        assert batches.await_job(id_)["status"] == "done"
        assert batches.get(id_, "/result").content == scored("income", table, tmp_path, to="xlsx")


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    with databases.postgres() as started:
        yield started


def test_two_workers_share_one_postgres_and_one_is_killed(
    tmp_path: Path, postgres: Postgres
) -> None:
    tables = {people(rows): "" for rows in (24_000, 16_000, 3_000)}
    with serving(tmp_path, DATABASE_URL=postgres.uri, **SMALL) as batches:
        workers = [batches.start_worker(), batches.start_worker()]
        for table in tables:
            tables[table] = batches.post(table, model="income").json()["id"]
        first = next(iter(tables.values()))
        eventually(lambda: batches.job(first)["progress"]["rows_done"] > 0)
        workers[0].kill()
        workers[0].wait()
        for table, id_ in tables.items():
            assert batches.await_job(id_)["status"] == "done"
            assert batches.get(id_, "/result").content == scored("income", table, tmp_path)
        assert workers[1].poll() is None


def test_a_database_that_is_away_for_a_while_costs_no_job(
    tmp_path: Path, postgres: Postgres
) -> None:
    table = people(40_000)
    with serving(tmp_path, DATABASE_URL=postgres.uri, **SMALL) as batches:
        worker = batches.start_worker()
        id_ = batches.post(table, model="income").json()["id"]
        eventually(lambda: batches.job(id_)["progress"]["rows_done"] > 0)
        postgres.stop()
        away = batches.get(id_)
        assert_problem(away, 503, "database-unavailable")
        assert away.headers["Retry-After"]
        assert_problem(batches.post(PEOPLE), 503, "database-unavailable")
        # Which of the two it says depends on what the worker was just asking the database for.
        noticed = re.compile("a job is left for now|the jobs cannot be taken")
        eventually(lambda: noticed.search(batches.server.log.read_text()) is not None)
        assert worker.poll() is None
        postgres.start()
        assert batches.await_job(id_)["status"] == "done"
        assert batches.get(id_, "/result").content == scored("income", table, tmp_path)
        assert worker.poll() is None

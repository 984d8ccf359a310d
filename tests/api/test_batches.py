"""Batch jobs over HTTP: a real server, real workers, real files."""

import bz2
import contextlib
import csv
import gzip
import io
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import requests

from servery.jobs.files import Files
from servery.servers.web_worker.senders import MOST_STREAMS
from tests.api.problem import assert_problem
from tests.conftest import (
    PATIENCE_S,
    RECORDS,
    ROOT,
    Server,
    eventually,
    is_still,
    output_here,
    procfile,
    running,
    servery,
)

MODELS = ROOT / "models"
CSV = "text/csv"
PEOPLE = "name,Height,WEIGHT\nRex,90,40\nTom,25,4\nNo,tall,4\nBig,90,90\n"
SMALL = {"SERVERY_JOB_CHUNK_BYTES": "30000"}


@dataclass
class Batches:
    """A running server, its folder of jobs, and the workers that were started for it."""

    server: Server
    folder: Path
    environ: dict[str, str]
    workers: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    def post(
        self,
        data: Any,  # noqa: ANN401
        model: str = "species",
        query: str = "",
        **headers: str,
    ) -> requests.Response:
        address = f"{self.server.url}/api/v1/models/{model}/batches{query}"
        given = {"Content-Type": CSV} | {each.replace("_", "-"): headers[each] for each in headers}
        return requests.post(address, data=data, headers=given, timeout=PATIENCE_S)

    def job(self, id_: str) -> dict[str, Any]:
        body: dict[str, Any] = self.server.get(f"/api/v1/batches/{id_}").json()
        return body

    def get(self, id_: str, what: str = "", **options: Any) -> requests.Response:  # noqa: ANN401
        return self.server.get(f"/api/v1/batches/{id_}{what}", **options)

    def patch(self, id_: str, body: Any) -> requests.Response:  # noqa: ANN401
        address = f"{self.server.url}/api/v1/batches/{id_}"
        return requests.patch(address, json=body, timeout=PATIENCE_S)

    def delete(self, id_: str) -> requests.Response:
        return requests.delete(f"{self.server.url}/api/v1/batches/{id_}", timeout=PATIENCE_S)

    def await_job(self, id_: str, *states: str) -> dict[str, Any]:
        """Wait until a job is in one of some states; fail once it comes no further."""
        before, deadline = None, 0.0
        while (job := self.job(id_))["status"] not in (states or ("done", "failed")):
            if job != before:
                before, deadline = job, time.monotonic() + PATIENCE_S
            assert time.monotonic() < deadline, (
                f"{job['status']}, {job['progress']}\n{self.server.log.read_text()[-3000:]}"
            )
            time.sleep(0.05)
        return job

    def looked(self, response: requests.Response) -> dict[str, Any]:
        """Return a job once a worker has looked at its table; an answer waits only so long."""
        assert response.status_code in (200, 202), response.text
        id_ = response.json()["id"]

        def is_inspected(job: dict[str, Any]) -> bool:
            return bool(job["preview"] or job["problem"]) or job["status"] in ("done", "failed")

        return eventually(lambda: job if is_inspected(job := self.job(id_)) else None) or {}

    def start_worker(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "servery.servers.job_worker"]
        with self.server.log.open("ab") as sink:
            worker = subprocess.Popen(
                command, cwd=ROOT, env={**os.environ, **self.environ}, stderr=sink
            )
        self.workers.append(worker)
        return worker

    def stop_workers(self) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                worker.kill()
                worker.wait()


@contextlib.contextmanager
def held_midway(
    batches: Batches, worker: "subprocess.Popen[bytes]", post: Callable[[], requests.Response]
) -> Iterator[str]:
    """Post a job and hold its worker still after some of its chunks.

    One that is done before it can be held is followed by another.
    """
    while True:
        id_ = str(post().json()["id"])
        eventually(partial(is_begun, batches, id_))
        with held(worker, batches.folder):
            if batches.job(id_)["status"] == "running":
                yield id_
                return


def is_begun(batches: Batches, id_: str) -> bool:
    return bool(batches.job(id_)["progress"]["rows_done"] > 0)


@contextlib.contextmanager
def held(worker: "subprocess.Popen[bytes]", folder: Path) -> Iterator[None]:
    """Hold a worker still, yet not while it writes to the records: nobody else could then."""
    eventually(lambda: _is_held(worker, folder / "jobs.sqlite"))
    try:
        yield
    finally:
        worker.send_signal(signal.SIGCONT)


def _is_held(worker: "subprocess.Popen[bytes]", records: Path) -> bool:
    worker.send_signal(signal.SIGSTOP)
    eventually(lambda: is_still(worker.pid))
    with contextlib.closing(sqlite3.connect(records, timeout=0, isolation_level=None)) as database:
        try:
            database.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            worker.send_signal(signal.SIGCONT)
            return False
        database.execute("ROLLBACK")
        return True


@contextlib.contextmanager
def serving(folder: Path, **environ: str) -> Iterator[Batches]:
    """Start the web process of the Procfile alone."""
    given = {**RECORDS, "SERVERY_JOBS": str(folder / "jobs"), **environ}
    with running(folder / "log", None, None, **given) as server:
        batches = Batches(server, folder / "jobs", {**given, "SERVERY_MODELS": str(MODELS)})
        try:
            yield batches
        finally:
            batches.stop_workers()


@pytest.fixture(scope="module")
def batches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Batches]:
    """A server with its worker beside it, as `servery serve` starts both."""
    folder = tmp_path_factory.mktemp("batches")
    given = {
        **RECORDS,
        "SERVERY_JOBS": str(folder / "jobs"),
        "SERVERY_MAX_UPLOAD_BYTES": "20000000",
    }
    command = servery("serve", MODELS)
    with running(folder / "log", None, command, **given) as server:
        eventually(Files(folder / "jobs").has_worker)
        yield Batches(server, folder / "jobs", given)


def people(rows: int) -> str:
    """Return rows for the model of incomes, some of which do not fit."""
    chance = random.Random(7)  # noqa: S311 - the same rows each time
    facts = json.loads((MODELS / "income" / "1" / "model.json").read_text())
    inputs = facts["signature"]["inputs"]
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(["number", *(each["name"] for each in inputs)])
    choices = [[c["value"] for c in each.get("categories", ())] for each in inputs]
    for number in range(rows):
        cells = [chance.choice(each) if each else chance.randint(17, 90) for each in choices]
        if number % 997 == 5:
            cells[0] = "young"
        writer.writerow([number, *cells])
    return sink.getvalue()


def scored(
    model: str, table: str, folder: Path, *options: str, name: str = "people.csv", to: str = "csv"
) -> bytes:
    """Return what `servery score` makes of a table."""
    source, target = folder / name, folder / f"scored.{to}"
    source.write_text(table, encoding="utf-8")
    words = ("score", model, source, "-o", target, "--models", MODELS, "--quiet")
    output_here(*words, *options)
    return target.read_bytes()


def done(batches: Batches, response: requests.Response) -> dict[str, Any]:
    assert response.status_code in (200, 202), response.text
    job = batches.await_job(response.json()["id"])
    assert job["status"] == "done", job["problem"]
    return job


def test_a_table_comes_back_scored_as_the_command_would(batches: Batches, tmp_path: Path) -> None:
    response = batches.post(PEOPLE, query="?name=people.csv")
    assert response.status_code == 202
    assert response.headers["Location"] == f"/api/v1/batches/{response.json()['id']}"
    assert response.headers["Retry-After"] == "1"
    job = done(batches, response)
    assert job["file"] == {"name": "people.csv", "format": "csv", "size_bytes": len(PEOPLE)}
    assert job["columns"] == {"height": "Height", "weight": "WEIGHT"}
    assert job["extra"] == ["name"]
    assert [row["line"] for row in job["preview"]["rows"]] == [2, 3, 4, 5]
    assert job["preview"]["rows"][0]["prediction"] == "Dog"
    sets = [row["prediction_set"] for row in job["preview"]["rows"]]
    assert sets == [["Dog", "Cat"], None, None, None]  # none is claimed beyond training
    shares = [(row["reliability"], row["reliability_rows"]) for row in job["preview"]["rows"]]
    assert shares == [(0.6, 5), (None, None), (None, None), (None, None)]
    assert job["preview"]["rows"][2]["error"] == 'height: Expected a number, found "tall".'
    detail = 'Expected a number, found "tall".'
    remark = {"input": "height", "code": "not-a-number", "detail": detail}
    assert job["preview"]["rows"][2]["remarks"] == [remark]
    for row in job["preview"]["rows"]:
        said = "; ".join(
            f"{each['input']}: {each['detail']}" if each["input"] else each["detail"]
            for each in row["remarks"]
        )
        assert said == (row["error"] or row["warnings"] or "")
    assert job["progress"]["rows_done"] == job["progress"]["rows_total"] == 4
    summary = job["summary"]
    assert (summary["rows"], summary["bad_rows"]) == (4, 1)
    bad, warned = summary["bad"], summary["warned"]
    assert bad == [{"input": "height", "code": "not-a-number", "rows": 1, "lines": [4]}]
    assert all(set(each) == {"input", "code", "rows", "lines"} for each in warned)
    assert summary["first_bad"] == [{"line": 4, "remarks": [remark], "more": 0}]
    assert warned
    assert sum(each["rows"] for each in summary["predictions"]["classes"]) == 3
    result = batches.get(job["id"], "/result")
    assert result.content == scored("species", PEOPLE, tmp_path)
    assert result.headers["Content-Disposition"] == "attachment; filename=people-scored.csv"
    assert result.headers["Content-Type"].startswith(CSV)
    assert result.headers["X-Content-Type-Options"] == "nosniff"
    [bad] = csv.DictReader(io.StringIO(batches.get(job["id"], "/errors").text))
    assert (bad["line"], bad["name"]) == ("4", "No")


@pytest.mark.parametrize("to", ["tsv", "jsonl", "parquet", "xlsx"])
def test_every_format_comes_back_as_the_command_writes_it(
    batches: Batches, tmp_path: Path, to: str
) -> None:
    job = done(batches, batches.post(PEOPLE, query=f"?to={to}"))
    result = batches.get(job["id"], "/result")
    assert result.content == scored("species", PEOPLE, tmp_path, to=to)
    assert "html" not in result.headers["Content-Type"]


def test_a_part_of_a_result_can_be_asked_for(batches: Batches) -> None:
    job = done(batches, batches.post(PEOPLE))
    part = batches.get(job["id"], "/result", headers={"Range": "bytes=5-10"})
    assert part.status_code == 206
    assert part.content == batches.get(job["id"], "/result").content[5:11]


def test_a_table_with_outcomes_is_evaluated(batches: Batches) -> None:
    table = (
        "name,height,weight,animal\nRex,90,40,Dog\nTom,25,4,Cat\nIbo,30,5,Dog\nKim,,,\nLu,8,2,\n"
    )
    job = batches.post(table, query="?target=animal&keep=name", Prefer="wait=20").json()
    assert (job["status"], job["target"], job["keep"]) == ("done", ["animal"], ["name"])
    rows = list(csv.DictReader(io.StringIO(batches.get(job["id"], "/result").text)))
    assert list(rows[0])[:2] == ["name", "prediction"]
    [output] = batches.get(job["id"], "/evaluation").json()["outputs"]
    assert (output["rows"], output["blank"]) == (3, 2)
    accuracy = next(each for each in output["metrics"] if each["name"] == "accuracy")
    assert accuracy["value"] == pytest.approx(2 / 3)
    assert accuracy["card"]["value"] > 0.5
    page = batches.get(job["id"], "/evaluation.html")
    assert page.headers["Content-Type"].startswith("text/html")
    assert page.headers["Content-Disposition"].startswith("attachment")
    other = batches.post(table, query="?start=false").json()["id"]
    batches.looked(batches.get(other))
    told = batches.patch(other, {"target": ["name"]}).json()
    assert "has 'Rex', 'Tom', 'Ibo', and the model predicts" in told["problem"]["detail"]
    told = batches.patch(other, {"target": ["animal"], "keep": [], "start": True}).json()
    assert batches.await_job(other)["status"] == "done"
    assert batches.get(other, "/result").text.startswith("prediction,")
    plain = batches.post(table, Prefer="wait=20").json()["id"]
    assert_problem(batches.get(plain, "/evaluation"), 409, "wrong-job-state")


def test_a_threshold_and_a_class_are_chosen_for_a_table(batches: Batches) -> None:
    table = "height,weight,animal\n90,40,Dog\n80,39,Cat\n"
    waiting = batches.post(table, query="?start=false&threshold=0.999&target=animal").json()["id"]
    seen = batches.looked(batches.get(waiting))
    assert [row["prediction"] for row in seen["preview"]["rows"]] == ["Cat", "Cat"]
    assert seen["preview"]["rows"][0]["probability"] < 0.01
    for unfit in ({"threshold": 1.5}, {"threshold": True}, {"class": ["Cat"]}):
        assert_problem(batches.patch(waiting, unfit), 422, "invalid-job-options")
    batches.patch(waiting, {"class": "Cow"})
    problem = eventually(lambda: batches.job(waiting)["problem"])
    assert (problem["code"], "found 'Cow'" in problem["detail"]) == ("invalid-job-options", True)
    told = batches.patch(waiting, {"class": "Cat", "threshold": 0.001, "start": True}).json()
    assert (told["threshold"], told["class"]) == (0.001, "Cat")
    job = batches.await_job(waiting)
    assert job["summary"]["threshold"] == {"class": "Cat", "value": 0.001, "card": 0.5}
    first, _ = csv.DictReader(io.StringIO(batches.get(waiting, "/result").text))
    assert (first["prediction"], first["threshold"]) == ("Cat", "0.001")
    assert [name for name in first if name.startswith("probability")] == ["probability_Cat"]
    [output] = batches.get(waiting, "/evaluation").json()["outputs"]
    assert output["threshold"]["value"] == 0.001
    for query in ("?threshold=2", "?threshold=high", "?threshold=nan"):
        assert_problem(batches.post(table, query=query), 422, "invalid-job-options")


def test_a_form_is_taken_with_its_fields(batches: Batches) -> None:
    files = {"file": ('a<b>"../../é.csv', PEOPLE, CSV)}
    address = f"{batches.server.url}/api/v1/models/species/batches"
    response = requests.post(address, files=files, data={"to": "jsonl"}, timeout=PATIENCE_S)
    job = done(batches, response)
    assert job["to"] == "jsonl"
    assert job["file"]["name"] == "é.csv"
    rows = [json.loads(line) for line in batches.get(job["id"], "/result").text.splitlines()]
    assert rows[0]["prediction"] == "Dog"
    response = requests.post(f"{address}?name=pets.csv", files=files, timeout=30)
    assert response.json()["file"]["name"] == "pets.csv"


def test_what_is_said_beside_a_table_is_never_passed_over(batches: Batches) -> None:
    for query, words in (
        ("?decmial=,", "found 'decmial'. Did you mean 'decimal'?"),
        ("?to=csv&to=jsonl", "Expected 'to' once"),
        ("?missin=NA", "found 'missin'. Did you mean 'missing'?"),
        ("?missing=NA&to=csv&to=tsv", "Expected 'to' once"),
        ("?" + "missing=NA&" * 31, "at most 30 texts of at most 100 letters"),
        ("?missing=" + "N" * 101, "at most 30 texts of at most 100 letters"),
    ):
        [fault] = assert_problem(batches.post(PEOPLE, query=query), 422, "invalid-job-options")[
            "errors"
        ]
        assert words in fault["detail"]
    address = f"{batches.server.url}/api/v1/models/species/batches"
    table = ("file", ("people.csv", PEOPLE, CSV))

    def sent(*parts: Any, query: str = "") -> requests.Response:  # noqa: ANN401
        return requests.post(address + query, files=[table, *parts], timeout=30)

    assert_problem(sent(("delimeter", (None, ";"))), 422, "invalid-job-options")
    assert_problem(sent(("to", (None, "csv")), query="?to=tsv"), 422, "invalid-job-options")
    assert "found two" in assert_problem(sent(table), 400, "incomplete-upload")["detail"]
    twice = [("to", (None, "csv")), ("to", (None, "tsv"))]
    [fault] = assert_problem(sent(*twice), 422, "invalid-job-options")["errors"]
    assert fault["code"] == "option-twice"
    assert fault["pointer"] == "#/to"
    assert sent(query="?name=dogs.csv").json()["file"]["name"] == "dogs.csv"


def test_texts_that_mean_a_missing_value_are_said_as_to_the_command(
    batches: Batches, tmp_path: Path
) -> None:
    header, *rows = people(4).splitlines()
    marks = {0: "NA", 1: "-999", 2: '"a, b"'}
    for at, mark in marks.items():  # the first input, and the one that may be missing
        number, _, _, *rest = rows[at].split(",")
        rows[at] = ",".join([number, mark, mark, *rest])
    table = "\n".join([header, *rows, ""])
    plain = scored("income", table, tmp_path)
    said = ["NA", "-999", "a, b"]
    expected = scored("income", table, tmp_path, *(f"--missing={each}" for each in said))
    assert plain != expected
    address = f"{batches.server.url}/api/v1/models/income/batches"
    fields = [("missing", (None, each)) for each in said[1:]]
    for job in (
        batches.post(table, "income", "?missing=NA&missing=-999&missing=a%2C%20b").json(),
        requests.post(
            f"{address}?missing=NA",
            files=[*fields, ("file", ("people.csv", table, CSV))],
            timeout=PATIENCE_S,
        ).json(),
    ):
        job = batches.await_job(job["id"])
        assert job["reading"]["missing"] == said
        assert batches.get(job["id"], "/result").content == expected


def test_a_packed_body_is_unpacked_and_a_packed_file_is_read(batches: Batches) -> None:
    packed = gzip.compress(PEOPLE.encode())
    plain = batches.get(done(batches, batches.post(PEOPLE))["id"], "/result").content
    for headers, query in (({"Content_Encoding": "gzip"}, ""), ({}, "?name=people.csv.gz")):
        job = done(batches, batches.post(packed, query=query, **headers))
        assert batches.get(job["id"], "/result").content == plain


def test_who_prefers_to_wait_gets_a_small_file_at_once(batches: Batches) -> None:
    # While others wait at the only door, nobody else may: a server need not do what is preferred.
    def at_once() -> requests.Response | None:
        answer = batches.post(PEOPLE, Prefer="wait=20")
        return answer if answer.status_code == 200 else None

    response = eventually(at_once)
    assert response is not None
    assert response.headers["Preference-Applied"] == "wait=20"
    assert response.json()["status"] == "done"


def test_a_result_is_named_without_the_compression_of_its_upload(batches: Batches) -> None:
    named = {"Content_Disposition": "attachment; filename=people.csv.bz2"}
    packed = bz2.compress(PEOPLE.encode())
    job = batches.await_job(batches.post(packed, **named).json()["id"])
    result = batches.get(job["id"], "/result")
    assert result.headers["Content-Disposition"] == "attachment; filename=people-scored.csv"


def test_a_repeated_upload_is_one_job(batches: Batches) -> None:
    first = batches.post(PEOPLE, Idempotency_Key="one-1").json()["id"]
    assert batches.post(PEOPLE, Idempotency_Key="one-1").json()["id"] == first
    assert batches.post(PEOPLE, Idempotency_Key="two").json()["id"] != first
    assert batches.post(PEOPLE, Idempotency_Key='"one-1"').json()["id"] == first
    other = batches.post(PEOPLE + "Ada,80,30\n", Idempotency_Key="one-1")
    assert_problem(other, 422, "idempotency-key-reused")
    other = batches.post(PEOPLE, query="?to=tsv", Idempotency_Key="one-1")
    assert_problem(other, 422, "idempotency-key-reused")
    batches.post(PEOPLE, query="?target=name", Idempotency_Key="named")
    other = batches.post(PEOPLE, query="?keep=name", Idempotency_Key="named")
    assert_problem(other, 422, "idempotency-key-reused")
    assert_problem(batches.post(PEOPLE, Idempotency_Key="a b"), 422, "invalid-job-options")
    assert batches.delete(first).status_code == 204
    assert batches.post(PEOPLE, Idempotency_Key="one-1").json()["id"] != first


def test_a_key_lets_one_upload_in_at_a_time(batches: Batches) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> Iterator[bytes]:
        yield PEOPLE[:20].encode()
        begun.set()
        assert go_on.wait(PATIENCE_S)
        yield PEOPLE[20:].encode()

    with ThreadPoolExecutor() as pool:
        first = pool.submit(batches.post, slow(), Idempotency_Key="slow")
        assert begun.wait(PATIENCE_S)
        while not list((batches.folder / ".keys").glob("*")):  # it is not there yet
            assert not first.done()
        second = batches.post(PEOPLE, Idempotency_Key="slow")
        go_on.set()
        id_ = first.result().json()["id"]
    assert_problem(second, 409, "idempotency-key-in-use")
    assert second.headers["Retry-After"] == "1"
    assert batches.post(PEOPLE, Idempotency_Key="slow").json()["id"] == id_


def test_many_uploads_with_one_key_are_one_job(batches: Batches) -> None:
    for key in ("race-1", "race-2", "race-3"):
        with ThreadPoolExecutor(4) as pool:
            answers = list(
                pool.map(lambda _, key=key: batches.post(PEOPLE, Idempotency_Key=key), range(8))
            )
        taken = [each for each in answers if each.status_code == 202]
        assert len({each.json()["id"] for each in taken}) == 1
        for each in answers:
            if each.status_code == 503:
                assert_problem(each, 503, "too-busy")
            elif each.status_code != 202:
                assert_problem(each, 409, "idempotency-key-in-use")


def test_a_job_waits_until_it_is_told_what_it_needs(batches: Batches) -> None:
    table = "Size;Weight\n90,512;40\n25;4\n"
    job = batches.looked(batches.post(table))
    assert job["status"] == "waiting"
    assert job["problem"]["code"] == "unmatched-columns"
    assert "--column" not in job["problem"]["detail"]
    assert job["problem"]["parts"] == [
        {"text": "There is no column for the input ", "input": None},
        {"text": "'height'", "input": "height"},
        {"text": ".", "input": None},
    ]
    assert job["columns"] == {"height": None, "weight": "Weight"}
    assert job["preview"]["rows"][0]["cells"] == ["90,512", "40"]
    job = batches.looked(batches.patch(job["id"], {"columns": {"height": "Size"}}))
    assert job["problem"]["code"] == "ambiguous-table"
    assert (job["problem"]["option"], job["problem"]["values"]) == ("thousands", [",", "none"])
    job = batches.looked(batches.patch(job["id"], {"reading": {"thousands": "none"}}))
    assert (job["status"], job["problem"]) == ("waiting", None)
    assert job["preview"]["rows"][0]["prediction"] == "Dog"
    job = batches.looked(batches.patch(job["id"], {"start": True, "to": "tsv"}))
    assert batches.await_job(job["id"])["status"] == "done"
    assert_problem(batches.patch(job["id"], {"start": True}), 409, "wrong-job-state")


def test_a_preview_follows_what_is_said_of_missing_values(batches: Batches) -> None:
    table = "height,weight\n90,NA\n25,4\n"
    job = batches.looked(batches.post(table, query="?start=false&decimal=."))
    assert job["reading"]["missing"] == []
    assert "not-a-number" in str(job["preview"]["rows"][0]["remarks"])
    job = batches.looked(batches.patch(job["id"], {"reading": {"missing": ["NA", "-"]}}))
    assert "'missing'" in str(job["preview"]["rows"][0]["remarks"])
    assert job["reading"] | {"missing": ["NA", "-"], "decimal": "."} == job["reading"]
    job = batches.looked(batches.patch(job["id"], {"reading": {"dates": "day-first"}}))
    assert job["reading"]["missing"] == ["NA", "-"]
    job = batches.looked(batches.patch(job["id"], {"reading": {"missing": None}}))
    assert "not-a-number" in str(job["preview"]["rows"][0]["remarks"])
    for strange in ("NA", [1], ["N" * 101], ["NA"] * 31):
        answer = batches.patch(job["id"], {"reading": {"missing": strange}})
        [fault] = assert_problem(answer, 422, "invalid-job-options")["errors"]
        assert fault["code"] == "not-a-reading"
        assert fault["pointer"] == "#/reading/missing"
        assert "at most 30 texts of at most 100 letters" in fault["detail"]
    answer = batches.patch(job["id"], {"reading": {"misssing": ["NA"]}})
    [fault] = assert_problem(answer, 422, "invalid-job-options")["errors"]
    assert fault["pointer"] == "#/reading"
    assert "found 'misssing'. Did you mean 'missing'?" in fault["detail"]
    answer = batches.patch(job["id"], {"readin": {}})
    [fault] = assert_problem(answer, 422, "invalid-job-options")["errors"]
    assert "found 'readin'. Did you mean 'reading'?" in fault["detail"]


def test_columns_of_a_header_that_is_no_more_are_matched_afresh(batches: Batches) -> None:
    table = "height;Mass;Tall, cm;note\n90;40;91;a, b\n25;4;26;c, d\n"
    job = batches.looked(batches.post(table, query="?start=false&delimiter=,"))
    assert job["header"] == ["height;Mass;Tall", "cm;note"]
    told = {"height": "height;Mass;Tall", "weight": None}
    job = batches.looked(batches.patch(job["id"], {"columns": told}))
    assert job["columns"]["height"] == "height;Mass;Tall"
    job = batches.looked(batches.patch(job["id"], {"reading": {"delimiter": ";"}}))
    assert job["columns"] == {"height": "height", "weight": None}
    assert "height;Mass" not in job["problem"]["detail"]
    told = {"height": "Tall, cm", "weight": "Mass"}
    job = batches.looked(batches.patch(job["id"], {"columns": told}))
    assert job["problem"] is None
    job = batches.looked(batches.patch(job["id"], {"reading": {"encoding": "latin-1"}}))
    assert (job["columns"], job["problem"]) == (told, None)
    job = batches.looked(batches.patch(job["id"], {"columns": told | {"height": "Tal"}}))
    assert "'Tal'" in job["problem"]["detail"]
    job = batches.looked(batches.patch(job["id"], {"columns": told, "start": True}))
    assert batches.await_job(job["id"])["status"] == "done"


def test_an_input_without_a_column_gets_the_one_that_another_reading_shows(
    batches: Batches,
) -> None:
    table = people(3).replace(",", ";")
    job = batches.looked(batches.post(table, "income", "?start=false&delimiter=,"))
    assert len(job["header"]) == 1
    none = dict.fromkeys(job["columns"])
    batches.patch(job["id"], {"columns": none})
    job = batches.looked(batches.patch(job["id"], {"reading": {"delimiter": ";"}}))
    assert (job["status"], job["problem"]) == ("waiting", None)
    assert all(job["columns"].values())


def test_a_doubt_far_down_is_asked_too(batches: Batches) -> None:
    table = b"name,height,weight\n" + b"Rex,90,40\n" * 60_000 + "Jürgen,25,4\n".encode("latin-1")
    job = batches.await_job(batches.post(table).json()["id"], "waiting", "failed", "done")
    assert job["problem"]["option"] == "encoding"
    job = batches.patch(job["id"], {"reading": {"encoding": "latin-1"}, "start": True}).json()
    job = batches.await_job(job["id"])
    assert (job["status"], job["summary"]["rows"]) == ("done", 60_001)
    assert batches.get(job["id"], "/result").text.splitlines()[-1].startswith("Jürgen,25,4")


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ("", "empty-table"),
        ("height,weight\n", "empty-table"),
        ("\n\n\n", "empty-table"),
        ("height,weight\n" + "\n" * 1_000_000, "empty-table"),
        ("Size;Mass\n", "empty-table"),
        (gzip.compress(b"height,weight\n"), "empty-table"),
        ("{}\n", "empty-table"),
        (bytes(range(256)) * 4, "unreadable-table"),
        (b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\n", "unreadable-table"),
        (b"PAR1 and nothing else", "unreadable-table"),
        (b"PK\x03\x04 and nothing else", "unreadable-table"),
        (gzip.compress(b"height,weight\n" + b"90,40\n" * 100, mtime=0)[:-20], "unreadable-table"),
        (gzip.compress(b"height,weight\n" + b"0" * 30_000_000, mtime=0), "table-too-large"),
    ],
    ids=[
        "nothing",
        "header only",
        "blank",
        "blank below the header",
        "strange header only",
        "packed header",
        "empty object",
        "bytes",
        "PDF",
        "parquet",
        "zip",
        "torn",
        "bomb",
    ],
)
def test_what_cannot_be_read_fails_with_one_clear_problem(
    batches: Batches, table: str | bytes, code: str
) -> None:
    for query in ("?start=true", "?start=false"):
        job = batches.await_job(batches.post(table, query=query).json()["id"], "failed", "done")
        assert (job["status"], job["problem"]["code"]) == ("failed", code)
    assert job["problem"]["title"]
    assert len(job["problem"]["detail"]) > 20
    assert "Traceback" not in job["problem"]["detail"]
    assert "--" not in job["problem"]["detail"]
    assert_problem(batches.get(job["id"], "/result"), 409, "wrong-job-state")


@pytest.mark.parametrize(
    "table", ["height,weight,height\n1,2,3\n", ";;\n1;2;3\n"], ids=["twice", "nameless"]
)
def test_a_table_whose_columns_are_in_doubt_waits_until_they_are_chosen(
    batches: Batches, table: str
) -> None:
    for query in ("?start=true", "?start=false"):
        job = batches.looked(batches.post(table, query=query))
        assert (job["status"], job["problem"]["code"]) == ("waiting", "unmatched-columns")
        assert job["file"]["format"] == "csv"
    first, second, *_ = job["header"]
    columns = {"height": first, "weight": second}
    job = batches.looked(batches.patch(job["id"], {"columns": columns, "start": True}))
    assert batches.await_job(job["id"])["summary"]["rows"] == 1


def test_a_table_that_is_mostly_broken_fails(batches: Batches) -> None:
    table = "height,weight\n" + "90,40,1\n" * 5 + "90,40\n"
    job = batches.await_job(batches.post(table).json()["id"])
    assert (job["status"], job["problem"]["code"]) == ("failed", "ragged-table")
    assert "5 of 6 rows" in job["problem"]["detail"]


def test_another_reading_mends_what_made_no_sense(batches: Batches) -> None:
    table = "height;weight;note\n" + "90;40;big, loud, old\n25;4;small\n" * 3
    job = batches.looked(batches.post(table, query="?start=false&delimiter=,"))
    assert (job["status"], job["problem"]["code"]) == ("waiting", "unmatched-columns")
    assert job["reading"]["delimiter"] == ","
    job = batches.looked(batches.patch(job["id"], {"reading": {"encoding": "utf-16-le"}}))
    assert job["status"] == "waiting"
    assert job["problem"]["code"] in ("empty-table", "unreadable-table")
    mended = {"delimiter": ";", "encoding": None}
    job = batches.looked(batches.patch(job["id"], {"reading": mended, "start": True}))
    job = batches.await_job(job["id"])
    assert (job["status"], job["summary"]["rows"]) == ("done", 6)


def test_what_no_other_reading_can_mend_fails_at_once(batches: Batches) -> None:
    job = batches.looked(batches.post("%PDF-1.4\n1\n", query="?start=false&delimiter=;"))
    assert (job["status"], job["problem"]["code"]) == ("failed", "unreadable-table")
    assert "a PDF document" in job["problem"]["detail"]


def test_rows_far_below_the_header_are_found(batches: Batches) -> None:
    table = "height,weight\n" + "\n" * 1_000_000 + "90,40\n"
    job = batches.looked(batches.post(table, query="?start=false"))
    assert [row["line"] for row in job["preview"]["rows"]] == [1_000_002]


def test_the_script_of_the_document_brings_the_result(batches: Batches, tmp_path: Path) -> None:
    document = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    [script] = re.findall(r"^```python\n(.*?)^```$", document, re.M | re.S)
    (tmp_path / "pets.csv").write_text(PEOPLE, encoding="utf-8")
    script = script.replace("http://127.0.0.1:8000", batches.server.url)
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True, timeout=60)
    folder = tmp_path / "here"
    folder.mkdir()
    assert (tmp_path / "scored.csv").read_bytes() == scored("species", PEOPLE, folder)


def test_what_is_no_upload_is_refused_at_once(batches: Batches) -> None:
    assert_problem(batches.post("<p>", Content_Type="text/html"), 415, "unsupported-table")
    assert_problem(batches.post(PEOPLE, Content_Encoding="br"), 415, "unsupported-table")
    assert_problem(batches.post(PEOPLE, Content_Encoding="gzip"), 400, "incomplete-upload")
    torn = gzip.compress(PEOPLE.encode())[:-9]
    assert_problem(batches.post(torn, Content_Encoding="gzip"), 400, "incomplete-upload")
    assert_problem(batches.post(PEOPLE, query="?to=pdf"), 422, "invalid-job-options")
    strange = batches.post(PEOPLE, query="?strt=false&decmal=,")
    assert_problem(strange, 422, "invalid-job-options")
    told = [each["detail"].partition("found ")[2] for each in strange.json()["errors"]]
    assert told == ["'strt'. Did you mean 'start'?", "'decmal'. Did you mean 'decimal'?"]
    assert_problem(batches.post(PEOPLE, query="?version=9"), 404, "version-not-found")
    assert_problem(batches.post(PEOPLE, model="none"), 404, "model-not-found")
    address = f"{batches.server.url}/api/v1/models/species/batches"
    no_file = requests.post(address, files={"other": PEOPLE}, timeout=PATIENCE_S)
    assert_problem(no_file, 400, "incomplete-upload")
    strange = requests.post(address, files={"file": PEOPLE}, data={"two": "tsv"}, timeout=30)
    assert_problem(strange, 422, "invalid-job-options")


def test_what_is_too_large_is_refused_packed_or_not(batches: Batches) -> None:
    assert_problem(batches.post(b"0" * 20_100_000), 413, "upload-too-large")
    bomb = gzip.compress(b"0" * 200_000_000)
    assert_problem(batches.post(bomb, Content_Encoding="gzip"), 413, "upload-too-large")
    chunked = (b"0" * 1_000_000 for _ in range(21))
    assert_problem(batches.post(chunked), 413, "upload-too-large")


def test_what_is_too_large_is_refused_by_its_name_and_with_a_way(batches: Batches) -> None:
    table = b"0" * 20_000_001
    address = f"{batches.server.url}/api/v1/models/species/batches"
    for response in (
        batches.post(table, query="?name=everybody.csv"),
        batches.post(b"0" * 22_000_000, query="?name=everybody.csv"),
        batches.post(gzip.compress(table), query="?name=everybody.csv", Content_Encoding="gzip"),
        requests.post(address, files={"file": ("everybody.csv", table, CSV)}, timeout=PATIENCE_S),
    ):
        problem = assert_problem(response, 413, "upload-too-large")
        assert problem["title"] == "The upload is too large"
        for word in ("everybody.csv", "20,000,000", "servery score", "SERVERY_MAX_UPLOAD_BYTES"):
            assert word in problem["detail"]


def test_a_stranger_finds_nothing(batches: Batches) -> None:
    for id_ in ("x", "A" * 32, "..%2F..%2Fetc"):
        for what in ("", "/result", "/errors", "/events"):
            assert batches.get(id_, what).status_code == 404
        assert batches.delete(id_).status_code == 404
        assert batches.patch(id_, {}).status_code == 404
    assert_problem(batches.get("A" * 32), 404, "job-not-found")


def test_events_tell_how_far_it_is_and_end(batches: Batches) -> None:
    id_ = batches.post(people(20_000), model="income").json()["id"]
    status = "queued"
    while status in ("queued", "running"):  # a stream ends after a while, and is opened again
        with batches.get(id_, "/events", stream=True) as stream:
            assert stream.headers["Content-Type"].startswith("text/event-stream")
            lines = stream.text.splitlines()
        told = [line.removeprefix("data: ") for line in lines if line.startswith("data:")]
        assert lines.count("event: job") == len(told) > 0
        status = json.loads(told[-1])["status"]
    assert status == "done"


def test_streams_leave_room_for_everybody_else(batches: Batches) -> None:
    id_ = batches.post(PEOPLE, query="?start=false").json()["id"]
    with contextlib.ExitStack() as stack:
        streams = [stack.enter_context(batches.get(id_, "/events", stream=True)) for _ in range(32)]
        assert {each.status_code for each in streams} == {200}
        for _ in range(20):
            answer = batches.server.predict("species", {"inputs": {"height": 90, "weight": 40}})
            assert answer.status_code == 200
        for each in streams:
            assert next(each.iter_lines()) == b"retry: 1000"


def test_more_streams_than_are_taken_are_refused(batches: Batches) -> None:
    id_ = batches.post(PEOPLE, query="?start=false").json()["id"]
    with contextlib.ExitStack() as stack:
        streams = [
            stack.enter_context(batches.get(id_, "/events", stream=True))
            for _ in range(2 * MOST_STREAMS + 20)
        ]
        refused = [each for each in streams if each.status_code == 503]
        assert_problem(refused[0], 503, "too-busy")
        assert refused[0].headers["Retry-After"]
    eventually(lambda: is_let_in(batches, id_))  # nobody is there any more


def is_let_in(batches: Batches, id_: str) -> bool:
    """Return whether one more stream is open to whoever asks for it."""
    with batches.get(id_, "/events", stream=True) as stream:
        return stream.status_code == 200


def test_a_job_that_is_deleted_stops_and_its_files_go(batches: Batches) -> None:
    table = people(50_000)
    id_ = batches.post(table, model="income").json()["id"]
    assert batches.delete(id_).status_code == 204
    assert_problem(batches.get(id_), 404, "job-not-found")
    eventually(lambda: not (batches.folder / id_).exists())
    assert done(batches, batches.post(PEOPLE))["summary"]["rows"] == 4


def test_a_killed_worker_costs_nothing(tmp_path: Path) -> None:
    table = people(35_000)
    with serving(tmp_path, **SMALL) as batches:
        expected = scored("income", table, tmp_path)
        chance = random.Random(3)  # noqa: S311 - which moments does not matter
        kills = 0
        while kills < 4:  # in one job, unless it runs ahead while this test stands still
            id_ = batches.post(table, model="income").json()["id"]
            kills += killed_on_the_way(batches, id_, chance, most=4 - kills)
            batches.start_worker()
            job = batches.await_job(id_)
            assert job["status"] == "done", job["problem"]
            assert job["summary"]["rows"] == 35_000
            assert batches.get(id_, "/result").content == expected
            bad = list(csv.DictReader(io.StringIO(batches.get(id_, "/errors").text)))
            assert len(bad) == job["summary"]["bad_rows"] == 36
            batches.stop_workers()


def killed_on_the_way(batches: Batches, id_: str, chance: random.Random, most: int) -> int:
    """Kill workers at random moments of a job; return how many, before it was done."""
    for kills in range(most):
        worker = batches.start_worker()
        aim = batches.job(id_)["progress"]["rows_done"] + chance.randint(1, 3_500)
        while (job := batches.job(id_))["progress"]["rows_done"] < aim:
            if job["status"] == "done":
                break
            assert job["status"] in ("queued", "running"), job
            assert worker.poll() is None, batches.server.log.read_text()
            time.sleep(0.01)
        worker.kill()
        worker.wait()
        if batches.job(id_)["status"] == "done":
            return kills
    return most


@pytest.mark.parametrize("to", ["parquet", "xlsx"])
def test_a_killed_worker_costs_nothing_where_parts_are_kept(tmp_path: Path, to: str) -> None:
    outcomes = (">50K" if number % 3 else "<=50K" for number in range(6_500))
    header, *rows = people(6_500).splitlines()
    rows = [f"{row},{outcome}" for row, outcome in zip(rows, outcomes, strict=True)]
    table = "\n".join([f"{header},income", *rows])
    results = []
    with serving(tmp_path, **SMALL) as batches:
        for kills in (0, 2):
            query = f"?to={to}&target=income"
            id_ = batches.post(table, model="income", query=query).json()["id"]
            for aim in range(kills):
                worker = batches.start_worker()
                while batches.job(id_)["progress"]["rows_done"] < 2_000 * aim + 1:
                    assert worker.poll() is None
                    time.sleep(0.01)
                worker.kill()
                worker.wait()
            worker = batches.start_worker()
            job = batches.await_job(id_)
            assert job["status"] == "done"
            assert [len(each["lines"]) for each in job["summary"]["bad"]] == [7]
            worker.terminate()
            assert worker.wait(timeout=PATIENCE_S) == 0
            files = [batches.get(id_, what).content for what in ("/result", "/evaluation")]
            results.append((files, job["summary"]))
    assert results[0] == results[1]


def test_two_workers_share_two_jobs_and_none_waits_for_the_other(tmp_path: Path) -> None:
    large, small = people(30_000), people(3_000)
    with serving(tmp_path, **SMALL) as batches:
        first = batches.post(large, model="income").json()["id"]
        second = batches.post(small, model="income").json()["id"]
        batches.start_worker()
        batches.await_job(second)
        batches.start_worker()
        for id_, table in ((first, large), (second, small)):
            assert batches.await_job(id_)["status"] == "done"
            assert batches.get(id_, "/result").content == scored("income", table, tmp_path)
        # Which is so long after each has ended.
        assert batches.job(second)["expires"] < batches.job(first)["expires"]


def test_a_server_that_starts_again_knows_its_jobs(tmp_path: Path) -> None:
    with serving(tmp_path) as batches:
        response = batches.post(PEOPLE, Prefer="wait=20")
        id_ = response.json()["id"]
        # Without a worker there is nothing to wait for.
        assert (response.status_code, "Preference-Applied" in response.headers) == (202, False)
    with serving(tmp_path) as batches:
        batches.start_worker()
        assert batches.await_job(id_)["status"] == "done"


def test_a_finished_job_goes_after_its_time(tmp_path: Path) -> None:
    with serving(tmp_path, SERVERY_JOB_EXPIRY_S="2") as batches:
        id_ = batches.post(PEOPLE).json()["id"]  # which stays until a worker has scored it
        batches.start_worker()
        eventually(lambda: batches.get(id_).status_code != 200)
        assert_problem(batches.get(id_, "/result"), 404, "job-not-found")
        eventually(lambda: not (batches.folder / id_).exists())


def test_the_worker_of_the_procfile_works_and_ends_with_a_signal(tmp_path: Path) -> None:
    with serving(tmp_path) as batches:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        environ = {**os.environ, **batches.environ, "PATH": path}
        worker = subprocess.Popen(procfile("worker"), cwd=ROOT, env=environ)
        assert done(batches, batches.post(PEOPLE))["summary"]["rows"] == 4
        worker.terminate()
        assert worker.wait(timeout=PATIENCE_S) == 0


def test_a_worker_that_dies_is_started_again_and_ends_with_its_server(tmp_path: Path) -> None:
    given = {**RECORDS, "SERVERY_JOBS": str(tmp_path / "jobs"), "SERVERY_JOB_NICE": "3"}
    with running(tmp_path / "log", None, servery("serve", MODELS), **given) as server:
        batches = Batches(server, tmp_path / "jobs", given)
        done(batches, batches.post(PEOPLE))
        [worker] = descendants(server.process.pid, "servery.servers.job_worker")
        own = os.getpriority(os.PRIO_PROCESS, 0)
        assert os.getpriority(os.PRIO_PROCESS, worker) == min(own + 3, 19)
        os.kill(worker, 9)
        done(batches, batches.post(PEOPLE))
        [again] = descendants(server.process.pid, "servery.servers.job_worker")
        server.stop()
        eventually(lambda: not Path(f"/proc/{again}").exists())


def descendants(parent: int, name: str) -> list[int]:
    """Return the processes of a name that another one started, or one of its own did."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            above = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if above == parent:
                words = (folder / "cmdline").read_bytes().decode().split("\0")
                found += [int(folder.name)] if name in words else []
                found += descendants(int(folder.name), name)
    return found

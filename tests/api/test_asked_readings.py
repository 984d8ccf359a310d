"""What the API asks of a table, and what it takes for an answer; bad rows come back over it too."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from servery.app import create_app
from servery.jobs.working import JobWorker
from servery.settings import Settings
from servery.tables.reading import Limits
from tests.conftest import ROOT, run_here

OBJECT = '{"height": 90, "weight": 40}\n'
ROWS = "Rex,90,40\nTom,25,4\n"
NOTES = {3: '"5 inch', 30: '"12 inch'}
STRAY = "".join(f"{NOTES.get(n, 'n')},{60 + n % 20},40\n" for n in range(60))


class Uploads:
    """Uploads tables for the model species, and has them worked on in this process."""

    def __init__(self, folder: Path) -> None:
        environ = {"SERVERY_MODELS": str(ROOT / "models"), "SERVERY_JOBS": str(folder)}
        self._settings = Settings.from_env(environ)
        self._client: FlaskClient = create_app(self._settings).test_client()

    def post(self, table: str, name: str = "t.csv", query: str = "") -> dict[str, Any]:
        path = f"/api/v1/models/species/batches?name={name}{query}"
        answer = self._client.post(
            path, data=table.encode(), headers={"Content-Type": "application/octet-stream"}
        )
        assert answer.status_code == 202, answer.text
        return self.worked(answer.get_json()["id"])

    def patch(self, id_: str, change: dict[str, Any]) -> dict[str, Any]:
        answer = self._client.patch(f"/api/v1/batches/{id_}", json=change)
        assert answer.status_code == 200, answer.text
        return self.worked(id_)

    def worked(self, id_: str) -> dict[str, Any]:
        moving = ("queued", "running")

        def is_moving() -> bool:
            job = self._client.get(f"/api/v1/batches/{id_}").get_json()
            unseen = job["preview"] is None and job["problem"] is None
            return job["status"] in moving or (job["status"] == "waiting" and unseen)

        JobWorker(self._settings).run(is_moving)
        job: dict[str, Any] = self._client.get(f"/api/v1/batches/{id_}").get_json()
        return job

    def result(self, id_: str) -> list[dict[str, str]]:
        with self._client.get(f"/api/v1/batches/{id_}/result") as answer:
            return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True), newline="")))


@pytest.fixture(scope="module")
def uploads(tmp_path_factory: pytest.TempPathFactory) -> Uploads:
    return Uploads(tmp_path_factory.mktemp("jobs"))


@pytest.mark.parametrize(
    ("table", "option", "values", "rows"),
    [
        ("name,height,weight\n" + STRAY, "quote", ["none", '"'], 60),
        ("Pets of 2024\n\nname,height,weight\n" + ROWS, "header", ["3", "1"], 2),
        ("# pets\nname,height,weight\n" + ROWS, "comment", ["#"], 2),
        ("name;height;weight\nRex;90.125;40\n", "thousands", [".", "none"], 1),
    ],
)
def test_what_is_asked_can_be_answered(
    uploads: Uploads, table: str, option: str, values: list[str], rows: int
) -> None:
    job = uploads.post(table)
    assert job["status"] == "waiting"
    assert job["problem"]["code"] == "ambiguous-table"
    assert (job["problem"]["option"], job["problem"]["values"]) == (option, values)
    job = uploads.patch(job["id"], {"reading": {option: values[0]}, "start": True})
    assert (job["status"], job["problem"]) == ("done", None)
    assert job["reading"][option] == values[0]
    assert len(uploads.result(job["id"])) == job["summary"]["rows"] == rows


def test_a_table_without_a_header_is_matched_by_place(uploads: Uploads) -> None:
    job = uploads.post(ROWS)
    assert (job["problem"]["option"], job["problem"]["values"]) == ("header", ["none", "1"])
    job = uploads.patch(job["id"], {"reading": {"header": "none"}})
    assert job["header"] == ["column_1", "column_2", "column_3"]
    columns = {"height": "column_2", "weight": "column_3"}
    job = uploads.patch(job["id"], {"columns": columns, "start": True})
    assert job["status"] == "done"
    assert [row["column_1"] for row in uploads.result(job["id"])] == ["Rex", "Tom"]


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("t.csv", "name,height,weight\nRex,90,40\nTom,25\n(2 rows)\nUno,90,40\nDuo,88,40\n"),
        (
            "t.jsonl",
            '{"height": 90, "weight": 40}\n{"he\n[1]\n' + '{"height": 88, "weight": 4}\n' * 2,
        ),
    ],
)
def test_bad_rows_come_back_and_the_job_is_done(uploads: Uploads, name: str, table: str) -> None:
    job = uploads.post(table, name, "&to=csv")
    assert job["status"] == "done"
    assert (job["summary"]["rows"], job["summary"]["bad_rows"]) == (5, 2)
    assert [row["error"] != "" for row in uploads.result(job["id"])] == [
        *(False, True, True, False, False)
    ]


def test_a_table_of_mostly_bad_rows_fails_by_what_it_looks_like(uploads: Uploads) -> None:
    job = uploads.post("name,height,weight\nRex,90,40\n" + "a b c\n" * 5)
    assert job["status"] == "failed"
    assert "5 of 6 rows of t.csv do not fit its header" in job["problem"]["detail"]


def test_options_can_be_given_with_the_upload(uploads: Uploads) -> None:
    table = "Pets\nname,height,weight\n# none\n" + STRAY
    job = uploads.post(table, query="&header=2&comment=%23&quote=none&thousands=none")
    assert (job["status"], job["summary"]["rows"]) == ("done", 60)


def test_mostly_broken_json_lines_are_refused_as_json_lines(
    uploads: Uploads, tmp_path: Path
) -> None:
    table = OBJECT + '{"height": 90,\n' * 5
    said = uploads.post(table, "t.jsonl")["problem"]["detail"]
    assert "5 of 6 rows of t.jsonl are not JSON objects. Line 2: " in said
    assert "Write one object on each line" in said
    assert not {"delimiter", "header"} & set(said.replace(",", "").split())
    (tmp_path / "t.jsonl").write_text(table)
    done = run_here("score", "species", "t.jsonl", "--models", ROOT / "models", cwd=tmp_path)
    assert (done.returncode, done.stderr.strip()) == (1, f"Error: {said}")


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_the_longest_row_is_the_same_for_jobs_and_the_command(
    uploads: Uploads, tmp_path: Path, kind: str
) -> None:
    name, most = f"t.{kind}", Limits().row_bytes

    def table(length: int) -> str:
        """Return rows of which the second is so many bytes long, with the end of its line."""
        if kind == "jsonl":
            open_, end = '{"height": 90, "weight": 40, "note": "', '"}\n'
            return OBJECT + open_ + "x" * (length - len(open_) - len(end)) + end + OBJECT
        return f"height,weight,note\n25,4,a\n90,40,{'x' * (length - 7)}\n25,4,b\n"

    for length, is_taken in ((most, True), (most + 1, False)):
        job = uploads.post(table(length), name, "&keep=height")
        (tmp_path / name).write_text(table(length))
        told = ("--models", ROOT / "models", "--keep", "height", "--json", "--output", "out.csv")
        done = run_here("score", "species", name, *told, cwd=tmp_path)
        assert (job["status"] == "done", done.returncode == 0) == (is_taken, is_taken)
        if not is_taken:
            said = f" of {name} is longer than {most:,} bytes."
            assert job["problem"]["detail"].endswith(said)
            assert done.stderr.strip().endswith(job["problem"]["detail"])

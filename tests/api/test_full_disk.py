"""Disks without room: uploads, jobs and `servery score`, on a small file system that is real."""

import contextlib
import gzip
import io
import os
import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyarrow.parquet import read_table

from tests.api.problem import assert_problem
from tests.api.test_batches import (
    MODELS,
    PEOPLE,
    SMALL,
    Batches,
    held_midway,
    people,
    scored,
    serving,
)
from tests.conftest import PATIENCE_S, RECORDS, eventually, servery

ROOM_BYTES = 20 << 20
FULL = Path("/dev/full")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={ROOM_BYTES}", "tmpfs", str(folder)]
    try:
        subprocess.run(words, check=True, capture_output=True, timeout=PATIENCE_S)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("Nobody but root may mount a file system.")
    yield folder
    words = ["umount", "-l", str(folder)]
    subprocess.run(words, check=True, timeout=PATIENCE_S)


def fill(folder: Path, but_bytes: int = 0) -> Path:
    """Leave so much room on the file system of a folder."""
    filler = folder / ".filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    os.truncate(filler, max(0, filler.stat().st_size - but_bytes))
    return filler


@pytest.fixture
def full(disk: Path) -> Iterator[Batches]:
    """A server without a worker whose jobs lie on that file system."""
    with serving(disk.parent, SERVERY_JOBS=str(disk), **SMALL) as batches:
        batches.folder = disk
        yield batches


def folders(batches: Batches) -> list[str]:
    return [path.name for path in batches.folder.iterdir() if path.is_dir() and path.name[0] != "."]


def await_problem(batches: Batches, id_: str) -> dict[str, Any]:
    job = eventually(lambda: found if (found := batches.job(id_))["problem"] else None)
    assert job is not None
    assert (job["status"], job["problem"]["code"]) == ("queued", "insufficient-storage")
    return job


def test_an_upload_that_finds_no_room_is_refused_and_nothing_of_it_stays(full: Batches) -> None:
    table = b"height,weight\n" + b"90,40\n" * 4_000_000
    assert_problem(full.post(table), 507, "insufficient-storage")
    pieces = (table[at : at + 100_000] for at in range(0, len(table), 100_000))
    assert_problem(full.post(pieces), 507, "insufficient-storage")
    assert folders(full) == []
    assert full.post(PEOPLE).status_code == 202
    fill(full.folder)
    assert_problem(full.post(PEOPLE), 507, "insufficient-storage")
    assert len(folders(full)) == 1


def test_a_job_can_be_deleted_where_there_is_no_room_at_all(full: Batches) -> None:
    id_ = full.post(people(3_000), model="income").json()["id"]
    fill(full.folder)
    assert full.delete(id_).status_code == 204
    assert_problem(full.get(id_), 404, "job-not-found")
    assert folders(full) == []


@pytest.mark.parametrize("to", ["csv", "parquet"])
def test_a_job_waits_for_room_and_goes_on_by_itself(full: Batches, tmp_path: Path, to: str) -> None:
    table = people(20_000)
    id_ = full.post(table, model="income", query=f"?to={to}").json()["id"]
    filler = fill(full.folder, but_bytes=(1 << 20) + 1_400_000)
    worker = full.start_worker()
    job = await_problem(full, id_)
    assert job["expires"] is not None
    assert 0 < job["progress"]["rows_done"] < 20_000
    assert worker.poll() is None
    filler.unlink()
    job = full.await_job(id_)
    assert (job["status"], job["problem"]) == ("done", None)
    got, expected = full.get(id_, "/result").content, scored("income", table, tmp_path, to=to)
    if to == "parquet":  # whose groups of rows are the chunks
        assert read_table(io.BytesIO(got)).equals(read_table(io.BytesIO(expected)))
    else:
        assert got == expected


def test_a_job_whose_records_find_no_room_goes_on_by_itself(full: Batches, tmp_path: Path) -> None:
    table = people(30_000)
    worker = full.start_worker()
    with held_midway(full, worker, lambda: full.post(table, model="income")) as id_:
        filler = fill(full.folder)
    eventually(lambda: "a job is left for now" in full.server.log.read_text())
    assert full.job(id_)["progress"]["rows_done"] < 30_000
    assert worker.poll() is None
    filler.unlink()
    assert full.await_job(id_)["status"] == "done"
    assert full.get(id_, "/result").content == scored("income", table, tmp_path)
    assert worker.poll() is None


def score_on(
    folder: Path, *words: str | Path, most_bytes: int | None = None, **environ: str
) -> "subprocess.CompletedProcess[str]":
    """Score a table; with ``most_bytes``, no file may be larger."""

    def bound() -> None:
        if most_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

    return subprocess.run(
        servery("score", "income", *words, "--models", MODELS, "--quiet"),
        cwd=folder,
        env={**os.environ, **RECORDS, **environ},
        preexec_fn=bound,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def test_a_workbook_on_a_full_disk_is_one_clear_error_and_no_half_file(
    tmp_path: Path, disk: Path
) -> None:
    (tmp_path / "people.csv").write_text(people(5_000))
    fill(disk, but_bytes=50_000)
    done = score_on(tmp_path, "people.csv", "-o", disk / "out.xlsx")
    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: There is no room on the disk for {disk}/out.xlsx: ")
    assert done.stderr.count("\n") == 1
    assert [path.name for path in disk.iterdir()] == [".filler"]


def test_a_packed_table_that_finds_no_room_to_be_unpacked_is_one_clear_error(
    tmp_path: Path, disk: Path
) -> None:
    packed = gzip.compress(os.urandom(200_000))
    (tmp_path / "people.parquet.gz").write_bytes(gzip.compress(b"PAR1" + packed))
    fill(disk, but_bytes=50_000)
    done = score_on(tmp_path, "people.parquet.gz", TMPDIR=str(disk))
    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: There is no room in {disk} to unpack people.parquet.gz.")
    assert done.stderr.count("\n") == 1
    assert [path.name for path in disk.iterdir()] == [".filler"]


@pytest.mark.parametrize("name", ["out.csv", "out.csv.gz", "out.jsonl", "out.parquet"])
def test_a_result_on_a_full_disk_is_one_clear_error_and_no_half_file(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "people.csv").write_text(people(20_000))
    (tmp_path / "out").mkdir()
    done = score_on(tmp_path, "people.csv", "-o", f"out/{name}", most_bytes=50_000)
    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: There is no room on the disk for out/{name}")
    assert "Traceback" not in done.stderr
    assert "ignored" not in done.stderr
    assert list((tmp_path / "out").iterdir()) == []


def test_bad_rows_on_a_full_disk_are_one_clear_error_and_no_half_file(tmp_path: Path) -> None:
    header, *rows = people(6).splitlines()
    table = "\n".join([header, *(row.replace(",", ",x", 1) for row in rows * 2_000)])
    (tmp_path / "people.csv").write_text(table)
    (tmp_path / "out").mkdir()
    words = ("people.csv", "-o", "out/out.csv.gz", "--errors", "out/bad.csv")
    done = score_on(tmp_path, *words, most_bytes=700_000)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: There is no room on the disk for out/bad.csv")
    assert "Traceback" not in done.stderr
    assert "ignored" not in done.stderr
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.skipif(not FULL.exists(), reason="Only Linux has a device that is full.")
def test_a_pipe_to_a_full_disk_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(people(20))
    words = servery("score", "income", "people.csv", "--models", MODELS)
    with FULL.open("wb") as sink:
        done = subprocess.run(
            words,
            cwd=tmp_path,
            env={**os.environ, **RECORDS},
            stdout=sink,
            stderr=subprocess.PIPE,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "Error: There is no room on the disk for standard output: No space left on device. "
        "Make some and score again; what came out is not whole."
    ]

"""Files of batch jobs are for the server's user alone, and ids of jobs for who has them."""

import os
import shlex
import shutil
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from servery.jobs.files import Files
from servery.private import make_private_file, make_private_folder
from tests.api.test_batches import MODELS, PEOPLE, Batches, people, serving
from tests.conftest import PATIENCE_S, eventually, running, servery


def is_private(path: Path) -> bool:
    """Return whether only the owner may do anything there; what is gone is."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return True
    return found.st_mode & 0o777 == (0o700 if stat.S_ISDIR(found.st_mode) else 0o600)


def open_to_others(*roots: Path) -> list[str]:
    paths = [each for root in roots for each in (root, *root.rglob("*"))]
    return [str(each) for each in paths if not is_private(each)]


@pytest.fixture(scope="module", params=["000", "022", "077"])
def masked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Batches]:
    """Return a server with its worker, under a umask."""
    folder = tmp_path_factory.mktemp(f"umask{request.param}")
    jobs = folder / "new" / "jobs"
    given = {"SERVERY_JOBS": str(jobs), "SERVERY_CACHE": str(folder / "cache" / "records")}
    given |= {"SERVERY_JOB_CHUNK_BYTES": "2000"}
    command = shlex.join(servery("serve", MODELS))
    command = f"umask {request.param}; exec {command}"
    with running(
        folder / "log", None, [shutil.which("bash") or "bash", "-c", command], **given
    ) as (server):
        eventually(Files(jobs).has_worker)
        yield Batches(server, jobs, given)


def test_nothing_of_a_job_is_for_others_at_any_time(masked: Batches) -> None:
    roots = (masked.folder.parent, Path(masked.environ["SERVERY_CACHE"]).parent)
    is_seen = threading.Event()

    def table() -> Iterator[bytes]:
        yield PEOPLE.encode()
        assert is_seen.wait(PATIENCE_S)

    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(masked.post, table(), Idempotency_Key="a-key")
        lock, uploads = masked.folder / ".keys", masked.folder
        eventually(lambda: lock.is_dir() and any(lock.iterdir()))
        eventually(lambda: any(uploads.glob("*/upload")))
        assert open_to_others(*roots) == []
        is_seen.set()
        first = sending.result().json()["id"]
    second = masked.post(people(500), "income", "?to=parquet").json()["id"]
    eventually(lambda: any(masked.folder.glob("*/parts")) or masked.job(second)["status"] == "done")
    assert open_to_others(*roots) == []
    for id_ in (first, second):
        assert masked.await_job(id_)["status"] == "done"
        assert masked.get(id_, "/result").ok
    names = {each.name for each in masked.folder.rglob("*")}
    assert {"jobs.sqlite", "jobs.sqlite-wal", "jobs.sqlite-shm", "result", "errors.csv"} <= names
    assert open_to_others(*roots) == []


def test_no_log_has_the_id_of_a_job(masked: Batches) -> None:
    job = masked.post(PEOPLE).json()
    id_ = job["id"]
    assert len(id_) >= 22  # 128 bits
    masked.await_job(id_)
    for what in ("/result", "/errors", "/events", "/nothing", "//", "/..%2f.."):
        masked.get(id_, what)
    masked.server.get(f"//api/v1/batches/{id_}?again={id_}")
    masked.patch(id_, {"start": 1})
    masked.patch(id_, {"start": True})
    for path in (masked.folder / id_).iterdir():
        path.unlink()
    assert masked.get(id_, "/result").status_code == 404
    assert masked.delete(id_).status_code == 204
    assert masked.get(id_).status_code == 404
    log = masked.server.log.read_text()
    assert "/api/v1/batches/{id}/result" in log
    assert job["request_id"] in log
    assert id_ not in log


def test_a_job_that_fails_leaves_no_id_in_the_log_of_its_worker(tmp_path: Path) -> None:
    with serving(tmp_path) as batches:
        id_ = batches.post(PEOPLE).json()["id"]
        (batches.folder / id_ / "upload").unlink()
        (batches.folder / id_ / "upload").mkdir()
        batches.start_worker()
        assert batches.await_job(id_)["status"] == "failed"
        assert id_ not in batches.server.log.read_text()


def test_a_folder_of_jobs_that_others_can_read_is_closed(tmp_path: Path) -> None:
    root = tmp_path / "jobs"
    root.mkdir()
    root.chmod(0o777)
    id_ = Files(root).create()
    assert open_to_others(root) == []
    root.chmod(0o755)
    Files(root).create()
    assert open_to_others(root) == []
    assert (root / id_).is_dir()


def test_a_folder_that_holds_other_things_keeps_its_mode(tmp_path: Path) -> None:
    root = tmp_path / "shared"
    root.mkdir()
    root.chmod(0o755)
    (root / "something.else").touch()
    id_ = Files(root).create()
    assert stat.S_IMODE(root.stat().st_mode) == 0o755
    assert open_to_others(root / id_) == []


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_folders_above_and_files_are_private_whatever_the_umask(tmp_path: Path, mask: int) -> None:
    # In a process of its own: the umask is one for all threads.
    child = os.fork()
    if child == 0:
        os.umask(mask)
        try:
            make_private_folder(tmp_path / "a" / "b")
            make_private_file(tmp_path / "a" / "b" / "c")
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert (tmp_path / "a" / "b" / "c").is_file()
    assert open_to_others(tmp_path / "a") == []

"""What batch jobs need and a server or a worker can never have is told when it starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.api.problem import assert_problem
from tests.conftest import PATIENCE_S, RECORDS, ROOT, free_port, procfile, run, running, servery

MODELS = ROOT / "models"
STARTS = {
    "serve": servery("serve", str(MODELS)),
    "worker": servery("worker", str(MODELS)),
    "web": procfile(),
    "worker alone": [sys.executable, "-m", "servery.servers.job_worker"],
}


def ended(start: str, **environ: str) -> str:
    """Return what a server or a worker says that cannot start."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    given = {"SERVERY_HOST": "127.0.0.1", "PORT": str(free_port()), "PATH": path, **environ}
    done = subprocess.run(
        STARTS[start],
        cwd=ROOT,
        env={**os.environ, **RECORDS, **given},
        stderr=subprocess.PIPE,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode not in (0, None), done.stderr
    return done.stderr


@pytest.mark.parametrize("start", STARTS)
def test_a_library_that_the_database_needs_is_named_at_the_start(
    start: str, tmp_path: Path
) -> None:
    # As where it is not installed: what stands first on the path is found, and is not there.
    lacking = "raise ModuleNotFoundError(\"No module named 'psycopg'\", name='psycopg')\n"
    (tmp_path / "psycopg.py").write_text(lacking, encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), str(ROOT / "backend")])
    url = "postgresql://ada:lovelace@127.0.0.1:1/jobs"
    said = ended(start, PYTHONPATH=path, DATABASE_URL=url)
    assert "pip install 'servery[postgres]'" in said
    assert "lovelace" not in said


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgressql://ada:lovelace@127.0.0.1/jobs", "expected postgresql://user:password@host"),
        ("postgresql://ada:love:lace@here@127.0.0.1:x/jobs", "are written as %3A %2F %40"),
        ("sqlite:////usr", "DATABASE_URL names the folder /usr; name a file in it"),
        ("sqlite:////nowhere/to/be/found.sqlite", "/nowhere/to/be, which is not a folder"),
        (f"sqlite:///{__file__}", "is not an SQLite database"),
    ],
)
def test_a_database_that_could_never_do_is_told_at_the_start(
    start: str, url: str, words: str
) -> None:
    said = ended(start, DATABASE_URL=url)
    assert words in said
    assert "DATABASE_URL" in said
    assert "lace" not in said


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_folder_without_models_is_told_at_the_start(command: str, tmp_path: Path) -> None:
    done = run(command, cwd=tmp_path, environ={"SERVERY_MODELS": str(tmp_path / "nowhere")})
    assert done.returncode == 1
    assert f"a folder of models, found none at '{tmp_path / 'nowhere'}'" in done.stderr


@pytest.mark.parametrize("start", ["worker", "worker alone"])
def test_a_worker_that_may_not_write_says_so_at_the_start(start: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    said = ended(start, SERVERY_JOBS=str(tmp_path / "file" / "jobs"))
    assert f"cannot write to {tmp_path / 'file'}" in said


def test_a_server_that_may_not_write_says_so_and_predicts(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    log, folder = tmp_path / "log", str(tmp_path / "file" / "jobs")
    with running(log, SERVERY_JOBS=folder, SERVERY_CACHE=folder) as server:
        assert "no batch job can be taken: SERVERY_JOBS" in log.read_text()
        assert "SERVERY_CACHE cannot be used, so every start takes longer" in log.read_text()
        asked = {"inputs": {"height": 90, "weight": 40}}
        assert server.predict("species", asked).status_code == 200
        table = f"{server.url}/api/v1/models/species/batches"
        for headers in ({}, {"Idempotency-Key": "one"}):
            answer = requests.post(
                table,
                data="height,weight\n90,40\n",
                headers={"Content-Type": "text/csv", **headers},
                timeout=PATIENCE_S,
            )
            assert_problem(answer, 503, "database-unavailable")
        assert_problem(server.get("/api/v1/batches/any"), 503, "database-unavailable")

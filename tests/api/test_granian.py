"""The other server: the same app, answered and stopped."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import (
    PATIENCE_S,
    RECORDS,
    ROOT,
    command_of,
    eventually,
    free_port,
    running,
    servery,
)


def workers(server: int) -> list[int]:
    """Return the workers, which are forked and have the command of their parent."""
    found = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    return [int(each) for each in found if command_of(int(each)) == command_of(server)]


def test_granian_carries_the_same_app(tmp_path: Path) -> None:
    command = servery("serve", "models", "--server", "granian")
    with running(tmp_path / "log", command=command) as server:
        asked = {"inputs": {"height": 90, "weight": 50}}
        answer = server.predict("species", asked)
        assert answer.json()["prediction"] == "Dog"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert server.get("/").headers["Content-Type"].startswith("text/html")
        assert server.predict("nobody", asked).status_code == 404
        assert f"Servery is at {server.url}" in server.log.read_text()
        killed = workers(server.process.pid)
        os.kill(killed[0], signal.SIGKILL)
        eventually(lambda: len({*workers(server.process.pid)} - {*killed}) == 1)
        assert server.predict("species", asked).json()["prediction"] == "Dog"
        server.stop()
        assert server.process.returncode == 0


@pytest.mark.parametrize("compute_threads", ["1", "2"])  # with 2, each worker loads the app
def test_a_worker_that_is_still_starting_stops_with_its_server(
    compute_threads: str, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    environ = {
        **os.environ,
        **RECORDS,
        "PORT": str(free_port()),
        "WEB_CONCURRENCY": "1",
        "OMP_NUM_THREADS": compute_threads,
        # Who waits for a worker that has lost the signal waits longer than this test does.
        "SERVERY_GRACEFUL_TIMEOUT_S": str(2 * PATIENCE_S),
    }
    command = [sys.executable, "-m", "servery.servers.granian"]
    with log.open("wb") as sink:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=sink, stderr=sink)
    eventually(lambda: workers(process.pid))
    process.terminate()
    assert process.wait(timeout=PATIENCE_S) == 0, log.read_text()

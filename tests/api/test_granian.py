"""The other server: the same app, answered and stopped."""

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import PATIENCE_S, RECORDS, ROOT, eventually, free_port, running, servery


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
        server.stop()
        assert server.process.returncode == 0


def test_a_worker_that_still_starts_ends_with_its_server(tmp_path: Path) -> None:
    log = tmp_path / "log"
    environ = {
        **os.environ,
        **RECORDS,
        "PORT": str(free_port()),
        "WEB_CONCURRENCY": "1",
        # Who waits for a worker that has lost the signal waits longer than this test does.
        "SERVERY_GRACEFUL_TIMEOUT_S": str(2 * PATIENCE_S),
    }
    command = [sys.executable, "-m", "servery.servers.granian"]
    with log.open("wb") as sink:
        server = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=sink, stderr=sink)
    # The first time to print an example, the second time in the worker, which then warms up.
    eventually(lambda: log.read_text().count('"event":"opened"') == 2)
    server.terminate()
    assert server.wait(timeout=PATIENCE_S) == 0

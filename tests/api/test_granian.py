"""The other server: the same app, answered and stopped."""

import signal
import time
from pathlib import Path

from tests.conftest import running, servery


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
        time.sleep(1)  # a signal is lost while a worker still starts
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=20) == 0

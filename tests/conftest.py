"""The real server, started as the Procfile starts it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
START_S = 180
#: Far more than anything takes here, even beside other work; only what never comes fails at it.
PATIENCE_S = 90
# What opened safely once needs no rehearsal in the next test: the folder lives as long as the run.
CACHE = Path(tempfile.mkdtemp(prefix="servery-test-"))
RECORDS = {"SERVERY_CACHE": str(CACHE), "SERVERY_JOBS": str(CACHE / "jobs")}


@dataclass
class Server:
    """A running server: its address, its process, and what it wrote."""

    url: str
    process: "subprocess.Popen[bytes]"
    log: Path

    def get(self, path: str, **options: Any) -> requests.Response:  # noqa: ANN401
        return requests.get(self.url + path, timeout=30, **options)

    def predict(self, model: str, body: Any, **options: Any) -> requests.Response:  # noqa: ANN401
        address = f"{self.url}/api/v1/models/{model}/predictions"
        return requests.post(address, json=body, timeout=60, **options)

    def send(self, model: str, data: bytes | str, **headers: str) -> requests.Response:
        address = f"{self.url}/api/v1/models/{model}/predictions"
        headers = {"Content-Type": "application/json", **headers}
        return requests.post(address, data=data, headers=headers, timeout=60)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)


StartServer = Callable[..., Any]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def procfile(process: str = "web") -> list[str]:
    """Return the Procfile's own command for a process."""
    lines = (ROOT / "Procfile").read_text().splitlines()
    commands = dict(line.split(":", 1) for line in lines)
    command = commands[process]
    return [shutil.which("bash") or "bash", "-c", f"exec env {command.strip()}"]


def servery(*words: str | Path) -> list[str]:
    """Return the command ``servery`` with its words."""
    return [str(Path(sys.executable).with_name("servery")), *map(str, words)]


@contextmanager
def running(
    log: Path, port: int | None = None, command: Sequence[str] | None = None, **environ: str
) -> Iterator[Server]:
    """Start a server by the Procfile or a command, await its answer, stop it by its process id."""
    port = port or free_port()
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    given = {"SERVERY_HOST": "127.0.0.1", "PORT": str(port), "PATH": path, **RECORDS, **environ}
    with log.open("ab") as sink:
        process = subprocess.Popen(
            command or procfile(),
            cwd=ROOT,
            env={**os.environ, **given},
            stdout=sink,
            stderr=sink,
        )
    server = Server(f"http://127.0.0.1:{port}", process, log)
    try:
        await_answer(server)
        yield server
    finally:
        if process.poll() is None:
            _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Stop a server at once: what a page holds open is let go."""
    process.send_signal(signal.SIGQUIT)
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()  # its workers follow it
        process.wait(timeout=10)


def eventually(is_so: Callable[[], bool]) -> None:
    """Wait until something holds; fail if it never does."""
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.02)


def await_answer(server: Server) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            pytest.fail(f"The server died:\n{server.log.read_text()}")
        try:
            requests.get(server.url + "/livez", timeout=5)
        except requests.ConnectionError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"The server never answered:\n{server.log.read_text()}")


@pytest.fixture(scope="session", autouse=True)
def _records_go() -> Iterator[None]:
    yield
    shutil.rmtree(CACHE, ignore_errors=True)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("server") / "log"
    with running(log, SERVERY_CORS_ORIGINS="https://app.example.org") as started:
        yield started

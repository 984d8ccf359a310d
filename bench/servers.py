"""The servers that are compared, each started by its own command and stopped by its process id."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[1]
START_S = 60
#: granian loses a signal to stop that comes while one of its workers still starts.
SETTLE_S = 1
FLOOR = ("gunicorn", "--config", "bench/gunicorn_floor.py")
COMMANDS: dict[str, tuple[str, ...]] = {
    "bare": (*FLOOR, "bench.apps.empty:bare_app"),
    "flask": (*FLOOR, "bench.apps.empty:flask_app"),
    "servery": (
        "gunicorn",
        "--config",
        "backend/servery/servers/gunicorn.py",
        "servery.app:create_app()",
    ),
    "granian": (sys.executable, "-m", "servery.servers.granian"),
    "tutorial": (*FLOOR, "bench.apps.tutorial:app"),
    "fastapi": ("uvicorn", "bench.apps.fast_api:app", "--workers", "2", "--no-access-log"),
}


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers, and how long it took to."""

    name: str
    url: str
    pid: int
    first_answer_s: float

    def memory_mib(self) -> float:
        """Return the proportional set size of the process and of all below it."""
        return sum(pss_mib(pid) for pid in tree(self.pid))


@contextmanager
def started(
    name: str,
    path: str,
    body: str,
    log: Path,
    options: tuple[str, ...] = (),
    **settings: str,
) -> Iterator[Server]:
    """Start a server, and wait until it answers one request."""
    port = free_port()
    own_port = ("--port", str(port)) if name == "fastapi" else ()
    command = [*COMMANDS[name], *own_port, *options]
    binaries = str(Path(sys.executable).parent)
    environ = {
        **os.environ,
        "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'backend'}",
        "SERVERY_HOST": "127.0.0.1",
        "PORT": str(port),
        "WEB_CONCURRENCY": "2",
        "OMP_NUM_THREADS": "1",
        **settings,
    }
    before = time.perf_counter()
    with log.open("wb") as sink:
        process = subprocess.Popen(  # noqa: S603 - every word stands above
            command, cwd=ROOT, env=environ, stdout=sink, stderr=sink
        )
    url = f"http://127.0.0.1:{port}"
    try:
        _await(url + path, body, process, log)
        yield Server(name, url, process.pid, time.perf_counter() - before)
    finally:
        time.sleep(SETTLE_S)
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def _await(address: str, body: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.perf_counter() + START_S
    while time.perf_counter() < deadline and process.poll() is None:
        try:
            answer = requests.post(
                address,
                data=body.encode(),
                headers={"Content-Type": "application/json"},
                timeout=START_S,
            )
        except requests.ConnectionError:
            time.sleep(0.005)
            continue
        answer.raise_for_status()
        return
    raise RuntimeError(f"It never answered: {log.read_text()}")


def end_group(process: "subprocess.Popen[bytes]") -> None:
    """End a server that was started in a session of its own, and wait for all that it started."""
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=60)
    with suppress(ProcessLookupError):  # its supervisor and job worker end a moment after it
        while True:
            os.killpg(process.pid, 0)
            time.sleep(0.1)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def tree(pid: int) -> list[int]:
    """Return a process and all below it."""
    tasks = Path(f"/proc/{pid}/task")
    children = [
        int(child) for task in tasks.iterdir() for child in (task / "children").read_text().split()
    ]
    return [pid, *(each for child in children for each in tree(child))]


def pss_mib(pid: int) -> float:
    """Return the proportional set size of a process."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0

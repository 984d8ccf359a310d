"""The real server, started as the Procfile starts it."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import pytest
import requests
from click.testing import CliRunner

from servery.cli import main
from tests import ONE_THREAD

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
T = TypeVar("T")
#: Far longer than any step takes, even on a busy machine; only a hang exceeds it.
PATIENCE_S = 120
# What opened safely once needs no sandbox in the next test: the folder lives as long as the run.
CACHE = Path(tempfile.mkdtemp(prefix="servery-test-"))
# With a high niceness, a job worker would hardly run beside the browsers of other tests.
RECORDS = {
    "SERVERY_CACHE": str(CACHE),
    "SERVERY_JOBS": str(CACHE / "jobs"),
    "SERVERY_JOB_NICE": "0",
}
os.environ["SERVERY_CACHE"] = str(CACHE)


@dataclass
class Server:
    """A running server: its address, its process, and what it wrote."""

    url: str
    process: "subprocess.Popen[bytes]"
    log: Path

    def get(self, path: str, **options: Any) -> requests.Response:  # noqa: ANN401
        return requests.get(self.url + path, timeout=PATIENCE_S, **options)

    def predict(self, model: str, body: Any, **options: Any) -> requests.Response:  # noqa: ANN401
        address = f"{self.url}/api/v1/models/{model}/predictions"
        return requests.post(address, json=body, timeout=PATIENCE_S, **options)

    def send(self, model: str, data: bytes | str, **headers: str) -> requests.Response:
        address = f"{self.url}/api/v1/models/{model}/predictions"
        headers = {"Content-Type": "application/json", **headers}
        return requests.post(address, data=data, headers=headers, timeout=PATIENCE_S)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=PATIENCE_S)


StartServer = Callable[..., Any]


def free_port() -> int:
    """Return a port that nobody else gets until this process ends.

    It stays bound here, never to listen, with leave to bind to it by its number. Linux allows that;
    elsewhere the port is only free just now.
    """
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        port = int(holder.getsockname()[1])
        if sys.platform == "linux":
            holder.detach()
        return port


def procfile(process: str = "web") -> list[str]:
    """Return the Procfile's own command for a process."""
    lines = (ROOT / "Procfile").read_text().splitlines()
    commands = dict(line.split(":", 1) for line in lines)
    command = commands[process]
    return [shutil.which("bash") or "bash", "-c", f"exec env {command.strip()}"]


def servery(*words: str | Path) -> list[str]:
    """Return the command ``servery`` with its words."""
    return [str(Path(sys.executable).with_name("servery")), *map(str, words)]


def users_environment() -> dict[str, str]:
    """Return the environment of this process without the limits of the tests' own threads."""
    return {name: value for name, value in os.environ.items() if name not in ONE_THREAD}


def run(
    *words: str | Path,
    cwd: Path | None = None,
    given: str | None = None,
    environ: Mapping[str, str] = MappingProxyType({}),
) -> "subprocess.CompletedProcess[str]":
    """Run the command ``servery`` to its end; ``given`` is its standard input."""
    return subprocess.run(
        servery(*words),
        cwd=cwd,
        input=given,
        env={**users_environment(), **RECORDS, **environ},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def run_here(
    *words: str | Path, cwd: Path | None = None, given: str | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run a command of `servery` in this process, which has loaded the libraries already.

    For tests of what a command reads, writes and says. What they say of a process of its own, such
    as its signals, streams, memory or modules, needs `run`. An exception that would end in a
    traceback is raised.
    """
    with contextlib.chdir(cwd or Path.cwd()):
        done = CliRunner().invoke(
            main, list(map(str, words)), input=given, env=RECORDS, prog_name="servery"
        )
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return subprocess.CompletedProcess(words, done.exit_code, done.stdout, done.stderr)


def output_here(*words: str | Path, cwd: Path | None = None) -> str:
    """Return what a command prints that is run in this process; it must succeed."""
    done = run_here(*words, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return done.stdout


def output_of(
    *words: str | Path, cwd: Path | None = None, environ: Mapping[str, str] = MappingProxyType({})
) -> str:
    """Return what the command ``servery`` prints; it must succeed."""
    done = run(*words, cwd=cwd, environ=environ)
    assert done.returncode == 0, done.stderr
    return done.stdout


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
            env={**users_environment(), **given},
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
        process.wait(timeout=PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()  # its workers follow it
        process.wait()


def eventually(is_so: Callable[[], T]) -> T:
    """Wait until something holds, and return it; fail if it never does."""
    deadline = time.monotonic() + PATIENCE_S
    pause_s = 0.02
    while not (found := is_so()):
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(pause_s)
        pause_s = min(1.2 * pause_s, 0.05)
    return found


def each_worker_says(server: Server, is_so: Callable[[], bool]) -> bool:
    """Return whether something holds whichever process of gunicorn is asked.

    Each is asked while its siblings are held still: who answers is up to the kernel otherwise.
    """
    workers = web_workers(server)
    return bool(workers) and all(_says_alone(worker, workers, is_so) for worker in workers)


def below(server: Server) -> list[int]:
    """Return the processes that a server started itself."""
    found = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text()
    return [int(each) for each in found.split()]


def web_workers(server: Server) -> list[int]:
    """Return the workers of gunicorn; its master has started the parent of caged processes too."""
    return [child for child in below(server) if "gunicorn" in command_of(child)]


def command_of(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):  # it has ended since it was listed
        return ""


def _says_alone(worker: int, workers: Sequence[int], is_so: Callable[[], bool]) -> bool:
    others = [each for each in workers if each != worker]
    try:
        for each in others:
            os.kill(each, signal.SIGSTOP)
            eventually(partial(is_still, each))
        return is_so()
    finally:
        for each in others:
            os.kill(each, signal.SIGCONT)


def is_still(process: int) -> bool:
    """Return whether a process that was told to stop has stopped."""
    state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    return state in "Tt"


def await_answer(server: Server) -> None:
    # A folder of a hundred files is published before its server answers.
    deadline = time.monotonic() + 4 * PATIENCE_S
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            pytest.fail(f"The server died:\n{server.log.read_text()}")
        try:
            requests.get(server.url + "/livez", timeout=5)
        except (requests.ConnectionError, requests.Timeout):
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"The server never answered:\n{server.log.read_text()}")


#: Files of unit tests that publish, verify or load models in processes of their own, many times.
SLOW = frozenset(
    [
        *("test_artifact", "test_batch_shapes", "test_cage", "test_compiling", "test_fuzz_plan"),
        *("test_fuzz_reader", "test_job_migrations", "test_keeper", "test_publishing", "test_sbom"),
        "test_serving_compiled",
    ]
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by what they need; those of the API and the page start servers."""
    for item in items:
        folder = item.path.relative_to(ROOT / "tests").parts[0]
        if folder in ("api", "browser", "engines") or item.path.stem in SLOW:
            item.add_marker(pytest.mark.slow)
        if folder in ("browser", "engines"):
            item.add_marker(pytest.mark.browser)
        if "cluster" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.cluster)


@pytest.fixture(scope="session", autouse=True)
def _records_go() -> Iterator[None]:
    yield
    shutil.rmtree(CACHE, ignore_errors=True)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("server") / "log"
    with running(
        log,
        SERVERY_CORS_ORIGINS="https://app.example.org",
        # However busy the machine, an explanation that takes a moment is not cut short.
        SERVERY_EXPLAIN_BUDGET_MS="60000",
    ) as started:
        yield started

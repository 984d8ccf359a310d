"""Clients that are slow, silent, many or wrong cost the others nothing."""

import contextlib
import json
import resource
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.api.problem import assert_problem
from tests.conftest import PATIENCE_S, ROOT, Server, eventually, free_port, running, web_workers

OK = b'{"inputs":{"height":90,"weight":40}}'
PREDICTIONS = b"/api/v1/models/species/predictions"
BATCHES = b"/api/v1/models/species/batches"
#: More than all threads of all lanes of the two workers together.
MANY = 80


def head(method: bytes, path: bytes, *lines: bytes) -> bytes:
    return b"\r\n".join([b"%s %s HTTP/1.1" % (method, path), b"Host: localhost", *lines, b"", b""])


def post(body: bytes, *lines: bytes, path: bytes = PREDICTIONS) -> bytes:
    length = b"Content-Length: %d" % len(body)
    return head(b"POST", path, b"Content-Type: application/json", length, *lines) + body


@contextlib.contextmanager
def clients(server: Server, count: int, sent: bytes) -> Iterator[list[socket.socket]]:
    """Open connections on which so much is sent, and no more."""
    with contextlib.ExitStack() as stack:
        opened = []
        for _ in range(count):
            client = stack.enter_context(connected(server))
            client.sendall(sent)
            opened.append(client)
        yield opened


def connected(server: Server) -> socket.socket:
    port = int(server.url.rpartition(":")[2])
    return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)


def told(server: Server, sent: bytes) -> "Answered":
    """Return the first answer to raw bytes."""
    with connected(server) as client:
        client.sendall(sent)
        return next_answer(client)


class Answered(requests.Response):
    """An answer that was read from a socket, as `requests` shows it."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        super().__init__()
        self.status_code = status
        self.headers.update(headers)
        self._content = body


def next_answer(client: socket.socket) -> Answered:
    file = client.makefile("rb", buffering=0)
    status = int(_line(file).split()[1])
    headers = {}
    while line := _line(file):
        name, _, value = line.partition(": ")
        headers[name] = value
    body = b""
    while len(body) < int(headers.get("Content-Length", 0)):
        piece = file.read(int(headers["Content-Length"]) - len(body))
        assert piece, f"the answer breaks off after {len(body)} bytes"
        body += piece
    return Answered(status, headers, body)


def _line(file: Any) -> str:  # noqa: ANN401
    line: bytes = file.readline()
    return line.decode("latin-1").rstrip("\r\n")


def assert_all_is_well(server: Server) -> None:
    assert server.get("/livez").status_code == 200
    assert server.get("/readyz").status_code == 200
    # A machine that is busy with other tests may shed one of these: it says when to come back.
    eventually(lambda: server.get("/api/v1/models").status_code == 200)
    eventually(lambda: server.predict("species", json.loads(OK)).status_code == 200)


@pytest.mark.parametrize(
    "sent",
    [
        head(b"POST", PREDICTIONS)[:-2],
        post(OK)[:-1],
        head(b"POST", BATCHES, b"Content-Type: text/csv", b"Content-Length: 3600") + b"height,",
        head(b"POST", BATCHES, b"Content-Type: text/csv", b"Transfer-Encoding: chunked"),
        b"",
    ],
    ids=["head", "body", "upload", "chunked-upload", "nothing"],
)
def test_half_of_a_request_holds_nobody_up(server: Server, sent: bytes) -> None:
    with clients(server, MANY, sent):
        assert_all_is_well(server)


@pytest.mark.parametrize("path", ["/openapi.json", "/docs.js"])
def test_a_client_that_does_not_read_holds_nobody_up(server: Server, path: str) -> None:
    if path == "/docs.js":
        assets = ROOT / "frontend" / "dist" / "assets"
        path = f"/assets/{next(assets.glob('docs-*.js')).name}"
    with clients(server, MANY, head(b"GET", path.encode()) * 50):
        assert_all_is_well(server)


def test_idle_connections_change_nothing(server: Server) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    count = min(600, hard - 200)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count + 200), hard))
    with clients(server, count, b"") as opened:
        assert_all_is_well(server)
        opened[-1].sendall(post(OK))
        assert next_answer(opened[-1]).status_code == 200


def test_a_head_that_never_ends_is_answered_after_a_while(server: Server) -> None:
    answer = told(server, b"GET / HTTP/1.1\r\nHost: localhost\r\n")
    assert_problem(answer, 408, "request-timeout")


def test_a_body_that_stops_is_answered_after_a_while(server: Server) -> None:
    assert_problem(told(server, post(OK)[:-1]), 408, "request-timeout")


def test_uploads_beyond_their_lane_are_refused_and_leave_room_again(server: Server) -> None:
    kind = {"Content-Type": "text/csv"}
    address = f"{server.url}/api/v1/models/species/batches"

    def status() -> int:
        table = b"height,weight\n90,40\n"
        return requests.post(address, table, headers=kind, timeout=PATIENCE_S).status_code

    page = "https://app.example.org"  # which can then see when to try again
    chunked = (b"Content-Type: text/csv", b"Transfer-Encoding: chunked")
    sent = head(b"POST", BATCHES, b"Origin: " + page.encode(), *chunked)
    with clients(server, MANY, sent) as opened:
        refused = next(
            answer for answer in map(next_answer, reversed(opened)) if answer.status_code == 503
        )
        assert_problem(refused, 503, "too-busy")
        assert refused.headers["Retry-After"] == "1"
        assert refused.headers["Access-Control-Allow-Origin"] == page
    eventually(lambda: status() == 202)


def test_a_download_goes_on_for_a_slow_reader(server: Server) -> None:
    asset = next((ROOT / "frontend" / "dist" / "assets").glob("docs-*.js"))
    with connected(server) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
        client.sendall(head(b"GET", f"/assets/{asset.name}".encode()))
        assert next_answer(client).content == asset.read_bytes()


def test_requests_in_a_pipe_are_answered_in_turn(server: Server) -> None:
    ids = [f"pipe-{number}" for number in range(200)]
    with connected(server) as client:
        client.sendall(b"".join(post(OK, b"X-Request-ID: " + each.encode()) for each in ids))
        answers = [next_answer(client) for _ in ids]
    assert [answer.json()["request_id"] for answer in answers] == ids


def test_requests_of_all_kinds_in_a_pipe_are_answered_in_turn(server: Server) -> None:
    chunks = head(
        *(b"POST", PREDICTIONS, b"Content-Type: application/json", b"Transfer-Encoding: chunked")
    )
    chunks += b"%x;a=b\r\n%s\r\n0\r\nX-Trailer: 1\r\n\r\n" % (len(OK), OK)
    with connected(server) as client:
        client.sendall(post(OK) + chunks + head(b"GET", b"/livez") + head(b"HEAD", b"/") + chunks)
        answers = [next_answer(client) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert answers[1].json()["prediction"] == answers[0].json()["prediction"]


def test_a_client_that_asks_whether_to_go_on_is_told(server: Server) -> None:
    whole = post(OK, b"Expect: 100-continue")
    with connected(server) as client:
        client.sendall(whole[: -len(OK)])
        assert next_answer(client).status_code == 100
        client.sendall(OK)
        assert next_answer(client).status_code == 200


def test_an_upload_that_is_refused_is_never_sent(server: Server) -> None:
    sent = head(
        *(b"POST", b"/api/v1/models/nothing/batches", b"Content-Type: text/csv"),
        *(b"Content-Length: 3000000", b"Expect: 100-continue"),
    )
    assert_problem(told(server, sent), 404, "model-not-found")


WRONG = {
    "line": (b"NONSENSE\r\n\r\n", 400, "bad-request"),
    "version": (b"GET / HTTP/3.0\r\nHost: localhost\r\n\r\n", 400, "bad-request"),
    "bare line feeds": (b"GET / HTTP/1.1\nHost: localhost\n\n", 400, "bad-request"),
    "header": (head(b"GET", b"/", b"X Y: 1"), 400, "bad-request"),
    "two lengths": (head(b"POST", b"/", b"Content-Length: 1", b"Content-Length: 2"), 400, ""),
    "address": (b"GET /" + b"a" * 9000, 414, "uri-too-long"),
    "headers": (head(b"GET", b"/", b"X: " + b"a" * 9000), 431, "headers-too-large"),
    "many headers": (b"GET / HTTP/1.1\r\n" + b"X: aaaaaa\r\n" * 7000, 431, "headers-too-large"),
    "expectation": (head(b"GET", b"/", b"Expect: more"), 417, "expectation-failed"),
    "coding": (head(b"POST", b"/", b"Transfer-Encoding: x"), 501, "not-implemented"),
    "length": (head(b"POST", PREDICTIONS, b"Content-Length: 99999999"), 413, "payload-too-large"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_request_is_a_problem_like_all_others(server: Server, name: str) -> None:
    sent, status, slug = WRONG[name]
    answer = told(server, sent)
    assert_problem(answer, status, slug or "bad-request")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Connection"] == "close"
    assert "Server" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/livez", "/api/v1/models", "/nothing"])
def test_no_answer_names_the_software(server: Server, path: str) -> None:
    assert "Server" not in server.get(path).headers


APP = """
import time
from pathlib import Path

GATE = Path({gate!r})
LANES = {{"/slow": "slow", "/livez": "health"}}


def app(environ, start_response):
    while environ["PATH_INFO"].startswith("/slow") and not GATE.exists():
        time.sleep(0.01)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["servery.lane"].encode()]


app.lane_of = lambda environ: LANES.get(environ["PATH_INFO"], "")
"""


@contextlib.contextmanager
def gated(tmp_path: Path) -> Iterator[tuple[Server, Callable[[], None]]]:
    """Serve an app that answers some paths only after a call of what is returned.

    No model can be had that is slow for exactly as long as a test needs.
    """
    gate = tmp_path / "gate"
    (tmp_path / "gated_app.py").write_text(APP.format(gate=str(gate)))
    port = free_port()
    command = ["gunicorn", "--bind", f"127.0.0.1:{port}", "--threads", "2", "gated_app:app"]
    command += ["--worker-class", "servery.servers.web_worker.FairWorker"]
    command += ["--graceful-timeout", str(PATIENCE_S), "--workers", "1"]
    path = f"{tmp_path}:{ROOT / 'backend'}"
    with running(tmp_path / "log", port, command, PYTHONPATH=path) as server:
        yield server, gate.touch


def test_a_slow_lane_takes_no_thread_of_another(tmp_path: Path) -> None:
    sent = head(b"GET", b"/slow")
    with gated(tmp_path) as (server, open_gate), clients(server, 16, sent) as slow:
        eventually(lambda: is_too_busy(server, sent))
        assert server.get("/").text == ""
        assert server.get("/livez").text == "health"
        open_gate()
        assert [next_answer(client).text for client in slow] == ["slow"] * 16
        assert told(server, sent).status_code == 200


def test_what_would_wait_for_too_long_is_refused(tmp_path: Path) -> None:
    sent = head(b"GET", b"/slow-too")
    with gated(tmp_path) as (server, open_gate), clients(server, 2 + 64, sent) as waiting:
        eventually(lambda: is_too_busy(server, sent))
        assert server.get("/livez").status_code == 200
        open_gate()
        assert {next_answer(client).status_code for client in waiting} == {200}


def is_too_busy(server: Server, sent: bytes) -> bool:
    """Return whether a request is refused; False if it has to wait."""
    with connected(server) as client:
        client.settimeout(1.0)
        client.sendall(sent)
        with contextlib.suppress(TimeoutError):
            refused = next_answer(client)
            assert_problem(refused, 503, "too-busy")
            assert refused.headers["Retry-After"] == "1"
            return True
    return False


def test_a_server_that_stops_ends_what_runs_and_refuses_the_rest(tmp_path: Path) -> None:
    with (
        gated(tmp_path) as (server, open_gate),
        connected(server) as kept,
        clients(server, 1, head(b"GET", b"/slow")) as [running_one],
    ):
        kept.sendall(head(b"GET", b"/"))
        assert next_answer(kept).headers["Connection"] == "keep-alive"
        server.process.terminate()
        eventually(lambda: takes_nobody(server))
        kept.sendall(head(b"GET", b"/"))
        answer = next_answer(kept)
        assert_problem(answer, 503, "not-ready")
        assert answer.headers["Retry-After"] == "1"
        assert answer.headers["Connection"] == "close"
        open_gate()
        assert next_answer(running_one).text == "slow"
        assert server.process.wait(timeout=PATIENCE_S) == 0


def takes_nobody(server: Server) -> bool:
    try:
        connected(server).close()
    except ConnectionRefusedError:
        return True
    return False


def test_workers_share_the_connections(server: Server) -> None:
    eventually(lambda: counts(server) == [8, 8])  # the second worker may just be starting


def counts(server: Server) -> list[int]:
    """Return how many of sixteen connections each worker takes."""
    with clients(server, 16, head(b"GET", b"/livez")) as opened:
        for client in opened:
            next_answer(client)
        return [connections_of(worker, opened) for worker in web_workers(server)]


def connections_of(process: int, opened: list[socket.socket]) -> int:
    """Return how many of these connections end in a process."""
    ports = {f"{client.getsockname()[1]:04X}" for client in opened}
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    nodes = {f"socket:[{line[9]}]" for line in lines if line[2].rpartition(":")[2] in ports}
    found = 0
    for file in Path(f"/proc/{process}/fd").iterdir():
        with contextlib.suppress(OSError):
            found += str(file.readlink()) in nodes
    return found

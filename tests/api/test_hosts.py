"""Which names a server answers to."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from servery.api.http.hosts import MOST_REMEMBERED, HostAllowlist
from tests.api.problem import assert_problem
from tests.conftest import PATIENCE_S, Server, running

REBOUND = ("evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example")


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server that listens on all interfaces, as the Procfile has it."""
    log = tmp_path_factory.mktemp("public") / "log"
    names = "app.example.org, *.internal.example"
    with running(log, SERVERY_HOST="0.0.0.0", SERVERY_HOSTS=names) as started:  # noqa: S104
        yield started


def raw(server: Server, head: str) -> str:
    """Return the answer to a request of these lines."""
    port = int(server.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as client:
        client.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n")
        client.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := client.recv(65536):
            answer += piece
    return answer.decode()


@pytest.mark.parametrize("host", [*REBOUND, "127.0.0.1@evil.example", "10.0.0.1", "[::2]", ""])
@pytest.mark.parametrize("path", ["/", "/api/v1/models", "/docs", "/nothing"])
def test_a_host_that_is_not_the_servers_is_refused(server: Server, host: str, path: str) -> None:
    response = server.get(path, headers={"Host": host})
    problem = assert_problem(response, 421, "misdirected-request")
    assert "SERVERY_HOSTS" in problem["detail"]
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("host", REBOUND)
def test_a_page_that_was_rebound_cannot_predict(server: Server, host: str) -> None:
    origin = {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
    answer = server.predict("species", {"inputs": {"height": 80, "weight": 40}}, headers=origin)
    assert_problem(answer, 421, "misdirected-request")


@pytest.mark.parametrize(
    "host", ["localhost", "LocalHost:1", "localhost.", "127.0.0.1", "127.0.0.1:9", "[::1]:8000"]
)
def test_loopback_names_are_taken_whatever_their_port_and_case(server: Server, host: str) -> None:
    assert server.get("/api/v1/models", headers={"Host": host}).ok


def test_a_long_host_is_not_repeated(server: Server) -> None:
    response = server.get("/", headers={"Host": "evil" * 1_000})
    assert_problem(response, 421, "misdirected-request")
    assert len(response.content) < 1_000


@pytest.mark.parametrize("host", [*REBOUND, "internal.example", "notinternal.example"])
def test_foreign_names_are_refused_on_all_interfaces_too(public: Server, host: str) -> None:
    response = public.get("/api/v1/models", headers={"Host": host})
    assert_problem(response, 421, "misdirected-request")


@pytest.mark.parametrize(
    "host",
    [
        *("app.example.org", "APP.example.org.:443", "a.internal.example", "a.b.internal.example"),
        *("localhost:8000", "10.1.2.3", "192.168.0.9:8000", "[2001:db8::1]:8000", "servery:8000"),
        socket.gethostname(),
    ],
)
def test_addresses_plain_and_listed_names_are_taken_on_all_interfaces(
    public: Server, host: str
) -> None:
    assert public.get("/api/v1/models", headers={"Host": host}).ok


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_health_is_told_whatever_the_host(server: Server, path: str) -> None:
    assert server.get(path, headers={"Host": "evil.example"}).ok


def test_a_star_takes_any_host(tmp_path: Path) -> None:
    with running(tmp_path / "log", SERVERY_HOSTS="*") as server:
        assert server.get("/api/v1/models", headers={"Host": "anything.example"}).ok


def test_only_http_1_0_may_leave_the_host_out(server: Server) -> None:
    old = raw(server, "GET /api/v1/models HTTP/1.0")
    assert old.split()[1] == "200"
    new = raw(server, "GET /api/v1/models HTTP/1.1\nConnection: close")
    assert new.split()[1] == "400"


def test_what_was_allowed_once_is_remembered_within_bounds() -> None:
    hosts = HostAllowlist("0.0.0.0", (), "machine")  # noqa: S104
    for port in range(2 * MOST_REMEMBERED):
        assert hosts.allows(f"10.0.0.1:{port}")
    assert len(hosts.remembered) == MOST_REMEMBERED


@pytest.mark.parametrize("bound", ["127.0.0.1", "127.9.9.9", "localhost", "::1", "[::1]"])
def test_on_loopback_only_loopback_names_are_allowed(bound: str) -> None:
    hosts = HostAllowlist(bound, (), "machine")
    assert hosts.allows("localhost:8000")
    assert hosts.allows("[::1]" if ":" in bound else bound)
    assert not any(map(hosts.allows, ("machine", "servery", "10.0.0.1", "[2001:db8::1]")))

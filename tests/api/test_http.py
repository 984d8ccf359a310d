import json
import shutil
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from tests.api.problem import assert_problem
from tests.conftest import PATIENCE_S, ROOT, Server, eventually, running

KNOWN = "https://app.example.org"


def test_an_unknown_path_is_a_problem(server: Server) -> None:
    assert_problem(server.get("/api/v2/nothing"), 404, "not-found")
    assert_problem(server.get("/api/v1/models//predictions"), 404, "not-found")


def test_a_wrong_method_is_a_problem_that_names_the_right_ones(server: Server) -> None:
    response = requests.delete(f"{server.url}/api/v1/models", timeout=PATIENCE_S)
    assert_problem(response, 405, "method-not-allowed")
    assert "GET" in response.headers["Allow"]
    assert_problem(requests.post(server.url + "/", timeout=PATIENCE_S), 404, "not-found")


def test_a_request_id_is_taken_over_or_made(server: Server) -> None:
    given = server.get("/livez", headers={"X-Request-ID": "abc-123"})
    assert given.headers["X-Request-ID"] == "abc-123"
    odd = server.get("/livez", headers={"X-Request-ID": 'a"b{c}'})
    assert len(odd.headers["X-Request-ID"]) == 32


def test_logs_are_one_json_line_per_request_without_inputs(server: Server) -> None:
    secret = "Who-is-Rumpelstiltskin?"  # noqa: S105 - a word to look for
    answer = server.predict("questions", {"inputs": {"question_text": secret}})
    lines = server.log.read_text().splitlines()
    records = [json.loads(line) for line in lines if line.startswith("{")]
    [record] = [
        each for each in records if each.get("request_id") == answer.headers["X-Request-ID"]
    ]
    assert record["method"] == "POST"
    assert record["path"] == "/api/v1/models/questions/predictions"
    assert record["status"] == 200
    assert record["ms"] > 0
    assert secret not in server.log.read_text()


@pytest.mark.parametrize("path", ["/", "/livez", "/api/v1/models", "/nothing", "/docs"])
def test_every_answer_carries_the_security_headers(server: Server, path: str) -> None:
    headers = server.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cache-Control"]
    assert "camera=()" in headers["Permissions-Policy"]
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert ("sandbox" in policy) == (path not in ("/", "/docs"))


@pytest.mark.parametrize(
    "path", ["/livez", "/readyz", "/api/v1/models", "/nothing", "/api/v1/batches/none"]
)
def test_what_is_of_the_moment_is_kept_by_nobody(server: Server, path: str) -> None:
    assert server.get(path).headers["Cache-Control"] == "no-store"
    options = requests.options(server.url + path, timeout=PATIENCE_S)
    assert options.headers["Cache-Control"] == "no-store"


def test_every_file_of_the_page_has_the_type_of_its_name(server: Server) -> None:
    types = {
        ".html": "text/html",
        ".js": "text/javascript",
        ".css": "text/css",
        ".svg": "image/svg+xml",
        ".woff2": "font/woff2",
        ".json": "application/json",
    }
    root = ROOT / "frontend" / "dist"
    files = [each for each in root.rglob("*") if each.suffix not in ("", ".br", ".gz", ".map")]
    assert len(files) > 5
    for file in files:
        response = server.get(f"/{file.relative_to(root)}", headers={"Accept-Encoding": "identity"})
        assert response.ok, file
        assert response.headers["Content-Type"].partition(";")[0] == types[file.suffix], file


def test_a_known_origin_may_call_and_a_foreign_one_may_not(server: Server) -> None:
    url = f"{server.url}/api/v1/models/species/predictions"
    asking = {"Access-Control-Request-Method": "POST"}
    asking["Access-Control-Request-Headers"] = "content-type"
    known = requests.options(url, headers={"Origin": KNOWN, **asking}, timeout=PATIENCE_S)
    assert known.headers["Access-Control-Allow-Origin"] == KNOWN
    assert "content-type" in known.headers["Access-Control-Allow-Headers"].lower()
    for origin in (
        "https://evil.example",
        f"{KNOWN}.evil.example",
        "null",
        "http://app.example.org",
    ):
        foreign = requests.options(url, headers={"Origin": origin, **asking}, timeout=PATIENCE_S)
        assert "Access-Control-Allow-Origin" not in foreign.headers
    assert "Access-Control-Allow-Credentials" not in known.headers


def test_a_problem_can_be_read_across_origins(server: Server) -> None:
    response = server.get("/api/v1/models/none", headers={"Origin": KNOWN})
    assert response.headers["Access-Control-Allow-Origin"] == KNOWN


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (b"GET /api/v1/models HTTP/1.1\r\nHost: other.example\r\nOrigin: %s\r\n\r\n", 421),
        (b"GET /api/v1/models HTTP/1.1\r\nOrigin: %s\r\n\r\n", 400),
    ],
)
def test_a_refusal_before_the_app_can_be_read_across_origins(
    server: Server, asked: bytes, status: int
) -> None:
    address = urlsplit(server.url)
    for origin, is_known in ((KNOWN, True), ("https://evil.example", False)):
        with socket.create_connection((address.hostname, address.port), PATIENCE_S) as client:
            client.sendall(asked % origin.encode())
            client.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: client.recv(65_536), b""))
        assert answer.startswith(b"HTTP/1.1 %d " % status)
        assert (b"Access-Control-Allow-Origin: " in answer) is is_known


def test_hashed_assets_are_immutable_and_compressed(server: Server) -> None:
    page = server.get("/")
    assert page.headers["Cache-Control"] == "max-age=0, public"
    asset = next(part for part in page.text.split('"') if part.endswith(".css"))
    address = f"/{asset.removeprefix('./')}"
    for coding in ("br", "gzip"):
        response = server.get(address, headers={"Accept-Encoding": coding}, stream=True)
        assert response.headers["Content-Encoding"] == coding
        assert "immutable" in response.headers["Cache-Control"]
    again = server.get("/", headers={"If-None-Match": page.headers["ETag"]})
    assert again.status_code == 304
    assert "Content-Security-Policy" not in again.headers


def test_a_page_that_is_edited_while_it_is_served_is_sent_as_edited(tmp_path: Path) -> None:
    folder = tmp_path / "dist"
    shutil.copytree(ROOT / "frontend" / "dist", folder)
    with running(tmp_path / "log", SERVERY_FRONTEND=str(folder)) as server:
        for name, address in (("index.html", "/"), ("docs/index.html", "/docs")):
            page = folder / name
            assert server.get(address).content == page.read_bytes()
            page.write_text(page.read_text().replace("</head>", "<!-- ours --></head>"))
            edited = server.get(address, headers={"Accept-Encoding": "br, gzip"})
            assert edited.content == page.read_bytes()
            assert b"<!-- ours -->" in edited.content


def test_no_path_leads_out_of_the_front_end(server: Server) -> None:
    for path in ("/../pyproject.toml", "/..%2fpyproject.toml", "/assets/..%2f..%2fapp.js"):
        assert server.get(path).status_code == 404


def test_a_picture_runs_nothing_and_only_named_ones_are_sent(server: Server) -> None:
    picture = server.get("/api/v1/models/species/pictures/cat.svg")
    assert picture.headers["Content-Type"].startswith("image/svg+xml")
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    # This server names an origin whose page may show it.
    assert picture.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    response = server.get("/api/v1/models/species/pictures/model.json")
    assert_problem(response, 404, "picture-not-found")


def test_health_tells_each_model(server: Server) -> None:
    assert server.get("/livez").json() == {"status": "alive"}
    ready = server.get("/readyz").json()
    assert ready["status"] == "ready"
    assert set(ready["models"].values()) == {"ready"}


def test_a_model_that_cannot_be_served_is_said_and_hides_no_other(tmp_path: Path) -> None:
    root = tmp_path / "models"
    (root / "broken").mkdir(parents=True)
    (root / "broken" / "card.toml").write_text('title = "x"')
    shutil.copytree(ROOT / "models" / "species", root / "species")
    with running(tmp_path / "log", SERVERY_MODELS=str(root)) as server:
        listed = server.get("/api/v1/models").json()
        assert [model["name"] for model in listed["models"]] == ["species"]
        assert [model["name"] for model in listed["broken"]] == ["broken"]
        assert "no version folder" in server.get("/readyz").json()["models"]["broken"]
        assert_problem(server.get("/api/v1/models/broken"), 503, "model-unusable")


def test_a_server_without_any_usable_model_is_not_ready(tmp_path: Path) -> None:
    (tmp_path / "models" / "broken").mkdir(parents=True)
    (tmp_path / "models" / "broken" / "card.toml").write_text("")
    with running(tmp_path / "log", SERVERY_MODELS=str(tmp_path / "models")) as server:
        response = server.get("/readyz")
        assert_problem(response, 503, "not-ready")
        assert response.headers["Retry-After"]


def test_a_running_request_ends_before_the_server_does(tmp_path: Path) -> None:
    jobs = tmp_path / "jobs"
    is_told = threading.Event()

    def table() -> Iterator[bytes]:
        yield b"height,weight\n"
        assert is_told.wait(PATIENCE_S)
        yield b"90,40\n"

    given = {"SERVERY_JOBS": str(jobs), "SERVERY_GRACEFUL_TIMEOUT_S": str(PATIENCE_S)}
    with running(tmp_path / "log", None, None, **given) as server, ThreadPoolExecutor(1) as pool:
        address = f"{server.url}/api/v1/models/species/batches"
        kind = {"Content-Type": "text/csv"}
        running_one = pool.submit(
            requests.post, address, data=table(), headers=kind, timeout=PATIENCE_S
        )
        eventually(lambda: any(jobs.glob("*/upload")))
        server.process.terminate()
        eventually(lambda: takes_nobody(server))
        is_told.set()
        assert running_one.result().status_code == 202
        assert server.process.wait(timeout=PATIENCE_S) == 0


def takes_nobody(server: Server) -> bool:
    try:
        requests.get(f"{server.url}/livez", timeout=1)
    except (requests.ConnectionError, requests.Timeout):
        return True
    return False

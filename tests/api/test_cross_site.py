"""What pages of other sites cannot make this server do."""

from typing import Any

import pytest
import requests

from tests.api.problem import assert_problem
from tests.conftest import PATIENCE_S, Server

KNOWN = "https://app.example.org"
TABLE = b"height,weight\n90,50\n"
FORM = (
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    + TABLE
    + b"\r\n--x--\r\n"
)
FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": f"{KNOWN}.evil.example"},
    {"Origin": "http://app.example.org"},
    {"Origin": "http://127.0.0.1:1"},
    {"Origin": "http://localhost"},
    {"Origin": "file://"},
    {"Origin": ""},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:1"},
    {"Sec-Fetch-Site": "nonsense"},
]


def send(server: Server, method: str, path: str, **options: Any) -> requests.Response:  # noqa: ANN401
    return requests.request(method, server.url + path, timeout=PATIENCE_S, **options)


def upload(server: Server, kind: str, data: bytes, headers: dict[str, str]) -> requests.Response:
    path = "/api/v1/models/species/batches?start=false"
    return send(server, "POST", path, data=data, headers={"Content-Type": kind, **headers})


def own(server: Server) -> list[dict[str, str]]:
    """Return the headers of those that may."""
    return [
        {},
        {"Origin": server.url},
        {"Origin": server.url.replace("http://", "https://")},
        {"Origin": server.url, "Sec-Fetch-Site": "same-origin"},
        {"Origin": "https://behind.a.proxy.example", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": KNOWN},
        {"Origin": KNOWN, "Sec-Fetch-Site": "cross-site"},
        {"Origin": KNOWN, "Sec-Fetch-Site": "same-site"},
    ]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
@pytest.mark.parametrize(
    ("kind", "data"), [("text/plain", TABLE), ("multipart/form-data; boundary=x", FORM)]
)
def test_a_foreign_page_cannot_upload_by_a_simple_request(
    server: Server, kind: str, data: bytes, headers: dict[str, str]
) -> None:
    assert_problem(upload(server, kind, data, headers), 403, "cross-site-request")


def test_the_page_programs_and_known_origins_can_upload(server: Server) -> None:
    for headers in own(server):
        for kind, data in (("text/plain", TABLE), ("multipart/form-data; boundary=x", FORM)):
            job = upload(server, kind, data, headers)
            assert job.status_code == 202, (headers, job.text)
            path = f"/api/v1/batches/{job.json()['id']}"
            assert send(server, "DELETE", path, headers=headers).status_code == 204


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_foreign_page_can_neither_predict_nor_change_nor_delete(
    server: Server, headers: dict[str, str]
) -> None:
    job = upload(server, "text/csv", TABLE, {}).json()
    path = f"/api/v1/batches/{job['id']}"
    body = {"inputs": {"height": 80, "weight": 40}}
    for answer in (
        server.predict("species", body, headers=headers),
        send(server, "PATCH", path, json={"start": True}, headers=headers),
        send(server, "DELETE", path, headers=headers),
        send(server, "PUT", path, headers=headers),
    ):
        problem = assert_problem(answer, 403, "cross-site-request")
        assert "SERVERY_CORS_ORIGINS" in problem["detail"]
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert send(server, "GET", path).json()["status"] == "waiting"
    assert send(server, "DELETE", path).status_code == 204


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_foreign_page_may_lead_here(server: Server, headers: dict[str, str]) -> None:
    for method in ("GET", "HEAD", "OPTIONS"):
        assert send(server, method, "/api/v1/models", headers=headers).ok


def test_the_page_predicts_at_a_port_that_its_address_leaves_out(server: Server) -> None:
    headers = {"Host": "localhost:80", "Origin": "http://localhost"}
    body = {"inputs": {"height": 80, "weight": 40}}
    assert server.predict("species", body, headers=headers).ok
    headers = {"Host": "localhost", "Origin": "https://LOCALHOST:443"}
    assert server.predict("species", body, headers=headers).ok

"""A server below a path, behind a proxy that forwards the path or strips it."""

from collections.abc import Iterator

import pytest
import requests

from tests.conftest import PATIENCE_S, ROOT, Server, running

BASE = "/tools/servery"


@pytest.fixture(scope="module")
def below(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("below")
    given = {"SERVERY_BASE_PATH": BASE, "SERVERY_PROXIES": "127.0.0.1"}
    given["SERVERY_JOBS"] = str(folder / "jobs")
    with running(folder / "log", None, **given) as server:
        yield server


@pytest.mark.parametrize("passed", [BASE, ""], ids=["path passed on", "path stripped"])
def test_all_links_lead_below_the_path(below: Server, passed: str) -> None:
    assert below.get(f"{passed}/").text == (ROOT / "frontend/dist/index.html").read_text()
    assert below.get(f"{passed}/docs").ok
    body = {"inputs": {"height": 70, "weight": 40}}
    address = f"{below.url}{passed}/api/v1/models/species"
    answer = requests.post(f"{address}/predictions", json=body, timeout=PATIENCE_S)
    assert answer.json()["prediction"] == "Cat"
    facts = requests.get(address, timeout=PATIENCE_S).json()
    [picture, *_] = [each["picture"] for each in facts["signature"]["output"]["classes"]]
    assert picture.startswith(f"{BASE}/api/v1/models/species/pictures/")
    assert below.get(picture).headers["Content-Type"].startswith("image/")
    [server] = below.get(f"{passed}/openapi.json").json()["servers"]
    assert server == {"url": BASE}
    job = requests.post(
        f"{address}/batches",
        files={"file": ("a.csv", "height,weight\n70,40\n")},
        timeout=PATIENCE_S,
    )
    assert job.headers["Location"].startswith(f"{BASE}/api/v1/batches/")
    assert below.get(job.headers["Location"]).json()["model"] == "species"


def test_a_path_with_the_same_beginning_is_another_path(below: Server) -> None:
    assert below.get(f"{BASE}xyz/livez").status_code == 404
    assert below.get(f"{BASE}/livez").ok
    moved = below.get(BASE, allow_redirects=False)
    assert (moved.status_code, moved.headers["Location"]) == (308, f"{BASE}/")


def test_a_listed_proxy_sets_the_path_of_a_request(below: Server) -> None:
    given = {"X-Forwarded-Prefix": "/other"}
    [server] = below.get("/openapi.json", headers=given).json()["servers"]
    assert server == {"url": "/other"}
    for odd in ("//evil.example", "https://evil.example", "/a b", "/a?b", "/..%2f"):
        [server] = below.get("/openapi.json", headers={"X-Forwarded-Prefix": odd}).json()["servers"]
        assert server == {"url": BASE}, odd


def test_no_other_client_sets_the_path(server: Server) -> None:
    [own] = server.get("/openapi.json", headers={"X-Forwarded-Prefix": "/evil"}).json()["servers"]
    assert own == {"url": "/"}


@pytest.mark.parametrize("passed", [BASE, ""], ids=["path passed on", "path stripped"])
def test_a_protocol_refuses_in_its_form_what_is_too_large(below: Server, passed: str) -> None:
    address = f"{below.url}{passed}/v1/models/species:predict"
    large = b" " * (16 * 1024 * 1024 + 1)
    answer = requests.post(address, data=large, timeout=PATIENCE_S)
    assert (answer.status_code, set(answer.json())) == (413, {"error"})

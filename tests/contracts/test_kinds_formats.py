"""A table format from a folder of one's own: ORC goes everywhere that ours go."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from servery.app import create_app
from servery.cli import main
from servery.jobs.working import JobWorker
from servery.settings import Settings
from servery.tables.frames import read_frame
from servery.tables.registry import FORMATS, register
from tests.conftest import ROOT
from tests.kinds.orc import ORC

PETS = pd.DataFrame({"name": ["Rex", "Tom"], "height": [90.2, 76.4], "weight": [47.4, 35.4]})
MEDIA_TYPE = ORC.media_type


@pytest.fixture(autouse=True)
def orc() -> Iterator[None]:
    register(ORC)
    yield
    del FORMATS["orc"]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    environ = {"SERVERY_MODELS": str(ROOT / "models"), "SERVERY_JOBS": str(tmp_path / "jobs")}
    return Settings.from_env(environ)


@pytest.fixture
def client(settings: Settings) -> FlaskClient:
    return create_app(settings).test_client()


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    path = tmp_path / "pets.orc"
    PETS.to_orc(path)
    return path


def score(*words: str | Path) -> Result:
    given = ["score", "species", *map(str, words), "--models", str(ROOT / "models")]
    return CliRunner().invoke(main, given, catch_exceptions=False)


def scored(data: bytes) -> pd.DataFrame:
    frame = pd.read_orc(io.BytesIO(data))
    assert frame["prediction"].tolist() == ["Dog", "Cat"]
    assert frame[list(PETS)].equals(PETS)
    return frame


def test_the_command_scores_it(pets: Path, tmp_path: Path) -> None:
    done = score(pets, "-o", tmp_path / "out.orc")
    assert done.exit_code == 0, done.output
    scored((tmp_path / "out.orc").read_bytes())
    nameless = tmp_path / "nameless"
    nameless.write_bytes(pets.read_bytes())
    assert score(nameless, "-o", tmp_path / "out.csv").exit_code == 0
    assert pd.read_csv(tmp_path / "out.csv")["prediction"].tolist() == ["Dog", "Cat"]


def test_a_damaged_one_is_refused(pets: Path, tmp_path: Path) -> None:
    data = pets.read_bytes()
    half, torn = tmp_path / "half.orc", tmp_path / "torn.orc"
    half.write_bytes(data[: len(data) // 2])
    torn.write_bytes(data[:-24] + b"\xff" * 24)  # its footer
    for path in (half, torn):
        done = score(path, "-o", tmp_path / "out.csv")
        assert done.exit_code == 1
        assert f"{path.name} is a damaged ORC file: " in done.output


def test_one_whose_library_is_not_installed_says_so(
    pets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FORMATS, "orc", replace(ORC, library="no_such_library", extra="orc"))
    done = score(pets, "-o", tmp_path / "out.csv")
    assert done.exit_code == 1
    assert (
        "pets.orc is an ORC file, which needs a library that is not installed here: "
        "pip install 'servery[orc]'."
    ) in done.output


def test_a_result_of_every_other_format_is_written_as_it(tmp_path: Path) -> None:
    PETS.to_csv(tmp_path / "pets.csv", index=False)
    done = score(tmp_path / "pets.csv", "-o", f"{tmp_path}/folder/", "--to", "orc")
    assert done.exit_code == 0, done.output
    frame = pd.read_orc(tmp_path / "folder" / "pets.orc")
    assert frame["prediction"].tolist() == ["Dog", "Cat"]
    assert frame.dtypes["height"] == "float64"


def test_the_help_names_it() -> None:
    assert "orc" in CliRunner().invoke(main, ["score", "--help"]).output


def test_a_model_can_be_published_with_it(pets: Path) -> None:
    pd.testing.assert_frame_equal(read_frame(pets), PETS)


@pytest.mark.parametrize(
    ("media_type", "query"),
    [(MEDIA_TYPE, ""), ("application/octet-stream", "?name=pets.orc")],
    ids=["by its media type", "by its name"],
)
def test_it_is_uploaded_and_downloaded(
    client: FlaskClient, settings: Settings, pets: Path, media_type: str, query: str
) -> None:
    answer = client.post(
        f"/api/v1/models/species/batches{query}",
        data=pets.read_bytes(),
        headers={"Content-Type": media_type},
    )
    assert answer.status_code == 202, answer.text
    address = f"/api/v1/batches/{answer.get_json()['id']}"
    JobWorker(settings).run(lambda: client.get(address).get_json()["status"] != "done")
    job = client.get(address).get_json()
    assert (job["status"], job["file"]["format"], job["to"]) == ("done", "orc", "orc")
    with client.get(f"{address}/result") as result:
        assert result.content_type == MEDIA_TYPE
        assert "-scored.orc" in result.headers["Content-Disposition"]
        scored(result.data)


def test_the_page_is_told_of_it(client: FlaskClient) -> None:
    told = client.get("/api/v1/table-formats").get_json()
    assert [each["name"] for each in told["formats"]] == list(FORMATS)
    assert told["formats"][-1] == {
        "name": "orc",
        "title": "ORC",
        "extensions": [".orc"],
        "media_type": MEDIA_TYPE,
        "options": ["missing"],
        "is_installed": True,
    }


def test_the_documents_of_the_api_name_it(client: FlaskClient) -> None:
    document = client.get("/openapi.json").get_json()
    body = document["paths"]["/api/v1/models/{model}/batches"]["post"]["requestBody"]
    assert MEDIA_TYPE in body["content"]
    assert '"orc"' in json.dumps(document)

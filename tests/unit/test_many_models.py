"""With many models, the most recently used ones are open; all are listed and answer."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from servery.app import create_app
from servery.errors import ManifestUnreadable
from servery.layout import MANIFEST
from servery.repository import Repository
from servery.settings import Settings
from tests.conftest import ROOT

NAMES = ["bikes", "income", "petrol", "species", "zoo"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    models = tmp_path / "models"
    for name in NAMES[:-1]:
        shutil.copytree(ROOT / "models" / name, models / name)
    shutil.copytree(models / "species", models / "zoo")
    return models


@pytest.fixture
def client(root: Path, tmp_path: Path) -> FlaskClient:
    settings = Settings(models=root, jobs=tmp_path / "jobs", open_models=2)
    return create_app(settings).test_client()


def open_names(repository: Repository) -> list[str]:
    return [model.name for model in repository.open_models()]


def body(client: FlaskClient, path: str) -> Any:  # noqa: ANN401
    return client.get(path).get_json()


def test_the_least_recently_used_model_is_closed(root: Path) -> None:
    repository = Repository(root, most_open=2)
    assert open_names(repository) == ["bikes", "income"]
    assert repository.opened("zoo") is None
    assert repository.get("zoo").name == "zoo"
    assert open_names(repository) == ["income", "zoo"]
    repository.get("income")
    repository.get("species")
    assert open_names(repository) == ["income", "species"]
    assert repository.closed_models() == ["bikes", "petrol", "zoo"]
    assert [model.name for model in repository] == NAMES


def test_a_broken_closed_model_is_reported_when_it_is_needed(root: Path) -> None:
    (root / "zoo" / "1" / "plan.npz").write_bytes(b"no plan")
    (root / "zoo" / "1" / "model.joblib").write_bytes(b"no estimator")
    (root / "species" / "1" / MANIFEST).write_text("{}")
    repository = Repository(root, most_open=2)
    assert repository.failures == []
    assert [outline.name for outline in repository.outlines()] == [
        "bikes",
        "income",
        "petrol",
        "zoo",
    ]
    assert [failure.name for failure in repository.failures] == ["species"]
    with pytest.raises(ManifestUnreadable):
        repository.get("species")
    for _ in range(2):
        with pytest.raises(Exception, match=r"plan\.npz|model\.joblib"):
            repository.get("zoo")
    assert [failure.label for failure in repository.failures] == ["species@1", "zoo@1"]
    assert [outline.name for outline in repository.outlines()] == ["bikes", "income", "petrol"]


def test_a_new_version_of_a_closed_model_is_served_when_it_is_needed(root: Path) -> None:
    repository = Repository(root, most_open=2)
    shutil.copytree(root / "zoo" / "1", root / "zoo" / "2")
    (root / "zoo" / "card.toml").write_text('title = "Zoo"')
    repository.refresh({"zoo"})
    assert open_names(repository) == ["bikes", "income"]
    [*_, zoo] = repository.outlines()
    assert (zoo.title, zoo.version) == ("Zoo", "2")
    assert repository.get("zoo").version == "2"
    assert repository.get("zoo@1").version == "1"
    (root / "zoo" / "2" / MANIFEST).write_text("{}")
    repository.refresh({"zoo"})
    assert repository.get("zoo").version == "2"  # as it was opened
    assert [failure.label for failure in repository.failures] == ["zoo@2"]


def test_lists_documents_and_health_include_closed_models(client: FlaskClient) -> None:
    health = body(client, "/readyz")
    assert health["models"] == {
        **dict.fromkeys(["bikes", "income"], "ready"),
        **dict.fromkeys(["petrol", "species", "zoo"], "closed"),
    }
    listed = body(client, "/api/v1/models")
    assert [each["name"] for each in listed["models"]] == NAMES
    for summary in listed["models"]:
        facts = body(client, f"/api/v1/models/{summary['name']}")
        assert summary.items() <= facts.items()
    paths = body(client, "/openapi.json")["paths"]
    assert all(f"/api/v1/models/{name}/predictions" in paths for name in NAMES)
    asked = {"inputs": {"height": 90, "weight": 50}}
    for name in ("species", "petrol", "bikes", "zoo", "species"):
        answer = client.post(f"/api/v1/models/{name}/predictions", json=asked)
        assert (answer.status_code == 200) == (name in ("species", "zoo"))

"""Version folders that were published before members of model.json were renamed still load."""

import json
from pathlib import Path

import msgspec
import pytest

from servery.errors import ManifestUnreadable
from servery.layout import model_folders
from servery.manifest import FORMAT, read_manifest
from servery.repository import Repository
from tests.conftest import ROOT
from tests.recorded import assert_gives_recorded_answers

PUBLISHED = ROOT / "tests" / "fixtures" / "published"
MANIFESTS = sorted(PUBLISHED.glob("*/*/model.json"))
NAMES = [folder.name for folder in model_folders(PUBLISHED)]


@pytest.fixture(scope="module")
def repository() -> Repository:
    return Repository(PUBLISHED)


def test_there_are_all_types_of_inputs_among_them() -> None:
    inputs = [
        each for path in MANIFESTS for each in json.loads(path.read_text())["signature"]["inputs"]
    ]
    assert {each["type"] for each in inputs} == {
        *("number", "integer", "boolean", "category", "text", "date", "datetime")
    }
    assert any(each.get("rough") for each in inputs)


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_of_then_gives_its_recorded_answers(name: str, repository: Repository) -> None:
    model = repository.get(name)
    assert model.manifest.golden
    assert_gives_recorded_answers(model)


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.parent.parent.name)
def test_nothing_of_an_old_manifest_is_lost(path: Path) -> None:
    old = json.loads(path.read_text())
    manifest = read_manifest(path.read_bytes())
    assert (old["format"], manifest.format) == (1, FORMAT)
    for before, after in zip(old["signature"]["inputs"], manifest.signature.inputs, strict=True):
        told = msgspec.to_builtins(after)
        assert told["training_stats"] == before.get("seen")
        assert list(told.get("approximate_range") or ()) == (before.get("rough") or [])


@pytest.mark.parametrize(
    "text",
    [
        '{"format": 1}',
        '{"format": 1, "signature": {"inputs": 7}}',
        '{"format": 1, "signature": [[{"seen": 1}]], "usual": null}',
        '{"format": 0}',
        "7",
    ],
)
def test_an_old_manifest_of_another_shape_is_refused_with_the_reason(text: str) -> None:
    with pytest.raises(ManifestUnreadable, match=r"model\.json: "):
        read_manifest(text.encode())

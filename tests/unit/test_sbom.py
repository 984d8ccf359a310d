"""The list of what a release holds names all that the page bundles, and nothing else."""

import importlib.util
import json
import re
from types import ModuleType

import pytest

from tests.conftest import ROOT

LOCK = json.loads((ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def sbom() -> ModuleType:
    spec = importlib.util.spec_from_file_location("sbom", ROOT / "bin" / "sbom.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_the_page_depends_on_is_listed_and_what_builds_it_is_not(sbom: ModuleType) -> None:
    names = {each["name"] for each in sbom.bundled(LOCK)}
    root = LOCK["packages"][""]
    assert names >= set(root["dependencies"])
    assert not names & set(root["devDependencies"])


def test_every_package_has_its_version_digest_and_licence(sbom: ModuleType) -> None:
    listed = sbom.bundled(LOCK)
    assert len({each["bom-ref"] for each in listed}) == len(listed) > 3
    [lit] = [each for each in listed if each["name"] == "@lit/reactive-element"]
    assert lit["purl"] == f"pkg:npm/%40lit/reactive-element@{lit['version']}"
    for each in listed:
        [digest] = each["hashes"]
        assert digest["alg"] == "SHA-512"
        assert re.fullmatch(r"[0-9a-f]{128}", digest["content"])
        assert each["licenses"][0]["expression"]

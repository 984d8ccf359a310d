"""A real server beside hostile model folders: the honest model answers, nothing leaks."""

import io
import json
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest

from servery.artifact import LoadPolicy, sha256
from servery.repository import Repository, faults
from tests.conftest import ROOT, Server, eventually, running

Spoil: TypeAlias = Callable[[Path], None]
#: What every server holds in its environment, and no answer may show.
DATABASE = "sqlite:////tmp/a-name-that-nobody-may-read.db"


def edit_manifest(folder: Path, change: Callable[[Any], None]) -> None:
    path = folder / "1" / "model.json"
    facts = json.loads(path.read_text())
    change(facts)
    path.write_text(json.dumps(facts))


def put_plan(folder: Path, data: bytes) -> None:
    """Put another plan there, as if it had been published so."""
    (folder / "1" / "plan.npz").write_bytes(data)

    def change(facts: Any) -> None:  # noqa: ANN401
        facts["artifacts"][1] |= {"sha256": sha256(data), "size_bytes": len(data)}

    edit_manifest(folder, change)


def circle(folder: Path) -> None:
    with np.load(folder / "1" / "plan.npz") as archive:
        held = dict(archive)
    trees = json.loads(held["tree"].tobytes())["plan"]["predictor"]
    left, right = held[trees["left"]["array"]], held[trees["right"]["array"]]
    left[0], right[0], left[1], right[1] = 1, 1, 0, 0
    sink = io.BytesIO()
    np.savez_compressed(sink, **held)
    put_plan(folder, sink.getvalue())


def huge_header(folder: Path) -> None:
    sink, header = io.BytesIO(), io.BytesIO()
    facts = {"descr": "<f8", "fortran_order": False, "shape": (10**13,)}
    np.lib.format.write_array_header_1_0(header, facts)
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("a0.npy", header.getvalue())
    put_plan(folder, sink.getvalue())


def refused_link(folder: Path) -> None:
    shutil.rmtree(folder / "1")
    (folder / "refused.txt").symlink_to("/proc/self/environ")


def large_refused(folder: Path) -> None:
    shutil.rmtree(folder / "1")
    (folder / "refused.txt").write_bytes(b"x" * (1 << 20))


def version_link(folder: Path) -> None:
    outside = folder.parent.parent / f"outside-{folder.name}"
    (folder / "1").rename(outside)
    (folder / "1").symlink_to(outside)


def model_link(folder: Path) -> None:
    outside = folder.parent.parent / f"whole-{folder.name}"
    folder.rename(outside)
    folder.symlink_to(outside)


def pipe(name: str) -> Spoil:
    def spoil(folder: Path) -> None:
        (folder / name).unlink()
        os.mkfifo(folder / name)

    return spoil


def large_card(folder: Path) -> None:
    with (folder / "card.toml").open("a") as file:
        file.truncate(6 << 30)


def card(text: str) -> Spoil:
    def spoil(folder: Path) -> None:
        (folder / "card.toml").write_text(text)

    return spoil


def manifest(text: str) -> Spoil:
    def spoil(folder: Path) -> None:
        (folder / "1" / "model.json").write_text(text)

    return spoil


def many_inputs(folder: Path) -> None:
    def change(facts: Any) -> None:  # noqa: ANN401
        [first, *_] = facts["signature"]["inputs"]
        slim = {key: value for key, value in first.items() if key != "training_stats"}
        facts["signature"]["inputs"] = [{**slim, "name": f"i{at}"} for at in range(200_000)]

    edit_manifest(folder, change)


def artifact_name(name: str) -> Spoil:
    def change(facts: Any) -> None:  # noqa: ANN401
        facts["artifacts"][0]["file"] = name

    return lambda folder: edit_manifest(folder, change)


def long_name(folder: Path) -> None:
    def change(facts: Any) -> None:  # noqa: ANN401
        facts["signature"]["inputs"][0]["name"] = "x" * 100_000

    edit_manifest(folder, change)


def large_artifact(folder: Path) -> None:
    with (folder / "1" / "plan.npz").open("a") as file:
        file.truncate(1 << 40)

    def change(facts: Any) -> None:  # noqa: ANN401
        facts["artifacts"][1]["size_bytes"] = 1 << 40

    edit_manifest(folder, change)


def picture_link(folder: Path) -> None:
    for picture in sorted((folder / "pictures").iterdir()):
        picture.unlink()
        picture.symlink_to("/proc/self/environ")


#: What each folder says in /readyz; None where the model is served all the same.
CASES: dict[str, tuple[Spoil, str | None]] = {
    "plan-circle": (circle, None),
    "plan-header": (huge_header, None),
    "refused-link": (refused_link, "leads out of the model repository"),
    "refused-large": (large_refused, "too large"),
    "version-link": (version_link, "leads out of the model repository"),
    "model-link": (model_link, "leads out of the model repository"),
    "card-pipe": (pipe("card.toml"), "not a regular file"),
    "manifest-pipe": (pipe("1/model.json"), "not a regular file"),
    "artifact-pipe": (pipe("1/plan.npz"), "not a regular file"),
    "card-6GB": (large_card, "too large"),
    "card-deep-key": (card(".".join("a" * 20_000) + " = 1"), "keys of at most"),
    "card-deep-list": (card("title = " + "[" * 100_000), "nested too deeply"),
    "card-long-number": (card("title = " + "1" * 100_000), "card"),
    "manifest-deep": (manifest("[" * 1_000_000), "model.json"),
    "manifest-empty": (manifest(""), "model.json"),
    "inputs-200000": (many_inputs, "at most 10,000 inputs"),
    "input-long-name": (long_name, "names of at most"),
    "artifact-dotdot": (artifact_name(".."), "plain file name"),
    "artifact-nul": (artifact_name("a\0b"), "plain file name"),
    "artifact-long-name": (artifact_name("/" * 1_000_000), "plain file name"),
    "artifact-1TB": (large_artifact, "too large"),
    "picture-link": (picture_link, None),
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository of one honest model and each hostile one."""
    root = tmp_path_factory.mktemp("hostile") / "models"
    shutil.copytree(ROOT / "models" / "species", root / "honest")
    for case, (spoil, _) in CASES.items():
        shutil.copytree(ROOT / "models" / "petrol", root / case)
        spoil(root / case)
    shutil.copytree(ROOT / "models" / "petrol", root / "version-long")
    (root / "version-long" / "1").rename(root / "version-long" / ("9" * 200))
    os.rename(  # noqa: PTH104 - a name that is not UTF-8
        shutil.copytree(ROOT / "models" / "petrol", root / "odd"), os.fsencode(root) + b"/odd-\xff"
    )
    return root


@contextmanager
def serving(root: Path, tmp_path: Path) -> Iterator[Server]:
    with running(tmp_path / "log", SERVERY_MODELS=str(root), DATABASE_URL=DATABASE) as server:
        yield server


@pytest.fixture(scope="module")
def server(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(root, tmp_path_factory.mktemp("server")) as started:
        yield started


def is_answered(server: Server) -> bool:
    example = server.get("/api/v1/models/honest").json()["examples"][0]["inputs"]
    return server.predict("honest", {"inputs": example}).status_code == 200


def test_the_honest_model_answers_beside_all_of_them(server: Server) -> None:
    assert is_answered(server)
    assert server.get("/readyz").json()["models"]["honest"] == "ready"


@pytest.mark.parametrize("case", CASES)
def test_a_hostile_folder_is_named_with_its_reason_or_served_harmlessly(
    server: Server, case: str
) -> None:
    says = CASES[case][1]
    models = server.get("/readyz").json()["models"]
    [found] = [text for name, text in models.items() if name.partition("@")[0] == case]
    assert (says or "ready") in found
    assert len(found) < 2_500
    status = server.get(f"/api/v1/models/{case}").status_code
    assert status == (503 if says else 200)


def test_odd_names_are_named_too(server: Server) -> None:
    models = server.get("/readyz").json()["models"]
    assert "rename the folder" in models["odd-\\udcff"]
    assert "no version folder" in models["version-long"]


def test_a_hostile_plan_is_not_served_compiled(server: Server) -> None:
    for case in ("plan-circle", "plan-header"):
        facts = server.get(f"/api/v1/models/{case}").json()
        assert facts["runtime"]["name"] == "sklearn"
        assert any("The compiled form is not served." in note for note in facts["notes"])


def test_nothing_of_the_server_is_shown(server: Server) -> None:
    for path in ("/readyz", "/api/v1/models", "/api/v1/models/refused-link", "/openapi.json"):
        assert "nobody-may-read" not in server.get(path).text
    [picture] = {
        each["picture"]
        for each in server.get("/api/v1/models").json()["models"]
        if each["name"] == "picture-link"
    }
    answer = server.get(picture)
    assert answer.status_code == 404
    assert "nobody-may-read" not in answer.text


def test_what_becomes_hostile_while_it_is_served_hides_nothing(tmp_path: Path) -> None:
    root = tmp_path / "models"
    shutil.copytree(ROOT / "models" / "species", root / "honest")
    with serving(root, tmp_path) as server:
        shutil.copytree(ROOT / "models" / "petrol", tmp_path / "new")
        many_inputs(tmp_path / "new")
        refused_link(shutil.copytree(ROOT / "models" / "petrol", root / ".being-made"))
        (root / ".being-made").rename(root / "link")
        (tmp_path / "new").rename(root / "many")
        names = {"honest", "many@1", "link"}
        eventually(lambda: set(server.get("/readyz").json()["models"]) == names)
        assert is_answered(server)


def test_check_names_every_one_of_them(root: Path) -> None:
    found = {trouble.name: str(trouble.error) for trouble in faults(root, LoadPolicy())}
    expected = {case for case, (_, says) in CASES.items() if says}
    assert expected <= set(found)
    assert "honest" not in found


def test_one_hostile_model_alone_is_an_error_and_no_crash(tmp_path: Path) -> None:
    large_card(shutil.copytree(ROOT / "models" / "petrol", tmp_path / "models" / "evil"))
    [trouble] = Repository(tmp_path / "models").failures
    assert "too large" in str(trouble.error)

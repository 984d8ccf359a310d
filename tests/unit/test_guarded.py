"""The only way to a file of the repository: what is read, and what is refused."""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from servery.errors import PictureNotFound
from servery.guarded import (
    FileMissing,
    FileRefused,
    add_folder,
    is_plain_name,
    make_folder,
    names_in,
    read_file,
    replace_file,
)
from servery.layout import MOST_BYTES
from servery.repository import Repository
from tests.conftest import ROOT, eventually

SECRET = b"DATABASE_URL=postgresql://user:password@host/name"
#: Where files of the repository are read; all else there is done by `servery.guarded`.
READERS = (
    *("repository", "layout.py", "card.py", "manifest", "artifact/__init__.py", "publishing"),
    *("signing.py", "served.py", "api/resources/models.py", "batch/cluster/workers.py"),
)
DIRECT = re.compile(
    r"\.(?:open|read_bytes|read_text|write_bytes|write_text|stat|lstat|is_file|exists|iterdir|glob"
    r"|rglob|mkdir|rename|unlink|touch)\(|(?<![\w.])open\("
)
#: What is not in the repository, or no file: keys, a model file that a person names, the folder of
#: the repository itself, a folder of one's own such as the cache, Python environments, a method of
#: pandas.
ALLOWED = {
    (
        "publishing/environments.py",
        'candidates += [str(each / "bin" / "python") '
        'for each in sorted(root.glob(f"3.{minor}.*"))]',
    ),
    (
        "publishing/older.py",
        'command=[str(python), "-I", "-B", "-c", SCRIPT.read_text(encoding="utf-8")],',
    ),
    ("layout.py", 'found = "none" if not root.exists() else "a file"'),
    (
        "publishing/model_file.py",
        "descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)",
    ),
    ("publishing/held_out.py", "X.iloc[fitted.places].rename(columns=str).reset_index(drop=True),"),
    ("signing.py", "data = path.read_bytes()"),
    ("signing.py", 'with path.open("rb") as file:'),
    ("publishing/converting.py", 'with written.open("xb") as file:'),
    ("publishing/repeating.py", "kept = msgspec.msgpack.decode(path.read_bytes(), type=Kept)"),
    ("publishing/repeating.py", 'with file.open("rb") as opened:'),
    ("publishing/repeating.py", "draft.rename(self._folder / key)"),
    (
        "publishing/repeating.py",
        "written = sorted(self._folder.iterdir(), key=lambda path: path.stat().st_mtime)",
    ),
    ("publishing/repeating.py", "path.unlink(missing_ok=True)"),
    ("batch/cluster/workers.py", "path.parent.mkdir(parents=True, exist_ok=True)"),
    ("batch/cluster/workers.py", "path.write_bytes(data)"),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a repository beside a secret."""
    (tmp_path / "secret").write_bytes(SECRET)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "card.toml").write_bytes(SECRET)
    folder = tmp_path / "models" / "m"
    folder.mkdir(parents=True)
    (folder / "card.toml").write_bytes(b"card")
    return tmp_path / "models"


def read(root: Path, *names: str, most_bytes: int = 1000) -> bytes:
    return read_file(root, names, most_bytes)


def test_a_file_of_the_repository_is_read(root: Path) -> None:
    assert read(root, "m", "card.toml") == b"card"


@pytest.mark.parametrize(
    "target", ["../../secret", "/etc/hostname", "/proc/self/environ", "../../models/../secret"]
)
def test_a_link_that_leads_out_is_refused(root: Path, target: str) -> None:
    (root / "m" / "refused.txt").symlink_to(target)
    with pytest.raises(FileRefused, match="leads out of the model repository"):
        read(root, "m", "refused.txt")


def test_a_folder_that_leads_out_is_refused(root: Path) -> None:
    (root / "other").symlink_to(root.parent / "outside")
    with pytest.raises(FileRefused, match="leads out"):
        read(root, "other", "card.toml")
    with pytest.raises(FileRefused, match="leads out"):
        names_in(root, ["other"])


def test_links_inside_are_followed_as_kubernetes_mounts_them(root: Path) -> None:
    (root / "m" / "..2026_01").mkdir()
    (root / "m" / "..2026_01" / "model.json").write_bytes(b"facts")
    (root / "m" / "..data").symlink_to("..2026_01")
    (root / "m" / "1").mkdir()
    (root / "m" / "1" / "model.json").symlink_to("../..data/model.json")
    assert read(root, "m", "1", "model.json") == b"facts"
    (root / "m" / "absolute").symlink_to(root / "m" / "card.toml")
    assert read(root, "m", "absolute") == b"card"


def test_the_root_itself_may_be_a_link(root: Path) -> None:
    (root.parent / "current").symlink_to("models")
    assert read(root.parent / "current", "m", "card.toml") == b"card"


def test_a_circle_of_links_is_refused(root: Path) -> None:
    (root / "m" / "a").symlink_to("b")
    (root / "m" / "b").symlink_to("a")
    with pytest.raises(FileRefused, match="cycle"):
        read(root, "m", "a")


@pytest.mark.parametrize("name", ["..", ".", "", "a/b", "../secret", "a\0b"])
def test_a_path_is_no_name(root: Path, name: str) -> None:
    with pytest.raises(FileRefused):
        read(root, "m", name)


def test_a_pipe_and_a_folder_are_refused_without_waiting(root: Path) -> None:
    os.mkfifo(root / "m" / "pipe")
    with pytest.raises(FileRefused, match="not a regular file"):
        read(root, "m", "pipe")
    with pytest.raises(FileRefused, match="is a folder"):
        read(root, "m")


def test_a_device_is_refused(root: Path) -> None:
    try:
        os.mknod(root / "m" / "zero", 0o020666, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("only the administrator makes devices")
    with pytest.raises(FileRefused, match="not a regular file"):
        read(root, "m", "zero")


def test_a_file_that_is_too_large_is_not_read(root: Path) -> None:
    with (root / "m" / "card.toml").open("a") as file:
        file.truncate(6 << 30)
    with pytest.raises(FileRefused, match="expected at most 1,048,576 bytes, found 6,442,450,944"):
        read(root, "m", "card.toml", most_bytes=MOST_BYTES["card.toml"])


def test_what_is_missing_is_told_apart(root: Path) -> None:
    for names in (["m", "other"], ["other", "card.toml"], ["m", "card.toml", "below"]):
        with pytest.raises(FileMissing):
            read(root, *names)


SWAPS = {
    "a link for another": """
        os.symlink(inside, "next"); os.rename("next", "m")
        os.symlink(outside, "next"); os.rename("next", "m")
    """,
    "a folder for a link": """
        os.rename("m", "aside"); os.symlink(outside, "m")
        os.unlink("m"); os.rename("aside", "m")
    """,
}


@pytest.mark.parametrize("swap", SWAPS)
def test_what_is_swapped_while_it_is_read_never_shows_the_outside(root: Path, swap: str) -> None:
    if swap == "a link for another":
        (root / "m").rename(root / "inside")
        (root / "m").symlink_to("inside")
    code = "import os, sys\nroot, inside, outside = sys.argv[1:]\nos.chdir(root)\nwhile True:"
    swapping = subprocess.Popen(
        [sys.executable, "-c", code + SWAPS[swap], root, "inside", root.parent / "outside"]
    )
    seen: Counter[bytes | bool] = Counter()

    def has_seen_both() -> bool:
        for _ in range(1000):
            try:
                seen[read(root, "m", "card.toml")] += 1
            except FileRefused as error:
                seen["leads out" in str(error)] += 1
        return seen[b"card"] > 50 and seen[True] > 50

    try:
        eventually(has_seen_both)
    finally:
        swapping.kill()
        swapping.wait()
    assert seen[SECRET] == 0


def test_a_file_is_replaced_in_one_step_and_a_link_is_not_followed(root: Path) -> None:
    (root / "m" / "card.toml").unlink()
    (root / "m" / "card.toml").symlink_to(root.parent / "secret")
    replace_file(root, ["m", "card.toml"], b"new")
    assert (root.parent / "secret").read_bytes() == SECRET
    assert (root / "m" / "card.toml").read_bytes() == b"new"
    assert names_in(root, ["m"]) == ["card.toml"]


def test_nothing_is_written_outside(root: Path) -> None:
    (root / "other").symlink_to(root.parent / "outside")
    with pytest.raises(FileRefused, match="leads out"):
        make_folder(root, "other")
    with pytest.raises(FileRefused, match="leads out"):
        add_folder(root, ["other", "1"], {"model.json": b"facts"})
    with pytest.raises(FileRefused, match="leads out"):
        replace_file(root, ["other", "card.toml"], b"new")
    assert names_in(root.parent, ["outside"]) == ["card.toml"]
    assert (root.parent / "outside" / "card.toml").read_bytes() == SECRET


def test_a_folder_is_added_whole_or_not_at_all(root: Path) -> None:
    make_folder(root, "new")
    add_folder(root, ["new", "1"], {"a": b"1", "b": b"2"})
    assert names_in(root, ["new", "1"]) == ["a", "b"]
    with pytest.raises(FileExistsError):
        add_folder(root, ["new", "1"], {"c": b"3"})
    with pytest.raises(FileRefused):
        add_folder(root, ["new", "2"], {"a": b"1", "no/name": b"2"})
    assert names_in(root, ["new"]) == ["1"]
    assert names_in(root, ["new", "1"]) == ["a", "b"]


@pytest.mark.parametrize(
    "name", ["", ".", "..", ".hidden", "a/b", "a\\b", "a\0b", "a\nb", "x" * 256]
)
def test_odd_names_are_not_plain(name: str) -> None:
    assert not is_plain_name(name)


def test_plain_names_are_plain() -> None:
    assert all(map(is_plain_name, ["model.joblib", "plan.npz", "Größe 2.svg", "模型.skops"]))


def test_a_picture_that_is_a_link_shows_nothing(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "models" / "species", tmp_path / "models" / "species")
    repository = Repository(tmp_path / "models")
    [name, *_] = repository.get("species").card.pictures
    assert repository.picture("species", name).startswith(b"<svg")
    picture = tmp_path / "models" / "species" / "pictures" / name
    picture.unlink()
    picture.symlink_to("/proc/self/environ")
    with pytest.raises(PictureNotFound, match="leads out of the model repository"):
        repository.picture("species", name)


def test_every_file_of_the_repository_goes_through_the_guard() -> None:
    package = ROOT / "backend" / "servery"
    found = set()
    for reader in READERS:
        path = package / reader
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            for line in file.read_text().splitlines():
                if DIRECT.search(line):
                    found.add((file.relative_to(package).as_posix(), line.strip()))
    assert found - ALLOWED == set()

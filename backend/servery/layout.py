"""Where things lie in a model repository: the names of its files and folders, nothing in them."""

import os
import re
from collections.abc import Iterable
from pathlib import Path

from servery.errors import ModelNotFound, PublishingRefused, RepositoryEmpty
from servery.guarded import FileMissing, FileRefused, file_facts, is_file, names_in, read_file

CARD = "card.toml"
MANIFEST = "model.json"
PICTURES = "pictures"
#: The statement that somebody signed on ``model.json``, beside it.
ENVELOPE = "model.json.dsse"
JOBLIB = "model.joblib"
#: The compiled forms of an estimator, by the runtime that reads them.
COMPILED = {"plan": "plan.npz", "onnx": "model.onnx"}
#: Why a model file could not be published: a sentence that is shown in the model's place.
REFUSED = "refused.txt"


#: Names of files that hold a fitted estimator, compressed or not.
MODEL_FILE = re.compile(
    r".+\.(joblib|pkl|pickle|sav|skops|plan|ubj|cbm|onnx)(\.(gz|z|zlib|bz2|xz|lzma|lz4))?",
    re.IGNORECASE,
)
#: The ending of a plan in a file of its own.
PLAN = ".plan"
#: The largest size of each kind of file; that of an artifact stands in its manifest.
MOST_BYTES = {
    CARD: 1 << 20,
    MANIFEST: 64 << 20,
    ENVELOPE: 64 << 10,
    REFUSED: 64 << 10,
    PICTURES: 10 << 20,
}
#: Names of version folders.
VERSION = re.compile(r"[0-9]{1,18}")
#: Names of models: a folder, and a part of ``name@version``.
MODEL_NAME = re.compile(r"[^\s.@/\\][^@/\\\x00-\x1f]{0,99}")


def model_folders(root: Path) -> list[Path]:
    """Return the folders below ``root`` that hold a card or a version.

    A folder that may not be read, such as a link that leads out of ``root``, is among them: it is
    reported where it is opened.

    Raises
    ------
    RepositoryEmpty
        There is no such folder, or nothing in it is a model.
    """
    if not root.is_dir():
        found = "none" if not root.exists() else "a file"
        raise RepositoryEmpty(f"Expected a folder of models, found {found} at {str(root)!r}.")
    folders = [root / name for name in _visible(root) if _is_model(root, name)]
    if folders:
        return folders
    whole = root.resolve()
    if _is_model(whole.parent, whole.name):
        raise RepositoryEmpty(
            f"{str(root)!r} is one model, not a folder of models; name the folder around it."
        )
    raise RepositoryEmpty(
        f"{str(root)!r} holds no model: expected a model file such as model.joblib, or folders "
        "that hold a card.toml and a version folder such as 1/, as `servery publish` makes them."
    )


def model_folder(root: Path, name: str) -> Path:
    """Return the folder of one model.

    Raises
    ------
    ModelNotFound, RepositoryEmpty
        There is no such model.
    """
    folders = {folder.name: folder for folder in model_folders(root)}
    if name not in folders:
        raise ModelNotFound(name, folders)
    return folders[name]


def model_files(root: Path) -> list[Path]:
    """Return the files right in a folder that are named as model files are."""
    return [path for path in plain_files(root) if MODEL_FILE.fullmatch(path.name)]


def file_title(path: Path) -> str:
    """Return the name of a model file without its endings: ``wine`` for ``wine.pkl.gz``."""
    found = MODEL_FILE.fullmatch(path.name)
    return path.stem if found is None else path.name[: found.start(1) - 1]


def plain_files(root: Path) -> list[Path]:
    """Return the regular, visible files right in a folder."""
    return [root / name for name in _visible(root) if is_file(root, [name])]


def unrecognised(root: Path) -> list[tuple[str, str]]:
    """Return the entries of a repository that are not models, each with a reason."""
    files = [
        (path.name, "A model file right in the repository is not served; `servery publish` it.")
        for path in model_files(root)
    ]
    folders = [
        (shown(name), "Expected a card.toml or a version folder such as 1/, found neither.")
        for name in _visible(root)
        if os.path.isdir(root / name) and not _is_model(root, name)  # noqa: PTH112 - no errors
    ]
    return files + folders


def _visible(root: Path) -> list[str]:
    return [name for name in names_in(root) if is_visible(name)]


def is_visible(name: str) -> bool:
    """Return whether an entry of a folder counts: names that begin with ``.`` or ``_`` do not."""
    return name[0] not in "._"


def _is_model(root: Path, name: str) -> bool:
    try:
        names = names_in(root, [name])
    except FileRefused:  # a file, a folder of the system's such as lost+found, or a link
        return (root / name).is_symlink() and os.path.isdir(root / name)  # noqa: PTH112 - no errors
    return not {CARD, REFUSED}.isdisjoint(names) or bool(version_names(root / name))


def version_names(folder: Path) -> list[str]:
    """Return the names of the version folders of a model, in ascending order of number.

    One whose manifest may not be read is among them: it is reported where it is opened.
    """
    names = [name for name in _names(folder) if VERSION.fullmatch(name)]
    return sorted((name for name in names if _has_manifest(folder, name)), key=int)


def _names(folder: Path) -> list[str]:
    try:
        return names_in(folder.parent, [folder.name])
    except FileRefused:
        return []


def _has_manifest(folder: Path, version: str) -> bool:
    try:
        file_facts(folder.parent, [folder.name, version, MANIFEST])
    except FileMissing:
        return False
    except FileRefused:
        return True
    return True


def telling_files(versions: Iterable[str]) -> list[str]:
    """Return the files of a model, by their paths in its folder, that change whenever it does."""
    of_versions = (f"{version}/{file}" for version in versions for file in (MANIFEST, ENVELOPE))
    return [CARD, *of_versions]


def refusal(folder: Path) -> str | None:
    """Return why a model could not be published, where that was noted in its folder."""
    try:
        note = read_file(folder.parent, [folder.name, REFUSED], MOST_BYTES[REFUSED])
    except FileMissing:
        return None
    except FileRefused as error:
        return str(error)
    return note.decode(errors="replace")


def shown(name: str) -> str:
    """Return the name of a file as text that any encoding can write."""
    return name.encode(errors="backslashreplace").decode()


def is_model_name(name: str) -> bool:
    """Return whether a name can be a folder, an address and a part of ``name@version``."""
    return MODEL_NAME.fullmatch(name) is not None and name == name.strip() and name == shown(name)


def require_model_name(name: str) -> None:
    """Refuse a name that could not be a folder and part of ``name@version``.

    Raises
    ------
    PublishingRefused
        Says what a name may not have.
    """
    if not is_model_name(name):
        raise PublishingRefused(
            "Expected a model name of at most 100 characters without '/', '\\' and '@' that "
            f"begins with a letter or digit, found {name!r}."
        )


def model_name(text: str) -> str:
    """Make a model name of any text: ``Mein Modell (2)`` becomes ``mein-modell-2``."""
    plain = re.sub(r"[^\w.]+", "-", text.lower()).strip("-._")
    return plain[:100] or "model"

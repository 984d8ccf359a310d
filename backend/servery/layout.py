"""Where things lie in a model repository: the names of its files and folders, nothing in them."""

import re
from pathlib import Path

from servery.errors import PublishingRefused, RepositoryEmpty

CARD = "card.toml"
MANIFEST = "model.json"
PICTURES = "pictures"
JOBLIB = "model.joblib"
#: The compiled forms of an estimator, by the runtime that reads them.
COMPILED = {"plan": "plan.npz", "onnx": "model.onnx"}
#: Why a model file could not be published: a sentence that is told in the model's place.
REFUSED = "refused.txt"


#: How files that hold a fitted estimator end.
MODEL_FILES = (".joblib", ".pkl", ".pickle", ".skops")


def model_folders(root: Path) -> list[Path]:
    """Return the folders below ``root`` that hold a card or a version.

    Raises
    ------
    RepositoryEmpty
        There is no such folder, or nothing in it is a model.
    """
    if not root.is_dir():
        raise RepositoryEmpty(f"Expected a folder of models, found none at {str(root)!r}.")
    folders = [folder for folder in _visible(root) if folder.is_dir() and _is_model(folder)]
    if folders:
        return folders
    if _is_model(root):
        raise RepositoryEmpty(
            f"{str(root)!r} is one model, not a folder of models; name the folder around it."
        )
    raise RepositoryEmpty(
        f"{str(root)!r} holds no model: expected a model file such as model.joblib, or folders "
        "that hold a card.toml and a version folder such as 1/, as `servery publish` makes them."
    )


def model_files(root: Path) -> list[Path]:
    """Return the files right in a folder that are named as model files are."""
    return [path for path in _visible(root) if path.is_file() and path.suffix in MODEL_FILES]


def strays(root: Path) -> list[tuple[str, str]]:
    """Return what lies in a repository and is no model: its name, and a sentence."""
    files = [
        (path.name, "A model file right in the repository is not served; `servery publish` it.")
        for path in model_files(root)
    ]
    folders = [
        (path.name, "Expected a card.toml or a version folder such as 1/, found neither.")
        for path in _visible(root)
        if path.is_dir() and not _is_model(path)
    ]
    return files + folders


def _visible(root: Path) -> list[Path]:
    return [path for path in sorted(root.iterdir()) if path.name[0] not in "._"]


def _is_model(folder: Path) -> bool:
    return any((folder / name).is_file() for name in (CARD, REFUSED)) or bool(version_names(folder))


def version_names(folder: Path) -> list[str]:
    """Return the names of the version folders of a model, in ascending order of number."""
    names = [path.name for path in folder.iterdir() if path.name.isascii() and path.name.isdigit()]
    return sorted((name for name in names if (folder / name / MANIFEST).is_file()), key=int)


def refusal(folder: Path) -> str | None:
    """Return why a model could not be published, where that was noted in its folder."""
    note = folder / REFUSED
    return note.read_text(encoding="utf-8") if note.is_file() else None


def require_model_name(name: str) -> None:
    """Refuse a name that could not be a folder and part of ``name@version``.

    Raises
    ------
    PublishingRefused
        Says what a name may not have.
    """
    if not re.fullmatch(r"[^\s.@/\\][^@/\\\x00-\x1f]{0,99}", name) or name != name.strip():
        raise PublishingRefused(
            "Expected a model name of at most 100 characters without '/', '\\' and '@' that "
            f"begins with a letter or digit, found {name!r}."
        )


def model_name(text: str) -> str:
    """Make a model name of any text: ``Mein Modell (2)`` becomes ``mein-modell-2``."""
    plain = re.sub(r"[^\w.]+", "-", text.lower()).strip("-._")
    return plain[:100] or "model"

"""Where things lie in a model repository: the names of its files and folders, nothing in them."""

from pathlib import Path

from servery.errors import RepositoryEmpty

CARD = "card.toml"
MANIFEST = "model.json"
PICTURES = "pictures"
JOBLIB = "model.joblib"


def model_folders(root: Path) -> list[Path]:
    """Return the folders below ``root`` that hold a card or a version.

    Raises
    ------
    RepositoryEmpty
        There is no such folder, or nothing in it is a model.
    """
    if not root.is_dir():
        raise RepositoryEmpty(f"Expected a folder of models, found none at {str(root)!r}.")
    folders = [
        folder
        for folder in sorted(root.iterdir())
        if folder.is_dir() and ((folder / CARD).is_file() or version_names(folder))
    ]
    if not folders:
        raise RepositoryEmpty(
            f"{str(root)!r} holds no model: expected folders that hold a card.toml and a version "
            "folder such as 1/."
        )
    return folders


def version_names(folder: Path) -> list[str]:
    """Return the names of the version folders of a model, in ascending order of number."""
    names = [path.name for path in folder.iterdir() if path.name.isascii() and path.name.isdigit()]
    return sorted((name for name in names if (folder / name / MANIFEST).is_file()), key=int)

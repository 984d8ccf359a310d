"""The model repository: finds the model folders, opens their versions, keeps what is open.

A folder that cannot be served is kept by name with the reason, and never hides the others.
"""

import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

from servery.artifact import open_estimator
from servery.card import Card, described, read_card, readable
from servery.errors import (
    CardUnreadable,
    ManifestUnreadable,
    ModelNotFound,
    ModelUnusable,
    PictureNotFound,
    VersionNotFound,
)
from servery.layout import CARD, MANIFEST, PICTURES, model_folders, version_names
from servery.manifest import Artifact, Manifest, read_manifest
from servery.runtimes.sklearn import SklearnRuntime
from servery.served import ServedModel


class Repository:
    """The models of one folder, opened once and kept; safe to use from many threads."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._folders = {folder.name: folder for folder in model_folders(root)}
        self._open: dict[tuple[str, str], ServedModel] = {}
        self._broken: dict[str, ModelUnusable] = {}
        self._opening = threading.Lock()

    def open_all(self) -> None:
        """Open the newest version of every model, so that workers share them after a fork."""
        for name in self._folders:
            try:
                self.get(name)
            except ModelUnusable as error:
                self._broken[name] = error

    @property
    def broken(self) -> Mapping[str, ModelUnusable]:
        """Models that cannot be served, and why."""
        return self._broken

    def __iter__(self) -> Iterator[ServedModel]:
        """Go through the models that can be served, by name."""
        for name in sorted(self._folders.keys() - self._broken.keys()):
            yield self.get(name)

    def versions(self, name: str) -> list[str]:
        """Return the versions of a model, the newest last."""
        return version_names(self._folder(name))

    def get(self, name: str, version: str | None = None) -> ServedModel:
        """Return one version of a model; the newest where none is named.

        Raises
        ------
        ModelNotFound, VersionNotFound
            Nothing is called that.
        ModelUnusable
            The version is there and cannot be served.
        """
        versions = self.versions(name)
        if version is None and versions:
            version = versions[-1]
        if version is None:
            raise ManifestUnreadable(f"{name} has no version folder yet; publish one.")
        if version not in versions:
            raise VersionNotFound(name, version, versions)
        key = (name, version)
        if key not in self._open:
            with self._opening:
                if key not in self._open:
                    self._open[key] = open_version(self._folder(name), version)
        return self._open[key]

    def picture(self, name: str, file: str) -> Path:
        """Return the path of a picture that the model's card names.

        Raises
        ------
        PictureNotFound
            The card does not name it, or it is not there.
        """
        model = self.get(name)
        path = model.pictures / file
        if file not in model.card.pictures or not path.is_file():
            raise PictureNotFound(f"Model {name!r} has no picture {file!r}.")
        return path

    def _folder(self, name: str) -> Path:
        if name not in self._folders:
            raise ModelNotFound(name, self._folders)
        return self._folders[name]


def open_version(folder: Path, version: str) -> ServedModel:
    """Open one version folder of a model folder.

    Raises
    ------
    ModelUnusable
        The card, the manifest or the artifact is at fault; the text says which and how.
    """
    manifest = read_manifest((folder / version / MANIFEST).read_bytes())
    card = _read_card(folder)
    signature = described(manifest.signature, card)
    estimator = open_estimator(folder / version, _only_artifact(manifest))
    return ServedModel(
        name=folder.name,
        version=version,
        card=card,
        manifest=manifest,
        signature=signature,
        runtime=SklearnRuntime(estimator, signature, manifest.runtime.takes),
        pictures=folder / PICTURES,
    )


def _read_card(folder: Path) -> Card:
    path = folder / CARD
    if not path.is_file():
        return Card(title=readable(folder.name))
    try:
        return read_card(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise CardUnreadable(f"card.toml is not UTF-8: {error}") from error


def _only_artifact(manifest: Manifest) -> Artifact:
    if len(manifest.artifacts) != 1:
        raise ManifestUnreadable("model.json: expected exactly one artifact.")
    return manifest.artifacts[0]

"""The model repository: finds the model folders, opens their versions, notices what changes.

A folder that cannot be served is kept by name with the reason, and never hides the others; a new
version that cannot be served leaves the one before it in place.
"""

import contextlib
import logging
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from servery.artifact import Opening, open_estimator, read_artifact
from servery.artifact.rehearsal import Rehearsal
from servery.card import Card, described, read_card, readable
from servery.errors import (
    CardUnreadable,
    CompiledUnreadable,
    InvalidInputs,
    ManifestUnreadable,
    ModelNotFound,
    ModelUnusable,
    PictureNotFound,
    RepositoryEmpty,
    VersionNotFound,
    quoted,
)
from servery.layout import (
    CARD,
    MANIFEST,
    PICTURES,
    model_folders,
    refusal,
    strays,
    version_names,
)
from servery.manifest import Manifest, read_manifest
from servery.runtimes import Runtime
from servery.runtimes.answers import answers_as_recorded
from servery.runtimes.plan import Plan, PlanRuntime
from servery.served import ServedModel
from servery.signature import Row, Signature
from servery.signature.quick import Quick
from servery.versions import unproven, version_notes

log = logging.getLogger("servery.repository")

#: When a file was last changed, and its size: enough to notice that it is another.
Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Trouble:
    """A model, or one version of it, that cannot be served, and why."""

    name: str
    version: str | None
    error: ModelUnusable

    @property
    def label(self) -> str:
        """How it is called: ``name``, or ``name@version``."""
        return f"{self.name}@{self.version}" if self.version else self.name


@dataclass(frozen=True, slots=True)
class Shelf:
    """One model folder as it was last read.

    Attributes
    ----------
    served
        The version that answers where none is named; None where none can.
    trouble
        What stands in the way of what should be served.
    """

    folder: Path
    stamp: Stamp
    versions: tuple[str, ...]
    served: ServedModel | None
    trouble: Trouble | None


class Repository:
    """The models of one folder, opened once and kept; safe to use from many threads.

    With ``only``, the others are not opened; it is an error then if no model is called that.
    """

    def __init__(self, root: Path, opening: Opening | None = None, only: str | None = None) -> None:
        self.root = root
        self._only = only
        self._rehearsal = Rehearsal(opening or Opening())
        folders = model_folders(root)  # at the start, nothing to serve is an error
        if only is not None and only not in (names := [folder.name for folder in folders]):
            raise ModelNotFound(only, names)
        self._shelves: Mapping[str, Shelf] = {}
        self._opened: dict[tuple[str, str, Stamp], ServedModel] = {}
        self._reading = threading.Lock()
        self.refresh()

    def refresh(self) -> None:
        """Read what changed since the last time: models and versions come, go and are edited.

        Whoever asks meanwhile gets what was there before, then what is there now.
        """
        with self._reading:
            try:
                folders = [
                    folder
                    for folder in model_folders(self.root)
                    if self._only in (None, folder.name)
                ]
            except RepositoryEmpty:
                folders = []
            self._rehearse(folders)
            alike = Counter(_plain(folder.name) for folder in folders)
            self._shelves = {
                folder.name: self._read(folder, is_alone=alike[_plain(folder.name)] == 1)
                for folder in folders
            }
            kept = {(name, shelf.stamp) for name, shelf in self._shelves.items()}
            for name, version, stamp in list(self._opened):
                if (name, stamp) not in kept:
                    del self._opened[name, version, stamp]

    def _rehearse(self, folders: Sequence[Path]) -> None:
        """Open what is new in another process, all of it at once: it costs one start."""
        news = [
            (folder, version)
            for folder in folders
            if (versions := tuple(version_names(folder)))
            and (
                folder.name not in self._shelves or self._shelves[folder.name].versions != versions
            )
            for version in versions[-1:]
        ]
        files = []
        for folder, version in news:
            with contextlib.suppress(ModelUnusable, OSError):  # told where it is opened itself
                manifest = read_manifest(_manifest(folder, version))
                if manifest.runtime.name != "sklearn":
                    continue
                artifact = manifest.estimator
                files.append((artifact.file, read_artifact(folder / version, artifact)))
        self._rehearsal.prepare(files)

    def watch(self, interval_s: float) -> threading.Event:
        """Refresh again and again in a thread of its own, until the event returned is set."""
        stop = threading.Event()

        def loop() -> None:
            while not stop.wait(interval_s):
                try:
                    self.refresh()
                except Exception:
                    log.exception("the model repository could not be read")

        threading.Thread(target=loop, name="servery-watch", daemon=True).start()
        return stop

    @property
    def troubles(self) -> list[Trouble]:
        """What cannot be served, and why, by name."""
        shelves = self._shelves
        return [shelf.trouble for _, shelf in sorted(shelves.items()) if shelf.trouble]

    def __iter__(self) -> Iterator[ServedModel]:
        """Go through the models that can be served, by name."""
        shelves = self._shelves
        return iter([shelf.served for _, shelf in sorted(shelves.items()) if shelf.served])

    def versions(self, name: str) -> tuple[str, ...]:
        """Return the versions of a model, the newest last."""
        return self._shelf(name).versions

    def get(self, name: str, version: str | None = None) -> ServedModel:
        """Return one version of a model; the one that is served where none is named.

        Parameters
        ----------
        name
            Of the model; ``name@version`` names a version too.

        Raises
        ------
        ModelNotFound, VersionNotFound
            Nothing is called that.
        ModelUnusable
            The version is there and cannot be served.
        """
        name, _, named = name.partition("@")
        version = (named or None) if version is None else version
        shelf = self._shelf(name)
        if version is None or (shelf.served and version == shelf.served.version):
            if shelf.served is None:
                raise _reason(shelf)
            return shelf.served
        if version not in shelf.versions:
            raise VersionNotFound(name, version, shelf.versions)
        key = (name, version, shelf.stamp)
        if key not in self._opened:
            with self._reading:
                if key not in self._opened:
                    self._opened[key] = open_version(shelf.folder, version, self._rehearsal)
        return self._opened[key]

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
            raise PictureNotFound(f"Model {name!r} has no picture {quoted(file)}.")
        return path

    def _shelf(self, name: str) -> Shelf:
        shelves = self._shelves
        if name not in shelves:
            raise ModelNotFound(name, shelves)
        return shelves[name]

    def _read(self, folder: Path, *, is_alone: bool) -> Shelf:
        """Return the shelf of a folder: as it was where nothing changed, else read anew."""
        before = self._shelves.get(folder.name)
        versions = tuple(version_names(folder))
        stamp = (*_stamp(folder, versions), ("alone", int(is_alone), 0))
        if before and before.stamp == stamp:
            return before
        served, trouble = self._choose(folder, versions, before.served if before else None)
        if not is_alone:
            served, trouble = None, Trouble(folder.name, None, _not_alone(folder.name))
        if trouble:
            log.error("%s cannot be served: %s", trouble.label, trouble.error)
        if served and (before is None or served is not before.served):
            log.info("%s@%s is served", served.name, served.version)
        return Shelf(folder, stamp, versions, served, trouble)

    def _choose(
        self, folder: Path, versions: tuple[str, ...], before: ServedModel | None
    ) -> tuple[ServedModel | None, Trouble | None]:
        """Open the version that should be served; where it fails, stay with what can be served."""
        name = folder.name
        try:
            pinned = _read_card(folder).version
            if pinned is not None and pinned not in versions:
                raise CardUnreadable(
                    f"card.toml: `version` names {pinned!r}; the model has "
                    f"{', '.join(versions) or 'none'}."
                )
            if not versions:
                reason = refusal(folder) or f"{name} has no version folder yet; publish one."
                raise ManifestUnreadable(reason)
        except CardUnreadable as error:
            return before, Trouble(name, None, error)
        except ManifestUnreadable as error:
            return None, Trouble(name, None, error)
        trouble = None
        for version in [pinned] if pinned else reversed(versions):
            try:
                return open_version(folder, version, self._rehearsal), trouble
            except ModelUnusable as error:
                trouble = trouble or Trouble(name, version, error)
            if before:
                return before, trouble
        return None, trouble


def open_version(folder: Path, version: str, rehearsal: Rehearsal) -> ServedModel:
    """Open one version folder of a model folder.

    Raises
    ------
    ModelUnusable
        The card, the manifest or the artifact is at fault; the text says which and how.
    """
    manifest = read_manifest(_manifest(folder, version))
    card = _read_card(folder)
    signature = described(manifest.signature, card)
    runtime, notes = _open_runtime(folder / version, manifest, signature, rehearsal)
    return ServedModel(
        name=folder.name,
        version=version,
        card=card,
        manifest=manifest,
        signature=signature,
        quick=Quick(signature),
        runtime=runtime,
        pictures=folder / PICTURES,
        background=_background(manifest),
        notes=[*manifest.notes, *notes],
    )


def _background(manifest: Manifest) -> Sequence[Row]:
    """Return the background rows parsed, by the limits of training and not those of the card."""
    names = manifest.signature.names
    try:
        instances = [dict(zip(names, row, strict=True)) for row in manifest.background]
        return manifest.signature.parse(instances).rows
    except (InvalidInputs, ValueError) as error:
        raise ManifestUnreadable(f"model.json: background rows do not fit: {error}") from error


def _open_runtime(
    folder: Path, manifest: Manifest, signature: Signature, rehearsal: Rehearsal
) -> tuple[Runtime, list[str]]:
    """Open the compiled form where there is one, else the estimator; with what to say of it."""
    if manifest.runtime.name == "sklearn":
        return _open_estimator(folder, manifest, signature, rehearsal)
    data = read_artifact(folder, manifest.compiled)
    try:
        compiled = _open_compiled(manifest.runtime.name, data, signature)
    except CompiledUnreadable as error:
        why = str(error)
    else:
        if answers_as_recorded(manifest, compiled):
            return compiled, unproven(manifest.training)
        why = "It does not give the recorded answers on this machine."
    log.warning("%s@%s is not served compiled: %s", manifest.name, manifest.version, why)
    runtime, notes = _open_estimator(folder, manifest, signature, rehearsal)
    return runtime, [*notes, f"The compiled form is not served. {why}"]


def _open_compiled(name: str, data: bytes, signature: Signature) -> Runtime:
    if name == "onnx":
        from servery.runtimes.onnx import OnnxRuntime

        return OnnxRuntime(data, signature)
    return PlanRuntime(Plan.load(data), signature)


def _open_estimator(
    folder: Path, manifest: Manifest, signature: Signature, rehearsal: Rehearsal
) -> tuple[Runtime, list[str]]:
    # Imported here, so that a server of compiled models never loads scikit-learn and pandas.
    from servery.runtimes.sklearn import SklearnRuntime

    artifact = manifest.estimator
    data = read_artifact(folder, artifact)
    rehearsal.require(artifact.file, data)
    opened = open_estimator(data, artifact.file, rehearsal.opening)
    runtime = SklearnRuntime(opened.estimator, signature, manifest.runtime)
    return runtime, version_notes(opened.fitted_with, manifest, runtime)


def _plain(name: str) -> str:
    """Return a name as people and some file systems tell names apart: not by case."""
    return unicodedata.normalize("NFC", name).casefold()


def _not_alone(name: str) -> ModelUnusable:
    return ManifestUnreadable(
        f"Two models are called {name!r}, but for upper and lower case; rename one of the folders."
    )


def _reason(shelf: Shelf) -> ModelUnusable:
    return shelf.trouble.error if shelf.trouble else ManifestUnreadable("Nothing can be served.")


def _stamp(folder: Path, versions: tuple[str, ...]) -> Stamp:
    files = [folder / CARD, *(folder / version / MANIFEST for version in versions)]
    stamps = []
    for file in files:
        try:
            facts = file.stat()
        except OSError:  # there is no card, or it goes at this very moment
            continue
        stamps.append((str(file.relative_to(folder)), facts.st_mtime_ns, facts.st_size))
    return tuple(stamps)


def _manifest(folder: Path, version: str) -> bytes:
    return (folder / version / MANIFEST).read_bytes()


def _read_card(folder: Path) -> Card:
    path = folder / CARD
    if not path.is_file():
        return Card(title=readable(folder.name))
    try:
        return read_card(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise CardUnreadable(f"card.toml is not UTF-8: {error}") from error


def faults(root: Path, opening: Opening) -> list[Trouble]:
    """Return everything in a repository that could not be served, each version of it by itself.

    Raises
    ------
    RepositoryEmpty
        There is nothing to look at.
    """
    found = [Trouble(name, None, ManifestUnreadable(reason)) for name, reason in strays(root)]
    rehearsal = Rehearsal(opening)
    found += [trouble for trouble in Repository(root, opening).troubles if trouble.version is None]
    for folder in model_folders(root):
        for version in version_names(folder):
            try:
                open_version(folder, version, rehearsal)
                for artifact in read_manifest(_manifest(folder, version)).artifacts:
                    read_artifact(folder / version, artifact)
            except ModelUnusable as error:
                found.append(Trouble(folder.name, version, error))
    return found

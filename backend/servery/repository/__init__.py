"""The model repository: finds model folders, opens their versions and notices changes.

A folder that cannot be served is listed with the reason and never hides the others. A new version
that cannot be served leaves the previous one in place. If there are very many models, only the most
recently used ones are open.
"""

import contextlib
import logging
import threading
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from servery.artifact import LoadPolicy, opened_artifact, require_published
from servery.artifact.sandbox import SandboxedLoad
from servery.errors import (
    CardUnreadable,
    ManifestUnreadable,
    ModelNotFound,
    ModelUnusable,
    PictureNotFound,
    RepositoryEmpty,
    VersionNotFound,
    quoted,
)
from servery.guarded import FileMissing, FileRefused, file_facts, read_file
from servery.layout import (
    MOST_BYTES,
    PICTURES,
    is_model_name,
    model_folders,
    refusal,
    shown,
    telling_files,
    unrecognised,
    version_names,
)
from servery.repository.loading import (
    blamed_on,
    manifest_of,
    model_card,
    open_version,
    read_outline,
)
from servery.served import Outline, ServedModel
from servery.watching import Lookout

log = logging.getLogger("servery.repository")

#: How many models are open at a time by default.
MOST_OPEN = 100

#: Name, modification time and size of each file: enough to notice a change.
Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class LoadFailure:
    """A model, or one version of it, that cannot be served, and why."""

    name: str
    version: str | None
    error: ModelUnusable

    @property
    def label(self) -> str:
        """``name``, or ``name@version``."""
        return f"{self.name}@{self.version}" if self.version else self.name


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One model folder as it was last read.

    Attributes
    ----------
    is_alone
        Whether no other model has the same name, except for upper and lower case.
    is_open
        Whether it was opened, or failed to open. If not, it is opened when a request needs it.
    served
        The version that answers by default; None if none can.
    failure
        Why the version that should be served is not, as far as that is known.
    """

    folder: Path
    stamp: Stamp
    is_alone: bool
    versions: tuple[str, ...]
    is_open: bool
    served: ServedModel | None
    failure: LoadFailure | None


class Repository:
    """The models of one folder, opened once and kept; safe to use from many threads.

    Parameters
    ----------
    only
        No other model is opened, and it is an error if this one does not exist.
    most_open
        How many models are open at a time. Others are opened when a request needs them, and the
        least recently used one is closed.
    """

    def __init__(
        self,
        root: Path,
        policy: LoadPolicy | None = None,
        only: str | None = None,
        most_open: int = MOST_OPEN,
    ) -> None:
        self.root = root
        self._only = only
        self._most_open = most_open
        self._sandbox = SandboxedLoad(policy or LoadPolicy())
        folders = model_folders(root)  # at the start, nothing to serve is an error
        if only is not None and only not in (names := [folder.name for folder in folders]):
            raise ModelNotFound(only, names)
        self._entries: Mapping[str, ModelEntry] = {}
        self._has_closed = False
        self._outlines: dict[tuple[str, Stamp], Outline] = {}
        #: When each model was last used, as a count of uses, if some are closed.
        self._turns: dict[str, int] = {}
        self._turn = count(1)
        self._opened: dict[tuple[str, str, Stamp], ServedModel] = {}
        self._reading = threading.Lock()
        self._lookout = Lookout(root)
        self._lookout.look_at_all()
        self.refresh()

    def refresh(self, changed: Collection[str] | None = None) -> None:
        """Read what changed since the last call.

        Concurrent readers see the old state until the new one is complete.

        Parameters
        ----------
        changed
            The names of the folders to look at, besides new ones; by default all.
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
            self._take(self._read_all(folders, changed))
            kept = {(name, entry.stamp) for name, entry in self._entries.items()}
            for name, version, stamp in list(self._opened):
                if (name, stamp) not in kept:
                    del self._opened[name, version, stamp]
            for key in [key for key in self._outlines if key not in kept]:
                del self._outlines[key]

    def watch(self, interval_s: float) -> threading.Event:
        """Refresh what changed repeatedly in a thread, until the returned event is set."""
        stop = threading.Event()

        def loop() -> None:
            while not stop.wait(interval_s):
                try:
                    if changed := self._lookout.changed() | self._set_aside():
                        self.refresh(changed)
                except Exception:  # the watch must not end: it tries again in a moment
                    log.exception("the model repository could not be read")

        threading.Thread(target=loop, name="servery-watch", daemon=True).start()
        return stop

    @property
    def policy(self) -> LoadPolicy:
        """The settings with which files are opened."""
        return self._sandbox.policy

    @property
    def failures(self) -> list[LoadFailure]:
        """What cannot be served, and why, sorted by name."""
        entries = self._entries
        return [entry.failure for _, entry in sorted(entries.items()) if entry.failure]

    def __iter__(self) -> Iterator[ServedModel]:
        """Iterate over the models that can be served, by name; each is opened for that."""
        for name in sorted(self._entries):
            with contextlib.suppress(ModelNotFound):  # removed in the meantime
                if served := self._open_entry(name).served:
                    yield served

    def open_models(self) -> list[ServedModel]:
        """Return the models that are open, by name."""
        entries = self._entries
        return [entry.served for _, entry in sorted(entries.items()) if entry.served]

    def closed_models(self) -> list[str]:
        """Return the names of models that are opened only when a request needs them."""
        return sorted(name for name, entry in self._entries.items() if not entry.is_open)

    def outlines(self) -> list[Outline]:
        """Return what a list shows of each model that can be served, open or not, by name."""
        entries = self._entries
        found = [self._outline(name, entry) for name, entry in sorted(entries.items())]
        return [outline for outline in found if outline is not None]

    def versions(self, name: str) -> tuple[str, ...]:
        """Return the versions of a model, the newest last."""
        return self._entry(name).versions

    def get(self, name: str, version: str | None = None) -> ServedModel:
        """Return one version of a model; by default the served one.

        Parameters
        ----------
        name
            ``name`` or ``name@version``.

        Raises
        ------
        ModelNotFound, VersionNotFound
            There is no such model or version.
        ModelUnusable
            The version exists but cannot be served.
        """
        name, _, named = name.partition("@")
        version = (named or None) if version is None else version
        entry = self._entries.get(name)
        if entry is None or not entry.is_open:
            entry = self._open_entry(name)
        if self._has_closed:
            self._turns[name] = next(self._turn)
        if version is None or (entry.served and version == entry.served.version):
            if entry.served is None:
                raise _reason(entry)
            return entry.served
        if version not in entry.versions:
            raise VersionNotFound(name, version, entry.versions)
        return self._opened.get((name, version, entry.stamp)) or self._other(entry, name, version)

    def opened(self, name: str, version: str | None = None) -> ServedModel | None:
        """Return what `get` would, if it is open already; otherwise None."""
        name, _, named = name.partition("@")
        version = (named or None) if version is None else version
        entry = self._entries.get(name)
        if entry is None:
            return None
        if version is None or (entry.served and version == entry.served.version):
            return entry.served
        return self._opened.get((name, version, entry.stamp))

    def picture(self, name: str, file: str) -> bytes:
        """Return a picture that the model's card names.

        Raises
        ------
        PictureNotFound
            The card does not name it, or the file is missing.
        """
        model = self.get(name)
        if file not in model.card.pictures:
            raise PictureNotFound(f"Model {name!r} has no picture {quoted(file)}.")
        names = [model.folder.name, PICTURES, file]
        try:
            return read_file(model.folder.parent, names, MOST_BYTES[PICTURES])
        except FileMissing as error:
            raise PictureNotFound(f"Model {name!r} has no picture {quoted(file)}.") from error
        except FileRefused as error:
            raise PictureNotFound(str(error)) from error

    def _entry(self, name: str) -> ModelEntry:
        entries = self._entries
        if name not in entries:
            raise ModelNotFound(name, entries)
        return entries[name]

    def _open_entry(self, name: str) -> ModelEntry:
        """Return the entry of a model, which is opened if it is not."""
        entry = self._entry(name)
        if entry.is_open:
            return entry
        with self._reading:
            entry = self._entry(name)
            if not entry.is_open:
                served, failure = self._choose(entry.folder, entry.versions, None)
                entry = replace(entry, is_open=True, served=served, failure=failure)
                _log_change(served, failure)
                self._take(self._with_room({**self._entries, name: entry}, name))
        return entry

    def _other(self, entry: ModelEntry, name: str, version: str) -> ServedModel:
        """Open a version that is not the served one, and close the one opened longest ago."""
        key = name, version, entry.stamp
        with self._reading:
            model = self._opened.get(key) or open_version(entry.folder, version, self._sandbox)
            self._opened[key] = model
            if len(self._opened) > self._most_open:
                del self._opened[next(iter(self._opened))]
        return model

    def _with_room(self, entries: dict[str, ModelEntry], name: str) -> dict[str, ModelEntry]:
        """Close the least recently used model, if too many are open."""
        others = [each for each, entry in entries.items() if entry.served and each != name]
        if len(others) >= self._most_open:
            longest = min(others, key=lambda each: self._turns.get(each, 0))
            entries[longest] = replace(entries[longest], is_open=False, served=None)
        return entries

    def _take(self, entries: Mapping[str, ModelEntry]) -> None:
        self._has_closed = not all(entry.is_open for entry in entries.values())
        self._entries = entries

    def _outline(self, name: str, entry: ModelEntry) -> Outline | None:
        if entry.served is not None:
            return entry.served.outline
        if entry.is_open:
            return None
        key = name, entry.stamp
        if key not in self._outlines:
            try:
                version = _pinned(entry.folder, entry.versions) or entry.versions[-1]
                outline = read_outline(entry.folder, version, self.policy)
            except ModelUnusable:  # another version may work; if not, the reason is listed
                served = self._open_entry(name).served
                return served.outline if served else None
            self._outlines[key] = outline
        return self._outlines[key]

    def _set_aside(self) -> set[str]:
        """Return the folders of models whose processes failed too often."""
        return {model.folder.name for model in self.open_models() if model.runtime.set_aside}

    def _read_all(
        self, folders: list[Path], changed: Collection[str] | None
    ) -> dict[str, ModelEntry]:
        """Return the entry of each folder; the first models are opened, as far as there is room."""
        alike = Counter(_plain(folder.name) for folder in folders)
        entries: dict[str, ModelEntry] = {}
        room = self._most_open - len(self.open_models())
        for folder in folders:
            is_alone = alike[_plain(folder.name)] == 1
            before = self._entries.get(shown(folder.name))
            is_same = before is not None and is_alone == before.is_alone
            if before and is_same and changed is not None and folder.name not in changed:
                entry = before
            else:
                entry = self._read(folder, before, is_alone=is_alone, may_open=room > 0)
                room -= before is None and entry.served is not None
            entries[shown(folder.name)] = entry
        return entries

    def _read(
        self, folder: Path, before: ModelEntry | None, *, is_alone: bool, may_open: bool
    ) -> ModelEntry:
        """Return the entry of a folder: the previous one, unless something changed."""
        versions = tuple(version_names(folder))
        stamp = _stamp(folder, versions)
        current = before.served if before else None
        if current is not None and current.runtime.set_aside:
            current = None
        elif before and (before.stamp, before.is_alone) == (stamp, is_alone):
            return before
        entry = ModelEntry(folder, stamp, is_alone, versions, True, None, None)
        if not is_alone:
            twin = LoadFailure(shown(folder.name), None, _not_alone(folder.name))
            _log_change(None, twin)
            return replace(entry, failure=twin)
        if not (before.is_open if before else may_open):
            return replace(entry, is_open=False)
        served, failure = self._choose(folder, versions, current)
        _log_change(None if before and served is before.served else served, failure)
        return replace(entry, served=served, failure=failure)

    def _choose(
        self, folder: Path, versions: tuple[str, ...], before: ServedModel | None
    ) -> tuple[ServedModel | None, LoadFailure | None]:
        """Open the version that should be served; if that fails, keep one that works."""
        name = shown(folder.name)
        try:
            if not is_model_name(folder.name):
                raise ManifestUnreadable(f"{name!r} cannot be a model's name; rename the folder.")
            pinned = _pinned(folder, versions)
        except CardUnreadable as error:
            return before, LoadFailure(name, None, error)
        except ManifestUnreadable as error:
            return None, LoadFailure(name, None, error)
        failure = None
        for version in [pinned] if pinned else reversed(versions):
            try:
                return open_version(folder, version, self._sandbox), failure
            except ModelUnusable as error:
                failure = failure or LoadFailure(name, version, error)
            if before:
                return before, failure
        return None, failure


def _log_change(served: ServedModel | None, failure: LoadFailure | None) -> None:
    if failure:
        log.error("%s cannot be served: %s", failure.label, failure.error)
    if served:
        log.info("%s@%s is served", served.name, served.version)


def _pinned(folder: Path, versions: tuple[str, ...]) -> str | None:
    """Return the version that the card pins, if it does.

    Raises
    ------
    CardUnreadable, ManifestUnreadable
        The pinned version does not exist, or there is no version.
    """
    with blamed_on("The card"):
        pinned = model_card(folder).version
        if pinned is not None and pinned not in versions:
            raise CardUnreadable(
                f"card.toml: `version` names {pinned!r}; the model has "
                f"{', '.join(versions) or 'none'}."
            )
        if not versions:
            reason = refusal(folder) or f"{folder.name} has no version folder yet; publish one."
            raise ManifestUnreadable(reason)
        return pinned


def _plain(name: str) -> str:
    """Return a name without case, as people and some file systems compare names."""
    return unicodedata.normalize("NFC", name).casefold()


def _not_alone(name: str) -> ModelUnusable:
    return ManifestUnreadable(
        f"Two models are called {name!r}, except for upper and lower case. Rename one folder."
    )


def _reason(entry: ModelEntry) -> ModelUnusable:
    return entry.failure.error if entry.failure else ManifestUnreadable("Nothing can be served.")


def _stamp(folder: Path, versions: tuple[str, ...]) -> Stamp:
    stamps = []
    for file in telling_files(versions):
        with contextlib.suppress(FileRefused):  # there is none, or reading it says what is wrong
            facts = file_facts(folder.parent, [folder.name, *file.split("/")])
            stamps.append((file, facts.modified_ns, facts.size_bytes))
    return tuple(stamps)


def faults(root: Path, policy: LoadPolicy) -> list[LoadFailure]:
    """Return everything in a repository that could not be served, each version of it by itself.

    Raises
    ------
    RepositoryEmpty
        There is nothing to look at.
    """
    found = [
        LoadFailure(name, None, ManifestUnreadable(reason)) for name, reason in unrecognised(root)
    ]
    sandbox = SandboxedLoad(policy)
    repository = Repository(root, policy)
    for _ in repository:  # what is closed is not known to fail
        continue
    found += [failure for failure in repository.failures if failure.version is None]
    for folder in model_folders(root):
        for version in version_names(folder):
            try:
                open_version(folder, version, sandbox)
                with blamed_on(f"Version {version}"):
                    for artifact in manifest_of(folder, version, policy).artifacts:
                        with opened_artifact(folder / version, artifact) as descriptor:
                            require_published(descriptor, artifact)
            except ModelUnusable as error:
                found.append(LoadFailure(shown(folder.name), version, error))
    return found

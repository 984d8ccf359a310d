"""The model repository: finds model folders, opens their versions and notices changes.

A folder that cannot be served is listed with the reason and never hides the others. A new version
that cannot be served leaves the previous one in place.
"""

import contextlib
import logging
import threading
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from servery.artifact import (
    LoadPolicy,
    opened_artifact,
    read_artifact,
    require_published,
    sha256,
)
from servery.artifact.checking import require_checked
from servery.artifact.sandbox import SandboxedLoad, describe_failure
from servery.artifact.specs import Loaded, LoadSpec, ServeSpec
from servery.cage.client import CageFailed, Lease
from servery.card import Card, card_of, described, readable
from servery.errors import (
    ArtifactRejected,
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
from servery.guarded import FileMissing, FileRefused, file_facts, read_file
from servery.layout import (
    CARD,
    ENVELOPE,
    MANIFEST,
    MOST_BYTES,
    PICTURES,
    is_model_name,
    model_folders,
    refusal,
    shown,
    unrecognised,
    version_names,
)
from servery.manifest import Artifact, Manifest, RuntimeFacts, manifest_bytes, read_manifest
from servery.runtimes import Runtime
from servery.runtimes.answers import fault_of_recorded
from servery.runtimes.caged import CagedRuntime
from servery.runtimes.plan import Plan, PlanRuntime
from servery.served import ServedModel
from servery.signature import Row, Signature
from servery.signature.reading import InstanceReader
from servery.versions import unverified, version_notes
from servery.watching import Lookout

log = logging.getLogger("servery.repository")

#: Limit for the reason why a model is not served, which may quote its files.
MOST_CHARACTERS = 2_000

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
    served
        The version that answers by default; None if none can.
    failure
        Why the version that should be served is not.
    """

    folder: Path
    stamp: Stamp
    is_alone: bool
    versions: tuple[str, ...]
    served: ServedModel | None
    failure: LoadFailure | None


class Repository:
    """The models of one folder, opened once and kept; safe to use from many threads.

    With ``only``, no other model is opened, and it is an error if that one does not exist.
    """

    def __init__(
        self, root: Path, policy: LoadPolicy | None = None, only: str | None = None
    ) -> None:
        self.root = root
        self._only = only
        self._sandbox = SandboxedLoad(policy or LoadPolicy())
        folders = model_folders(root)  # at the start, nothing to serve is an error
        if only is not None and only not in (names := [folder.name for folder in folders]):
            raise ModelNotFound(only, names)
        self._entries: Mapping[str, ModelEntry] = {}
        self._opened: dict[tuple[str, str, Stamp], ServedModel] = {}
        self._reading = threading.Lock()
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
            alike = Counter(_plain(folder.name) for folder in folders)
            self._entries = {
                shown(folder.name): self._read(
                    folder,
                    is_alone=alike[_plain(folder.name)] == 1,
                    may_differ=changed is None or folder.name in changed,
                )
                for folder in folders
            }
            kept = {(name, entry.stamp) for name, entry in self._entries.items()}
            for name, version, stamp in list(self._opened):
                if (name, stamp) not in kept:
                    del self._opened[name, version, stamp]

    def watch(self, interval_s: float) -> threading.Event:
        """Refresh what changed repeatedly in a thread, until the returned event is set."""
        stop = threading.Event()
        lookout = Lookout(self.root)

        def loop() -> None:
            while not stop.wait(interval_s):
                try:
                    if changed := lookout.changed() | self._set_aside():
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
        """Iterate over the models that can be served, by name."""
        entries = self._entries
        return iter([entry.served for _, entry in sorted(entries.items()) if entry.served])

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
        entry = self._entry(name)
        if version is None or (entry.served and version == entry.served.version):
            if entry.served is None:
                raise _reason(entry)
            return entry.served
        if version not in entry.versions:
            raise VersionNotFound(name, version, entry.versions)
        key = (name, version, entry.stamp)
        if key not in self._opened:
            with self._reading:
                if key not in self._opened:
                    self._opened[key] = open_version(entry.folder, version, self._sandbox)
        return self._opened[key]

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

    def _set_aside(self) -> set[str]:
        """Return the folders of models whose processes failed too often."""
        entries = self._entries.values()
        return {
            entry.folder.name
            for entry in entries
            if entry.served is not None and entry.served.runtime.set_aside
        }

    def _read(self, folder: Path, *, is_alone: bool, may_differ: bool) -> ModelEntry:
        """Return the entry of a folder: the previous one, unless something changed."""
        before = self._entries.get(shown(folder.name))
        if before and not may_differ and is_alone == before.is_alone:
            return before
        versions = tuple(version_names(folder))
        stamp = _stamp(folder, versions)
        current = before.served if before else None
        if current is not None and current.runtime.set_aside:
            current = None
        elif before and (before.stamp, before.is_alone) == (stamp, is_alone):
            return before
        served, failure = self._choose(folder, versions, current)
        if not is_alone:
            served, failure = None, LoadFailure(shown(folder.name), None, _not_alone(folder.name))
        if failure:
            log.error("%s cannot be served: %s", failure.label, failure.error)
        if served and (before is None or served is not before.served):
            log.info("%s@%s is served", served.name, served.version)
        return ModelEntry(folder, stamp, is_alone, versions, served, failure)

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


def _pinned(folder: Path, versions: tuple[str, ...]) -> str | None:
    """Return the version that the card pins, if it does.

    Raises
    ------
    CardUnreadable, ManifestUnreadable
        The pinned version does not exist, or there is no version.
    """
    with _blamed_on("The card"):
        pinned = _card(folder).version
        if pinned is not None and pinned not in versions:
            raise CardUnreadable(
                f"card.toml: `version` names {pinned!r}; the model has "
                f"{', '.join(versions) or 'none'}."
            )
        if not versions:
            reason = refusal(folder) or f"{folder.name} has no version folder yet; publish one."
            raise ManifestUnreadable(reason)
        return pinned


def open_version(folder: Path, version: str, sandbox: SandboxedLoad) -> ServedModel:
    """Open one version folder of a model folder.

    Raises
    ------
    ModelUnusable
        The card, the manifest or the artifact cannot be used; the text says why.
    """
    with _blamed_on(f"Version {version}"):
        return _open_version(folder, version, sandbox)


@contextlib.contextmanager
def _blamed_on(what: str) -> Iterator[None]:
    """Turn any error into an error of one model, with a text of bounded length.

    The broad ``except`` is deliberate. Other people wrote the files that are read here, so no list
    of errors is complete, and an unexpected one must not affect the other models.
    """
    try:
        yield
    except ModelUnusable as error:
        text = str(error)
        if len(text) <= MOST_CHARACTERS:
            raise
        raise type(error)(f"{text[:MOST_CHARACTERS]}…") from error
    except MemoryError as error:
        raise ManifestUnreadable(f"{what} needs more memory than is available.") from error
    except RecursionError as error:
        raise ManifestUnreadable(f"{what} is nested too deeply.") from error
    except Exception as error:  # one model must not hide the others
        log.exception("%s cannot be opened", what)
        raise ManifestUnreadable(
            f"{what} cannot be opened ({type(error).__name__}); publish it again."
        ) from error


def _manifest(folder: Path, version: str, policy: LoadPolicy) -> Manifest:
    """Return the manifest of a version, after checking its signature if keys are trusted."""
    data = manifest_bytes(folder / version)
    policy.trusted_keys.require_signed(folder, version, data)
    return read_manifest(data)


def _card(folder: Path) -> Card:
    return card_of(folder) or Card(title=readable(folder.name))


def _open_version(folder: Path, version: str, sandbox: SandboxedLoad) -> ServedModel:
    manifest = _manifest(folder, version, sandbox.policy)
    card = _card(folder)
    signature = described(manifest.signature, card)
    runtime, notes = _open_runtime(folder / version, manifest, signature, sandbox)
    return ServedModel(
        name=folder.name,
        version=version,
        card=card,
        manifest=manifest,
        signature=signature,
        reader=InstanceReader(signature),
        runtime=runtime,
        folder=folder,
        background=_background(manifest),
        notes=[*manifest.notes, *notes],
    )


def _background(manifest: Manifest) -> Sequence[Row]:
    """Parse the background rows, with the limits of training and not those of the card."""
    names = manifest.signature.names
    try:
        instances = [dict(zip(names, row, strict=True)) for row in manifest.background]
        return manifest.signature.parse(instances).rows
    except (InvalidInputs, ValueError) as error:
        raise ManifestUnreadable(f"model.json: background rows do not fit: {error}") from error


def _open_runtime(
    folder: Path, manifest: Manifest, signature: Signature, sandbox: SandboxedLoad
) -> tuple[Runtime, list[str]]:
    """Open the compiled form if there is one, otherwise the estimator; return notes too."""
    policy = sandbox.policy
    if manifest.runtime.name == "sklearn":
        return _open_estimator(folder, manifest, signature, policy)
    try:
        return _open_compiled(folder, manifest, signature, policy), unverified(manifest.training)
    except CompiledUnreadable as error:
        why = str(error)
    if manifest.estimator is None:
        raise ArtifactRejected(f"{manifest.compiled.file} cannot be served. {why}")
    log.warning("%s@%s is not served compiled: %s", manifest.name, manifest.version, why)
    runtime, notes = _open_estimator(folder, manifest, signature, policy)
    return runtime, [*notes, f"The compiled form is not served. {why}"]


def _open_compiled(
    folder: Path, manifest: Manifest, signature: Signature, policy: LoadPolicy
) -> Runtime:
    """Open the compiled form: a plan in this process, ONNX in a caged one.

    Raises
    ------
    CompiledUnreadable
        It cannot be read, or does not give the recorded answers.
    """
    if manifest.runtime.name == "plan":
        data = read_artifact(folder, manifest.compiled, policy.memory_bytes)
        require_checked(data, manifest, signature, policy)
        return PlanRuntime(Plan.load(data), signature)
    try:
        runtime, _ = _caged(folder, manifest.compiled, manifest.runtime, signature, policy)
    except ArtifactRejected as error:
        raise CompiledUnreadable(str(error)) from error
    fault = fault_of_recorded(manifest, runtime)
    if fault is not None:
        raise CompiledUnreadable(f"It {fault} on this machine.")
    return runtime


def _open_estimator(
    folder: Path, manifest: Manifest, signature: Signature, policy: LoadPolicy
) -> tuple[Runtime, list[str]]:
    """Open an estimator in a caged process, which answers for it."""
    facts = msgspec.structs.replace(manifest.runtime, name="sklearn")
    runtime, loaded = _caged(folder, manifest.artifacts[0], facts, signature, policy)
    return runtime, version_notes(loaded, manifest, runtime)


def _caged(
    folder: Path, artifact: Artifact, facts: RuntimeFacts, signature: Signature, policy: LoadPolicy
) -> tuple[CagedRuntime, Loaded]:
    """Have a caged process open a file and answer for it; return what it said of the file too.

    Raises
    ------
    ArtifactRejected
        Says what became of the process.
    """
    # Below the repository, as commands such as `servery convert` need it.
    file = "/".join([*folder.parts[-2:], artifact.file])
    load = LoadSpec.of(file, policy)
    spec = msgspec.json.encode(ServeSpec(load, artifact, signature, facts))

    def open_lease() -> Lease:
        cages, limits = policy.cages, policy.limits()
        try:
            with opened_artifact(folder, artifact) as data:
                return cages.serve(sha256(spec), "serve", spec, data, limits, policy.processes)
        except CageFailed as error:
            complaint = f"{file} {describe_failure(error.failed, policy)}"
            raise ArtifactRejected(complaint) from error

    timeout_s = policy.predict_timeout_s
    runtime = CagedRuntime(facts.name, signature, policy.cages, open_lease, timeout_s)
    loaded = msgspec.json.decode(runtime.opened, type=Loaded)
    if loaded.complaint is not None:
        raise ArtifactRejected(loaded.complaint)
    return runtime, loaded


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
    of_versions = ([version, file] for version in versions for file in (MANIFEST, ENVELOPE))
    for names in [[CARD], *of_versions]:
        with contextlib.suppress(FileRefused):  # there is none, or reading it says what is wrong
            facts = file_facts(folder.parent, [folder.name, *names])
            stamps.append(("/".join(names), facts.modified_ns, facts.size_bytes))
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
    found += [failure for failure in Repository(root, policy).failures if failure.version is None]
    for folder in model_folders(root):
        for version in version_names(folder):
            try:
                open_version(folder, version, sandbox)
                with _blamed_on(f"Version {version}"):
                    for artifact in _manifest(folder, version, policy).artifacts:
                        with opened_artifact(folder / version, artifact) as descriptor:
                            require_published(descriptor, artifact)
            except ModelUnusable as error:
                found.append(LoadFailure(shown(folder.name), version, error))
    return found

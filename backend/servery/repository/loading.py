"""Opens one version folder of a model: its card, its manifest, and what computes its answers.

A folder in, a served model out. Other people wrote the files, so they may cause any error.
"""

import contextlib
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from servery.artifact import LoadPolicy, opened_artifact, read_artifact, sha256
from servery.artifact.checking import require_checked
from servery.artifact.sandbox import SandboxedLoad, describe_failure
from servery.artifact.specs import Loaded, LoadSpec, ServeSpec
from servery.cage.client import CageFailed, Lease
from servery.card import Card, card_of, described, readable
from servery.errors import (
    ArtifactRejected,
    CompiledUnreadable,
    InvalidInputs,
    ManifestUnreadable,
    ModelUnusable,
)
from servery.manifest import Artifact, Manifest, RuntimeFacts, manifest_bytes, read_manifest
from servery.runtimes import Runtime
from servery.runtimes.answers import fault_of_recorded
from servery.runtimes.caged import CagedRuntime
from servery.runtimes.plan import Plan, PlanRuntime
from servery.served import Outline, ServedModel
from servery.signature import Row, Signature
from servery.signature.reading import InstanceReader
from servery.versions import unverified, version_notes

log = logging.getLogger("servery.repository")

#: Limit for the reason why a model is not served, which may quote its files.
MOST_CHARACTERS = 2_000


def open_version(folder: Path, version: str, sandbox: SandboxedLoad) -> ServedModel:
    """Open one version folder of a model folder.

    Raises
    ------
    ModelUnusable
        The card, the manifest or the artifact cannot be used; the text says why.
    """
    with blamed_on(f"Version {version}"):
        return _open_version(folder, version, sandbox)


def read_outline(folder: Path, version: str, policy: LoadPolicy) -> Outline:
    """Return what a list shows of a model, without opening it.

    Raises
    ------
    ModelUnusable
        The card or the manifest cannot be used; the text says why.
    """
    with blamed_on(f"Version {version}"):
        card, manifest = model_card(folder), manifest_of(folder, version, policy)
        return Outline.of(folder.name, version, card, manifest)


@contextlib.contextmanager
def blamed_on(what: str) -> Iterator[None]:
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


def manifest_of(folder: Path, version: str, policy: LoadPolicy) -> Manifest:
    """Return the manifest of a version, after checking its signature if keys are trusted."""
    data = manifest_bytes(folder / version)
    policy.trusted_keys.require_signed(folder, version, data)
    return read_manifest(data)


def model_card(folder: Path) -> Card:
    """Return the card of a model, or one made of its name."""
    return card_of(folder) or Card(title=readable(folder.name))


def _open_version(folder: Path, version: str, sandbox: SandboxedLoad) -> ServedModel:
    manifest = manifest_of(folder, version, sandbox.policy)
    card = model_card(folder)
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
        return PlanRuntime(Plan.load(data), signature, manifest.runtime.row_by_row)
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

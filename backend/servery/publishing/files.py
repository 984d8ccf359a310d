"""Publishing from files: a saved estimator, the table that it was fitted on, rows it never saw.

A caged process opens the file and finds out what a version folder says of it; this one writes it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec

from servery.artifact import LoadPolicy
from servery.artifact.formats import saved_name
from servery.artifact.sandbox import SandboxedLoad, describe_failure
from servery.artifact.specs import LoadSpec
from servery.cage.client import CageFailed
from servery.cage.requests import CageLimits
from servery.card import card_text
from servery.errors import (
    ArtifactRejected,
    CardUnreadable,
    InvalidInputs,
    PublishingRefused,
    ServeryError,
    TableEmpty,
    TableUnreadable,
)
from servery.layout import JOBLIB, require_model_name
from servery.manifest import read_manifest
from servery.publishing.model_file import ModelFile, opened_model_file
from servery.publishing.options import PublishOptions, Tables
from servery.publishing.plans import publish_plan
from servery.publishing.writing import Prepared, Published, Saved, write
from servery.signing import SigningKey
from servery.tables.streams import require_readable

Answer = TypeVar("Answer")


class Spec(Protocol):
    """The spec of a caged task on a file: a struct with this and its own fields."""

    @property
    def load(self) -> LoadSpec:
        """How the file is opened."""
        ...


def publish_file(
    path: Path,
    *,
    name: str,
    root: Path,
    sandbox: SandboxedLoad,
    options: PublishOptions | None = None,
    tables: Tables | None = None,
    sign: Path | None = None,
) -> Published:
    """Publish a model file as it is, byte for byte.

    Parameters
    ----------
    sandbox
        Says how the file is opened.
    sign
        A file with an Ed25519 private key, which signs the version.

    Raises
    ------
    ArtifactRejected, PublishingRefused, TableUnreadable
        Says what is wrong with the file or its tables, and what to do.
    """
    key = None if sign is None else SigningKey.read(sign)
    policy = sandbox.policy
    options, tables = options or PublishOptions(), tables or Tables()
    require_model_name(name)
    with opened_model_file(path, policy.memory_bytes) as file:
        return _publish(file, path, name, root, policy, options, tables, key)


def _publish(
    file: ModelFile,
    path: Path,
    name: str,
    root: Path,
    policy: LoadPolicy,
    options: PublishOptions,
    tables: Tables,
    key: SigningKey | None,
) -> Published:
    if file.is_plan:
        if tables != Tables() or options != PublishOptions(title=options.title):
            raise PublishingRefused(
                f"{path.name} is a plan, which cannot be measured or fitted again: publish the "
                "estimator's own file with its tables."
            )
        title = options.title
        return publish_plan(
            path, file.read(), name=name, title=title, root=root, policy=policy, key=key
        )
    spec = PublishSpec(
        load=LoadSpec.of(path.name, policy),
        name=name,
        options=options,
        tables=tables.resolved(),
        card=card_text(root / name),
        saved_as=saved_name(file.head, path.suffix),
    )
    for table in tables.paths:
        require_readable(table)
    patience = PATIENCE if tables.paths else 1
    limits = policy.limits(policy.timeout_s * patience, tables.paths)
    ready = done_in_cage("publish", spec, file.descriptor, policy, limits, Ready)
    prepared = Prepared(read_manifest(ready.manifest), ready.compiled, ready.card)
    saved = Saved(spec.saved_as, file.descriptor, ready.fitted_with)
    if ready.composed is not None:
        saved = Saved(JOBLIB, ready.composed, ready.fitted_with)
    return write(prepared, saved, root, name, key)


def done_in_cage(
    task: str,
    spec: Spec,
    data: int | bytes,
    policy: LoadPolicy,
    limits: CageLimits,
    kind: type[Answer],
) -> Answer:
    """Have a caged process do something with a file: its bytes, or an open descriptor of them.

    Raises
    ------
    ServeryError
        One of `REFUSALS`: what the process says of the file, or what became of the process.
    """
    file = spec.load.file
    try:
        answer = policy.cages.run(task, msgspec.json.encode(spec), data, limits)
        done: Answer | Refused = msgspec.msgpack.decode(answer, type=kind | Refused)
    except CageFailed as error:
        raise ArtifactRejected(f"{file} {describe_failure(error.failed, policy)}") from error
    except msgspec.DecodeError as error:
        raise ArtifactRejected(f"{file} could not be inspected.") from error
    if isinstance(done, Refused):
        raise REFUSALS[done.error](done.detail)
    return done


#: With tables, publishing measures and verifies on them, which takes so many times as long.
PATIENCE = 60
#: What a caged process may refuse a file with.
REFUSALS: Mapping[str, type[ServeryError]] = {
    kind.__name__: kind
    for kind in (
        ArtifactRejected,
        CardUnreadable,
        InvalidInputs,
        PublishingRefused,
        TableEmpty,
        TableUnreadable,
    )
}


class PublishSpec(msgspec.Struct, frozen=True):
    """How a file is published.

    Attributes
    ----------
    card
        The text of the card that is there, if any.
    saved_as
        The name of the file in the version folder.
    """

    load: LoadSpec
    name: str
    options: PublishOptions
    tables: Tables
    card: str | None
    saved_as: str


class Ready(msgspec.Struct, frozen=True, tag=True):
    """What a caged process found out.

    Attributes
    ----------
    manifest
        As JSON.
    composed
        The file of another estimator than the given one: of what the parts of a bundle make, or
        with recalibrated probabilities. None if the given file is published.
    """

    manifest: bytes
    compiled: bytes | None
    card: str | None
    fitted_with: str | None
    composed: bytes | None


class Refused(msgspec.Struct, frozen=True, tag=True):
    """Why a file is not published: an error of `REFUSALS`, and its text."""

    error: str
    detail: str


#: A refusal is a few sentences; whatever made it longer is not worth reading.
LONGEST_REFUSAL = 4_000

"""A plan in a file of its own: what a model answers with, without code and without its estimator.

The file is a line that says what it is, the length of a ``model.json``, that, and the plan.
"""

from pathlib import Path

from servery.artifact.checking import require_checked
from servery.artifact.load_policy import LoadPolicy
from servery.card import card_text
from servery.errors import ArtifactRejected, CompiledUnreadable, ManifestUnreadable
from servery.layout import COMPILED
from servery.manifest import Manifest, read_manifest
from servery.publishing.card_template import card_template
from servery.publishing.writing import Prepared, Published, Saved, titled, write
from servery.signing import SigningKey

MAGIC = b"SERVERY-PLAN 1\n"
LENGTH_BYTES = 8


def plan_file(manifest: bytes, plan: bytes) -> bytes:
    """Return the bytes of a file that holds a plan and what is known of it."""
    return b"".join([MAGIC, len(manifest).to_bytes(LENGTH_BYTES, "big"), manifest, plan])


def read_plan_file(data: bytes, file: str) -> tuple[Manifest, bytes]:
    """Take a file of `plan_file` apart.

    Raises
    ------
    ArtifactRejected
        It is another kind of file, or cut short.
    """
    start = len(MAGIC) + LENGTH_BYTES
    end = start + int.from_bytes(data[len(MAGIC) : start], "big")
    if not data.startswith(MAGIC) or end >= len(data):
        raise ArtifactRejected(
            f"{file} is not a plan: make one with `servery convert model.joblib`."
        )
    try:
        manifest = read_manifest(data[start:end])
    except ManifestUnreadable as error:
        raise ArtifactRejected(f"{file} is damaged: {error}") from error
    if manifest.runtime.name != "plan":
        raise ArtifactRejected(f"{file} is damaged: its model.json speaks of no plan.")
    return manifest, data[end:]


def publish_plan(
    path: Path,
    data: bytes,
    *,
    name: str,
    title: str | None,
    root: Path,
    policy: LoadPolicy,
    key: SigningKey | None,
) -> Published:
    """Publish a plan, once a caged process had its recorded answers.

    Raises
    ------
    ArtifactRejected
        It is damaged, or does not give its recorded answers.
    """
    manifest, plan = read_plan_file(data, path.name)
    try:
        require_checked(plan, manifest, manifest.signature, policy)
    except CompiledUnreadable as error:
        raise ArtifactRejected(f"{path.name} cannot be served: {error}") from error
    card = None
    if card_text(root / name) is None:
        examples = [] if manifest.training.rows is None else manifest.golden
        card = card_template(title or titled(name), manifest.signature, examples)
    return write(Prepared(manifest, None, card), Saved(COMPILED["plan"], plan), root, name, key)

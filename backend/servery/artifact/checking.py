"""Compiled forms are asked in a caged process before a web process reads them."""

import msgspec

from servery.artifact import LoadPolicy, sha256
from servery.artifact.sandbox import describe_failure, is_remembered, remember
from servery.artifact.specs import Checked, CheckSpec
from servery.cage.client import CageFailed
from servery.errors import CompiledUnreadable
from servery.manifest import Manifest
from servery.signature import Signature


def require_checked(
    data: bytes, manifest: Manifest, signature: Signature, policy: LoadPolicy
) -> None:
    """Return where a caged process had the recorded answers of a compiled form, now or before.

    Parameters
    ----------
    signature
        That of the manifest with the card's words.

    Raises
    ------
    CompiledUnreadable
        Says why it is not served.
    """
    checked = CheckSpec(msgspec.Raw(msgspec.json.encode(manifest)), signature)
    spec = msgspec.json.encode(checked)
    asked = sha256(data).encode() + spec  # the answers may be others for another manifest
    if is_remembered(asked, policy):
        return
    try:
        answer = policy.cages.run("check", spec, data, policy.limits())
        complaint = msgspec.json.decode(answer, type=Checked).complaint
    except CageFailed as error:
        why = describe_failure(error.failed, policy)
        complaint = f"{manifest.compiled.file} {why}"
    if complaint is not None:
        raise CompiledUnreadable(complaint)
    remember(asked, policy)

"""Compiled forms are asked in a caged process before a web process reads them."""

import msgspec

from servery.artifact import Opening, sha256
from servery.artifact.rehearsal import is_remembered, opening_failed, remember
from servery.artifact.specs import Checked, CheckSpec
from servery.cage.client import CageFailed
from servery.errors import CompiledUnreadable
from servery.manifest import Manifest
from servery.signature import Signature


def require_checked(
    data: bytes, manifest: Manifest, signature: Signature, opening: Opening
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
    if is_remembered(asked, opening):
        return
    try:
        answer = opening.cages.run("check", spec, data, opening.limits())
        complaint = msgspec.json.decode(answer, type=Checked).complaint
    except CageFailed as error:
        why = opening_failed(error.failed, opening)
        complaint = f"{manifest.compiled.file} {why}"
    if complaint is not None:
        raise CompiledUnreadable(complaint)
    remember(asked, opening)

"""Opening a file for the first time in a caged process, which may hang, swell or crash.

Files in, one verdict per file out; a file that opened is remembered.
"""

from collections.abc import Sequence

import msgspec

from servery.artifact import Opening, sha256
from servery.artifact.specs import Loaded, LoadSpec
from servery.cage.client import CageFailed
from servery.cage.requests import Failed
from servery.errors import ArtifactRejected
from servery.libraries import fingerprint
from servery.private import make_private_file, make_private_folder


class Rehearsal:
    """Which files may be opened; a file is asked about once."""

    def __init__(self, opening: Opening) -> None:
        self.opening = opening
        self._verdicts: dict[str, str | None] = {}

    def prepare(self, files: Sequence[tuple[str, bytes]]) -> None:
        """Open files that are not known yet, by name and bytes."""
        for name, data in files:
            if not self._is_known(data):
                self._verdicts[sha256(data)] = complaint = self._complaint(name, data)
                if complaint is None:
                    remember(data, self.opening)

    def require(self, name: str, data: bytes) -> None:
        """Return where a file may be opened.

        Raises
        ------
        ArtifactRejected
            Says what became of the process that opened it.
        """
        self.prepare([(name, data)])
        complaint = self._verdicts[sha256(data)]
        if complaint is not None:
            raise ArtifactRejected(complaint)

    def _is_known(self, data: bytes) -> bool:
        digest = sha256(data)
        if digest not in self._verdicts and is_remembered(data, self.opening):
            self._verdicts[digest] = None
        return digest in self._verdicts

    def _complaint(self, name: str, data: bytes) -> str | None:
        spec = msgspec.json.encode(LoadSpec.of(name, self.opening))
        try:
            answer = self.opening.cages.run("open", spec, data, self.opening.limits())
            return msgspec.json.decode(answer, type=Loaded).complaint
        except CageFailed as error:
            return f"{name} {opening_failed(error.failed, self.opening)}"
        except msgspec.DecodeError:
            return f"{name} could not be opened in a process of its own."


def opening_failed(failed: Failed, opening: Opening) -> str:
    """Return what became of the process that opened a file, as the end of a sentence."""
    match failed.how:
        case "time":
            return (
                f"takes more than {opening.timeout_s:g} s to open; raise SERVERY_OPEN_TIMEOUT_S if "
                "that is expected."
            )
        case "memory":
            return (
                f"takes more than {opening.memory_bytes:,} bytes of memory to open; raise "
                "SERVERY_OPEN_MEMORY_BYTES if that is expected."
            )
        case "attempt":
            return (
                f"attempts what no model may do when it is opened ({failed.what}); it is hostile, "
                "or code that you trust does more than compute."
            )
        case "signal" | "exit":
            what = failed.what or "an exit"
            return f"crashes the process that opens it ({what}); it is damaged or hostile."
        case "set-aside":
            return f"was set aside: it {failed.what}."


def is_remembered(data: bytes, opening: Opening) -> bool:
    """Return whether bytes opened before, with the same libraries."""
    return opening.records is not None and (opening.records / _key(data, opening)).is_file()


def remember(data: bytes, opening: Opening) -> None:
    """Remember that bytes opened."""
    if opening.records is None:
        return
    try:
        make_private_folder(opening.records)
        make_private_file(opening.records / _key(data, opening))
    except OSError:  # a folder that cannot be written costs the time to open a file each time
        return


def _key(data: bytes, opening: Opening) -> str:
    trusted = "\n".join(sorted(opening.trust.names))
    return sha256(f"{sha256(data)}\n{fingerprint()}\n{trusted}".encode())

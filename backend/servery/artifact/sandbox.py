"""Loading a file for the first time in a caged process, which may hang, swell or crash.

Files in, one verdict per file out; a file that opened is remembered.
"""

from collections.abc import Sequence

import msgspec

from servery.artifact import LoadPolicy, sha256
from servery.artifact.specs import Loaded, LoadSpec
from servery.cage.client import CageFailed
from servery.cage.requests import Failed
from servery.errors import ArtifactRejected
from servery.libraries import fingerprint
from servery.private import make_private_file, make_private_folder


class SandboxedLoad:
    """Which files may be opened; a file is asked about once."""

    def __init__(self, policy: LoadPolicy) -> None:
        self.policy = policy
        self._verdicts: dict[str, str | None] = {}

    def prepare(self, files: Sequence[tuple[str, bytes]]) -> None:
        """Open files that are not known yet, by name and bytes."""
        for name, data in files:
            if not self._is_known(data):
                self._verdicts[sha256(data)] = complaint = self._complaint(name, data)
                if complaint is None:
                    remember(data, self.policy)

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
        if digest not in self._verdicts and is_remembered(data, self.policy):
            self._verdicts[digest] = None
        return digest in self._verdicts

    def _complaint(self, name: str, data: bytes) -> str | None:
        spec = msgspec.json.encode(LoadSpec.of(name, self.policy))
        try:
            answer = self.policy.cages.run("open", spec, data, self.policy.limits())
            return msgspec.json.decode(answer, type=Loaded).complaint
        except CageFailed as error:
            return f"{name} {describe_failure(error.failed, self.policy)}"
        except msgspec.DecodeError:
            return f"{name} could not be opened in a process of its own."


def describe_failure(failed: Failed, policy: LoadPolicy) -> str:
    """Return what became of the process that opened a file, as the end of a sentence."""
    match failed.how:
        case "time":
            return (
                f"takes more than {policy.timeout_s:g} s to open; raise SERVERY_OPEN_TIMEOUT_S if "
                "that is expected."
            )
        case "memory":
            return (
                f"takes more than {policy.memory_bytes:,} bytes of memory to open; raise "
                "SERVERY_OPEN_MEMORY_BYTES if that is expected."
            )
        case "attempt":
            return (
                f"attempts what no model may do when it is opened ({failed.what}); it is hostile, "
                "or code that you trust does more than compute."
            )
        case "exit" if failed.what:
            return (
                f"could not be read ({failed.what}): it is damaged, or built in a way that Servery "
                "does not know."
            )
        case "signal" | "exit":
            what = failed.what or "an exit"
            return f"crashes the process that opens it ({what}); it is damaged or hostile."
        case "set-aside":
            return f"was set aside: it {failed.what}."


def is_remembered(data: bytes, policy: LoadPolicy) -> bool:
    """Return whether bytes opened before, with the same libraries."""
    return policy.records is not None and (policy.records / _key(data, policy)).is_file()


def remember(data: bytes, policy: LoadPolicy) -> None:
    """Remember that bytes opened."""
    if policy.records is None:
        return
    try:
        make_private_folder(policy.records)
        make_private_file(policy.records / _key(data, policy))
    except OSError:  # a folder that cannot be written costs the time to open a file each time
        return


def _key(data: bytes, policy: LoadPolicy) -> str:
    trusted = "\n".join(sorted(policy.trust.names))
    return sha256(f"{sha256(data)}\n{fingerprint()}\n{trusted}".encode())

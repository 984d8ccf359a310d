"""The specs of caged tasks that concern one file, and their results."""

from collections.abc import Mapping

import msgspec

from servery.artifact.allowlist import Trust
from servery.artifact.load_policy import LoadPolicy
from servery.manifest import Artifact, RuntimeFacts
from servery.signature import Signature


class LoadSpec(msgspec.Struct, frozen=True):
    """How a file is opened.

    Attributes
    ----------
    file
        Its name, for messages.
    """

    file: str
    trust: tuple[str, ...]
    memory_bytes: int
    converts: bool = False

    @classmethod
    def of(cls, file: str, policy: LoadPolicy) -> "LoadSpec":
        """Return the spec for a file under these settings."""
        trust = tuple(sorted(policy.trust.names))
        return cls(file, trust, policy.memory_bytes, policy.converts)

    def policy(self) -> LoadPolicy:
        """Return the settings again."""
        return LoadPolicy(
            trust=Trust(frozenset(self.trust)),
            memory_bytes=self.memory_bytes,
            converts=self.converts,
        )


class ServeSpec(msgspec.Struct, frozen=True):
    """How a model is served by a process of its own, from the very bytes of ``artifact``."""

    load: LoadSpec
    artifact: Artifact
    signature: Signature
    facts: RuntimeFacts


class Loaded(msgspec.Struct, frozen=True):
    """What became of a file: the scikit-learn that saved it, or why it is refused.

    Attributes
    ----------
    unfaithful
        See `Opened`.
    """

    fitted_with: str | None = None
    complaint: str | None = None
    unfaithful: Mapping[str, str] = {}


class CheckSpec(msgspec.Struct, frozen=True):
    """How a compiled form is checked: it has to give the recorded answers of its manifest."""

    manifest: msgspec.Raw
    signature: Signature


class Checked(msgspec.Struct, frozen=True):
    """Why a compiled form is not served; None where it is."""

    complaint: str | None = None

"""How files are opened: what is trusted, how long and how large it may get, what is remembered."""

from dataclasses import dataclass, field
from pathlib import Path

from servery.artifact.allowed import Trust
from servery.settings import Settings
from servery.signing import TrustedKeys


@dataclass(frozen=True, slots=True)
class Opening:
    """What the settings say of opening model files.

    Attributes
    ----------
    timeout_s
        How long the first opening of one file may take.
    memory_bytes
        How much address space it may take, the libraries' own included, and how far it may unpack.
    trusted_keys
        Whose versions are served; all are where there are no keys.
    records
        A folder that remembers which files opened before; None remembers nothing.
    """

    trust: Trust = field(default_factory=Trust)
    timeout_s: float = 60.0
    memory_bytes: int = 4 << 30
    records: Path | None = None
    trusted_keys: TrustedKeys = field(default_factory=TrustedKeys)

    @classmethod
    def from_settings(cls, settings: Settings) -> "Opening":
        """Return what the settings say."""
        return cls(
            trust=Trust(frozenset(settings.trust)),
            timeout_s=settings.open_timeout_s,
            memory_bytes=settings.open_memory_bytes,
            records=settings.cache / "opened",
            trusted_keys=TrustedKeys.from_texts(settings.trusted_keys),
        )

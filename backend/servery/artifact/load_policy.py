"""How model files are opened: what is trusted, the limits, and what is remembered."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.machinery import PathFinder
from pathlib import Path

from servery.artifact.allowlist import Trust
from servery.cage.client import Cages, cages
from servery.cage.requests import CageLimits
from servery.settings import Settings
from servery.signing import TrustedKeys


@dataclass(frozen=True, slots=True)
class LoadPolicy:
    """What the settings say about opening model files.

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
    predict_timeout_s
        How long a caged process may take over one request.
    processes
        How many processes may answer for one model that is served by caged ones.
    threads
        Threads of one calculation.
    allow_read
        Files and folders that trusted code may read.
    converts
        Whether parts of older releases are rewritten; see `servery.artifact.upgrades`.
    """

    trust: Trust = field(default_factory=Trust)
    timeout_s: float = 60.0
    memory_bytes: int = 4 << 30
    records: Path | None = None
    predict_timeout_s: float = 20.0
    processes: int = 1
    threads: int = 1
    allow_read: tuple[Path, ...] = ()
    trusted_keys: TrustedKeys = field(default_factory=TrustedKeys)
    converts: bool = False

    @classmethod
    def from_settings(cls, settings: Settings) -> "LoadPolicy":
        """Return what the settings say."""
        return cls(
            trust=Trust(frozenset(settings.trust)),
            timeout_s=settings.open_timeout_s,
            memory_bytes=settings.open_memory_bytes,
            records=settings.cache / "opened",
            predict_timeout_s=settings.predict_timeout_s,
            processes=settings.workers,
            threads=settings.compute_threads,
            allow_read=settings.allow_read,
            trusted_keys=TrustedKeys.from_texts(settings.trusted_keys),
        )

    @property
    def cages(self) -> Cages:
        """What starts caged processes."""
        return cages(Path.cwd() if self.trust.names else None, self.threads)

    def limits(self, timeout_s: float | None = None, read: tuple[Path, ...] = ()) -> CageLimits:
        """Return what a caged process may use.

        Parameters
        ----------
        read
            Further files that it may read, such as the table that somebody publishes with.
        """
        paths = (*_sources(self.trust), *self.allow_read, *read)
        return CageLimits(
            timeout_s=self.timeout_s if timeout_s is None else timeout_s,
            memory_bytes=self.memory_bytes,
            read=tuple(str(path.resolve()) for path in paths),
            threads=self.threads,
        )


def _sources(trust: Trust) -> Iterator[Path]:
    """Go through the files and packages of trusted names; nothing of them is imported."""
    for top in sorted({name.split(".")[0] for name in trust.names}):
        spec = PathFinder.find_spec(top, [*sys.path, str(Path.cwd())])
        if spec is None:
            continue
        if spec.submodule_search_locations is not None:
            yield from map(Path, spec.submodule_search_locations)
        elif spec.origin is not None:
            yield Path(spec.origin)

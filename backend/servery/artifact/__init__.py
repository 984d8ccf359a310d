"""Model files as they are published: read and held to their digests, and what may open them.

``opening`` makes an estimator of the bytes, and ``sandbox`` has it done in a process of its own
first.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from servery.artifact.allowlist import Trust
from servery.artifact.load_policy import LoadPolicy
from servery.errors import ArtifactRejected
from servery.guarded import FileRefused, opened_file, read_whole
from servery.manifest import Artifact

#: Of an artifact, where the settings say nothing.
MOST_BYTES = 4 << 30


def sha256(data: bytes) -> str:
    """Return the digest by which ``model.json`` knows a file."""
    return hashlib.sha256(data).hexdigest()


def digest_of(content: bytes | int) -> tuple[str, int]:
    """Return the digest and the size of some bytes, or of an open file that is not read whole."""
    if isinstance(content, bytes):
        return sha256(content), len(content)
    digest, size = hashlib.sha256(), 0
    while chunk := os.pread(content, CHUNK_BYTES, size):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


#: Of a file, at a time.
CHUNK_BYTES = 1 << 22


def read_artifact(folder: Path, artifact: Artifact, most_bytes: int = MOST_BYTES) -> bytes:
    """Return the bytes of an artifact, once they are known to be the published ones.

    Parameters
    ----------
    folder
        The version folder; the file must lie in the repository around it, links followed.
    most_bytes
        What ``model.json`` calls larger is refused before it is read.

    Raises
    ------
    ArtifactRejected
        The file is missing, may not be read, or is not the one of ``model.json``.
    """
    if artifact.size_bytes > most_bytes:
        raise ArtifactRejected(
            f"{artifact.file} is too large: expected at most {most_bytes:,} bytes, found "
            f"{artifact.size_bytes:,}. SERVERY_OPEN_MEMORY_BYTES raises the limit."
        )
    with opened_artifact(folder, artifact) as descriptor:
        data = read_whole(descriptor, artifact.size_bytes, artifact.file)
    require_published(data, artifact)
    return data


@contextmanager
def opened_artifact(folder: Path, artifact: Artifact) -> Iterator[int]:
    """Open an artifact, for a process that holds its bytes to `require_published`.

    Raises
    ------
    ArtifactRejected
        The file is missing, may not be read, or has another size.
    """
    names = [folder.parent.name, folder.name, artifact.file]
    try:
        with opened_file(folder.parent.parent, names) as descriptor:
            size = os.fstat(descriptor).st_size
            if size != artifact.size_bytes:
                raise ArtifactRejected(
                    f"{artifact.file} is not the file that was published: expected "
                    f"{artifact.size_bytes:,} bytes, found {size:,}. Publish the version again."
                )
            yield descriptor
    except FileRefused as error:
        raise ArtifactRejected(str(error)) from error


def require_published(content: bytes | int, artifact: Artifact) -> None:
    """Return where bytes, or those of an open file, are those of the published artifact.

    Raises
    ------
    ArtifactRejected
        They are others.
    """
    found, _ = digest_of(content)
    if found != artifact.sha256:
        raise ArtifactRejected(
            f"{artifact.file} is not the file that was published: expected SHA-256 "
            f"{artifact.sha256[:12]}…, found {found[:12]}…. Publish the version again."
        )


__all__ = [
    "LoadPolicy",
    "Trust",
    "digest_of",
    "opened_artifact",
    "read_artifact",
    "require_published",
    "sha256",
]

"""Opening an artifact: the bytes that are checked are the very bytes that are opened."""

import hashlib
import io
from pathlib import Path
from typing import Any

import joblib

from servery.errors import ArtifactRejected
from servery.manifest import Artifact


def sha256(data: bytes) -> str:
    """Return the digest by which ``model.json`` knows a file."""
    return hashlib.sha256(data).hexdigest()


def read_artifact(folder: Path, artifact: Artifact) -> bytes:
    """Return the bytes of an artifact, once they are known to be the published ones.

    Raises
    ------
    ArtifactRejected
        The file is missing, or its digest is not that of ``model.json``.
    """
    try:
        data = (folder / artifact.file).read_bytes()
    except OSError as error:
        raise ArtifactRejected(f"{artifact.file} cannot be read: {error.strerror}.") from error
    if sha256(data) != artifact.sha256:
        raise ArtifactRejected(
            f"{artifact.file} is not the file that was published: expected SHA-256 "
            f"{artifact.sha256[:12]}…, found {sha256(data)[:12]}…. Publish the version again."
        )
    return data


def open_estimator(data: bytes, file: str) -> Any:  # noqa: ANN401 - any estimator
    """Return the fitted estimator that the bytes of a file hold.

    Raises
    ------
    ArtifactRejected
        Says what is wrong with the file, and what to do.
    """
    try:
        return joblib.load(io.BytesIO(data))
    except Exception as error:  # unpickling may raise anything at all
        raise ArtifactRejected(
            f"{file} cannot be opened by the installed libraries: {type(error).__name__}: {error}"
        ) from error

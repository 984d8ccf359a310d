"""Writing a version folder: what was found out about a model becomes files, all of them or none."""

import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import joblib
import msgspec

from servery.artifact import digest_of
from servery.card import readable
from servery.errors import PublishingRefused
from servery.guarded import FileRefused, add_folder, make_folder, replace_file
from servery.layout import CARD, COMPILED, ENVELOPE, MANIFEST, version_names
from servery.manifest import Artifact, Manifest, write_manifest
from servery.signing import SigningKey


@dataclass(frozen=True, slots=True)
class Published:
    """A version folder that was written, and what stands in it.

    Attributes
    ----------
    card_written
        Whether a first ``card.toml`` was written beside it, to be edited.
    """

    folder: Path
    manifest: Manifest
    card_written: bool


@dataclass(frozen=True, slots=True)
class Saved:
    """An estimator as a file of its own: the name it gets in the version folder, its content.

    ``data`` is bytes, or an open descriptor of a file that may be too large to hold.
    ``fitted_with`` is the version of scikit-learn that saved it, where that is not ours.
    """

    file: str
    data: bytes | int
    fitted_with: str | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that a version folder says of an estimator, before it is written.

    Attributes
    ----------
    manifest
        With the version and the files that `write` gives it.
    compiled
        The compiled form; None where the estimator itself is served.
    card
        The text of a first card; None where the model has one.
    recalibrated
        The estimator to save instead of the given one, where its probabilities were recalibrated.
    """

    manifest: Manifest
    compiled: bytes | None
    card: str | None
    recalibrated: Any = None


def dumped(estimator: Any) -> bytes:  # noqa: ANN401
    """Return the bytes of an estimator as joblib writes them.

    Raises
    ------
    PublishingRefused
        It cannot be saved.
    """
    buffer = io.BytesIO()
    try:
        joblib.dump(estimator, buffer, compress=("zlib", 6))
    except Exception as error:  # pickling may raise anything at all
        raise PublishingRefused(
            f"The estimator cannot be saved: {error}. A lambda or a function inside another must "
            "become a function of a module that can be imported."
        ) from error
    return buffer.getvalue()


def titled(name: str) -> str:
    """Return what people call a model that has only its name."""
    return readable(name.replace("-", " "))


def write(
    prepared: Prepared, saved: Saved, root: Path, name: str, key: SigningKey | None = None
) -> Published:
    """Write the next version folder of a model, and its first card where it has none.

    Parameters
    ----------
    key
        Signs the version.

    Raises
    ------
    PublishingRefused
        Another process published the same version, or the folder cannot be written.
    """
    folder = root / name
    _make_folder(root, name)
    manifest = msgspec.structs.replace(
        prepared.manifest,
        name=name,
        version=str(int((version_names(folder) or ["0"])[-1]) + 1),
        artifacts=artifacts_of(saved, prepared.manifest.runtime.name, prepared.compiled),
    )
    contents = [saved.data, *([] if prepared.compiled is None else [prepared.compiled])]
    files: dict[str, bytes | int] = {
        each.file: data for each, data in zip(manifest.artifacts, contents, strict=True)
    }
    files[MANIFEST] = written = write_manifest(manifest)
    if key is not None:
        files[ENVELOPE] = key.envelope(name, manifest.version, written)
    _write(root, [name, manifest.version], files)
    return Published(folder / manifest.version, manifest, _write_card(root, name, prepared.card))


def _write(root: Path, names: list[str], files: dict[str, bytes | int]) -> None:
    try:
        add_folder(root, names, files)
    except FileExistsError as error:
        raise PublishingRefused(
            f"Version {names[-1]} was published by another process in the meantime; publish again."
        ) from error
    except FileRefused as error:
        raise PublishingRefused(f"The version cannot be written: {error}") from error


def _make_folder(root: Path, name: str) -> None:
    try:
        make_folder(root, name)
    except FileRefused as error:
        raise PublishingRefused(f"The model cannot be written: {error}") from error


def _write_card(root: Path, name: str, text: str | None) -> bool:
    if text is None or os.path.lexists(root / name / CARD):
        return False
    replace_file(root, [name, CARD], text.encode())
    return True


def artifacts_of(saved: Saved, runtime: str, compiled: bytes | None) -> list[Artifact]:
    """Return the entries of the files of a version: the estimator's, and its compiled form."""
    files: dict[str, bytes | int] = {saved.file: saved.data}
    if compiled is not None:
        files[COMPILED[runtime]] = compiled
    digests = {file: digest_of(data) for file, data in files.items()}
    return [
        Artifact(file=file, sha256=digest, size_bytes=size)
        for file, (digest, size) in digests.items()
    ]

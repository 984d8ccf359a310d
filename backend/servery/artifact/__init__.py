"""Opening a model file: its bytes are read once, and what was judged is what is built.

``formats`` says what a file is and unpacks it. ``reading`` interprets it: ``allowlist`` is the
server's list of names, ``names`` keeps those of one file, and ``calls``, ``arrays`` and ``states``
make what it may make. ``integrity`` looks at how the parts are put together, and ``sandbox`` does
all of it in a process of its own first.
"""

import hashlib
import importlib.util
import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from servery.artifact.allowlist import Trust, Use, is_inert, use_of
from servery.artifact.complaints import complaint, version_first
from servery.artifact.formats import plain_stream, plain_zip
from servery.artifact.load_policy import LoadPolicy
from servery.errors import ArtifactRejected
from servery.estimators.native_files import NATIVE_FORMATS, NativeFileRefused, NativeFormat
from servery.guarded import FileRefused, opened_file, read_whole
from servery.manifest import Artifact

if TYPE_CHECKING:
    from servery.artifact.reading import Read


@dataclass(frozen=True, slots=True)
class Opened:
    """What was in a model file.

    Attributes
    ----------
    fitted_with
        The version of scikit-learn that saved its parts; None where it does not say.
    can_refit
        Whether it holds the settings of its fit, so that a copy can be fitted in the same way.
    unfaithful
        Classes of parts that may answer otherwise than with the release that saved them, each with
        its version.
    """

    estimator: Any
    fitted_with: str | None
    can_refit: bool = True
    unfaithful: Mapping[str, str] = field(default_factory=dict)


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


def open_estimator(data: bytes, file: str, policy: LoadPolicy) -> Opened:
    """Return the estimator that the bytes of a file hold.

    Parameters
    ----------
    file
        The name of the file, for messages.

    Raises
    ------
    ArtifactRejected
        Says what is wrong with the file, and what to do.
    """
    from servery.artifact.releases import unfaithful_parts

    form, stream = plain_stream(data, file, policy.memory_bytes)
    versions: Mapping[int, str] = {}
    fitted_with = None
    if form == "skops":
        estimator, fitted_with = _open_skops(stream, file, policy)
        versions = {} if fitted_with is None else _all_of(estimator, fitted_with)
    elif form in NATIVE_FORMATS:
        estimator = _read_native(stream, file, NATIVE_FORMATS[form])
    else:
        read = _read(stream, file, policy)
        estimator, fitted_with, versions = read.estimator, read.fitted_with, read.versions
    _bring_up_to_date(estimator, file, fitted_with, versions, policy)
    _require_untampered(estimator, file, fitted_with, converts=policy.converts)
    return Opened(
        estimator,
        fitted_with,
        can_refit=form not in NATIVE_FORMATS,
        unfaithful=unfaithful_parts(estimator, versions),
    )


def _all_of(estimator: Any, version: str) -> Mapping[int, str]:  # noqa: ANN401
    """Return one version for all parts; skops keeps them, but its reader does not say of which."""
    from servery.estimators.parts import estimators_within

    return {id(part): version for part in estimators_within(estimator)}


def _read(stream: bytes, file: str, policy: LoadPolicy) -> "Read":
    from servery.artifact.names import RefusedPickle
    from servery.artifact.reading import NotTrusted, Reader
    from servery.artifact.upgrades import FORMER_MODULES

    converts = policy.converts
    reader = Reader(stream, policy.trust, FORMER_MODULES if converts else frozenset())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that versions differ is said from what was read
            return reader.read()
    except NotTrusted as error:
        raise ArtifactRejected(
            complaint(file, error.names, reader.fitted_with, converts=converts)
        ) from error
    except RefusedPickle as error:
        fault = f"{file} {error}; it was not opened."
        raise ArtifactRejected(
            version_first(file, reader.fitted_with, fault, converts=converts)
        ) from error
    except Exception as error:  # whatever is made may raise anything at all
        fault = _failure(file, error)
        raise ArtifactRejected(
            version_first(file, reader.fitted_with, fault, converts=converts)
        ) from error


def _read_native(data: bytes, file: str, native: NativeFormat) -> Any:  # noqa: ANN401
    if importlib.util.find_spec(native.module) is None:
        raise ArtifactRejected(
            f"{file} is {native.what}; {native.module} is not installed here: "
            f"pip install {native.package}."
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return native.read(data)
    except NativeFileRefused as error:
        raise ArtifactRejected(f"{file} is {native.what} that {error}.") from error
    except MemoryError:
        raise
    except Exception as error:  # each library has errors of its own for a file that it cannot read
        raise ArtifactRejected(
            f"{file} begins as {native.what} and cannot be read as one: it is cut short, damaged "
            f"or of a newer release than the {native.module} here."
        ) from error


def _bring_up_to_date(
    estimator: Any,  # noqa: ANN401
    file: str,
    fitted_with: str | None,
    versions: Mapping[int, str],
    policy: LoadPolicy,
) -> None:
    from servery.artifact.upgrades import complete, upgrade

    complete(estimator, versions)
    if not policy.converts:
        return
    try:
        upgrade(estimator, versions)
    except Exception as error:  # a part may hold anything in the place of what a fit leaves
        fault = version_first(file, fitted_with, _failure(file, error), converts=True)
        raise ArtifactRejected(fault) from error


def _require_untampered(
    estimator: Any,  # noqa: ANN401
    file: str,
    fitted_with: str | None,
    *,
    converts: bool,
) -> None:
    from servery.artifact.integrity import require_untampered
    from servery.estimators.tampering import TamperedEstimator

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            require_untampered(estimator)
    except TamperedEstimator as error:
        raise ArtifactRejected(_tampered(file, error)) from error
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        fault = (
            f"{file} lacks what a fitted estimator has, or holds something else in its place: "
            f"{error}. Save the fitted estimator again."
        )
        raise ArtifactRejected(
            version_first(file, fitted_with, fault, converts=converts)
        ) from error


def _tampered(file: str, error: Exception) -> str:
    return f"{file} {error}; it is damaged or hostile. Save the fitted estimator again."


def _failure(file: str, error: Exception) -> str:
    first_line = (str(error).splitlines() or [""])[0]
    return f"{file} cannot be opened: {type(error).__name__}: {first_line}".rstrip(": .") + "."


def _open_skops(data: bytes, file: str, policy: LoadPolicy) -> tuple[Any, str | None]:
    """Return the estimator, and the version of scikit-learn that saved it where it is another."""
    if importlib.util.find_spec("skops") is None:
        raise ArtifactRejected(
            f'{file} was saved by skops, which is not installed: pip install "servery[skops]".'
        )
    import skops.io

    try:
        data = plain_zip(data, file, policy.memory_bytes)
        unknown = skops.io.get_untrusted_types(data=data)
        refused = [name for name in unknown if _refused(name, policy.trust)]
        if refused:
            flags = " ".join(f"--trust {name}" for name in refused)
            raise ArtifactRejected(
                f"{file} needs {', '.join(refused)}, which this server does not trust. If you know "
                f"who wrote it: {flags}, or SERVERY_TRUST."
            )
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            estimator = skops.io.loads(data, trusted=unknown)
        saved = (getattr(each.message, "original_sklearn_version", None) for each in said)
        return estimator, next(filter(None, saved), None)
    except (ArtifactRejected, MemoryError):
        raise
    except Exception as error:  # skops raises anything at all on a file that is not its own
        raise ArtifactRejected(f"{file} was not written by skops: {error}") from error


def _refused(dotted: str, trust: Trust) -> bool:
    from servery.artifact.calls import MAKERS

    module, _, name = dotted.rpartition(".")
    # What is inert in a pickle has no like in skops, which would make the real thing.
    is_unknown = use_of(module, name, trust) is Use.REFUSED and dotted not in MAKERS
    return is_inert(module, name) or is_unknown


__all__ = [
    "LoadPolicy",
    "Opened",
    "Trust",
    "digest_of",
    "open_estimator",
    "opened_artifact",
    "plain_stream",
    "read_artifact",
    "require_published",
    "sha256",
]

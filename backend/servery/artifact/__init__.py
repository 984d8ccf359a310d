"""Opening a model file: the bytes that are checked are the very bytes that are opened.

``formats`` tells what a file is and unpacks it, ``auditing`` reads what it would import without
making anything, ``allowed`` is the server's list of what it may, ``unpickling`` makes the objects,
``soundness`` looks at how they are put together, and ``rehearsal`` does all of it in a process of
its own first.
"""

import hashlib
import importlib.util
import io
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servery.artifact.allowed import Trust, Use, is_inert, use_of
from servery.artifact.auditing import Audit, audit, install_line
from servery.artifact.formats import plain_stream
from servery.artifact.opening import Opening
from servery.errors import ArtifactRejected
from servery.guarded import FileRefused, file_facts, read_file
from servery.manifest import Artifact


@dataclass(frozen=True, slots=True)
class Opened:
    """What was in a model file.

    Attributes
    ----------
    fitted_with
        The version of scikit-learn that saved its parts; None where it does not say.
    """

    estimator: Any
    fitted_with: str | None


#: Of an artifact, where the settings say nothing.
MOST_BYTES = 4 << 30


def sha256(data: bytes) -> str:
    """Return the digest by which ``model.json`` knows a file."""
    return hashlib.sha256(data).hexdigest()


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
    names = [folder.parent.name, folder.name, artifact.file]
    try:
        size = file_facts(folder.parent.parent, names).size_bytes
        if size != artifact.size_bytes:
            raise ArtifactRejected(
                f"{artifact.file} is not the file that was published: expected "
                f"{artifact.size_bytes:,} bytes, found {size:,}. Publish the version again."
            )
        data = read_file(folder.parent.parent, names, artifact.size_bytes)
    except FileRefused as error:
        raise ArtifactRejected(str(error)) from error
    found = sha256(data)
    if found != artifact.sha256:
        raise ArtifactRejected(
            f"{artifact.file} is not the file that was published: expected SHA-256 "
            f"{artifact.sha256[:12]}…, found {found[:12]}…. Publish the version again."
        )
    return data


def open_estimator(data: bytes, file: str, opening: Opening) -> Opened:
    """Return the estimator that the bytes of a file hold.

    Parameters
    ----------
    file
        The name of the file, for messages; its ending tells whether skops wrote it.

    Raises
    ------
    ArtifactRejected
        Says what is wrong with the file, and what to do.
    """
    form, stream = plain_stream(data, file, opening.memory_bytes)
    if form == "skops":
        return Opened(_sound(_open_skops(stream, file, opening), file), None)
    audited = audit(stream, file, opening.trust)
    from servery.artifact.soundness import Unsound
    from servery.artifact.unpickling import Unpickler

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that versions differ is told from the audit
            estimator = Unpickler(io.BytesIO(stream), opening.trust).load()
    except Unsound as error:
        raise ArtifactRejected(_unsound(file, error)) from error
    except Exception as error:  # whatever is made may raise anything at all
        raise ArtifactRejected(_failure(file, audited, error)) from error
    return Opened(_sound(estimator, file), audited.fitted_with)


def _sound(estimator: Any, file: str) -> Any:  # noqa: ANN401
    from servery.artifact.soundness import Unsound, require_sound

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            require_sound(estimator)
    except Unsound as error:
        raise ArtifactRejected(_unsound(file, error)) from error
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise ArtifactRejected(
            f"{file} lacks what a fitted estimator has, or holds something else in its place: "
            f"{error}. Save the fitted estimator again."
        ) from error
    return estimator


def _unsound(file: str, error: Exception) -> str:
    return f"{file} {error}; it is damaged or hostile. Save the fitted estimator again."


def _failure(file: str, audited: Audit, error: Exception) -> str:
    first_line = (str(error).splitlines() or [""])[0]
    said = f"{file} cannot be opened: {type(error).__name__}: {first_line}".rstrip(": .") + "."
    return said + install_line(audited.fitted_with)


def _open_skops(data: bytes, file: str, opening: Opening) -> Any:  # noqa: ANN401
    if importlib.util.find_spec("skops") is None:
        raise ArtifactRejected(
            f'{file} was saved by skops, which is not installed: pip install "servery[skops]".'
        )
    import zipfile

    import skops.io

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(each.file_size for each in archive.infolist())
        if size > opening.memory_bytes:
            raise ArtifactRejected(f"{file} unpacks to more than {opening.memory_bytes:,} bytes.")
        unknown = skops.io.get_untrusted_types(data=data)
        refused = [name for name in unknown if _refused(name, opening.trust)]
        if refused:
            flags = " ".join(f"--trust {name}" for name in refused)
            raise ArtifactRejected(
                f"{file} needs {', '.join(refused)}, which this server does not trust. If you know "
                f"who wrote it: {flags}, or SERVERY_TRUST."
            )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return skops.io.loads(data, trusted=unknown)
    except ArtifactRejected:
        raise
    except Exception as error:  # skops raises anything at all on a file that is not its own
        raise ArtifactRejected(f"{file} is no file that skops wrote: {error}") from error


def _refused(dotted: str, trust: Trust) -> bool:
    module, _, name = dotted.rpartition(".")
    # What is inert in a pickle has no like in skops, which would make the real thing.
    return is_inert(module, name) or use_of(module, name, trust) is Use.REFUSED


__all__ = [
    "Opened",
    "Opening",
    "Trust",
    "audit",
    "open_estimator",
    "plain_stream",
    "read_artifact",
    "sha256",
]

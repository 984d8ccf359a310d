"""Opening a model file: its bytes are read once, and what was judged is what is built.

``formats`` says what a file is and unpacks it. ``reading`` interprets it: ``allowlist`` is the
server's list of names, ``names`` keeps those of one file, and ``calls``, ``arrays`` and ``states``
make what it may make. ``integrity`` looks at how the parts are put together. What is known of all
estimators is loaded with this module, which web processes never need.
"""

import importlib.util
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from servery.artifact.allowlist import Trust, Use, is_inert, use_of
from servery.artifact.calls import MAKERS
from servery.artifact.complaints import complaint, version_first
from servery.artifact.formats import plain_stream, plain_zip
from servery.artifact.integrity import require_untampered
from servery.artifact.load_policy import LoadPolicy
from servery.artifact.names import RefusedPickle
from servery.artifact.reading import NotTrusted, Read, Reader
from servery.artifact.releases import unfaithful_parts
from servery.artifact.upgrades import FORMER_MODULES, complete, upgrade
from servery.errors import ArtifactRejected
from servery.estimators.native_files import NATIVE_FORMATS, NativeFileRefused, NativeFormat
from servery.estimators.parts import estimators_within
from servery.estimators.tampering import TamperedEstimator


@dataclass(frozen=True, slots=True)
class Opened:
    """What was in a model file.

    Attributes
    ----------
    fitted_with
        The version of scikit-learn that saved its parts; None where it does not say.
    can_refit
        Whether it holds the settings of its fit, so that a copy can be fitted in the same way.
    numbers_classes
        Whether its format has numbers for the classes of a classifier, whatever they are called.
    unfaithful
        Classes of parts that may answer otherwise than with the release that saved them, each with
        its version.
    """

    estimator: Any
    fitted_with: str | None
    can_refit: bool = True
    numbers_classes: bool = False
    unfaithful: Mapping[str, str] = field(default_factory=dict)


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
        numbers_classes=form in NATIVE_FORMATS and NATIVE_FORMATS[form].numbers_classes,
        unfaithful=unfaithful_parts(estimator, versions),
    )


def _all_of(estimator: Any, version: str) -> Mapping[int, str]:  # noqa: ANN401
    """Return one version for all parts; skops keeps them, but its reader does not say of which."""
    return {id(part): version for part in estimators_within(estimator)}


def _read(stream: bytes, file: str, policy: LoadPolicy) -> Read:

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

    module, _, name = dotted.rpartition(".")
    # What is inert in a pickle has no like in skops, which would make the real thing.
    is_unknown = use_of(module, name, trust) is Use.REFUSED and dotted not in MAKERS
    return is_inert(module, name) or is_unknown

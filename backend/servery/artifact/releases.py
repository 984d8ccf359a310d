"""Files of other scikit-learn releases: which estimators load faithfully, as it was measured.

An estimator in, the parts out that may answer otherwise than where they were saved. The table is
``releases.toml``; ``bin/measure_releases.py`` measures it.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeGuard

import msgspec

from servery.libraries import library_version

TABLE = Path(__file__).with_name("releases.toml")
#: No older release can be installed beside a Python that is still in use.
OLDEST_CONVERTED = (0, 24)
REFIT = "Refit the model with this release and save it again."


class Measured(msgspec.Struct, frozen=True):
    """What was measured: for each opening release, the saving ones of each faithful class."""

    saved_with: tuple[str, ...]
    opened_with: Mapping[str, Mapping[str, tuple[str, ...]]]


@cache
def measured() -> Measured:
    """Return the table."""
    return msgspec.toml.decode(TABLE.read_bytes(), type=Measured)


def release(version: str) -> str:
    """Return the release of a version: 1.3 of 1.3.2."""
    return ".".join(version.split(".")[:2])


def is_same_release(one: str, other: str) -> bool:
    """Return whether two versions are of one release."""
    return release(one) == release(other)


@cache
def ours() -> str:
    """Return the installed version of scikit-learn."""
    return library_version("scikit-learn") or ""


def is_of_another(version: str | None) -> TypeGuard[str]:
    """Return whether a version is known, and of another release than the installed one."""
    return version is not None and not is_same_release(version, ours())


def unfaithful_parts(estimator: Any, versions: Mapping[int, str]) -> Mapping[str, str]:  # noqa: ANN401
    """Return the classes within that may answer otherwise here, each with its saved version.

    Parameters
    ----------
    versions
        The version that saved each part, by the part's id.
    """
    from servery.estimators.parts import estimators_within

    known = measured().opened_with.get(release(ours()), {})
    found = {}
    for part in estimators_within(estimator):
        version = versions.get(id(part))
        if is_of_another(version) and release(version) not in known.get(_measured_name(part), ()):
            found[type(part).__name__] = version
    return found


def _measured_name(part: Any) -> str:  # noqa: ANN401
    """Return the name under which a part stands in the table.

    Logistic regressions of one class against the rest have names of their own: releases since 1.8
    have no such setting.
    """
    from servery.estimators.registry import public_name

    name = public_name(type(part))
    if not name.startswith("sklearn.linear_model.LogisticRegression"):
        return name
    is_one_by_one = part.solver == "liblinear" and len(getattr(part, "classes_", ())) > 2
    is_set = vars(part).get("multi_class") in {"ovr", "multinomial"}
    return f"{name}[multi_class]" if is_set or is_one_by_one else name


def unfaithful(file: str, version: str, parts: Mapping[str, str]) -> str:
    """Return the sentences that refuse a file whose answers are not known to be those of its fit.

    Parameters
    ----------
    parts
        What `unfaithful_parts` found.
    """
    names = list(parts)
    shown = ", ".join(names[:5]) + (f" and {len(names) - 5} others" if names[5:] else "")
    return (
        f"{saved_by(file, version)} Opened with {ours()}, {shown} may answer otherwise, and the "
        f"file has no recorded answers to compare. {remedy(file, version)}"
    )


def saved_by(file: str, version: str) -> str:
    """Return the sentence that names the version of a file."""
    return f"{file} was saved by scikit-learn {version}."


def remedy(file: str, version: str) -> str:
    """Return what to do about a file of another release."""
    numbers = tuple(int(each) for each in release(version).split(".") if each.isdecimal())
    if numbers > tuple(int(each) for each in release(ours()).split(".")):
        return f'Install that release: pip install "scikit-learn=={version}".'
    if numbers < OLDEST_CONVERTED:
        return REFIT
    return f"Convert it with that release: servery convert {file}"

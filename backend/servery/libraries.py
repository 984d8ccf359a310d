"""Versions of the libraries that affect how a model file opens and what it answers."""

import importlib.metadata
import platform
from functools import cache

from servery.version import __version__

#: Distributions that a model file on the allowlist may need.
LIBRARIES = (
    *("scikit-learn", "numpy", "scipy", "pandas", "joblib", "skops", "simplemma"),
    *("xgboost-cpu", "xgboost", "lightgbm", "catboost", "onnxruntime"),
    *("category-encoders", "feature-engine"),
)


def library_version(library: str) -> str | None:
    """Return the installed version of a library, or None."""
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return None


def library_versions() -> dict[str, str]:
    """Return the versions of Python and of all installed libraries."""
    found = {library: library_version(library) for library in LIBRARIES}
    return {
        "python": platform.python_version(),
        **{library: version for library, version in found.items() if version is not None},
    }


@cache
def fingerprint() -> str:
    """Return a text that changes whenever a file could open differently.

    It is computed once per process, whose libraries stay as they were when loaded.
    """
    versions = {"servery": __version__, **library_versions()}
    return "\n".join(f"{library} {version}" for library, version in versions.items())

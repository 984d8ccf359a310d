"""The libraries whose versions decide whether a model file opens and answers as it did."""

import importlib.metadata
import platform

from servery.version import __version__

#: All that a model file of the allow-list may need, by the names of their distributions.
LIBRARIES = (
    *("scikit-learn", "numpy", "scipy", "pandas", "joblib", "skops", "simplemma"),
    *("xgboost-cpu", "xgboost", "lightgbm", "catboost", "onnxruntime"),
)


def library_version(library: str) -> str | None:
    """Return the installed version of a library; None where there is none."""
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return None


def library_versions() -> dict[str, str]:
    """Return the versions of Python and of every library that is installed."""
    found = {library: library_version(library) for library in LIBRARIES}
    return {
        "python": platform.python_version(),
        **{library: version for library, version in found.items() if version is not None},
    }


def fingerprint() -> str:
    """Return a text that differs between two installations which may open a file differently."""
    versions = {"servery": __version__, **library_versions()}
    return "\n".join(f"{library} {version}" for library, version in versions.items())

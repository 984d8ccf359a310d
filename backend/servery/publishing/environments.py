"""Environments of older scikit-learn releases, made by uv or pip in a folder of their own.

A release and a folder in, the Python of an environment out. Only wheels are installed, so that no
code of a package runs while it is installed.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from servery.errors import PublishingRefused

#: How long an installation may take.
PATIENCE_S = 900


@dataclass(frozen=True, slots=True)
class OldRelease:
    """What a release of scikit-learn needs.

    Attributes
    ----------
    pythons
        Minor versions of Python 3 that have wheels, preferred ones first.
    requires
        Other libraries that worked with it when it was released.
    """

    pythons: tuple[int, ...]
    requires: tuple[str, ...]


_BEFORE_1_2 = ("numpy<1.24", "scipy<1.11", "pandas<2.1", "joblib<1.5")
_BEFORE_1_5 = ("numpy<2", "scipy<1.11", "pandas<2.3", "joblib<1.6")
RELEASES = {
    "0.24": OldRelease((9, 8), _BEFORE_1_2),
    "1.0": OldRelease((9, 10, 8), _BEFORE_1_2),
    "1.1": OldRelease((11, 10, 9, 8), _BEFORE_1_2),
    "1.2": OldRelease((11, 10, 9, 8), _BEFORE_1_5),
    "1.3": OldRelease((11, 10, 9, 8), _BEFORE_1_5),
    "1.4": OldRelease((11, 10, 9), _BEFORE_1_5),
    "1.5": OldRelease((12, 11, 10, 9), ("pandas<3",)),
    "1.6": OldRelease((12, 11, 10, 9), ("pandas<3",)),
    "1.7": OldRelease((12, 11, 10), ("pandas<3",)),
    "1.8": OldRelease((12, 11, 13), ("pandas",)),
    "1.9": OldRelease((12, 11, 13), ("pandas",)),
}


def release_of(version: str) -> OldRelease | None:
    """Return what the release of a version needs; None for one that is not known."""
    return RELEASES.get(".".join(version.split(".")[:2]))


def make_environment(version: str, folder: Path, file: str = "FILE") -> Path:
    """Make an environment with a version of scikit-learn, and return its Python.

    Parameters
    ----------
    file
        What is to be converted, for the commands that a message names.

    Raises
    ------
    PublishingRefused
        It cannot be made here; the text says why, and which commands make it elsewhere.
    """
    release = release_of(version)
    if release is None:
        raise PublishingRefused(f"Servery does not know what scikit-learn {version} needs.")
    uv = _uv()
    python = _python_for(release, has_uv=uv is not None)
    why: str | None = f"no Python 3.{release.pythons[0]} was found"
    if python is not None:
        commands = _commands(version, release, folder, uv, python)
        why = next(filter(None, map(_failure, commands)), None)
        if why is None:
            return folder / "bin" / "python"
        shutil.rmtree(folder, ignore_errors=True)
    raise PublishingRefused(
        f"An environment with scikit-learn {version} could not be made ({why}). "
        + by_hand(version, file)
    )


def by_hand(version: str, file: str = "FILE") -> str:
    """Return what to run where an environment could not be made."""
    release = release_of(version)
    if release is None:
        return "Refit the model with the scikit-learn that is installed."
    packages = " ".join(f"'{each}'" for each in _requirements(version, release))
    return (
        "On a machine with uv and network, run:\n"
        f"  uv venv --python 3.{release.pythons[0]} old\n"
        f"  uv pip install --python old/bin/python {packages}\n"
        f"  servery convert {file} --python old/bin/python"
    )


def _requirements(version: str, release: OldRelease) -> Sequence[str]:
    return f"scikit-learn=={version}", *release.requires


def _uv() -> list[str] | None:
    """Return the command of uv, where there is one."""
    found = shutil.which("uv")
    if found is not None:
        return [found]
    return [sys.executable, "-m", "uv"] if importlib.util.find_spec("uv") else None


def _python_for(release: OldRelease, *, has_uv: bool) -> str | None:
    """Return a Python for a release: of this machine, or one that uv downloads."""
    here = next(filter(None, map(_python_here, release.pythons)), None)
    return f"3.{release.pythons[0]}" if here is None and has_uv else here


def _python_here(minor: int) -> str | None:
    """Return a Python of this machine with a minor version, also one that pyenv installed."""
    if sys.version_info[:2] == (3, minor):
        return sys.executable
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates = [shutil.which(f"python3.{minor}")]
    candidates += [str(each / "bin" / "python") for each in sorted(root.glob(f"3.{minor}.*"))]
    return next((each for each in candidates if each and _runs(each)), None)


def _runs(python: str) -> bool:
    """Return whether a Python starts: a shim may stand for one that is not there."""
    return _failure([python, "-c", "import venv"]) is None


def _commands(
    version: str, release: OldRelease, folder: Path, uv: list[str] | None, python: str
) -> list[list[str]]:
    wanted = _requirements(version, release)
    inside = str(folder / "bin" / "python")
    if uv is not None:
        install = [*uv, "pip", "install", "--quiet", "--only-binary", ":all:", "--python", inside]
        return [[*uv, "venv", "--quiet", "--python", python, str(folder)], [*install, *wanted]]
    install = [inside, "-m", "pip", "install", "--quiet", "--only-binary", ":all:"]
    return [[python, "-m", "venv", str(folder)], [*install, *wanted]]


def _failure(command: Sequence[str]) -> str | None:
    """Run a command, and return the last line that it said if it failed."""
    try:
        done = subprocess.run(  # noqa: S603 - every word stands above
            command, capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
    except OSError as error:
        return str(error.strerror)
    except subprocess.TimeoutExpired:
        return f"it took more than {PATIENCE_S} s"
    if done.returncode == 0:
        return None
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    return lines[-1] if lines else f"exit code {done.returncode}"

"""What every caged process may read: Python, its packages and the libraries of the system."""

import os
import site
import sys
import sysconfig
from functools import cache
from pathlib import Path

SYSTEM = (
    # Shared libraries, and what the loader knows of them.
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/etc/ld.so.cache",
    # Time zones.
    "/usr/share/zoneinfo",
    "/etc/localtime",
    # Devices that hold nothing.
    "/dev/null",
    "/dev/zero",
    "/dev/random",
    "/dev/urandom",
    # How many cores there are and what they can do: thread pools and vector code ask.
    "/sys/devices/system/cpu",
    "/sys/devices/system/node",
    "/proc/cpuinfo",
    "/proc/meminfo",
)


@cache
def packages() -> tuple[Path, ...]:
    """Return the files and folders that hold code, and nothing of anybody's.

    The interpreter, the standard library, installed packages, `servery` itself and the system's
    shared libraries: never the folder of a checkout, a home or the working directory, even where
    Python imports from it.
    """
    named = [*map(Path, SYSTEM), *_standard_library(), *_installed(), Path(__file__).parents[1]]
    if sys.executable:
        named.append(Path(sys.executable))
    present = {path.resolve(): None for path in named if os.path.exists(path)}  # noqa: PTH110  # which raises for nothing
    # A folder below another one that is there already says nothing new.
    return tuple(path for path in present if not present.keys() & set(path.parents))


def pin_own_maps() -> Path:
    """Return the list of this process's own memory maps, open for as long as it lives.

    threadpoolctl, and by it scikit-learn's k-means, reads there which libraries are loaded. The
    kernel makes files of processes anew when none has them open, and Landlock knows the old one.
    """
    path = Path("/proc/self/maps")
    os.open(path, os.O_PATH | os.O_CLOEXEC)
    return path


def _standard_library() -> list[Path]:
    paths = [Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib")]
    shared = Path(sys.base_prefix) / "lib"  # libpython, and the libraries of a conda environment
    return [*paths, shared]


def _installed() -> list[Path]:
    """Return the folders that packages are installed into, as far as Python imports from them."""
    places = {Path(place) for place in [*site.getsitepackages(), site.getusersitepackages()]}
    places |= {Path(sysconfig.get_path(name)) for name in ("purelib", "platlib")}
    names = {"site-packages", "dist-packages"}
    imported = [Path(entry) for entry in sys.path if entry]
    return [path for path in imported if path in places or path.name in names]

"""What every caged process may read: Python, its packages and system libraries."""

import os
import site
import sys
import sysconfig
from functools import cache
from pathlib import Path

SYSTEM = (
    # Shared libraries and the index of the loader.
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/etc/ld.so.cache",
    # Time zones.
    "/usr/share/zoneinfo",
    "/etc/localtime",
    # Devices without data.
    "/dev/null",
    "/dev/zero",
    "/dev/random",
    "/dev/urandom",
    # The number and features of the cores, which thread pools and vector code read.
    "/sys/devices/system/cpu",
    "/sys/devices/system/node",
    # How much of them a container may use, as joblib asks.
    "/sys/fs/cgroup/cpu.max",
    "/sys/fs/cgroup/cpu/cpu.cfs_quota_us",
    "/sys/fs/cgroup/cpu/cpu.cfs_period_us",
    "/proc/cpuinfo",
    "/proc/meminfo",
)

OWN_FIGURES = (
    # Which libraries are loaded, as threadpoolctl asks, which k-means of scikit-learn uses.
    Path("/proc/self/maps"),
    # How much memory is used, as CatBoost asks before it reads texts; without it, it aborts.
    Path("/proc/self/statm"),
)


@cache
def packages() -> tuple[Path, ...]:
    """Return the files and folders that hold code and no user data.

    These are the interpreter, the standard library, installed packages, `servery` itself and shared
    libraries. A checkout, a home folder or the working directory is never among them, even if it is
    on ``sys.path``.
    """
    named = [*map(Path, SYSTEM), *_standard_library(), *_installed(), Path(__file__).parents[1]]
    if sys.executable:
        named.append(Path(sys.executable))
    # Path.exists raises where a folder above the path cannot be entered.
    present = {path.resolve(): None for path in named if os.path.exists(path)}  # noqa: PTH110
    # A path below another one needs no rule of its own.
    return tuple(path for path in present if not present.keys() & set(path.parents))


def pin_own_figures() -> list[Path]:
    """Open files of this process about its own memory, leave them open, and return their paths.

    The kernel may replace the inode of a /proc file that no one holds open, and Landlock allows
    inodes.
    """
    for path in OWN_FIGURES:
        os.open(path, os.O_PATH | os.O_CLOEXEC)
    return [*OWN_FIGURES]


def _standard_library() -> list[Path]:
    paths = [Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib")]
    shared = Path(sys.base_prefix) / "lib"  # libpython, and the libraries of a conda environment
    return [*paths, shared]


def _installed() -> list[Path]:
    """Return the folders of installed packages that are on ``sys.path``."""
    places = {Path(place) for place in [*site.getsitepackages(), site.getusersitepackages()]}
    places |= {Path(sysconfig.get_path(name)) for name in ("purelib", "platlib")}
    names = {"site-packages", "dist-packages"}
    imported = [Path(entry) for entry in sys.path if entry]
    return [path for path in imported if path in places or path.name in names]

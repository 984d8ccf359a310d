"""Memory of a process: collected rarely, and returned to the system when it is idle."""

import contextlib
import gc
import os
import threading
import time
from pathlib import Path

#: Number of new objects after which the collector runs.
NEW_OBJECTS = 100_000
#: A process that has grown by so much returns what it does not use ...
GROWN_BYTES = 4 * 1024**2
#: ... once it neither grows nor calculates for more than this share of the time.
RESTING = 0.25
LOOK_S = 1.0
STATM = Path("/proc/self/statm")


def collect_rarely() -> None:
    """Exclude loaded objects from collection, and collect only after many new ones.

    By visiting objects, the collector would copy the shared pages of forked processes. A request
    for many rows creates many objects and hardly a cycle, so collecting after every few hundred
    would take most of its time.
    """
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, 20, 50)


def return_memory_at_rest() -> None:
    """Start a thread that returns memory to the system after large requests."""
    if STATM.exists():
        threading.Thread(target=_watch_size, name="servery-memory", daemon=True).start()


def _watch_size() -> None:
    kept = last = _resident_bytes()
    worked = time.process_time()
    while True:
        time.sleep(LOOK_S)
        size, before = _resident_bytes(), worked
        worked = time.process_time()
        is_resting = size <= last and worked - before < RESTING * LOOK_S
        if is_resting and size > kept + GROWN_BYTES:
            return_memory()
            kept = size = _resident_bytes()
        kept, last = min(kept, size), size


def _resident_bytes() -> int:
    return int(STATM.read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def return_memory() -> None:
    """Return freed memory to the system: glibc keeps it as long as anything behind it is used."""
    import ctypes

    with contextlib.suppress(AttributeError, OSError, TypeError):  # another C library
        ctypes.CDLL(None).malloc_trim(0)

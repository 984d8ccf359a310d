"""Memory of a process that scores one chunk after another."""

import contextlib
import ctypes
import gc

#: Parameters of glibc's mallopt(3), and their values: blocks of up to 32 MiB, its most, are of
#: the heap, of which 128 MiB may lie unused.
M_TRIM_THRESHOLD, HEAP_UNUSED = -1, 128 * 1024**2
M_MMAP_THRESHOLD, LARGEST_BLOCK = -3, 32 * 1024**2


def tune_malloc() -> None:
    """Keep freed memory for the next chunk instead of returning it to the system.

    A chunk's arrays are given back to the system otherwise, page by page, and fetched for the next
    one; and the garbage collector goes through all modules and the model again and again, each page
    of which a fork then copies.
    """
    gc.freeze()
    with contextlib.suppress(AttributeError, OSError, TypeError):  # another C library
        libc = ctypes.CDLL(None)
        libc.mallopt(M_MMAP_THRESHOLD, LARGEST_BLOCK)
        libc.mallopt(M_TRIM_THRESHOLD, HEAP_UNUSED)

"""Reading the arrays of a plan out of a zip archive, without believing what it says of itself.

`numpy.load` makes an array as large as a header asks for before it has read one byte of it. Here
memory is taken only for bytes that were unpacked, and only for plain numbers.
"""

import io
import math
import re
import zipfile
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from servery.errors import CompiledUnreadable
from servery.runtimes.plan.checks import require

#: A plan that unpacks to more is not opened.
MOST_BYTES = 1 << 30
#: One array for each field of a step that is one.
MOST_ARRAYS = 100_000
MOST_DIMENSIONS = 3
NAME = re.compile(r"(tree|a[0-9]{1,9})\.npy")
#: NumPy's own headers have some hundred characters.
LONGEST_HEADER = 1_000
PIECE_BYTES = 1 << 20


def read_arrays(data: bytes) -> dict[str, NDArray[Any]]:
    """Return the arrays of an archive as `numpy.savez_compressed` writes it, by their names.

    Raises
    ------
    CompiledUnreadable
        It unpacks to more than a plan may hold.
    InvalidStep
        It has other entries than plain arrays of numbers.
    Exception
        Whatever zipfile, zlib and numpy raise of bytes that are not theirs.
    """
    arrays: dict[str, NDArray[Any]] = {}
    left = MOST_BYTES
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        require(len(entries) <= MOST_ARRAYS, "too many arrays")
        for entry in entries:
            named = NAME.fullmatch(entry.filename)
            require(named and named[1] not in arrays, "an entry with an odd name")
            with archive.open(entry) as file:
                array = _read_array(file, left)
            left -= array.nbytes
            arrays[entry.filename.removesuffix(".npy")] = array
    return arrays


def _read_array(file: IO[bytes], most_bytes: int) -> NDArray[Any]:
    version = npy.read_magic(file)
    require(version == (1, 0), "an array of an odd format")
    shape, is_fortran, dtype = npy.read_array_header_1_0(file, LONGEST_HEADER)
    # No objects, which are pickles, no texts, no structures and no complex numbers.
    require(dtype.kind in "fiub" and dtype.isnative, "an array of something else than numbers")
    require(len(shape) <= MOST_DIMENSIONS, "an array of too many dimensions")
    require(all(type(each) is int and each >= 0 for each in shape), "an array of an odd shape")
    size = math.prod(shape) * dtype.itemsize
    if size > most_bytes:
        raise CompiledUnreadable("It unpacks to more than a plan may hold.")
    unpacked = _read_at_most(file, size)
    require(len(unpacked) == size, "an array of another size than it says")
    array: NDArray[Any] = np.frombuffer(unpacked, dtype).reshape(
        shape, order="F" if is_fortran else "C"
    )
    return array


def _read_at_most(file: IO[bytes], size: int) -> bytearray:
    """Return what is unpacked, up to one byte more than is expected."""
    unpacked = bytearray()
    while len(unpacked) <= size and (
        piece := file.read(min(PIECE_BYTES, size + 1 - len(unpacked)))
    ):
        unpacked += piece
    return unpacked

"""How files are packed: each way by its first bytes and ending, read and written as a stream."""

import bz2
import gzip
import io
import lzma
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import IO, Any, cast


@dataclass(frozen=True, slots=True)
class Packing:
    """One way to pack a file.

    Attributes
    ----------
    ending
        What the name of a packed file has after the ending of its format.
    magic
        The first bytes of a packed file.
    unpacked, packed
        Return a file that unpacks what it reads of another one, or packs what is written to it.
    """

    title: str
    ending: str
    magic: tuple[bytes, ...]
    unpacked: Callable[[IO[bytes]], IO[bytes]]
    packed: Callable[[IO[bytes]], IO[bytes]]


class OneWay(io.RawIOBase):
    """A packed file in which nobody goes back; a workbook, which is an archive, has to know."""

    def __init__(self, packed: Any) -> None:  # noqa: ANN401 - a file
        self._packed = packed

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def seekable(self) -> bool:
        """Say that what is written is written."""
        return False

    def write(self, data: Any) -> int:  # noqa: ANN401 - bytes of any kind
        """Write bytes."""
        self._packed.write(data)
        return len(data)

    def close(self) -> None:
        """Write the end of the packed file."""
        if not self.closed:
            self._packed.close()
        super().close()


class Unpacked(io.RawIOBase):
    """What is packed in streams that follow each other up to the end of a file.

    The files of the standard library end at the first bytes that begin no stream, and what comes
    after them would be lost; here these bytes are an error of the decompressor.

    Parameters
    ----------
    begun
        Returns the decompressor of a stream.
    padding
        What may stand between two streams.
    """

    def __init__(
        self,
        file: IO[bytes],
        begun: Callable[[], bz2.BZ2Decompressor | lzma.LZMADecompressor],
        padding: bytes = b"",
    ) -> None:
        self._file, self._begun, self._padding = file, begun, padding
        self._stream = begun()

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        """Unpack more."""
        data = b""
        while not data:
            packed = b""
            if self._stream.eof:
                packed = self._next_stream()
                if not packed:
                    break
                self._stream = self._begun()
            elif self._stream.needs_input:
                packed = self._file.read(io.DEFAULT_BUFFER_SIZE)
                if not packed:
                    raise EOFError("it ends within a packed stream")
            data = self._stream.decompress(packed, len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def _next_stream(self) -> bytes:
        """Return the first bytes of the next stream; none at the end of the file."""
        packed = self._stream.unused_data.lstrip(self._padding)
        while not packed:
            data = self._file.read(io.DEFAULT_BUFFER_SIZE)
            if not data:
                break
            packed = data.lstrip(self._padding)
        return packed


def _bzip2_unpacked(file: IO[bytes]) -> IO[bytes]:
    return io.BufferedReader(Unpacked(file, bz2.BZ2Decompressor))


def _xz_unpacked(file: IO[bytes]) -> IO[bytes]:
    begun = partial(lzma.LZMADecompressor, lzma.FORMAT_XZ)
    return io.BufferedReader(Unpacked(file, begun, b"\0"))


def _zstd_unpacked(file: IO[bytes]) -> IO[bytes]:
    import pyarrow as pa

    return cast("IO[bytes]", pa.CompressedInputStream(file, "zstd"))


def _zstd_packed(file: IO[bytes]) -> IO[bytes]:
    import pyarrow as pa

    # It would close the file that it writes to.
    return cast("IO[bytes]", pa.CompressedOutputStream(pa.PythonFile(_Open(file), "w"), "zstd"))


class _Open(io.RawIOBase):
    """A file that stays open where what writes to it closes."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:  # noqa: ANN401 - bytes of any kind
        return self._file.write(data)


GZIP = Packing(
    "gzip",
    ".gz",
    (b"\x1f\x8b",),
    lambda file: cast("IO[bytes]", gzip.GzipFile(fileobj=file)),
    lambda file: cast("IO[bytes]", gzip.GzipFile("", "wb", 6, file, mtime=0)),
)
ZSTD = Packing(
    "Zstandard",
    ".zst",
    (b"\x28\xb5\x2f\xfd",),
    _zstd_unpacked,
    _zstd_packed,
)
BZIP2 = Packing(
    "bzip2",
    ".bz2",
    tuple(b"BZh%d1AY&SY" % level for level in range(1, 10)),
    _bzip2_unpacked,
    lambda file: cast("IO[bytes]", bz2.BZ2File(file, "wb")),
)
XZ = Packing(
    "xz",
    ".xz",
    (b"\xfd7zXZ\x00",),
    _xz_unpacked,
    lambda file: cast("IO[bytes]", lzma.LZMAFile(file, "wb")),  # noqa: SIM115 - its writer closes it
)
PACKINGS = (GZIP, ZSTD, BZIP2, XZ)
#: An archive of files; one that holds a single table is read as that table.
ARCHIVE = ".zip"
#: How many bytes show how a file is packed.
MAGIC_BYTES = max(len(start) for each in PACKINGS for start in each.magic)


def packing_of(start: bytes) -> Packing | None:
    """Return how a file is packed that begins so."""
    return next((each for each in PACKINGS if start.startswith(each.magic)), None)


def packing_named(name: str) -> Packing | None:
    """Return how a file of this name is to be packed."""
    return next((each for each in PACKINGS if name.lower().endswith(each.ending)), None)


def bare_name(name: str) -> str:
    """Return a name without the ending of its packing."""
    for ending in (*(each.ending for each in PACKINGS), ARCHIVE):
        if name.lower().endswith(ending):
            return name[: -len(ending)]
    return name

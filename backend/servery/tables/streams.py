"""Bytes of a file or a pipe, unpacked and in UTF-8, a piece at a time."""

import codecs
import contextlib
import io
import lzma
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, cast

from servery.errors import (
    AmbiguousTable,
    Choice,
    TableEmpty,
    TableMisread,
    TableTooLarge,
    TableUnreadable,
    room_for,
)
from servery.tables.packing import MAGIC_BYTES, packing_of
from servery.tables.reading import Limits

#: What of a file is looked at before it is read.
SAMPLE_BYTES = 256 * 1024
#: Sectors of the directory of a compound file that are read.
DIRECTORY_SECTORS = 16
#: Bytes that no text has: all control characters but white space and escape.
CONTROLS = bytes({*range(9), *range(14, 27), *range(28, 32)})
BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}


def require_readable(path: Path) -> None:
    """Refuse a file that cannot be opened.

    Raises
    ------
    TableUnreadable
        Says why.
    """
    _opened(path).close()


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise TableUnreadable(f"{path.name} cannot be read: {error.strerror}.") from error


class Counted(io.RawIOBase):
    """Counts what is read of a file."""

    def __init__(self, raw: BinaryIO | IO[bytes]) -> None:
        self._raw = raw
        self.count = 0

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        """Read on."""
        data = self._raw.read(len(buffer))
        buffer[: len(data)] = data
        self.count += len(data)
        return len(data)


class Stream:
    """The unpacked bytes of a file: a sample first, then all of them.

    Where ``is_start`` is false, they are from the middle of a file, and what begins one means
    nothing.

    Attributes
    ----------
    name
        What messages call the file.
    total
        Bytes of the file as it lies there, packed or not; None for a pipe.
    encoding
        Of the text, once `decode` was called.
    """

    def __init__(
        self,
        source: Path | BinaryIO,
        limits: Limits,
        name: str | None = None,
        *,
        is_start: bool = True,
    ) -> None:
        if isinstance(source, Path):
            raw: BinaryIO = _opened(source)
            self.name = name or source.name
            self.total: int | None = source.stat().st_size
        else:
            raw, self.name, self.total = source, name or "The table", None
        self._opened = raw if isinstance(source, Path) else None
        self._path = source if isinstance(source, Path) else None
        self._limits = limits
        self._limit = limits.unpacked_bytes
        self._counted = Counted(raw)
        self._bytes: IO[bytes] = io.BufferedReader(self._counted, 1 << 18)
        self._ahead = b""
        self._unpacked = 0
        self._members: Sequence[str] | None = None
        self._decoder: codecs.IncrementalDecoder | None = None
        self.encoding = "utf-8"
        self._is_start = is_start
        self._spool: BinaryIO | None = None
        self._resources = contextlib.ExitStack()
        self.is_packed = is_start and self._begin_unpacking()
        try:
            self.sample = self._peek(SAMPLE_BYTES)
            if is_start and not self.sample.strip(b" \t\r\n\0"):
                self._refuse_if_blank()
        except BaseException:
            self.close()
            raise

    @property
    def done(self) -> int:
        """Bytes of the file that were read so far."""
        return self._counted.count

    def read(self, size: int) -> bytes:
        """Return about ``size`` bytes, of UTF-8 once `decode` was called; none at the end."""
        if self._decoder is None:
            return self._raw(size)
        while True:
            data = self._raw(size)
            try:
                text = self._decoder.decode(data, final=not data).encode()
            except UnicodeError as error:  # one without a reason: there is no byte-order mark
                reason = getattr(error, "reason", "its byte-order mark is not there")
                raise TableMisread(
                    f"{self.name} is not {self.encoding} all through: {reason}."
                ) from error
            if text or not data:
                return text

    def close(self) -> None:
        """Close the file, if it was opened here."""
        if self._opened is not None:
            self._opened.close()
        if self._spool is not None:
            self._spool.close()
        self._resources.close()

    def members(self) -> Sequence[str]:
        """Return the names in an archive; none where it is damaged."""
        if self._members is None:
            try:
                with zipfile.ZipFile(self._whole()) as archive:
                    found = [each.filename for each in archive.infolist() if not each.is_dir()]
            except (OSError, zipfile.BadZipFile, NotImplementedError, ValueError):
                found = []
            self._members = found
        return self._members

    def compound_directory(self) -> bytes:
        """Return where a compound file of Microsoft names its streams: its start and directory."""
        (shift,), (first,) = (
            struct.unpack_from(kind, self.sample.ljust(512, b"\0"), at)
            for kind, at in ((b"<H", 30), (b"<I", 48))
        )
        size = 1 << min(shift, 12)
        with contextlib.ExitStack() as stack:
            file = self._whole()
            opened = stack.enter_context(file.open("rb")) if isinstance(file, Path) else file
            opened.seek((first + 1) * size)
            found = opened.read(DIRECTORY_SECTORS * size)
            opened.seek(0)
        return self.sample + found

    def member(self, name: str, limits: Limits) -> "Stream":
        """Return the stream of a member of an archive, which is closed with it."""
        resources = contextlib.ExitStack()
        try:
            source = resources.enter_context(self.rewindable())
            if not isinstance(source, Path):
                resources.callback(source.close)
            archive = resources.enter_context(zipfile.ZipFile(source))
            found = archive.getinfo(name)
            file = resources.enter_context(archive.open(found))
            stream = Stream(cast("BinaryIO", file), limits, PurePosixPath(name).name)
        except Exception as error:  # an archive raises whatever its bytes make it raise
            resources.close()
            if isinstance(error, TableUnreadable):
                raise
            raise TableUnreadable(f"{self.name} is damaged, or has a password.") from error
        stream.total, stream._resources = found.file_size, resources
        stream.is_packed = True  # no part of the file is a part of the table
        return stream

    def decode(self, encoding: str) -> None:
        """Take the text to be in an encoding, whose byte-order mark is skipped."""
        for mark, marked in BYTE_ORDER_MARKS.items():
            if self._is_start and self._ahead.startswith(mark) and _alike(encoding, marked):
                self._ahead = self._ahead[len(mark) :]
                encoding = marked
                break
        self.encoding = encoding
        if codecs.lookup(encoding).name not in ("utf-8", "ascii"):
            self._decoder = codecs.getincrementaldecoder(encoding)()

    def decode_as(self, encoding: str | None) -> None:
        """Decode the text with an encoding; by default that of `encoding_of`."""
        self.decode(encoding or encoding_of(self))

    def again(self) -> "Stream | None":
        """Return the same bytes from their start; None where they are those of a pipe."""
        return None if self._path is None else Stream(self._path, self._limits, self.name)

    @contextlib.contextmanager
    def rewindable(self) -> Iterator[Path | BinaryIO]:
        """Return all of the bytes as a file that can be read in any order.

        The caller closes it; after an error in the block, it is closed already.
        """
        file = self._whole()
        self._spool = None
        self.close()
        try:
            yield file
        except BaseException:
            if not isinstance(file, Path):
                file.close()
            raise

    def _whole(self) -> Path | BinaryIO:
        """Return all of the bytes as a file that can be read in any order."""
        if self._path and not self.is_packed:
            return self._path
        if self._spool is None:
            self._spool = self._spooled()
        return self._spool

    def _begin_unpacking(self) -> bool:
        """Look whether the file is packed, and unpack it from here on if it is."""
        start = self._peek(MAGIC_BYTES)
        packing = packing_of(start)
        if packing is None:
            return False
        self._bytes = packing.unpacked(io.BufferedReader(_Joined(start, self._bytes)))
        self._ahead = b""
        return True

    def _spooled(self) -> BinaryIO:
        """Keep the bytes in a file that goes when it is closed."""
        file = tempfile.TemporaryFile(prefix="servery-")  # noqa: SIM115 - who reads it keeps it
        try:
            with room_for(
                f"There is no room in {tempfile.gettempdir()} to unpack {self.name}. Make some, "
                "have TMPDIR name another folder, or name the unpacked file."
            ):
                while data := self.read(1 << 20):
                    file.write(data)
                file.seek(0)
        except BaseException:
            with contextlib.suppress(OSError):
                file.close()
            raise
        return file

    def _peek(self, size: int) -> bytes:
        while len(self._ahead) < size:
            data = self._unpack(size - len(self._ahead))
            if not data:
                break
            self._ahead += data
        return self._ahead

    def _raw(self, size: int) -> bytes:
        if self._ahead:
            data, self._ahead = self._ahead[:size], self._ahead[size:]
            return data
        return self._unpack(size)

    def _unpack(self, size: int) -> bytes:
        try:
            data = self._bytes.read(size)
        except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError) as error:
            raise TableUnreadable(f"{self.name} is damaged: {error}.") from error
        if not data and self.done < (self.total or 0):
            raise TableUnreadable(
                f"{self.name} became shorter while it was read: {self.done:,} of {self.total:,} "
                "bytes were there. Score it again when it is written to the end."
            )
        self._unpacked += len(data)
        if self._unpacked > self._limit:
            raise TableTooLarge(
                f"{self.name} unpacks to more than {self._limit:,} bytes, which is all that is "
                "taken. Split it."
            )
        return data

    def _refuse_if_blank(self) -> None:
        """Look for a first line beyond a sample of nothing but line ends."""
        while self._ahead and not self._ahead.strip(b" \t\r\n\0"):
            data = self._unpack(1 << 20)
            if not data:
                break
            self._ahead = data
        else:
            if self._ahead:
                self.sample = self._ahead[:SAMPLE_BYTES]
                return
        raise TableEmpty(f"{self.name} is empty; expected a table with a header row.")


class _Joined(io.RawIOBase):
    """Some bytes, and then the rest of a file."""

    def __init__(self, first: bytes, rest: IO[bytes]) -> None:
        self._first = first
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        data = self._first[: len(buffer)] or self._rest.read(len(buffer))
        self._first = self._first[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)


def encoding_of(stream: Stream) -> str:
    """Return the encoding of a text: by its mark, or UTF-8 where its start is that.

    Raises
    ------
    AmbiguousTable
        It is neither; single-byte encodings cannot be distinguished.
    """
    sample = stream.sample
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if sample.startswith(mark):
            return encoding
    lines = sample.splitlines()
    strange = sum(line.translate(None, CONTROLS) != line for line in lines)
    if 2 * strange > len(lines):  # a few are each a fault of its row
        return _by_zeros(stream)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(sample)
    except UnicodeDecodeError as error:
        line = sample.count(b"\n", 0, error.start) + 1
        raise not_utf8(stream.name, line, sample[error.start]) from error
    return "utf-8"


def not_utf8(name: str, line: int, byte: int) -> AmbiguousTable:
    """Return what to raise for a text that is not UTF-8, as a byte of it shows."""
    letter = bytes([byte]).decode("cp1252", "ignore")
    shown = f", which is {letter} in cp1252" if letter.strip() else ""
    return AmbiguousTable(
        f"{name} is not UTF-8: line {line} has the byte 0x{byte:02X}{shown}. Such files "
        "are usually in the encoding of Windows (cp1252) or in Latin-1.",
        Choice("encoding", ("cp1252", "latin-1")),
    )


def _by_zeros(stream: Stream) -> str:
    """UTF-16 without a mark has a zero for every second byte of plain letters."""
    even, odd = stream.sample[::2].count(0), stream.sample[1::2].count(0)
    few, many = sorted((even, odd))
    if many > 0.3 * len(stream.sample) / 2 and few < many / 10:
        likely = ("utf-16-le", "utf-16-be") if odd > even else ("utf-16-be", "utf-16-le")
        raise AmbiguousTable(
            f"{stream.name} has no byte-order mark and seems to be UTF-16.",
            Choice("encoding", likely),
        )
    from servery.tables.registry import titles  # whose formats read streams

    at, byte = next((at, byte) for at, byte in enumerate(stream.sample) if byte in CONTROLS)
    line = stream.sample.count(b"\n", 0, at) + 1
    what = f"the control character 0x{byte:02X}" if byte else "a zero byte"
    raise TableUnreadable(
        f"{stream.name} is not text: line {line} has {what}; expected {titles()}."
    )


def _alike(encoding: str, marked: str) -> bool:
    name = codecs.lookup(encoding).name.replace("-sig", "")
    return name == marked or (name in ("utf-16", "utf-32") and marked.startswith(name))

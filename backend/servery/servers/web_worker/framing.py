"""Where a request ends: gunicorn's parser is given bytes that are complete, and never a socket."""

import re
from collections.abc import Callable
from typing import Any

from gunicorn.http.body import LengthReader
from gunicorn.http.errors import InvalidChunkSize, LimitRequestHeaders, NoMoreData
from gunicorn.http.message import Request
from gunicorn.http.unreader import Unreader

ReadOn = Callable[[int | None], bytes]

HEAD_END = b"\r\n\r\n"
#: Most bytes of a head. Its lines have gunicorn's own, lower limits.
HEAD_BYTES = 64 * 1024
#: More than a request line may have: without a line end by then, the parser refuses it.
LINE_BYTES = 8192
CHUNK_SIZE = re.compile(rb"([0-9a-fA-F]{1,16})[ \t]*(?:;[^\r\n]*)?")


class BodyTooLarge(Exception):
    """A body that is longer than the server takes."""


class ReceivedBytes(Unreader):  # type: ignore[misc] # gunicorn has no types
    """Bytes that are here already, as gunicorn's parser reads them."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self._data = data
        self._read_on: ReadOn | None = None

    def chunk(self, size_hint: int | None = None) -> bytes:
        """Return all that is left, or what is read on from elsewhere."""
        if self._read_on is not None:
            return self._read_on(size_hint)
        data, self._data = self._data, b""
        return data

    def feed(self, data: bytes) -> None:
        """Add the body, after the head was parsed."""
        self._data = data

    def read_on(self, read: ReadOn) -> None:
        """Have the body read by a function that returns about as many bytes as it is asked for."""
        self._read_on = read


def find_head_end(data: bytearray, searched: int) -> int | None:
    """Return where the head ends; None if more has to arrive first.

    Parameters
    ----------
    searched
        So many bytes were searched before.
    """
    end = data.find(HEAD_END, max(0, searched - 3))
    return None if end < 0 else end + len(HEAD_END)


def is_hopeless(data: bytearray, searched: int) -> bool:
    """Return whether the parser would refuse the beginning of a head, whatever follows."""
    if len(data) > HEAD_BYTES or (len(data) > LINE_BYTES and data.find(b"\r\n") < 0):
        return True
    new = data[max(0, searched - 1) :]
    return new.count(b"\n") != new.count(b"\r\n") + (searched > 0 and new[:1] == b"\n")


def parse_head(cfg: Any, head: bytes, address: Any, number: int) -> Any:  # noqa: ANN401
    """Return gunicorn's `Request`; its body is read from what its unreader is fed.

    Raises
    ------
    Exception
        One of gunicorn's own, for a head that is refused.
    """
    try:
        return Request(cfg, ReceivedBytes(head), address, number)
    except NoMoreData as error:
        if len(head) > HEAD_BYTES:
            raise LimitRequestHeaders(f"head of more than {HEAD_BYTES} bytes") from error
        raise


def length_of(request: Any) -> int | None:  # noqa: ANN401
    """Return the length of a request's body; None if it comes in chunks."""
    reader = request.body.reader
    return int(reader.length) if isinstance(reader, LengthReader) else None


class ChunkScanner:
    """Finds the end of a chunked body, and leaves its contents alone.

    It takes only what gunicorn's reader takes too; anything else is refused, so that both agree on
    where the next request begins.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._size = 0
        self._at = 0
        self._is_trailer = False

    def find_end(self, data: bytearray) -> int | None:
        """Return where the body ends; None if more has to arrive first.

        Raises
        ------
        InvalidChunkSize
            These are not chunks.
        BodyTooLarge
            They hold, or announce, more than is taken.
        """
        while not self._is_trailer:
            line_end = data.find(b"\r\n", self._at, self._at + LINE_BYTES)
            if line_end < 0:
                if len(data) - self._at >= LINE_BYTES or data.find(b"\n", self._at) >= 0:
                    raise InvalidChunkSize(b"no line end")
                return None
            line = CHUNK_SIZE.fullmatch(data, self._at, line_end)
            if line is None:
                raise InvalidChunkSize(bytes(data[self._at : line_end][:20]))
            size = int(line[1], 16)
            if self._size + size > self._most_bytes:
                raise BodyTooLarge
            if size == 0:
                self._at, self._is_trailer = line_end + 2, True
                break
            chunk_end = line_end + 2 + size
            if len(data) < chunk_end + 2:
                return None
            if data[chunk_end : chunk_end + 2] != b"\r\n":
                raise InvalidChunkSize(b"no line end after a chunk")
            self._size += size
            self._at = chunk_end + 2
        return self._trailer_end(data)

    def _trailer_end(self, data: bytearray) -> int | None:
        if data[self._at : self._at + 2] == b"\r\n":
            return self._at + 2
        end = data.find(HEAD_END, self._at)
        if end < 0 and len(data) - self._at > HEAD_BYTES:
            raise LimitRequestHeaders("trailers too large")
        return None if end < 0 else end + len(HEAD_END)

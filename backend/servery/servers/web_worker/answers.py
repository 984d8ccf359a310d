"""What a WSGI app answers, framed as HTTP/1.1; sends nothing itself."""

import time
from collections.abc import Callable, Iterable, Iterator
from email.utils import formatdate
from functools import lru_cache
from types import TracebackType
from typing import IO

from servery.lanes import EventSource

ExcInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]

#: An answer of up to so many bytes is made whole before it is sent, so that the app is done with it
#: however slowly the client reads. More, such as a file, is read as the client takes it.
WHOLE_BYTES = 256 * 1024
LAST_CHUNK = b"0\r\n\r\n"
#: About the connection, not about the answer: the server decides (RFC 9110, 7.6.1). ``Server``
#: would name the software and its version to an attacker.
OURS = frozenset(
    ["connection", "keep-alive", "transfer-encoding", "upgrade", "te", "trailer", "server", "date"]
)


class Answer:
    """One answer: the app gives it to `start` and `take`, then it is sent.

    Attributes
    ----------
    pieces
        Bytes to send now, framed.
    rest
        The remaining body, which is read as the client takes it; each piece goes through `frame`.
    source
        The event stream that the app left to the server.
    keeps
        Whether the connection can be used again.
    """

    def __init__(self, method: str, version: tuple[int, int], *, keeps: bool) -> None:
        self.pieces: list[bytes] = []
        self.rest: Iterator[bytes] | None = None
        self.source: EventSource | None = None
        self.keeps = keeps
        self._is_head = method == "HEAD"
        self._version = version
        self._status = ""
        self._headers: list[tuple[str, str]] = []
        self._length: int | None = None
        self._is_chunked = False
        self._written: list[bytes] = []
        self._close: Callable[[], object] | None = None

    def start(
        self, status: str, headers: list[tuple[str, str]], exc_info: ExcInfo | None = None, /
    ) -> Callable[[bytes], object]:
        """Take status and headers: WSGI's ``start_response``."""
        if self._status and not exc_info:
            raise AssertionError("The headers are set already.")
        self._status, self._length = status, None
        self._headers = [each for each in headers if each[0].lower() not in OURS]
        for name, value in self._headers:
            if name.lower() == "content-length":
                self._length = int(value)
        return self._written.append

    def take(self, body: Iterable[bytes]) -> None:
        """Take the body: its beginning, or all of it."""
        self._close = getattr(body, "close", None)
        try:
            self._take_body(body)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Release what the app holds for this answer, such as a file."""
        close, self._close, self.rest = self._close, None, None
        if close is not None:
            close()

    def frame(self, piece: bytes) -> list[bytes]:
        """Return a piece of the body as it is sent."""
        if self._length is not None:
            piece = piece[: self._length]
            self._length -= len(piece)
        if not self._is_chunked:
            return [piece]
        return [b"%X\r\n" % len(piece), piece, b"\r\n"] if piece else []

    def end(self) -> list[bytes]:
        """Return what is sent after the last piece of the body."""
        if self._length:  # the app announced more than it had
            self.keeps = False
        return [LAST_CHUNK] if self._is_chunked else []

    def _take_body(self, body: Iterable[bytes]) -> None:
        if self._omits_body():
            self._take_none()
        elif self.source is not None:
            self._drop_length()  # of the body that the app has returned instead
            self._begin(self._written)
        else:
            rest = iter(body)
            taken, is_all = _beginning(rest)
            if is_all:
                self._end_whole(self._written + taken)
            else:
                self.rest = rest
                self._begin(self._written + taken)

    def _take_none(self) -> None:
        self.close()
        self.source = None
        if self._status[:1] == "1" or self._status[:3] == "204":
            self._drop_length()
        self.pieces = [self._head()]

    def _begin(self, taken: list[bytes]) -> None:
        """Frame the beginning of a body whose end is not known yet."""
        self._is_chunked = self._length is None and self._version >= (1, 1)
        self.keeps = self.keeps and (self._is_chunked or self._length is not None)
        head = self._head()
        self.pieces = [head, *(part for piece in taken for part in self.frame(piece))]

    def _end_whole(self, taken: list[bytes]) -> None:
        self.close()
        if self._length is None:
            self._length = sum(map(len, taken))
            self._headers.append(("Content-Length", str(self._length)))
        head = self._head()
        self.pieces = [head, *(part for piece in taken for part in self.frame(piece))]
        self.pieces += self.end()

    def _omits_body(self) -> bool:
        return self._is_head or self._status[:3] in ("204", "304") or self._status[:1] == "1"

    def _drop_length(self) -> None:
        self._length = None
        self._headers = [each for each in self._headers if each[0].lower() != "content-length"]

    def _head(self) -> bytes:
        lines = [
            f"HTTP/1.{min(self._version[1], 1)} {self._status}",
            f"Date: {_date(int(time.time()))}",
        ]
        lines.append("Connection: keep-alive" if self.keeps else "Connection: close")
        if self._is_chunked:
            lines.append("Transfer-Encoding: chunked")
        lines += [f"{name}: {value}" for name, value in self._headers]
        head = "\r\n".join(lines)
        # No header may end its line and begin another one.
        ends = len(lines) - 1
        if not self._status or head.count("\n") != ends or head.count("\r") != ends:
            raise ValueError("The app answered with headers that are not valid.")
        return head.encode("latin-1") + b"\r\n\r\n"


class FilePieces:
    """A file as the body of an answer: WSGI's ``file_wrapper``, with large pieces."""

    def __init__(self, file: IO[bytes], block_bytes: int = 0) -> None:  # noqa: ARG002 - WSGI's own
        self._file = file
        self.close = file.close
        self.seekable, self.seek, self.tell = file.seekable, file.seek, file.tell

    def __iter__(self) -> "FilePieces":
        return self

    def __next__(self) -> bytes:
        if piece := self._file.read(WHOLE_BYTES):
            return piece
        raise StopIteration


def _beginning(body: Iterator[bytes]) -> tuple[list[bytes], bool]:
    """Return the beginning of a body, and whether that is all of it."""
    taken: list[bytes] = []
    size = 0
    for piece in body:
        taken.append(piece)
        if size > WHOLE_BYTES:  # one piece more than that: it is not all
            return taken, False
        size += len(piece)
    return taken, True


@lru_cache(maxsize=1)
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)

"""One connection: bytes that arrived, bytes that have to go, and how long it may stay as it is."""

import contextlib
import enum
import math
import select
import socket
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from servery.lanes import COMMON
from servery.servers.web_worker.pace import Pace

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from servery.servers.web_worker.answers import Answer
    from servery.servers.web_worker.framing import ChunkScanner

READ_BYTES = 64 * 1024
UPLOAD_READ_BYTES = 1024 * 1024
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
#: So little is left unsent in the kernel, so that what was sent says how fast a client reads.
UNSENT_BYTES = 128 * 1024


class State(enum.Enum):
    """What a connection is at; a thread owns it while it is ``BUSY``, the loop otherwise."""

    HEAD = enum.auto()  # between two requests, or in the middle of a head
    BODY = enum.auto()
    BUSY = enum.auto()
    SENDING = enum.auto()
    LINGERING = enum.auto()  # answered for the last time; what still arrives is dropped
    CLOSED = enum.auto()


class Exchange:
    """One request on a connection, and the answer to it."""

    __slots__ = ("answer", "body_bytes", "environ", "has_all", "lane", "request", "scanner")

    def __init__(self) -> None:
        #: gunicorn's, once the head was parsed.
        self.request: Any = None
        self.environ: WSGIEnvironment = {}
        self.lane = COMMON
        self.scanner: ChunkScanner | None = None
        self.body_bytes: int | None = None
        #: Whether the body was taken off the connection, so that the next request follows.
        self.has_all = False
        self.answer: Answer | None = None


class Connection:
    """A client's socket, which never blocks, and what is known of it.

    Attributes
    ----------
    received
        What arrived and was not used.
    searched
        So much of it is known to hold no end of a head.
    pending
        What has to be sent.
    due
        When it is closed if nothing happens before, by the monotonic clock.
    has_ended
        Whether the client sends no more.
    is_broken
        Whether it can only be closed.
    """

    __slots__ = (
        *("address", "due", "exchange", "has_ended", "interest", "is_broken", "is_line_checked"),
        *("number", "pace", "pending", "received", "reserved", "searched", "server", "sock"),
        "state",
    )

    def __init__(self, sock: socket.socket, address: Any, server: Any, due: float) -> None:  # noqa: ANN401
        sock.setblocking(False)
        self.sock = sock
        self.address = address
        self.server = server
        self.state = State.HEAD
        self.received = bytearray()
        self.searched = 0
        self.is_line_checked = False
        self.pending: deque[memoryview] = deque()
        self.number = 0
        self.reserved = 0
        self.interest = 0
        self.due = due
        self.pace: Pace | None = None
        self.exchange = Exchange()
        self.has_ended = False
        self.is_broken = False

    def read(self) -> int:
        """Take what has arrived, and return how much that was."""
        try:
            data = self.sock.recv(READ_BYTES)
        except (BlockingIOError, InterruptedError):
            return 0
        except OSError:
            self.is_broken = True
            return 0
        if not data:
            self.has_ended = True
        elif self.state is not State.LINGERING:
            self.received += data
        return len(data)

    def take(self, size: int) -> bytes:
        """Return the first bytes of what arrived, and keep the rest."""
        data = bytes(self.received[:size])
        del self.received[:size]
        self.searched = 0
        return data

    def queue(self, pieces: list[bytes]) -> None:
        """Have these bytes sent next."""
        self.pending.extend(memoryview(piece) for piece in pieces if piece)

    def flush(self) -> bool:
        """Send what the client takes now; return whether nothing is left to send."""
        while self.pending and not self.is_broken:
            try:
                sent = self.sock.sendmsg([*self.pending][:64])
            except (BlockingIOError, InterruptedError):
                return False
            except OSError:
                self.is_broken = True
                break
            if self.pace is not None:
                self.pace.count(sent)
            self._drop_sent(sent)
        return True

    def is_late(self, now: float) -> bool:
        """Return whether the client took too long for what it is at."""
        return now >= (self.due if self.pace is None else self.pace.due)

    def pace_writing(self) -> None:
        """Have the client read at a pace from now on."""
        self.pace = Pace()
        self.pace.count(UNSENT_BYTES)  # as much lies in the kernel, and is not read yet
        self.due = math.inf
        if hasattr(socket, "TCP_NOTSENT_LOWAT") and self.sock.family != socket.AF_UNIX:
            with contextlib.suppress(OSError):  # it is closed at the other end
                self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT_BYTES)

    def _drop_sent(self, sent: int) -> None:
        while sent:
            first = self.pending.popleft()
            if len(first) > sent:
                self.pending.appendleft(first[sent:])
                return
            sent -= len(first)


class ArrivingBody:
    """The body of an upload, read by a thread while it arrives, at the pace that clients must keep.

    A client that waits for 100 Continue gets it when the app first asks for the body: one that
    is refused before sends nothing.
    """

    def __init__(self, connection: Connection, *, is_awaiting: bool) -> None:
        self._connection = connection
        self._is_awaiting = is_awaiting
        self._pace: Pace | None = None

    def read(self, size_hint: int | None) -> bytes:
        """Return what arrives next.

        Raises
        ------
        TimeoutError
            The client is too slow.
        """
        connection = self._connection
        if connection.received:
            return connection.take(len(connection.received))
        if self._is_awaiting:
            self._is_awaiting = False
            connection.queue([CONTINUE])
            connection.flush()
        if self._pace is None:
            self._pace = Pace()
        size = min(max(size_hint or 0, READ_BYTES), UPLOAD_READ_BYTES)
        while True:
            try:
                data = connection.sock.recv(size)
            except BlockingIOError:
                _await_readable(connection.sock, self._pace.due)
            else:
                self._pace.count(len(data))
                return data


def _await_readable(sock: socket.socket, due: float) -> None:
    left_s = due - time.monotonic()
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    if left_s <= 0 or not poll.poll(left_s * 1000):
        raise TimeoutError("The client sends too slowly.")

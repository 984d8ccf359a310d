"""The loop of a web worker: takes connections, reads requests, and gives threads whole ones.

It owns every socket that no thread works on. Nothing in it waits for a client, so that a client
that is slow, silent or hostile costs a file descriptor and a little memory until its time is over.
"""

import contextlib
import errno
import io
import logging
import math
import os
import resource
import selectors
import socket
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from gunicorn.http.errors import (
    ExpectationFailed,
    LimitRequestHeaders,
    LimitRequestLine,
    NoMoreData,
    ParseException,
    UnsupportedTransferCoding,
)

from servery.errors import NotReady, ServeryError, TooBusy
from servery.lanes import BATCHES, COMMON, HEALTH, LANE_OF, QUICK, LaneOf
from servery.servers.web_worker.backlog import Backlog
from servery.servers.web_worker.connection import (
    CONTINUE,
    ArrivingBody,
    Connection,
    Exchange,
    State,
)
from servery.servers.web_worker.framing import (
    BodyTooLarge,
    ChunkScanner,
    find_head_end,
    is_hopeless,
    length_of,
    parse_head,
)
from servery.servers.web_worker.pace import HEAD_S, Pace
from servery.servers.web_worker.pool import Pool
from servery.servers.web_worker.senders import FileSender, StreamSender
from servery.servers.web_worker.serving import Serving, environ_of

if TYPE_CHECKING:
    from servery.servers.web_worker import FairWorker

log = logging.getLogger("servery.web_worker")

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE

#: Threads of a lane that a slow model or slow uploads may keep busy; more share one core.
LANE_THREADS = 16
#: A page that is opened asks for many things at once.
BURST = 64
#: Of each lane its threads (0: as many as the settings say), and how many may always wait for one.
#: An upload keeps its thread for as long as it takes, so that waiting for one is of no use.
THREADS: dict[str, tuple[int, int | None]] = {
    COMMON: (0, BURST),
    HEALTH: (2, BURST),
    BATCHES: (LANE_THREADS, None),
}
#: Between two looks at what is late, and two signs of life for gunicorn's master.
SWEEP_S = 1.0
#: Quick requests are answered for so long before sockets are looked at again.
TURN_S = 0.005
#: A connection is left to a sibling for so long.
YIELD_S = 0.001
#: Of requests that were sent before the one on the same connection was answered.
AHEAD_BYTES = 64 * 1024
#: An upload of up to so many bytes needs no thread before it is all there.
SMALL_UPLOAD_BYTES = 64 * 1024
#: The chunks of a body of up to so many bytes are joined at once.
SMALL_CHUNKED_BYTES = 64 * 1024
#: Larger bodies that are still arriving, all together. Smaller ones are too small to matter.
LARGE_BODY_BYTES = 64 * 1024
HELD_BYTES = 256 * 1024 * 1024
#: After the last answer, what arrives is dropped for so long: closing at once would have the kernel
#: reset the connection, and the client might never see the answer.
LINGER_S = 2.0
#: A worker that stops stays for so long, as a request may be on its way on a kept connection.
DRAIN_IDLE_S = 2.0
#: File descriptors for everything except connections.
SPARE_FILES = 200
#: Where the system sets no limit.
MOST_FILES = 65_536

STATUS: dict[type[Exception], int] = {
    LimitRequestLine: 414,
    LimitRequestHeaders: 431,
    ExpectationFailed: 417,
    UnsupportedTransferCoding: 501,
    BodyTooLarge: 413,
}
BUSY = "This server has more to do than it can answer in time. Send the request again in a moment."
STOPPING = "This server is stopping. Send the request again; another one may answer it."


class Loop:
    """The connections of one worker."""

    def __init__(self, worker: "FairWorker") -> None:
        self._worker = worker
        self._cfg = worker.cfg
        self._shares = worker.shares
        self._lane_of: LaneOf = getattr(worker.wsgi, LANE_OF, lambda _environ: COMMON)
        config = getattr(worker.wsgi, "config", {})
        self._most_body_bytes: int = config.get("MAX_CONTENT_LENGTH") or 1 << 62
        self._most_connections = _raised_file_limit() - SPARE_FILES
        self._selector = selectors.DefaultSelector()
        self._connections: set[Connection] = set()
        self._held_bytes = 0
        self._quick: deque[Connection] = deque()
        self._quick_backlog = Backlog(threads=1, burst=BURST)
        self._returned: deque[Connection] = deque()
        self._pipelined: deque[Connection] = deque()
        self._pools: dict[str, Pool[Connection]] = {}
        self._files = FileSender(self._give_back)
        self._streams = StreamSender(self._give_back)
        self._serving = Serving(worker.wsgi, self._streams.has_room)
        self._accepts_at = math.inf
        self._sweeps_at = 0.0
        self._is_draining = False

    def run(self) -> None:
        """Serve until the worker must stop, then finish running requests."""
        self._files.start()
        self._streams.start()
        self._selector.register(self._worker.PIPE[0], READ, None)
        for listener in self._worker.sockets:
            listener.setblocking(False)
        self._shares.set(self._worker.age, 0)
        self._set_accepting(True)
        while self._worker.alive:
            self._turn()
        self._drain()

    def _turn(self) -> None:
        now = time.monotonic()
        is_pressed = self._quick or self._pipelined
        wait_s = 0.0 if is_pressed else max(0.0, min(self._sweeps_at, self._accepts_at) - now)
        ready = self._selector.select(wait_s)
        woken = time.monotonic()
        for key, mask in ready:
            if type(key.data) is Connection:
                self._on_ready(key.data, mask)
            elif key.data is None:
                _empty(self._worker.PIPE[0])
            else:
                self._accept_fairly(key.data)
        while self._returned:
            self._settle(self._returned.popleft())
        if self._quick:
            self._answer_quick(time.monotonic() - woken)
        if self._pipelined:
            self._advance_pipelined()
        now = time.monotonic()
        if now >= self._accepts_at:
            self._accept_regardless()
        if now >= self._sweeps_at:
            self._sweep()

    # Connections: taken, dropped, closed when they are late

    def _accept_fairly(self, listener: socket.socket) -> None:
        """Take what waits, or leave it to a sibling that has fewer connections, for a moment.

        A worker that is awake takes whatever waits before its siblings have woken up: of sixteen
        connections at once one of two workers often took all, and one core stayed idle for as long
        as they were kept.
        """
        for _ in range(1 + len(self._connections) // 16):
            if self._shares.is_ahead(self._worker.age):
                self._set_accepting(False)
                self._accepts_at = time.monotonic() + YIELD_S
                return
            if not self._accept(listener):
                return

    def _accept_regardless(self) -> None:
        """Take what no sibling took in time."""
        self._set_accepting(True)
        for listener in self._worker.sockets:
            for _ in range(1 + len(self._connections) // 16):
                if not self._accept(listener):
                    break

    def _set_accepting(self, is_accepting: bool) -> None:
        self._accepts_at = math.inf
        for listener in self._worker.sockets:
            if is_accepting:
                self._selector.register(listener, READ, listener)
            else:
                self._selector.unregister(listener)

    def _accept(self, listener: socket.socket) -> bool:
        """Take one connection; return False if none waits."""
        try:
            sock, address = listener.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return False
        except OSError as error:
            if error.errno not in (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM):
                raise
            log.warning("no connection can be accepted: %s", error.strerror)
            self._drop_longest_idle()
            return False
        due = time.monotonic() + self._cfg.keepalive
        connection = Connection(sock, address, listener.getsockname(), due)
        self._connections.add(connection)
        self._watch(connection, READ)
        if len(self._connections) > self._most_connections:
            self._drop_longest_idle()
        self._shares.set(self._worker.age, len(self._connections))
        return True

    def _drop_longest_idle(self) -> None:
        """Make room for a connection: who has asked nothing for the longest time goes."""
        idle = [each for each in self._connections if each.state is State.HEAD]
        if idle:
            self._drop(min(idle, key=lambda each: each.due))

    def _watch(self, connection: Connection, interest: int) -> None:
        if connection.interest == interest:
            return
        if not connection.interest:
            self._selector.register(connection.sock, interest, connection)
        elif interest:
            self._selector.modify(connection.sock, interest, connection)
        else:
            self._selector.unregister(connection.sock)
        connection.interest = interest

    def _drop(self, connection: Connection) -> None:
        self._watch(connection, 0)
        self._release(connection)
        self._connections.discard(connection)
        self._shares.set(self._worker.age, len(self._connections))
        connection.state = State.CLOSED
        connection.sock.close()

    def _release(self, connection: Connection) -> None:
        self._held_bytes -= connection.reserved
        connection.reserved = 0

    def _sweep(self) -> None:
        """Send a heartbeat to the master, and close late connections."""
        now = time.monotonic()
        self._sweeps_at = now + SWEEP_S
        self._worker.notify()
        if self._worker.ppid != os.getppid():
            self._worker.alive = False
        for connection in [each for each in self._connections if each.is_late(now)]:
            if connection.state is State.BODY or (
                connection.state is State.HEAD and connection.received
            ):
                self._refuse(connection, 408)
            elif connection.state is not State.BUSY:
                self._drop(connection)

    # Requests: read and handed out

    def _on_ready(self, connection: Connection, mask: int) -> None:
        if mask & WRITE and connection.state is State.SENDING:
            self._send_pending(connection)
        if mask & READ and connection.state is not State.CLOSED:
            self._read(connection)

    def _read(self, connection: Connection) -> None:
        size = connection.read()
        if connection.has_ended or connection.is_broken:
            if connection.state in (State.BUSY, State.SENDING):
                self._watch(connection, connection.interest & ~READ)
            elif connection.state is State.BODY and not connection.is_broken:
                self._watch(connection, 0)
                self._hand_out_torn(connection)
            else:
                self._drop(connection)
        elif size and connection.state in (State.HEAD, State.BODY):
            if connection.pace is not None:
                connection.pace.count(size)
            self._advance(connection)
        elif len(connection.received) > AHEAD_BYTES:
            self._watch(connection, connection.interest & ~READ)

    def _advance(self, connection: Connection) -> None:
        """Hand out the request that has arrived, if it has."""
        try:
            if connection.state is State.HEAD:
                self._advance_head(connection)
            if connection.state is State.BODY:
                self._advance_body(connection)
        except ServeryError as error:
            self._refuse(connection, error)
        except (ParseException, BodyTooLarge) as error:
            self._refuse(connection, STATUS.get(type(error), 400))
        except Exception:  # one request must not end the loop of all
            log.exception("a request failed before the app was asked")
            self._refuse(connection, 500)

    def _advance_pipelined(self) -> None:
        """Continue connections with several pipelined requests, one request from each."""
        until = time.monotonic() + TURN_S
        for _ in range(len(self._pipelined)):
            connection = self._pipelined.popleft()
            if connection.state is State.HEAD:
                self._advance(connection)
            if time.monotonic() > until:
                return

    def _advance_head(self, connection: Connection) -> None:
        data, searched = connection.received, connection.searched
        end = find_head_end(data, searched)
        if end is None:
            self._await_head(connection)
            return
        head = connection.take(end)
        connection.number += 1
        request = parse_head(self._cfg, head, connection.address, connection.number)
        self._begin(connection, request)

    def _await_head(self, connection: Connection) -> None:
        """Wait for more, unless what is there is refused already."""
        data, searched = connection.received, connection.searched
        if searched == 0:
            connection.due = time.monotonic() + HEAD_S
            connection.is_line_checked = False
        is_line_new = not connection.is_line_checked and data.find(b"\r\n") > 0
        if is_line_new or is_hopeless(data, searched):
            connection.is_line_checked = True
            with contextlib.suppress(NoMoreData):
                parse_head(self._cfg, bytes(data), connection.address, 2)
        connection.searched = len(data)

    def _begin(self, connection: Connection, request: Any) -> None:  # noqa: ANN401
        """Decide, by its head, what becomes of a request."""
        is_awaiting = request._expected_100_continue
        exchange = connection.exchange
        exchange.request = request
        exchange.environ = environ_of(request, connection, self._cfg)
        if self._is_draining:
            self._refuse(connection, NotReady(STOPPING))
            return
        exchange.lane = self._lane_of(exchange.environ)
        length = length_of(request)
        if exchange.lane == BATCHES and (
            length is None or length > SMALL_UPLOAD_BYTES or is_awaiting
        ):
            self._hand_out_upload(connection, is_awaiting=is_awaiting)
            return
        if (length or 0) > self._most_body_bytes:
            raise BodyTooLarge
        if length is None:
            exchange.scanner = ChunkScanner(self._most_body_bytes)
        exchange.body_bytes = length
        connection.state = State.BODY
        if is_awaiting and not connection.received:
            connection.queue([CONTINUE])
            connection.flush()

    def _advance_body(self, connection: Connection) -> None:
        exchange = connection.exchange
        if exchange.scanner is None:
            size = exchange.body_bytes or 0
            end = size if len(connection.received) >= size else None
        else:
            try:
                end = exchange.scanner.find_end(connection.received)
            except ParseException:
                self._hand_out_torn(connection)
                return
        if end is None:
            self._await_body(connection)
            return
        body = connection.take(end)
        if exchange.scanner is None:
            exchange.environ["wsgi.input"] = io.BytesIO(body)
        else:
            exchange.request.unreader.feed(body)
            if end <= SMALL_CHUNKED_BYTES:
                self._join_chunks(exchange)
        exchange.has_all = True
        connection.pace = None
        self._hand_out(connection)

    def _join_chunks(self, exchange: Exchange) -> None:
        """Make a chunked body one with a length, which may belong to the quick lane."""
        body, environ = exchange.request.body.read(), exchange.environ
        environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(body), str(len(body))
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        exchange.lane = self._lane_of(environ)

    def _hand_out_torn(self, connection: Connection) -> None:
        """Have the app say what is wrong with a body that breaks off, or whose chunks are none."""
        connection.exchange.request.unreader.feed(connection.take(len(connection.received)))
        connection.pace = None
        self._hand_out(connection)

    def _await_body(self, connection: Connection) -> None:
        if connection.pace is None:
            connection.pace = Pace()
        size = len(connection.received)
        if size > LARGE_BODY_BYTES:
            self._held_bytes += size - connection.reserved
            connection.reserved = size
            if self._held_bytes > HELD_BYTES:
                raise TooBusy(BUSY)

    def _hand_out(self, connection: Connection) -> None:
        connection.state = State.BUSY
        connection.due = math.inf
        lane = connection.exchange.lane
        if lane != QUICK:
            is_taken = self._pool(lane).submit(connection)
        else:
            is_taken = not self._quick_backlog.is_too_long(time.monotonic(), len(self._quick))
            if is_taken:
                self._quick.append(connection)
        if not is_taken:
            if connection.received:  # it asks for more before it has an answer: no more of that
                connection.exchange.has_all = False
            self._refuse(connection, TooBusy(BUSY))

    def _hand_out_upload(self, connection: Connection, *, is_awaiting: bool) -> None:
        """Give a thread the head of an upload; it reads the rest off the socket."""
        body = ArrivingBody(connection, is_awaiting=is_awaiting)
        connection.exchange.request.unreader.read_on(body.read)
        self._watch(connection, 0)
        self._hand_out(connection)

    def _pool(self, lane: str) -> Pool[Connection]:
        pool = self._pools.get(lane)
        if pool is None:
            most, burst = THREADS.get(lane, (LANE_THREADS, 0))
            most = most or self._cfg.threads
            pool = self._pools[lane] = Pool(lane, self._answer_in_thread, most, burst)
        return pool

    # Answers: begun here or in a thread, ended here

    def _answer_quick(self, share_s: float) -> None:
        """Answer what needs no thread, for as long as nobody else has to wait for that.

        Parameters
        ----------
        share_s
            What reading has taken: answering gets no less, however much there is to read.
        """
        begun = time.monotonic()
        until = begun + max(TURN_S, share_s)
        while self._quick and begun <= until:
            connection = self._quick.popleft()
            self._serving.answer(connection)
            self._settle(connection)
            ended = time.monotonic()
            self._quick_backlog.answered(ended - begun)
            begun = ended

    def _answer_in_thread(self, connection: Connection) -> None:
        try:
            self._serving.answer(connection)
        except Exception:  # one connection must not end the thread of a lane
            log.exception("a connection failed")
            connection.is_broken = True
        self._give_back(connection)

    def _give_back(self, connection: Connection) -> None:
        """Return a connection to the loop when a thread has finished with it."""
        self._returned.append(connection)
        with contextlib.suppress(BlockingIOError):  # it is full of such calls
            os.write(self._worker.PIPE[1], b".")

    def _refuse(self, connection: Connection, reason: ServeryError | int) -> None:
        connection.state = State.BUSY
        connection.pace = None
        self._serving.refuse(connection, reason)
        self._settle(connection)

    def _settle(self, connection: Connection) -> None:
        """Continue a connection with a started answer: send the rest, keep it open, or close it."""
        exchange = connection.exchange
        answer = exchange.answer
        if connection.is_broken or answer is None:
            if answer is not None:
                answer.close()
            self._drop(connection)
        elif answer.source is not None:
            self._streams.add(connection, answer, answer.source)
        elif answer.rest is not None:
            self._files.add(connection, answer)
        elif connection.pending:
            connection.state = State.SENDING
            connection.pace_writing()
            self._watch(connection, connection.interest | WRITE)
        else:
            self._end(connection, keeps=answer.keeps)

    def _send_pending(self, connection: Connection) -> None:
        if connection.flush():
            connection.pace = None
            self._watch(connection, connection.interest & ~WRITE)
            self._settle(connection)

    def _end(self, connection: Connection, *, keeps: bool) -> None:
        """Await the next request on a connection, or close it."""
        exchange, connection.exchange = connection.exchange, Exchange()
        self._release(connection)
        if keeps and not self._is_draining:
            connection.state = State.HEAD
            connection.due = time.monotonic() + self._cfg.keepalive
            if connection.received:
                self._pipelined.append(connection)
            elif connection.has_ended:
                self._drop(connection)
            if not connection.has_ended:
                self._watch(connection, READ)
        elif connection.has_ended or (exchange.has_all and not connection.received):
            self._drop(connection)
        else:
            self._linger(connection)

    def _linger(self, connection: Connection) -> None:
        connection.state = State.LINGERING
        connection.received.clear()
        connection.due = time.monotonic() + LINGER_S
        try:
            connection.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._drop(connection)
        else:
            self._watch(connection, READ)

    # The end

    def _drain(self) -> None:
        """Refuse what is new, and end what is under way as far as there is time for it."""
        self._is_draining = True
        until = time.monotonic() + self._cfg.graceful_timeout
        if self._accepts_at == math.inf:
            self._set_accepting(False)
        self._accepts_at = math.inf  # also where it has just left a connection to a sibling
        for listener in self._worker.sockets:
            while self._accept(listener):  # it would be reset otherwise
                pass
            listener.close()
        self._streams.drain()
        self._sweeps_at = 0.0
        now = time.monotonic()
        while self._is_needed(now + DRAIN_IDLE_S) and time.monotonic() < until:
            self._turn()

    def _is_needed(self, idle_until: float) -> bool:
        """Return whether anybody still waits for an answer, or might just have asked."""
        if time.monotonic() < idle_until:
            return bool(self._connections)
        return any(each.state is not State.HEAD for each in self._connections)


def _empty(pipe: int) -> None:
    with contextlib.suppress(BlockingIOError):
        while len(os.read(pipe, 4096)) == 4096:
            pass


def _raised_file_limit() -> int:
    """Let this process have as many files open as it may, and return how many that are."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY:
        hard = MOST_FILES
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard

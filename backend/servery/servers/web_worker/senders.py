"""Answers that take long, each kind in one thread for all of them: files, and event streams.

Both write to sockets that never block, so that no client can hold up another one.
"""

import contextlib
import logging
import os
import selectors
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from servery.lanes import EventSource
from servery.servers.web_worker.answers import Answer
from servery.servers.web_worker.connection import Connection

log = logging.getLogger("servery.web_worker")

#: Between two looks at what streams have to say.
EVENT_S = 0.25
#: Each stream costs a few queries a second.
MOST_STREAMS = 100
#: After so many pieces of one file it is the others' turn.
PIECES_PER_TURN = 4

Finished = Callable[[Connection], None]


class FileSender(threading.Thread):
    """Sends the rest of large answers: reads the next piece as soon as the last one is sent."""

    def __init__(self, finished: Finished) -> None:
        super().__init__(name="files", daemon=True)
        self._finished = finished
        self._selector = selectors.DefaultSelector()
        self._added: deque[tuple[Connection, Answer]] = deque()
        self._woken, self._wake = os.pipe()
        os.set_blocking(self._woken, False)
        os.set_blocking(self._wake, False)
        self._selector.register(self._woken, selectors.EVENT_READ)

    def add(self, connection: Connection, answer: Answer) -> None:
        """Send what ``connection`` has pending and the rest of its answer."""
        connection.pace_writing()
        self._added.append((connection, answer))
        with contextlib.suppress(BlockingIOError):  # it is full of such calls
            os.write(self._wake, b".")

    def run(self) -> None:
        """Send, for as long as the process lives."""
        while True:
            ready = self._selector.select(1.0)
            for key, _ in ready:
                if key.data is None:
                    os.read(self._woken, 4096)
                else:
                    self._send(*key.data)
            while self._added:
                added = self._added.popleft()
                self._selector.register(added[0].sock, selectors.EVENT_WRITE, added)
            self._drop_late()

    def _send(self, connection: Connection, answer: Answer) -> None:
        try:
            if not _send_pieces(connection, answer):
                return
        except Exception:  # the body is the app's: it may raise anything
            log.exception("an answer broke off")
            connection.is_broken = True
        self._finish(connection, answer)

    def _finish(self, connection: Connection, answer: Answer) -> None:
        self._selector.unregister(connection.sock)
        answer.close()
        connection.pace = None
        self._finished(connection)

    def _drop_late(self) -> None:
        now = time.monotonic()
        for key in [*self._selector.get_map().values()]:
            if key.data is not None and key.data[0].is_late(now):
                key.data[0].is_broken = True
                self._finish(*key.data)


def _send_pieces(connection: Connection, answer: Answer) -> bool:
    """Send until the client takes no more or its turn is over; return whether all is sent."""
    for _ in range(PIECES_PER_TURN):
        if not connection.flush():
            return False
        if connection.is_broken or answer.rest is None:
            return True
        piece = next(answer.rest, None)
        if piece is None:
            answer.close()
            connection.queue(answer.end())
        else:
            connection.queue(answer.frame(piece))
    return False


@dataclass(slots=True)
class _Stream:
    connection: Connection
    answer: Answer
    source: EventSource
    due: float = 0.0


class StreamSender(threading.Thread):
    """Asks the source of each event stream what is new, a few times a second, and sends it."""

    def __init__(self, finished: Finished) -> None:
        super().__init__(name="streams", daemon=True)
        self._finished = finished
        self._streams: list[_Stream] = []
        self._added: deque[_Stream] = deque()
        self._wake = threading.Event()
        self._is_draining = False

    def has_room(self) -> bool:
        """Return whether one more stream can be added."""
        return not self._is_draining and len(self._streams) + len(self._added) < MOST_STREAMS

    def add(self, connection: Connection, answer: Answer, source: EventSource) -> None:
        """Send the events of an answer until they are over or the client has gone."""
        connection.pace_writing()
        self._added.append(_Stream(connection, answer, source))
        self._wake.set()

    def drain(self) -> None:
        """End all streams at their next turn: their clients open them again elsewhere."""
        self._is_draining = True

    def run(self) -> None:
        """Send, for as long as the process lives."""
        while True:
            self._wake.wait(EVENT_S if self._streams else None)
            self._wake.clear()
            while self._added:
                self._streams.append(self._added.popleft())
            now = time.monotonic()
            self._streams = [
                each for each in self._streams if now < each.due or self._goes_on(each)
            ]

    def _goes_on(self, stream: _Stream) -> bool:
        """Send what is new, and return whether there can be more."""
        connection, answer = stream.connection, stream.answer
        stream.due = time.monotonic() + EVENT_S
        if connection.has_ended or connection.is_broken:
            connection.is_broken = True
        elif not self._send_new(stream):
            return True
        answer.source = None
        connection.pace = None
        self._finished(connection)
        return False

    def _send_new(self, stream: _Stream) -> bool:
        """Return whether the stream is over."""
        connection, answer = stream.connection, stream.answer
        if not connection.flush():  # it does not read: more would only pile up
            connection.is_broken = connection.is_late(time.monotonic())
            return connection.is_broken
        try:
            piece = None if self._is_draining else stream.source.next_piece()
        except Exception:  # the stream is the app's: it may raise anything
            log.exception("an event stream broke off")
            connection.is_broken = True
            return True
        connection.queue(answer.end() if piece is None else answer.frame(piece))
        connection.flush()
        return piece is None

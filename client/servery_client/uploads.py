"""Uploads that can be interrupted without leaving anything on the server.

A server that has not got the last byte drops the upload. Once that byte may have been sent, only
the answer says what to delete, so that it is awaited even then.
"""

import contextvars
import dataclasses
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import anyio

from servery_client.flows import PIECE_BYTES, Reply


def uploaded(path: Path, send: Callable[[Iterator[bytes]], Reply]) -> Reply:
    """Send a file in a thread of its own, which Ctrl-C does not interrupt."""
    upload = Upload(path)
    ask = contextvars.copy_context().run
    thread = threading.Thread(target=ask, args=(upload.ask, send), daemon=True)
    try:
        thread.start()
        upload.is_over.wait()
    except BaseException as interruption:
        if upload.is_stopped():
            raise
        upload.is_over.wait()
        if upload.reply is None:
            raise
        return dataclasses.replace(upload.reply, interruption=interruption)
    if upload.reply is None:
        raise upload.error or AssertionError
    return upload.reply


class Upload:
    """A file on its way; `is_stopped` may be asked by another thread."""

    def __init__(self, path: Path) -> None:
        self.reply: Reply | None = None
        self.error: BaseException | None = None
        self.is_over = threading.Event()  # a join that was interrupted does not wait again
        self._path = path
        self._lock = threading.Lock()
        self._is_stopped = False
        self._is_last = False

    def ask(self, send: Callable[[Iterator[bytes]], Reply]) -> None:
        """Send the file, and keep the answer or the error."""
        try:
            self.reply = send(self._pieces())
        except BaseException as error:
            self.error = error
        finally:
            self.is_over.set()

    def is_stopped(self) -> bool:
        """Stop before the next piece; return False if the last one is already on its way."""
        with self._lock:
            self._is_stopped = not self._is_last
            return self._is_stopped

    def _pieces(self) -> Iterator[bytes]:
        left = self._path.stat().st_size
        self._is_last = not left
        with self._path.open("rb") as file:
            while piece := file.read(PIECE_BYTES):
                left -= len(piece)
                with self._lock:
                    if self._is_stopped:
                        raise InterruptedError
                    self._is_last = left <= 0
                yield piece


async def uploaded_async(
    path: Path, send: Callable[[AsyncIterator[bytes]], Awaitable[Reply]]
) -> Reply:
    """Send a file in a task of its own, which is not cancelled after the last piece."""
    replies: list[Reply] = []
    errors: list[Exception] = []

    async def ask() -> None:
        with anyio.CancelScope() as scope:
            try:
                replies.append(await send(_pieces(path, scope)))
            except Exception as error:
                errors.append(error)

    try:
        async with anyio.create_task_group() as group:
            group.start_soon(ask)
    except BaseException as interruption:
        if not replies:
            raise
        return dataclasses.replace(replies[0], interruption=interruption)
    if errors:
        raise errors[0]
    return replies[0]


async def _pieces(path: Path, scope: anyio.CancelScope) -> AsyncIterator[bytes]:
    left = path.stat().st_size
    scope.shield = not left
    async with await anyio.open_file(path, "rb") as file:
        while piece := await file.read(PIECE_BYTES):
            left -= len(piece)
            scope.shield = left <= 0
            yield piece

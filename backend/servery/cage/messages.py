"""Messages between processes that share no memory but what they agree on: structs and descriptors.

A message is one datagram of a Unix socket: a msgspec struct, and with it open descriptors. What is
large lies in a `Block`, memory that both sides map; a message says where in it. Nothing here is
ever unpickled, so that what a caged process says can only be wrong, not harmful.
"""

import array
import mmap
import os
import socket
import sys
import tempfile
from collections.abc import Sequence
from typing import TypeVar

import msgspec

Kind = TypeVar("Kind")

#: Datagrams that keep their bounds and show the end of the other side; macOS has no SEQPACKET.
TYPE = socket.SOCK_SEQPACKET if sys.platform == "linux" else socket.SOCK_DGRAM
#: The longest message; a socket's buffer holds several of them.
LONGEST_BYTES = 48 * 1024
MOST_DESCRIPTORS = 8
_ROOM_FOR_DESCRIPTORS = socket.CMSG_SPACE(MOST_DESCRIPTORS * array.array("i").itemsize)
_CLOSE_ON_EXEC = getattr(socket, "MSG_CMSG_CLOEXEC", 0)
_encode = msgspec.msgpack.Encoder().encode


class Closed(Exception):
    """The other side of a socket is gone."""


def pair() -> tuple[socket.socket, socket.socket]:
    """Return two connected sockets."""
    return socket.socketpair(socket.AF_UNIX, TYPE)


def send(
    to: socket.socket, message: msgspec.Struct, descriptors: Sequence[int] = (), flags: int = 0
) -> None:
    """Send a struct, and copies of open descriptors.

    Raises
    ------
    Closed
        Nobody holds the other side.
    BlockingIOError
        ``flags`` has ``MSG_DONTWAIT`` and the other side is behind.
    """
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))]
    try:
        to.sendmsg([_encode(message)], rights if descriptors else (), flags)
    except (BrokenPipeError, ConnectionError) as error:
        raise Closed from error


def receive(
    source: socket.socket, decoder: "msgspec.msgpack.Decoder[Kind]", flags: int = 0
) -> tuple[Kind, list[int]]:
    """Receive one message and the descriptors that came with it, which are the caller's to close.

    Raises
    ------
    Closed
        The other side is gone.
    TimeoutError, BlockingIOError
        The socket has a timeout, and it is over; ``flags`` has ``MSG_DONTWAIT``, and nothing waits.
    msgspec.DecodeError
        The message is not what was expected; its descriptors are closed.
    """
    try:
        data, ancillary, _, _ = source.recvmsg(
            LONGEST_BYTES, _ROOM_FOR_DESCRIPTORS, _CLOSE_ON_EXEC | flags
        )
    except ConnectionError as error:
        raise Closed from error
    descriptors = array.array("i")
    for level, kind, content in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            descriptors.frombytes(content[: len(content) - len(content) % descriptors.itemsize])
    try:
        if not data:
            raise Closed
        return decoder.decode(data), descriptors.tolist()
    except (Closed, msgspec.DecodeError):
        close(descriptors)
        raise


def close(descriptors: Sequence[int]) -> None:
    """Close descriptors."""
    for descriptor in descriptors:
        os.close(descriptor)


class Block:
    """Memory that several processes map, known by a descriptor; it never changes its size.

    The size is sealed: a process that could shrink it would crash the processes that read it.
    """

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    @classmethod
    def of_size(cls, size_bytes: int) -> "Block":
        """Make a block of zeros; memory is used only where something is written."""
        if not hasattr(os, "memfd_create"):
            with tempfile.TemporaryFile(buffering=0) as file:
                file.truncate(size_bytes)
                return cls(os.dup(file.fileno()))
        import fcntl

        descriptor = os.memfd_create("servery", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        os.ftruncate(descriptor, size_bytes)
        seals = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, seals)
        return cls(descriptor)

    @classmethod
    def holding(cls, data: bytes) -> "Block":
        """Make a block that holds some bytes."""
        block = cls.of_size(max(1, len(data)))
        block.write(data)
        return block

    @property
    def size_bytes(self) -> int:
        """How much fits."""
        return os.fstat(self.descriptor).st_size

    def map(self, size_bytes: int = 0) -> mmap.mmap:
        """Map the beginning, or all of it where no size is given."""
        return mmap.mmap(self.descriptor, size_bytes)

    def write(self, data: bytes) -> None:
        """Lay bytes at the beginning.

        Raises
        ------
        ValueError
            They do not fit.
        """
        if data:
            with self.map(len(data)) as memory:
                memory[:] = data

    def read(self, size_bytes: int) -> bytes:
        """Return a copy of the beginning.

        Raises
        ------
        ValueError
            It is not that long.
        """
        if not 0 <= size_bytes <= self.size_bytes:
            raise ValueError(f"expected at most {self.size_bytes} bytes, found {size_bytes}")
        if size_bytes == 0:
            return b""
        with self.map(size_bytes) as memory:
            return memory[:]

    def close(self) -> None:
        """Close the descriptor; what is mapped stays mapped."""
        os.close(self.descriptor)

"""The supervisor's side of the filter: what a caged process attempts, by name.

Comes in by the descriptor that `enter` sends. Also counts the threads of the caged process, which
neither a filter nor, for root, a limit can do.
"""

import errno
import fcntl
import os
import select
import socket
import struct
from dataclasses import dataclass
from pathlib import Path

from servery.cage.calls import machine
from servery.cage.seccomp import NOT_OF_A_THREAD, THREAD

RECEIVE = 0xC050_2100  # SECCOMP_IOCTL_NOTIF_RECV
SEND = 0xC018_2101  # SECCOMP_IOCTL_NOTIF_SEND
NOTIFICATION = struct.Struct("=QIIiIQ6Q")
RESPONSE = struct.Struct("=QqiI")
CONTINUE = 1

#: What a call attempts, where its own name does not say it.
MEANINGS = {
    "open": "open for writing",
    "openat": "open for writing",
    "creat": "open for writing",
    "clone": "fork",
    "vfork": "fork",
    "execveat": "execve",
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """Something forbidden: by which thread (``os.kill`` of it ends its process), and what."""

    pid: int
    name: str


class Attempts:
    """The attempts of one caged process; it stands still at each until it is killed.

    Kill the process before you close this: what it waits for would be answered ENOSYS.
    """

    def __init__(self, listener: int, threads: int) -> None:
        self._listener = listener
        self._threads = threads

    @classmethod
    def receive(cls, channel: socket.socket, threads: int) -> "Attempts | None":
        """Await what `enter` sends; None where this machine cannot tell attempts.

        Raises
        ------
        EOFError
            The process ended before it was caged.
        """
        message, descriptors, _, _ = socket.recv_fds(channel, 1, 1)
        if not message:
            raise EOFError("the process ended before it was caged")
        return cls(descriptors[0], threads) if descriptors else None

    def fileno(self) -> int:
        """Return a descriptor that is readable when something waits, and hung up at the end."""
        return self._listener

    def read(self) -> Attempt | None:
        """Return the attempt that waits; None where it was a thread, which is started.

        One thread more than the process may have is an attempt.

        Raises
        ------
        EOFError
            The process has ended, attempting nothing that was not read.
        """
        buffer = bytearray(256)  # zeros, as the kernel wants it; room for later kernels
        try:
            fcntl.ioctl(self._listener, RECEIVE, buffer)
        except OSError as error:
            if error.errno not in (errno.ENOENT, errno.EINTR):
                raise
            if self._is_over():
                raise EOFError("the process has ended") from None
            return None  # a signal took it back
        notification, pid, _, number, _, _, flags, *_ = NOTIFICATION.unpack_from(buffer)
        here = machine()
        name = here.name(number) if here else str(number)
        if name == "clone" and flags & NOT_OF_A_THREAD == THREAD:
            if _count_threads(pid) >= self._threads:
                return Attempt(pid, f"more than {self._threads} threads")
            self._go_on(notification)
            return None
        return Attempt(pid, MEANINGS.get(name, name))

    def close(self) -> None:
        """Stop listening, once the process is dead."""
        os.close(self._listener)

    def _is_over(self) -> bool:
        poll = select.poll()
        poll.register(self._listener, 0)
        return any(event & select.POLLHUP for _, event in poll.poll(0))

    def _go_on(self, notification: int) -> None:
        """Let a call happen; its flags were in a register, so that nobody can change them now."""
        try:
            fcntl.ioctl(self._listener, SEND, RESPONSE.pack(notification, 0, 0, CONTINUE))
        except OSError as error:
            if error.errno != errno.ENOENT:  # a signal took it back, or the process has ended
                raise


def _count_threads(pid: int) -> int:
    try:
        return len(list(Path(f"/proc/{pid}/task").iterdir()))
    except OSError:
        # Gone; or /proc hides it, which it does only from users whom RLIMIT_NPROC binds.
        return 0

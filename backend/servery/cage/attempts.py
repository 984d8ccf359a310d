"""The supervisor's side of the filter: it names what a caged process attempts.

It reads the descriptor that `enter` sends. It also counts the threads of the caged process, because
a filter cannot count and RLIMIT_NPROC does not apply to root.
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
from servery.cage.seccomp import THREAD, WITH_THREAD

RECEIVE = 0xC050_2100  # SECCOMP_IOCTL_NOTIF_RECV
SEND = 0xC018_2101  # SECCOMP_IOCTL_NOTIF_SEND
NOTIFICATION = struct.Struct("=QIIiIQ6Q")
RESPONSE = struct.Struct("=QqiI")
CONTINUE = 1

#: Clearer names of attempts than those of their system calls.
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
    """A forbidden call: the thread that made it (``os.kill`` ends its process), and its name."""

    pid: int
    name: str


class Attempts:
    """The attempts of one caged process, which is stopped at each until it is killed.

    Kill the process before you close this: a closed listener answers its calls with ENOSYS.
    """

    def __init__(self, listener: int, threads: int) -> None:
        self._listener = listener
        self._threads = threads

    @classmethod
    def receive(cls, channel: socket.socket, threads: int) -> "Attempts | None":
        """Wait for what `enter` sends; None where this machine cannot name attempts.

        Raises
        ------
        EOFError
            The process ended before it was caged.
        """
        message, descriptors, _, _ = socket.recv_fds(channel, 1, 1)
        if not message:
            raise EOFError("the process ended before it was caged")
        if not descriptors:
            return None
        os.set_inheritable(descriptors[0], False)
        return cls(descriptors[0], threads)

    def fileno(self) -> int:
        """Return a descriptor that is readable when a call waits, and hung up at the end."""
        return self._listener

    def read(self) -> Attempt | None:
        """Return the attempt that waits; None if none does, or a thread that is allowed to start.

        Raises
        ------
        EOFError
            The process has ended, and every attempt has been read.
        """
        events = self._events()
        if not events & select.POLLIN:  # the call below would block: see Bugs in seccomp_unotify(2)
            if events & select.POLLHUP:
                raise EOFError("the process has ended")
            return None
        buffer = bytearray(256)  # must be zeros; later kernels may write more than today's 80
        try:
            fcntl.ioctl(self._listener, RECEIVE, buffer)
        except OSError as error:
            if error.errno not in (errno.ENOENT, errno.EINTR):
                raise
            return None  # a signal interrupted the call
        notification, pid, _, number, _, _, flags, *_ = NOTIFICATION.unpack_from(buffer)
        here = machine()
        name = here.name(number) if here else str(number)
        if name == "clone" and flags & ~WITH_THREAD == THREAD:
            if _count_threads(pid) >= self._threads:
                return Attempt(pid, f"more than {self._threads} threads")
            self._go_on(notification)
            return None
        return Attempt(pid, MEANINGS.get(name, name))

    def close(self) -> None:
        """Stop listening, once the process is dead."""
        os.close(self._listener)

    def _events(self) -> int:
        poll = select.poll()
        poll.register(self._listener, select.POLLIN)
        return sum(events for _, events in poll.poll(0))

    def _go_on(self, notification: int) -> None:
        """Let a call happen. Its flags are in a register, so no other thread can change them."""
        try:
            fcntl.ioctl(self._listener, SEND, RESPONSE.pack(notification, 0, 0, CONTINUE))
        except OSError as error:
            if error.errno != errno.ENOENT:  # interrupted by a signal, or the process has ended
                raise


def _count_threads(pid: int) -> int:
    try:
        return len(list(Path(f"/proc/{pid}/task").iterdir()))
    except OSError:
        # It has ended, or /proc is mounted with hidepid, which applies to users that RLIMIT_NPROC
        # limits.
        return 0

"""How fast a client has to be: deadlines that grow with every byte it sends or takes."""

import time

#: A head is small, so it arrives at once or never.
HEAD_S = 10.0
#: A body or an answer may begin slowly, must then keep a pace that any modem has, and never pause
#: for longer than a network takes to recover.
GRACE_S = 10.0
BYTES_PER_S = 1_000.0
PAUSE_S = 30.0


class Pace:
    """Of one transfer; at ``due`` (of the monotonic clock) the client is too slow."""

    __slots__ = ("_from_count", "due")

    def __init__(self) -> None:
        self._from_count = time.monotonic() + GRACE_S
        self.due = self._from_count

    def count(self, size: int) -> None:
        """Take so many bytes into account."""
        self._from_count += size / BYTES_PER_S
        self.due = min(self._from_count, time.monotonic() + PAUSE_S)

"""Whether a queue is so long that its last request would not be answered in time."""

#: Longer than about this nobody should wait before an answer is begun.
PATIENCE_S = 1.0
#: How much the last request counts towards the mean.
WEIGHT = 1 / 16


class Backlog:
    """Knows how long the requests of a lane have taken of late, and when one was last begun.

    Parameters
    ----------
    threads
        So many requests are answered at once.
    burst
        So many may wait however slow they are: a burst passes.
    """

    __slots__ = ("_burst", "_last", "_mean_s", "_threads")

    def __init__(self, threads: int, burst: int) -> None:
        self._threads = threads
        self._burst = burst
        self._mean_s = 0.0
        self._last: float | None = None

    def entered(self, now: float) -> None:
        """Take note that a request has to wait."""
        if self._last is None:
            self._last = now

    def left(self, now: float, waiting: int) -> None:
        """Take note that a request is begun, and how many wait behind it."""
        self._last = now if waiting else None

    def answered(self, seconds: float) -> None:
        """Take note of how long an answer took."""
        self._mean_s += (seconds - self._mean_s) * WEIGHT

    def is_too_long(self, now: float, waiting: int) -> bool:
        """Return whether one more would wait for longer than anybody should."""
        if waiting < self._burst:
            return False
        is_stuck = self._last is not None and now - self._last > PATIENCE_S
        return is_stuck or waiting * self._mean_s / self._threads > PATIENCE_S

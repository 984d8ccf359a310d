"""Whether a queue is so long that its last request would not be answered in time."""

#: Longer than about this nobody should wait for a thread.
PATIENCE_S = 1.0
#: A burst of so many requests is taken however slow they are: it passes.
BURST = 64
#: How much the last interval counts towards the mean.
WEIGHT = 1 / 16


class Backlog:
    """Measures how fast a queue moves: the mean time between two requests that leave it.

    Only while others wait behind them: otherwise the time between two says how often something is
    asked. What threads do at once, and what else keeps the process busy, is all in it.
    """

    __slots__ = ("_last", "_mean_s")

    def __init__(self) -> None:
        self._mean_s = 0.0
        self._last: float | None = None

    def entered(self, now: float) -> None:
        """Take note that a request has to wait."""
        if self._last is None:
            self._last = now

    def left(self, now: float, waiting: int) -> None:
        """Take note that a request left the queue, and how many wait behind it."""
        if self._last is not None:
            self._mean_s += (now - self._last - self._mean_s) * WEIGHT
        self._last = now if waiting else None

    def is_too_long(self, now: float, waiting: int) -> bool:
        """Return whether one more would wait for longer than anybody should."""
        if waiting < BURST:
            return False
        is_stuck = self._last is not None and now - self._last > PATIENCE_S
        return is_stuck or waiting * self._mean_s > PATIENCE_S

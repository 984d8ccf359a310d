"""How many connections each worker has, so that none takes more than its share."""

import mmap

#: More workers than anybody starts, counting those that are just being replaced.
SLOTS = 512
NOBODY = 0xFFFFFFFF


class Shares:
    """Counts in memory that all workers share: made before they fork, each writes its own."""

    def __init__(self) -> None:
        self._counts = memoryview(mmap.mmap(-1, SLOTS * 4)).cast("I")
        for slot in range(SLOTS):
            self._counts[slot] = NOBODY

    def set(self, age: int, count: int) -> None:
        """Note the connections of the worker of that age: the how manieth that was started."""
        self._counts[age % SLOTS] = count

    def leave(self, age: int) -> None:
        """Forget a worker that has ended."""
        self._counts[age % SLOTS] = NOBODY

    def is_ahead(self, age: int) -> bool:
        """Return whether a worker has more connections than the one that has fewest."""
        return self._counts[age % SLOTS] > min(self._counts)

"""gunicorn's threaded worker, which leaves connections to its siblings and ends at once."""

import os
from types import FrameType
from typing import Any

from gunicorn.workers.gthread import ThreadWorker


class FairWorker(ThreadWorker):  # type: ignore[misc] # gunicorn has no types
    """Gives way after each connection that it accepts.

    A worker that is awake takes whatever waits before its siblings have woken up: of sixteen
    connections at once one of two workers often took fourteen, and one core stayed idle for as long
    as they were kept. One system call lets the others have their share.
    """

    def accept(self, listener: Any) -> None:  # noqa: ANN401
        """Accept one connection."""
        super().accept(listener)
        os.sched_yield()

    def handle_quit(self, _signal: int, _frame: FrameType | None) -> None:
        """End at once.

        Its pool of threads would be ended under a lock that it may hold just now, as the signal
        comes in the middle of anything; and requests under way would be waited for.
        """
        self.cfg.worker_int(self)
        os._exit(0)

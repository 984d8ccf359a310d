"""gunicorn's threaded worker, which leaves connections to its siblings."""

import os
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

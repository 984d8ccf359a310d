"""gunicorn's worker as Servery needs it: one loop reads and writes, threads compute.

A thread is given whole requests only; see `loop` for the rest. What gunicorn asks of any worker is
here: signals, signs of life, an orderly end.
"""

import os
import sys
from types import FrameType
from typing import Any

from gunicorn.workers.base import Worker

from servery.errors import BadSettings
from servery.servers.web_worker.loop import Loop
from servery.servers.web_worker.shares import Shares

#: Python's own 5 ms are long beside an answer: the loop has to wait so long for each of its turns
#: while a thread calculates.
SWITCH_S = 0.0005


class FairWorker(Worker):  # type: ignore[misc] # gunicorn has no types
    """A worker of which no client can take more than its share."""

    shares = Shares()

    @classmethod
    def check_config(cls, cfg: Any, log: Any) -> None:  # noqa: ANN401, ARG003 - gunicorn's own
        """Refuse what this worker cannot do, before anything starts."""
        if cfg.is_ssl:
            raise BadSettings("Servery speaks plain HTTP. Let a proxy in front of it speak TLS.")

    def run(self) -> None:
        """Serve until a signal says otherwise."""
        sys.setswitchinterval(SWITCH_S)
        Loop(self).run()

    def handle_quit(self, _signal: int, _frame: FrameType | None) -> None:
        """End at once.

        The signal comes in the middle of anything, possibly under a lock that an orderly end would
        need; and requests under way would be waited for.
        """
        self.cfg.worker_int(self)
        os._exit(0)

"""How many uploads, downloads and streams of batch jobs a server takes at once.

Each of them keeps a thread busy for as long as its client likes; these limits leave threads to
everybody else. A server with lanes (`servery.lanes`) does so itself.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import request

from servery.errors import TooBusy
from servery.jobs.database import require_usable
from servery.jobs.files import Files
from servery.jobs.store import JobStore
from servery.lanes import LANE
from servery.settings import Settings


@dataclass(frozen=True, slots=True)
class Batches:
    """What the routes need: the records and files of jobs, and the limits.

    Attributes
    ----------
    transfers
        Uploads and downloads.
    streams
        Event streams, and answers that wait for the end of a job.
    looks
        Answers that wait for the first look at a table.
    """

    jobs: JobStore
    files: Files
    transfers: threading.BoundedSemaphore
    streams: threading.BoundedSemaphore
    looks: threading.BoundedSemaphore

    @classmethod
    def from_settings(cls, settings: Settings) -> "Batches":
        """Return what the settings say; nothing is opened yet.

        Raises
        ------
        BadSettings
            No job could ever be kept.
        """
        require_usable(settings.database)
        return cls(
            JobStore(settings.database, settings.jobs, settings.job_expiry_s),
            Files(settings.jobs),
            threading.BoundedSemaphore(max(1, settings.threads // 2)),
            threading.BoundedSemaphore(max(1, settings.threads // 4)),
            threading.BoundedSemaphore(max(1, settings.threads // 4)),
        )


def acquired(limit: threading.BoundedSemaphore, what: str) -> Callable[[], None]:
    """Take a place, unless the server has a lane for this request; return what releases it.

    Raises
    ------
    TooBusy
        There is no place left.
    """
    if LANE in request.environ:
        return _nothing
    if not limit.acquire(blocking=False):
        raise TooBusy(f"Too many {what} are in progress. Try again in a moment.")
    return limit.release


def _nothing() -> None:
    """Release nothing."""


@contextmanager
def one_of(limit: threading.BoundedSemaphore, what: str) -> Iterator[None]:
    """Hold a place, as `acquired` does, for the length of a block."""
    release = acquired(limit, what)
    try:
        yield
    finally:
        release()

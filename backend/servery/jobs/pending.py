"""Whether the records of batch jobs in a file of SQLite hold work for a job worker.

This is asked all the time while no worker runs, by a process that must stay small. So it costs two
calls of `stat` as long as nothing was written, loads `sqlite3` when something was, and never
SQLAlchemy. What counts as work is said here once, and `servery.jobs.store` asks the same.
"""

import contextlib
import os
import time

TABLE = "servery_jobs"
FILE = "jobs.sqlite"
#: `states.needs_work` as a condition for rows: those that a job worker has to inspect or to score,
#: whichever process has them.
NEEDS_WORK = (
    "repository = :repository "
    "AND (status IN ('queued', 'running') OR (status = 'waiting' AND NOT is_inspected)) "
    "AND (expires IS NULL OR expires > :now)"
)
IS_EXPIRED = "expires <= :now"
QUESTION = f"SELECT EXISTS (SELECT 1 FROM {TABLE} WHERE ({NEEDS_WORK}) OR ({IS_EXPIRED}))"  # noqa: S608
#: The records are read so often even if their files look untouched: two writes may fall within one
#: tick of the file system's clock, and jobs expire without any.
RECHECK_S = 5.0
BUSY_S = 5.0


def records_file(url: str | None, jobs: str) -> str | None:
    """Return the file of SQLite that holds the records; None where they are elsewhere."""
    if url is None:
        return os.path.join(os.path.realpath(jobs), FILE)
    path = url.removeprefix("sqlite:///")
    is_plain = path != url and not path.startswith("file:") and "?" not in path
    return path if is_plain else None


class Watch:
    """Notices work for one model repository in the records, from outside.

    Parameters
    ----------
    file
        The records; None where they are not in a file of SQLite: there may always be work then.
    repository
        The model repository that the jobs are for.
    """

    def __init__(self, file: str | None, repository: str) -> None:
        self._file, self._repository = file, repository
        self._seen: object = None
        self._read_at = 0.0

    def has_work(self) -> bool:
        """Return whether there may be work; the records are read only if they changed."""
        if self._file is None:
            return True
        seen = _state(self._file), _state(f"{self._file}-wal")
        if seen == self._seen and time.monotonic() < self._read_at + RECHECK_S:
            return False
        self._read_at = time.monotonic()
        found = is_pending(self._file, self._repository, time.time())
        self._seen = None if found else seen
        return found


def is_pending(file: str, repository: str, now: float) -> bool:
    """Return whether a worker is needed: a job to work on, or expired ones to remove.

    Records that cannot be read may hold work: a worker knows how to report or repair them.
    """
    if not os.path.exists(file):
        return False
    import sqlite3

    try:
        # Never makes a file: one whose name is gone by now would be there with any user's leave.
        address = f"file:{_quoted(file)}?mode=rw"
        with contextlib.closing(sqlite3.connect(address, timeout=BUSY_S, uri=True)) as records:
            [(found,)] = records.execute(QUESTION, {"repository": repository, "now": now})
    except sqlite3.Error:
        return True
    return bool(found)


def _quoted(path: str) -> str:
    """Return a path for an address; `urllib.parse` would be the largest thing here."""
    return path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _state(path: str) -> tuple[int, int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns

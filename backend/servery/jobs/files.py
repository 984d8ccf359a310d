"""The files of batch jobs: one folder for each.

What a job writes goes to the place in its file that was written down last, never behind what
happens to lie there: a worker that was given up for dead writes the same bytes to the same place.
"""

import contextlib
import errno
import fcntl
import hashlib
import os
import pickle
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from servery.errors import BadSettings, IdempotencyKeyInUse, NoRoom, folder_of_jobs
from servery.jobs import presence
from servery.jobs.pending import FILE
from servery.private import (
    PRIVATE_FOLDER,
    is_open_to_others,
    make_private_folder,
    open_private,
    write_private,
)

#: What is left free: the records of the jobs often lie on the same disk.
RESERVE_BYTES = 1 << 20
NO_ROOM = (
    "The server's disk has no room for the result. The job continues automatically once there is "
    "space. To free some, delete jobs that are no longer needed."
)
UPLOAD, RESULT, ERRORS = "upload", "result", "errors.csv"
#: What an evaluation is made of, and the evaluation in each of its formats.
RECORDS, EVALUATION, DRIFT = "records", "evaluation", "drift.json"
PARTS = "parts"
KEYS = ".keys"
#: Lies in a folder that is deleted when its server stops.
TEMPORARY = ".temporary"
ID = re.compile(r"[A-Za-z0-9_-]{32}")
#: All that lies in the folder of all jobs.
OWN = re.compile(
    rf"{ID.pattern}|{re.escape(presence.WORKERS)}|{re.escape(KEYS)}|{re.escape(TEMPORARY)}|{re.escape(FILE)}(-\w+)?"
)
#: A folder that belongs to no job is an upload that is still coming in, unless it is so old.
STRAY_S = 6 * 3600


class Files:
    """The folder of all jobs."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def require_writable(self) -> None:
        """Refuse a folder in which nothing can be written; it is not made here.

        Raises
        ------
        BadSettings
            Says whose it would have to be.
        """
        root = self.root.absolute()
        there = next(each for each in (root, *root.parents) if os.access(each, os.F_OK))
        try:
            tempfile.TemporaryDirectory(prefix=".", dir=there).cleanup()
        except OSError as error:
            if error.errno == errno.ENOSPC:
                return  # room may be made
            raise BadSettings(
                f"SERVERY_JOBS is {root}, but the user of this process, {os.geteuid()}, cannot "
                f"write to {there}. Make that user its owner, or name another folder."
            ) from error

    def make(self) -> None:
        """Make the folder; one that is there and holds nothing but jobs is closed to other users.

        The names in it are ids of jobs, and an id is all that anybody needs to see or delete a job.
        """
        make_private_folder(self.root)
        if is_open_to_others(self.root) and all(
            OWN.fullmatch(each.name) for each in self.root.iterdir()
        ):
            self.root.chmod(PRIVATE_FOLDER)

    def mark_temporary(self) -> None:
        """Note that the folder is deleted, with all jobs, when the server stops."""
        (self.root / TEMPORARY).touch()

    def is_temporary(self) -> bool:
        """Return whether that was noted."""
        return (self.root / TEMPORARY).exists()

    def create(self) -> str:
        """Make the folder of a new job, and return the job's id, which nobody can guess.

        Raises
        ------
        DatabaseUnavailable
            Nothing can be written there.
        """
        id_ = secrets.token_urlsafe(24)
        with folder_of_jobs():
            self.make()
            make_private_folder(self._of(id_))
        return id_

    def require_room(self, size_bytes: int, sentence: str) -> None:
        """See that so much can be written.

        Raises
        ------
        NoRoom
            It cannot, and nothing of it should be: with the sentence.
        """
        if shutil.disk_usage(self.root).free < size_bytes + RESERVE_BYTES:
            raise NoRoom(sentence)

    def upload(self, id_: str) -> Path:
        """Return where the table of a job lies."""
        return self._of(id_) / UPLOAD

    def result(self, id_: str) -> Path:
        """Return where its result lies."""
        return self._of(id_) / RESULT

    def errors(self, id_: str) -> Path:
        """Return where the rows that do not fit lie."""
        return self._of(id_) / ERRORS

    def records(self, id_: str) -> Path:
        """Return where the records of its rows lie, from which it is evaluated."""
        return self._of(id_) / RECORDS

    def evaluation(self, id_: str, kind: Literal["json", "html"]) -> Path:
        """Return where its evaluation lies, in one of its formats."""
        return self._of(id_) / f"{EVALUATION}.{kind}"

    def drift(self, id_: str) -> Path:
        """Return where its drift report lies."""
        return self._of(id_) / DRIFT

    def write_whole(self, path: Path, data: bytes) -> None:
        """Keep a file of a job, whole or not at all."""
        self.require_room(len(data), NO_ROOM)
        new = path.with_suffix(f".{secrets.token_hex(4)}")
        try:
            with write_private(new) as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            new.replace(path)
        except BaseException:
            new.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)

    def remove(self, id_: str) -> None:
        """Remove all files of a job."""
        shutil.rmtree(self._of(id_), ignore_errors=True)

    def remove_strays(self, known: set[str], now: float) -> None:
        """Remove what belongs to no job and is old."""
        for folder in self.root.iterdir():
            is_job = folder.is_dir() and folder.name[0] != "."
            with contextlib.suppress(FileNotFoundError):
                if is_job and folder.name not in known and now - folder.stat().st_mtime > STRAY_S:
                    shutil.rmtree(folder, ignore_errors=True)
        for lock in (self.root / KEYS).glob("*"):
            with contextlib.suppress(FileNotFoundError):
                if now - lock.stat().st_mtime > STRAY_S:
                    lock.unlink()

    def write_part(self, id_: str, number: int, rendered: Any) -> None:  # noqa: ANN401
        """Keep what was rendered of a chunk, whole or not at all."""
        folder = self._of(id_) / PARTS
        make_private_folder(folder)
        data = pickle.dumps(rendered, protocol=pickle.HIGHEST_PROTOCOL)
        self.write_whole(folder / str(number), data)

    def parts(self, id_: str, count: int) -> Iterator[Any]:
        """Return what was rendered of each chunk, in order."""
        for number in range(count):
            with (self._of(id_) / PARTS / str(number)).open("rb") as file:
                yield pickle.load(file)  # noqa: S301 - our own, and nobody else writes there

    def remove_parts(self, id_: str) -> None:
        """Remove what was rendered of each chunk, and the upload: nobody needs them any more."""
        shutil.rmtree(self._of(id_) / PARTS, ignore_errors=True)
        self.upload(id_).unlink(missing_ok=True)
        self.records(id_).unlink(missing_ok=True)

    @contextlib.contextmanager
    def holding(self, key: Sequence[str] | None) -> Iterator[None]:
        """Allow one upload per key at a time; the kernel releases the lock of one that died.

        Raises
        ------
        IdempotencyKeyInUse
            Another is coming in.
        DatabaseUnavailable
            Nothing can be written there.
        """
        if key is None:
            yield
            return
        folder = self.root / KEYS
        path = folder / hashlib.sha256("\0".join(key).encode()).hexdigest()
        with folder_of_jobs():
            self.make()
            make_private_folder(folder)
            lock = write_private(path)
        with lock as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise IdempotencyKeyInUse(
                    "An upload with this Idempotency-Key is still coming in. Wait for its answer, "
                    "or repeat it in a moment."
                ) from error
            except OSError:  # a file system without locks: two become one job all the same
                pass
            try:
                yield
            finally:
                path.unlink(missing_ok=True)

    def has_worker(self) -> bool:
        """Return whether any worker is alive, or will be when there is work."""
        return presence.has_worker(str(self.root))

    def _of(self, id_: str) -> Path:
        return self.root / id_


class Placed:
    """A file that is written at places that somebody else writes down."""

    def __init__(self, path: Path) -> None:
        self._descriptor = open_private(path, os.O_RDWR | os.O_CREAT)

    def write(self, data: bytes, at: int) -> int:
        """Write at a place, and return where that ends once it is safe on the disk."""
        view = memoryview(data)
        while view:
            written = os.pwrite(self._descriptor, view, at)
            view, at = view[written:], at + written
        if data:
            os.fdatasync(self._descriptor)
        return at

    def end(self, size: int) -> None:
        """Cut off whatever lies behind."""
        os.ftruncate(self._descriptor, size)
        self.sync()

    def sync(self) -> None:
        """Sync it to disk."""
        os.fsync(self._descriptor)

    def close(self) -> None:
        """Close it."""
        os.close(self._descriptor)


def sync_folder(folder: Path) -> None:
    """Make new names in a folder safe on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def now_s() -> float:
    """Return the time, in seconds since 1970."""
    return time.time()

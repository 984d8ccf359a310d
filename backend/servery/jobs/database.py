"""The records of batch jobs in a database; the only room that speaks SQL.

Each change is one statement whose condition says what it relies on, so that no two workers and no
two requests can both believe that they made it.
"""

import os
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from servery.errors import (
    BadSettings,
    DatabaseUnavailable,
    IdempotencyKeyReused,
    JobNotFound,
    NoRoom,
    WrongJobState,
    folder_of_jobs,
)
from servery.jobs.files import Files
from servery.jobs.pending import ACTIVE, NEEDS_WORK, TABLE, records_file
from servery.jobs.records import Asked, Found, Job, JobOptions, Problem, Progress, Status
from servery.private import PRIVATE_FILE, is_open_to_others, make_private_file

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Engine, Table

BUSY_S = 30
#: What a database of SQLite begins with.
SQLITE_MARK = b"SQLite format 3\0"
#: What SQLite and PostgreSQL say where their disk is full.
FULL_CODES = frozenset(["SQLITE_FULL", "SQLITE_IOERR_SHMSIZE", "53100"])
#: Columns that hold JSON.
JSON_OF: dict[str, Any] = {
    "order": JobOptions,
    "found": Found | None,
    "problem": Problem | None,
    "counts": dict[str, Any] | None,
}


class Jobs:
    """The jobs of one database; nothing is opened before it is needed.

    Parameters
    ----------
    url
        Of the database; None for a file of SQLite in ``folder``.
    expiry_s
        How long a job stays that nothing more will happen to.
    """

    def __init__(self, url: str | None, folder: Path, expiry_s: float) -> None:
        self._url = url
        self._folder = folder
        self._expiry_s = expiry_s
        self._opening = threading.Lock()
        self._held_open: tuple[Engine, tuple[int, int] | None] | None = None

    def add(self, asked: Asked, now: float) -> Job:
        """Keep a new job; with a known Idempotency-Key, return the job that it has already.

        Raises
        ------
        IdempotencyKeyReused
            The key came with another upload.
        """
        from sqlalchemy import insert
        from sqlalchemy.exc import IntegrityError

        values = msgspec.structs.asdict(asked)
        is_started = values.pop("is_started")
        values |= {
            "status": "queued" if is_started else "waiting",
            "created": now,
            "turn": now,
            "expires": None if is_started else now + self._expiry_s,
        }
        adding = insert(self._table).values(_written(values))
        self._free_key(asked, now)
        try:
            self._change(adding)
        except IntegrityError:
            known = self._known(asked)
            if known is None:
                raise
            return known
        return self.get(asked.id, now)

    def get(self, id_: str, now: float) -> Job:
        """Return a job.

        Raises
        ------
        JobNotFound
            There is none of that id, or its time is over.
        """
        is_plain = id_.isascii() and id_.isprintable()  # a database may not take others
        found = self._one(self._table.c.id == id_) if is_plain else None
        if found is None or (found.expires is not None and found.expires <= now):
            raise JobNotFound("No batch job has this id, or its time is over.")
        return found

    def change(self, id_: str, order: JobOptions, *, is_started: bool, now: float) -> Job:
        """Take another order for a job that waits; it is looked at anew.

        Raises
        ------
        JobNotFound, WrongJobState
            There is none, or it does not wait any more.
        """
        values: dict[str, Any] = {
            "order": order,
            "is_looked_at": False,
            "problem": None,
            "attempts": 0,
            "worker": None,
            "lease": 0.0,
            "status": "queued" if is_started else "waiting",
            "expires": None if is_started else now + self._expiry_s,
        }
        if not self._update(values, self._table.c.id == id_, self._table.c.status == "waiting"):
            job = self.get(id_, now)
            raise WrongJobState(f"Only a job that waits can be changed; this one is {job.status}.")
        return self.get(id_, now)

    def forget(self, id_: str) -> None:
        """Drop a job; a worker that is at it notices at its next chunk.

        Raises
        ------
        JobNotFound
            There is none.
        """
        from sqlalchemy import delete

        if not self._change(delete(self._table).where(self._table.c.id == id_)):
            raise JobNotFound("No batch job has this id, or its time is over.")

    def forget_expired(self, now: float) -> list[str]:
        """Drop the jobs whose time is over, and return their ids."""
        from sqlalchemy import delete, select

        table = self._table
        with self._connected() as connection:
            over = select(table.c.id).where(table.c.expires <= now)
            ids = [str(row[0]) for row in connection.execute(over)]
        return [
            each
            for each in ids
            if self._change(delete(table).where(table.c.id == each, table.c.expires <= now))
        ]

    def ids(self) -> set[str]:
        """Return the ids of all jobs."""
        from sqlalchemy import select

        with self._connected() as connection:
            return {str(row[0]) for row in connection.execute(select(self._table.c.id))}

    def take(
        self,
        root: str,
        worker: str,
        *,
        most: int,
        now: float,
        lease_s: float,
        is_dead: Callable[[str], bool],
        busy_with: Collection[str] = (),
    ) -> list[Job]:
        """Take jobs that need a worker and have none, those first that waited longest.

        Parameters
        ----------
        is_dead
            Whether a worker has ended for certain; its jobs are free before their lease is over.
        busy_with
            Jobs that the worker is at already; others that are its own by the records, which could
            not be changed when it let go of them, it takes again.
        """
        taken: list[Job] = []
        for job in self._needing_work(root, now):
            if len(taken) >= most:
                break
            is_free = job.lease <= now or job.worker == worker
            if job.id in busy_with or not (is_free or (job.worker and is_dead(job.worker))):
                continue
            if self._claim(job, worker, now + lease_s):
                with suppress(JobNotFound):  # it was deleted a moment ago
                    taken.append(self.get(job.id, now))
        return taken

    def has_work(self, root: str, now: float) -> bool:
        """Return whether any job needs a worker, even one that another worker has."""
        return bool(self._needing_work(root, now))

    def renew(self, worker: str, until: float) -> None:
        """Keep what a worker has."""
        self._update({"lease": until}, self._table.c.worker == worker)

    def release(self, job: Job, turn: float) -> None:
        """Leave a job to any worker; it has nothing to do with the attempt."""
        self._update({"worker": None, "lease": 0.0, "attempts": 0, "turn": turn}, *self._held(job))

    def postpone(self, job: Job, problem: Problem, now: float, until: float) -> None:
        """Leave a job to any worker, but not before some time; say why.

        It is kept as long as one that waits to be told something: what lacks may never come.
        """
        values: dict[str, Any] = {
            "worker": None,
            "lease": until,
            "attempts": 0,
            "turn": now,
            "problem": problem,
            "expires": job.expires or now + self._expiry_s,
        }
        if job.status in ACTIVE:
            values["status"] = "queued"
        self._update(values, *self._held(job))

    def record_look(self, job: Job, values: Mapping[str, Any], now: float) -> bool:
        """Keep what a look has found; a job that nobody has to work on is let go.

        ``values`` may have ``order``, ``found``, ``format``, ``total``, ``status`` and ``problem``.
        Returns whether the job still is this worker's.
        """
        values = {"is_looked_at": True, "attempts": 0, **values}
        status = values.get("status", job.status)
        if status not in ACTIVE:
            values |= {"worker": None, "lease": 0.0, "expires": now + self._expiry_s}
        return self._update(values, *self._held(job))

    def advance(self, job: Job, progress: Progress) -> bool:
        """Write down one more chunk; return False if the job is not this worker's any more."""
        values = {
            **msgspec.structs.asdict(progress),
            "status": "running",
            "attempts": 0,
            "problem": None,
            "expires": None,
        }
        same = self._table.c.chunks_done == progress.chunks_done - 1
        return self._update(values, *self._held(job), same)

    def end(self, job: Job, status: Status, now: float, *, problem: Problem | None = None) -> bool:
        """Write down that a job is over; return False if it is not this worker's any more."""
        values = {
            "status": status,
            "problem": problem,
            "is_looked_at": True,
            "expires": now + self._expiry_s,
            "worker": None,
            "lease": 0.0,
        }
        return self._update(values, *self._held(job))

    def begin_anew(self, job: Job, problem: Problem, now: float) -> bool:
        """Put a job back to where it waits for an answer, with nothing done."""
        values = {
            "status": "waiting",
            "problem": problem,
            "is_looked_at": True,
            "expires": now + self._expiry_s,
            "worker": None,
            "lease": 0.0,
            "counts": None,
            **dict.fromkeys(
                ("chunks_done", "done", "result_bytes", "errors_bytes", "rows_done", "spent_s"), 0
            ),
        }
        return self._update(values, *self._held(job))

    def is_held(self, job: Job) -> bool:
        """Return whether a job still is the worker's that had it."""
        return self._one(*self._held(job)) is not None

    def exists(self, id_: str) -> bool:
        """Return whether there is a job of that id, over or not."""
        return self._one(self._table.c.id == id_) is not None

    def close(self) -> None:
        """Let go of all connections, as before a fork."""
        if self._held_open is not None:
            self._held_open[0].dispose()

    def _needing_work(self, root: str, now: float) -> list[Job]:
        """Return the jobs that a worker has to look at or to score, whoever has them."""
        from sqlalchemy import select, text

        needing = select(self._table).where(text(NEEDS_WORK)).order_by(self._table.c.turn)
        with self._connected() as connection:
            found = connection.execute(needing, {"root": root, "now": now})
            return [_read(row) for row in found.mappings()]

    def _claim(self, job: Job, worker: str, until: float) -> bool:
        """Give a job to a worker, unless another took or renewed it meanwhile."""
        table = self._table
        same = table.c.worker.is_(None) if job.worker is None else table.c.worker == job.worker
        values = {"worker": worker, "lease": until, "attempts": job.attempts + 1}
        return self._update(values, table.c.id == job.id, same, table.c.lease == job.lease)

    def _with_key(self, asked: Asked) -> "Sequence[ColumnElement[bool]]":
        table = self._table
        return (
            table.c.key == asked.key,
            table.c.root == asked.root,
            table.c.model == asked.model,
        )

    def _free_key(self, asked: Asked, now: float) -> None:
        """Take the key from a job whose time is over, though it is still there."""
        if asked.key is not None:
            self._update({"key": None}, *self._with_key(asked), self._table.c.expires <= now)

    def _known(self, asked: Asked) -> Job | None:
        known = self._one(*self._with_key(asked))
        if known is not None and known.digest != asked.digest:
            raise IdempotencyKeyReused(
                "Expected one Idempotency-Key for one upload, found it with another one; "
                "use a new key."
            )
        return known

    def _held(self, job: Job) -> "Sequence[ColumnElement[bool]]":
        return (self._table.c.id == job.id, self._table.c.worker == job.worker)

    def _one(self, *where: "ColumnElement[bool]") -> Job | None:
        from sqlalchemy import select

        with self._connected() as connection:
            row = connection.execute(select(self._table).where(*where)).mappings().first()
        return None if row is None else _read(row)

    def _update(self, values: Mapping[str, Any], *where: "ColumnElement[bool]") -> bool:
        from sqlalchemy import update

        return self._change(update(self._table).where(*where).values(_written(values)))

    def _change(self, statement: Any) -> bool:  # noqa: ANN401 - one that changes rows
        with _translated(), self._engine.begin() as connection:
            return bool(connection.execute(statement).rowcount)

    @contextmanager
    def _connected(self) -> "Iterator[Connection]":
        with _translated(), self._engine.connect() as connection:
            yield connection

    @cached_property
    def _table(self) -> "Table":
        return _jobs_table()

    @property
    def _engine(self) -> "Engine":
        with self._opening:
            held = self._held_open
            if held is not None and _file_of(held[0]) != held[1]:
                # Its file was deleted or replaced: what is written to the old one is lost.
                held[0].dispose()
                held = None
            if held is None:
                engine = self._opened()
                held = self._held_open = (engine, _file_of(engine))
        return held[0]

    def _opened(self) -> "Engine":
        from sqlalchemy.exc import DBAPIError

        file = str(records_file(None, str(self._folder)))
        if self._url is None:
            with folder_of_jobs():
                Files(self._folder).make()
                _make_private(Path(file))
        engine = _engine_of(self._url or f"sqlite:///{file}")
        if self._url is not None and _file_of(engine) is None:
            _make_new_private(engine)
        for attempt in range(3):  # two processes may make the tables at the same moment
            try:
                with engine.begin() as connection:
                    _create_missing(self._table, connection)
                break
            except DBAPIError:
                if attempt == 2:
                    raise
        return engine


def _make_private(file: Path) -> None:
    """Make the file of a database for this user alone; SQLite gives those beside it its mode."""
    make_private_file(file)
    for ending in ("-wal", "-shm"):  # of an older version, which may be in use
        with suppress(FileNotFoundError):
            beside = file.with_name(file.name + ending)
            if is_open_to_others(beside):
                beside.chmod(PRIVATE_FILE)


def _make_new_private(engine: "Engine") -> None:
    """Make the file of a database that is named and not there yet, for this user alone."""
    name = engine.url.database
    if engine.dialect.name == "sqlite" and name and not name.startswith("file:"):
        with folder_of_jobs():
            make_private_file(Path(name))


def require_usable(url: str | None) -> None:
    """Refuse a database that jobs could never be kept in here; one that is away is not asked.

    Raises
    ------
    BadSettings
        Says what to install or to mend.
    """
    if url is None:
        return
    engine = _engine_of(url)
    database = engine.url.database or ""
    if engine.dialect.name == "sqlite" and not database.startswith("file:"):
        _require_file(Path(database))


def _require_file(path: Path) -> None:
    if path.is_dir():
        raise BadSettings(f"DATABASE_URL names the folder {path}; name a file in it.")
    if not path.parent.is_dir():
        raise BadSettings(
            f"DATABASE_URL names a file of SQLite in {path.parent}, which is no folder here. Make "
            "it, or name a file in another one."
        )
    with suppress(FileNotFoundError), path.open("rb") as file:
        start = file.read(len(SQLITE_MARK))
        if start and start != SQLITE_MARK:
            raise BadSettings(
                f"DATABASE_URL names {path}, which is no database of SQLite; name another file."
            )


def _engine_of(url: str) -> "Engine":
    """Return what connects to a database, not connected yet."""
    from sqlalchemy import create_engine, event
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError

    is_sqlite = url.startswith("sqlite")
    options: dict[str, Any] = {"connect_args": {"timeout": BUSY_S}} if is_sqlite else {}
    try:
        engine = create_engine(url, pool_pre_ping=not is_sqlite, **options)
    except (NoSuchModuleError, ImportError) as error:
        raise BadSettings(
            "DATABASE_URL names PostgreSQL, which needs a library that is not installed here: "
            "pip install 'servery[postgres]', or psycopg[binary]."
        ) from error
    except (ArgumentError, ValueError):
        # What the library says may quote a part of the password.
        raise BadSettings(
            "DATABASE_URL is not right: expected postgresql://user:password@host:5432/name, where "
            "characters such as : / @ in the user or the password are written as %3A %2F %40."
        ) from None
    if is_sqlite:
        event.listen(engine, "connect", _make_durable)
    return engine


def _file_of(engine: "Engine") -> tuple[int, int] | None:
    """Return which file a database of SQLite is, by what does not change with its name."""
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return None
    try:
        found = os.stat(engine.url.database)  # noqa: PTH116 - asked each time, so at once
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


@contextmanager
def _translated() -> "Iterator[None]":
    """Say what of a database nobody here can mend."""
    from sqlalchemy.exc import InterfaceError, OperationalError

    try:
        yield
    except (InterfaceError, OperationalError) as error:
        codes = {getattr(error.orig, name, None) for name in ("sqlite_errorname", "sqlstate")}
        if codes & FULL_CODES:
            raise NoRoom(
                "There is no room on the disk that holds the records of batch jobs. Try again when "
                "whoever runs the server has made some."
            ) from error
        raise DatabaseUnavailable(
            "The records of batch jobs cannot be reached just now; try again in a moment."
        ) from error


def _make_durable(connection: Any, _record: object) -> None:  # noqa: ANN401 - of sqlite3
    """Let readers read while one writes, and lose nothing that was said to be kept."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")


def _create_missing(table: "Table", connection: "Connection") -> None:
    from sqlalchemy.schema import CreateIndex, CreateTable

    connection.execute(CreateTable(table, if_not_exists=True))
    for index in table.indexes:
        connection.execute(CreateIndex(index, if_not_exists=True))


def _jobs_table() -> "Table":
    from sqlalchemy import (
        BigInteger,
        Boolean,
        Column,
        Double,
        Index,
        Integer,
        MetaData,
        String,
        Table,
        Text,
        UniqueConstraint,
    )

    def whole(name: str) -> "Column[int]":
        return Column(name, BigInteger, nullable=False, server_default="0")

    return Table(
        TABLE,
        MetaData(),
        Column("id", String(64), primary_key=True),
        Column("root", Text, nullable=False),
        Column("model", Text, nullable=False),
        Column("version", Text, nullable=False),
        Column("request_id", Text, nullable=False),
        Column("key", String(255)),
        Column("digest", String(64), nullable=False),
        Column("name", Text, nullable=False),
        Column("format", String(16)),
        whole("size_bytes"),
        Column("status", String(16), nullable=False),
        Column("created", Double, nullable=False),
        Column("expires", Double),
        Column("order", Text, nullable=False),
        Column("is_looked_at", Boolean, nullable=False, default=False),
        Column("found", Text),
        Column("problem", Text),
        whole("chunks_done"),
        whole("done"),
        Column("total", BigInteger),
        whole("result_bytes"),
        whole("errors_bytes"),
        whole("rows_done"),
        Column("counts", Text),
        Column("spent_s", Double, nullable=False, default=0.0),
        Column("attempts", Integer, nullable=False, default=0),
        Column("worker", String(64)),
        Column("lease", Double, nullable=False, default=0.0),
        Column("turn", Double, nullable=False, default=0.0),
        UniqueConstraint("root", "model", "key"),
        Index("servery_jobs_status", "status"),
        Index("servery_jobs_expires", "expires"),
    )


def _written(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: msgspec.json.encode(value).decode()
        if name in JSON_OF and value is not None
        else value
        for name, value in values.items()
    }


def _read(row: Mapping[Any, Any]) -> Job:
    values = {
        name: msgspec.json.decode(row[name], type=JSON_OF[name])
        if name in JSON_OF and row[name] is not None
        else row[name]
        for name in Job.__struct_fields__
    }
    return Job(**values)

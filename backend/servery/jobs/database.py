"""The database of batch jobs: where it is, how it is opened, and what its errors mean here."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from servery.errors import BadSettings, DatabaseUnavailable, NoRoom, folder_of_jobs
from servery.jobs.files import Files
from servery.jobs.pending import records_file
from servery.jobs.schema import migrate
from servery.private import PRIVATE_FILE, is_open_to_others, make_private_file

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

BUSY_S = 30
#: What a database of SQLite begins with.
SQLITE_MARK = b"SQLite format 3\0"
#: What SQLite and PostgreSQL say where their disk is full.
FULL_CODES = frozenset(["SQLITE_FULL", "SQLITE_IOERR_SHMSIZE", "53100"])


class Database:
    """A database that is opened when it is needed, and again when its file was replaced.

    Parameters
    ----------
    url
        Where it is; None for a file of SQLite in ``folder``.
    """

    def __init__(self, url: str | None, folder: Path) -> None:
        self._url = url
        self._folder = folder
        self._opening = threading.Lock()
        self._held_open: tuple[Engine, tuple[int, int] | None] | None = None

    @contextmanager
    def reading(self) -> "Iterator[Connection]":
        """Give a connection to read by."""
        with _translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def changing(self) -> "Iterator[Connection]":
        """Give a connection whose changes are kept at the end, or none of them."""
        with _translated(), self._engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close all connections, as before a fork."""
        if self._held_open is not None:
            self._held_open[0].dispose()

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
        from sqlalchemy import URL

        if self._url is None:
            file = str(records_file(None, str(self._folder)))
            with folder_of_jobs():
                Files(self._folder).make()
                _make_private(Path(file))
            engine = _engine_of(URL.create("sqlite", database=file))
        else:
            engine = _engine_of(self._url)
            if _file_of(engine) is None:
                _make_new_private(engine)
        try:
            _migrate(engine)
        except BaseException:
            engine.dispose()
            raise
        return engine


def _migrate(engine: "Engine") -> None:
    from sqlalchemy.exc import DBAPIError

    for attempt in range(3):  # making a new file a write-ahead log does not wait for its lock
        try:
            with engine.begin() as connection:
                migrate(connection)
            return
        except DBAPIError:
            if attempt == 2:
                raise


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
    """Refuse a database that can never hold jobs; whether it is available is not checked.

    Raises
    ------
    BadSettings
        Says what to install or change.
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
            f"DATABASE_URL names an SQLite file in {path.parent}, which is not a folder. Create "
            "it, or name a file in another folder."
        )
    with suppress(FileNotFoundError), path.open("rb") as file:
        start = file.read(len(SQLITE_MARK))
        if start and start != SQLITE_MARK:
            raise BadSettings(
                f"DATABASE_URL names {path}, which is not an SQLite database. Name another file."
            )


def _engine_of(url: "str | URL") -> "Engine":
    """Return what connects to a database, not connected yet."""
    from sqlalchemy import create_engine, event
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError

    is_sqlite = str(url).startswith("sqlite")
    # A PostgreSQL database in SQL_ASCII would send bytes.
    options = {"timeout": BUSY_S} if is_sqlite else {"client_encoding": "utf8"}
    try:
        engine = create_engine(url, pool_pre_ping=not is_sqlite, connect_args=options)
    except (NoSuchModuleError, ImportError) as error:
        raise BadSettings(
            "DATABASE_URL names PostgreSQL, which needs a library that is not installed here: "
            "pip install 'servery[postgres]', or psycopg[binary]."
        ) from error
    except (ArgumentError, ValueError):
        # What the library says may quote a part of the password.
        raise BadSettings(
            "DATABASE_URL is not valid: expected postgresql://user:password@host:5432/name, where "
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
    """Turn errors of the database into errors that callers understand."""
    from sqlalchemy.exc import InterfaceError, OperationalError

    try:
        yield
    except (InterfaceError, OperationalError) as error:
        codes = {getattr(error.orig, name, None) for name in ("sqlite_errorname", "sqlstate")}
        if codes & FULL_CODES:
            raise NoRoom(
                "The disk with the records of batch jobs is full. Ask the administrator to free "
                "some space, then try again."
            ) from error
        raise DatabaseUnavailable(
            "The database of batch jobs is unavailable. Try again in a moment."
        ) from error


def _make_durable(connection: Any, _record: object) -> None:  # noqa: ANN401 - of sqlite3
    """Let readers read while one writes, and lose nothing that was committed."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")

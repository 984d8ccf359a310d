"""Files of SQLite as tables: one of their tables is read, and a result is a file with one table.

A file may come from anywhere: nothing that is stored in it runs, and views are not read.
"""

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from servery.errors import AmbiguousTable, Choice, TableEmpty, TableUnreadable, quoted
from servery.tables.blocks import Table
from servery.tables.databases.addresses import connected, opened_only, reason_of, url_of
from servery.tables.databases.queries import RowsTable
from servery.tables.databases.rows import RowSpool, RowsRenderer
from servery.tables.databases.storing import StoredTable, write_rows
from servery.tables.formats import TableFormat
from servery.tables.reading import Reading
from servery.tables.streams import Stream

if TYPE_CHECKING:
    from sqlalchemy import Connection

MAGIC = b"SQLite format 3\0"
#: Where a file says how it is written to, and what it says for a write-ahead log.
VERSIONS_AT, BY_LOG = slice(18, 20), b"\2\2"
#: Files beside one that is being written to.
IN_USE = ("-wal", "-journal")
LEFT_OUT = (
    "Rows that are still in a write-ahead log are not read: there is no log beside the database."
)
#: Tables that hold rows; neither views nor virtual tables, which would run code.
TABLES = (
    "select name from sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\'"
    " and sql not like 'create virtual%' order by rowid"
)
#: For files that may be malicious; see https://www.sqlite.org/security.html.
DEFENSES = ("pragma trusted_schema = off", "pragma cell_size_check = on")
#: How columns are marked that are hidden, or computed when they are read.
COMPUTED = (1, 2)
#: Tables that are named where one has to be chosen.
MOST_TOLD = 50
#: What the table of a result is called.
PREDICTIONS = "predictions"


def open_sqlite(name: str, path: Path, reading: Reading, stack: contextlib.ExitStack) -> Table:
    """Open a table of a file; what is in ``stack`` is closed with it.

    Raises
    ------
    TableUnreadable
        Or a subclass: the file is damaged, or a table has to be chosen.
    """
    from sqlalchemy.exc import SQLAlchemyError

    with path.open("rb") as file:
        is_by_log = file.read(len(MAGIC) + 4)[VERSIONS_AT] == BY_LOG
    is_shared = any(path.with_name(path.name + ending).exists() for ending in IN_USE)
    # If nobody else has it open, it is not locked: a caged process may not lock files.
    url = opened_only(url_of(f"sqlite:///{path}"), "ro", is_immutable=not is_shared)
    before = _state(path)
    connection = stack.enter_context(connected(url))
    try:
        _defend(connection, reading.limits.row_bytes)
        table = _chosen(name, connection, reading.sheet)
        columns, quoted_table = _stored_columns(connection, table), _quoted(connection, table)
        rows = connection.exec_driver_sql(f"select {columns} from {quoted_table}")  # noqa: S608
        what, notes = (
            f"The table {quoted(table)} of {name}",
            [LEFT_OUT] if is_by_log and not is_shared else [],
        )
        return RowsTable(
            rows,
            "sqlite",
            what,
            reading.limits,
            stack,
            sheet=table,
            notes=notes,
            is_unchanged=lambda: is_shared or _state(path) == before,
        )
    except SQLAlchemyError as error:
        raise TableUnreadable(
            f"{name} is a damaged SQLite database: {reason_of(error)}. Save it again, or export "
            "its table as CSV."
        ) from error


def _state(path: Path) -> tuple[int, int] | None:
    """Return what changes with a file; None if it is gone."""
    try:
        facts = path.stat()
    except FileNotFoundError:
        return None
    return facts.st_size, facts.st_mtime_ns


def _defend(connection: "Connection", most_bytes: int) -> None:
    for defense in DEFENSES:
        connection.exec_driver_sql(defense)
    driver = cast("sqlite3.Connection", connection.connection.driver_connection)
    driver.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, most_bytes)


def _stored_columns(connection: "Connection", table: str) -> str:
    """Return the columns of a table except computed ones, which a small file can make huge."""
    facts = connection.exec_driver_sql(f"pragma table_xinfo({_quoted(connection, table)})")
    return ", ".join(
        _quoted(connection, str(each.name)) for each in facts if each.hidden not in COMPUTED
    )


def _quoted(connection: "Connection", name: str) -> str:
    return connection.dialect.identifier_preparer.quote_identifier(name)


def _chosen(name: str, connection: "Connection", table: str | None) -> str:
    """Return the table with this name, by default the only one with rows."""
    tables = [str(each) for each in connection.exec_driver_sql(TABLES).scalars()]
    if table is not None and table not in tables:
        raise TableUnreadable(
            f"{name} has no table {quoted(table)}; it has "
            f"{', '.join(map(repr, tables[:MOST_TOLD])) or 'none'}."
        )
    if table is not None:
        return table
    filled = [
        each
        for each in tables
        if connection.exec_driver_sql(
            f"select 1 from {_quoted(connection, each)} limit 1"  # noqa: S608
        ).first()
    ]
    if not filled:
        raise TableEmpty(f"{name} has no table with rows.")
    if len(filled) > 1:
        raise AmbiguousTable(
            f"{name} has {len(filled)} tables.", Choice("sheet", tuple(filled[:MOST_TOLD]))
        )
    return filled[0]


class SqliteSink:
    """An SQLite file with one table; the same rows give the same bytes."""

    def __init__(self, file: IO[bytes], renderer: RowsRenderer) -> None:
        self._file, self._header = file, renderer.header
        self._spool = RowSpool(len(self._header))

    def write(self, rendered: Sequence[Sequence[Any]]) -> None:
        """Keep rows."""
        self._spool.add(rendered)

    def close(self) -> None:
        """Write the file."""
        with (
            contextlib.closing(self._spool),
            tempfile.TemporaryDirectory(prefix="servery-") as folder,
        ):
            path = Path(folder) / "result"
            stored = StoredTable(f"sqlite:///{path}", PREDICTIONS)
            with connected(stored.url) as connection:
                connection.exec_driver_sql("pragma synchronous = off")
                connection.exec_driver_sql("begin")
                write_rows(connection, stored, self._header, self._spool)
                connection.commit()
            with path.open("rb") as whole:
                shutil.copyfileobj(whole, self._file, 1 << 20)

    def drop(self) -> None:
        """Release what is kept."""
        self._spool.close()


def _open(stream: Stream, reading: Reading, known: Sequence[str]) -> Table:
    del known  # its columns have their names
    with contextlib.ExitStack() as stack, stream.rewindable() as file:
        if not isinstance(file, Path):  # SQLite opens names
            whole = stack.enter_context(tempfile.NamedTemporaryFile(prefix="servery-"))
            with file:
                shutil.copyfileobj(file, whole, 1 << 20)
            whole.flush()
            file = Path(whole.name)
        return open_sqlite(stream.name, file, reading, stack)


SQLITE = TableFormat(
    name="sqlite",
    title="SQLite",
    noun="an SQLite database",
    endings=(".sqlite", ".sqlite3", ".db"),
    media_types=("application/vnd.sqlite3", "application/x-sqlite3"),
    open=_open,
    renderer=RowsRenderer,
    sink=SqliteSink,
    options=frozenset(["sheet", "decimal", "thousands", "dates", "century", "missing"]),
    magic=MAGIC,
    unit="rows",
)

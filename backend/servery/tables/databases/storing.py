"""Results as tables of databases: all rows, with the types of their cells, or none."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

from servery.errors import ServeryError, TableUnreadable, quoted
from servery.tables.cells import plain_text
from servery.tables.databases.addresses import (
    SCHEME,
    SEPARATOR,
    connected,
    name_of,
    opened_only,
    reason_of,
    url_of,
)
from servery.tables.databases.rows import Kind, RowSpool, distinct_columns

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Table
    from sqlalchemy.types import TypeEngine

#: What to do if the table exists.
IfExists: TypeAlias = Literal["fail", "append", "replace"]
#: Bytes of the name of a column in PostgreSQL, which cuts off longer ones.
LONGEST_NAME = 63
#: How long to wait for another connection that has locked the table.
LOCK_TIMEOUT = "10s"
#: Kinds of cells that SQLite has no types for: they are stored as texts, in full.
AS_TEXT_IN_SQLITE = frozenset(["decimal", "day", "moment", "zoned"])


@dataclass(frozen=True, slots=True)
class StoredTable:
    """A table of a database, such as ``sqlite:///people.db::scored``."""

    address: str
    table: str
    if_exists: IfExists = "fail"

    def __str__(self) -> str:
        """Return its name: what is printed shows no password."""
        return f"{self.table} in {self.database}"

    @property
    def database(self) -> str:
        """What messages call the database, without a password."""
        return name_of(self.url)

    @property
    def url(self) -> "URL":
        """The parts of its address."""
        return url_of(self.address)

    @property
    def is_sqlite(self) -> bool:
        """Whether its database is a file of SQLite."""
        return self.url.get_backend_name() == "sqlite"

    @property
    def schema(self) -> str | None:
        """The schema of PostgreSQL that it is in, if that is named: ``reports.scored``."""
        return None if self.is_sqlite else self.table.rpartition(".")[0] or None

    @property
    def name(self) -> str:
        """Its name in the database."""
        return self.table if self.is_sqlite else self.table.rpartition(".")[2]


def stored_table_of(text: str, if_exists: IfExists = "fail") -> StoredTable:
    """Return the table that a text names.

    Raises
    ------
    TableUnreadable
        It is not the address of a database and the name of a table.
    """
    address, _, table = text.partition(SEPARATOR)
    if SCHEME not in address or not table.strip():
        raise TableUnreadable(
            "Expected the address of a database and the name of a table, such as "
            f"sqlite:///people.db{SEPARATOR}scored."
        )
    stored = StoredTable(address, table.strip(), if_exists)
    url_of(address)
    return stored


class DatabaseSink:
    """Keeps the rows of a result, and writes them to a table of a database at the end."""

    def __init__(self, stored: StoredTable, header: Sequence[str]) -> None:
        self._stored, self._header = stored, header
        _require_place(stored, header)
        self._spool = RowSpool(len(header))

    def write(self, rendered: Sequence[Sequence[Any]]) -> None:
        """Keep rows."""
        self._spool.add(rendered)

    def close(self) -> None:
        """Write all rows in one transaction."""
        with (
            contextlib.closing(self._spool),
            _removed_if_new(self._stored),
            _changing(self._stored) as connection,
        ):
            write_rows(connection, self._stored, self._header, self._spool)

    def drop(self) -> None:
        """Release what is kept."""
        self._spool.close()


def write_rows(
    connection: "Connection", stored: StoredTable, header: Sequence[str], spool: RowSpool
) -> None:
    """Write the rows of a spool to a table, which is created if it does not exist."""
    from sqlalchemy import Column, MetaData, Table, inspect

    dialect = connection.dialect.name
    kinds = [_stored_kind(kind, dialect) for kind in spool.column_kinds()]
    columns = [
        Column(name, _type_of(kind), key=f"c{place}")
        for place, (name, kind) in enumerate(zip(distinct_columns(header), kinds, strict=True))
    ]
    table = Table(stored.name, MetaData(), *columns, schema=stored.schema)
    if stored.if_exists == "replace":
        table.drop(connection, checkfirst=True)
    if stored.if_exists != "append" or not inspect(connection).has_table(
        stored.name, stored.schema
    ):
        table.create(connection)
    insert = _copied if dialect == "postgresql" else _inserted
    for block in spool.blocks():
        cells = [
            list(map(_as_text, column)) if kind == "text" else column
            for column, kind in zip(block, kinds, strict=True)
        ]
        insert(connection, table, list(zip(*cells, strict=True)))


def _stored_kind(kind: Kind, dialect: str) -> Kind:
    return "text" if dialect == "sqlite" and kind in AS_TEXT_IN_SQLITE else kind


def _type_of(kind: Kind) -> "TypeEngine[Any]":
    import sqlalchemy as sa

    types: dict[Kind, TypeEngine[Any]] = {
        "boolean": sa.Boolean(),
        "integer": sa.BigInteger(),
        "number": sa.Double(),
        "decimal": sa.Numeric(),
        "day": sa.Date(),
        "moment": sa.DateTime(),
        "zoned": sa.DateTime(timezone=True),
        "bytes": sa.LargeBinary(),
        "text": sa.Text(),
    }
    return types[kind]


def _as_text(cell: Any) -> str | None:  # noqa: ANN401 - a cell
    return cell if cell is None or type(cell) is str else plain_text(cell)


def _inserted(connection: "Connection", table: "Table", rows: list[tuple[Any, ...]]) -> None:
    if rows:  # the cells have the types of the driver
        connection.exec_driver_sql(str(table.insert().compile(connection)), rows)


def _copied(connection: "Connection", table: "Table", rows: list[tuple[Any, ...]]) -> None:
    """Write rows by COPY, which takes a fraction of the time of an INSERT for each."""
    import psycopg
    from psycopg import sql
    from sqlalchemy.exc import DBAPIError

    names = [name for name in (table.schema, table.name) if name]
    columns = [sql.Identifier(column.name) for column in table.columns]
    command = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(*names), sql.SQL(", ").join(columns)
    )
    driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
    try:
        with driver.cursor() as cursor, cursor.copy(command) as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.Error as error:  # as any other statement raises it
        raise DBAPIError("COPY", None, error) from error


@contextlib.contextmanager
def _removed_if_new(stored: StoredTable) -> Iterator[None]:
    """Remove, after an error, the file of a database that was not there before."""
    path = Path(stored.url.database or "") if stored.is_sqlite else None
    is_new = path is not None and not path.exists()
    try:
        yield
    except BaseException:
        if path is not None and is_new:
            path.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def _changing(stored: StoredTable) -> "Iterator[Connection]":
    """Yield a connection whose changes are all committed at the end, or none of them."""
    with _errors_named(stored), connected(opened_only(stored.url, "rwc")) as connection:
        if stored.is_sqlite:  # the driver would begin a transaction only at the first INSERT
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        yield connection
        connection.commit()


@contextlib.contextmanager
def _errors_named(stored: StoredTable) -> Iterator[None]:
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except SQLAlchemyError as error:
        raise ServeryError(
            f"The table {stored} cannot be written: {reason_of(error)}. None of the result was "
            "stored."
        ) from error


def _require_place(stored: StoredTable, header: Sequence[str]) -> None:
    """Refuse, before rows are scored, a table that could not take them.

    Raises
    ------
    ServeryError
        Its database is missing, or the table exists already, or lacks one of these columns.
    """
    from sqlalchemy import inspect

    if stored.is_sqlite and not Path(stored.url.database or "").exists():
        folder = Path(stored.url.database or "").parent
        if not folder.is_dir():
            raise ServeryError(f"There is no folder {folder} for the database {stored.database}.")
        return
    names = distinct_columns(header)
    if not stored.is_sqlite:
        _refuse_long_names(names)
    with _errors_named(stored), connected(opened_only(stored.url, "rw")) as connection:
        inspector = inspect(connection)
        if not inspector.has_table(stored.name, stored.schema) or stored.if_exists == "replace":
            return
        if stored.if_exists == "fail":
            raise ServeryError(
                f"There is a table {stored} already. Name another one, or add --if-exists append "
                "or --if-exists replace."
            )
        there = {
            each["name"].casefold() for each in inspector.get_columns(stored.name, stored.schema)
        }
    lacking = [name for name in names if name.casefold() not in there]
    if lacking:
        raise ServeryError(
            f"The table {stored} has no column {quoted(lacking[0])}. Name another table, or use "
            "--if-exists replace."
        )


def _refuse_long_names(names: Sequence[str]) -> None:
    long = next((name for name in names if len(name.encode()) > LONGEST_NAME), None)
    if long is not None:
        raise ServeryError(
            f"PostgreSQL limits the names of columns to {LONGEST_NAME} bytes; found "
            f"{quoted(long)}. Rename the column, or leave it out with --keep."
        )

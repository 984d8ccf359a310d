"""Queries of databases as tables; they are only named on a command line, never in an upload."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import numpy as np

from servery.errors import TableEmpty, TableUnreadable
from servery.tables.blocks import (
    SAMPLE_ROWS,
    TYPED,
    CellTraits,
    Chunk,
    ColumnBlock,
    RawColumn,
    distinct_names,
)
from servery.tables.reading import Limits

if TYPE_CHECKING:
    from sqlalchemy import URL

#: Between the address of a database and the query.
SEPARATOR = "::"
SCHEME = "://"
#: What each database may be called in an address, and the driver that reads it: those that are
#: known to be opened so that a query changes nothing.
DRIVERS = {
    "sqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}


@dataclass(frozen=True, slots=True)
class Query:
    """A query of a database, such as ``sqlite:///people.db::select * from people``."""

    address: str
    sql: str

    def __str__(self) -> str:
        """Return its name: what is printed shows no password."""
        return self.name

    @property
    def name(self) -> str:
        """What messages call it: the database, without a password."""
        found = _url(self.address)
        return Path(found.database or found.drivername).name


def query_of(text: str) -> Query | None:
    """Return the query that a text is; None where it is no address and query.

    Raises
    ------
    TableUnreadable
        The address is not one of a database that is read here.
    """
    address, separator, sql = text.partition(SEPARATOR)
    if SCHEME not in address or not separator:
        return None
    _url(address)
    return Query(address, sql.strip())


@dataclass(frozen=True)
class QueryLayout:
    """Makes columns of rows of a query."""

    header: tuple[str, ...]
    format: str = "query"
    delimiter: str | None = None
    traits: CellTraits = TYPED

    def block(self, chunk: Chunk) -> ColumnBlock:
        """Return rows as columns."""
        rows = chunk.payload
        lines = np.arange(len(rows), dtype=np.int64) + chunk.first_line
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(self.header)
        return ColumnBlock(lines, [RawColumn(list(column)) for column in columns])


class QueryTable:
    """The rows of a query, which stream from the database; ``line`` counts them from 1.

    The query cannot change the database, which is open for reading alone.
    """

    encoding: str | None = None
    sheet: str | None = None
    arrow_types: Sequence[Any] | None = None
    total: int | None = None
    notes: Sequence[str] = ()

    def __init__(self, query: Query, limits: Limits) -> None:
        from sqlalchemy import create_engine
        from sqlalchemy.exc import SQLAlchemyError
        from sqlalchemy.pool import NullPool

        self._name, self._chunk_rows = query.name, limits.chunk_rows
        try:
            engine = create_engine(_read_only(_url(query.address)), poolclass=NullPool)
            self._connection = engine.connect().execution_options(
                stream_results=True,
                max_row_buffer=limits.chunk_rows,
                postgresql_readonly=True,
                no_parameters=True,  # a % is one
            )
        except (SQLAlchemyError, ImportError) as error:
            raise self._failed(error) from error
        try:
            self._rows = self._connection.exec_driver_sql(query.sql)
            if not self._rows.returns_rows:
                raise TableUnreadable(f"The query of {self._name} returns no rows; use a SELECT.")
            self.layout = QueryLayout(distinct_names(list(self._rows.keys())))
            self._head = [tuple(row) for row in self._rows.fetchmany(SAMPLE_ROWS)]
        except SQLAlchemyError as error:
            self._connection.close()
            raise self._failed(error) from error
        except BaseException:
            self._connection.close()
            raise
        if not self._head:
            self._connection.close()
            raise TableEmpty(f"The query of {self._name} found no rows.")

    def sample(self) -> ColumnBlock:
        """Return the first rows."""
        return self.layout.block(Chunk(0, 1, self._head, 0))

    def chunks(self) -> Iterator[Chunk]:
        """Read the rows as they come."""
        from sqlalchemy.exc import SQLAlchemyError

        rows, number, done = self._head, 0, 0
        while rows:
            yield Chunk(number, done + 1, rows, done + len(rows))
            number, done = number + 1, done + len(rows)
            try:
                rows = [tuple(row) for row in self._rows.fetchmany(self._chunk_rows)]
            except SQLAlchemyError as error:
                raise self._failed(error) from error

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _failed(self, error: Exception) -> TableUnreadable:
        """Return what to raise; the text of the driver may name the host, and has no password."""
        reason = getattr(error, "orig", None) or error
        return TableUnreadable(f"The query of {self._name} failed: {reason}".rstrip(".\n ") + ".")


def _url(address: str) -> "URL":
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        raise TableUnreadable(
            "Expected the address of a database and a query, such as "
            "sqlite:///people.db::select * from people."
        ) from error
    driver = DRIVERS.get(url.drivername.partition("+")[0])
    if driver is None:
        raise TableUnreadable(
            f"Databases of {url.drivername} are not read here; expected an address that begins "
            "with sqlite:/// or postgresql://, or a file."
        )
    if driver == "sqlite":  # a file may have any name, also one with a question mark
        url = url.set(host=None, database=address.partition(f"{SCHEME}/")[2], query={})
    return url.set(drivername=driver)


def _read_only(url: "URL") -> "URL":
    """Return the address of a database of SQLite that is there, and is not changed."""
    if url.get_backend_name() != "sqlite":
        return url
    path = Path(url.database or "")
    if not path.is_file():
        raise TableUnreadable(f"There is no database {path}.")
    return url.set(database=f"file:{quote(str(path))}", query={"mode": "ro", "uri": "true"})

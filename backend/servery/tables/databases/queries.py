"""Queries of databases as tables; they are only named on a command line, never in an upload."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
from servery.tables.databases.addresses import (
    SCHEME,
    SEPARATOR,
    connected,
    name_of,
    opened_only,
    reason_of,
    url_of,
)
from servery.tables.reading import Limits


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
        return name_of(url_of(self.address))


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
    url_of(address)
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
        from sqlalchemy.exc import SQLAlchemyError

        url = url_of(query.address)
        _refuse_absent_file(url.database if url.get_backend_name() == "sqlite" else None)
        self._name, self._chunk_rows = query.name, limits.chunk_rows
        with contextlib.ExitStack() as stack:
            connection = stack.enter_context(connected(opened_only(url, "ro"))).execution_options(
                stream_results=True,
                max_row_buffer=limits.chunk_rows,
                postgresql_readonly=True,
                no_parameters=True,  # a % is one
            )
            try:
                self._rows = connection.exec_driver_sql(query.sql)
                if not self._rows.returns_rows:
                    raise TableUnreadable(
                        f"The query of {self._name} returns no rows; use a SELECT."
                    )
                self.layout = QueryLayout(distinct_names(list(self._rows.keys())))
                self._head = [tuple(row) for row in self._rows.fetchmany(SAMPLE_ROWS)]
            except SQLAlchemyError as error:
                raise TableUnreadable(
                    f"The query of {self._name} failed: {reason_of(error)}. Correct the query."
                ) from error
            if not self._head:
                raise TableEmpty(f"The query of {self._name} found no rows.")
            self._open = stack.pop_all()

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
                raise TableUnreadable(
                    f"The query of {self._name} failed after {done:,} rows: {reason_of(error)}. "
                    "Correct the query, or score it again."
                ) from error

    def close(self) -> None:
        """Close the connection."""
        self._open.close()


def _refuse_absent_file(database: str | None) -> None:
    if database is not None and not Path(database).is_file():
        raise TableUnreadable(f"There is no database {database}.")

"""Queries of databases as tables; they are only named on a command line, never in an upload."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any

import numpy as np

from servery.errors import TableEmpty, TableUnreadable
from servery.tables.blocks import (
    SAMPLE_ROWS,
    TYPED,
    CellTraits,
    Chunk,
    ColumnBlock,
    RawColumn,
    Table,
    dictionary_encoded,
    distinct_names,
)
from servery.tables.databases.adbc import open_by_adbc
from servery.tables.databases.addresses import (
    SCHEME,
    SEPARATOR,
    connected,
    name_of,
    opened_only,
    prefers_adbc,
    reason_of,
    url_of,
)
from servery.tables.reading import Limits

if TYPE_CHECKING:
    from sqlalchemy import CursorResult

#: Rows that are fetched before their size is known.
STEP_ROWS = 8


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
    """Return the query in a text; None if it is not an address with a query.

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


def open_query(query: Query, limits: Limits) -> Table:
    """Open the rows of a query, which cannot change the database: it is opened for reading alone.

    Raises
    ------
    TableUnreadable
        There is no such database, the query is wrong, or it has no rows.
    """
    from sqlalchemy.exc import SQLAlchemyError

    url, what = url_of(query.address), f"The query of {query.name}"
    _refuse_absent_file(url.database if url.get_backend_name() == "sqlite" else None)
    with contextlib.ExitStack() as stack:
        connection = stack.enter_context(connected(opened_only(url, "ro"))).execution_options(
            stream_results=True,
            max_row_buffer=limits.chunk_rows,
            postgresql_readonly=True,
            no_parameters=True,  # a % is one
        )
        try:
            if prefers_adbc(query.address):
                table = open_by_adbc(connection, query.sql, what, limits)
                if table is not None:
                    return table
            rows = connection.exec_driver_sql(query.sql)
            if not rows.returns_rows:
                raise TableUnreadable(f"{what} returns no rows; use a SELECT.")
            return RowsTable(rows, "query", what, limits, stack)
        except SQLAlchemyError as error:
            raise TableUnreadable(
                f"{what} failed: {reason_of(error)}. Correct the query."
            ) from error


def _refuse_absent_file(database: str | None) -> None:
    if database is not None and not Path(database).is_file():
        raise TableUnreadable(f"There is no database {database}.")


@dataclass(frozen=True)
class RowsLayout:
    """Makes columns of rows of a database."""

    header: tuple[str, ...]
    format: str
    delimiter: str | None = None
    traits: CellTraits = TYPED

    def block(self, chunk: Chunk) -> ColumnBlock:
        """Return rows as columns."""
        rows = chunk.payload
        lines = np.arange(len(rows), dtype=np.int64) + chunk.first_line
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(self.header)
        return ColumnBlock(lines, [_column(column) for column in columns])


def _column(cells: Sequence[Any]) -> RawColumn:
    """Return texts by their distinct values, and numbers as an array: both are parsed at once."""
    types = set(map(type, cells))
    if types <= {str, NoneType}:
        return dictionary_encoded(cells)
    if types in ({int}, {float}):
        with contextlib.suppress(OverflowError):  # a whole number beyond 64 bits
            return RawColumn(np.array(cells, dtype=np.int64 if int in types else np.float64))
    return RawColumn(list(cells))


class RowsTable:
    """Rows that stream from a database; ``line`` counts them from 1.

    Parameters
    ----------
    what
        What messages call the rows.
    resources
        What is closed with the table.
    is_unchanged
        Called after the last row, if the database is not locked while rows are read.
    """

    encoding: str | None = None
    arrow_types: Sequence[Any] | None = None
    total: int | None = None

    def __init__(
        self,
        rows: "CursorResult[Any]",
        format_: str,
        what: str,
        limits: Limits,
        resources: contextlib.ExitStack,
        *,
        sheet: str | None = None,
        notes: Sequence[str] = (),
        is_unchanged: Callable[[], bool] = lambda: True,
    ) -> None:
        self._rows, self._what, self._limits = rows, what, limits
        self.sheet, self.notes, self._is_unchanged = sheet, notes, is_unchanged
        self.layout = RowsLayout(distinct_names(list(rows.keys())), format_)
        self._head = self._fetched(SAMPLE_ROWS)
        if not self._head:
            raise TableEmpty(f"{what} has no rows.")
        self._open = resources.pop_all()

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
                rows = self._fetched(self._limits.chunk_rows)
            except SQLAlchemyError as error:
                raise TableUnreadable(
                    f"{self._what} failed after {done:,} rows: {reason_of(error)}. Correct it, or "
                    "score it again."
                ) from error
        if not self._is_unchanged():
            raise TableUnreadable(f"{self._what} changed while it was read. Score it again.")

    def close(self) -> None:
        """Close the connection."""
        self._open.close()

    def _fetched(self, most_rows: int) -> list[tuple[Any, ...]]:
        """Return the next rows, only as many as fit in memory."""
        fetched: list[tuple[Any, ...]] = []
        size = 0
        while len(fetched) < most_rows and size < self._limits.chunk_bytes:
            step = [tuple(row) for row in self._rows.fetchmany(STEP_ROWS)]
            if not step:
                break
            size += sum(len(cell) for row in step for cell in row if type(cell) in (str, bytes))
            fetched += step
        return fetched

"""Queries of PostgreSQL by its ADBC driver: columns of Arrow, in a fraction of the time of rows.

A column becomes the very values that psycopg makes of it. Types for which this is not known to
hold are not read here, nor are queries that the driver cannot copy: their rows come by psycopg.
"""

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias, cast
from zoneinfo import ZoneInfo

import numpy as np

from servery.errors import TableEmpty, TableUnreadable, quoted
from servery.tables.blocks import (
    SAMPLE_ROWS,
    TYPED,
    CellTraits,
    Chunk,
    ColumnBlock,
    RawColumn,
    distinct_names,
)
from servery.tables.databases.addresses import reason_of
from servery.tables.reading import Limits

if TYPE_CHECKING:
    import psycopg
    from numpy.typing import NDArray
    from sqlalchemy import Connection

#: Where a field of a schema says which type of PostgreSQL it has.
TYPE_NAME = b"POSTGRESQL:type"
#: An option of the driver: how many bytes of rows a batch has.
BATCH_BYTES = "adbc.postgresql.batch_size_hint_bytes"

Reader: TypeAlias = Callable[[Any, ZoneInfo], RawColumn]


def open_by_adbc(
    connection: "Connection", sql: str, what: str, limits: Limits
) -> "AdbcTable | None":
    """Open the rows of a query, which cannot change the database.

    Parameters
    ----------
    connection
        Of the same database by psycopg.
    what
        What messages call the rows.

    Returns
    -------
    AdbcTable or None
        None if the driver is not installed, or cannot read these rows as psycopg does.

    Raises
    ------
    TableEmpty
        The query has no rows.
    """
    zone = _zone(connection)
    if zone is None:
        return None
    try:
        # Its DB-API would import pandas, which takes a second and 60 MiB.
        from adbc_driver_manager import AdbcConnection, AdbcStatement, Error
        from adbc_driver_postgresql import connect
        from pyarrow import ArrowException, RecordBatchReader, schema
    except ImportError:
        return None
    with contextlib.ExitStack() as stack, contextlib.suppress(Error, ArrowException, OSError):
        database = stack.enter_context(connect(_address(connection)))
        statement = stack.enter_context(
            AdbcStatement(stack.enter_context(AdbcConnection(database)))
        )
        for command in ("set client_encoding to 'UTF8'", "begin read only"):
            statement.set_sql_query(command)
            statement.execute_update()
        statement.set_options(**{BATCH_BYTES: str(limits.chunk_bytes)})
        statement.set_sql_query(sql)
        kinds = _kinds(schema(statement.execute_schema()))
        if not kinds:
            return None
        stream, _ = _interruptible(statement, statement.execute_query)
        reader = stack.enter_context(RecordBatchReader.from_stream(stream))
        batches = _cut(statement, reader, limits.chunk_rows)
        layout = AdbcLayout(distinct_names(reader.schema.names), kinds, zone, what)
        return AdbcTable(layout, batches, stack)
    return None  # what is wrong is said by psycopg, whose words people know


def _address(connection: "Connection") -> str:
    """Return the address of a connection as the library of PostgreSQL takes it."""
    from psycopg.conninfo import make_conninfo

    driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
    return make_conninfo(driver.info.dsn, password=driver.info.password or None)


def _zone(connection: "Connection") -> ZoneInfo | None:
    """Return the time zone of a session; None if Python does not know it."""
    name = connection.exec_driver_sql("select current_setting('TimeZone')").scalar_one()
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # such as that of a setting -03:00
        return None


def _kinds(schema: Any) -> tuple[str, ...] | None:  # noqa: ANN401 - of Arrow
    """Return the type of each column; None if one of them cannot be read here."""
    kinds = tuple((field.metadata or {}).get(TYPE_NAME, b"").decode() for field in schema)
    return kinds if all(kind in READERS for kind in kinds) else None


@dataclass(frozen=True)
class AdbcLayout:
    """Makes columns of Arrow record batches as psycopg makes them of rows."""

    header: tuple[str, ...]
    kinds: tuple[str, ...]
    zone: ZoneInfo
    what: str
    format: str = "query"
    delimiter: str | None = None
    traits: CellTraits = TYPED

    def block(self, chunk: Chunk) -> ColumnBlock:
        """Return the rows of a record batch as columns."""
        batch = chunk.payload
        lines = np.arange(batch.num_rows, dtype=np.int64) + chunk.first_line
        return ColumnBlock(lines, list(map(self._column, self.header, self.kinds, batch.columns)))

    def _column(self, name: str, kind: str, array: Any) -> RawColumn:  # noqa: ANN401 - of Arrow
        try:
            return READERS[kind](array, self.zone)
        except (ValueError, OverflowError) as error:
            raise TableUnreadable(
                f"{self.what} failed: its column {quoted(name)} has a day outside the years 1 to "
                "9999. Leave such rows out, or select the column as text."
            ) from error


class AdbcTable:
    """Rows that stream from PostgreSQL as record batches; ``line`` counts them from 1."""

    encoding: str | None = None
    sheet: str | None = None
    arrow_types: Sequence[Any] | None = None
    total: int | None = None
    notes: Sequence[str] = ()

    def __init__(
        self,
        layout: AdbcLayout,
        batches: Iterator[Any],
        resources: contextlib.ExitStack,
    ) -> None:
        self.layout = layout
        first = next(batches, None)
        if first is None:
            raise TableEmpty(f"{layout.what} has no rows.")
        self._head, self._batches = first, chain([first], batches)
        self._open = resources.pop_all()

    def sample(self) -> ColumnBlock:
        """Return the first rows."""
        return self.layout.block(Chunk(0, 1, self._head.slice(0, SAMPLE_ROWS), 0))

    def chunks(self) -> Iterator[Chunk]:
        """Read the rows as they come."""
        from pyarrow import ArrowException

        done = 0
        try:
            for number, batch in enumerate(self._batches):
                yield Chunk(number, done + 1, batch, done + batch.num_rows)
                done += batch.num_rows
        except (OSError, ArrowException) as error:
            raise TableUnreadable(
                f"{self.layout.what} failed after {done:,} rows: {reason_of(error)}. Correct it, "
                "or score it again."
            ) from error

    def close(self) -> None:
        """Close the connection."""
        self._open.close()


def _cut(statement: Any, reader: Any, most_rows: int) -> Iterator[Any]:  # noqa: ANN401 - of Arrow
    """Read record batches, each of at most so many rows."""
    while (batch := _interruptible(statement, lambda: next(reader, None))) is not None:
        for start in range(0, batch.num_rows, most_rows):
            yield batch.slice(start, most_rows)


def _interruptible(statement: Any, call: Callable[[], Any]) -> Any:  # noqa: ANN401 - of ADBC
    """Return what a call returns that waits for the database; a signal cancels its statement."""
    with ThreadPoolExecutor(1) as thread:
        answer = thread.submit(call)
        try:
            return answer.result()
        except (KeyboardInterrupt, SystemExit):
            statement.cancel()
            raise


def _whole(array: Any, _zone: ZoneInfo) -> RawColumn:  # noqa: ANN401 - of Arrow
    if array.null_count:
        return _listed(array, _zone)
    return RawColumn(_numbers(array).astype(np.int64))


def _double(array: Any, _zone: ZoneInfo) -> RawColumn:  # noqa: ANN401 - of Arrow
    return _listed(array, _zone) if array.null_count else RawColumn(_numbers(array))


def _numbers(array: Any) -> "NDArray[Any]":  # noqa: ANN401 - of Arrow
    """Return numbers without nulls; `to_numpy` would import pandas for them."""
    return np.from_dlpack(array)


def _listed(array: Any, _zone: ZoneInfo) -> RawColumn:  # noqa: ANN401 - of Arrow
    return RawColumn(array.to_pylist())


def _distinct(convert: Callable[[Any, ZoneInfo], Any] | None = None) -> Reader:
    """Return what reads a column by its distinct values, each of which is converted once."""

    def read(array: Any, zone: ZoneInfo) -> RawColumn:  # noqa: ANN401 - of Arrow
        import pyarrow as pa

        plain = array.storage if isinstance(array, pa.ExtensionArray) else array
        found = plain.dictionary_encode("encode")  # a null is a value too
        values = found.dictionary.to_pylist()
        if convert is not None:
            values = [None if value is None else convert(value, zone) for value in values]
        return RawColumn(values, _numbers(found.indices).astype(np.intp))

    return read


def _decimal(text: str, _zone: ZoneInfo) -> Decimal:
    return Decimal(text)


def _document(text: str, _zone: ZoneInfo) -> object:
    return json.loads(text)


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone)


#: What reads a column, by its type in PostgreSQL. The others are left to psycopg. Among them are
#: arrays, whose dimensions Arrow does not state, and numbers of single precision, whose digits
#: PostgreSQL chooses in its own way.
READERS: dict[str, Reader] = {
    "bool": _listed,
    **dict.fromkeys(["int2", "int4", "int8"], _whole),
    "float8": _double,
    "numeric": _distinct(_decimal),
    **dict.fromkeys(["text", "varchar", "bpchar", "name", "date", "timestamp"], _distinct()),
    "timestamptz": _distinct(_local),
    **dict.fromkeys(["json", "jsonb"], _distinct(_document)),
    **dict.fromkeys(["uuid", "bytea"], _listed),
}

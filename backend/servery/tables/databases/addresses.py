"""Addresses of databases, as they are given on a command line, and what their errors mean."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from servery.errors import TableUnreadable

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection

#: Between the address of a database and the query, or the name of a table.
SEPARATOR = "::"
SCHEME = "://"
#: What each database may be called in an address, and its driver: only those that can be opened so
#: that a query changes nothing.
DRIVERS = {
    "sqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}
#: What precedes the reason in an error of a connection, and its severity.
BEFORE_REASON, FATAL = " failed: ", "FATAL:"
#: What precedes the reason in an error of ADBC.
ERROR = "ERROR:"


def url_of(address: str) -> "URL":
    """Return the parts of an address.

    Raises
    ------
    TableUnreadable
        It is not the address of a database that is read here.
    """
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
            f"Databases of {url.drivername} are not supported; expected an address that begins "
            "with sqlite:/// or postgresql://, or a file."
        )
    if driver == "sqlite":  # a file may have any name, also one with a question mark
        url = url.set(host=None, database=address.partition(f"{SCHEME}/")[2], query={})
    return url.set(drivername=driver)


def prefers_adbc(address: str) -> bool:
    """Return whether a query is read by ADBC: one of PostgreSQL, if no driver is named."""
    return DRIVERS.get(address.partition(SCHEME)[0]) == DRIVERS["postgresql"]


def name_of(url: "URL") -> str:
    """Return what messages call a database, without a password."""
    return Path(url.database or url.drivername).name


def opened_only(url: "URL", mode: str, *, is_immutable: bool = False) -> "URL":
    """Return the address that opens an SQLite file in a mode; any other address unchanged."""
    if url.get_backend_name() != "sqlite":
        return url
    query = {"mode": mode, "uri": "true"} | ({"immutable": "1"} if is_immutable else {})
    return url.set(database=f"file:{quote(url.database or '')}", query=query)


def in_unicode(url: "URL") -> "URL":
    """Return the address that has texts sent as UTF-8; one of another kind, or encoding, unchanged.

    A PostgreSQL database in SQL_ASCII would send bytes.
    """
    if url.get_backend_name() != "postgresql":
        return url
    return url.set(query={"client_encoding": "utf8", **url.query})


@contextlib.contextmanager
def connected(url: "URL") -> "Iterator[Connection]":
    """Open a connection, which is closed at the end.

    Raises
    ------
    TableUnreadable
        The database cannot be reached.
    """
    from sqlalchemy import create_engine
    from sqlalchemy.exc import SQLAlchemyError
    from sqlalchemy.pool import NullPool

    try:
        connection = create_engine(in_unicode(url), poolclass=NullPool).connect()
    except ImportError as error:
        raise TableUnreadable(
            f"The database {name_of(url)} needs a library that is not installed here: "
            "pip install 'servery[postgres]'."
        ) from error
    except SQLAlchemyError as error:
        raise TableUnreadable(
            f"The database {name_of(url)} cannot be opened: {reason_of(error)}. Check its address, "
            "and that it accepts connections from here."
        ) from error
    with connection:
        yield connection


def reason_of(error: Exception) -> str:
    """Return the reason of an error of a driver, as a part of a sentence.

    Drivers add the host, the line of the query and hints, each in a line of its own.
    """
    found = getattr(error, "orig", None) or error
    primary = getattr(getattr(found, "diag", None), "message_primary", None)
    if primary:
        return str(primary).rstrip(". ")
    lines = [line.strip() for line in str(found).splitlines() if line.strip()]
    last = next((line for line in reversed(lines) if BEFORE_REASON in line), None)
    reason = last.rpartition(BEFORE_REASON)[2] if last else (lines or [type(found).__name__])[0]
    return reason.removeprefix(FATAL).rpartition(ERROR)[2].strip().rstrip(".")

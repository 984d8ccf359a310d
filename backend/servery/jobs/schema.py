"""The tables of batch jobs, and the migrations that make them, whatever version was there before.

The database records how many migrations it has had. A migration is never changed once it was
released: what the tables look like is the sum of all.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from servery.errors import BadSettings
from servery.jobs.pending import TABLE

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

#: Holds one row: how many migrations there were.
VERSION_TABLE = "servery_schema"
#: Any number that no other user of a PostgreSQL server locks by.
LOCK = 7_379_118_221

Migration: TypeAlias = Callable[["Connection"], None]


def migrate(connection: "Connection") -> None:
    """Bring the tables to the newest version; several processes may do so at the same moment.

    Raises
    ------
    BadSettings
        A newer version of Servery made them.
    """
    if _recorded_version(connection) == len(MIGRATIONS):
        return
    _lock(connection)
    version = _version(connection)
    if version > len(MIGRATIONS):
        raise BadSettings(
            f"The database of batch jobs has version {version} of its tables, and this version of "
            f"Servery knows {len(MIGRATIONS)}. Update Servery, or name another database."
        )
    for migration in MIGRATIONS[version:]:
        migration(connection)
    _record_version(connection, len(MIGRATIONS))


def _lock(connection: "Connection") -> None:
    """Let one process at a time migrate; the end of the transaction unlocks."""
    if connection.dialect.name == "sqlite":
        # The driver would begin a transaction only at the first INSERT.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")


def _version(connection: "Connection") -> int:
    """Return how many migrations the database has had; the first versions recorded none."""
    from sqlalchemy import inspect

    recorded = _recorded_version(connection)
    return recorded or int(inspect(connection).has_table(TABLE))


def _recorded_version(connection: "Connection") -> int | None:
    from sqlalchemy import inspect, text

    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return int(connection.execute(text(f"SELECT version FROM {VERSION_TABLE}")).scalar_one())  # noqa: S608


def _record_version(connection: "Connection", version: int) -> None:
    from sqlalchemy import text

    connection.execute(
        text(f"CREATE TABLE IF NOT EXISTS {VERSION_TABLE} (version INTEGER NOT NULL)")
    )
    connection.execute(text(f"DELETE FROM {VERSION_TABLE}"))  # noqa: S608
    connection.execute(
        text(f"INSERT INTO {VERSION_TABLE} (version) VALUES (:version)"),  # noqa: S608
        {"version": version},
    )


def _create(connection: "Connection") -> None:
    for statement in (
        f"""CREATE TABLE {TABLE} (
            id VARCHAR(64) PRIMARY KEY,
            root TEXT NOT NULL,
            model TEXT NOT NULL,
            version TEXT NOT NULL,
            request_id TEXT NOT NULL,
            key VARCHAR(255),
            digest VARCHAR(64) NOT NULL,
            name TEXT NOT NULL,
            format VARCHAR(16),
            size_bytes BIGINT DEFAULT 0 NOT NULL,
            status VARCHAR(16) NOT NULL,
            created DOUBLE PRECISION NOT NULL,
            expires DOUBLE PRECISION,
            "order" TEXT NOT NULL,
            is_looked_at BOOLEAN NOT NULL,
            found TEXT,
            problem TEXT,
            chunks_done BIGINT DEFAULT 0 NOT NULL,
            done BIGINT DEFAULT 0 NOT NULL,
            total BIGINT,
            result_bytes BIGINT DEFAULT 0 NOT NULL,
            errors_bytes BIGINT DEFAULT 0 NOT NULL,
            rows_done BIGINT DEFAULT 0 NOT NULL,
            counts TEXT,
            spent_s DOUBLE PRECISION NOT NULL,
            attempts INTEGER NOT NULL,
            worker VARCHAR(64),
            lease DOUBLE PRECISION NOT NULL,
            turn DOUBLE PRECISION NOT NULL,
            UNIQUE (root, model, key)
        )""",
        f"CREATE INDEX servery_jobs_status ON {TABLE} (status)",
        f"CREATE INDEX servery_jobs_expires ON {TABLE} (expires)",
    ):
        connection.exec_driver_sql(statement)


def _rename(connection: "Connection") -> None:
    for old, new in (
        ("root", "repository"),
        ("done", '"offset"'),
        ("total", "size"),
        ("is_looked_at", "is_inspected"),
    ):
        connection.exec_driver_sql(f"ALTER TABLE {TABLE} RENAME COLUMN {old} TO {new}")


def _rename_problems(connection: "Connection") -> None:
    """Name the error of a problem as it is called now."""
    renamed = 'replace(problem, \'"kind":"TableDoubtful"\', \'"kind":"AmbiguousTable"\')'
    connection.exec_driver_sql(f"UPDATE {TABLE} SET problem = {renamed}")  # noqa: S608


def _rename_options(connection: "Connection") -> None:
    """Rename the options of a job, and in them how its table is read."""
    from sqlalchemy import text

    connection.exec_driver_sql(f'ALTER TABLE {TABLE} RENAME COLUMN "order" TO job_options')
    update = text(f"UPDATE {TABLE} SET job_options = :job_options WHERE id = :id")  # noqa: S608
    for id_, found in connection.execute(text(f"SELECT id, job_options FROM {TABLE}")).all():  # noqa: S608
        job_options = {
            "options" if name == "told" else name: value
            for name, value in msgspec.json.decode(found).items()
        }
        written = msgspec.json.encode(job_options).decode()
        connection.execute(update, {"id": id_, "job_options": written})


#: In this order; append, and never change one.
MIGRATIONS: tuple[Migration, ...] = (_create, _rename, _rename_problems, _rename_options)


def jobs_table() -> "Table":
    """Return the table of jobs as it is after all migrations."""
    from sqlalchemy import (
        BigInteger,
        Boolean,
        Column,
        Double,
        Integer,
        MetaData,
        String,
        Table,
        Text,
    )

    texts = [
        *("repository", "model", "version", "request_id", "digest", "name", "format"),
        *("status", "job_options", "found", "problem", "counts", "worker"),
    ]
    counts = [
        *("size_bytes", "chunks_done", "offset", "size", "result_bytes", "errors_bytes"),
        "rows_done",
    ]
    return Table(
        TABLE,
        MetaData(),
        Column("id", String, primary_key=True),
        Column("key", String),
        Column("is_inspected", Boolean, default=False),
        Column("attempts", Integer, default=0),
        *(Column(name, Text) for name in texts),
        *(Column(name, BigInteger) for name in counts),
        *(Column(name, Double) for name in ("created", "expires")),
        *(Column(name, Double, default=0.0) for name in ("spent_s", "lease", "turn")),
    )

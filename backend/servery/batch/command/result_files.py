"""Where results go: to a file for each table, one for several, standard output, a database."""

import contextlib
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir
from typing import IO, Any, BinaryIO, ClassVar, Protocol, TextIO

import click

from servery.batch.pipeline import ChunkScorer
from servery.errors import FULL, NoRoom, ServeryError
from servery.tables.databases.sqlite import SQLITE
from servery.tables.databases.storing import DatabaseSink, StoredTable
from servery.tables.files import appearing
from servery.tables.registry import format_of
from servery.tables.results import Sink
from servery.tables.writing import closed_or_dropped


@dataclass(frozen=True, slots=True)
class ResultFile:
    """The file of one result; None for standard output."""

    path: Path | None

    #: How results of other columns are kept apart.
    apart: ClassVar[str] = "score them into a folder: -o FOLDER/"

    @property
    def format(self) -> str | None:
        """The format that its name stands for."""
        return None if self.path is None else format_of(self.path.name)

    @contextlib.contextmanager
    def sink(self, work: ChunkScorer, table: str) -> Iterator[Sink]:
        """Open what writes the result of a table."""
        del table  # the only one of the file
        with opened_result(self.path) as file, work.sink(file) as sink:
            yield sink


@dataclass(frozen=True, slots=True)
class ResultTable:
    """A table of a database."""

    stored: StoredTable
    format: ClassVar[str] = SQLITE.name
    apart: ClassVar[str] = "score them into tables of their own"

    def __str__(self) -> str:
        """Return its name, without a password."""
        return str(self.stored)

    @contextlib.contextmanager
    def sink(self, work: ChunkScorer, table: str) -> Iterator[Sink]:
        """Open what writes the result of the first table."""
        del table  # all of them are in the same one
        header = work.returned.schema_of(work.schema).header
        with closed_or_dropped(DatabaseSink(self.stored, header)) as sink:
            yield sink


class Place(Protocol):
    """Where the results of several tables can go."""

    @property
    def apart(self) -> str:
        """How results of other columns are kept apart."""
        ...

    @property
    def format(self) -> str | None:
        """The format that its name stands for."""
        ...

    def sink(self, work: ChunkScorer, table: str) -> AbstractContextManager[Sink]:
        """Open what writes the result of a table."""
        ...


class JoinedResult:
    """One place for the results of several tables, which have the same columns."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._open = contextlib.ExitStack()
        self._first: ChunkScorer | None = None
        self._table = ""
        self._sink: Sink | None = None

    @property
    def format(self) -> str | None:
        """The format that its name stands for."""
        return self._place.format

    def __enter__(self) -> "JoinedResult":
        """Return the place, which is opened for the first table."""
        return self

    def __exit__(self, *error: Any) -> None:  # noqa: ANN401
        """Write the end; after an error, nothing is there."""
        self._open.__exit__(*error)

    @contextlib.contextmanager
    def sink(self, work: ChunkScorer, table: str) -> Iterator[Sink]:
        """Return what writes the result of a further table."""
        if self._first is None or self._sink is None:
            self._first, self._table = work, table
            self._sink = self._open.enter_context(self._place.sink(work, table))
        if not work.has_columns_of(self._first):
            raise click.UsageError(
                f"{table} differs in its columns or delimiter from {self._table}; "
                f"{self._place.apart}."
            )
        yield self._sink


@contextlib.contextmanager
def opened_result(target: Path | None) -> Iterator[IO[bytes]]:
    """Open a file that appears when it is whole, or standard output."""
    with _write_errors_explained(target):
        if target is None:
            output = standard_stream("output", sys.stdout)
            yield output
            output.flush()
            return
        with appearing(target) as file:
            yield file


@contextlib.contextmanager
def _write_errors_explained(target: Path | None) -> Iterator[None]:
    """Say in one sentence why a file cannot be written.

    Raises
    ------
    NoRoom
        Its disk is full.
    ServeryError
        It is something else.
    """
    try:
        yield
    except BrokenPipeError:  # who reads has had enough
        raise
    except OSError as error:
        if target is None:  # what it still holds is not tried again at the end
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        is_known = isinstance(error.filename, Path)
        what = error.filename if is_known else target or "standard output"
        if error.errno not in FULL:
            raise ServeryError(f"{what} cannot be written: {error.strerror}.") from error
        beside = "" if is_known or target is None else f" or for files in {gettempdir()}"
        left = "what came out is not whole" if target is None else "no half result is left behind"
        raise NoRoom(
            f"There is no room on the disk for {what}{beside}: {error.strerror}. Make some and "
            f"score again; {left}."
        ) from error


def standard_stream(name: str, stream: TextIO | None) -> BinaryIO:
    """Return the bytes of standard input or output, which a process may be started without."""
    if stream is None:
        raise ServeryError(f"Standard {name} is closed; name a file.")
    return stream.buffer

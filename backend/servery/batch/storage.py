"""Files and folders wherever they are kept, through fsspec."""

import contextlib
import glob
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

import fsspec

from servery.errors import ServeryError, TableUnreadable
from servery.tables.blocks import Table
from servery.tables.keyed import is_key
from servery.tables.opening import open_table
from servery.tables.parquet import ParquetTable
from servery.tables.reading import Reading
from servery.tables.registry import format_of

PARQUET = b"PAR1"


@contextlib.contextmanager
def of_storage() -> Iterator[None]:
    """Raise whatever a library of storage raises as what it is, an OSError."""
    try:
        yield
    except (OSError, ServeryError):
        raise
    except Exception as error:  # of a library that is not known here
        raise OSError(f"{type(error).__name__}: {error}") from error


def reached(url: str) -> tuple[Any, str]:
    """Return the file system that a path or an address is of, and the path in it.

    Raises
    ------
    ServeryError
        There is none, or its library is not installed.
    """
    try:
        files, path = fsspec.core.url_to_fs(url)
    except ImportError as error:
        raise ServeryError(
            f"{url.partition('://')[0]}:// needs a library that is not installed here: "
            "pip install 'servery[remote]'."
        ) from error
    except ValueError as error:
        raise ServeryError(f"{url} cannot be reached from here: {error}.") from error
    return files, path


@dataclass(frozen=True, slots=True)
class Source:
    """A file, wherever it is kept."""

    url: str

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.url.rsplit("/", 1)[-1]

    @contextlib.contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """Open it for reading anywhere in it."""
        files, path = reached(self.url)
        with of_storage():
            file = files.open(path, "rb")
        with file:
            yield file

    @contextlib.contextmanager
    def table(self, reading: Reading, known: Sequence[str] = ()) -> Iterator[Table]:
        """Open it as a table; see `open_table`."""
        with self.opened() as file:
            is_parquet = file.read(len(PARQUET)) == PARQUET
            file.seek(0)
            if is_parquet and reading.format in (None, "parquet"):
                table: Table = ParquetTable(self.name, file, reading.limits)
            else:
                table = open_table(file, reading, known, self.name)
            with contextlib.closing(table):
                yield table


def sources_of(tables: Sequence[str]) -> list[Source]:
    """Return the files that names, patterns and folders stand for, local or not.

    Raises
    ------
    TableUnreadable
        Nothing is there, or nobody here can see it.
    """
    return [source for table in tables for source in _sources_of(table)]


def _sources_of(table: str) -> list[Source]:
    files, path = reached(table)
    paths = [path]
    try:
        with of_storage():
            if files.isdir(path):
                paths = sorted(_tables_in(files, path))
            elif glob.has_magic(path) and not files.exists(path):
                paths = sorted(files.glob(path))
            elif not files.exists(path):
                paths = []
    except OSError as error:
        raise TableUnreadable(f"{table} cannot be reached from here: {error}.") from error
    if not paths:
        raise TableUnreadable(f"There is no table at {table}.")
    return [Source(files.unstrip_protocol(each)) for each in paths]


def _tables_in(files: Any, folder: str) -> Iterator[str]:  # noqa: ANN401 - a file system
    """Go through the tables in a folder, and in folders of it that are called by a value."""
    for each in files.ls(folder, detail=True):
        path = each["name"].rstrip("/")
        if each["type"] != "directory":
            if _is_table(path):
                yield path
        elif is_key(path.rsplit("/", 1)[-1]):
            yield from _tables_in(files, path)


def size_of(sources: Sequence[Source]) -> int:
    """Return how many bytes files have."""
    places = [reached(source.url) for source in sources]
    with of_storage():
        return sum(int(files.size(path)) for files, path in places)


def modified_at(source: Source) -> datetime:
    """Return when a file was written."""
    files, path = reached(source.url)
    modified: datetime = files.modified(path)
    return modified


def _is_table(path: str) -> bool:
    name = path.rsplit("/", 1)[-1]
    return name[:1] not in (".", "_") and format_of(name) is not None

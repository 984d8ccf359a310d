"""Where tables come from and where results go, by the names that were given on the command line."""

import glob
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypeAlias
from urllib.parse import unquote, urlsplit, urlunsplit

import click

from servery.errors import ServeryError, TableUnreadable
from servery.tables.databases.addresses import DRIVERS, SCHEME
from servery.tables.databases.queries import Query, query_of
from servery.tables.keyed import is_key
from servery.tables.libraries import require_library
from servery.tables.opening import PLAIN
from servery.tables.packing import ARCHIVE, bare_name
from servery.tables.registry import FORMATS, format_of

#: Where a table comes from: a file, a query, a file elsewhere, or standard input.
Source: TypeAlias = "Path | Query | Address | None"
#: A file that Windows keeps in folders with pictures; it is not an SQLite database.
THUMBNAILS = "thumbs.db"
#: Standard input or standard output, by its usual name.
PIPE = "-"


@dataclass(frozen=True, slots=True)
class Address:
    """A file that is not on this machine, such as ``s3://bucket/people.csv``."""

    url: str

    def __str__(self) -> str:
        """Return it for display, without a password and without the signature of a signed URL."""
        parts = urlsplit(self.url)
        return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.path.name

    @property
    def path(self) -> PurePosixPath:
        """Its path, as its storage writes it."""
        return PurePosixPath(unquote(urlsplit(self.url).path) if self.is_web else self.url)

    @property
    def is_web(self) -> bool:
        """Whether it is on the web, where nothing can be listed or written."""
        return self.url.startswith(("http://", "https://"))


def address_of(name: str) -> Address | None:
    """Return the address in a name; None if it names a local file or a query.

    Raises
    ------
    click.UsageError
        It is the address of a database, without a query.
    TableUnreadable
        The library that opens addresses is not installed.
    """
    if SCHEME not in name or query_of(name) is not None:
        return None
    if name.partition(SCHEME)[0].partition("+")[0] in DRIVERS:
        raise click.UsageError("A database needs a query: ADDRESS::SELECT ….")
    address = Address(name)
    require_library("fsspec", "remote", str(address))
    return address


def sources_of(tables: tuple[str, ...]) -> Iterator[Source]:
    """Return the files that names, patterns and folders stand for; None for standard input."""
    for table in tables:
        path = Path(table)
        query = query_of(table)
        address = address_of(table)
        if query is not None:
            yield query
        elif address is not None:
            from servery.batch.command.remote import addresses_of  # which needs a library

            yield from addresses_of(address)
        elif table == PIPE:
            yield None
        elif path.is_dir():
            files = sorted(_tables_in(path))
            if not files:
                raise TableUnreadable(f"The folder {table} holds no table.")
            yield from files
        elif _is_pattern(table):
            fitting = map(Path, glob.glob(table, recursive=True))  # noqa: PTH207 - any root
            files = sorted(path for path in fitting if not path.is_dir())
            if not files:
                raise TableUnreadable(f"No file fits the pattern {table}.")
            yield from files
        else:
            yield path


def _tables_in(folder: Path) -> Iterator[Path]:
    """Return the tables of a folder, and of its subfolders such as ``year=2024``."""
    for path in folder.iterdir():
        if path.is_dir() and is_key(path.name):
            yield from _tables_in(path)
        elif _is_table(path):
            yield path


def _is_pattern(table: str) -> bool:
    return glob.has_magic(table) and not Path(table).exists()


def _is_table(path: Path) -> bool:
    is_hidden = path.name[0] in ".~" or path.name.lower() == THUMBNAILS
    return path.is_file() and not is_hidden and format_of(path.name) is not None


def targets_of(
    name: str, kind: str | None, tables: tuple[str, ...], sources: list[Source]
) -> list[Path | None]:
    """Return where each result goes, which may be the same file; None for standard output.

    Parameters
    ----------
    name
        Of a file or a folder, or `PIPE`.
    kind
        The format of the results; None to derive it from names.
    tables
        The names that the sources were found by.

    Raises
    ------
    click.UsageError
        A result cannot go there, or would take the place of something.
    """
    if name == PIPE:
        if len(sources) > 1:
            raise click.UsageError("Several tables need a folder for their results: -o FOLDER.")
        return [None]
    output = Path(name)
    is_folder = _is_folder(output, name, tables, sources)
    if not is_folder:
        _refuse_ending(output, kind)
        targets: list[Path | None] = [output] * len(sources)
    elif output.exists() and not output.is_dir():
        raise click.UsageError(f"Several tables need a folder for their results; {output} is none.")
    else:
        names = [_renamed(source, kind) for source in sources]
        if len(set(names)) < len(names):  # parts of one name in several folders
            names = [
                str(folder / name) for folder, name in zip(_folders(sources), names, strict=True)
            ]
        targets = [output / name for name in names]
    _refuse_collisions(sources, targets, is_folder=is_folder)
    if is_folder:
        try:
            for folder in {output, *(target.parent for target in targets if target)}:
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ServeryError(f"{output} cannot be made: {error.strerror}.") from error
    return targets


def _is_folder(output: Path, name: str, tables: tuple[str, ...], sources: Sequence[Source]) -> bool:
    if output.is_dir() or name.endswith("/"):
        return True
    if len(sources) > 1:
        return format_of(name) is None
    # One table that was not named by itself: the next time there may be several.
    return format_of(name) is None and any(
        Path(table).is_dir() or _is_pattern(table) for table in tables
    )


def _folders(sources: Sequence[Source]) -> list[Path]:
    """Return the folder of each table, below the one that all are in."""
    parents = [
        source.resolve().parent if isinstance(source, Path) else Path() for source in sources
    ]
    common = os.path.commonpath([parent for parent in parents if parent.is_absolute()])
    return [parent.relative_to(common) if parent.is_absolute() else parent for parent in parents]


def _refuse_collisions(
    sources: Sequence[Source], targets: Sequence[Path | None], *, is_folder: bool
) -> None:
    """Refuse a result in the place of a table, and two of one name."""
    for source in sources:
        if any(_is_same(source, target) for target in targets):
            raise click.UsageError(f"The result would take the place of {source}.")
    twice = [target for target in targets if targets.count(target) > 1]
    if twice and is_folder:
        raise click.UsageError(
            f"Two results would be called {twice[0]}; score their tables one after the other."
        )


def _is_same(one: Source, other: Source) -> bool:
    """Return whether two names are of one regular file, that is there or would be."""
    if not (isinstance(one, Path) and isinstance(other, Path)):
        return False
    if one.exists() and other.exists():
        return one.is_file() and one.samefile(other)
    return one.resolve() == other.resolve()


def _refuse_ending(output: Path, kind: str | None) -> None:
    """Refuse a name that promises another kind of file than would be written."""
    bare = bare_name(output.name.lower())
    endings = [ending for each in FORMATS.values() for ending in each.endings]
    is_unknown = Path(bare).suffix and not bare.endswith(tuple(endings))
    if kind is None and (is_unknown or output.name.lower().endswith(ARCHIVE)):
        *first, last = (each.endings[0] for each in FORMATS.values())
        raise click.UsageError(
            f"Unknown format: {output.name}. Use a name that ends in {', '.join(first)} or {last}, "
            "or --to with one of them."
        )


def refuse_errors(errors: Source, sources: list[Source], targets: list[Path | None]) -> None:
    """Refuse a file for the rows that do not fit where it is another file as well, or no CSV."""
    if errors is None:
        return
    if str(errors) == PIPE:
        raise click.UsageError("Rows that do not fit need a file of their own: --errors FILE.")
    if any(_is_same(path, errors) for path in (*sources, *targets)):
        raise click.UsageError(f"The rows that do not fit would take the place of {errors}.")
    if format_of(errors.name) not in (None, "csv", "tsv"):
        raise click.UsageError(f"Rows that do not fit are written as CSV or TSV, not as {errors}.")


def _renamed(source: Source, kind: str | None) -> str:
    if isinstance(source, Address):
        source = Path(source.name)
    if not isinstance(source, Path):
        return f"scored{FORMATS[kind or PLAIN].endings[0]}"
    bare = Path(bare_name(source.name))
    read = format_of(bare.name)
    if kind is None and read and bare.suffix.lower() in FORMATS[read].read_endings:
        kind = read
    if kind is None and source.name.lower().endswith(ARCHIVE):
        return bare.name if read else f"{bare.name}{FORMATS[PLAIN].endings[0]}"
    if kind is None:
        return source.name
    return f"{bare.stem if read else bare.name}{FORMATS[kind].endings[0]}"

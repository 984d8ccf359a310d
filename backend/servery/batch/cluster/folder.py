"""The folder that a cluster writes a result to: parts of it, each whole or not there."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO
from uuid import uuid4

import msgspec

from servery.batch.storage import Source, modified_at, of_storage, reached
from servery.batch.summary import Summary, as_json
from servery.errors import ServeryError, TableEmpty
from servery.tables.blocks import ColumnBlock
from servery.tables.parquet import ParquetTable
from servery.tables.reading import Limits

#: Readers of a folder of Parquet files pass over what begins so.
TEMPORARY, ERRORS, SUMMARY = "_temporary", "_errors", "_summary.json"


def part_name(number: int) -> str:
    """Return what a part is called; the order of names is that of the rows."""
    return f"part-{number:05}.parquet"


def records_name(number: int) -> str:
    """Return the file name of the records of a part, which the evaluation reads."""
    return f"{TEMPORARY}/records-{number:05}"


@dataclass(frozen=True, slots=True)
class Folder:
    """Where the parts of a result go."""

    url: str

    def finish(self, parts: int, summary: Summary) -> None:
        """Write the summary, which says that the result is whole.

        Raises
        ------
        ServeryError
            A part is not there.
        """
        files, path = reached(self.url)
        there = {each.rsplit("/", 1)[-1] for each in files.ls(path, detail=False, refresh=True)}
        lacking = [name for name in map(part_name, range(parts)) if name not in there]
        if lacking:
            raise ServeryError(
                f"{lacking[0]} was written by a worker and is not in {self.url}; all workers have "
                "to see the same folder."
            )
        with contextlib.suppress(FileNotFoundError):
            files.rm(f"{path}/{TEMPORARY}", recursive=True)
        with files.open(f"{path}/{SUMMARY}", "wb") as file:
            facts = {"parts": parts, **as_json(summary)}
            file.write(msgspec.json.format(msgspec.json.encode(facts), indent=2) + b"\n")

    def records(self, parts: int) -> Iterator[bytes]:
        """Read the records of all parts, in order."""
        files, path = reached(self.url)
        for number in range(parts):
            with of_storage():
                yield files.cat_file(f"{path}/{records_name(number)}")

    def blocks(self, parts: int) -> Iterator[ColumnBlock]:
        """Read the rows of all parts, in order."""
        files, path = reached(self.url)
        for number in range(parts):
            with of_storage():
                file = files.open(f"{path}/{part_name(number)}", "rb")
            with file, contextlib.suppress(TableEmpty):  # of a part: the others have rows
                table = ParquetTable(part_name(number), file, Limits())
                yield from map(table.layout.block, table.chunks())

    def is_newer(self, sources: Sequence[Source]) -> bool:
        """Return whether it holds a complete result that is newer than the given files."""
        files, path = reached(self.url)
        with of_storage():
            if not files.exists(f"{path}/{SUMMARY}"):
                return False
            written = files.modified(f"{path}/{SUMMARY}")
            return all(modified_at(source) <= written for source in sources)

    def empty(self) -> None:
        """Remove all that was written.

        What is not whole goes first: from a worker that nobody can reach, nothing takes its name
        any more after that.
        """
        files, path = reached(self.url)
        with contextlib.suppress(OSError), of_storage():
            files.rm(f"{path}/{TEMPORARY}", recursive=True)
        with contextlib.suppress(OSError), of_storage():  # there are no empty ones where none is
            for each in files.ls(path, detail=False, refresh=True):
                with contextlib.suppress(OSError):
                    files.rm(each, recursive=True)


@contextlib.contextmanager
def claimed(output: str) -> Iterator[Folder]:
    """Claim a folder that holds nothing; after an error it holds nothing again."""
    files, path = reached(output)
    try:
        with of_storage():
            if files.exists(path) and (not files.isdir(path) or files.ls(path, detail=False)):
                raise ServeryError(f"{output} exists already. Use a new or an empty folder.")
            bucket, _, _ = path.partition("/")
            if bucket and not files.exists(bucket):  # a wrong name would make a new one
                raise ServeryError(f"There is no {bucket} to write {output} to.")
            files.makedirs(f"{path}/{TEMPORARY}", exist_ok=True)
            files.makedirs(f"{path}/{ERRORS}", exist_ok=True)
    except OSError as error:
        raise ServeryError(f"{output} cannot be written: {error}.") from error
    folder = Folder(files.unstrip_protocol(path))
    try:
        yield folder
    except BaseException:
        folder.empty()
        raise


@dataclass
class Written:
    """A file under a name for the time being."""

    file: IO[bytes]
    is_kept: bool = True


@contextlib.contextmanager
def taking_place(folder: str, name: str) -> Iterator[Written]:
    """Write a file that takes its name when it is whole, in place of one that is the same."""
    files, path = reached(folder)
    temporary = f"{path}/{TEMPORARY}/{uuid4().hex}"
    try:
        with of_storage():
            file = files.open(temporary, "wb")
        with file:
            written = Written(file)
            yield written
        if written.is_kept:
            with of_storage():
                files.mv(temporary, f"{path}/{name}")
    finally:
        with contextlib.suppress(OSError):
            if files.exists(temporary):
                files.rm(temporary)

"""Tables and results that are not on this machine: in object storage, or on the web.

Only what is named on the command line is accessed, with the rights of the user who runs it.
"""

import contextlib
import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, ClassVar, cast

from servery.batch.command.naming import Address
from servery.batch.command.result_files import ResultFile
from servery.batch.pipeline import ChunkScorer
from servery.batch.storage import Source, of_storage, reached, sources_of
from servery.errors import ServeryError, TableUnreadable
from servery.tables.registry import format_of
from servery.tables.results import Sink


def addresses_of(address: Address) -> list[Address]:
    """Return the files that the address of a file, a pattern or a folder stands for.

    Raises
    ------
    ServeryError
        Nothing is there, or a library is not installed.
    """
    if address.is_web:  # there, a question mark begins a query, and files cannot be listed
        return [address]
    return [Address(source.url) for source in sources_of([address.url])]


@contextlib.contextmanager
def opened(address: Address) -> Iterator[BinaryIO]:
    """Open a file for reading from its start to its end.

    Raises
    ------
    TableUnreadable
        It cannot be reached.
    """
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(Source(address.url).opened())
        except OSError as error:
            raise _unreadable(address, error) from error
        yield cast("BinaryIO", _Reached(file, address))


def _unreadable(address: Address, error: OSError) -> TableUnreadable:
    # A host that does not answer is also "not found", with another error as the cause.
    cause = error.__cause__ if isinstance(error.__cause__, OSError) else error
    if isinstance(cause, FileNotFoundError):
        return TableUnreadable(f"There is no table at {address}.")
    return TableUnreadable(f"{address} cannot be read: {cause}. Check the address.")


class _Reached(io.RawIOBase):
    """A remote file; its errors are reported as those of the connection, not of the table."""

    def __init__(self, file: BinaryIO, address: Address) -> None:
        self._file, self._address = file, address

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        try:
            with of_storage():
                data = self._file.read(len(buffer))
        except OSError as error:
            raise TableUnreadable(
                f"{self._address} could not be read to the end: {error}. Score it again."
            ) from error
        buffer[: len(data)] = data
        return len(data)


@dataclass(frozen=True, slots=True)
class ResultAddress:
    """A result that is uploaded when it is complete."""

    address: Address
    apart: ClassVar[str] = "score them one after the other"

    def __str__(self) -> str:
        """Return the address for display, without secrets."""
        return str(self.address)

    @property
    def format(self) -> str | None:
        """The format that its name stands for."""
        return format_of(self.address.name)

    @contextlib.contextmanager
    def sink(self, work: ChunkScorer, table: str) -> Iterator[Sink]:
        """Open what writes the result."""
        files, path = reached(self.address.url)
        with tempfile.TemporaryDirectory(prefix="servery-") as folder:
            local = Path(folder) / self.address.name
            with ResultFile(local).sink(work, table) as sink:
                yield sink
            try:
                with of_storage():
                    files.put_file(str(local), path)
            except OSError as error:
                raise ServeryError(f"{self.address} cannot be written: {error}.") from error

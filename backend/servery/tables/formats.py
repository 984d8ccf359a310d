"""What there is to know of a table format: a record that the module of each format makes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Literal

from servery.tables.blocks import Table
from servery.tables.libraries import is_installed, require_library
from servery.tables.reading import Reading
from servery.tables.results import Renderer, ResultSchema, Sink

if TYPE_CHECKING:
    from servery.tables.streams import Stream


@dataclass(frozen=True, slots=True)
class TableFormat:
    """Everything that is specific to one format.

    Attributes
    ----------
    name
        In options, in the API, and in names of files that are made.
    title, noun
        What people call it, alone and in a sentence: "Excel", "an Excel workbook".
    endings
        Of the files that are written and read; a new file gets the first one.
    read_endings
        Of files that are only read.
    media_types
        Of uploads; a download has the first one.
    open
        Opens a stream as a table. The names are those that its header may have.
    renderer
        Returns what turns the rows of a result into what the sink takes; the text is the decimal
        mark.
    sink
        Returns what writes to a file what the renderer makes.
    options
        Names of those `READING_OPTIONS` that mean something for it.
    magic
        What each file begins with, or one of several; a file that does is of this format, whatever
        its name.
    members
        If its files are archives: the beginnings of member names, one of which each file has.
    streams
        If its files are compound files of Microsoft: names of streams, one of which each file has.
    library, extra
        The library that it needs, and the extra of the package that brings it.
    kept_rows
        Returns rows, as they are written, with the columns of these names alone. Without it, the
        cells of kept columns are written again.
    extended_rows
        Returns rows, as they are written, with further cells at their end: by the names of their
        columns, and divided by the delimiter. Without it, all cells are written again.
    is_text
        Whether a file is text, which is whole after each row: a result grows in place.
    unit
        What `Table.total` counts.
    broken
        What is said of a table of which most rows cannot be read: how they differ, and what to do.
    """

    name: str
    title: str
    noun: str
    endings: tuple[str, ...]
    media_types: tuple[str, ...]
    open: "Callable[[Stream, Reading, Sequence[str]], Table]"
    renderer: Callable[[ResultSchema, str], Renderer]
    sink: Callable[[IO[bytes], Any], Sink]
    options: frozenset[str]
    read_endings: tuple[str, ...] = ()
    magic: bytes | tuple[bytes, ...] = b""
    members: tuple[str, ...] = ()
    streams: tuple[str, ...] = ()
    library: str | None = None
    extra: str | None = None
    kept_rows: Callable[[Sequence[str], Sequence[str]], list[str]] | None = None
    extended_rows: Callable[[Any, Mapping[str, Any], str | None], Any] | None = None
    is_text: bool = False
    unit: Literal["bytes", "rows"] = "bytes"
    broken: tuple[str, str] = (
        "do not fit its header",
        "Check that it is the right file, and how it is read: the delimiter, the quotation marks, "
        "the header.",
    )

    @property
    def media_type(self) -> str:
        """Return the media type of a download."""
        return self.media_types[0]

    @property
    def is_installed(self) -> bool:
        """Return whether the library that it needs is there."""
        return self.library is None or is_installed(self.library)

    def require(self, what: str) -> None:
        """Refuse it if its library is not installed.

        Raises
        ------
        TableUnreadable
            Says of ``what``, the subject of a sentence, which extra to install.
        """
        if self.library is not None:
            require_library(self.library, self.extra, what)

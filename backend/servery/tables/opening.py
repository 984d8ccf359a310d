"""Detects the format of a file, and opens it."""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from servery.errors import TableUnreadable, quoted
from servery.tables.blocks import Table
from servery.tables.formats import TableFormat
from servery.tables.reading import Reading
from servery.tables.registry import FORMATS, format_of
from servery.tables.streams import Stream

#: The format of a text if its name and first letter suggest no other.
PLAIN = "csv"
ARCHIVE = "unpack it and take the table that is in it"
NO_TABLE = "take the file that the table in it was made from"
#: First bytes of files that are not tables; what each is, and what to do.
BINARY: dict[bytes, tuple[str, str]] = {
    b"%PDF-": ("a PDF document", NO_TABLE),
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": (
        "a file of an Office before 2007 (.xls, .doc), or a workbook with a password",
        "save it as .xlsx, without a password",
    ),
    b"7z\xbc\xaf\x27\x1c": ("a 7z archive", ARCHIVE),
    b"Rar!\x1a\x07": ("a RAR archive", ARCHIVE),
    b"\xfd7zXZ\x00": ("packed by xz", "unpack it, or pack it by gzip"),
    b"\x28\xb5\x2f\xfd": ("packed by Zstandard", "unpack it, or pack it by gzip"),
    b"SQLite format 3\x00": ("an SQLite database", "export its table as CSV"),
    b"\x89HDF\r\n\x1a\n": ("an HDF5 file", "export its table as CSV or Parquet"),
    b"ARROW1\x00\x00": ("an Arrow (Feather) file", "save it as Parquet"),
    b"\x89PNG\r\n\x1a\n": ("a PNG picture", NO_TABLE),
    b"\xff\xd8\xff": ("a JPEG picture", NO_TABLE),
    b"GIF87a": ("a GIF picture", NO_TABLE),
    b"GIF89a": ("a GIF picture", NO_TABLE),
}


def open_table(
    source: Path | BinaryIO,
    reading: Reading | None = None,
    known: Sequence[str] = (),
    name: str | None = None,
) -> Table:
    """Open a file, or a stream that cannot be rewound.

    Parameters
    ----------
    known
        Names that the header may have; they help to detect the delimiter.
    name
        The name of the table in messages; its extension helps to detect the format.

    Raises
    ------
    TableUnreadable
        Or a child of it: the file is not a table that can be read, or more has to be said.
    """
    reading = reading or Reading()
    stream = Stream(source, reading.limits, name)
    try:
        _refuse_unreadable(stream.name, reading)
        format_ = FORMATS[_format(stream, reading)]
        format_.require(f"{stream.name} is {format_.noun}, which")
        return format_.open(stream, reading, known)
    except BaseException:
        stream.close()
        raise


def detect_format(source: Path, reading: Reading, name: str) -> str:
    """Return the format of a file, as `open_table` takes it.

    Raises
    ------
    TableUnreadable
        It has none of them.
    """
    stream = Stream(source, reading.limits, name)
    try:
        return _format(stream, reading)
    finally:
        stream.close()


def _refuse_unreadable(name: str, reading: Reading) -> None:
    """Refuse an encoding that there is not, and a delimiter that can divide nothing."""
    try:
        is_text = not reading.encoding or isinstance("".encode(reading.encoding), bytes)
    except (LookupError, UnicodeError, ValueError):
        is_text = False
    if not is_text:
        raise TableUnreadable(
            f"There is no encoding {quoted(reading.encoding or '')} for {name}; expected one such "
            "as utf-8, utf-16-le, cp1252 or latin-1."
        )
    mark = reading.delimiter
    if mark and (len(mark) > 1 or not mark.isascii() or mark.isalnum() or mark in '"\r\n\0'):
        raise TableUnreadable(
            f"{quoted(mark)} cannot divide the cells of {name}; expected one character such as a "
            "comma, a semicolon, a tab or a bar."
        )


def _format(stream: Stream, reading: Reading) -> str:
    """Return the format of a stream: the given one, or by its first bytes, or by its name.

    What is known not to be a table is refused, whatever it is called.
    """
    marked = _marked(stream.sample)
    if marked is None:
        _refuse_binary(stream)
    return reading.format or (marked.name if marked else _named(stream))


def _marked(sample: bytes) -> TableFormat | None:
    """Return the format whose files begin as this one does."""
    return next(
        (each for each in FORMATS.values() if each.magic and sample.startswith(each.magic)), None
    )


def _refuse_binary(stream: Stream) -> None:
    for start, (what, remedy) in BINARY.items():
        if stream.sample.startswith(start):
            raise TableUnreadable(f"{stream.name} is {what}, not a table; {remedy}.")


def _named(stream: Stream) -> str:
    """Return the format of a text, by its name or else by its first letter."""
    named = format_of(stream.name)
    if named and FORMATS[named].magic:
        raise TableUnreadable(
            f"{stream.name} is named like {FORMATS[named].noun} but is not one. It may be damaged, "
            "or have the wrong extension. Save it again, or rename it, for example to .csv."
        )
    start = stream.sample.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"[" and named != PLAIN:
        raise TableUnreadable(
            f"{stream.name} is one JSON value; expected one JSON object on each line (JSON lines)."
        )
    if named is None:
        return "jsonl" if start == b"{" else PLAIN
    return named

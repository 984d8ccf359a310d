"""Telling what kind of table a file is, and opening it."""

import contextlib
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from servery.batch.reading import Format, Reading
from servery.batch.reading.delimited import DelimitedTable
from servery.batch.reading.excel import ExcelTable
from servery.batch.reading.jsonlines import JsonLinesTable
from servery.batch.reading.parquet import ParquetTable
from servery.batch.reading.streams import Stream, encoding_of
from servery.batch.reading.tables import Table
from servery.errors import TableUnreadable, quoted, room_for

ENDINGS: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".txt": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
}
#: Formats that are known by what a file begins with, in words.
NAMES: dict[Format | None, str] = {"parquet": "a Parquet file", "xlsx": "an Excel workbook"}
ARCHIVE = "unpack it and take the table that is in it"
NO_TABLE = "take the file that the table in it was made from"
#: What files begin with that are no tables; what each is, and what can be done.
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
    source: Path | BinaryIO, reading: Reading, known: Sequence[str] = (), name: str | None = None
) -> Table:
    """Open a file, or a stream that cannot be rewound.

    Parameters
    ----------
    known
        Names that the header may have; they help to tell the delimiter.
    name
        What messages call the table; a name that ends as a file's helps to tell its kind.

    Raises
    ------
    TableUnreadable
        Or a child of it: the file is no table that can be read, or only if more is told.
    """
    stream = Stream(source, reading.limits, name)
    try:
        return _opened(source, stream, reading, known)
    except BaseException:
        stream.close()
        raise


def kind_of(source: Path, reading: Reading, name: str) -> Format:
    """Return what kind of table a file is, as `open_table` takes it.

    Raises
    ------
    TableUnreadable
        It is of none.
    """
    stream = Stream(source, reading.limits, name)
    try:
        _refuse_binary(stream)
        return reading.format or _kind(stream)
    finally:
        stream.close()


def _opened(
    source: Path | BinaryIO, stream: Stream, reading: Reading, known: Sequence[str]
) -> Table:
    _refuse_unreadable(stream.name, reading)
    _refuse_binary(stream)
    kind = reading.format or _kind(stream)
    if kind == "parquet" or kind == "xlsx":
        rewindable = source if isinstance(source, Path) and not stream.is_packed else None
        file = rewindable or _spooled(stream)
        stream.close()
        try:
            if kind == "parquet":
                return ParquetTable(stream.name, file, reading.limits)
            return ExcelTable(stream.name, file, reading)
        except BaseException:
            if not isinstance(file, Path):
                file.close()
            raise
    stream.decode(reading.encoding or encoding_of(stream))
    if kind == "jsonl":
        return JsonLinesTable(stream, reading)
    return DelimitedTable(stream, reading, kind, known)


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


def _refuse_binary(stream: Stream) -> None:
    """Refuse what is no table whatever it is called, by what it begins with."""
    for start, (what, remedy) in BINARY.items():
        if stream.sample.startswith(start):
            raise TableUnreadable(f"{stream.name} is {what} and no table; {remedy}.")


def format_of(path: str) -> Format | None:
    """Return the format that the end of a name stands for."""
    bare = path.lower().removesuffix(".gz")
    return next((kind for ending, kind in ENDINGS.items() if bare.endswith(ending)), None)


def _kind(stream: Stream) -> Format:
    """Return the kind of a file, by what it begins with before what it is called."""
    sample = stream.sample
    if sample.startswith(b"PAR1"):
        return "parquet"
    if sample.startswith(b"PK\x03\x04"):
        return "xlsx"
    named = format_of(stream.name)
    if named in NAMES:
        raise TableUnreadable(
            f"{stream.name} has the name of {NAMES[named]} and is none. It may be damaged, or only "
            "its name is wrong: save it again, or give it the ending of what it is, such as .csv."
        )
    start = sample.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"[" and named != "csv":
        raise TableUnreadable(
            f"{stream.name} is one JSON value; expected one JSON object on each line (JSON lines)."
        )
    if named is None:
        return "jsonl" if start == b"{" else "csv"
    return named


def _spooled(stream: Stream) -> BinaryIO:
    """Keep a stream in a file that can be rewound; it goes when it is closed."""
    file = tempfile.TemporaryFile(prefix="servery-")  # noqa: SIM115 - who reads it keeps it
    try:
        with room_for(
            f"There is no room in {tempfile.gettempdir()} to unpack {stream.name}. Make some, have "
            "TMPDIR name another folder, or name the unpacked file."
        ):
            while data := stream.read(1 << 20):
                file.write(data)
            file.seek(0)
    except BaseException:
        with contextlib.suppress(OSError):
            file.close()
        raise
    return file

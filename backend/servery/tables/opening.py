"""Detects the format of a file, and opens it."""

import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from servery.errors import TableUnreadable, quoted
from servery.tables.blocks import Table
from servery.tables.foreign import (
    COMPOUND,
    OTHER_COMPOUND,
    described,
    described_archive,
    described_compound,
    has_stream,
)
from servery.tables.formats import TableFormat
from servery.tables.packing import bare_name
from servery.tables.reading import Reading
from servery.tables.registry import FORMATS, format_of
from servery.tables.streams import Stream

#: The format of a text if its name and first letter suggest no other.
PLAIN = "csv"
#: An ending that programs give to tables of any kind, since a spreadsheet program opens them.
LOOSE_ENDING = ".xls"
#: How no header begins: an object with a name, or a list of objects.
JSON = re.compile(rb'(?:\[\s*)?\{\s*"')
#: What an archive of files begins with, and members of it that are not tables.
ZIP = b"PK\x03\x04"
UNSEEN = ("__MACOSX/", ".")


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
        stream = _unpacked(stream, reading)
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
        stream = _unpacked(stream, reading)
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
    marked = _marked(stream)
    if marked is None:
        _refuse_foreign(stream)
    return reading.format or (marked.name if marked else _named(stream))


def _marked(stream: Stream) -> TableFormat | None:
    """Return the format whose files begin as this one does, and hold what it holds."""
    if stream.sample.startswith(COMPOUND):
        return _compound(stream.compound_directory())
    found = [
        each for each in FORMATS.values() if each.magic and stream.sample.startswith(each.magic)
    ]
    if not any(each.members for each in found):
        return next(iter(found), None)
    members = stream.members()
    if described_archive(members) is not None:
        return None
    for each in found:
        if not members or any(member.startswith(each.members or "") for member in members):
            return each  # where there are none, it is damaged
    return None


def _compound(directory: bytes) -> TableFormat | None:
    """Return the format of a compound file of Microsoft."""
    if described_compound(directory) is not None:
        return None
    found = (
        each
        for each in FORMATS.values()
        if any(has_stream(directory, name) for name in each.streams)
    )
    return next(found, None)


def _refuse_foreign(stream: Stream) -> None:
    """Refuse what is known to be no table, whatever it is called."""
    if stream.sample.startswith(ZIP):
        found = described_archive(stream.members())
    elif stream.sample.startswith(COMPOUND):
        found = described_compound(stream.compound_directory()) or OTHER_COMPOUND
    else:
        found = described(stream.sample)
    if found is not None:
        what, remedy = found
        raise TableUnreadable(f"{stream.name} is {what}, which is not read here; {remedy}.")


def _unpacked(stream: Stream, reading: Reading) -> Stream:
    """Return the only table of an archive, where it is one of files; anything else as it is."""
    if not stream.sample.startswith(ZIP) or _marked(stream) is not None:
        return stream
    _refuse_foreign(stream)
    tables = [
        each
        for each in stream.members()
        if not each.startswith(UNSEEN) and not PurePosixPath(each).name.startswith(UNSEEN)
    ]
    if len(tables) != 1:
        raise TableUnreadable(
            f"{stream.name} is an archive of {len(tables):,} files; expected one table. Unpack it, "
            "and name the tables or their folder."
        )
    return stream.member(tables[0], reading.limits)


def _named(stream: Stream) -> str:
    """Return the format of a text, by its name or else by its first letter."""
    named = format_of(stream.name)
    if bare_name(stream.name.lower()).endswith(LOOSE_ENDING):
        named = None
    if named and FORMATS[named].magic:
        raise TableUnreadable(
            f"{stream.name} is named like {FORMATS[named].noun} but is not one. It may be damaged, "
            "or have the wrong extension. Save it again, or rename it, for example to .csv."
        )
    start = stream.sample.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")  # in any Unicode
    if named is None:
        return "jsonl" if start[:1] in (b"{", b"[") else PLAIN
    return "jsonl" if JSON.match(start.translate(None, b"\0")) else named

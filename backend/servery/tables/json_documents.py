"""One JSON document with the rows of a table, as lines: an array, or what the API takes."""

import codecs
import io
import json
import re
from collections.abc import Sequence

import msgspec

from servery.errors import TableTooLarge, TableUnreadable
from servery.tables.reading import Limits
from servery.tables.streams import Stream

#: How a document begins that is not a file of lines; blanks and line ends may be anywhere.
ARRAY = re.compile(rb"\s*\[")
INSTANCES = re.compile(rb'\s*\{\s*"instances"\s*:\s*\[')
BLANKS = b" \t\r\n"
#: A document is held whole.
MOST_BYTES = 256 * 1024**2


class _Request(msgspec.Struct, forbid_unknown_fields=True):
    """The body of a request for predictions of many instances."""

    instances: list[msgspec.Raw]


def as_lines(stream: Stream, limits: Limits) -> Stream:
    """Return a stream of one row on each line, where the file is one document; else as it is.

    Raises
    ------
    TableTooLarge, TableUnreadable
        The document is too large, or is not JSON.
    """
    start = _start(stream)
    kind: type[list[msgspec.Raw] | _Request]
    if ARRAY.match(start):
        kind = list[msgspec.Raw]
    elif INSTANCES.match(start):
        kind = _Request
    else:
        return stream
    if _is_of_lines(start):
        return stream
    whole = _whole(stream)
    try:
        found = msgspec.json.decode(whole, type=kind)
    except (msgspec.DecodeError, RecursionError) as error:
        rows = _rows_with_constants(whole)
        if rows is None:
            raise TableUnreadable(f"{stream.name} is not JSON: {error}.") from error
    else:
        rows = list(map(bytes, found.instances if isinstance(found, _Request) else found))
        if isinstance(found, _Request) and not _is_all(rows, whole):
            raise TableUnreadable(
                f"{stream.name} has 'instances' twice. Put all rows in one array."
            )
    # In JSON, a line end is never a part of a text.
    lines = b"".join(b" ".join(row.splitlines()) + b"\n" for row in rows)
    stream.close()
    return Stream(io.BytesIO(lines), limits, stream.name)


def _start(stream: Stream) -> bytes:
    """Return the first characters of a file as UTF-8, without its byte-order mark."""
    decoder = codecs.getincrementaldecoder(stream.encoding)("ignore")
    return decoder.decode(stream.sample).removeprefix("\ufeff").encode(errors="replace")


def _is_of_lines(start: bytes) -> bool:
    """Return whether the first line is JSON by itself, and others follow."""
    first, _, rest = start.strip(BLANKS).partition(b"\n")
    if not rest:
        return False
    try:
        msgspec.json.decode(first)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def _is_all(rows: Sequence[bytes], whole: bytes) -> bool:
    """Return whether a request has nothing but these rows: of a name given twice, one is lost."""
    begin = INSTANCES.match(whole)
    at = begin.end() if begin else 0
    for row in rows:
        start = whole.find(row, at)
        if start < 0 or whole[at:start].strip(BLANKS + b","):
            return False
        at = start + len(row)
    return whole[at:].translate(None, BLANKS) == b"]}"


def _rows_with_constants(whole: bytes) -> list[bytes] | None:
    """Return the rows of a document that has NaN, as Python writes it; None if more is wrong.

    Each row that has one is a fault of its own.
    """
    is_request = INSTANCES.match(whole)
    begin = is_request or ARRAY.match(whole)
    at = begin.end() if begin else 0
    rows: list[bytes] = []
    decode = json.JSONDecoder().raw_decode
    try:
        text = whole.decode()
        while not rows or text[at : at + 1] == ",":
            start = _next(text, at + bool(rows))
            _, end = decode(text, start)
            rows.append(text[start:end].encode())
            at = _next(text, end)
    except (ValueError, RecursionError):
        return None
    rest = "".join(text[at:].split())
    return rows if rest == ("]}" if is_request else "]") else None


def _next(text: str, at: int) -> int:
    """Return where the next character is that is not a blank."""
    while text[at : at + 1] in (" ", "\t", "\r", "\n"):
        at += 1
    return at


def _whole(stream: Stream) -> bytes:
    pieces, size = [], 0
    while data := stream.read(1 << 20):
        pieces.append(data)
        size += len(data)
        if size > MOST_BYTES:
            raise TableTooLarge(
                f"{stream.name} is one JSON document of more than {MOST_BYTES:,} bytes. Write one "
                "object on each line (JSON lines), which is read piece by piece."
            )
    return b"".join(pieces)

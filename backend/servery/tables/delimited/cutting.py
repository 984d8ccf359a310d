"""Whole rows of CSV and TSV, cut out of a stream of bytes as Python's csv module would."""

import csv
import io
import pickle
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from servery.errors import AmbiguousTable, Choice, TableTooLarge, TableUnreadable
from servery.tables.blocks import Chunk
from servery.tables.delimited.quoting import NEWLINE, quoting
from servery.tables.reading import Limits, Quote
from servery.tables.streams import Stream, not_utf8

#: Characters of a cell that the csv module takes; `Limits.row_bytes` refuses far shorter rows.
CSV_FIELD_LIMIT = 1 << 30


@dataclass(frozen=True, slots=True)
class Rows:
    """Whole rows as bytes of UTF-8; ``is_plain`` where no quotation mark is an odd one."""

    data: bytes | memoryview
    is_plain: bool

    def __reduce__(self) -> tuple[Any, ...]:
        """Let another process have the bytes without a copy of its own."""
        return Rows, (pickle.PickleBuffer(self.data), self.is_plain)


def row_chunks(
    stream: Stream,
    cutter: "Cutter",
    limits: Limits,
    line: int,
    ahead: bytes = b"",
    *,
    is_end: bool = False,
) -> Iterator[Chunk]:
    """Cut what is ``ahead``, and then what can be read, into chunks of whole rows.

    Parameters
    ----------
    line
        Of the file, on which the first of the rows begins.
    is_end
        Nothing is to be read any more.
    """
    number, size = 0, limits.chunk_bytes
    while True:
        while not is_end and len(ahead) < size:
            data = stream.read(size - len(ahead))
            is_end = not data
            ahead += data
        most = ahead[: min(size, limits.row_bytes)]
        part = most[: end_of_rows(most, limits.text_rows)]
        cut = cutter.cut(part, line, is_all=is_end and len(part) == len(ahead))
        if not cut.data and len(part) < len(most):  # that many lines are in one cell
            cut = cutter.cut(most, line, is_all=is_end and len(most) == len(ahead))
        if not cut.data:
            if not ahead:
                return
            refuse_endless(stream.name, line, len(ahead), limits, has_quotes=b'"' in ahead)
            size += limits.chunk_bytes
            continue
        ahead = ahead[len(cut.data) :]
        size = limits.chunk_bytes
        yield Chunk(number, line, cut, stream.done)
        number += 1
        letters = np.frombuffer(cut.data, dtype=np.uint8)
        line += int(np.count_nonzero(letters == NEWLINE))


def refuse_endless(
    name: str, line: int, length: int, limits: Limits, *, has_quotes: bool = False
) -> None:
    """Refuse a row that is longer than any is taken.

    Raises
    ------
    TableTooLarge
        It is too long; ``length`` of its bytes are read so far.
    AmbiguousTable
        An unclosed quotation mark may be why.
    """
    if length < limits.row_bytes:
        return
    said = f"The row in line {line} of {name} is longer than {limits.row_bytes:,} bytes"
    if not has_quotes:
        raise TableTooLarge(f"{said}.")
    raise AmbiguousTable(
        f"{said}, or it has an unclosed quotation mark, which may be a part of the text.",
        Choice("quote", ("none",)),
    )


def unclosed(name: str, line: int) -> AmbiguousTable:
    """Return what to raise for a quotation mark without a second one."""
    return AmbiguousTable(
        f"The row in line {line} of {name} has an unclosed quotation mark, so everything after it "
        "would be one cell. The mark may be a part of the text.",
        Choice("quote", ("none",)),
    )


def end_of_rows(data: bytes, most: int) -> int:
    """Return where a number of lines ends, or all of them."""
    is_end = np.frombuffer(data, dtype=np.uint8) == NEWLINE
    return len(data) if np.count_nonzero(is_end) <= most else int(is_end.nonzero()[0][most - 1]) + 1


@dataclass(frozen=True, slots=True)
class Cutter:
    """Finds where the last whole row of some text ends, as the csv module would."""

    name: str
    delimiter: str
    quote: Quote | None = None
    comment: str | None = None

    def cut(self, data: bytes, line: int, *, is_all: bool = False) -> Rows:
        """Return the rows that surely are whole; none is, where ``data`` is a part of one."""
        if self.quote == "none" or b'"' not in data:
            end = len(data) if is_all else data.rfind(b"\n") + 1
            return Rows(memoryview(data)[:end], is_plain=True)
        marks = None if self._may_have_comments(data) else quoting(data, ord(self.delimiter))
        if marks is None or not marks.is_plain:
            end = len(data) if is_all else self._cut_exactly(data, line)
            return Rows(memoryview(data)[:end], is_plain=False)
        if is_all:
            return Rows(data, is_plain=not marks.is_open)
        return Rows(memoryview(data)[: marks.last_row + 1], is_plain=True)

    def _may_have_comments(self, data: bytes) -> bool:
        """Return whether a line begins as comments do, whose quotation marks hold nothing."""
        mark = (self.comment or "").encode()
        return bool(mark) and (data.startswith(mark) or b"\n" + mark in data)

    def _cut_exactly(self, data: bytes, line: int) -> int:
        text = decoded(self.name, data, line, is_part=True)
        lines = list(io.StringIO(text, newline=""))
        reader = csv_reader(lines, self.delimiter, self.quote, comment=self.comment)
        before = last = 0
        try:
            for _ in reader:
                before, last = last, reader.line_num
        except csv.Error as error:
            raise unreadable(self.name, line + last, error) from error
        # The last row may continue in the unread part.
        return len("".join(lines[:before]).encode())


def csv_reader(
    lines: Iterable[str],
    delimiter: str,
    quote: Quote | None = None,
    *,
    comment: str | None = None,
    strict: bool = False,
) -> Any:  # noqa: ANN401 - it has no name
    """Return a reader of the csv module, which takes cells of any length.

    Parameters
    ----------
    comment
        What lines begin with that are read as blank ones.
    strict
        Whether text after a closing quotation mark is an error.
    """
    # The limit is one for the whole process, and small; rows are held to one of our own before.
    csv.field_size_limit(CSV_FIELD_LIMIT)
    if comment:
        return _Uncommented(lines, delimiter, quote, comment)
    if quote == "none":
        return csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    return csv.reader(lines, delimiter=delimiter, strict=strict)


class _Uncommented:
    """A reader to which comments are blank lines.

    A comment is one line whatever quotation marks it has. Within a cell, a line is none.
    """

    def __init__(
        self, lines: Iterable[str], delimiter: str, quote: Quote | None, comment: str
    ) -> None:
        self._lines, self._comment = lines, comment
        self._begins_row = True
        self._reader = csv_reader(self._shown(), delimiter, quote)

    @property
    def line_num(self) -> int:
        """How many lines are read."""
        return int(self._reader.line_num)

    def __iter__(self) -> "_Uncommented":
        return self

    def __next__(self) -> list[str]:
        self._begins_row = True
        row: list[str] = next(self._reader)
        return row

    def _shown(self) -> Iterator[str]:
        for line in self._lines:
            is_comment = self._begins_row and line.startswith(self._comment)
            self._begins_row = False
            yield "\n" if is_comment else line


def unreadable(name: str, line: int, error: csv.Error) -> TableUnreadable:
    """Return what to raise for a line that the csv module refuses."""
    if "field larger" in str(error):
        return TableTooLarge(f"Line {line} of {name} has a cell that is too long.")
    return TableUnreadable(f"Line {line} of {name} cannot be read: {error}.")


def decoded(name: str, data: bytes, line: int, *, is_part: bool = False) -> str:
    """Return rows as text.

    Parameters
    ----------
    line
        Of the file, on which they begin.
    is_part
        The last character may be cut in two; it is left out then.

    Raises
    ------
    AmbiguousTable
        They are not UTF-8.
    """
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        if is_part and error.start >= len(data) - 4 and error.reason == "unexpected end of data":
            return data[: error.start].decode()
        line += data.count(b"\n", 0, error.start)
        raise not_utf8(name, line, data[error.start]) from error

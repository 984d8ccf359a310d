"""CSV and TSV files: the delimiter, the header, and chunks of whole rows."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

from servery.errors import TableEmpty, TableMisread, TableUnreadable
from servery.tables.blocks import SAMPLE_ROWS, Chunk, ColumnBlock, distinct_names
from servery.tables.delimited.cutting import (
    Cutter,
    csv_reader,
    decoded,
    refuse_endless,
    row_chunks,
)
from servery.tables.delimited.delimiters import delimiter_of
from servery.tables.delimited.headers import refuse_title
from servery.tables.delimited.splitting import DelimitedLayout, split_exactly
from servery.tables.delimited.stray_quotes import refuse_stray_in_header
from servery.tables.reading import Reading
from servery.tables.streams import Stream

#: A line before the header that gives Excel the delimiter.
SAID = re.compile(rb'"?sep=([,;\t|])"?\r?\n', re.IGNORECASE)

#: Lines that have nothing, or blanks alone.
BLANK = re.compile(rb"(?:[ \t\r]*\n)*")


class DelimitedTable:
    """A CSV or TSV file that is read from its start to its end."""

    sheet: str | None = None
    arrow_types: Sequence[Any] | None = None
    notes: Sequence[str] = ()

    def __init__(
        self,
        stream: Stream,
        reading: Reading,
        kind: str = "csv",
        delimiter: str | None = None,
        known: Sequence[str] = (),
    ) -> None:
        self._stream = stream
        self._limits = reading.limits
        self._ahead = b""
        self._at_end = False
        self._line = 1
        self._said: str | None = None
        self._pass_over(reading.passed_over)
        sample = self._first_text(reading)
        quote, comment = reading.quote, reading.comment
        delimiter = reading.delimiter or self._said or delimiter
        if reading.header is None:
            delimiters = (delimiter,) if delimiter else ()
            refuse_title(stream.name, self._line, sample, delimiters, known)
        delimiter = delimiter or delimiter_of(stream.name, sample, known, quote, comment)
        self._cutter = Cutter(stream.name, delimiter, quote, comment)
        header = self._header(sample, reading, delimiter)
        named = [place for place, name in enumerate(header) if name.strip()]
        self.layout = DelimitedLayout(
            kind,
            distinct_names(header, known),
            delimiter,
            stream.name,
            quote,
            comment,
            least_cells=max(named, default=len(header) - 1) + 1,
        )

    @property
    def total(self) -> int | None:
        """Bytes of the file."""
        return self._stream.total

    @property
    def encoding(self) -> str:
        """Of the text."""
        return self._stream.encoding

    @property
    def is_packed(self) -> bool:
        """Whether the file is an archive."""
        return self._stream.is_packed

    @property
    def first_line(self) -> int:
        """The line on which the first row begins, or could."""
        return self._line

    def sample(self) -> ColumnBlock:
        """Return the first rows of the part that is looked at."""
        rows = self._cutter.cut(self._ahead, self._line, is_all=self._at_end)
        first = b"".join(bytes(rows.data).splitlines(keepends=True)[:SAMPLE_ROWS])
        if first != rows.data:
            rows = self._cutter.cut(first, self._line)
        return split_exactly(self.layout, Chunk(0, self._line, rows, 0))

    def chunks(self) -> Iterator[Chunk]:
        """Cut the file into whole rows."""
        is_blank = True
        for chunk in row_chunks(
            self._stream, self._cutter, self._limits, self._line, self._ahead, is_end=self._at_end
        ):
            is_blank = is_blank and not bytes(chunk.payload.data).strip(b"\r\n")
            yield chunk
        if is_blank:
            raise TableEmpty(f"{self._stream.name} has a header and no rows.")

    def _pass_over(self, count: int) -> None:
        """Leave out lines at the start of the file.

        Raises
        ------
        TableEmpty
            There are no more lines.
        """
        for number in range(count):
            while b"\n" not in self._ahead and not self._at_end:
                data = self._stream.read(SAMPLE_ROWS * 256)
                self._at_end = not data
                self._ahead += data
                refuse_endless(self._stream.name, self._line, len(self._ahead), self._limits)
            line, end, self._ahead = self._ahead.partition(b"\n")
            if not end:
                raise TableEmpty(f"{self._stream.name} has no more than {number + 1:,} lines.")
            if not number and (found := SAID.match(line + end)):
                self._said = found[1].decode()
            self._line += 1

    def _first_text(self, reading: Reading) -> str:
        """Read the start of the file, from its first line that is not blank and no comment."""
        comment = reading.comment
        without = _without_empty if reading.header == "none" else _without_blank
        while True:
            data = self._stream.read(SAMPLE_ROWS * 256)
            self._at_end = not data
            self._ahead += data
            rest = without(self._ahead)
            if found := SAID.match(rest):
                self._said = found[1].decode()
                rest = without(rest[found.end() :])
            while comment and rest.startswith(comment.encode()) and b"\n" in rest:
                rest = without(rest.partition(b"\n")[2])
            self._line += self._ahead.count(b"\n", 0, len(self._ahead) - len(rest))
            self._ahead = rest
            if self._at_end or (b"\n" in rest and len(rest) >= SAMPLE_ROWS * 256):
                break
            refuse_endless(self._stream.name, self._line, len(rest), self._limits)
        if not self._ahead.strip():
            raise TableEmpty(f"{self._stream.name} is empty; expected a table with a header row.")
        head = self._ahead.split(b"\n", 1)[0]
        if b"\r" in head.rstrip(b"\r"):
            raise TableUnreadable(
                f"{self._stream.name} has CR line endings. Save it with LF or CRLF."
            )
        return decoded(self._stream.name, self._ahead, self._line, is_part=not self._at_end)

    def _header(self, text: str, reading: Reading, delimiter: str) -> tuple[str, ...]:
        """Read the header and take it off; without one, call each column by its place."""
        lines = io.StringIO(text, newline="")
        taken: list[str] = []

        def noted() -> Iterator[str]:
            for line in lines:
                taken.append(line)
                yield line

        try:
            header = tuple(next(csv_reader(noted(), delimiter, reading.quote)))
        except csv.Error as error:
            raise TableMisread(f"{self._stream.name} has no header: {error}.") from error
        if reading.header == "none":
            return tuple(f"column_{place + 1}" for place in range(len(header)))
        if any("\0" in cell for cell in header):
            raise TableUnreadable(f"{self._stream.name} is not text: its header has a zero byte.")
        used = "".join(taken).encode()
        if reading.quote is None:
            refuse_stray_in_header(self._stream.name, self._line, taken, delimiter)
        self._ahead = self._ahead[len(used) :]
        self._line += used.count(b"\n")
        return header

    def close(self) -> None:
        """Close the file."""
        self._stream.close()


def _without_empty(text: bytes) -> bytes:
    """Return a text from its first line that has anything; without a header, blanks are a row."""
    return text.lstrip(b"\r\n")


def _without_blank(text: bytes) -> bytes:
    """Return a text from its first line that has more than blanks."""
    found = BLANK.match(text)
    return text[found.end() :] if found else text

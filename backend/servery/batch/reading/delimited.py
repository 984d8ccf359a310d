"""CSV and TSV: rows cut out of a stream of bytes, and cells out of rows.

What a cell is, is what Python's csv module says. Where pyarrow is installed and a chunk has nothing
unusual in it, pyarrow finds the same cells an order of magnitude faster; `_quick` names all that
counts as unusual, and the csv module reads it.
"""

import csv
import importlib.util
import io
import itertools
import pickle
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from servery.batch.reading import Format, Limits, Reading
from servery.batch.reading.quoting import NEWLINE, QUOTE, quoting
from servery.batch.reading.streams import Stream
from servery.batch.reading.tables import SAMPLE_ROWS, Block, Chunk, RawColumn, coded, fold
from servery.errors import (
    Choice,
    TableDoubtful,
    TableEmpty,
    TableMisread,
    TableRagged,
    TableTooLarge,
    TableUnreadable,
)

DELIMITERS = (",", ";", "\t", "|")
#: Characters of a cell that the csv module takes; `Limits.row_bytes` refuses far shorter rows.
CSV_FIELD_LIMIT = 1 << 30
#: A line before the header by which Excel is told the delimiter.
SAID = re.compile(rb'"?sep=([,;\t|])"?\r?\n', re.IGNORECASE)
HAS_ARROW = importlib.util.find_spec("pyarrow") is not None


@dataclass(frozen=True, slots=True)
class Rows:
    """Whole rows as bytes of UTF-8; ``is_plain`` where no quotation mark is an odd one."""

    data: bytes | memoryview
    is_plain: bool

    def __reduce__(self) -> tuple[Any, ...]:
        """Let another process have the bytes without a copy of its own."""
        return Rows, (pickle.PickleBuffer(self.data), self.is_plain)


@dataclass(frozen=True)
class DelimitedLayout:
    """Makes columns of rows that are written as text.

    Attributes
    ----------
    delimiter
        What stands between two cells.
    name
        What messages call the file.
    exact
        Read everything by the csv module.
    """

    format: Format
    header: tuple[str, ...]
    delimiter: str
    name: str
    exact: bool = field(default_factory=lambda: not HAS_ARROW)

    def block(self, chunk: Chunk) -> Block:
        """Return the rows of a chunk as columns of texts."""
        quick = chunk.payload.is_plain and not self.exact
        block = _quick(self, chunk) if quick else None
        return _exactly(self, chunk) if block is None else block


class DelimitedTable:
    """A CSV or TSV file that is read from its start to its end."""

    sheet: str | None = None
    arrow_types: Sequence[Any] | None = None

    def __init__(
        self, stream: Stream, reading: Reading, kind: Format, known: Sequence[str] = ()
    ) -> None:
        self._stream = stream
        self._limits = reading.limits
        self._ahead = b""
        self._at_end = False
        self._line = 1
        self._said: str | None = None
        sample = self._first_text()
        default = self._said or ("\t" if kind == "tsv" else None)
        delimiter = reading.delimiter or default or _delimiter(stream.name, sample, known)
        self._cutter = Cutter(stream.name, delimiter)
        header = self._header(delimiter)
        self.layout = DelimitedLayout(kind, header, delimiter, stream.name)

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

    def sample(self) -> Block:
        """Return the first rows of the part that is looked at."""
        rows = self._cutter.cut(self._ahead, self._line, is_all=self._at_end)
        first = b"".join(bytes(rows.data).splitlines(keepends=True)[:SAMPLE_ROWS])
        if first != rows.data:
            rows = self._cutter.cut(first, self._line)
        return _exactly(self.layout, Chunk(0, self._line, rows, 0))

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

    def _first_text(self) -> str:
        """Read the start of the file, from its first line that is not blank."""
        while True:
            data = self._stream.read(SAMPLE_ROWS * 256)
            self._at_end = not data
            self._ahead += data
            rest = self._ahead.lstrip(b"\r\n")
            if found := SAID.match(rest):
                self._said = found[1].decode()
                rest = rest[found.end() :].lstrip(b"\r\n")
            self._line += self._ahead.count(b"\n", 0, len(self._ahead) - len(rest))
            self._ahead = rest
            if self._at_end or b"\n" in rest:
                break
            _refuse_endless(self._stream.name, self._line, len(rest), self._limits)
        if not self._ahead.strip():
            raise TableEmpty(f"{self._stream.name} is empty; expected a table with a header row.")
        head = self._ahead.split(b"\n", 1)[0]
        if b"\r" in head.rstrip(b"\r"):
            raise TableUnreadable(
                f"{self._stream.name} ends its lines as old Macs did (CR); save it with LF or CRLF."
            )
        return _text(self._stream.name, self._ahead, self._line, is_part=not self._at_end)

    def _header(self, delimiter: str) -> tuple[str, ...]:
        """Read the header and take it off."""
        text = _text(self._stream.name, self._ahead, self._line, is_part=not self._at_end)
        lines = io.StringIO(text, newline="")
        taken: list[str] = []

        def noted() -> Iterator[str]:
            for line in lines:
                taken.append(line)
                yield line

        try:
            header = tuple(next(_reader(noted(), delimiter)))
        except csv.Error as error:
            raise TableMisread(f"{self._stream.name} has no header: {error}.") from error
        used = "".join(taken).encode()
        self._ahead = self._ahead[len(used) :]
        self._line += used.count(b"\n")
        return checked_header(self._stream.name, header)

    def close(self) -> None:
        """Close the file."""
        self._stream.close()


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
        part = ahead[:size]
        part = part[: end_of_rows(part, limits.text_rows)]
        cut = cutter.cut(part, line, is_all=is_end and len(part) == len(ahead))
        if not cut.data and len(part) < len(ahead):  # that many lines are in one cell
            cut = cutter.cut(ahead, line, is_all=is_end)
        if not cut.data:
            if is_end:
                return
            _refuse_endless(stream.name, line, len(ahead), limits)
            size += limits.chunk_bytes
            continue
        ahead = ahead[len(cut.data) :]
        size = limits.chunk_bytes
        yield Chunk(number, line, cut, stream.done)
        number += 1
        letters = np.frombuffer(cut.data, dtype=np.uint8)
        line += int(np.count_nonzero(letters == NEWLINE))


def _refuse_endless(name: str, line: int, length: int, limits: Limits) -> None:
    if length >= limits.row_bytes:
        raise TableTooLarge(
            f"Line {line} of {name} begins a row of more than {limits.row_bytes:,} bytes; "
            "perhaps a quotation mark has no second one."
        )


def checked_header(name: str, header: Sequence[str]) -> tuple[str, ...]:
    """Return the names of columns, if each is a name of its own."""
    names = tuple(cell.strip() for cell in header)
    twice = next((each for place, each in enumerate(names) if each in names[:place]), None)
    if twice:
        raise TableMisread(f"{name} has two columns that are called {twice!r}; rename one.")
    if twice is not None or (len(names) > 1 and names.count("") == len(names)):
        raise TableMisread(f"{name} has columns without a name; give each one in the header.")
    return names


class Division(NamedTuple):
    """What the first rows are if some character divides their cells.

    Attributes
    ----------
    named
        How many cells of the header are names of inputs.
    is_even
        Whether all rows have as many cells, and more than one.
    """

    delimiter: str
    named: int
    width: int
    is_even: bool


def _delimiter(name: str, sample: str, known: Sequence[str]) -> str:
    """Return the delimiter by which the first rows are all of one width.

    Where that leaves several, it is the one whose header names most of the ``known`` inputs.
    """
    lines = [line for line in io.StringIO(sample, newline="") if line.strip("\r\n")]
    first = lines[: max(1, min(len(lines) - 1, 100))]
    inputs = {fold(each) for each in known}
    found = [_division(first, delimiter, inputs) for delimiter in DELIMITERS]
    most = max(each.named for each in found)
    likely = [
        each for each in found if each.named == most and (each.is_even or (most and each.width > 1))
    ]
    if len(likely) == 1:
        return likely[0].delimiter
    if not likely:  # one column, or rows of many widths
        widest = max(found, key=lambda each: each.width)
        return widest.delimiter if widest.width > 1 and not most else ","
    likely.sort(key=lambda each: -each.width)
    raise TableDoubtful(
        f"The cells of {name} may be divided by more than one character.",
        Choice("delimiter", tuple(each.delimiter for each in likely)),
    )


def _division(lines: Sequence[str], delimiter: str, inputs: Collection[str]) -> Division:
    rows = [row for row in _reader(lines, delimiter) if row]
    header = rows[0]
    is_even = len(header) > 1 and all(len(row) == len(header) for row in rows)
    return Division(delimiter, sum(fold(cell) in inputs for cell in header), len(header), is_even)


def end_of_rows(data: bytes, most: int) -> int:
    """Return where a number of lines ends, or all of them."""
    is_end = np.frombuffer(data, dtype=np.uint8) == NEWLINE
    return len(data) if np.count_nonzero(is_end) <= most else int(is_end.nonzero()[0][most - 1]) + 1


@dataclass(frozen=True, slots=True)
class Cutter:
    """Finds where the last whole row of some text ends, as the csv module would."""

    name: str
    delimiter: str

    def cut(self, data: bytes, line: int, *, is_all: bool = False) -> Rows:
        """Return the rows that surely are whole; none is, where ``data`` is a part of one."""
        if b'"' not in data:
            end = len(data) if is_all else data.rfind(b"\n") + 1
            return Rows(memoryview(data)[:end], is_plain=True)
        marks = quoting(data, ord(self.delimiter))
        if not marks.is_plain:
            end = len(data) if is_all else self._cut_exactly(data, line)
            return Rows(memoryview(data)[:end], is_plain=False)
        if is_all:
            return Rows(data, is_plain=not marks.is_open)
        return Rows(memoryview(data)[: marks.last_row + 1], is_plain=True)

    def _cut_exactly(self, data: bytes, line: int) -> int:
        text = _text(self.name, data, line, is_part=True)
        lines = list(io.StringIO(text, newline=""))
        reader = _reader(lines, self.delimiter)
        before = last = 0
        try:
            for _ in reader:
                before, last = last, reader.line_num
        except csv.Error as error:
            raise _unreadable(self.name, line + last, error) from error
        # The last row may go on in what is not read yet.
        return len("".join(lines[:before]).encode())


def _reader(lines: Iterable[str], delimiter: str) -> Any:  # noqa: ANN401 - it has no name
    # The limit is one for the whole process, and small; rows are held to one of our own before.
    csv.field_size_limit(CSV_FIELD_LIMIT)
    return csv.reader(lines, delimiter=delimiter)


def _unreadable(name: str, line: int, error: csv.Error) -> TableUnreadable:
    if "field larger" in str(error):
        return TableTooLarge(f"Line {line} of {name} has a cell that is longer than is taken.")
    return TableUnreadable(f"Line {line} of {name} cannot be read: {error}.")


def _text(name: str, data: bytes, line: int, *, is_part: bool = False) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        if is_part and error.start >= len(data) - 4 and error.reason == "unexpected end of data":
            return data[: error.start].decode()
        line += data.count(b"\n", 0, error.start)
        raise TableDoubtful(
            f"{name} is not UTF-8 all through: line {line} has the byte 0x{data[error.start]:02X}.",
            Choice("encoding", ("cp1252", "latin-1", "utf-8")),
        ) from error


def _quick(layout: DelimitedLayout, chunk: Chunk) -> Block | None:
    """Read a chunk by pyarrow; None where it has anything that the csv module should read.

    That is a blank line, a carriage return within a row, a row of another width, text that is no
    UTF-8, or a single column, of which an empty cell would look like a blank line.
    """
    import pyarrow as pa

    if len(layout.header) < 2:
        return None
    # A line end comes before each row, as results are written; the last one has it after it too.
    data = b"".join((b"\n", chunk.payload.data))
    has_returns = b"\r" in data
    if has_returns:
        data = data.replace(b"\r\n", b"\n")
        if b"\r" in data:
            return None
    if not data.endswith(b"\n"):
        data += b"\n"
    letters = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero(letters == NEWLINE)
    if b"\0" in data or (np.diff(ends) == 1).any():
        return None
    written = pa.py_buffer(data)
    table = _cells_by_arrow(layout, written.slice(1))
    if table is None:
        return None
    starts = np.arange(len(ends))
    if len(ends) != table.num_rows + 1:  # some line end is within a cell
        if has_returns:
            return None  # and its carriage return is part of it
        quotes = np.flatnonzero(letters == QUOTE)
        starts = np.flatnonzero(np.searchsorted(quotes, ends) % 2 == 0)
        if len(starts) != table.num_rows + 1:
            return None
    offsets = pa.py_buffer(ends[starts].astype(np.int32))
    rows = pa.StringArray.from_buffers(table.num_rows, offsets, written)
    lines = starts[:-1] + chunk.first_line
    return Block(lines, [_coded_by_arrow(column) for column in table.columns], rows)


def _cells_by_arrow(layout: DelimitedLayout, written: Any) -> Any:  # noqa: ANN401 - of Arrow
    """Return the cells of rows as a table of dictionaries; None where pyarrow refuses them."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    names = [str(place) for place in range(len(layout.header))]
    kind = pa.dictionary(pa.int32(), pa.string())
    try:
        return arrow_csv.read_csv(
            pa.BufferReader(written),
            read_options=arrow_csv.ReadOptions(
                use_threads=False, block_size=len(written) + 2, column_names=names
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=layout.delimiter, newlines_in_values=True, ignore_empty_lines=False
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, kind), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None


def _coded_by_arrow(column: Any) -> RawColumn:  # noqa: ANN401 - pyarrow has no types
    part = column.combine_chunks()
    part = part.chunk(0) if hasattr(part, "chunk") else part
    codes = np.frombuffer(part.indices.buffers()[1], dtype=np.int32)
    start = part.indices.offset
    return RawColumn(_texts(part.dictionary), codes[start : start + len(part)].astype(np.intp))


def _texts(array: Any) -> list[str]:  # noqa: ANN401 - an Arrow array
    """Return the texts of an array; its own way, `to_numpy`, would load pandas."""
    _, offsets, data = array.buffers()
    first = array.offset
    ends = np.frombuffer(offsets, dtype=np.int32)[first : first + len(array) + 1].tolist()
    written = b"" if data is None else data.to_pybytes()
    plain = written.decode("latin-1")  # as long as the bytes, and the same where they are ASCII
    texts = [plain[start:end] for start, end in itertools.pairwise(ends)]
    if written.isascii():
        return texts
    return [text if text.isascii() else text.encode("latin-1").decode() for text in texts]


def _exactly(layout: DelimitedLayout, chunk: Chunk) -> Block:
    """Read a chunk by the csv module.

    Raises
    ------
    TableRagged
        A row has more or fewer cells than the header.
    """
    width = len(layout.header)
    text = _text(layout.name, bytes(chunk.payload.data), chunk.first_line)
    lines = list(io.StringIO(text, newline=""))
    reader = _reader(lines, layout.delimiter)
    rows, starts, ends = [], [], []
    last = 0

    def line_of(piece: int) -> int:
        return chunk.first_line + int(_line_numbers(lines)[piece])

    try:
        for row in reader:
            if row:
                rows.append(row)
                starts.append(last)
                ends.append(reader.line_num)
                if len(row) != width:
                    raise TableRagged(
                        f"Line {line_of(last)} of {layout.name} has {_cells(len(row))}, "
                        f"and the header has {width}."
                    )
            last = reader.line_num
    except csv.Error as error:
        raise _unreadable(layout.name, line_of(last), error) from error
    if rows and _is_open(lines[starts[-1] :], layout.delimiter):
        raise TableMisread(
            f"Line {line_of(starts[-1])} of {layout.name} begins a row whose quotation "
            "mark has no second one, so that all after it would be one cell."
        )
    columns = list(zip(*rows, strict=True)) if rows else [()] * width
    written = [
        "".join(lines[start:end]).rstrip("\r\n") for start, end in zip(starts, ends, strict=True)
    ]
    numbers = _line_numbers(lines)[np.array(starts, dtype=np.intp)] + chunk.first_line
    return Block(numbers, [coded(column) for column in columns], written)


def _is_open(row: Sequence[str], delimiter: str) -> bool:
    """Return whether a row would go on in one more line: then a quotation mark is open."""
    reader = _reader([*row, "\n"], delimiter)
    next(reader)
    return bool(reader.line_num > len(row))


def _line_numbers(lines: Sequence[str]) -> NDArray[np.int64]:
    """Return how many lines are before each piece: a carriage return alone ends none."""
    ended = np.array([line.endswith("\n") for line in lines], dtype=np.int64)
    return np.concatenate([[0], np.cumsum(ended)])


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"

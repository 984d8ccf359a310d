"""Large files cut into sections of whole rows, which can be scored apart, wherever they are kept.

Where the rows of a CSV file end cannot be seen from its middle: a line end may be within quotation
marks. So each block of its bytes is scanned for both cases, and walking through what was found
shows which of the two it is, and on which line of the file a section begins.

References
----------
Ge, Li, Eilebrecht, Chandramouli & Kossmann (2019), Speculative distributed CSV data parsing for big
data analytics, SIGMOD, 883-899.
"""

import codecs
import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, NamedTuple, cast

import msgspec
import numpy as np
from numpy.typing import NDArray

from servery.batch.evaluating.records import OutcomeReader
from servery.batch.storage import Source, size_of
from servery.tables.blocks import Chunk, ColumnBlock, Table
from servery.tables.delimited.cutting import Cutter, row_chunks
from servery.tables.delimited.quoting import NEWLINE, QUOTE, RETURN
from servery.tables.delimited.reader import DelimitedTable
from servery.tables.delimited.splitting import DelimitedLayout
from servery.tables.keyed import Value, with_keys
from servery.tables.opening import open_table
from servery.tables.parquet import ParquetTable
from servery.tables.reading import Limits, Reading
from servery.tables.streams import Stream

#: Encodings in which a byte below 128 is that character and nothing else.
CUTTABLE = ("utf-8", "ascii", "iso8859", "cp125")


@dataclass(frozen=True, slots=True)
class Section:
    """Some whole rows of a file.

    Attributes
    ----------
    reading
        How the file is read, including everything that was detected.
    start, end
        Bytes of a text, or row groups of a Parquet file; all of the file where ``end`` is None.
    line
        Of the file, on which it begins.
    layout
        What makes columns of its rows, where the header is in another section.
    readings
        How single columns are read, by their input.
    outcomes
        What reads the true outcomes, if any; settled by the first rows of the file.
    keys
        Columns that the folders of the file hold; see `with_keys`.
    """

    source: Source
    reading: Reading
    start: int = 0
    end: int | None = None
    line: int = 1
    layout: DelimitedLayout | None = None
    readings: Mapping[str, Reading] = field(default_factory=dict)
    outcomes: OutcomeReader | None = None
    keys: Mapping[str, Value] = field(default_factory=dict)

    @contextlib.contextmanager
    def table(self) -> Iterator[Table]:
        """Open it as a table of its rows alone."""
        with self._own_table() as table:
            yield with_keys(table, self.keys)

    @contextlib.contextmanager
    def _own_table(self) -> Iterator[Table]:
        limits, name = self.reading.limits, self.source.name
        if self.end is None:
            with self.source.table(self.reading) as table:
                yield table
            return
        with self.source.opened() as file:
            if self.reading.format == "parquet":
                yield ParquetTable(name, file, limits, range(self.start, self.end))
                return
            window = cast("BinaryIO", Window(file, self.start, self.end))
            if self.layout is None:
                yield open_table(window, self.reading, (), name)
                return
            stream = Stream(window, limits, name, is_start=False)
            stream.decode(self.reading.encoding or "utf-8")
            yield RowsTable(self.layout, stream, limits, self.line)


class Window:
    """Some of the bytes of a file."""

    def __init__(self, file: BinaryIO, start: int, end: int) -> None:
        file.seek(start)
        self._file = file
        self._left = end - start

    def read(self, size: int) -> bytes:
        """Return the next bytes."""
        data = self._file.read(min(size, self._left))
        self._left -= len(data)
        return data


@dataclass
class RowsTable:
    """Rows of a text file without its header."""

    layout: DelimitedLayout
    stream: Stream
    limits: Limits
    line: int
    total: int | None = None
    sheet: str | None = None
    arrow_types: Sequence[Any] | None = None
    notes: Sequence[str] = ()

    @property
    def encoding(self) -> str | None:
        """Of the text."""
        return self.stream.encoding

    def sample(self) -> ColumnBlock:
        """Refuse: what is doubtful is asked of the file's first rows."""
        raise NotImplementedError

    def chunks(self) -> Iterator[Chunk]:
        """Cut it into whole rows."""
        cutter = Cutter(self.layout.name, self.layout.delimiter, self.layout.quote)
        return row_chunks(self.stream, cutter, self.limits, self.line)

    def close(self) -> None:
        """Leave the file open; its opener closes it."""


class End(NamedTuple):
    """Where the first row ends in a block, and the lines that end up to there."""

    offset: int
    lines: int


class Scan(NamedTuple):
    """What is found in a block of a text file.

    Attributes
    ----------
    ends, is_plain
        If the block begins outside of quotation marks, and if it begins within: where the first row
        ends, if one does, and whether each quotation mark stands at an end of a cell.
    """

    quotes: int
    lines: int
    ends: tuple[End | None, End | None]
    is_plain: tuple[bool, bool]


def scan(source: Source, start: int, end: int, delimiter: str) -> Scan:
    """Look for quotation marks and line ends in a block of a file."""
    with source.opened() as file:
        file.seek(max(start - 1, 0))
        data = file.read(end - max(start - 1, 0) + 1)
    if start == 0:  # what a mark of three bytes stands before is the start of a cell all the same
        if data.startswith(codecs.BOM_UTF8):
            data = delimiter.encode() * 3 + data[3:]
        data = b"\n" + data
    return scanned(data, end - start, delimiter)


def scanned(data: bytes, size: int, delimiter: str) -> Scan:
    """Look at a block of some size, which comes with the byte before it, and one after it if any.

    Offsets are those in the block.
    """
    around = np.frombuffer(data if len(data) == size + 2 else data + b"\n", dtype=np.uint8)
    letters = around[1:-1]
    quotes, newlines = np.flatnonzero(letters == QUOTE), np.flatnonzero(letters == NEWLINE)
    beside = np.zeros(256, dtype=bool)
    beside[[ord(delimiter), NEWLINE, RETURN, QUOTE]] = True
    opens, closes = beside[around[quotes]], beside[around[quotes + 2]]
    before = np.searchsorted(quotes, newlines)
    return Scan(
        len(quotes),
        len(newlines),
        (_end(newlines, before % 2 == 0), _end(newlines, before % 2 == 1)),
        (
            bool(opens[::2].all() and closes[1::2].all()),
            bool(opens[1::2].all() and closes[::2].all()),
        ),
    )


def _end(newlines: NDArray[np.intp], ends: NDArray[np.bool_]) -> End | None:
    if not ends.any():
        return None
    first = int(ends.argmax())
    return End(int(newlines[first]) + 1, first + 1)


Scanning = Callable[[Source, Sequence[tuple[int, int]], str], Sequence[Scan]]


def sections_of(
    source: Source, table: Table, reading: Reading, part_bytes: int, scanning: Scanning
) -> list[Section]:
    """Cut a file into sections of about some size; one that cannot be cut is a single one.

    Parameters
    ----------
    scanning
        Has the blocks of a file scanned, given where they begin and end, and its delimiter.
    """
    if isinstance(table, ParquetTable):
        return _of_groups(source, table, reading, part_bytes)
    if not isinstance(table, DelimitedTable):
        return [Section(source, reading)]
    layout, encoding = table.layout, table.encoding
    own_reading = msgspec.structs.replace(
        reading, format=layout.format, delimiter=layout.delimiter, encoding=encoding
    )
    size = size_of([source])
    is_cuttable = not table.is_packed and codecs.lookup(encoding).name.startswith(CUTTABLE)
    # Blocks are scanned for quotation marks that hold cells together.
    is_cuttable = is_cuttable and reading.quote != "none"
    if not is_cuttable or size <= part_bytes:
        return [Section(source, own_reading)]
    blocks = [(at, min(at + part_bytes, size)) for at in range(0, size, part_bytes)]
    scans = scanning(source, blocks, layout.delimiter)
    starts = row_starts(blocks, scans, table.first_line)
    if starts is None:
        return [Section(source, own_reading)]
    ends = [*(start for start, _ in starts[1:]), size]
    return [
        Section(source, own_reading, start, end, line, layout if start else None)
        for (start, line), end in zip(starts, ends, strict=True)
    ]


def _of_groups(
    source: Source, table: ParquetTable, reading: Reading, part_bytes: int
) -> list[Section]:
    own_reading = msgspec.structs.replace(reading, format="parquet")
    starts, held = [0], 0
    for at, (_, size) in enumerate(table.groups):
        if held and held + size > part_bytes:
            starts.append(at)
            held = 0
        held += size
    ends = [*starts[1:], len(table.groups)]
    return [Section(source, own_reading, *ends_of) for ends_of in zip(starts, ends, strict=True)]


def row_starts(
    blocks: Sequence[tuple[int, int]], scans: Sequence[Scan], first_line: int
) -> list[tuple[int, int]] | None:
    """Return where sections begin, and on which line, the first of them with the header.

    None if a quotation mark is ambiguous, so that only reading everything before it can decide.
    """
    starts, line, within = [(0, 1)], 1, 0
    for (start, _), found in zip(blocks, scans, strict=True):
        if not found.is_plain[within]:
            return None
        end = found.ends[within]
        if start and end and line + end.lines > first_line:
            starts.append((start + end.offset, line + end.lines))
        line += found.lines
        within = (within + found.quotes) % 2
    return starts

"""Rows of CSV and TSV, split into cells.

What a cell is, is what Python's csv module says. Where a chunk has nothing unusual in it, pyarrow
finds the same cells an order of magnitude faster; `_split_quickly` names all that counts as
unusual, and the csv module reads it.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servery.errors import quoted
from servery.tables.blocks import (
    BROKEN,
    CellTraits,
    Chunk,
    ColumnBlock,
    RawColumn,
    TableFault,
    WrittenTexts,
    dictionary_encoded,
)
from servery.tables.delimited.cutting import csv_reader, decoded, unclosed, unreadable
from servery.tables.delimited.quoting import NEWLINE, QUOTE
from servery.tables.delimited.stray_quotes import first_stray, refuse_stray, stray
from servery.tables.reading import Quote

TRAITS = CellTraits(are_texts=True, may_be_escaped=True)


@dataclass(frozen=True)
class DelimitedLayout:
    """Makes columns of rows that are written as text.

    Attributes
    ----------
    delimiter
        What stands between two cells.
    name
        What messages call the file.
    quote
        Whether quotation marks hold cells together; None where that is open.
    comment
        What lines begin with that are not rows.
    least_cells
        Of a row: up to the last column that has a name.
    """

    format: str
    header: tuple[str, ...]
    delimiter: str
    name: str
    quote: Quote | None = None
    comment: str | None = None
    least_cells: int = 0
    traits: CellTraits = TRAITS

    def block(self, chunk: Chunk) -> ColumnBlock:
        """Return the rows of a chunk as columns of texts."""
        quick = chunk.payload.is_plain and self.comment is None
        block = _split_quickly(self, chunk) if quick else None
        return split_exactly(self, chunk) if block is None else block


def _split_quickly(layout: DelimitedLayout, chunk: Chunk) -> ColumnBlock | None:
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
    table = _cells_by_arrow(layout, written.slice(1), is_ascii=data.isascii())
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
        if layout.quote is None:
            is_delimiter = letters == ord(layout.delimiter)
            found = first_stray(is_delimiter, ends, starts, len(layout.header))
            if found is not None:
                raise stray(layout.name, *(chunk.first_line + line for line in found))
    offsets = pa.py_buffer(ends[starts].astype(np.int32))
    rows = pa.StringArray.from_buffers(table.num_rows, offsets, written)
    lines = starts[:-1] + chunk.first_line
    columns = [_column_of(column) for column in table.columns]
    return ColumnBlock(lines, columns, rows if _is_as_meant(layout, data) else None)


def _is_as_meant(layout: DelimitedLayout, data: bytes) -> bool:
    """Return whether every reader would find the same cells in rows that are written so."""
    return layout.quote != "none" or b'"' not in data


def _cells_by_arrow(layout: DelimitedLayout, written: Any, *, is_ascii: bool) -> Any:  # noqa: ANN401 - of Arrow
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
                delimiter=layout.delimiter,
                quote_char=False if layout.quote == "none" else '"',
                newlines_in_values=layout.quote != "none",
                ignore_empty_lines=False,
            ),
            convert_options=arrow_csv.ConvertOptions(
                check_utf8=not is_ascii,
                column_types=dict.fromkeys(names, kind),
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None


def _column_of(column: Any) -> RawColumn:  # noqa: ANN401 - pyarrow has no types
    part = column.combine_chunks()
    part = part.chunk(0) if hasattr(part, "chunk") else part
    codes = np.frombuffer(part.indices.buffers()[1], dtype=np.int32)
    start = part.indices.offset
    _, offsets, data = part.dictionary.buffers()
    first = part.dictionary.offset
    ends = np.frombuffer(offsets, dtype=np.int32)[first : first + len(part.dictionary) + 1]
    texts = WrittenTexts(b"" if data is None else data.to_pybytes(), ends)
    return RawColumn(texts, codes[start : start + len(part)].astype(np.intp))


def split_exactly(layout: DelimitedLayout, chunk: Chunk) -> ColumnBlock:
    """Read a chunk by the csv module.

    Raises
    ------
    AmbiguousTable
        Quotation marks may be a part of the text.
    """
    data = bytes(chunk.payload.data)
    lines = list(io.StringIO(decoded(layout.name, data, chunk.first_line), newline=""))
    numbers = _line_numbers(lines) + chunk.first_line
    rows: list[Sequence[str]] = []
    starts: list[int] = []
    written: list[str] = []
    faults: dict[int, TableFault] = {}
    start = 0
    try:
        reader = csv_reader(lines, layout.delimiter, layout.quote, comment=layout.comment)
        for cells in reader:
            pieces = lines[start : reader.line_num]
            if cells:
                if len(pieces) > 1 and layout.quote is None:
                    _refuse_unclear(layout, int(numbers[start]), pieces)
                row, trouble = _fitted(cells, layout)
                if trouble and len(pieces) > 1 and layout.quote is None:
                    first = int(numbers[start])
                    raise stray(layout.name, first, first + len(pieces) - 1)
                if trouble:
                    faults[len(rows)] = TableFault(BROKEN, trouble)
                as_read = len(row) == len(cells)
                written.append(
                    "".join(pieces).rstrip("\r\n")
                    if as_read
                    else written_row(row, layout.delimiter)
                )
                rows.append(row)
                starts.append(start)
            start = reader.line_num
    except csv.Error as error:
        raise unreadable(layout.name, int(numbers[start]), error) from error
    if starts and layout.quote != "none" and _is_open(lines[starts[-1] :], layout.delimiter):
        raise unclosed(layout.name, int(numbers[starts[-1]]))
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(layout.header)
    return ColumnBlock(
        numbers[np.array(starts, dtype=np.intp)],
        [dictionary_encoded(column) for column in columns],
        written if _is_as_meant(layout, data) else None,
        faults=faults,
    )


def _refuse_unclear(layout: DelimitedLayout, line: int, pieces: Sequence[str]) -> None:
    if _is_open(pieces, layout.delimiter):
        raise unclosed(layout.name, line)
    refuse_stray(layout.name, line, pieces, layout.delimiter, len(layout.header))


def _fitted(cells: Sequence[str], layout: DelimitedLayout) -> tuple[Sequence[str], str | None]:
    """Return as many cells as the header has, and what is wrong with a row of other cells."""
    width, size = len(layout.header), len(cells)
    trouble = "Expected text, found a zero byte." if any("\0" in cell for cell in cells) else None
    if size == width:
        return cells, trouble
    row = [*cells[:width], *[""] * (width - size)]
    more = layout.delimiter.join(cells[width:])
    if size < layout.least_cells or more.strip(f"{layout.delimiter} "):
        left_out = f"; left out: {quoted(more)}" if more else ""
        trouble = f"Expected {_cells(width)}, found {size}{left_out}."
    return row, trouble


def written_row(cells: Sequence[str], delimiter: str) -> str:
    """Return cells as a row of a table, without its line end."""
    sink = io.StringIO(newline="")
    # csv quotes cells that contain a character of this terminator: both CR and LF must be in it.
    csv.writer(sink, delimiter=delimiter, lineterminator="\r\n").writerow(cells)
    return sink.getvalue()[:-2]


def _is_open(row: Sequence[str], delimiter: str) -> bool:
    """Return whether a row continues in the next line, because a quotation mark is open."""
    reader = csv_reader([*row, "\n"], delimiter)
    next(reader)
    return bool(reader.line_num > len(row))


def _line_numbers(lines: Sequence[str]) -> NDArray[np.int64]:
    """Return how many lines are before each piece: a carriage return alone ends none."""
    ended = np.array([line.endswith("\n") for line in lines], dtype=np.int64)
    return np.concatenate([[0], np.cumsum(ended)])


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"

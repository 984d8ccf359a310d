"""Results as CSV and TSV.

Rows that were read as text go out as that same text: what a row was is never changed, but for
formulas, which are made harmless.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from servery.tables.blocks import ColumnBlock, RawColumn, WrittenTexts
from servery.tables.cells import plain_text
from servery.tables.delimited.splitting import written_row
from servery.tables.formulas import STARTS, is_formula, neutral, unchanged
from servery.tables.results import Rendered, ResultRows, ResultSchema

#: Two columns are joined before they are written where their cells can be paired in so many ways.
MOST_JOINED = 1 << 12


@dataclass(frozen=True, slots=True)
class Coded:
    """Written cells of which there are few: ``codes`` says which of ``texts`` each row has."""

    texts: list[str]
    codes: Any

    def beside(self, other: "Coded", delimiter: str) -> "Coded | None":
        """Return these cells with others after them; None where that is more work than before."""
        if self.codes is other.codes:
            both = zip(self.texts, other.texts, strict=True)
            return Coded([f"{own}{delimiter}{next_}" for own, next_ in both], self.codes)
        width = len(other.texts)
        if len(self.texts) * width > MOST_JOINED:
            return None
        pairs = self.codes * width + other.codes
        found = np.flatnonzero(np.bincount(pairs))
        texts = [
            f"{self.texts[pair // width]}{delimiter}{other.texts[pair % width]}"
            for pair in found.tolist()
        ]
        place_of = np.zeros(len(self.texts) * width, dtype=np.intp)
        place_of[found] = np.arange(len(found))
        return Coded(texts, place_of[pairs])


#: A column of a result: coded cells, or one number for each row.
Written: TypeAlias = "Coded | Any"


class DelimitedRenderer:
    """Rows as CSV or TSV; each begins with a line end, and the last one ends with none."""

    def __init__(self, schema: ResultSchema, delimiter: str, decimal: str = ".") -> None:
        self._schema = schema
        self._delimiter = delimiter
        self._decimal = "." if decimal == delimiter else decimal
        # Rows that were read with this delimiter can be written as they were.
        self._as_read = schema.layout.delimiter == delimiter
        self._is_formula: Callable[[object], bool] = _is_never if schema.is_raw else is_formula
        self._safe = unchanged if schema.is_raw else neutral
        self._special = re.compile(rf'["\r\n{re.escape(delimiter)}]')
        self._cell = re.compile(rf'"(?:[^"]|"")*"|[^{re.escape(delimiter)}"]*')

    @property
    def head(self) -> bytes:
        """The header."""
        return self._row([self._safe(name) for name in self._schema.header]).encode()

    def render(self, rows: ResultRows) -> Rendered:
        """Return rows as bytes of UTF-8, or a buffer of Arrow."""
        if not len(rows.block):
            return Rendered(b"")
        cells = [self._texts(column) for column in self._with_few_cells_joined(rows.added)]
        escaped = 0
        if self._as_read and rows.block.rows is not None and rows.block.columns:
            own, escaped = self._harmless(rows.block)
        else:
            written = [self._written(column) for column in rows.block.columns]
            escaped = sum(count for _, count in written)
            first, *cells = [*(texts for texts, _ in written), *cells]
            own = _begun(first)
        escaped += 0 if self._schema.is_raw else rows.added_formulas()
        return Rendered(_joined(own, cells, self._delimiter), escaped)

    def _written(self, column: RawColumn) -> tuple[Any, int]:
        """Return the cells of a column, written, and how many were escaped.

        Each distinct cell is written once.
        """
        texts = [plain_text(cell) for cell in RawColumn(column.values).cells()]
        spoilt = self._formulas_in(texts)
        for place in spoilt:
            texts[place] = neutral(texts[place])
        codes = np.arange(len(texts)) if column.codes is None else column.codes
        written = _looked_up([self._quoted(text) for text in texts], codes)
        return written, int(np.isin(codes, spoilt).sum()) if spoilt else 0

    def _harmless(self, block: ColumnBlock) -> tuple[Any, int]:
        """Return rows as they were read; in one that has a formula, that cell is written again."""
        spoilt: dict[int, list[int]] = {}
        for place, column in enumerate(block.columns):
            found = self._formulas_in(column.values)
            if found and column.codes is not None:
                for row in np.flatnonzero(np.isin(column.codes, found)).tolist():
                    spoilt.setdefault(row, []).append(place)
        written = block.rows
        if not isinstance(written, list):
            if not spoilt:
                return written, 0
            written = [row[1:] for row in written.to_pylist()]
        rewritten = {
            row: self._rewritten(written[row], block, row, places) for row, places in spoilt.items()
        }
        rows = ["\n" + rewritten.get(row, text) for row, text in enumerate(written)]
        return rows, sum(map(len, spoilt.values()))

    def _formulas_in(self, cells: Any) -> list[int]:  # noqa: ANN401 - distinct cells
        """Return the places of formulas."""
        if isinstance(cells, WrittenTexts):
            return [at for at in cells.that_begin(STARTS) if self._is_formula(cells[at])]
        return [at for at, cell in enumerate(cells) if self._is_formula(cell)]

    def _rewritten(self, text: str, block: ColumnBlock, row: int, places: Sequence[int]) -> str:
        """Return a row with formulas at some places made harmless, and its other cells as read."""
        cells = [column.values[int(column.codes[row])] for column in block.columns]  # type: ignore[index] # texts have codes
        as_read = self._split(text)
        if len(as_read) != len(cells):  # a row with quotation marks in odd places
            return self._row([self._safe(cell) for cell in cells])
        for place in places:
            as_read[place] = self._quoted(neutral(cells[place]))
        return self._delimiter.join(as_read)

    def _split(self, text: str) -> list[str]:
        """Return the cells of a row as they are written; none where quotation marks are astray."""
        cells, at = [], 0
        while (found := self._cell.match(text, at)) is not None:
            cells.append(found[0])
            at = found.end()
            if at == len(text):
                return cells
            if text[at] != self._delimiter:
                break
            at += 1
        return []

    def _quoted(self, cell: str) -> str:
        if not self._special.search(cell):
            return cell
        return self._row([cell, ""])[: -len(self._delimiter)]

    def _texts(self, column: Written) -> Any:  # noqa: ANN401 - texts or an Arrow array of them
        if isinstance(column, Coded):
            return _looked_up(column.texts, column.codes)
        return _figures(column, self._decimal)

    def _with_few_cells_joined(self, columns: Sequence[RawColumn]) -> list[Written]:
        """Join neighbouring columns of few distinct cells, so that each pair is written once."""
        written: list[Written] = []
        for column in columns:
            if column.codes is None:
                written.append(column.values)
                continue
            if column.numbers is None:
                texts = [self._quoted(self._safe(plain_text(value))) for value in column.values]
            else:
                texts = list(map(str, _figures(column.values, self._decimal)))
            own = Coded(texts, column.codes)
            before = written[-1] if written else None
            joined = before.beside(own, self._delimiter) if isinstance(before, Coded) else None
            if joined is None:
                written.append(own)
            else:
                written[-1] = joined
        return written

    def _row(self, cells: Sequence[str]) -> str:
        return written_row(cells, self._delimiter)


def _is_never(_cell: object) -> bool:
    return False


def _joined(rows: Any, answers: Sequence[Any], delimiter: str) -> Any:  # noqa: ANN401
    """Return the cells of all rows as one text, a buffer of Arrow."""
    import pyarrow as pa
    from pyarrow import compute

    written = _strings(rows) if isinstance(rows, list) else rows
    between = _strings([delimiter])[0]
    whole = compute.binary_join_element_wise(written, *answers, between)
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.combine_chunks()
    _, offsets, data = whole.buffers()
    ends = np.frombuffer(offsets, dtype=np.int32, count=len(whole) + 1 + whole.offset)
    start = int(ends[whole.offset])
    return data.slice(start, int(ends[-1]) - start)


def extended_rows(rows: Any, cells: Mapping[str, str], delimiter: str | None) -> Any:  # noqa: ANN401 - see `ColumnBlock`
    """Return rows, as they are written, with further cells at their end."""
    between = delimiter or ","
    end = between + written_row([*cells.values()], between)
    if isinstance(rows, list):
        return [f"{row}{end}" for row in rows]
    from pyarrow import compute

    further, nothing = _strings([end, ""])
    return compute.binary_join_element_wise(rows, further, nothing)


def _begun(cells: Any) -> Any:  # noqa: ANN401 - texts or an Arrow array of them
    """Return cells that each begin a row."""
    from pyarrow import compute

    newline, nothing = _strings(["\n", ""])
    return compute.binary_join_element_wise(newline, cells, nothing)


def _figures(values: Any, decimal: str) -> Any:  # noqa: ANN401
    """Write numbers with every digit that they have; none for NaN."""
    import pyarrow as pa
    from pyarrow import compute

    numbers = np.ascontiguousarray(values, dtype=np.float64)
    is_none = np.isnan(numbers)
    some = pa.py_buffer(np.packbits(~is_none, bitorder="little")) if is_none.any() else None
    array = pa.Array.from_buffers(pa.float64(), len(numbers), [some, pa.py_buffer(numbers)])
    texts = compute.cast(array, pa.string())
    if texts.null_count:
        texts = texts.fill_null(_strings([""])[0])  # a plain text would load pandas
    return texts if decimal == "." else compute.replace_substring(texts, ".", decimal)


def _looked_up(cells: list[str], codes: Any) -> Any:  # noqa: ANN401
    import pyarrow as pa

    places = np.ascontiguousarray(codes, dtype=np.int64)
    array = pa.Array.from_buffers(pa.int64(), len(places), [None, pa.py_buffer(places)])
    return _strings(cells).take(array)


def _strings(cells: Sequence[str]) -> Any:  # noqa: ANN401 - an Arrow array
    """Return texts as an array; `pyarrow.array` would load pandas to ask whether they are its."""
    import pyarrow as pa

    written = [cell.encode() for cell in cells]
    offsets = np.zeros(len(written) + 1, dtype=np.int32)
    np.cumsum([len(each) for each in written], out=offsets[1:])
    data = pa.py_buffer(b"".join(written))
    return pa.StringArray.from_buffers(len(written), pa.py_buffer(offsets), data)

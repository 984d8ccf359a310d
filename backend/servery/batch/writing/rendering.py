"""Scored rows as they are written: bytes of text, Arrow record batches, or rows of cells.

Rendering is work, so that it is done where the chunk is scored; only `sinks` writes.
Rows that were read as text go out as that same text: what a row was is never changed, but for
formulas, which are made harmless.
"""

import csv
import io
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

import msgspec
import numpy as np

from servery.batch.parsing import Fault
from servery.batch.parsing.formulas import is_formula, neutral
from servery.batch.parsing.matching import Matching
from servery.batch.reading import Format
from servery.batch.reading.delimited import HAS_ARROW
from servery.batch.reading.tables import Layout, RawColumn
from servery.batch.scoring import Scored
from servery.signature import BooleanInput, InputWarning, IntegerInput, NumericInput, Signature
from servery.signature.inputs import LARGEST_EXACT


class Renderer(Protocol):
    """Makes what is written of scored rows."""

    format: Format

    def head(self) -> bytes:
        """Return what comes before the first row, without a line end."""
        ...

    def render(self, scored: Scored) -> Any:  # noqa: ANN401 - each sink takes its own
        """Return rows as the sink of the format takes them."""
        ...


@dataclass
class Shape:
    """What a result looks like: the table's own columns, then the answers'."""

    signature: Signature
    layout: Layout
    matching: Matching
    answers: Sequence[str]

    @property
    def header(self) -> list[str]:
        """Names of all columns."""
        return [*self.layout.header, *self.answers]

    def typed(self, scored: Scored) -> Iterator[list[Any]]:
        """Return the table's own columns, numbers as numbers where their text was read as one.

        An empty cell of a text file is a missing value there, and None here.
        """
        numbers = self.numbers()
        is_text = self.layout.format in ("csv", "tsv")
        for place, column in enumerate(scored.block.columns):
            cells = [cell or None for cell in column.cells()] if is_text else column.cells()
            if place not in numbers:
                yield cells
                continue
            at, item = numbers[place]
            values = _plain(item, scored.parsed.columns[at])
            yield [
                cell if value is None and cell != "" else value
                for cell, value in zip(cells, values, strict=True)
            ]

    def numbers(self) -> dict[int, tuple[int, Any]]:
        """Return the columns that are numbers, or true and false: their inputs."""
        return {
            place: (at, item)
            for at, (item, place) in enumerate(
                zip(self.signature.inputs, self.matching.places, strict=True)
            )
            if place is not None and isinstance(item, (NumericInput, BooleanInput))
        }


def _plain(item: Any, values: Any) -> list[Any]:  # noqa: ANN401 - an input and its column
    kind: type = float
    if isinstance(item, IntegerInput):
        kind = int
    elif isinstance(item, BooleanInput):
        kind = bool
    return [None if value != value else kind(value) for value in values.tolist()]


def remarks(scored: Scored, *, plain: Callable[[str], str] = str) -> tuple[RawColumn, RawColumn]:
    """Return the columns ``warnings`` and ``error``, most of which is empty."""
    size = len(scored.block)
    faults = scored.parsed.faults
    warned = {row: odd for row, odd in scored.parsed.warnings.items() if row not in faults}
    return _remarked(warned, size, plain), _remarked(faults, size, plain)


def _remarked(
    odd: "dict[int, list[InputWarning]] | dict[int, list[Fault]]",
    size: int,
    plain: Callable[[str], str],
) -> RawColumn:
    codes = np.zeros(size, dtype=np.intp)
    texts: dict[str | None, int] = {None: 0}
    for row, each in odd.items():
        codes[row] = texts.setdefault(plain(reasons(each)), len(texts))
    return RawColumn(list(texts), codes)


def reasons(odd: "Sequence[InputWarning] | Sequence[Fault]") -> str:
    """Return what is odd about a row as one text, each thing with its input."""
    return "; ".join(f"{each.input}: {each.detail}" if each.input else each.detail for each in odd)


@dataclass
class DelimitedRenderer:
    """Rows as CSV or TSV; each begins with a line end, and the last one ends with none."""

    shape: Shape
    format: Format
    delimiter: str
    decimal: str = "."

    def __post_init__(self) -> None:
        """Prepare the quoting of cells."""
        layout = self.shape.layout
        # Rows that were read with this delimiter can be written as they were.
        self._as_read = getattr(layout, "delimiter", None) == self.delimiter
        if self.decimal == self.delimiter:
            self.decimal = "."

    def head(self) -> bytes:
        """Return the header."""
        return self._row([neutral(name) for name in self.shape.header]).encode()

    def render(self, scored: Scored) -> Any:  # noqa: ANN401 - bytes, or a buffer of Arrow
        """Return rows as bytes of UTF-8."""
        if not len(scored.block):
            return b""
        rows = self._rows(scored)
        _count_formulas(scored)
        warnings, error = remarks(scored, plain=neutral)
        answers = [self._texts(column) for column in (*scored.answers, warnings, error)]
        return _joined(rows, answers, self.delimiter)

    def _rows(self, scored: Scored) -> Any:  # noqa: ANN401 - texts or an Arrow array of them
        """Return the table's own cells of each row, written."""
        block = scored.block
        if self._as_read and block.rows is not None:
            return self._harmless(scored)
        columns = [[plain_text(cell) for cell in column.cells()] for column in block.columns]
        for cells in columns:
            for row, cell in enumerate(cells):
                if is_formula(cell):
                    cells[row] = neutral(cell)
                    scored.summary.neutralised += 1
        return ["\n" + self._row(cells) for cells in zip(*columns, strict=True)]

    def _harmless(self, scored: Scored) -> Any:  # noqa: ANN401
        """Return rows as they were read; one that has a formula is written anew."""
        block = scored.block
        spoilt: set[int] = set()
        for column in block.columns:
            found = [code for code, cell in enumerate(column.values) if is_formula(cell)]
            if found and column.codes is not None:
                rows = np.flatnonzero(np.isin(column.codes, found)).tolist()
                scored.summary.neutralised += len(rows)
                spoilt.update(rows)
        written = block.rows
        if not isinstance(written, list):
            if not spoilt:
                return written
            written = [row[1:] for row in written.to_pylist()]
        anew = {
            row: self._row(
                [neutral(column.values[int(column.codes[row])]) for column in block.columns]  # type: ignore[index] # texts have codes
            )
            for row in spoilt
        }
        return ["\n" + anew.get(row, text) for row, text in enumerate(written)]

    def _texts(self, column: RawColumn) -> Any:  # noqa: ANN401 - texts or an Arrow array of them
        if column.codes is None:
            return _figures(column.values, self.decimal)
        cells = [
            self._row([neutral(plain_text(value)), ""])[: -len(self.delimiter)]
            for value in column.values
        ]
        return _looked_up(cells, column.codes)

    def _row(self, cells: Sequence[str]) -> str:
        sink = io.StringIO(newline="")
        # What stands here is what a cell is quoted for, so that both line ends have to.
        csv.writer(sink, delimiter=self.delimiter, lineterminator="\r\n").writerow(cells)
        return sink.getvalue()[:-2]


def _count_formulas(scored: Scored) -> None:
    """Count the answers that are made harmless: classes may be called as formulas are."""
    for column in scored.answers:
        if column.codes is not None:
            texts = map(plain_text, column.values)  # a set of classes is one as well
            found = [code for code, text in enumerate(texts) if is_formula(text)]
            if found:
                scored.summary.neutralised += int(np.isin(column.codes, found).sum())


def _joined(rows: Any, answers: Sequence[Any], delimiter: str) -> Any:  # noqa: ANN401
    """Return the cells of all rows as one text: bytes, or a buffer of Arrow."""
    if not HAS_ARROW:
        return "".join(map(delimiter.join, zip(rows, *answers, strict=True))).encode()
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


def _figures(values: Any, decimal: str) -> Any:  # noqa: ANN401
    """Write numbers with every digit that they have; none for NaN."""
    if not HAS_ARROW:
        numbers = values.tolist()
        texts = ["" if each != each else repr(each).removesuffix(".0") for each in numbers]
        return texts if decimal == "." else [text.replace(".", decimal) for text in texts]
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
    if not HAS_ARROW:
        return [cells[code] for code in codes.tolist()]
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


def plain_text(value: object) -> str:
    """Return a cell of any type as text."""
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (dict, list)):
        return as_json(value).decode()
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    if isinstance(value, tuple):
        return "; ".join(map(_listed, value))
    return str(value)


#: Decimals keep their digits; what JSON has no type for, such as moments of pandas, is a text.
as_json = msgspec.json.Encoder(enc_hook=plain_text, decimal_format="number").encode


def _listed(value: object) -> str:
    """Return one of several values, in quotes where it could be taken for more than one."""
    text = plain_text(value)
    is_plain = text and text == text.strip() and not {";", '"'} & set(text)
    return text if is_plain else '"{}"'.format(text.replace('"', '""'))


@dataclass
class JsonLinesRenderer:
    """Rows as JSON lines; each begins with a line end."""

    shape: Shape
    format: Format = "jsonl"

    def head(self) -> bytes:
        """Return nothing."""
        return b""

    def render(self, scored: Scored) -> bytes:
        """Return rows as bytes of UTF-8."""
        names = [msgspec.json.encode(name).decode() for name in self.shape.answers]
        members = [
            [f"{name}:{text}" for text in _json(column)]
            for name, column in zip(names, (*scored.answers, *remarks(scored)), strict=True)
        ]
        told = [",".join(row) for row in zip(*members, strict=True)]
        return "".join(map("\n{}{}}}".format, self._opened(scored), told)).encode()

    def _opened(self, scored: Scored) -> Iterator[str]:
        """Return each row's own members, and a comma."""
        if self.shape.layout.format == "jsonl":
            for text in scored.block.rows:
                start = text[:-1].rstrip()
                yield start if start.endswith("{") else f"{start},"
            return
        header = self.shape.layout.header
        for cells in zip(*self.shape.typed(scored), strict=True):
            own = as_json(dict(zip(header, map(_sendable, cells), strict=True)))
            yield own.decode()[:-1] + ("," if header else "")


def _json(column: RawColumn) -> list[str]:
    if column.codes is None:
        return [
            "null" if value != value else msgspec.json.encode(value).decode()
            for value in np.asarray(column.values).tolist()
        ]
    texts = [msgspec.json.encode(value).decode() for value in column.values]
    return [texts[code] for code in column.codes.tolist()]


def _sendable(value: Any) -> Any:  # noqa: ANN401 - a cell
    if isinstance(value, bytes) or value in (np.inf, -np.inf):
        return plain_text(value)
    return None if value != value else value


@dataclass
class ParquetRenderer:
    """Rows as Arrow record batches of one schema, which is told before the first row is read."""

    shape: Shape
    kinds: Sequence[Any]
    format: Format = "parquet"

    def head(self) -> bytes:
        """Return nothing."""
        return b""

    @property
    def schema(self) -> Any:  # noqa: ANN401 - of Arrow
        """Names and types of all columns."""
        import pyarrow as pa

        return pa.schema(list(zip(self.shape.header, self.kinds, strict=True)))

    def render(self, scored: Scored) -> Any:  # noqa: ANN401 - a record batch
        """Return rows as a record batch."""
        import pyarrow as pa

        schema = self.schema
        arrays: list[Any]
        if scored.block.source is not None:
            arrays = list(scored.block.source.columns)
        elif self.shape.layout.format in ("csv", "tsv"):
            arrays = list(self._of_texts(scored))
        else:
            arrays = [
                _fitting(cells, kind)
                for cells, kind in zip(self.shape.typed(scored), self.kinds, strict=False)
            ]
        for column in (*scored.answers, *remarks(scored)):
            kind = self.kinds[len(arrays)]
            if column.codes is None:
                arrays.append(pa.array(np.asarray(column.values), kind, from_pandas=True))
            else:
                cells = list(column.values)
                values = (
                    _fitting(cells, kind) if pa.types.is_string(kind) else pa.array(cells, kind)
                )
                arrays.append(values.take(pa.array(column.codes)))
        return pa.RecordBatch.from_arrays(arrays, schema=schema)

    def _of_texts(self, scored: Scored) -> Iterator[Any]:
        """Return the table's own columns, where every cell is a text: each distinct one once."""
        import pyarrow as pa

        numbers = self.shape.numbers()
        for place, column in enumerate(scored.block.columns):
            kind = self.kinds[place]
            if place in numbers:
                values = scored.parsed.columns[numbers[place][0]]
                yield pa.array(values, from_pandas=True).cast(kind)
            else:
                texts = pa.array([text or None for text in column.values], kind)
                yield texts.take(pa.array(column.codes))


def parquet_kinds(
    shape: Shape, table_kinds: Sequence[Any] | None, answers: Sequence[RawColumn]
) -> list[Any]:
    """Return the Arrow type of each column.

    Parameters
    ----------
    table_kinds
        Of the table's own columns, where it has such; else they are numbers or texts.
    answers
        Answers for some rows, or for none: they are of the types that all have.
    """
    import pyarrow as pa

    if table_kinds is None:
        numbers = shape.numbers()
        table_kinds = [
            _arrow_kind(numbers[place][1]) if place in numbers else pa.string()
            for place in range(len(shape.layout.header))
        ]
    told = [
        pa.float64() if column.codes is None else pa.array(list(column.values)).type
        for column in answers
    ]
    return [*table_kinds, *told, pa.string(), pa.string()]


def _arrow_kind(item: Any) -> Any:  # noqa: ANN401 - an input, and a type of Arrow
    import pyarrow as pa

    if isinstance(item, IntegerInput):
        return pa.int64()
    return pa.bool_() if isinstance(item, BooleanInput) else pa.float64()


def _fitting(cells: list[Any], kind: Any) -> Any:  # noqa: ANN401 - of Arrow
    """Return cells as an array of a type; what is of no such type is missing in it."""
    import pyarrow as pa

    if pa.types.is_string(kind):
        return pa.array(
            [None if cell is None or cell == "" else plain_text(cell) for cell in cells], kind
        )
    return pa.array([_number(cell, kind) for cell in cells], kind)


def _number(cell: Any, kind: Any) -> Any:  # noqa: ANN401 - a cell, and a type of Arrow
    """Return a cell that a column of numbers, or of truths, holds exactly; else None."""
    import pyarrow as pa

    if pa.types.is_boolean(kind):
        return cell if type(cell) is bool else None
    if pa.types.is_floating(kind) and type(cell) is float:
        return cell
    return cell if type(cell) is int and abs(cell) <= LARGEST_EXACT else None


@dataclass
class ExcelRenderer:
    """Rows as tuples of cells."""

    shape: Shape
    format: Format = "xlsx"

    def head(self) -> bytes:
        """Return nothing."""
        return b""

    def render(self, scored: Scored) -> list[tuple[Any, ...]]:
        """Return rows of values that a workbook can hold."""
        own = list(self.shape.typed(scored))
        for cells in own:
            for row, cell in enumerate(cells):
                if is_formula(cell):
                    scored.summary.neutralised += 1
                cells[row] = _holdable(cell)
        _count_formulas(scored)
        answers = [
            list(map(_holdable, column.cells())) for column in (*scored.answers, *remarks(scored))
        ]
        return list(zip(*own, *answers, strict=True))


#: The most that one cell of a workbook holds.
LONGEST_CELL = 32_767
CONTROLS = dict.fromkeys(set(range(32)) - {9, 10, 13}, "\ufffd")
#: Before it, Excel counts a day too many.
FIRST_DAY = date(1900, 3, 1)


def _holdable(cell: Any) -> Any:  # noqa: ANN401 - a cell
    """Return a cell as a workbook can hold it: a text where a number or a day would change."""
    if cell is None or cell != cell:
        return None
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, (int, float)) and abs(cell) <= sys.float_info.max:
        return cell if isinstance(cell, float) or abs(cell) <= LARGEST_EXACT else str(cell)
    if isinstance(cell, date) and _is_excel_day(cell):
        return cell
    return held_text(neutral(plain_text(cell)))


def _is_excel_day(day: date) -> bool:
    is_early = date(day.year, day.month, day.day) < FIRST_DAY
    # A sheet holds milliseconds; what is finer than microseconds is of pandas.
    is_fine = getattr(day, "microsecond", 0) % 1_000 or getattr(day, "nanosecond", 0)
    return not (is_early or is_fine or getattr(day, "tzinfo", None))


def held_text(text: str) -> str:
    """Return a text as a cell of a workbook holds it; what is lost shows."""
    text = text.translate(CONTROLS)
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"


def renderer_of(
    kind: Format,
    shape: Shape,
    answers: Sequence[RawColumn],
    *,
    decimal: str | None = None,
    table_kinds: Sequence[Any] | None = None,
) -> Renderer:
    """Return what writes a format; `parquet_kinds` says what the types are for."""
    if kind == "jsonl":
        return JsonLinesRenderer(shape)
    if kind == "parquet":
        return ParquetRenderer(shape, parquet_kinds(shape, table_kinds, answers))
    if kind == "xlsx":
        return ExcelRenderer(shape)
    delimiter = "\t" if kind == "tsv" else getattr(shape.layout, "delimiter", ",")
    if kind == "csv" and shape.layout.format == "tsv":
        delimiter = ","
    return DelimitedRenderer(shape, kind, delimiter, decimal or ".")

"""OpenDocument spreadsheets (.ods): their sheets, whose rows stream by."""

import contextlib
import zipfile
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from xml.etree import ElementTree

from servery.errors import TableTooLarge, TableUnreadable
from servery.tables.cells import (
    MERGED,
    FaultyCell,
    error_cell,
    merged_cell,
    uncalculated_cell,
    valueless_cell,
)
from servery.tables.reading import Reading
from servery.tables.sheets import Sheet, SheetRows, column_letters, hidden_rows_noted

#: The only member of such a file that is read, and the one that says what it is.
CONTENT, MIME_TYPE = "content.xml", "mimetype"
SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
#: What a sheet can hold.
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
#: Cells of equal rows, which are written once: a small file could have billions.
MOST_REPEATED = 20_000_000

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")


class Span(NamedTuple):
    """Cells that are merged with the first of them, whose name this has."""

    name: str
    bottom: int
    columns: range


@dataclass(frozen=True, slots=True)
class SheetOutline:
    """What a look at the whole file shows of a sheet."""

    title: str
    is_hidden: bool
    cells: int
    hidden_rows: int


class OpenDocument:
    """A spreadsheet, as LibreOffice saves it."""

    def __init__(self, name: str, source: Any, reading: Reading) -> None:  # noqa: ANN401 - a file
        self.name = name
        self._source = source
        try:
            with self._damage_named():
                self._archive = zipfile.ZipFile(source)
                size = self._archive.getinfo(CONTENT).file_size
            if size > reading.limits.unpacked_bytes:
                raise TableTooLarge(
                    f"{name} unpacks to {size:,} bytes, and {reading.limits.unpacked_bytes:,} are "
                    "taken; save it as CSV or Parquet."
                )
            with self._damage_named():
                self._sheets = [OpenDocumentSheet(self, facts) for facts in self._facts()]
        except BaseException:
            self._close_source()
            raise

    def sheets(self) -> Sequence[Sheet]:
        """Return its sheets of cells, in their order."""
        return self._sheets

    def close(self) -> None:
        """Close the file."""
        self._archive.close()
        self._close_source()

    def rows(self, title: str) -> SheetRows:
        """Go through the rows of a sheet that are not blank."""
        with self._damage_named():
            for found, _, rows in self._tables():
                if found == title:
                    yield from ((line, cells) for line, cells, _ in rows)
                    return

    def _facts(self) -> Iterator[SheetOutline]:
        for title, is_hidden, rows in self._tables():
            cells = hidden = 0
            for _, row, is_collapsed in rows:
                cells += sum(cell is not None for cell in row)
                hidden += is_collapsed
            yield SheetOutline(title, is_hidden, cells, hidden)

    def _tables(
        self,
    ) -> "Iterator[tuple[str, bool, Generator[tuple[int, list[Any], bool]]]]":
        """Go through the sheets: their titles, whether they are hidden, and their rows."""
        hidden_styles: set[str | None] = set()
        with self._archive.open(CONTENT) as xml:
            # Expat bounds what entities expand to, and reads no other file.
            events = ElementTree.iterparse(xml, ("start", "end"))  # noqa: S314
            for event, element in events:
                if event == "end" and element.tag == f"{STYLE}style":
                    properties = element.find(f"{STYLE}table-properties")
                    if properties is not None and properties.get(f"{TABLE}display") == "false":
                        hidden_styles.add(element.get(f"{STYLE}name"))
                elif event == "start" and element.tag == f"{TABLE}table":
                    title = element.get(f"{TABLE}name") or ""
                    rows = _rows(events, element)
                    yield title, element.get(f"{TABLE}style-name") in hidden_styles, rows
                    for _ in rows:  # to the end of the sheet
                        pass

    def _close_source(self) -> None:
        if hasattr(self._source, "close"):
            self._source.close()

    @contextlib.contextmanager
    def _damage_named(self) -> Iterator[None]:
        try:
            yield
        except TableUnreadable:
            raise
        except Exception as error:  # an archive and its XML raise whatever their bytes make them
            raise TableUnreadable(f"{self.name} is a damaged OpenDocument spreadsheet.") from error


class OpenDocumentSheet:
    """A sheet of a spreadsheet."""

    def __init__(self, book: OpenDocument, facts: SheetOutline) -> None:
        self._book, self._facts = book, facts
        self.title, self.is_hidden = facts.title, facts.is_hidden

    def is_filled(self) -> bool:
        """Return whether it has several cells."""
        return self._facts.cells > 1

    def rows(self) -> SheetRows:
        """Go through the rows that are not blank."""
        return self._book.rows(self.title)

    def totals(self) -> Collection[int]:
        """Return none: the format does not say which rows hold totals."""
        return ()

    def notes(self) -> Sequence[str]:
        """Say how many rows are hidden."""
        return hidden_rows_noted(self._facts.hidden_rows)


def is_open_document(source: Any) -> bool:  # noqa: ANN401 - a file
    """Return whether an archive is a spreadsheet of this format."""
    try:
        with zipfile.ZipFile(source) as archive:
            if not {CONTENT, MIME_TYPE} <= set(archive.namelist()):
                return False
            with archive.open(MIME_TYPE) as member:
                return member.read(len(SPREADSHEET)) == SPREADSHEET
    except Exception:  # an archive raises whatever its bytes make it raise; Excel's reader says so
        return False


def _rows(
    events: "Iterator[tuple[str, ElementTree.Element]]", table: ElementTree.Element
) -> "Generator[tuple[int, list[Any], bool]]":
    """Go through the rows of a table that have cells, with their numbers, until it ends."""
    line, repeated, spans = 0, 0, list[Span]()
    for event, element in events:
        if event != "end":
            continue
        if element is table:
            return
        if element.tag != f"{TABLE}table-row":
            continue
        times = int(element.get(f"{TABLE}number-rows-repeated") or 1)
        is_hidden = element.get(f"{TABLE}visibility") in ("collapse", "filter")
        row = _cells(element, line + 1, spans)
        table.clear()
        if any(_has_value(cell) for cell in row):
            repeated += (times - 1) * len(row)
            if line + times > MOST_ROWS or repeated > MOST_REPEATED:
                raise ValueError("rows")
            for at in range(times):
                yield line + at + 1, list(row), is_hidden
        line += times
        spans = [span for span in spans if span.bottom > line]


def _cells(row: ElementTree.Element, line: int, spans: list[Span]) -> list[Any]:
    """Return the cells of a row; blank ones at its end may be a million, and are left out."""
    cells: list[Any] = []
    for element in row:
        if element.tag not in CELLS:
            continue
        times = int(element.get(f"{TABLE}number-columns-repeated") or 1)
        cell = _value(element)
        if cell is None and element.tag == CELLS[1]:
            name = next((span.name for span in spans if len(cells) in span.columns), "another one")
            cell = merged_cell(name)
        across = int(element.get(f"{TABLE}number-columns-spanned") or 1)
        down = int(element.get(f"{TABLE}number-rows-spanned") or 1)
        if across > 1 or down > 1:
            columns = range(len(cells), len(cells) + across)
            spans.append(Span(f"{column_letters(len(cells))}{line}", line + down - 1, columns))
        cells += [cell] * min(times, MOST_COLUMNS - len(cells))
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def _has_value(cell: Any) -> bool:  # noqa: ANN401 - a cell
    """Return whether a cell is neither blank nor hidden behind another one."""
    return cell is not None and not (isinstance(cell, FaultyCell) and cell.code == MERGED)


def _number(text: str) -> float:
    number = float(text)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _day(text: str) -> date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _truth(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"


#: Where a cell of a type has its value, and how it is read.
VALUES: Mapping[str | None, tuple[str, Callable[[str], object]]] = {
    **dict.fromkeys(("float", "percentage", "currency"), ("value", _number)),
    "boolean": ("boolean-value", _truth),
    "date": ("date-value", _day),
}


def _value(cell: ElementTree.Element) -> Any:  # noqa: ANN401 - a cell
    kind = cell.get(f"{OFFICE}value-type")
    if cell.get(f"{CALC}value-type") == "error":
        return error_cell(_text(cell) or "#ERR!")
    if kind in VALUES:
        attribute, read = VALUES[kind]
        written = cell.get(f"{OFFICE}{attribute}", "")
        try:
            return read(written)
        except ValueError:
            shown = _text(cell) or written
        if shown:
            return shown if kind == "date" else valueless_cell(shown)
    else:
        text = cell.get(f"{OFFICE}string-value")
        if text is None:
            text = _text(cell) or cell.get(f"{OFFICE}time-value", "")
        if kind is not None or text:
            return text
    return uncalculated_cell() if cell.get(f"{TABLE}formula") is not None else None


def _text(cell: ElementTree.Element) -> str:
    """Return the paragraphs of a cell, without its comments."""
    return "\n".join("".join(_pieces(each)) for each in cell.findall(f"{TEXT}p"))


def _pieces(element: ElementTree.Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == f"{TEXT}s":
            yield " " * min(int(child.get(f"{TEXT}c") or 1), MOST_COLUMNS)
        elif child.tag == f"{TEXT}tab":
            yield "\t"
        elif child.tag == f"{TEXT}line-break":
            yield "\n"
        elif not child.tag.startswith(OFFICE):
            yield from _pieces(child)
        yield child.tail or ""

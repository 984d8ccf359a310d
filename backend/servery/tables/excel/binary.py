"""Binary workbooks of Excel (.xlsb), read row by row.

References
----------
Microsoft, [MS-XLSB]: Excel (.xlsb) Binary File Format.
"""

import contextlib
import math
import posixpath
import re
import struct
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NamedTuple

from servery.errors import TableUnreadable
from servery.tables.cells import error_cell, number_cell
from servery.tables.excel.days import day_of
from servery.tables.excel.facts import ExcelSheet, Merge, SheetFacts, in_order, refuse_endless
from servery.tables.excel.reader import SHEET_COLUMNS, SHEET_ROWS, damaged, refuse_bomb
from servery.tables.reading import Reading
from servery.tables.sheets import Sheet, column_letters

#: Parts of such a workbook.
WORKBOOK, LINKS = "xl/workbook.bin", "xl/_rels/workbook.bin.rels"
STRINGS, STYLES = "xl/sharedStrings.bin", "xl/styles.bin"
LINK = re.compile(r"<(?:\w+:)?Relationship\s[^>]*>")
ATTRIBUTE = re.compile(r"\b(Id|Target|Type)\s*=\s*[\"']([^\"']*)[\"']")
OF_CELLS = "/worksheet"

# Kinds of records.
ROW, BLANK, RK, ERROR, BOOLEAN, REAL, TEXT, SHARED = range(8)
FORMULA_TEXT, FORMULA_REAL, FORMULA_BOOLEAN, FORMULA_ERROR = range(8, 12)
RICH_TEXT = 62
CELLS = frozenset([*range(BLANK, FORMULA_ERROR + 1), RICH_TEXT])
STRING, FORMAT, STYLE = 19, 44, 47
WORKBOOK_FACTS, SHEET, MERGED_CELLS = 153, 156, 176
STYLES_BEGIN, STYLES_END = 617, 618

PIECE = 1 << 20
#: Of the kind and the size of a record.
MOST_HEAD_BYTES = 6
#: The longest record that is taken: a cell has at most 32,767 letters.
MOST_RECORD_BYTES = 16 * 1024**2
#: Where the head of a row says that it is hidden.
HIDDEN_AT, HIDDEN = 11, 0x10
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
_cell = struct.Struct("<II").unpack_from
_number = struct.Struct("<I").unpack_from
_real = struct.Struct("<d").unpack_from


class Record(NamedTuple):
    """A record of a part: its kind, and its bytes."""

    kind: int
    body: bytes


def records_of(part: IO[bytes]) -> Iterator[Record]:
    """Iterate over the records of a part.

    Raises
    ------
    ValueError
        One is longer than any that a program writes, or cut off.
    """
    ahead, at = b"", 0
    while True:
        if len(ahead) - at < MOST_HEAD_BYTES:
            ahead, at = ahead[at:] + part.read(PIECE), 0
        if at == len(ahead):
            return
        kind, at = _varied(ahead, at, 2)
        size, at = _varied(ahead, at, 4)
        if size > MOST_RECORD_BYTES:
            raise ValueError(size)
        if len(ahead) - at < size:
            ahead, at = ahead[at:] + part.read(max(size, PIECE)), 0
        body = ahead[at : at + size]
        if len(body) < size:
            raise ValueError(kind)
        at += size
        yield Record(kind, body)


def _varied(data: bytes, at: int, most: int) -> tuple[int, int]:
    """Return a number with seven bits per byte; the eighth is set in all bytes but the last."""
    number = 0
    for place in range(most):
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            break
    return number, at


def _text(body: bytes, at: int) -> str:
    """Return a text that is preceded by its length."""
    (letters,) = _number(body, at)
    end = at + 4 + 2 * letters
    if end > len(body):
        raise ValueError(letters)
    return body[at + 4 : end].decode("utf-16-le", "replace")


def _compact(number: int) -> float:
    """Return a number of 30 bits: a whole number or the top of a double, maybe in hundredths."""
    if number & 2:
        value = float((number >> 2) - (1 << 30 if number & 1 << 31 else 0))
    else:
        value = _real(struct.pack("<II", 0, number & ~3))[0]
    return value / 100 if number & 1 else value


@dataclass(frozen=True, slots=True)
class Shown:
    """How a workbook shows numbers that are days or durations.

    Attributes
    ----------
    days
        The styles of days and durations; true for durations.
    """

    strings: Sequence[str]
    days: Mapping[int, bool]
    epoch: Any

    def cell(self, record: Record) -> tuple[int, Any]:
        """Return the column of a cell, and its value."""
        kind, body = record
        column, style = _cell(body)
        return column, self._value(kind, body, style & 0xFFFFFF)

    def _value(self, kind: int, body: bytes, style: int) -> Any:  # noqa: ANN401 - a cell
        if kind in (RK, REAL, FORMULA_REAL):
            number = _compact(_number(body, 8)[0]) if kind == RK else _real(body, 8)[0]
            if not math.isfinite(number):
                raise ValueError(number)
            if style in self.days:
                return day_of(number, self.epoch, is_duration=self.days[style])
            return number_cell(number)
        if kind == SHARED:
            return self.strings[_number(body, 8)[0]]
        if kind in (TEXT, FORMULA_TEXT):
            return _text(body, 8)
        if kind == RICH_TEXT:
            return _text(body, 9)
        if kind in (BOOLEAN, FORMULA_BOOLEAN):
            return bool(body[8])
        if kind in (ERROR, FORMULA_ERROR):
            return error_cell(ERRORS.get(body[8], "#ERROR!"))
        return None


class BinaryWorkbook:
    """A workbook, as Excel saves it in its binary format."""

    def __init__(self, name: str, source: Any, reading: Reading) -> None:  # noqa: ANN401 - a file
        self.name = name
        self._file = source.open("rb") if isinstance(source, Path) else source
        try:
            with self.damage_named():
                self._archive = zipfile.ZipFile(self._file)
                refuse_bomb(name, self._archive, reading.limits)
                self.shown = Shown(list(self._strings()), self._days(), self._epoch())
                self._sheets = list(self._found_sheets())
        except BaseException:
            self._file.close()
            raise

    def sheets(self) -> Sequence[Sheet]:
        """Return its sheets of cells, in their order."""
        return self._sheets

    def close(self) -> None:
        """Close the workbook, and the file that it was kept in."""
        self._archive.close()
        self._file.close()

    @contextlib.contextmanager
    def records(self, part: str) -> Iterator[Iterator[Record]]:
        """Open a part; a missing one has no records."""
        if part not in self._archive.namelist():
            yield iter(())
            return
        with self._archive.open(part) as file:
            yield records_of(file)

    @contextlib.contextmanager
    def damage_named(self) -> Iterator[None]:
        """Turn whatever its bytes raise into an error."""
        try:
            yield
        except TableUnreadable:
            raise
        except Exception as error:  # an archive raises whatever its bytes make it raise
            raise damaged(self.name) from error

    def _strings(self) -> Iterator[str]:
        with self.records(STRINGS) as records:
            yield from (_text(body, 1) for kind, body in records if kind == STRING)

    def _days(self) -> dict[int, bool]:
        """Return the styles of cells that show days or durations."""
        from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

        formats, days = dict(BUILTIN_FORMATS), dict[int, bool]()
        with self.records(STYLES) as records:
            styles: int | None = None
            for kind, body in records:
                if kind == FORMAT:
                    formats[int.from_bytes(body[:2], "little")] = _text(body, 2)
                elif kind == STYLES_BEGIN:
                    styles = 0
                elif kind == STYLES_END:
                    break
                elif kind == STYLE and styles is not None:
                    shown = formats.get(int.from_bytes(body[2:4], "little"))
                    if is_date_format(shown):
                        days[styles] = is_timedelta_format(shown)
                    styles += 1
        return days

    def _epoch(self) -> Any:  # noqa: ANN401 - of openpyxl
        from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

        with self.records(WORKBOOK) as records:
            facts = next((body for kind, body in records if kind == WORKBOOK_FACTS), b"\0")
        return MAC_EPOCH if facts[0] & 1 else WINDOWS_EPOCH

    def _found_sheets(self) -> Iterator["BinarySheet"]:
        links = self._archive.read(LINKS).decode()
        found = [dict(ATTRIBUTE.findall(link)) for link in LINK.findall(links)]
        parts = {
            each["Id"]: posixpath.normpath(posixpath.join("/xl", each["Target"]))[1:]
            for each in found
            if each["Type"].endswith(OF_CELLS)
        }
        with self.records(WORKBOOK) as records:
            for body in (body for kind, body in records if kind == SHEET):
                link = _text(body, 8)
                if link in parts:
                    title = _text(body, 12 + 2 * len(link))
                    yield BinarySheet(self, title, parts[link], is_hidden=any(body[:4]))


class BinarySheet(ExcelSheet):
    """A sheet of such a workbook."""

    def __init__(self, book: BinaryWorkbook, title: str, part: str, *, is_hidden: bool) -> None:
        self._book, self._part = book, part
        self.title, self.is_hidden = title, is_hidden

    def cell_rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Go through the rows that have cells.

        Raises
        ------
        ValueError
            Rows or cells are not in their order, or beyond the last that a sheet can have.
        """
        shown, line, row = self._book.shown, 0, list[Any]()
        with self._book.records(self._part) as records:
            for record in records:
                if record.kind in CELLS:
                    column, value = shown.cell(record)
                    if not len(row) <= column < SHEET_COLUMNS:
                        raise ValueError(column)
                    row += [None] * (column - len(row))
                    row.append(value)
                elif record.kind == ROW:
                    if row:
                        yield line, row
                    following = _number(record.body)[0] + 1
                    if not line < following <= SHEET_ROWS:
                        raise ValueError(following)
                    line, row = following, []
        if row:
            yield line, row

    def read_facts(self) -> SheetFacts:
        """Read through the sheet for its merged cells and hidden rows."""
        merges: list[Merge] = []
        hidden_rows, is_hidden = 0, False
        with self._book.records(self._part) as records:
            for kind, body in records:
                if kind == ROW:
                    is_hidden = bool(body[HIDDEN_AT] & HIDDEN)
                elif is_hidden and kind in CELLS:
                    hidden_rows, is_hidden = hidden_rows + 1, False
                elif kind == MERGED_CELLS:
                    top, bottom, left, right = struct.unpack_from("<IIII", body)
                    name = f"{column_letters(left)}{top + 1}"
                    merges.append(Merge(name, top + 1, left, bottom + 1, right))
                    refuse_endless(merges)
        return SheetFacts(in_order(merges, SHEET_COLUMNS), hidden_rows)

    def damage_named(self) -> AbstractContextManager[None]:
        """Turn whatever its bytes raise into an error."""
        return self._book.damage_named()

"""The cells of an Excel sheet as they stream by: values, and what shows in place of one."""

import posixpath
import re
import zipfile
from collections.abc import Collection, Generator
from typing import IO, Any

from servery.tables.cells import error_cell, uncalculated_cell
from servery.tables.excel.days import day_of
from servery.tables.excel.facts import Merge, SheetFacts, in_order, refuse_endless

PIECE = 1 << 20
MERGE = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^>]*?\bref=[\"']\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})"
)
HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*?\bhidden=[\"'](?:1|true)[\"'][^>]*?(?<!/)>")
#: A table of a sheet, and how it begins.
TABLE_LINK = re.compile(rb"Target=[\"']([^\"']*/tables/[^\"']+)[\"']")
TABLE_START = 4096
TOTALS = re.compile(
    rb"<(?:\w+:)?table\s(?=[^>]*\bref=[\"'][A-Z0-9]+:[A-Z]+(\d{1,7})[\"'])"
    rb"(?=[^>]*\btotalsRowCount=[\"']([1-9])[\"'])"
)


def facts_of(xml: IO[bytes], most_columns: int) -> SheetFacts:
    """Read through a sheet for its merged cells and hidden rows.

    Raises
    ------
    ValueError
        It has endless merged cells, or more in a row than a sheet has columns: they overlap.
    """
    merges: list[Merge] = []
    hidden_rows, ahead = 0, b""
    while piece := xml.read(PIECE):
        ahead += piece
        end = ahead.rfind(b"<") if len(ahead) < 2 * PIECE else len(ahead)
        hidden_rows += len(HIDDEN_ROW.findall(ahead, 0, end))
        merges += (_merge(*found.groups()) for found in MERGE.finditer(ahead, 0, end))
        refuse_endless(merges)
        ahead = ahead[end:]
    return SheetFacts(in_order(merges, most_columns), hidden_rows)


def total_rows(archive: zipfile.ZipFile, sheet: str) -> frozenset[int]:
    """Return the rows of a sheet that hold the totals of a table, as the table says.

    Parameters
    ----------
    sheet
        The path of the sheet in the archive.
    """
    folder, _, name = sheet.rpartition("/")
    links = f"{folder}/_rels/{name}.rels"
    if links not in archive.namelist():
        return frozenset()
    rows: set[int] = set()
    for link in TABLE_LINK.findall(archive.read(links)):
        path = posixpath.normpath(posixpath.join("/", folder, link.decode()))[1:]
        with archive.open(path) as table:
            found = TOTALS.search(table.read(TABLE_START))
        if found:
            last = int(found[1])
            rows.update(range(last - int(found[2]) + 1, last + 1))
    return frozenset(rows)


def _merge(left: bytes, top: bytes, right: bytes, bottom: bytes) -> Merge:
    name = (left + top).decode()
    return Merge(name, int(top), _column(left), int(bottom), _column(right))


def _column(letters: bytes) -> int:
    at = 0
    for letter in letters:
        at = at * 26 + letter - ord("A") + 1
    return at - 1


def rows_of(sheet: Any, xml: IO[bytes], most_rows: int) -> Generator[tuple[int, list[Any]]]:  # noqa: ANN401 - of openpyxl
    """Go through the rows of a sheet that have cells.

    Raises
    ------
    ValueError
        Rows are not in their order, or beyond the last one that a sheet can have.
    """
    book = sheet.parent
    parser = _parser_class()(
        xml,
        sheet._shared_strings,
        data_only=True,
        epoch=book.epoch,
        date_formats=book._date_formats,
        timedelta_formats=book._timedelta_formats,
    )
    last = 0
    for line, cells in parser.parse():
        if not last < line <= most_rows:
            raise ValueError(line)
        last = line
        row: list[Any] = [None] * max((cell["column"] for cell in cells), default=0)
        for cell in cells:
            row[cell["column"] - 1] = cell["value"]
        yield line, row


def _parser_class() -> Any:  # noqa: ANN401 - of openpyxl, which is only imported for a workbook
    """Return what parses cells, and says which of them show something else than a value."""
    from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser

    class SheetParser(WorkSheetParser):  # type: ignore[misc] # openpyxl has no types
        def __init__(self, *sheet: Any, date_formats: Collection[int], **options: Any) -> None:  # noqa: ANN401
            # What it makes of a number that is not a day is an error, and the number is lost.
            super().__init__(*sheet, date_formats=frozenset(), **options)
            self._day_formats = date_formats

        def parse_cell(self, element: Any) -> dict[str, Any]:  # noqa: ANN401 - of XML
            cell: dict[str, Any] = super().parse_cell(element)
            if cell["data_type"] == "e":
                cell["value"] = error_cell(str(cell["value"]))
            elif cell["value"] is not None:
                if cell["data_type"] == "n" and cell["style_id"] in self._day_formats:
                    is_duration = cell["style_id"] in self.timedelta_formats
                    cell["value"] = day_of(cell["value"], self.epoch, is_duration=is_duration)
            elif (
                cell["data_type"] != "str"  # a formula that came to an empty text
                and element.find(FORMULA_TAG) is not None
            ):
                cell["value"] = uncalculated_cell()
            return cell

    return SheetParser

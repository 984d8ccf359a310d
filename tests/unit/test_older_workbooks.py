"""Binary workbooks and those of Excel 97 to 2003 are read like those of today."""

import io
import struct
import warnings
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pytest

from servery.batch.pipeline import open_batch
from servery.errors import AmbiguousTable, TableUnreadable
from servery.inputs import (
    BooleanInput,
    Category,
    CategoryInput,
    DatetimeInput,
    IntegerInput,
    NumberInput,
)
from servery.tables.cells import FaultyCell
from tests.unit.batches import model_of, rows_of, scored

HEADER = ("age", "mass", "town", "ok", "day", "id")
TOWNS = tuple(Category(name, name) for name in ("Köln 😀", "NA"))
MODEL = model_of(
    IntegerInput(name="age"),
    NumberInput(name="mass", missing_allowed=True),
    CategoryInput(name="town", categories=TOWNS, missing_allowed=True),
    BooleanInput(name="ok", missing_allowed=True),
    DatetimeInput(name="day", missing_allowed=True),
)
DAY, MOMENT = datetime(2024, 2, 29), datetime(2024, 2, 29, 10, 15, 30)
ROWS: list[list[Any]] = [
    [30, 1.5, "Köln 😀", True, DAY, "007"],
    [31, None, "NA", False, MOMENT, 0.07],
    [-2, 1e300, "", None, None, 123_456_789_012],
]
NOT_AVAILABLE = FaultyCell("#N/A", "", "")
MERGED = (1, 2, 1, 1)  # rows and columns from 0, the last of each included


def legacy_book(
    sheets: Mapping[str, Sequence[Sequence[Any]]], hidden: Sequence[str] = (), edit: str = ""
) -> bytes:
    """Return a workbook as Excel saved it until 2003."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import xlwt
    book = xlwt.Workbook()
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for title, rows in sheets.items():
        sheet = book.add_sheet(title)
        sheet.visibility = int(title in hidden)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, FaultyCell):
                    sheet.row(row).set_cell_error(column, 0x2A)
                elif cell is not None and not (edit == "merge" and (row, column) == (2, 1)):
                    sheet.write(row, column, cell, *([day] if isinstance(cell, date) else []))
        if edit == "merge":
            sheet.merge(*MERGED)
        sheet.row(2).hidden = edit == "hide"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def binary_book(
    sheets: Mapping[str, Sequence[Sequence[Any]]], hidden: Sequence[str] = (), edit: str = ""
) -> bytes:
    """Return a workbook as Excel saves it in its binary format."""
    strings: dict[str, int] = {}
    file = io.BytesIO()
    links, listed = "", record(153, bytes(8))
    with zipfile.ZipFile(file, "w") as archive:
        for number, (title, rows) in enumerate(sheets.items(), 1):
            part, link = f"worksheets/sheet{number}.bin", f"rId{number}"
            kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
            links += f'<Relationship Id="{link}" Type="{kind}" Target="{part}"/>'
            facts = struct.pack("<II", int(title in hidden), number)
            listed += record(156, facts + text(link) + text(title))
            archive.writestr(f"xl/{part}", binary_sheet(rows, strings, edit))
        archive.writestr("xl/_rels/workbook.bin.rels", f"<Relationships>{links}</Relationships>")
        archive.writestr("xl/workbook.bin", listed)
        shared = b"".join(record(19, b"\0" + text(each)) for each in strings)
        archive.writestr("xl/sharedStrings.bin", shared)
        formats = record(44, struct.pack("<H", 164) + text("yyyy\\-mm\\-dd"))
        styles = [record(47, struct.pack("<HH", 0xFFFF, kind) + bytes(12)) for kind in (0, 164, 22)]
        archive.writestr("xl/styles.bin", formats + record(617) + b"".join(styles) + record(618))
    return file.getvalue()


def binary_sheet(rows: Sequence[Sequence[Any]], strings: dict[str, int], edit: str) -> bytes:
    parts = [record(145)]
    for row, cells in enumerate(rows):
        hidden = 0x10 if edit == "hide" and row == 2 else 0
        parts.append(record(0, struct.pack("<IIHBB", row, 0, 300, 0, hidden) + bytes(13)))
        for column, cell in enumerate(cells):
            if edit == "merge" and (row, column) == (2, 1):
                continue
            kind, style, body = binary_cell(cell, strings)
            parts.append(record(kind, struct.pack("<II", column, style) + body))
    parts.append(record(146))
    if edit == "merge":
        parts.append(record(176, struct.pack("<IIII", *MERGED)))
    return b"".join(parts)


def binary_cell(cell: Any, strings: dict[str, int]) -> tuple[int, int, bytes]:  # noqa: ANN401
    """Return the kind, the style and the value of a cell."""
    if cell is None:
        return 1, 0, b""
    if isinstance(cell, FaultyCell):
        return 3, 0, b"\x2a"
    if isinstance(cell, bool):
        return 4, 0, bytes([cell])
    if isinstance(cell, datetime):
        days = (cell - datetime(1899, 12, 30)).total_seconds() / 86_400
        return 5, 1 if days.is_integer() else 2, struct.pack("<d", days)
    if isinstance(cell, str):
        if cell == "007":
            return 6, 0, text(cell)
        return 7, 0, struct.pack("<I", strings.setdefault(cell, len(strings)))
    if isinstance(cell, int) and abs(cell) < 1 << 29:
        return 2, 0, struct.pack("<i", (cell << 2) | 2)
    if (cell * 100).is_integer() if isinstance(cell, float) and abs(cell) < 1e6 else False:
        return 2, 0, struct.pack("<i", (round(cell * 100) << 2) | 3)
    return 9, 0, struct.pack("<d", cell) + bytes(6)


def text(letters: str) -> bytes:
    data = letters.encode("utf-16-le")
    return struct.pack("<I", len(data) // 2) + data


def record(kind: int, body: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, sizes = len(body), b""
    while size >= 0x80:
        sizes, size = sizes + bytes([size & 0x7F | 0x80]), size >> 7
    return head + sizes + bytes([size]) + body


@pytest.fixture(params=[legacy_book, binary_book], ids=["xls", "xlsb"])
def book_of(request: pytest.FixtureRequest) -> Callable[..., bytes]:
    found: Callable[..., bytes] = request.param
    return found


def told(book: bytes) -> tuple[list[dict[str, str]], Sequence[str]]:
    """Return the rows of the result of a workbook, and what was noted of it."""
    result, _ = scored(book, model=MODEL)
    batch = open_batch(MODEL, io.BytesIO(book), name="t")
    batch.close()
    return rows_of(result), batch.notes


def test_cells_are_what_they_are_in_other_workbooks(book_of: Callable[..., bytes]) -> None:
    rows, notes = told(book_of({"people": [HEADER, *ROWS]}))
    assert [row["prediction"] for row in rows] == ["60", "62", "-4"]
    assert [row["error"] for row in rows] == ["", "", ""]
    assert [row["id"] for row in rows] == ["007", "0.07", "123456789012"]
    assert [row["mass"] for row in rows] == ["1.5", "", "1e+300"]
    assert [row["day"] for row in rows] == ["2024-02-29T00:00:00", "2024-02-29T10:15:30", ""]
    assert [row["ok"] for row in rows] == ["true", "false", ""]
    assert rows[0]["town"] == "Köln 😀"
    assert notes == []


def test_a_whole_number_keeps_all_digits_that_a_double_holds(book_of: Callable[..., bytes]) -> None:
    ids = [999_999_999_999_999, 1_234_567_890_123_456, 9_007_199_254_740_992]
    sheet = [HEADER, *([*ROWS[0][:-1], each] for each in ids)]
    rows, _ = told(book_of({"people": sheet}))
    assert [row["id"] for row in rows] == list(map(str, ids))


def test_an_error_or_a_merged_cell_costs_its_row(book_of: Callable[..., bytes]) -> None:
    rows, _ = told(book_of({"people": [HEADER, [30, NOT_AVAILABLE, "NA"], *ROWS[1:]]}))
    assert [row["prediction"] for row in rows] == ["", "62", "-4"]
    assert "mass: Expected a value, found the spreadsheet error #N/A." in rows[0]["error"]
    rows, _ = told(book_of({"people": [HEADER, *ROWS]}, edit="merge"))
    assert [row["prediction"] for row in rows] == ["60", "", "-4"]
    assert "mass: Expected a value, found a cell that is merged with B2." in rows[1]["error"]


def test_hidden_rows_are_read_and_hidden_sheets_are_not(book_of: Callable[..., bytes]) -> None:
    sheets = {"lists": [["a", "b"], [1, 2]], "people": [HEADER, *ROWS]}
    rows, notes = told(book_of(sheets, hidden=["lists"], edit="hide"))
    assert len(rows) == 3
    assert notes == [
        "Hidden sheets are not read: 'lists'.",
        "The sheet has a hidden row, which is read if it has values.",
    ]
    with pytest.raises(AmbiguousTable, match="2 sheets"):
        told(book_of(sheets))


def test_a_damaged_workbook_is_refused(book_of: Callable[..., bytes]) -> None:
    whole = book_of({"people": [HEADER, *ROWS]})
    with pytest.raises(TableUnreadable, match="damaged"):
        told(whole[: len(whole) // 2])


def test_a_binary_workbook_with_cells_out_of_order_is_refused() -> None:
    row = record(0, struct.pack("<IIHBB", 0, 0, 300, 0, 0) + bytes(13))
    cell = record(4, struct.pack("<II", 0, 0) + b"\1")
    no_number = record(5, struct.pack("<IId", 0, 0, float("nan")))
    for part in (
        row + cell + cell,
        row + cell + row,
        row[:-3],
        row + record(7, bytes(12)),
        row + no_number,
    ):
        file = io.BytesIO(binary_book({"people": [HEADER, *ROWS]}))
        with zipfile.ZipFile(file) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        parts |= {"xl/worksheets/sheet1.bin": part, "xl/sharedStrings.bin": b""}
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            for name, data in parts.items():
                archive.writestr(name, data)
        with pytest.raises(TableUnreadable, match="damaged Excel workbook"):
            told(file.getvalue())


def test_a_text_that_is_called_a_workbook_is_read() -> None:
    result, summary = scored(
        "age\tmass\n30\t1.5\n", name="t.xls", columns={"town": "", "ok": "", "day": ""}, model=MODEL
    )
    assert (summary.rows, summary.bad_rows) == (1, 0)
    assert result.startswith(b"age\tmass\tprediction")

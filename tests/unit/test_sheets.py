"""Sheets: what a workbook shows beside the values of a table."""

import io
import json
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from servery.batch.frames import score
from servery.batch.pipeline import open_batch
from servery.batch.summary import Summary
from servery.errors import AmbiguousTable, Choice, TableMisread, TableUnreadable
from servery.inputs import (
    BooleanInput,
    Category,
    CategoryInput,
    DatetimeInput,
    IntegerInput,
    NumberInput,
    TextInput,
)
from servery.tables.excel.opendocument import SPREADSHEET
from servery.tables.frames import read_frame
from servery.tables.reading import Reading
from tests.unit.batches import model_of, rows_of, scored

HEADER = ("age", "mass", "town")
MODEL = model_of(
    IntegerInput(name="age"),
    NumberInput(name="mass", missing_allowed=True),
    CategoryInput(
        name="town",
        categories=(Category("Bonn", "Bonn"), Category("NA", "NA")),
        missing_allowed=True,
    ),
)
ROWS = [(30, 1.5, "Bonn"), (31, 2, "NA"), (32, 3, "Bonn")]


def book_of(
    rows: Sequence[Sequence[Any]] = ROWS, edit: Callable[[Worksheet], object] | None = None
) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEADER, *rows):
        sheet.append(row)
    if edit:
        edit(sheet)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def told(book: bytes) -> tuple[list[str], list[str], Summary]:
    """Return the predictions and the errors of a workbook's rows."""
    result, summary = scored(book, model=MODEL, name="t.xlsx")
    rows = rows_of(result)
    return [row["prediction"] for row in rows], [row["error"] for row in rows], summary


def notes(book: bytes) -> Sequence[str]:
    batch = open_batch(MODEL, io.BytesIO(book), name="t.xlsx")
    batch.close()
    return batch.notes


@pytest.mark.parametrize("column", range(3), ids=HEADER)
@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!"])
def test_an_error_cell_is_a_fault_of_its_row(column: int, error: str) -> None:
    def edit(sheet: Worksheet) -> None:
        cell = sheet.cell(3, column + 1)
        cell.value, cell.data_type = error, "e"

    predictions, errors, summary = told(book_of(edit=edit))
    assert predictions == ["60", "", "64"]
    assert errors[1] == (
        f"{HEADER[column]}: Expected a value, found the spreadsheet error {error}. "
        "Correct its formula."
    )
    assert summary.bad_rows == 1


@pytest.mark.parametrize("error", ["#REF!", "#DIV/0!", " #BEZUG! "])
def test_an_error_that_a_workbook_was_saved_with_as_csv_is_one_too(error: str) -> None:
    rows = [*((error, "1", "Bonn"), ("30", error, "Bonn"), ("30", "1", error)), ("30", "1", "NA")]
    text = "".join(",".join(row) + "\n" for row in (HEADER, *rows))
    result, summary = scored(text, model=MODEL)
    assert [row["prediction"] for row in rows_of(result)] == ["", "", "", "60"]
    assert set(summary.bad) == {(name, "error-cell") for name in HEADER}
    result, _ = scored(text, Reading(missing=(error,)), model=MODEL)
    assert [row["prediction"] for row in rows_of(result)] == ["", "60", "60", "60"]


def test_a_cell_without_a_value_is_a_text_or_null_in_json_lines() -> None:
    def edit(sheet: Worksheet) -> None:
        sheet["D1"], sheet["D2"], sheet["D3"] = "id", "#N/A", "x"
        sheet["D2"].data_type = "e"
        sheet.merge_cells("D3:D4")

    result, _ = scored(book_of(edit=edit), model=MODEL, name="t.xlsx", kind="jsonl")
    assert [json.loads(line)["id"] for line in result.splitlines()] == ["#N/A", "x", None]


def test_blanks_beside_a_table_make_no_row() -> None:
    def edit(sheet: Worksheet) -> None:
        sheet["H4"], sheet["H90"] = " ", "\t"

    assert told(book_of(edit=edit))[:2] == (["60", "62", "64"], [""] * 3)


def test_a_cell_without_a_value_is_refused_where_it_is_needed(tmp_path: Path) -> None:
    def error(sheet: Worksheet) -> None:
        sheet["B4"].value, sheet["B4"].data_type = "#REF!", "e"

    def merged(sheet: Worksheet) -> None:
        sheet.merge_cells("B3:B4")

    path = tmp_path / "t.xlsx"
    for edit, line, found in (
        (error, 4, "the spreadsheet error #REF!"),
        (merged, 4, "merged with B3"),
        (lambda sheet: sheet.__setitem__("B2", "=1+1"), 2, "never calculated"),
    ):
        path.write_bytes(book_of(edit=edit))
        for needed in ((), ("mass", "age"), ("mass", "gone")):
            with pytest.raises(TableUnreadable, match=rf"Line {line} of t\.xlsx: mass: .*{found}"):
                read_frame(path, needed=needed)
        frame = read_frame(path, needed=("age", "town"))
        assert frame["mass"].isna().sum() == 1
        assert frame.dtypes["mass"] == "float64"


def test_an_error_cell_is_missing_in_a_frame_whose_error_says_why(tmp_path: Path) -> None:
    def edit(sheet: Worksheet) -> None:
        cell = sheet.cell(3, 2)
        cell.value, cell.data_type = "#N/A", "e"

    (tmp_path / "t.xlsx").write_bytes(book_of(edit=edit))
    frame = score(MODEL, tmp_path / "t.xlsx")
    assert frame["mass"].isna().tolist() == [False, True, False]
    assert frame.dtypes["mass"] == "float64"
    assert "spreadsheet error #N/A" in frame["error"][1]


def test_a_cell_behind_a_merged_one_is_no_missing_value() -> None:
    rows = [(30, 1.5, "Bonn"), (31, None, "NA"), (32, None, None), (33, None, "NA")]
    predictions, errors, _ = told(book_of(rows, lambda sheet: sheet.merge_cells("B2:C4")))
    assert predictions == ["", "", "", "66"]
    hidden = "Expected a value, found a cell that is merged with B2."
    assert all(hidden in error for error in errors[:3])
    assert errors[0].startswith("town:")


def test_a_formula_that_was_never_calculated_is_a_fault_of_its_row() -> None:
    predictions, errors, _ = told(book_of([(30, 1, "Bonn"), (31, "=A2*2", "Bonn")]))
    assert predictions == ["60", ""]
    assert "mass: Expected a value, found a formula that was never calculated." in errors[1]


@pytest.mark.parametrize("style", ["yyyy-mm-dd", "[h]:mm"])
def test_a_number_that_is_no_day_stays_a_number_in_a_cell_for_days(style: str) -> None:
    def edit(sheet: Worksheet) -> None:
        for row, number in ((2, 99_999_999_999), (3, -1e15), (4, 1e300)):
            sheet.cell(row, 4).value = sheet.cell(row, 2).value = number
            sheet.cell(row, 4).number_format = sheet.cell(row, 2).number_format = style
        sheet["D1"] = "customer"

    book = book_of(edit=edit)
    result, summary = scored(book, model=MODEL, name="t.xlsx")
    assert summary.bad_rows == 0
    for column in ("mass", "customer"):
        found = [float(row[column]) for row in rows_of(result)]
        assert found == [99_999_999_999, -1e15, 1e300]


def test_excel_shows_no_day_for_some_numbers() -> None:
    def edit(sheet: Worksheet) -> None:
        for row, number in enumerate((-5, -0.25, 60, 61), 2):
            sheet.cell(row, 2).value = number
            sheet.cell(row, 2).number_format = "yyyy-mm-dd"

    book = book_of([*ROWS, (33, 4, "Bonn")], edit=edit)
    _, errors, _ = told(book)
    assert errors[:3] == ["", "", ""]
    assert "mass: Expected a number, found " in errors[3]
    day = model_of(IntegerInput(name="age"), DatetimeInput(name="mass"))
    result, _ = scored(book, model=day, name="t.xlsx")
    found = [row["error"] for row in rows_of(result)]
    assert [error.rpartition("found ")[2] for error in found] == ["-5.", "-0.25.", "60.", ""]


def test_hidden_rows_are_read_and_said() -> None:
    def edit(sheet: Worksheet) -> None:
        sheet.row_dimensions[3].hidden = sheet.row_dimensions[4].hidden = True

    book = book_of(edit=edit)
    assert told(book)[0] == ["60", "62", "64"]
    assert notes(book) == ["The sheet has 2 hidden rows; those with values are read."]
    assert notes(book_of()) == []

    def blank(sheet: Worksheet) -> None:
        sheet.row_dimensions[9].hidden = True
        sheet["A9"].number_format = "0.00"

    book = book_of(edit=blank)
    assert told(book)[2].rows == 3
    assert notes(book) == ["The sheet has a hidden row, which is read if it has values."]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_no_doubt(state: str) -> None:
    def edit(sheet: Worksheet) -> None:
        assert sheet.parent is not None
        lists = sheet.parent.create_sheet("lists", 0)
        lists.append(["a", "b"])
        lists.sheet_state = state

    book = book_of(edit=edit)
    assert told(book)[0] == ["60", "62", "64"]
    assert notes(book) == ["Hidden sheets are not read: 'lists'."]

    def shown(sheet: Worksheet) -> None:
        edit(sheet)
        assert sheet.parent is not None
        sheet.parent["lists"].sheet_state = "visible"

    with pytest.raises(AmbiguousTable, match="2 sheets"):
        told(book_of(edit=shown))


def moved(rows: int, columns: int) -> Callable[[Worksheet], object]:
    def edit(sheet: Worksheet) -> None:
        if rows:
            sheet.insert_rows(1, rows)
        if columns:
            sheet.insert_cols(1, columns)

    return edit


@pytest.mark.parametrize(("rows", "columns"), [(3, 2), (0, 1), (5, 0), (1, 30)])
def test_a_table_may_begin_in_any_cell(rows: int, columns: int) -> None:
    predictions, _, summary = told(book_of([*ROWS, ("x", 1, "NA")], moved(rows, columns)))
    assert predictions == ["60", "62", "64", ""]
    assert summary.first_bad[0].line == rows + 5


@pytest.mark.parametrize(("column", "letter"), [(5, "F"), (9, "J"), (0, "A")])
def test_a_note_beside_a_table_is_a_fault_of_its_row(column: int, letter: str) -> None:
    def edit(sheet: Worksheet) -> None:
        sheet.insert_cols(1)
        sheet.cell(3, column + 1).value = "check this"

    predictions, errors, _ = told(book_of(edit=edit))
    assert predictions == ["60", "", "64"]
    assert errors[1] == (
        f"Expected cells in columns B to D, found 'check this' in column {letter}."
    )


def test_an_index_without_a_name_is_a_column() -> None:
    def edit(sheet: Worksheet) -> None:
        sheet.insert_cols(1)
        for row in range(2, 5):
            sheet.cell(row, 1).value = row

    result, _ = scored(book_of(edit=edit), model=MODEL)
    assert [next(iter(row.values())) for row in rows_of(result)] == ["2", "3", "4"]
    assert told(book_of(edit=edit))[0] == ["60", "62", "64"]


def test_a_title_above_a_table_is_asked_about_and_passed_over() -> None:
    def edit(sheet: Worksheet) -> None:
        sheet.insert_rows(1, 3)
        sheet["A1"], sheet["A2"], sheet["C2"] = "People of 2024", "made", "by us"

    book = book_of(edit=edit)
    with pytest.raises(AmbiguousTable, match="the names of inputs in row 4") as caught:
        told(book)
    assert caught.value.choice == Choice("header", ("4", "1"))
    for reading in (Reading(header="4"), Reading(skip="3"), Reading(skip="2")):
        result, summary = scored(book, reading, model=MODEL)
        assert [row["prediction"] for row in rows_of(result)] == ["60", "62", "64"]
        assert summary.bad_rows == 0
    with pytest.raises(TableMisread, match=r"Row 1 of t\.xlsx names 1 of the 3 columns below it"):
        open_batch(MODEL, io.BytesIO(book), Reading(header="1"), name="t.xlsx")


def test_a_sheet_may_have_no_header() -> None:
    book = book_of(edit=lambda sheet: sheet.delete_rows(1))
    with pytest.raises(AmbiguousTable, match="reads as values"):
        told(book)
    columns = {"age": "column_1", "mass": "column_2", "town": "column_3"}
    result, _ = scored(book, Reading(header="none"), model=MODEL, columns=columns)
    assert [row["prediction"] for row in rows_of(result)] == ["60", "62", "64"]


def test_a_sheet_without_header_has_every_column_that_is_filled() -> None:
    rows = [(None, 1, 2, None), (7, 1, 2, None), (None, 3, 2, 5)]
    columns = {"age": "column_2", "mass": "column_1"}
    model = model_of(IntegerInput(name="age"), NumberInput(name="mass", missing_allowed=True))

    def edit(sheet: Worksheet) -> None:
        sheet.delete_rows(1)
        sheet.insert_cols(1)  # which stays blank

    ods = ods_of(*(ods_row(None, *row) for row in rows), header="")
    for book in (book_of(rows, edit), ods):
        result, summary = scored(book, Reading(header="none"), model=model, columns=columns)
        assert summary.bad_rows == 0
        found = rows_of(result)
        assert [row["column_1"] for row in found] == ["", "7", ""]
        assert [row["column_4"] for row in found] == ["", "", "5"]


def test_merged_cells_that_lie_upon_each_other_are_refused() -> None:
    def edit(sheet: Worksheet) -> None:
        for top in reversed(range(2, 102)):
            sheet.merged_cells.add(f"A{top}:XFD1048576")

    with pytest.raises(TableUnreadable, match="damaged Excel workbook"):
        told(book_of(edit=edit))

    def side_by_side(sheet: Worksheet) -> None:
        for row in range(5, 102):
            sheet.merged_cells.add(f"D{row}:XFD{row}")
        sheet.merged_cells.add("A102:XFD1048576")

    assert told(book_of(edit=side_by_side))[0] == ["60", "62", "64"]


def test_the_totals_of_a_table_are_no_row_of_it() -> None:
    def edit(sheet: Worksheet) -> None:
        sheet.append([93, 6.5, None])
        table = Table(displayName="People", ref="A1:C5", totalsRowCount=1)
        sheet.add_table(table)

    predictions, errors, _ = told(book_of(edit=edit))
    assert predictions == ["60", "62", "64", ""]
    assert errors[3] == "Expected a row of values, found the totals of a table."


def test_a_strict_workbook_is_named() -> None:
    old, new = io.BytesIO(book_of()), io.BytesIO()
    with zipfile.ZipFile(old) as was, zipfile.ZipFile(new, "w") as archive:
        for name in was.namelist():
            data = was.read(name).replace(
                b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                b"http://purl.oclc.org/ooxml/spreadsheetml/main",
            )
            archive.writestr(name, data)
    with pytest.raises(TableUnreadable, match="Strict Open XML; save it as 'Excel Workbook"):
        told(new.getvalue())


#: What LibreOffice writes, but for what is not read.
ODS_HEAD = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
    '<office:automatic-styles><style:style style:name="hid" style:family="table">'
    '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
    "<office:body><office:spreadsheet>"
)
ODS_TAIL = "</office:spreadsheet></office:body></office:document-content>"
ODS_BLANKS = (
    '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
    'table:number-columns-repeated="16384"/></table:table-row>'
)


def ods_cell(value: str | float | None, attributes: str = "") -> str:
    text = f"<text:p>{value}</text:p>" if value is not None else ""
    if isinstance(value, (int, float)):
        attributes += f' office:value-type="float" office:value="{value}"'
    elif isinstance(value, str):
        attributes += ' office:value-type="string"'
    return f"<table:table-cell {attributes}>{text}</table:table-cell>"


ODS_HEADER = "".join(map(ods_cell, HEADER))


def ods_of(
    *rows: str, others: str = "", mime: str = SPREADSHEET.decode(), header: str = ODS_HEADER
) -> bytes:
    file = io.BytesIO()
    table = "".join(f"<table:table-row>{row}</table:table-row>" for row in (header, *rows))
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", mime)
        archive.writestr(
            "content.xml",
            f'{ODS_HEAD}{others}<table:table table:name="Data">{table}{ODS_BLANKS}</table:table>'
            f"{ODS_TAIL}",
        )
    return file.getvalue()


def ods_row(*values: str | float | None) -> str:
    return "".join(map(ods_cell, values))


def test_a_spreadsheet_of_libreoffice_is_read() -> None:
    error = ods_cell("#N/A", attributes='calcext:value-type="error"')
    merged = '<table:covered-table-cell/><table:table-cell office:value-type="string">'
    rows = (
        ods_row(30, 1.5, "Bonn"),
        f"{ods_cell(31)}{error}{ods_cell('Bonn')}",
        f"{ods_cell(32)}{merged}<text:p>N<text:s text:c='0'/>A</text:p></table:table-cell>",
        ods_row(33, None, "NA"),
        ods_cell(34) + ods_cell(None, attributes="table:formula='of:=1+1'") + ods_cell("NA"),
        ods_row(35, 2, "Bonn") + ods_cell(None) + ods_cell("a note"),
    )
    hidden = (
        '<table:table table:name="lists" table:style-name="hid">'
        f"<table:table-row>{ods_row('a', 'b')}</table:table-row></table:table>"
    )
    book = ods_of(*rows, others=hidden)
    predictions, errors, _ = told(book)
    assert [bool(each) for each in predictions] == [True, False, False, True, False, False]
    assert "spreadsheet error #N/A" in errors[1]
    assert "merged with" in errors[2]
    assert "never calculated" in errors[4]
    assert "found 'a note' in column E" in errors[5]
    assert notes(book) == ["Hidden sheets are not read: 'lists'."]


def test_days_and_truths_of_libreoffice_are_such() -> None:
    day = '<table:table-cell office:value-type="date" office:date-value="{}"/>'
    truth = '<table:table-cell office:value-type="boolean" office:boolean-value="true"/>'
    data = ods_of(
        ods_cell("1") + day.format("2024-02-29") + truth,
        ods_cell("2") + day.format("2024-02-29T10:15:00") + truth,
    )
    model = model_of(
        IntegerInput(name="age"), DatetimeInput(name="mass"), BooleanInput(name="town")
    )
    result, summary = scored(data, model=model, kind="jsonl")
    assert summary.bad_rows == 0
    assert [json.loads(line)["mass"] for line in result.decode().splitlines()] == [
        "2024-02-29",
        "2024-02-29T10:15:00",
    ]


def test_a_cell_of_libreoffice_has_its_value_in_an_attribute_or_in_its_text() -> None:
    cell = '<table:table-cell office:value-type="{}" {}>{}</table:table-cell>'
    paragraph = "<text:p>{}</text:p>".format
    texts = [
        cell.format("string", 'office:string-value="Bonn"', ""),
        cell.format("string", 'office:string-value="Bonn"', paragraph("bonn, shown")),
        cell.format("string", "", paragraph("Bonn")),
        cell.format("time", 'office:time-value="PT08H"', ""),
        cell.format("date", 'office:date-value="12024-01-01"', paragraph("1 Jan 12024")),
        cell.format("date", 'office:date-value="2024-02-30"', ""),
        cell.format("float", "", ""),
    ]
    numbers = [
        cell.format("float", 'office:value="3"', ""),
        cell.format("float", "", paragraph("3")),
        cell.format("currency", 'office:value="3,5 €"', ""),
        cell.format("boolean", "", paragraph("TRUE")),
        cell.format("float", "table:formula='of:=1+1'", ""),
        cell.format("percentage", "", ""),
        cell.format("date", 'office:date-value="12024-01-01"', paragraph("soon")),
    ]
    rows = (ods_cell(30) + each + town for each, town in zip(numbers, texts, strict=True))
    model = model_of(
        IntegerInput(name="age"),
        NumberInput(name="mass", missing_allowed=True),
        TextInput(name="town", missing_allowed=True),
    )
    result, _ = scored(ods_of(*rows), model=model)
    found = rows_of(result)
    assert [row["town"] for row in found] == [
        *("Bonn", "Bonn", "Bonn", "PT08H", "1 Jan 12024", "2024-02-30", "")
    ]
    errors = [row["error"] for row in found]
    assert [bool(error) for error in errors] == [False, True, True, True, True, False, True]
    assert "a cell that shows '3' and holds no value" in errors[1]
    assert "a cell that shows '3,5 €' and holds no value" in errors[2]
    assert "never calculated" in errors[4]
    assert "soon" in errors[6]


def test_a_spreadsheet_of_endless_equal_rows_is_damaged_and_a_text_is_none() -> None:
    endless = (
        ods_row(30, 1, "Bonn")
        + '</table:table-row><table:table-row table:number-rows-repeated="1000000">'
        + (
            '<table:table-cell office:value-type="float" office:value="1" '
            'table:number-columns-repeated="16000"/>'
        )
    )
    with pytest.raises(TableUnreadable, match="is a damaged OpenDocument spreadsheet"):
        told(ods_of(endless))
    with pytest.raises(TableUnreadable, match="damaged"):
        told(ods_of("<oops>"))
    with pytest.raises(TableUnreadable):
        told(ods_of(ods_row(1, 2, "Bonn"), mime="application/vnd.oasis.opendocument.text"))

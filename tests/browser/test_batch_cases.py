"""Tables as people bring them, through the Batch panel by keyboard, from the file to its result."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage, assert_accessible
from tests.browser.shop import HEADER, ROWS, TABLE, TRUST, publish_shop
from tests.browser.test_batch import expect_done, panel, press_until, start
from tests.conftest import Server, running, servery

Steps = Callable[[Page], None]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    root, folder = tmp_path_factory.mktemp("models"), tmp_path_factory.mktemp("server")
    publish_shop(root)
    environ = {"SERVERY_JOBS": str(folder / "jobs")}
    command = servery("serve", root, "--trust", TRUST)
    with running(folder / "log", None, command, **environ) as server:
        yield server


def nothing(_page: Page) -> None:
    """The table needs no answer."""


def pressed(page: Page, wanted: Locator, key: str = "Enter") -> None:
    press_until(page, wanted)
    page.keyboard.press(key)


def answering(name: str) -> Steps:
    """Answer the question above the preview by its button."""
    return lambda page: pressed(page, page.get_by_role("button", name=name, exact=True))


def by_hand(page: Page) -> None:
    """Say that there is no header, and choose the column of each input."""
    answering("There are none")(page)
    for at, name in enumerate(["Age", "Amount", "Member", "Country", "Born"], 2):
        menu = page.get_by_role("combobox", name=name, exact=True)
        # The table is read again first: before that, the menu has the old header.
        expect(menu.locator("option", has_text=f"column_{at}")).to_be_attached()
        press_until(page, menu)
        page.keyboard.type(f"column_{at}")
        expect(menu.locator("option:checked")).to_have_text(f"column_{at}")


def missing(text: str) -> Steps:
    def steps(page: Page) -> None:
        pressed(page, page.locator(".reading > summary"))
        press_until(page, page.get_by_label("Missing values"))
        page.keyboard.type(text)
        page.keyboard.press("Tab")

    return steps


def workbook() -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in [HEADER.split(","), *([*each.split(",")] for each in ROWS)]:
        sheet.append([float(c) if re.fullmatch(r"[\d.]+", c) else c or None for c in row])
    sheet["B3"] = "#DIV/0!"
    sheet["B3"].data_type = "e"
    book.save(file)
    return file.getvalue()


def returning_little(page: Page) -> None:
    """Choose a result with only the columns of the model, and a threshold."""
    pressed(page, page.locator(".returned > summary"))
    press_until(page, page.get_by_label("Columns of the file"))
    page.keyboard.type("None")
    press_until(page, page.get_by_label("Threshold for “yes”"))
    page.keyboard.type("0")
    page.keyboard.press("Tab")
    expect(panel(page)).to_contain_text("The result has only the prediction.")


EUROPEAN = TABLE.replace(",", ";").replace("512.5", "5.125").replace("1234.5", "1.234")
DATES = (
    TABLE.replace("1980-02-29", "02/03/1980")
    .replace("1990-12-01", "12/01/1990")
    .replace("1975-07-04", "07/04/1975")
)
#: A quotation mark that opens a text, and one that closes another, far below.
NOTES = {3: '"loud', 90: 'quiet"'}
QUOTED = "\n".join(
    ["note," + HEADER, *(f"{NOTES.get(at, at)},{ROWS[at % 3]}" for at in range(100))]
)
JSON_LINES = "\n".join(
    [
        '{"age": 34, "amount": 512.5, "member": true, "country": "NA", "born": "1980-02-29"}',
        '{"age": 61, "torn',
        '{"age": 45, "amount": null, "member": true, "country": "US", "born": "1975-07-04"}',
    ]
)


def predictions(path: Path, name: str) -> list[str | None]:
    """Return the predictions of a result, None for a row without one."""
    if name.endswith(".jsonl"):
        return [json.loads(line)["prediction"] for line in path.read_text().splitlines()]
    if name.endswith(".xlsx"):
        sheet = openpyxl.load_workbook(io.BytesIO(path.read_bytes())).active
        assert sheet is not None
        header, *rows = sheet.iter_rows(values_only=True)
        return [row[header.index("prediction")] or None for row in rows]
    text = path.read_text(encoding="utf-8-sig")
    delimiter = ";" if ";" in text.splitlines()[0] else ","
    rows = csv.DictReader(text.splitlines(), delimiter=delimiter)
    return [row["prediction"] or None for row in rows]


CASES: list[tuple[str, str | bytes, Steps, str]] = [
    ("title.csv", f"Sales report\n\n{TABLE}", answering("In line 3"), "All 3 rows scored."),
    ("headless.csv", "\n".join(ROWS), by_hand, "All 3 rows scored."),
    ("thousands.csv", EUROPEAN, answering("Point, 1.234"), "All 3 rows scored."),
    ("missing.csv", TABLE.replace("512.5", "-999.0"), missing("-999"), "All 3 rows scored."),
    ("dates.csv", DATES, answering("Month first, 05/31/2024"), "All 3 rows scored."),
    ("total.csv", f"{TABLE}Total,140,1747\n", nothing, "3 rows scored, 1 did not fit."),
    ("quoted.csv", QUOTED, answering("Are a part of the text"), "All 100 rows scored."),
    (
        "notes.csv",
        TABLE.replace("\n", ",x,y\n").replace("x", "note", 1),
        returning_little,
        "All 3 rows scored.",
    ),
    ("torn.jsonl", JSON_LINES, nothing, "2 rows scored, 1 did not fit."),
    ("errors.xlsx", workbook(), nothing, "2 rows scored, 1 did not fit."),
]


@pytest.mark.parametrize(("name", "data", "steps", "done"), CASES, ids=[case[0] for case in CASES])
def test_a_table_is_scored_by_keyboard(
    open_page: OpenPage,
    shop: Server,
    tmp_path: Path,
    name: str,
    data: str | bytes,
    steps: Steps,
    done: str,
) -> None:
    file = tmp_path / name
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    page = open_page("#/models/shop/batch", url=shop.url)
    expect(panel(page)).to_be_visible()
    with page.expect_file_chooser() as chooser:
        pressed(page, page.locator("input[type=file]"), "Space")
    chooser.value.set_files(file)
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    expect(page.locator("servery-batch-preview, .to-settle").first).to_be_visible()
    steps(page)
    expect(start(page)).to_be_enabled()
    assert_accessible(page)
    pressed(page, start(page))
    expect_done(page, done)
    if steps is returning_little:
        expect(panel(page)).to_contain_text(
            "“yes” is predicted at a probability of 0 or more; the model card uses 0.5."
        )
    assert_accessible(page)
    with page.expect_download() as download:
        pressed(page, page.get_by_role("link", name=re.compile("^Download the result")))
    found = predictions(Path(download.value.path()), name)
    numbers = [int(number) for number in re.findall(r"\d+", done)]
    assert len(found) == sum(numbers)
    assert sum(each in ("yes", "no") for each in found) == numbers[0]

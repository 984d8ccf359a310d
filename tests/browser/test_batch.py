"""Files of rows in the browser: dropped, matched, watched, cancelled and downloaded."""

import contextlib
import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import requests
from playwright.sync_api import Dialog, Locator, Page, Route, expect

from tests.api.test_batches import Batches, held, serving
from tests.api.test_broken_jobs import write_old_job
from tests.browser.conftest import OpenPage, assert_accessible, schemes
from tests.conftest import PATIENCE_S, ROOT, Server, eventually, running

HEADER = [
    "name",
    "Age",
    "workclass",
    "education",
    "Marital Status",
    "race",
    "sex",
    "hours per week",
]

LONG = 1_600
NOTE = "n" * 300


@pytest.fixture(scope="module")
def idle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that no worker works for, and that takes no large file."""
    folder = tmp_path_factory.mktemp("idle")
    environ = {"SERVERY_JOBS": str(folder / "jobs"), "SERVERY_MAX_UPLOAD_BYTES": "100000"}
    with running(folder / "log", None, None, **environ) as server:
        yield server


@pytest.fixture(scope="module")
def batches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Batches]:
    """A server and a worker whose chunks are small, so that jobs can be watched."""
    folder = tmp_path_factory.mktemp("scoring")
    with serving(folder, SERVERY_JOB_CHUNK_BYTES="20000") as batches:
        batches.start_worker()
        yield batches


@pytest.fixture
def scoring(batches: Batches) -> Server:
    return batches.server


def people(count: int, header: Sequence[str] = HEADER, bad: Sequence[int] = ()) -> list[list[str]]:
    """Return a table whose header differs from the inputs' names by case and punctuation."""
    jobs = ["Private", "Self-emp-inc"]
    sexes = ["Male", "Female"]
    rows = [
        [f"person {at}", str(20 + at % 50), jobs[at % 2], "Masters", "Married-civ-spouse", "White",
         sexes[at % 2], str(20 + at % 40)]
        for at in range(count)
    ]  # fmt: skip
    for at in bad:
        rows[at][1] = "4o"
    return [list(header), *rows]


def as_text(table: list[list[str]], delimiter: str = ",") -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(table)
    return text.getvalue()


def opened(open_page: OpenPage, server: Server, job: str = "", **options: Any) -> Page:  # noqa: ANN401
    page = open_page(f"#/models/income/batch{job}", url=server.url, **options)
    expect(panel(page)).to_be_visible()
    return page


def panel(page: Page) -> Locator:
    return page.locator(".batch")


def choose(page: Page, text: str | bytes, name: str = "people.csv") -> None:
    data = text.encode() if isinstance(text, str) else text
    file = {"name": name, "mimeType": "text/csv", "buffer": data}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type] # a payload


def drop(page: Page, text: str, name: str) -> None:
    """Drag a file over the page and let it go there."""
    transfer = page.evaluate_handle(
        """([text, name]) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([text], name));
          return transfer;
        }""",
        [text, name],
    )
    page.dispatch_event("main", "dragover", {"dataTransfer": transfer})
    expect(page.get_by_text("Drop the file to score it")).to_be_visible()
    page.dispatch_event("main", "drop", {"dataTransfer": transfer})
    expect(page.get_by_text("Drop the file to score it")).to_be_hidden()


def paste(page: Page, text: str) -> None:
    page.evaluate(
        """text => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/plain", text);
          const options = {clipboardData, bubbles: true, cancelable: true};
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", options));
        }""",
        text,
    )


def start(page: Page) -> Locator:
    return page.get_by_role("button", name="Score all rows")


def choose_long(page: Page, header: Sequence[str] = HEADER, bad: Sequence[int] = ()) -> None:
    """Choose a file of `LONG` rows that is read in several parts, as its rows are wide."""
    [names, *rows] = people(LONG, header, bad)
    choose(page, as_text([[*names, "note"], *([*row, NOTE] for row in rows)]))


@contextlib.contextmanager
def held_midway(page: Page, batches: Batches, prepare: Callable[[], None]) -> Iterator[str]:
    """Start with a file on the page and hold the worker still after some of its rows.

    The worker goes on for a moment at a time. If it is done after one, another file follows.
    """
    [worker] = batches.workers
    while True:
        prepare()
        expect(start(page)).to_be_enabled()
        job = job_of(page)
        with held(worker, batches.folder):
            start(page).click()
            eventually(partial(is_started, batches, job))
        while (now := batches.job(job))["status"] != "done":
            with held(worker, batches.folder):
                now = batches.job(job)
                progress = now["progress"]
                is_midway = 0 < progress["bytes_done"] < now["file"]["size_bytes"]
                if now["status"] == "running" and is_midway:
                    yield job
                    return
        page.get_by_role("link", name="Another file").click()


def is_started(batches: Batches, job: str) -> bool:
    return bool(batches.job(job)["status"] != "waiting")


def expect_done(page: Page, words: str) -> None:
    heading = page.get_by_role("heading", name=words, exact=True)
    expect(heading).to_be_visible()


def job_of(page: Page) -> str:
    found = re.search(r"/batch/([\w-]{16,})", page.url)
    assert found, page.url
    return found[1]


def download(page: Page, name: str | re.Pattern[str]) -> tuple[str, bytes]:
    with page.expect_download() as waited:
        page.get_by_role("link", name=name).click()
    return waited.value.suggested_filename, Path(waited.value.path()).read_bytes()


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_a_dropped_file_comes_back_as_the_api_answers(open_page: OpenPage, scoring: Server) -> None:
    page = opened(open_page, scoring)
    table = people(40)
    drop(page, as_text(table), "people.csv")
    expect(page.get_by_role("heading", name="people.csv")).to_be_visible()
    expect(panel(page)).to_contain_text("All 7 inputs have a column.")
    expect(panel(page)).to_contain_text("All 20 fit.")
    start(page).click()
    expect_done(page, "All 40 rows scored.")
    name, data = download(page, re.compile("^Download the result"))
    assert name.endswith(".csv")
    assert data == scoring.get(f"/api/v1/batches/{job_of(page)}/result").content
    rows = rows_of(data)
    assert [list(row.values())[: len(HEADER)] for row in rows] == table[1:]
    inputs = scoring.get("/api/v1/models/income").json()["signature"]["inputs"]
    names = [each["name"] for each in inputs]
    numbers = {each["name"] for each in inputs if each["type"] in ("integer", "number")}
    instances = [
        {
            key: int(value) if key in numbers else value
            for key, value in zip(names, row[1:], strict=True)
        }
        for row in table[1:]
    ]
    answers = scoring.predict("income", {"instances": instances}).json()["predictions"]
    assert [row["prediction"] for row in rows] == [each["prediction"] for each in answers]
    sets = [each["prediction_set"] for each in answers]  # none for an unusual instance
    classes = ["; ".join(each["classes"]) if each else "" for each in sets]
    assert [row["prediction_set"] for row in rows] == classes
    assert any(classes)


def test_the_preview_names_the_classes_that_are_not_ruled_out(
    open_page: OpenPage, scoring: Server
) -> None:
    page = opened(open_page, scoring)
    choose(page, as_text(people(20)))
    expect(panel(page)).to_contain_text("All 20 fit.")
    job = scoring.get(f"/api/v1/batches/{job_of(page)}").json()
    labels = {"<=50K": "Earns $50,000 or less", ">50K": "Earns more than $50,000"}
    lines = page.locator(".preview .answered").all_inner_texts()
    sizes = set()
    for row, text in zip(job["preview"]["rows"], lines, strict=True):
        others = [labels[each] for each in row["prediction_set"] or [] if each != row["prediction"]]
        sizes.add(len(others))
        assert re.findall("Also in the prediction set: (.*)", text) == others
    assert sizes == {0, 1}


def test_progress_is_watched_and_survives_a_reload(open_page: OpenPage, batches: Batches) -> None:
    scoring = batches.server
    page = opened(open_page, scoring)
    with held_midway(page, batches, partial(choose_long, page)) as job:
        bar = page.get_by_role("progressbar", name="Rows scored")
        expect(bar).to_have_attribute("max", "1")
        shown = page.locator(".figures-line")
        rows = batches.job(job)["progress"]["rows_done"]
        expect(shown).to_contain_text(f"{rows:,} rows so far")
        expect(page.get_by_text("rows per second")).to_be_visible()
        before = page.evaluate("document.querySelector('progress').value")
        assert 0 < before < 1
        address = page.url
        page.reload()
        assert page.url == address
        expect(shown).to_contain_text(f"{rows:,} rows so far")
        other = opened(open_page, scoring, f"/{job}")
        expect(other.get_by_role("progressbar", name="Rows scored")).to_be_visible()
    page.wait_for_function(
        "before => (document.querySelector('progress')?.value ?? 1) > before", arg=before
    )
    expect_done(page, "All 1,600 rows scored.")
    expect_done(other, "All 1,600 rows scored.")
    status = scoring.get(f"/api/v1/batches/{job_of(page)}").json()
    assert status["status"] == "done"
    assert status["progress"]["rows_done"] == 1_600


def test_a_running_job_is_cancelled_and_gone_for_everybody(
    open_page: OpenPage, batches: Batches
) -> None:
    scoring = batches.server
    page = opened(open_page, scoring)
    with held_midway(page, batches, partial(choose_long, page)) as job:
        expect(page.get_by_role("progressbar", name="Rows scored")).to_be_visible()
        other = opened(open_page, scoring, f"/{job}")
        expect(other.get_by_role("progressbar", name="Rows scored")).to_be_visible()
        page.get_by_role("button", name="Cancel").click()
        expect(page.get_by_text("people.csv and its results are deleted.")).to_be_visible()
        expect(page.get_by_role("heading", name="Score a whole file")).to_be_focused()
        cancelled = other.get_by_role("heading", name="Scoring was cancelled")
        expect(cancelled.or_(other.get_by_role("alert"))).to_be_visible()
    assert scoring.get(f"/api/v1/batches/{job}").status_code == 404
    gone = opened(open_page, scoring, f"/{job}")
    expect(gone.get_by_role("alert")).to_contain_text("This job no longer exists.")
    assert_accessible(gone)


def test_a_match_is_corrected_by_its_menu(open_page: OpenPage, scoring: Server) -> None:
    page = opened(open_page, scoring)
    header = ["name", "Years", *HEADER[2:]]
    choose(page, as_text(people(5, header)))
    age = page.get_by_role("combobox", name="Age", exact=True)
    expect(age).to_have_attribute("aria-invalid", "true")
    expect(start(page)).to_be_disabled()
    expect(page.get_by_text("First choose the column of Age.")).to_be_visible()
    expect(page.get_by_text("Kept as they are")).to_be_visible()
    age.select_option(label="Years")
    expect(panel(page)).to_contain_text("All 7 inputs have a column.")
    expect(start(page)).to_be_enabled()
    # A column can be one input's alone: it moves.
    page.get_by_role("combobox", name="Hours per week").select_option(label="Years")
    expect(age).to_have_attribute("aria-invalid", "true")
    page.get_by_role("combobox", name="Hours per week").select_option(label="hours per week")
    age.select_option(label="Years")
    expect(start(page)).to_be_enabled()
    start(page).click()
    expect_done(page, "All 5 rows scored.")


def test_what_the_keys_pass_by_in_a_menu_stays_with_its_input(
    open_page: OpenPage, scoring: Server
) -> None:
    page = opened(open_page, scoring)
    header = ["Years", "workclass", "education", *HEADER[4:]]
    choose(page, as_text([header, *(row[1:] for row in people(3)[1:])]))
    age = page.get_by_role("combobox", name="Age", exact=True)
    expect(age).to_have_attribute("aria-invalid", "true")
    age.focus()
    chosen = age.locator("option:checked")
    for column in ["Years", "workclass", "education"]:
        page.keyboard.press("ArrowDown")
        expect(chosen).to_have_text(column)
    education = page.get_by_role("combobox", name="Education").locator("option:checked")
    expect(education).to_have_text("Choose…")
    for column in ["workclass", "Years"]:
        page.keyboard.press("ArrowUp")
        expect(chosen).to_have_text(column)
    expect(education).to_have_text("education")
    expect(panel(page)).to_contain_text("All 7 inputs have a column.")
    start(page).click()
    expect_done(page, "All 3 rows scored.")


def test_an_input_that_may_be_missing_is_left_out_only_when_told(
    open_page: OpenPage, scoring: Server
) -> None:
    page = opened(open_page, scoring)
    at = HEADER.index("workclass")
    table = [[cell for place, cell in enumerate(row) if place != at] for row in people(3)]
    choose(page, as_text(table))
    expect(start(page)).to_be_disabled()
    page.get_by_role("button", name="Continue without").click()
    expect(start(page)).to_be_enabled()
    start(page).click()
    expect_done(page, "All 3 rows scored.")


def test_the_page_calls_inputs_by_their_labels_and_values_as_they_are(
    open_page: OpenPage, scoring: Server
) -> None:
    page = opened(open_page, scoring)
    table = people(3, ["name", "Years", "Job", *HEADER[3:]])
    table[1][1] = "4o"
    table[1][5] = "x.; race: y"
    choose(page, as_text(table))
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("There is no column for the input “Age”.")
    expect(alert).to_contain_text("There is no column for the input “Kind of employer”.")
    page.get_by_role("combobox", name="Age", exact=True).select_option(label="Years")
    page.get_by_role("combobox", name="Kind of employer").select_option(label="Job")
    told = page.locator(".preview tbody tr").first.locator(".answered > *")
    expect(told.first).to_have_text('Age: Expected a whole number, found "4o".')
    expect(start(page)).to_be_enabled()
    address = f"/api/v1/batches/{job_of(page)}"
    eventually(lambda: scoring.get(address).json()["preview"] is not None)
    [first, *_] = scoring.get(address).json()["preview"]["rows"]
    assert first["error"].startswith("age: ")
    table[1][1] = "40"
    page.get_by_role("link", name="Another file").click()
    choose(page, as_text(table))
    page.get_by_role("combobox", name="Age", exact=True).select_option(label="Years")
    page.get_by_role("combobox", name="Kind of employer").select_option(label="Job")
    expect(told.filter(has_text="Race: ")).to_have_text(
        'Race: "x.; race: y" was never seen in training.'
    )


def test_cells_pasted_from_a_spreadsheet_are_scored(open_page: OpenPage, scoring: Server) -> None:
    page = opened(open_page, scoring)
    paste(page, as_text(people(4), "\t"))
    expect(page.get_by_role("heading", name="pasted.tsv")).to_be_visible()
    page.get_by_role("combobox", name="Result as").select_option("xlsx")
    start(page).click()
    expect_done(page, "All 4 rows scored.")
    name, data = download(page, re.compile("^Download the result"))
    assert name == "pasted-scored.xlsx" or name.endswith(".xlsx")
    assert data.startswith(b"PK")


def test_bad_rows_are_counted_and_named_by_their_lines(
    open_page: OpenPage, scoring: Server
) -> None:
    page = opened(open_page, scoring)
    table = people(60, bad=[3, 30, 59])
    table[8][0] = "=1+1"
    choose(page, as_text(table))
    expect(panel(page)).to_contain_text("1 of 20 does not fit.")
    odd = page.locator(".preview [data-state=bad] [data-odd]")
    expect(odd).to_have_text(["4o"])
    start(page).click()
    expect_done(page, "57 rows scored, 3 did not fit.")
    section = page.get_by_role("region", name="Rows that did not fit")
    reasons = section.get_by_role("table", name="Why, by input").locator("tbody tr")
    expect(reasons).to_have_count(2)
    expect(reasons.first).to_contain_text(re.compile(r"Age.*whole number.*3", re.DOTALL))
    # Who hears the row of the lines alone is told what they are about.
    expect(reasons.last).to_have_text("Age, Not a whole number: Lines 5, 32, 61")
    lines = section.get_by_role("table", name="Each of them").locator("tbody th")
    expect(lines).to_have_text(["5", "32", "61"])
    expect(section.get_by_text('Age: Expected a whole number, found "4o".')).to_have_count(3)
    assert_accessible(page)
    expect(page.get_by_text("1 cell looks like a spreadsheet formula")).to_be_visible()
    _, bad = download(page, "Download the 3 bad rows")
    assert [row["line"] for row in rows_of(bad)] == ["5", "32", "61"]
    _, data = download(page, re.compile("^Download the result"))
    rows = rows_of(data)
    assert len(rows) == 60
    assert [at for at, row in enumerate(rows) if not row["prediction"]] == [3, 30, 59]
    assert "whole number" in rows[3]["error"]


def test_reasons_of_warnings_name_their_lines(open_page: OpenPage, scoring: Server) -> None:
    page = opened(open_page, scoring)
    table = people(60)
    for at in range(0, 60, 5):
        table[at + 1][1] = "95"
    choose(page, as_text(table))
    start(page).click()
    expect_done(page, "All 60 rows scored.")
    figure = page.locator("figure[data-kind=warned]")
    expect(figure.locator("svg")).to_be_attached()
    figure.locator("summary").click()
    row = figure.get_by_role("row", name=re.compile("^Age: outside the training range 12 "))
    head = row.get_by_role("rowheader")
    expect(head).to_have_text("Age: outside the training range")
    lines = row.locator("xpath=following-sibling::tr[1]")
    expect(lines).to_have_text(
        "Age: outside the training range: Lines 2, 7, 12, 17, 22, 27, 32, 37, 42, 47 and 2 more"
    )
    assert_accessible(page)


def test_reasons_that_an_older_version_counted_name_no_lines(
    open_page: OpenPage, tmp_path: Path
) -> None:
    old = write_old_job(tmp_path / "jobs")
    with serving(tmp_path) as batches:
        page = open_page(f"#/models/species/batch/{old}", url=batches.server.url)
        expect(panel(page)).to_contain_text("2 rows came back with an empty prediction")
        expect(panel(page)).to_contain_text("Height")
        expect(panel(page)).not_to_contain_text(re.compile(r"Lines? "))
        assert_accessible(page)


def test_the_plot_and_its_table_say_what_was_predicted(
    open_page: OpenPage, scoring: Server
) -> None:
    page = opened(open_page, scoring)
    choose(page, as_text(people(50)))
    start(page).click()
    expect_done(page, "All 50 rows scored.")
    summary = scoring.get(f"/api/v1/batches/{job_of(page)}").json()["summary"]
    figure = page.locator("figure[data-kind=predictions]")
    expect(figure.locator("svg")).to_be_attached()
    figure.locator("summary").click()
    cells = figure.locator("tbody td:nth-child(2)")
    expect(cells).to_have_text([str(each["rows"]) for each in summary["predictions"]["classes"]])


def test_a_comma_that_may_divide_thousands_is_asked_and_not_guessed(
    open_page: OpenPage, scoring: Server
) -> None:
    page = open_page("#/models/bikes/batch", url=scoring.url)
    facts = scoring.get("/api/v1/models/bikes").json()
    example = facts["examples"][0]["inputs"]
    row = [
        "2012,5" if each["name"] == "year" else "12,512" for each in facts["signature"]["inputs"]
    ]
    choose(page, as_text([list(example), row], ";"), "bikes.csv")
    asked = page.get_by_role("group", name="What divides thousands?")
    expect(asked).to_contain_text("bikes.csv has “12,512” for the input “")
    expect(start(page)).to_be_disabled()
    assert_accessible(page)
    asked.get_by_role("button", name="Nothing, 1234").click()
    expect(asked).to_be_hidden()
    start(page).click()
    expect_done(page, "The one row is scored.")
    expect(page.locator("figure[data-kind=predictions]")).to_contain_text("in every row.")


def test_texts_that_mean_a_missing_value_are_written_beside_the_other_ways_of_reading(
    open_page: OpenPage, scoring: Server
) -> None:
    table = people(3)
    for row, text in zip(table[1:], ["NA", "-999", "not, said"], strict=True):
        row[2] = text
    page = opened(open_page, scoring, viewport={"width": 390, "height": 844})
    choose(page, as_text(table))
    warned = page.get_by_text("was never seen in training")
    expect(warned).to_have_count(3)
    press_until(page, page.get_by_text("How the file is read"))
    page.keyboard.press("Enter")
    field = page.get_by_role("textbox", name="Missing values are written")
    press_until(page, field)
    page.keyboard.type('NA,  -999 , "not, said",, NA')
    page.keyboard.press("Enter")
    expect(warned).to_have_count(0)
    expect(field).to_be_focused()
    assert_fine(page)
    page.reload()
    page.get_by_text("How the file is read").click()
    expect(field).to_have_value('NA, -999, "not, said"')
    expect(page.get_by_text("person 2")).to_be_visible()
    expect(warned).to_have_count(0)
    field.fill("NA")
    field.blur()
    expect(warned).to_have_count(2)
    start(page).click()
    expect_done(page, "All 3 rows scored.")
    said = scoring.get(f"/api/v1/batches/{job_of(page)}").json()["reading"]["missing"]
    assert said == ["NA"]


def test_one_click_scores_with_texts_that_were_just_typed(
    open_page: OpenPage, scoring: Server
) -> None:
    table = people(4)
    table[1][2], table[2][2] = "NA", "-999"
    page = opened(open_page, scoring)
    choose(page, as_text(table))
    page.get_by_text("How the file is read").click()
    page.get_by_role("textbox", name="Missing values are written").click()
    page.keyboard.type("NA, -999")
    page.route("**/batches/**", lambda route: route.abort())
    start(page).click()
    expect(page.get_by_role("button", name="Starting …")).to_be_disabled()
    page.unroute("**/batches/**")
    expect_done(page, "All 4 rows scored.")
    facts = scoring.get(f"/api/v1/batches/{job_of(page)}").json()
    assert facts["reading"]["missing"] == ["NA", "-999"]
    assert "unknown-category" not in str(facts["summary"]["warned"])


def test_texts_that_are_refused_stay_to_be_mended_and_nothing_is_scored_without_them(
    open_page: OpenPage, scoring: Server
) -> None:
    page = opened(open_page, scoring)
    choose(page, as_text(people(3)))
    page.get_by_text("How the file is read").click()
    field = page.get_by_role("textbox", name="Missing values are written")
    field.fill("NA, " + "-" * 101)
    start(page).click()
    expect(page.get_by_role("alert")).to_contain_text("at most 100 letters each")
    expect(field).to_have_value("NA, " + "-" * 101)
    start(page).click()
    expect(field).to_be_focused()
    expect(page.get_by_text("First fix how missing values are written.")).to_be_visible()
    assert scoring.get(f"/api/v1/batches/{job_of(page)}").json()["status"] == "waiting"
    assert_accessible(page)
    page.get_by_text("How the file is read").click()
    page.get_by_role("button", name="Show me").click()
    expect(field).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("Backspace")
    start(page).click()
    expect_done(page, "All 3 rows scored.")
    said = scoring.get(f"/api/v1/batches/{job_of(page)}").json()["reading"]["missing"]
    assert said == ["NA", "-" * 100]


def test_a_text_of_unknown_encoding_is_called_by_its_format_already(
    open_page: OpenPage, scoring: Server
) -> None:
    page = opened(open_page, scoring)
    table = people(6)
    table[2][0] = "José €"
    choose(page, as_text(table).encode("cp1252"))
    asked = page.get_by_role("group", name="How is the text encoded?")
    expect(asked).to_be_visible()
    expect(panel(page)).to_contain_text("CSV, ")
    page.get_by_text("How the file is read").click()
    page.get_by_role("combobox", name="Encoding").select_option("Windows (cp1252)")
    expect(asked).to_be_hidden()
    expect(page.get_by_text("José €")).to_be_visible()


def test_the_line_under_the_tabs_is_whole_in_forced_colors(
    open_page: OpenPage, scoring: Server
) -> None:
    page = opened(open_page, scoring, forced_colors="active")
    tabs = page.locator(".panels a")
    widths = tabs.evaluate_all("tabs => tabs.map(tab => getComputedStyle(tab).borderBottomWidth)")
    assert [float(each.removesuffix("px")) > 0 for each in widths] == [
        tab.get_attribute("aria-current") == "page" for tab in tabs.all()
    ]
    heights = {tab.bounding_box()["height"] for tab in tabs.all()}  # type: ignore[index] # shown
    assert len(heights) == 1


def test_a_workbook_of_several_sheets_is_asked_which_is_meant(
    open_page: OpenPage, scoring: Server
) -> None:
    book = openpyxl.Workbook()
    sheets = [book.active, book.create_sheet("Others")]
    sheets[0].title = "People"
    for sheet, table in zip(sheets, [people(6), [["a"], ["b"]]], strict=True):
        for row in table:
            sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    page = opened(open_page, scoring)
    choose(page, data.getvalue(), "people.xlsx")
    asked = page.get_by_role("group", name="Which sheet or table should be read?")
    expect(panel(page)).to_contain_text("Excel, ")
    asked.get_by_role("button", name="Others").click()
    expect(page.get_by_text("0 of 7 inputs have a column.")).to_be_visible()
    page.get_by_text("How the file is read").click()
    page.get_by_role("combobox", name="Sheet").select_option("People")
    expect(start(page)).to_be_enabled()
    start(page).click()
    expect_done(page, "All 6 rows scored.")
    name, data_back = download(page, re.compile("^Download the result Excel"))
    assert name.endswith(".xlsx")
    back = openpyxl.load_workbook(io.BytesIO(data_back)).active
    assert [cell.value for cell in back[1]][: len(HEADER)] == HEADER
    assert back.max_row == 7


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("", "empty.csv"),
        ("\n \n", "blank.csv"),
        (",".join(HEADER), "header.csv"),
        ("a;b\n\n\n", "other.csv"),
        ("{}\n", "objects.jsonl"),
        ("PK nothing", "workbook.xlsx"),
    ],
)
def test_a_file_that_cannot_be_read_has_one_clear_problem(
    open_page: OpenPage, scoring: Server, text: str, name: str
) -> None:
    page = opened(open_page, scoring)
    choose(page, text, name)
    expect(page.get_by_role("alert")).to_have_count(1)
    expect(page.get_by_role("alert")).to_contain_text(name)
    if name == "workbook.xlsx":
        expect(page.get_by_role("alert")).to_contain_text("is named like an Excel workbook")
    expect(page.get_by_label("Choose another file")).to_be_attached()
    expect(page.get_by_role("progressbar")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text(name)
    expect(start(page).and_(page.locator(":enabled"))).to_have_count(0)
    assert_accessible(page)


def test_a_file_that_is_read_wrongly_is_read_in_another_way(
    open_page: OpenPage, scoring: Server
) -> None:
    page = opened(open_page, scoring)
    table = people(6)
    table[1][0], table[2][0] = "Doe, Jane", "Roe, Richard, Sir"
    choose(page, as_text(table, ";"), "semicolons.csv")
    expect(start(page)).to_be_enabled()
    page.get_by_text("How the file is read").click()
    divided = page.get_by_role("combobox", name="Cells are separated by")
    divided.select_option(",")
    expect(page.get_by_text("0 of 7 inputs have a column.")).to_be_visible()
    expect(start(page)).to_be_disabled()
    assert_accessible(page)
    page.reload()
    expect(page.get_by_text("0 of 7 inputs have a column.")).to_be_visible()
    page.get_by_text("How the file is read").click()
    divided.select_option(";")
    expect(page.get_by_text("All 7 inputs have a column.")).to_be_visible()
    start(page).click()
    expect_done(page, "All 6 rows scored.")


def test_a_file_is_kept_and_sent_again_while_the_server_is_away(
    open_page: OpenPage, scoring: Server
) -> None:
    page = opened(open_page, scoring)
    keys = []

    def away(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) > 2:
            route.continue_()
        else:
            route.abort()

    page.route("**/models/income/batches?*", away)
    choose(page, as_text(people(3)))
    expect(page.get_by_text("The server is not responding.")).to_be_visible()
    expect(start(page)).to_be_visible()
    assert len(keys) == 3
    assert len(set(keys)) == 1


def test_a_job_stays_on_the_page_while_the_server_is_away(
    open_page: OpenPage, batches: Batches
) -> None:
    page = opened(open_page, batches.server)
    with held_midway(page, batches, partial(choose_long, page)):
        expect(page.locator(".figures-line")).to_contain_text("so far")
    page.route("**/batches/**", lambda route: route.abort())
    page.reload()
    expect(page.get_by_text("The server is not responding.")).to_be_visible()
    assert_accessible(page)
    page.unroute("**/batches/**")
    # It may have been asked again by itself just before.
    page.evaluate("document.querySelector('.to-act button')?.click()")
    expect_done(page, "All 1,600 rows scored.")


def test_a_job_is_asked_for_where_no_events_come(open_page: OpenPage, scoring: Server) -> None:
    page = opened(open_page, scoring)
    page.route("**/events", lambda route: route.abort())
    choose(page, as_text(people(600)))
    start(page).click()
    expect_done(page, "All 600 rows scored.")


def test_the_template_has_the_inputs_and_can_be_scored(
    open_page: OpenPage, scoring: Server
) -> None:
    page = opened(open_page, scoring)
    with page.expect_download() as waited:
        page.get_by_role("button", name="Download a template").click()
    assert waited.value.suggested_filename == "income-template.csv"
    data = Path(waited.value.path()).read_bytes()
    header, row = csv.reader(io.StringIO(data.decode(), newline=""))
    facts = scoring.get("/api/v1/models/income").json()
    assert header == [each["name"] for each in facts["signature"]["inputs"]]
    assert len(row) == len(header)
    choose(page, data, "income-template.csv")
    start(page).click()
    expect_done(page, "The one row is scored.")


def test_a_whole_file_is_scored_by_keyboard_alone(
    open_page: OpenPage, scoring: Server, tmp_path: Path
) -> None:
    file = tmp_path / "people.csv"
    file.write_text(as_text(people(30, ["name", "Years", *HEADER[2:]])))
    page = opened(open_page, scoring)
    page.get_by_role("link", name="Batch").focus()
    press_until(page, page.locator("input[type=file]"))
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(file)
    expect(page.get_by_role("heading", name="people.csv")).to_be_focused()
    press_until(page, page.get_by_role("combobox", name="Age", exact=True))
    page.keyboard.press("Y")  # the first letter of one column alone; more have to come quickly
    page.keyboard.press("Tab")
    expect(start(page)).to_be_enabled()
    press_until(page, start(page))
    page.keyboard.press("Enter")
    expect_done(page, "All 30 rows scored.")
    expect(page.get_by_role("heading", name="All 30 rows scored.")).to_be_focused()
    link = page.get_by_role("link", name=re.compile("^Download the result"))
    press_until(page, link)
    with page.expect_download():
        page.keyboard.press("Enter")
    press_until(page, page.get_by_role("button", name="Delete now"))
    page.keyboard.press("Enter")
    # Asked once more, and the answer that keeps it comes first.
    expect(page.get_by_role("button", name="Keep it")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Score a whole file")).to_be_focused()


def press_until(page: Page, wanted: Locator) -> None:
    """Press Tab until something has the focus."""
    expect(wanted).to_be_visible()
    for _ in range(40):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    pytest.fail("Not reached by the Tab key.")


def test_milestones_are_spoken_and_not_every_tick(open_page: OpenPage, scoring: Server) -> None:
    page = opened(open_page, scoring)
    page.evaluate(
        """() => {
          window.spoken = [];
          const region = document.querySelector("servery-app > [role=status]");
          const note = () => window.spoken.push(region.textContent.trim());
          const all = {childList: true, subtree: true, characterData: true};
          new MutationObserver(note).observe(region, all);
        }"""
    )
    choose(page, as_text(people(1_600)))
    start(page).click()
    expect_done(page, "All 1,600 rows scored.")
    spoken = page.evaluate("window.spoken")
    assert "The file is read. Its first rows are scored below." in spoken
    assert spoken[-1] == "Done. All 1,600 rows scored."
    assert len(spoken) <= 10


def test_every_state_is_accessible_and_fits_a_phone(open_page: OpenPage, batches: Batches) -> None:
    page = opened(open_page, batches.server, viewport={"width": 390, "height": 844})
    assert_fine(page)

    def prepare() -> None:
        choose_long(page, ["name", "Years", *HEADER[2:]], bad=[3])
        expect(start(page)).to_be_disabled()
        page.get_by_text("How the file is read").click()
        assert_fine(page)
        page.get_by_role("combobox", name="Age", exact=True).select_option(label="Years")
        expect(start(page)).to_be_enabled()
        assert_fine(page)

    with held_midway(page, batches, prepare):
        expect(page.get_by_role("progressbar", name="Rows scored")).to_be_visible()
        assert_fine(page)
    expect_done(page, "1,599 rows scored, 1 did not fit.")
    expect(page.locator("figure[data-kind=predictions] svg")).to_be_attached()
    for summary in page.locator("figure details > summary").all():
        summary.click()
    assert_fine(page)
    page.set_viewport_size({"width": 320, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def assert_fine(page: Page) -> None:
    for _ in schemes(page):
        assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_panel_is_fetched_when_it_is_opened(open_page: OpenPage, scoring: Server) -> None:
    page = open_page("#/models/income", url=scoring.url)
    fetched = "performance.getEntriesByType('resource').map(each => each.name)"
    expect(page.get_by_role("region", name="Answer")).to_have_attribute("data-status", "ready")
    assert not [url for url in page.evaluate(fetched) if "batch" in url]
    page.get_by_role("link", name="Batch").click()
    expect(page.get_by_role("heading", name="Score a whole file")).to_be_visible()
    assert any(re.search(r"assets/batch-[\w-]+\.js$", url) for url in page.evaluate(fetched))


def test_a_job_is_found_again_from_the_other_panels(open_page: OpenPage, scoring: Server) -> None:
    page = opened(open_page, scoring)
    choose(page, as_text(people(3)))
    expect(start(page)).to_be_visible()
    job = job_of(page)
    page.get_by_role("link", name="Ask", exact=True).click()
    expect(page.get_by_role("region", name="Answer")).to_have_attribute("data-status", "ready")
    page.get_by_role("link", name="Batch").click()
    expect(start(page)).to_be_visible()
    assert job_of(page) == job
    page.get_by_role("link", name="Another file").click()
    expect(page.get_by_role("heading", name="Score a whole file")).to_be_visible()
    page.go_back()
    expect(start(page)).to_be_visible()


def test_a_file_that_no_worker_reads_says_so_and_can_be_cancelled(
    open_page: OpenPage, idle: Server
) -> None:
    page = opened(open_page, idle, own_context=True)
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now() + 1"))  # what is so for a while stays so
    choose(page, as_text(people(5)))
    expect(page.get_by_role("heading", name="Reading the file")).to_be_visible()
    page.clock.resume()
    expect(page.get_by_role("progressbar", name="Not started")).to_be_visible()
    assert_accessible(page)
    expect(page.get_by_text("Nothing has started yet.")).to_be_visible()
    expect(page.get_by_role("heading", name="Waiting to be read")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("people.csv and its results are deleted.")).to_be_visible()


def test_a_job_that_waits_for_a_worker_does_not_claim_that_others_are_first(
    open_page: OpenPage, idle: Server
) -> None:
    job = idle_job(idle, "?start=true")
    page = opened(open_page, idle, f"/{job}")
    expect(page.get_by_role("heading", name="Waiting for its turn")).to_be_visible()
    expect(panel(page)).to_contain_text("It starts as soon as a worker is free.")
    expect(page.get_by_text("Nothing has started yet.")).to_be_visible()


def idle_job(server: Server, options: str = "?start=false") -> str:
    address = f"{server.url}/api/v1/models/income/batches{options}"
    answer = requests.post(
        address, as_text(people(5)), headers={"Content-Type": "text/csv"}, timeout=PATIENCE_S
    )
    return str(answer.json()["id"])


def test_a_file_that_is_too_large_is_refused_by_its_name(open_page: OpenPage, idle: Server) -> None:
    page = opened(open_page, idle)
    choose(page, as_text(people(4000)), "everybody.csv")
    expect(page.get_by_role("alert")).to_contain_text("everybody.csv")
    expect(page.get_by_role("alert")).to_contain_text("100,000 bytes")
    expect(page.get_by_role("heading", name="Score a whole file")).to_be_visible()
    assert_accessible(page)


def test_a_file_that_is_gone_from_the_disk_is_not_laid_to_the_server(
    open_page: OpenPage, scoring: Server, tmp_path: Path
) -> None:
    file = tmp_path / "gone.csv"
    file.write_text(as_text(people(3)))
    page = opened(open_page, scoring)

    def away(route: Route) -> None:
        file.unlink(missing_ok=True)
        route.abort()

    page.route("**/models/income/batches?*", away)
    page.locator("input[type=file]").set_input_files(file)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The file cannot be read")
    expect(alert).to_contain_text("gone.csv")
    expect(page.get_by_text("The server is not responding.")).to_be_hidden()


def test_of_several_dropped_files_none_is_taken_for_the_others(
    open_page: OpenPage, scoring: Server
) -> None:
    page = opened(open_page, scoring)
    transfer = page.evaluate_handle(
        """() => {
          const transfer = new DataTransfer();
          for (const name of ["january.csv", "february.csv"])
            transfer.items.add(new File(["a,b"], name));
          return transfer;
        }"""
    )
    page.dispatch_event("main", "drop", {"dataTransfer": transfer})
    expect(page.get_by_role("alert")).to_contain_text("2 files were dropped.")
    assert_accessible(page)
    # The next one is taken.
    drop(page, as_text(people(3)), "january.csv")
    expect(page.get_by_role("heading", name="january.csv")).to_be_visible()
    expect(page.get_by_role("alert")).to_be_hidden()


def test_an_upload_goes_on_by_itself_after_other_panels_were_looked_at(
    open_page: OpenPage, scoring: Server
) -> None:
    page = opened(open_page, scoring)
    page.route("**/models/income/batches?*", lambda route: route.abort())
    choose(page, as_text(people(3)))
    expect(page.get_by_text("The server is not responding.")).to_be_visible()
    page.get_by_role("link", name="About", exact=True).click()
    expect(panel(page)).to_be_hidden()
    page.get_by_role("link", name="Batch").click()
    expect(page.get_by_text("The server is not responding.")).to_be_visible()
    page.unroute("**/models/income/batches?*")
    page.get_by_role("button", name="Try now").click()
    expect(start(page)).to_be_enabled()


def test_to_leave_while_a_file_is_sent_is_asked_and_after_it_is_not(
    open_page: OpenPage, scoring: Server
) -> None:
    page = opened(open_page, scoring)
    page.route("**/models/income/batches?*", lambda route: route.abort())
    page.get_by_role("heading", name="Score a whole file").click()
    choose(page, as_text(people(3)))
    expect(page.get_by_text("The server is not responding.")).to_be_visible()
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    page.unroute("**/models/income/batches?*")
    page.get_by_role("button", name="Try now").click()
    expect(start(page)).to_be_enabled()
    with page.expect_event("close"):
        page.close(run_before_unload=True)


@pytest.mark.parametrize("is_old", [False, True], ids=["browser of today", "older browser"])
def test_to_open_another_model_while_a_file_is_sent_is_asked(
    open_page: OpenPage, scoring: Server, is_old: bool
) -> None:
    page = open_page("#/models/species", url=scoring.url)
    if is_old:  # which tells of no navigation before it has happened
        page.evaluate("Object.defineProperty(window, 'navigation', {value: undefined})")
    page.get_by_role("link", name="Batch").click()
    expect(panel(page)).to_be_visible()
    page.evaluate("location.hash = '#/models/income/batch'")
    expect(page.get_by_role("heading", name="Income", exact=True)).to_be_visible()
    page.route("**/models/income/batches?*", lambda route: route.abort())
    choose(page, as_text(people(3)))
    expect(page.get_by_text("The server is not responding.")).to_be_visible()
    address = page.url
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", stay)
    go_back_and_be_asked(page)
    expect(page).to_have_url(address)
    with page.expect_event("dialog"):
        page.get_by_role("link", name="Models").click()
    expect(page).to_have_url(address)
    page.remove_listener("dialog", stay)
    words = "Leave this model? “people.csv” is still being sent, and leaving stops the upload."
    assert asked == [words, words]
    expect(page.get_by_text("The server is not responding.")).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    page.evaluate("location.hash = '#/models/species/batch'")
    expect(page.get_by_role("heading", name="Score a whole file")).to_be_visible()
    page.evaluate("location.hash = '#/models/income/batch'")
    expect(page.get_by_role("heading", name="Score a whole file")).to_be_visible()
    # Once it is sent, nothing would be lost.
    page.unroute("**/models/income/batches?*")
    choose(page, as_text(people(3)))
    expect(start(page)).to_be_enabled()
    page.get_by_role("link", name="Models").click()
    expect(panel(page)).to_be_hidden()


def test_a_link_that_was_declined_leaves_the_history_as_it_was(
    open_page: OpenPage, scoring: Server
) -> None:
    page = open_page("#/models/species/batch", url=scoring.url, own_context=True)
    expect(panel(page)).to_be_visible()
    page.evaluate("location.hash = '#/models/income/batch'")
    income = page.get_by_role("heading", name="Income", exact=True)
    expect(income).to_be_visible()
    page.route("**/models/income/batches?*", lambda route: route.abort())
    choose(page, as_text(people(3)))
    expect(page.get_by_text("The server is not responding.")).to_be_visible()
    address, steps = page.url, page.evaluate("history.length")
    answers = ["dismiss", "dismiss", "dismiss", "accept"]
    page.on("dialog", lambda dialog: getattr(dialog, answers.pop(0))())
    page.get_by_role("link", name="Models").click()
    assert (page.url, page.evaluate("history.length")) == (address, steps)
    # Who has pressed something may be held back, else the page comes back by itself.
    for _ in range(2):
        go_back_and_be_asked(page)
        expect(page).to_have_url(address)
        expect(income).to_be_visible()
    # One step back is all that it takes, and the one forward is still there.
    go_back_and_be_asked(page)
    expect(page.get_by_role("heading", name="Cat or dog", exact=True)).to_be_visible()
    assert answers == []
    page.go_forward()
    expect(page).to_have_url(address)
    expect(income).to_be_visible()
    assert page.evaluate("history.length") == steps


def go_back_and_be_asked(page: Page) -> None:
    with page.expect_event("dialog"):
        page.evaluate("history.back()")


def test_a_result_that_was_deleted_elsewhere_is_not_offered_any_longer(
    open_page: OpenPage, scoring: Server
) -> None:
    page = opened(open_page, scoring)
    choose(page, as_text(people(3)))
    start(page).click()
    expect_done(page, "All 3 rows scored.")
    address = f"{scoring.url}/api/v1/batches/{job_of(page)}"
    assert requests.delete(address, timeout=PATIENCE_S).status_code == 204
    # As when one comes back to the tab.
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("alert")).to_contain_text("This job no longer exists.")
    expect(page.get_by_role("link", name=re.compile("^Download the result"))).to_be_hidden()


def test_what_hinders_is_shown_where_it_can_be_settled(
    open_page: OpenPage, scoring: Server
) -> None:
    page = opened(open_page, scoring)
    choose(page, as_text(people(3, ["name", "Years", *HEADER[2:]])))
    page.get_by_role("button", name="Show me").click()
    age = page.get_by_role("combobox", name="Age", exact=True)
    expect(age).to_be_focused()
    expect(age).to_have_accessible_description("No column found")


def test_a_file_without_a_column_that_fits_is_told_once(
    open_page: OpenPage, scoring: Server
) -> None:
    page = opened(open_page, scoring)
    choose(page, "first,second\n1,2\n")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("No column is named like an input.")
    expect(alert).not_to_contain_text("There is no column for the input")


def test_names_in_any_script_and_of_any_length_keep_their_place(
    open_page: OpenPage, scoring: Server
) -> None:
    size = {"width": 390, "height": 844}
    page = opened(open_page, scoring, viewport=size)
    name = f"بيانات {'الأشخاص ' * 10}.csv"
    header = ["الاسم الكامل" * 20, *HEADER[1:]]
    choose(page, as_text(people(3, header)), name)
    expect(start(page)).to_be_enabled()
    assert_fine(page)
    heading = page.locator("h2 > bdi")
    expect(heading).to_have_text(name)
    head = page.locator(".batch thead th", has_text="الاسم").bounding_box()
    assert head is not None
    assert head["width"] <= 300
    top = page.locator(".file-head").bounding_box()
    assert top is not None
    assert top["height"] < 120


def test_a_result_of_one_class_says_so_and_one_warning_needs_no_plot(
    open_page: OpenPage, scoring: Server
) -> None:
    page = opened(open_page, scoring)
    table = people(3)
    for row in table[1:]:
        row[1] = "95"
    choose(page, as_text(table))
    start(page).click()
    expect_done(page, "All 3 rows scored.")
    summary = scoring.get(f"/api/v1/batches/{job_of(page)}").json()["summary"]
    [warned] = [each for each in summary["warned"] if each["code"] == "outside-training-range"]
    assert warned["rows"] == 3
    figure = page.locator("figure[data-kind=warned]")
    expect(figure).to_contain_text("3 rows of 3")
    if len(summary["warned"]) == 1:
        expect(figure.locator("svg")).to_have_count(0)
        expect(figure).to_contain_text("Age: outside the training range")
        expect(figure).to_contain_text("Lines 2, 3, 4")


def test_cells_that_were_typed_can_be_sent_without_a_key_that_phones_lack(
    open_page: OpenPage, scoring: Server
) -> None:
    page = opened(open_page, scoring)
    send = page.get_by_role("button", name="Score these cells")
    expect(send).to_be_hidden()
    page.get_by_role("textbox", name="or paste cells").fill(as_text(people(2)))
    assert_accessible(page)
    send.click()
    expect(page.get_by_role("heading", name="pasted.csv")).to_be_visible()
    expect(panel(page)).to_contain_text("All 7 inputs have a column.")


def test_a_preview_and_a_result_where_nothing_fits_lead_to_the_cause(
    open_page: OpenPage, scoring: Server
) -> None:
    page = opened(open_page, scoring)
    choose(page, as_text(people(3, bad=[0, 1, 2])))
    expect(panel(page)).to_contain_text("None of them fits.")
    start(page).click()
    expect_done(page, "No row fits: all 3 came back unscored.")
    expect(page.locator(".done .primary")).to_have_text("Download the 3 bad rows")
    assert_accessible(page)


def test_a_server_that_hangs_is_noticed(open_page: OpenPage, scoring: Server) -> None:
    page = opened(open_page, scoring)
    choose(page, as_text(people(3)))
    expect(start(page)).to_be_enabled()
    asked: list[str] = []
    # Taken, and never answered.
    page.route("**/batches/**", lambda route: asked.append(route.request.url))
    page.reload()
    expect(page.get_by_text("The server is not responding.")).to_be_visible()
    assert asked
    page.unroute("**/batches/**")
    page.evaluate("document.querySelector('.to-act button')?.click()")
    expect(start(page)).to_be_enabled()


def test_what_was_chosen_while_the_server_is_away_is_sent_when_it_is_back(
    open_page: OpenPage, scoring: Server
) -> None:
    page = opened(open_page, scoring)
    choose(page, as_text(people(3, ["name", "Years", *HEADER[2:]])))
    expect(start(page)).to_be_disabled()
    page.route("**/batches/**", lambda route: route.abort())
    age = page.get_by_role("combobox", name="Age", exact=True)
    age.select_option(label="Years")
    expect(page.get_by_text("What you chose is kept here")).to_be_visible()
    expect(age.locator("option:checked")).to_have_text("Years")
    assert_accessible(page)
    page.unroute("**/batches/**")
    expect(page.get_by_text("What you chose is kept here")).to_be_hidden()
    expect(age.locator("option:checked")).to_have_text("Years")
    expect(start(page)).to_be_enabled()
    facts = scoring.get(f"/api/v1/batches/{job_of(page)}").json()
    assert facts["columns"]["age"] == "Years"


@pytest.mark.parametrize(("width", "height"), [(844, 390), (320, 256)])
def test_on_a_low_screen_what_comes_next_is_seen(
    open_page: OpenPage, scoring: Server, width: int, height: int
) -> None:
    page = opened(open_page, scoring, viewport={"width": width, "height": height})
    choose(page, as_text(people(30, ["name", "Years", *HEADER[2:]])))
    heading = page.get_by_role("heading", name="people.csv")
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport(ratio=1)
    # What starts it takes no room from what there is to see.
    page.get_by_role("button", name="Show me").click()
    age = page.get_by_role("combobox", name="Age", exact=True)
    expect(age).to_be_focused()
    expect(age).to_be_in_viewport(ratio=1)
    expect(start(page)).not_to_be_in_viewport()
    age.select_option(label="Years")
    expect(start(page)).to_be_enabled()
    start(page).click()
    expect_done(page, "All 30 rows scored.")
    expect(page.get_by_role("heading", name="All 30 rows scored.")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_job_that_was_started_in_another_tab_is_followed(
    open_page: OpenPage, scoring: Server
) -> None:
    page = opened(open_page, scoring)
    choose(page, as_text(people(3)))
    expect(start(page)).to_be_enabled()
    other = opened(open_page, scoring, f"/{job_of(page)}")
    start(other).click()
    expect_done(other, "All 3 rows scored.")
    page.get_by_role("combobox", name="Result as").select_option("xlsx")
    expect_done(page, "All 3 rows scored.")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_role("link", name="Download the result CSV")).to_be_visible()


def test_a_title_above_the_names_of_the_columns_is_thought_of(
    open_page: OpenPage, scoring: Server
) -> None:
    page = opened(open_page, scoring)
    choose(page, "People of 2024\n\n" + as_text(people(3)), "titled.csv")
    asked = page.get_by_role("group", name="Where are the names of the columns?")
    expect(panel(page)).to_contain_text("has the names of inputs in line 3")
    asked.get_by_role("button", name="In line 3").click()
    start(page).click()
    expect_done(page, "All 3 rows scored.")


def test_a_file_with_outcomes_is_compared_and_found_again(
    open_page: OpenPage, scoring: Server
) -> None:
    page = opened(open_page, scoring)
    table = people(40, [*HEADER])
    outcomes = ["income", *("<=50K" if at % 3 else ">50K" for at in range(39)), ""]
    rows = [[*row, outcome] for row, outcome in zip(table, outcomes, strict=True)]
    choose(page, as_text(rows), "known.csv")
    page.get_by_label("True outcomes").select_option("income")
    start(page).click()
    measured = page.get_by_role("region", name="Compared with the true outcomes")
    expect(measured).to_contain_text("39 rows, by the column “income”. Left out: 1 without")
    expect(measured.get_by_role("row", name="ROC-AUC")).to_contain_text("0.887")
    expect(page.locator("servery-confusion table.matrix")).to_be_visible()
    expect(page.locator("[data-kind=drift]")).to_contain_text("Too few rows to compare")
    assert_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the evaluation").click()
    assert download.value.suggested_filename == "known-evaluation.html"
    page.get_by_role("link", name="Another file").click()
    files = page.get_by_role("region", name="Your files").first
    expect(files.get_by_role("row", name="known.csv")).to_contain_text("Done")
    assert_accessible(page)
    files.get_by_role("link", name="known.csv").click()
    expect(measured).to_be_visible()


def test_a_drift_is_said_and_plotted(open_page: OpenPage, scoring: Server) -> None:
    page = opened(open_page, scoring)
    choose(page, as_text(people(200)))
    start(page).click()
    drift = page.locator("[data-kind=drift]")
    expect(drift).to_contain_text("Education: a large drift. Master's degree: 100.0% of the rows")
    expect(drift).to_contain_text("7 inputs and the predictions drifted further than chance")
    expect(drift).to_contain_text("The predictions: a large drift. Earns $50,000 or less: ")
    expect(drift.locator("svg").first).to_be_visible()
    assert_accessible(page)


def test_inputs_without_drift_are_plotted_when_they_are_unfolded(
    open_page: OpenPage, scoring: Server
) -> None:
    page = opened(open_page, scoring)
    manifest = json.loads((ROOT / "models/income/1/model.json").read_bytes())
    names = [item["name"] for item in manifest["signature"]["inputs"]]
    choose(page, as_text([names, *manifest["background"]]))
    start(page).click()
    drift = page.locator("[data-kind=drift]")
    expect(drift).to_contain_text("No drift: the values are distributed as in training")
    expect(drift.locator("svg").first).to_be_hidden()
    drift.get_by_text("Show 7 inputs and the predictions without drift").click()
    expect(drift.locator("svg:visible")).to_have_count(8)
    assert_accessible(page)

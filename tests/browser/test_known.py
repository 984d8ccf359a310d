"""Rows with known outcomes: picked from a list, and the answer against the truth."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import flats
from tests.browser.conftest import OpenPage, assert_accessible, schemes, widths
from tests.browser.test_why import number
from tests.conftest import Server, running


@pytest.fixture(scope="module")
def keeping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    root = tmp_path_factory.mktemp("models")
    flats.publish_flats(root)
    log = tmp_path_factory.mktemp("server") / "log"
    with running(log, SERVERY_MODELS=str(root), WEB_CONCURRENCY="1") as server:
        yield server


def opened(open_page: OpenPage, server: Server, name: str) -> Page:
    page = open_page(f"#/models/{name}", url=server.url)
    known(page).get_by_role("button", name="Show rows").click()
    expect(rows(page).first).to_be_visible()
    return page


def known(page: Page) -> Locator:
    return page.get_by_role("region", name="Rows with known outcomes", exact=True)


def rows(page: Page) -> Locator:
    expect(known(page)).to_have_attribute("aria-busy", "false")
    return known(page).locator("li")


def truth(page: Page) -> Locator:
    return page.locator("section.truth")


def test_a_picked_row_shows_the_answer_against_the_truth(
    open_page: OpenPage, keeping: Server
) -> None:
    page = opened(open_page, keeping, "rent")
    worst = rows(page).first
    outcome = worst.locator("strong").inner_text()
    off = number(re.findall(r"\((.*)\)", worst.inner_text())[0])
    worst.get_by_role("button").click()
    expect(worst.get_by_role("button")).to_have_attribute("aria-pressed", "true")
    expect(truth(page).locator("strong")).to_have_text(outcome)
    expect(truth(page)).to_contain_text("higher" if off > 0 else "lower")
    answer = number(page.get_by_role("region", name="Answer").locator("output").inner_text())
    assert answer - number(outcome) == pytest.approx(off, abs=1)
    expect(truth(page)).to_contain_text("90% interval does not hold the true outcome")


def test_the_truth_goes_as_soon_as_an_input_changes_and_comes_back_with_undo(
    open_page: OpenPage, keeping: Server
) -> None:
    page = opened(open_page, keeping, "rent")
    rows(page).first.get_by_role("button").click()
    expect(truth(page)).to_be_visible()
    page.get_by_label("Age", exact=True).fill("1")
    expect(truth(page)).to_have_count(0)
    expect(rows(page).first.get_by_role("button")).to_have_attribute("aria-pressed", "false")
    page.locator("[data-step=undo]").click()
    expect(truth(page)).to_be_visible()


def test_rows_are_listed_by_error_uncertainty_and_outcome_in_pages(
    open_page: OpenPage, keeping: Server
) -> None:
    page = opened(open_page, keeping, "rent")
    expect(known(page)).to_contain_text(f"1 to 8 of {flats.KEPT}")
    first = rows(page).first.inner_text()
    known(page).get_by_role("button", name="Next").press("Enter")
    expect(known(page)).to_contain_text(f"9 to 16 of {flats.KEPT}")
    expect(known(page).get_by_role("button", name="Next")).to_be_focused()
    known(page).get_by_role("button", name="Previous").click()
    expect(rows(page).first).to_have_text(re.compile(re.escape(first.split("\n")[0])))
    known(page).get_by_label("Order").select_option(label="Highest outcome first")
    expect(known(page)).to_contain_text(f"1 to 8 of {flats.KEPT}")
    expect(rows(page).first).not_to_contain_text(first.split("\n")[0])
    outcomes = [number(each) for each in rows(page).locator("strong").all_inner_texts()]
    assert outcomes == sorted(outcomes, reverse=True)


def test_wrong_answers_of_one_class_are_found(open_page: OpenPage, keeping: Server) -> None:
    page = opened(open_page, keeping, "kind")
    expect(rows(page).first).to_contain_text("predicted: “")
    known(page).get_by_label("Outcome").select_option(label="large")
    expect(rows(page).locator("strong")).to_have_text(["large"] * 8)
    rows(page).first.get_by_role("button").click()
    expect(truth(page)).to_contain_text("The answer is wrong.")


def test_known_rows_are_accessible_and_fit(open_page: OpenPage, keeping: Server) -> None:
    page = opened(open_page, keeping, "kind")
    rows(page).first.get_by_role("button").click()
    expect(truth(page)).to_be_visible()
    for width in widths(page, 320, 390, 820, 1440):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for _ in schemes(page):
            assert_accessible(page)

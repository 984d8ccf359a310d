"""Forms of many inputs: short to look at, quick to search, and nothing lost in what is folded."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import wide
from tests.browser.conftest import OpenPage, assert_accessible, schemes, widths
from tests.conftest import Server, running


@pytest.fixture(scope="module")
def long_forms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    root = tmp_path_factory.mktemp("models")
    wide.publish_wide(root)
    log = tmp_path_factory.mktemp("server") / "log"
    with running(log, SERVERY_MODELS=str(root), WEB_CONCURRENCY="1") as server:
        yield server


def opened(open_page: OpenPage, server: Server, fragment: str) -> Page:
    page = open_page(f"#/models/{fragment}", url=server.url)
    expect(page.get_by_role("region", name="Answer")).to_have_attribute("data-status", "ready")
    return page


def section(page: Page, title: str) -> Locator:
    return page.locator("details.section").filter(has_text=title)


def box(page: Page, label: str) -> Locator:
    return page.get_by_role("textbox", name=label, exact=True)


def test_three_hundred_inputs_fit_in_four_screens_and_are_accessible(
    open_page: OpenPage, long_forms: Server
) -> None:
    page = opened(open_page, long_forms, "wide")
    for width in widths(page, 390, 820, 1440):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for _ in schemes(page):
            assert_accessible(page)
    form = page.get_by_role("form", name="Inputs").bounding_box()
    assert form
    assert form["height"] <= 4 * 900


def test_the_answer_stays_in_view_while_the_form_scrolls(
    open_page: OpenPage, long_forms: Server
) -> None:
    page = opened(open_page, long_forms, "wide")
    expect(page.locator("servery-insight h2").first).to_be_visible()
    for _ in widths(page, 820, 1440):
        page.get_by_role("button", name="Ask", exact=True).scroll_into_view_if_needed()
        expect(page.locator(".verdict")).to_be_in_viewport(ratio=1)


def test_the_filter_finds_an_input_that_is_folded(open_page: OpenPage, long_forms: Server) -> None:
    page = opened(open_page, long_forms, "wide")
    expect(box(page, "V237")).to_have_count(0)
    page.get_by_label("Filter inputs").fill("v237")
    expect(page.get_by_role("status").filter(has_text="1 of 300 inputs")).to_have_count(1)
    page.get_by_label("Filter inputs").press("Enter")
    expect(box(page, "V237")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("9")
    expect(page.get_by_role("list", name="Warnings")).to_contain_text("V237")
    assert_accessible(page)
    page.get_by_label("Filter inputs").fill("")
    expect(box(page, "V237")).to_have_value("9")
    expect(section(page, "Inputs 234 to 258")).to_contain_text("25 inputs, 1 not typical")


def test_a_link_holds_what_is_not_typical_and_opens_its_section(
    open_page: OpenPage, long_forms: Server
) -> None:
    page = opened(open_page, long_forms, "wide")
    box(page, "V3").fill("1.5")
    expect(page.get_by_role("region", name="Answer")).to_have_attribute("data-status", "ready")
    expect(page).to_have_url(f"{long_forms.url}/#/models/wide??1&v3=1.5")
    page.evaluate("location.hash = '#/models/wide??1&v3=1.5&v120=3'")
    expect(box(page, "V120")).to_have_value("3")
    expect(box(page, "V3")).to_have_value("1.5")
    other = open_page("#/models/wide??1&v120=3&v130", url=long_forms.url)
    expect(box(other, "V120")).to_have_value("3")
    expect(box(other, "V130")).to_have_value("")


def test_a_wrong_value_in_a_folded_section_opens_it(
    open_page: OpenPage, long_forms: Server
) -> None:
    page = opened(open_page, long_forms, "wide")
    page.get_by_label("Filter inputs").fill("v250")
    box(page, "V250").fill("many")
    expect(page.get_by_role("region", name="Answer")).to_have_attribute("data-status", "invalid")
    page.get_by_label("Filter inputs").fill("")
    expect(box(page, "V250")).to_be_visible()
    folded = section(page, "Inputs 234 to 258")
    folded.locator("summary").click()
    expect(box(page, "V250")).to_have_count(0)
    expect(folded).to_contain_text("1 to fix")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(box(page, "V250")).to_be_focused()


def test_a_pasted_value_is_brought_into_sight(open_page: OpenPage, long_forms: Server) -> None:
    page = opened(open_page, long_forms, "wide")
    page.get_by_text("Paste a row").click()
    page.get_by_label("CSV, TSV or JSON").fill("v199\tv2\n2.5\t1\n")
    page.get_by_role("button", name="Fill in").click()
    expect(box(page, "V199")).to_have_value("2.5")
    page.locator(".notice").get_by_role("button", name="Undo").click()
    expect(box(page, "V2")).not_to_have_value("1")


def test_a_contribution_leads_to_its_input_where_that_is_folded(
    open_page: OpenPage, long_forms: Server
) -> None:
    page = opened(open_page, long_forms, "wide")
    page.locator(".move").filter(has_text="V120").click()
    expect(box(page, "V120")).to_be_focused()


def test_sections_follow_the_card_and_the_order_its_menu(
    open_page: OpenPage, long_forms: Server
) -> None:
    page = opened(open_page, long_forms, "grouped")
    titles = page.locator("details.section > summary > span")
    expect(titles).to_have_text(["Most important", "Vitals", "Blood", "Other inputs"])
    expect(page.locator("servery-field").first).to_contain_text("V7")
    menu = page.get_by_label("Order of the inputs")
    menu.select_option("By name")
    expect(titles).to_have_text(["Vitals", "Blood", "Other inputs"])
    expect(page.locator("servery-field label[for]")).to_have_text(["V0", "V2"])
    section(page, "Blood").locator("summary").focus()
    page.keyboard.press("Enter")
    expect(box(page, "V10")).to_be_visible()
    assert_accessible(page)

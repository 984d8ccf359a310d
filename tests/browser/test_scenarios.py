"""Answers that are kept side by side, in the address."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage, assert_accessible, schemes, widths
from tests.browser.test_why import opened

BIKES = "#/models/bikes?temperature=24&humidity=50&windspeed=10&year=2012.5"
COLD = "temperature=3&humidity=50&windspeed=10&year=2012.5"
MILD = "temperature=15&humidity=50&windspeed=10&year=2012.5"
SEVERAL = f"{BIKES};Cold:{COLD};Mild:{MILD}"


def scenarios(page: Page) -> Locator:
    part = page.get_by_role("region", name="Scenarios", exact=True)
    expect(part).to_have_attribute("aria-busy", "false")
    return part


def names(page: Page) -> Locator:
    return scenarios(page).get_by_role("textbox")


def row(page: Page, place: int | str) -> Locator:
    return scenarios(page).locator(f'[data-row="{place}"]')


def kept_and_changed(page: Page) -> tuple[str, str]:
    """Keep the answer, change one input; return what was said before and what is said now."""
    output = page.get_by_role("region", name="Answer").locator("output")
    before = output.inner_text()
    page.get_by_role("button", name="Keep this answer").click()
    expect(scenarios(page)).to_contain_text("Change an input to see another answer")
    page.get_by_label("Temperature", exact=True).fill("3")
    expect(output).not_to_have_text(before)
    return before, output.inner_text()


def test_a_kept_answer_stands_beside_the_present_one(open_page: OpenPage) -> None:
    page = opened(open_page, BIKES)
    before, now = kept_and_changed(page)
    expect(scenarios(page).locator("[data-outcome]")).to_have_text([now, before])
    expect(scenarios(page).locator("thead [data-input]")).to_have_text(["Temperature"])
    expect(scenarios(page).locator("tbody [data-input]")).to_have_text(["3 °C", "24 °C"])
    apart = f"{abs(number(before) - number(now)):,}"
    expect(row(page, 0).locator("[data-difference]")).to_contain_text(re.compile(rf"\+{apart[:3]}"))
    expect(row(page, "now").locator("[data-difference]")).to_have_text("")
    expect(scenarios(page)).to_contain_text("3 of 4 inputs are the same in all of them.")
    expect(row(page, 0).locator("[data-contributions] li")).not_to_have_count(0)
    expect(row(page, "now").locator("[data-contributions] li")).not_to_have_count(0)


def test_a_reload_keeps_them(open_page: OpenPage) -> None:
    page = opened(open_page, BIKES)
    before, now = kept_and_changed(page)
    names(page).fill("A warm day; in spring")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r";A\+warm\+day%3B\+in\+spring:temperature=24&"))
    page.reload()
    expect(scenarios(page).locator("[data-outcome]")).to_have_text([now, before])
    expect(names(page)).to_have_value("A warm day; in spring")
    expect(page.get_by_label("Temperature", exact=True)).to_have_value("3")


def test_an_address_with_an_answer_pinned_by_an_older_page_is_read(open_page: OpenPage) -> None:
    page = opened(open_page, f"{BIKES};{COLD}")
    expect(names(page)).to_have_value("Scenario 1")
    expect(scenarios(page).locator("tbody [data-input]")).to_have_text(["24 °C", "3 °C"])


def test_a_kept_answer_goes_by_itself_by_its_button_and_by_going_back(open_page: OpenPage) -> None:
    page = opened(open_page, BIKES)
    page.get_by_role("button", name="Keep this answer").click()
    kept = page.get_by_role("button", name="Kept", exact=True)
    expect(kept).to_have_attribute("aria-pressed", "true")
    scenarios(page).get_by_role("button", name="Remove").click()
    expect(page.get_by_role("region", name="Scenarios", exact=True)).to_have_count(0)
    expect(page).not_to_have_url(re.compile(";"))
    expect(page.get_by_role("button", name="Keep this answer")).to_be_focused()
    page.go_back()
    expect(scenarios(page)).to_contain_text("Change an input to see another answer")
    page.go_back()
    expect(page.get_by_role("region", name="Scenarios", exact=True)).to_have_count(0)


def test_a_kept_question_fills_the_form_again(open_page: OpenPage) -> None:
    page = opened(open_page, SEVERAL)
    row(page, 0).get_by_role("button", name="Fill in Cold").click()
    expect(page.get_by_label("Temperature", exact=True)).to_have_value("3")
    expect(row(page, 0)).to_have_attribute("aria-current", "true")
    expect(row(page, "now")).to_have_count(0)
    expect(row(page, 0)).to_contain_text("Now in the form")
    expect(row(page, 0).get_by_role("button", name="Fill in Cold")).to_be_focused()


def test_several_are_named_and_put_in_order(open_page: OpenPage) -> None:
    page = opened(open_page, SEVERAL)
    expect(scenarios(page).locator("tbody tr")).to_have_count(3)
    row(page, 1).get_by_role("button", name="Move up").press("Enter")
    assert [box.input_value() for box in names(page).all()] == ["Mild", "Cold"]
    expect(row(page, 0).get_by_role("button", name="Move down Mild")).to_be_focused()
    expect(page).to_have_url(re.compile(r";Mild:temperature=15&.*;Cold:temperature=3&"))
    names(page).first.fill("")
    names(page).first.press("Tab")
    expect(names(page).first).to_have_value("Mild")
    row(page, 0).get_by_role("button", name="Remove").click()
    assert [box.input_value() for box in names(page).all()] == ["Cold"]
    expect(row(page, 0).get_by_role("button", name="Remove Cold")).to_be_focused()


def test_they_are_copied_as_a_table(open_page: OpenPage) -> None:
    page = opened(open_page, SEVERAL, permissions=["clipboard-read", "clipboard-write"])
    scenarios(page).get_by_role("button", name="Copy as CSV").click()
    expect(scenarios(page).get_by_role("button", name="Copied")).to_be_visible()
    lines = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert lines[0].startswith("scenario,temperature,humidity,windspeed,year,prediction")
    assert lines[0].endswith("warnings,error")
    assert [line.split(",")[0] for line in lines[1:]] == ["Now", "Cold", "Mild"]
    assert [line.split(",")[1] for line in lines[1:]] == ["24", "3", "15"]


def test_a_semicolon_that_was_typed_keeps_nothing(open_page: OpenPage) -> None:
    page = opened(open_page, "#/models/questions?question_text=Why%3B+and+how%3F")
    expect(page.get_by_label("Question", exact=True)).to_have_value("Why; and how?")
    expect(page.get_by_role("region", name="Scenarios", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Keep this answer").click()
    page.get_by_label("Question", exact=True).fill("What; else: is there?")
    texts = ["What; else: is there?", "Why; and how?"]
    expect(scenarios(page).locator("tbody [data-input]")).to_have_text(texts)
    page.reload()
    expect(scenarios(page).locator("tbody [data-input]")).to_have_text(texts)


def test_a_kept_question_that_does_not_fit_the_model_says_so_and_can_go(
    open_page: OpenPage,
) -> None:
    page = opened(open_page, f"{BIKES};temperature=warm")
    expect(row(page, 0)).to_contain_text("Temperature: Expected a number")
    row(page, 0).get_by_role("button", name="Remove").click()
    expect(page.get_by_role("region", name="Scenarios", exact=True)).to_have_count(0)


def test_keeping_and_comparing_by_the_keyboard_alone(open_page: OpenPage) -> None:
    page = opened(open_page, "#/models/species?height=90&weight=50")
    page.get_by_role("button", name="Print or save as PDF").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(scenarios(page)).to_be_visible()
    expect(page.get_by_role("button", name="Kept", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Scenarios", exact=True)).to_have_count(0)


def test_scenarios_are_accessible_and_fit(open_page: OpenPage) -> None:
    page = opened(
        open_page,
        "#/models/species?height=90&weight=50;height=80&weight=40;Small:height=70&weight=36",
    )
    for width in widths(page, 390, 1280):
        expect(scenarios(page).locator("thead [data-input]")).to_have_count(2)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for _ in schemes(page):
            assert_accessible(page)


def number(text: str) -> int:
    return int(re.sub(r"\D", "", text))

"""Two answers side by side, one of them kept in the address."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage, assert_accessible, schemes, widths
from tests.browser.test_why import opened

BIKES = "#/models/bikes?temperature=24&humidity=50&windspeed=10&year=2012.5"


def comparison(page: Page) -> Locator:
    part = page.get_by_role("region", name="Compare", exact=True)
    expect(part).to_have_attribute("aria-busy", "false")
    return part


def pinned_and_changed(page: Page) -> tuple[str, str]:
    """Pin the answer, change one input; return what was said before and what is said now."""
    output = page.get_by_role("region", name="Answer").locator("output")
    before = output.inner_text()
    page.get_by_role("button", name="Pin this answer").click()
    expect(comparison(page)).to_contain_text("Both answers have the same inputs.")
    page.get_by_label("Temperature", exact=True).fill("3")
    expect(output).not_to_have_text(before)
    return before, output.inner_text()


def test_a_pinned_answer_stands_beside_the_present_one(open_page: OpenPage) -> None:
    page = opened(open_page, BIKES)
    before, now = pinned_and_changed(page)
    part = comparison(page)
    expect(part.locator("[data-answer] td")).to_have_text([before, now])
    differing = part.locator("[data-differs]")
    expect(differing).to_have_count(1)
    expect(differing.locator("th, td")).to_have_text(["Temperature", "24 °C", "3 °C"])
    apart = number(now) - number(before)
    words = f"{abs(apart):,}"
    expect(part.locator("[data-difference]")).to_contain_text(re.compile(rf"\u2212{words[:3]}"))
    expect(part).to_contain_text("3 of 4 inputs are the same in both.")


def test_a_reload_keeps_the_pin(open_page: OpenPage) -> None:
    page = opened(open_page, BIKES)
    before, now = pinned_and_changed(page)
    expect(page).to_have_url(
        re.compile(r"\?temperature=3&humidity=50&windspeed=10&year=2012\.5;temperature=24&")
    )
    page.reload()
    expect(comparison(page).locator("[data-answer] td")).to_have_text([before, now])
    expect(page.get_by_label("Temperature", exact=True)).to_have_value("3")


def test_a_pin_goes_by_itself_by_the_button_and_by_going_back(open_page: OpenPage) -> None:
    page = opened(open_page, BIKES)
    page.get_by_role("button", name="Pin this answer").click()
    expect(page.get_by_role("button", name="Pinned")).to_have_attribute("aria-pressed", "true")
    comparison(page).get_by_role("button", name="Unpin").click()
    expect(page.get_by_role("region", name="Compare", exact=True)).to_have_count(0)
    expect(page).not_to_have_url(re.compile(";"))
    page.go_back()
    expect(comparison(page)).to_contain_text("Both answers have the same inputs.")
    page.go_back()
    expect(page.get_by_role("region", name="Compare", exact=True)).to_have_count(0)


def test_the_pinned_question_can_be_gone_back_to(open_page: OpenPage) -> None:
    page = opened(open_page, BIKES)
    before, _ = pinned_and_changed(page)
    comparison(page).get_by_role("button", name="Go back to it").click()
    expect(page.get_by_role("region", name="Answer").locator("output")).to_have_text(before)
    expect(page.get_by_label("Temperature", exact=True)).to_have_value("24")


def test_a_semicolon_that_was_typed_pins_nothing(open_page: OpenPage) -> None:
    page = opened(open_page, "#/models/questions?question_text=Why%3B+and+how%3F")
    expect(page.get_by_label("Question", exact=True)).to_have_value("Why; and how?")
    expect(page.get_by_role("region", name="Compare", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Pin this answer").click()
    page.get_by_label("Question", exact=True).fill("What; else; is there?")
    expect(comparison(page).locator("[data-differs] td")).to_have_text(
        ["Why; and how?", "What; else; is there?"]
    )
    page.reload()
    expect(comparison(page).locator("[data-differs] td")).to_have_text(
        ["Why; and how?", "What; else; is there?"]
    )


def test_a_pin_that_does_not_fit_the_model_is_said_and_can_go(open_page: OpenPage) -> None:
    page = opened(open_page, f"{BIKES};temperature=warm")
    part = comparison(page)
    expect(part).to_contain_text("Could not load the pinned answer. It does not fit")
    part.get_by_role("button", name="Unpin").click()
    expect(page.get_by_role("region", name="Compare", exact=True)).to_have_count(0)


def test_pinning_and_comparing_by_the_keyboard_alone(open_page: OpenPage) -> None:
    page = opened(open_page, "#/models/species?height=90&weight=50")
    page.get_by_role("button", name="Print or save as PDF").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(comparison(page)).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Compare", exact=True)).to_have_count(0)


def test_a_comparison_is_accessible_and_fits(open_page: OpenPage) -> None:
    page = opened(open_page, "#/models/species?height=90&weight=50;height=80&weight=40")
    for width in widths(page, 390, 1280):
        expect(comparison(page).locator("[data-differs]")).to_have_count(2)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for _ in schemes(page):
            assert_accessible(page)


def number(text: str) -> int:
    return int(re.sub(r"\D", "", text))

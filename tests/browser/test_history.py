"""Back through the changes of a form, and each input back to its typical value."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage, assert_accessible, schemes, widths
from tests.browser.test_why import opened

INCOME = "#/models/income"
SMALLEST_TARGET_PX = 24


def box(page: Page, label: str) -> Locator:
    return page.get_by_label(label, exact=True)


def undo(page: Page) -> Locator:
    return page.locator("[data-step=undo]")


def redo(page: Page) -> Locator:
    return page.locator("[data-step=redo]")


def reset(page: Page, label: str) -> Locator:
    return page.get_by_role("button", name=f"Reset {label} to ")


def leave_boxes(page: Page) -> None:
    page.evaluate("document.activeElement?.blur()")


def test_each_change_is_undone_and_redone_whatever_made_it(open_page: OpenPage) -> None:
    page = opened(open_page, INCOME)
    expect(undo(page)).to_have_attribute("aria-disabled", "true")
    first = box(page, "Age").input_value()
    box(page, "Age").press_sequentially("1")
    box(page, "Age").fill("52")
    box(page, "Education").select_option("Masters")
    page.get_by_role("button", name="Typical").click()
    page.get_by_text("Paste a row").click()
    page.get_by_label(re.compile("CSV, TSV or JSON")).fill("age\n61")
    page.get_by_role("button", name="Fill in").click()
    expect(box(page, "Age")).to_have_value("61")
    pasted = page.url
    undo(page).click()
    expect(page.get_by_role("button", name="Typical")).to_have_attribute("aria-pressed", "true")
    undo(page).click()
    expect(box(page, "Education")).to_have_value("Masters")
    expect(undo(page)).to_have_accessible_name("Undo Education")
    undo(page).click()
    expect(box(page, "Education")).not_to_have_value("Masters")
    expect(box(page, "Age")).to_have_value("52")
    undo(page).click()
    expect(box(page, "Age")).to_have_value(first)
    expect(undo(page)).to_have_attribute("aria-disabled", "true")
    expect(undo(page)).to_be_focused()
    for _ in range(4):
        redo(page).click()
    expect(redo(page)).to_have_attribute("aria-disabled", "true")
    expect(box(page, "Age")).to_have_value("61")
    expect(page).to_have_url(pasted)


def test_a_change_that_was_found_and_a_scenario_are_undone(open_page: OpenPage) -> None:
    page = opened(open_page, INCOME)
    age = box(page, "Age").input_value()
    page.get_by_role("button", name="Keep this answer").click()
    box(page, "Age").fill("80")
    page.get_by_role("button", name="Fill in Scenario 1").click()
    expect(box(page, "Age")).to_have_value(age)
    undo(page).click()
    expect(box(page, "Age")).to_have_value("80")
    undo(page).click()
    expect(box(page, "Age")).to_have_value(age)
    page.get_by_role("button", name="Engineer, mid-career").click()
    question = page.url
    page.get_by_role("button", name="Find changes").click()
    page.get_by_role("button", name="Try it").first.click()
    expect(page).not_to_have_url(question)
    undo(page).click()
    expect(page).to_have_url(question)


@pytest.mark.parametrize("key", ["Control", "Meta"])
def test_the_keys_undo_what_no_box_undoes_itself(open_page: OpenPage, key: str) -> None:
    page = opened(open_page, INCOME)
    age = box(page, "Age").input_value()
    page.get_by_role("button", name="Typical").click()
    box(page, "Hours per week").press_sequentially("1")
    hours = box(page, "Hours per week").input_value()
    leave_boxes(page)
    page.keyboard.press(f"{key}+z")
    expect(box(page, "Hours per week")).not_to_have_value(hours)
    box(page, "Age").focus()
    page.keyboard.press(f"{key}+z")
    expect(box(page, "Age")).to_have_value(age)
    page.keyboard.press(f"{key}+Shift+z")
    page.keyboard.press(f"{key}+y")
    expect(box(page, "Hours per week")).to_have_value(hours)


def test_what_was_just_typed_is_undone_by_its_box(open_page: OpenPage) -> None:
    page = opened(open_page, INCOME)
    page.get_by_role("button", name="Typical").click()
    typical = box(page, "Age").input_value()
    box(page, "Age").press("End")
    page.keyboard.type("1")
    page.keyboard.press("Control+z")
    expect(box(page, "Age")).to_have_value(typical)
    expect(page.get_by_role("button", name="Typical")).to_have_attribute("aria-pressed", "true")


def test_another_model_has_a_history_of_its_own(open_page: OpenPage) -> None:
    page = opened(open_page, INCOME)
    page.get_by_role("button", name="Clear").click()
    expect(undo(page)).to_have_attribute("aria-disabled", "false")
    page.goto(page.url.split("#")[0] + "#/models/bikes")
    expect(box(page, "Humidity")).to_be_visible()
    expect(undo(page)).to_have_attribute("aria-disabled", "true")
    leave_boxes(page)
    page.keyboard.press("Control+z")
    expect(box(page, "Humidity")).not_to_have_value("")


def test_an_input_goes_back_to_its_typical_value_alone(open_page: OpenPage) -> None:
    page = opened(open_page, INCOME)
    page.get_by_role("button", name="Typical").click()
    typical = box(page, "Age").input_value()
    box(page, "Age").fill("52")
    box(page, "Hours per week").fill("3")
    reset(page, "Age").press("Enter")
    expect(box(page, "Age")).to_have_value(typical)
    expect(box(page, "Age")).to_be_focused()
    expect(reset(page, "Age")).to_have_count(0)
    expect(reset(page, "Education")).to_have_count(0)
    expect(reset(page, "Hours per week")).to_have_count(1)
    leave_boxes(page)
    page.keyboard.press("Control+z")
    expect(box(page, "Age")).to_have_value("52")
    page.get_by_role("button", name="Typical").click()
    expect(page.locator("servery-reset button")).to_have_count(0)


def test_resets_move_nothing_are_large_enough_and_accessible(open_page: OpenPage) -> None:
    page = opened(open_page, INCOME)
    places = "() => [...document.querySelectorAll('.field')].map((e) => e.offsetTop)"
    for width in widths(page, 320, 390, 820, 1440):
        page.get_by_role("button", name="Typical").click()
        expect(page.locator("servery-reset button")).to_have_count(0)
        before = page.evaluate(places)
        page.get_by_role("button", name="Clear").click()
        expect(page.locator("servery-reset button")).to_have_count(7)
        assert page.evaluate(places) == before
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for button in page.locator("servery-reset button").all():
            place = button.bounding_box()
            assert place
            assert min(place["width"], place["height"]) >= SMALLEST_TARGET_PX
            assert place["x"] + place["width"] <= width
        for _ in schemes(page):
            assert_accessible(page)

"""Everything shown belongs to the inputs shown, and no typed number is misread."""

import re

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import OpenPage, assert_accessible

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def answer_of(page: Page) -> Locator:
    return page.get_by_role("region", name="Answer")


def box(page: Page, label: str) -> Locator:
    return page.get_by_label(label, exact=True)


def await_answer(page: Page) -> Locator:
    answer = answer_of(page)
    expect(answer).to_have_attribute("data-status", "ready")
    return answer


def test_an_answer_to_other_inputs_is_dimmed_and_shows_no_figure_on_a_phone(
    open_page: OpenPage,
) -> None:
    page = open_page("#/models/petrol", **PHONE)
    await_answer(page)
    first = page.locator("servery-form input[type=text]").first
    first.fill("many")
    answer = answer_of(page)
    expect(answer).to_have_attribute("data-status", "invalid")
    expect(answer.get_by_text("Before your change")).to_be_attached()
    first.scroll_into_view_if_needed()
    bar = page.locator(".answer-bar")
    expect(bar).to_contain_text("1 input needs fixing.")
    assert bar.locator("strong").count() == 0
    assert_accessible(page)
    first.fill("9")
    expect(answer.get_by_text("Before your change")).to_have_count(0)


def test_a_number_that_can_be_read_in_two_ways_is_fixed_by_one_click(open_page: OpenPage) -> None:
    page = open_page("#/models/petrol")
    await_answer(page)
    tax = box(page, "Petrol tax")
    tax.fill("8,125")
    expect(tax).to_have_accessible_description(re.compile("can be read in two ways"))
    page.get_by_role("button", name="Use 8.125").click()
    expect(tax).to_have_value("8.125")
    await_answer(page)
    tax.fill("7,5 cents per gallon")
    await_answer(page)
    expect(page.get_by_role("slider", name="Petrol tax, slider")).to_have_value("7.5")


def test_an_arrow_key_steps_the_number_itself(open_page: OpenPage) -> None:
    page = open_page("#/models/species")
    height = box(page, "Height")
    height.fill("200")  # beyond the slider
    height.press("ArrowUp")
    expect(height).to_have_value("200.1")
    height.press("ArrowDown")
    height.press("ArrowDown")
    expect(height).to_have_value("199.9")


def test_no_end_of_a_slider_is_outside_the_training_range(open_page: OpenPage) -> None:
    page = open_page("#/models/bikes")
    answer = await_answer(page)
    for slider in page.get_by_role("slider", name=re.compile(", slider$")).all():
        for key in ("Home", "End"):
            before = answer.text_content()
            slider.press(key)
            expect(page.locator(".field .beyond")).to_have_count(0)
            await_answer(page)
            expect(answer.get_by_text("outside")).to_have_count(0)
            assert before is not None


def test_a_swipe_that_scrolls_changes_no_value(open_page: OpenPage) -> None:
    page = open_page("#/models/species", **PHONE)
    await_answer(page)
    height = box(page, "Height")
    before = height.input_value()
    slider = page.get_by_role("slider", name="Height, slider")
    marker = page.get_by_role("slider", name=re.compile("on the curve"))
    for control in (slider, marker.locator("xpath=..")):
        control.scroll_into_view_if_needed()
        place = control.bounding_box()
        assert place
        x, y = place["x"] + place["width"] * 0.9, place["y"] + place["height"] / 2
        scrolled = page.evaluate("scrollY")
        swipe(page, (x, y), (x + 3, y + 200 if scrolled else y - 200))
        assert page.evaluate("scrollY") != scrolled
        expect(height).to_have_value(before)
    slider.scroll_into_view_if_needed()
    place = slider.bounding_box()
    assert place
    y = place["y"] + place["height"] / 2
    swipe(page, (place["x"] + place["width"] * 0.5, y), (place["x"] + place["width"] * 0.8, y))
    expect(height).not_to_have_value(before)


def swipe(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Move a finger over the screen, as the browser itself would report it."""
    touch = page.context.new_cdp_session(page)
    steps = 12

    def at(step: int) -> list[dict[str, float]]:
        x, y = (from_ + (to - from_) * step / steps for from_, to in zip(start, end, strict=True))
        return [{"x": x, "y": y}]

    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": at(0)})
    for step in range(1, steps + 1):
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": at(step)})
        page.wait_for_timeout(16)  # a frame, as a finger is reported
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_number_with_thousands_is_pasted_into_its_own_box_alone(open_page: OpenPage) -> None:
    page = open_page("#/models/petrol")
    await_answer(page)
    values = [each.input_value() for each in page.locator("servery-form input[type=text]").all()]
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/plain", "1,234,567");
          const box = document.querySelector("servery-form input[type=text]");
          box.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}));
        }"""
    )
    kept = [each.input_value() for each in page.locator("servery-form input[type=text]").all()]
    assert kept == values


def test_a_pasted_row_says_what_it_sets_and_is_undone(open_page: OpenPage) -> None:
    page = open_page("#/models/income")
    await_answer(page)
    age = box(page, "Age").input_value()
    page.get_by_text("Paste a row").click()
    page.get_by_label(re.compile("CSV, TSV or JSON")).fill("AGE;Marital status\n61;Married")
    page.get_by_role("button", name="Fill in").click()
    notice = page.locator(".notice")
    expect(notice).to_contain_text("Row filled in: Age 61")
    expect(box(page, "Age")).to_have_value("61")
    notice.get_by_role("button", name="Undo").click()
    expect(box(page, "Age")).to_have_value(age)
    expect(notice).to_have_count(0)


def test_found_changes_say_which_inputs_and_target_they_belong_to(open_page: OpenPage) -> None:
    page = open_page("#/models/petrol")
    await_answer(page)
    changes = page.get_by_role("region", name="What would change it?")
    changes.get_by_label("At least").fill("100000")
    changes.get_by_role("button", name="Find changes").click()
    nothing = changes.get_by_text("Nothing found")
    expect(nothing).to_be_visible()
    expect(changes.get_by_text("Result of your search")).to_have_count(0)
    changes.get_by_label("At least").fill("400")
    expect(changes.get_by_text("Result of your search for 100,000")).to_be_visible()
    changes.get_by_label("At least").fill("100000")
    expect(changes.get_by_text("Result of your search")).to_have_count(0)
    page.locator("servery-form input[type=text]").first.fill("9.5")
    expect(changes.get_by_text("with the inputs before your change")).to_be_visible()
    expect(nothing).to_be_visible()


def test_an_answer_of_a_proxy_is_reported_as_such(open_page: OpenPage) -> None:
    page = open_page("#/models/species")
    await_answer(page)
    replies = {"status": 413, "body": "<html>too large</html>"}
    page.route("**/predictions", lambda route: reply(route, replies))
    height = box(page, "Height")
    height.fill("71")
    answer = answer_of(page)
    expect(answer).to_contain_text("A server in front of Servery refused this much data.")
    replies.update(status=200, body="<html>Sign in</html>")
    height.fill("72")
    expect(answer).to_contain_text("The answer is a web page, maybe a sign-in page.")
    replies.update(status=500, body='{"title": "Internal error", "detail": "It broke."}')
    height.fill("73")
    expect(answer).to_contain_text("It broke.")
    page.unroute("**/predictions")
    answer.get_by_role("button", name="Try now").click()
    await_answer(page)


def reply(route: Route, replies: dict[str, object]) -> None:
    route.fulfill(status=int(str(replies["status"])), body=str(replies["body"]))

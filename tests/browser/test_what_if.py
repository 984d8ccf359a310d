"""What if an input were different: curves that are dragged, and changes that are tried."""

import re

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import OpenPage, assert_accessible, await_kept, schemes, widths
from tests.browser.test_why import asked, moved, opened
from tests.conftest import Server

ENGINEER = "Engineer, mid-career"


def what_if(page: Page) -> Locator:
    part = page.get_by_role("region", name="What if", exact=True)
    expect(part).to_have_attribute("aria-busy", "false")
    return part


def changes(page: Page) -> Locator:
    return page.get_by_role("region", name="What would change it?")


def test_dragging_the_marker_changes_the_input_and_the_answer(open_page: OpenPage) -> None:
    page = opened(open_page, "#/models/bikes")
    what_if(page).get_by_role("combobox").select_option("temperature")
    marker = what_if(page).get_by_role("slider", name="Temperature, on the curve")
    moved(page)  # after which nothing above changes its height
    marker.scroll_into_view_if_needed()
    box = marker.locator("circle").last.bounding_box()
    before = page.locator("output").inner_text()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 80, y, steps=8)
    page.mouse.move(x - 160, y, steps=8)
    page.mouse.up()
    field = page.get_by_label("Temperature", exact=True)
    assert float(field.input_value()) < 20
    expect(page.locator("output")).not_to_have_text(before)
    expect(page).to_have_url(re.compile(rf"temperature={re.escape(field.input_value())}&"))
    assert marker.get_attribute("aria-valuenow") == field.input_value()


def test_the_marker_moves_by_the_keys_of_a_slider(open_page: OpenPage) -> None:
    page = opened(open_page, "#/models/income")
    what_if(page).get_by_role("combobox").select_option("age")
    field = page.get_by_label("Age", exact=True)
    marker = what_if(page).get_by_role("slider", name="Age, on the curve")
    marker.focus()
    for key, value in [
        *(("ArrowRight", "22"), ("ArrowUp", "23"), ("ArrowLeft", "22"), ("PageUp", "32")),
        *(("Home", "17"), ("End", "90"), ("PageDown", "80")),
    ]:
        page.keyboard.press(key)
        expect(field).to_have_value(value)
        expect(marker).to_have_attribute("aria-valuetext", re.compile(rf"^{value} years: .*%$"))
    expect(marker).to_be_focused()
    expect(page).to_have_url(re.compile("age=80"))
    expect(page.get_by_role("region", name="Answer")).to_have_attribute("data-status", "ready")


def test_the_curve_is_asked_for_anew_only_where_another_input_moves(open_page: OpenPage) -> None:
    page = opened(open_page, "#/models/bikes")
    slider = what_if(page).get_by_role("slider")
    expect(slider).to_be_visible()  # the first curve is there
    calls: list[str] = []
    page.on("request", lambda request: calls.append(request.url))
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("temperature=24.1"))
    expect(page.get_by_role("region", name="Answer")).to_have_attribute("data-status", "ready")
    with page.expect_response("**/curves"):
        page.get_by_label("Humidity", exact=True).fill("90")
    assert sum("/curves" in url for url in calls) == 1


def test_the_marker_says_what_the_answer_says(open_page: OpenPage) -> None:
    page = opened(open_page, "#/models/bikes")
    slider = what_if(page).get_by_role("slider")
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile("temperature=23.7"))
    expect(page.get_by_role("region", name="Answer")).to_have_attribute("data-status", "ready")
    answer = page.get_by_role("region", name="Answer").locator("output").inner_text()
    expect(slider).to_have_attribute("aria-valuetext", f"23.7 °C: {answer}")


def test_a_choice_is_taken_from_its_bar(open_page: OpenPage) -> None:
    page = opened(open_page, "#/models/income")
    what_if(page).get_by_role("combobox").select_option("education")
    bars = what_if(page).get_by_role("list", name="Education, each choice")
    expect(bars.locator("[aria-pressed=true]")).to_contain_text("Some college")
    bars.get_by_role("button", name=re.compile("^Doctor")).click()
    expect(page.get_by_label("Education", exact=True)).to_have_value("Doctorate")
    expect(bars.locator("[aria-pressed=true]")).to_contain_text("Doctor")


def test_a_missing_value_is_one_of_the_bars(open_page: OpenPage) -> None:
    page = opened(open_page, "#/models/income")
    what_if(page).get_by_role("combobox").select_option("workclass")
    what_if(page).get_by_role("button", name=re.compile("^not known")).click()
    expect(page.get_by_label("Not known: Kind of employer")).to_be_checked()
    expect(page).to_have_url(re.compile("workclass=&"))


def test_focus_in_the_form_chooses_the_curve(open_page: OpenPage) -> None:
    page = opened(open_page, "#/models/petrol")
    for label in ["Petrol tax", "Share of drivers"]:
        page.get_by_label(label, exact=True).focus()
        expect(what_if(page).get_by_role("slider")).to_have_accessible_name(
            f"{label}, on the curve"
        )


def test_what_is_chosen_before_the_curves_are_there_is_not_forgotten(open_page: OpenPage) -> None:
    page = open_page("#/")
    held: list[Route] = []
    page.route("**/assets/insight-*.js", lambda route: held.append(route))
    page.get_by_role("link", name="Petrol consumption").click()
    route = await_kept(page, held)
    page.get_by_label("Petrol tax", exact=True).focus()
    route.continue_()
    slider = what_if(page).get_by_role("slider")
    expect(slider).to_have_accessible_name("Petrol tax, on the curve")


def test_a_bar_of_what_moved_it_opens_its_curve(open_page: OpenPage) -> None:
    page = opened(open_page, "#/models/petrol")
    page.get_by_role("button", name="What if Paved highways were different?").click()
    slider = what_if(page).get_by_role("slider", name="Paved highways, on the curve")
    expect(slider).to_be_in_viewport()


def test_the_table_says_what_the_curve_shows(open_page: OpenPage, server: Server) -> None:
    facts = server.get("/api/v1/models/species").json()
    body = {"inputs": facts["examples"][0]["inputs"], "input": "height"}
    points = asked(server, "species", "curves", body)["points"]
    page = opened(open_page, "#/models/species")
    what_if(page).get_by_text("As a table").click()
    rows = what_if(page).get_by_role("table").get_by_role("row")
    expect(rows).to_have_count(len(points) + 1)
    expect(rows.nth(1)).to_contain_text(f"{100 * points[0]['average']:.1f}%")


def test_a_change_that_was_found_can_be_tried(open_page: OpenPage) -> None:
    page = opened(open_page, "#/models/income")
    page.get_by_role("button", name=ENGINEER).click()
    expect(page.get_by_role("region", name="Answer").locator("output")).to_have_text(
        "Earns more than $50,000"
    )
    part = changes(page)
    expect(part).to_contain_text(
        "These inputs may change: Kind of employer, Education (only up), Hours per week."
    )
    part.get_by_role("button", name="Find changes").click()
    first = part.get_by_role("listitem").first
    expect(first).to_contain_text(re.compile(r"gives “Earns \$50,000 or less”, \d+\.\d%"))
    promised = re.search(r"\d+\.\d%", first.inner_text())
    assert promised
    first.get_by_role("button", name="Try it").click()
    expect(page.locator(".chance")).to_contain_text(promised[0])
    expect(first.get_by_role("button")).to_have_attribute("aria-pressed", "true")
    assert_accessible(page)
    page.go_back()
    expect(page.get_by_role("region", name="Answer").locator("output")).to_have_text(
        "Earns more than $50,000"
    )


def test_a_number_is_reached_or_said_to_be_out_of_reach(open_page: OpenPage) -> None:
    page = opened(open_page, "#/models/petrol")
    part = changes(page)
    part.get_by_label("At least").fill("700")
    part.get_by_label("At least").press("Enter")
    gives = part.get_by_role("listitem").first.locator(".gives")
    expect(gives).to_have_text(re.compile(r"gives [\d,]+ gallons per person"))
    assert int(re.sub(r"\D", "", gives.inner_text())) >= 700
    part.get_by_label("At least").fill("99999")
    part.get_by_role("button", name="Find changes").click()
    words = "Nothing found by changing at most three inputs within their training ranges."
    expect(part).to_contain_text(words)
    expect(page.locator("p[role=status]")).to_have_text(words)


def test_where_nothing_may_change_nothing_is_searched(open_page: OpenPage) -> None:
    page = opened(open_page, "#/models/species")
    expect(what_if(page)).to_be_visible()
    expect(changes(page)).to_have_count(0)


def test_curves_and_bars_are_accessible_and_fit(open_page: OpenPage) -> None:
    page = opened(open_page, "#/models/income")
    for name in ["hours.per.week", "education"]:
        what_if(page).get_by_role("combobox").select_option(name)
        expect(what_if(page).locator(".insight-body")).not_to_have_attribute("data-stale", "")
        for width in widths(page, 390, 1280):
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            for _ in schemes(page):
                assert_accessible(page)

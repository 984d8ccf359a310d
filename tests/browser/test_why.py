"""What moved an answer and how sure it is: seen, heard, by mouse and by keyboard."""

import re
from typing import Any
from urllib.parse import quote

import pytest
import requests
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import OpenPage, assert_accessible, await_kept, schemes
from tests.conftest import PATIENCE_S, Server

TABULAR = ["bikes", "income", "petrol", "species"]
RARE = (
    "age=19&workclass=Private&education=Doctorate&marital.status=Widowed&race=White&sex=Male"
    "&hours.per.week=3"
)


def opened(open_page: OpenPage, fragment: str, **options: object) -> Page:
    page = open_page(fragment, **options)
    expect(page.get_by_role("region", name="Answer")).to_have_attribute("data-status", "ready")
    return page


def moved(page: Page) -> Locator:
    """Return the part that tells what moved the present answer, once it does."""
    part = page.get_by_role("region", name="What influenced it", exact=True)
    expect(part).to_have_attribute("aria-busy", "false")
    expect(part.locator(".insight-body")).not_to_have_attribute("data-stale", "")
    return part


def asked(server: Server, name: str, resource: str, body: Any) -> Any:  # noqa: ANN401
    """Return what the API tells of one instance."""
    address = f"{server.url}/api/v1/models/{name}/{resource}"
    return requests.post(address, json=body, timeout=PATIENCE_S).json()


def number(text: str) -> float:
    found = re.search(r"[\d.]+", text.replace(",", ""))
    assert found, text
    return float(found[0]) * (-1 if "\N{MINUS SIGN}" in text else 1)


@pytest.mark.parametrize("name", TABULAR)
def test_base_and_contributions_make_the_prediction_as_shown(
    open_page: OpenPage, name: str
) -> None:
    part = moved(opened(open_page, f"#/models/{name}"))
    part.get_by_text("As a table").click()
    rows = [
        [cell.inner_text() for cell in row.get_by_role("cell").all()]
        for row in part.get_by_role("table").get_by_role("row").all()[1:]
    ]
    figures = [number(row[1]) for row in rows]
    # Each figure is rounded by itself: half a unit of its last digit.
    tolerance = 0.5 * len(figures) * (0.1 if name in {"income", "species"} else 1)
    assert sum(figures[:-1]) == pytest.approx(figures[-1], abs=tolerance)


@pytest.mark.parametrize("name", TABULAR)
def test_the_largest_contribution_stands_first(
    open_page: OpenPage, server: Server, name: str
) -> None:
    facts = server.get(f"/api/v1/models/{name}").json()
    body = asked(server, name, "explanations", {"inputs": facts["examples"][0]["inputs"]})
    labels = {item["name"]: item["label"] for item in facts["signature"]["inputs"]}
    ranked = sorted(body["contributions"], key=lambda row: -abs(row["contribution"]))
    part = moved(opened(open_page, f"#/models/{name}"))
    words = part.locator(".move-words > span")
    expect(words).to_have_text([labels[row["input"]] for row in ranked])
    signs = [item.get_attribute("data-sign") for item in part.locator("li[data-sign]").all()]
    assert signs == ["down" if row["contribution"] < 0 else "up" for row in ranked]


def test_what_moved_it_follows_the_inputs(open_page: OpenPage) -> None:
    page = opened(open_page, "#/models/bikes")
    output = page.locator("output")
    before = output.inner_text()
    page.get_by_label("Temperature", exact=True).fill("2")
    expect(output).not_to_have_text(before)
    figure = output.inner_text().removesuffix("bikes").strip()
    expect(moved(page).locator("li.total").last).to_contain_text(figure)


def test_a_bar_marks_its_field_and_leads_there(open_page: OpenPage) -> None:
    page = opened(open_page, "#/models/income")
    bar = moved(page).get_by_role("button", name=re.compile("^Hours per week"))
    bar.hover()
    field = page.locator("servery-field[data-pointed]")
    expect(field).to_contain_text("Hours per week")
    bar.click()
    expect(page.get_by_label("Hours per week", exact=True)).to_be_focused()
    part = page.get_by_role("region", name="What if", exact=True)
    expect(part.get_by_role("combobox")).to_have_value("hours.per.week")


def test_bars_are_reached_and_pressed_by_the_keyboard_alone(open_page: OpenPage) -> None:
    page = opened(open_page, "#/models/species")
    bars = moved(page).locator(".move")
    page.get_by_role("button", name="Keep this answer").focus()
    page.keyboard.press("Tab")
    expect(bars.first).to_be_focused()
    words = bars.first.locator(".move-words > span").inner_text()
    expect(page.locator("servery-field[data-pointed]")).to_contain_text(words)
    page.keyboard.press("Enter")
    expect(page.get_by_label(words, exact=True)).to_be_focused()


def test_a_screen_reader_hears_each_bar_in_words(open_page: OpenPage) -> None:
    part = moved(opened(open_page, "#/models/bikes"))
    expect(part.locator(".move").first).to_have_accessible_name(
        re.compile(r"^Temperature 24 °C (raises|lowers) it by [\d,]+ bikes$")
    )


def test_words_are_marked_in_the_text_itself(open_page: OpenPage, server: Server) -> None:
    text = "Why do \N{HONEYBEE} people hate the stupid 🦊 so much?"
    body = asked(server, "questions", "explanations", {"inputs": {"question_text": text}})
    page = opened(open_page, f"#/models/questions?question_text={quote(text)}")
    part = moved(page)
    expect(part.locator(".marked-text")).to_have_text(text)
    expect(part.locator(".marked-text .marked-word")).to_have_text(
        [row["value"] for row in body["contributions"]]
    )
    ranked = sorted(body["contributions"], key=lambda row: -abs(row["contribution"]))
    first = part.locator(".move").first
    expect(first.locator(".move-words")).to_have_text(ranked[0]["value"])
    first.click()
    box = page.get_by_label("Question", exact=True)
    expect(box).to_be_focused()
    selected = "box => box.value.slice(box.selectionStart, box.selectionEnd)"
    assert box.evaluate(selected) == ranked[0]["value"]


def test_a_number_is_told_with_the_range_it_may_have(open_page: OpenPage, server: Server) -> None:
    facts = server.get("/api/v1/models/bikes").json()
    interval = server.predict("bikes", {"inputs": facts["examples"][0]["inputs"]}).json()[
        "interval"
    ]
    page = opened(open_page, "#/models/bikes")
    answer = page.get_by_role("region", name="Answer")
    low, high = f"{interval['low']:,.0f}", f"{interval['high']:,.0f}"
    words = f"90% interval: {low} to {high} bikes."
    expect(answer.locator(".sure")).to_contain_text(words)
    expect(answer.locator(".sure")).to_contain_text("new rows from the same source")
    expect(page.locator("p[role=status]")).to_contain_text(words)


def test_probabilities_are_told_as_people_count(open_page: OpenPage) -> None:
    page = opened(open_page, "#/models/income")
    expect(page.locator(".chance")).to_contain_text("more than 99 in 100")
    page.get_by_role("button", name="Engineer, mid-career").click()
    expect(page.locator(".in-words")).to_have_text(re.compile(r"^about \d in 10$"))


def test_classes_that_stay_possible_are_named(open_page: OpenPage) -> None:
    page = opened(open_page, "#/models/species?height=83&weight=41")
    sure = page.locator(".sure")
    expect(sure).to_contain_text(re.compile(r"Of 5 such answers on unseen rows, 3 were right\."))
    expect(sure).to_contain_text(re.compile("90% prediction set also has: (Cat|Dog)"))


def test_nothing_is_stated_on_inputs_that_training_did_not_have(open_page: OpenPage) -> None:
    page = opened(open_page, "#/models/bikes?temperature=24&humidity=50&windspeed=80&year=2012.5")
    answer = page.get_by_role("region", name="Answer")
    expect(answer).to_contain_text("nothing was measured on inputs like these")
    expect(answer.locator(".sure")).to_have_count(0)
    page = opened(open_page, "#/models/questions?question_text=Wie%20geht%20es%20dir%3F")
    expect(page.get_by_role("region", name="Answer")).to_contain_text("No verdict")


def test_ten_animals_show_no_probability_near_one(open_page: OpenPage) -> None:
    page = opened(open_page, "#/models/species?height=90&weight=46")
    expect(page.locator(".chance")).to_have_text(re.compile(r"^Probability > 90%\s*$"))


def test_little_data_is_told_as_such(open_page: OpenPage) -> None:
    for name, rows in {"species": 10, "petrol": 48}.items():
        page = opened(open_page, f"#/models/{name}")
        expect(page.get_by_text(f"Trained on only {rows} rows.")).to_be_visible()
    page = opened(open_page, "#/models/income")
    expect(page.get_by_text("Trained on only")).to_have_count(0)


def test_a_combination_hardly_seen_is_told_in_plain_words(open_page: OpenPage) -> None:
    page = opened(open_page, f"#/models/income?{RARE}")
    warnings = page.get_by_role("list", name="Warnings")
    expect(warnings).to_contain_text("Unusual together")
    expect(warnings).to_contain_text("unusual combination")
    assert_accessible(page)


@pytest.mark.parametrize("name", [*TABULAR, "questions"])
def test_every_reason_is_accessible(open_page: OpenPage, name: str) -> None:
    page = opened(open_page, f"#/models/{name}")
    for table in moved(page).get_by_text("As a table").all():
        table.click()
    for _ in schemes(page):
        assert_accessible(page)


def test_a_slow_explanation_never_hides_or_moves_the_answer(open_page: OpenPage) -> None:
    page = opened(open_page, "#/models/bikes")
    moved(page)
    held: list[Route] = []
    page.route("**/explanations", lambda route: held.append(route))
    answer = page.locator("section.answer")
    before = answer.bounding_box()
    page.get_by_label("Temperature", exact=True).fill("23.9")
    expect(page.locator("servery-contributions .insight-body")).to_have_attribute("data-stale", "")
    expect(answer).to_have_attribute("data-status", "ready")
    await_kept(page, held)
    held.clear()
    page.get_by_label("Temperature", exact=True).fill("23.8")
    newest = await_kept(page, held)
    expect(answer).to_have_attribute("data-status", "ready")
    after = answer.bounding_box()
    assert before
    assert after
    assert (before["y"], before["height"]) == (after["y"], after["height"])
    newest.continue_()
    moved(page)
    final = answer.bounding_box()
    assert final
    assert final["y"] == after["y"]


def test_nothing_below_moves_when_the_first_explanation_comes(open_page: OpenPage) -> None:
    page = open_page("#/models/nothing")
    held: list[Route] = []
    page.route("**/explanations", lambda route: held.append(route))
    page.goto(page.url.replace("nothing", "income"))
    part = page.get_by_role("region", name="What influenced it", exact=True)
    expect(part).to_have_attribute("aria-busy", "true")
    before = part.bounding_box()
    await_kept(page, held).continue_()
    after = moved(page).bounding_box()
    assert before
    assert after
    assert before["y"] == after["y"]
    assert abs(before["height"] - after["height"]) < 60


def test_an_explanation_that_fails_is_asked_again(open_page: OpenPage) -> None:
    page = open_page("#/models/nothing")
    page.route("**/explanations", lambda route: route.abort())
    page.goto(page.url.replace("nothing", "species"))
    expect(page.get_by_role("region", name="Answer").locator("output")).to_have_text("Dog")
    part = page.get_by_role("region", name="What influenced it", exact=True)
    expect(part).to_contain_text("Could not load the explanation")
    assert_accessible(page)
    page.unroute("**/explanations")
    part.get_by_role("button", name="Try again").click()
    expect(moved(page).locator(".move")).to_have_count(2)

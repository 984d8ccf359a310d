"""Each shipped model, asked by mouse and by keyboard."""

import json
import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Response, Route, expect

from tests.browser.conftest import OpenPage, assert_accessible
from tests.conftest import Server

PHONE = {"width": 390, "height": 844}


def test_from_the_gallery_to_an_answer_by_mouse(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_role("link", name="Cat or dog").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cat or dog")
    page.get_by_label("Height", exact=True).fill("70")
    page.get_by_label("Weight", exact=True).fill("40")
    answer = page.get_by_role("region", name="Answer")
    expect(answer.locator("output")).to_have_text("Cat")
    page.get_by_role("button", name="Tall and heavy").click()
    expect(answer.locator("output")).to_have_text("Dog")
    expect(answer.get_by_role("list", name="Warnings")).to_contain_text(
        "Seen in training: 35.4 to 48.3."
    )


def test_the_whole_way_by_keyboard(open_page: OpenPage) -> None:
    page = open_page()
    expect(page.get_by_role("link", name="Bike demand")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Bike demand")).to_be_focused()
    page.keyboard.press("Enter")
    box = page.get_by_label("Temperature", exact=True)
    expect(box).to_have_value("24")
    for _ in range(40):
        page.keyboard.press("Tab")
        if box.evaluate("box => box === document.activeElement"):
            break
    expect(box).to_be_focused()
    before = page.locator("output").inner_text()
    page.keyboard.press("Control+A")
    page.keyboard.type("2.5")
    expect(page.locator("output")).not_to_have_text(before)
    page.keyboard.press("ArrowUp")
    expect(box).to_have_value("2.6")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Answer")).to_have_attribute("data-status", "ready")


@pytest.mark.parametrize("name", ["bikes", "income", "petrol", "questions", "species"])
def test_every_example_is_answered_as_the_api_answers(
    open_page: OpenPage, server: Server, name: str
) -> None:
    page = open_page(f"#/models/{name}")
    facts = server.get(f"/api/v1/models/{name}").json()
    answer = page.get_by_role("region", name="Answer")
    for example in facts["examples"]:
        page.get_by_role("button", name=example["title"], exact=True).click()
        expect(answer).to_have_attribute("data-status", "ready")
        body = server.predict(name, {"inputs": example["inputs"]}).json()
        if any(warning["code"] == "unexpected-text" for warning in body["warnings"]):
            expected = "No verdict"
        elif facts["task"] == "classification":
            expected = body["label"]
        else:
            expected = f"{body['prediction']:,.0f} {body['unit']}"
        expect(answer.locator("output")).to_have_text(expected)


def test_a_missing_value_is_a_visible_choice(open_page: OpenPage, server: Server) -> None:
    page = open_page("#/models/income")
    page.get_by_label("Not known: Kind of employer").check()
    expect(page).to_have_url(re.compile(r"workclass=(&|$)"))
    expect(page.get_by_label("Kind of employer", exact=True)).to_have_value("")
    expect(page.get_by_role("region", name="Answer")).to_have_attribute("data-status", "ready")
    page.get_by_role("group", name="Sex").get_by_label("Male", exact=True).check()
    expect(page).to_have_url(re.compile(r"sex=Male"))
    page.get_by_label("Education").select_option("Doctorate")
    expect(page).to_have_url(re.compile(r"education=Doctorate"))
    assert server.get("/livez").ok


def test_the_slider_and_the_box_say_the_same(open_page: OpenPage) -> None:
    page = open_page("#/models/species")
    slider = page.get_by_label("Height, slider")
    slider.fill("80.5")
    expect(page.get_by_label("Height", exact=True)).to_have_value("80.5")
    expect(page).to_have_url(re.compile("height=80.5"))


def test_a_text_without_a_question_gets_no_firm_verdict(open_page: OpenPage) -> None:
    page = open_page("#/models/questions")
    page.get_by_label("Question", exact=True).fill("I like trains.")
    answer = page.get_by_role("region", name="Answer")
    expect(answer.locator("output")).to_have_text("No verdict")
    expect(answer).to_contain_text("This does not look like a question")
    expect(page.get_by_text("14 of 1,000 characters")).to_be_visible()


def test_faults_stand_beside_their_input_and_the_first_is_focused(open_page: OpenPage) -> None:
    page = open_page("#/models/species")
    page.get_by_role("button", name="Clear").click()
    page.get_by_label("Weight", exact=True).fill("many")
    page.get_by_role("button", name="Ask", exact=True).click()
    height = page.get_by_label("Height", exact=True)
    expect(height).to_be_focused()
    expect(height).to_have_attribute("aria-invalid", "true")
    expect(height).to_have_accessible_description("Enter a value.")
    weight = page.get_by_label("Weight", exact=True)
    expect(weight).to_have_accessible_description("Expected a number, found “many”.")
    assert_accessible(page)


def test_a_fault_that_only_the_server_knows_stands_beside_its_input(open_page: OpenPage) -> None:
    page = open_page("#/models/income")
    page.get_by_label("Age", exact=True).fill("39.5")
    age = page.get_by_label("Age", exact=True)
    expect(age).to_have_accessible_description(re.compile("Expected a whole number, found 39.5."))
    expect(age).to_be_focused()
    age.fill("39")
    expect(age).to_have_attribute("aria-invalid", "false")
    expect(page.get_by_role("region", name="Answer")).to_have_attribute("data-status", "ready")


def test_a_type_that_the_page_does_not_know_is_a_text_box_with_the_words_of_the_server(
    open_page: OpenPage,
) -> None:
    page = open_page("#/add")

    def foreign(route: Route) -> None:
        facts = route.fetch().json()
        facts["signature"]["inputs"][0]["type"] = "time-of-day"
        route.fulfill(json=facts)

    page.route("**/api/v1/models/species", foreign)
    page.evaluate("location.hash = '#/models/species?height=half+past+nine&weight=40'")
    height = page.get_by_label("Height", exact=True)
    expect(height).to_have_value("half past nine")
    expect(height).to_have_accessible_description(re.compile('found "half past nine"'))
    expect(page.get_by_role("region", name="What if", exact=True)).to_have_count(0)
    assert_accessible(page)


def test_the_address_holds_the_question(open_page: OpenPage) -> None:
    page = open_page("#/models/species?height=70&weight=40")
    output = page.locator("output")
    expect(output).to_have_text("Cat")
    page.get_by_role("button", name="Tall and heavy").click()
    expect(output).to_have_text("Dog")
    page.reload()
    expect(output).to_have_text("Dog")
    page.go_back()
    expect(output).to_have_text("Cat")
    expect(page.get_by_label("Height", exact=True)).to_have_value("70")
    page.go_forward()
    expect(output).to_have_text("Dog")


def test_the_share_button_copies_the_address(open_page: OpenPage) -> None:
    page = open_page(
        "#/models/questions?question_text=" + quote("100% & “wörds” = 1/2 + 🤔?"),
        permissions=["clipboard-read", "clipboard-write"],
    )
    expect(page.get_by_label("Question", exact=True)).to_have_value("100% & “wörds” = 1/2 + 🤔?")
    expect(page.get_by_role("region", name="Answer")).to_have_attribute("data-status", "ready")
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_text("Address copied.").first).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url


@pytest.mark.parametrize(
    "row",
    [
        "Height\tWeight\n70\t40",
        json.dumps({"inputs": {"height": 70, "weight": 40}}),
    ],
)
def test_a_pasted_row_fills_the_form(open_page: OpenPage, row: str) -> None:
    page = open_page("#/models/species?height=90&weight=50")
    page.get_by_text("Paste a row").click()
    page.get_by_label("CSV, TSV or JSON").fill(row)
    page.get_by_role("button", name="Fill in").click()
    expect(page.get_by_label("Height", exact=True)).to_have_value("70")
    expect(page.locator("output")).to_have_text("Cat")
    expect(page.get_by_text("Row filled in: Height 70").first).to_be_visible()


def test_what_a_pasted_row_holds_beside_the_inputs_is_said(open_page: OpenPage) -> None:
    page = open_page("#/models/species?height=90&weight=50")
    page.get_by_text("Paste a row").click()
    page.get_by_label("CSV, TSV or JSON").fill("height,name\n70,Tom")
    page.get_by_role("button", name="Fill in").click()
    expect(page.locator(".notice")).to_contain_text(
        "Row filled in: Height 70 cm. Not in it: Weight. Not an input, left out: name."
    )


def test_the_code_on_screen_asks_what_is_on_screen(open_page: OpenPage, server: Server) -> None:
    page = open_page("#/models/species/api?height=70.50&weight=40")
    panel = page.get_by_role("region", name="API")
    code = panel.locator("code").filter(visible=True).first
    expect(code).to_contain_text(server.url)
    for language in ("curl", "Python", "JavaScript"):
        panel.get_by_role("tab", name=language, exact=True).click()
        expect(code).to_contain_text("70.50")
    assert_accessible(page)


def test_the_card_is_told(open_page: OpenPage) -> None:
    page = open_page("#/models/income/about")
    expect(page.get_by_role("heading", name="Must not be used for")).to_be_visible()
    expect(page.get_by_role("table", name="Errors by sex", exact=True)).to_contain_text("Female")
    expect(page.get_by_text("ROC-AUC", exact=True)).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize(
    ("name", "label", "typed"),
    [
        ("bikes", "Wind speed", "30.5"),
        ("income", "Hours per week", "60"),
        ("petrol", "Share of drivers", "0.61"),
        ("questions", "Question", "Why is the sky blue?"),
        ("species", "Weight", "47.1"),
    ],
)
def test_each_model_is_asked_by_keyboard_alone(
    open_page: OpenPage, name: str, label: str, typed: str
) -> None:
    page = open_page(f"#/models/{name}")
    answer = page.get_by_role("region", name="Answer")
    expect(answer).to_have_attribute("data-status", "ready")
    control = page.get_by_label(label, exact=True)
    for _ in range(60):
        page.keyboard.press("Tab")
        if control.evaluate("control => control === document.activeElement"):
            break
    expect(control).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type(typed)
    expect(page.get_by_text("Inputs used")).to_be_visible()

    def is_asked(response: Response) -> bool:
        return typed in (response.request.post_data or "")

    with page.expect_response(is_asked) as answered:
        page.keyboard.press("Control+Enter" if name == "questions" else "Enter")
    assert answered.value.ok
    expect(answer).to_have_attribute("data-status", "ready")
    assert_accessible(page)


def test_an_answer_is_printed_with_its_inputs_explanation_version_and_time(
    open_page: OpenPage,
) -> None:
    page = open_page("#/models/petrol", color_scheme="dark")
    expect(page.get_by_text("What influenced it")).to_be_visible()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    for shown in ("Petrol tax", "What influenced it", "Petrol consumption, version 1. Printed"):
        expect(page.get_by_text(shown).first).to_be_visible()
    expect(page.locator(".printed time")).to_have_text(re.compile(r"^\w+ \d+, \d{4} at \d+:\d\d"))
    for hidden in (page.locator(".slider").first, page.get_by_role("button", name="Ask")):
        expect(hidden).to_be_hidden()

"""The page in other languages: nothing stays in English or overflows, and a choice is kept."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, assert_accessible
from tests.conftest import ROOT

WORDS = ROOT / "frontend" / "words"
CONSTANT = re.compile(r'export const \w+ =\s*"((?:[^"\\]|\\.)*)";')
#: What a page says, to the eye and to the ear.
SAID = """() => {
  const texts = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) texts.push(walker.currentNode.data);
  for (const name of ["aria-label", "title", "placeholder", "aria-valuetext"])
    for (const each of document.querySelectorAll(`[${name}]`)) texts.push(each.getAttribute(name));
  return texts.map((text) => text.trim().replace(/\\s+/g, " ")).filter(Boolean);
}"""
LANGUAGES = {"de": "Modell befragen", "fr": "Interroger un", "es": "Pregunta a", "zh": "向模型提问"}


def catalogue(language: str) -> dict[str, set[str]]:
    return {
        path.stem: set(CONSTANT.findall(path.read_text(encoding="utf-8")))
        for path in (WORDS / language).glob("*.js")
    }


def assert_nothing_in_english(page: Page, language: str) -> None:
    ours = {text for texts in catalogue(language).values() for text in texts}
    english = {text for texts in catalogue("en").values() for text in texts} - ours
    assert sorted(english & set(page.evaluate(SAID))) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_browsers_language_is_that_of_every_page(open_page: OpenPage, language: str) -> None:
    page = open_page(locale=language)
    expect(page.locator("h1")).to_contain_text(LANGUAGES[language])
    expect(page.locator("html")).to_have_attribute("lang", language)
    assert_nothing_in_english(page, language)
    page.locator(".gallery a[href='#/models/income']").click()
    expect(page.locator(".verdict")).to_be_visible()
    expect(page.locator("servery-contributions .moves")).to_be_visible()
    assert_nothing_in_english(page, language)
    assert_accessible(page)
    for panel in ("about", "batch", "api"):
        page.locator(f"nav.panels a[href*='/{panel}']").click()
        page.wait_for_load_state("networkidle")
        assert_nothing_in_english(page, language)
    page.locator("header a[href='#/add']").click()
    expect(page.locator("h1")).to_be_visible()
    assert_nothing_in_english(page, language)


def test_a_language_that_is_chosen_is_kept_and_so_is_the_question(open_page: OpenPage) -> None:
    page = open_page("#/models/income")
    box = page.get_by_label("Age", exact=True)
    box.fill("61")
    expect(page).to_have_url(re.compile("age=61"))
    page.get_by_role("combobox", name="Language").select_option("de")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_role("button", name="Fragen")).to_be_visible()
    expect(page.get_by_label("Age", exact=True)).to_have_value("61")
    page.goto(page.url.replace("#/models", "#/add?").split("?", maxsplit=1)[0])
    expect(page.get_by_role("combobox", name="Sprache")).to_have_value("de")
    page.get_by_role("combobox", name="Sprache").select_option("en")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_an_address_names_the_language_for_one_visit(open_page: OpenPage) -> None:
    page = open_page("?lang=fr#/models/bikes")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.get_by_role("button", name="Interroger")).to_be_visible()


def test_numbers_are_read_and_written_as_in_the_language(open_page: OpenPage) -> None:
    page = open_page("?lang=de#/models/bikes")
    expect(page.locator(".verdict")).to_contain_text(re.compile(r"\d\.\d{3}"))
    box = page.locator("servery-number-input input[type=text]").first
    box.fill("12,5")
    expect(box).not_to_have_attribute("aria-invalid", "true")


def test_a_slider_and_what_lies_behind_it_run_from_right_to_left_together(
    open_page: OpenPage,
) -> None:
    page = open_page("#/models/income")
    slider = page.locator("servery-number-input .slider").first
    expect(slider.locator("line").last).to_be_attached()
    centre = """(slider) => {
      const { left, right } = slider.querySelector("svg").getBoundingClientRect();
      const line = slider.querySelector("line:last-of-type").getBoundingClientRect();
      return ((line.left + line.right) / 2 - left) / (right - left);
    }"""
    from_left = slider.evaluate(centre)
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert slider.evaluate(centre) == pytest.approx(1 - from_left, abs=0.02)
    ends = slider.locator(".ends span").evaluate_all(
        "(spans) => spans.map((each) => each.getBoundingClientRect().x)"
    )
    assert ends[0] > ends[-1]
    slider.locator("input").click(position={"x": 8, "y": 14})
    page.wait_for_function(
        "(slider) => slider.querySelector('input').value > 80", arg=slider.element_handle()
    )
    for width in (320, 390, 1440):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize(
    "fragment", ["", "#/models/income", "#/models/income/about", "#/models/income/batch"]
)
def test_long_words_stay_within_a_small_screen(
    open_page: OpenPage, fragment: str, width: int
) -> None:
    page = open_page(f"?lang=de{fragment}", viewport={"width": width, "height": 844})
    expect(page.locator("footer select")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_warning_of_the_server_is_said_in_the_language(open_page: OpenPage) -> None:
    page = open_page("?lang=de#/models/income")
    page.get_by_label("Age", exact=True).fill("95")
    warnings = page.locator("ul.warnings")
    expect(warnings).to_contain_text("Im Training: 17 bis 90.")
    expect(warnings).not_to_contain_text("training range")
    expect(warnings).not_to_contain_text("Seen in")

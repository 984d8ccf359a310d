"""Two versions or models on one question, beside each other."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import flats
from tests.browser.conftest import OpenPage, assert_accessible, schemes, widths
from tests.browser.test_why import number
from tests.conftest import Server, running

QUESTION = "?size=60&age=30"


@pytest.fixture(scope="module")
def server_of_flats(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    root = tmp_path_factory.mktemp("models")
    flats.publish_flats(root)
    log = tmp_path_factory.mktemp("server") / "log"
    with running(log, SERVERY_MODELS=str(root), WEB_CONCURRENCY="1") as server:
        yield server


def opened(open_page: OpenPage, server: Server, fragment: str) -> Page:
    return open_page(f"#/models/{fragment}", url=server.url)


def answer(page: Page, name: str) -> Locator:
    card = page.get_by_role("region", name=name, exact=True)
    expect(card).to_have_attribute("aria-busy", "false")
    return card


def difference(page: Page) -> Locator:
    expect(page.locator(".difference")).not_to_have_attribute("data-stale", "")
    return page.locator(".difference")


def menu(page: Page) -> Locator:
    return page.get_by_label("Compare with")


def test_two_versions_answer_the_question_and_follow_it(
    open_page: OpenPage, server_of_flats: Server
) -> None:
    page = opened(open_page, server_of_flats, f"rent/compare{QUESTION}")
    expect(difference(page)).to_contain_text("Version 1 predicts")
    before = answer(page, "Version 1").locator("output").inner_text()
    page.get_by_label("Age", exact=True).fill("80")
    expect(page.locator(".pair output").last).not_to_have_text(before)
    first = number(answer(page, "Version 2").locator("output").inner_text())
    other = number(answer(page, "Version 1").locator("output").inner_text())
    word = "more" if other > first else "less"
    expect(difference(page)).to_contain_text(re.compile(rf"Version 1 predicts [\d,.]+ {word}\."))
    apart = number(difference(page).inner_text().removeprefix("Version 1"))
    assert apart == pytest.approx(abs(first - other), abs=1.5)
    expect(difference(page)).to_contain_text("90% intervals overlap")
    expect(answer(page, "Version 1").locator("servery-quantile-marker")).to_be_visible()


def test_the_address_shows_the_same_comparison(
    open_page: OpenPage, server_of_flats: Server
) -> None:
    page = opened(open_page, server_of_flats, f"rent/compare{QUESTION}")
    expect(menu(page)).to_have_value("rent@1")
    menu(page).select_option(label="By size")
    expect(answer(page, "By size")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/models/rent/compare/by-size\?size=60&age=30$"))
    page.reload()
    expect(menu(page)).to_have_value("by-size")
    expect(difference(page)).to_contain_text(re.compile(r"By size predicts [\d,.]+ (more|less)"))
    page.go_back()
    expect(menu(page)).to_have_value("rent@1")
    expect(answer(page, "Version 1")).to_be_visible()


def test_a_model_that_needs_another_input_says_which(
    open_page: OpenPage, server_of_flats: Server
) -> None:
    page = opened(open_page, server_of_flats, f"rent/compare{QUESTION}")
    expect(menu(page).locator("optgroup[label='Models with these inputs'] option")).to_have_count(2)
    expect(menu(page).locator("optgroup[label='Other models'] option")).to_have_text(["By floor"])
    menu(page).select_option(label="By floor")
    expect(page.locator(".compared")).to_contain_text(
        "“By floor” needs inputs that this model does not have: Floor."
    )
    page = opened(open_page, server_of_flats, f"rent/compare/nothing{QUESTION}")
    expect(page.locator(".compared")).to_contain_text("No model is called 'nothing'.")


def test_answers_in_other_units_have_no_difference(
    open_page: OpenPage, server_of_flats: Server
) -> None:
    page = opened(open_page, server_of_flats, f"rent/compare/kind{QUESTION}")
    expect(answer(page, "Kind").locator("output")).to_have_text("small")
    expect(difference(page)).to_contain_text("different units or classes")


def test_answers_before_a_change_are_marked(open_page: OpenPage, server_of_flats: Server) -> None:
    page = opened(open_page, server_of_flats, f"rent/compare{QUESTION}")
    expect(difference(page)).to_contain_text("Version 1 predicts")
    page.get_by_label("Age", exact=True).fill("old")
    expect(page.locator(".difference")).to_have_text("Before your change")
    expect(page.locator(".pair .answer[aria-busy=true]")).to_have_count(2)


def test_a_comparison_is_accessible_and_fits(open_page: OpenPage, server_of_flats: Server) -> None:
    page = opened(open_page, server_of_flats, f"rent/compare{QUESTION}")
    expect(difference(page)).to_contain_text("Version 1 predicts")
    for width in widths(page, 320, 390, 820, 1440):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for _ in schemes(page):
            assert_accessible(page)

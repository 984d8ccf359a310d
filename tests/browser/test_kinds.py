"""A type of input that the page does not know: a text box, with the server's own messages."""

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, assert_accessible
from tests.conftest import Server
from tests.contracts.test_kinds_inputs import (  # noqa: F401 - fixtures
    environ,
    extended,
    published,
)


def test_an_unknown_type_of_input_is_a_text_box_with_the_servers_messages(
    open_page: OpenPage,
    extended: Server,  # noqa: F811
) -> None:
    page = open_page("#/models/trips?departure=08%3A30&stops=4", url=extended.url)
    departure = page.get_by_role("textbox", name="Departure")
    expect(departure).to_have_value("08:30")
    answer = page.get_by_role("region", name="Answer")
    expect(answer).to_have_attribute("data-status", "ready")
    assert_accessible(page)
    departure.fill("25:00")
    expect(page.get_by_text('Expected a time such as 08:30, found "25:00".').first).to_be_visible()
    assert_accessible(page)
    departure.fill("18:30")
    expect(answer).to_have_attribute("data-status", "ready")
    assert "departure=18%3A30" in page.url or "departure=18:30" in page.url

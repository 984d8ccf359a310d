"""A model on a page of another site, under that page's own policy and styles."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Contexts, assert_accessible, collect_errors, widths
from tests.browser.elsewhere import another_site
from tests.conftest import Server

HEIGHTS = """() => {
  const element = document.querySelector("servery-model");
  return [element.getBoundingClientRect().height, document.documentElement.scrollWidth];
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Server]]:
    """Another site at its own origin, and the server that lets it show models."""
    with another_site(tmp_path_factory.mktemp("embedding")) as started:
        yield started


@pytest.fixture
def open_site(contexts: Contexts, site: tuple[str, Server]) -> Iterator[Page]:
    errors: list[str] = []
    page = contexts.open(site[0], own_context=True)
    collect_errors(page, errors)
    yield page
    contexts.take_back()
    assert errors == []


def test_a_model_answers_on_a_page_of_another_site(
    open_site: Page, site: tuple[str, Server]
) -> None:
    page, (host, server) = open_site, site
    page.goto(f"{host}/?name=species;inputs=height=90%26weight=50")
    frame = page.frame_locator("servery-model iframe")
    assert page.locator("servery-model iframe").count() == 1
    expect(frame.get_by_role("heading", level=1)).to_have_text("Cat or dog")
    answer = frame.get_by_role("region", name="Answer")
    expect(answer.locator("output")).to_have_text("Dog")
    frame.get_by_label("Height", exact=True).fill("70")
    frame.get_by_label("Weight", exact=True).fill("40")
    expect(answer.locator("output")).to_have_text("Cat")
    # Nothing of the site's around the form, and nothing of the product's either.
    assert frame.locator("nav").count() == 0
    assert (
        frame.locator("output").first.evaluate("e => getComputedStyle(e).color") != "rgb(255, 0, 0)"
    )
    link = frame.get_by_role("link", name="Open in Servery")
    assert "#/models/species?height=70&weight=40" in str(link.get_attribute("href"))
    with page.expect_popup() as opened:
        link.click()
    expect(opened.value.get_by_label("Height", exact=True)).to_have_value("70")
    assert opened.value.url.startswith(f"{server.url}/")


def test_a_model_takes_the_height_that_it_needs(open_site: Page, site: tuple[str, Server]) -> None:
    page, (host, _) = open_site, site
    page.goto(f"{host}/?name=income")
    frame = page.frame_locator("servery-model iframe")
    expect(frame.get_by_role("region", name="Answer").locator("output")).to_be_visible()
    app = frame.locator("servery-app")
    for width in widths(page, 1280, 820, 390, 320):
        page.wait_for_timeout(200)
        needed = app.evaluate("e => e.getBoundingClientRect().height")
        height, across = page.evaluate(HEIGHTS)
        assert abs(height - needed) <= 1, width
        assert across <= width
        assert not app.evaluate(
            "e => e.ownerDocument.documentElement.scrollHeight > innerHeight + 1"
        )
    assert_accessible(page)


def test_another_model_and_theme_can_take_their_place(
    open_site: Page, site: tuple[str, Server]
) -> None:
    page, (host, _) = open_site, site
    page.goto(f"{host}/?name=species")
    frame = page.frame_locator("servery-model iframe")
    heading, app = frame.get_by_role("heading", level=1), frame.locator("html")
    expect(heading).to_have_text("Cat or dog")
    light = app.evaluate("e => getComputedStyle(e).backgroundColor")
    element = page.locator("servery-model")
    element.evaluate("e => { e.setAttribute('name', 'bikes'); e.setAttribute('theme', 'dark') }")
    expect(heading).to_have_text("Bike demand")
    expect(app).to_have_attribute("data-theme", "dark")
    assert app.evaluate("e => getComputedStyle(e).backgroundColor") != light


def test_a_server_that_is_no_address_of_the_web_is_not_opened(
    open_site: Page, site: tuple[str, Server]
) -> None:
    page, (host, _) = open_site, site
    page.goto(f"{host}/?name=species")
    element = page.locator("servery-model")
    element.evaluate("e => e.setAttribute('server', \"javascript:parent.document.title='x'//\")")
    expect(page.get_by_role("status")).to_contain_text("must begin with http:// or https://")
    expect(page).to_have_title("A shop")
    assert element.locator("iframe").count() == 0


def test_a_site_that_is_not_named_gets_a_link_instead(
    contexts: Contexts, server: Server, site: tuple[str, Server]
) -> None:
    page = contexts.open(site[0], own_context=True)
    page.clock.install()
    page.goto(f"{site[0]}/?name=species;server={server.url}")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.clock.run_for(21_000)
    link = page.get_by_role("link", name="Open it on its own page")
    expect(link).to_have_attribute("href", f"{server.url}/#/models/species")
    assert any("SERVERY_FRAME_ORIGINS" in text and site[0] in text for text in said)
    contexts.take_back()


def test_a_frame_is_allowed_to_the_named_origins_alone(site: tuple[str, Server]) -> None:
    host, server = site
    page = server.get("/").headers
    assert f"frame-ancestors https://www.example.org {host}" in page["Content-Security-Policy"]
    assert "X-Frame-Options" not in page
    for path in ("/docs/", "/api/v1/models", "/embed.js"):
        others = server.get(path).headers
        assert others["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in others["Content-Security-Policy"]
    script = server.get("/embed.js").headers
    assert script["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert script["Access-Control-Allow-Origin"] == "*"
    assert script["Content-Type"].startswith("text/javascript")

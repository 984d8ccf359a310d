"""Every state a page can be in, light and dark, on a phone and on a desk."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Route, expect
from urllib3.util import Retry

from tests.browser.conftest import OpenPage, assert_accessible, await_kept, schemes, widths
from tests.conftest import PATIENCE_S, ROOT, Server, free_port, running

WIDTHS = [360, 820, 1920]
PAGES = [
    *("", "#/add", "#/models/income", "#/models/questions", "#/models/bikes/about"),
    *("#/models/petrol/api", "#/models/nothing", "#/nothing/at/all"),
]


@contextmanager
def static_host(folder: Path, port: int) -> Iterator[None]:
    """Host a folder as any static host would, in a process of its own."""
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        session = requests.Session()
        retries = Retry(connect=50, backoff_factor=0.02)
        session.mount("http://", requests.adapters.HTTPAdapter(max_retries=retries))
        session.get(f"http://127.0.0.1:{port}/", timeout=PATIENCE_S)
        yield
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_S)


@pytest.mark.parametrize("fragment", PAGES)
def test_every_page_is_accessible_and_never_scrolls_sideways(
    open_page: OpenPage, fragment: str
) -> None:
    page = open_page(fragment)
    expect(page.locator("h1").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    for _ in schemes(page):
        assert_accessible(page)
    for width in widths(page, *WIDTHS):
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_a_phone_the_answer_stays_in_sight(open_page: OpenPage) -> None:
    page = open_page("#/models/income", viewport={"width": 390, "height": 844})
    bar = page.get_by_role("button", name="Go to the answer")
    expect(bar).to_be_in_viewport()
    bar.click()
    expect(page.locator("output")).to_be_in_viewport()
    assert_accessible(page)


def test_the_theme_can_be_chosen_and_is_kept(open_page: OpenPage) -> None:
    page = open_page("", color_scheme="light")
    page.get_by_role("button", name="Dark").click()
    background = "getComputedStyle(document.documentElement).backgroundColor"
    dark = page.evaluate(background)
    page.reload()
    expect(page.get_by_role("button", name="Light")).to_be_visible()
    assert page.evaluate(background) == dark == "rgb(18, 21, 26)"


def test_the_empty_state_says_how_to_begin(open_page: OpenPage) -> None:
    page = open_page("#/models/species")
    page.get_by_role("button", name="Clear").click()
    answer = page.get_by_role("region", name="Answer")
    expect(answer).to_have_attribute("data-status", "empty")
    expect(answer).to_contain_text("start from an example")
    assert_accessible(page)


def test_a_slow_answer_says_so_and_keeps_the_last_one(open_page: OpenPage) -> None:
    page = open_page("#/models/species?height=70&weight=40")
    expect(page.locator("output")).to_have_text("Cat")
    waiting: list[Route] = []
    page.route("**/predictions", lambda route: waiting.append(route))
    page.get_by_label("Height", exact=True).fill("71")
    expect(page.get_by_text("Still working …")).to_be_visible()
    expect(page.locator("output")).to_have_text("Cat")
    assert_accessible(page)
    await_kept(page, waiting).continue_()
    expect(page.get_by_text("Still working …")).to_have_count(0)


def test_only_the_newest_question_is_answered(open_page: OpenPage) -> None:
    page = open_page("#/models/species?height=70&weight=40")
    expect(page.locator("output")).to_have_text("Cat")
    waiting: list[Route] = []
    page.route(
        "**/predictions", lambda route: waiting.append(route) if not waiting else route.continue_()
    )
    with page.expect_request("**/predictions"):
        page.get_by_label("Weight", exact=True).fill("35")
    page.get_by_role("button", name="Tall and heavy").click()
    expect(page.locator("output")).to_have_text("Dog")


def test_a_refusal_shows_its_request_and_keeps_what_was_typed(open_page: OpenPage) -> None:
    page = open_page("#/models/species?height=70&weight=40")
    expect(page.locator("output")).to_have_text("Cat")
    problem = (
        '{"title":"Something failed","status":500,"detail":"Please quote r1.","request_id":"r1"}'
    )
    page.route("**/predictions", lambda route: route.fulfill(status=500, body=problem))
    page.get_by_label("Height", exact=True).fill("71")
    answer = page.get_by_role("region", name="Answer")
    expect(answer).to_have_attribute("data-status", "refused")
    expect(answer).to_contain_text("Please quote r1.")
    expect(page.get_by_label("Height", exact=True)).to_have_value("71")
    assert_accessible(page)


def test_a_server_that_goes_and_comes_back(open_page: OpenPage, tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path / "log", port) as first:
        page = open_page("#/models/species?height=70&weight=40", url=first.url)
        expect(page.locator("output")).to_have_text("Cat")
    page.get_by_label("Height", exact=True).fill("90")
    page.get_by_label("Weight", exact=True).fill("50")
    answer = page.get_by_role("region", name="Answer")
    expect(answer).to_have_attribute("data-status", "unreachable")
    expect(answer).to_contain_text("What you typed is kept")
    assert_accessible(page)
    with running(tmp_path / "log", port):
        expect(page.locator("output")).to_have_text("Dog")
        expect(page.get_by_label("Height", exact=True)).to_have_value("90")


def test_the_bundle_works_from_another_origin_and_a_foreign_one_is_refused(
    open_page: OpenPage, tmp_path: Path
) -> None:
    """The front end on one port, the API on another: as behind a CDN."""
    site = tmp_path / "site"
    shutil.copytree(ROOT / "frontend" / "dist", site)
    api_port, site_port, foreign_port = free_port(), free_port(), free_port()
    page_file = site / "index.html"
    meta = '<meta name="servery-api" content="'
    page_file.write_text(
        page_file.read_text().replace(f'{meta}"', f'{meta}http://127.0.0.1:{api_port}"')
    )
    for compressed in site.rglob("index.html.*"):
        compressed.unlink()
    known = f"http://127.0.0.1:{site_port}"
    with (
        running(tmp_path / "api", api_port, SERVERY_CORS_ORIGINS=known) as api,
        static_host(site, site_port),
        static_host(site, foreign_port),
    ):
        page = open_page("#/models/species?height=70&weight=40", url=known)
        expect(page.locator("output")).to_have_text("Cat")
        picture = page.locator("img").first
        expect(picture).to_have_js_property("complete", value=True)
        assert picture.evaluate("image => image.naturalWidth") > 0
        assert api.get("/livez").ok
        context = page.context.browser
        assert context is not None
        foreign = context.new_page()
        foreign.goto(f"http://127.0.0.1:{foreign_port}/#/models/species")
        expect(foreign.get_by_text("The server is not responding")).to_be_visible()
        foreign.close()


def test_the_api_documentation_works_without_a_network(open_page: OpenPage, server: Server) -> None:
    asked: list[str] = []
    page = open_page("docs")
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    expect(page.get_by_text("/api/v1/models/income/predictions")).to_be_visible()
    assert all(url.startswith((server.url, "data:")) for url in asked)


def test_the_api_documentation_has_the_frame_and_the_colours_of_the_page(
    open_page: OpenPage,
) -> None:
    page = open_page("docs/")
    page.locator(".opblock-summary-control").nth(2).click()
    expect(page.get_by_role("button", name="Execute")).to_be_visible()
    expect(page.get_by_role("navigation", name="Main").get_by_role("link")).to_have_text(
        ["Models", "Add", "API"]
    )
    for scheme in schemes(page):
        expect(page.locator("html.dark-mode")).to_have_count(int(scheme == "dark"))
        assert_accessible(page)
    page.get_by_role("button", name="Light", exact=True).click()
    expect(page.locator("html.dark-mode")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("button", name="Dark", exact=True)).to_be_visible()


def test_no_page_asks_anybody_else(open_page: OpenPage, server: Server) -> None:
    page = open_page("#/models/income")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    expect(page.locator("output")).to_be_visible()
    assert asked
    assert all(url.startswith(server.url) for url in asked)


def test_a_loading_page_and_one_without_its_server_are_accessible(open_page: OpenPage) -> None:
    page = open_page("#/models/none")
    waiting: list[Route] = []
    page.route("**/api/v1/**", lambda route: waiting.append(route))
    page.goto(page.url.replace("none", "species"))
    expect(page.get_by_role("heading", name="Loading the model")).to_have_count(1)
    assert_accessible(page)
    await_kept(page, waiting)
    for route in waiting:
        route.abort()
    expect(page.get_by_role("heading", name="The server is not responding")).to_be_visible()
    assert_accessible(page)
    page.unroute("**/api/v1/**")
    # It may have been asked again by itself just before.
    page.get_by_role("button", name="Try again now").evaluate_all("found => found[0]?.click()")
    expect(page.locator("output")).to_be_visible()


@pytest.mark.parametrize("panel", ["ask", "about", "api", "batch"])
def test_a_panel_whose_code_cannot_be_loaded_can_be_tried_again(
    open_page: OpenPage, panel: str
) -> None:
    page = open_page("#/nothing/at/all")
    chunk = re.compile(rf"assets/{panel.replace('api', 'code')}-[\w-]+\.js$")
    page.route(chunk, lambda route: route.abort())
    page.evaluate(f"location.hash = '#/models/species/{panel}'")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Could not load this panel.")
    assert_accessible(page)
    page.unroute(chunk)
    alert.get_by_role("button", name="Try again").click()
    expect(alert).to_have_count(0)
    expect(page.locator(".skeleton")).to_have_count(0)


def test_a_broken_model_is_named_in_the_gallery(open_page: OpenPage) -> None:
    page = open_page("#/models/none")
    listed = {
        "models": [],
        "broken": [{"name": "old", "version": None, "detail": "Publish it again."}],
    }
    page.route("**/api/v1/models", lambda route: route.fulfill(json=listed))
    page.get_by_role("link", name="All models").click()
    expect(page.get_by_role("heading", name="Cannot be served")).to_be_visible()
    expect(page.get_by_text("Publish it again.")).to_be_visible()
    assert_accessible(page)


def test_about_says_what_computes_and_how_that_was_proven(open_page: OpenPage) -> None:
    page = open_page("#/models/income/about")
    expect(page.get_by_text("It was compared with scikit-learn on 4,000 rows")).to_be_visible()


def test_the_page_works_below_a_path(open_page: OpenPage, tmp_path: Path) -> None:
    given = {"SERVERY_BASE_PATH": "/tools/servery", "SERVERY_JOBS": str(tmp_path / "jobs")}
    with running(tmp_path / "log", None, **given) as server:
        page = open_page(url=f"{server.url}/tools/servery")
        page.get_by_role("link", name=re.compile("^Cat or dog")).click()
        answer = page.get_by_role("region", name="Answer")
        expect(answer).to_have_attribute("data-status", "ready")
        picture = answer.locator("img")
        assert picture.evaluate("img => img.decode().then(() => img.naturalWidth > 0)")
        page.get_by_role("link", name="API").last.click()
        expect(
            page.get_by_text(f"{server.url}/tools/servery/api/v1/models/species").first
        ).to_be_visible()
        page.goto(f"{server.url}/tools/servery/docs")
        expect(page.get_by_text("Fitted models over HTTP.")).to_be_visible()

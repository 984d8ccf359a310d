"""What is fetched before the first answer, and what comes after it without moving anything."""

import runpy
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage, await_kept
from tests.conftest import ROOT

BUDGET = runpy.run_path(str(ROOT / "frontend" / "budget.py"))
#: Reads the answer out, shows it while it is out of sight, undoes changes, offers other languages,
#: and says what is wrong where something is: nobody waits for these, nor for what they share.
UNAWAITED = (
    "servery-spoken-",
    "servery-answer-bar-",
    "servery-paste-",
    "headlines-",
    "history-",
    "parts-",
    "rest-",
    "language-",
)
WATCH_SHIFTS = """
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const { value, sources } of list.getEntries())
        window.shifts.push([value, ...sources.map(({ node }) => node?.outerHTML?.slice(0, 90))]);
    }).observe({ type: "layout-shift", buffered: true });
"""


def test_what_is_fetched_before_the_first_answer_is_what_the_budget_counts(
    open_page: OpenPage,
) -> None:
    page = open_page("livez", own_context=True)
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(urlsplit(request.url).path))
    kept: list[Route] = []
    page.route("**/predictions", lambda route: kept.append(route))
    page.goto(page.url.replace("/livez", "/#/models/income"))
    prediction = await_kept(page, kept)
    files = {Path(path).name for path in fetched if path.endswith((".js", ".css"))}
    counted = {path.name for path in BUDGET["model_page"]() if path.suffix in {".js", ".css"}}
    assert {name for name in files if not name.startswith(UNAWAITED)} == counted
    prediction.continue_()
    expect(page.locator(".verdict")).to_be_visible()


@pytest.mark.parametrize(
    ("model", "width"), [("income", 390), ("income", 1440), ("bikes", 820), ("questions", 820)]
)
def test_nothing_moves_while_a_model_loads_slowly(
    open_page: OpenPage, model: str, width: int
) -> None:
    page = open_page("livez", viewport={"width": width, "height": 900}, own_context=True)
    page.add_init_script(WATCH_SHIFTS)
    _slow_down(page)
    page.goto(page.url.replace("/livez", f"/#/models/{model}"))
    expect(page.locator("servery-insight h2").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.shifts") == []


def test_a_box_that_is_opened_before_its_code_is_there_opens_all_the_same(
    open_page: OpenPage,
) -> None:
    page = open_page("livez", own_context=True)
    kept: list[Route] = []
    page.route("**/servery-paste-*.js", lambda route: kept.append(route))
    page.goto(page.url.replace("/livez", "/#/models/income"))
    page.get_by_text("Paste a row").click()
    box = await_kept(page, kept)
    box.continue_()
    page.get_by_label("CSV, TSV or JSON").fill("age\n52\n")
    page.get_by_role("button", name="Fill in").click()
    expect(page.get_by_label("Age", exact=True)).to_have_value("52")


def _slow_down(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 100,
            "downloadThroughput": 200_000,
            "uploadThroughput": 200_000,
        },
    )

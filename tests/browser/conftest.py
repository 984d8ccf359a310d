"""A real Chromium, and pages that fail a test when their console reports an error."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from tests.browser import chromium
from tests.conftest import PATIENCE_S, ROOT, Server, eventually

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
expect.set_options(timeout=1000 * PATIENCE_S)
OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    assert path, "No Chromium: run `make test`, which installs one."
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser: Browser, server: Server) -> Iterator[OpenPage]:
    """Open a page at a fragment; options go to the browser context."""
    contexts = []
    errors: list[str] = []

    def opened(fragment: str = "", *, url: str = "", **options: Any) -> Page:  # noqa: ANN401
        options.setdefault("viewport", {"width": 1280, "height": 900})
        context = browser.new_context(reduced_motion="reduce", **options)
        contexts.append(context)
        context.set_default_timeout(1000 * PATIENCE_S)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            # What the policy forbids is reported here too: no page may break it.
            lambda message: (
                errors.append(message.text)
                if message.type == "error" and "Failed to load resource" not in message.text
                else None
            ),
        )
        page.goto(f"{url or server.url}/{fragment}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


def await_kept(page: Page, kept: list[Route]) -> Route:
    """Wait until a request is kept from the server, and return the newest one."""

    def newest() -> Route | None:
        page.wait_for_timeout(20)  # in which requests come in
        return kept[-1] if kept else None

    route = eventually(newest)
    assert route is not None
    return route


def assert_accessible(page: Page) -> None:
    """Fail on any axe violation; the script runs outside the page's own policy."""
    page.evaluate(Path(AXE).read_text())
    report = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    found = [
        f"{violation['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for violation in report["violations"]
        for node in violation["nodes"]
    ]
    assert found == []

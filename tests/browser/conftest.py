"""A real Chromium, and pages that fail a test when their console reports an error."""

from collections.abc import Callable, Iterator
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from tests.browser import chromium
from tests.conftest import PATIENCE_S, ROOT, Server, eventually

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
ColorScheme = Literal["light", "dark"]
SCHEMES: tuple[ColorScheme, ...] = ("light", "dark")
#: After the first, what watches its own size has been told of the new one.
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
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


class Contexts:
    """Browser contexts that tests use one after the other.

    A page in a new context costs twice as much: it starts a process and compiles all code again.
    Here, a first page stays open in each context, so that its process lives on.
    """

    #: What a page can be given after its context was made.
    OF_A_PAGE = frozenset(["viewport", "color_scheme", "forced_colors"])

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser, self._url = browser, url
        self._free: list[BrowserContext] = []
        self._taken: list[BrowserContext] = []
        self._own: list[BrowserContext] = []

    def open(self, address: str, *, own_context: bool = False, **options: Any) -> Page:  # noqa: ANN401
        """Return a page that is still empty, in a context that has stored nothing."""
        if own_context or not options.keys() <= self.OF_A_PAGE:
            context = self._create(**options)
            self._own.append(context)
            return context.new_page()
        context = self._free.pop() if self._free else self._with_first_page()
        self._taken.append(context)
        self._clear(context, address)
        page = context.new_page()
        if "viewport" in options:
            page.set_viewport_size(options.pop("viewport"))
        page.emulate_media(**options)
        return page

    def take_back(self) -> None:
        """Close all pages that were opened since the last time."""
        for context in self._own:
            context.close()
        self._own.clear()
        for context in self._taken:
            for page in context.pages[1:]:
                page.close()
        self._free += self._taken
        self._taken.clear()

    def _create(self, **options: Any) -> BrowserContext:  # noqa: ANN401
        options = {"viewport": {"width": 1280, "height": 900}, **options}
        context = self._browser.new_context(reduced_motion="reduce", **options)
        context.set_default_timeout(1000 * PATIENCE_S)
        return context

    def _with_first_page(self) -> BrowserContext:
        context = self._create()
        context.new_page().goto(f"{self._url}/livez")
        return context

    @staticmethod
    def _clear(context: BrowserContext, address: str) -> None:
        """Remove what an earlier page of this origin stored; the cache of files stays."""
        context.clear_cookies()
        parts = urlsplit(address)
        session = context.new_cdp_session(context.pages[0])
        origin = {"origin": f"{parts.scheme}://{parts.netloc}", "storageTypes": "all"}
        session.send("Storage.clearDataForOrigin", origin)
        session.detach()


@pytest.fixture(scope="session")
def contexts(browser: Browser, server: Server) -> Contexts:
    return Contexts(browser, server.url)


@pytest.fixture
def open_page(contexts: Contexts, server: Server) -> Iterator[OpenPage]:
    """Open a page at a fragment; options go to the browser context.

    A test that changes the clock, which is that of a context, needs a context of its own.
    """
    errors: list[str] = []

    def opened(
        fragment: str = "",
        *,
        url: str = "",
        own_context: bool = False,
        **options: Any,  # noqa: ANN401
    ) -> Page:
        address = f"{url or server.url}/{fragment}"
        page = contexts.open(address, own_context=own_context, **options)
        collect_errors(page, errors)
        page.goto(address)
        return page

    yield opened
    contexts.take_back()
    assert errors == []


def collect_errors(page: Page, errors: list[str]) -> None:
    """Collect what the page's console reports as an error."""
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


def await_kept(page: Page, kept: list[Route]) -> Route:
    """Wait until a request is kept from the server, and return the newest one."""

    def newest() -> Route | None:
        page.wait_for_timeout(20)  # in which requests come in
        return kept[-1] if kept else None

    route = eventually(newest)
    assert route is not None
    return route


def schemes(page: Page) -> Iterator[ColorScheme]:
    """Show an open page in light, then in dark."""
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        yield scheme


def widths(page: Page, *each: int, height: int = 900) -> Iterator[int]:
    """Show an open page at each width, and wait until its layout has followed."""
    for width in each:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(TWO_FRAMES)
        yield width


def assert_accessible(page: Page) -> None:
    """Fail on any axe violation; the script runs outside the page's own policy."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text())
    report = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    found = [
        f"{violation['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for violation in report["violations"]
        for node in violation["nodes"]
    ]
    assert found == []

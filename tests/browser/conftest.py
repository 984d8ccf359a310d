"""A real Chromium, and pages that fail a test when their console reports an error."""

from collections.abc import Callable, Iterator
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Route,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.browser import chromium
from tests.conftest import PATIENCE_S, ROOT, Server, eventually

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
ColorScheme = Literal["light", "dark"]
SCHEMES: tuple[ColorScheme, ...] = ("light", "dark")
#: After the first, what watches its own size has been told of the new one.
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
expect.set_options(timeout=1000 * PATIENCE_S)
OpenPage = Callable[..., Page]
VIEWPORT: ViewportSize = {"width": 1280, "height": 900}
#: What undoes each emulation of a page.
AS_AT_FIRST = {"media": "null", "color_scheme": "null", "forced_colors": "null"}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    assert path, "No Chromium: run `make test`, which installs one."
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
        yield launched
        launched.close()


class Contexts:
    """Browser contexts with one page each, which tests use one after the other.

    A new page costs twice as much: it starts a process and compiles all code again.
    """

    #: What a page can be given after its context was made.
    OF_A_PAGE = frozenset(["viewport", "color_scheme", "forced_colors"])

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: list[Page] = []
        self._taken: list[Page] = []
        self._own: list[BrowserContext] = []

    def open(self, address: str, *, own_context: bool = False, **options: Any) -> Page:  # noqa: ANN401
        """Return a page that shows nothing yet, in a context that has stored nothing."""
        if own_context or not options.keys() <= self.OF_A_PAGE:
            context = self._create(**options)
            self._own.append(context)
            return context.new_page()
        page = self._free.pop() if self._free else self._create().new_page()
        self._taken.append(page)
        self._clear(page, address)
        page.set_viewport_size(options.pop("viewport", VIEWPORT))
        page.emulate_media(**{**AS_AT_FIRST, **options})
        return page

    def take_back(self) -> None:
        """Let go of all pages that were opened since the last time."""
        for context in self._own:
            context.close()
        self._own.clear()
        self._free += [page for page in self._taken if self._is_left(page)]
        self._taken.clear()

    def _create(self, **options: Any) -> BrowserContext:  # noqa: ANN401
        options = {"viewport": VIEWPORT, **options}
        context = self._browser.new_context(reduced_motion="reduce", **options)
        context.set_default_timeout(1000 * PATIENCE_S)
        return context

    @staticmethod
    def _is_left(page: Page) -> bool:
        """Leave what a page shows; return whether another test can have the page.

        It cannot where the test closed the page, or where its server is gone.
        """
        for opened in page.context.pages:
            if opened is not page:
                opened.close()
        try:
            page.unroute_all(behavior="ignoreErrors")
            # A file of the same origin and policies: the process of the page lives on.
            page.goto(urljoin(page.url, "/favicon.svg"))
            page.mouse.move(-1, -1)
        except Error:
            page.context.close()
            return False
        return True

    @staticmethod
    def _clear(page: Page, address: str) -> None:
        """Remove what an earlier test left and stored; the cache of files stays."""
        page.context.clear_cookies()
        parts = urlsplit(address)
        session = page.context.new_cdp_session(page)
        origin = {"origin": f"{parts.scheme}://{parts.netloc}", "storageTypes": "all"}
        session.send("Storage.clearDataForOrigin", origin)
        session.send("Page.resetNavigationHistory")
        session.detach()


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Contexts:
    return Contexts(browser)


@pytest.fixture
def open_page(contexts: Contexts, server: Server) -> Iterator[OpenPage]:
    """Open a page at a fragment; options go to the browser context.

    The next test gets the same page. So a test that changes the clock, adds scripts or keeps a
    listener that acts, such as one that answers dialogs, needs a context of its own.
    """
    errors: list[str] = []
    ends: list[Callable[[], None]] = []

    def opened(
        fragment: str = "",
        *,
        url: str = "",
        own_context: bool = False,
        **options: Any,  # noqa: ANN401
    ) -> Page:
        address = f"{url or server.url}/{fragment}"
        page = contexts.open(address, own_context=own_context, **options)
        ends.append(collect_errors(page, errors))
        page.goto(address)
        return page

    yield opened
    for end in ends:
        end()
    contexts.take_back()
    assert errors == []


def collect_errors(page: Page, errors: list[str]) -> Callable[[], None]:
    """Collect what the page's console reports as an error; return what ends that."""

    def on_error(error: Error) -> None:
        errors.append(str(error))

    def on_message(message: ConsoleMessage) -> None:
        # What the policy forbids is reported here too: no page may break it.
        if message.type == "error" and "Failed to load resource" not in message.text:
            errors.append(message.text)

    def end() -> None:
        page.remove_listener("pageerror", on_error)
        page.remove_listener("console", on_message)

    page.on("pageerror", on_error)
    page.on("console", on_message)
    return end


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

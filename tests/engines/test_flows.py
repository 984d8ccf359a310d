"""The main flows of the page in Firefox and WebKit; all others are tested in Chromium."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from tests.api.test_batches import serving
from tests.browser.conftest import AXE
from tests.browser.elsewhere import another_site
from tests.conftest import PATIENCE_S, Server
from tests.engines.drivers import ENGINES

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="The engines are packages of Debian."
)
WATCH = """
window.faults = [];
for (const kind of ["error", "unhandledrejection"])
  addEventListener(kind, (event) => faults.push(String(event.message ?? event.reason)));
"""
ACCESSIBLE = """
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ["violations"]}).then(({violations}) =>
  done(violations.flatMap(({id, nodes}) => nodes.map(({html}) => `${id}: ${html.slice(0, 160)}`))));
"""


class Page:
    """A page in one of the engines, found by what a person sees of it."""

    def __init__(self, driver: WebDriver, server: Server) -> None:
        self.driver, self.server = driver, server

    def open(self, fragment: str = "") -> None:
        self.driver.get("about:blank")  # so that a fragment alone is a new page too
        self.driver.get(f"{self.server.url}/{fragment}")
        self.driver.execute_script(WATCH)

    def find(self, path: str) -> WebElement:
        """Wait for an element that is displayed."""

        def displayed(driver: WebDriver) -> WebElement | Literal[False]:
            found = driver.find_elements(By.XPATH, path)
            return next((each for each in found if each.is_displayed()), False)

        waiting = WebDriverWait(self.driver, PATIENCE_S, ignored_exceptions=[Exception])
        return waiting.until(displayed, f"nothing is displayed at {path}")

    def link(self, words: str) -> WebElement:
        return self.find(f"//a[contains(., '{words}')]")

    def button(self, words: str) -> WebElement:
        return self.find(f"//button[contains(normalize-space(), '{words}')]")

    def box(self, label: str) -> WebElement:
        return self.find(f"//input[@id = //label[normalize-space() = '{label}']/@for]")

    def fill(self, label: str, value: str) -> None:
        box = self.box(label)
        box.send_keys(Keys.CONTROL, "a")
        box.send_keys(value)

    def expect(self, path: str, words: str) -> None:
        """Wait until an element has a text."""
        found: list[str] = []

        def has_words(_: WebDriver) -> bool:
            found[:] = [self.find(path).text]
            return words in found[0]

        waiting = WebDriverWait(self.driver, PATIENCE_S, ignored_exceptions=[Exception])
        waiting.until(has_words, f"{path} has not {words!r} but {found}")

    def expect_answer(self, words: str) -> None:
        self.expect("//servery-answer//output", words)

    def assert_sound(self) -> None:
        """Fail on any axe violation, and on what went wrong in a script since the page opened."""
        assert self.driver.execute_script("return window.faults") == []
        self.driver.execute_script(AXE.read_text())
        assert self.driver.execute_async_script(ACCESSIBLE) == []


@pytest.fixture(scope="module", params=sorted(ENGINES))
def driver(request: pytest.FixtureRequest) -> Iterator[WebDriver]:
    with ENGINES[request.param]() as started:
        started.set_window_size(1280, 1000)
        started.set_script_timeout(PATIENCE_S)
        yield started


@pytest.fixture(scope="module")
def scoring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("engines")) as batches:
        batches.start_worker()
        yield batches.server


@pytest.fixture
def page(driver: WebDriver, scoring: Server) -> Page:
    return Page(driver, scoring)


def test_from_the_gallery_to_an_answer(page: Page) -> None:
    page.open()
    page.link("Cat or dog").click()
    page.expect("//h1", "Cat or dog")
    page.button("Short and light").click()
    page.expect_answer("Cat")
    page.fill("Height", "90")
    page.fill("Weight", "50")
    page.expect_answer("Dog")
    page.find(
        "//servery-importance | //servery-contributions | //*[@aria-label='What influenced it']"
    )
    page.assert_sound()


def test_an_address_asks_its_question_again(page: Page) -> None:
    page.open("#/models/species?height=90&weight=50")
    page.expect_answer("Dog")
    page.fill("Height", "70")
    page.fill("Weight", "40")
    page.expect_answer("Cat")
    address = page.driver.current_url
    assert "height=70&weight=40" in address
    page.open(address.partition("/")[2].partition("/")[2].partition("/")[2])
    page.expect_answer("Cat")
    assert page.box("Height").get_attribute("value") == "70"


def test_the_keyboard_steps_a_number(page: Page) -> None:
    page.open("#/models/species?height=80&weight=45")
    page.expect_answer("")
    box = page.box("Height")
    box.send_keys(Keys.ARROW_UP)
    assert float(str(box.get_attribute("value"))) > 80
    box.send_keys(Keys.CONTROL, "a")
    box.send_keys("eighty")
    page.expect("//servery-field[.//label[normalize-space() = 'Height']]", "number")
    page.assert_sound()


def test_a_file_is_scored(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "animals.csv"
    path.write_text("name,Height,Weight\n" + "Rex,90,50\nTom,70,40\n" * 20)
    page.open("#/models/species/batch")
    page.find("//h2")
    page.driver.find_element(By.CSS_SELECTOR, "input[type=file]").send_keys(str(path))
    page.find("//*[self::h2 or self::h3][contains(., 'animals.csv')]")
    page.button("Score all rows").click()
    page.find("//*[self::h2 or self::h3][contains(., 'All 40 rows scored.')]")
    job = re.search(r"/batch/([\w-]{16,})", page.driver.current_url)
    assert job is not None
    page.link("Download the result")
    result = page.server.get(f"/api/v1/batches/{job[1]}/result").text.splitlines()
    assert [line.split(",")[0] for line in result[1:3]] == ["Rex", "Tom"]
    assert len(result) == 41
    page.assert_sound()


@pytest.mark.parametrize("panel", ["about", "api"])
def test_a_panel_shows_what_it_is_for(page: Page, panel: str) -> None:
    page.open(f"#/models/income/{panel}")
    page.find(
        "//servery-about//*[local-name() = 'svg']"
        if panel == "about"
        else "//pre[contains(., 'curl')]"
    )
    page.assert_sound()


def test_dark_is_kept(page: Page) -> None:
    page.open()
    page.link("Cat or dog")
    page.driver.find_element(By.CSS_SELECTOR, "button.theme").click()
    kept = page.driver.execute_script("return document.documentElement.dataset.theme")
    assert kept in ("light", "dark")
    page.open()
    assert page.driver.execute_script("return document.documentElement.dataset.theme") == kept
    page.link("Cat or dog")
    page.assert_sound()


def test_a_model_stands_on_a_page_of_another_site(driver: WebDriver, tmp_path: Path) -> None:
    with another_site(tmp_path) as (host, server):
        page = Page(driver, server)
        driver.get(f"{host}/?name=species;inputs=height=90%26weight=50")
        outer = "return document.querySelector('servery-model')"

        def frame(_: WebDriver) -> WebElement | Literal[False]:
            return driver.execute_script(f"{outer}?.shadowRoot?.querySelector('iframe.shown')")  # type: ignore[no-any-return]

        inner = WebDriverWait(driver, PATIENCE_S).until(frame)
        driver.switch_to.frame(inner)
        page.expect_answer("Dog")
        needed = "return document.querySelector('servery-app').getBoundingClientRect().height"

        def fits(_: WebDriver) -> bool:
            driver.switch_to.default_content()
            height = driver.execute_script(f"{outer}.getBoundingClientRect().height")
            driver.switch_to.frame(inner)
            return bool(abs(height - driver.execute_script(needed)) <= 1)

        WebDriverWait(driver, PATIENCE_S).until(fits)
        driver.switch_to.default_content()
        driver.get("about:blank")

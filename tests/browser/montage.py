"""Pictures of every screen, in three widths and two colour schemes, on one page to look through."""

import html
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import FilePayload, Page, sync_playwright

from tests.api.test_batches import serving
from tests.browser import chromium
from tests.browser.conftest import SCHEMES
from tests.conftest import ROOT

FOLDER = ROOT / "build" / "montage"
WIDTHS = (390, 820, 1440)
#: Until everything that an address asks for is on screen.
SETTLED_MS = 700
PATIENCE_MS = 30_000
TABLE = "name,Height,Weight\nRex,90,50\nTom,70,40\nMia,tall,45\nBo,300,60\n"
ANSWER = "servery-answer output"


def _ask(page: Page) -> None:
    page.locator(ANSWER).first.wait_for()
    page.locator("servery-insight section").first.wait_for()


def _find_changes(page: Page) -> None:
    _ask(page)
    page.get_by_role("button", name="Find changes").click()
    page.get_by_role("button", name="Find changes").wait_for()


def _paste(page: Page) -> None:
    _ask(page)
    page.get_by_text("Paste a row").click()


def _preview(page: Page) -> None:
    table = FilePayload(name="animals.csv", mimeType="text/csv", buffer=TABLE.encode())
    page.locator("input[type=file]").set_input_files(table)
    page.get_by_role("button", name="Score all rows").wait_for()


def _scored(page: Page) -> None:
    _preview(page)
    page.get_by_role("button", name="Score all rows").click()
    page.get_by_role("link", name="Download the result").wait_for()


def _only(selector: str) -> Callable[[Page], None]:
    return lambda page: page.locator(selector).first.wait_for()


MODELS = ("bikes", "income", "petrol", "questions", "species")
#: A name, the address, and what is done there before the picture is taken.
SCREENS: tuple[tuple[str, str, Callable[[Page], None]], ...] = (
    ("gallery", "", _only("servery-gallery a")),
    ("add", "#/add", _only("servery-add h1")),
    ("no-such-page", "#/nothing", _only("servery-problem")),
    ("no-such-model", "#/models/nothing", _only("servery-problem")),
    *((f"ask-{name}", f"#/models/{name}", _ask) for name in MODELS),
    ("ask-out-of-range", "#/models/species?height=300&weight=50", _ask),
    (
        "ask-not-a-number",
        "#/models/species?height=tall&weight=50",
        _only("servery-form [role=alert], servery-form [aria-invalid=true]"),
    ),
    ("ask-cleared", "#/models/income?", _only("servery-form")),
    ("ask-compared", "#/models/income?age=39;age=20", _only("servery-form")),
    ("ask-paste", "#/models/income", _paste),
    ("ask-changes", "#/models/income", _find_changes),
    ("embedded", "#/embed/bikes", _ask),
    ("batch", "#/models/species/batch", _only("servery-batch h2")),
    ("batch-preview", "#/models/species/batch", _preview),
    ("batch-result", "#/models/species/batch", _scored),
    ("compare", "#/models/income/compare", _only("servery-compare select")),
    ("api", "#/models/income/api", _only("servery-snippets pre")),
    *((f"about-{name}", f"#/models/{name}/about", _only("servery-about h2")) for name in MODELS),
    ("docs", "docs/", _only("h1, h2")),
)


def main() -> None:
    """Write the pictures and the page that shows them, and print its path."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder)) as batches,
        sync_playwright() as playwright,
    ):
        batches.start_worker()
        browser = playwright.chromium.launch(
            executable_path=chromium.find(), args=chromium.ARGUMENTS
        )
        page = browser.new_page(reduced_motion="reduce")
        page.set_default_timeout(PATIENCE_MS)
        for name, address, prepare in SCREENS:
            page.goto("about:blank")
            page.goto(f"{batches.server.url}/{address}")
            prepare(page)
            for width, scheme in _views(page):
                page.screenshot(path=FOLDER / f"{name}-{width}-{scheme}.png", full_page=True)
            print(name, flush=True)
        browser.close()
    (FOLDER / "index.html").write_text(_sheet())
    print(FOLDER / "index.html")


def _views(page: Page) -> Iterator[tuple[int, str]]:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.wait_for_timeout(SETTLED_MS)
            yield width, scheme


def _sheet() -> str:
    rows = []
    for name, *_ in SCREENS:
        pictures = "".join(
            f'<a href="{file}"><img src="{file}" width="{width // 3}" alt="{file}"></a>'
            for width in WIDTHS
            for scheme in SCHEMES
            for file in [html.escape(f"{name}-{width}-{scheme}.png")]
        )
        rows.append(f"<h2>{html.escape(name)}</h2><p>{pictures}</p>")
    style = "body{font:1rem system-ui;margin:2rem}p{display:flex;gap:1rem;align-items:start}"
    return (
        f"<!doctype html><meta charset=utf-8><title>Every screen</title><style>{style}</style>"
        f"<h1>Every screen</h1>{''.join(rows)}"
    )


if __name__ == "__main__":
    main()

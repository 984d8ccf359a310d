"""A page that stays open while models come, go, fail and get new versions."""

import re
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pandas as pd
import pytest
from playwright.sync_api import Page, expect
from sklearn.dummy import DummyRegressor

from servery.publishing import publish
from tests.browser.conftest import OpenPage, assert_accessible, schemes
from tests.conftest import Server, each_worker_says, eventually, running

ODD_NAMES = ["Größe (100 %)", "模型 один", "a+b=c&d?e#f", 'it\'s 50%25 "sure"']


def publish_constant(root: Path, value: float, name: str, inputs: str = "size age") -> Path:
    X = pd.DataFrame({column: [1.0, 2.0, 3.0] for column in inputs.split()})
    model = DummyRegressor(strategy="constant", constant=value).fit(X, [1.0, 2.0, 3.0])
    return publish(model, X, name=name, root=root).folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    models = tmp_path / "models"
    publish_constant(models, 1.0, "steady")
    return models


@pytest.fixture
def live(root: Path, tmp_path: Path) -> Iterator[Server]:
    with running(tmp_path / "log", SERVERY_MODELS=str(root), WEB_CONCURRENCY="2") as server:
        yield server


def await_answer(page: Page, value: str) -> None:
    answer = page.get_by_role("region", name="Answer")
    expect(answer).to_have_attribute("data-status", "ready")
    expect(answer.locator("output")).to_have_text(value)


def test_an_open_gallery_shows_what_comes_and_goes(
    open_page: OpenPage, live: Server, root: Path
) -> None:
    page = open_page("#/", url=live.url)
    tile = page.get_by_role("link", name=re.compile("^Steady"))
    expect(tile).to_be_visible()
    tile.focus()
    tile.evaluate("tile => { tile.dataset.kept = 'yes'; }")
    publish_constant(root, 2.0, "newcomer")
    new = page.get_by_role("link", name=re.compile("^Newcomer"))
    expect(new).to_be_visible()
    expect(new).to_contain_text("New")
    expect(page.locator("p[role=status]")).to_have_text("New: Newcomer.")
    expect(tile).to_be_focused()
    expect(tile).to_have_attribute("data-kept", "yes")
    assert_accessible(page)
    shutil.rmtree(root / "newcomer")
    expect(new).to_have_count(0)
    expect(page.locator("p[role=status]")).to_have_text("No longer served: Newcomer.")


def test_a_gallery_that_nobody_sees_asks_nothing(open_page: OpenPage, live: Server) -> None:
    page = open_page("#/", url=live.url, own_context=True)
    page.clock.install()
    expect(page.get_by_role("link", name=re.compile("^Steady"))).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    show = """seen => {
        Object.defineProperty(document, "hidden", { value: !seen, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    page.evaluate(show, False)
    page.wait_for_load_state("networkidle")
    asked.clear()
    page.clock.run_for(60_000)
    assert asked == []
    with page.expect_response("**/api/v1/models"):
        page.evaluate(show, True)
    with page.expect_response("**/api/v1/models"):
        page.clock.run_for(6_000)
    page.get_by_role("link", name="Add your model It takes one command.").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Add your model")
    page.wait_for_load_state("networkidle")
    asked.clear()
    page.clock.run_for(60_000)
    assert asked == []


def test_a_gallery_keeps_what_it_shows_while_the_server_is_away(
    open_page: OpenPage, live: Server
) -> None:
    page = open_page("#/", url=live.url, own_context=True)
    page.clock.install()
    tile = page.get_by_role("link", name=re.compile("^Steady"))
    expect(tile).to_be_visible()
    page.route("**/api/v1/models", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.clock.run_for(6_000)
    expect(tile).to_be_visible()
    page.unroute("**/api/v1/models")
    with page.expect_response("**/api/v1/models"):
        page.clock.run_for(6_000)
    expect(tile).to_be_visible()


def test_a_version_that_cannot_be_served_is_told_on_its_tile(
    open_page: OpenPage, live: Server, root: Path
) -> None:
    aside = root.parent / "aside"
    shutil.copytree(root, aside)
    for name in ("steady", "lost"):
        (publish_constant(aside, 2.0, name) / "model.json").write_text('{"format": 1}')
    (aside / "steady" / "2").rename(root / "steady" / "2")  # broken from its first moment on
    (aside / "lost").rename(root / "lost")
    page = open_page("#/", url=live.url)
    trouble = page.get_by_text("Version 2 cannot be served")
    expect(trouble).to_be_visible()
    reason = page.locator(".unserved p")
    expect(reason).to_be_hidden()
    trouble.focus()
    page.keyboard.press("Enter")
    expect(reason).to_contain_text("model.json")
    wholly = page.get_by_role("heading", name="Cannot be served").locator("..")
    expect(wholly).to_contain_text("lost")
    expect(wholly).not_to_contain_text("steady")
    for _ in schemes(page):
        assert_accessible(page)
    page.get_by_role("link", name=re.compile("^Steady")).click()
    await_answer(page, "1")


def test_a_card_that_broke_is_told_on_the_tile_of_its_model(
    open_page: OpenPage, live: Server, root: Path
) -> None:
    page = open_page("#/", url=live.url)
    (root / "steady" / "card.toml").write_text("title = ")
    trouble = page.get_by_text("Its last change cannot be served")
    expect(trouble).to_be_visible()
    trouble.click()
    expect(page.locator(".unserved p")).to_contain_text("card.toml")


def test_a_new_version_is_taken_over_and_what_was_typed_stays(
    open_page: OpenPage, live: Server, root: Path
) -> None:
    page = open_page("#/models/steady?size=2.50&age=3", url=live.url)
    await_answer(page, "1")
    publish_constant(root, 2.0, "steady")
    await_version(live, "2")
    size = page.get_by_label("Size", exact=True)
    size.fill("2.51")
    expect(page.locator(".notice")).to_have_text("Version 2 is served now.")
    await_answer(page, "2")
    expect(size).to_have_value("2.51")
    expect(page.get_by_label("Age", exact=True)).to_have_value("3")
    expect(page.locator("p[role=status]")).to_contain_text("Version 2 is served now.")
    assert_accessible(page)


def test_a_new_version_with_other_inputs_keeps_those_that_are_still_there(
    open_page: OpenPage, live: Server, root: Path
) -> None:
    page = open_page("#/models/steady?size=2.50&age=3", url=live.url)
    await_answer(page, "1")
    shutil.rmtree(root / "steady" / "1")  # the card that was drafted for it names its inputs
    (root / "steady" / "card.toml").unlink()
    publish_constant(root, 2.0, "steady", "size weight")
    (root / "steady" / "1").rename(root / "steady" / "2")
    manifest = root / "steady" / "2" / "model.json"
    manifest.write_text(manifest.read_text().replace('"version":"1"', '"version":"2"'))
    await_version(live, "2")
    size = page.get_by_label("Size", exact=True)
    size.fill("2.51")
    notice = "Version 2 is served now. It also asks for: Weight. It no longer asks for: Age."
    expect(page.locator(".notice")).to_have_text(notice)
    answer = page.get_by_role("region", name="Answer")
    expect(answer).to_have_attribute("data-status", "incomplete")
    expect(size).to_have_value("2.51")
    expect(page.get_by_label("Age", exact=True)).to_have_count(0)
    page.get_by_label("Weight", exact=True).fill("1")
    await_answer(page, "2")


def test_an_older_version_says_so_and_leads_to_the_one_served(
    open_page: OpenPage, live: Server, root: Path
) -> None:
    publish_constant(root, 2.0, "steady")
    await_version(live, "2")
    page = open_page("#/models/steady@1?size=2&age=3", url=live.url)
    await_answer(page, "1")
    expect(page.get_by_text("Version 1 is not the served version.")).to_be_visible()
    expect(page).to_have_title("Steady (version 1) · Servery")
    page.get_by_label("Size", exact=True).fill("1.5")
    expect(page).to_have_url(re.compile(r"#/models/steady@1\?size=1\.5"))
    for _ in schemes(page):
        assert_accessible(page)
    page.get_by_role("link", name="API", exact=True).last.click()
    expect(page.get_by_role("region", name="curl code")).to_contain_text("/steady@1/predictions")
    page.get_by_role("link", name="Ask").click()
    page.get_by_role("link", name="Go to version 2").click()
    await_answer(page, "2")
    expect(page.get_by_label("Size", exact=True)).to_have_value("1.5")
    expect(page.get_by_text("is not the served version")).to_have_count(0)


def test_the_versions_are_listed_in_about_and_lead_to_themselves(
    open_page: OpenPage, live: Server, root: Path
) -> None:
    publish_constant(root, 2.0, "steady")
    await_version(live, "2")
    page = open_page("#/models/steady/about", url=live.url)
    versions = page.locator(".versions")
    expect(versions.locator("li")).to_have_text([re.compile(r"2\s+served"), re.compile("1")])
    expect(versions.locator("[aria-current]")).to_have_text("2")
    versions.get_by_role("link", name="1").click()
    expect(page).to_have_url(re.compile(r"#/models/steady@1/about(\?|$)"))
    expect(versions.locator("[aria-current]")).to_have_text("1")
    assert_accessible(page)


def test_the_served_version_by_its_own_address_says_that_it_is_served(
    open_page: OpenPage, live: Server
) -> None:
    page = open_page("#/models/steady@1?size=1&age=1", url=live.url)
    expect(page.get_by_text("Version 1 is also the served version.")).to_be_visible()
    page.get_by_role("link", name="the served version").click()
    expect(page).to_have_url(re.compile(r"#/models/steady\?"))


def test_a_version_that_is_not_there_is_named(open_page: OpenPage, live: Server) -> None:
    page = open_page("#/models/steady@9", url=live.url)
    expect(page.get_by_text("no version '9'")).to_be_visible()
    assert_accessible(page)


def test_models_of_any_name_are_opened_and_asked(
    open_page: OpenPage, live: Server, root: Path
) -> None:
    for name in ODD_NAMES:
        publish_constant(root, 7.0, name)
    addresses = [f"/api/v1/models/{quote(name)}" for name in ODD_NAMES]
    eventually(partial(each_worker_says, live, lambda: all(live.get(at).ok for at in addresses)))
    page = open_page("#/", url=live.url)
    for name in ODD_NAMES:
        page.goto(f"{live.url}/#/")
        title = page.get_by_role("listitem").filter(has_text=name)
        expect(title).to_be_visible()
        title.get_by_role("link").click()
        await_answer(page, "7")
        page.reload()
        await_answer(page, "7")
        page.goto(f"{live.url}/#/models/{quote(name)}@1?size=1&age=2")
        await_answer(page, "7")


def await_version(server: Server, version: str) -> None:
    """Wait until no worker says another version any more."""

    def is_served() -> bool:
        served = server.get("/api/v1/models/steady").json().get("version")  # it may be gone between
        return bool(served == version)

    eventually(partial(each_worker_says, server, is_served))

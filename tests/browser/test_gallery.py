"""The gallery: what it shows of each model, and nothing that was not measured."""

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import expect
from sklearn.linear_model import LogisticRegression

from servery.publishing import publish
from tests.browser.conftest import OpenPage, assert_accessible, schemes, widths
from tests.conftest import Server, running

CLASSES = 40


@pytest.fixture(scope="module")
def one_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve a repository whose only model has 40 classes and no picture."""
    root = tmp_path_factory.mktemp("models")
    chance = np.random.default_rng(0)
    classes = [f"class {at}" for at in range(CLASSES)] * 10
    X, unseen = chance.normal(size=(2, len(classes), 3))
    model = LogisticRegression().fit(X, classes)
    publish(model, X, classes, X_test=unseen, y_test=classes, name="kinds", root=root)
    log = tmp_path_factory.mktemp("server") / "log"
    with running(log, SERVERY_MODELS=str(root), WEB_CONCURRENCY="1") as server:
        yield server


def test_a_tile_has_the_main_metric_and_the_version(open_page: OpenPage) -> None:
    page = open_page()
    tile = page.locator(".gallery li").filter(has_text="Income")
    expect(tile).to_contain_text("ROC-AUC 0.887 · Version 1")
    for _ in schemes(page):
        assert_accessible(page)


def test_the_plain_address_of_a_server_with_one_model_opens_it(
    open_page: OpenPage, one_file: Server
) -> None:
    page = open_page(url=one_file.url)
    expect(page.get_by_role("heading", name="kinds", exact=False, level=1)).to_be_visible()
    assert "#/models/kinds" in page.url
    page.get_by_role("link", name="Models", exact=True).click()
    tile = page.locator(".gallery li").first
    expect(tile).to_contain_text("Version 1")
    expect(tile.locator("servery-picture")).to_have_count(0)
    assert_accessible(page)


def test_of_many_classes_the_ten_most_likely_are_shown_first(
    open_page: OpenPage, one_file: Server
) -> None:
    page = open_page("#/models/kinds?x0=0&x1=0&x2=0", url=one_file.url)
    bars = page.locator("servery-probabilities dt")
    expect(bars).to_have_count(10)
    page.get_by_role("button", name=f"Show all {CLASSES}").click()
    expect(bars).to_have_count(CLASSES)
    assert_accessible(page)


def test_the_mistakes_among_many_classes_come_before_their_matrix(
    open_page: OpenPage, one_file: Server
) -> None:
    page = open_page("#/models/kinds/about", url=one_file.url)
    mistakes = page.get_by_role("region", name="Most frequent mistakes")
    expect(mistakes.get_by_role("row")).to_have_count(1 + 10)
    matrix = page.get_by_role("region", name="Confusion matrix")
    expect(matrix).to_be_hidden()
    page.get_by_text(f"All {CLASSES} classes").click()
    expect(matrix.get_by_role("row")).to_have_count(2 + CLASSES)
    for width in widths(page, 390, 1440):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert_accessible(page)

"""What About plots of how good a model is: held to the API's own numbers, by mouse and keyboard."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, Route, expect
from sklearn.linear_model import LogisticRegression

from servery.publishing import publish
from tests.browser.conftest import OpenPage, assert_accessible, await_kept, schemes, widths
from tests.conftest import Server, eventually, running

MODELS = ["bikes", "income", "petrol", "questions", "species"]
EVALUATION = re.compile(r"/evaluation$")


def opened(open_page: OpenPage, name: str, **options: Any) -> Page:  # noqa: ANN401
    page = open_page(f"#/models/{name}/about", **options)
    expect(panel(page, "Threshold").or_(panel(page, "Intervals")).first).to_be_visible()
    return page


def panel(page: Page, title: str) -> Locator:
    return page.locator("figure").filter(has=page.get_by_role("heading", name=title, exact=True))


def evaluation(server: Server, name: str) -> Any:  # noqa: ANN401
    return server.get(f"/api/v1/models/{name}/evaluation").json()


def rows_of(shown: Locator) -> list[list[str]]:
    """Open the table that says what a plot shows, and read it."""
    shown.locator("summary").click()
    expect(shown.get_by_role("table")).to_be_visible()
    read = "rows => rows.map(row => [...row.cells].map(cell => cell.innerText.trim()))"
    rows: list[list[str]] = shown.locator("tbody tr").evaluate_all(read)
    return rows


def number(text: str) -> float:
    return float(re.sub(r"[^\d.-]", "", text.replace("\N{MINUS SIGN}", "-")))


@pytest.mark.parametrize("name", MODELS)
def test_every_plot_is_accessible_and_has_words_and_a_table(open_page: OpenPage, name: str) -> None:
    page = opened(open_page, name)
    for summary in page.locator("figure details > summary").all():
        summary.click()
    for plot in page.locator("servery-plot").all():
        expect(plot.locator("svg")).to_be_attached()
        expect(plot.get_by_role("img")).to_have_attribute("aria-label", re.compile(r"\w{3}"))
    for shown in page.locator("servery-about figure").all():
        expect(shown.get_by_role("table")).to_be_visible()
    for _ in schemes(page):
        assert_accessible(page)


@pytest.mark.parametrize("name", ["bikes", "income", "species"])
def test_plots_fit_a_phone_and_follow_its_width(open_page: OpenPage, name: str) -> None:
    page = opened(open_page, name, viewport={"width": 390, "height": 844})
    plot = page.locator("servery-plot svg").last
    narrow = plot.bounding_box()
    assert narrow is not None
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 600, "height": 844})
    expect(plot).not_to_have_attribute("width", f"{narrow['width']:g}")
    page.set_viewport_size({"width": 320, "height": 844})
    expect(plot).to_have_attribute("width", re.compile(r"^2\d\d$"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_plots_are_fetched_when_about_is_opened_and_once(open_page: OpenPage) -> None:
    page = open_page("#/models/income")
    fetched = "performance.getEntriesByType('resource').map(each => each.name)"
    answer = page.get_by_role("region", name="Answer")
    expect(answer).to_have_attribute("data-status", "ready")
    assert [url for url in page.evaluate(fetched) if "evaluation" in url] == []
    for _ in range(2):
        page.get_by_role("link", name="About", exact=True).click()
        expect(panel(page, "Threshold")).to_be_visible()
        page.get_by_role("link", name="Ask", exact=True).click()
        expect(answer).to_have_attribute("data-status", "ready")
    urls = page.evaluate(fetched)
    assert len([url for url in urls if EVALUATION.search(url)]) == 1
    assert any(re.search(r"assets/evaluation-[\w-]+\.js$", url) for url in urls)


@pytest.mark.parametrize("name", ["income", "questions", "species"])
def test_the_confusion_matrix_and_its_words_are_those_of_the_api(
    open_page: OpenPage, server: Server, name: str
) -> None:
    page = opened(open_page, name)
    counts = evaluation(server, name)["confusion"]["counts"]
    shown = panel(page, "Confusion matrix")
    assert [int(number(text)) for text in shown.locator("td strong").all_inner_texts()] == [
        count for row in counts for count in row
    ]
    for index, row in enumerate(counts):
        expect(shown.get_by_role("listitem").nth(index)).to_contain_text(
            re.compile(
                rf"Of {sum(row):,} rows that were “.*”, {row[index]:,} were predicted correctly"
            )
        )


def told_at(thresholds: dict[str, Any], index: int) -> re.Pattern[str]:
    """Return the sentence that the page must say at one of the thresholds."""
    point = thresholds["points"][index]
    rows = thresholds["positives"] + thresholds["negatives"]
    missed = thresholds["positives"] - point["hits"]
    predicted = point["hits"] + point["false_alarms"]
    return re.compile(
        rf"At [\d.]+: of {rows:,} rows, {predicted:,} are predicted as “.*”"
        rf"; {point['false_alarms']:,} of them wrongly \(false alarms\)"
        rf"; {missed:,} of the {thresholds['positives']:,} that were “.*” are missed"
    )


@pytest.mark.parametrize("name", ["income", "questions", "species"])
def test_the_threshold_moves_by_arrow_keys_and_the_numbers_with_it(
    open_page: OpenPage, server: Server, name: str
) -> None:
    page = opened(open_page, name)
    thresholds = evaluation(server, name)["thresholds"]
    values = [point["threshold"] for point in thresholds["points"]]
    own = values.index(thresholds["chosen"])
    shown = panel(page, "Threshold")
    slider = page.get_by_role("slider", name="Threshold")
    expect(slider).to_have_value(str(own))
    expect(shown.get_by_role("status")).to_have_text(told_at(thresholds, own))
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    expect(shown.get_by_role("status")).to_have_text(told_at(thresholds, own - 3))
    expect(slider).to_be_focused()
    page.keyboard.press("Home")
    expect(shown.get_by_role("status")).to_have_text(told_at(thresholds, 0))
    expect(slider).to_have_attribute("aria-valuetext", "0.00")
    page.keyboard.press("End")
    expect(shown.get_by_role("status")).to_contain_text(re.compile(r"^At 1.00: "))
    assert_accessible(page)


def test_the_threshold_moves_by_mouse_and_back_to_the_models_own(
    open_page: OpenPage, server: Server
) -> None:
    page = opened(open_page, "income")
    thresholds = evaluation(server, "income")["thresholds"]
    shown = panel(page, "Threshold")
    for plot in shown.locator("servery-plot").all():
        expect(plot.locator("svg")).to_be_attached()
    before = [plot.inner_html() for plot in shown.locator("servery-plot").all()]
    slider = page.get_by_role("slider", name="Threshold")
    box = slider.bounding_box()
    assert box is not None
    slider.click(position={"x": box["width"] * 0.3, "y": box["height"] / 2})
    index = int(slider.input_value())
    assert index == pytest.approx(0.3 * len(thresholds["points"]), abs=3)
    expect(shown.get_by_role("status")).to_have_text(told_at(thresholds, index))
    for plot, old in zip(shown.locator("servery-plot").all(), before, strict=True):
        eventually(partial(differs, plot, old))
    shown.get_by_role("button", name=re.compile("Back to the model.s own, 0.50")).click()
    expect(shown.get_by_role("status")).to_contain_text("At 0.50")


def differs(plot: Locator, old: str) -> bool:
    return plot.inner_html() != old


def test_every_threshold_stands_in_the_table(open_page: OpenPage, server: Server) -> None:
    page = opened(open_page, "income")
    thresholds = evaluation(server, "income")["thresholds"]
    rows = rows_of(panel(page, "Threshold"))
    assert len(rows) == len(thresholds["points"])
    for row, point in zip(rows, thresholds["points"], strict=True):
        threshold, called, hits, false_alarms, missed, *_ = map(number, row[:5])
        assert threshold == pytest.approx(point["threshold"], abs=0.0006)
        assert (hits, false_alarms) == (point["hits"], point["false_alarms"])
        assert (called, missed) == (hits + false_alarms, thresholds["positives"] - hits)


def test_the_tables_of_the_other_plots_hold_the_numbers_of_the_api(
    open_page: OpenPage, server: Server
) -> None:
    page = opened(open_page, "income")
    found = evaluation(server, "income")
    shares = [
        (number(row[1]), number(row[2]), number(row[3]))
        for row in rows_of(panel(page, "Calibration"))
        if "<" not in row[2]
    ]
    assert shares
    expected: dict[float, list[tuple[float, float]]] = {
        each["rows"]: [] for each in found["calibration"]["bins"]
    }
    for each in found["calibration"]["bins"]:
        expected[each["rows"]].append((100 * each["predicted"], 100 * each["observed"]))
    for rows, predicted, observed in shares:
        near = pytest.approx((predicted, observed), abs=0.051)
        assert any(pair == near for pair in expected[rows])
    importance = rows_of(panel(page, "Importance of the inputs"))
    for row, each in zip(importance, found["importance"]["inputs"], strict=True):
        assert number(row[1]) == pytest.approx(each["importance"], rel=0.01)
        assert number(row[2]) == pytest.approx(each["standard_error"], rel=0.01)
    sets = rows_of(panel(page, "Prediction sets"))
    for row, each in zip(sets, found["sets"]["by_class"], strict=False):
        assert number(row[1]) == each["rows"]
        assert number(row[2]) == pytest.approx(100 * each["measured"], abs=0.51)


def test_residuals_and_coverage_are_those_of_the_api(open_page: OpenPage, server: Server) -> None:
    page = opened(open_page, "bikes")
    found = evaluation(server, "bikes")
    residuals = rows_of(panel(page, "Predicted and actual"))
    for row, point in zip(residuals, found["residuals"]["points"], strict=True):
        assert number(row[0]) == pytest.approx(point["predicted"], abs=0.51)
        assert number(row[1]) == pytest.approx(point["actual"], abs=0.51)
    intervals = panel(page, "Intervals")
    levels = rows_of(intervals)
    for row, level in zip(levels, found["coverage"]["levels"], strict=True):
        assert number(row[0]) == pytest.approx(100 * level["stated"])
        assert number(row[1]) == pytest.approx(100 * level["measured"], abs=0.051)
    measured = 100 * found["coverage"]["measured"]
    expect(intervals).to_contain_text(
        f"Of {found['coverage']['rows']} unseen rows, {measured:.1f}% were within the interval"
    )


def test_the_spread_of_each_input_is_told_in_full(open_page: OpenPage, server: Server) -> None:
    page = opened(open_page, "income")
    inputs = server.get("/api/v1/models/income").json()["signature"]["inputs"]
    rows = rows_of(page.locator("servery-spread figure"))
    expected = []
    for each in inputs:
        expected.append([each["label"]])
        counts = (each.get("training_stats") or {}).get("histogram") or {}
        expected += [[f"{count:,}"] for count in counts.get("counts", [])]
        expected += [[kind["label"], f"{kind['count']:,}"] for kind in each.get("categories") or []]
    assert [row[-len(want) :] for row, want in zip(rows, expected, strict=True)] == expected


def test_small_data_are_told_as_such(open_page: OpenPage) -> None:
    for name, rows in {"species": 10, "petrol": 48}.items():
        page = opened(open_page, name)
        expect(page.get_by_text(f"Only {rows} rows were measured")).to_be_visible()
    page = opened(open_page, "income")
    expect(page.get_by_text("rows were measured")).to_have_count(0)
    expect(panel(page, "By race")).to_contain_text("fewer than 200 rows: Black")


def test_a_version_that_nobody_measured_says_how_to_get_plots(open_page: OpenPage) -> None:
    page = open_page("#/add")

    def without(route: Route) -> None:
        facts = route.fetch().json()
        route.fulfill(json={**facts, "capabilities": ["explanations"]})

    page.route("**/api/v1/models/bikes", without)
    page.evaluate("location.hash = '#/models/bikes/about'")
    expect(page.get_by_text("--cv 5")).to_be_visible()
    expect(page.get_by_role("heading", name="Training data")).to_be_visible()
    expect(page.get_by_role("heading", name="Predicted and actual")).to_have_count(0)
    assert_accessible(page)


def test_an_evaluation_that_is_refused_is_asked_for_again(open_page: OpenPage) -> None:
    page = open_page("#/add")
    problem = {"title": "Something went wrong", "detail": "It is noted.", "errors": []}
    page.route(EVALUATION, lambda route: route.fulfill(status=500, json=problem))
    page.evaluate("location.hash = '#/models/bikes/about'")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("It is noted.")
    expect(page.get_by_role("heading", name="Training data")).to_be_visible()
    for _ in schemes(page):
        assert_accessible(page)
    page.unroute(EVALUATION)
    alert.get_by_role("button", name="Try again now").click()
    expect(panel(page, "Intervals")).to_be_visible()


def test_an_evaluation_out_of_reach_comes_by_itself(open_page: OpenPage) -> None:
    page = open_page("#/add")
    page.route(EVALUATION, lambda route: route.abort())
    page.evaluate("location.hash = '#/models/bikes/about'")
    expect(page.get_by_role("alert")).to_contain_text("The server is not responding.")
    page.unroute(EVALUATION)
    expect(panel(page, "Intervals")).to_be_visible()


def test_while_an_evaluation_comes_its_place_is_kept(open_page: OpenPage) -> None:
    page = open_page("#/add")
    held: list[Route] = []
    page.route(EVALUATION, lambda route: held.append(route))
    page.evaluate("location.hash = '#/models/bikes/about'")
    expect(page.locator("servery-evaluation [aria-busy=true] .skeleton").first).to_be_visible()
    expect(page.get_by_role("heading", name="Loading what was measured")).to_be_attached()
    assert_accessible(page)
    await_kept(page, held).continue_()
    expect(panel(page, "Intervals")).to_be_visible()


def test_plots_that_did_not_come_are_fetched_again(open_page: OpenPage) -> None:
    page = open_page("#/add")
    chunk = re.compile(r"assets/evaluation-[\w-]+\.js$")
    page.route(chunk, lambda route: route.abort())
    page.evaluate("location.hash = '#/models/bikes/about'")
    expect(page.get_by_role("alert")).to_contain_text("Could not load the plots.")
    assert_accessible(page)
    page.unroute(chunk)
    page.get_by_role("button", name="Try again").click()
    expect(panel(page, "Intervals")).to_be_visible()


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve a model of three classes, cross-validated."""
    root: Path = tmp_path_factory.mktemp("models")
    random = np.random.default_rng(0)
    X = pd.DataFrame({"length": random.normal(size=150), "width": random.normal(size=150)})
    noisy = X["length"] + random.normal(scale=0.6, size=150)
    y = pd.qcut(noisy, 3, labels=["short", "middling", "long"]).astype(str).rename("size")
    publish(LogisticRegression().fit(X, y), X, y, name="three", root=root, cv=5)
    log = tmp_path_factory.mktemp("server") / "log"
    with running(log, SERVERY_MODELS=str(root), WEB_CONCURRENCY="1") as server:
        yield server


def test_of_several_classes_each_has_its_row(open_page: OpenPage, three: Server) -> None:
    page = open_page("#/models/three/about", url=three.url)
    shown = panel(page, "Confusion matrix")
    expect(shown.locator("tbody tr")).to_have_count(3)
    expect(shown.get_by_role("listitem")).to_have_count(3)
    counts = evaluation(three, "three")["confusion"]["counts"]
    texts = shown.locator("td strong").all_inner_texts()
    assert [int(number(text)) for text in texts] == [each for row in counts for each in row]
    expect(panel(page, "Threshold")).to_have_count(0)
    expect(panel(page, "Calibration")).to_contain_text("the class it names")
    for width in widths(page, 390, 1280):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert_accessible(page)

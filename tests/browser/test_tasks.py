"""Groups, unusual rows, scores, several answers: each shown for what it is."""

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser import zoo
from tests.browser.conftest import OpenPage, assert_accessible, schemes, widths
from tests.conftest import Server, running

QUESTION = "?floor+area=140&rooms=6"
INPUTS = {"floor area": 140, "rooms": 6}
TASKS = [
    *("groups", "mixture", "odd ones", "two scores", "three scores"),
    *("three numbers", "two classes", "no probabilities", "eight numbers"),
]


@pytest.fixture(scope="module")
def tasks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    root = tmp_path_factory.mktemp("models")
    zoo.publish_all(root)
    log = tmp_path_factory.mktemp("server") / "log"
    with running(log, SERVERY_MODELS=str(root), WEB_CONCURRENCY="1") as server:
        yield server


def opened(open_page: OpenPage, server: Server, name: str, **options: object) -> Page:
    page = open_page(f"#/models/{quote(name)}{QUESTION}", url=server.url, **options)
    expect(page.get_by_role("region", name="Answer")).to_have_attribute("data-status", "ready")
    return page


def signed(score: float) -> str:
    return f"{score:+.3g}".replace("-", "\N{MINUS SIGN}")


@pytest.mark.parametrize("name", TASKS)
def test_an_answer_of_every_task_is_accessible_and_fits(
    open_page: OpenPage, tasks: Server, name: str
) -> None:
    page = opened(open_page, tasks, name)
    for width in widths(page, 390, 1280):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for _ in schemes(page):
            assert_accessible(page)


def test_the_gallery_says_what_each_model_does(open_page: OpenPage, tasks: Server) -> None:
    page = open_page(url=tasks.url)
    for name, words in {
        "Groups": "Groups similar rows",
        "Odd ones": "Finds unusual rows",
        "Two classes": "Gives several answers",
        "Two scores": "Picks an outcome",
        "Bare line": "Estimates a number",
    }.items():
        expect(page.get_by_role("link", name=re.compile(f"^{name}"))).to_contain_text(words)


def test_a_score_is_never_shown_as_a_probability(open_page: OpenPage, tasks: Server) -> None:
    page = opened(open_page, tasks, "three scores")
    answer = page.get_by_role("region", name="Answer")
    said = tasks.predict("three scores", {"inputs": INPUTS}).json()
    expect(answer.locator("output")).to_have_text(said["label"])
    expect(answer.get_by_text("gives no probabilities")).to_have_count(1)
    for row in said["scores"]:
        line = answer.locator("dl.ranking > div", has_text=row["label"])
        expect(line).to_contain_text(signed(row["score"]))
    assert "%" not in answer.inner_text()


@pytest.mark.parametrize(
    ("name", "below", "above"),
    [("two scores", "large", "small"), ("odd ones", "Unusual", "Usual")],
)
def test_two_classes_share_one_scale_around_zero(
    open_page: OpenPage, tasks: Server, name: str, below: str, above: str
) -> None:
    page = opened(open_page, tasks, name)
    answer = page.get_by_role("region", name="Answer")
    expect(answer.get_by_text("gives no probabilities")).to_contain_text(
        f"A score below 0 means “{below}”, one above 0 “{above}”."
    )
    expect(answer.locator("dl.ranking > div")).to_have_count(1)
    scores = tasks.predict(name, {"inputs": INPUTS}).json()["scores"]
    [score] = [row["score"] for row in scores if row["label"] == above]
    expect(answer.locator("dl.ranking dd")).to_have_text(signed(score))


def test_a_group_is_shown_among_the_others(open_page: OpenPage, tasks: Server) -> None:
    page = opened(open_page, tasks, "groups")
    answer = page.get_by_role("region", name="Answer")
    label = tasks.predict("groups", {"inputs": INPUTS}).json()["label"]
    expect(answer.get_by_role("list", name="All groups").locator("[aria-current]")).to_have_text(
        label
    )
    expect(
        answer.get_by_text("One of 3 groups. This model gives no probabilities.")
    ).to_be_visible()


def test_a_mixture_tells_the_probability_of_each_group(open_page: OpenPage, tasks: Server) -> None:
    page = opened(open_page, tasks, "mixture")
    answer = page.get_by_role("region", name="Answer")
    expect(answer.locator(".chance")).to_have_text(
        re.compile(r"^Probability (> )?[^ ]+% .*in 10+$")
    )
    expect(answer.locator("dl.ranking > div")).to_have_count(3)


def test_several_numbers_each_have_their_place(open_page: OpenPage, tasks: Server) -> None:
    page = opened(open_page, tasks, "three numbers")
    parts = page.locator(".parts > li")
    expect(parts).to_have_count(3)
    said = tasks.predict("three numbers", {"inputs": INPUTS}).json()["prediction"]
    for part, (label, value) in zip(
        parts.all(), [("Price", said["price"]), ("Rent", said["rent"])], strict=False
    ):
        expect(part.get_by_role("heading")).to_have_text(label)
        expect(part.locator("output")).to_have_text(f"{value:,.6g}".rstrip("."))


def test_several_classes_each_have_their_probabilities(open_page: OpenPage, tasks: Server) -> None:
    page = opened(open_page, tasks, "two classes")
    parts = page.locator(".parts > li")
    expect(parts.locator("output")).to_have_text(["dear", "large"])
    expect(parts.nth(0).locator("dl.ranking > div")).to_have_count(3)
    expect(parts.nth(1).locator("dl.ranking > div")).to_have_count(2)


def test_the_ear_is_told_every_answer(open_page: OpenPage, tasks: Server) -> None:
    page = opened(open_page, tasks, "no probabilities")
    told = page.locator("p[role=status]")
    expect(told).to_have_text(re.compile(r"^\s*Dearness: \w+; Size: \w+\.\s*$"))


def test_eight_answers_on_a_phone_are_summed_up_in_the_bar(
    open_page: OpenPage, tasks: Server
) -> None:
    page = opened(open_page, tasks, "eight numbers", viewport={"width": 390, "height": 600})
    bar = page.get_by_role("button", name="Go to the answer")
    expect(bar).to_contain_text("and 6 more")
    expect(page.locator(".parts > li output")).to_have_count(8)


def test_a_rough_range_has_a_slider_with_ends_that_are_only_about_there(
    open_page: OpenPage, tasks: Server
) -> None:
    page = opened(open_page, tasks, "bare forest")
    area = page.locator("servery-field", has_text="Floor area")
    expect(area.locator(".ends > span")).to_have_text(
        [re.compile(r"^about \d"), re.compile("^about 1")]
    )
    slider = page.get_by_label("Floor area, slider")
    slider.fill("100")
    expect(page.get_by_label("Floor area", exact=True)).to_have_value("100")
    slider.press("ArrowRight")
    expect(page.get_by_label("Floor area", exact=True)).to_have_value("101")


def test_a_value_beyond_a_rough_range_is_asked_and_the_slider_says_so(
    open_page: OpenPage, tasks: Server
) -> None:
    page = opened(open_page, tasks, "bare forest")
    box = page.get_by_label("Floor area", exact=True)
    with page.expect_request("**/predictions") as asked:
        box.fill("900")
    assert '"floor area": 900' in (asked.value.post_data or "")
    answer = page.get_by_role("region", name="Answer")
    expect(answer).to_have_attribute("data-status", "ready")
    expect(answer.get_by_role("list", name="Warnings")).to_have_count(0)
    slider = page.get_by_label("Floor area, slider")
    expect(slider).to_have_attribute("aria-valuetext", "900, beyond this slider")
    expect(page.get_by_text("900: beyond this slider")).to_be_visible()
    expect(box).to_have_value("900")
    assert_accessible(page)


def test_an_input_of_which_nothing_is_known_has_just_a_box(
    open_page: OpenPage, tasks: Server
) -> None:
    page = opened(open_page, tasks, "bare line")
    expect(page.get_by_label("Floor area", exact=True)).to_have_value("140")
    expect(page.locator("[type=range]")).to_have_count(0)


def test_a_model_without_examples_opens_on_its_typical_values_with_an_answer(
    open_page: OpenPage, tasks: Server
) -> None:
    page = open_page("#/models/bare%20scaled", url=tasks.url)
    expect(page.get_by_role("region", name="Answer")).to_have_attribute("data-status", "ready")
    typical = page.get_by_role("button", name="Typical", exact=True)
    expect(typical).to_have_attribute("aria-pressed", "true")


def test_what_could_not_be_known_is_said_in_one_line_on_a_phone_and_whole_in_about(
    open_page: OpenPage, tasks: Server
) -> None:
    viewport = {"width": 390, "height": 844}
    page = opened(open_page, tasks, "bare scaled", viewport=viewport)
    note = page.locator(".notes")
    lines = "each => each.offsetHeight / parseFloat(getComputedStyle(each).lineHeight)"
    assert note.evaluate(lines) < 1.5
    note.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(note.get_by_text("unusual values may get no warning")).to_be_visible()
    for _ in schemes(page):
        assert_accessible(page)
    page.get_by_role("link", name="About", exact=True).click()
    section = page.get_by_role("heading", name="What is unknown").locator("..")
    expect(section).to_contain_text("Published without data: types and categories")
    expect(section).to_contain_text("unusual values may get no warning.")
    for _ in schemes(page):
        assert_accessible(page)


def test_what_could_not_be_known_stands_whole_on_a_desk(open_page: OpenPage, tasks: Server) -> None:
    page = opened(open_page, tasks, "bare scaled")
    expect(page.get_by_text("unusual values may get no warning")).to_be_visible()
    page = opened(open_page, tasks, "groups")
    expect(page.locator(".notes")).to_have_count(0)


def test_each_of_several_outputs_is_explained(open_page: OpenPage, tasks: Server) -> None:
    page = opened(open_page, tasks, "three numbers")
    part = page.get_by_role("region", name="What influenced it", exact=True)
    total = part.locator("li.total").last
    menu = part.get_by_role("combobox", name="What is explained")
    for label, figure in {"Price": "540,000", "Rent": "2,160", "Heating": "280"}.items():
        menu.select_option(label=label)
        expect(part.locator(".help").first).to_contain_text(f"{label}: how much each input")
        expect(total).to_contain_text(figure)
    expect(page.get_by_role("region", name="What if", exact=True)).to_contain_text("Heating")


def test_a_model_that_cannot_explain_itself_shows_no_empty_parts(
    open_page: OpenPage, tasks: Server
) -> None:
    page = opened(open_page, tasks, "bare forest")
    page.wait_for_load_state("networkidle")
    expect(page.locator("servery-insight section, servery-what-if-panel section")).to_have_count(0)
    page.get_by_role("button", name="Keep this answer").click()
    expect(page.get_by_role("region", name="Scenarios", exact=True)).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_similar_rows_come_when_they_are_asked_for_and_follow_the_answer(
    open_page: OpenPage, tasks: Server, width: int, scheme: str
) -> None:
    viewport = {"width": width, "height": 900}
    page = opened(open_page, tasks, "kept", viewport=viewport, color_scheme=scheme)
    section = page.get_by_role("region", name="Similar rows in the data")
    expect(section.get_by_role("listitem")).to_have_count(0)
    section.get_by_role("button", name="Show similar rows").click()
    expect(section.get_by_role("listitem")).to_have_count(5)
    expect(section).to_contain_text("Of the 10 measured rows nearest to these inputs")
    expect(section).to_contain_text("large predicted correctly")
    section.get_by_text("More rows").click()
    expect(section.get_by_role("listitem")).to_have_count(10)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    section.get_by_role("button", name="Try it").first.click()
    expect(section.get_by_role("button", name="Tried").first).to_be_visible()
    expect(section).to_contain_text("The same inputs")

"""Each colour has one job, and none says anything alone."""

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, schemes

#: Tag and class of each element that is drawn in a colour of the palette.
DRAWN_IN = """
(token) => {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.color = `var(${token})`;
  const colour = getComputedStyle(probe).color;
  probe.remove();
  const sides = ["backgroundColor", "borderTopColor", "borderBottomColor", "fill", "stroke"];
  const isDrawn = (element) => {
    const style = getComputedStyle(element);
    return sides.some((side) => style[side] === colour) || style.color === colour;
  };
  return [...document.querySelectorAll("body *")]
    .filter((element) => element.checkVisibility() && isDrawn(element))
    .map((element) => element.closest("button, .wordmark, .moves, .fault, .box")?.className ?? "");
}
"""


def test_the_colour_of_the_primary_action_is_that_of_no_other(open_page: OpenPage) -> None:
    page = open_page("#/models/income")
    expect(page.locator("servery-what-if h2")).to_be_visible()
    for _ in schemes(page):
        owners = set(page.evaluate(DRAWN_IN, "--color-primary"))
        assert owners == {"primary", "wordmark"}
        raised = set(page.evaluate(DRAWN_IN, "--color-up"))
        assert raised <= {"moves", "move"}
        assert raised.isdisjoint(page.evaluate(DRAWN_IN, "--color-selected"))


def test_the_ends_of_a_slider_over_years_have_no_separators(open_page: OpenPage) -> None:
    page = open_page("#/models/bikes")
    ends = page.locator("servery-field").filter(has_text="Year").locator(".ends span")
    expect(ends).to_have_text(["2011", "2013"])


def test_paste_a_row_stands_beside_the_examples_on_a_wide_screen(open_page: OpenPage) -> None:
    page = open_page("#/models/income", viewport={"width": 1440, "height": 900})
    clear = page.get_by_role("button", name="Clear").bounding_box()
    paste = page.get_by_text("Paste a row").bounding_box()
    assert clear
    assert paste
    assert abs(clear["y"] + clear["height"] / 2 - paste["y"] - paste["height"] / 2) < 4

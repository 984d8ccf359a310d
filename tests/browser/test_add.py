"""The page that tells how a model gets here, and its commands, tried in a real shell."""

import re
import shlex
import subprocess

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, assert_accessible, schemes, widths

CLIPBOARD = ["clipboard-read", "clipboard-write"]
#: It is said for two seconds, in which nobody may look.
NOTE = """button => {
  window.isSaid = false;
  const note = () => { window.isSaid ||= button.textContent.includes("Copied"); };
  new MutationObserver(note).observe(button, {childList: true, subtree: true, characterData: true});
}"""


def commands(page: Page) -> list[str]:
    copied = []
    for button in page.locator(".command button.copy").all():
        expect(button).not_to_contain_text("Copied")
        button.evaluate(NOTE)
        button.click()
        page.wait_for_function("() => window.isSaid")
        copied.append(str(page.evaluate("navigator.clipboard.readText()")))
    return copied


def test_the_page_is_reached_from_the_bar_and_from_the_gallery(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_role("link", name="Add your model It takes one command.").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Add your model")
    expect(page).to_have_title("Add your model · Servery")
    page.get_by_role("link", name="Models").click()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Add your model").click()
    expect(page).to_have_url(re.compile("#/add$"))


def test_the_commands_are_copied_as_they_are_shown(open_page: OpenPage) -> None:
    page = open_page("#/add", permissions=CLIPBOARD)
    copied = commands(page)
    assert copied == [
        "servery serve model.joblib",
        "servery publish model.joblib --name my-model --data train.csv --target price",
        "servery serve models",
    ]
    shown = [code.inner_text() for code in page.locator(".command code").all()]
    assert [" ".join(text.split()) for text in shown] == copied


@pytest.mark.parametrize(
    ("file", "name", "data", "target"),
    [
        ("my model.joblib", "häuser", "März (2).csv", "Preis in €"),
        ("it's; rm -rf $HOME.pkl", "a`b`", 'tables/"all".tsv', "don't & won't"),
        ("-x.pickle", "-", "--data", "$(id) \\ !"),
    ],
)
def test_a_shell_reads_each_name_as_it_was_typed(
    open_page: OpenPage, file: str, name: str, data: str, target: str
) -> None:
    page = open_page("#/add", permissions=CLIPBOARD)
    page.get_by_label("Model file").fill(file)
    page.get_by_label("Model name").fill(name)
    page.get_by_label("Training table").fill(data)
    page.get_by_label("Target column").fill(target)
    tried, published, _ = commands(page)
    paths = [f"./{path}" if path.startswith("-") else path for path in (file, data)]
    expected = ["publish", paths[0], "--name", name, "--data", paths[1], "--target", target]
    assert shlex.split(published) == ["servery", *expected]
    assert words_in_a_shell(published) == expected
    assert words_in_a_shell(tried) == ["serve", paths[0]]


def words_in_a_shell(command: str) -> list[str]:
    """Return the arguments that a POSIX shell gives to ``servery``."""
    script = f"servery() {{ printf '%s\\n' \"$@\"; }}\n{command}"
    run = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)  # noqa: S607
    return run.stdout.splitlines()


def test_what_is_left_empty_is_left_out(open_page: OpenPage) -> None:
    page = open_page("#/add", permissions=CLIPBOARD)
    page.get_by_label("Model name").fill("")
    page.get_by_label("Training table").fill("")
    assert commands(page)[1] == "servery publish model.joblib"
    page.get_by_label("Model file").fill("~/fits/last one.skops")
    assert commands(page)[0] == "servery serve ~/'fits/last one.skops'"


def test_what_the_command_would_refuse_is_said_beside_its_field(open_page: OpenPage) -> None:
    page = open_page("#/add")
    file, name = page.get_by_label("Model file"), page.get_by_label("Model name")
    file.fill("model.h5")
    name.fill("a/b@1")
    expect(file).to_have_accessible_description(re.compile("Expected a name that ends in .joblib"))
    expect(name).to_have_accessible_description(re.compile("without /"))
    assert_accessible(page)
    file.fill("model.pkl")
    expect(file).to_have_attribute("aria-invalid", "false")


def test_the_fields_and_commands_are_reached_by_keyboard(open_page: OpenPage) -> None:
    page = open_page("#/add", permissions=CLIPBOARD)
    file = page.get_by_label("Model file")
    for _ in range(20):
        page.keyboard.press("Tab")
        if file.evaluate("file => file === document.activeElement"):
            break
    page.keyboard.press("Control+A")
    page.keyboard.type("prices.joblib")
    for _ in range(4):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Copy “Try it” command")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("“Try it” command copied.")).to_have_count(1)
    assert page.evaluate("navigator.clipboard.readText()") == "servery serve prices.joblib"


def test_what_was_typed_stays_while_the_page_is_open(open_page: OpenPage) -> None:
    page = open_page("#/add")
    page.get_by_label("Model name").fill("prices")
    page.get_by_role("link", name="Models").click()
    page.go_back()
    expect(page.get_by_label("Model name")).to_have_value("prices")


def test_the_page_is_accessible_and_fits(open_page: OpenPage) -> None:
    page = open_page("#/add")
    for width in widths(page, 320, 390, 820, 1440):
        expect(page.get_by_text("runs no code from it")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for _ in schemes(page):
            assert_accessible(page)

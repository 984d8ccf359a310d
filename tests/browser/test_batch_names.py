"""Inputs of hostile names, and very many inputs, in what the Batch panel says of them."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect
from sklearn.linear_model import LinearRegression

from servery.publishing import publish
from tests.browser.conftest import OpenPage, assert_accessible
from tests.browser.test_batch import as_text, choose, expect_done, panel, paste, start
from tests.conftest import Server, running, servery

#: What the page calls an input, by a name that looks like the end or the middle of a sentence.
LABELS = {
    "driver's age": "Age of the driver",
    'the "real" one: x.; y': "Real one",
    "v1.2.max": "Version's maximum",
    "Größe in m²; ": "Size",
    "input 'driver's age'": "Another age",
}
MODEL = "hostile names"
WIDE = [f"sensor {at:02d}" for at in range(60)]


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    root = tmp_path_factory.mktemp("models")
    chance = np.random.default_rng(0)
    rows = pd.DataFrame({name: chance.uniform(0, 100, 60) for name in LABELS})
    publish(LinearRegression().fit(rows, rows.sum(axis=1)), rows, name=MODEL, root=root)
    many = pd.DataFrame({name: chance.uniform(0, 100, 90) for name in WIDE})
    publish(LinearRegression().fit(many, many.sum(axis=1)), many, name="wide", root=root)
    card = root / MODEL / "card.toml"
    told = tomllib.loads(card.read_text(encoding="utf-8"))
    assert set(told.get("inputs", {})) <= set(LABELS)
    words = [
        f"title = {_toml(told['title'])}",
        f"summary = {_toml(told.get('summary') or 'A sum.')}",
        *(f"[inputs.{_toml(name)}]\nlabel = {_toml(label)}" for name, label in LABELS.items()),
    ]
    card.write_text("\n".join(words), encoding="utf-8")
    folder = tmp_path_factory.mktemp("server")
    environ = {"SERVERY_JOBS": str(folder / "jobs")}
    with running(folder / "log", None, servery("serve", root), **environ) as server:
        yield server


def _toml(text: str) -> str:
    return '"{}"'.format(text.replace("\\", "\\\\").replace('"', '\\"'))


def opened(open_page: OpenPage, server: Server, model: str = MODEL, **options: object) -> Page:
    page = open_page(f"#/models/{quote(model)}/batch", url=server.url, **options)
    expect(panel(page)).to_be_visible()
    return page


def facts_of(page: Page, server: Server) -> dict[str, Any]:
    found = re.search(r"/batch/([\w-]{16,})", page.url)
    assert found, page.url
    facts: dict[str, Any] = server.get(f"/api/v1/batches/{found[1]}").json()
    return facts


def test_an_input_without_a_column_is_called_by_its_label(
    open_page: OpenPage, names: Server
) -> None:
    page = opened(open_page, names)
    header = [*list(LABELS)[2:4], "one", "two", "three"]
    choose(page, as_text([header, ["1"] * 5]))
    lacking = [name for name in LABELS if name not in header]
    alert = page.get_by_role("alert")
    for name in lacking:
        said = f"There is no column for the input “{LABELS[name]}”."
        expect(alert).to_contain_text(said)
        expect(alert).not_to_contain_text(name)
    problem = facts_of(page, names)["problem"]
    assert "".join(part["text"] for part in problem["parts"]) == problem["detail"]
    assert [part["input"] for part in problem["parts"] if part["input"] is not None] == lacking
    assert_accessible(page)


def test_a_doubt_calls_its_input_by_its_label(open_page: OpenPage, names: Server) -> None:
    page = opened(open_page, names)
    choose(page, as_text([list(LABELS), ["1,512", "2,5", "3,5", "4,5", "5,5"]], ";"))
    asked = page.get_by_role("group", name="What divides thousands?")
    expect(asked).to_contain_text("has “1,512” for the input “Age of the driver”: the comma may")
    problem = facts_of(page, names)["problem"]
    assert "".join(part["text"] for part in problem["parts"]) == problem["detail"]


def test_reasons_of_rows_call_their_inputs_by_their_labels(
    open_page: OpenPage, names: Server
) -> None:
    page = opened(open_page, names)
    found = ["x'; y", 'a: "b".; c', "no", "", "999999"]
    table = [list(LABELS), ["1", "2", "3", "4", "5"], found, ["9999", "2", "3", "4", "5"]]
    paste(page, as_text(table, "\t"))
    preview = page.locator(".preview tbody tr")
    expect(preview.nth(1).locator(".fault")).to_have_text(
        [
            'Age of the driver: Expected a number, found "x\'; y".',
            'Real one: Expected a number, found "a: \\"b\\".; c".',
            'Version\'s maximum: Expected a number, found "no".',
            "Size: Expected a value; the model cannot do without this one.",
        ]
    )
    expect(preview.nth(2).locator(".warned")).to_have_text(
        re.compile("^Age of the driver: Seen in training")
    )
    start(page).click()
    expect_done(page, "2 rows scored, 1 did not fit.")
    each = page.get_by_role("table", name="Each of them")
    expect(each.locator("tbody .point")).to_have_text(
        [re.compile(f"^{LABELS[name]}: Expected") for name in list(LABELS)[:4]]
    )
    summary = facts_of(page, names)["summary"]
    [bad] = summary["first_bad"]
    assert [remark["input"] for remark in bad["remarks"]] == list(LABELS)[:4]
    assert_accessible(page)


def test_of_very_many_inputs_those_without_a_column_come_first(
    open_page: OpenPage, names: Server
) -> None:
    page = opened(open_page, names, "wide")
    header = ["first one", "second one", *WIDE[2:]]
    choose(page, as_text([header, ["50"] * 60]))
    shown = panel(page).locator(".matches label")
    expect(shown).to_have_text(["Sensor 00", "Sensor 01"])
    expect(panel(page)).to_contain_text("58 of 60 inputs have a column.")
    page.get_by_text("The other 58 inputs").click()
    expect(shown).to_have_count(60)
    assert_accessible(page)
    # A menu has all columns when somebody comes to it.
    last = page.get_by_role("combobox", name="Sensor 59")
    expect(last.locator("option")).to_have_count(2)
    last.focus()
    expect(last.locator("option")).to_have_count(61)
    expect(last.locator("option:checked")).to_have_text("sensor 59")
    page.get_by_role("combobox", name="Sensor 00").select_option(label="first one")
    page.get_by_role("combobox", name="Sensor 01").select_option(label="second one")
    # Whoever has chosen a column still sees which.
    expect(shown.nth(1)).to_have_text("Sensor 01")
    expect(panel(page)).to_contain_text("All 60 inputs have a column.")
    start(page).click()
    expect_done(page, "The one row is scored.")


def test_that_very_many_inputs_have_no_column_is_said_in_one_sentence(
    open_page: OpenPage, names: Server
) -> None:
    page = opened(open_page, names, "wide")
    choose(page, as_text([[*WIDE[:3], *(f"probe {at}" for at in range(57))], ["50"] * 60]))
    expect(page.get_by_role("alert")).to_contain_text("57 of 60 inputs have no column.")
    expect(panel(page).locator(".matches label")).to_have_count(24)
    problem = facts_of(page, names)["problem"]
    assert problem["detail"].endswith("And 47 more like these.")


@pytest.mark.parametrize("width", [390, 1280])
def test_very_many_reasons_stay_within_the_page(
    open_page: OpenPage, names: Server, width: int
) -> None:
    page = opened(open_page, names, "wide", viewport={"width": width, "height": 900})
    choose(page, as_text([WIDE, ["x"] * 60, ["y"] * 60]))
    faults = page.locator(".preview tbody tr").first.locator(".fault")
    expect(faults).to_have_count(6)
    expect(faults.last).to_have_text("And 55 more")
    start(page).click()
    expect_done(page, "No row fits: all 2 came back unscored.")
    reasons = page.get_by_role("table", name="Why, by input").locator("tbody th")
    expect(reasons).to_have_count(60)
    first = page.get_by_role("table", name="Each of them").get_by_role("row").nth(1)
    expect(first).to_contain_text("Sensor 09: Expected a number")
    expect(first).to_contain_text("and 50 more")
    assert_accessible(page)
    height = page.evaluate("document.documentElement.scrollHeight")
    assert height < 2200

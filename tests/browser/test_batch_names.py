"""Inputs whose names have quotes, stops and any script, in what the Batch panel says of them."""

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


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    root = tmp_path_factory.mktemp("models")
    chance = np.random.default_rng(0)
    rows = pd.DataFrame({name: chance.uniform(0, 100, 60) for name in LABELS})
    publish(LinearRegression().fit(rows, rows.sum(axis=1)), rows, name=MODEL, root=root)
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


def opened(open_page: OpenPage, server: Server) -> Page:
    page = open_page(f"#/models/{quote(MODEL)}/batch", url=server.url)
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
    choose(page, as_text([list(LABELS), ["1,5", "2,5", "3,5", "4,5", "5,5"]], ";"))
    asked = page.get_by_role("group", name="Which is the decimal mark?")
    expect(asked).to_contain_text("has '1,5' for the input “Age of the driver”: the comma may")
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

"""The code that the API panel shows, run as it stands."""

import ast
import json
import os
import re
import shlex
import subprocess
import sys
from typing import Any

import pytest
import requests
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage, assert_accessible, schemes, widths
from tests.conftest import PATIENCE_S, ROOT

QUESTIONS = {
    "Prediction": "prediction",
    "What influenced it": "contributions",
    "What if": "points",
    "What would change it": "counterfactuals",
}


def shown(page: Page, client: str) -> str:
    """Return the code for a client, from its tab."""
    tab(page, client).click()
    return page.get_by_role("region", name=f"{client} code", exact=True).inner_text()


def tab(page: Page, client: str) -> Locator:
    return page.get_by_role("tab", name=client, exact=True)


def response(page: Page) -> Any:  # noqa: ANN401
    """Return what the server said to the request on screen."""
    figure = page.locator("figure.response")
    expect(figure).to_have_attribute("aria-busy", "false")
    return json.loads(figure.get_by_role("region", name="Response").inner_text())


@pytest.mark.parametrize("name", ["income", "petrol"])
def test_code_for_every_question_runs_as_it_stands(open_page: OpenPage, name: str) -> None:
    page = open_page(f"#/models/{name}/api")
    choice = page.get_by_role("group", name="What to ask for")
    for question, member in QUESTIONS.items():
        button = choice.get_by_role("button", name=question, exact=True)
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        python = shown(page, "Python")
        ran = subprocess.run(
            [sys.executable, "-c", python], capture_output=True, text=True, check=True
        )
        assert member in ast.literal_eval(ran.stdout)
        script = shown(page, "JavaScript")
        script = script.replace("console.log(await response.json())", "return response.json()")
        assert member in page.evaluate(f"async () => {{ {script} }}")
    assert_accessible(page)


def test_only_what_a_version_can_tell_is_offered(open_page: OpenPage) -> None:
    page = open_page("#/models/questions/api")
    choice = page.get_by_role("group", name="What to ask for")
    expect(choice.get_by_role("button")).to_have_text(["Prediction", "What influenced it"])


def asked_by_curl(command: str) -> requests.Response:
    """Send what a command of curl sends; a line that is a comment is for the reader."""
    lines = [line for line in command.splitlines() if not line.startswith("#")]
    _, address, _, header, _, body = shlex.split("\n".join(lines).replace("\\\n", ""))
    name, value = header.split(": ")
    return requests.post(address, data=body, headers={name: value}, timeout=PATIENCE_S)


@pytest.mark.parametrize("name", ["income", "petrol"])
def test_other_clients_ask_the_same_question(open_page: OpenPage, name: str) -> None:
    page = open_page(f"#/models/{name}/api")
    path = {**os.environ, "PYTHONPATH": str(ROOT / "client")}
    choice = page.get_by_role("group", name="What to ask for")
    for question, kind in {
        "Prediction": "Prediction(prediction=",
        "What influenced it": "Explanation(method=",
        "What would change it": "[",
    }.items():
        choice.get_by_role("button", name=question, exact=True).click()
        ran = subprocess.run(
            [sys.executable, "-c", shown(page, "Python client")],
            capture_output=True,
            text=True,
            check=True,
            env=path,
        )
        assert ran.stdout.startswith(kind)
        result = asked_by_curl(shown(page, "MCP")).json()["result"]
        assert result["isError"] is False
        [body] = re.findall(r'r"-*\((\{.*\})\)-*"', shown(page, "R"), re.S)
        [address] = re.findall(r'request\("(.*)"\)', shown(page, "R"))
        answer = requests.post(address, json=json.loads(body), timeout=PATIENCE_S)
        assert {*answer.json()} - {"request_id"} == {*result["structuredContent"]}
    expect(tab(page, "KServe")).to_have_count(0)
    choice.get_by_role("button", name="Prediction", exact=True).click()
    prediction = asked_by_curl(shown(page, "MCP")).json()["result"]["structuredContent"]
    mlflow = asked_by_curl(shown(page, "MLflow")).json()
    assert mlflow["predictions"] == [prediction["prediction"]]
    kserve = asked_by_curl(shown(page, "KServe")).json()
    assert kserve["outputs"][0]["data"] == [prediction["prediction"]]
    assert_accessible(page)


def test_the_response_stands_beside_its_request_and_follows_the_form(open_page: OpenPage) -> None:
    page = open_page("#/models/petrol/api")
    assert asked_by_curl(shown(page, "curl")).json()["prediction"] == response(page)["prediction"]
    before = response(page)
    box = page.locator("servery-form input[type=text]").first
    box.fill(str(float(box.input_value()) + 2))
    expect(page.get_by_role("region", name="Response")).not_to_contain_text(before["request_id"])
    assert response(page)["prediction"] != before["prediction"]
    shown(page, "MLflow")
    expect(page.get_by_role("region", name="Response")).to_contain_text('"predictions"')
    box.fill("many")
    expect(page.locator(".snippets .notice")).to_be_visible()


def test_tabs_are_moved_through_by_the_arrow_keys(open_page: OpenPage) -> None:
    page = open_page("#/models/income/api")
    tab(page, "curl").press("ArrowRight")
    expect(tab(page, "Python")).to_be_focused()
    expect(tab(page, "Python")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(tab(page, "MCP")).to_be_focused()
    page.keyboard.press("Home")
    expect(tab(page, "curl")).to_be_focused()
    assert "servery_client" not in page.get_by_role("tabpanel").inner_text()


def test_the_api_panel_is_accessible_and_fits(open_page: OpenPage) -> None:
    page = open_page("#/models/income/api")
    response(page)
    for width in widths(page, 320, 390, 820, 1440):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for _ in schemes(page):
            assert_accessible(page)

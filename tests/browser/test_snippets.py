"""The code that the API panel shows, run as it stands."""

import ast
import json
import os
import re
import shlex
import subprocess
import sys

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, assert_accessible
from tests.conftest import PATIENCE_S, ROOT

QUESTIONS = {
    "Prediction": "prediction",
    "What influenced it": "contributions",
    "What if": "points",
    "What would change it": "counterfactuals",
}


@pytest.mark.parametrize("name", ["income", "petrol"])
def test_code_for_every_question_runs_as_it_stands(open_page: OpenPage, name: str) -> None:
    page = open_page(f"#/models/{name}/api")
    choice = page.get_by_role("group", name="What to ask for")
    for question, member in QUESTIONS.items():
        button = choice.get_by_role("button", name=question, exact=True)
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        python = page.get_by_role("region", name="Python code").inner_text()
        ran = subprocess.run(
            [sys.executable, "-c", python], capture_output=True, text=True, check=True
        )
        assert member in ast.literal_eval(ran.stdout)
        script = page.get_by_role("region", name="JavaScript code").inner_text()
        script = script.replace("console.log(await response.json())", "return response.json()")
        assert member in page.evaluate(f"async () => {{ {script} }}")
    assert_accessible(page)


def test_only_what_a_version_can_tell_is_offered(open_page: OpenPage) -> None:
    page = open_page("#/models/questions/api")
    choice = page.get_by_role("group", name="What to ask for")
    expect(choice.get_by_role("button")).to_have_text(["Prediction", "What influenced it"])


def shown(page: Page, client: str) -> str:
    return page.get_by_role("region", name=f"{client} code", exact=True).inner_text()


def asked_by_curl(command: str) -> requests.Response:
    """Send what a command of curl sends; a line that is a comment is for the reader."""
    lines = [line for line in command.splitlines() if not line.startswith("#")]
    _, address, _, header, _, body = shlex.split("\n".join(lines).replace("\\\n", ""))
    name, value = header.split(": ")
    return requests.post(address, data=body, headers={name: value}, timeout=PATIENCE_S)


@pytest.mark.parametrize("name", ["income", "petrol"])
def test_other_clients_ask_the_same_question(open_page: OpenPage, name: str) -> None:
    page = open_page(f"#/models/{name}/api")
    page.get_by_text("Other clients").click()
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
    expect(page.get_by_role("region", name="KServe code")).to_have_count(0)
    choice.get_by_role("button", name="Prediction", exact=True).click()
    prediction = asked_by_curl(shown(page, "MCP")).json()["result"]["structuredContent"]
    for client in ("KServe", "MLflow"):
        assert asked_by_curl(shown(page, client)).json()["predictions"] == [
            prediction["prediction"]
        ]
    assert_accessible(page)

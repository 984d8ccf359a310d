"""The code that the API panel shows, run as it stands."""

import ast
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, assert_accessible

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

"""The documents say what the code does."""

import json
import re
from pathlib import Path

import pytest

from servery.api.problems import FRAMEWORK, PROBLEMS
from servery.app import create_app
from servery.settings import TABLE, Settings
from tests.conftest import ROOT, Server

README = (ROOT / "README.md").read_text()
API = (ROOT / "docs" / "api.md").read_text()
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text()
PACKAGE = ROOT / "backend" / "servery"


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.variable)
def test_every_setting_stands_in_the_readme(row: object) -> None:
    variable, sentence = getattr(row, "variable", ""), getattr(row, "sentence", "")
    assert re.search(rf"^\| `{variable}` \| .* \| {re.escape(sentence)} \|$", README, re.M)


def test_the_defaults_in_the_readme_are_those_of_the_code() -> None:
    for row in TABLE:
        default = getattr(Settings(), row.field)
        if isinstance(default, (int, str)):
            assert f"| `{row.variable}` | `{default}` |" in README


def test_the_routes_of_the_app_are_those_of_the_document() -> None:
    app = create_app(Settings(models=ROOT / "models"))
    served = {
        (
            method,
            rule.rule.replace("<name>", "{model}")
            .replace("<id_>", "{id}")
            .replace("<file>", "{file}"),
        )
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if method in {"GET", "POST", "PUT", "PATCH", "DELETE"}
    }
    assert served == set(re.findall(r"^\| (GET|POST|PATCH|DELETE) \| `([^`]+)` \|", API, re.M))


def test_every_problem_stands_in_the_document() -> None:
    rows = [(int(status), slug) for status, slug, _ in PROBLEMS.values()]
    rows += [(status, slug) for status, (slug, _, _) in FRAMEWORK.items()]
    for status, slug in rows:
        assert re.search(rf"^\| {status} \| .*`{slug}`", API, re.M), slug


def test_every_code_stands_in_the_document() -> None:
    rooms = (
        *("signature/inputs.py", "signature/parsing.py", "api/bodies.py"),
        *("api/explanations.py", "api/orders.py", "explaining/figures.py", "predict.py"),
    )
    sources = [PACKAGE / room for room in rooms]
    code = r'"([a-z]+(?:-[a-z]+)+|missing|blank)"'
    codes = {found for path in sources for found in re.findall(code, path.read_text())}
    assert len(codes) >= 15
    assert [code for code in sorted(codes) if f"`{code}`" not in API] == []


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


def test_the_answer_in_the_readme_is_the_true_one(server: Server) -> None:
    [command] = [block for block in blocks(README, "sh") if block.startswith("curl")]
    asked = re.search(r"-d '(.*)'", command)
    assert asked
    answer = server.predict("species", json.loads(asked[1])).json()
    [shown] = [json.loads(block) for block in blocks(README, "json")]
    assert answer | {"request_id": ""} == shown | {"request_id": ""}


def test_the_answer_in_the_contract_is_the_true_one(server: Server) -> None:
    asked, shown = (json.loads(block) for block in blocks(API, "json"))
    answer = server.predict("bikes", asked).json()
    assert answer["prediction"] == pytest.approx(shown["prediction"])
    assert answer | {"request_id": "", "prediction": 0} == shown | {
        "request_id": "",
        "prediction": 0,
    }


def test_every_room_stands_in_the_architecture() -> None:
    rooms = {path.stem for path in PACKAGE.iterdir() if path.stem[0] != "_"}
    assert [room for room in sorted(rooms) if f"`{room}`" not in ARCHITECTURE] == []


def test_the_commands_of_the_readme_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"make ([a-z]+)(?=`|\n|  )", README)) <= targets


@pytest.mark.parametrize("document", [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)", document.read_text()):
        assert (document.parent / target).exists(), target

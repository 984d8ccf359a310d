"""Every requirement of docs/security.md is shown by a test that exists."""

import ast
import re
from functools import cache

import pytest

from tests.conftest import ROOT

DOCUMENT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
SECTION = DOCUMENT.split("\n## ASVS\n")[1].split("\n### ")[0]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in SECTION.splitlines()
    if line.startswith("| V")
]
TEST = re.compile(r"`(tests/\w+/test_\w+\.py)::(test_\w+)`")


@cache
def names_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, functions))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_requirement_is_shown_by_tests_that_exist(row: list[str]) -> None:
    _, asks, held, shown = row
    assert asks
    assert held
    assert TEST.sub("", shown).strip() == ""
    found = TEST.findall(shown)
    assert found
    for path, name in found:
        assert name in names_in(path), f"{path} has no {name}"


def test_requirements_are_named_once_and_in_order() -> None:
    ids = [tuple(map(int, re.findall(r"\d+", row[0]))) for row in ROWS]
    assert all(re.fullmatch(r"V\d{1,2}\.\d{1,2}\.\d{1,2}", row[0]) for row in ROWS)
    assert ids == sorted(set(ids))
    assert len(ids) > 30


def test_the_promises_lead_to_the_document() -> None:
    for name in ("SECURITY.md", "README.md"):
        assert "docs/security.md" in (ROOT / name).read_text(encoding="utf-8")

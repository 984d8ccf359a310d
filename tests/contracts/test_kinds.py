"""One kind, one file: no room asks which class an input is."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import servery.inputs
from servery.inputs import Input
from tests.conftest import ROOT

PACKAGE = ROOT / "backend" / "servery"
INPUT_TYPES = {
    name
    for name, value in vars(servery.inputs).items()
    if isinstance(value, type) and issubclass(value, Input)
} | {"NumericInput", "MomentInput"}
FILES = [path for path in sorted(PACKAGE.rglob("*.py")) if path.parent.name != "inputs"]


def class_tests(source: str) -> Iterator[ast.AST]:
    """Go through the places where a class is asked for."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in {"isinstance", "issubclass"}:
                yield node.args[1]
        elif isinstance(node, ast.MatchClass):
            yield node.cls
        elif isinstance(node, ast.Compare):
            yield from node.comparators


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_room_asks_which_class_an_input_is(path: Path) -> None:
    for asked in class_tests(path.read_text()):
        names = {node.id for node in ast.walk(asked) if isinstance(node, ast.Name)}
        assert not names & INPUT_TYPES, f"line {getattr(asked, 'lineno', 0)}"


def test_such_a_question_would_be_found() -> None:
    source = "isinstance(item, (str, DateInput)); type(item) is TextInput; kind in {NumberInput: 1}"
    found = [
        {node.id for node in ast.walk(each) if isinstance(node, ast.Name)}
        for each in class_tests(source)
    ]
    assert set().union(*found) >= {"DateInput", "TextInput", "NumberInput"}

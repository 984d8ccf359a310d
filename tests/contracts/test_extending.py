"""docs/extending.md shows the kinds of tests/kinds/ as they are, in few lines each."""

import re

import pytest

from tests.conftest import ROOT

GUIDE = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", GUIDE, re.M | re.S))
#: A block names its file in a comment; an ellipsis stands for lines that it leaves out.
BLOCKS = re.findall(
    r"^```\w+\n(?:#|//) ((?:backend|tests|frontend)/\S+)\n(.*?)^```$", GUIDE, re.M | re.S
)
MOST_LINES = 40


@pytest.mark.parametrize(("path", "block"), BLOCKS, ids=[path for path, _ in BLOCKS])
def test_a_block_of_the_guide_is_part_of_its_file(path: str, block: str) -> None:
    source = (ROOT / path).read_text(encoding="utf-8")
    for piece in re.split(r"^ *(?:#|//) …\n", block, flags=re.M):
        assert piece.strip("\n") in source


def test_every_block_of_the_guide_names_its_file() -> None:
    assert len(re.findall(r"^```\w+$", GUIDE, re.M)) == len(BLOCKS)


@pytest.mark.parametrize("title", SECTIONS)
def test_a_kind_is_explained_in_few_lines(title: str) -> None:
    assert len(SECTIONS[title].strip().splitlines()) < MOST_LINES


def test_every_kind_is_explained() -> None:
    shown = {path for path, _ in BLOCKS}
    kinds = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "tests" / "kinds").rglob("*.py")
        if "register(" in path.read_text(encoding="utf-8")
    }
    assert kinds <= shown

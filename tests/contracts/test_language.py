"""What people read is in plain present-day English: no bookish forms, no coined words."""

import ast
import io
import re
import tokenize
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from servery.api.problems import FRAMEWORK, PROBLEMS
from servery.cli import main
from servery.settings import TABLE
from tests.conftest import ROOT

#: Forms that no native speaker of the field writes today, with what to write.
BOOKISH = {
    r"who(so)?ever|whom": "name the actor: the administrator, the caller, you",
    r"whatever comes": "name it",
    r"anew|afresh": "again",
    r"meanwhile": "in the meantime",
    r"nought": "zero",
    r"mend(s|ed|ing)?": "fix",
    r"tell(s|ing)?|told": "say, show, report, state",
    r"(?<!there )(is|are|was) no (?!longer\b|more\b)[a-z]+": "is not a",
    r"(is|are|was) meant": "say what it is",
    r"of which it": "start a new sentence",
    r"(come|came|comes) (to all|to nothing|into question)": "say what it is",
    r"(goes|go|went|gone) on( with)?": "continue",
    r"none but": "only",
    r"let(s)? go of": "release",
    r"(has|have) (a|the) look": "inspect",
    r"just now": "leave it out",
    r"sureness|likeliest|surest": "uncertainty, most likely",
    r"stranger(s)?": "untrusted",
    r"perhaps": "optional, if any",
    r"hence|thereby|therein|thereof|upon|unto|wherein|whereby": "use a plain preposition",
}
PATTERN = re.compile(rf"\b({'|'.join(f'(?:{form})' for form in BOOKISH)})\b", re.IGNORECASE)
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
CARDS = sorted((ROOT / "models").glob("*/card.toml"))
MODULES = sorted((ROOT / "backend" / "servery").rglob("*.py"))
PAGES = [
    path
    for path in sorted((ROOT / "frontend").rglob("*.js"))
    if not {"node_modules", "dist", "tests"} & set(path.parts)
]


def bookish(text: str) -> list[str]:
    prose = re.sub(r"```.*?```|`[^`]*`|https?://\S+", " ", text, flags=re.S)
    return [found[0] for found in PATTERN.finditer(prose)]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_documents_are_in_plain_english(path: Path) -> None:
    assert bookish(path.read_text(encoding="utf-8")) == []


def words_of(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from words_of(each)


@pytest.mark.parametrize("path", CARDS, ids=lambda path: path.parent.name)
def test_cards_are_in_plain_english(path: Path) -> None:
    card = tomllib.loads(path.read_text(encoding="utf-8"))
    card["inputs"] = {
        name: {key: value for key, value in words.items() if key != "expects"}
        for name, words in card["inputs"].items()
    }
    assert [bookish(text) for text in words_of(card) if bookish(text)] == []


def helps(command: click.Command) -> Iterator[str]:
    yield command.help or ""
    for parameter in command.params:
        yield getattr(parameter, "help", None) or ""


def test_commands_settings_and_problems_are_in_plain_english() -> None:
    texts = [
        *(text for command in main.commands.values() for text in helps(command)),
        *(row.sentence for row in TABLE),
        *(row.title for row in PROBLEMS.values()),
        *(text for row in FRAMEWORK.values() for text in row if isinstance(text, str)),
    ]
    assert [(text, bookish(text)) for text in texts if bookish(text)] == []


def messages(source: str) -> Iterator[str]:
    """Yield the strings of a module that may be sentences, without its docstrings."""
    nodes = list(ast.walk(ast.parse(source)))
    skipped = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        if isinstance(node, ast.JoinedStr):
            skipped |= {id(part) for part in node.values}
            parts = [getattr(part, "value", "") for part in node.values]
            yield "".join(part if isinstance(part, str) else "…" for part in parts)
        elif id(node) not in skipped and isinstance(node, ast.Constant) and " " in str(node.value):
            yield str(node.value)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT / "backend")))
def test_messages_are_in_plain_english(path: Path) -> None:
    found = [text for text in messages(path.read_text(encoding="utf-8")) if bookish(text)]
    assert [(text, bookish(text)) for text in found] == []


def remarks(source: str) -> Iterator[str]:
    """Yield the comments and docstrings of a module; the API document shows some of these."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT or token.string.startswith('"""'):
            yield token.string.replace(" nought\n", "\n")  # a member of stored plans


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT / "backend")))
def test_comments_and_docstrings_are_in_plain_english(path: Path) -> None:
    found = [text for text in remarks(path.read_text(encoding="utf-8")) if bookish(text)]
    assert [(text, bookish(text)) for text in found] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT / "frontend")))
def test_the_page_is_in_plain_english(path: Path) -> None:
    code = re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", " ", path.read_text(encoding="utf-8"), flags=re.S)
    code = re.sub(r"\$\{[^{}`]*\}", "…", code)
    strings = re.findall(r'"[^"\n]*"|`[^`<]*`|>[^<>{}`]+<', code)
    assert [text for text in strings if " " in text and bookish(text)] == []

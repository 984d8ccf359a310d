"""The rooms of docs/architecture.md: imports run one way."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PATIENCE_S, ROOT

PACKAGE = ROOT / "backend" / "servery"

# A room imports only from lines above its own.
LINES = [
    {"version", "errors", "lemmas", "garbage", "logs", "lanes", "guarded", "patterns"},
    {"inputs", "text"},
    {"settings", "layout", "libraries", "private", "signature", "cage"},
    {"card", "uncertainty", "signing", "watching"},
    {"manifest"},
    {"runtimes", "tables"},
    {"estimators"},
    {"artifact"},
    {"inspection", "compiling"},
    {"evaluation", "served", "versions"},
    {"repository", "publishing", "unanswered"},
    {"predict", "explaining", "training", "caged"},
    {"predict_many", "batch"},
    {"jobs"},
    {"__init__"},
    {"api", "cli"},
    {"app", "__main__"},
    {"servers"},
]
LINE = {room: number for number, rooms in enumerate(LINES) for room in rooms}
OWNERS = {
    "flask": {"api", "app", "servers"},
    "flask_cors": {"app"},
    "whitenoise": {"api"},
    "sklearn": {
        "artifact",
        "caged",
        "compiling",
        "estimators",
        "inspection",
        "publishing",
        "runtimes",
        "evaluation",
        "versions",
    },
    "joblib": {"artifact", "publishing"},
    "onnxruntime": {"runtimes"},
    "distributed": {"batch"},
    "fsspec": {"batch"},
    "openpyxl": {"tables"},
    "xlrd": {"tables"},
    "pyarrow": {"artifact", "tables"},
    "skl2onnx": {"compiling"},
    "pandas": {
        "artifact",
        "batch",
        "caged",
        "inspection",
        "publishing",
        "runtimes",
        "evaluation",
        "tables",
        "training",
    },
    "adbc_driver_manager": {"tables"},
    "adbc_driver_postgresql": {"tables"},
    "cryptography": {"signing"},
    "tomlkit": {"publishing", "cli"},
    "granian": {"servers"},
    "sqlalchemy": {"jobs", "tables"},
    "gunicorn": {"servers"},
}
FILES = sorted(PACKAGE.rglob("*.py"))
FOREIGN = {"dist", "docs", "node_modules"}
PAGE = [
    path for path in sorted((ROOT / "frontend").glob("*/*.js")) if path.parent.name not in FOREIGN
]


def room_of(name: str) -> str:
    return name.removeprefix("servery").lstrip(".").split(".")[0] or "__init__"


def imports(source: str) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            if node.module == "servery":
                names |= {f"servery.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_one_way(path: Path) -> None:
    room = path.relative_to(PACKAGE).with_suffix("").parts[0]
    for name in imports(path.read_text()):
        if name.split(".")[0] == "servery":
            other = room_of(name)
            is_name = other not in LINE
            assert is_name or other == room or LINE[other] < LINE[room], f"{room} imports {other}"
        owners = OWNERS.get(name.split(".")[0], {room})
        assert room in owners, f"{room} imports {name}"


def test_every_room_has_its_line() -> None:
    rooms = {path.relative_to(PACKAGE).with_suffix("").parts[0] for path in FILES}
    assert rooms == set(LINE)


def test_the_core_loads_no_flask() -> None:
    code = (
        "import sys, servery.repository, servery.publishing, servery.predict; "
        "import servery.batch.pipeline; "
        "sys.exit('flask' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=PATIENCE_S)


@pytest.mark.parametrize("path", PAGE, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_only_the_api_room_of_the_page_calls_the_network(path: Path) -> None:
    source = path.read_text()
    name = f"{path.parent.name}/{path.name}"
    if name not in {"lib/client.js", "code/snippets.js"}:  # the latter shows code that calls it
        assert "fetch(" not in source.replace("#fetch(", "")
    assert "innerHTML" not in source
    assert "unsafeHTML" not in source

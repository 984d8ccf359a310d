"""docs/your-model.md, followed word for word."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PATIENCE_S, RECORDS, ROOT, output_here, output_of, running, servery

PAGE = (ROOT / "docs" / "your-model.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.M | re.S)


def commands() -> list[list[str]]:
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    return [shlex.split(line, comments=True)[1:] for line in lines if line.startswith("servery ")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the first block of the page was run."""
    made = tmp_path_factory.mktemp("notebook")
    run_python(blocks("python")[0], made)
    return made


def run_python(code: str, cwd: Path) -> str:
    command = [sys.executable, "-W", "ignore", "-c", code]
    environ = {**os.environ, **RECORDS, "PYTHONPATH": str(ROOT / "backend")}
    run = subprocess.run(
        command,
        cwd=cwd,
        env=environ,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_publishing_as_the_page_says(folder: Path) -> None:
    first, second = blocks("python")
    [publish] = [words for words in commands() if words[0] == "publish"]
    output_of(*publish, cwd=folder)
    for words in (["models"], ["check", "models"]):
        output_here(*words, cwd=folder)
    assert "wine version 2" in run_python(first + second, folder)
    rollbacks = [words for words in commands() if words[0] == "rollback"]
    assert len(rollbacks) == 3
    for words in rollbacks:
        output_here(*words, cwd=folder)


@pytest.mark.parametrize("place", [0, 1])
def test_serving_as_the_page_says(folder: Path, tmp_path: Path, place: int) -> None:
    words = [words for words in commands() if words[:2] == ["serve", "wine.joblib"]][place]
    words = [str(folder / word) if "." in word else word for word in words]
    with running(tmp_path / "log", command=servery(*words)) as server:
        facts = server.get("/api/v1/models/wine").json()
    assert len(facts["signature"]["inputs"]) == 13
    assert bool(facts["metrics"]) == (place == 1)

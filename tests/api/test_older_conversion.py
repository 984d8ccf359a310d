"""`servery convert` of files that older scikit-learn releases saved, by those releases."""

import json
import os
import pickle
import sys
from pathlib import Path

import pytest

from servery.errors import PublishingRefused
from servery.publishing.environments import make_environment
from tests.conftest import ROOT, run, run_here

OLDER = ROOT / "tests" / "fixtures" / "older"


#: The file that is converted of each release; TEST_RELEASES=1 converts both of each.
FILES = {"1.2.2": ("columns",), "1.3.2": ("ada",), "1.5.2": ("columns",)}
BOTH = ("ada", "columns")


@pytest.fixture(scope="module", params=list(FILES))
def older(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of an environment with an older release, which takes network or a cache."""
    version: str = request.param
    folder = tmp_path_factory.mktemp("older") / version
    try:
        return make_environment(version, folder)
    except PublishingRefused as error:
        pytest.skip(str(error))


def version_of(python: Path) -> str:
    return python.parent.parent.name


def test_what_was_refused_is_converted_and_gives_the_answers_of_its_release(
    older: Path, tmp_path: Path
) -> None:
    fixtures = OLDER / version_of(older)
    answers = json.loads((fixtures / "answers.json").read_text())
    for name in BOTH if os.environ.get("TEST_RELEASES") else FILES[version_of(older)]:
        file = fixtures / f"{name}.joblib"
        refused = run_here("check", file, cwd=tmp_path)
        assert refused.returncode == 1
        assert f"servery convert {file.name}" in refused.stderr
        done = run_here("convert", file, "--python", older, "-o", f"{name}.plan", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert "It gave the same answers" in done.stdout
        table = tmp_path / "rows.jsonl"
        rows = answers[name]["instances"]
        table.write_text("\n".join(map(json.dumps, rows)) + "\n")
        scored = run_here("score", f"{name}.plan", table, "-o", "scores.jsonl", cwd=tmp_path)
        assert scored.returncode == 0, scored.stderr
        lines = (tmp_path / "scores.jsonl").read_text().splitlines()
        found = [json.loads(line)["prediction"] for line in lines]
        assert found == answers[name]["predict"]
        for made in ("scores.jsonl", "rows.jsonl"):
            (tmp_path / made).unlink()


class Hostile:
    """Writes a file where it is opened as a pickle."""

    def __init__(self, canary: Path) -> None:
        self.canary = canary

    def __reduce__(self) -> tuple[object, ...]:
        return os.system, (f"touch {self.canary}",)


def test_a_hostile_file_that_claims_an_older_release_runs_nowhere(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    state = {"_sklearn_version": "1.3.2", "coef_": Hostile(canary)}
    (tmp_path / "old.pkl").write_bytes(pickle.dumps(state))
    done = run("convert", "old.pkl", "--python", sys.executable, cwd=tmp_path)
    assert done.returncode == 1
    assert "posix.system" in done.stderr
    assert not canary.exists()


def test_a_python_with_another_release_is_refused_by_its_version(tmp_path: Path) -> None:
    file = OLDER / "1.3.2" / "tree.joblib"
    done = run_here("convert", file, "--python", sys.executable, "-o", "tree.plan", cwd=tmp_path)
    assert done.returncode == 1
    assert "1.3.2" in done.stderr
    assert not (tmp_path / "tree.plan").exists()


def test_what_has_to_be_run_elsewhere_is_said_where_there_is_no_network(tmp_path: Path) -> None:
    file = OLDER / "1.3.2" / "tree.joblib"
    nowhere = {"UV_OFFLINE": "1", "PIP_NO_INDEX": "1", "UV_NO_CACHE": "1"}
    done = run("convert", file, "-o", "tree.plan", cwd=tmp_path, environ=nowhere)
    assert done.returncode == 1
    assert "uv pip install --python old/bin/python 'scikit-learn==1.3.2'" in done.stderr
    assert "servery convert tree.joblib --python old/bin/python" in done.stderr


def test_a_caged_program_reads_its_own_files_and_computes_alone() -> None:
    from servery.cage.program import Program, ProgramFailed, run_program

    def said(code: str) -> str:
        folders = (Path(sys.prefix), Path(sys.base_prefix))
        program = Program([sys.executable, "-I", "-B", "-c", code], folders, 1 << 31, 30)
        return run_program(program, b"given").decode()

    assert said("import sys; print(sys.stdin.read(), 6 * 7)") == "given 42\n"
    for code in (
        "open('/etc/passwd')",
        "open('/tmp/canary', 'w')",
        "import socket; socket.socket()",
        "import os; os.execv('/bin/sh', ['sh'])",
        "import os; os.kill(1, 0)",
        "import subprocess; subprocess.run(['true'])",
    ):
        with pytest.raises(ProgramFailed):
            said(code)

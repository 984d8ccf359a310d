"""The commands as a person types them: publish, serve a file, models, check; and bad cases."""

import gzip
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import DBSCAN
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from servery import score
from servery.jobs.files import Files
from tests.conftest import (
    PATIENCE_S,
    ROOT,
    Server,
    command_of,
    eventually,
    run,
    run_here,
    running,
    servery,
)

ROWS = 200


def people() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    age = rng.integers(18, 80, ROWS)
    return pd.DataFrame(
        {
            "age": age,
            "zip code": rng.choice(["01234", "99999"], ROWS),
            "height/m": rng.normal(1.7, 0.1, ROWS).round(2),
            "owner": np.where(age + rng.normal(0, 15, ROWS) > 45, "yes", "no"),
        }
    )


def fitted(rows: pd.DataFrame) -> Any:  # noqa: ANN401
    encode = make_column_transformer(
        (StandardScaler(), ["age", "height/m"]), (OneHotEncoder(), ["zip code"])
    )
    model = make_pipeline(encode, LogisticRegression())
    return model.fit(rows.drop(columns="owner"), rows["owner"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as a data scientist has it: a model file, and its rows in two CSV files."""
    rows = people()
    joblib.dump(fitted(rows[:150]), tmp_path / "owner model.joblib")
    rows[:150].to_csv(tmp_path / "train.csv", index=False)
    rows[150:].to_csv(tmp_path / "test.csv", index=False)
    return tmp_path


def refused(*words: str | Path, cwd: Path) -> str:
    """Return the one sentence of a command that must fail."""
    done = (run if words[0] == "serve" else run_here)(*words, cwd=cwd)
    assert done.returncode != 0, done.stdout
    assert "Traceback" not in done.stderr
    return done.stderr.strip().splitlines()[-1]


def test_publishing_says_what_was_inferred_and_what_to_improve(folder: Path) -> None:
    tables = ("--data", "train.csv", "--target", "owner")
    done = run("publish", "owner model.joblib", *tables, cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "owner-model version 1, read from the model and 150 rows" in done.stdout
    assert re.search(r"age +integer, 18 to \d\d", done.stdout)
    assert re.search(r"zip code +category, 01234, 99999", done.stdout)
    assert "To improve: --test" in done.stdout
    assert "card.toml; the page shows them" in done.stdout
    listed = run("models", cwd=folder).stdout
    assert re.search(r"^owner-model  versions 1 \(served\)  plan  sha256 [0-9a-f]{12}", listed)
    assert run("check", cwd=folder).returncode == 0


def test_every_command_finds_the_repository_of_the_settings(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERVERY_MODELS", str(folder / "elsewhere"))
    tables = ("--data", "train.csv", "--target", "owner")
    assert run_here("publish", "owner model.joblib", *tables, cwd=folder).returncode == 0
    assert run_here("models", cwd=folder).stdout.startswith("owner-model ")
    assert run_here("check", cwd=folder).returncode == 0
    assert "Did you mean 'owner-model'?" in refused("rollback", "owner", cwd=folder)
    assert (
        run_here("score", "owner-model", "test.csv", "-o", "scored.csv", cwd=folder).returncode == 0
    )
    scored = score("owner-model", pd.read_csv(folder / "test.csv", dtype={"zip code": str}))
    written = pd.read_csv(folder / "scored.csv")["prediction"]
    assert list(scored["prediction"]) == list(written)


def test_metrics_come_from_test_rows_alone(folder: Path) -> None:
    words = ("publish", "owner model.joblib", "--name", "owner", "--target", "owner")
    done = run_here(*words, "--data", "train.csv", "--test", "test.csv", cwd=folder)
    assert "Measured on 50 held-out rows" in done.stdout
    manifest = json.loads((folder / "models" / "owner" / "1" / "model.json").read_text())
    assert manifest["metrics"]["method"] == "held-out"
    rows = people()
    expected = fitted(rows[:150]).score(rows[150:].drop(columns="owner"), rows["owner"][150:])
    [accuracy] = [each for each in manifest["metrics"]["values"] if each["name"] == "accuracy"]
    assert accuracy["value"] == pytest.approx(expected)
    says = refused(*words, "--data", "train.csv", "--test", "train.csv", cwd=folder)
    assert "100% of the test rows are also in the training data" in says
    assert "name their target with --target" in refused(
        "publish", "owner model.joblib", "--test", "test.csv", cwd=folder
    )


@pytest.mark.parametrize("start", ["first", "again"])  # which need not inspect the file
def test_one_command_serves_a_file_and_prints_a_line_that_works(
    start: str, folder: Path, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with running(log, command=servery("serve", folder / "owner model.joblib")) as server:
        command = _curl(server)
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=PATIENCE_S, check=True
        )
        answer = json.loads(done.stdout)
        assert answer["model"] == "owner-model"
        assert answer["prediction"] in {"yes", "no"}
        assert "owner-model version 1, read from the model" in log.read_text()
        assert "servery.servers.attendant" in command_of(server.process.pid)  # publishing is over
        folders = [Path(word) for word in command_of(server.process.pid).split()[-2:]]
        assert all(folder.is_dir() and folder.name.startswith("servery-") for folder in folders)
        assert Files(folders[-1]).is_temporary()
        if start == "first":
            _assert_noticed(server, folder / "owner model.joblib")
        server.stop()
        assert server.process.returncode == 0, start
    assert not any(folder.exists() for folder in folders)


def _assert_noticed(server: Server, file: Path) -> None:
    """Assert that a taken port, a killed supervisor and a changed file are each reported."""
    port = server.url.rpartition(":")[2]
    says = run("serve", file.name, cwd=file.parent, environ={"PORT": port})
    choose = r"Choose another: PORT=\d+ servery serve 'owner model.joblib'"
    assert re.fullmatch(rf"Error: Port {port} is in use. {choose}", says.stderr.strip())
    assert says.stdout == ""  # before the model is published
    [killed] = _supervisors(server)
    os.kill(killed, signal.SIGKILL)
    eventually(lambda: _supervisors(server) not in ([], [killed]))
    assert "the supervisor of job workers died" in server.log.read_text()
    file.write_bytes(file.read_bytes() + b" ")
    eventually(lambda: f"{file.name} changed; it is served as it was" in server.log.read_text())
    file.unlink()
    eventually(lambda: f"{file.name} was removed" in server.log.read_text())


def _supervisors(server: Server) -> list[int]:
    """Return the supervisors of job workers that any thread of a server has started."""
    lists = Path(f"/proc/{server.process.pid}/task").glob("*/children")
    children = [int(each) for path in lists for each in path.read_text().split()]
    return [each for each in children if "servery.jobs.supervising" in command_of(each)]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--target", "owner"], "--target is about a table: add --data or --test."),
        (["--delimiter", ";"], "--delimiter is about a table: add --data or --test."),
        (["--coverage", "0.9", "--data", "train.csv"], "--coverage is about intervals"),
        (["--sets", "answers"], "--sets is about intervals"),
    ],
)
def test_an_option_without_effect_is_refused(words: list[str], reason: str, folder: Path) -> None:
    assert reason in refused("serve", "owner model.joblib", *words, cwd=folder)


def test_a_host_that_is_not_this_machine_is_refused_before_anything_else(folder: Path) -> None:
    says = run("serve", "owner model.joblib", cwd=folder, environ={"SERVERY_HOST": "192.0.2.1"})
    assert says.stderr.startswith("Error: Cannot listen on SERVERY_HOST, '192.0.2.1': ")
    assert len(says.stderr.splitlines()) == 1


def test_a_wrong_name_is_refused_and_only_a_near_one_is_suggested(folder: Path) -> None:
    assert refused("jobs", "nope", cwd=folder).endswith("found none at 'nope'.")
    wrong = {"SERVERY_TYPO": "1", "SERVERY_MODEL": "2", "SERVERY_FRONTEND": "/nope"}
    assert run("models", environ=wrong).stderr.splitlines() == [
        "Error: Unknown setting: SERVERY_TYPO.",
        "Unknown setting: SERVERY_MODEL. Did you mean 'SERVERY_MODELS'?",
        "SERVERY_FRONTEND is '/nope': expected an existing folder.",
    ]


def test_a_command_stopped_while_it_loads_is_quiet(folder: Path) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "servery", "--version"]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:  # each module that was loaded
            if line.endswith("servery.errors\n"):
                process.send_signal(signal.SIGINT)
                break
        rest = process.stderr.read()
    assert process.returncode == 130
    assert "Aborted!" in rest
    assert "Traceback" not in rest


def test_what_is_stopped_while_it_publishes_leaves_nothing_behind(
    folder: Path, tmp_path: Path
) -> None:
    environ = {**os.environ, "TMPDIR": str(tmp_path), "SERVERY_CACHE": str(tmp_path / "cache")}
    process = subprocess.Popen(servery("serve", folder / "owner model.joblib"), env=environ)
    eventually(lambda: list(tmp_path.glob("servery-*")))
    process.terminate()
    assert process.wait(timeout=PATIENCE_S) == 128 + signal.SIGTERM
    assert list(tmp_path.glob("servery-*")) == []


def test_a_folder_of_files_says_on_the_page_which_is_not_served(
    folder: Path, tmp_path: Path
) -> None:
    files = tmp_path / "files"
    files.mkdir()
    shutil.copy(folder / "owner model.joblib", files)
    joblib.dump([1, 2], files / "list.joblib")
    with running(tmp_path / "log", command=servery("serve", files)) as server:
        listed = server.get("/api/v1/models").json()
    assert [model["name"] for model in listed["models"]] == ["owner-model"]
    [broken] = listed["broken"]
    assert broken["name"] == "list"
    assert "type list" in broken["detail"]


def _curl(server: Server) -> list[str]:
    printed = server.log.read_text()
    line = re.search(r"^  (curl .*)\\\n(.*)$", printed, re.M)
    assert line, printed
    return shlex.split(line[1] + line[2])


def test_a_table_sharpens_a_file_that_is_served(folder: Path, tmp_path: Path) -> None:
    words = ("serve", folder / "owner model.joblib", "--data", folder / "train.csv")
    with running(tmp_path / "log", command=servery(*words, "--target", "owner")) as server:
        facts = server.get("/api/v1/models/owner-model").json()
    age, code, height = facts["signature"]["inputs"]
    assert [age["type"], code["type"], height["type"]] == ["integer", "category", "number"]
    assert age["training_stats"]["histogram"]
    assert [category["value"] for category in code["categories"]] == ["01234", "99999"]
    assert facts["examples"]
    assert facts["notes"] == []


BAD: dict[str, tuple[object, str]] = {
    "a table": (pd.DataFrame({"a": [1]}), "type DataFrame|a table of pandas"),
    "numbers": (np.arange(3), "type ndarray"),
    "a list": ([1, 2], "type list"),
    "a dict": ({"a": 1}, "type dict"),
    "a dict around a model": (
        {"model": LogisticRegression(), "columns": ["a"]},
        r"joblib\.dump\(make_pipeline\(parts\['model'\]\)",
    ),
    "a function": (np.log1p, "type ufunc"),
    "a class": (LogisticRegression, "found the class LogisticRegression itself"),
    "not fitted": (LogisticRegression(), "Fit it before saving it"),
    "a transformer": (StandardScaler().fit([[1.0], [2.0]]), "does not predict"),
    "a clusterer of its own rows": (DBSCAN().fit([[1.0], [2.0]]), "cannot predict new ones"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_model_is_refused_in_one_sentence(tmp_path: Path, name: str) -> None:
    thing, says = BAD[name]
    joblib.dump(thing, tmp_path / "thing.joblib")
    assert re.search(says, refused("serve", "thing.joblib", cwd=tmp_path))


@pytest.mark.parametrize("command", ["check", "publish"])
def test_every_command_refuses_alike(tmp_path: Path, command: str) -> None:
    joblib.dump({"a": 1}, tmp_path / "thing.joblib")
    says = refused(command, "thing.joblib", cwd=tmp_path)
    assert says == refused("serve", "thing.joblib", cwd=tmp_path)


def test_names_and_folders_that_cannot_be_are_refused(folder: Path) -> None:
    (folder / "notes.txt").write_text("hello")
    assert "notes.txt is text" in refused("serve", "notes.txt", cwd=folder)
    for command in ("serve", "check"):
        assert "found none at 'nowhere.joblib'" in refused(command, "nowhere.joblib", cwd=folder)
    (folder / "empty").mkdir()
    assert "'empty' holds no model" in refused("serve", "empty", cwd=folder)
    assert "'empty' holds no model" in refused("check", "empty", cwd=folder)
    assert "Expected a model name" in refused(
        "publish", "owner model.joblib", "--name", "a/b", cwd=folder
    )
    (folder / "owner-model.pkl").write_bytes((folder / "owner model.joblib").read_bytes())
    assert "would both be the model 'owner-model'" in refused("serve", ".", cwd=folder)
    wrong = ("--data", "train.csv", "--target", "Owner")
    assert "Did you mean 'owner'?" in refused("publish", "owner model.joblib", *wrong, cwd=folder)


def test_check_takes_every_path_that_serve_takes(folder: Path) -> None:
    data = (folder / "owner model.joblib").read_bytes()
    bare = folder / "bare"
    bare.mkdir()
    (bare / "one.sav").write_bytes(data)
    (bare / "two.PKL.gz").write_bytes(gzip.compress(data))
    (bare / "three").write_bytes(data)
    (bare / "notes.csv").write_text("a,b\n1,2\n")
    done = run_here("check", "bare", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert re.findall(r"^(\w+) version 1", done.stdout, re.M) == ["one", "three", "two"]
    (bare / "four.joblib").write_bytes(b"")
    done = run_here("check", "bare", cwd=folder)
    assert (done.returncode, "four.joblib is empty" in done.stderr) == (1, True)


def test_data_that_lack_a_column_are_refused_with_its_name(folder: Path) -> None:
    people().drop(columns="zip code").to_csv(folder / "short.csv", index=False)
    says = refused("publish", "owner model.joblib", "--data", "short.csv", cwd=folder)
    assert "The data has no 'zip code'" in says


def test_check_names_everything_at_once(folder: Path) -> None:
    for name in ("a", "b", "c", "d"):
        assert run_here("publish", "owner model.joblib", "--name", name, cwd=folder).returncode == 0
    models = folder / "models"
    (models / "a" / "card.toml").write_text("title = ")
    (models / "b" / "card.toml").write_text("[inputs.agee]\nlabel = 'Age'")
    (models / "c" / "1" / "model.joblib").write_bytes(b"other")
    (models / "A").symlink_to(models / "d")
    (models / "stray.joblib").write_bytes(b"")
    (models / "nothing").mkdir()
    done = run_here("check", cwd=folder)
    assert done.returncode == 1
    said = done.stderr
    assert re.search(r"^a@1: card\.toml", said, re.M)
    assert re.search(r"^b@1: card\.toml: inputs names 'agee'.*Did you mean 'age'\?", said, re.M)
    assert re.search(r"^c@1: model\.joblib is not the file that was published", said, re.M)
    assert re.search(r"^[aA]: Two models are called", said, re.M)
    assert re.search(r"^stray\.joblib: A model file right in the repository", said, re.M)
    assert re.search(r"^nothing: Expected a card\.toml", said, re.M)


def test_names_of_classes_stand_in_one_line(tmp_path: Path) -> None:
    file = ROOT / "models" / "income" / "1" / "model.joblib"
    done = run_here("publish", file, "--classes", "low\nhigh", cwd=tmp_path)
    assert done.returncode == 2
    assert "Give the names in one line." in done.stderr
    assert "Traceback" not in done.stderr

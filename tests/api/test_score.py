"""The command `servery score` and `servery.score`, on real models and a real server."""

import csv
import gzip
import io
import json
import os
import random
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sklearn.ensemble import IsolationForest
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures
from sklearn.svm import SVC, SVR

import servery as package
from servery.errors import ColumnsUnmatched, ModelNotFound
from servery.explaining import explain
from servery.predict import ClassPrediction, QuantityPrediction, predict
from servery.publishing import publish
from servery.repository import Repository
from tests.conftest import (
    PATIENCE_S,
    ROOT,
    Server,
    eventually,
    run,
    run_here,
    running,
    servery,
)

MODELS = ROOT / "models"
PEOPLE = "name,Height,WEIGHT\nRex,90,40\nTom,25,4\nNo,tall,4\nBig,90,90\n"


def score(
    *words: str | Path, given: str | None = None, models: Path = MODELS
) -> "subprocess.CompletedProcess[str]":
    return run_here("score", *words, "--models", models, given=given)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE, encoding="utf-8")
    return path


def expected() -> list[dict[str, Any]]:
    """Return what the API's own way says of the rows that fit."""
    model = Repository(MODELS, only="species").get("species")
    instances = [{"height": h, "weight": w} for h, w in ((90, 40), (25, 4), (90, 90))]
    answers = predict(model, model.signature.parse(instances))
    return [
        {
            "prediction": a.prediction,
            **{str(p.class_): p.probability for p in a.probabilities or ()},
        }
        for a in answers
        if isinstance(a, ClassPrediction)
    ]


def test_a_file_comes_back_scored_as_the_api_would(people: Path, tmp_path: Path) -> None:
    out = tmp_path / "scored.csv"
    words = ("-o", out, "--errors", tmp_path / "bad.csv", "--models", MODELS)
    done = run("score", "species", people, *words)
    assert (done.returncode, done.stdout) == (0, "")
    rows = rows_of(out.read_text())
    assert [row["name"] for row in rows] == ["Rex", "Tom", "No", "Big"]
    good = [row for row in rows if not row["error"]]
    for row, answer in zip(good, expected(), strict=True):
        assert row["prediction"] == answer["prediction"]
        for name in ("Cat", "Dog"):
            assert float(row[f"probability_{name}"]) == pytest.approx(answer[name], rel=1e-12)
    assert rows[2]["prediction"] == ""
    assert "weight: Seen in training" in rows[3]["warnings"]
    assert "3 of 4 rows scored, 1 does not fit" in done.stderr
    [bad] = rows_of((tmp_path / "bad.csv").read_text())
    assert (bad["line"], bad["name"], bad["Height"]) == ("4", "No", "tall")
    assert bad["error"] == 'height: Expected a number, found "tall".'


def test_strict_tells_by_its_exit_code(people: Path) -> None:
    words = ("--strict", "--models", MODELS)
    assert run("score", "species", people, *words).returncode == 3
    assert run("score", "species", "-", *words, given="height,weight\n90,40\n").returncode == 0


def test_a_pipeline_reads_the_summary_and_skips_what_is_done(people: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("height,weight,animal\n90,40,Dog\n25,4,Cat\n", encoding="utf-8")
    results = tmp_path / "results"
    first = json.loads(score("species", people, "-o", f"{results}/", "--json").stdout)
    assert [table["bad_rows"] for table in first["tables"]] == [1]
    assert first["tables"][0]["bad"][0]["lines"] == [4]
    words = ("--json", "--skip-done", "--quiet")
    told = score("species", people, other, "-o", results, *words)
    found = json.loads(told.stdout)
    assert [table["skipped"] for table in found["tables"]] == [True, False]
    assert (found["total"]["rows"], told.stderr) == (2, "")
    os.utime(people)
    again = json.loads(score("species", people, other, "-o", results, *words).stdout)
    assert [table["skipped"] for table in again["tables"]] == [False, True]
    refused = score("species", people, "--json")
    assert (refused.returncode, "name one with -o" in refused.stderr) == (2, True)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_each_prediction_can_be_explained(people: Path, tmp_path: Path, kind: str) -> None:
    result = tmp_path / f"explained.{kind}"
    assert score("species", people, "-o", result, "--explain", "--only").returncode == 0
    frame = pd.read_csv(result) if kind == "csv" else pd.read_parquet(result)
    shares = frame[["contribution_height", "contribution_weight"]].sum(axis=1)
    base = frame["probability_Dog"] - shares
    assert base[[0, 1, 3]].round(6).nunique() == 1
    assert frame["explanation"][0].startswith("height 90 (+0.6")
    assert frame.loc[2, ["explanation", "contribution_height"]].isna().all()
    model = Repository(MODELS, only="species").get("species")
    height = explain(model, (90.0, 40.0), output="Dog").contributions[0]
    assert frame["contribution_height"][0] == height.contribution


def test_pipes_and_quiet() -> None:
    done = score("species", "-", "--quiet", "--to", "jsonl", given="height,weight\n90,40\n")
    assert json.loads(done.stdout)["prediction"] == "Dog"
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("closed", "code", "told"),
    [
        ("<&-", 1, "Error: Standard input is closed; name a file.\n"),
        (">&-", 1, "Error: Standard output is closed; name a file.\n"),
        ("2>&-", 0, ""),
    ],
)
def test_a_stream_that_is_closed_is_told_or_not_needed(
    closed: str, code: int, told: str, people: Path
) -> None:
    table = "-" if closed == "<&-" else shlex.quote(str(people))
    command = f"{shlex.join(servery('score'))} species {table} --models {MODELS} {closed}"
    done = subprocess.run(  # noqa: S602 - a shell is what closes streams
        command, shell=True, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (code, told)


def test_folders_and_patterns_go_into_a_folder(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("height,weight\n90,40\n", encoding="utf-8")
    (tmp_path / "notes.md").write_text("no table", encoding="utf-8")
    assert score("species", tmp_path, "-o", tmp_path / "out").returncode == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.csv", "b.csv"]
    done = score("species", f"{tmp_path}/*.csv", "-o", f"{tmp_path}/two/", "--to", "parquet")
    assert done.returncode == 0
    assert sorted(path.name for path in (tmp_path / "two").iterdir()) == ["a.parquet", "b.parquet"]
    assert score("species", f"{tmp_path}/*.csv").returncode == 2


def test_a_result_never_takes_the_place_of_its_table(people: Path) -> None:
    assert "take the place" in score("species", people, "-o", people).stderr
    assert people.read_text() == PEOPLE


def test_rows_that_do_not_fit_never_take_the_place_of_another_file(
    people: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    for errors in (people, out):
        done = score("species", people, "-o", out, "--errors", errors)
        assert (done.returncode, "take the place" in done.stderr) == (2, True)
    assert (people.read_text(), out.exists()) == (PEOPLE, False)
    for name in (f"{tmp_path}/e.xlsx", "-"):
        assert score("species", people, "-o", out, "--errors", name).returncode == 2
    done = score("species", people, "-o", out, "--errors", tmp_path / "no" / "e.csv")
    assert done.stderr.startswith("Error: ")


def test_rows_of_several_tables_that_do_not_fit_name_theirs(people: Path, tmp_path: Path) -> None:
    other, mend = tmp_path / os.fsdecode(b"other\xff.csv"), tmp_path / "mend.csv"
    other.write_text(PEOPLE.replace("tall", "small"), encoding="utf-8")
    assert score("species", people, other, "-o", tmp_path / "out", "--errors", mend).returncode == 0
    rows = rows_of(mend.read_text(encoding="utf-8"))
    assert [(row["table"], row["line"], row["Height"]) for row in rows] == [
        (str(people), "4", "tall"),
        (f"{tmp_path}/other\\udcff.csv", "4", "small"),
    ]


def test_a_folder_of_one_table_goes_into_a_folder_too(people: Path, tmp_path: Path) -> None:
    for number, given in enumerate((f"{tmp_path}/", f"{tmp_path}/*.csv", f"{tmp_path}/**")):
        out = tmp_path / f"out{number}"
        assert score("species", given, "-o", out, "--quiet").returncode == 0
        assert [path.name for path in out.iterdir()] == [people.name]
        (out / people.name).unlink()
    out = tmp_path / "only.csv"
    assert score("species", f"{tmp_path}/p*.csv", "-o", out, "--quiet").returncode == 0
    assert out.is_file()


def test_results_are_named_after_their_tables(tmp_path: Path) -> None:
    names = ("2024.01.csv", "2024.02.csv.gz", "last")
    for name in names:
        data = b"height,weight\n90,40\n"
        (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    paths = [tmp_path / name for name in names]
    assert score("species", *paths, "-o", tmp_path / "out", "--to", "jsonl").returncode == 0
    found = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert found == ["2024.01.jsonl", "2024.02.jsonl", "last.jsonl"]


@pytest.mark.parametrize(
    "name", ["csv.gz", "tsv.gz", "jsonl.gz", "parquet.gz", "xlsx.gz", "xlsx.zst"]
)
def test_every_format_is_packed_to_the_same_bytes_and_read_again(
    name: str, people: Path, tmp_path: Path
) -> None:
    packed, again = tmp_path / f"one.{name}", tmp_path / f"two.{name}"
    for target in (packed, again):
        done = score("species", people, "-o", target)
        assert done.returncode == 0, done.stderr
    assert packed.read_bytes() == again.read_bytes()
    rows = rows_of(score("species", packed, "--to", "csv").stdout)
    assert [row["servery_prediction"] for row in rows] == ["Dog", "Dog", "", "Dog"]


@pytest.mark.parametrize("name", ["out.xls", "out.json", "out.pdf", "out.csv.zip", "out.xlsm"])
def test_a_name_that_promises_another_format_is_refused(
    name: str, people: Path, tmp_path: Path
) -> None:
    done = score("species", people, "-o", tmp_path / name)
    assert (done.returncode, "--to" in done.stderr) == (2, True)
    assert score("species", people, "-o", tmp_path / name, "--to", "csv").returncode == 0


def test_an_address_is_no_path(people: Path) -> None:
    for words, code in ((["nonsense://bucket/people.csv"], 1), ([people, "-o", "s3://x/out/"], 2)):
        done = score("species", *words)
        assert (done.returncode, "Traceback" in done.stderr) == (code, False)
    assert not Path("s3:").exists()
    assert not Path("nonsense:").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "-o FOLDER"),
        (["-o", "out", "--to", "csv"], "folder of Parquet files"),
        (["-o", "out.csv"], "folder of Parquet files"),
        (["-o", "out", "--errors", "mend.csv"], "_errors"),
        (["-o", "out", "--processes", "2"], "to score on this machine"),
    ],
)
def test_what_a_cluster_does_not_do_is_refused(words: list[str], said: str, people: Path) -> None:
    done = score("species", people, *words, "--cluster", "tcp://127.0.0.1:1")
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


def test_links_and_devices_stay_what_they_are(people: Path, tmp_path: Path) -> None:
    link, pipe, plain = tmp_path / "link.csv", tmp_path / "pipe", tmp_path / "plain.csv"
    link.symlink_to("plain.csv")
    assert score("species", people, "-o", link, "--quiet").returncode == 0
    assert link.is_symlink()
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:  # noqa: S607
        done = score("species", people, "-o", pipe, "--quiet")
        assert (done.returncode, pipe.is_fifo()) == (0, True)
        assert reader.communicate(timeout=PATIENCE_S)[0] == plain.read_bytes()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_signal_leaves_nothing_half_written(
    number: signal.Signals, processes: str, tmp_path: Path
) -> None:
    words = ["species", "-", "-o", tmp_path / "out.csv", "--errors", tmp_path / "mend.csv"]
    words += ["--processes", processes, "--models", MODELS]
    command = [*servery("score"), *map(str, words)]

    def heed() -> None:  # who runs the tests in the background, or by nohup, has some ignored
        signal.signal(number, signal.SIG_DFL)

    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stderr=pipe, preexec_fn=heed) as process:
        assert process.stdin
        assert process.stderr
        for _ in range(9):  # the next row never comes
            process.stdin.write(b"height,weight\n" * (_ == 0) + b"90,40\n" * 100_000)
        process.stdin.flush()
        eventually(lambda: len(list(tmp_path.iterdir())) == 2)
        process.send_signal(number)
        told = process.communicate(timeout=PATIENCE_S)[1].decode()
    assert "Traceback" not in told
    assert process.returncode == 128 + number
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet", "xlsx"])
def test_after_an_error_nothing_is_there(kind: str, tmp_path: Path) -> None:
    table = tmp_path / "torn.csv"
    row = b"90,40," + b"x" * 200 + b"\n"
    table.write_bytes(b"height,weight,note\n" + row * 1_400 + b"90,40,J\xfcrgen\n")  # no UTF-8
    done = score("species", table, "-o", tmp_path / f"out.{kind}")
    assert done.returncode == 1
    assert "torn.csv is not UTF-8: line 1402 has the byte 0xFC" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["torn.csv"]


def test_a_model_file_and_a_mapping(people: Path) -> None:
    file = MODELS / "species" / "1" / "model.joblib"
    done = score(file, people, "--column", "height=WEIGHT", "--column", "weight=Height")
    assert done.returncode == 0, done.stderr
    assert rows_of(done.stdout)[1]["error"] == ""


def test_a_column_that_is_told_twice_is_refused(people: Path) -> None:
    words = ("--column", "height=Height", "--column", "height=WEIGHT")
    assert score("species", people, *words).returncode == 2
    told = score("species", people, "--column", "hight=Height").stderr
    assert told == "Error: The model has no input 'hight'. Did you mean 'height'?\n"


def test_a_path_that_is_no_model_file_is_told(people: Path) -> None:
    assert "There is no model file" in score("gone.joblib", people).stderr
    assert "servery score species --models" in score(MODELS / "species", people).stderr


def test_an_unknown_model_is_told(people: Path) -> None:
    assert "Did you mean 'species'" in score("speces", people).stderr


def test_a_server_answers_as_the_files_do(server: Server, people: Path) -> None:
    here = score("species", people)
    for address in (f"{server.url}/models/species", f"{server.url}/#/models/species@1"):
        there = score(address, people)
        assert there.returncode == 0, there.stderr
        assert there.stdout == here.stdout
    assert "is not there" in score(f"{server.url}/models/nothing", people).stderr
    assert f"{server.url}/models/species" in score(server.url, people).stderr


def real_rows(name: str, folder: Path, count: int) -> Path:
    """Write rows of the training table, then some whose values come from several of them."""
    model = Repository(MODELS, only=name).get(name)
    recorded = [dict(each.inputs) for each in model.manifest.golden]
    rows = [*model.background, *model.signature.parse(recorded).rows]
    chance = random.Random(name)  # noqa: S311 - the same rows each time
    columns = list(zip(*rows, strict=True))
    while len(rows) < count:
        rows.append(tuple(map(chance.choice, columns)))
    path = folder / f"{name}-{count}.csv"
    table = pd.DataFrame(rows[:count], columns=model.signature.names)
    table.astype(object).to_csv(path, index=False)
    with path.open("a", encoding="utf-8") as file:
        file.write(",".join(['" "'] * len(columns)) + "\n")  # a row that fits no model
    return path


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("bikes", "interval_low"),
        ("income", "prediction_set"),
        ("petrol", "interval_high"),
        ("questions", "prediction_set"),
        ("species", "prediction_set"),
    ],
)
def test_a_model_on_a_server_gives_what_it_gives_here_to_the_byte(
    server: Server, tmp_path: Path, name: str, column: str
) -> None:
    # One row, some that go in one request, and some that go in three.
    for count, kind in ((1, "csv"), (900, "parquet"), (4_001, "csv"), (4_001, "jsonl")):
        table = real_rows(name, tmp_path, count)
        here, there = tmp_path / f"here.{kind}", tmp_path / f"there.{kind}"
        # A process of its own computes with as many threads as there are processors.
        scoring = run if (count, kind) == (4_001, "csv") else run_here
        for model, out, command in (
            (name, here, scoring),
            (f"{server.url}/models/{name}", there, run_here),
        ):
            done = command("score", model, table, "-o", out, "--models", MODELS)
            assert done.returncode == 0, done.stderr
        assert here.read_bytes() == there.read_bytes()
    *rows, last = [json.loads(line) for line in here.read_text().splitlines()]
    assert all((row[column] is None) == _is_unlike_training(row) for row in rows)
    assert last["error"] is not None
    assert last[column] is None
    if name in ("bikes", "income"):
        assert any("unusual combination" in (row["warnings"] or "") for row in rows)


def _is_unlike_training(row: dict[str, Any]) -> bool:
    return row["warnings"] is not None and "taken as missing" not in row["warnings"]


def test_no_server_is_one_sentence(people: Path) -> None:
    done = score("http://127.0.0.1:9/models/species", people)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "does not answer" in done.stderr
    assert "is not a valid address" in score("http://[bad/models/species", people).stderr


def test_a_frame_comes_back_with_its_index() -> None:
    frame = pd.DataFrame(
        {"Height": [90, 25, None, 90], "weight": ["40", "4", "4", None], "id": list("abcd")},
        index=[7, 8, 9, 10],
    )
    scored = package.score("species", frame, models=MODELS)
    assert list(scored.columns[:4]) == ["Height", "weight", "id", "prediction"]
    assert list(scored.index) == [7, 8, 9, 10]
    assert scored["prediction"].tolist() == ["Dog", "Dog", None, None]
    assert "height: Expected a value" in scored["error"][9]
    model = Repository(MODELS, only="species").get("species")
    again = package.score(model, frame)
    pd.testing.assert_frame_equal(scored, again)


def test_whole_numbers_beside_a_missing_one_keep_every_digit() -> None:
    frame = pd.DataFrame({"height": pd.array([2**53 + 1, None, 30], "Int64"), "weight": 40})
    told = package.score("species", frame, models=MODELS)
    assert told["prediction"].isna().tolist() == [True, True, False]
    assert "found 9007199254740993" in told["error"][0]


def test_cells_of_numpy_are_read_as_what_they_hold() -> None:
    cells = [np.float32(30), np.array([30, 31]), np.array(30), np.datetime64("2024-01-02", "ns")]
    frame = pd.DataFrame({"height": pd.Series(cells, dtype=object), "weight": 40})
    told = package.score("species", frame, models=MODELS)
    assert told["prediction"].isna().tolist() == [False, True, False, True]
    assert "found [30, 31]" in told["error"][1]
    assert 'found "2024-01-02' in told["error"][3]


@pytest.mark.parametrize(
    "cells",
    [
        pd.Series([[1], None], dtype=pd.ArrowDtype(pa.list_(pa.int64()))),
        pd.Series([{"a": 1}, None], dtype=pd.ArrowDtype(pa.struct([("a", pa.int64())]))),
        pd.Series(["\ud800", "a"], dtype=object),
    ],
    ids=["lists", "structs", "half of a pair"],
)
def test_columns_that_are_no_keys_stay_beside_their_prediction(cells: "pd.Series[Any]") -> None:
    frame = pd.DataFrame({"height": [25, 25], "weight": [4, 4], "extra": cells})
    told = package.score("species", frame, models=MODELS)
    assert told["prediction"].tolist() == ["Dog", "Dog"]
    pd.testing.assert_series_equal(told["extra"], frame["extra"])
    told = package.score("species", frame.assign(weight=cells), models=MODELS)
    assert told["error"].str.startswith("weight: Expected a").all()


def test_frames_of_other_libraries_are_taken_and_what_is_none_is_told() -> None:
    table = pa.table({"height": [25, 90], "weight": [4, 40]})
    told = package.score("species", table, models=MODELS)
    assert told.equals(package.score("species", table.to_pandas(), models=MODELS))
    assert told["error"].isna().all()
    with pytest.raises(TypeError, match="found list"):
        package.score("species", [{"height": 30}], models=MODELS)


def test_a_frame_without_its_columns_is_refused() -> None:
    with pytest.raises(ColumnsUnmatched, match=r"Say columns=\{"):
        package.score("species", pd.DataFrame({"a": [1]}), models=MODELS)
    with pytest.raises(ModelNotFound):
        package.score("nothing", pd.DataFrame({"a": [1]}), models=MODELS)


# What getrusage tells begins with what the process that started this one held.
MEASURED = """
import sys
from pathlib import Path
from click.testing import CliRunner
from servery.cli import main
result = CliRunner().invoke(main, sys.argv[1:])
assert result.exit_code == 0, result.output
lines = Path("/proc/self/status").read_text().splitlines()
print(*[int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")])
"""


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    peaks = []
    for rows in (300_000, 3_000_000):
        table = tmp_path / f"{rows}.csv"
        with table.open("w") as file:
            file.write("height,weight,name\n")
            for _ in range(rows // 100_000):
                file.write("90.5,40,Rex\n" * 100_000)
        command = [sys.executable, "-c", MEASURED, "score", "species", str(table)]
        command += ["--models", str(MODELS), "-o", str(tmp_path / "out.csv")]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=PATIENCE_S, check=True
        )
        peaks.append(int(done.stdout))
    assert max(peaks) < 400
    assert peaks[1] < 1.15 * peaks[0]


@pytest.mark.parametrize("name", ["bikes", "income", "petrol", "questions", "species"])
def test_columns_and_rows_are_answered_alike(name: str) -> None:
    """Each model of the repository, on its recorded rows: as a table, and by `predict`."""
    model = Repository(MODELS, only=name).get(name)
    inputs = [dict(each.inputs) for each in model.manifest.golden]
    scored = package.score(model, pd.DataFrame(inputs)).to_dict("records")
    for told, answer in zip(scored, predict(model, model.signature.parse(inputs)), strict=True):
        assert told["error"] is None
        warned = [
            f"{each.input}: {each.detail}" if each.input else each.detail
            for each in answer.warnings
        ]
        assert told["warnings"] == ("; ".join(warned) or None)
        if isinstance(answer, ClassPrediction):
            assert told["prediction"] == answer.prediction
            for each in answer.probabilities or ():
                assert told[f"probability_{each.class_}"] == pytest.approx(each.probability)
            held = answer.prediction_set and answer.prediction_set.classes
            assert told["prediction_set"] == held
            assert (held is None) == bool(answer.warnings)
            measured = answer.reliability
            assert told["reliability_rows"] == (measured and measured.rows)
            assert np.isnan(told["reliability"]) if measured is None else True
            assert measured is None or told["reliability"] == measured.share
        elif isinstance(answer, QuantityPrediction):
            assert told["prediction"] == pytest.approx(answer.prediction)
            assert told.get("label") == answer.label
            if model.manifest.intervals is None:
                assert "interval_low" not in told
            elif answer.interval is None:
                assert answer.warnings
                assert np.isnan(told["interval_low"])
            else:
                assert told["interval_low"] == pytest.approx(answer.interval.low)
                assert told["interval_high"] == pytest.approx(answer.interval.high)


def test_every_kind_of_output_comes_from_a_server_as_from_here(tmp_path: Path) -> None:
    draw = np.random.default_rng(0)
    X = pd.DataFrame({"size": draw.normal(size=400), "age": draw.integers(0, 9, 400)})
    X["old"] = X.age > 4
    noisy = X["size"] + X.age / 3 + draw.normal(size=400)
    grades = pd.cut(noisy, 4, labels=False)
    both = pd.DataFrame({"twice": 2 * noisy, "thrice": 3 * noisy})
    root = tmp_path / "models"
    publish(LogisticRegression().fit(X, grades), X, grades, name="grade", root=root, cv=3)
    publish(LinearRegression().fit(X, both), X, both, name="both", root=root)
    publish(IsolationForest(n_estimators=9).fit(X), X, name="odd", root=root)
    publish(SVC().fit(X, grades), X, grades, name="scores", root=root, cv=3)
    table = tmp_path / "table.csv"
    X.to_csv(table, index=False)
    with running(tmp_path / "log", None, [*servery("serve"), str(root)]) as server:
        for name in ("grade", "both", "odd", "scores"):
            frames = []
            for model in (name, f"{server.url}/models/{name}"):
                out = tmp_path / "out.parquet"
                done = score(model, table, "-o", out, models=root)
                assert done.returncode == 0, done.stderr
                frames.append(pd.read_parquet(out))
            # A library may sum in another order where it is asked for fewer rows at once.
            pd.testing.assert_frame_equal(*frames, rtol=1e-12)
            assert frames[0]["error"].isna().all()
            sizes = {len(each) for each in frames[0].get("prediction_set", ())}
            assert sizes >= ({1, 2, 3} if name == "grade" else set())
            assert ("prediction_set" in frames[0]) == (name == "grade")


def test_a_server_is_asked_for_what_it_takes_and_names_the_rows_that_its_model_fails_on(
    tmp_path: Path,
) -> None:
    X = pd.DataFrame({"size": np.arange(60.0), "age": np.arange(60.0) % 7})
    squares = make_pipeline(PolynomialFeatures(), SVR()).fit(X, X["size"])
    root, table = tmp_path / "models", tmp_path / "table.csv"
    publish(squares, X, X["size"], name="squares", root=root)
    rows = [f"{n % 60},{n % 7}\n" for n in range(900)]
    rows[700] = "1e300,1\n"
    table.write_text("size,age\n" + "".join(rows), encoding="utf-8")
    results = []
    limits = {"SERVERY_MAX_INSTANCES": "300", "SERVERY_MAX_BODY_BYTES": "5000"}
    with running(tmp_path / "log", None, [*servery("serve"), str(root)], **limits) as server:
        for model in ("squares", f"{server.url}/models/squares"):
            done = score(model, table, models=root)
            assert done.returncode == 0, done.stderr
            results.append(pd.read_csv(io.StringIO(done.stdout)))
    pd.testing.assert_frame_equal(*results, rtol=1e-12)
    assert np.flatnonzero(results[0]["error"].notna()).tolist() == [700]


def test_a_model_says_beforehand_how_sure_its_answers_will_be(server: Server) -> None:
    told = {
        name: server.get(f"/api/v1/models/{name}").json()["uncertainty"]
        for name in ("bikes", "income")
    }
    assert told == {
        "bikes": {"interval": 0.9, "prediction_set": None, "reliability": False},
        "income": {"interval": None, "prediction_set": 0.9, "reliability": True},
    }


@pytest.mark.parametrize("name", ["income", "questions", "species"])
def test_the_set_of_each_row_is_that_of_a_single_prediction(
    server: Server, tmp_path: Path, name: str
) -> None:
    table = real_rows(name, tmp_path, 60)
    out = tmp_path / "out.jsonl"
    assert score(name, table, "-o", out).returncode == 0
    names = Repository(MODELS, only=name).get(name).signature.names
    *told, _ = [json.loads(line) for line in out.read_text().splitlines()]
    for row in told:
        inputs = {input_name: row[input_name] for input_name in names}
        answer = server.predict(name, {"inputs": inputs}).json()
        assert row["prediction_set"] == answer["prediction_set"]["classes"]
    assert {len(row["prediction_set"]) for row in told} == ({2} if name == "species" else {1, 2})


LOADED = """
import sys
from click.testing import CliRunner
from servery.cli import main
assert CliRunner().invoke(main, sys.argv[1:]).exit_code == 0
print(sorted({"sklearn", "pandas", "scipy", "flask"} & set(sys.modules)))
"""


def test_a_compiled_model_scores_without_scikit_learn_and_pandas(tmp_path: Path) -> None:
    table = tmp_path / "few.csv"
    table.write_text("height,weight,name\n90,40,ä\ntall,40,ö\n", encoding="utf-8")
    command = [sys.executable, "-c", LOADED, "score", "species", str(table)]
    command += ["--models", str(MODELS), "-o", str(tmp_path / "out.csv")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=True)
    assert done.stdout.strip() == "[]"

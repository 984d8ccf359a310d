"""`servery convert`: a saved estimator in a format that holds no code, with the same answers."""

from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tests.conftest import run, run_here

COLUMNS = ["größe", "a b", "x.y"]
ROWS = pd.DataFrame(np.random.default_rng(0).normal(size=(120, 3)), columns=COLUMNS)
ANSWERS = np.where(ROWS["a b"] > 0, "ja", "nein")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one model that a plan covers, and one that none covers."""
    linear = make_pipeline(StandardScaler(), LogisticRegression()).fit(ROWS, ANSWERS)
    joblib.dump(linear, tmp_path / "größe v1.joblib")
    joblib.dump(KNeighborsClassifier().fit(ROWS, ANSWERS), tmp_path / "near.joblib")
    ROWS.head(40).to_csv(tmp_path / "rows.csv", index=False)
    return tmp_path


def test_what_was_converted_gives_the_same_scores(folder: Path) -> None:
    for file, converted in (("größe v1.joblib", "größe v1.plan"), ("near.joblib", "near.skops")):
        done = run("convert", file, cwd=folder)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith(f"Wrote {converted}. It gave the same answers as {file}")
        scores = []
        for place, each in enumerate((file, converted)):
            result = f"scores-{place}.csv"
            scored = run("score", each, "rows.csv", "-o", result, cwd=folder)
            assert scored.returncode == 0, scored.stderr
            scores.append(pd.read_csv(folder / result))
        pd.testing.assert_frame_equal(*scores)


def test_a_file_that_is_there_is_never_overwritten(folder: Path) -> None:
    (folder / "near.skops").write_bytes(b"mine")
    done = run_here("convert", "near.joblib", cwd=folder)
    assert done.returncode == 1
    assert "near.skops" in done.stderr
    assert (folder / "near.skops").read_bytes() == b"mine"
    assert run_here("convert", "near.joblib", "-o", "other.skops", cwd=folder).returncode == 0


def test_what_cannot_be_converted_is_refused_with_the_reason(folder: Path) -> None:
    refused = run_here("convert", "near.joblib", "--to", "plan", cwd=folder)
    assert refused.returncode == 1
    assert "KNeighborsClassifier" in refused.stderr
    assert run_here("convert", "größe v1.joblib", cwd=folder).returncode == 0
    again = run_here("convert", "größe v1.plan", cwd=folder)
    assert again.returncode == 1
    assert "already a plan" in again.stderr


@pytest.mark.parametrize("size", [5, 200, -40])
def test_a_plan_that_is_cut_short_is_refused(folder: Path, size: int) -> None:
    assert run_here("convert", "größe v1.joblib", "-o", "whole.plan", cwd=folder).returncode == 0
    (folder / "cut.plan").write_bytes((folder / "whole.plan").read_bytes()[:size])
    done = run_here("check", "cut.plan", cwd=folder)
    assert done.returncode == 1
    assert "cut.plan" in done.stderr
    assert "Traceback" not in done.stderr

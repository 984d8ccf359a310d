"""The metric on a card is the one that scoring the test table gives, to the last digit."""

import json
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.metrics import r2_score, root_mean_squared_error
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from servery import score
from servery.manifest import read_manifest
from servery.tables.frames import read_frame
from servery.tables.reading import Reading
from tests.conftest import output_here

ROWS = 400


def table() -> pd.DataFrame:
    """Return rows with missing numbers, codes with zeros in front, and a country called NA."""
    rng = np.random.default_rng(7)
    frame = pd.DataFrame(
        {
            "age": rng.integers(18, 80, ROWS),
            "amount": rng.gamma(2, 300, ROWS).round(2),
            "zip": rng.choice(["00501", "01234", "94105"], ROWS),
            "country": rng.choice(["NA", "US", "DE"], ROWS),
        }
    )
    noise = rng.normal(0, 5, ROWS)
    frame["spend"] = 0.2 * frame["amount"] + frame["zip"].str.len() + 9 * noise
    frame["spend"] += 40.0 * (frame["country"] == "NA")
    frame.loc[rng.random(ROWS) < 0.1, "amount"] = np.nan
    return frame


def fitted(frame: pd.DataFrame) -> Any:  # noqa: ANN401 - a pipeline
    columns = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore", sparse_output=False), ["zip", "country"]),
        remainder="passthrough",
    )
    model = make_pipeline(columns, HistGradientBoostingRegressor(max_iter=20, random_state=0))
    return model.fit(frame.drop(columns="spend"), frame["spend"])


@pytest.mark.parametrize(
    ("name", "writing", "options"),
    [
        ("test.csv", {"na_rep": "NULL"}, []),
        ("test.csv.gz", {"na_rep": " NA "}, []),
        ("test.csv", {"na_rep": "-", "sep": ";", "decimal": ","}, ["--decimal=,", "--missing=-"]),
        ("test.jsonl", {}, []),
        ("test.xlsx", {}, []),
        ("test.parquet", {}, []),
    ],
    ids=["words for missing", "blanks, packed", "commas", "JSON lines", "Excel", "Parquet"],
)
def test_scoring_the_test_table_gives_the_metrics_of_the_card(
    tmp_path: Path, name: str, writing: dict[str, str], options: list[str]
) -> None:
    frame = table()
    joblib.dump(fitted(frame[:250]), tmp_path / "spend.joblib")
    write(frame[:250], tmp_path / f"train-{name}", writing)
    write(frame[250:], tmp_path / name, writing)
    data = ("--data", f"train-{name}", "--test", name, "--target", "spend")
    output_here("publish", "spend.joblib", *data, *options, cwd=tmp_path)
    evaluated = ("--target", "spend", "--evaluation", "measured.json")
    output_here("score", "spend", name, "-o", "scored.csv", *evaluated, *options, cwd=tmp_path)
    [metrics] = [read_manifest(path.read_bytes()).metrics for path in manifests(tmp_path)]
    assert metrics is not None
    assert metrics.rows == 150
    [output] = json.loads((tmp_path / "measured.json").read_bytes())["outputs"]
    assert {each["name"]: each["value"] for each in output["metrics"]} == {
        each.name: each.value for each in metrics.values
    }
    reading = Reading(decimal="," if "decimal" in writing else ".", missing=("-",))
    scored = read_frame(tmp_path / "scored.csv", reading)
    assert scored["error"].isna().all()
    told = Reading(decimal="," if "decimal" in writing else None)
    of_notebook = score("spend", tmp_path / name, reading=told, models=tmp_path / "models")
    assert of_notebook["prediction"].tolist() == scored["prediction"].tolist()
    truth, answers = read_frame(tmp_path / name, told)["spend"], scored["prediction"]
    values = {
        "r2": r2_score(truth, answers),
        "rmse": root_mean_squared_error(truth, answers),
    }
    measured = {each.name: each.value for each in metrics.values}
    assert {name: measured[name] for name in values} == values


def manifests(folder: Path) -> list[Path]:
    return list(folder.glob("models/spend/*/model.json"))


def write(frame: pd.DataFrame, path: Path, writing: dict[str, str]) -> None:
    if path.suffix == ".xlsx":
        frame.to_excel(path, index=False)
    elif path.suffix == ".parquet":
        frame.to_parquet(path, index=False)
    elif path.suffix == ".jsonl":
        frame.to_json(path, orient="records", lines=True, double_precision=15)
    else:
        frame.to_csv(path, index=False, **writing)

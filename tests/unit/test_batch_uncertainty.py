"""How sure answers are, in each format that a result is written in."""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

import servery as package
from servery.batch.scoring.uncertainty import MeasuredUncertainty
from servery.inputs import NumberInput, Scalar
from servery.runtimes.columns import ColumnOutcomes, Columns
from servery.signature import ClassificationOutput, OutcomeClass, Signature
from servery.tables.reading import Limits, Reading
from servery.uncertainty import AnswerReliability, PredictionSets
from servery.uncertainty.reliability import ClassReliability, Counted
from tests.unit.batches import rows_of, scored

#: Probabilities of three classes; from 0.25 on, one is not ruled out.
ROWS = ((0.9, 0.1, 0.0), (0.25, 0.75, 0.0), (0.4, 0.3, 0.3), (0.0, 0.0, 1.0), (0.3, 0.3, 0.4))
TABLE = "a,b,c\n" + "".join(f"{a},{b},{c}\n" for a, b, c in ROWS) + "x,0,0\n"
SETS = [[0], [1, 0], [0, 1, 2], [2], [2, 0, 1], None]


class AsTold:
    """Foretells the probabilities that its inputs are; it fails where the first is 0.1234."""

    def predict_columns(self, columns: Columns) -> ColumnOutcomes:
        if (columns[0] == 0.1234).any():
            raise ZeroDivisionError
        probabilities = np.column_stack(list(columns))
        return ColumnOutcomes(classes=probabilities.argmax(axis=1), probabilities=probabilities)


@dataclass
class Model:
    signature: Signature
    runtime: AsTold
    uncertainty: MeasuredUncertainty
    name: str = "told"


def model_of(*classes: Scalar) -> Model:
    output = ClassificationOutput(
        label="Which",
        name="which",
        classes=tuple(OutcomeClass(value=each, label=str(each)) for each in classes),
        probabilities=True,
    )
    sets = PredictionSets(coverage=0.9, thresholds=[0.25] * 3, rows=0, by_class=[], sizes=[])
    inputs = tuple(NumberInput(name=name) for name in "abc")
    return Model(Signature(inputs, output), AsTold(), MeasuredUncertainty(prediction_sets=sets))


def listed(classes: Sequence[Any]) -> list[Any]:
    return [places and [classes[place] for place in places] for places in SETS]


def test_a_set_names_its_classes_the_likeliest_first_and_a_row_that_does_not_fit_has_none() -> None:
    header, *_ = scored(TABLE, model=model_of("red", "green", "blue"))[0].decode().splitlines()  # type: ignore[arg-type]
    assert header == (
        "a,b,c,prediction,prediction_set,"
        "probability_red,probability_green,probability_blue,warnings,error"
    )
    result, _ = scored(TABLE, model=model_of("red", "green", "blue"))  # type: ignore[arg-type]
    assert [row["prediction_set"] for row in rows_of(result)] == [
        *("red", "green; red", "red; green; blue", "blue", "blue; red; green", ""),
    ]


def test_classes_that_hold_the_separator_stand_in_quotes_and_formulas_are_harmless() -> None:
    model: Any = model_of("=a", "b; c", 'd"')
    told = [row["prediction_set"] for row in rows_of(scored(TABLE, model=model)[0])]
    assert told == [
        *("'=a", '"b; c"; =a', '\'=a; "b; c"; "d"""', '"d"""', '"d"""; =a; "b; c"', ""),
    ]
    book = openpyxl.load_workbook(io.BytesIO(scored(TABLE, model=model, kind="xlsx")[0])).active
    assert book is not None
    cells = [row[4] for row in book.iter_rows(min_row=2, values_only=True)]
    assert [cell or "" for cell in cells] == [text.removeprefix("'") for text in told]


@pytest.mark.parametrize("classes", [("red", "green", "blue"), (0, 1, 2), (0.5, 1.5, 2.5)])
def test_parquet_and_json_have_lists_of_what_the_classes_are(classes: tuple[Scalar, ...]) -> None:
    model: Any = model_of(*classes)
    result, _ = scored(TABLE, model=model, kind="parquet")
    table = parquet.read_table(io.BytesIO(result))
    assert table.schema.field("prediction_set").type == pa.list_(pa.array(classes).type)
    assert table["prediction_set"].to_pylist() == listed(classes)
    lines, _ = scored(TABLE, model=model, kind="jsonl")
    told = [json.loads(line)["prediction_set"] for line in lines.decode().splitlines()]
    assert told == listed(classes)


@pytest.mark.parametrize("rows", [TABLE.splitlines()[-1:], TABLE.splitlines()[1:2]])
def test_chunks_without_long_sets_or_any_sets_have_the_same_type(rows: list[str]) -> None:
    table = "\n".join(["a,b,c", *rows])
    result, _ = scored(table, model=model_of("red", "green", "blue"), kind="parquet")  # type: ignore[arg-type]
    kind = parquet.read_table(io.BytesIO(result)).schema.field("prediction_set").type
    assert kind == pa.list_(pa.string())


@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl", "parquet"])
def test_sets_are_the_same_to_the_byte_by_processes_in_chunks_and_by_the_csv_module(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = np.random.default_rng(0)
    shares = draw.dirichlet([0.7] * 3, 3_000).round(3)
    shares[::701, 0] = 0.1234  # the model fails there, and is asked in parts
    table = "a,b,c\n" + "".join("{},{},{}\n".format(*row) for row in shares.tolist())
    reading = Reading(limits=Limits(chunk_bytes=4_000))
    model: Any = model_of("red", "green; blue", "=x")
    alone, summary = scored(table, reading, model=model, kind=kind)
    assert (summary.rows, summary.bad_rows) == (3_000, 5)
    assert scored(table, reading, model=model, kind=kind, processes=2) == (alone, summary)
    if kind != "parquet":
        assert scored(table, model=model, kind=kind) == (alone, summary)
        monkeypatch.setattr("servery.tables.delimited.splitting._split_quickly", lambda *_: None)
        assert scored(table, reading, model=model, kind=kind) == (alone, summary)


def test_a_frame_has_tuples_of_classes() -> None:
    model: Any = model_of("red", "green", "blue")
    frame = pd.DataFrame(ROWS, columns=list("abc"))
    told = package.score(model, frame)["prediction_set"].tolist()
    assert told == [tuple(each) for each in listed(["red", "green", "blue"])[:-1]]
    # Where all are equally long, they are cells and no table of their own.
    alike = package.score(model, frame.iloc[[2, 4]])
    assert [len(each) for each in alike["prediction_set"]] == [3, 3]


def test_a_column_that_is_called_so_keeps_its_name() -> None:
    table = "a,b,c,prediction_set\n0.9,0.1,0,mine\n"
    result, _ = scored(table, model=model_of("red", "green", "blue"))  # type: ignore[arg-type]
    [row] = rows_of(result)
    assert (row["prediction_set"], row["servery_prediction_set"]) == ("mine", "red")


@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl", "parquet", "xlsx"])
def test_reliability_is_a_share_and_its_rows_in_each_format(kind: str) -> None:
    model: Any = model_of("red", "green", "blue")
    bands = [Counted(rows=40, right=20), Counted(rows=60, right=57)]
    red = ClassReliability(place=0, edges=[0.5], bands=bands)
    answers = AnswerReliability(classes=[red])  # of the other classes, nothing was measured
    model.uncertainty = MeasuredUncertainty(answers=answers)
    expected = [(0.95, 60), (None, None), (0.5, 40), (None, None), (None, None), (None, None)]
    for rows in (slice(0, 6), slice(3, 6)):
        table = "\n".join(["a,b,c", *TABLE.splitlines()[1:][rows]])
        result, _ = scored(table, model=model, kind=kind)
        read = {"csv": pd.read_csv, "tsv": partial(pd.read_csv, sep="\t"), "xlsx": pd.read_excel}
        others = {
            "jsonl": partial(pd.read_json, lines=True, precise_float=True),
            "parquet": pd.read_parquet,
        }
        frame = (read | others)[kind](io.BytesIO(result))
        told = frame[["reliability", "reliability_rows"]].astype(object)
        cells = told.where(told.notna(), None).itertuples(index=False, name=None)
        assert list(cells) == expected[rows]
        if kind == "parquet":
            types = parquet.read_schema(io.BytesIO(result))
            assert types.field("reliability").type == pa.float64()
            assert types.field("reliability_rows").type == pa.int64()


def test_a_version_without_sets_has_no_such_column() -> None:
    model: Any = model_of("red", "green", "blue")
    model.uncertainty = MeasuredUncertainty()
    assert "prediction_set" not in rows_of(scored(TABLE, model=model)[0])[0]

"""A model for tables in tests: its prediction tells which row it was, in sight of the eye."""

import contextlib
import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from servery.batch.pipeline import open_batch, run
from servery.batch.returned import EVERYTHING, Returned
from servery.batch.scoring.uncertainty import MeasuredUncertainty
from servery.batch.summary import Summary
from servery.inputs import (
    Category,
    CategoryInput,
    Input,
    IntegerInput,
    NumberInput,
    NumberStats,
    TextInput,
)
from servery.runtimes import Outcomes
from servery.runtimes.columns import ColumnOutcomes, Columns
from servery.signature import RegressionOutput, Row, Signature
from servery.tables.reading import Reading

INPUTS: tuple[Input, ...] = (
    IntegerInput(name="age", training_stats=NumberStats(minimum=0, maximum=90)),
    NumberInput(name="body.mass (kg)", missing_allowed=True),
    CategoryInput(name="town", categories=(Category("Bonn", "Bonn"), Category("Köln", "Cologne"))),
    TextInput(name="note", max_length=20_000_000, missing_allowed=True),
)
OUTPUT = RegressionOutput(label="Twice the age", name="y")


class TwiceTheFirst:
    """Foretells twice the first input, which tells rows apart; it fails where that is 13."""

    name = "twice"

    def __init__(self) -> None:
        self.asked: list[int] = []

    def predict(self, rows: Sequence[Row]) -> Outcomes:
        return Outcomes(values=[2.0 * float(row[0]) for row in rows])  # type: ignore[arg-type]

    def predict_columns(self, columns: Columns) -> ColumnOutcomes:
        first = columns[0]
        if first.dtype != np.float64:
            return ColumnOutcomes(values=np.zeros(len(first)))
        self.asked.append(len(first))
        if (first == 13).any():
            raise ZeroDivisionError
        return ColumnOutcomes(values=2 * first)


@dataclass
class Model:
    signature: Signature
    runtime: Any
    uncertainty: MeasuredUncertainty | None = None
    name: str = "twice"


def model_of(*inputs: Input) -> Model:
    return Model(Signature(inputs or INPUTS, OUTPUT), TwiceTheFirst())


def scored(
    source: bytes | str | Path,
    reading: Reading | None = None,
    *,
    model: Model | None = None,
    columns: Mapping[str, str] | None = None,
    kind: str = "csv",
    processes: int = 1,
    name: str = "people.csv",
    returned: Returned = EVERYTHING,
) -> tuple[bytes, Summary]:
    """Score bytes of a file, and return the bytes of the result."""
    if isinstance(source, str):
        source = source.encode()
    stream = source if isinstance(source, Path) else io.BytesIO(source)
    batch = open_batch(model or model_of(), stream, reading, columns, name)
    with contextlib.closing(batch):
        work = batch.chunk_scorer(kind, returned)
        file = io.BytesIO()
        with work.sink(file) as sink:
            summary = run(batch, work, sink, processes=processes)
    return file.getvalue(), summary


def rows_of(result: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(result.decode("utf-8-sig")), delimiter=delimiter))

"""How well a model did on a table that has the true outcomes."""

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from typing import Any

import msgspec
import numpy as np
import pytest

from servery.batch.drift import Distribution, Drift, DriftReport
from servery.batch.evaluating.measured import (
    Evaluated,
    OutputEvaluation,
    RecordFile,
    evaluate_records,
)
from servery.batch.evaluating.page import evaluation_page
from servery.batch.evaluating.records import RecordLayout
from servery.batch.pipeline import open_batch, run
from servery.errors import AmbiguousTable, TableUnreadable
from servery.inputs import Category, CategoryInput, NumberInput
from servery.runtimes.columns import ColumnOutcomes, Columns
from servery.signature import (
    ClassificationOutput,
    MultiOutput,
    OutcomeClass,
    RegressionOutput,
    Signature,
)
from servery.tables.reading import Reading
from tests.unit.batches import Model

NO_DRIFT = DriftReport(rows=1, compared=0, drifted=[])
TOWN = CategoryInput(
    name="town",
    categories=(Category("Bonn", "Bonn"), Category("Ulm", "Ulm")),
    missing_allowed=True,
    unknown_allowed=True,
)
SPEND = RegressionOutput(label="Spend", name="spend", unit="€")


def classes_of(*values: Any) -> ClassificationOutput:  # noqa: ANN401 - a scalar
    classes = tuple(OutcomeClass(value=value, label=str(value)) for value in values)
    return ClassificationOutput(label="Kind", name="kind", classes=classes)


@dataclass
class Told:
    """Answers with the first input: the quantity, or the probability of the last class."""

    classes: int = 0

    def predict_columns(self, columns: Columns) -> ColumnOutcomes:
        first = np.asarray(columns[0])
        if not self.classes:
            return ColumnOutcomes(values=first)
        others = np.repeat(((1 - first) / (self.classes - 1))[:, None], self.classes - 1, axis=1)
        probabilities = np.column_stack([others, first])
        return ColumnOutcomes(classes=probabilities.argmax(axis=1), probabilities=probabilities)


def evaluation(
    output: Any,  # noqa: ANN401 - an output
    text: str,
    *targets: str,
    runtime: Any = None,  # noqa: ANN401 - what predicts
    reading: Reading | None = None,
    chunk_bytes: int = 1 << 20,
) -> Any:  # noqa: ANN401 - an evaluation
    signature = Signature((NumberInput(name="x", missing_allowed=True), TOWN), output)
    kinds = len(output.classes) if isinstance(output, ClassificationOutput) else 0
    model = Model(signature, runtime or Told(kinds))
    reading = reading or Reading()
    reading = msgspec.structs.replace(
        reading, limits=replace(reading.limits, chunk_bytes=chunk_bytes)
    )
    batch = open_batch(model, io.BytesIO(text.encode()), reading, name="t.csv")
    reader = batch.outcome_reader(targets or (output.name,), ["town", "x"])
    work = batch.chunk_scorer("csv", outcomes=reader)
    layout = RecordLayout.of(signature, ["town", "x"])
    records = RecordFile(io.BytesIO(), layout)
    with work.sink(io.BytesIO()) as sink:
        run(batch, work, sink, keep_records=records.append)
    model_facts = Evaluated("m", "1", signature, None, ("town", "x"))
    return evaluate_records(records, layout, model_facts, targets or (output.name,))


def table(header: str, rows: Sequence[Sequence[object]]) -> str:
    sink = io.StringIO()
    csv.writer(sink).writerows([header.split(","), *rows])
    return sink.getvalue()


def figure(output: OutputEvaluation, name: str) -> float:
    return next(metric.value for metric in output.metrics if metric.name == name)


@pytest.mark.parametrize("chunk_bytes", [100, 1 << 20])
def test_rows_without_an_outcome_are_left_out_and_counted(chunk_bytes: int) -> None:
    rows: list[Any] = [(at, "Bonn", at + (1 if at % 2 else -1)) for at in range(40)]
    odd = [(1, "Bonn", ""), (2, "Ulm", " NA "), (3, "Ulm", "soon"), ("x", "Ulm", 4)]
    [found] = evaluation(SPEND, table("x,town,spend", rows + odd), chunk_bytes=chunk_bytes).outputs
    assert (found.rows, found.blank, found.unknown, found.unanswered) == (40, 2, 1, 1)
    assert figure(found, "mae") == 1.0
    assert figure(found, "rmse") == 1.0
    assert found.plots.residuals.rows == 40


def test_outcomes_are_read_as_the_inputs_of_the_table_are() -> None:
    text = "x;town;spend\n1,5;Bonn;2,5\n3,5;Ulm;2,5\n"
    [found] = evaluation(SPEND, text, reading=Reading(decimal=",", missing=("-",))).outputs
    assert figure(found, "mae") == 1.0


@pytest.mark.parametrize(
    ("text", "outcomes"),
    [
        ("x,town,spend\n0,Bonn,12.345\n0,Ulm,3.5\n", (12.345, 3.5)),
        ("x,town,spend\n0,Bonn,12.345\n0,Ulm,1.234\n", (12.345, 1.234)),
        ("x;town;spend\n0;Bonn;1.234,5\n0;Ulm;12.345\n", (1234.5, 12345)),
        ("x;town;spend\n0;Bonn;1'234\n0;Ulm;1.234\n", (1234, 1.234)),
        ("x\ttown\tspend\n0\tBonn\t1,25\n0\tUlm\t1,234\n", (1.25, 1.234)),
    ],
)
def test_numbers_of_outcomes_are_read_as_their_own_column_shows(
    text: str, outcomes: tuple[float, float]
) -> None:
    [found] = evaluation(SPEND, text, chunk_bytes=20).outputs
    assert figure(found, "mae") == pytest.approx(sum(outcomes) / 2)


def test_ambiguous_numbers_of_outcomes_are_asked_about() -> None:
    with pytest.raises(
        AmbiguousTable, match=r"t\.csv has '1\.234' for the outcome 'spend'"
    ) as asked:
        evaluation(SPEND, "x;town;spend\n1,5;Bonn;1.234\n2,5;Ulm;2.345\n")
    assert asked.value.choice.option == "thousands"


@pytest.mark.parametrize(
    ("values", "written"),
    [(("no", "yes"), ("no", " yes ")), ((0, 1), ("0", "1.0")), ((False, True), ("false", "TRUE"))],
)
def test_classes_are_meant_by_their_value(values: Any, written: tuple[str, str]) -> None:  # noqa: ANN401
    rows = [(share, "Bonn", written[share > 0.3]) for share in (0.1, 0.2, 0.4, 0.9)]
    [found] = evaluation(classes_of(*values), table("x,town,kind", [*rows, (0.5, "", "?")])).outputs
    assert (found.rows, found.unknown) == (4, 1)
    assert figure(found, "roc_auc") == 1.0
    assert figure(found, "accuracy") == 0.75
    assert found.plots.confusion.counts == [[2, 0], [1, 1]]


def test_of_several_classes_each_has_its_figures() -> None:
    rows = [(0.9, "Bonn", "c"), (0.1, "Ulm", "a"), (0.2, "Ulm", "b"), (0.8, "Rome", "c")]
    [found] = evaluation(classes_of("a", "b", "c"), table("x,town,kind", rows)).outputs
    assert {each.class_: each.recall for each in found.classes} == {"a": 1.0, "b": 0.0, "c": 1.0}
    of_town = next(group for group in found.groups if group.input == "town")
    accuracy = {row.value: row.rates[0].value for row in of_town.rows}
    assert accuracy == {"Ulm": 0.5, "Bonn": 1.0, "other values": 1.0}


def test_errors_of_a_quantity_are_compared_between_groups() -> None:
    rows = [(at, "Bonn" if at < 10 else "Ulm", at - (2 if at < 10 else 0)) for at in range(20)]
    [found] = evaluation(SPEND, table("x,town,spend", [*rows, (5, "", 5)])).outputs
    by_x, by_town = found.group_errors
    assert {row.value: (row.rows, row.bias) for row in by_town.rows} == {
        "Bonn": (10, 2.0),
        "Ulm": (10, 0.0),
        None: (1, 0.0),
    }
    assert len(by_x.rows) == 4


def test_each_output_of_several_has_its_own_column() -> None:
    class Both:
        def predict_columns(self, columns: Columns) -> ColumnOutcomes:
            kind = Told(2).predict_columns(columns)
            return ColumnOutcomes(parts=[ColumnOutcomes(values=np.asarray(columns[0])), kind])

    output = MultiOutput(label="Both", name="both", outputs=(SPEND, classes_of("a", "b")))
    text = table("x,town,euro,kind", [(0.1, "Bonn", 0.1, "a"), (0.9, "Ulm", 0.8, "b")])
    spend, kind = evaluation(output, text, "euro", "kind", runtime=Both()).outputs
    assert (spend.target, figure(kind, "accuracy")) == ("euro", 1.0)
    with pytest.raises(TableUnreadable, match="2 outputs, 'spend', 'kind'; name the column"):
        evaluation(output, text, "euro", runtime=Both())


def test_a_column_without_outcomes_of_the_model_is_refused() -> None:
    text = table("x,town,kind", [(0.1, "Bonn", "never"), (0.9, "Ulm", "soon")])
    with pytest.raises(TableUnreadable, match="has 'never', 'soon', and the model predicts"):
        evaluation(classes_of("no", "yes"), text)
    with pytest.raises(TableUnreadable, match=r"no column 'knd' with .* Did you mean 'kind'"):
        evaluation(classes_of("no", "yes"), text, "knd")


def test_a_table_without_any_outcome_has_no_figures() -> None:
    [found] = evaluation(SPEND, table("x,town,spend", [(1, "Bonn", ""), (2, "Ulm", "")])).outputs
    assert (found.rows, found.blank, list(found.metrics)) == (0, 2, [])


def test_the_page_shows_texts_as_texts() -> None:
    class Balanced(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.open_: list[str] = []

        def handle_starttag(self, tag: str, _attrs: object) -> None:
            if tag not in ("meta", "circle", "path"):
                self.open_.append(tag)

        def handle_endtag(self, tag: str) -> None:
            if tag not in ("circle", "path"):
                assert self.open_.pop() == tag

    rows = [(0.1, "Bonn", "<b>"), (0.9, "Ulm", "yes"), (0.7, "Ulm", "<b>"), (0.6, "", "yes")]
    found = evaluation(classes_of("<b>", "yes"), table("x,town,kind", rows))
    shares: Any = {"labels": ["<b>", "c"], "training": [0.5, 0.5], "table": [0.1, 0.9]}
    drift = Drift(input="x", psi=0.9, critical=0.1, size="large", **shares)
    stable = [Distribution(input="town", psi=0.0, **shares)]
    report = DriftReport(rows=90, compared=2, drifted=[drift], stable=stable)
    page = evaluation_page(found, report, {"x": "<i>"})
    assert "&lt;i&gt;: a large drift. &lt;b&gt;: 10.0% of the rows, 50.0% in training" in page
    assert "<summary>Without drift</summary><table><caption>town</caption>" in page
    assert 'inline-size: 100.0%"></span>90.0%' in page
    assert not {"<b>", "<i>"} & set(re.findall("<.>", page))
    assert "&lt;b&gt;" in page
    assert "By town" in page
    parser = Balanced()
    parser.feed(page)
    assert parser.open_ == []
    quantities = evaluation_page(
        evaluation(SPEND, table("x,town,spend", [(1, "Bonn", 1)])), NO_DRIFT, {}
    )
    assert "Mean absolute error (€)" in quantities
    assert json.dumps("nan") not in quantities

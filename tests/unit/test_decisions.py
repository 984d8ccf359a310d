"""A threshold or a class that the caller chose for a table."""

import io
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from servery.batch.command.evaluating import evaluating
from servery.batch.deciding import decided
from servery.batch.decisions import used_threshold
from servery.batch.drift import drift_of
from servery.batch.frames import score
from servery.batch.options import Decision
from servery.batch.pipeline import open_batch, run
from servery.errors import InvalidJobOptions
from servery.inputs import NumberInput
from servery.repository import Repository
from servery.signature import ClassificationOutput, Signature, Threshold
from tests.conftest import ROOT
from tests.unit.batches import Model, rows_of, scored
from tests.unit.test_table_evaluation import SPEND, Told, classes_of, evaluation, figure, table

SHARES = (0.1, 0.4, 0.5, 0.6, 0.9)
TABLE = "x\n" + "\n".join(map(str, SHARES)) + "\nnone\n"
KINDS = classes_of("no", "yes")


def output_with(threshold: Threshold | None) -> ClassificationOutput:
    names = ClassificationOutput.__struct_fields__
    fields = {name: getattr(KINDS, name) for name in names if name != "threshold"}
    return ClassificationOutput(**fields, threshold=threshold)


def model_of(output: Any) -> Model:  # noqa: ANN401 - an output
    kinds = len(output.classes) if isinstance(output, ClassificationOutput) else 0
    return Model(Signature((NumberInput(name="x"),), output), Told(kinds))


def result(output: Any, **chosen: Any) -> list[dict[str, str]]:  # noqa: ANN401
    model: Any = decided(model_of(output), Decision(**chosen))
    return rows_of(scored(TABLE, model=model)[0])


@pytest.mark.parametrize(
    ("chosen", "called"),
    [
        ({"threshold": 0.4}, "no yes yes yes yes"),
        ({"threshold": 0.0}, "yes yes yes yes yes"),
        ({"threshold": 1.0}, "no no no no no"),
        ({"threshold": 0.45, "class_": "no"}, "no no no yes yes"),
    ],
)
def test_the_positive_class_is_predicted_from_the_threshold_on(
    chosen: dict[str, Any], called: str
) -> None:
    *rows, bad = result(KINDS, **chosen)
    assert [row["prediction"] for row in rows] == called.split()
    assert {float(row["threshold"]) for row in rows} == {chosen["threshold"]}
    assert (bad["prediction"], bad["threshold"]) == ("", "")


@pytest.mark.parametrize(
    ("own", "chosen"),
    [
        (None, Decision(threshold=0.5)),
        (Threshold("yes", 0.3), Decision(threshold=0.3)),
        (Threshold("yes", 0.3), Decision(threshold=0.7, class_="no")),
        (Threshold("no", 0.2), Decision(class_="yes")),
    ],
)
def test_the_threshold_of_the_card_changes_nothing(own: Threshold | None, chosen: Decision) -> None:
    output = decided(model_of(output_with(own)), chosen).signature.output
    assert used_threshold(output) is None
    rows = result(output_with(own), threshold=chosen.threshold, class_=chosen.class_)
    assert [row["prediction"] for row in rows] == [row["prediction"] for row in result(KINDS)]
    assert "threshold" not in rows[0]


def test_only_the_probability_of_the_class_is_reported() -> None:
    several = result(classes_of("a", "b", "c"), class_="b")
    assert [name for name in several[0] if name.startswith("prob")] == ["probability_b"]
    assert float(several[0]["probability_b"]) == pytest.approx(0.45)
    numbered = result(classes_of(0, 1), class_="0")
    assert [name for name in numbered[0] if name.startswith("prob")] == ["probability_0"]


@pytest.mark.parametrize(
    ("output", "chosen", "told"),
    [
        (SPEND, {"threshold": 0.3}, "Leave out the threshold: the model does not predict prob"),
        (SPEND, {"class_": "yes"}, "Leave out the class: the model does not predict prob"),
        (classes_of("a", "b", "c"), {"threshold": 0.3}, "has 3 classes, and a threshold needs two"),
        (KINDS, {"threshold": 1.2}, "Expected a threshold from 0 to 1, found 1.2"),
        (KINDS, {"threshold": float("nan")}, "Expected a threshold from 0 to 1, found nan"),
        (KINDS, {"class_": "yess"}, r"'no', 'yes', found 'yess'. Did you mean 'yes'"),
    ],
)
def test_a_choice_that_does_not_fit_the_model_is_refused(
    output: Any,  # noqa: ANN401 - an output
    chosen: dict[str, Any],
    told: str,
) -> None:
    with pytest.raises(InvalidJobOptions, match=told):
        result(output, **chosen)


def test_an_evaluation_says_which_threshold_it_is_for() -> None:
    rows = [(share, "Bonn", "yes" if share > 0.3 else "no") for share in SHARES]
    text = table("x,town,kind", rows)
    model = decided(model_of(KINDS), Decision(threshold=0.3))
    [found] = evaluation(model.signature.output, text).outputs
    assert figure(found, "accuracy") == 1.0
    assert (found.threshold.class_, found.threshold.value, found.threshold.card) == (
        "yes",
        0.3,
        0.5,
    )
    assert found.remarks[0] == (
        "yes is predicted at a probability of 0.3 or more; the model card uses 0.5."
    )
    assert found.plots.thresholds.chosen == 0.3
    [own] = evaluation(KINDS, text).outputs
    assert (own.threshold, figure(own, "accuracy")) == (None, 0.6)


def test_the_card_is_of_its_own_class_and_threshold() -> None:
    own = Repository(ROOT / "models", only="species").get("species")
    rows = [(90 - at / 10, 40, "Dog" if at % 3 else "Cat") for at in range(60)]
    text = table("height,weight,animal", rows).encode()

    def compared(**chosen: Any) -> tuple[set[str], int]:  # noqa: ANN401
        model = decided(own, Decision(**chosen))
        batch = open_batch(model, io.BytesIO(text), name="t.csv")
        with evaluating(model, ["animal"]) as evaluation:
            assert evaluation is not None
            work = batch.chunk_scorer("csv", outcomes=evaluation.reader_of(batch))
            with work.sink(io.BytesIO()) as sink:
                summary = run(batch, work, sink, keep_records=evaluation.keep)
            [output] = evaluation.result().outputs
        drift = drift_of(summary, model.signature, model.manifest)
        return {each.name for each in output.metrics if each.card is not None}, drift.compared

    of_class = {"precision", "recall", "average_precision"}
    beside, with_predictions = compared()
    assert of_class < beside
    beside, _ = compared(class_="Cat")
    assert "roc_auc" in beside
    assert not of_class & beside
    _, without = compared(threshold=0.999)  # gives other classes, without any drift
    assert with_predictions - without == 1


def test_a_frame_and_a_file_are_scored_by_what_was_chosen(tmp_path: Path) -> None:
    model: Any = model_of(KINDS)
    path = tmp_path / "t.csv"
    path.write_text(TABLE)
    expected = [each["prediction"] for each in result(KINDS, threshold=0.45, class_="no")]
    for given in (pd.DataFrame({"x": [*map(str, SHARES), "none"]}), path):
        found = score(model, given, threshold=0.45, class_="no")
        assert found["prediction"].fillna("").tolist() == expected
        assert {"probability_yes", "probability_no"} & set(found) == {"probability_no"}
        with pytest.raises(InvalidJobOptions, match="Expected a threshold from 0 to 1"):
            score(model, given, threshold=3)

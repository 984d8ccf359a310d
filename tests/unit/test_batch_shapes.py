"""Every shape of estimator answers a table as it answers its rows one by one."""

import contextlib
from typing import Any

import pandas as pd
import pytest

from servery import score
from servery.compiling import Unsupported, compile_plan
from servery.inspection import inspect
from servery.publishing.rows import as_table, fitting_rows
from servery.runtimes.answers import plain_answers
from servery.runtimes.plan import PlanRuntime
from servery.runtimes.sklearn import SklearnRuntime
from servery.signature import ClassOutput, MultiOutput
from tests.shapes import SHAPES
from tests.unit.batches import Model

ROWS = 40


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", SHAPES)
def test_a_table_is_answered_as_its_rows_are(name: str) -> None:
    estimator, X = SHAPES[name].fitted()
    inspected = inspect(estimator, as_table(X))
    signature = inspected.signature
    runtimes: list[Any] = [SklearnRuntime(estimator, signature, inspected.facts)]
    with contextlib.suppress(Unsupported):
        runtimes.append(PlanRuntime(compile_plan(estimator, signature), signature))
    rows = fitting_rows(signature, inspected.X, ROWS)
    frame = pd.DataFrame(rows, columns=list(signature.names), dtype=object)
    for runtime in runtimes:
        answers = plain_answers(signature.output, runtime.predict(rows))
        told = score(Model(signature, runtime), frame).to_dict("records")
        for row, (prediction, probabilities) in zip(told, answers, strict=True):
            assert row["error"] is None
            output = signature.output
            if isinstance(output, MultiOutput):
                found = [row[f"prediction_{part.name}"] for part in output.outputs]
                assert found == pytest.approx(prediction)
                continue
            assert row["prediction"] == (
                pytest.approx(prediction) if isinstance(prediction, float) else prediction
            )
            if isinstance(output, ClassOutput) and output.probabilities:
                sure = [row[f"probability_{each.value}"] for each in output.classes]
                assert sure == pytest.approx(probabilities)

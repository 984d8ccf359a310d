"""Every shape of estimator answers a table as it answers its rows one by one."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest

from servery import score
from servery.predict import ManyPrediction, predict
from servery.publishing import publish
from servery.repository import Repository
from tests.shapes import SHAPES

ROWS = 60


@pytest.mark.parametrize("name", SHAPES)
def test_a_table_is_answered_as_its_rows_are(
    name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    model, X = SHAPES[name].fitted()
    root = tmp_path_factory.mktemp("shapes")
    publish(model, X, name="m", root=root)
    served = Repository(root).get("m")
    rows = [dict(each.inputs) for each in served.manifest.golden]
    instances = (rows * ROWS)[:ROWS]
    answers = predict(served, served.signature.parse(instances))
    frame = pd.DataFrame(instances, columns=list(served.signature.names))
    for told, answer in zip(score(served, frame).to_dict("records"), answers, strict=True):
        assert told["error"] is None
        if isinstance(answer, ManyPrediction):
            for output, each in answer.outputs.items():
                assert alike(told[f"prediction_{output}"], each.prediction)
            continue
        assert alike(told["prediction"], answer.prediction)
        for field, kind in (("probabilities", "probability"), ("scores", "score")):
            for each in getattr(answer, field, None) or ():
                assert told[f"{kind}_{each.class_}"] == pytest.approx(getattr(each, kind), rel=1e-6)


def alike(told: Any, answer: Any) -> bool:  # noqa: ANN401 - a class or a quantity
    assert not isinstance(answer, Mapping)
    if isinstance(answer, float):
        return bool(np.isclose(told, answer, rtol=1e-6))
    return bool(told == answer)

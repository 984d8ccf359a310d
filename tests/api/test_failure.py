"""A model that raises: the answer is a problem with an id, and no log holds the input."""

from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from servery.publishing import publish
from tests.api.problem import assert_problem
from tests.conftest import running

ODD = 12345.0


def test_a_model_that_raises_answers_with_a_problem_and_an_id(tmp_path: Path) -> None:
    X = pd.DataFrame({"size (m²)": np.linspace(1.5, 9.5, 30)})
    y = pd.Series(X["size (m²)"] * 2, name="price")
    # The root of a negative number is no number, and linear regression refuses that.
    model = make_pipeline(FunctionTransformer(np.sqrt), LinearRegression()).fit(X, y)
    publish(model, X, y, name="Größe 50%", root=tmp_path, fitted_on="2026-01-01")
    with running(tmp_path / "log", SERVERY_MODELS=str(tmp_path)) as server:
        fine = server.predict("Gr%C3%B6%C3%9Fe%2050%25", {"inputs": {"size (m²)": 4}})
        assert fine.json()["model"] == "Größe 50%"
        response = server.predict("Größe 50%25", {"inputs": {"size (m²)": -ODD}})
        problem = assert_problem(response, 422, "invalid-inputs")
        [fault] = problem["errors"]
        assert (fault["input"], fault["code"]) == ("size (m²)", "no-answer")
        assert "Seen in training: 1.5 to 9.5." in fault["detail"]
        log = server.log.read_text()
        assert problem["request_id"] in log
        assert "ValueError" in log
        assert "12345" not in log

"""Ninety shapes of estimators, each from its saved file to a form and an answer."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import joblib
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from servery.compiling.verification import TOLERANCE
from servery.layout import model_name
from tests.browser.conftest import Contexts, collect_errors
from tests.conftest import Server, running, servery
from tests.shapes import SHAPES

FITTED: dict[str, tuple[Any, Any]] = {}


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve a folder of model files, as `joblib.dump` wrote them, with nothing beside them."""
    folder = tmp_path_factory.mktemp("shapes")
    for name, shape in SHAPES.items():
        FITTED[name] = shape.fitted()
        joblib.dump(FITTED[name][0], folder / f"{name}.joblib")
    log = tmp_path_factory.mktemp("server") / "log"
    with running(log, command=servery("serve", folder), OMP_NUM_THREADS="1") as server:
        yield server


@pytest.fixture(scope="module")
def errors() -> list[str]:
    """What the console of the page reports."""
    return []


@pytest.fixture(scope="module")
def page(contexts: Contexts, shapes: Server, errors: list[str]) -> Iterator[Page]:
    """Open one page for all shapes, which goes from one to the next by its address."""
    opened = contexts.open(shapes.url)
    end = collect_errors(opened, errors)
    opened.goto(shapes.url)
    yield opened
    end()
    contexts.take_back()


# LocalOutlierFactor calls itself on an array when it is fitted on a table.
@pytest.mark.filterwarnings("ignore:X does not have valid feature names:UserWarning")
@pytest.mark.parametrize("name", SHAPES)
def test_a_saved_estimator_is_asked_over_http_and_answers_as_itself(
    shapes: Server, name: str
) -> None:
    estimator, X = FITTED[name]
    facts = shapes.get(f"/api/v1/models/{model_name(name)}").json()
    instances = _instances(X, [item["name"] for item in facts["signature"]["inputs"]])
    response = shapes.predict(model_name(name), {"instances": instances})
    assert response.status_code == 200, response.text
    _assert_same(facts["signature"]["output"], response.json()["predictions"], estimator, X)


@pytest.mark.parametrize("name", SHAPES)
def test_its_form_opens_and_answers(
    shapes: Server, page: Page, errors: list[str], name: str
) -> None:
    _, X = FITTED[name]
    facts = shapes.get(f"/api/v1/models/{model_name(name)}").json()
    inputs = facts["signature"]["inputs"]
    [instance] = _instances(X, [item["name"] for item in inputs])[:1]
    values = {key: "" if value is None else _typed(value) for key, value in instance.items()}
    query = "&".join(f"{quote(key)}={quote(value)}" for key, value in values.items())
    address = quote(model_name(name))
    with page.expect_response(f"**/models/{address}/predictions"):
        page.evaluate("hash => { location.hash = hash; }", f"#/models/{address}?{query}")
    expect(page.get_by_role("heading", level=1)).to_have_text(facts["title"])
    expect(page.get_by_role("region", name="Answer")).to_have_attribute("data-status", "ready")
    assert _fields(page) == len(inputs)
    assert errors == []


def _fields(page: Page) -> int:
    form = page.get_by_role("form", name="Inputs")
    return int(form.evaluate("form => form.querySelectorAll('servery-field').length"))


def _typed(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _instances(X: Any, names: list[str]) -> list[dict[str, Any]]:  # noqa: ANN401
    """Return rows as a caller would send them, under the names that the API gives."""
    if isinstance(X, list):
        return [{names[0]: text} for text in X]
    if isinstance(X, np.ndarray):
        return [dict(zip(names, row, strict=True)) for row in X.tolist()]
    asked = X.rename(columns=_renamed(X, names))[names].astype(object)
    rows: list[dict[str, Any]] = asked.where(asked.notna(), None).to_dict("records")
    return rows


def _renamed(X: pd.DataFrame, names: list[str]) -> dict[str, str]:
    """LightGBM keeps names with underscores for spaces."""
    return {name: name.replace(" ", "_") for name in X.columns if name not in names}


def _assert_same(output: Any, answers: Any, estimator: Any, X: Any) -> None:  # noqa: ANN401
    predicted = np.asarray(estimator.predict(X))
    if output["task"] == "multi-output":
        names = [part["name"] for part in output["outputs"]]
        found = [list(answer["prediction"].values()) for answer in answers]
        assert found == predicted.tolist()
        assert all(list(answer["outputs"]) == names for answer in answers)
        return
    found = [answer["prediction"] for answer in answers]
    is_number = output["task"] == "regression"
    assert found == (_near(predicted.ravel().tolist()) if is_number else predicted.ravel().tolist())
    if hasattr(estimator, "predict_proba"):
        _assert_figures(answers, "probabilities", "probability", estimator.predict_proba(X), output)
    elif output["task"] in {"classification", "outlier-detection"} and output["scores"]:
        scores = np.asarray(estimator.decision_function(X))
        both = np.column_stack([-scores, scores]) if scores.ndim == 1 else scores
        _assert_figures(answers, "scores", "score", both, output)


def _assert_figures(
    answers: Any,  # noqa: ANN401
    list_name: str,
    figure: str,
    expected: Any,  # noqa: ANN401
    output: Any,  # noqa: ANN401
) -> None:
    classes = [outcome["value"] for outcome in output["classes"]]
    for answer, row in zip(answers, np.asarray(expected).tolist(), strict=True):
        by_class = {each["class"]: each[figure] for each in answer[list_name]}
        assert [by_class[value] for value in classes] == _near(row)


def _near(figures: list[float]) -> Any:  # noqa: ANN401
    """Allow what the verification of a compiled form allows."""
    return pytest.approx(figures, rel=TOLERANCE, abs=1e-15)

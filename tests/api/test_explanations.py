"""Why, how sure and what if, asked over HTTP."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import requests
from sklearn.datasets import make_classification
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler
from sklearn.svm import LinearSVC

from servery.publishing import publish
from tests.api.problem import assert_problem
from tests.conftest import PATIENCE_S, Server, running

COOK = {
    "age": 39,
    "workclass": None,
    "education": "Bachelors",
    "marital.status": "Married-civ-spouse",
    "race": "White",
    "sex": "Male",
    "hours.per.week": 40,
}
DAY = {"temperature": 20.0, "humidity": 60.0, "windspeed": 12.0, "year": 2012.5}


def ask(server: Server, model: str, resource: str, body: Any) -> requests.Response:  # noqa: ANN401
    address = f"{server.url}/api/v1/models/{model}/{resource}"
    return requests.post(address, json=body, timeout=PATIENCE_S)


def test_an_explanation_has_the_shape_of_the_contract(server: Server) -> None:
    body = ask(server, "income", "explanations", {"inputs": COOK}).json()
    assert list(body) == [
        *("model", "version", "request_id", "method", "output", "base", "prediction"),
        *("contributions", "correlated"),
    ]
    assert body["correlated"][0]["inputs"] == ["marital.status", "sex"]
    assert [each["input"] for each in body["contributions"]] == list(COOK)
    assert body["contributions"][1]["value"] is None
    assert set(body["contributions"][0]) == {*("input", "value", "contribution", "standard_error")}
    total = body["base"] + sum(each["contribution"] for each in body["contributions"])
    assert total == pytest.approx(body["prediction"], abs=1e-6)


def test_another_class_is_explained_where_it_is_asked_for(server: Server) -> None:
    one, other = (
        ask(server, "income", "explanations", {"inputs": COOK, "output": name}).json()
        for name in ("<=50K", ">50K")
    )
    assert one["prediction"] + other["prediction"] == pytest.approx(1)
    for left, right in zip(one["contributions"], other["contributions"], strict=True):
        assert left["contribution"] == pytest.approx(-right["contribution"], abs=1e-9)


@pytest.mark.parametrize("version", ["income?version=1", "income@1"])
def test_a_version_can_be_named(server: Server, version: str) -> None:
    name, _, query = version.partition("?")
    address = f"{server.url}/api/v1/models/{name}/explanations?{query}"
    assert (
        requests.post(address, json={"inputs": COOK}, timeout=PATIENCE_S).json()["version"] == "1"
    )


@pytest.mark.parametrize(
    ("resource", "body", "pointer", "code"),
    [
        ("explanations", {"inputs": {**COOK, "age": "39"}}, "#/inputs/age", "not-an-integer"),
        ("explanations", {}, "#", "missing-member"),
        ("explanations", {"inputs": COOK, "outptu": 1}, "#", "unknown-member"),
        ("explanations", {"inputs": COOK, "output": ">50k"}, "#/output", "unknown-output"),
        ("explanations", {"inputs": COOK, "output": [1]}, "#/output", "unknown-output"),
        ("explanations", {"inputs": [COOK]}, "#/inputs", "not-an-object"),
        ("curves", {"inputs": COOK}, "#/input", "unknown-input"),
        ("curves", {"inputs": COOK, "input": "aeg"}, "#/input", "unknown-input"),
        ("curves", {"inputs": COOK, "input": {}}, "#/input", "unknown-input"),
        ("counterfactuals", {"inputs": COOK}, "#/target", "unknown-class"),
        ("counterfactuals", {"inputs": COOK, "target": {"min": 1}}, "#/target", "unknown-class"),
    ],
)
def test_what_is_wrong_is_named(
    server: Server, resource: str, body: dict[str, Any], pointer: str, code: str
) -> None:
    problem = assert_problem(ask(server, "income", resource, body), 422, "invalid-inputs")
    assert [(each["pointer"], each["code"]) for each in problem["errors"]] == [(pointer, code)]


@pytest.mark.parametrize(
    "target",
    [
        None,
        {},
        [],
        5,
        {"min": "1"},
        {"min": True},
        {"least": 1},
        {"max": 10**400},
        {"min": 4000, "max": 3000},
        {"min": None, "max": None},
        {"max": None},
    ],
)
def test_a_target_that_is_no_range_is_refused(server: Server, target: object) -> None:
    response = ask(server, "bikes", "counterfactuals", {"inputs": DAY, "target": target})
    problem = assert_problem(response, 422, "invalid-inputs")
    assert problem["errors"][0]["code"] == "not-a-target"


def test_what_a_model_cannot_tell_says_why(server: Server) -> None:
    body = {"inputs": {"height": 80, "weight": 40}, "target": "Dog"}
    problem = assert_problem(ask(server, "species", "counterfactuals", body), 404, "not-supported")
    assert "changeable" in problem["detail"]
    question = {"inputs": {"question_text": "Why?"}, "input": "question_text"}
    assert_problem(ask(server, "questions", "curves", question), 404, "not-supported")
    assert server.get("/api/v1/models/species").json()["capabilities"] == [
        *("explanations", "curves", "evaluation", "batches")
    ]


def test_a_curve_ascends_and_holds_the_present_value(server: Server) -> None:
    body = ask(server, "bikes", "curves", {"inputs": DAY, "input": "temperature"}).json()
    values = [point["value"] for point in body["points"]]
    assert values == sorted(values)
    assert 20.0 in values
    assert len(values) > 30
    present = server.predict("bikes", {"inputs": DAY}).json()["prediction"]
    [here] = [point["prediction"] for point in body["points"] if point["value"] == 20.0]
    assert here == pytest.approx(present, rel=1e-6)


def test_a_curve_of_categories_has_each_and_what_is_not_known(server: Server) -> None:
    body = ask(server, "income", "curves", {"inputs": COOK, "input": "workclass"}).json()
    values = [point["value"] for point in body["points"]]
    assert values[-1] is None
    assert {"Private", "Never-worked"} < set(values)


def test_counterfactuals_change_little_and_hold(server: Server) -> None:
    body = {"inputs": COOK, "target": ">50K"}
    before = server.predict("income", {"inputs": COOK}).json()["prediction"]
    body["target"] = "<=50K" if before == ">50K" else ">50K"
    found = ask(server, "income", "counterfactuals", body).json()["counterfactuals"]
    assert found
    for each in found:
        changed = {change["input"]: change["to"] for change in each["changes"]}
        assert set(changed) <= {"workclass", "education", "hours.per.week"}
        assert all(change["from"] == COOK[change["input"]] for change in each["changes"])
        after = server.predict("income", {"inputs": {**COOK, **changed}}).json()
        assert after["prediction"] == each["prediction"] == body["target"]
        assert after["probabilities"][0]["probability"] == pytest.approx(each["probability"])


def test_values_that_hardly_occur_together_are_warned_of(server: Server) -> None:
    odd = {**COOK, "age": 18, "education": "Doctorate", "marital.status": "Widowed"}
    [warning] = server.predict("income", {"inputs": odd}).json()["warnings"]
    assert (warning["input"], warning["code"]) == (None, "unusual-combination")
    assert "unusual combination" in warning["detail"]
    assert "Age" in warning["detail"]
    many = server.predict("income", {"instances": [COOK, odd] * 5}).json()["predictions"]
    assert [bool(each["warnings"]) for each in many] == [False, True] * 5


def test_an_interval_ends_at_what_the_quantity_cannot_go_beyond(server: Server) -> None:
    cold = {"temperature": -5.0, "humidity": 45.0, "windspeed": 14.0, "year": 2011.05}
    body = server.predict("bikes", {"inputs": cold}).json()
    assert body["interval"]["coverage"] == 0.9
    assert 0 == body["interval"]["low"] < body["prediction"] < body["interval"]["high"]


def test_an_evaluation_counts_every_row_once(server: Server) -> None:
    body = server.get("/api/v1/models/income/evaluation").json()
    assert sum(map(sum, body["confusion"]["counts"])) == body["rows"] == 6513
    assert sum(each["rows"] for each in body["calibration"]["bins"]) == 6513
    first, last = body["thresholds"]["points"][0], body["thresholds"]["points"][-1]
    assert (first["hits"], first["false_alarms"]) == (1568, 4945)
    assert last["hits"] == 0
    chosen = [each for each in body["thresholds"]["points"] if each["threshold"] == 0.5]
    assert chosen[0]["hits"] == body["confusion"]["counts"][1][1]
    assert "background" not in server.get("/api/v1/models/income").json()


def test_a_wide_slow_or_scoreless_model_is_explained_all_the_same(tmp_path: Path) -> None:
    X, y = make_classification(400, 25, n_informative=8, random_state=0)
    table = pd.DataFrame(X, columns=[f"a/b.{n} é" for n in range(25)])
    publish(
        RandomForestClassifier(50, max_features=5, random_state=0).fit(table, y),
        *(table, pd.Series(y, name="kind")),
        name="wide",
        root=tmp_path,
        cv=3,
    )
    publish(LinearSVC().fit(table, y), table, pd.Series(y), name="scores", root=tmp_path)
    targets = pd.DataFrame({"one": X[:, 0] * 2, "two": X[:, 1] + 3})
    publish(LinearRegression().fit(table, targets), table, targets, name="both", root=tmp_path)
    publish(LinearRegression().fit(table, y), name="bare", root=tmp_path)
    inputs = {name: float(value) for name, value in table.iloc[0].items()}
    models = str(tmp_path)
    with running(
        tmp_path / "log", SERVERY_MODELS=models, SERVERY_EXPLAIN_BUDGET_MS="300"
    ) as server:
        wide = ask(server, "wide", "explanations", {"inputs": inputs}).json()
        assert wide["method"] == "sampled"
        assert max(each["standard_error"] for each in wide["contributions"]) > 0
        scores = ask(server, "scores", "explanations", {"inputs": inputs}).json()
        both = ask(server, "both", "explanations", {"inputs": inputs, "output": "two"}).json()
        for body in (wide, scores, both):
            total = body["base"] + sum(each["contribution"] for each in body["contributions"])
            assert total == pytest.approx(body["prediction"], abs=1e-6)
        assert both["prediction"] == pytest.approx(inputs["a/b.1 é"] + 3, abs=1e-6)
        strongest = max(both["contributions"], key=lambda each: abs(each["contribution"]))
        assert strongest["input"] == "a/b.1 é"
        curve = {"inputs": inputs, "input": "a/b.1 é", "output": "two"}
        points = ask(server, "both", "curves", curve).json()["points"]
        assert np.allclose([each["prediction"] - each["value"] for each in points], 3)
        assert server.get("/api/v1/models/bare").json()["capabilities"] == ["batches"]
        problem = ask(server, "bare", "explanations", {"inputs": inputs})
        assert "publish it with its data" in assert_problem(problem, 404, "not-supported")["detail"]


PRICED = """
title = "Priced"
[inputs.price]
changeable = true
[inputs.fee]
changeable = true
"""
INPUTS = {"#/inputs/price", "#/inputs/fee"}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of the logarithm
def test_a_mixture_without_an_answer_is_refused_at_its_input(tmp_path: Path) -> None:
    # The logarithm has an answer only where both columns move together, as they do in training.
    price = np.linspace(1, 100, 60)
    table = pd.DataFrame({"price": price, "fee": price * 0.9 + np.sin(price)})
    steps = PCA(2), MinMaxScaler((1, 2)), FunctionTransformer(np.log), Ridge()
    model = make_pipeline(*steps).fit(table, price)
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "card.toml").write_text(PRICED)
    publish(model, table, pd.Series(price, name="worth"), name="log", root=tmp_path)
    inputs = {"price": 50.0, "fee": 44.9}
    with running(tmp_path / "server", SERVERY_MODELS=str(tmp_path)) as server:
        explained = ask(server, "log", "explanations", {"inputs": inputs})
        curve = ask(server, "log", "curves", {"inputs": inputs, "input": "price"})
        for answer, pointers in ((explained, INPUTS), (curve, {"#/input"})):
            faults = assert_problem(answer, 422, "invalid-inputs")["errors"]
            assert {each["pointer"] for each in faults} <= pointers
            assert {each["code"] for each in faults} == {"no-answer"}
        for ends in ({"min": 51}, {"max": 49}, {"min": 90}):
            body = {"inputs": inputs, "target": ends}
            found = ask(server, "log", "counterfactuals", body)
            assert found.status_code == 200, found.text
            for each in found.json()["counterfactuals"]:
                changed = inputs | {change["input"]: change["to"] for change in each["changes"]}
                assert server.predict("log", {"inputs": changed}).status_code == 200
        bad = {"inputs": {"price": 100.0, "fee": 1.0}}
        for resource, more in (
            ("explanations", {}),
            ("curves", {"input": "fee"}),
            ("counterfactuals", {"target": {"min": 5}}),
        ):
            assert_problem(ask(server, "log", resource, bad | more), 422, "invalid-inputs")


def test_an_explanation_does_not_hold_up_predictions(server: Server) -> None:
    text = {"inputs": {"question_text": "why is it so that people " * 30}}
    with ThreadPoolExecutor(1) as pool:
        explaining = pool.submit(ask, server, "questions", "explanations", text)
        is_over = False
        while not is_over:
            is_over = explaining.done()
            assert server.predict("questions", text).status_code == 200
    assert explaining.result().status_code == 200

"""MLflow's scoring server and SageMaker, with the bytes of MLflow's own client."""

import io
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

from tests.api.protocols.asking import ADULT, LOSSY, UNKNOWN, WITHOUT, ask, ours
from tests.conftest import Server, running

INVOKE = "/mlflow/income/invocations"
SPECIES = "/mlflow/species/invocations"
#: What `ScoringServerClient.invoke` of MLflow 3.17 sends for a frame with a missing value.
OF_CLIENT = b"""{"dataframe_split": {"index": [0, 1], "columns": ["age", "workclass", "education",
"marital.status", "race", "sex", "hours.per.week"], "data": [[39, "State-gov", "Bachelors",
"Never-married", "White", "Male", 40], [50, NaN, "Bachelors", "Never-married", "White", "Male",
40.0]]}}"""


def predictions(server: Server, body: Any, path: str = INVOKE, **options: Any) -> Any:  # noqa: ANN401
    answer = ask(server, path, body, **options)
    assert answer.status_code == 200, answer.text
    return answer.json()["predictions"]


def test_the_bytes_of_the_client_are_answered(server: Server) -> None:
    own = [each["prediction"] for each in ours(server, "income", ADULT, WITHOUT)]
    json = {"Content-Type": "application/json"}
    assert predictions(server, OF_CLIENT, headers=json) == own


def test_every_shape_has_the_same_answers(server: Server) -> None:
    rows = [ADULT, {**UNKNOWN, "age": 60}, WITHOUT]
    own = [each["prediction"] for each in ours(server, "income", *rows)]
    columns = {name: [row[name] for row in rows] for name in ADULT}
    values = [list(row.values()) for row in rows]
    for body in (
        {"dataframe_split": {"columns": list(ADULT), "data": values}},
        {"dataframe_split": {"columns": list(range(7)), "data": values}},
        {"dataframe_split": {"data": values}},
        {"dataframe_records": rows},
        {"instances": rows},
        {"inputs": columns},
        {"inputs": values},
    ):
        assert predictions(server, body) == own


def test_warnings_are_told_and_counted(server: Server) -> None:
    answer = ask(server, INVOKE, {"instances": [ADULT, UNKNOWN]})
    assert answer.headers["Servery-Warnings"] == "1"
    assert [each["row"] for each in answer.json()["warnings"]] == [1]


def test_tables_are_read(server: Server) -> None:
    frame = pd.DataFrame([ADULT, WITHOUT, {**ADULT, "age": 61}])
    own = [
        each["prediction"] for each in ours(server, "income", ADULT, WITHOUT, {**ADULT, "age": 61})
    ]
    text, parquet = frame.to_csv(index=False), io.BytesIO()
    frame.to_parquet(parquet)
    for media, body in (
        ("text/csv", text.encode()),
        ("text/csv; charset=utf-8", text.encode()),
        ("application/vnd.apache.parquet", parquet.getvalue()),
    ):
        assert predictions(server, body, headers={"Content-Type": media}) == own
    bad = ask(server, SPECIES, b"height,weight\n1,2\nx,3\n", headers={"Content-Type": "text/csv"})
    assert bad.status_code == 400
    assert bad.json()["message"].startswith("rows/1/height: ")


def test_a_column_that_is_no_input_is_left_out_and_counted(server: Server) -> None:
    answer = ask(server, INVOKE, {"dataframe_records": [{**ADULT, "name": "Ada"}]})
    assert (answer.status_code, answer.headers["Servery-Ignored-Columns"]) == (200, "1")
    misspelt = {name: value for name, value in ADULT.items() if name != "workclass"}
    answer = ask(server, INVOKE, {"dataframe_records": [{**misspelt, "workclas": "Private"}]})
    assert answer.status_code == 400
    assert "workclas" in answer.json()["message"]


@pytest.mark.parametrize("value", LOSSY)
def test_no_value_is_changed_quietly(server: Server, value: object) -> None:
    answer = ask(server, INVOKE, {"instances": [{**ADULT, "age": value}]})
    assert answer.status_code == 400
    assert answer.json()["error_code"] == "BAD_REQUEST"
    assert answer.json()["message"].startswith("instances/0/age: ")


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"text",
        b"{}",
        b'{"inputs": [[Infinity, 1]]}',
        b'{"inputs": [[1, 2]], "instances": []}',
        b'{"inputs": [[1, 2]], "params": {"x": 1}}',
        b'{"inputs": [[1]]}',
        b'{"inputs": {"height": [1], "weight": [1, 2]}}',
        b'{"inputs": 5}',
        b'{"dataframe_split": {"columns": ["height"], "data": [[1, 2]]}}',
        b'{"dataframe_split": {"columns": ["height", "height"], "data": [[1, 2]]}}',
        b'{"dataframe_split": {"columns": 5, "data": [[1, 2]]}}',
        b'{"dataframe_split": {"data": {}}}',
        b'{"dataframe_split": []}',
        b'{"dataframe_records": [[NaN, {"a": NaN}]]}',
    ],
)
def test_what_is_no_table_is_refused(server: Server, body: bytes) -> None:
    answer = ask(server, SPECIES, body)
    assert (answer.status_code, set(answer.json())) == (400, {"error_code", "message"})


@pytest.mark.parametrize(
    ("path", "media", "status", "code"),
    [
        ("/mlflow/nope/invocations", "application/json", 404, "RESOURCE_DOES_NOT_EXIST"),
        ("/invocations", "application/json", 404, "RESOURCE_DOES_NOT_EXIST"),
        (SPECIES, "image/png", 415, "BAD_REQUEST"),
        (SPECIES, "application/vnd.apache.parquet", 400, "BAD_REQUEST"),
    ],
)
def test_refusals_have_a_code_and_a_message(
    server: Server, path: str, media: str, status: int, code: str
) -> None:
    answer = ask(server, path, b"{}", headers={"Content-Type": media})
    assert (answer.status_code, answer.json()["error_code"]) == (status, code)


def test_health_is_told(server: Server) -> None:
    for path in ("ping", "health"):
        assert server.get(f"/mlflow/income/{path}").status_code == 200
    assert server.get("/mlflow/income/version").text
    assert server.get("/mlflow/nope/ping").status_code == 404
    assert "SERVERY_DEFAULT_MODEL" in server.get("/ping").json()["message"]


@pytest.fixture(scope="module")
def sagemaker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("sagemaker") / "log"
    with running(log, SERVERY_DEFAULT_MODEL="species", SERVERY_SPREADSHEETS="yes") as server:
        yield server


def test_the_default_model_answers_at_the_root(sagemaker: Server) -> None:
    assert sagemaker.get("/ping").status_code == 200
    assert predictions(sagemaker, {"inputs": [[90, 50]]}, "/invocations") == ["Dog"]
    csv = {"Content-Type": "text/csv"}
    body = b"height,weight\n90,50\n70,40\n"
    assert predictions(sagemaker, body, "/invocations", headers=csv) == ["Dog", "Cat"]


def test_a_spreadsheet_gets_one_value_where_that_is_allowed(
    sagemaker: Server, server: Server
) -> None:
    answer = sagemaker.get("/csv/species?height=90&weight=50")
    assert (answer.text, answer.headers["Content-Type"]) == ("Dog", "text/csv; charset=utf-8")
    assert sagemaker.get("/csv/species?height=90").status_code == 422
    twice = sagemaker.get("/csv/species?height=90&weight=50&height=91")
    assert (twice.status_code, twice.text) == (
        422,
        "query/height: Expected 'height' once, found it twice.\n",
    )
    assert "Did you mean 'height'?" in sagemaker.get("/csv/species?heigt=90&weight=50").text
    refused = server.get("/csv/species?height=90&weight=50")
    assert refused.status_code == 404
    assert "SERVERY_SPREADSHEETS" in refused.text

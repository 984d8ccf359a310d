"""Hugging Face, vetiver, CSV, BigQuery and Snowflake, as their clients ask."""

import csv
import io

import pytest

from tests.api.protocols.asking import ADULT, LOSSY, UNKNOWN, WITHOUT, ask, ours
from tests.conftest import Server

QUESTION = {"question_text": "How do I learn Python?"}
PAIRS = [{"height": 80, "weight": 45}, {"height": 81, "weight": 40}]


# Hugging Face.


def test_a_text_has_its_labels_in_a_nested_list(server: Server) -> None:
    [own] = ours(server, "questions", QUESTION)
    body = {"inputs": QUESTION["question_text"], "parameters": {}}
    [labels] = ask(server, "/hf/questions", body).json()
    assert labels == [
        {"label": str(each["class"]), "score": each["probability"]} for each in own["probabilities"]
    ]
    both = ask(server, "/hf/questions", {"inputs": ["a b", "c"], "parameters": {"top_k": 1}}).json()
    assert [len(each) for each in both] == [1, 1]


@pytest.mark.parametrize("place", ["table", "inputs"])
def test_a_table_of_texts_is_read_as_cells_are(server: Server, place: str) -> None:
    rows = [ADULT, WITHOUT]
    own = [each["prediction"] for each in ours(server, "income", *rows)]
    table = {name: ["" if row[name] is None else str(row[name]) for row in rows] for name in ADULT}
    body = {"table": table} if place == "table" else {"inputs": {"data": table}}
    assert ask(server, "/hf/income", body).json() == own


@pytest.mark.parametrize(
    ("model", "body"),
    [
        ("questions", {"inputs": 5}),
        ("questions", {}),
        ("questions", {"inputs": "a", "parameters": {"top_k": 0}}),
        ("questions", {"inputs": "a", "parameters": {"candidate_labels": []}}),
        ("questions", {"inputs": "a", "parameters": [1]}),
        ("income", {"inputs": "a"}),
        ("income", {"table": {"age": ["39.5"]}}),
        ("income", {"table": []}),
        ("income", {"table": {"age": ["1"], "sex": []}}),
    ],
)
def test_hugging_face_is_told_what_is_wrong(server: Server, model: str, body: object) -> None:
    answer = ask(server, f"/hf/{model}", body)
    assert (answer.status_code, set(answer.json())) == (422, {"error"})


# vetiver.


def test_records_are_predicted_without_a_content_type(server: Server) -> None:
    own = [each["prediction"] for each in ours(server, "species", *PAIRS)]
    body = b'[{"height":80,"weight":45},{"height":81,"weight":40}]'
    assert ask(server, "/vetiver/species/predict", body).json() == {"predict": own}
    assert ask(server, "/vetiver/species/predict", PAIRS[0]).json() == {"predict": own[:1]}


def test_vetiver_learns_of_a_model(server: Server) -> None:
    assert server.get("/vetiver/species/ping").json() == {"ping": "pong"}
    assert server.get("/vetiver/species/metadata").json()["version"] == "1"
    assert set(server.get("/vetiver/species/prototype").json()["properties"]) == {
        "height",
        "weight",
    }


@pytest.mark.parametrize("value", LOSSY)
def test_vetiver_is_told_the_place_of_a_fault(server: Server, value: object) -> None:
    answer = ask(server, "/vetiver/income/predict", [{**ADULT, "age": value}])
    [fault] = answer.json()["detail"]
    assert (answer.status_code, fault["loc"]) == (422, ["body", "0", "age"])


# CSV.


def scored(server: Server, body: bytes, query: str = "") -> tuple[list[dict[str, str]], object]:
    answer = ask(server, f"/csv/income{query}", body, headers={"Content-Type": "text/csv"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.text))), answer.headers


def table(*rows: dict[str, object], delimiter: str = ",") -> bytes:
    file = io.StringIO()
    writer = csv.DictWriter(file, rows[0], delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def test_rows_of_csv_come_back_with_their_predictions(server: Server) -> None:
    rows = [ADULT, UNKNOWN, WITHOUT, {**ADULT, "age": 39.5}]
    own = ours(server, "income", *rows[:3])
    found, headers = scored(server, table(*rows))
    assert [each["prediction"] for each in found[:3]] == [each["prediction"] for each in own]
    assert [bool(each["warnings"]) for each in found] == [False, True, False, False]
    assert found[3]["prediction"] == ""
    assert "whole number" in found[3]["error"]
    assert headers["Servery-Warnings"] == headers["Servery-Faulty-Rows"] == "1"  # type: ignore[index]


def test_options_of_reading_are_in_the_query(server: Server) -> None:
    missing = {**ADULT, "workclass": "n/a"}
    body = table(missing, delimiter="|")
    answer = ask(
        server,
        "/csv/income?delimiter=%7C&missing=n/a",
        body,
        headers={"Content-Type": "text/csv"},
    )
    [row] = csv.DictReader(io.StringIO(answer.text), delimiter="|")
    assert row["warnings"] == ""
    wrong = ask(server, "/csv/income?decimal=x", body, headers={"Content-Type": "text/csv"})
    assert wrong.status_code == 422


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        (b"", "text/csv", 422),
        (b"age\n1\n", "text/csv", 422),
        (b"\x89PNG\r\n\x1a\n0000", "text/csv", 422),
        (b"{}", "application/json", 415),
        (b"PAR1" + b"\0" * 40 + b"PAR1", "application/parquet", 422),
    ],
)
def test_what_is_no_table_is_refused_in_words(
    server: Server, body: bytes, media: str, status: int
) -> None:
    answer = ask(server, "/csv/income", body, headers={"Content-Type": media})
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.text.endswith(".\n")


def test_too_many_rows_are_refused(server: Server) -> None:
    body = b"height,weight\n" + b"1,2\n" * 10_001
    for path in ("/csv/species", "/mlflow/species/invocations"):
        answer = ask(server, path, body, headers={"Content-Type": "text/csv"})
        assert answer.status_code in (400, 422)
        assert "10000" in answer.text


# BigQuery and Snowflake.


def test_calls_of_bigquery_are_replied_to(server: Server) -> None:
    own = [each["prediction"] for each in ours(server, "species", *PAIRS)]
    body = {
        "requestId": "124ab1c",
        "caller": "//bigquery.googleapis.com/projects/p/jobs/j",
        "sessionUser": "user@example.org",
        "userDefinedContext": {},
        "calls": [[80, 45], [PAIRS[1]]],
    }
    assert ask(server, "/bigquery/species", body).json() == {"replies": own}
    full = ask(server, "/bigquery/species/details", body).json()["replies"]
    assert full == ours(server, "species", *PAIRS)


def test_rows_of_snowflake_keep_their_numbers(server: Server) -> None:
    own = [each["prediction"] for each in ours(server, "species", *PAIRS)]
    body = {"data": [[7, 80, 45], [3, 81, 40]]}
    answer = ask(server, "/snowflake/species", body).json()
    assert answer == {"data": [[7, own[0]], [3, own[1]]]}


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("/bigquery/species", {"calls": [[80, 45], [80, "x"]]}, "calls/1/weight"),
        ("/bigquery/species", {"calls": 5}, "list of lists"),
        ("/bigquery/species", {}, "list of lists"),
        ("/bigquery/species", {"calls": [[1, 2, 3]]}, "2 values"),
        ("/snowflake/species", {"data": [[]]}, "number of each row"),
        ("/snowflake/species", {"data": [[0, 80]]}, "2 values"),
    ],
)
def test_warehouses_are_told_what_is_wrong(
    server: Server, path: str, body: object, words: str
) -> None:
    answer = ask(server, path, body)
    assert (answer.status_code, set(answer.json())) == (400, {"errorMessage"})
    assert words in answer.json()["errorMessage"]

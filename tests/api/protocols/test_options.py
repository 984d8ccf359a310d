"""Options in the query of a protocol's address: each has an effect, or is refused."""

import csv
import io
from collections.abc import Mapping
from typing import Any

import pytest
import requests

from tests.api.protocols.asking import ADULT, ask, ours
from tests.conftest import Server

ROW = ",".join(map(str, ADULT.values()))
TABLE = f"{','.join(ADULT)}\n{ROW}\n".encode()
CSV = {"Content-Type": "text/csv"}
ONE = {"instances": [ADULT]}
#: Requests to each protocol, and the member of a refusal that has the words; none is plain text.
ASKED: Mapping[str, tuple[Any, str | None]] = {
    "/csv/income": (TABLE, None),
    "/v1/models/income:predict": (ONE, "error"),
    "/v2/models/income/infer": ({"inputs": []}, "error"),
    "/mlflow/income/invocations": (ONE, "message"),
    "/hf/income": ({"table": {}}, "error"),
    "/vetiver/income/predict": ([ADULT], "detail"),
    "/bigquery/income": ({"calls": [[ADULT]]}, "errorMessage"),
    "/snowflake/income": ({"data": [[0, ADULT]]}, "errorMessage"),
    "/mcp": ({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}, "error"),
}
SHOWN = (
    "/v1/models",
    "/v1/models/income",
    "/v2",
    "/v2/models/income",
    "/mlflow/income/ping",
    "/hf/income",
    "/vetiver/income/metadata",
)


def words(answer: requests.Response) -> str:
    assert answer.status_code in (400, 422), answer.text
    return answer.text


@pytest.mark.parametrize("path", ASKED)
def test_an_option_without_effect_is_refused_in_the_form_of_the_protocol(
    server: Server, path: str
) -> None:
    body, member = ASKED[path]
    for query, said in (("version=9", "in the path, as in income@2"), ("verbose", "verbose")):
        answer = ask(server, f"{path}?{query}", body, headers=CSV if member is None else {})
        assert said in words(answer)
        if member is None:
            assert answer.headers["Content-Type"].startswith("text/plain")
        else:
            assert member in answer.json()


@pytest.mark.parametrize("path", SHOWN)
def test_options_are_refused_where_a_model_is_shown(server: Server, path: str) -> None:
    assert server.get(path).status_code == 200
    assert "Expected no options" in words(server.get(f"{path}?version=9"))


@pytest.mark.parametrize("path", ASKED)
def test_what_no_protocol_sees_is_refused_in_its_form(server: Server, path: str) -> None:
    _, member = ASKED[path]
    for body, headers, status in (
        (b" " * (16 * 1024 * 1024 + 1), {}, 413),
        (b"{}", {"Host": "evil.example"}, 421),
        (b"{}", {"Origin": "https://evil.example"}, 403),
    ):
        answer = ask(server, path, body, headers=headers)
        assert answer.status_code == status
        if member is None:
            assert answer.headers["Content-Type"].startswith("text/plain")
            assert answer.text.endswith(".\n")
        else:
            assert answer.headers["Content-Type"] == "application/json"
            assert member in answer.json()
    own = ask(server, "/api/v1/models/income/predictions", b"{}", headers={"Host": "evil.example"})
    assert own.headers["Content-Type"] == "application/problem+json"


def test_the_path_names_a_version(server: Server) -> None:
    assert ask(server, "/csv/income@1", TABLE, headers=CSV).status_code == 200
    assert ask(server, "/csv/income@9", TABLE, headers=CSV).status_code == 404


@pytest.mark.parametrize("path", ["/csv/income", "/mlflow/income/invocations"])
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("decimals=,", "Did you mean 'decimal'?"),
        ("decimal=x", "Expected '.' or ',' for decimal, found 'x'."),
        ("delimiter=ab", "one ASCII character"),
        ("encoding=klingon", "'latin-1' for encoding, found 'klingon'."),
        ("decimal=,&decimal=.", "Expected 'decimal' once, found it twice."),
        ("sheet=a", "Expected one of delimiter, "),
    ],
)
def test_an_option_of_reading_that_is_wrong_is_named(
    server: Server, path: str, query: str, said: str
) -> None:
    answer = ask(server, f"{path}?{query}", TABLE, headers=CSV)
    assert said in (answer.text if path.startswith("/csv") else answer.json()["message"])


def test_several_texts_may_mean_a_missing_value(server: Server) -> None:
    rows = [ROW.replace("State-gov", each).encode() + b"\n" for each in ("-", "void")]
    table = b"".join([TABLE, *rows])
    answer = ask(server, "/mlflow/income/invocations?missing=-&missing=void", table, headers=CSV)
    assert "warnings" not in answer.json()
    some = ask(server, "/mlflow/income/invocations?missing=-", table, headers=CSV)
    assert [each["row"] for each in some.json()["warnings"]] == [2]


def test_the_content_type_names_an_encoding(server: Server) -> None:
    table = TABLE.decode().replace("State-gov", "Självständig").encode("latin-1")
    headers = {"Content-Type": 'text/csv; charset="ISO-8859-1"'}
    answer = ask(server, "/csv/income", table, headers=headers)
    assert answer.content.decode().splitlines()[1].startswith("39,Självständig,")
    strange = ask(server, "/csv/income", TABLE, headers={"Content-Type": "text/csv; charset=x-y"})
    assert "for encoding, found 'x-y'" in words(strange)
    marked = ask(
        server,
        "/csv/income",
        b"\xef\xbb\xbf" + TABLE,
        headers={"Content-Type": "text/csv; charset=utf-8"},
    )
    assert marked.content.decode().startswith("age,")


def without(*names: str) -> bytes:
    row = {name: str(value) for name, value in ADULT.items() if name not in names}
    return f"{','.join(row)}\n{','.join(row.values())}\n".encode()


def test_an_input_without_a_column_is_assumed_missing(server: Server) -> None:
    absent = {name: value for name, value in ADULT.items() if name != "workclass"}
    [own] = ours(server, "income", absent)
    assert [each["code"] for each in own["warnings"]] == ["assumed-missing"]
    table = without("workclass")
    answer = ask(server, "/csv/income", table, headers=CSV)
    [row] = csv.DictReader(io.StringIO(answer.text))
    assert row["prediction"] == own["prediction"]
    assert "workclass" in row["warnings"]
    assert answer.headers["Servery-Warnings"] == "1"
    told = ask(server, "/mlflow/income/invocations", table, headers=CSV).json()
    assert told["predictions"] == [own["prediction"]]
    assert told["warnings"] == [{"row": 0, **own["warnings"][0]}]
    misspelt = ask(server, "/csv/income", TABLE.replace(b"workclass", b"workclas"), headers=CSV)
    assert "Did you mean 'workclas'?" in words(misspelt)


@pytest.mark.parametrize("path", ["/csv/income", "/mlflow/income/invocations"])
@pytest.mark.parametrize(
    ("table", "said"),
    [
        (without("age"), "'age'. Give the columns the names of the inputs."),
        (without("age", "sex"), "'sex'. Give the columns the names of the inputs."),
        (b"id\n1\n", "'workclass'."),
        (f"{ROW}\n{ROW}\n".encode(), "Choose one in the query: ?header=none or ?header=1."),
        (TABLE.replace(b"State-gov", b"\xe4\xf6"), "?encoding=cp1252 or ?encoding=latin-1."),
    ],
)
def test_a_table_is_refused_with_what_a_request_can_do(
    server: Server, path: str, table: bytes, said: str
) -> None:
    text = words(ask(server, path, table, headers=CSV))
    assert said in text
    assert "--" not in text

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.conftest import PATIENCE_S, Server

EXAMPLES = 40
# No schema can say that a key came with another table before.
KEYS = """
[[operations]]
include-path = "/api/v1/models/{model}/batches"
checks.positive_data_acceptance.expected-statuses = [200, 202, 404, 409, 422, 503]
"""


@pytest.fixture(scope="module")
def document(server: Server) -> dict[str, Any]:
    body: dict[str, Any] = server.get("/openapi.json").json()
    return body


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(document).validate()


def test_each_model_has_its_own_inputs(document: dict[str, Any]) -> None:
    post = document["paths"]["/api/v1/models/income/predictions"]["post"]
    one, many = post["requestBody"]["content"]["application/json"]["schema"]["oneOf"]
    inputs = one["properties"]["inputs"]
    assert inputs["properties"]["hours.per.week"]["maximum"] == 168
    assert "workclass" not in inputs["required"]
    assert many["properties"]["instances"]["maxItems"] == 10_000


def test_every_problem_is_documented(document: dict[str, Any]) -> None:
    post = document["paths"]["/api/v1/models/species/predictions"]["post"]
    assert set(post["responses"]) == {
        *("200", "400", "403", "404", "405", "413", "415", "421", "422", "500", "503", "504")
    }


def test_every_example_is_answered(document: dict[str, Any], server: Server) -> None:
    for path, item in document["paths"].items():
        content = item.get("post", {}).get("requestBody", {}).get("content", {})
        for example in content.get("application/json", {}).get("examples", {}).values():
            response = requests.post(server.url + path, json=example["value"], timeout=PATIENCE_S)
            assert response.status_code == 200, path


def test_schemathesis_finds_no_failure(server: Server, tmp_path: Path) -> None:
    (tmp_path / "schemathesis.toml").write_text(KEYS)
    command = [
        *(str(Path(sys.executable).with_name("schemathesis")), "run"),
        f"{server.url}/openapi.json",
        # Only so many streams are open at once, each for a while.
        *("--exclude-path", "/api/v1/batches/{id}/events"),
        *("--checks", "all", "--max-examples", str(EXAMPLES), "--seed", "1", "--no-color"),
    ]
    run = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False
    )
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]

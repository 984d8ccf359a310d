import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests
from openapi_spec_validator import OpenAPIV31SpecValidator

from servery.api import EXTENSION
from servery.api.openapi import document as document_of
from servery.app import create_app
from servery.settings import Settings
from tests.conftest import PATIENCE_S, ROOT, Server

EXAMPLES = 25
# No schema can say that a key came with another table before.
KEYS = """
# Nor which inputs a model has whose name is a parameter.
[[operations]]
include-path = "/api/v1/models/{model}/predictions"
checks.positive_data_acceptance.expected-statuses = [200, 404, 422, 503]

# Nor that the least number of a range must not be above its most.
[[operations]]
include-path-regex = "/api/v1/models/.*/counterfactuals$"
checks.positive_data_acceptance.expected-statuses = [200, 404, 422, 503]

[[operations]]
include-path = "/api/v1/models/{model}/batches"
checks.positive_data_acceptance.expected-statuses = [200, 202, 404, 409, 422, 503]
# 413: a form has more fields, or longer ones, than are taken.
checks.negative_data_rejection.expected-statuses = [400, 404, 409, 413, 415, 422, 429, 503]
"""


@pytest.fixture(scope="module")
def document(server: Server) -> dict[str, Any]:
    body: dict[str, Any] = server.get("/openapi.json").json()
    return body


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(document).validate()


def test_each_model_has_its_own_inputs_as_a_component(document: dict[str, Any]) -> None:
    post = document["paths"]["/api/v1/models/income/predictions"]["post"]
    schemas = document["components"]["schemas"]
    one, many = post["requestBody"]["content"]["application/json"]["schema"]["oneOf"]
    assert one == {"$ref": "#/components/schemas/IncomeInstance"}
    assert many == {"$ref": "#/components/schemas/IncomeInstances"}
    inputs = {"$ref": "#/components/schemas/IncomeInputs"}
    assert schemas["IncomeInstance"]["properties"]["inputs"] == inputs
    instances = schemas["IncomeInstances"]["properties"]["instances"]
    assert instances == {"type": "array", "maxItems": 10_000, "items": inputs}
    assert schemas["IncomeInputs"]["properties"]["hours.per.week"]["maximum"] == 168
    assert "workclass" not in schemas["IncomeInputs"]["required"]


def test_every_problem_is_documented(document: dict[str, Any]) -> None:
    of_all = {"400", "405", "408", "414", "417", "421", "431", "500", "501", "503"}
    of_bodies = {"403", "413", "415", "422"}
    paths = document["paths"]
    predict = paths["/api/v1/models/species/predictions"]["post"]
    assert set(predict["responses"]) == {"200", "404", "504"} | of_all | of_bodies
    create = paths["/api/v1/models/{model}/batches"]["post"]
    assert set(create["responses"]) == {"200", "202", "404", "409", "507"} | of_all | of_bodies
    delete = paths["/api/v1/batches/{id}"]["delete"]
    assert set(delete["responses"]) == {"204", "403", "404", "507"} | of_all
    result = paths["/api/v1/batches/{id}/result"]["get"]
    assert set(result["responses"]) == {"200", "206", "304", "404", "409", "416"} | of_all
    assert set(paths["/livez"]["get"]["responses"]) == {"200"} | of_all - {"421"}


REFUSED = {
    "of another host": {"headers": {"Host": "evil.example"}},
    "by a page of another site": {"headers": {"Origin": "https://evil.example"}},
    "that expects what nobody knows": {"headers": {"Expect": "tea"}},
    "of too many headers": {"headers": {f"X-{number}": "x" for number in range(150)}},
    "with too long an address": {"params": {"q": "x" * 9_000}},
    "with an unknown coding": {"headers": {"Transfer-Encoding": "br"}},
    "with a body of another kind": {"data": b"<a/>", "headers": {"Content-Type": "text/xml"}},
    "with a body that is not JSON": {
        "data": b"{",
        "headers": {"Content-Type": "application/json"},
    },
    "with a body of no member": {"json": {}},
    "that is plain": {},
}


@pytest.mark.parametrize("options", REFUSED.values(), ids=REFUSED)
def test_each_operation_answers_with_a_status_that_it_documents(
    document: dict[str, Any], server: Server, options: dict[str, Any]
) -> None:
    for path, item in document["paths"].items():
        if path.endswith("/events"):
            continue
        address = server.url + path.replace("{model}", "income").replace("{id}", "x")
        for method, operation in item.items():
            answer = requests.request(method, address, timeout=PATIENCE_S, **options)
            assert str(answer.status_code) in operation["responses"], (method, path)


def test_every_route_is_documented_and_every_operation_has_a_route() -> None:
    app = create_app(Settings(models=ROOT / "models"))
    with app.app_context():
        found = document_of(app.extensions[EXTENSION])
    routes = app.url_map.bind("localhost")
    documented = {
        (method.upper(), routes.match(path, method.upper())[0])
        for path, item in found["paths"].items()
        for method in item
    }
    served = {
        (method, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    no_shipped_model = {("POST", "nearest_rows.create_nearest_rows")}  # none keeps rows
    assert documented | no_shipped_model == served


def test_ids_and_components_have_names_that_generators_can_use(document: dict[str, Any]) -> None:
    ids = [each["operationId"] for item in document["paths"].values() for each in item.values()]
    for names in (ids, list(document["components"]["schemas"])):
        assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name) for name in names)
        plain = [name.replace("_", "").lower() for name in names]
        assert len(set(plain)) == len(plain)


def test_every_example_is_answered(document: dict[str, Any], server: Server) -> None:
    for path, item in document["paths"].items():
        content = item.get("post", {}).get("requestBody", {}).get("content", {})
        for example in content.get("application/json", {}).get("examples", {}).values():
            address = server.url + path.replace("{model}", "bikes")  # the first one, as its example
            response = requests.post(address, json=example["value"], timeout=PATIENCE_S)
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

"""What fits the inputs of a model is answered by every protocol, and nothing is an error of ours.

The bodies of protocols are no part of our OpenAPI document: their clients have documents of their
own. So the one here is made for schemathesis, from the inputs in ours.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.conftest import Server

EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "10"))
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "positive_data_acceptance",
)
INSTANCE = {"$ref": "#/components/schemas/Inputs"}
FLAG = {"type": "boolean"}
TEXT = {"type": "string"}


def some(item: dict[str, Any], least: int = 1, most: int = 3) -> dict[str, Any]:
    return {"type": "array", "items": item, "minItems": least, "maxItems": most}


def members(optional: dict[str, Any] | None = None, **required: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


def having(*names: str) -> dict[str, Any]:
    return {"type": "object", "required": list(names)}


#: One tensor for both inputs of species.
TENSOR = members(
    name=TEXT,
    shape={"enum": [[1, 2]]},
    datatype={"enum": ["FP64", "FP32"]},
    data=some({"type": "number", "minimum": 20, "maximum": 100}, 2, 2),
)
OUTPUT = members(
    {"parameters": members(binary_data={"const": False})},
    name={"enum": ["predict", "predict_proba", "classes"]},
)
CALL = members(name={"const": "predict_income"}, arguments=INSTANCE)
#: Of each path the body, and what is answered.
ASKED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "/v1/models/income:predict": (members(instances=some(INSTANCE)), having("predictions")),
    "/v1/models/income:classify": (members(examples=some(INSTANCE)), having("result")),
    "/v2/models/species/infer": (
        members(
            {
                "id": TEXT,
                "outputs": some(OUTPUT, 0),
                "parameters": members(binary_data_output={"const": False}),
            },
            inputs=some(TENSOR, 1, 1),
        ),
        having("model_name", "model_version", "outputs"),
    ),
    "/v2/repository/index": (members({"ready": FLAG}), {"type": "array"}),
    "/mlflow/income/invocations": (
        {"oneOf": [members(instances=some(INSTANCE)), members(dataframe_records=some(INSTANCE))]},
        having("predictions"),
    ),
    "/vetiver/income/predict": (some(INSTANCE), having("predict")),
    "/bigquery/income": (
        members({"requestId": TEXT}, calls=some(some(INSTANCE, 1, 1))),
        having("replies"),
    ),
    "/mcp": (
        members(
            jsonrpc={"const": "2.0"},
            id={"type": "integer"},
            method={"const": "tools/call"},
            params=CALL,
        ),
        {"oneOf": [having("jsonrpc", "id", "result"), having("jsonrpc", "id", "error")]},
    ),
}


def document(inputs: dict[str, Any]) -> dict[str, Any]:
    def operation(path: str) -> dict[str, Any]:
        body, answer = ({"application/json": {"schema": schema}} for schema in ASKED[path])
        return {
            "operationId": path,
            "requestBody": {"required": True, "content": body},
            "responses": {
                "200": {"description": "Answered", "content": answer},
                "202": {"description": "A notification, which has no answer"},
                "4XX": {
                    "description": "Refused",
                    "content": {"application/json": {"schema": {"type": "object"}}},
                },
            },
        }

    return {
        "openapi": "3.1.0",
        "info": {"title": "Protocols", "version": "1"},
        "paths": {path: {"post": operation(path)} for path in ASKED},
        "components": {"schemas": {"Inputs": inputs}},
    }


def test_schemathesis_finds_no_failure_of_a_protocol(server: Server, tmp_path: Path) -> None:
    own = server.get("/openapi.json").json()["components"]["schemas"]
    (tmp_path / "protocols.json").write_text(json.dumps(document(own["IncomeInputs"])))
    command = [
        *(str(Path(sys.executable).with_name("schemathesis")), "run", "protocols.json"),
        *("--url", server.url, "--checks", ",".join(CHECKS)),
        *("--max-examples", str(EXAMPLES), "--seed", "1", "--no-color"),
    ]
    run = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False
    )
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]

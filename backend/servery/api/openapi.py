"""The OpenAPI 3.1 document: each model's own inputs, and every problem it may answer with."""

from collections.abc import Iterable, Mapping
from typing import Any, get_args
from urllib.parse import quote

import msgspec
from flask import Blueprint
from flask.typing import ResponseReturnValue

from servery.api import JSON, Answered, Services, answer, current_services
from servery.api.problems import FRAMEWORK, PROBLEM_JSON, PROBLEMS, Problem
from servery.api.resources.batches.facts import JobFacts
from servery.api.resources.batches.job_options import DELIMITER, FORMATS, KEY
from servery.api.resources.batches.routes import MOST_WAIT_S
from servery.api.resources.batches.uploads import MEDIA, MULTIPART
from servery.api.resources.explanations import LARGEST, Counterfactuals
from servery.api.resources.health import Alive, Ready
from servery.api.resources.models import EvaluationFacts, ModelFacts, ModelList
from servery.batch.reading import Dates, Decimal
from servery.explaining import Curve, Explanation, capabilities
from servery.explaining.curves import values_of
from servery.jobs.records import LONGEST_MISSING, MOST_MISSING
from servery.predict import ClassPrediction, ManyPrediction, QuantityPrediction
from servery.served import ServedModel
from servery.signature import ClassOutput, MultiOutput, Output, RegressionOutput, Scalar
from servery.version import __version__

bp = Blueprint("openapi", __name__)

Schema = dict[str, Any]

PREDICTIONS = {
    ClassOutput: ClassPrediction.__name__,
    RegressionOutput: QuantityPrediction.__name__,
    MultiOutput: ManyPrediction.__name__,
}
#: Likely ones, and all that a job may tell that it found.
ENCODINGS = [
    *("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"),
    *("latin-1", "cp1252"),
]
READING = (404, 405, 421, 500, 503)
PREDICTING = (400, 403, 404, 405, 413, 415, 421, 422, 500, 503, 504)


@bp.get("/openapi.json")
def openapi() -> ResponseReturnValue:
    """Send the document of this very server, for the models that it serves now."""
    return answer(document(current_services()), cache="no-cache")


def document(services: Services) -> Schema:
    """Return the OpenAPI document of the models in the repository."""
    models = list(services.repository)
    names = [model.name for model in models]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Servery",
            "version": __version__,
            "summary": "Fitted models, asked over HTTP.",
            "description": "Values are taken exactly or refused, with every fault named. "
            "Errors are problems as RFC 9457 has them.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [
            {"name": "predictions", "description": "Ask a model."},
            {"name": "explanations", "description": "Why, how sure, and what if."},
            {"name": "batches", "description": "Score whole tables."},
            {"name": "models", "description": "What there is to ask."},
            {"name": "operation", "description": "For those who run the server."},
        ],
        "paths": {
            **{_path(model, "predictions"): _predicting(model, services) for model in models},
            **_explaining(models, services),
            **_batches(names),
            "/api/v1/models": _reading("models", "list_models", "Every model", "ModelList"),
            "/api/v1/models/{model}": _reading(
                "models", "show_model", "One model", "ModelFacts", [_named(names), VERSION]
            ),
            "/api/v1/models/{model}/evaluation": _reading(
                "models",
                "show_evaluation",
                "How one model did on unseen rows",
                "EvaluationFacts",
                [
                    _named([model.name for model in models if "evaluation" in capabilities(model)]),
                    VERSION,
                ],
            ),
            "/livez": _reading("operation", "livez", "The process answers", "Alive"),
            "/readyz": _reading("operation", "readyz", "Models can be asked", "Ready"),
        },
        "components": {"schemas": _components(), "responses": _problems()},
    }


VERSION: Schema = {
    "name": "version",
    "in": "query",
    "required": False,
    "description": "A version of the model; the newest where none is named.",
    "schema": {"type": "string", "pattern": "^[0-9]+$"},
}


def _path(model: ServedModel, resource: str) -> str:
    return f"/api/v1/models/{quote(model.name, safe='')}/{resource}"


def _named(names: list[str]) -> Schema:
    return {
        "name": "model",
        "in": "path",
        "required": True,
        "description": "The name of a model.",
        "schema": {"type": "string", "enum": names} if names else {"type": "string"},
    }


def _reading(
    tag: str, operation: str, summary: str, schema: str, parameters: Iterable[Schema] = ()
) -> Schema:
    return {
        "get": {
            "tags": [tag],
            "operationId": operation,
            "summary": summary,
            "parameters": list(parameters),
            "responses": {
                "200": _response(summary, {"$ref": f"#/components/schemas/{schema}"}),
                **_problem_refs(READING),
            },
        }
    }


def _predicting(model: ServedModel, services: Services) -> Schema:
    instance = model.signature.schema()
    most = services.settings.max_instances
    return {
        "post": {
            "tags": ["predictions"],
            "operationId": f"predict_{model.name}",
            "summary": f"Ask {model.title}",
            "description": model.card.summary,
            "parameters": [_one_version(model, services)],
            "requestBody": {
                "required": True,
                "content": {
                    JSON: {
                        "schema": {
                            "oneOf": [
                                _closed({"inputs": instance}),
                                _closed(
                                    {
                                        "instances": {
                                            "type": "array",
                                            "maxItems": most,
                                            "items": instance,
                                        }
                                    }
                                ),
                            ]
                        },
                        "examples": _examples(model),
                    }
                },
            },
            "responses": {"200": _answers(model), **_problem_refs(PREDICTING)},
        }
    }


def _explaining(models: Iterable[ServedModel], services: Services) -> Schema:
    """Return what can be asked of each model beside predictions."""
    return {
        _path(model, capability): _asking(model, services, capability)
        for model in models
        for capability in capabilities(model)
        if capability in EXPLAINING
    }


#: What is asked beside predictions: the word of the operation, a sentence, and what is answered.
EXPLAINING = {
    "explanations": ("explain", "What moved a prediction", Explanation),
    "curves": ("curve", "How a prediction changes as one input moves", Curve),
    "counterfactuals": ("counterfactuals", "What would turn the outcome", Counterfactuals),
}


def _asking(model: ServedModel, services: Services, capability: str) -> Schema:
    operation, summary, answered = EXPLAINING[capability]
    required, optional = _further(model, capability)
    members = {"inputs": model.signature.schema(), **required, **optional}
    schema = {**_closed(members), "required": ["inputs", *required]}
    example = {"inputs": model.example, **{name: _first(each) for name, each in required.items()}}
    refs = [{"$ref": f"#/components/schemas/{each.__name__}"} for each in (Answered, answered)]
    return {
        "post": {
            "tags": ["explanations"],
            "operationId": f"{operation}_{model.name}",
            "summary": f"{summary}: {model.title}",
            "parameters": [_one_version(model, services)],
            "requestBody": {
                "required": True,
                "content": {JSON: {"schema": schema, "examples": {"One": {"value": example}}}},
            },
            "responses": {
                "200": _response(summary, {"allOf": refs}),
                **_problem_refs(PREDICTING),
            },
        }
    }


TABLE: Schema = {"type": "string", "format": "binary"}
JOB = {"$ref": "#/components/schemas/JobFacts"}
ID: Schema = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "The id of a batch job, as its creation answered it.",
    "schema": {"type": "string"},
}


def _query(name: str, description: str, schema: Schema) -> Schema:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _header(name: str, description: str, schema: Schema) -> Schema:
    return {"name": name, "in": "header", "description": description, "schema": schema}


def _batches(names: list[str]) -> Schema:
    """Return the paths of batch jobs."""
    text: Schema = {"type": ["string", "null"]}
    ways: dict[str, Schema] = {
        "delimiter": {"type": "string", "pattern": DELIMITER.pattern},
        "encoding": {"enum": ENCODINGS},
        "decimal": {"enum": list(get_args(Decimal))},
        "dates": {"enum": list(get_args(Dates))},
        "missing": {
            "type": "array",
            "items": {"type": "string", "maxLength": LONGEST_MISSING},
            "maxItems": MOST_MISSING,
        },
        "sheet": {"type": "string"},
    }
    reading = _closed({name: {"anyOf": [each, {"type": "null"}]} for name, each in ways.items()})
    change = _closed(
        {
            "columns": {"type": "object", "additionalProperties": text},
            "reading": {**reading, "required": []},
            "to": {"enum": [*FORMATS, None]},
            "start": {"type": "boolean"},
        }
    )
    one = "/api/v1/batches/{id}"
    return {
        "/api/v1/models/{model}/batches": {"post": _create_batch(names, ways)},
        one: {
            "parameters": [ID],
            "get": _operation("show_batch", "How far a job is", JOB, READING),
            "patch": {
                **_operation(
                    "change_batch",
                    "Tell a job that waits what it needs",
                    JOB,
                    (409, *PREDICTING, 507),
                ),
                "requestBody": {
                    "required": True,
                    "content": {JSON: {"schema": {**change, "required": []}}},
                },
            },
            "delete": _operation("delete_batch", "Cancel and forget a job", None, (*READING, 507)),
        },
        **{
            f"{one}/{what}": {
                "parameters": [ID],
                "get": _operation(f"show_{what}", summary, {}, (*more, *READING), media),
            }
            for what, summary, media, more in (
                ("result", "The scored table", "application/octet-stream", (409, 416)),
                ("errors", "The rows that do not fit, with reasons", "text/csv", (409, 416)),
                ("events", "How far a job is, as it goes on", "text/event-stream", ()),
            )
        },
    }


def _create_batch(names: list[str], ways: Mapping[str, Schema]) -> Schema:
    """Return how a table is sent, with the ``ways`` in which it may be written."""
    accepted = {
        **_response("The job; Location has its address", JOB),
        "headers": {"Location": {"schema": {"type": "string"}}},
    }
    options: dict[str, Schema] = {
        "to": {"enum": list(FORMATS)},
        "start": {"type": "boolean"},
        **ways,
    }
    described = {
        "to": "The format of the result.",
        "start": "Whether it starts at once.",
        "missing": "A text that means a missing value, beside the empty one.",
    }
    form = _closed({"file": TABLE, **options, "version": {"type": "string"}})
    return {
        **_operation("create_batch", "Send a table to be scored", JOB, ()),
        "parameters": [
            _named(names),
            VERSION,
            _query("name", "The file's name.", {"type": "string"}),
            *(
                _query(name, described.get(name, "How the table is written."), schema)
                for name, schema in options.items()
            ),
            _header(
                "Prefer",
                f"wait=10 waits up to so many seconds, at most {MOST_WAIT_S:.0f}.",
                {"type": "string"},
            ),
            _header(
                "Idempotency-Key",
                "The same key and table make one job, for as long as that job is kept; 409 "
                "while the first is coming in, 422 with another table or other options.",
                {"type": "string", "pattern": f"^({KEY.pattern})$"},
            ),
        ],
        "requestBody": {
            "required": True,
            "content": {
                **{media: {"schema": TABLE} for media in MEDIA},
                MULTIPART: {"schema": {**form, "required": ["file"]}},
            },
        },
        "responses": {
            "200": _response("The job, done as preferred", JOB),
            "202": accepted,
            **_problem_refs((400, 403, 404, 405, 409, 413, 415, 421, 422, 500, 503, 507)),
        },
    }


def _operation(
    name: str,
    summary: str,
    schema: Schema | None,
    problems: Iterable[int],
    media: str = JSON,
) -> Schema:
    done = {"204": {"description": summary}}
    return {
        "tags": ["batches"],
        "operationId": name,
        "summary": summary,
        "responses": {
            **(done if schema is None else {"200": _response(summary, schema, media)}),
            **_problem_refs(problems),
        },
    }


def _further(model: ServedModel, capability: str) -> tuple[Schema, Schema]:
    """Return the members beside ``inputs``: those that must be given, and those that may."""
    output = model.signature.output
    if capability == "counterfactuals":
        return {"target": _target(output)}, {}
    wanted = {"output": {"enum": [*_names(output), None]}}
    if capability == "explanations":
        return {}, wanted
    moved = [item.name for item in model.signature.inputs if values_of(item, None)]
    return {"input": {"enum": moved}}, wanted


def _names(output: Output) -> list[Scalar]:
    if isinstance(output, MultiOutput):
        return [part.name for part in output.outputs]
    if isinstance(output, ClassOutput):
        return [outcome.value for outcome in output.classes]
    return [output.name]


def _target(output: Output) -> Schema:
    if isinstance(output, ClassOutput):
        return {"enum": _names(output)}
    end = {"type": ["number", "null"], "minimum": -LARGEST, "maximum": LARGEST}
    return {
        "type": "object",
        "properties": {"min": end, "max": end},
        "minProperties": 1,
        "additionalProperties": False,
        "examples": [{"min": 0}],
    }


def _first(schema: Schema) -> object:
    return [*schema.get("enum", ()), *schema.get("examples", ())][0]


def _one_version(model: ServedModel, services: Services) -> Schema:
    versions = services.repository.versions(model.name)
    return {**VERSION, "schema": {"type": "string", "enum": versions}}


def _closed(properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _examples(model: ServedModel) -> Schema:
    """Return the card's examples, or else one that is known to be answered."""
    examples = {example.title: {"value": {"inputs": example.inputs}} for example in model.examples}
    return examples or {"Typical": {"value": {"inputs": model.example}}}


def _answers(model: ServedModel) -> Schema:
    output = model.signature.output
    name = next(name for kind, name in PREDICTIONS.items() if isinstance(output, kind))
    prediction = {"$ref": f"#/components/schemas/{name}"}
    answered = {"$ref": "#/components/schemas/Answered"}
    many = {
        "type": "object",
        "properties": {"predictions": {"type": "array", "items": prediction}},
        "required": ["predictions"],
    }
    return _response(
        "One prediction, or one per instance in the order asked",
        {"anyOf": [{"allOf": [answered, prediction]}, {"allOf": [answered, many]}]},
    )


def _response(description: str, schema: Schema, media: str = JSON) -> Schema:
    return {"description": description, "content": {media: {"schema": schema}}}


def _problem_refs(statuses: Iterable[int]) -> Schema:
    return {str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in statuses}


def _problems() -> Schema:
    """Return one response per status, telling the types that it may carry."""
    rows = [(int(status), slug, title) for status, slug, title in PROBLEMS.values()]
    rows += [(status, slug, title) for status, (slug, title, _) in FRAMEWORK.items()]
    by_status: dict[int, dict[str, str]] = {}
    for status, slug, title in rows:
        by_status.setdefault(status, {}).setdefault(slug, title)
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        f"Problem{status}": _response(_described(slugs), schema, PROBLEM_JSON)
        for status, slugs in sorted(by_status.items())
    }


def _described(slugs: Mapping[str, str]) -> str:
    return "; ".join(f"{title} (`urn:servery:problem:{slug}`)" for slug, title in slugs.items())


def _components() -> Schema:
    types = [
        Answered,
        Explanation,
        Curve,
        Counterfactuals,
        EvaluationFacts,
        ClassPrediction,
        QuantityPrediction,
        ManyPrediction,
        ModelList,
        ModelFacts,
        JobFacts,
        Alive,
        Ready,
        Problem,
    ]
    _, components = msgspec.json.schema_components(
        types, ref_template="#/components/schemas/{name}"
    )
    return components

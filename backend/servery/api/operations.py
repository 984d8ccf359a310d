"""How an endpoint appears in the OpenAPI document: one `Operation` for each method of a path."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal
from urllib.parse import quote

import msgspec

from servery.api import JSON, Answered
from servery.api.portable import Schema, portable
from servery.served import ServedModel

COMPONENT = "#/components/schemas/{name}"
#: Any request can be refused with these: by the server, which reads it, or by what stands before
#: the endpoints.
OF_ALL = (400, 405, 408, 414, 417, 421, 431, 500, 501, 503)
#: A request that changes something, sent by a page of another origin.
OF_CHANGES = (403,)
#: A body that is too large, of another kind, or not valid.
OF_BODIES = (413, 415, 422)
#: Options of the query that are unknown or not valid.
OF_QUERIES = (422,)
#: A model that is not there, or does not answer in time.
OF_MODELS = (404, 504)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path.

    Attributes
    ----------
    body
        Content of the request by media type; empty where there is none.
    answers
        Responses by status, those of problems left out.
    problems
        Statuses of problems beside those that `statuses` derives.
    schemas
        Components that it refers to and that are no `schemas` of its resource.
    asks_model
        Whether a model has to answer.
    is_open_to_all_hosts
        Whether it answers whatever the ``Host`` header says.
    """

    method: Literal["get", "post", "patch", "delete"]
    path: str
    id: str
    summary: str
    description: str = ""
    parameters: Sequence[Schema] = ()
    body: Mapping[str, Schema] = field(default_factory=dict)
    answers: Mapping[int, Schema]
    problems: Sequence[int] = ()
    schemas: Mapping[str, Schema] = field(default_factory=dict)
    asks_model: bool = False
    is_open_to_all_hosts: bool = False

    def statuses(self) -> list[int]:
        """Return the statuses of all problems that it can answer with: the one rule for all."""
        found = {*OF_ALL, *self.problems}
        if self.is_open_to_all_hosts:
            found.remove(421)
        if self.method != "get":
            found.update(OF_CHANGES)
        if self.body:
            found.update(OF_BODIES)
        if any(each["in"] == "query" for each in self.parameters):
            found.update(OF_QUERIES)
        if self.asks_model:
            found.update(OF_MODELS)
        if "{" in self.path:
            found.add(404)
        return sorted(found)

    def described(self, tag: str) -> Schema:
        """Return the Operation Object."""
        problems = {f"{status}": problem_reference(status) for status in self.statuses()}
        members: Schema = {
            "tags": [tag],
            "operationId": self.id,
            "summary": self.summary,
            "description": self.description,
            "parameters": [
                {**each, "schema": portable(each["schema"])} for each in self.parameters
            ],
            "requestBody": self.body and {"required": True, "content": self.body},
            "responses": {f"{status}": each for status, each in self.answers.items()} | problems,
        }
        return {name: member for name, member in members.items() if member}


@dataclass(frozen=True, slots=True)
class DescribedModel:
    """A served model, and what it is called in the document.

    Attributes
    ----------
    type_name
        What the names of its components begin with: ``Income`` of ``IncomeInputs``.
    id
        What the ids of its operations end with: ``income`` of ``predict_income``.
    """

    served: ServedModel
    type_name: str
    id: str

    @property
    def inputs(self) -> Schema:
        """A reference to the component of its inputs."""
        return reference(f"{self.type_name}Inputs")

    def path(self, resource: str) -> str:
        """Return the path of a resource of this model."""
        return f"/api/v1/models/{quote(self.served.name, safe='')}/{resource}"


#: Not one of the versions that there are now: a client that is generated today asks for later ones.
VERSION: Schema = {
    "name": "version",
    "in": "query",
    "required": False,
    "description": "A version of the model. Default: the version that is served.",
    "schema": {"type": "string", "pattern": "^[0-9]+$"},
}


def model_parameter(names: Sequence[str]) -> Schema:
    """Return the path parameter that names one of several models."""
    enum = {"enum": list(names)} if names else {}
    return path_parameter("model", "The name of a model.", {"type": "string", **enum})


def path_parameter(name: str, description: str, schema: Schema) -> Schema:
    """Return a parameter that is a part of the path."""
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": schema,
    }


def query_parameter(name: str, description: str, schema: Schema) -> Schema:
    """Return an optional parameter of the query."""
    return {"name": name, "in": "query", "description": description, "schema": schema}


def header_parameter(name: str, description: str, schema: Schema) -> Schema:
    """Return an optional header."""
    return {"name": name, "in": "header", "description": description, "schema": schema}


def closed(properties: Mapping[str, Schema], optional: Iterable[str] = ()) -> Schema:
    """Return the schema of an object with these members and no others."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in set(optional)],
        "additionalProperties": False,
    }


def json_body(schema: Schema, examples: Mapping[str, object]) -> dict[str, Schema]:
    """Return the content of a JSON body, with examples by their titles."""
    titled = {title: {"value": value} for title, value in examples.items()}
    return {JSON: {"schema": schema, "examples": titled}}


def response(description: str, schema: Schema, media: str = JSON) -> Schema:
    """Return a Response Object."""
    return {"description": description, "content": {media: {"schema": schema}}}


def reference(name: str) -> Schema:
    """Return a reference to a component."""
    return {"$ref": COMPONENT.format(name=name)}


def problem_reference(status: int) -> Schema:
    """Return a reference to the response of all problems with a status."""
    return {"$ref": f"#/components/responses/Problem{status}"}


@cache
def answered(kind: type[msgspec.Struct]) -> Schema:
    """Return the schema of an answer: who answers, and the members of a struct beside it.

    One flat object, since few generators of clients understand ``allOf``.
    """
    _, schemas = msgspec.json.schema_components([Answered, kind], ref_template=COMPONENT)
    who, what = schemas[Answered.__name__], schemas[kind.__name__]
    return {
        "type": "object",
        "description": what.get("description", ""),
        "properties": who["properties"] | what["properties"],
        "required": list(dict.fromkeys(who["required"] + what["required"])),
    }

"""Assembles the OpenAPI 3.1 document of what the resources say of themselves."""

from collections.abc import Collection, Iterable
from itertools import groupby

import msgspec

from servery.api import Services
from servery.api.client_names import client_names
from servery.api.operations import COMPONENT, DescribedModel, response
from servery.api.portable import Schema, portable
from servery.api.problems import FRAMEWORK, PROBLEM_JSON, PROBLEMS, Problem
from servery.api.registry import RESOURCES
from servery.repository import Repository
from servery.version import __version__

#: The groups of operations, in the order in which the document has them.
TAGS = {
    "predictions": "Ask a model.",
    "explanations": "Why a model predicts what it does, and what would change it.",
    "batches": "Score whole tables.",
    "models": "What models there are, and what each of them takes.",
    "operation": "For administrators.",
}


def document(services: Services, server: str = "/") -> Schema:
    """Return the OpenAPI document of this server, for the models that it serves now.

    Parameters
    ----------
    server
        The path below which the server is.
    """
    schemas = _struct_schemas()
    models = described_models(services.repository, schemas)
    schemas |= {f"{each.type_name}Inputs": each.served.signature.schema() for each in models}
    paths: dict[str, Schema] = {}
    tags = list(TAGS)
    tags += sorted({each.tag for each in RESOURCES.values()} - set(TAGS))
    for resource in sorted(RESOURCES.values(), key=lambda each: tags.index(each.tag)):
        for operation in resource.describe(models, services.settings):
            paths.setdefault(operation.path, {})[operation.method] = operation.described(
                resource.tag
            )
            schemas |= operation.schemas
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Servery",
            "version": __version__,
            "summary": "Fitted models over HTTP.",
            "description": "Each value is taken exactly or refused; a refusal names every fault. "
            "Errors are problems as defined by RFC 9457. Bodies may be compressed with gzip, "
            "deflate or br (Content-Encoding), and so are longer answers (Accept-Encoding).",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": server}],
        "tags": [{"name": tag, "description": TAGS.get(tag, "")} for tag in tags],
        "paths": paths,
        "components": {
            "schemas": {name: portable(schema) for name, schema in schemas.items()},
            "responses": _problem_responses(),
        },
    }


def described_models(repository: Repository, reserved: Collection[str]) -> list[DescribedModel]:
    """Return the models that are served, with what they are called in the document."""
    models = list(repository)
    names = client_names((model.name for model in models), reserved)
    return [
        DescribedModel(
            model,
            names[model.name].type,
            names[model.name].id,
        )
        for model in models
    ]


def _struct_schemas() -> dict[str, Schema]:
    structs = [Problem, *(struct for each in RESOURCES.values() for struct in each.schemas)]
    _, schemas = msgspec.json.schema_components(structs, ref_template=COMPONENT)
    return schemas


def _problem_responses() -> Schema:
    """Return one response per status, with the problem types that it may carry."""
    rows = [each[:3] for each in PROBLEMS.values()]
    rows += [(status, slug, title) for status, (slug, title, _) in FRAMEWORK.items()]
    schema = {"$ref": COMPONENT.format(name=Problem.__name__)}
    return {
        f"Problem{status}": response(_listed(same), schema, PROBLEM_JSON)
        for status, same in groupby(sorted(rows), key=lambda row: row[0])
    }


def _listed(rows: Iterable[tuple[int, str, str]]) -> str:
    titles = {slug: title for _, slug, title in rows}
    return "; ".join(f"{title} (`urn:servery:problem:{slug}`)" for slug, title in titles.items())

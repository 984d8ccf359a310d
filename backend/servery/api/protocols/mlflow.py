"""MLflow's scoring server, and SageMaker: frames as JSON, CSV or Parquet in, predictions out.

Each model is at ``/mlflow/{model}``. At the root, where SageMaker asks, is the default model.
"""

from collections.abc import Mapping, Sequence

from servery.api.http.media import is_json
from servery.api.http.strict_json import json_with_nan
from servery.api.problems import Refusal
from servery.api.protocols.answers import Answers
from servery.api.protocols.instances import named_rows, rows_of_columns
from servery.api.protocols.protocol import (
    Protocol,
    Reply,
    Request,
    invalid,
    json_object,
    json_reply,
)
from servery.errors import ModelNotFound, NotFound
from servery.served import ServedModel
from servery.version import __version__

MEMBERS = ("dataframe_split", "dataframe_records", "instances", "inputs")
#: How many columns of a table are not inputs, and were left out as MLflow does.
IGNORED = "Servery-Ignored-Columns"


def refuse(refusal: Refusal) -> Reply:
    """Answer as MLflow does, with a code and a message."""
    status = 400 if refusal.status == 422 else refusal.status
    code = "BAD_REQUEST" if status < 500 else "INTERNAL_ERROR"
    code = "RESOURCE_DOES_NOT_EXIST" if status == 404 else code
    return json_reply({"error_code": code, "message": refusal.sentence}, status=status)


PROTOCOL = Protocol(refuse)
#: MLflow's deployments client asks below ``/endpoints``.
MODEL = r"/(?:mlflow|endpoints)/(?P<name>[^/]+)"


@PROTOCOL.get(MODEL + "/(?:ping|health)")
def ping(request: Request, name: str) -> Reply:
    """Say that a model can be asked."""
    request.model(name)
    return Reply(b"\n")


@PROTOCOL.get("/ping")
def ping_default(request: Request) -> Reply:
    """Say that the default model can be asked."""
    _default(request)
    return Reply(b"\n")


@PROTOCOL.get(MODEL + "/version")
def version(request: Request, name: str) -> Reply:
    """Return the version of the server."""
    request.model(name)
    return Reply(__version__.encode(), media="text/plain")


@PROTOCOL.post(MODEL + "/invocations", options=None)
def invoke(request: Request, name: str) -> Reply:
    """Predict with a model."""
    return _invoked(request, request.model(name))


@PROTOCOL.post("/invocations", options=None)
def invoke_default(request: Request) -> Reply:
    """Predict with the default model."""
    return _invoked(request, _default(request))


def _default(request: Request) -> ServedModel:
    """Return the model of the settings, or the only one."""
    name = request.services.settings.default_model
    models = [each.name for each in request.services.repository.outlines()]
    if name is not None:
        if name not in models:
            raise ModelNotFound(name, models)
        return request.model(name)
    if len(models) != 1:
        raise NotFound(
            f"There are {len(models)} models. Ask /mlflow/{{model}}/invocations, or set "
            "SERVERY_DEFAULT_MODEL."
        )
    return request.model(models[0])


def _invoked(request: Request, model: ServedModel) -> Reply:
    if request.media and not is_json(request.media):
        from servery.api.protocols.tables import table_answers

        return _reply(table_answers(request, model))
    request.options(())
    body = json_object(json_with_nan(request.body))
    given = [each for each in MEMBERS if each in body]
    others = [each for each in body if each not in (*MEMBERS, "params")]
    if len(given) != 1 or others or body.get("params"):
        expected = ", ".join(MEMBERS)
        raise invalid("ambiguous-body", f"Expected an object with one of {expected}, no other.")
    [member] = given
    rows, ignored = _rows(model, body[member], member)
    answers = request.answers(model, rows, f"#/{member}/{{}}".format)
    return _reply(answers, [(IGNORED, str(ignored))] if ignored else [])


def _rows(
    model: ServedModel,
    given: object,
    member: str,
) -> tuple[Sequence[Mapping[str, object]], int]:
    """Return the rows of a body, and how many columns are left out."""
    if member == "dataframe_split":
        rows = _split(model, given)
    elif isinstance(given, dict):
        rows, _ = rows_of_columns(given, member)
    else:
        rows = named_rows(model, given, member)
    return _known(model, rows)


def _split(model: ServedModel, given: object) -> Sequence[Mapping[str, object]]:
    """Return the rows of a frame with its columns, index and data apart."""
    names = list(model.signature.names)
    frame = json_object(given)
    columns, data = frame.get("columns", names), frame.get("data")
    if columns == list(range(len(names))):  # a frame that was made of an array
        columns = names
    if not isinstance(columns, list) or not all(isinstance(each, str) for each in columns):
        raise invalid("not-a-list", "Expected the names of columns.", "#/dataframe_split/columns")
    if len(set(columns)) < len(columns):
        raise invalid("column-twice", "A column is there twice.", "#/dataframe_split/columns")
    if not isinstance(data, list) or not all(isinstance(each, list) for each in data):
        raise invalid("not-a-list", "Expected a list of rows.", "#/dataframe_split/data")
    if any(len(each) != len(columns) for each in data):
        detail = f"Expected rows of {len(columns)} values, as there are columns."
        raise invalid("wrong-length", detail, "#/dataframe_split/data")
    return [dict(zip(columns, each, strict=True)) for each in data]


def _known(
    model: ServedModel, rows: Sequence[Mapping[str, object]]
) -> tuple[Sequence[Mapping[str, object]], int]:
    """Leave columns out that are not inputs, if all inputs are there: then none is misspelt."""
    names = set(model.signature.names)
    given = {name for row in rows for name in row}
    ignored = given - names
    if not ignored or not all(names <= row.keys() for row in rows):
        return rows, 0
    return [{name: row[name] for name in names} for row in rows], len(ignored)


def _reply(answers: Answers, headers: Sequence[tuple[str, str]] = ()) -> Reply:
    warnings = answers.first_warnings()
    remarks = {"warnings": warnings} if warnings else {}
    body = {"predictions": answers.predictions(), **remarks}
    return json_reply(body, headers=[*answers.headers(), *headers])

"""The batch endpoints as the OpenAPI document has them."""

from collections.abc import Iterator, Sequence

from servery.api import JSON
from servery.api.operations import (
    VERSION,
    DescribedModel,
    Operation,
    closed,
    header_parameter,
    model_parameter,
    path_parameter,
    query_parameter,
    reference,
    response,
)
from servery.api.portable import Schema
from servery.api.resources.batches.events import EVENT_STREAM
from servery.api.resources.batches.facts import JobFacts
from servery.api.resources.batches.job_options import KEY
from servery.api.resources.batches.routes import MOST_WAIT_S
from servery.api.resources.batches.uploads import MULTIPART, media_types
from servery.batch.evaluating.measured import TableEvaluation
from servery.batch.options import BATCH_OPTIONS
from servery.settings import Settings
from servery.tables.reading import READING_OPTIONS, option_schema
from servery.tables.registry import FORMATS

FILE: Schema = {"type": "string", "format": "binary"}
TEXT: Schema = {"type": "string"}
JOB = reference(JobFacts.__name__)
ONE = "/api/v1/batches/{id}"
ID = path_parameter("id", "The id of a batch job, as its creation answered it.", TEXT)
#: How a table is written.
READING: dict[str, Schema] = {name: option_schema(name) for name in READING_OPTIONS}
#: What the result contains.
CHOSEN: dict[str, Schema] = {name: option.text_schema for name, option in BATCH_OPTIONS.items()}
DESCRIPTIONS = {
    **{name: option.help for name, option in BATCH_OPTIONS.items()},
    "to": "The format of the result. Default: that of the table.",
    "start": "Whether the job starts at once. Default: true.",
    **{name: option.help for name, option in READING_OPTIONS.items()},
}


def describe(models: Sequence[DescribedModel], _settings: Settings) -> Iterator[Operation]:
    """Return the operations of this resource."""
    yield _create([model.served.name for model in models])
    yield Operation(
        method="get",
        path=ONE,
        id="show_batch",
        summary="The state of a job",
        parameters=[ID],
        answers={200: response("The job", JOB)},
    )
    yield Operation(
        method="patch",
        path=ONE,
        id="change_batch",
        summary="Change the options of a job that waits, or start it",
        parameters=[ID],
        body={JSON: {"schema": reference("JobChange")}},
        answers={200: response("The job", JOB)},
        problems=(409, 507),
        schemas=_change(),
    )
    yield Operation(
        method="delete",
        path=ONE,
        id="delete_batch",
        summary="Cancel a job, and delete it and its files",
        parameters=[ID],
        answers={204: {"description": "The job was deleted"}},
        problems=(507,),
    )
    yield _download("result", "The scored table", "application/octet-stream")
    yield _download("errors", "The rows that do not fit, with reasons", "text/csv")
    yield Operation(
        method="get",
        path=f"{ONE}/evaluation",
        id="show_job_evaluation",
        summary="How well the model did on a table with true outcomes",
        parameters=[ID],
        answers={
            200: response("The evaluation", reference(TableEvaluation.__name__)),
            206: response("The part that a Range asks for", FILE, "application/json"),
            304: {"description": "The evaluation has not changed"},
        },
        problems=(409, 416),
    )
    yield _download("evaluation.html", "The evaluation, as a page", "text/html")
    yield Operation(
        method="get",
        path=f"{ONE}/events",
        id="show_events",
        summary="The job as server-sent events, whenever it has changed",
        parameters=[ID],
        answers={200: response("Events of the type `job`", TEXT, EVENT_STREAM)},
    )


def _create(models: Sequence[str]) -> Operation:
    schemas: dict[str, Schema] = {
        "to": {"type": "string", "enum": list(FORMATS)},
        "start": {"type": "boolean"},
        **CHOSEN,
        **READING,
    }
    form = closed({"file": FILE, **schemas, "version": TEXT}, [*schemas, "version"])
    options = [
        query_parameter(name, DESCRIPTIONS[name], schema) for name, schema in schemas.items()
    ]
    location = {"headers": {"Location": {"description": "The path of the job", "schema": TEXT}}}
    return Operation(
        method="post",
        path="/api/v1/models/{model}/batches",
        id="create_batch",
        summary="Upload a table to be scored",
        parameters=[
            model_parameter(models),
            VERSION,
            query_parameter("name", "The name of the file.", TEXT),
            *options,
            header_parameter(
                "Prefer",
                f"wait=10 waits up to 10 seconds for the job to end, at most {MOST_WAIT_S:.0f}.",
                TEXT,
            ),
            header_parameter(
                "Idempotency-Key",
                "The same key and table make one job, as long as that job is kept. Answers 409 "
                "while the first upload is in progress, and 422 for another table or other "
                "options.",
                {"type": "string", "pattern": f"^({KEY.pattern})$"},
            ),
        ],
        body={
            **{media: {"schema": FILE} for media in media_types()},
            MULTIPART: {"schema": reference("TableUpload")},
        },
        answers={
            200: response("The job, which ended while the request waited", JOB) | location,
            202: response("The job, which was accepted", JOB) | location,
        },
        problems=(404, 409, 507),
        schemas={"TableUpload": form},
    )


def _download(what: str, summary: str, media: str) -> Operation:
    return Operation(
        method="get",
        path=f"{ONE}/{what}",
        id=f"show_{what.replace('.', '_')}",
        summary=summary,
        parameters=[ID],
        answers={
            200: response(summary, FILE, media),
            206: response("The part that a Range asks for", FILE, media),
            304: {"description": "The file has not changed"},
        },
        problems=(409, 416),
    )


def _change() -> dict[str, Schema]:
    """Return the body of a PATCH: null takes an option back."""
    reading = {name: {"anyOf": [schema, {"type": "null"}]} for name, schema in READING.items()}
    column: Schema = {"type": ["string", "null"]}
    change = {
        "columns": {"type": "object", "additionalProperties": column},
        "reading": reference("ReadingChange"),
        "to": {"type": ["string", "null"], "enum": [*FORMATS, None]},
        "start": {"type": "boolean"},
        **{name: option.nullable_schema for name, option in BATCH_OPTIONS.items()},
    }
    return {"JobChange": closed(change, change), "ReadingChange": closed(reading, reading)}

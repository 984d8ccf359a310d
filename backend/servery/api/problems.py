"""The one table from error to status, and the one shape of every error (RFC 9457)."""

import logging
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING

import msgspec
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from servery import errors
from servery.api import REQUEST_ID, request_id
from servery.errors import Fault, InvalidInputs, ServeryError, shortened

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger("servery.problems")

PROBLEM_JSON = "application/problem+json"

PROBLEMS: dict[type[ServeryError], tuple[HTTPStatus, str, str]] = {
    errors.InvalidInputs: (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "invalid-inputs",
        "Inputs do not fit the model",
    ),
    errors.InvalidJobOptions: (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "invalid-job-options",
        "The order cannot be carried out",
    ),
    errors.UnreadableBody: (HTTPStatus.BAD_REQUEST, "unreadable-body", "The body is no JSON"),
    errors.UnsupportedMedia: (
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "unsupported-media-type",
        "The body is not marked as JSON",
    ),
    errors.NotFound: (HTTPStatus.NOT_FOUND, "not-found", "Nothing here"),
    errors.ModelNotFound: (HTTPStatus.NOT_FOUND, "model-not-found", "No such model"),
    errors.VersionNotFound: (HTTPStatus.NOT_FOUND, "version-not-found", "No such version"),
    errors.PictureNotFound: (HTTPStatus.NOT_FOUND, "picture-not-found", "No such picture"),
    errors.JobNotFound: (HTTPStatus.NOT_FOUND, "job-not-found", "No such batch job"),
    errors.NotSupported: (HTTPStatus.NOT_FOUND, "not-supported", "The model cannot tell this"),
    errors.ModelUnusable: (
        HTTPStatus.SERVICE_UNAVAILABLE,
        "model-unusable",
        "The model cannot be served",
    ),
    errors.CardUnreadable: (
        HTTPStatus.SERVICE_UNAVAILABLE,
        "model-unusable",
        "The model cannot be served",
    ),
    errors.ManifestUnreadable: (
        HTTPStatus.SERVICE_UNAVAILABLE,
        "model-unusable",
        "The model cannot be served",
    ),
    errors.VersionUntrusted: (
        HTTPStatus.SERVICE_UNAVAILABLE,
        "model-unusable",
        "The model cannot be served",
    ),
    errors.ArtifactRejected: (
        HTTPStatus.SERVICE_UNAVAILABLE,
        "model-unusable",
        "The model cannot be served",
    ),
    errors.CompiledUnreadable: (
        HTTPStatus.SERVICE_UNAVAILABLE,
        "model-unusable",
        "The model cannot be served",
    ),
    errors.ModelSetAside: (
        HTTPStatus.SERVICE_UNAVAILABLE,
        "model-set-aside",
        "The model failed too often and is not asked any more",
    ),
    errors.ModelDied: (
        HTTPStatus.SERVICE_UNAVAILABLE,
        "model-restarting",
        "The model's process died and is started again",
    ),
    errors.ModelTimedOut: (
        HTTPStatus.GATEWAY_TIMEOUT,
        "model-timed-out",
        "The model took too long to answer",
    ),
    errors.UnsupportedTable: (
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "unsupported-table",
        "Not a kind of table that is taken",
    ),
    errors.UploadTooLarge: (
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "upload-too-large",
        "The upload is too large",
    ),
    errors.IncompleteUpload: (
        HTTPStatus.BAD_REQUEST,
        "incomplete-upload",
        "The upload is not whole",
    ),
    errors.IdempotencyKeyReused: (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "idempotency-key-reused",
        "The Idempotency-Key came with another upload",
    ),
    errors.IdempotencyKeyInUse: (
        HTTPStatus.CONFLICT,
        "idempotency-key-in-use",
        "An upload with this Idempotency-Key is under way",
    ),
    errors.NoRoom: (
        HTTPStatus.INSUFFICIENT_STORAGE,
        "insufficient-storage",
        "No room on the server's disk",
    ),
    errors.DatabaseUnavailable: (
        HTTPStatus.SERVICE_UNAVAILABLE,
        "database-unavailable",
        "The records of batch jobs cannot be reached",
    ),
    errors.WrongJobState: (
        HTTPStatus.CONFLICT,
        "wrong-job-state",
        "The job is not in the state for this",
    ),
    errors.TooBusy: (HTTPStatus.SERVICE_UNAVAILABLE, "too-busy", "Too many at once"),
    errors.MalformedRequest: (
        HTTPStatus.BAD_REQUEST,
        "bad-request",
        "The request is not valid HTTP",
    ),
    errors.MisdirectedRequest: (
        HTTPStatus.MISDIRECTED_REQUEST,
        "misdirected-request",
        "Not a host of this server",
    ),
    errors.CrossSiteRequest: (
        HTTPStatus.FORBIDDEN,
        "cross-site-request",
        "Pages of this origin may not do this",
    ),
    errors.NotReady: (HTTPStatus.SERVICE_UNAVAILABLE, "not-ready", "Not ready to answer"),
    errors.ModelFailed: (
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "model-failed",
        "The model could not answer",
    ),
    errors.ServeryError: (HTTPStatus.INTERNAL_SERVER_ERROR, "internal-error", "Something failed"),
    errors.RepositoryEmpty: (
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "internal-error",
        "Something failed",
    ),
    errors.TableUnreadable: (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "unreadable-table",
        "The file is no table that can be read",
    ),
    errors.TableMisread: (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "unreadable-table",
        "The file is no table that can be read",
    ),
    errors.TableEmpty: (HTTPStatus.UNPROCESSABLE_ENTITY, "empty-table", "The table has no rows"),
    errors.TableRagged: (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "ragged-table",
        "Not all rows are as wide as the header",
    ),
    errors.TableTooLarge: (
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "table-too-large",
        "More than a table may hold",
    ),
    errors.TableDoubtful: (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "doubtful-table",
        "The table can be read in more ways than one",
    ),
    errors.ColumnsUnmatched: (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "unmatched-columns",
        "The columns do not fit the inputs",
    ),
    errors.PublishingRefused: (
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "internal-error",
        "Something failed",
    ),
    errors.BadSettings: (HTTPStatus.INTERNAL_SERVER_ERROR, "internal-error", "Something failed"),
}

# What Flask and Werkzeug raise by themselves, in our words.
FRAMEWORK: dict[int, tuple[str, str, str]] = {
    400: ("bad-request", "The request is not valid HTTP", "Please send a well-formed request."),
    404: ("not-found", "Nothing here", "No page or endpoint is at this address."),
    405: ("method-not-allowed", "Not a method of this address", "See the Allow header."),
    408: (
        "request-timeout",
        "The request took too long to arrive",
        "Send the whole request at once, on a new connection.",
    ),
    413: (
        "payload-too-large",
        "More than one request may carry",
        "The body is larger than this server takes. Send fewer instances at once.",
    ),
    414: (
        "uri-too-long",
        "The address is too long",
        "Send a shorter address; inputs belong in the body.",
    ),
    416: (
        "range-not-satisfiable",
        "The file is shorter than that",
        "The Range begins behind the end of the file; see Content-Range for its length.",
    ),
    417: (
        "expectation-failed",
        "The expectation cannot be met",
        "The only Expect that this server knows is 100-continue.",
    ),
    431: (
        "headers-too-large",
        "The headers are too large",
        "Send fewer or shorter headers, such as cookies.",
    ),
    501: (
        "not-implemented",
        "Not a transfer coding that is known",
        "The only Transfer-Encoding that this server knows is chunked.",
    ),
}
RETRY_AFTER_S = 30
#: Characters of a detail. Messages cut what they repeat; this holds whatever they say.
LONGEST_DETAIL = 4_000
#: A server that is only busy just now, or stopping, has room again as soon as that is over.
SOON_S = 1

#: Key of the reason for which `refuse` refuses: an error of ours, or a status.
REASON = "servery.reason"


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The body of every error."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    errors: tuple[Fault, ...] | None = None


def install(app: Flask) -> None:
    """Register the handlers on the app: only there do they catch what no blueprint owns."""
    app.register_error_handler(ServeryError, _from_servery)
    app.register_error_handler(HTTPException, _from_framework)
    app.register_error_handler(Exception, _from_surprise)


def respond(
    status: int, slug: str, title: str, detail: str, faults: tuple[Fault, ...] | None = None
) -> Response:
    """Return a problem."""
    body = _body(status, slug, title, detail, request_id(), faults)
    response = Response(body, status, mimetype=PROBLEM_JSON)
    response.headers["Cache-Control"] = "no-store"
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
    return response


def refuse(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """Answer what the server cannot give to the app: plain WSGI, so that it costs little."""
    reason: ServeryError | int = environ[REASON]
    if isinstance(reason, ServeryError):
        status, body = described(reason, environ[REQUEST_ID])
    else:
        status = HTTPStatus(reason)
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            _, slug, title = PROBLEMS[ServeryError]
            detail = f"Please quote {environ[REQUEST_ID]} when asking about this."
        else:
            slug, title, detail = FRAMEWORK[status]
        body = _body(status, slug, title, detail, environ[REQUEST_ID])
    headers = [("Content-Type", PROBLEM_JSON), ("Cache-Control", "no-store")]
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append(("Retry-After", str(SOON_S)))
    start_response(f"{status.value} {status.phrase}", headers)
    return [body]


def described(error: ServeryError, request_id: str) -> tuple[HTTPStatus, bytes]:
    """Return the status and the body of a problem, where Flask is not asked."""
    status, slug, title = PROBLEMS[type(error)]
    return status, _body(status, slug, title, str(error), request_id)


def _body(
    status: int,
    slug: str,
    title: str,
    detail: str,
    request_id: str,
    faults: tuple[Fault, ...] | None = None,
) -> bytes:
    problem = Problem(
        type=f"urn:servery:problem:{slug}",
        title=title,
        status=status,
        detail=detail[:LONGEST_DETAIL],
        request_id=request_id,
        errors=faults,
    )
    return msgspec.json.encode(problem)


def _from_servery(error: ServeryError) -> Response:
    status, slug, title = PROBLEMS[type(error)]
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error(slug, exc_info=error, extra={"request_id": request_id()})
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return respond(status, slug, title, f"Please quote {request_id()} when asking about this.")
    faults = error.faults if isinstance(error, InvalidInputs) else None
    response = respond(status, slug, title, str(error), faults)
    if isinstance(error, (errors.IdempotencyKeyInUse, errors.ModelDied, errors.TooBusy)):
        response.headers["Retry-After"] = str(SOON_S)
    return response


def _from_framework(error: HTTPException) -> Response | RequestRedirect:
    if isinstance(error, RequestRedirect):
        return error
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    slug, title, detail = FRAMEWORK.get(
        status, (status.phrase.lower().replace(" ", "-"), status.phrase, status.description)
    )
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        method = shortened(request.method)
        detail = f"{method} is not a method of this address; see the Allow header."
    response = respond(status, slug, title, detail or status.phrase)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After", "Content-Range"}:
            response.headers[name] = value
    return response


def _from_surprise(error: Exception) -> Response:
    log.error("surprise", exc_info=error, extra={"request_id": request_id()})
    return respond(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "internal-error",
        "Something failed",
        f"Please quote {request_id()} when asking about this.",
    )

"""The one table from error to status, and the one shape of every error (RFC 9457)."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

import msgspec
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from servery import errors
from servery.api import REQUEST_ID, request_id
from servery.api.protocols import address_of, protocol_at
from servery.errors import Fault, InvalidInputs, ServeryError, Unanswerable, shortened

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger("servery.problems")

PROBLEM_JSON = "application/problem+json"
#: Seconds after which a client asks again, unless a row says otherwise.
LATER_S = 30
#: A server that is only busy, or stopping, answers again as soon as that is over.
SOON_S = 1


class ProblemType(NamedTuple):
    """A kind of problem: its status, the last part of its ``type``, and its title."""

    status: int
    slug: str
    title: str
    retry_after_s: int | None = None


#: The problem of each class of errors. A class that is not here has that of its nearest parent.
PROBLEMS: dict[type[ServeryError], ProblemType] = {
    errors.ServeryError: ProblemType(500, "internal-error", "Internal server error"),
    errors.InvalidInputs: ProblemType(422, "invalid-inputs", "The inputs are not valid"),
    errors.InvalidJobOptions: ProblemType(
        422, "invalid-job-options", "The job options are not valid"
    ),
    errors.UnreadableBody: ProblemType(400, "unreadable-body", "The body is not valid JSON"),
    errors.UnsupportedMedia: ProblemType(
        415, "unsupported-media-type", "The Content-Type is not JSON"
    ),
    errors.NotFound: ProblemType(404, "not-found", "Not found"),
    errors.ModelNotFound: ProblemType(404, "model-not-found", "Unknown model"),
    errors.VersionNotFound: ProblemType(404, "version-not-found", "Unknown version of the model"),
    errors.PictureNotFound: ProblemType(404, "picture-not-found", "Unknown picture"),
    errors.JobNotFound: ProblemType(404, "job-not-found", "Unknown batch job"),
    errors.NotSupported: ProblemType(404, "not-supported", "The model does not support this"),
    errors.ModelUnusable: ProblemType(503, "model-unusable", "The model cannot be served", LATER_S),
    errors.ModelSetAside: ProblemType(
        503, "model-set-aside", "The model failed too often and was set aside", LATER_S
    ),
    errors.ModelDied: ProblemType(
        503, "model-restarting", "The process of the model died and is being restarted", SOON_S
    ),
    errors.ModelTimedOut: ProblemType(504, "model-timed-out", "The model took too long to answer"),
    errors.ModelFailed: ProblemType(500, "model-failed", "The model failed"),
    errors.UnsupportedTable: ProblemType(415, "unsupported-table", "Unsupported table format"),
    errors.UploadTooLarge: ProblemType(413, "upload-too-large", "The upload is too large"),
    errors.IncompleteUpload: ProblemType(400, "incomplete-upload", "The upload is incomplete"),
    errors.IdempotencyKeyReused: ProblemType(
        422, "idempotency-key-reused", "The Idempotency-Key was used for another upload"
    ),
    errors.IdempotencyKeyInUse: ProblemType(
        409, "idempotency-key-in-use", "An upload with this Idempotency-Key is in progress", SOON_S
    ),
    errors.NoRoom: ProblemType(507, "insufficient-storage", "The disk of the server is full"),
    errors.DatabaseUnavailable: ProblemType(
        503, "database-unavailable", "The database of batch jobs is unavailable", LATER_S
    ),
    errors.WrongJobState: ProblemType(
        409, "wrong-job-state", "The job is in the wrong state for this"
    ),
    errors.TooBusy: ProblemType(503, "too-busy", "The server is too busy", SOON_S),
    errors.MalformedRequest: ProblemType(400, "bad-request", "The request is not valid HTTP"),
    errors.MisdirectedRequest: ProblemType(421, "misdirected-request", "Unknown host"),
    errors.CrossSiteRequest: ProblemType(
        403, "cross-site-request", "The origin of the page is not allowed"
    ),
    errors.NotReady: ProblemType(503, "not-ready", "No model can be asked yet", LATER_S),
    errors.TableUnreadable: ProblemType(422, "unreadable-table", "The table cannot be read"),
    errors.TableEmpty: ProblemType(422, "empty-table", "The table has no rows"),
    errors.TableRagged: ProblemType(422, "ragged-table", "Rows differ in their number of columns"),
    errors.TableTooLarge: ProblemType(413, "table-too-large", "The table is too large"),
    errors.AmbiguousTable: ProblemType(
        422, "ambiguous-table", "The table can be read in more ways than one"
    ),
    errors.ColumnsUnmatched: ProblemType(
        422, "unmatched-columns", "Columns could not be matched to inputs"
    ),
}


def problem_type(kind: type[ServeryError]) -> ProblemType:
    """Return the problem of a class of errors: its own, or that of its nearest parent."""
    return next(PROBLEMS[parent] for parent in kind.__mro__ if parent in PROBLEMS)


#: What Flask, Werkzeug and the server refuse by themselves: the slug, the title and the detail.
FRAMEWORK: dict[int, tuple[str, str, str]] = {
    400: ("bad-request", "The request is not valid HTTP", "Send a well-formed request."),
    404: ("not-found", "Not found", "There is no page or endpoint at this address."),
    405: ("method-not-allowed", "Method not allowed", "The Allow header has the methods."),
    408: (
        "request-timeout",
        "The request took too long to arrive",
        "Send the whole request at once, on a new connection.",
    ),
    413: (
        "payload-too-large",
        "The body is too large",
        "The body, or its form, is larger than this server accepts. Send less at once.",
    ),
    414: (
        "uri-too-long",
        "The address is too long",
        "Send a shorter address. Inputs belong in the body.",
    ),
    416: (
        "range-not-satisfiable",
        "The Range is beyond the end of the file",
        "The Content-Range header has the length of the file.",
    ),
    417: (
        "expectation-failed",
        "Unsupported Expect header",
        "The only Expect that this server supports is 100-continue.",
    ),
    431: (
        "headers-too-large",
        "The headers are too large",
        "Send fewer or shorter headers, such as cookies.",
    ),
    501: (
        "not-implemented",
        "Unsupported Transfer-Encoding",
        "The only Transfer-Encoding that this server supports is chunked.",
    ),
}
#: Characters of a detail. Messages cut what they repeat; this bounds all of them.
LONGEST_DETAIL = 4_000

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


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error, as every protocol can state it.

    Attributes
    ----------
    slug, detail
        What a problem has.
    faults
        What is wrong with the inputs, if that is it.
    headers
        ``Allow`` and ``Retry-After``, where they belong.
    """

    status: int
    slug: str
    detail: str
    faults: tuple[Fault, ...] = ()
    headers: Sequence[tuple[str, str]] = ()

    @property
    def sentence(self) -> str:
        """One text for a protocol that has room for no more: every fault with its place."""
        details = [
            f"{unquote(each.pointer).lstrip('#/')}: {each.detail}".removeprefix(": ")
            for each in self.faults
        ]
        return ("; ".join(details) or self.detail)[:LONGEST_DETAIL]


def refusal_of(error: Exception, method: str, request_id: str) -> Refusal:
    """Return an error as another protocol states it; it is logged as usual."""
    if isinstance(error, HTTPException):
        kind, detail = _kind_of_framework(error, method)
        kept = {"Allow", "Retry-After"}
        headers = [each for each in error.get_headers() if each[0] in kept]
        return Refusal(kind.status, kind.slug, detail, headers=headers)
    if not isinstance(error, ServeryError):
        log.error("surprise", exc_info=error, extra={"request_id": request_id})
        kind = PROBLEMS[ServeryError]
        return Refusal(kind.status, kind.slug, _quote_this(request_id))
    kind = _logged(error, request_id)
    after = kind.retry_after_s
    headers = [] if after is None else [("Retry-After", str(after))]
    if kind.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return Refusal(kind.status, kind.slug, _quote_this(request_id))
    faults = error.faults if isinstance(error, InvalidInputs) else ()
    return Refusal(kind.status, kind.slug, str(error), tuple(faults), headers)


def install(app: Flask) -> None:
    """Register the handlers on the app: only there do they catch what no blueprint owns."""
    app.register_error_handler(ServeryError, _from_servery)
    app.register_error_handler(HTTPException, _from_framework)
    app.register_error_handler(Exception, _from_surprise)


def respond(kind: ProblemType, detail: str, faults: tuple[Fault, ...] | None = None) -> Response:
    """Return a problem."""
    body = _body(kind, detail, request_id(), faults)
    response = Response(body, kind.status, mimetype=PROBLEM_JSON)
    response.headers["Cache-Control"] = "no-store"
    if kind.retry_after_s is not None:
        response.headers["Retry-After"] = str(kind.retry_after_s)
    return response


def refuse(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """Answer what the server does not pass to the app: plain WSGI, so that it costs little.

    On the path of a protocol, it is said as the protocol says it.
    """
    reason: ServeryError | int = environ[REASON]
    if isinstance(reason, ServeryError):
        kind, detail = problem_type(type(reason)), str(reason)
    elif reason == HTTPStatus.INTERNAL_SERVER_ERROR:
        kind, detail = PROBLEMS[ServeryError], _quote_this(environ[REQUEST_ID])
    else:
        slug, title, detail = FRAMEWORK[reason]
        kind = ProblemType(reason, slug, title)
    status, media = kind.status, PROBLEM_JSON
    address = address_of(environ.get("PATH_INFO", ""))
    if address is None:
        body = _body(kind, detail, environ[REQUEST_ID])
    else:
        said = protocol_at(address).refuse(Refusal(kind.status, kind.slug, detail))
        status, media, body = said.status, said.media, said.body
    headers = [
        ("Content-Type", media),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
    ]
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append(("Retry-After", str(SOON_S)))
    start_response(f"{status} {HTTPStatus(status).phrase}", headers)
    return [] if environ.get("REQUEST_METHOD") == "HEAD" else [body]


def _body(
    kind: ProblemType, detail: str, request_id: str, faults: tuple[Fault, ...] | None = None
) -> bytes:
    problem = Problem(
        type=f"urn:servery:problem:{kind.slug}",
        title=kind.title,
        status=kind.status,
        detail=detail[:LONGEST_DETAIL],
        request_id=request_id,
        errors=faults,
    )
    return msgspec.json.encode(problem)


def _logged(error: ServeryError, request_id: str) -> ProblemType:
    """Log what an administrator has to know of an error; return its problem."""
    kind = problem_type(type(error))
    if kind.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error(kind.slug, exc_info=error, extra={"request_id": request_id})
    elif isinstance(error, Unanswerable) and error.__cause__ is not None:
        log.warning("no-answer", exc_info=error.__cause__, extra={"request_id": request_id})
    return kind


def _from_servery(error: ServeryError) -> Response:
    kind = _logged(error, request_id())
    if kind.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return respond(kind, _quote_this(request_id()))
    faults = error.faults if isinstance(error, InvalidInputs) else None
    return respond(kind, str(error), faults)


def _from_framework(error: HTTPException) -> Response | RequestRedirect:
    if isinstance(error, RequestRedirect):
        return error
    kind, detail = _kind_of_framework(error, request.method)
    response = respond(kind, detail)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After", "Content-Range"}:
            response.headers[name] = value
    return response


def _kind_of_framework(error: HTTPException, method: str) -> tuple[ProblemType, str]:
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    slug, title, detail = FRAMEWORK.get(
        status, (status.phrase.lower().replace(" ", "-"), status.phrase, status.description)
    )
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        detail = (
            f"This address does not support {shortened(method)}. The Allow header has the methods."
        )
    is_unavailable = status == HTTPStatus.SERVICE_UNAVAILABLE
    kind = ProblemType(status, slug, title, LATER_S if is_unavailable else None)
    return kind, detail or status.phrase


def _from_surprise(error: Exception) -> Response:
    log.error("surprise", exc_info=error, extra={"request_id": request_id()})
    return respond(PROBLEMS[ServeryError], _quote_this(request_id()))


def _quote_this(request_id: str) -> str:
    return f"Quote {request_id} when you report this to the administrator."

"""The id, log line, security and CORS headers of every request, static files included.

Plain WSGI, so that it costs microseconds and no answer can bypass it.
"""

import re
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import quote

from servery.api import REQUEST_ID
from servery.logs import log_request, without_job_ids

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: Returns the CORS headers of an answer to a page of an origin.
CrossOrigin: TypeAlias = Callable[[str], Sequence[tuple[str, str]]]
#: Attribute of an app that holds its `CrossOrigin`, for servers that refuse requests without it.
CROSS_ORIGIN = "cross_origin"
ALLOWED_ORIGIN = "Access-Control-Allow-Origin"
GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
ALWAYS = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
]
CSP = "Content-Security-Policy"
CORP = "Cross-Origin-Resource-Policy"
FRAMES = "X-Frame-Options"
#: A browser that opens an answer of the API as a page must not load or run anything in it.
UNFRAMED = "frame-ancestors 'none'"
CSP_OF_DATA = f"default-src 'none'; {UNFRAMED}; sandbox"
CSP_OF_PAGES = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; "
    f"form-action 'none'; {UNFRAMED}"
)


#: Headers that an answer gets unless it has its own.
DEFAULTS = {
    CSP: CSP_OF_DATA,
    CORP: "same-origin",
    "Cache-Control": "no-store",
    FRAMES: "DENY",
}


class RequestMiddleware:
    """WSGI middleware: gives each request an id, logs it in one line, adds the headers.

    A refusal has CORS headers too: without them, a page cannot see why, nor when to try again.
    """

    def __init__(self, app: "WSGIApplication", cross_origin: CrossOrigin) -> None:
        self._app = app
        self._cross_origin = cross_origin

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer one request."""
        started = time.perf_counter()
        given = environ.get("HTTP_X_REQUEST_ID", "")
        request_id = given if GIVEN_ID.fullmatch(given) else uuid.uuid4().hex
        environ[REQUEST_ID] = request_id

        def start(
            status: str,
            headers: list[tuple[str, str]],
            exc_info: Any = None,  # noqa: ANN401
        ) -> "Callable[[bytes], object]":  # as an object, it would be made for each request
            log_request(
                method=environ["REQUEST_METHOD"],
                path=_plain(environ.get("PATH_INFO", "")),
                status=int(status[:3]),
                ms=round((time.perf_counter() - started) * 1000, 2),
                request_id=request_id,
            )
            origin = environ.get("HTTP_ORIGIN")
            # A 304 replaces the headers of the cached page, whose policy must stay.
            defaults = {} if status.startswith("304") else DEFAULTS.copy()
            for name, value in headers:
                defaults.pop(name, None)
                if name == ALLOWED_ORIGIN:
                    origin = None
                if name == CSP and UNFRAMED not in value:
                    defaults.pop(FRAMES, None)  # it cannot name origins
            added = (*ALWAYS, *defaults.items(), ("X-Request-ID", request_id))
            if origin:
                added = (*added, *self._cross_origin(origin))
            return start_response(status, [*headers, *added], exc_info)

        return self._app(environ, start)


def _plain(path: str) -> str:
    """Return a path as it may be logged: without ids of jobs and control characters."""
    if "/batches/" in path:
        path = without_job_ids(path)
    return path if path.isascii() and path.isprintable() else quote(path, encoding="latin-1")

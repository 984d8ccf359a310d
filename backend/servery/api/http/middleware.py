"""Around every request, static files included: its id, its log line, the security headers.

Plain WSGI, so that it costs microseconds and that nothing answers without it.
"""

import re
import time
import uuid
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from servery.api import REQUEST_ID
from servery.logs import log_request, without_job_ids

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
ALWAYS = [
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
]
CSP = "Content-Security-Policy"
CORP = "Cross-Origin-Resource-Policy"
#: An answer of the API that is opened by itself is no page: nothing in it is loaded or run.
CSP_OF_DATA = "default-src 'none'; frame-ancestors 'none'; sandbox"
CSP_OF_PAGES = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)


#: What an answer has unless it says otherwise.
DEFAULTS = {CSP: CSP_OF_DATA, CORP: "same-origin", "Cache-Control": "no-store"}


class RequestMiddleware:
    """WSGI middleware: gives each request an id, logs it in one line, adds the headers."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

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
        ) -> Callable[[bytes], object]:
            log_request(
                method=environ["REQUEST_METHOD"],
                path=_plain(environ.get("PATH_INFO", "")),
                status=int(status[:3]),
                ms=round((time.perf_counter() - started) * 1000, 2),
                request_id=request_id,
            )
            # A 304 renews the headers of the page that is kept: its policy must stay.
            defaults = {} if status.startswith("304") else DEFAULTS.copy()
            for name, _ in headers:
                defaults.pop(name, None)
            added = (*ALWAYS, *defaults.items(), ("X-Request-ID", request_id))
            return start_response(status, [*headers, *added], exc_info)

        return self._app(environ, start)


def _plain(path: str) -> str:
    """Return a path as it may be logged: no id of a job, no letters that could end a line."""
    if "/batches/" in path:
        path = without_job_ids(path)
    return path if path.isascii() and path.isprintable() else quote(path, encoding="latin-1")

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
from servery.api.logs import log_request

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
CSP_OF_DATA = "default-src 'none'; frame-ancestors 'none'"
CSP_OF_PAGES = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)


class Wire:
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
            has_policy = status.startswith("304") or any(name == CSP for name, _ in headers)
            policy = [] if has_policy else [(CSP, CSP_OF_DATA)]
            return start_response(
                status, [*headers, *ALWAYS, *policy, ("X-Request-ID", request_id)], exc_info
            )

        return self._app(environ, start)


def _plain(path: str) -> str:
    """Return a path without letters that could end a line or look like others."""
    return path if path.isascii() and path.isprintable() else quote(path, encoding="latin-1")

"""Around every request, static files included: who may ask, its id, its log line, the headers.

Plain WSGI, so that it costs microseconds and that nothing answers without it.
"""

import re
import time
import uuid
from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from servery.api import REQUEST_ID
from servery.api.cross_site import is_cross_site
from servery.api.hosts import HostAllowlist
from servery.api.logs import log_request, without_job_ids
from servery.api.problems import PROBLEM_JSON, described
from servery.errors import CrossSiteRequest, MalformedRequest, MisdirectedRequest, ServeryError

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
#: Platforms ask for these by an address or a name of their own, and learn no more than the state.
HEALTH = frozenset(["/livez", "/readyz"])


class Wire:
    """WSGI middleware: refuses what is not for this server, logs each request, adds the headers.

    Parameters
    ----------
    origins
        Whose pages may send what changes something.
    """

    def __init__(
        self, app: "WSGIApplication", hosts: HostAllowlist, origins: Collection[str]
    ) -> None:
        self._app = app
        self._hosts = hosts
        self._origins = frozenset(map(str.lower, origins))

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

        # Nearly every request comes from a program, to a host that was asked for before.
        is_by_page = "HTTP_ORIGIN" in environ or "HTTP_SEC_FETCH_SITE" in environ
        if is_by_page or environ.get("HTTP_HOST") not in self._hosts.remembered:
            refusal = self._refusal(environ)
            if refusal is not None:
                return _refuse(refusal, environ, start)
        return self._app(environ, start)

    def _refusal(self, environ: "WSGIEnvironment") -> ServeryError | None:
        """Return why a request is not answered, for who sent it or where to; None where it is."""
        host = environ.get("HTTP_HOST")
        if environ.get("PATH_INFO") in HEALTH:
            return None
        if host is None:
            # Only programs leave it out, which HTTP/1.0 lets them.
            if environ.get("SERVER_PROTOCOL") == "HTTP/1.0":
                return None
            return MalformedRequest("Expected a Host header, found none.")
        if not self._hosts.allows(host):
            return MisdirectedRequest(host)
        if is_cross_site(environ, self._origins):
            return CrossSiteRequest(environ.get("HTTP_ORIGIN") or "another site")
        return None


def _refuse(
    error: ServeryError, environ: "WSGIEnvironment", start_response: "StartResponse"
) -> Iterable[bytes]:
    status, body = described(error, environ[REQUEST_ID])
    headers = [("Content-Type", PROBLEM_JSON), ("Content-Length", str(len(body)))]
    start_response(f"{status.value} {status.phrase}", headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _plain(path: str) -> str:
    """Return a path as it may be logged: no id of a job, no letters that could end a line."""
    if "/batches/" in path:
        path = without_job_ids(path)
    return path if path.isascii() and path.isprintable() else quote(path, encoding="latin-1")

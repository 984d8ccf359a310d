"""Refuses requests for other hosts, and changes that pages of other origins request.

Plain WSGI inside `RequestMiddleware`: it costs microseconds, and refusals are logged.
"""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from servery.api.http import HEALTH_PATHS
from servery.api.http.cross_site import is_cross_site
from servery.api.http.hosts import HostAllowlist
from servery.api.problems import REASON, refuse
from servery.errors import CrossSiteRequest, MalformedRequest, MisdirectedRequest, ServeryError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Gate:
    """WSGI middleware: refuses requests that this server must not answer.

    Parameters
    ----------
    origins
        Origins whose pages may change something.
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
        # Nearly all requests come from programs, for a host that was allowed before.
        is_by_page = "HTTP_ORIGIN" in environ or "HTTP_SEC_FETCH_SITE" in environ
        if is_by_page or environ.get("HTTP_HOST") not in self._hosts.remembered:
            refusal = self._refusal(environ)
            if refusal is not None:
                return refuse({**environ, REASON: refusal}, start_response)
        return self._app(environ, start_response)

    def _refusal(self, environ: "WSGIEnvironment") -> ServeryError | None:
        """Return why a request is refused for its sender or its host; None where it is not."""
        host = environ.get("HTTP_HOST")
        if environ.get("PATH_INFO") in HEALTH_PATHS:
            return None
        if host is None:
            # HTTP/1.0 allows that, and no browser does it.
            if environ.get("SERVER_PROTOCOL") == "HTTP/1.0":
                return None
            return MalformedRequest("The request has no Host header.")
        if not self._hosts.allows(host):
            return MisdirectedRequest(host)
        if is_cross_site(environ, self._origins):
            return CrossSiteRequest(environ.get("HTTP_ORIGIN") or "another site")
        return None

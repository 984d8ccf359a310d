"""The path of the server behind a proxy, such as ``/tools/servery``, instead of ``/``."""

import ipaddress
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from servery.settings import BASE_PATH, Network, Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FORWARDED = "HTTP_X_FORWARDED_PREFIX"


class BasePath:
    """Moves the base path of a request from ``PATH_INFO`` to ``SCRIPT_NAME``, as WSGI has it.

    A proxy may forward the path with or without the base path; both work.

    Parameters
    ----------
    base
        The path below which everything is served, such as ``/tools/servery``; empty for none.
    proxies
        Networks of proxies whose ``X-Forwarded-Prefix`` sets the base path instead.
    """

    def __init__(self, base: str, proxies: tuple[Network, ...]) -> None:
        self._base = base
        self._proxies = proxies

    @classmethod
    def from_settings(cls, settings: Settings) -> "BasePath":
        """Return the base path of a server with these settings."""
        return cls(settings.base_path or "", settings.proxies)

    def __bool__(self) -> bool:
        """Return whether a request can have a base path at all."""
        return bool(self._base or self._proxies)

    def move(self, environ: "WSGIEnvironment") -> None:
        """Move the base path; doing so twice changes nothing."""
        base = self._base_of(environ)
        if not base or environ.get("SCRIPT_NAME") == base:
            return
        environ["SCRIPT_NAME"] = base
        path: str = environ["PATH_INFO"]
        if path == base or path.startswith(f"{base}/"):
            environ["PATH_INFO"] = path[len(base) :]

    def _base_of(self, environ: "WSGIEnvironment") -> str:
        given = environ.get(FORWARDED, "").rstrip("/") if self._proxies else ""
        if BASE_PATH.fullmatch(given) and self._is_proxy(environ.get("REMOTE_ADDR", "")):
            return str(given)
        return self._base

    def _is_proxy(self, address: str) -> bool:
        try:
            found = ipaddress.ip_address(address)
        except ValueError:  # a Unix socket
            return False
        return any(found in network for network in self._proxies)

    def placed(self, app: "WSGIApplication") -> "WSGIApplication":
        """Return the application served below the base path; unchanged if there is none."""
        if not self:
            return app

        def serve(environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
            self.move(environ)
            if not environ["PATH_INFO"]:  # links of the page are relative to its folder
                start_response(
                    "308 Permanent Redirect", [("Location", f"{environ['SCRIPT_NAME']}/")]
                )
                return []
            return app(environ, start_response)

        return serve

    def lane(
        self, choose: Callable[["WSGIEnvironment"], str]
    ) -> Callable[["WSGIEnvironment"], str]:
        """Return a choice of the lane by the path below the base path."""
        if not self:
            return choose

        def chosen(environ: "WSGIEnvironment") -> str:
            self.move(environ)
            return choose(environ)

        return chosen

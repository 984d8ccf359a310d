"""Recognises changes that a page of another site requests, unknown to its user (CSRF).

A form or a ``text/plain`` fetch of any page reaches every server that its browser reaches, without
a preflight. Browsers mark such requests: by ``Sec-Fetch-Site`` where the connection is secure or
local, and by ``Origin``. Other programs send neither.
"""

from typing import TYPE_CHECKING

from servery.settings import host_and_port

if TYPE_CHECKING:
    from collections.abc import Collection

    from _typeshed.wsgi import WSGIEnvironment

#: Methods that change nothing. CORS keeps their answers from pages of other origins.
SAFE = frozenset(["GET", "HEAD", "OPTIONS"])
OWN = frozenset(["same-origin", "none"])
DEFAULT_PORTS = frozenset(["", "80", "443"])


def is_cross_site(environ: "WSGIEnvironment", allowed: "Collection[str]") -> bool:
    """Return whether a request may change something and comes from a page of another origin.

    The scheme of ``Origin`` is not compared: behind a proxy that speaks TLS it differs.

    Parameters
    ----------
    allowed
        Origins whose pages may call.
    """
    if environ["REQUEST_METHOD"] in SAFE:
        return False
    origin = environ.get("HTTP_ORIGIN")
    site = environ.get("HTTP_SEC_FETCH_SITE")
    if origin in allowed or (site is None and origin is None):
        return False
    if site is not None:
        return site not in OWN
    _, _, place = (origin or "").partition("://")
    own = _place(environ.get("HTTP_HOST", ""))
    return own is None or _place(place) != own


def _place(text: str) -> tuple[str, str] | None:
    """Return a host and its port, without one of those that are left out in an address."""
    found = host_and_port(text)
    return found and (found[0], "" if found[1] in DEFAULT_PORTS else found[1])

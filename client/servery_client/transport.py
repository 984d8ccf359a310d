"""What both clients share below the flows: addresses, arguments of httpx, and replies."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from servery_client.errors import ClientError
from servery_client.flows import Reply, Request

#: A server that does not accept a connection in this time is not there.
CONNECT_S = 10.0
ACCEPT = "application/json, */*;q=0.5"


def base_of(address: str) -> str:
    """Return what paths are appended to: the address of the server, with its base path.

    Raises
    ------
    ClientError
        It is not an address of the web.
    """
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ClientError(
            f"{address!r} is not the address of a server. Expected one such as "
            "https://models.example.org."
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}/"


def sent(
    request: Request, base: str, timeout_s: float, headers: Mapping[str, str]
) -> dict[str, Any]:
    """Return the arguments of a request for httpx, without its content."""
    return {
        "method": request.method,
        "url": base + request.path,
        "params": dict(request.params),
        "headers": {"Accept": ACCEPT, **headers, **request.headers},
        "timeout": httpx.Timeout(timeout_s, connect=min(CONNECT_S, timeout_s)),
    }


def replied(response: httpx.Response, body: bytes) -> Reply:
    """Return a response of httpx as a reply."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Reply(response.status_code, headers, body)

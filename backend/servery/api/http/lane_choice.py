"""Which lane a request belongs to, by its head alone; see `servery.lanes`."""

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from servery.api import JSON
from servery.api.http import HEALTH_PATHS
from servery.api.http.media import is_json
from servery.api.protocols import Address, address_of
from servery.api.registry import MODEL, RESOURCES
from servery.lanes import BATCHES, COMMON, HEALTH, QUICK
from servery.repository import Repository

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

JOBS = "/api/v1/batches/"
POSTED = re.compile(r"/api/v1/models/([^/]+)/([^/]+)")
#: A plan answers the instances of so large a body in about a millisecond.
QUICK_BYTES = 8 * 1024
#: Of tensors; reading a table takes longer.
BYTES = frozenset(["application/octet-stream"])


class LaneChoice:
    """Names the lane of each request; each model without a plan has its own."""

    def __init__(self, repository: Repository, default_model: str | None = None) -> None:
        self._repository = repository
        self._default = default_model

    def __call__(self, environ: "WSGIEnvironment") -> str:
        """Return the name of the lane."""
        path: str = environ["PATH_INFO"]
        if path in HEALTH_PATHS:
            return HEALTH
        if path.startswith(JOBS):
            return BATCHES
        address = address_of(path)
        if address is not None and path in address.health:
            return HEALTH
        if environ["REQUEST_METHOD"] != "POST":
            return COMMON
        if address is not None:
            return self._lane_of_protocol(address, environ)
        posted = POSTED.fullmatch(path)
        resource = RESOURCES.get(posted[2]) if posted else None
        if posted is None or resource is None:
            return COMMON
        return self._lane_of_model(posted, environ) if resource.lane == MODEL else resource.lane

    def _lane_of_model(self, posted: "re.Match[str]", environ: "WSGIEnvironment") -> str:
        name, what = posted.groups()
        query = environ["QUERY_STRING"]
        [version] = parse_qs(query).get("version", [None])[:1] if query else [None]
        return self._lane(name, version, environ, may_be_quick=what == "predictions")

    def _lane_of_protocol(self, address: Address, environ: "WSGIEnvironment") -> str:
        asked = address.asks.fullmatch(environ["PATH_INFO"])
        if asked is None:
            return COMMON
        found = asked.groupdict()
        name = found.get("model") or self._default
        if name is None:
            return COMMON
        media = environ.get("CONTENT_TYPE") or JSON
        may_be_quick = found.get("slow") is None and (media in BYTES or is_json(media))
        return self._lane(name, found.get("version"), environ, may_be_quick=may_be_quick)

    def _lane(
        self, name: str, version: str | None, environ: "WSGIEnvironment", *, may_be_quick: bool
    ) -> str:
        try:
            # Only models that are open: the event loop, which calls this, must not wait for one.
            model = self._repository.opened(name.encode("latin-1").decode(), version)
        except UnicodeError:
            model = None
        if model is None:
            return COMMON  # the app loads it, or reports why it cannot
        if model.runtime.is_caged:
            return f"model {model.name}"
        is_quick = may_be_quick and _length(environ) <= QUICK_BYTES
        return QUICK if is_quick else COMMON


def _length(environ: "WSGIEnvironment") -> float:
    """Return the length of the body; an infinite one where it is not known."""
    length = environ.get("CONTENT_LENGTH") or ""
    return int(length) if length.isascii() and length.isdigit() else float("inf")

"""What the clients of other servers speak: one module for each protocol, over the same core.

A protocol turns a body into instances and predictions into a body. It has a module here, which
makes a `Protocol` called ``PROTOCOL`` and adds routes to it, and a line in `PROTOCOLS`, which says
which addresses are its own. The module is imported with the first request to one of them::

    PROTOCOL = Protocol(refuse)

    @PROTOCOL.post(r"/v9/models/(?P<model>[^/]+)/ask")
    def ask(request: Request, model: str) -> Reply:
        served = request.model(model)
        answers = request.answers(served, request.json()["rows"])
        return json_reply({"said": answers.predictions()}, headers=answers.headers())

``refuse`` turns a `Refusal` into a reply: what a route raises, an unknown address, a body that is
too large. Whatever a route may raise has a status, see `servery.api.problems`. Before a protocol
sees a request, it has passed the same gate as those for our own API, and its body is decompressed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from servery.api.protocols.protocol import Protocol


@dataclass(frozen=True, slots=True)
class Address:
    """Where a protocol is found.

    Attributes
    ----------
    module
        Its module in this package.
    roots
        The first parts of its paths.
    asks
        The path of a request that a model answers; the groups ``model`` and ``version`` name it,
        and a group ``slow`` says that it takes longer than a prediction.
    health
        Paths that answer even if all models are busy.
    """

    module: str
    roots: Sequence[str]
    asks: re.Pattern[str]
    health: Sequence[str] = ()


#: The path of no request: the body names the model.
NO_PATH = re.compile(r"(?!)")

PROTOCOLS: tuple[Address, ...] = (
    Address(
        "tensorflow_serving",
        ["v1"],
        re.compile(
            r"/v1/models/(?P<model>[^/]+?)(/versions/(?P<version>[^/:]+))?"
            r":(?:predict|classify|regress|(?P<slow>explain))"
        ),
    ),
    Address(
        "open_inference",
        ["v2"],
        re.compile(r"/v2/models/(?P<model>[^/]+)(/versions/(?P<version>[^/]+))?/infer"),
        health=["/v2/health/live", "/v2/health/ready"],
    ),
    Address(
        "mlflow",
        ["mlflow", "endpoints", "invocations", "ping"],
        re.compile(r"(/(mlflow|endpoints)/(?P<model>[^/]+))?/invocations"),
    ),
    Address("hugging_face", ["hf"], re.compile(r"/hf/(?P<model>[^/]+)")),
    Address("vetiver", ["vetiver"], re.compile(r"/vetiver/(?P<model>[^/]+)/predict")),
    Address("csv", ["csv"], re.compile(r"/csv/(?P<model>[^/]+)(?P<slow>)")),
    Address(
        "warehouses",
        ["bigquery", "snowflake"],
        re.compile(r"/(bigquery|snowflake)/(?P<model>[^/]+?)(/details)?"),
    ),
    Address("mcp", ["mcp"], NO_PATH),
)
#: Whose path begins with a part, by that part.
ROOTS = {root: address for address in PROTOCOLS for root in address.roots}


def address_of(path: str) -> Address | None:
    """Return whose path this is; None for a path of our own."""
    return ROOTS.get(path[1:].partition("/")[0])


def protocol_at(address: Address) -> "Protocol":
    """Return a protocol, whose module is imported with the first request to it."""
    return _protocol_of(address.module)


@cache
def _protocol_of(module: str) -> "Protocol":
    found: Protocol = import_module(f"{__name__}.{module}").PROTOCOL
    return found

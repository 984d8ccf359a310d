"""The Model Context Protocol (MCP): agents find a tool for each model, and call it.

A message is a request of JSON-RPC (`messages.py`), which lists or calls tools (`tools.py`). This
module is the way over HTTP; `servery.servers.mcp` is that over standard input and output. Nothing
is kept between requests: revision 2026-07-28 asks for that, and 2025-11-25 allows it.
"""

from http import HTTPStatus

from servery.api.http.strict_json import strict_json
from servery.api.problems import Refusal
from servery.api.protocols.mcp.messages import (
    INTERNAL_ERROR,
    INVALID_REQUEST,
    PARSE_ERROR,
    Failed,
    Headers,
    answered,
)
from servery.api.protocols.mcp.tools import Tools
from servery.api.protocols.protocol import Protocol, Reply, Request, json_reply


def refuse(refusal: Refusal) -> Reply:
    """Answer with an error of JSON-RPC that belongs to no request."""
    if refusal.slug == "unreadable-body":
        code = PARSE_ERROR
    else:
        is_ours = refusal.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        code = INTERNAL_ERROR if is_ours else INVALID_REQUEST
    failed = Failed(code, refusal.detail, refusal.status)
    return json_reply(failed.body(None), status=refusal.status)


PROTOCOL = Protocol(refuse)


@PROTOCOL.post("/mcp/?")
def answer_message(request: Request) -> Reply:
    """Answer one message; a notification is accepted without an answer."""
    services = request.services
    budget_s = services.settings.explain_budget_ms / 1000
    tools = Tools(services.repository, budget_s, request.id)
    headers = Headers(
        version=request.header("MCP-Protocol-Version"),
        method=request.header("Mcp-Method"),
        name=request.header("Mcp-Name"),
    )
    status, body = answered(strict_json(request.body), tools, headers)
    return Reply(b"", status) if body is None else json_reply(body, status=status)

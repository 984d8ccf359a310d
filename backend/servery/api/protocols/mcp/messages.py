"""Messages of JSON-RPC 2.0 as MCP has them: one message in, the answer to it out.

There are two eras. A *modern* request (revision 2026-07-28) says in ``_meta`` which revision it
speaks, and over HTTP repeats a part of itself in headers. A *legacy* one (2025-11-25, 2025-06-18)
follows a handshake, ``initialize``, which is answered here without being remembered.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeAlias

from servery.api.protocols.mcp.tools import Tools, UnknownCursor, UnknownTool
from servery.errors import quoted
from servery.version import __version__

MODERN = "2026-07-28"
#: The first is offered to clients that ask for one that is not here.
LEGACY = ("2025-11-25", "2025-06-18")
SUPPORTED = (MODERN, *LEGACY)

PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND = -32700, -32600, -32601
INVALID_PARAMS, INTERNAL_ERROR = -32602, -32603
HEADER_MISMATCH, UNSUPPORTED_VERSION = -32020, -32022

META = "io.modelcontextprotocol/"
VERSION, CAPABILITIES = f"{META}protocolVersion", f"{META}clientCapabilities"
SERVER = {"name": "servery", "title": "Servery", "version": __version__}
#: Tools change when somebody publishes; a client may keep a list for a minute.
KEPT = {"ttlMs": 60_000, "cacheScope": "private"}
INSTRUCTIONS = (
    "Each predict_ tool asks one fitted model about one case. Use the values that the user gave; "
    "pass null where a value is unknown and null is allowed, and ask the user otherwise. State "
    "probabilities and intervals as they are, and repeat every warning to the user: it says why "
    "the answer is less certain. A description says what a model must not be used for."
)
#: Methods whose target the header Mcp-Name repeats, with the parameter that has it.
NAMED = {"tools/call": "name", "resources/read": "uri", "prompts/get": "name"}
#: How a header spells what is not plain ASCII.
ENCODED = ("=?base64?", "?=")

Json: TypeAlias = Mapping[str, Any]
#: A status of HTTP, and the body; None where there is nothing to say.
Answer: TypeAlias = tuple[int, Json | None]


@dataclass(frozen=True, slots=True)
class Headers:
    """What a modern client repeats in the headers of HTTP; None for what is absent."""

    version: str | None
    method: str | None
    name: str | None


class Failed(Exception):
    """A request that is answered with an error of JSON-RPC."""

    def __init__(
        self, code: int, detail: str, status: int = HTTPStatus.OK, data: Json | None = None
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.status = status
        self.data = data

    def body(self, id_: str | int | None) -> Json:
        """Return the error as an answer; ``id_`` is None where the request's is not known."""
        error = {"code": self.code, "message": str(self)}
        error |= {} if self.data is None else {"data": self.data}
        return {"jsonrpc": "2.0"} | ({} if id_ is None else {"id": id_}) | {"error": error}


def answered(message: object, tools: Tools, headers: Headers | None = None) -> Answer:
    """Return the answer to a message.

    Parameters
    ----------
    headers
        Those of HTTP; None where messages have none.
    """
    id_: str | int | None = None
    try:
        if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
            raise Failed(
                INVALID_REQUEST,
                "Expected one message of JSON-RPC 2.0.",
                HTTPStatus.BAD_REQUEST,
            )
        if "id" not in message or "method" not in message:
            return HTTPStatus.ACCEPTED, None  # a notification, or the answer to nothing we asked
        id_ = _id(message["id"])
        return HTTPStatus.OK, {
            "jsonrpc": "2.0",
            "id": id_,
            "result": _result(message["method"], message.get("params", {}), tools, headers),
        }
    except Failed as failed:
        return failed.status, failed.body(id_)


def _id(value: object) -> str | int:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Failed(
            INVALID_REQUEST,
            "Expected an id that is text or a whole number.",
            HTTPStatus.BAD_REQUEST,
        )
    return value


def _result(method: object, params: object, tools: Tools, headers: Headers | None) -> Json:
    if not isinstance(method, str) or not isinstance(params, dict):
        raise Failed(
            INVALID_REQUEST,
            "Expected a method as text, and params as an object.",
            HTTPStatus.BAD_REQUEST,
        )
    meta = params.get("_meta", {})
    if not isinstance(meta, dict):
        raise Failed(INVALID_PARAMS, "Expected _meta as an object.", HTTPStatus.BAD_REQUEST)
    is_modern = _is_modern(method, meta, headers)
    if is_modern:
        _check_meta(meta)
        if headers is not None:
            _check_headers(method, params, meta, headers)
    methods = MODERN_METHODS if is_modern else LEGACY_METHODS
    answer = methods.get(method)
    if answer is None:
        status = HTTPStatus.NOT_FOUND if is_modern else HTTPStatus.OK
        raise Failed(METHOD_NOT_FOUND, f"Method not found: {quoted(method)}.", status)
    try:
        result = answer(tools, params)
    except (UnknownTool, UnknownCursor) as error:
        raise Failed(INVALID_PARAMS, str(error)) from error
    if not is_modern:
        return result
    return {**result, "resultType": "complete", "_meta": {f"{META}serverInfo": SERVER}}


def _is_modern(method: str, meta: Json, headers: Headers | None) -> bool:
    """Return the era of a request.

    Raises
    ------
    Failed
        It is of a revision that is not supported.
    """
    in_header = None if headers is None else headers.version
    version = meta.get(VERSION, in_header)
    if version is None:
        return method == "server/discover"
    if method == "initialize" and VERSION not in meta:
        return False  # which revision it is, the answer says
    if version not in SUPPORTED:
        raise Failed(
            UNSUPPORTED_VERSION,
            "Unsupported protocol version.",
            HTTPStatus.BAD_REQUEST,
            {"supported": [*SUPPORTED], "requested": version},
        )
    return VERSION in meta or version == MODERN


def _check_meta(meta: Json) -> None:
    for name, kind, noun in ((VERSION, str, "a text"), (CAPABILITIES, dict, "an object")):
        if not isinstance(meta.get(name), kind):
            detail = f"Expected {name} in _meta as {noun}."
            raise Failed(INVALID_PARAMS, detail, HTTPStatus.BAD_REQUEST)


def _check_headers(method: str, params: Json, meta: Json, headers: Headers) -> None:
    """Refuse headers that differ from the body: a proxy may have decided by them."""
    pairs = [
        ("MCP-Protocol-Version", headers.version, meta[VERSION]),
        ("Mcp-Method", headers.method, method),
    ]
    if method in NAMED:
        pairs.append(("Mcp-Name", _decoded(headers.name), params.get(NAMED[method])))
    for name, found, expected in pairs:
        if found != expected:
            shown = "no value" if found is None else quoted(found)
            detail = f"Header mismatch: {name} has {shown}, the body has {quoted(str(expected))}."
            raise Failed(HEADER_MISMATCH, detail, HTTPStatus.BAD_REQUEST)


def _decoded(value: str | None) -> str | None:
    """Return what a header says, which is in Base64 where it is not plain ASCII."""
    begin, end = ENCODED
    if value is None or not (value.startswith(begin) and value.endswith(end)):
        return value
    try:
        return base64.b64decode(value[len(begin) : -len(end)], validate=True).decode()
    except (binascii.Error, UnicodeError):
        return None


def _discover(_tools: Tools, _params: Json) -> Json:
    return {
        "supportedVersions": [*SUPPORTED],
        "capabilities": {"tools": {}},
        "instructions": INSTRUCTIONS,
        **KEPT,
    }


def _initialize(_tools: Tools, params: Json) -> Json:
    wanted = params.get("protocolVersion")
    return {
        "protocolVersion": wanted if wanted in LEGACY else LEGACY[0],
        "capabilities": {"tools": {}},
        "serverInfo": SERVER,
        "instructions": INSTRUCTIONS,
    }


def _ping(_tools: Tools, _params: Json) -> Json:
    return {}


def _list_tools(tools: Tools, params: Json) -> Json:
    found, cursor = tools.page(params.get("cursor"))
    return {"tools": found} | ({} if cursor is None else {"nextCursor": cursor})


def _list_and_keep(tools: Tools, params: Json) -> Json:
    return {**_list_tools(tools, params), **KEPT}


def _call(tools: Tools, params: Json) -> Json:
    name, arguments = params.get("name"), params.get("arguments", {})
    if not isinstance(name, str) or not isinstance(arguments, dict):
        raise Failed(INVALID_PARAMS, "Expected the name of a tool, and arguments as an object.")
    return tools.call(name, arguments)


Method: TypeAlias = Callable[[Tools, Json], Json]
LEGACY_METHODS: Mapping[str, Method] = {
    "initialize": _initialize,
    "ping": _ping,
    "tools/list": _list_tools,
    "tools/call": _call,
}
MODERN_METHODS: Mapping[str, Method] = {
    "server/discover": _discover,
    "tools/list": _list_and_keep,
    "tools/call": _call,
}

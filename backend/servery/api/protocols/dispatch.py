"""Hands requests for the addresses of protocols to their modules; all others pass to the app."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from servery.api import REQUEST_ID, Services
from servery.api.http.codings import BodyTooLarge, pack_for, unpacked
from servery.api.problems import refusal_of
from servery.api.protocols import address_of, protocol_at
from servery.api.protocols.protocol import Protocol, Reply, Request
from servery.errors import UnreadableBody

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: Our own address whose preflights are answered as those of protocols are.
LIKE_OUR_OWN = "/api/v1/models/any/predictions"
STATUS_LINES = {int(each): f"{each:d} {each.phrase}" for each in HTTPStatus}


class ProtocolDispatch:
    """WSGI middleware in front of the app."""

    def __init__(self, app: "WSGIApplication", services: Services) -> None:
        self._app = app
        self._services = services

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> "Iterable[bytes]":
        """Answer one request, or pass it to the app."""
        address = address_of(environ["PATH_INFO"])
        if address is None:
            return self._app(environ, start_response)
        if environ["REQUEST_METHOD"] == "OPTIONS":
            return self._app({**environ, "PATH_INFO": LIKE_OUR_OWN}, start_response)
        reply = self._reply(protocol_at(address), environ)
        return self._send(reply, environ, start_response)

    def _reply(self, protocol: Protocol, environ: "WSGIEnvironment") -> Reply:
        method, request_id = environ["REQUEST_METHOD"], environ[REQUEST_ID]
        try:
            path = _utf8(environ["PATH_INFO"])
            body = read_body(environ, self._services.settings.max_body_bytes)
            return protocol.answer(Request(method, path, body, environ, self._services, request_id))
        except Exception as error:  # a protocol answers in its own form whatever happens
            refusal = refusal_of(error, method, request_id)
        said = protocol.refuse(refusal)
        return Reply(said.body, said.status, said.media, [*said.headers, *refusal.headers])

    def _send(
        self, reply: Reply, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> "Iterable[bytes]":
        body, packing = pack_for(environ, reply.body)
        headers = [("Content-Type", reply.media), ("Cache-Control", "no-store"), *reply.headers]
        headers += packing
        start_response(STATUS_LINES[reply.status], headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _utf8(path: str) -> str:
    if path.isascii():
        return path
    try:
        return path.encode("latin-1").decode()
    except UnicodeError:
        raise BadRequest from None


def read_body(environ: "WSGIEnvironment", most_bytes: int) -> bytes:
    """Return the decompressed body of a request; empty where it has none.

    Raises
    ------
    RequestEntityTooLarge, UnreadableBody, UnsupportedMedia
        It is longer than ``most_bytes``, as sent or decompressed; it ends early; it is compressed
        in another way than it says, or in an unknown one.
    """
    data = _sent(environ, most_bytes)
    coding = environ.get("HTTP_CONTENT_ENCODING")
    if coding is None or not data:
        return data
    try:
        return unpacked(data, coding, most_bytes)
    except BodyTooLarge as error:
        raise RequestEntityTooLarge from error


def _sent(environ: "WSGIEnvironment", most_bytes: int) -> bytes:
    length = environ.get("CONTENT_LENGTH") or ""
    if length:
        if not (length.isascii() and length.isdigit()):
            raise BadRequest
        size = int(length)
        if size > most_bytes:
            raise RequestEntityTooLarge
    elif "HTTP_TRANSFER_ENCODING" in environ and environ.get("wsgi.input_terminated"):
        size = most_bytes + 1
    else:
        return b""
    try:
        data = bytes(environ["wsgi.input"].read(size))
    except Exception as error:  # each server raises its own errors for a body that ends early
        raise UnreadableBody("The body is incomplete. Send it again.") from error
    if len(data) > most_bytes:
        raise RequestEntityTooLarge
    if length and len(data) < size:
        raise UnreadableBody("The body is incomplete. Send it again.")
    return data

"""Content codings of bodies: gzip, deflate and br; unpacked within a limit, packed if accepted."""

import zlib
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeAlias

import brotli
from flask import Response, request
from werkzeug.http import parse_accept_header

from servery.api.http.media import is_json
from servery.errors import UnreadableBody, UnsupportedMedia, shortened

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

Coding: TypeAlias = Literal["gzip", "br", "deflate"]
#: A shorter answer, such as that for one instance, fits into one packet as it is.
LEAST_PACKED_BYTES = 1_400
#: Both at the level that costs least: answers are sent once.
GZIP_LEVEL, BR_QUALITY = 1, 1
#: The largest window, in a gzip archive or in the format of zlib, which HTTP calls deflate.
GZIP_WBITS, DEFLATE_WBITS = 31, 15


class BodyTooLarge(Exception):
    """A body unpacks to more than is allowed."""


def unpacked(data: bytes, coding: str, most_bytes: int) -> bytes:
    """Return the body without its Content-Encoding.

    Raises
    ------
    UnsupportedMedia
        The coding is none of gzip, deflate and br.
    UnreadableBody
        The body is not what the coding says, or ends early.
    BodyTooLarge
        It unpacks to more than ``most_bytes``; unpacking stops there.
    """
    coding = coding.strip().lower()
    if coding == "identity":
        return data
    try:
        if coding in ("gzip", "x-gzip"):
            return _inflated(data, GZIP_WBITS, most_bytes)
        if coding == "deflate":
            return _inflated(data, DEFLATE_WBITS, most_bytes)
        if coding == "br":
            return _from_brotli(data, most_bytes)
    except (zlib.error, brotli.error) as error:
        raise UnreadableBody(
            f"The Content-Encoding is {coding}, but the body is not compressed with it. Compress "
            "the body, or leave the header out."
        ) from error
    raise UnsupportedMedia(
        f"Expected the Content-Encoding gzip, deflate, br or none, found {shortened(coding)}."
    )


def _inflated(data: bytes, wbits: int, most_bytes: int) -> bytes:
    pieces = []
    left = most_bytes
    while data:  # an archive may have several members
        member = zlib.decompressobj(wbits)
        piece = member.decompress(data, left + 1)
        left -= len(piece)
        if left < 0:
            raise BodyTooLarge
        if not member.eof:
            raise _ended_early()
        pieces.append(piece)
        data = member.unused_data
    return b"".join(pieces)


def _from_brotli(data: bytes, most_bytes: int) -> bytes:
    reader = brotli.Decompressor()
    piece = reader.process(data, output_buffer_limit=most_bytes + 1)
    pieces = [piece]
    size = len(piece)
    # The reader may exceed its limit, which only says when to end a piece.
    while not reader.is_finished():
        if size > most_bytes:
            raise BodyTooLarge
        piece = reader.process(b"", output_buffer_limit=most_bytes + 1 - size)
        if not piece:
            raise _ended_early()
        pieces.append(piece)
        size += len(piece)
    if size > most_bytes:
        raise BodyTooLarge
    return b"".join(pieces)


def _ended_early() -> UnreadableBody:
    return UnreadableBody("The compressed body is incomplete. Send it again.")


def is_worth_packing(answer: bytes) -> bool:
    """Return whether an answer is long enough to be sent packed."""
    return len(answer) >= LEAST_PACKED_BYTES


@lru_cache(maxsize=100)
def accepted(accept_encoding: str) -> Coding | None:
    """Return the cheapest coding that a client accepts, by its Accept-Encoding header."""
    wanted = parse_accept_header(accept_encoding)
    codings: tuple[Coding, ...] = ("br", "gzip", "deflate")
    return next((each for each in codings if wanted[each] > 0.0), None)


def packed(answer: bytes, coding: Coding) -> bytes:
    """Compress an answer with a coding."""
    if coding == "br":
        return bytes(brotli.compress(answer, quality=BR_QUALITY))
    wbits = GZIP_WBITS if coding == "gzip" else DEFLATE_WBITS
    packer = zlib.compressobj(GZIP_LEVEL, wbits=wbits)
    return packer.compress(answer) + packer.flush()


def pack_for(environ: "WSGIEnvironment", answer: bytes) -> tuple[bytes, list[tuple[str, str]]]:
    """Return an answer, packed if its caller accepts that, and the headers that say so."""
    headers = []
    if is_worth_packing(answer):
        headers.append(("Vary", "Accept-Encoding"))
        coding = accepted(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if coding is not None:
            answer = packed(answer, coding)
            headers.append(("Content-Encoding", coding))
    headers.append(("Content-Length", str(len(answer))))
    return answer, headers


def pack_response(response: Response) -> Response:
    """Pack an answer of Flask, as the fast path packs its own; files and streams stay as they are.

    Register it on the app with ``after_request``.
    """
    is_whole = not (response.is_streamed or response.direct_passthrough)
    if not is_whole or not is_json(response.mimetype) or "Content-Encoding" in response.headers:
        return response
    answer = response.get_data()
    if not is_worth_packing(answer):
        return response
    response.vary.add("Accept-Encoding")
    coding = accepted(request.headers.get("Accept-Encoding", ""))
    if coding is not None:
        response.set_data(packed(answer, coding))
        response.headers["Content-Encoding"] = coding
    return response

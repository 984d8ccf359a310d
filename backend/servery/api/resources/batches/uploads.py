"""Uploads: the body of a request goes to disk as it arrives, and is never held in memory."""

import hashlib
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from flask import Request
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import (
    Data,
    Epilogue,
    Field,
    File,
    MultipartDecoder,
    NeedData,
)

from servery.errors import IncompleteUpload, UnsupportedTable, UploadTooLarge, quoted, shortened
from servery.jobs.files import Files
from servery.private import write_private
from servery.tables.registry import FORMATS, format_of

PIECE_BYTES = 256 * 1024
#: The most of a form that is held in memory, such as the header of a part.
HELD_BYTES = 4 * PIECE_BYTES
FIELD_BYTES = 10_000
MOST_PARTS = 50
#: Parts of a form come on top of the table, whose own size is counted where it is written.
BESIDE_BYTES = FIELD_BYTES * MOST_PARTS
LONGEST_NAME = 200
#: Media types of tables without a known format.
UNSPECIFIC = ("text/plain", "application/gzip", "application/octet-stream")
NO_ROOM = (
    "There is no room on the server's disk for this table, and nothing of it was kept. Send it "
    "again later, or score it with `servery score` on your own machine."
)
MULTIPART = "multipart/form-data"
#: What the end of a name says of a file.
ENDING = re.compile(r"(\.[a-z0-9]{1,8})?(\.gz)?$", re.IGNORECASE)
#: In no file name: controls, marks that turn the direction of a text, what a file system minds.
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069<>:\"/\\|?*]+")


@dataclass
class Upload:
    """An upload: the name, size and digest of the table, and the text fields beside it."""

    name: str
    size_bytes: int = 0
    fields: list[tuple[str, str]] = field(default_factory=list)
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)


def media_types() -> dict[str, str | None]:
    """Return the media types of tables, each with its format if it has one."""
    specific = {media: each.name for each in FORMATS.values() for media in each.media_types}
    return specific | dict.fromkeys(UNSPECIFIC)


def receive(request: Request, files: Files, id_: str, most_bytes: int) -> Upload:
    """Write the table of a request to the upload of a job, synced to the disk.

    Raises
    ------
    NoRoom
        The disk cannot take it.
    UnsupportedTable
        The content type is not one of tables.
    UploadTooLarge
        The table is larger than ``most_bytes``, as it comes or unpacked.
    IncompleteUpload
        The body ends early, or has no part "file".
    """
    kind = request.mimetype
    if kind != MULTIPART and kind not in media_types():
        raise UnsupportedTable(
            f"Expected the Content-Type of a table ({', '.join(media_types())}) or {MULTIPART}, "
            f"found {shortened(kind) or 'none'}."
        )
    name = None if kind == MULTIPART else _name(request)
    if (request.content_length or 0) > most_bytes + BESIDE_BYTES:
        raise _too_large(most_bytes, name)
    request.max_content_length = 1 << 62  # counted here instead
    files.require_room(request.content_length or 0, NO_ROOM)
    pieces = _with_room(files, _unpacked(request, _pieces(request), most_bytes))
    with write_private(files.upload(id_)) as file:
        if name is None:
            upload = _of_parts(request, pieces, file, most_bytes)
        else:
            upload = Upload(name)
            for piece in pieces:
                _write(upload, piece, file, most_bytes)
        file.flush()
        os.fsync(file.fileno())
    return upload


def _with_room(files: Files, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Stop before the disk is full, as others write there too."""
    for piece in pieces:
        files.require_room(len(piece), NO_ROOM)
        yield piece


def _pieces(request: Request) -> Iterator[bytes]:
    expected = request.content_length
    count = 0
    try:
        while piece := request.stream.read(PIECE_BYTES):
            count += len(piece)
            yield piece
    except Exception as error:  # each server raises its own errors for a body that ends early
        raise IncompleteUpload(
            "The upload broke off, or its chunks are not valid. Send it again."
        ) from error
    if expected is not None and count < expected:
        raise IncompleteUpload(
            f"The upload broke off: expected {expected:,} bytes, found {count:,}. Send it again."
        )


def _unpacked(request: Request, pieces: Iterator[bytes], most_bytes: int) -> Iterator[bytes]:
    """Decompress a body as its Content-Encoding says, up to the largest size accepted."""
    coding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if coding not in ("identity", "gzip", "x-gzip"):
        raise UnsupportedTable(
            f"Expected the Content-Encoding gzip or none, found {quoted(coding)}."
        )
    left = most_bytes + BESIDE_BYTES
    for piece in pieces if coding == "identity" else _gunzipped(pieces):
        left -= len(piece)
        if left < 0:
            raise _too_large(most_bytes, None)
        yield piece


def _gunzipped(pieces: Iterator[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(wbits=31)
    begun = False
    try:
        for piece in pieces:
            packed = piece
            while packed:
                if unpacker.eof:  # one archive after another is one body
                    unpacker = zlib.decompressobj(wbits=31)
                begun = True
                yield unpacker.decompress(packed, PIECE_BYTES)
                packed = unpacker.unconsumed_tail or unpacker.unused_data
            while not unpacker.eof and (data := unpacker.decompress(b"", PIECE_BYTES)):
                yield data
    except zlib.error as error:
        raise IncompleteUpload(
            "The body is not the gzip archive that its Content-Encoding says. Compress it, or "
            "leave that header out."
        ) from error
    if begun and not unpacker.eof:
        raise IncompleteUpload("The upload broke off within its gzip archive. Send it again.")


def _of_parts(
    request: Request, pieces: Iterator[bytes], file: IO[bytes], most_bytes: int
) -> Upload:
    """Write the part "file" of a form, and return it with the text fields."""
    boundary = request.mimetype_params.get("boundary", "")
    if not boundary:
        raise IncompleteUpload("The Content-Type of the form has no boundary.")
    decoder = MultipartDecoder(
        boundary.encode("latin-1", "replace"), HELD_BYTES, max_parts=MOST_PARTS
    )
    upload: Upload | None = None
    fields: list[tuple[str, bytearray]] = []
    part: bytearray | None = None
    try:
        for event in _events(decoder, pieces):
            if isinstance(event, (Field, File)) and event.name == "file" and upload is None:
                kind = event.headers.get("Content-Type", "").partition(";")[0].strip()
                name = request.args.get("name") or getattr(event, "filename", None) or ""
                upload, part = Upload(named(name, media_types().get(kind))), None
            elif isinstance(event, (Field, File)):
                if event.name == "file":
                    raise IncompleteUpload(
                        'Expected one part "file", found two. Send each table in its own request.'
                    )
                part = bytearray()
                fields.append((event.name, part))
            elif isinstance(event, Data):
                if part is None and upload is not None:
                    _write(upload, event.data, file, most_bytes)
                elif part is not None:
                    part += event.data
                    if len(part) > FIELD_BYTES:
                        raise UploadTooLarge(f"The field {quoted(fields[-1][0])} is too long.")
    except UnicodeDecodeError as error:
        raise IncompleteUpload(
            "The names of fields and files are not in UTF-8. Rename the file."
        ) from error
    except ValueError as error:
        raise IncompleteUpload("The body is not a valid form.") from error
    if upload is None:
        raise IncompleteUpload('Expected a part "file", found none.')
    upload.fields = [(name, data.decode("utf-8", "replace")) for name, data in fields]
    return upload


def _events(
    decoder: MultipartDecoder, pieces: Iterator[bytes]
) -> "Iterator[Field | File | Data | Epilogue]":
    for piece in _and_end(pieces):
        decoder.receive_data(piece)
        while not isinstance(event := decoder.next_event(), NeedData):
            if isinstance(event, (Field, File, Data)):
                yield event
            if isinstance(event, Epilogue):
                return


def _and_end(pieces: Iterator[bytes]) -> Iterator[bytes | None]:
    yield from pieces
    yield None


def _write(upload: Upload, piece: bytes, file: IO[bytes], most_bytes: int) -> None:
    if upload.size_bytes + len(piece) > most_bytes:
        raise _too_large(most_bytes, upload.name)
    file.write(piece)
    upload.digest.update(piece)
    upload.size_bytes += len(piece)


def _name(request: Request) -> str:
    """Return the name of a raw body: from the query, its Content-Disposition, or its type."""
    _, options = parse_options_header(request.headers.get("Content-Disposition", ""))
    given = request.args.get("name") or options.get("filename", "")
    return named(given, media_types()[request.mimetype])


def named(given: str, kind: str | None) -> str:
    """Return a plain file name that ends with the format of the table, where that is known."""
    name = UNPRINTABLE.sub("_", given.replace("\\", "/").rpartition("/")[2]).strip(" .")
    name = _shortened(name) or "table"
    return name if kind is None or format_of(name) else name + FORMATS[kind].endings[0]


def _shortened(name: str) -> str:
    """Return a name without its middle if it is too long: both ends matter."""
    if len(name) <= LONGEST_NAME:
        return name
    found = ENDING.search(name)
    ending = "…" + (found[0] if found else "")
    return name[: LONGEST_NAME - len(ending)].rstrip(" .") + ending


def _too_large(most_bytes: int, name: str | None) -> UploadTooLarge:
    return UploadTooLarge(
        f"{name or 'The table'} is larger than the {most_bytes:,} bytes, decompressed, that this "
        "server accepts. Split it, score it with `servery score`, which accepts files of any size, "
        "or ask the administrator to raise SERVERY_MAX_UPLOAD_BYTES."
    )

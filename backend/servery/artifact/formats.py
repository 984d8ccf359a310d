"""What a model file is by its first bytes, and the plain stream inside a compressed one.

Bytes in, bytes out. The first bytes decide, whatever the name of a file ends with, and nothing else
is tried after them: a file that is not what it seems is refused with a sentence that says what it
is.
"""

import bz2
import importlib.util
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from servery.errors import ArtifactRejected
from servery.estimators.native_files import NATIVE_FORMATS, native_format_of
from servery.layout import JOBLIB

#: ``pickle``, ``skops``, or the name of a native format.
Format: TypeAlias = str
CHUNK_BYTES = 1 << 20
#: So many bytes are enough to know a format.
HEAD_BYTES = 1 << 16
ZIP = b"PK\x03\x04"
#: What unpacking LZMA may hold beside its output; its highest preset needs an eighth.
LZMA_BYTES = 1 << 29

#: What unpackers raise on data that they did not write.
DAMAGE = (
    OSError,
    EOFError,
    ValueError,
    zlib.error,
    lzma.LZMAError,
    RuntimeError,
    zipfile.BadZipFile,
)

#: First bytes of other files, and the message about them.
STRANGERS: tuple[tuple[bytes, str], ...] = (
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file, such as Keras writes; Servery serves scikit-learn"),
    (b"version https://git-lfs", "a Git LFS pointer; run `git lfs pull` to get the file itself"),
    (b"PAR1", "a Parquet table, not a model"),
    (b"\x93NUMPY", "a NumPy array, not a model"),
    (b"\x89PNG", "a picture, not a model"),
    (b"%PDF", "a PDF document, not a model"),
    (b"\x7fELF", "a program, not a model"),
    (
        b"binf",
        "an XGBoost model in its old binary format; load it with XGBoost and save it as .ubj",
    ),
    (b"ZF0x", "written by joblib before 0.10; load it there and save it again"),
)
HOW = 'Save the fitted estimator with joblib.dump(estimator, "model.joblib").'


def plain_stream(data: bytes, file: str, max_bytes: int) -> tuple[Format, bytes]:
    """Return the format of a model file and its bytes, decompressed where they are compressed.

    Raises
    ------
    ArtifactRejected
        It is not a model file, is truncated, or unpacks to more than ``max_bytes``.
    """
    if data.startswith(ZIP):
        return "skops", _zip(data, file)
    for magic, unpack in COMPRESSIONS:
        if data.startswith(magic):
            chunks = _known(unpack(data, file), file)
            data = _unpacked(chunks, file, max_bytes)
            break
    return format_of(data[:HEAD_BYTES], file, data[-TAIL_BYTES:]), data


def is_packed(head: bytes) -> bool:
    """Return whether a file is compressed or an archive, so that it must be unpacked to know it."""
    return head.startswith((ZIP, *(magic for magic, _ in COMPRESSIONS)))


def looks_like_model(head: bytes) -> bool:
    """Return whether an uncompressed file begins as a model file does."""
    return _is_pickle(head) or native_format_of(head) is not None


def format_of(head: bytes, file: str, tail: bytes = b"") -> Format:
    """Return the format of a model file that is neither compressed nor a ZIP archive.

    Parameters
    ----------
    head, tail
        Its first bytes, and its last ones.

    Raises
    ------
    ArtifactRejected
        It is not a model file; says what it is instead.
    """
    if not head:
        raise ArtifactRejected(f"{file} is empty. {HOW}")
    if _is_pickle(head):
        return "pickle"
    native = native_format_of(head)
    if native is not None:
        return native
    for magic, what in STRANGERS:
        if head.startswith(magic):
            raise ArtifactRejected(f"{file} is {what}.")
    raise ArtifactRejected(f"{file} {_unknown(head, tail)} {HOW}")


#: Of a pickle of protocol 0 or 1, the end shows what it is.
TAIL_BYTES = 16


def saved_name(head: bytes, ending: str) -> str:
    """Return the name of a model file in a version folder, which has a ``model.json`` already.

    Parameters
    ----------
    head
        Its first bytes.
    ending
        That of the name that it has now.
    """
    native = native_format_of(head)
    if native is not None:
        return f"native{NATIVE_FORMATS[native].ending}"
    if head.startswith(ZIP):
        return "model.skops"
    return f"model{ending}" if ending in {".joblib", ".pkl", ".pickle"} else JOBLIB


def _is_pickle(head: bytes) -> bool:
    return head[:1] == b"\x80" and head[1:2] in {b"\x02", b"\x03", b"\x04", b"\x05"}


def _known(chunks: Iterator[bytes], file: str) -> Iterator[bytes]:
    """Refuse what is not a model before all of it is unpacked."""
    for place, chunk in enumerate(chunks):
        if place == 0 and len(chunk) >= HEAD_BYTES:
            format_of(chunk[:HEAD_BYTES], file)
        yield chunk


def _zip(data: bytes, file: str) -> bytes:
    if file.endswith(".skops") or _has_schema(data):
        return data
    inside = data[:4096]
    if b"data.pkl" in inside or b"archive/" in inside:
        raise ArtifactRejected(f"{file} is a PyTorch file; Servery serves scikit-learn.")
    if b"config.json" in inside or b"model.weights" in inside:
        raise ArtifactRejected(f"{file} is a Keras file; Servery serves scikit-learn.")
    raise ArtifactRejected(f"{file} is a ZIP archive, not a model file. {HOW}")


def _has_schema(data: bytes) -> bool:
    """Return whether a ZIP archive holds the file by which skops describes an estimator."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "schema.json" in archive.NameToInfo
    except (*DAMAGE, NotImplementedError):
        return False


def plain_zip(data: bytes, file: str, max_bytes: int) -> bytes:
    """Return a ZIP archive rebuilt, with nothing in it compressed.

    What the archive says of its sizes is not believed: what is unpacked is counted.

    Raises
    ------
    ArtifactRejected
        It is damaged, unpacks to more than ``max_bytes``, or holds other than plain files.
    """
    sink, left = io.BytesIO(), max_bytes
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(sink, "w") as target:
            members = source.infolist()
            names = {member.filename for member in members}
            if len(names) != len(members) or not all(map(MEMBER.fullmatch, names)):
                raise ArtifactRejected(
                    f"{file} is damaged: it holds other files than skops writes."
                )
            for member in members:
                content = _unpacked(_chunks(source, member), file, left)
                left -= len(content)
                target.writestr(member.filename, content)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise ArtifactRejected(f"{file} is cut short or damaged: {error}.") from error
    return sink.getvalue()


#: Names of files in an archive of skops: its schema, and arrays by number.
MEMBER = re.compile(r"[A-Za-z0-9_-]{1,64}\.[a-z]{1,8}")


def _chunks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(member) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            yield chunk


def _unknown(head: bytes, tail: bytes) -> str:
    if is_packed(head):
        return "is compressed twice, which no library that saves models does."
    head = head[:512]
    if head.lstrip()[:1] in {b"{", b"["}:
        if b"_features" in head:
            return "looks like a CatBoost model in JSON: save it as .cbm, CatBoost's own format."
        return "is JSON, not a fitted estimator."
    if head[:1] in b"(]}c" and tail.rstrip().endswith(b"."):
        return "is a pickle of protocol 0 or 1; save it again with a newer one."
    printable = sum(32 <= byte < 127 or byte in b"\r\n\t" for byte in head)
    return "is text, not a fitted estimator." if printable == len(head) else "is not a model file."


def _unpacked(chunks: Iterator[bytes], file: str, max_bytes: int) -> bytes:
    sink = io.BytesIO()  # which hands out its memory at the end, without a copy of it
    size = 0
    try:
        for chunk in chunks:
            size += len(chunk)
            if size > max_bytes:
                raise ArtifactRejected(
                    f"{file} unpacks to more than {max_bytes:,} bytes; raise "
                    "SERVERY_OPEN_MEMORY_BYTES if that is expected."
                )
            sink.write(chunk)
    except DAMAGE as error:
        raise ArtifactRejected(f"{file} is cut short or damaged: {error}.") from error
    return sink.getvalue()


def _inflated(decompressor: Any, data: bytes, file: str) -> Iterator[bytes]:  # noqa: ANN401
    """Go through what a zlib decompressor makes of the data, a chunk at a time."""
    # Fed in pieces, as it hands back a copy of what it has not taken yet.
    for start in range(0, len(data), CHUNK_BYTES):
        piece = data[start : start + CHUNK_BYTES]
        chunk = decompressor.decompress(piece, CHUNK_BYTES)
        while chunk and not decompressor.eof:
            yield chunk
            chunk = decompressor.decompress(decompressor.unconsumed_tail, CHUNK_BYTES)
        yield chunk
        if decompressor.eof:
            return
    raise ArtifactRejected(f"{file} is cut short: its compressed stream has no end.")


def _streamed(decompressor: Any, data: bytes, file: str) -> Iterator[bytes]:  # noqa: ANN401
    """Go through what a decompressor of the newer kind makes of the data, a chunk at a time."""
    while not decompressor.eof:
        chunk = decompressor.decompress(data, CHUNK_BYTES)
        data = b""
        if not chunk and decompressor.needs_input:
            raise ArtifactRejected(f"{file} is cut short: its compressed stream has no end.")
        yield chunk


def _lz4(data: bytes, file: str) -> Iterator[bytes]:
    if importlib.util.find_spec("lz4") is None:
        raise ArtifactRejected(
            f'{file} is compressed with LZ4, which is not installed: pip install "servery[lz4]".'
        )
    from lz4.frame import LZ4FrameDecompressor

    return _streamed(LZ4FrameDecompressor(), data, file)


Unpack: TypeAlias = Callable[[bytes, str], Iterator[bytes]]
COMPRESSIONS: tuple[tuple[bytes, Unpack], ...] = (
    *(
        (bytes([0x78, level]), lambda data, file: _inflated(zlib.decompressobj(), data, file))
        for level in (0x01, 0x5E, 0x9C, 0xDA)
    ),
    (b"\x1f\x8b", lambda data, file: _inflated(zlib.decompressobj(31), data, file)),
    (b"BZh", lambda data, file: _streamed(bz2.BZ2Decompressor(), data, file)),
    (
        b"\xfd7zXZ\x00",
        lambda data, file: _streamed(lzma.LZMADecompressor(memlimit=LZMA_BYTES), data, file),
    ),
    (
        b"\x5d\x00\x00",
        lambda data, file: _streamed(lzma.LZMADecompressor(memlimit=LZMA_BYTES), data, file),
    ),
    (b"\x04\x22\x4d\x18", _lz4),
)

"""What a model file is by its first bytes, and the plain stream inside a compressed one.

Bytes in, bytes out. The first bytes decide and nothing else is tried after them: a file that is
not what it seems is refused with a sentence that says what it is.
"""

import bz2
import importlib.util
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any, Literal, TypeAlias

from servery.errors import ArtifactRejected

Format: TypeAlias = Literal["pickle", "skops"]
CHUNK_BYTES = 1 << 20
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
    if not data:
        raise ArtifactRejected(f"{file} is empty. {HOW}")
    if data.startswith(b"PK\x03\x04"):
        return "skops", _zip(data, file)
    for magic, unpack in COMPRESSIONS:
        if data.startswith(magic):
            data = _unpacked(unpack(data, file), file, max_bytes)
            break
    if file.endswith(".skops"):
        raise ArtifactRejected(f"{file} is not a skops file. Save it again with skops.io.dump.")
    if data[:1] == b"\x80" and data[1:2] in {b"\x02", b"\x03", b"\x04", b"\x05"}:
        return "pickle", data
    for magic, what in STRANGERS:
        if data.startswith(magic):
            raise ArtifactRejected(f"{file} is {what}.")
    raise ArtifactRejected(f"{file} {_unknown(data)} {HOW}")


def _zip(data: bytes, file: str) -> bytes:
    if file.endswith(".skops"):
        return data
    inside = data[:4096]
    if b"data.pkl" in inside or b"archive/" in inside:
        raise ArtifactRejected(f"{file} is a PyTorch file; Servery serves scikit-learn.")
    if b"config.json" in inside or b"model.weights" in inside:
        raise ArtifactRejected(f"{file} is a Keras file; Servery serves scikit-learn.")
    raise ArtifactRejected(f"{file} is a ZIP archive, not a model file; skops files end in .skops.")


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


def _unknown(data: bytes) -> str:
    if any(data.startswith(magic) for magic, _ in COMPRESSIONS):
        return "is compressed twice, which no library that saves models does."
    head = data[:512]
    if head.lstrip()[:1] in {b"{", b"["}:
        return "is JSON, not a fitted estimator."
    if data[:1] in b"(]}c" and data.rstrip().endswith(b"."):
        return "is a pickle of protocol 0 or 1; save it again with a newer one."
    printable = sum(32 <= byte < 127 or byte in b"\r\n\t" for byte in head)
    return "is text, not a fitted estimator." if printable == len(head) else "is not a model file."


def _unpacked(chunks: Iterator[bytes], file: str, max_bytes: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    try:
        for chunk in chunks:
            size += len(chunk)
            if size > max_bytes:
                raise ArtifactRejected(
                    f"{file} unpacks to more than {max_bytes:,} bytes; raise "
                    "SERVERY_OPEN_MEMORY_BYTES if that is expected."
                )
            parts.append(chunk)
    except DAMAGE as error:
        raise ArtifactRejected(f"{file} is cut short or damaged: {error}.") from error
    return b"".join(parts)


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

"""Publishes a model file again as it was published before: `servery serve FILE`, started again.

What was inferred from a file is cached under a key of everything that it depends on: the bytes
of the file, the options, and the versions of the libraries.
"""

import hashlib
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from servery.errors import PublishingRefused
from servery.guarded import (
    FileRefused,
    add_folder,
    make_folder,
    names_in,
    read_file,
    replace_file,
)
from servery.layout import CARD
from servery.libraries import fingerprint
from servery.private import make_private_folder, write_private
from servery.publishing.options import PublishOptions

if TYPE_CHECKING:
    from servery.publishing.writing import Published

#: More than a plan of a thousand trees takes. Anything larger is not cached.
MOST_BYTES = 64 * 1024**2
#: So many files are kept: those published last.
MOST_KEPT = 50
#: The only version in the folder of one command.
VERSION = "1"


class Kept(msgspec.Struct, frozen=True):
    """What a model folder holds besides the given file, and the report.

    Attributes
    ----------
    report
        What was inferred, in words.
    saved_as
        The name of the given file in the version folder.
    """

    report: str
    card: bytes
    saved_as: str
    files: dict[str, bytes]


class Repeater:
    """Publishes known files to new folders, if they need neither tables nor code of your own.

    Tables hold data that a cache must not keep, and code may change.
    """

    def __init__(self, cache: Path) -> None:
        self._folder = cache / "published"

    def publish(self, file: Path, name: str, root: Path, options: PublishOptions) -> str | None:
        """Publish a file as before, and return the report; None if it is not cached."""
        try:
            path = self._folder / _key(_digest(file), file, name, options)
            kept = msgspec.msgpack.decode(path.read_bytes(), type=Kept)
            os.utime(path)
        except (OSError, msgspec.DecodeError):  # it is published as if for the first time
            return None
        try:
            make_folder(root, name)
            with file.open("rb") as opened:
                add_folder(root, [name, VERSION], {kept.saved_as: opened.fileno(), **kept.files})
            replace_file(root, [name, CARD], kept.card)
        except (FileRefused, OSError) as error:
            raise PublishingRefused(f"The version cannot be written: {error}") from error
        return kept.report

    def keep(
        self, published: "Published", file: Path, root: Path, options: PublishOptions, report: str
    ) -> None:
        """Cache what was inferred from a file, unless it was converted to another one."""
        name, digest = published.manifest.name, _digest(file)
        given = [each.file for each in published.manifest.artifacts if each.sha256 == digest]
        try:
            files = {
                each: read_file(root, [name, VERSION, each], MOST_BYTES)
                for each in names_in(root, [name, VERSION])
                if each not in given
            }
            card = read_file(root, [name, CARD], MOST_BYTES)
            if given and sum(map(len, files.values())) <= MOST_BYTES:
                kept = Kept(report, card, given[0], files)
                self._write(_key(digest, file, name, options), msgspec.msgpack.encode(kept))
        except (FileRefused, OSError):  # it is inspected again next time
            return

    def _write(self, key: str, data: bytes) -> None:
        make_private_folder(self._folder)
        draft = self._folder / f".{secrets.token_hex(8)}"
        with write_private(draft) as opened:
            opened.write(data)
        draft.rename(self._folder / key)
        written = sorted(self._folder.iterdir(), key=lambda path: path.stat().st_mtime)
        for path in written[:-MOST_KEPT]:
            path.unlink(missing_ok=True)


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _key(digest: str, file: Path, name: str, options: PublishOptions) -> str:
    given = [digest, name, file.suffix, msgspec.json.encode(options).decode(), fingerprint()]
    return hashlib.sha256("\n".join(given).encode()).hexdigest()

"""New files: one appears under its name when it is whole, and never before."""

import contextlib
import io
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from servery.tables.packing import OneWay, packing_named


class Called(io.FileIO):
    """A file whose errors say what it will be called: several may be open at once."""

    def __init__(self, descriptor: int, path: Path) -> None:
        super().__init__(descriptor, "wb")
        self._path = path

    def write(self, data: Any) -> int:  # noqa: ANN401 - bytes of any kind
        """Write bytes."""
        try:
            return super().write(data)
        except OSError as error:
            error.filename = self._path
            raise


@contextlib.contextmanager
def appearing(path: Path) -> Iterator[BinaryIO]:
    """Open a new file that takes its place at the end; after an error, nothing is there.

    A name with the ending of a packing is packed, always to the same bytes. A link stays one, and
    so does a device or a named pipe: what goes there cannot wait.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as file, _packed(path, file) as packed:
            yield packed
        return
    real = path.resolve()
    descriptor, name = tempfile.mkstemp(prefix=f".{real.name[:200]}.", dir=real.parent)
    try:
        with io.BufferedWriter(Called(descriptor, path)) as whole, _packed(path, whole) as packed:
            yield packed
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
        Path(name).replace(real)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def _packed(path: Path, file: BinaryIO) -> Iterator[BinaryIO]:
    packing = packing_named(path.name)
    if packing is None:
        yield file
        return
    with contextlib.closing(OneWay(packing.packed(file))) as packed:
        yield cast("BinaryIO", packed)

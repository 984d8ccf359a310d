"""A model file that somebody names: opened, known by its first bytes, and never read as a whole.

A path in, an open descriptor out. Its bytes are read by the caged process that opens the file, and
by the writer that copies it.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from servery.artifact.formats import HEAD_BYTES, TAIL_BYTES, format_of, is_packed
from servery.errors import ArtifactRejected
from servery.publishing.plans import MAGIC


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model file that is open.

    Attributes
    ----------
    head
        Its first bytes.
    """

    name: str
    descriptor: int
    head: bytes
    size_bytes: int

    @property
    def is_plan(self) -> bool:
        """Whether it holds a plan, and no estimator."""
        return self.head.startswith(MAGIC)

    def read(self) -> bytes:
        """Return its bytes."""
        return os.pread(self.descriptor, self.size_bytes, 0)


@contextmanager
def opened_model_file(path: Path, most_bytes: int) -> Iterator[ModelFile]:
    """Open a model file, and close it.

    Parameters
    ----------
    most_bytes
        The memory that opening it may take, which its own bytes need as well.

    Raises
    ------
    ArtifactRejected
        It is not there, is too large, or its first bytes are those of another kind of file.
    """
    try:
        # Without O_NONBLOCK, opening a pipe would wait for its writer.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise ArtifactRejected(f"{path.name} cannot be read: {error.strerror}.") from error
    try:
        yield _known(path.name, descriptor, most_bytes)
    finally:
        os.close(descriptor)


def _known(name: str, descriptor: int, most_bytes: int) -> ModelFile:
    facts = os.fstat(descriptor)
    if not stat.S_ISREG(facts.st_mode):
        raise ArtifactRejected(f"{name} is not a file; expected a model file.")
    size = facts.st_size
    head = os.pread(descriptor, HEAD_BYTES, 0)
    file = ModelFile(name, descriptor, head, size)
    if not is_packed(head) and not file.is_plan:
        format_of(head, name, os.pread(descriptor, TAIL_BYTES, max(0, size - TAIL_BYTES)))
    if size > most_bytes:
        raise ArtifactRejected(
            f"{name} is too large to open: expected at most {most_bytes:,} bytes, found {size:,}. "
            "SERVERY_OPEN_MEMORY_BYTES raises the limit."
        )
    return file

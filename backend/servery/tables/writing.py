"""Writing a result: what renders rows in a format, and what writes them to a file."""

import contextlib
from collections.abc import Iterator
from typing import IO

from servery.tables.registry import FORMATS
from servery.tables.results import Renderer, Sink


@contextlib.contextmanager
def sink_of(kind: str, renderer: Renderer, file: IO[bytes]) -> Iterator[Sink]:
    """Open what writes to a file what a renderer makes; it is closed, or dropped after an error."""
    sink = FORMATS[kind].sink(file, renderer)
    try:
        yield sink
        sink.close()
    except BaseException:
        sink.drop()
        raise

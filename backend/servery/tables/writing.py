"""Writing a result: what renders rows in a format, and what writes them to a file."""

import contextlib
from collections.abc import Iterator
from typing import IO

from servery.tables.registry import FORMATS
from servery.tables.results import Renderer, Sink


@contextlib.contextmanager
def sink_of(kind: str, renderer: Renderer, file: IO[bytes]) -> Iterator[Sink]:
    """Open what writes to a file what a renderer makes; it is closed, or dropped after an error."""
    with closed_or_dropped(FORMATS[kind].sink(file, renderer)) as sink:
        yield sink


@contextlib.contextmanager
def closed_or_dropped(sink: Sink) -> Iterator[Sink]:
    """Close a sink at the end; after an error, drop it."""
    try:
        yield sink
        sink.close()
    except BaseException:
        sink.drop()
        raise

"""Results as JSON lines; the members of a line that was read as one go out as they were."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from servery.batch.reading import Format
from servery.batch.reading.tables import RawColumn
from servery.batch.scoring import Scored
from servery.batch.writing.cells import json_bytes, plain_text
from servery.batch.writing.shape import Shape, remark_columns


@dataclass
class JsonLinesRenderer:
    """Rows as JSON lines; each begins with a line end."""

    shape: Shape
    format: Format = "jsonl"

    def head(self) -> bytes:
        """Return nothing."""
        return b""

    def render(self, scored: Scored) -> bytes:
        """Return rows as bytes of UTF-8."""
        names = [msgspec.json.encode(name).decode() for name in self.shape.answers]
        members = [
            [f"{name}:{text}" for text in _json(column)]
            for name, column in zip(names, (*scored.answers, *remark_columns(scored)), strict=True)
        ]
        told = [",".join(row) for row in zip(*members, strict=True)]
        return "".join(map("\n{}{}}}".format, self._opened(scored), told)).encode()

    def _opened(self, scored: Scored) -> Iterator[str]:
        """Return each row's own members, and a comma."""
        if self.shape.layout.format == "jsonl":
            for text in scored.block.rows:
                start = text[:-1].rstrip()
                yield start if start.endswith("{") else f"{start},"
            return
        header = self.shape.layout.header
        for cells in zip(*self.shape.typed(scored), strict=True):
            own = json_bytes(dict(zip(header, map(_sendable, cells), strict=True)))
            yield own.decode()[:-1] + ("," if header else "")


def _json(column: RawColumn) -> list[str]:
    if column.codes is None:
        return [
            "null" if value != value else msgspec.json.encode(value).decode()
            for value in np.asarray(column.values).tolist()
        ]
    texts = [msgspec.json.encode(value).decode() for value in column.values]
    return [texts[code] for code in column.codes.tolist()]


def _sendable(value: Any) -> Any:  # noqa: ANN401 - a cell
    if isinstance(value, bytes) or value in (np.inf, -np.inf):
        return plain_text(value)
    return None if value != value else value

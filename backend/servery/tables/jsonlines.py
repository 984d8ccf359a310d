"""JSON lines: one JSON object on each line; values keep their JSON types.

In a result, the members of a line that was read as one are written as they were.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from servery.errors import (
    TableEmpty,
    TableRagged,
    TableTooLarge,
    TableUnreadable,
    quoted,
    twice_named,
)
from servery.tables.blocks import SAMPLE_ROWS, CellTraits, Chunk, ColumnBlock, RawColumn, Table
from servery.tables.cells import json_bytes, plain_text
from servery.tables.delimited.cutting import end_of_rows
from servery.tables.formats import TableFormat
from servery.tables.json_documents import as_lines
from servery.tables.reading import Reading
from servery.tables.results import Rendered, ResultRows, ResultSchema, TextSink
from servery.tables.streams import Stream

TRAITS = CellTraits(may_be_spelled=False)


@dataclass(frozen=True)
class JsonLinesLayout:
    """Makes columns of lines of JSON; a member that a line does not have is missing there."""

    header: tuple[str, ...]
    name: str
    format: str = "jsonl"
    delimiter: str | None = None
    traits: CellTraits = TRAITS

    def block(self, chunk: Chunk) -> ColumnBlock:
        """Return the objects of a chunk as columns."""
        lines, objects, texts = _objects(self.name, chunk)
        known = frozenset(self.header)
        for line, each in zip(lines, objects, strict=True):
            if not known.issuperset(each):
                name = next(name for name in each if name not in known)
                raise TableRagged(
                    f"Line {line} of {self.name} has a member {quoted(name)}, which none of the "
                    f"first {SAMPLE_ROWS:,} lines has. Give it to the first line too, as null."
                )
        columns = [RawColumn([each.get(name) for each in objects]) for name in self.header]
        return ColumnBlock(np.array(lines, dtype=np.int64), columns, texts)


class JsonLinesTable:
    """A file of JSON lines that is read from its start to its end."""

    sheet: str | None = None
    notes: Sequence[str] = ()
    arrow_types: Sequence[Any] | None = None

    def __init__(self, stream: Stream, reading: Reading) -> None:
        self._stream = stream
        self._limits = reading.limits
        self._ahead = stream.read(1 << 20)
        while b"\n" not in self._ahead and (data := stream.read(1 << 20)):
            self._ahead += data
            self._refuse_endless(self._ahead, 1)
        whole = self._ahead[: self._ahead.rfind(b"\n") + 1] or self._ahead
        first = b"".join(whole.splitlines(keepends=True)[:SAMPLE_ROWS])
        self._sample = Chunk(0, 1, first, 0)
        _, objects, _ = _objects(stream.name, self._sample)
        names = dict.fromkeys(name for each in objects for name in each)
        if not names:
            raise TableEmpty(f"{stream.name} is empty; expected one JSON object on each line.")
        self.layout = JsonLinesLayout(tuple(names), stream.name)

    @property
    def total(self) -> int | None:
        """Bytes of the file."""
        return self._stream.total

    @property
    def encoding(self) -> str:
        """Of the text."""
        return self._stream.encoding

    def sample(self) -> ColumnBlock:
        """Return the first rows."""
        return self.layout.block(self._sample)

    def chunks(self) -> Iterator[Chunk]:
        """Cut the file into lines."""
        number, line = 0, 1
        ahead, size, ended = self._ahead, self._limits.chunk_bytes, False
        while ahead or not ended:
            while not ended and len(ahead) < size:
                data = self._stream.read(size - len(ahead))
                ended = not data
                ahead += data
            part = end_of_rows(ahead, self._limits.chunk_rows)
            end = part if ended or part < len(ahead) else ahead.rfind(b"\n") + 1
            if not end and not ended:
                self._refuse_endless(ahead, line)
                size += self._limits.chunk_bytes
                continue
            payload, ahead = ahead[:end], ahead[end:]
            size = self._limits.chunk_bytes
            if payload:
                yield Chunk(number, line, payload, self._stream.done)
            number += 1
            line += payload.count(b"\n")

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def _refuse_endless(self, data: bytes, line: int) -> None:
        if len(data) - data.rfind(b"\n") > self._limits.row_bytes:
            raise TableTooLarge(
                f"Line {line} of {self._stream.name} is longer than "
                f"{self._limits.row_bytes:,} bytes."
            )


def _objects(
    name: str, chunk: Chunk
) -> tuple[list[int], Sequence[Mapping[str, Any]], Sequence[str]]:
    """Return the objects of a chunk with their lines and texts; blank lines are none."""
    lines, objects, texts = [], [], []
    for number, written in enumerate(chunk.payload.split(b"\n"), chunk.first_line):
        if not written.strip():
            continue
        try:
            found = DECODER.decode(written)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise TableUnreadable(
                f"Line {number} of {name} is not JSON: {error}. Expected one object on each line."
            ) from error
        if not isinstance(found, dict):
            raise TableUnreadable(
                f"Line {number} of {name} is not a JSON object; expected "
                '{"name": value, …} on each line.'
            )
        if written.count(b":") != len(found):  # else each colon has its name
            _refuse_twice(written, f"Line {number} of {name}")
        lines.append(number)
        objects.append(found)
        texts.append(written.decode().strip())
    return lines, objects, texts


def _refuse_twice(written: bytes, line: str) -> None:
    """Refuse a duplicate name in an object, since it is unclear which value counts."""

    def checked(members: list[tuple[str, object]]) -> None:
        twice = twice_named(name for name, _ in members)
        if twice is not None:
            raise TableUnreadable(f"{line} has {quoted(twice)} twice in one object; remove one.")

    json.loads(written, object_pairs_hook=checked, parse_int=str, parse_float=str)


DECODER = msgspec.json.Decoder()


class JsonLinesRenderer:
    """Rows as JSON lines; each begins with a line end."""

    head = b""

    def __init__(self, schema: ResultSchema, decimal: str = ".") -> None:
        del decimal  # JSON has its own
        self._schema = schema

    def render(self, rows: ResultRows) -> Rendered:
        """Return rows as bytes of UTF-8."""
        names = [msgspec.json.encode(name).decode() for name in self._schema.added]
        members = [
            [f"{name}:{text}" for text in _json(column)]
            for name, column in zip(names, rows.added, strict=True)
        ]
        added = [",".join(row) for row in zip(*members, strict=True)]
        return Rendered("".join(map("\n{}{}}}".format, self._opened(rows), added)).encode())

    def _opened(self, rows: ResultRows) -> Iterator[str]:
        """Return each row's own members, and a comma."""
        layout = self._schema.layout
        if not layout.header:
            yield from ["{"] * len(rows.block)
            return
        if layout.format == "jsonl" and rows.block.rows is not None:
            for text in rows.block.rows:
                start = text[:-1].rstrip()
                yield start if start.endswith("{") else f"{start},"
            return
        for cells in zip(*rows.typed(self._schema), strict=True):
            own = json_bytes(dict(zip(layout.header, map(_sendable, cells), strict=True)))
            yield own.decode()[:-1] + ","


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


def _open(stream: Stream, reading: Reading, known: Sequence[str]) -> Table:
    del known  # its members have their names
    stream.decode_as(reading.encoding)
    return JsonLinesTable(as_lines(stream, reading.limits), reading)


JSON_LINES = TableFormat(
    name="jsonl",
    title="JSON lines",
    noun="a file of JSON lines",
    endings=(".jsonl", ".ndjson"),
    read_endings=(".json",),
    media_types=(
        *("application/x-ndjson", "application/ndjson", "application/jsonl"),
        "application/json",
    ),
    open=_open,
    renderer=JsonLinesRenderer,
    sink=TextSink,
    options=frozenset(["encoding", "dates", "century", "missing"]),
    is_text=True,
)

"""JSON lines: one JSON object on each line; values keep their JSON types.

In a result, the members of a line that was read as one are written as they were.
"""

import contextlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, NamedTuple, cast

import msgspec
import numpy as np

from servery.errors import (
    TableEmpty,
    TableTooLarge,
    TableUnreadable,
    quoted,
    shortened,
    twice_named,
)
from servery.tables.blocks import (
    BROKEN,
    SAMPLE_ROWS,
    CellTraits,
    Chunk,
    ColumnBlock,
    RawColumn,
    Table,
    TableFault,
)
from servery.tables.cells import FaultyCell, json_bytes, plain_text
from servery.tables.delimited.cutting import end_of_rows
from servery.tables.formats import TableFormat
from servery.tables.json_documents import as_lines
from servery.tables.reading import Limits, Reading
from servery.tables.results import Rendered, ResultRows, ResultSchema, TextSink
from servery.tables.streams import Stream

TRAITS = CellTraits(may_be_spelled=False)
ROWS_EXPECTED = (
    'Write one object on each line, an array of objects, or {"instances": […]}; with pandas, '
    "to_json(orient='records', lines=True)."
)


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
        lines = _lines(chunk)
        objects = [line.members for line in lines]
        columns = [RawColumn([each.get(name) for each in objects]) for name in self.header]
        return ColumnBlock(
            np.array([line.number for line in lines], dtype=np.int64),
            columns,
            [line.text for line in lines],
            faults={
                row: TableFault(BROKEN, line.trouble)
                for row, line in enumerate(lines)
                if line.trouble
            },
        )


class JsonLinesTable:
    """A file of JSON lines that is read from its start to its end."""

    sheet: str | None = None
    notes: Sequence[str] = ()
    arrow_types: Sequence[Any] | None = None

    def __init__(
        self,
        stream: Stream,
        reading: Reading,
        names: Collection[str],
        kept: BinaryIO | None = None,
    ) -> None:
        self._stream = stream
        self._kept = kept
        self._limits = reading.limits
        self._ahead = b""
        while data := stream.read(1 << 20):
            self._ahead += data
            self._refuse_long(self._ahead, 1)
            if b"\n" in self._ahead and len(self._ahead) >= 1 << 20:
                break
        whole = self._ahead
        if data:  # the last line may continue
            whole = self._ahead[: self._ahead.rfind(b"\n") + 1]
        first = b"".join(whole.splitlines(keepends=True)[:SAMPLE_ROWS])
        self._sample = Chunk(0, 1, first, 0)
        if not names:
            self._refuse_strange()
        self._refuse_other_document()
        self.layout = JsonLinesLayout(tuple(names), stream.name)

    def _refuse_strange(self) -> None:
        """Refuse a file without an object that has a member."""
        name = self._stream.name
        broken = next((line for line in _lines(self._sample) if line.trouble), None)
        if broken is None:
            raise TableEmpty(f"{name} is empty; expected one JSON object on each line.")
        raise TableUnreadable(
            f"{name} does not have one JSON object on each line. Line {broken.number}: "
            f"{broken.trouble} {ROWS_EXPECTED}"
        )

    def _refuse_other_document(self) -> None:
        """Refuse one object of lists or of objects, as pandas and web services write tables."""
        if b"\n" in self._sample.payload.strip():
            return
        members = _lines(self._sample)[0].members.values()
        if members and all(isinstance(each, (dict, list)) for each in members):
            raise TableUnreadable(
                f"{self._stream.name} has lists or objects where the values of a row are expected. "
                + ROWS_EXPECTED
            )

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
            self._refuse_long(ahead, line)
            part = end_of_rows(ahead, self._limits.chunk_rows)
            end = part if ended or part < len(ahead) else ahead.rfind(b"\n") + 1
            if not end and not ended:
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
        if self._kept is not None:
            self._kept.close()

    def _refuse_long(self, data: bytes, first: int) -> None:
        """Refuse a line that is longer than any is taken, also one that continues."""
        most = self._limits.row_bytes
        for line, text in enumerate(data.split(b"\n"), first) if len(data) > most else ():
            if len(text) >= most:  # with the end of the line
                raise TableTooLarge(
                    f"The row in line {line} of {self._stream.name} is longer than {most:,} bytes."
                )


class Line(NamedTuple):
    """A line of a file: its object, and what is wrong with it.

    Attributes
    ----------
    text
        The object as it is written; where the line is none, as it can be read.
    """

    number: int
    members: Mapping[str, Any]
    text: str
    trouble: str | None = None


def _lines(chunk: Chunk) -> list[Line]:
    """Return the lines of a chunk that are not blank."""
    return [
        _line(number, written)
        for number, written in enumerate(chunk.payload.split(b"\n"), chunk.first_line)
        if written.strip()
    ]


def _line(number: int, written: bytes) -> Line:
    try:
        found = DECODER.decode(written)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return _broken(number, written, error)
    if not isinstance(found, dict):
        shown = quoted(written.decode().strip())
        return Line(number, {}, "{}", f"Expected one JSON object, found {shown}.")
    text = written.decode().strip()
    if written.count(b":") == len(found):  # each colon has its name
        return Line(number, found, text)
    twice = _name_twice(written)
    if twice is None:
        return Line(number, found, text)
    trouble = f"Expected each name once, found {quoted(twice)} twice in one object."
    return Line(number, found, json_bytes(found).decode(), trouble)


def _broken(number: int, written: bytes, error: Exception) -> Line:
    """Return a line that is not JSON; one with NaN is read as if that were null."""
    shown = quoted(written.decode("utf-8", "backslashreplace").strip())
    strange: list[str] = []
    try:
        found = json.loads(written, parse_constant=strange.append)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not strange:
        reason = shortened(str(error))
        return Line(number, {}, "{}", f"Expected one JSON object, found {shown}: {reason}.")
    trouble = f"Expected JSON, which has no {strange[0]}; write null."
    try:
        text = json_bytes(found).decode()
    except UnicodeEncodeError:  # a half of a surrogate pair, which no file can have
        return Line(number, {}, "{}", trouble)
    return Line(number, found, text, trouble)


def _name_twice(written: bytes) -> str | None:
    """Return a name that an object has twice, since it is unclear which value counts."""
    found: list[str] = []

    def checked(members: list[tuple[str, object]]) -> None:
        twice = twice_named(name for name, _ in members)
        if twice is not None:
            found.append(twice)

    json.loads(written, object_pairs_hook=checked, parse_int=str, parse_float=str)
    return next(iter(found), None)


def _member_names(stream: Stream, limits: Limits) -> dict[str, None]:
    """Return the names of the members of all lines: any line may be the first to have one.

    Raises
    ------
    TableTooLarge
        They are too many.
    """
    names: dict[str, None] = {}
    rest = b""
    while data := stream.read(limits.chunk_bytes):
        *whole, rest = (rest + data).split(b"\n")
        _add_names(whole, names, stream.name)
        if len(rest) > limits.row_bytes:  # reading it will show
            return names
    _add_names([rest], names, stream.name)
    return names


def _add_names(lines: Sequence[bytes], names: dict[str, None], table: str) -> None:
    for line in lines:
        try:
            members = MEMBERS.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            members = dict(_line(0, line).members) if line.strip() else {}
        if not members.keys() <= names.keys():
            names.update(dict.fromkeys(members))
            if len(names) > MOST_MEMBERS:
                raise TableTooLarge(
                    f"The lines of {table} have more than {MOST_MEMBERS:,} different names."
                )


def _kept_rows(rows: Sequence[str], names: Sequence[str]) -> list[str]:
    """Return objects with some of their members; each is written as it was, or null."""
    encoded = [(name, msgspec.json.encode(name)) for name in names]
    kept = []
    for text in rows:
        members = MEMBERS.decode(text)
        own = [name + b":" + bytes(members.get(each, b"null")) for each, name in encoded]
        kept.append(b"{%b}" % b",".join(own))
    return [each.decode() for each in kept]


def _extended_rows(
    rows: Sequence[str],
    cells: Mapping[str, Any],
    delimiter: str | None,
) -> list[str]:
    """Return objects with further members."""
    del delimiter  # JSON has its own
    members = json_bytes(cells).decode()[1:]
    starts = (text[:-1].rstrip() for text in rows)
    return [f"{start}{'' if start.endswith('{') else ','}{members}" for start in starts]


#: Names of members in one file; each is a column.
MOST_MEMBERS = 10_000
#: Only the names are of interest.
MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])
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
    return column.converted(
        lambda cell: "null" if cell != cell else msgspec.json.encode(cell).decode()
    )


def _sendable(value: Any) -> Any:  # noqa: ANN401 - a cell
    if isinstance(value, FaultyCell):
        return value.text or None
    if isinstance(value, bytes) or value in (np.inf, -np.inf):
        return plain_text(value)
    return None if value != value else value


def _open(stream: Stream, reading: Reading, known: Sequence[str]) -> Table:
    del known  # its members have their names
    stream.decode_as(reading.encoding)
    lines = as_lines(stream, reading.limits)
    first = stream.again() if lines is stream else None
    if first is not None:
        with contextlib.closing(first):
            first.decode(stream.encoding)
            return JsonLinesTable(lines, reading, _member_names(first, reading.limits))
    with lines.rewindable() as file:  # what cannot be opened again is kept, to be read twice
        kept = cast("BinaryIO", file)
        names = _member_names(Stream(kept, reading.limits, stream.name), reading.limits)
        kept.seek(0)
        return JsonLinesTable(Stream(kept, reading.limits, stream.name), reading, names, kept)


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
    kept_rows=_kept_rows,
    extended_rows=_extended_rows,
    is_text=True,
    broken=(
        "are not JSON objects",
        f"Check that it is the right file. {ROWS_EXPECTED}",
    ),
)

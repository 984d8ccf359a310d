"""What a table is here: its columns, chunks of its rows, and blocks of cells made of them.

A chunk is what is read: it is small to send to another process. A block holds the same rows as
columns; making it is work, which is done where the chunk is scored.
"""

import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

#: Rows at the start of a table that are looked at before it is read.
SAMPLE_ROWS = 1_000
#: What spreadsheets have above a table, and what to do with it.
TITLED = " If a title stands above the names of the columns, remove it."
#: The code of a row that cannot be read; see `ColumnBlock.faults`.
BROKEN = "broken-row"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some whole rows of a table, as they are read.

    Attributes
    ----------
    number
        From 0; chunks are numbered in the order of the table.
    first_line
        Of the file, as people count: the header of a text file is line 1.
    payload
        What the layout of the table takes.
    done
        How much of the table is read after it, in the unit of `Table.total`.
    """

    number: int
    first_line: int
    payload: Any
    done: int


class WrittenTexts(Sequence[str]):
    """Texts as bytes of UTF-8, one after the other, that become ``str`` when they are asked for.

    Most results pass most columns through as they were written, and need none of them.
    """

    def __init__(self, written: bytes, ends: NDArray[np.int32]) -> None:
        self._written, self._ends = written, ends

    def __len__(self) -> int:
        """How many there are."""
        return len(self._ends) - 1

    def __getitem__(self, place: Any) -> Any:  # noqa: ANN401 - a number or a slice
        """Return one of them, or a list of some."""
        return self._texts[place]

    def __iter__(self) -> Iterator[str]:
        """Return them in order."""
        return iter(self._texts)

    @cached_property
    def _texts(self) -> list[str]:
        # As long as the bytes, and the same where they are ASCII.
        plain = self._written.decode("latin-1")
        texts = [plain[start:end] for start, end in pairwise(self._ends.tolist())]
        if self._written.isascii():
            return texts
        return [text if text.isascii() else text.encode("latin-1").decode() for text in texts]

    def that_begin(self, letters: Collection[str]) -> list[int]:
        """Return the places of all texts that begin with one of the letters; maybe others too."""
        some = np.flatnonzero(np.diff(self._ends))
        if not len(some):
            return []
        begins = np.zeros(256, dtype=bool)
        begins[[letter.encode()[0] for letter in letters]] = True
        firsts = np.frombuffer(self._written, dtype=np.uint8)[self._ends[some]]
        return list(some[begins[firsts]].tolist())


@dataclass(frozen=True, slots=True)
class RawColumn:
    """The cells of one column.

    Attributes
    ----------
    values
        The distinct cells, or all of them: texts, other values, None; or an array of numbers.
    codes
        For each row, which of ``values`` it has; None where each row has its own.
    """

    values: "Sequence[Any] | NDArray[Any]"
    codes: NDArray[np.intp] | None = None

    @property
    def numbers(self) -> NDArray[Any] | None:
        """The number of each row, where ``values`` is an array of numbers."""
        if not isinstance(self.values, np.ndarray):
            return None
        return self.values if self.codes is None else self.values[self.codes]

    def cells(self) -> list[Any]:
        """Return the cell of each row."""
        values = self.values.tolist() if isinstance(self.values, np.ndarray) else self.values
        if self.codes is None:
            return list(values)
        return [values[code] for code in self.codes.tolist()]

    def converted(self, convert: Callable[[Any], Any]) -> list[Any]:
        """Return what a function makes of the cell of each row; it is asked once for each value."""
        made = list(map(convert, RawColumn(self.values).cells()))
        return made if self.codes is None else [made[code] for code in self.codes.tolist()]


class TableFault(NamedTuple):
    """Why a row as a whole does not fit its table."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class ColumnBlock:
    """The rows of a chunk as columns, in the order of the table.

    Attributes
    ----------
    lines
        The line of the file that each row begins on.
    rows
        Each row as it is written in the file, without its line end: texts, or an Arrow array of
        them that begin with a line end. None where the file has no text.
    source
        The record batch that the columns are of, where they are of one.
    faults
        Why a row as a whole does not fit, by its place in the block.
    """

    lines: NDArray[np.int64]
    columns: Sequence[RawColumn]
    rows: Any = None
    source: Any = None
    faults: Mapping[int, TableFault] = field(default_factory=dict)

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.lines)

    def first(self, most_rows: int) -> "ColumnBlock":
        """Return the first rows alone."""
        columns = [
            RawColumn(column.values[:most_rows])
            if column.codes is None
            else RawColumn(column.values, column.codes[:most_rows])
            for column in self.columns
        ]
        rows = None if self.rows is None else self.rows[:most_rows]
        source = None if self.source is None else self.source.slice(0, most_rows)
        faults = {row: fault for row, fault in self.faults.items() if row < most_rows}
        return ColumnBlock(self.lines[:most_rows], columns, rows, source, faults)


@dataclass(frozen=True, slots=True)
class CellTraits:
    """What the cells of a table are, which decides how they are parsed.

    Attributes
    ----------
    are_texts
        All of them are texts, and an empty one is a missing value.
    may_be_spelled
        A text may stand for a number, a day or true and false.
    may_be_escaped
        A text that a spreadsheet would run has an apostrophe before it.
    are_retyped
        Whatever looks like a number is one, even in a column of texts.
    """

    are_texts: bool = False
    may_be_spelled: bool = True
    may_be_escaped: bool = False
    are_retyped: bool = False


#: Of cells with types of their own.
TYPED = CellTraits()


class Layout(Protocol):
    """What turns chunks into blocks; small, and the same in every process."""

    @property
    def format(self) -> str:
        """The name of the format of the file."""
        ...

    @property
    def traits(self) -> CellTraits:
        """What its cells are."""
        ...

    @property
    def header(self) -> Sequence[str]:
        """Names of the columns."""
        ...

    @property
    def delimiter(self) -> str | None:
        """What stands between two cells of a CSV or TSV file."""
        ...

    def block(self, chunk: Chunk) -> ColumnBlock:
        """Return the rows of a chunk as columns."""
        ...


@dataclass(frozen=True, slots=True)
class LayoutOfOther:
    """The layout of a table of the same file as ``whole``, with other columns."""

    whole: Layout

    @property
    def format(self) -> str:
        """The name of the format of the file."""
        return self.whole.format

    @property
    def traits(self) -> CellTraits:
        """What its cells are."""
        return self.whole.traits

    @property
    def delimiter(self) -> str | None:
        """What stands between two cells of a CSV or TSV file."""
        return self.whole.delimiter


class Table(Protocol):
    """A file that is read chunk by chunk; what a format does not have is None."""

    @property
    def layout(self) -> Layout:
        """What turns its chunks into blocks."""
        ...

    @property
    def total(self) -> int | None:
        """How much there is to read, where that is known."""
        ...

    @property
    def encoding(self) -> str | None:
        """Of a text file, as Python names it."""
        ...

    @property
    def sheet(self) -> str | None:
        """The sheet of a workbook, or the table of a database, that is read."""
        ...

    @property
    def arrow_types(self) -> Sequence[Any] | None:
        """Types of the columns of a Parquet file."""
        ...

    @property
    def notes(self) -> Sequence[str]:
        """Sentences on what is read or left out, which people would not expect."""
        ...

    def sample(self) -> ColumnBlock:
        """Return the first rows; reading has not begun then."""
        ...

    def chunks(self) -> Iterator[Chunk]:
        """Read the rows, once."""
        ...

    def close(self) -> None:
        """Close what was opened for it."""
        ...


def unique_name(name: str, *taken: Collection[str]) -> str:
    """Return a name for an added column that is not among those which are ``taken``."""
    while any(name in each for each in taken):
        name = f"servery_{name}"
    return name


def dictionary_encoded(cells: Sequence[Any]) -> RawColumn:
    """Return texts, and None, as their distinct values and codes."""
    places = {value: place for place, value in enumerate(dict.fromkeys(cells))}
    codes = np.fromiter(map(places.__getitem__, cells), dtype=np.intp, count=len(cells))
    return RawColumn(list(places), codes)


def fold(name: str) -> str:
    """Return a name without case, spaces and punctuation: its letters and digits alone.

    Letters with marks are one letter, also where a file has them as two.
    """
    return "".join(filter(str.isalnum, unicodedata.normalize("NFC", name).casefold()))


def distinct_names(header: Sequence[str], known: Collection[str] | None = None) -> tuple[str, ...]:
    """Return a name of its own for each column of a header.

    A repeated name has a number from its second column on; a ``known`` one, of an input, from the
    first: the column is not guessed. Any may be of an input where none are given.
    Columns without a name have that of their place, but for a single one.
    """
    names = [cell.strip() for cell in header]
    times, folded = Counter(names), set(map(fold, names if known is None else known))
    if max(times.values(), default=0) < 2:
        return tuple(names)
    taken, seen, found = set(names), Counter[str](), []
    for place, name in enumerate(names):
        seen[name] += 1
        own = name
        if times[name] > 1 and (not name or seen[name] > 1 or fold(name) in folded):
            own = unique_name(f"{name}_{seen[name]}" if name else f"column_{place + 1}", taken)
            taken.add(own)
        found.append(own)
    return tuple(found)

"""Rows of a result as a database stores them, kept until the types of all columns are known."""

import pickle
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from servery.inputs import LARGEST_EXACT
from servery.tables.blocks import RawColumn, unique_name
from servery.tables.cells import plain_text
from servery.tables.results import PYTHON, Rendered, ResultRows, ResultSchema

Kind: TypeAlias = Literal[
    "boolean", "integer", "number", "decimal", "day", "moment", "zoned", "bytes", "text"
]
KINDS: dict[type, Kind] = {
    bool: "boolean",
    int: "integer",
    float: "number",
    Decimal: "decimal",
    date: "day",
    datetime: "moment",
    bytes: "bytes",
}
#: Kinds of cells that one column holds exactly, and the kind of that column.
TOGETHER: dict[frozenset[str], Kind] = {
    frozenset(["integer", "number"]): "number",
    frozenset(["integer", "decimal"]): "decimal",
}
#: Replaces a zero byte, which PostgreSQL allows in no text.
NO_ZERO = {0: "\ufffd"}


class RowsRenderer:
    """Rows as lists of cells, one for each column."""

    head = b""

    def __init__(self, schema: ResultSchema, decimal: str = ".") -> None:
        del decimal  # numbers are stored as numbers, without a mark
        self._schema = schema

    @property
    def header(self) -> list[str]:
        """Names of all columns."""
        return self._schema.header

    def render(self, rows: ResultRows) -> Rendered:
        """Return the cells of each column; in a column of numbers, anything else is missing."""
        own = []
        are_texts = self._schema.layout.traits.are_texts
        for place, cells in enumerate(rows.typed(self._schema)):
            kind = self._schema.storage.get(place)
            if kind is not None:
                own.append([_number(cell, PYTHON[kind]) for cell in cells])
            else:
                own.append(stored_cells(rows.block.columns[place], is_blank_missing=are_texts))
        return Rendered([*own, *map(stored_cells, rows.added)])


def _number(cell: Any, kind: type) -> Any:  # noqa: ANN401 - a cell
    return cell if type(cell) is kind and cell == cell else None


def stored_cells(column: RawColumn, *, is_blank_missing: bool = False) -> list[Any]:
    """Return the cell of each row as it is stored; each distinct one is converted once."""
    return column.converted(
        lambda cell: None if is_blank_missing and cell == "" else _storable(cell)
    )


def _storable(cell: Any) -> Any:  # noqa: ANN401 - a cell
    if cell is None or cell != cell:
        return None
    return cell if type(cell) in KINDS else plain_text(cell).translate(NO_ZERO)


class RowSpool:
    """Rows in a file, and the kinds of cells that each column has."""

    def __init__(self, columns: int) -> None:
        self._file = tempfile.TemporaryFile(prefix="servery-")  # noqa: SIM115 - closed below
        self._kinds: list[set[str]] = [set() for _ in range(columns)]

    def add(self, columns: Sequence[Sequence[Any]]) -> None:
        """Keep rows."""
        for kinds, cells in zip(self._kinds, columns, strict=True):
            kinds |= _kinds_of(cells)
        pickle.dump(columns, self._file, protocol=pickle.HIGHEST_PROTOCOL)

    def column_kinds(self) -> list[Kind]:
        """Return the kind of each column: text, if its cells have no kind in common."""
        return [_common(kinds) for kinds in self._kinds]

    def blocks(self) -> Iterator[Sequence[Sequence[Any]]]:
        """Return the rows in the portions in which they were added, each as columns."""
        size = self._file.tell()
        self._file.seek(0)
        while self._file.tell() < size:
            yield pickle.load(self._file)  # noqa: S301 - our own, and nobody else writes there

    def close(self) -> None:
        """Remove the file."""
        self._file.close()


def _kinds_of(cells: Sequence[Any]) -> set[str]:
    present = [cell for cell in cells if cell is not None]
    types = set(map(type, present))
    kinds: set[str] = {KINDS.get(each, "text") for each in types}
    if int in types:
        numbers = [cell for cell in present if type(cell) is int]
        low, high = min(numbers), max(numbers)
        if not -(2**63) <= low <= high < 2**63:
            kinds.add("text")
        elif not -LARGEST_EXACT <= low <= high <= LARGEST_EXACT:
            kinds.add("large")
    if datetime in types:
        are_zoned = {cell.tzinfo is not None for cell in present if type(cell) is datetime}
        kinds.discard("moment")
        kinds |= {"zoned" if is_zoned else "moment" for is_zoned in are_zoned}
    return kinds


def _common(kinds: set[str]) -> Kind:
    if "number" not in kinds:  # beside others, a large number would lose digits
        kinds = kinds - {"large"}
    single = next((kind for kind in KINDS.values() if kinds == {kind}), None)
    if kinds == {"zoned"}:
        single = "zoned"
    return single or TOGETHER.get(frozenset(kinds), "text")


def distinct_columns(header: Sequence[str]) -> list[str]:
    """Return names that are distinct even without case, as a database requires."""
    taken: set[str] = set()
    names: list[str] = []
    for number, name in enumerate(header, 1):
        bare = name.translate(NO_ZERO).strip() or f"column_{number}"
        own, folded = bare, bare.casefold()
        if folded in taken:
            own = unique_name(f"{bare}_{number}", [*header, *names])
        taken.add(own.casefold())
        names.append(own)
    return names
